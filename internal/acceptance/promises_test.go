package acceptance_test

import (
	"net/http"
	"testing"

	"onewindow/approval"
	"onewindow/storage"
)

// committed submits an application whose business licence is promised; the clock of
// the promise is of 15 working days.
func (w *town) committed() (caseID, item string) {
	w.t.Helper()
	caseID = w.draft("S1", landUse)
	w.fillExcept("applicant", caseID, "business-licence")
	w.ask("applicant", "POST", "/v1/cases/"+caseID+"/promises", map[string]any{"material": "business-licence", "kind": "commitment", "signature": "王某签"}).want(http.StatusOK)
	items := itemsOf(w.ask("applicant", "POST", "/v1/cases/"+caseID+"/submit", map[string]any{}).want(http.StatusOK))
	w.sweep()
	return caseID, items[landUse]
}

// granted completes a committed item with a supplement still owed.
func (w *town) granted(item string) (result string) {
	w.t.Helper()
	w.act("planner", item, "accept", nil).want(http.StatusOK)
	result = w.ask("planner", "POST", "/v1/case-items/"+item+"/results", map[string]any{"fields": landUseData()}).want(http.StatusCreated).text("id")
	w.act("planner", item, "complete", nil).want(http.StatusUnprocessableEntity).says("营业执照", "容缺办结")
	w.act("planner", item, "complete-tolerated", nil).want(http.StatusOK).equal("state", "completed_tolerated")
	return result
}

func TestP3_7_CommitmentIsRemindedOfAndKept(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	caseID, item := w.committed()
	w.granted(item)
	w.sweep()
	p := w.ask("applicant", "GET", "/v1/promises?open=true", nil).want(http.StatusOK).equal("promises.0.state", "promised").
		equal("promises.0.promise.material_name", "营业执照").equal("promises.0.promise.kind", "commitment").equal("promises.0.promise.clock.limit_workdays", "15").
		equal("promises.0.promise.signed", "王某签")
	if got := p.moment("promises.0.due"); got != "2026-12-14 17:30" {
		t.Errorf("due %s", got)
	}
	w.ask("planner", "GET", "/v1/promises?open=true", nil).want(http.StatusOK).says(item)
	for _, other := range []string{"stranger", "reform", "planner-elsewhere"} {
		w.ask(other, "GET", "/v1/promises", nil).want(http.StatusOK).silent(item)
		w.ask(other, "GET", "/v1/promises/"+p.text("promises.0.id"), nil).want(http.StatusNotFound)
	}
	id := p.text("promises.0.id")
	w.set("2026-12-09 09:00") // three working days before
	w.sweep()
	w.sweep()
	w.ask("applicant", "GET", "/v1/promises/"+id, nil).want(http.StatusOK).equal("state", "promised").says("reminded_at")
	n := 0
	for _, row := range w.ask("admin", "GET", "/v1/audit?object="+id, nil).want(http.StatusOK).at("rows").([]any) {
		if row.(map[string]any)["action"] == "promise.remind" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("reminded %d times, want once", n)
	}
	w.ask("planner", "POST", "/v1/promises/"+id+"/break", map[string]any{"reason": "未补"}).want(http.StatusConflict) // still time
	doc := w.upload("applicant", "licence.pdf", map[string]string{"project": projectCode})
	w.ask("applicant", "POST", "/v1/cases/"+caseID+"/files", map[string]any{"document_id": doc, "material": "business-licence"}).want(http.StatusOK)
	w.sweep()
	w.ask("applicant", "GET", "/v1/promises/"+id, nil).want(http.StatusOK).equal("state", "kept").equal("promise.kept_by", doc).equal("promise.late", "false")
	w.set("2027-01-04 09:00")
	w.sweep()
	w.ask("supervisor", "GET", "/v1/promise-report", nil).want(http.StatusOK).equal("units.0.unit", "natural_resources").equal("units.0.kept", "1").
		equal("units.0.overdue", "0")
}

func TestP3_7_BrokenCommitmentTakesTheApprovalBackAndBarsTheNext(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	_, item := w.committed()
	result := w.granted(item)
	if _, err := w.records.Rely(t.Context(), approval.Reliance{Result: result, Version: 1, Project: projectCode, Item: "HN-S2-02", Material: "land-use-permit", Case: "X", By: "system", At: w.clock()}, "2026-11-24"); err != nil {
		t.Fatal(err)
	}
	w.set("2026-12-14 17:29")
	w.sweep()
	id := w.ask("planner", "GET", "/v1/promises?open=true", nil).want(http.StatusOK).equal("promises.0.state", "promised").text("promises.0.id")
	w.set("2026-12-15 09:00")
	w.sweep()
	w.ask("planner", "GET", "/v1/promises/"+id, nil).want(http.StatusOK).equal("state", "overdue").equal("overdue", "true")
	w.ask("planner", "POST", "/v1/promises/"+id+"/extend", map[string]any{"days": 0}).want(http.StatusUnprocessableEntity).says("days", "reason")
	w.ask("housing", "POST", "/v1/promises/"+id+"/extend", map[string]any{"days": 3, "reason": "x"}).want(http.StatusNotFound)
	x := w.ask("planner", "POST", "/v1/promises/"+id+"/extend", map[string]any{"days": 3, "reason": "营业执照换发中"}).want(http.StatusOK).equal("state", "promised")
	if got := x.moment("due"); got != "2026-12-17 17:30" {
		t.Errorf("extended to %s", got)
	}
	w.ask("planner", "POST", "/v1/promises/"+id+"/extend", map[string]any{"days": 3, "reason": "再延"}).want(http.StatusConflict)
	w.set("2026-12-18 09:00")
	w.sweep()
	w.ask("applicant", "POST", "/v1/promises/"+id+"/break", map[string]any{"reason": "x"}).want(http.StatusForbidden)
	w.ask("planner", "POST", "/v1/promises/"+id+"/break", map[string]any{}).want(http.StatusUnprocessableEntity).says("reason")
	w.ask("planner", "POST", "/v1/promises/"+id+"/break", map[string]any{"reason": "经催告仍未补齐", "revoke": true}).want(http.StatusOK).
		equal("state", "broken").equal("promise.revoked", "true")
	w.item("applicant", item).equal("state", "revoked").says("营业执照逾期未补齐", "经催告仍未补齐")
	w.ask("planner", "GET", "/v1/results/"+result, nil).want(http.StatusOK).equal("status", "revoked")
	w.ask("planner", "GET", "/v1/results/"+result+"/reliances", nil).want(http.StatusOK).equal("reliances.0.flag", "revoked")
	w.ask("supervisor", "GET", "/v1/promise-report", nil).want(http.StatusOK).equal("units.0.broken", "1")

	next := w.draft("S1", landUse) // who broke one makes none
	promise := map[string]any{"material": "business-licence", "kind": "commitment", "signature": "王某签"}
	w.ask("applicant", "POST", "/v1/cases/"+next+"/promises", promise).want(http.StatusUnprocessableEntity).says("未履行的告知承诺", "信用修复")
	w.ask("planner", "POST", "/v1/promises/"+id+"/repair", map[string]any{"reason": "已补交并整改"}).want(http.StatusOK).equal("state", "repaired")
	w.ask("applicant", "POST", "/v1/cases/"+next+"/promises", promise).want(http.StatusOK)
}

func TestP3_7_PromiseLapsesWithItsItem(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	_, item := w.committed()
	w.act("planner", item, "refuse", map[string]any{"reasons": []string{"不符合受理条件"}}).want(http.StatusOK)
	w.sweep()
	w.set("2027-01-04 09:00")
	w.sweep()
	w.ask("applicant", "GET", "/v1/promises", nil).want(http.StatusOK).equal("promises.0.state", "lapsed")
	open, err := w.records.ListEntries(t.Context(), storage.EntryQuery{Register: "promise", Open: true})
	if err != nil || len(open) != 0 {
		t.Errorf("%d promises are open after the refusal (%v)", len(open), err)
	}
}
