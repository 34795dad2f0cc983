package main

import (
	"strings"
	"testing"
	"time"

	"onewindow/internal/sample"
)

// TestCaseH_RevokedAfterTwoReliedOnIt plays case H with the real pipeline: a scanned
// land use permit is the basis of two items of two units, and then revoked. Both
// units are told, its code says so, and nobody new is offered it.
func TestCaseH_RevokedAfterTwoReliedOnIt(t *testing.T) {
	s := startService(t)
	project := sample.NewProject(1)
	applicant := s.person("wang", "applicant")
	applicant.does("POST", "/v1/projects", map[string]any{"code": project.Code, "name": project.Name, "type": "SOC", "division": "430100",
		"builder": project.Builder.Name, "contact": "王某"})
	planner, shelter := s.person("zhao", "reviewer", "--unit", "natural_resources"), s.person("qin", "reviewer", "--unit", "civil_defense")
	grant := func(st step, unit person) (*played, string) {
		p := &played{service: s, project: project, code: st.item, applicant: applicant, unit: unit}
		p.begins(st)
		p.suppliesAll()
		p.submits(4 * time.Minute)
		if st.result == "" {
			return p, ""
		}
		d := sample.Make(st.result, project, 1)
		doc, _ := p.scans(st.result+".pdf", scanOf(t, d, sample.ScanOptions{}))
		return p, p.publishes(doc, p.corrections(doc, d))
	}
	permit, result := grant(life[1], planner)
	planner.does("POST", "/v1/case-items/"+permit.item+"/complete", map[string]any{})
	scheme, _ := grant(step{"S2", "HN-S2-01", "natural_resources", "", nil}, planner)
	grant(step{"S2", "HN-S2-04", "civil_defense", "", nil}, shelter)
	relying := func() map[string]string {
		out := map[string]string{}
		for _, x := range planner.does("GET", "/v1/results/"+result+"/reliances", nil)["reliances"].([]any) {
			row := x.(map[string]any)
			flag, _ := row["flag"].(string)
			out[row["item"].(string)] = flag
		}
		return out
	}
	if by := relying(); len(by) != 2 || by["HN-S2-01"] != "" || by["HN-S2-04"] != "" {
		t.Fatalf("the permit is relied on by %v", by)
	}
	var published struct {
		Number string
		Code   string `json:"verification_code"`
	}
	s.ask("GET", "/v1/results/"+result, "", &published)
	if said := s.text(applicant, "/v1/verifications/"+published.Code); !strings.Contains(said, `"valid"`) {
		t.Errorf("before, the code says %s", said)
	}

	planner.does("POST", "/v1/case-items/"+permit.item+"/revoke", map[string]any{"reasons": []string{"以欺骗手段取得许可"}})
	if by := relying(); by["HN-S2-01"] != "revoked" || by["HN-S2-04"] != "revoked" {
		t.Errorf("after the revocation %v", by)
	}
	if said := s.text(applicant, "/v1/verifications/"+published.Code); !strings.Contains(said, "不能作为依据") {
		t.Errorf("the code says %s", said)
	}
	if list := s.text(planner, "/v1/cases/"+scheme.id+"/checklist"); !strings.Contains(list, "所依据的成果已失效") {
		t.Errorf("the relying unit's checklist says %s", list)
	}
	again := &played{service: s, project: project, code: "HN-S2-01", applicant: applicant, unit: planner}
	again.begins(step{"S2", "HN-S2-01", "natural_resources", "", nil})
	if list := s.text(applicant, "/v1/cases/"+again.id+"/checklist"); strings.Contains(list, published.Number) {
		t.Error("a new application is offered the revoked permit")
	}
}
