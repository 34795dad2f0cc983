package web

import (
	"net/http"
	"time"

	"onewindow/access"
	"onewindow/approval/clock"
	"onewindow/casework/consultation"
	"onewindow/casework/followup"
	"onewindow/casework/register"
	"onewindow/storage"
)

// todayData is the hall's day: whom to call, what was handed out and answered.
type todayData struct {
	Hall, Day string
	Lines     []followup.FollowedCase
	Issued    []issuanceRow
	Answers   []consultation.Record
	Urgent    int
	Next      string
}

// lights are how urgent a reminder is, as states are coloured.
var lights = map[clock.Light]string{clock.Red: "bad", clock.Yellow: "warn", clock.Green: ""}

// today shows and prints the day's lists of the hall (P3.14).
func (s *pages) today(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	data := todayData{Hall: who.Hall, Day: s.day(s.Now())}
	var got struct {
		Lines []followup.FollowedCase
		Next  string
	}
	if err := s.ask(r, http.MethodGet, "/v1/follow-ups"+query("before", r.URL.Query().Get("before")), nil, &got); err != nil {
		s.fail(w, r, err)
		return
	}
	for _, l := range got.Lines {
		if len(l.Reminders) > 0 {
			data.Lines = append(data.Lines, l)
			if l.Reminders[0].Light == clock.Red {
				data.Urgent++
			}
		}
	}
	if got.Next != "" {
		data.Next = address("/counter/today", "before", got.Next)
	}
	all, err := s.askIssuances(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	for _, row := range all {
		if !row.Issuance.At.IsZero() && s.day(row.Issuance.At) == data.Day {
			data.Issued = append(data.Issued, row)
		}
	}
	asked, err := register.List[consultation.Consultation](r.Context(), s.Registers, storage.EntryQuery{Register: consultation.Register, Hall: who.Hall, Limit: perPage})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	for _, c := range asked {
		if seesEntry(who, c.Entry) && s.day(c.Created) == data.Day {
			data.Answers = append(data.Answers, c)
		}
	}
	s.render(w, r, http.StatusOK, "today", "今日清单", data)
}

// day is the Chinese date of a moment.
func (s *pages) day(at time.Time) string { return at.In(shanghai).Format(time.DateOnly) }

func (s *pages) todayRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /counter/today", s.allowed(access.FollowUp, s.today))
	mux.HandleFunc("POST /documents/{id}/discard", s.allowed(access.DocumentDecide, s.does(deed{path: to("/v1/documents/", "/discard"), back: always("/counter"),
		body: func(f form) any { return map[string]any{"reason": f.get("reason")} }})))
}
