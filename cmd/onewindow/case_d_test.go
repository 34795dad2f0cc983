package main

import (
	"strings"
	"testing"
	"time"

	"onewindow/internal/sample"
)

// TestCaseD_InquiryOfSevenUnitsThenTheApplication plays case D on a real service:
// seven units are asked, one answers late and one is doubted; the application then
// begins with what was answered and told, and its scans are filed by recognition.
func TestCaseD_InquiryOfSevenUnitsThenTheApplication(t *testing.T) {
	s, set := startTraveller(t, "2026-11-23 10:00")
	project := sample.NewProject(1)
	p := &played{service: s, project: project, code: "HN-S1-01", applicant: s.person("wang", "applicant")}
	p.applicant.does("POST", "/v1/projects", map[string]any{"code": project.Code, "name": project.Name, "type": "SOC", "division": "430100",
		"builder": project.Builder.Name, "contact": "王某"})
	inquiry := p.applicant.does("POST", "/v1/inquiries", map[string]any{"project": project.Code, "stage": "S1", "answers": allNo()})["id"].(string)
	lead := s.person("sun", "lead", "--unit", "natural_resources")
	units := lead.does("GET", "/v1/inquiries/"+inquiry, nil)["inquiry"].(map[string]any)["units"].([]any)
	if len(units) != 7 {
		t.Fatalf("%d units were asked: %v", len(units), units)
	}
	people := map[string]person{}
	reply := func(unit string, body map[string]any) string {
		id := first(people[unit].does("GET", "/v1/inquiry-replies?open=true", nil)["replies"])["id"].(string)
		people[unit].does("POST", "/v1/inquiry-replies/"+id+"/answer", body)
		return id
	}
	no := map[string]any{"concerned": false}
	filing := map[string]any{"concerned": true, "needs": []map[string]any{{"item": "HN-S1-01", "unit": "reform", "materials": []string{"filing-info-form", "business-licence", "commitment-letter"}}}}
	for _, u := range units {
		unit := u.(string)
		people[unit] = s.person("of-"+unit, "reviewer", "--unit", unit)
		if unit != "ecology" { // that one is late
			reply(unit, no)
		}
	}
	doubted := ""
	for _, r := range lead.does("GET", "/v1/inquiries/"+inquiry, nil)["replies"].([]any) {
		if row := r.(map[string]any); row["unit"] == "reform" {
			doubted = row["id"].(string)
		}
	}
	lead.does("POST", "/v1/inquiry-replies/"+doubted+"/doubt", map[string]any{"question": "企业投资项目不需要备案吗？"})

	set("2026-11-25 17:31")
	s.kill()
	s.start() // looks at what is due at once
	s.until(30*time.Second, "urged", func() bool {
		return strings.Contains(s.text(lead, "/v1/coordination?open=true"), "ecology")
	})
	if status := lead.statusOf("POST", "/v1/inquiries/"+inquiry+"/publish", `{}`); status != 422 {
		t.Errorf("published without the late reply: %d", status)
	}
	set("2026-11-26 09:30")
	reply("reform", filing)
	reply("ecology", no)
	lead.does("POST", "/v1/inquiries/"+inquiry+"/publish", map[string]any{})

	kase := p.applicant.does("POST", "/v1/cases", map[string]any{"project": project.Code, "stage": "S1"})
	p.id, p.number = kase["id"].(string), kase["number"].(string)
	if items := kase["items"].([]any); len(items) != 1 || items[0] != p.code {
		t.Errorf("the application begins with %v", items)
	}
	for _, kind := range []string{"filing-info-form", "rd-business-licence", "commitment-letter"} {
		p.hands(kind+".pdf", scanOf(t, sample.Make(kind, project, 1), sample.ScanOptions{}))
	}
	p.unit = people["reform"]
	p.submits(2 * time.Minute)
	d := sample.Make("rd-filing-cert", project, 1)
	doc, _ := p.scans("备案证明.pdf", scanOf(t, d, sample.ScanOptions{}))
	p.publishes(doc, p.corrections(doc, d))
	p.clerk = s.person("li", "clerk", "--hall", "changsha")
	p.delivers("湖南省企业投资项目备案证明", project.Code, 1)
}

// text is an answer as it was sent.
func (s *service) text(as person, path string) string {
	s.t.Helper()
	own := *s
	own.token = as.token
	return string(own.bytesOf(path))
}
