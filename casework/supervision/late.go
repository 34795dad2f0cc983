package supervision

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"onewindow/approval"
	"onewindow/approval/calendar"
	"onewindow/approval/clock"
	"onewindow/casework"
	"onewindow/casework/organisation"
	"onewindow/storage"
)

// Due is one limit that runs, or that passed (黄牌, 红牌), and who answers for it
// (W4.2).
type Due struct {
	CaseItem string      `json:"case_item"`
	Case     string      `json:"case_number"`
	Division string      `json:"division"`
	Stage    string      `json:"stage"`
	Item     string      `json:"item"`
	ItemName string      `json:"item_name"`
	Unit     string      `json:"unit"`
	UnitName string      `json:"unit_name"`
	Officer  []string    `json:"officers"` // who acted last, else everybody of the unit who may
	Kind     clock.Kind  `json:"kind"`
	Limit    int         `json:"limit_workdays"`
	Due      time.Time   `json:"due"`
	Left     int         `json:"left_workdays"`     // negative when passed
	Ended    time.Time   `json:"ended_at,omitzero"` // when it was done after all
	Over     int         `json:"overdue_workdays"`  // 0 while in time
	Light    clock.Light `json:"light"`
	Urged    []Urging    `json:"urged,omitempty"`
}

// Urging is one 督办.
type Urging struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	Text string    `json:"text"`
}

// Clocks lists a page of the limits of units that run, the most urgent first;
// light "" lists all (W2.2). next is where the next page begins, without an ID when
// there is none. q.Limit is the length of a page, 200 if 0, at most 500.
func (o *Office) Clocks(ctx context.Context, q storage.ItemQuery, light clock.Light) (page []Due, next storage.ItemMark, err error) {
	none := storage.ItemMark{}
	people, err := o.people(ctx, q.Division)
	if err != nil {
		return nil, none, err
	}
	most := min(cmp.Or(q.Limit, 200), 500)
	q.Open, q.Limit = true, most
	o.narrow(&q, light)
	page = []Due{}
	for {
		items, err := o.Records.ListCaseItems(ctx, q)
		if err != nil {
			return nil, none, err
		}
		for _, it := range items {
			if it.Due.IsZero() || it.DueKind == clock.KindCorrection { // nothing runs, or the applicant's time
				continue
			}
			d := o.due(it, people)
			if light != "" && d.Light != light {
				continue
			}
			if len(page) == most {
				return page, next, o.tellUrged(ctx, page)
			}
			page, next = append(page, d), storage.ItemMark{Due: it.Due, ID: it.ID}
		}
		if len(items) < q.Limit || items[len(items)-1].Due.IsZero() {
			return page, none, o.tellUrged(ctx, page)
		}
		last := items[len(items)-1]
		q.After = storage.ItemMark{Due: last.Due, ID: last.ID}
	}
}

// longestBreak is more than any holiday is long, and the days off around it.
const longestBreak = 14 * 24 * time.Hour

// narrow keeps a query to when something of a light can pass, so that a few yellow
// ones need not be looked for among all.
func (o *Office) narrow(q *storage.ItemQuery, light clock.Light) {
	now := o.Now()
	switch light {
	case clock.Red:
		q.DueBefore = now
	case clock.Yellow:
		q.DueFrom = now
		q.DueBefore = now.Add(longestBreak).AddDate(0, 0, 2*max(1, o.WarnDays))
	case clock.Green:
		q.DueFrom = now
	}
}

// Overdue lists what is late now and what ended late in a period, each with its
// unit and person (W4.2): the most urgent 500, and the newest 500.
func (o *Office) Overdue(ctx context.Context, q storage.MoveQuery) ([]Due, error) {
	const most = 500
	out, _, err := o.Clocks(ctx, storage.ItemQuery{Division: q.Division, Unit: q.Unit, Stage: q.Stage, Item: q.Item, Limit: most}, clock.Red)
	if err != nil {
		return nil, err
	}
	ended, err := o.Records.LateMoves(ctx, q, most)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(ended))
	for i, m := range ended {
		ids[i] = m.CaseItem
	}
	items, err := o.Records.CaseItems(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read late items: %w", err)
	}
	late := make([]Due, 0, len(ended))
	for _, m := range ended {
		it, ok := items[m.CaseItem]
		if !ok {
			return nil, fmt.Errorf("read late item %s: %w", m.CaseItem, storage.ErrNotFound)
		}
		d := o.due(it, crew{})
		d.Ended, d.Over = m.At, max(1, o.Calendar.Workdays(d.Due, m.At))
		d.Officer = []string{m.Officer}
		late = append(late, d)
	}
	return append(out, late...), o.tellUrged(ctx, late)
}

// tellUrged adds who urged what. Nobody urges what is in time.
func (o *Office) tellUrged(ctx context.Context, list []Due) error {
	at := map[string][]int{}
	for i, d := range list {
		if d.Light != clock.Green {
			at[d.CaseItem] = append(at[d.CaseItem], i)
		}
	}
	rows, err := o.Records.AuditOf(ctx, urgeAction, slices.Sorted(maps.Keys(at)))
	if err != nil {
		return fmt.Errorf("read who urged: %w", err)
	}
	for _, r := range rows {
		for _, i := range at[r.Object] {
			list[i].Urged = append(list[i].Urged, Urging{At: r.At, By: r.Actor, Text: r.Detail["text"]})
		}
	}
	return nil
}

// due describes the clock of an item that matters most.
func (o *Office) due(it approval.CaseItem, people crew) Due {
	kind := cmp.Or(it.DueKind, clock.KindLimit)
	d := Due{CaseItem: it.ID, Case: it.Number, Division: it.Division, Stage: it.Stage, Item: it.Item, Unit: it.Unit, Kind: kind,
		ItemName: o.nameOf(storage.ByItem, it.Item), UnitName: o.nameOf(storage.ByUnit, it.Unit)}
	if it.Officer != "" {
		d.Officer = []string{it.Officer}
	} else {
		d.Officer = people.of(it, o.Now())
	}
	if c := it.Clock(kind); c != nil {
		s := c.Status(o.Calendar, o.Now(), max(1, o.WarnDays))
		d.Limit, d.Due, d.Left, d.Light = s.Limit, s.Due.UTC(), s.Left, s.Light
		if s.Late {
			d.Over = max(1, o.Calendar.Workdays(s.Due, o.Now()))
		}
	}
	return d
}

// crew is who answers for items that nobody has touched: whom the roster names,
// else everybody of the unit who has an account.
type crew struct {
	roster   organisation.Roster
	accounts map[string][]string // by division and unit
}

func (c crew) of(it approval.CaseItem, now time.Time) []string {
	if to, ok := c.roster.Route(it.Division, it.Unit, it.Item, now); ok {
		return []string{to.Account}
	}
	return append([]string{}, c.accounts[it.Division+"/"+it.Unit]...)
}

func (o *Office) people(ctx context.Context, division string) (crew, error) {
	accounts, err := o.Records.ListAccounts(ctx)
	if err != nil {
		return crew{}, fmt.Errorf("list accounts: %w", err)
	}
	c := crew{accounts: map[string][]string{}}
	for _, a := range accounts {
		if a.Active && a.Unit != "" && slices.Contains(a.Roles, "reviewer") {
			key := a.Division + "/" + a.Unit
			c.accounts[key] = append(c.accounts[key], a.Name)
		}
	}
	if o.Staff != nil {
		c.roster, err = o.Staff.Roster(ctx, division)
	}
	return c, err
}

const urgeAction = "supervision.urge"

// Urge tells a unit to get on with an item (督办). Errors: *casework.Invalid,
// storage.ErrNotFound.
func (o *Office) Urge(ctx context.Context, item, text, by string) error {
	if text = strings.TrimSpace(text); text == "" {
		return &casework.Invalid{Fields: map[string]string{"text": "请填写督办意见"}}
	}
	it, err := o.Records.CaseItem(ctx, item)
	if err != nil {
		return err
	}
	if it.State.Ended() {
		return &casework.Invalid{Fields: map[string]string{"case_item": "该事项已办结，无需督办"}}
	}
	return o.Records.ApplyCase(ctx, storage.CaseChange{
		Events: []approval.Event{{Type: "case_item.urged", Project: it.Project, Unit: it.Unit, Data: map[string]string{
			"case_item": it.ID, "case": it.Case, "number": it.Number, "item": it.Item, "text": text, "by": by}}},
		Audit: []storage.AuditEntry{{Actor: by, Action: urgeAction, Object: it.ID, Detail: map[string]string{"text": text, "unit": it.Unit, "case": it.Case}}},
	})
}

// Goal is a milestone and how it stands.
type Goal struct {
	storage.Milestone
	UnitName string `json:"unit_name"`
	State    string `json:"state"` // done, done_late, open, late
}

// Goals lists the goals of a division (W4.2).
func (o *Office) Goals(ctx context.Context, division string) ([]Goal, error) {
	list, err := o.Records.Milestones(ctx, division)
	if err != nil {
		return nil, err
	}
	today := o.Now().In(calendar.Zone).Format(time.DateOnly)
	out := make([]Goal, len(list))
	for i, m := range list {
		out[i] = Goal{Milestone: m, UnitName: o.nameOf(storage.ByUnit, m.Unit), State: stateOf(m, today)}
	}
	return out, nil
}

func stateOf(m storage.Milestone, today string) string {
	switch {
	case m.Done != "" && m.Done > m.Due:
		return "done_late"
	case m.Done != "":
		return "done"
	case today > m.Due:
		return "late"
	}
	return "open"
}

// KeepGoal sets a goal, or says that it is reached. Errors: *casework.Invalid.
func (o *Office) KeepGoal(ctx context.Context, m storage.Milestone) (Goal, error) {
	wrong := map[string]string{}
	if strings.TrimSpace(m.Title) == "" {
		wrong["title"] = "请填写阶段性目标"
	}
	for field, day := range map[string]string{"due": m.Due, "done": m.Done} {
		if _, err := time.Parse(time.DateOnly, day); err != nil && (field == "due" || day != "") {
			wrong[field] = "请填写日期，如 2026-12-31"
		}
	}
	if _, ok := o.Catalogue.Unit(m.Unit); !ok {
		wrong["unit"] = "请填写责任单位"
	}
	if strings.TrimSpace(m.Person) == "" {
		wrong["person"] = "请填写责任人"
	}
	if _, _, ok := o.Catalogue.Division(m.Division); !ok {
		wrong["division"] = "没有这个行政区划"
	}
	if len(wrong) > 0 {
		return Goal{}, &casework.Invalid{Fields: wrong}
	}
	now := o.Now().UTC().Truncate(time.Millisecond)
	if m.ID == "" {
		m.ID = "mst_" + ulid.MustNew(ulid.Timestamp(now), rand.Reader).String()
	}
	m.At = now
	err := o.Records.KeepMilestone(ctx, m, storage.AuditEntry{Actor: m.By, Action: "milestone.keep", Object: m.ID,
		Detail: map[string]string{"title": m.Title, "due": m.Due, "done": m.Done, "unit": m.Unit, "person": m.Person}})
	return Goal{Milestone: m, UnitName: o.nameOf(storage.ByUnit, m.Unit), State: stateOf(m, now.In(calendar.Zone).Format(time.DateOnly))}, err
}
