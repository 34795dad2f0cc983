package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"onewindow/internal/sample"
)

// person asks the service with a token of their own.
type person struct {
	*service
	token string
}

func (s *service) person(account, role string, more ...string) person {
	s.t.Helper()
	args := append([]string{"token", "--account", account, "--role", role, "--division", "430100"}, more...)
	return person{s, strings.TrimSpace(string(s.run(args...)))}
}

// does sends a request as the person and fails the test unless it is done.
func (p person) does(method, path string, body any) map[string]any {
	p.t.Helper()
	text := ""
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			p.t.Fatal(err)
		}
		text = string(b)
	}
	own := *p.service
	own.token = p.token
	var out map[string]any
	resp := own.ask(method, path, text, &out)
	if resp.StatusCode != http.StatusOK {
		p.t.Fatalf("%s %s answered %d: %v", method, path, resp.StatusCode, out)
	}
	return out
}

func (p person) sends(name string, body []byte, fields map[string]string) string {
	p.t.Helper()
	own := *p.service
	own.token = p.token
	return own.post(name, body, fields)
}

func first(list any) map[string]any {
	l, _ := list.([]any)
	if len(l) == 0 {
		return map[string]any{}
	}
	m, _ := l[0].(map[string]any)
	return m
}

// TestG2_OneLifeFromUploadToSignature plays one item from the first upload to the
// last signature on a real service with the real pipeline: materials are filed by
// recognition, the scanned certificate becomes the result, paper is handed over
// and picked up (V2.1, V2.10–V2.14, P4.1–P4.3).
func TestG2_OneLifeFromUploadToSignature(t *testing.T) {
	s := startService(t)
	applicant, reform := s.person("wang", "applicant"), s.person("zhao", "reviewer", "--unit", "reform")
	clerk := s.person("li", "clerk", "--hall", "changsha")
	project := sample.NewProject(1)
	applicant.does("POST", "/v1/projects", map[string]any{"code": project.Code, "name": project.Name, "type": "SOC", "division": "430100",
		"builder": "湖南栾屿置业有限公司", "contact": "王某"})
	kase := applicant.does("POST", "/v1/cases", map[string]any{"project": project.Code, "stage": "S1", "items": []string{"HN-S1-01"}})
	id, number := kase["id"].(string), kase["number"].(string)

	// Files sent for the case go to their entries by what they are.
	for _, kind := range []string{"filing-info-form", "rd-business-licence", "commitment-letter"} {
		body, _ := scan(t, kind, sample.ScanOptions{})
		applicant.sends(kind+".pdf", body, map[string]string{"project": project.Code, "case": number})
	}
	s.until(90*time.Second, "filed to the checklist", func() bool {
		list := applicant.does("GET", "/v1/cases/"+id+"/checklist", nil)
		return list["complete"] == true
	})
	submitted := applicant.does("POST", "/v1/cases/"+id+"/submit", map[string]any{})
	item := first(submitted["case_items"])["id"].(string)

	reform.does("POST", "/v1/case-items/"+item+"/accept", map[string]any{})
	body, truth := scan(t, "rd-filing-cert", sample.ScanOptions{})
	doc := reform.sends("备案证明.pdf", body, map[string]string{"project": project.Code, "case": number, "item": "HN-S1-01", "as": "result"})
	if s.rest(doc).State == "needs_review" {
		reform.does("POST", "/v1/documents/"+doc+"/confirm", map[string]any{})
	}
	s.until(30*time.Second, "published", func() bool { return s.document(doc).State == "done" })
	done := reform.does("POST", "/v1/case-items/"+item+"/complete", map[string]any{})
	if done["state"] != "completed_approved" || len(done["results"].([]any)) != 1 || done["mode"] != "scanned" {
		t.Fatalf("completed as %v", done)
	}

	choice := applicant.does("POST", "/v1/case-items/"+item+"/issuance", map[string]any{"mode": "pickup"})
	handover := reform.does("POST", "/v1/handovers", map[string]any{"hall": "changsha", "lines": []map[string]any{{"case_item": item,
		"name": "湖南省企业投资项目备案证明", "number": truth.Truth.Fields["project_code"], "copies": 1, "pages": 1}}})
	clerk.does("POST", "/v1/handovers/"+handover["id"].(string)+"/receive", nil)
	clerk.does("POST", "/v1/issuances/"+choice["id"].(string)+"/collect", map[string]any{
		"code": choice["issuance"].(map[string]any)["pickup_code"], "name": "王某", "id_number": "430000199912310003", "signature": "手写签名"})
	after := reform.does("GET", "/v1/issuances/"+choice["id"].(string), nil)
	if after["state"] != "collected" {
		t.Errorf("the unit sees %v", after)
	}

	// Every paper of the way was issued, and printed within seconds.
	kinds := map[string]bool{}
	s.until(20*time.Second, "printed", func() bool {
		all := true
		for _, x := range applicant.does("GET", "/v1/notices?case="+id, nil)["notices"].([]any) {
			n := x.(map[string]any)
			kinds[n["kind"].(string)] = true
			_, printed := n["file"].(string)
			all = all && printed
		}
		return all && len(kinds) > 0
	})
	for _, kind := range []string{"material_receipt", "acceptance_notice", "ready_notice", "delivery_receipt"} {
		if !kinds[kind] {
			t.Errorf("no %s was issued: %v", kind, kinds)
		}
	}
	if verdict := string(s.run("audit", "verify")); !strings.Contains(verdict, "完整") {
		t.Errorf("the trail says: %s", verdict)
	}
}
