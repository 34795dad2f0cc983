package api_test

import (
	"net/http"
	"strings"
	"testing"

	"onewindow/document"
	"onewindow/storage"
)

// waiting is a scan of a unit that waits for confirmation.
func waiting(t *testing.T, h *house) (document.ID, string) {
	t.Helper()
	id := h.send("reviewer", scan(t, paper("rd-construction-permit")), field("project", project.Code))
	h.work()
	h.inState(id, document.StateNeedsReview)
	return id, "/v1/documents/" + string(id) + "/confirm"
}

func TestW6_UnconfirmedGivesNothing(t *testing.T) {
	h := openHouse(t)
	id, confirm := waiting(t, h)
	if d := h.document(id); d.Publication != nil {
		t.Errorf("publication %+v before confirmation", d.Publication)
	}
	kinds, err := h.records.Artifacts(t.Context(), id, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range kinds {
		if a.Kind == document.ArtifactDelivered {
			t.Error("a watermarked file exists before confirmation")
		}
	}
	if rs, _ := h.records.ListResults(t.Context(), storage.ResultQuery{}); len(rs) != 0 {
		t.Errorf("%d results exist before confirmation", len(rs))
	}
	if e := h.basis(t, "HN-S4-09", "construction-permit"); e.Satisfied || len(e.Offers) != 0 {
		t.Errorf("offered as basis before confirmation: %+v", e)
	}
	h.ask("reviewer", "POST", confirm, map[string]any{}).want(http.StatusOK)
	h.work() // nothing else is needed from anybody
	r := h.inState(id, document.StateDone).Publication.ResultID
	if got := h.get("planner", "/v1/results/"+r+"/file").want(http.StatusOK); !strings.Contains(string(got.body), "stamped") {
		t.Error("the delivered file carries no mark")
	}
	if e := h.basis(t, "HN-S4-09", "construction-permit"); !e.Satisfied {
		t.Errorf("not offered after confirmation: %+v", e)
	}
}

func TestV2_11_MissingAndInvalidFieldsAreAllNamed(t *testing.T) {
	h := openHouse(t)
	id, confirm := waiting(t, h)
	r := h.ask("reviewer", "POST", confirm, map[string]any{"project": "1", "fields": map[string]string{
		"builder": "", "location": " ", "doc_no": "123", "issue_date": "2099-01-01", "no_such_field": "x"}}).want(http.StatusUnprocessableEntity)
	wrong := r.wrong()
	for _, f := range []string{"builder", "location", "doc_no", "issue_date", "no_such_field", "project"} {
		if wrong[f] == "" {
			t.Errorf("%s is not named in %v", f, wrong)
		}
	}
	if !strings.HasPrefix(wrong["builder"], "请填写") || !strings.Contains(wrong["doc_no"], "未通过校验") {
		t.Errorf("messages %v", wrong)
	}
	if d := h.inState(id, document.StateNeedsReview); d.Fields["builder"].Value == "" {
		t.Error("a refused confirmation changed the fields")
	}
	if n := h.audits(string(id), "document.confirm"); n != 0 {
		t.Errorf("%d confirmations in the trail", n)
	}
}

func TestV2_11_ConfirmationIsKeptWithEachField(t *testing.T) {
	h := openHouse(t)
	id, confirm := waiting(t, h)
	read := h.document(id).Fields["scale"]
	h.ask("reviewer", "POST", confirm, map[string]any{"fields": map[string]string{"scale": "38000平方米", "remarks": ""}}).want(http.StatusOK)
	h.work()
	r, err := h.records.Result(t.Context(), h.inState(id, document.StateDone).Publication.ResultID)
	if err != nil {
		t.Fatal(err)
	}
	for key, f := range r.Fields {
		if f.ConfirmedBy != "reviewer" || f.ConfirmedAt == nil {
			t.Errorf("%s was confirmed by %q", key, f.ConfirmedBy)
		}
		if key != "scale" && (f.Source != document.FieldOCR || f.Page != 1 || f.Confidence == 0) {
			t.Errorf("%s lost where it came from: %+v", key, f)
		}
	}
	if f := r.Fields["scale"]; f.Value != "38000平方米" || f.Source != document.FieldManual || f.Raw != read.Raw || f.Box != read.Box {
		t.Errorf("corrected field %+v", f)
	}
	if f, ok := r.Fields["remarks"]; ok {
		t.Errorf("an emptied field stayed: %+v", f)
	}
	if r.ConfirmedBy != "reviewer" || h.audits(string(id), "document.confirm") != 1 || h.audits(r.ID, "result.publish") != 1 {
		t.Errorf("confirmed by %q, trail %d and %d", r.ConfirmedBy, h.audits(string(id), "document.confirm"), h.audits(r.ID, "result.publish"))
	}
}

func TestV2_11_TwoPeopleAtOnceDoNotBothWin(t *testing.T) {
	h := openHouse(t)
	id, confirm := waiting(t, h)
	seen := h.document(id).Version
	h.ask("reviewer", "POST", confirm, map[string]any{"version": seen - 1}).want(http.StatusConflict)
	h.ask("reviewer", "POST", confirm, map[string]any{"version": seen}).want(http.StatusOK)
	h.ask("admin", "POST", confirm, map[string]any{"version": seen}).want(http.StatusConflict)
}

func TestReview_TypeCorrectedByAPerson(t *testing.T) {
	h := openHouse(t)
	id := h.send("reviewer", scan(t, paper("rd-construction-permit")), field("project", project.Code))
	h.work()
	confirm := "/v1/documents/" + string(id) + "/confirm"
	if r := h.ask("reviewer", "POST", confirm, map[string]any{"type": "rd-nothing"}).want(http.StatusUnprocessableEntity); r.wrong()["type"] == "" {
		t.Errorf("answer %s", r.body)
	}
	other := paper("rd-fire-design-opinion")
	h.ask("reviewer", "POST", confirm, map[string]any{"type": "rd-fire-design-opinion", "fields": other.Truth.Fields}).want(http.StatusOK)
	d := h.document(id)
	if d.Classification.Code != "rd-fire-design-opinion" || d.Classification.By != "reviewer" || d.Classification.RunnersUp[0].Code != "rd-construction-permit" {
		t.Errorf("classification %+v", d.Classification)
	}
	if _, ok := d.Fields["contract_price"]; ok {
		t.Error("a field of the old type stayed")
	}
}

func TestReview_RejectAndCancelNeedReasonAndState(t *testing.T) {
	h := openHouse(t)
	id, confirm := waiting(t, h)
	path := "/v1/documents/" + string(id)
	h.ask("reviewer", "POST", path+"/reject", map[string]any{"reason": ""}).want(http.StatusUnprocessableEntity)
	h.ask("reviewer", "POST", path+"/reject", map[string]any{"reason": "印章不清"}).want(http.StatusOK)
	h.inState(id, document.StateRejected)
	h.ask("reviewer", "POST", confirm, map[string]any{}).want(http.StatusConflict)
	h.ask("reviewer", "POST", path+"/cancel", map[string]any{"reason": "x"}).want(http.StatusConflict)
	fresh := h.send("reviewer", scan(t, paper("rd-eia-reply")))
	h.ask("reviewer", "POST", "/v1/documents/"+string(fresh)+"/cancel", map[string]any{"reason": "传错了"}).want(http.StatusOK)
	h.work()
	h.inState(fresh, document.StateCancelled)
	if h.audits(string(id), "document.reject") != 1 || h.audits(string(fresh), "document.cancel") != 1 {
		t.Error("the trail does not tell of both")
	}
}

func TestReview_BelongsToTheUnit(t *testing.T) {
	h := openHouse(t)
	id, confirm := waiting(t, h) // of unit housing
	path := "/v1/documents/" + string(id)
	for _, c := range []struct {
		who    string
		status int
	}{
		{"planner", http.StatusNotFound},    // another unit: does not exist for it
		{"applicant", http.StatusForbidden}, // never decides
		{"clerk", http.StatusForbidden},     // sees it, but the unit sent it
		{"system", http.StatusForbidden},    // of the unit, but a program
	} {
		h.ask(c.who, "POST", confirm, map[string]any{}).want(c.status)
		h.ask(c.who, "POST", path+"/reject", map[string]any{"reason": "x"}).want(c.status)
		h.ask(c.who, "POST", path+"/cancel", map[string]any{"reason": "x"}).want(c.status)
	}
	h.inState(id, document.StateNeedsReview)
	// A counter's scan belongs to the unit that issues its type, and to the window.
	counter := h.send("clerk", scan(t, paper("rd-construction-permit")), field("project", project.Code))
	h.work()
	h.ask("planner", "POST", "/v1/documents/"+string(counter)+"/confirm", map[string]any{}).want(http.StatusNotFound)
	h.ask("reviewer", "POST", "/v1/documents/"+string(counter)+"/confirm", map[string]any{}).want(http.StatusOK)
}

func TestRetry_EncryptedFileIsUnlockedAndReprocessed(t *testing.T) {
	h := openHouse(t)
	content := scan(t, paper("rd-construction-permit"))
	id := h.send("reviewer", "locked:secret:"+content, field("project", project.Code))
	h.work()
	if d := h.inState(id, document.StateRefused); d.Refusal.Code != document.CodeEncrypted {
		t.Fatalf("refusal %+v", d.Refusal)
	}
	path := "/v1/documents/" + string(id)
	if r := h.ask("reviewer", "POST", path+"/password", map[string]any{"password": "guess"}).want(http.StatusUnprocessableEntity); r.wrong()["file"] != "encrypted" {
		t.Errorf("a wrong password answered %s", r.body)
	}
	h.ask("reviewer", "POST", path+"/password", map[string]any{"password": "secret"}).want(http.StatusOK)
	h.work()
	h.inState(id, document.StateNeedsReview)
	// The password is kept nowhere, so the decrypted copy must go along.
	h.do(h.request("reviewer", "POST", path+"/reprocess?engine=tesseract", nil)).want(http.StatusOK)
	h.work()
	d := h.inState(id, document.StateNeedsReview)
	if d.Generation != 3 || d.Origin.Engine != "tesseract" {
		t.Errorf("generation %d, engine %q", d.Generation, d.Origin.Engine)
	}
	h.ask("reviewer", "POST", path+"/confirm", map[string]any{}).want(http.StatusOK)
	h.work()
	r := h.inState(id, document.StateDone).Publication.ResultID
	if got := h.get("planner", "/v1/results/"+r+"/file?trace=1").want(http.StatusOK); !strings.Contains(string(got.body), "领取：自然资源和规划局 planner") {
		t.Errorf("the traced copy of a decrypted file: %.80s", got.body)
	}
	if got := h.get("reviewer", "/v1/results/"+r+"/original").want(http.StatusOK); string(got.body) != "locked:secret:"+content {
		t.Error("the original did not stay as it came")
	}
	for _, row := range auditText(t, h) {
		if strings.Contains(row, "secret") {
			t.Errorf("the password stands in the trail: %s", row)
		}
	}
	if strings.Contains(h.log.String(), "secret") {
		t.Error("the password stands in the log")
	}
}

func TestRetry_ApplicantsGiveTheirOwnPassword(t *testing.T) {
	h := openHouse(t)
	id := h.send("applicant", "locked:secret:"+scan(t, paper("rd-business-licence")))
	h.work()
	h.inState(id, document.StateRefused)
	path := "/v1/documents/" + string(id) + "/password"
	h.ask("stranger", "POST", path, map[string]any{"password": "secret"}).want(http.StatusNotFound)
	h.ask("applicant", "POST", path, map[string]any{"password": "secret"}).want(http.StatusOK)
	h.work()
	if d := h.document(id); d.State == document.StateRefused || d.Pages == 0 {
		t.Errorf("document %s, %d pages", d.State, d.Pages)
	}
}

func TestReprocess_IsForWhoeverDecides(t *testing.T) {
	h := openHouse(t)
	id := string(h.stored(t, h.permit()).Document)
	for who, status := range map[string]int{"clerk": 403, "planner": 404, "system": 403, "applicant": 403} {
		h.do(h.request(who, "POST", "/v1/documents/"+id+"/reprocess", nil)).want(status)
	}
}

func auditText(t *testing.T, h *house) []string {
	t.Helper()
	rows, err := h.records.AuditTrail(t.Context(), "", 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range rows {
		line := r.Actor + " " + r.Action + " " + r.Object
		for k, v := range r.Detail {
			line += " " + k + "=" + v
		}
		out = append(out, line)
	}
	return out
}

func TestReprocess_PublishedAgainIsANewVersion(t *testing.T) {
	h := openHouse(t)
	first := h.permit()
	r, err := h.records.Result(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	path := "/v1/documents/" + string(r.Document)
	h.do(h.request("reviewer", "POST", path+"/reprocess", nil)).want(http.StatusOK)
	h.work()
	h.ask("reviewer", "POST", path+"/confirm", map[string]any{}).want(http.StatusOK)
	h.work()
	again, err := h.records.Result(t.Context(), h.document(r.Document).Publication.ResultID)
	if err != nil || again.Lineage != r.Lineage || again.Version != 2 || again.Supersedes != first {
		t.Errorf("second version %+v, %v", again, err)
	}
	h.get("planner", "/v1/results/"+first+"/file").want(http.StatusOK) // earlier outputs stay
}

func TestRetry_OnlyWhatStopped(t *testing.T) {
	h := openHouse(t)
	id := h.send("reviewer", "no pdf at all")
	h.work()
	if d := h.inState(id, document.StateRefused); d.Refusal.Code != document.CodeCorrupt {
		t.Fatalf("refusal %+v", d.Refusal)
	}
	path := "/v1/documents/" + string(id)
	h.do(h.request("reviewer", "POST", path+"/retry", nil)).want(http.StatusOK)
	h.work()
	h.inState(id, document.StateRefused)
	done, _ := waiting(t, h)
	h.do(h.request("reviewer", "POST", "/v1/documents/"+string(done)+"/retry", nil)).want(http.StatusConflict)
	h.do(h.request("planner", "POST", path+"/retry", nil)).want(http.StatusNotFound)
	h.do(h.request("reviewer", "POST", path+"/reprocess?engine=magic", nil)).want(http.StatusUnprocessableEntity)
	h.ask("reviewer", "POST", path+"/password", map[string]any{"password": "x"}).want(http.StatusConflict)
}
