package cases

import (
	"context"
	"crypto/subtle"
	"strconv"
	"strings"
	"time"

	"onewindow/approval"
	"onewindow/approval/clock"
	"onewindow/approval/progress"
	"onewindow/storage"
)

// Item returns an item as it stands now: time that has passed has counted.
func (o *Office) Item(ctx context.Context, id string) (approval.CaseItem, error) {
	return o.settled(ctx, id)
}

// Statuses describes all clocks of an item now.
func (o *Office) Statuses(item approval.CaseItem) []clock.Status { return o.statuses(item) }

// StateText is an item's state as people read it.
func StateText(item approval.CaseItem) string {
	if item.State == progress.Accepted && item.AcceptedBy == approval.AcceptedDeemed {
		return "视为受理"
	}
	return item.State.Text()
}

// Explanation says of one clock why its date is what it is.
type Explanation struct {
	clock.Status
	Name    string        `json:"name"`
	Entries []clock.Entry `json:"entries"`
	Days    []clock.Day   `json:"days"`
}

var clockNames = map[clock.Kind]string{
	clock.KindReturn: "退回时限", clock.KindLimit: "办理时限", clock.KindCorrection: "补正时限",
}

// ExplainClocks explains all clocks of an item, day by day.
func (o *Office) ExplainClocks(item approval.CaseItem) []Explanation {
	out := []Explanation{}
	for _, c := range item.Clocks {
		out = append(out, Explanation{Status: c.Status(o.Calendar, o.now(), o.Rules.filled().WarnDays), Name: clockNames[c.Kind],
			Entries: c.Entries, Days: c.Explain(o.Calendar, o.now())})
	}
	return out
}

// Progress is what anybody with the number and the code of a case may know.
type Progress struct {
	Number  string         `json:"number"`
	Stage   string         `json:"stage"`
	Project string         `json:"project_name"`
	Items   []ItemProgress `json:"items"`
}

// ItemProgress is one item of it.
type ItemProgress struct {
	Item  string    `json:"item"`
	Unit  string    `json:"unit"`
	State string    `json:"state"`
	Due   time.Time `json:"due,omitzero"`
	Left  int       `json:"left_workdays"`
}

// Progress answers without a login. Errors: storage.ErrNotFound for a wrong
// number and for a wrong code alike.
func (o *Office) Progress(ctx context.Context, number, code string) (Progress, error) {
	k, err := o.Records.Case(ctx, strings.TrimSpace(number))
	if err != nil {
		return Progress{}, err
	}
	if subtle.ConstantTimeCompare([]byte(strings.ToUpper(strings.TrimSpace(code))), []byte(k.Code)) != 1 {
		return Progress{}, storage.ErrNotFound
	}
	project, err := o.Records.Registration(ctx, k.Project)
	if err != nil {
		return Progress{}, err
	}
	items, err := o.Records.ListCaseItems(ctx, storage.ItemQuery{Case: k.ID, Limit: 500})
	if err != nil {
		return Progress{}, err
	}
	p := Progress{Number: k.Number, Stage: o.Catalogue.Name(k.Stage), Project: project.Name, Items: []ItemProgress{}}
	for _, it := range items {
		line := ItemProgress{Item: o.Catalogue.Name(it.Item), Unit: o.Catalogue.Name(it.Unit), State: StateText(it), Due: it.Due}
		if c := it.Clock(it.DueKind); c != nil {
			line.Left = c.Status(o.Calendar, o.now(), 0).Left
		}
		p.Items = append(p.Items, line)
	}
	return p, nil
}

// Mark is where the next page of a list of items begins, after this one.
func Mark(it approval.CaseItem) string { return MarkAt(it.Due, it.ID) }

// MarkAt is the mark of the item of this ID whose next limit passes then; zero is
// never.
func MarkAt(due time.Time, id string) string {
	ms := int64(0)
	if !due.IsZero() {
		ms = due.UnixMilli()
	}
	return strconv.FormatInt(ms, 10) + "." + id
}

// ParseMark reads a mark; "" is the first page.
func ParseMark(text string) (storage.ItemMark, bool) {
	if text == "" {
		return storage.ItemMark{}, true
	}
	ms, id, ok := strings.Cut(text, ".")
	n, err := strconv.ParseInt(ms, 10, 64)
	if !ok || err != nil {
		return storage.ItemMark{}, false
	}
	m := storage.ItemMark{ID: id}
	if n != 0 {
		m.Due = time.UnixMilli(n)
	}
	return m, true
}
