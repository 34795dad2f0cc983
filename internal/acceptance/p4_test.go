package acceptance_test

import (
	"net/http"
	"testing"

	"onewindow/approval"
	"onewindow/storage"
)

// completed takes an item to its end and returns it. The result is put into the
// records as the pipeline would publish it.
func (w *town) completed(item, resultType string, mode approval.Mode) (caseID, id string) {
	w.t.Helper()
	caseID, items := w.apply("S1", item)
	id = items[item]
	as := "planner"
	if item == filing {
		as = "reform"
	}
	w.act(as, id, "accept", nil).want(http.StatusOK)
	w.finish(as, id, resultType, mode)
	return caseID, id
}

// finish completes an accepted item with a result, as the pipeline would publish
// it; its file is what was delivered before, if anything was.
func (w *town) finish(as, id, resultType string, mode approval.Mode) {
	w.t.Helper()
	it := w.item(as, id)
	item, number := it.text("item"), it.text("case_number")
	r := approval.Result{ID: "res_" + id, Lineage: "res_" + id, Version: 1, Type: resultType, TypeName: "建设用地规划许可证", Mode: mode,
		Status: approval.StatusPublished, Project: projectCode, Item: item, Case: number, Unit: "natural_resources", Number: "地字第430100202610001号",
		Title: "建设用地规划许可证", ValidUntil: approval.NoExpiry, Positive: true, Code: "C" + id[len(id)-11:], PublishedAt: w.clock(), Delivered: w.file, MediaType: "application/pdf"}
	if _, _, err := w.records.PublishResult(w.t.Context(), r, id, storage.AuditEntry{Actor: as, Action: "result.push", Object: r.ID}); err != nil {
		w.t.Fatal(err)
	}
	w.act(as, id, "complete", nil).want(http.StatusOK).equal("state", "completed_approved").says(r.ID)
}

func (w *town) handOver(id string) string {
	w.t.Helper()
	return w.ask("planner", "POST", "/v1/handovers", map[string]any{"hall": "changsha", "lines": []map[string]any{
		{"case_item": id, "name": "建设用地规划许可证", "number": "地字第430100202610001号", "copies": 2, "pages": 2}}}).want(http.StatusOK).text("id")
}

// collectFor is what a receiver shows at the window.
func collectFor(code string) map[string]any {
	return map[string]any{"code": code, "name": "王某", "id_number": "430000199912310003", "signature": "手写签名"}
}

func TestV2_14_PaperResultWaitsForItsHandover(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(map[string]any{"contact": "王某"})
	_, id := w.completed(landUse, "rd-land-use-permit", approval.ModeScanned)
	choice := w.ask("applicant", "POST", "/v1/case-items/"+id+"/issuance", map[string]any{"mode": "pickup"}).want(http.StatusOK).equal("state", "awaiting_paper")
	issue, code := choice.text("id"), choice.text("issuance.pickup_code")
	w.ask("clerk", "POST", "/v1/issuances/"+issue+"/collect", collectFor(code)).want(http.StatusConflict)
	list := w.handOver(id)
	w.ask("clerk", "GET", "/v1/handovers?open=true", nil).want(http.StatusOK).says(list, "地字第430100202610001号", `"copies":2`)
	w.ask("clerk-elsewhere", "POST", "/v1/handovers/"+list+"/receive", nil).want(http.StatusNotFound)
	w.ask("clerk", "POST", "/v1/handovers/"+list+"/receive", nil).want(http.StatusOK).equal("state", "received").equal("handover.received_by", "clerk")
	w.ask("clerk", "POST", "/v1/handovers/"+list+"/receive", nil).want(http.StatusConflict)
	w.ask("applicant", "GET", "/v1/issuances/"+issue, nil).want(http.StatusOK).equal("state", "ready")
}

func TestP4_1_LateHandoverIsFlagged(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	_, id := w.completed(landUse, "rd-land-use-permit", approval.ModeScanned)
	w.set("2026-12-31 10:00")
	list := w.handOver(id)
	w.ask("clerk", "GET", "/v1/handovers", nil).says(list, `"overdue":["`+id)
}

func TestP4_2_PickUpVerifiesCodeIdentityAndAuthorisation(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(map[string]any{"contact": "王某"})
	caseID, id := w.completed(landUse, "rd-land-use-permit", approval.ModeScanned)
	choice := w.ask("applicant", "POST", "/v1/case-items/"+id+"/issuance", map[string]any{"mode": "pickup"}).want(http.StatusOK)
	issue, code := choice.text("id"), choice.text("issuance.pickup_code")
	w.ask("clerk", "POST", "/v1/handovers/"+w.handOver(id)+"/receive", nil).want(http.StatusOK)
	w.ask("clerk", "GET", "/v1/issuances/"+issue, nil).want(http.StatusOK).silent(code) // whoever hands out is shown it by the receiver
	bad := collectFor("000000x")
	w.ask("clerk", "POST", "/v1/issuances/"+issue+"/collect", bad).want(http.StatusUnprocessableEntity).says("取件码不正确")
	bad = collectFor(code)
	bad["name"], bad["id_number"], bad["signature"] = "李某", "430000199912310001", ""
	w.ask("clerk", "POST", "/v1/issuances/"+issue+"/collect", bad).want(http.StatusUnprocessableEntity).says("id_number", "authorisation", "signature")
	w.ask("clerk", "POST", "/v1/issuances/"+issue+"/collect", collectFor(code)).want(http.StatusOK).equal("state", "collected").
		says("430000********0003").silent("430000199912310003")
	// P4.3: the receipt is printed and kept; P4.5: the unit knows at once.
	paper, number := w.noticeOf("clerk", caseID, "delivery_receipt")
	mustHold(t, w.paperText("clerk", paper), "送达回证", number, "王某", "窗口领取", "430000********0003")
	w.ask("planner", "GET", "/v1/issuances/"+issue, nil).want(http.StatusOK).equal("state", "collected").says("王某", "clerk")
	w.ask("applicant", "GET", "/v1/issuances/"+issue, nil).equal("issuance.visits", "1")
}

func TestP4_2_WrongCodesLockThePickUp(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(map[string]any{"contact": "王某"})
	_, id := w.completed(landUse, "rd-land-use-permit", approval.ModePushed)
	choice := w.ask("applicant", "POST", "/v1/case-items/"+id+"/issuance", map[string]any{"mode": "pickup"}).want(http.StatusOK).equal("state", "ready")
	issue := choice.text("id")
	for range 5 {
		w.ask("clerk", "POST", "/v1/issuances/"+issue+"/collect", collectFor("wrong")).want(http.StatusUnprocessableEntity)
	}
	w.ask("clerk", "POST", "/v1/issuances/"+issue+"/collect", collectFor(choice.text("issuance.pickup_code"))).want(http.StatusConflict).says("取件码")
	// Who supervises the hall looks into it and lifts the lock, with a reason on record.
	unlock := "/v1/issuances/" + issue + "/unlock"
	w.ask("clerk", "POST", unlock, map[string]any{"reason": "x"}).want(http.StatusForbidden)
	w.ask("supervisor-elsewhere", "POST", unlock, map[string]any{"reason": "x"}).want(http.StatusNotFound)
	w.ask("supervisor", "POST", unlock, map[string]any{"reason": " "}).want(http.StatusUnprocessableEntity).says("理由")
	w.ask("supervisor", "POST", unlock, map[string]any{"reason": "已核实领取人身份"}).want(http.StatusOK).silent(choice.text("issuance.pickup_code"))
	w.ask("supervisor", "POST", unlock, map[string]any{"reason": "再次"}).want(http.StatusConflict)
	w.ask("admin", "GET", "/v1/audit?object="+issue, nil).want(http.StatusOK).says("issuance.unlock", "已核实领取人身份")
	w.ask("clerk", "POST", "/v1/issuances/"+issue+"/collect", collectFor("wrong")).want(http.StatusUnprocessableEntity)
	w.ask("clerk", "POST", "/v1/issuances/"+issue+"/collect", collectFor(choice.text("issuance.pickup_code"))).want(http.StatusOK).equal("state", "collected")
}

func TestP4_4_MailByEMSOnly(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	_, id := w.completed(landUse, "rd-land-use-permit", approval.ModePushed)
	w.ask("applicant", "POST", "/v1/case-items/"+id+"/issuance", map[string]any{"mode": "mail"}).want(http.StatusUnprocessableEntity).says("address", "phone")
	issue := w.ask("applicant", "POST", "/v1/case-items/"+id+"/issuance", map[string]any{"mode": "mail", "address": "长沙市岳麓区某路1号", "phone": "0731-80000000"}).
		want(http.StatusOK).text("id")
	// The label data for the carrier: what lies ready in the clerk's own hall, and no other's.
	w.ask("clerk", "GET", "/v1/issuances/labels", nil).want(http.StatusOK).says("收件单位", "长沙市岳麓区某路1号", "0731-80000000", "建设用地规划许可证核发结果", w.item("clerk", id).text("case_number"))
	w.ask("clerk", "GET", "/v1/issuances/labels?hall=zhuzhou", nil).want(http.StatusForbidden)
	w.ask("clerk-elsewhere", "GET", "/v1/issuances/labels", nil).want(http.StatusOK).silent("0731-80000000")
	w.ask("admin", "GET", "/v1/audit?action=issuance.labels", nil).want(http.StatusOK).says("changsha")
	w.ask("clerk", "POST", "/v1/issuances/"+issue+"/mail", map[string]any{"tracking": "EA123456789CN"}).want(http.StatusUnprocessableEntity).says("EMS 单号不正确")
	w.ask("clerk", "POST", "/v1/issuances/"+issue+"/mail", map[string]any{"tracking": "EA123456785CN"}).want(http.StatusOK).equal("state", "mailed")
	w.ask("clerk", "GET", "/v1/issuances/labels", nil).want(http.StatusOK).silent("0731-80000000") // sent
	w.ask("clerk", "POST", "/v1/issuances/"+issue+"/arrival", map[string]any{"delivered": true, "receiver": "前台"}).want(http.StatusOK).equal("state", "delivered")
	w.ask("planner", "GET", "/v1/issuances/"+issue, nil).want(http.StatusOK).equal("state", "delivered").says("EA123456785CN")
}

func TestP4_6_SelfPrintIsCountedAndOnlyWherePossible(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	printable, other := "", ""
	for _, it := range w.office.Catalogue.ItemsOf("S1", "SOC") {
		if it.Printable && (it.Code == filing || it.Code == landUse) {
			printable = it.Code
		}
		if !it.Printable && (it.Code == filing || it.Code == landUse) {
			other = it.Code
		}
	}
	types := map[string]string{filing: "rd-filing-cert", landUse: "rd-land-use-permit"}
	if printable == "" {
		t.Fatal("no item of the test may be printed")
	}
	_, id := w.completed(printable, types[printable], approval.ModePushed)
	issue := w.ask("applicant", "POST", "/v1/case-items/"+id+"/issuance", map[string]any{"mode": "self_print"}).want(http.StatusOK).text("id")
	w.ask("applicant", "POST", "/v1/issuances/"+issue+"/print", nil).want(http.StatusOK).equal("issuance.prints", "1").equal("state", "printed")
	// G.7: no visit was needed.
	w.ask("applicant", "POST", "/v1/issuances/"+issue+"/print", nil).want(http.StatusOK).equal("issuance.prints", "2").equal("issuance.visits", "0")
	if other != "" {
		_, id := w.completed(other, types[other], approval.ModePushed)
		w.ask("applicant", "POST", "/v1/case-items/"+id+"/issuance", map[string]any{"mode": "self_print"}).want(http.StatusForbidden)
	}
}
