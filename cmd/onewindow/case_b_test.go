package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"onewindow/internal/sample"
)

// TestCaseB_GovernmentProjectOnPaper plays case B with the real pipeline: papers
// scanned at the window go to their entries by themselves, a missing one is asked
// for on the spot, another is promised, the scanned result is sent by EMS, and what
// was promised is owed until its scan comes.
func TestCaseB_GovernmentProjectOnPaper(t *testing.T) {
	s := startService(t)
	project := sample.NewProject(1)
	p := &played{service: s, project: project, code: "HN-S1-08", applicant: s.person("wang", "applicant"),
		unit: s.person("zhao", "reviewer", "--unit", "natural_resources"), clerk: s.person("li", "clerk", "--hall", "changsha")}
	p.applicant.does("POST", "/v1/projects", map[string]any{"code": project.Code, "name": project.Name, "type": "GOV_B", "division": "430100",
		"builder": project.Builder.Name, "contact": "王某"})
	kase := p.clerk.does("POST", "/v1/cases", map[string]any{"project": project.Code, "stage": "S1", "items": []string{p.code}, "channel": "physical",
		"window": "3", "paper_reason": "original_check", "applicant": "wang", "answers": map[string]string{"has_agent": "false"}})
	p.id, p.number = kase["id"].(string), kase["number"].(string)

	promise := p.clerk.sends("承诺书签字.pdf", scanOf(t, sample.Make("commitment-letter", project, 2), sample.ScanOptions{}), map[string]string{"project": project.Code})
	p.rest(promise)
	p.clerk.does("POST", "/v1/cases/"+p.id+"/promises", map[string]any{"material": "business-licence", "kind": "commitment", "signature": promise})
	for _, kind := range []string{"unified-form", "rd-filing-cert", "rd-land-contract"} {
		p.scansAtWindow(kind)
	}
	p.until(2*time.Minute, "filed but for one", func() bool { return strings.Join(p.missing(), ",") == "boundary-survey" })
	if status := p.clerk.statusOf("POST", "/v1/cases/"+p.id+"/submit", `{"outcome":"receive"}`); status != http.StatusUnprocessableEntity {
		t.Errorf("an incomplete set is received: %d", status)
	}
	p.item = first(p.clerk.does("POST", "/v1/cases/"+p.id+"/submit", map[string]any{"outcome": "correct"})["case_items"])["id"].(string)
	asked := p.printed("correction_notice")
	if !strings.Contains(asked, "勘测定界") || strings.Contains(asked, "营业执照") {
		t.Errorf("the correction asks for %s", asked)
	}

	p.scansAtWindow("boundary-survey")
	p.until(2*time.Minute, "complete", func() bool { return len(p.missing()) == 0 })
	p.clerk.does("POST", "/v1/case-items/"+p.item+"/resubmit", map[string]any{})
	if said := p.printed("acceptance_notice"); !strings.Contains(said, "受理通知书") || !strings.Contains(said, "营业执照，承诺于") {
		t.Errorf("the acceptance says %s", said)
	}

	d := sample.Make("rd-land-use-permit", project, 1)
	doc, _ := p.scans("用地规划许可证.pdf", scanOf(t, d, sample.ScanOptions{}))
	result := p.publishes(doc, p.corrections(doc, d))
	done := p.unit.does("POST", "/v1/case-items/"+p.item+"/complete-tolerated", map[string]any{})
	if done["state"] != "completed_tolerated" {
		t.Fatalf("completed as %v", done["state"])
	}
	p.mailed(d.Truth.Fields["doc_no"])
	if again := p.bytesOf("/v1/results/" + result + "/file"); len(again) == 0 {
		t.Error("the marked result cannot be fetched")
	}

	owed := func() string {
		return first(p.unit.does("GET", "/v1/promises?project="+project.Code, nil)["promises"])["state"].(string)
	}
	if state := owed(); state != "promised" {
		t.Errorf("the licence is %s after the delivery", state)
	}
	p.scansAtWindow("rd-business-licence")
	p.until(2*time.Minute, "kept", func() bool { return owed() == "kept" })
}

// scansAtWindow lets a scan arrive for the case at the counter.
func (p *played) scansAtWindow(kind string) {
	p.t.Helper()
	p.clerk.sends(kind+".pdf", scanOf(p.t, sample.Make(kind, p.project, 1), sample.ScanOptions{}), map[string]string{"project": p.project.Code, "case": p.number})
}

// missing are the entries that are needed and empty.
func (p *played) missing() []string {
	p.t.Helper()
	var out []string
	for _, e := range p.unitOrClerk().does("GET", "/v1/cases/"+p.id+"/checklist", nil)["entries"].([]any) {
		if entry := e.(map[string]any); entry["needed"] == "true" && entry["satisfied"] != true {
			out = append(out, entry["material"].(string))
		}
	}
	return out
}

func (p *played) unitOrClerk() person {
	if p.clerk.service != nil {
		return p.clerk
	}
	return p.unit
}

// printed is the text of the case's newest notice of a kind.
func (p *played) printed(kind string) string {
	p.t.Helper()
	var id string
	p.until(30*time.Second, kind+" printed", func() bool {
		n := first(p.unitOrClerk().does("GET", "/v1/notices?case="+p.id+"&kind="+kind, nil)["notices"])
		id, _ = n["id"].(string)
		_, done := n["file"].(string)
		return done
	})
	return p.unitOrClerk().paper(id)
}

// mailed hands the paper over to the window, which sends it by EMS.
func (p *played) mailed(number string) {
	p.t.Helper()
	choice := p.applicant.does("POST", "/v1/case-items/"+p.item+"/issuance", map[string]any{"mode": "mail", "address": "长沙市岳麓区某路1号", "phone": "0731-80000000"})
	path := "/v1/issuances/" + choice["id"].(string)
	handover := p.unit.does("POST", "/v1/handovers", map[string]any{"hall": "changsha",
		"lines": []map[string]any{{"case_item": p.item, "name": "建设用地规划许可证", "number": number, "copies": 1, "pages": 1}}})
	p.clerk.does("POST", "/v1/handovers/"+handover["id"].(string)+"/receive", nil)
	p.clerk.does("POST", path+"/mail", map[string]any{"tracking": "EA123456785CN"})
	p.clerk.does("POST", path+"/arrival", map[string]any{"delivered": true, "receiver": "前台"})
	if after := p.unit.does("GET", path, nil); after["state"] != "delivered" {
		p.t.Errorf("the unit sees %v", after)
	}
	if receipt := p.printed("delivery_receipt"); !strings.Contains(receipt, "EMS邮寄") || !strings.Contains(receipt, "EA123456785CN") {
		p.t.Errorf("the receipt says %s", receipt)
	}
}
