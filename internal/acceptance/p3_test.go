package acceptance_test

import (
	"net/http"
	"slices"
	"testing"
)

// atCounter starts a paper case at the window.
func (w *town) atCounter(items ...string) string {
	w.t.Helper()
	return w.ask("clerk", "POST", "/v1/cases", map[string]any{"project": projectCode, "stage": "S1", "items": items, "answers": w.answersOf(),
		"channel": "physical", "window": "3", "device": "scanner-3", "paper_reason": "original_check", "applicant": "applicant"}).
		want(http.StatusOK).text("id")
}

func TestP3_1_PaperNeedsAReason(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	w.ask("clerk", "POST", "/v1/cases", map[string]any{"project": projectCode, "stage": "S1", "channel": "physical"}).
		want(http.StatusUnprocessableEntity).says("paper_reason", "原则上不受理纸质材料")
}

func TestP3_2_PaperOnlyThroughTheWindow(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	paper := map[string]any{"project": projectCode, "stage": "S1", "channel": "physical", "paper_reason": "elderly"}
	w.ask("planner", "POST", "/v1/cases", paper).want(http.StatusForbidden)
	w.ask("applicant", "POST", "/v1/cases", paper).want(http.StatusForbidden)
}

func TestG10_PhysicalIntakeNamesHallWindowClerkAndDevice(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id := w.atCounter(landUse)
	w.ask("clerk", "GET", "/v1/cases/"+id, nil).want(http.StatusOK).equal("hall", "changsha").equal("window", "3").equal("device", "scanner-3").
		equal("assisted_by", "clerk").equal("channel", "physical")
	w.ask("clerk", "POST", "/v1/cases", map[string]any{"project": projectCode, "stage": "S1", "channel": "physical", "hall": "zhuzhou",
		"paper_reason": "elderly"}).want(http.StatusForbidden)
}

func TestP3_4_MissingEntriesAreListed(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id := w.atCounter(landUse)
	w.ask("clerk", "GET", "/v1/cases/"+id+"/checklist", nil).want(http.StatusOK).equal("complete", "false").says("营业执照", `"missing":[`)
	w.fillIn("clerk", id)
	w.ask("clerk", "GET", "/v1/cases/"+id+"/checklist", nil).want(http.StatusOK).equal("complete", "true").says(`"missing":[]`)
}

func TestP3_5_ReceivedOnTheSpotWhenCompleteOrConfirmed(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id := w.atCounter(landUse)
	receive := map[string]any{"outcome": "receive"}
	w.ask("clerk", "POST", "/v1/cases/"+id+"/submit", receive).want(http.StatusUnprocessableEntity).says("缺少该材料，且业务单位未确认")
	w.ask("reform", "POST", "/v1/cases/"+id+"/confirmations", map[string]any{"item": landUse}).want(http.StatusNotFound)
	w.ask("planner", "POST", "/v1/cases/"+id+"/confirmations", map[string]any{"item": landUse}).want(http.StatusNoContent)
	a := w.ask("clerk", "POST", "/v1/cases/"+id+"/submit", receive).want(http.StatusOK)
	a.equal("case_items.0.state", "accepted").equal("case_items.0.accepted_by", "window")
	if got := a.moment("case_items.0.accepted_at"); got != "2026-11-23 10:00" {
		t.Errorf("accepted at %s, want the same moment", got)
	}
	w.item("planner", itemsOf(a)[landUse]).equal("state", "accepted") // P3.13: it is with the unit
}

func TestP3_8_IneligibleCommitmentIsSaidAtOnceAndKept(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id := w.atCounter(landUse)
	w.ask("clerk", "POST", "/v1/cases/"+id+"/promises", map[string]any{"material": "land-source", "kind": "commitment"}).
		want(http.StatusUnprocessableEntity).says("不适用告知承诺制")
	w.ask("admin", "GET", "/v1/audit?object="+id, nil).want(http.StatusOK).says("case.promise.refused", "land-source")
}

func TestP3_7_CommittedMaterialNeedsASignatureAndHasADeadline(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id := w.atCounter(landUse)
	promise := map[string]any{"material": "business-licence", "kind": "commitment"}
	w.ask("clerk", "POST", "/v1/cases/"+id+"/promises", promise).want(http.StatusOK)
	w.ask("clerk", "GET", "/v1/cases/"+id+"/checklist", nil).says("告知承诺尚未签署")
	w.fillExcept("clerk", id, "business-licence")
	w.ask("clerk", "POST", "/v1/cases/"+id+"/submit", map[string]any{"outcome": "receive"}).want(http.StatusUnprocessableEntity)
	promise["signature"] = w.upload("clerk", "signed-commitment.pdf", map[string]string{"project": projectCode})
	f := w.ask("clerk", "POST", "/v1/cases/"+id+"/promises", promise).want(http.StatusOK)
	if got := f.moment("deadline"); got != "2026-12-14 17:30" {
		t.Errorf("the promise is due %s, want 15 working days later", got)
	}
	w.ask("clerk", "POST", "/v1/cases/"+id+"/submit", map[string]any{"outcome": "receive"}).want(http.StatusOK)
}

// fillExcept fills in all entries but one.
func (w *town) fillExcept(as, caseID string, except ...string) {
	w.t.Helper()
	list := w.ask(as, "GET", "/v1/cases/"+caseID+"/checklist", nil).want(http.StatusOK)
	for _, e := range list.at("entries").([]any) {
		entry := e.(map[string]any)
		code := entry["material"].(string)
		if slices.Contains(except, code) || entry["needed"] != "true" {
			continue
		}
		doc := w.upload(as, code+".pdf", map[string]string{"project": projectCode})
		w.ask(as, "POST", "/v1/cases/"+caseID+"/files", map[string]any{"document_id": doc, "material": code}).want(http.StatusOK)
	}
}

func TestP3_9_CorrectionOnTheSpotListsEveryGap(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id := w.atCounter(landUse)
	a := w.ask("clerk", "POST", "/v1/cases/"+id+"/submit", map[string]any{"outcome": "correct"}).want(http.StatusOK)
	a.equal("case_items.0.state", "correction_open").says("unified-form", "business-licence", `"reason":"missing"`)
	item := itemsOf(a)[landUse]
	w.fillExcept("clerk", id, "")
	w.act("clerk", item, "resubmit", nil).want(http.StatusOK).equal("state", "accepted").equal("accepted_by", "window")
}

// TestP3_10_FirstCorrectionHasFiveWorkingDays: after them an application counts as
// complete from its receipt (行政许可法 art. 32; ambiguity A4), unless a supervisor
// gives a reason.
func TestP3_10_FirstCorrectionHasFiveWorkingDays(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	_, items := w.apply("S1", landUse, filing)
	gap := map[string]any{"gaps": []map[string]any{{"material": "unified-form", "reason": "unsigned"}}}
	w.set("2026-11-30 17:00") // the fifth working day, also after deemed acceptance
	w.sweep()
	w.act("planner", items[landUse], "correct", gap).want(http.StatusOK).equal("state", "correction_open")
	w.set("2026-12-01 09:00")
	gap = map[string]any{"gaps": []map[string]any{{"material": "filing-info-form", "reason": "unsigned"}}}
	w.act("reform", items[filing], "correct", gap).want(http.StatusConflict).says("5 个工作日")
	gap["override"] = "申请表系他人冒签"
	w.act("reform", items[filing], "correct", gap).want(http.StatusConflict)
	w.act("supervisor", items[filing], "correct", gap).want(http.StatusOK).equal("state", "correction_open")
}

func TestP3_10_SecondCorrectionNeedsASupervisorsReason(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	caseID, items := w.apply("S1", landUse)
	id := items[landUse]
	gap := func(material string) map[string]any {
		return map[string]any{"gaps": []map[string]any{{"material": material, "reason": "unsigned"}}}
	}
	w.act("planner", id, "correct", gap("unified-form")).want(http.StatusOK)
	doc := w.upload("applicant", "again.pdf", map[string]string{"project": projectCode})
	w.ask("applicant", "POST", "/v1/cases/"+caseID+"/files", map[string]any{"document_id": doc, "material": "unified-form"}).want(http.StatusOK)
	w.act("applicant", id, "resubmit", nil).want(http.StatusOK)
	// What was there before may not be found wanting now.
	w.act("planner", id, "correct", gap("business-licence")).want(http.StatusConflict).says("补正内容应一次告知", "营业执照")
	order := gap("business-licence")
	w.act("supervisor", id, "correct", order).want(http.StatusConflict)
	order["override"] = "上级督办，确需补充"
	w.act("supervisor", id, "correct", order).want(http.StatusOK).equal("state", "correction_open").says("上级督办，确需补充")
	w.ask("admin", "GET", "/v1/audit?object="+id, nil).says("上级督办，确需补充")
}

func TestP3_10_NewPapersMayBeCorrectedAgain(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	caseID, items := w.apply("S1", landUse)
	id := items[landUse]
	gaps := map[string]any{"gaps": []map[string]any{{"material": "unified-form", "reason": "illegible"}}}
	w.act("planner", id, "correct", gaps).want(http.StatusOK)
	doc := w.upload("applicant", "again.pdf", map[string]string{"project": projectCode})
	w.ask("applicant", "POST", "/v1/cases/"+caseID+"/files", map[string]any{"document_id": doc, "material": "unified-form"}).want(http.StatusOK)
	w.act("applicant", id, "resubmit", nil).want(http.StatusOK)
	w.act("planner", id, "correct", gaps).want(http.StatusOK)
}

func TestP3_11_RefusalNeedsAReason(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id := w.atCounter(landUse)
	w.ask("clerk", "POST", "/v1/cases/"+id+"/submit", map[string]any{"outcome": "refuse"}).want(http.StatusUnprocessableEntity).says("reason")
	a := w.ask("clerk", "POST", "/v1/cases/"+id+"/submit", map[string]any{"outcome": "refuse", "reason": "项目未取得用地指标"}).want(http.StatusOK)
	a.equal("case_items.0.state", "refused").says("项目未取得用地指标")
}
