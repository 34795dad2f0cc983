package acceptance_test

import (
	"net/http"
	"testing"
)

func TestV3_1_EveryStateChangeHasAnAuditRow(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	_, items := w.apply("S1", landUse)
	id := items[landUse]
	w.act("planner", id, "accept", nil).want(http.StatusOK)
	w.act("planner", id, "start", nil).want(http.StatusOK)
	trail := w.ask("admin", "GET", "/v1/audit?object="+id, nil).want(http.StatusOK)
	for i, want := range []string{"case_item.submit", "case_item.accept", "case_item.start"} {
		trail.equal("rows."+string(rune('0'+i))+".action", want)
	}
	trail.says(`"from":"accepted"`, `"to":"in_processing"`, `"exchange":"8"`)
	verdict, err := w.records.VerifyAudit(t.Context())
	if err != nil || !verdict.Intact {
		t.Errorf("the trail does not verify: %+v %v", verdict, err)
	}
}

func TestV3_2_ApplicantAndLeadUnitSeeProgress(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id, items := w.apply("S1", filing, landUse)
	w.act("reform", items[filing], "accept", nil).want(http.StatusOK)
	// G.1: on the very next request, for everybody who looks.
	w.item("applicant", items[filing]).equal("state", "accepted").says(`"left_workdays":`, "发展和改革委员会")
	w.ask("lead", "GET", "/v1/case-items?stage=S1", nil).want(http.StatusOK).says(items[filing], items[landUse])
	w.ask("stranger", "GET", "/v1/case-items", nil).want(http.StatusOK).silent(items[filing])
	k := w.ask("applicant", "GET", "/v1/cases/"+id, nil).want(http.StatusOK)
	w.ask("", "GET", "/v1/progress?number="+k.text("number")+"&code="+k.text("query_code"), nil).want(http.StatusOK).
		says("已受理", "企业投资项目备案").silent("applicant")
	w.ask("", "GET", "/v1/progress?number="+k.text("number")+"&code=AAAAAAAA", nil).want(http.StatusNotFound)
}

func TestG1_StatusChangeIsSeenByAllOnTheNextRequest(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	_, items := w.apply("S1", landUse)
	w.act("planner", items[landUse], "accept", nil).want(http.StatusOK)
	for _, who := range []string{"applicant", "supervisor", "lead", "planner"} {
		w.item(who, items[landUse]).equal("state", "accepted")
	}
}

func TestG4_CaseFiledElsewhereIsRoutedToTheProjectsDivision(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(map[string]any{"division": "430200"})
	_, items := w.apply("S1", landUse)
	w.item("planner-elsewhere", items[landUse]).equal("division", "430200")
	w.ask("planner", "GET", "/v1/case-items/"+items[landUse], nil).want(http.StatusNotFound)
}

func TestG8_ClassifiedProjectIsHandledOffline(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(map[string]any{"classified": true})
	w.ask("applicant", "POST", "/v1/cases", map[string]any{"project": projectCode, "stage": "S1"}).want(http.StatusForbidden).says("线下办理")
}

func TestStaleEditsAndIllegalMovesSayWhatIsPossible(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	_, items := w.apply("S1", landUse)
	id := items[landUse]
	w.act("planner", id, "complete", nil).want(http.StatusConflict).says("当前状态：已接件", "受理", "退回", "补正")
	w.act("planner", id, "accept", map[string]any{"version": 1}).want(http.StatusOK)
	w.act("planner", id, "start", map[string]any{"version": 1}).want(http.StatusPreconditionFailed)
	w.act("applicant", id, "withdraw", nil).want(http.StatusOK).equal("state", "withdrawn")
	w.ask("admin", "GET", "/v1/audit?object="+id, nil).says("case_item.withdraw_accepted", `"exchange":"14"`)
}
