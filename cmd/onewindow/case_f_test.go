package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"onewindow/approval/identifier"
	"onewindow/internal/sample"
)

// TestCaseF_MisreadCodesAreRepairedOrSentToReview plays case F from the first
// upload to the last signature: a certificate shows a letter in its project code,
// which only one digit can stand for, and a credit code that no single repair puts
// right. The first is repaired and told of; the second waits until a person types
// what the paper says, and nothing is published, relied on or handed out before.
func TestCaseF_MisreadCodesAreRepairedOrSentToReview(t *testing.T) {
	s := startService(t)
	project := sample.NewProject(1)
	project.Code = "2404-430100-04-01-123453"
	misread := project // as the paper looks to whoever reads it
	misread.Code = "2404-430100-04-01-1234S3"
	misread.Builder.USCC = project.Builder.USCC[:3] + "9" + project.Builder.USCC[4:]
	if fixed, ok := identifier.Repair(identifier.ProjectCode, misread.Code); !ok || fixed != project.Code {
		t.Fatalf("%s is repaired to %q: the test proves nothing", misread.Code, fixed)
	}
	if fixed, ok := identifier.Repair(identifier.USCC, misread.Builder.USCC); ok {
		t.Fatalf("%s is repaired to %s: the test proves nothing", misread.Builder.USCC, fixed)
	}

	p := s.played(project, "SOC", "reform", "HN-S1-01", nil)
	for kind, from := range map[string]sample.Project{"filing-info-form": project, "rd-business-licence": misread, "commitment-letter": project} {
		p.hands(kind+".pdf", scanOf(t, sample.Make(kind, from, 1), sample.ScanOptions{}))
	}
	p.submits(120 * time.Second)
	// What the applicant sent is filed by its type; its wrong code is no basis for anything.
	entries, _ := p.filed()
	if f := s.view(entries["business-licence"]).Fields["uscc"]; f.Valid {
		t.Errorf("the licence's code counts as valid: %+v", f)
	}

	doc, got := p.scans("备案证明.pdf", scanOf(t, sample.Make("rd-filing-cert", misread, 1), sample.ScanOptions{}))
	if got.State != "needs_review" {
		t.Fatalf("the certificate is %s: %+v", got.State, got)
	}
	code := got.Fields["project_code"]
	if code.Value != project.Code || !code.Valid || !code.Repaired || !strings.Contains(code.Raw, "S") {
		t.Errorf("the project code is %+v", code)
	}
	if told := got.told("repaired", "project_code"); !strings.Contains(told, project.Code) || !strings.Contains(told, "更正") {
		t.Errorf("the reviewer is told %q", told)
	}
	credit := got.Fields["builder_uscc"]
	if credit.Valid || credit.Repaired || credit.Error == "" {
		t.Errorf("the credit code is %+v", credit)
	}

	// It is not let through as it is, nor with another wrong code.
	confirm := "/v1/documents/" + doc + "/confirm"
	for _, body := range []string{`{}`, `{"fields":{"builder_uscc":"91430100DEM0TE0000"}}`} {
		if answer := p.unit.refused(confirm, body, http.StatusUnprocessableEntity); !strings.Contains(answer, `"builder_uscc"`) {
			t.Errorf("%s is refused without naming the field: %s", body, answer)
		}
	}
	p.unit.refused("/v1/case-items/"+p.item+"/complete", `{}`, http.StatusUnprocessableEntity)
	if n := len(p.offers()); n != 0 {
		t.Errorf("%d results are offered before anybody confirmed one", n)
	}

	result := p.publishes(doc, map[string]string{"builder_uscc": project.Builder.USCC})
	fields := s.resultFields(result)
	if f := fields["builder_uscc"]; f.Value != project.Builder.USCC || f.Source != "manual" || f.Raw != credit.Raw || f.ConfirmedBy != "zhao" {
		t.Errorf("the corrected code is kept as %+v", f)
	}
	if f := fields["project_code"]; f.Value != project.Code || f.ConfirmedBy != "zhao" {
		t.Errorf("the repaired code is kept as %+v", f)
	}
	p.delivers("湖南省企业投资项目备案证明", project.Code, 1)
	if offers := p.offers(); len(offers) != 1 || offers[0]["project_code"] != project.Code {
		t.Errorf("the next item is offered %v", offers)
	}
}

// offers are the values that results fill in for the land use permit, which relies
// on the filing.
func (p *played) offers() []map[string]string {
	p.t.Helper()
	var basis struct {
		Entries []struct {
			Material string
			Offers   []struct{ Prefill map[string]string }
		}
	}
	p.ask("GET", "/v1/projects/"+p.project.Code+"/basis?item=HN-S1-08", "", &basis)
	var out []map[string]string
	for _, e := range basis.Entries {
		if e.Material != "project-basis" {
			continue
		}
		for _, o := range e.Offers {
			out = append(out, o.Prefill)
		}
	}
	return out
}

// refused sends what must not be done and returns the problem as sent.
func (p person) refused(path, body string, want int) string {
	p.t.Helper()
	own := *p.service
	own.token = p.token
	resp := own.ask("POST", path, body, nil)
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	if resp.StatusCode != want {
		p.t.Errorf("POST %s %s answered %d, want %d: %s", path, body, resp.StatusCode, want, b)
	}
	return string(b)
}
