package supervision

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"onewindow/approval"
	"onewindow/approval/calendar"
	"onewindow/casework/cases"
	"onewindow/casework/complaint"
	"onewindow/casework/consultation"
	"onewindow/casework/issuance"
	"onewindow/casework/register"
	"onewindow/document"
	"onewindow/storage"
)

// Paper is one case that was taken in on paper (P3.1) and how long its papers took
// to be in the system (P3.12).
type Paper struct {
	Case      string    `json:"case_id"`
	Number    string    `json:"number"`
	Hall      string    `json:"hall"`
	Window    string    `json:"window"`
	Clerk     string    `json:"clerk"`
	Reason    string    `json:"reason"`
	Received  time.Time `json:"received_at"`
	Available time.Time `json:"available_at,omitzero"` // submitted to the units
	Minutes   int       `json:"minutes"`               // until then, or until now
	Late      bool      `json:"late"`                  // not by the end of the day it came (P3.12)
}

// PaperReport is what was taken in on paper in a period.
type PaperReport struct {
	Total   int            `json:"total"`
	Late    int            `json:"not_uploaded_same_day"`
	Reasons map[string]int `json:"reasons"` // by reason, in words
	Lines   []Paper        `json:"lines"`
}

// inPeriod reports whether a moment counts.
func inPeriod(q storage.MoveQuery, t time.Time) bool {
	return !t.Before(q.From) && (q.To.IsZero() || t.Before(q.To))
}

// Papers reports paper intakes of a period, newest first.
func (o *Office) Papers(ctx context.Context, q storage.MoveQuery) (PaperReport, error) {
	out := PaperReport{Reasons: map[string]int{}, Lines: []Paper{}}
	cq := storage.CaseQuery{Division: q.Division, Hall: q.Hall, Stage: q.Stage, Channel: approval.ChannelPhysical, Limit: 500}
	for {
		found, err := o.Records.ListCases(ctx, cq)
		if err != nil {
			return out, err
		}
		for _, k := range found {
			if k.Created.Before(q.From) {
				return out, nil
			}
			if inPeriod(q, k.Created) {
				out.add(o.paperOf(k))
			}
		}
		if len(found) < cq.Limit {
			return out, nil
		}
		cq.Before = found[len(found)-1].ID
	}
}

func (o *Office) paperOf(k approval.Case) Paper {
	until := o.Now()
	if k.Submitted {
		until = k.SubmitAt
	}
	return Paper{Case: k.ID, Number: k.Number, Hall: k.Hall, Window: k.Window, Clerk: k.AssistedBy, Reason: cmp.Or(cases.PaperReasons[k.PaperReason], k.PaperReason),
		Received: k.Created, Available: k.SubmitAt, Minutes: int(until.Sub(k.Created).Minutes()), Late: until.After(o.Calendar.Close(o.Calendar.NextOpening(k.Created)))}
}

func (r *PaperReport) add(p Paper) {
	r.Total++
	r.Reasons[p.Reason]++
	if p.Late {
		r.Late++
	}
	r.Lines = append(r.Lines, p)
}

// VisitReport is how often applicants had to come (G.7: at most once).
type VisitReport struct {
	Cases  int         `json:"cases"`       // with a result handed out in the period
	Once   int         `json:"at_most_one"` // 最多跑一次
	Never  int         `json:"none"`        // 一次不用跑
	Share  float64     `json:"share_at_most_one"`
	Visits map[int]int `json:"by_visits"`
}

// Visits counts visits per case: the day it was brought on paper, and each day on
// which something of it was picked up or printed in a hall.
func (o *Office) Visits(ctx context.Context, d *register.Desk, q storage.MoveQuery) (VisitReport, error) {
	out := VisitReport{Visits: map[int]int{}}
	given, err := register.All[issuance.Issuance](ctx, d, storage.EntryQuery{Register: issuance.Register, Division: q.Division, Hall: q.Hall,
		States: []string{issuance.Collected, issuance.Printed, issuance.Delivered}})
	if err != nil {
		return out, err
	}
	days := map[string]map[string]bool{}
	for _, r := range given {
		if !inPeriod(q, r.Body.At) {
			continue
		}
		if days[r.Case] == nil {
			days[r.Case] = map[string]bool{}
		}
		if r.Body.Visits > 0 {
			days[r.Case][r.Body.At.In(calendar.Zone).Format(time.DateOnly)] = true
		}
	}
	for id, visited := range days {
		k, err := o.Records.Case(ctx, id)
		if err != nil {
			return out, err
		}
		if k.Channel == approval.ChannelPhysical {
			visited[k.Created.In(calendar.Zone).Format(time.DateOnly)] = true
		}
		out.Cases++
		out.Visits[len(visited)]++
		if len(visited) <= 1 {
			out.Once++
		}
		if len(visited) == 0 {
			out.Never++
		}
	}
	if out.Cases > 0 {
		out.Share = round(float64(out.Once) / float64(out.Cases))
	}
	return out, nil
}

// Quality is how well recognition and service did in a month (W2.8).
type Quality struct {
	Month      string  `json:"month"`     // 2026-11
	Documents  int     `json:"documents"` // received
	Confirmed  int     `json:"documents_confirmed"`
	Fields     int     `json:"fields_read"`      // by recognition, and confirmed by people
	Corrected  int     `json:"fields_corrected"` // of these, changed by them
	Correction float64 `json:"correction_rate"`
	Rescans    int     `json:"rescans"` // that had to be scanned again
	Rescan     float64 `json:"rescan_rate"`
	Ratings    int     `json:"ratings"`
	Rating     float64 `json:"average_rating"` // 1…5, 0 without any
	sum        int
}

// poor are the findings that ask for a better scan.
var poor = []string{"low_resolution", "coarse", "unreadable"}

// Quality reports month by month, the newest first.
func (o *Office) Quality(ctx context.Context, d *register.Desk, q storage.MoveQuery) ([]Quality, error) {
	months := map[string]*Quality{}
	of := func(t time.Time) *Quality {
		key := t.In(calendar.Zone).Format("2006-01")
		if months[key] == nil {
			months[key] = &Quality{Month: key}
		}
		return months[key]
	}
	if err := o.read(ctx, q, of); err != nil {
		return nil, err
	}
	if err := rated(ctx, d, q, of); err != nil {
		return nil, err
	}
	out := []Quality{}
	for _, m := range months {
		m.Correction, m.Rescan = round(share(m.Corrected, m.Fields)), round(share(m.Rescans, m.Documents))
		if m.Ratings > 0 {
			m.Rating = math.Round(float64(m.sum)/float64(m.Ratings)*10) / 10
		}
		out = append(out, *m)
	}
	slices.SortFunc(out, func(a, b Quality) int { return cmp.Compare(b.Month, a.Month) })
	return out, nil
}

// read counts documents; the newest are listed first.
func (o *Office) read(ctx context.Context, q storage.MoveQuery, of func(time.Time) *Quality) error {
	dq := storage.DocumentQuery{Unit: q.Unit, Limit: 500}
	for {
		found, err := o.Records.ListDocuments(ctx, dq)
		if err != nil {
			return err
		}
		for _, doc := range found {
			if doc.ReceivedAt.Before(q.From) {
				return nil
			}
			if inPeriod(q, doc.ReceivedAt) && (q.Division == "" || doc.Origin.Division == q.Division) && (q.Hall == "" || doc.Origin.Hall == q.Hall) {
				of(doc.ReceivedAt).document(doc)
			}
		}
		if len(found) < dq.Limit {
			return nil
		}
		dq.Before = found[len(found)-1].ID
	}
}

func (m *Quality) document(doc document.Document) {
	m.Documents++
	if slices.ContainsFunc(doc.Findings, func(f document.Finding) bool { return slices.Contains(poor, f.Code) }) {
		m.Rescans++
	}
	confirmed := false
	for _, f := range doc.Fields {
		if f.ConfirmedBy == "" || f.Source != document.FieldOCR && (f.Source != document.FieldManual || f.Raw == "") {
			continue // typed without having been read says nothing about recognition
		}
		confirmed = true
		m.Fields++
		if f.Source == document.FieldManual {
			m.Corrected++
		}
	}
	if confirmed {
		m.Confirmed++
	}
}

// rated counts how content people are with answers.
func rated(ctx context.Context, d *register.Desk, q storage.MoveQuery, of func(time.Time) *Quality) error {
	asked, err := register.All[consultation.Consultation](ctx, d, storage.EntryQuery{Register: consultation.Register, Division: q.Division})
	if err != nil {
		return err
	}
	for _, r := range asked {
		if r.Body.Rating > 0 && inPeriod(q, r.Body.AnsweredAt) {
			of(r.Body.AnsweredAt).rate(r.Body.Rating)
		}
	}
	complained, err := register.All[complaint.Matter](ctx, d, storage.EntryQuery{Register: complaint.Register, Division: q.Division})
	for _, r := range complained {
		if r.Body.Satisfaction > 0 && inPeriod(q, r.Body.AnsweredAt) {
			of(r.Body.AnsweredAt).rate(r.Body.Satisfaction)
		}
	}
	return err
}

func (m *Quality) rate(points int) {
	m.Ratings++
	m.sum += points
}
