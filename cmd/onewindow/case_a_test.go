package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"onewindow/approval/catalogue"
	"onewindow/internal/sample"
)

// step is one item of case A: who decides it, and what comes out.
type step struct {
	stage, item, unit, result string
	// relies are materials that earlier results of the same life must satisfy.
	relies []string
}

// life is a social-investment project from its filing to the completion record.
var life = []step{
	{"S1", "HN-S1-01", "reform", "rd-filing-cert", nil},
	{"S1", "HN-S1-08", "natural_resources", "rd-land-use-permit", []string{"project-basis"}},
	{"S2", "HN-S2-01", "natural_resources", "rd-scheme-opinion", []string{"land-use-permit"}},
	{"S2", "HN-S2-02", "natural_resources", "rd-engineering-permit", []string{"project-basis", "land-use-permit", "scheme-opinion"}},
	{"S3", "HN-S3-01", "drawing_review", "rd-drawing-review-cert", []string{"engineering-permit"}},
	{"S3", "HN-S3-03", "housing", "rd-construction-permit", []string{"engineering-permit", "drawing-review-cert"}},
	{"S4", "HN-S4-09", "housing", "rd-completion-record", []string{"construction-permit", "drawing-review-cert"}},
}

// TestCaseA_FourStagesEachOnTheResultsOfTheLast plays case A: a social-investment
// project through four stages with the real pipeline. Every scan of the applicant is
// filed by what it is, every scanned result is read, confirmed and marked, and the
// next item takes it as its basis without asking the applicant for it again.
func TestCaseA_FourStagesEachOnTheResultsOfTheLast(t *testing.T) {
	s := startService(t)
	project := sample.NewProject(1)
	applicant := s.person("wang", "applicant")
	applicant.does("POST", "/v1/projects", map[string]any{"code": project.Code, "name": project.Name, "type": "SOC", "division": "430100",
		"builder": project.Builder.Name, "contact": "王某"})
	results := map[string]string{} // by type
	units := map[string]person{}
	var last *played
	for _, st := range life {
		if units[st.unit].service == nil {
			units[st.unit] = s.person("unit-"+st.unit, "reviewer", "--unit", st.unit)
		}
		p := &played{service: s, project: project, code: st.item, applicant: applicant, unit: units[st.unit]}
		p.begins(st)
		p.suppliesAll()
		p.submits(4 * time.Minute)
		for _, material := range st.relies {
			if source := p.sourceOf(material); source != "basis" {
				t.Errorf("%s: %s stands there by %q, want the earlier result", st.item, material, source)
			}
		}
		d := sample.Make(st.result, project, 1)
		doc, _ := p.scans(st.result+".pdf", scanOf(t, d, sample.ScanOptions{}))
		results[st.result] = p.publishes(doc, p.corrections(doc, d))
		done := p.unit.does("POST", "/v1/case-items/"+p.item+"/complete", map[string]any{})
		if done["state"] != "completed_approved" || done["mode"] != "scanned" {
			t.Fatalf("%s is completed as %v", st.item, done)
		}
		last = p
	}

	// Who relied on what can be asked of every result.
	for result, by := range map[string][]string{
		"rd-filing-cert": {"HN-S1-08", "HN-S2-02"}, "rd-land-use-permit": {"HN-S2-01", "HN-S2-02"}, "rd-engineering-permit": {"HN-S3-01", "HN-S3-03"},
		"rd-drawing-review-cert": {"HN-S3-03", "HN-S4-09"}, "rd-construction-permit": {"HN-S4-09"},
	} {
		var got []string
		for _, x := range last.unit.does("GET", "/v1/results/"+results[result]+"/reliances", nil)["reliances"].([]any) {
			got = append(got, x.(map[string]any)["item"].(string))
		}
		slices.Sort(got)
		if fmt.Sprint(got) != fmt.Sprint(by) {
			t.Errorf("%s is relied on by %v, want %v", result, got, by)
		}
	}
	last.clerk = s.person("li", "clerk", "--hall", "changsha")
	last.collected("竣工验收备案表", "见原件", 1)
	if verdict := string(s.run("audit", "verify")); !strings.Contains(verdict, "完整") {
		t.Errorf("the trail says: %s", verdict)
	}
}

// begins starts the application of a step, every question answered with no.
func (p *played) begins(st step) {
	p.t.Helper()
	kase := p.applicant.does("POST", "/v1/cases", map[string]any{"project": p.project.Code, "stage": st.stage, "items": []string{st.item}, "answers": allNo()})
	p.id, p.number = kase["id"].(string), kase["number"].(string)
}

// suppliesAll sends a scan for every entry that is needed and empty. It is sent for
// the case alone: recognition must find its entry.
func (p *played) suppliesAll() {
	p.t.Helper()
	kinds := sample.Kinds()
	for _, e := range p.applicant.does("GET", "/v1/cases/"+p.id+"/checklist", nil)["entries"].([]any) {
		entry := e.(map[string]any)
		if entry["needed"] != "true" || entry["satisfied"] == true {
			continue
		}
		kind := entry["material"].(string)
		if m, _ := catalogue.Default().Material(kind); len(m.AnyOf) > 0 {
			kind = m.AnyOf[0]
		}
		if !slices.Contains(kinds, kind) {
			kind = "rd-" + kind
		}
		if !slices.Contains(kinds, kind) {
			p.t.Fatalf("%s: there is no sample of %v", p.code, entry["material"])
		}
		p.hands(kind+".pdf", scanOf(p.t, sample.Make(kind, p.project, 1), sample.ScanOptions{}))
	}
}

// sourceOf is how an entry of the checklist is satisfied.
func (p *played) sourceOf(material string) string {
	p.t.Helper()
	for _, e := range p.applicant.does("GET", "/v1/cases/"+p.id+"/checklist", nil)["entries"].([]any) {
		entry := e.(map[string]any)
		if entry["material"] != material {
			continue
		}
		source, _ := first(entry["filings"])["source"].(string)
		return source
	}
	return ""
}

// corrections are the required values that a reviewer finds different on the paper.
func (p *played) corrections(doc string, d sample.Document) map[string]string {
	p.t.Helper()
	out := map[string]string{}
	got := p.view(doc).Fields
	t, _ := catalogue.Default().ResultType(d.Type)
	for _, f := range t.Fields {
		if want := d.Truth.Fields[f.Key]; f.Required && want != "" && got[f.Key].Value != want {
			out[f.Key] = want
		}
	}
	if len(out) > 0 {
		p.t.Logf("%s: the reviewer corrects %v", d.Type, out)
	}
	return out
}
