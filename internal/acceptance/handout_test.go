package acceptance_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/document"
	"onewindow/storage"
)

// kiosk puts a self-print terminal into the hall.
func (w *town) kiosk() {
	w.t.Helper()
	w.openHall()
	for _, name := range []string{"kiosk", "other-kiosk"} {
		if err := w.guard.CreateForPrograms(w.t.Context(), access.NewAccount{Name: name, Roles: []access.Role{access.System}}); err != nil {
			w.t.Fatal(err)
		}
		w.ask("admin", "PUT", "/v1/devices/"+name, map[string]any{"kind": "kiosk", "hall": "changsha", "account": name}).want(http.StatusOK)
	}
}

// atKiosk asks at a terminal within a session.
func (w *town) atKiosk(terminal, method, path, session string) *answer {
	w.t.Helper()
	return w.send(terminal, method, "/v1/kiosk/"+path, "application/json", nil, http.Header{"Kiosk-Session": {session}})
}

// printable is an item whose result applicants may print, with its type.
func (w *town) printable() (item, resultType string) {
	w.t.Helper()
	for code, kind := range map[string]string{filing: "rd-filing-cert", landUse: "rd-land-use-permit"} {
		if it, _ := w.office.Catalogue.Item(code); it.Printable {
			return code, kind
		}
	}
	w.t.Fatal("no item of the test may be printed")
	return "", ""
}

// delivered stores what the next results are delivered as.
func (w *town) delivered(text string) {
	w.t.Helper()
	info, err := w.blobs.Put(w.t.Context(), storage.Originals, strings.NewReader(text), storage.PutOptions{MediaType: "application/pdf"})
	if err != nil {
		w.t.Fatal(err)
	}
	w.file = info.Digest
}

func TestP4_7_KioskPrintsTheResultsOfACodeAndLeavesNothingBehind(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	w.kiosk()
	item, kind := w.printable()
	w.delivered("%PDF-1.7 certificate")
	caseID, id := w.completed(item, kind, approval.ModePushed)
	number := w.ask("applicant", "GET", "/v1/cases/"+caseID, nil).text("number")
	choice := w.ask("applicant", "POST", "/v1/case-items/"+id+"/issuance", map[string]any{"mode": "self_print"}).want(http.StatusOK)
	code := choice.text("issuance.pickup_code")

	w.ask("", "POST", "/v1/kiosk/sessions", map[string]any{"case_number": number, "code": code}).want(http.StatusUnauthorized)
	w.ask("applicant", "POST", "/v1/kiosk/sessions", map[string]any{"case_number": number, "code": code}).want(http.StatusForbidden)
	wrong := w.ask("kiosk", "POST", "/v1/kiosk/sessions", map[string]any{"case_number": number, "code": "x"}).want(http.StatusUnprocessableEntity)
	none := w.ask("kiosk", "POST", "/v1/kiosk/sessions", map[string]any{"case_number": "430100202601010001", "code": code}).want(http.StatusUnprocessableEntity)
	if !bytes.Equal(wrong.body, none.body) {
		t.Errorf("a wrong code answers %s, a case that does not exist %s: it tells what there is", wrong.body, none.body)
	}
	a := w.ask("kiosk", "POST", "/v1/kiosk/sessions", map[string]any{"qr": number + "." + code}).want(http.StatusOK).equal("idle_seconds", "60").
		equal("results.0.id", "res_"+id).equal("results.0.printable", "true")
	session := a.text("session")
	if n := len(a.at("results").([]any)); n != 1 {
		t.Errorf("%d results are shown, want those of the code only", n)
	}
	printed := w.atKiosk("kiosk", "POST", "results/res_"+id+"/print", session).want(http.StatusOK)
	if string(printed.body) != "%PDF-1.7 certificate" {
		t.Errorf("printed %q", printed.body)
	}
	w.atKiosk("kiosk", "POST", "results/res_other/print", session).want(http.StatusNotFound)
	w.atKiosk("kiosk", "GET", "session", session).want(http.StatusOK).equal("prints", "1")
	// The session is good for nothing else, and at no other terminal.
	w.tokens["thief"] = session
	w.ask("thief", "GET", "/v1/cases", nil).want(http.StatusUnauthorized)
	w.atKiosk("other-kiosk", "GET", "session", session).want(http.StatusUnauthorized)
	w.atKiosk("kiosk", "DELETE", "session", session).want(http.StatusNoContent)
	w.atKiosk("kiosk", "GET", "session", session).want(http.StatusUnauthorized)
	w.ask("applicant", "GET", "/v1/issuances/"+choice.text("id"), nil).equal("state", "printed").equal("issuance.prints", "1").equal("issuance.by", "kiosk")
	w.ask("admin", "GET", "/v1/audit?object=res_"+id, nil).want(http.StatusOK).says("result.file.print")
}

func TestP4_7_KioskEndsAfterItsIdleTime(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	w.kiosk()
	item, kind := w.printable()
	caseID, id := w.completed(item, kind, approval.ModePushed)
	number := w.ask("applicant", "GET", "/v1/cases/"+caseID, nil).text("number")
	code := w.ask("applicant", "POST", "/v1/case-items/"+id+"/issuance", map[string]any{"mode": "pickup"}).want(http.StatusOK).text("issuance.pickup_code")
	session := w.ask("kiosk", "POST", "/v1/kiosk/sessions", map[string]any{"case_number": number, "code": code}).want(http.StatusOK).text("session")
	w.set("2026-11-23 10:01")
	w.atKiosk("kiosk", "GET", "session", session).want(http.StatusOK)
	w.set("2026-11-23 10:03")
	w.atKiosk("kiosk", "GET", "session", session).want(http.StatusUnauthorized)
	w.set("2026-11-23 10:01") // and it does not come back
	w.atKiosk("kiosk", "GET", "session", session).want(http.StatusUnauthorized)
}

func TestP4_7_GuessingCodesLocksTheTerminalsNotTheWindow(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(map[string]any{"contact": "王某"})
	w.kiosk()
	caseID, id := w.completed(landUse, "rd-land-use-permit", approval.ModePushed)
	number := w.ask("applicant", "GET", "/v1/cases/"+caseID, nil).text("number")
	choice := w.ask("applicant", "POST", "/v1/case-items/"+id+"/issuance", map[string]any{"mode": "pickup"}).want(http.StatusOK)
	guess := map[string]any{"case_number": number, "code": "wrong"}
	for range 5 {
		w.ask("kiosk", "POST", "/v1/kiosk/sessions", guess).want(http.StatusUnprocessableEntity)
	}
	w.ask("kiosk", "POST", "/v1/kiosk/sessions", guess).want(http.StatusTooManyRequests) // this terminal
	guess["code"] = choice.text("issuance.pickup_code")
	w.ask("other-kiosk", "POST", "/v1/kiosk/sessions", guess).want(http.StatusConflict).says("取件码多次输入错误")
	w.ask("supervisor", "POST", "/v1/issuances/"+choice.text("id")+"/unlock", map[string]any{"reason": "办事人输错"}).want(http.StatusOK)
	w.ask("other-kiosk", "POST", "/v1/kiosk/sessions", guess).want(http.StatusOK)
	w.ask("clerk", "POST", "/v1/issuances/"+choice.text("id")+"/collect", collectFor(choice.text("issuance.pickup_code"))).want(http.StatusOK).equal("state", "collected")
}

func TestP3_14_WindowFollowsItsCasesUntilTheyAreHandedOut(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(map[string]any{"contact": "王某"})
	id := w.atCounter(landUse)
	w.ask("clerk", "GET", "/v1/follow-ups", nil).want(http.StatusOK).equal("lines.0.case_id", id).says("纸质材料尚未上传提交", "0731-80000000")
	w.fillIn("clerk", id)
	item := itemsOf(w.ask("clerk", "POST", "/v1/cases/"+id+"/submit", map[string]any{"outcome": "receive"}).want(http.StatusOK))[landUse]
	w.ask("clerk", "GET", "/v1/follow-ups?window=4", nil).want(http.StatusOK).silent(id)
	w.ask("clerk-elsewhere", "GET", "/v1/follow-ups", nil).want(http.StatusOK).silent(id)
	w.ask("clerk-elsewhere", "GET", "/v1/follow-ups?hall=changsha", nil).want(http.StatusForbidden)
	w.ask("clerk", "GET", "/v1/follow-ups?window=3", nil).want(http.StatusOK).equal("lines.0.items.0.state", "accepted").
		equal("lines.0.items.0.item_name", "建设用地规划许可证核发").silent("尚未上传")

	w.act("planner", item, "correct", map[string]any{"gaps": []map[string]any{{"material": "unified-form", "reason": "unsigned"}}}).want(http.StatusOK)
	a := w.ask("clerk", "GET", "/v1/follow-ups", nil).want(http.StatusOK).says("等待补正").equal("lines.0.reminders.0.kind", "correction").equal("lines.0.reminders.0.light", "green")
	if got := a.moment("lines.0.reminders.0.due"); got != "2026-12-14 17:30" {
		t.Errorf("the correction is due %s", got)
	}
	w.set("2026-12-11 10:00")
	w.ask("clerk", "GET", "/v1/follow-ups", nil).equal("lines.0.reminders.0.light", "yellow")
	doc := w.upload("clerk", "again.pdf", map[string]string{"project": projectCode})
	w.ask("clerk", "POST", "/v1/cases/"+id+"/files", map[string]any{"document_id": doc, "material": "unified-form"}).want(http.StatusOK)
	w.act("clerk", item, "resubmit", nil).want(http.StatusOK)
	w.finish("planner", item, "rd-land-use-permit", approval.ModePushed)
	w.ask("clerk", "GET", "/v1/follow-ups", nil).equal("lines.0.items.0.state", "completed_approved").equal("lines.0.items.0.issuance", "none")
	choice := w.ask("clerk", "POST", "/v1/case-items/"+item+"/issuance", map[string]any{"mode": "pickup"}).want(http.StatusOK)
	w.ask("clerk", "GET", "/v1/follow-ups", nil).equal("lines.0.items.0.issuance", "ready").silent("待领取")

	// Nobody comes: five working days later the window and the applicant hear of it.
	w.set("2026-12-18 17:29")
	w.sweep()
	w.ask("clerk", "GET", "/v1/follow-ups", nil).silent("待领取")
	w.set("2026-12-18 17:31")
	w.sweep()
	w.sweep() // once, however often it is looked for
	w.ask("clerk", "GET", "/v1/follow-ups", nil).says("结果待领取，已提醒 1 次").equal("lines.0.reminders.0.kind", "uncollected")
	w.ask("applicant", "GET", "/v1/issuances/"+choice.text("id"), nil).equal("issuance.reminders", "1")
	w.ask("admin", "GET", "/v1/events?after=0&limit=500", nil).want(http.StatusOK).says(`"action":"remind"`)
	w.set("2026-12-25 17:31")
	w.sweep()
	w.ask("applicant", "GET", "/v1/issuances/"+choice.text("id"), nil).equal("issuance.reminders", "2")
	w.ask("clerk", "POST", "/v1/issuances/"+choice.text("id")+"/collect", collectFor(w.codeOf(choice.text("id")))).want(http.StatusOK)
	w.ask("clerk", "GET", "/v1/follow-ups", nil).want(http.StatusOK).silent(id) // done with
	w.set("2027-01-11 10:00")
	w.sweep()
	w.ask("applicant", "GET", "/v1/issuances/"+choice.text("id"), nil).equal("issuance.reminders", "2")
}

// codeOf is the pick-up code as the applicant sees it.
func (w *town) codeOf(issue string) string {
	w.t.Helper()
	return w.ask("applicant", "GET", "/v1/issuances/"+issue, nil).want(http.StatusOK).text("issuance.pickup_code")
}

func TestP3_12_PapersNotUploadedOnTheDayTheyCameAreReported(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	quick := w.atCounter(landUse)
	w.fillIn("clerk", quick)
	w.set("2026-11-23 10:20")
	w.ask("clerk", "POST", "/v1/cases/"+quick+"/submit", map[string]any{"outcome": "receive"}).want(http.StatusOK)
	slow := w.atCounter(filing)
	w.apply("S1", filing) // online, not in the report
	w.ask("supervisor", "GET", "/v1/supervision/paper", nil).want(http.StatusOK).equal("total", "2").equal("not_uploaded_same_day", "0")
	w.set("2026-11-23 17:31")
	w.ask("supervisor", "GET", "/v1/supervision/paper?from=2026-11-23&to=2026-11-23", nil).want(http.StatusOK).equal("not_uploaded_same_day", "1").
		equal("reasons.需核验原件", "2").equal("lines.0.case_id", slow).equal("lines.0.late", "true").equal("lines.1.minutes", "20").equal("lines.1.late", "false").
		equal("lines.0.clerk", "clerk").equal("lines.0.window", "3")
	w.ask("supervisor", "GET", "/v1/supervision/paper?from=2026-11-24", nil).want(http.StatusOK).equal("total", "0")
	w.ask("clerk", "GET", "/v1/supervision/paper", nil).want(http.StatusForbidden)
}

func TestG7_VisitsAreCountedPerCase(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(map[string]any{"contact": "王某"})
	item, kind := w.printable()
	_, none := w.completed(item, kind, approval.ModePushed)
	issue := w.ask("applicant", "POST", "/v1/case-items/"+none+"/issuance", map[string]any{"mode": "self_print"}).want(http.StatusOK).text("id")
	w.ask("applicant", "POST", "/v1/issuances/"+issue+"/print", nil).want(http.StatusOK).equal("issuance.visits", "0")
	_, one := w.completed(landUse, "rd-land-use-permit", approval.ModePushed)
	choice := w.ask("applicant", "POST", "/v1/case-items/"+one+"/issuance", map[string]any{"mode": "pickup"}).want(http.StatusOK)
	w.ask("clerk", "POST", "/v1/issuances/"+choice.text("id")+"/collect", collectFor(choice.text("issuance.pickup_code"))).want(http.StatusOK).equal("issuance.visits", "1")
	w.ask("supervisor", "GET", "/v1/supervision/visits", nil).want(http.StatusOK).equal("cases", "2").equal("none", "1").equal("at_most_one", "2").equal("share_at_most_one", "1")

	// Brought on paper and fetched another day: two visits.
	id := w.atCounter(landUse)
	w.fillIn("clerk", id)
	two := itemsOf(w.ask("clerk", "POST", "/v1/cases/"+id+"/submit", map[string]any{"outcome": "receive"}).want(http.StatusOK))[landUse]
	w.finish("planner", two, "rd-land-use-permit", approval.ModePushed)
	choice = w.ask("applicant", "POST", "/v1/case-items/"+two+"/issuance", map[string]any{"mode": "pickup"}).want(http.StatusOK)
	w.set("2026-11-25 10:00")
	w.ask("clerk", "POST", "/v1/issuances/"+choice.text("id")+"/collect", collectFor(choice.text("issuance.pickup_code"))).want(http.StatusOK)
	w.ask("supervisor", "GET", "/v1/supervision/visits", nil).want(http.StatusOK).equal("cases", "3").equal("at_most_one", "2").equal("by_visits.2", "1").equal("share_at_most_one", "0.67")
	w.ask("supervisor", "GET", "/v1/supervision/visits?from=2026-11-25", nil).want(http.StatusOK).equal("cases", "1").equal("at_most_one", "0")
}

func TestW2_8_QualityOfRecognitionAndServiceIsReportedByMonth(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	w.readDocument("clerk", document.Fields{
		"project_name": {Value: "星湖花园一期项目", Raw: "星湖花园一期项目", Source: document.FieldOCR, ConfirmedBy: "planner"},
		"builder":      {Value: "湖南星湖置业有限公司", Raw: "湖南垦湖置业有限公司", Source: document.FieldManual, ConfirmedBy: "planner"},
		"area":         {Value: "100", Source: document.FieldManual, ConfirmedBy: "planner"}, // never read
		"number":       {Value: "1", Raw: "1", Source: document.FieldOCR},                    // nobody looked yet
	}, nil)
	w.readDocument("clerk", nil, []document.Finding{{Code: "low_resolution", Severity: "warning", Message: "第 1 页清晰度不足"}})
	id := w.ask("applicant", "POST", "/v1/consultations", map[string]any{"unit": "housing", "division": "430100", "question": "需要几份？"}).want(http.StatusOK).text("id")
	w.ask("housing", "POST", "/v1/consultations/"+id+"/answer", map[string]any{"answer": "两份"}).want(http.StatusOK)
	w.ask("applicant", "POST", "/v1/consultations/"+id+"/rating", map[string]any{"rating": 4}).want(http.StatusOK)
	w.ask("supervisor", "GET", "/v1/supervision/quality", nil).want(http.StatusOK).equal("months.0.month", "2026-11").equal("months.0.documents", "2").
		equal("months.0.fields_read", "2").equal("months.0.fields_corrected", "1").equal("months.0.correction_rate", "0.5").
		equal("months.0.rescans", "1").equal("months.0.rescan_rate", "0.5").equal("months.0.average_rating", "4")
}

// readDocument uploads a file and notes what recognition and people made of it.
func (w *town) readDocument(as string, fields document.Fields, findings []document.Finding) {
	w.t.Helper()
	id := document.ID(w.upload(as, "scan.pdf", nil))
	d, err := w.records.Document(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, _, err := w.records.Apply(w.t.Context(), id, d.Version, storage.Change{Patch: storage.DocumentPatch{Fields: fields, Findings: findings}}); err != nil {
		w.t.Fatal(err)
	}
}
