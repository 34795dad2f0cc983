package acceptance_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestP6_2_ComplaintGoesItsWayAndNobodyClosesTheirOwn(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	a := w.ask("applicant", "POST", "/v1/complaints", map[string]any{"kind": "complaint", "division": "430100", "about_unit": "housing",
		"subject": "逾期", "text": "施工许可逾期未办"}).want(http.StatusOK).equal("number", "TS202611230001").equal("state", "registered")
	id := a.text("id")
	if got := a.moment("due"); got != "2026-11-30 17:30" {
		t.Errorf("due %s, want five working days", got)
	}
	w.ask("supervisor", "POST", "/v1/complaints/"+id+"/assign", map[string]any{"unit": "housing"}).want(http.StatusOK).equal("state", "assigned")
	w.ask("planner", "GET", "/v1/complaints/"+id, nil).want(http.StatusNotFound)
	w.ask("housing", "POST", "/v1/complaints/"+id+"/answer", map[string]any{"answer": "已于今日办结。"}).want(http.StatusOK).equal("state", "answered")
	w.ask("housing", "POST", "/v1/complaints/"+id+"/close", map[string]any{}).want(http.StatusConflict)
	w.ask("applicant", "POST", "/v1/complaints/"+id+"/close", map[string]any{"satisfaction": 4}).want(http.StatusOK).equal("state", "closed").
		equal("matter.satisfaction", "4")
}

func TestP6_2_AnonymousComplaintNamesNobody(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	id := w.ask("applicant", "POST", "/v1/complaints", map[string]any{"kind": "complaint", "division": "430100", "text": "态度不好",
		"anonymous": true, "contact": "13800000000"}).want(http.StatusOK).text("id")
	w.ask("supervisor", "GET", "/v1/complaints/"+id, nil).want(http.StatusOK).silent("applicant", "13800000000")
	w.ask("admin", "GET", "/v1/audit?object="+id, nil).want(http.StatusOK).says("anonymous").silent(`"actor":"applicant"`)
}

func TestT3_HelpPageSaysWhomToTurnTo(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	page := w.look(t, "", "/about")
	for _, want := range []string{"0731-88950406", "0731-88950063", "市工程建设项目审批制度改革领导小组办公室", "一窗受理、集成服务"} {
		if !strings.Contains(page, want) {
			t.Errorf("the help page does not say %s", want)
		}
	}
}

func TestT3_SuggestionGetsATrackingNumber(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.ask("applicant", "POST", "/v1/complaints", map[string]any{"kind": "suggestion", "division": "430100", "text": "希望增加周六窗口"}).
		want(http.StatusOK).equal("number", "JY202611230001")
}
