package web

import (
	"net/http"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/approval/clock"
	"onewindow/approval/progress"
	"onewindow/storage"
)

// supervisionData is the division at a glance (personas.md 4).
type supervisionData struct {
	Counts []countRow
	Late   []itemRow
	Soon   []itemRow
	Units  []unitRow
	Tabs   []tab
	Drills bool // units lead to their limits
}

type countRow struct {
	Text, Kind string
	N          int
}

// unitRow is how much lies on a unit's desk. The keys are read by the chart.
type unitRow struct {
	Code       string `json:"-"`
	Name       string `json:"name"`
	Waiting    int    `json:"waiting"`
	Processing int    `json:"processing"`
	Paused     int    `json:"paused"`
	Done       int    `json:"done"`
	Late       int    `json:"late"`
}

// dueSoonDays is how far ahead items are looked for that are due soon; how many
// working days make them yellow is the office's rule.
const dueSoonDays = 7

// dueRows is how many items that are late or soon due are shown.
const dueRows = 200

func (s *pages) supervision(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	desks, err := s.Records.CountDesks(r.Context(), who.Division, s.Now())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	counts := map[progress.State]int{}
	for _, d := range desks {
		for state, n := range d.States {
			counts[state] += n
		}
	}
	data := supervisionData{Tabs: s.supervisionTabs(r), Drills: who.May(access.SupervisionRead)}
	for _, st := range progress.States() {
		if st != progress.Draft {
			data.Counts = append(data.Counts, countRow{st.Text(), s.lamp(approval.CaseItem{State: st}), counts[st]})
		}
	}
	if err := s.dueItems(r, &data); err != nil {
		s.fail(w, r, err)
		return
	}
	s.unitRows(desks, &data)
	s.render(w, r, http.StatusOK, "supervision", "效能监管", data)
}

// dueItems finds what is late and what will be.
func (s *pages) dueItems(r *http.Request, data *supervisionData) error {
	who, _ := whoOf(r.Context())
	now := s.Now()
	due, err := s.Records.ListCaseItems(r.Context(), storage.ItemQuery{Division: who.Division, Open: true, Limit: dueRows,
		DueBefore: now.AddDate(0, 0, dueSoonDays)})
	if err != nil {
		return err
	}
	for _, it := range due {
		row := s.itemRow(it)
		switch {
		case it.Due.Before(now):
			data.Late = append(data.Late, row)
		case row.Light == clock.Yellow:
			data.Soon = append(data.Soon, row)
		}
	}
	return nil
}

// unitRows says what lies on each unit's desk; units with nothing are left out.
func (s *pages) unitRows(desks map[string]storage.DeskCount, data *supervisionData) {
	for _, u := range s.Catalogue.Units {
		n := desks[u.Code].States
		row := unitRow{Code: u.Code, Name: u.Name, Waiting: n[progress.Submitted], Processing: n[progress.Accepted] + n[progress.InProcessing],
			Paused: n[progress.CorrectionOpen] + n[progress.SpecialOpen], Late: desks[u.Code].Late,
			Done: n[progress.CompletedApproved] + n[progress.CompletedTolerated] + n[progress.CompletedRejected]}
		if row.Waiting+row.Processing+row.Paused+row.Done > 0 {
			data.Units = append(data.Units, row)
		}
	}
}
