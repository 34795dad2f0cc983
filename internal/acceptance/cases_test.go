package acceptance_test

import (
	"net/http"
	"strings"
	"testing"

	"onewindow/approval"
	"onewindow/storage"
)

// Cases of the workflow, from the first move to the last (issue 5, "Proof").

// Case C: the wrong unit sends an item back, it is re-routed without new uploads,
// and the second unit keeps silent over the make-up Saturday before the Spring
// Festival: deemed accepted at its closing hour, though nobody looked for two weeks.
func TestCaseC_WrongUnitThenDeemedOverTheMakeUpSaturday(t *testing.T) {
	w := found(t, "2026-02-13 09:30")
	w.register(nil)
	caseID, items := w.apply("S1", landUse)
	first := items[landUse]
	before := len(w.ask("applicant", "GET", "/v1/cases/"+caseID+"/checklist", nil).want(http.StatusOK).at("entries").([]any))
	w.set("2026-02-13 15:00")
	w.act("planner", first, "return", map[string]any{"reasons": []string{"该地块由住建部门办理"}, "suggested_unit": "housing"}).want(http.StatusOK)
	paper, _ := w.noticeOf("applicant", caseID, "return_notice")
	mustHold(t, w.paperText("applicant", paper), "该地块由住建部门办理", "办理单位：长沙市住房和城乡建设局")
	moved := w.act("applicant", first, "reroute", nil).want(http.StatusOK).equal("unit", "housing").equal("state", "submitted").text("id")
	w.ask("planner", "GET", "/v1/case-items?open=true", nil).want(http.StatusOK).silent(moved)
	list := w.ask("housing", "GET", "/v1/cases/"+caseID+"/checklist", nil).want(http.StatusOK).equal("complete", "true")
	if after := len(list.at("entries").([]any)); after != before {
		t.Errorf("the second unit sees %d entries, want all %d without new uploads", after, before)
	}
	w.set("2026-02-14 17:29")
	w.sweep()
	w.item("housing", moved).equal("state", "submitted")

	_, late := w.apply("S1", filing) // received on the Saturday itself
	w.set("2026-03-02 08:00")        // the service was down
	w.sweep()
	w.sweep()
	a := w.item("applicant", moved).equal("state", "accepted").equal("accepted_by", "deemed")
	if got := a.moment("accepted_at"); got != "2026-02-14 17:30" {
		t.Errorf("deemed accepted at %s", got)
	}
	if got := w.item("applicant", late[filing]).moment("accepted_at"); got != "2026-02-24 17:30" {
		t.Errorf("what came on the Saturday is deemed accepted at %s", got)
	}
	// The limit of three working days runs from the Saturday: 24, 25, 26 February.
	due := "2026-02-26 17:30"
	if got := a.moment("due"); got != due {
		t.Errorf("due %s, want %s", got, due)
	}
	w.ask("housing", "GET", "/v1/case-items/"+moved+"/clocks", nil).want(http.StatusOK).says("春节", "视为受理")
	paper, number := w.noticeOf("applicant", caseID, "deemed_acceptance")
	if !strings.HasPrefix(number, "SL20260214") {
		t.Errorf("the notice has number %s, want one of the closing day", number)
	}
	mustHold(t, w.paperText("applicant", paper), "视为长沙市住房和城乡建设局受理", "2026年2月14日17:30", "应于2026年2月26日前办结")
	w.act("housing", moved, "return", map[string]any{"reasons": []string{"不是我们的"}}).want(http.StatusConflict).says("视为受理")
	w.item("supervisor", moved).equal("status.1.kind", "limit").equal("status.1.light", "red").equal("status.1.late", "true")
	w.act("housing", moved, "reject", map[string]any{"reasons": []string{"不符合规划条件"}}).want(http.StatusOK).equal("late", "true")
}

// Case D: seven units are asked at once; five answer, one is late, one is doubted;
// what is consolidated names every material once.
func TestCaseD_InquiryOfSevenUnits(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	people := map[string]string{"natural_resources": "planner", "reform": "reform", "ecology": "ecology"}
	for _, unit := range []string{"culture", "forestry", "registry", "water_admin"} {
		w.newAccount("of-" + unit)
		w.appoint("of-"+unit, officer(unit, nil)).want(http.StatusOK)
		people[unit] = "of-" + unit
	}
	id := w.inquire("S1")
	seen := w.ask("lead", "GET", "/v1/inquiries/"+id, nil).want(http.StatusOK)
	if n := len(seen.at("inquiry.units").([]any)); n != 7 {
		t.Fatalf("%d units were asked, want seven: %s", n, seen.body)
	}
	doubted := w.reply("planner", true, need(landUse, "natural_resources", "unified-form", "business-licence", "land-source")).want(http.StatusOK).text("id")
	w.reply("reform", true, need(filing, "reform", "filing-info-form", "business-licence")).want(http.StatusOK)
	w.reply("of-registry", true, need("HN-S1-09", "registry", "land-source-primary", "business-licence")).want(http.StatusOK)
	for _, unit := range []string{"culture", "forestry", "water_admin"} {
		w.reply(people[unit], false).want(http.StatusOK)
	}
	w.ask("planner", "GET", "/v1/inquiry-replies", nil).want(http.StatusOK).silent("filing-info-form") // units do not see each other's replies
	w.ask("lead", "POST", "/v1/inquiry-replies/"+doubted+"/doubt", map[string]any{"question": "是否需要宗地图？"}).want(http.StatusOK)

	w.set("2026-11-25 17:31") // two working days are over
	w.sweep()
	w.ask("lead", "POST", "/v1/inquiries/"+id+"/publish", map[string]any{}).want(http.StatusUnprocessableEntity).says("生态环境局", "自然资源和规划局")
	tasks := w.ask("lead", "GET", "/v1/coordination?open=true", nil).want(http.StatusOK)
	if n := len(tasks.at("tasks").([]any)); n != 1 {
		t.Errorf("%d units are urged, want the late one: %s", n, tasks.body)
	}
	tasks.says("ecology")

	w.set("2026-11-26 09:30")
	w.reply("planner", true, need(landUse, "natural_resources", "unified-form", "business-licence", "land-source", "boundary-survey")).want(http.StatusOK)
	w.reply("ecology", false).want(http.StatusOK).equal("reply.late", "true")
	a := w.ask("lead", "POST", "/v1/inquiries/"+id+"/publish", map[string]any{}).want(http.StatusOK).equal("state", "published")
	consumers := map[string]int{}
	for _, x := range a.at("inquiry.list.materials").([]any) {
		m := x.(map[string]any)
		consumers[m["material"].(string)] += len(m["items"].([]any))
	}
	if consumers["business-licence"] != 3 || consumers["boundary-survey"] != 1 {
		t.Errorf("materials with their consumers: %v", consumers)
	}
	list := w.ask("applicant", "GET", "/v1/notices?kind=inquiry_notice", nil).want(http.StatusOK)
	text := w.paperText("applicant", list.text("notices.0.id"))
	mustHold(t, text, "一单告知书", "建设用地规划许可证核发", "企业投资项目备案", "国有建设用地使用权首次登记", "长沙市不动产登记中心", "勘测定界", "2026年11月26日")
	if strings.Contains(text, "生态环境局") {
		t.Error("the notice names a unit that is not concerned")
	}
}

// Case H: a land use permit is relied on by two items of two units and then
// revoked: both are told, nobody new may rely on it, its code says so.
func TestCaseH_ResultRevokedAfterTwoReliedOnIt(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	_, items := w.apply("S1", landUse)
	w.act("planner", items[landUse], "accept", nil).want(http.StatusOK)
	made := w.ask("planner", "POST", "/v1/case-items/"+items[landUse]+"/results", map[string]any{"fields": landUseData()}).want(http.StatusCreated)
	result, code, number := made.text("id"), made.text("verification_code"), made.text("number")
	w.act("planner", items[landUse], "complete", nil).want(http.StatusOK)

	const planning, shelter = "HN-S2-02", "HN-S2-04"
	caseID := w.draft("S2", planning, shelter)
	w.ask("applicant", "GET", "/v1/cases/"+caseID+"/checklist", nil).want(http.StatusOK).says(number)
	w.fillIn("applicant", caseID)
	next := itemsOf(w.ask("applicant", "POST", "/v1/cases/"+caseID+"/submit", map[string]any{}).want(http.StatusOK))
	rely := w.ask("planner", "GET", "/v1/results/"+result+"/reliances", nil).want(http.StatusOK)
	if n := len(rely.at("reliances").([]any)); n != 2 {
		t.Fatalf("%d items rely on the permit, want two: %s", n, rely.body)
	}
	rely.says(planning, shelter).silent(`"flag":"revoked"`)
	w.act("planner", next[planning], "accept", nil).want(http.StatusOK)

	w.set("2026-12-01 10:00")
	w.act("planner", items[landUse], "revoke", nil).want(http.StatusUnprocessableEntity).says("理由")
	w.act("housing", items[landUse], "revoke", map[string]any{"reasons": []string{"x"}}).want(http.StatusNotFound)
	w.act("planner", items[landUse], "revoke", map[string]any{"reasons": []string{"以欺骗手段取得许可", "用地范围与批文不符"}}).want(http.StatusOK).equal("state", "revoked")
	w.ask("planner", "GET", "/v1/results/"+result, nil).want(http.StatusOK).equal("status", "revoked").says("以欺骗手段取得许可", "用地范围与批文不符")
	w.ask("", "GET", "/v1/verifications/"+code, nil).want(http.StatusOK).equal("standing", "revoked").says("不能作为依据")

	flagged := w.ask("planner", "GET", "/v1/results/"+result+"/reliances", nil).want(http.StatusOK)
	for _, x := range flagged.at("reliances").([]any) {
		if r := x.(map[string]any); r["flag"] != "revoked" {
			t.Errorf("%s is not told: %v", r["item"], r)
		}
	}
	// Both units see it in the checklist of their running items.
	w.ask("planner", "GET", "/v1/cases/"+caseID+"/checklist", nil).want(http.StatusOK).equal("complete", "false").says("所依据的成果已失效", "建设用地规划许可证")
	told := map[string]bool{}
	for _, x := range w.ask("admin", "GET", "/v1/events?limit=500", nil).want(http.StatusOK).at("events").([]any) {
		if e := x.(map[string]any); e["type"] == "basis.flagged" && e["result_id"] == result {
			told[e["data"].(map[string]any)["item"].(string)] = true
		}
	}
	if len(told) != 2 || !told[planning] || !told[shelter] {
		t.Errorf("events tell of %v, want both items", told)
	}
	// A new application is not offered what was revoked, and may not name it.
	again := w.draft("S2", planning)
	w.ask("applicant", "GET", "/v1/cases/"+again+"/checklist", nil).want(http.StatusOK).silent(number)
	w.act("planner", items[landUse], "revoke", map[string]any{"reasons": []string{"再次"}}).want(http.StatusConflict).says("不能再办理")
}

// Case B: a government project on paper. The window finds one paper missing and
// says so on the spot, takes a commitment for another, accepts when the first came,
// gets the result on paper from the unit, sends it by EMS, and is owed the promised
// paper until it comes.
func TestCaseB_GovernmentProjectOnPaper(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.office.Contact.Supervision = "0731-80000001"
	w.register(map[string]any{"type": "GOV_B", "contact": "王某"})
	caseID := w.atCounter(landUse)
	signed := w.upload("clerk", "承诺书签字.pdf", map[string]string{"project": projectCode})
	w.ask("clerk", "POST", "/v1/cases/"+caseID+"/promises", map[string]any{"material": "boundary-survey", "kind": "commitment", "signature": signed}).
		want(http.StatusUnprocessableEntity).says("不适用告知承诺制") // said at once (P3.8)
	w.ask("clerk", "POST", "/v1/cases/"+caseID+"/promises", map[string]any{"material": "business-licence", "kind": "commitment", "signature": signed}).want(http.StatusOK)
	w.fillExcept("clerk", caseID, "boundary-survey", "business-licence")
	w.ask("clerk", "POST", "/v1/cases/"+caseID+"/submit", map[string]any{"outcome": "receive"}).want(http.StatusUnprocessableEntity).says("materials.boundary-survey")
	a := w.ask("clerk", "POST", "/v1/cases/"+caseID+"/submit", map[string]any{"outcome": "correct"}).want(http.StatusOK).
		equal("case_items.0.state", "correction_open").equal("paper_reason", "original_check").equal("window", "3")
	id := itemsOf(a)[landUse]
	paper, number := w.noticeOf("clerk", caseID, "correction_notice")
	text := w.paperText("clerk", paper)
	mustHold(t, text, "材料补齐补正通知书", number, "勘测定界", "缺少该材料", "2026年12月14日前补正", "综合窗口")
	if strings.Contains(text, "营业执照") {
		t.Error("the correction asks for the paper that was promised")
	}
	if !strings.HasPrefix(number, "BZ20261123") {
		t.Errorf("the correction has number %s", number)
	}

	w.set("2026-11-25 11:00")
	doc := w.upload("clerk", "勘测定界.pdf", map[string]string{"project": projectCode})
	w.ask("clerk", "POST", "/v1/cases/"+caseID+"/files", map[string]any{"document_id": doc, "material": "boundary-survey"}).want(http.StatusOK)
	w.act("clerk", id, "resubmit", nil).want(http.StatusOK).equal("state", "accepted").equal("accepted_by", "window")
	w.sweep()
	paper, _ = w.noticeOf("clerk", caseID, "acceptance_notice")
	mustHold(t, w.paperText("clerk", paper), "受理通知书", "适用告知承诺制", "营业执照，承诺于2026年12月14日前补齐", "应于2026年11月30日前办结", "0731-80000001", "一式两份")
	if got := w.item("planner", id).moment("due"); got != "2026-11-30 17:30" {
		t.Errorf("due %s, want three working days after the acceptance", got)
	}

	w.set("2026-11-27 15:00")
	w.tolerated("planner", id, "rd-land-use-permit")
	issue := w.ask("applicant", "POST", "/v1/case-items/"+id+"/issuance", map[string]any{"mode": "mail", "address": "长沙市岳麓区某路1号", "phone": "0731-80000000"}).
		want(http.StatusOK).equal("state", "awaiting_paper").text("id")
	w.ask("clerk", "POST", "/v1/issuances/"+issue+"/mail", map[string]any{"tracking": "EA123456785CN"}).want(http.StatusConflict) // the paper is not here yet
	w.ask("clerk", "POST", "/v1/handovers/"+w.handOver(id)+"/receive", nil).want(http.StatusOK)
	w.ask("clerk", "POST", "/v1/issuances/"+issue+"/mail", map[string]any{"tracking": "EA123456785CN"}).want(http.StatusOK).equal("state", "mailed")
	w.set("2026-12-01 10:00")
	w.ask("clerk", "POST", "/v1/issuances/"+issue+"/arrival", map[string]any{"delivered": true, "receiver": "前台"}).want(http.StatusOK).equal("state", "delivered")
	w.ask("planner", "GET", "/v1/issuances/"+issue, nil).want(http.StatusOK).says("EA123456785CN")
	paper, _ = w.noticeOf("clerk", caseID, "delivery_receipt")
	mustHold(t, w.paperText("clerk", paper), "送达回证", "EMS邮寄", "EA123456785CN", "前台", "长沙市岳麓区某路1号")

	// What was promised is still owed after everything else is done.
	w.sweep()
	w.ask("planner", "GET", "/v1/promises?open=true", nil).want(http.StatusOK).equal("promises.0.state", "promised").equal("promises.0.promise.material", "business-licence")
	licence := w.upload("clerk", "营业执照.pdf", map[string]string{"project": projectCode})
	w.ask("clerk", "POST", "/v1/cases/"+caseID+"/files", map[string]any{"document_id": licence, "material": "business-licence"}).want(http.StatusOK)
	w.sweep()
	w.ask("planner", "GET", "/v1/promises", nil).want(http.StatusOK).equal("promises.0.state", "kept").equal("promises.0.promise.late", "false")
}

// tolerated ends an item whose supplement is owed, with a scanned result.
func (w *town) tolerated(as, id, resultType string) {
	w.t.Helper()
	it := w.item(as, id)
	r := approval.Result{ID: "res_" + id, Lineage: "res_" + id, Version: 1, Type: resultType, TypeName: "建设用地规划许可证", Mode: approval.ModeScanned,
		Status: approval.StatusPublished, Project: projectCode, Item: it.text("item"), Case: it.text("case_number"), Unit: "natural_resources",
		Number: "地字第430100202610001号", Title: "建设用地规划许可证", ValidUntil: approval.NoExpiry, Positive: true, Code: "C" + id[len(id)-11:],
		PublishedAt: w.clock(), Delivered: w.file, MediaType: "application/pdf"}
	if _, _, err := w.records.PublishResult(w.t.Context(), r, id, storage.AuditEntry{Actor: as, Action: "result.push", Object: r.ID}); err != nil {
		w.t.Fatal(err)
	}
	w.act(as, id, "complete-tolerated", nil).want(http.StatusOK).equal("state", "completed_tolerated").equal("late", "false").says(r.ID)
}
