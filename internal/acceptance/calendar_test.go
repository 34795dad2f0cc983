package acceptance_test

import (
	"net/http"
	"testing"

	"onewindow/approval/calendar"
	"onewindow/approval/clock"
)

// A calendar that changes while cases run moves their dates: what would move is
// listed first, then kept with a row in the trail; what has passed stays.
func TestV2_7_AnotherCalendarMovesWhatRunsAndSaysWhat(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	_, items := w.apply("S1", filing, landUse)
	w.act("planner", items[landUse], "accept", nil).want(http.StatusOK)
	if got := w.item("planner", items[landUse]).moment("due"); got != "2026-11-26 17:30" {
		t.Fatalf("due %s", got)
	}
	next, err := calendar.New([]byte(`{"years": {"2026": {"holidays": [{"name": "临时放假", "from": "2026-11-25", "to": "2026-11-26"}]}}}`))
	if err != nil {
		t.Fatal(err)
	}
	w.office.Calendar = next
	list, err := w.office.Recompute(t.Context(), "system", false)
	if err != nil || len(list) != 1 {
		t.Fatalf("moved %+v (%v), want the one limit: the return window closes before the holiday", list, err)
	}
	from, to := list[0].Days()
	if list[0].CaseItem != items[landUse] || list[0].Kind != clock.KindLimit || from != "2026-11-26" || to != "2026-11-30" || list[0].Item != "建设用地规划许可证核发" {
		t.Errorf("moved %+v", list[0])
	}
	if it, err := w.records.CaseItem(t.Context(), items[landUse]); err != nil || !it.Due.Equal(list[0].From) {
		t.Errorf("looking kept %v (%v)", it.Due, err)
	}
	if list, err = w.office.Recompute(t.Context(), "system", true); err != nil || len(list) != 1 {
		t.Fatalf("applied %+v (%v)", list, err)
	}
	if got := w.item("planner", items[landUse]).moment("due"); got != "2026-11-30 17:30" {
		t.Errorf("due %s under the new calendar", got)
	}
	w.ask("planner", "GET", "/v1/case-items/"+items[landUse]+"/clocks", nil).want(http.StatusOK).says("临时放假")
	w.ask("admin", "GET", "/v1/audit?object="+items[landUse], nil).want(http.StatusOK).says("case_item.recompute", "2026-11-26T09:30:00Z", "2026-11-30T09:30:00Z")
	if again, err := w.office.Recompute(t.Context(), "system", true); err != nil || len(again) != 0 {
		t.Errorf("again %+v moved (%v)", again, err)
	}
	w.set("2026-12-15 10:00") // passed: it stays, whatever the calendar says now
	w.office.Calendar = calendar.Default()
	if late, err := w.office.Recompute(t.Context(), "system", true); err != nil || len(late) != 0 {
		t.Errorf("dates that have passed moved: %+v (%v)", late, err)
	}
}

// The same for the replies of units, answers to consultations and complaints.
func TestV2_7_AnotherCalendarMovesWhatUnitsOweInTheRegisters(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	asked := w.ask("applicant", "POST", "/v1/consultations", map[string]any{"unit": "housing", "division": "430100", "question": "需要几份？"}).want(http.StatusOK)
	id := asked.text("id")
	if got := asked.moment("due"); got != "2026-11-25 17:30" {
		t.Fatalf("due %s", got)
	}
	done := w.ask("applicant", "POST", "/v1/consultations", map[string]any{"unit": "housing", "division": "430100", "question": "几天？"}).want(http.StatusOK).text("id")
	w.ask("housing", "POST", "/v1/consultations/"+done+"/answer", map[string]any{"answer": "三天"}).want(http.StatusOK)
	next, err := calendar.New([]byte(`{"years": {"2026": {"holidays": [{"name": "临时放假", "from": "2026-11-25", "to": "2026-11-26"}]}}}`))
	if err != nil {
		t.Fatal(err)
	}
	w.server.Registers.Calendar = next
	list, err := w.server.Registers.Recompute(t.Context(), "system", false)
	if err != nil || len(list) != 1 {
		t.Fatalf("moved %+v (%v), want the one that is not answered", list, err)
	}
	if from, to := list[0].Days(); list[0].Entry != id || list[0].Kind != clock.KindConsultation || from != "2026-11-25" || to != "2026-11-27" {
		t.Errorf("moved %+v", list[0])
	}
	if got := w.ask("housing", "GET", "/v1/consultations/"+id, nil).want(http.StatusOK).moment("due"); got != "2026-11-25 17:30" {
		t.Errorf("looking kept %s", got)
	}
	if list, err = w.server.Registers.Recompute(t.Context(), "system", true); err != nil || len(list) != 1 {
		t.Fatalf("applied %+v (%v)", list, err)
	}
	if got := w.ask("housing", "GET", "/v1/consultations/"+id, nil).want(http.StatusOK).moment("due"); got != "2026-11-27 17:30" {
		t.Errorf("due %s under the new calendar", got)
	}
	w.ask("admin", "GET", "/v1/audit?object="+id, nil).want(http.StatusOK).says("consultation.recompute", "2026-11-25T09:30:00Z", "2026-11-27T09:30:00Z")
	if again, err := w.server.Registers.Recompute(t.Context(), "system", true); err != nil || len(again) != 0 {
		t.Errorf("again %+v moved (%v)", again, err)
	}
	w.set("2026-12-15 10:00") // passed: it stays
	w.server.Registers.Calendar = calendar.Default()
	if late, err := w.server.Registers.Recompute(t.Context(), "system", true); err != nil || len(late) != 0 {
		t.Errorf("dates that have passed moved: %+v (%v)", late, err)
	}
}
