package acceptance_test

import (
	"net/http"
	"sync"
	"testing"
)

// Items of the catalogue that the tests apply for.
const (
	filing  = "HN-S1-01" // 企业投资项目备案, reform
	landUse = "HN-S1-08" // 建设用地规划许可证核发, natural_resources
	permit  = "HN-S3-03" // 建筑工程施工许可证核发, housing
)

func TestV2_1_TickedItemsMakeOneChecklistAndSharedMaterialsStandOnce(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id := w.draft("S1", filing, landUse)
	list := w.ask("applicant", "GET", "/v1/cases/"+id+"/checklist", nil).want(http.StatusOK)
	shared := 0
	for _, e := range list.at("entries").([]any) {
		entry := e.(map[string]any)
		if entry["material"] == "business-licence" {
			shared++
			if n := len(entry["consumers"].([]any)); n != 2 {
				t.Errorf("the licence is asked for by %d items, want both", n)
			}
		}
	}
	if shared != 1 {
		t.Errorf("the licence stands %d times in the list", shared)
	}
	// What is missing is said all at once, and the case stays a draft.
	w.ask("applicant", "POST", "/v1/cases/"+id+"/submit", map[string]any{}).want(http.StatusUnprocessableEntity).
		says("materials.business-licence", "materials.unified-form", "缺少该材料")
	w.fillIn("applicant", id)
	a := w.ask("applicant", "POST", "/v1/cases/"+id+"/submit", map[string]any{}).want(http.StatusOK)
	again := w.ask("applicant", "POST", "/v1/cases/"+id+"/submit", map[string]any{}).want(http.StatusOK)
	if len(itemsOf(a)) != 2 || len(itemsOf(again)) != 2 || itemsOf(a)[filing] != itemsOf(again)[filing] {
		t.Errorf("a double submit is not one: %v, then %v", itemsOf(a), itemsOf(again))
	}
}

func TestV2_2_EachUnitSeesItsItemsAndTheirMaterialsOnly(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id, items := w.apply("S1", filing, landUse)
	w.item("reform", items[filing]).equal("state", "submitted").equal("unit", "reform").equal("division", "430100")
	w.item("planner", items[landUse]).equal("unit", "natural_resources")
	w.ask("reform", "GET", "/v1/case-items/"+items[landUse], nil).want(http.StatusNotFound)
	w.ask("planner-elsewhere", "GET", "/v1/case-items/"+items[landUse], nil).want(http.StatusNotFound)
	w.ask("stranger", "GET", "/v1/cases/"+id, nil).want(http.StatusNotFound)
	w.ask("planner", "GET", "/v1/case-items?open=true", nil).want(http.StatusOK).says(items[landUse]).silent(items[filing])

	own := ""
	for _, e := range w.ask("applicant", "GET", "/v1/cases/"+id+"/checklist", nil).at("entries").([]any) {
		entry := e.(map[string]any)
		if c := entry["consumers"].([]any); len(c) == 1 && c[0].(map[string]any)["unit"] == "reform" && len(entry["filings"].([]any)) > 0 {
			own = entry["filings"].([]any)[0].(map[string]any)["document_id"].(string)
		}
	}
	if own == "" {
		t.Fatal("the case has no material that only one unit asks for")
	}
	w.ask("reform", "GET", "/v1/documents/"+own, nil).want(http.StatusOK)
	w.ask("planner", "GET", "/v1/documents/"+own, nil).want(http.StatusNotFound)
	w.ask("planner-elsewhere", "GET", "/v1/documents/"+own, nil).want(http.StatusNotFound)
}

func TestV2_3_ReturnWithinOneWorkingDayOnly(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	_, items := w.apply("S1", filing, landUse)
	reason := map[string]any{"reasons": []string{"不属于本单位职责"}}
	w.set("2026-11-24 17:29")
	w.act("reform", items[filing], "return", reason).want(http.StatusOK).equal("state", "returned")
	w.set("2026-11-24 17:31")
	w.act("planner", items[landUse], "return", reason).want(http.StatusConflict).says("已超过退回时限", "视为受理", "开始办理")
}

func TestV2_4_ReturnNeedsAReasonThatTheApplicantReads(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	_, items := w.apply("S1", filing)
	w.act("reform", items[filing], "return", nil).want(http.StatusUnprocessableEntity).says("reasons", "理由")
	w.act("reform", items[filing], "return", map[string]any{"reasons": []string{"该项目属核准类，由行政审批服务局办理"}}).want(http.StatusOK)
	w.item("applicant", items[filing]).equal("state_text", "已退回").says("该项目属核准类")
}

func TestV2_5_SuggestedUnitTakesOverWithoutNewUploads(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	id, items := w.apply("S1", landUse)
	w.act("planner", items[landUse], "return", map[string]any{"reasons": []string{"由住建局办理"}, "suggested_unit": "housing"}).
		want(http.StatusOK)
	moved := w.act("applicant", items[landUse], "reroute", nil).want(http.StatusOK).equal("unit", "housing").equal("state", "submitted").text("id")
	w.item("housing", moved).equal("rerouted_from", items[landUse])
	w.act("applicant", items[landUse], "reroute", nil).want(http.StatusConflict)
	w.ask("housing", "GET", "/v1/cases/"+id+"/checklist", nil).want(http.StatusOK).says("unified-form")
}

// Received on the Friday before the Spring Festival: the Saturday is worked, and
// the window ends at its close (A1; the guideline's own day count).
func TestV2_6_DeemedAcceptanceOverTheMakeUpSaturday(t *testing.T) {
	for _, c := range []struct{ received, accepted string }{
		{"2026-02-13 15:00", "2026-02-14 17:30"},
		{"2026-02-14 09:00", "2026-02-24 17:30"},
	} {
		t.Run(c.received, func(t *testing.T) {
			w := found(t, c.received)
			w.register(nil)
			_, items := w.apply("S1", landUse)
			w.set(c.accepted)
			w.sweep()
			w.item("planner", items[landUse]).equal("state", "submitted")
			w.set("2026-03-02 08:00") // the service was down over the closing hour
			w.sweep()
			a := w.item("applicant", items[landUse]).equal("state", "accepted").equal("accepted_by", "deemed").equal("state_text", "视为受理")
			if got := a.moment("accepted_at"); got != c.accepted {
				t.Errorf("accepted at %s, want the closing hour %s", got, c.accepted)
			}
		})
	}
}

func TestV2_6_DeemedOnceByManyProcesses(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	_, items := w.apply("S1", filing, landUse)
	w.set("2026-11-25 09:00")
	var crowd sync.WaitGroup
	for range 8 {
		crowd.Go(func() {
			if _, err := w.office.Sweep(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	crowd.Wait()
	for _, id := range items {
		n := 0
		for _, row := range w.ask("admin", "GET", "/v1/audit?object="+id, nil).want(http.StatusOK).at("rows").([]any) {
			if row.(map[string]any)["action"] == "case_item.deem" {
				n++
			}
		}
		if n != 1 {
			t.Errorf("item was deemed accepted %d times", n)
		}
	}
}

func TestV2_7_LimitCountsWorkingDaysAndStandsDuringACorrection(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	caseID, items := w.apply("S1", landUse)
	id := items[landUse]
	limit := w.act("planner", id, "accept", nil).want(http.StatusOK).text("limit_workdays")
	before := w.item("planner", id).moment("due")
	w.set("2026-11-24 09:00")
	w.act("planner", id, "correct", map[string]any{"gaps": []map[string]any{{"material": "unified-form", "reason": "unsigned"}}}).
		want(http.StatusOK).equal("state", "correction_open")
	w.act("applicant", id, "resubmit", nil).want(http.StatusUnprocessableEntity).says("materials.unified-form", "未签字或未盖章")
	w.set("2026-11-26 15:00")
	doc := w.upload("applicant", "signed.pdf", map[string]string{"project": projectCode})
	w.ask("applicant", "POST", "/v1/cases/"+caseID+"/files", map[string]any{"document_id": doc, "material": "unified-form"}).want(http.StatusOK)
	w.act("applicant", id, "resubmit", nil).want(http.StatusOK).equal("state", "accepted")
	after := w.item("planner", id).moment("due")
	t.Logf("limit %s: due %s, after three days of correction %s", limit, before, after)
	clocks := w.ask("applicant", "GET", "/v1/case-items/"+id+"/clocks", nil).want(http.StatusOK).says("补正", "工作日", "开始当日不计入")
	if before >= after {
		t.Errorf("due %s before the correction and %s after it", before, after)
	}
	// 24, 25 and 26 November do not count: three working days later.
	skipped := 0
	for _, d := range clocks.at("clocks.1.days").([]any) {
		if day := d.(map[string]any); day["why"] == "补正" {
			skipped++
		}
	}
	if skipped != 3 {
		t.Errorf("%d days stood, want 3", skipped)
	}
}

func TestV2_15_RejectionAfterItsLimitCountsAsLate(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	_, items := w.apply("S1", landUse)
	id := items[landUse]
	w.act("planner", id, "accept", nil).want(http.StatusOK)
	w.set("2027-03-01 10:00")
	w.act("planner", id, "reject", map[string]any{"reasons": []string{"不符合规划条件"}}).want(http.StatusOK).
		equal("state", "completed_rejected").equal("late", "true")
}

func TestV2_16_AllReasonsOnce(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	_, items := w.apply("S1", landUse)
	id := items[landUse]
	w.act("planner", id, "accept", nil).want(http.StatusOK)
	w.act("planner", id, "reject", nil).want(http.StatusUnprocessableEntity).says("一次性告知全部理由")
	w.act("planner", id, "reject", map[string]any{"reasons": []string{"用地性质不符", "超出红线"}}).want(http.StatusOK)
	w.item("applicant", id).says("用地性质不符", "超出红线").equal("state_text", "已办结（不通过）")
	w.act("planner", id, "reject", map[string]any{"reasons": []string{"还有一条"}}).want(http.StatusConflict).says("不能再办理")
}
