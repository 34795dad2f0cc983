package main

import (
	"net/http"
	"testing"
	"time"

	"onewindow/approval/catalogue"
	"onewindow/internal/sample"
)

// played is a case of one item that a test plays through the real pipeline: who
// takes part in it, and how far it is.
type played struct {
	*service
	applicant, unit, clerk person
	project                sample.Project
	code                   string // of the item
	id, number             string // of the case
	item                   string // ID of the case's item, "" until it is submitted
}

// played registers a project and starts an application of one item for it.
func (s *service) played(project sample.Project, kind, unit, code string, answers map[string]string) *played {
	s.t.Helper()
	p := &played{service: s, project: project, code: code, applicant: s.person("wang", "applicant"),
		unit: s.person("zhao", "reviewer", "--unit", unit), clerk: s.person("li", "clerk", "--hall", "changsha")}
	p.applicant.does("POST", "/v1/projects", map[string]any{"code": project.Code, "name": project.Name, "type": kind, "division": "430100",
		"builder": project.Builder.Name, "contact": "王某"})
	body := map[string]any{"project": project.Code, "stage": "S1", "items": []string{code}}
	if answers != nil {
		body["answers"] = answers
	}
	kase := p.applicant.does("POST", "/v1/cases", body)
	p.id, p.number = kase["id"].(string), kase["number"].(string)
	return p
}

// hands sends a material that recognition has to file, and returns its document.
func (p *played) hands(name string, body []byte) string {
	p.t.Helper()
	return p.applicant.sends(name, body, map[string]string{"project": p.project.Code, "case": p.number, "item": p.code})
}

// filed is which document stands at each entry of the checklist.
func (p *played) filed() (entries map[string]string, complete bool) {
	p.t.Helper()
	list := p.applicant.does("GET", "/v1/cases/"+p.id+"/checklist", nil)
	entries = map[string]string{}
	for _, e := range list["entries"].([]any) {
		entry := e.(map[string]any)
		entries[entry["material"].(string)] = first0(entry["filings"])
	}
	return entries, list["complete"] == true
}

// submits waits until the checklist is complete, submits, and has the unit accept.
func (p *played) submits(limit time.Duration) {
	p.t.Helper()
	p.until(limit, "filed to the checklist", func() bool {
		_, complete := p.filed()
		return complete
	})
	p.item = first(p.applicant.does("POST", "/v1/cases/"+p.id+"/submit", map[string]any{})["case_items"])["id"].(string)
	p.unit.does("POST", "/v1/case-items/"+p.item+"/accept", map[string]any{})
}

// scans sends the unit's scanned result and waits until it rests.
func (p *played) scans(name string, body []byte) (string, scanView) {
	p.t.Helper()
	doc := p.unit.sends(name, body, map[string]string{"project": p.project.Code, "case": p.number, "item": p.code, "as": "result"})
	p.rest(doc)
	return doc, p.view(doc)
}

// publishes confirms a document as the unit, with corrections, unless it passed by
// itself, and returns the result's ID.
func (p *played) publishes(doc string, corrections map[string]string) string {
	p.t.Helper()
	if p.document(doc).State == "needs_review" {
		p.unit.does("POST", "/v1/documents/"+doc+"/confirm", map[string]any{"fields": corrections})
	}
	p.until(60*time.Second, "published", func() bool { return p.document(doc).State == "done" })
	made := p.document(doc).Publication
	if made == nil {
		p.t.Fatalf("nothing was published of %s", doc)
	}
	return made.ResultID
}

// delivers completes the item and hands its paper out to who comes with the code.
func (p *played) delivers(name, number string, pages int) {
	p.t.Helper()
	done := p.unit.does("POST", "/v1/case-items/"+p.item+"/complete", map[string]any{})
	if done["state"] != "completed_approved" || len(done["results"].([]any)) != 1 || done["mode"] != "scanned" {
		p.t.Fatalf("completed as %v", done)
	}
	p.collected(name, number, pages)
}

// collected hands the paper of a completed item over and out.
func (p *played) collected(name, number string, pages int) {
	p.t.Helper()
	choice := p.applicant.does("POST", "/v1/case-items/"+p.item+"/issuance", map[string]any{"mode": "pickup"})
	handover := p.unit.does("POST", "/v1/handovers", map[string]any{"hall": "changsha",
		"lines": []map[string]any{{"case_item": p.item, "name": name, "number": number, "copies": 1, "pages": pages}}})
	p.clerk.does("POST", "/v1/handovers/"+handover["id"].(string)+"/receive", nil)
	path := "/v1/issuances/" + choice["id"].(string)
	p.clerk.does("POST", path+"/collect", map[string]any{
		"code": choice["issuance"].(map[string]any)["pickup_code"], "name": "王某", "id_number": "430000199912310003", "signature": "手写签名"})
	if after := p.unit.does("GET", path, nil); after["state"] != "collected" {
		p.t.Errorf("the unit sees %v", after)
	}
}

// scanView is what was read of a document, and what reviewers are told of it.
type scanView struct {
	State    string
	Fields   map[string]fieldView
	Findings []struct{ Code, Field, Message string }
}

type fieldView struct {
	Value, Raw, Error, Source string
	Valid, Repaired           bool
	ConfirmedBy               string `json:"confirmed_by"`
}

func (s *service) view(id string) scanView {
	s.t.Helper()
	var v scanView
	s.ask("GET", "/v1/documents/"+id, "", &v)
	return v
}

// told is the message of a finding about a field, "" when there is none.
func (v scanView) told(code, field string) string {
	for _, f := range v.Findings {
		if f.Code == code && f.Field == field {
			return f.Message
		}
	}
	return ""
}

// resultFields are the confirmed data of a published result.
func (s *service) resultFields(id string) map[string]fieldView {
	s.t.Helper()
	var r struct{ Fields map[string]fieldView }
	if resp := s.ask("GET", "/v1/results/"+id, "", &r); resp.StatusCode != http.StatusOK {
		s.t.Fatalf("result %s: %s", id, resp.Status)
	}
	return r.Fields
}

// scanOf scans a document of the sample.
func scanOf(t *testing.T, d sample.Document, o sample.ScanOptions) []byte {
	t.Helper()
	b, err := studio(t).Scan(d, o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// allNo answers every question of the form with no.
func allNo() map[string]string {
	answers := map[string]string{}
	for _, f := range catalogue.Default().Flags {
		switch {
		case f.Code == "project_type":
		case f.Enum != nil:
			answers[f.Code] = f.Enum[0]
		default:
			answers[f.Code] = "false"
		}
	}
	return answers
}
