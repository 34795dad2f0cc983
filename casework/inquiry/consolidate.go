package inquiry

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"onewindow/approval/notice"
	"onewindow/casework"
	"onewindow/casework/notices"
	"onewindow/casework/register"
	"onewindow/storage"
)

// RepliesOf lists the replies to an inquiry.
func (o *Office) RepliesOf(ctx context.Context, id string) ([]ReplyRecord, error) {
	return register.List[Reply](ctx, o.Desk, storage.EntryQuery{Register: Replies, Parent: id, Limit: 500})
}

// Together merges the replies: each item once, each material once with the items
// that ask for it (V1.9).
func (o *Office) Together(replies []ReplyRecord) List {
	list := List{Needs: []Need{}, Materials: []Material{}}
	for _, r := range replies {
		for _, n := range r.Body.Needs {
			list.add(n)
		}
	}
	slices.SortFunc(list.Needs, func(a, b Need) int { return strings.Compare(a.Item, b.Item) })
	for _, n := range list.Needs {
		for _, m := range n.Materials {
			at := slices.IndexFunc(list.Materials, func(x Material) bool { return x.Material == m })
			if at < 0 {
				list.Materials = append(list.Materials, Material{Material: m, Name: o.Catalogue.Name(m)})
				at = len(list.Materials) - 1
			}
			list.Materials[at].Items = append(list.Materials[at].Items, n.Item)
		}
	}
	return list
}

// add takes an item in; two units that name the same are one line.
func (l *List) add(n Need) {
	at := slices.IndexFunc(l.Needs, func(x Need) bool { return x.Item == n.Item && x.Unit == n.Unit })
	if at < 0 {
		n.Materials = slices.Clone(n.Materials)
		l.Needs = append(l.Needs, n)
		return
	}
	for _, m := range n.Materials {
		if !slices.Contains(l.Needs[at].Materials, m) {
			l.Needs[at].Materials = append(l.Needs[at].Materials, m)
		}
	}
}

// Publish tells the applicant on one list (V1.10): at once in office hours, else
// at the next opening (A5). edited, when given, replaces what the units said.
// Errors: *casework.Invalid while replies are missing and no reason is given.
func (o *Office) Publish(ctx context.Context, id string, edited []Need, override, by string) (Record, error) {
	r, err := register.Load[Inquiry](ctx, o.Desk, Register, id)
	if err != nil {
		return r, err
	}
	if r.State != Open {
		return r, fmt.Errorf("inquiry is %s: %w", r.State, casework.ErrIllegal)
	}
	replies, err := o.RepliesOf(ctx, r.ID)
	if err != nil {
		return r, err
	}
	if missing := o.missing(replies); len(missing) > 0 && strings.TrimSpace(override) == "" {
		return r, &casework.Invalid{Fields: map[string]string{"override": "尚未反馈：" + strings.Join(missing, "、") + "；如不再等待请说明理由"}}
	}
	list := o.Together(replies)
	if edited != nil {
		if wrong := o.needErrors(false, edited); len(wrong) > 0 {
			return r, &casework.Invalid{Fields: wrong}
		}
		list = o.Together([]ReplyRecord{{Body: Reply{Needs: edited}}})
	}
	now := o.Moment()
	r.State, r.Open = Published, false
	r.Body.List, r.Body.Override, r.Body.PublishedAt = &list, override, now
	r.Body.DeliverAt = o.Calendar.NextOpening(now).UTC()
	return r, o.keepPublished(ctx, &r, by)
}

func (o *Office) missing(replies []ReplyRecord) []string {
	var out []string
	for _, x := range replies {
		if x.State != Replied {
			out = append(out, o.Catalogue.Name(x.Unit))
		}
	}
	return out
}

func (o *Office) keepPublished(ctx context.Context, r *Record, by string) error {
	n, err := o.paper(ctx, *r, by)
	if err != nil {
		return err
	}
	return register.Keep(ctx, o.Desk, r, by, "publish", map[string]string{"override": r.Body.Override}, n)
}

// paper is the 一单告知书.
func (o *Office) paper(ctx context.Context, r Record, by string) (notice.Notice, error) {
	heading := o.UnitName(r.Division, o.lead(r.Division, r.Body.Stage))
	d := notices.Draft{Kind: "inquiry_notice", ID: o.NewID("ntc"), At: r.Body.DeliverAt, Heading: heading, Signer: heading, Addressee: r.Body.Builder,
		Vars: map[string]string{"submitted_at": notices.Day(r.Created), "stage": o.Catalogue.Name(r.Body.Stage), "project_name": r.Body.ProjectName,
			"project_code": r.Project, "lead_unit": heading, "published_at": notices.Day(r.Body.PublishedAt), "rows": "",
			"contact": "", "telephone": "", "supervision_telephone": ""},
		Table:  &notice.Table{Columns: []string{"办理事项", "办理单位", "申报材料清单", "办理时限", "说明"}},
		Notice: notice.Notice{Series: r.Division, Division: r.Division, Unit: o.lead(r.Division, r.Body.Stage), Project: r.Project, To: r.Owner, IssuedBy: by}}
	for _, n := range r.Body.List.Needs {
		item, _ := o.Catalogue.Item(n.Item)
		var materials []string
		for _, m := range n.Materials {
			materials = append(materials, o.Catalogue.Name(m))
		}
		d.Table.Rows = append(d.Table.Rows, []string{item.Name, o.UnitName(r.Division, n.Unit), strings.Join(materials, "、"),
			strconv.Itoa(item.Days.Promise) + "个工作日", n.Note})
	}
	return notices.Compose(ctx, o.Templates, o.Catalogue, d)
}

// Urge is a coordination task of the lead unit about a reply that is overdue.
type Urge struct {
	Reply string    `json:"reply_id"`
	Unit  string    `json:"unit"`
	Since time.Time `json:"overdue_since"`
}

// Sweep makes a task for the lead unit of every reply that is overdue, once
// (V1.8). Several processes may sweep.
func (o *Office) Sweep(ctx context.Context) error {
	late, err := register.List[Reply](ctx, o.Desk, storage.EntryQuery{Register: Replies, Open: true, DueBefore: o.Moment(), Limit: 500})
	if err != nil {
		return err
	}
	for _, r := range late {
		if r.Body.Urged {
			continue
		}
		if err := o.urge(ctx, r); err != nil && !errors.Is(err, storage.ErrStale) {
			return err
		}
	}
	return nil
}

// Run sweeps until ctx ends.
func (o *Office) Run(ctx context.Context, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := o.Sweep(ctx); err != nil && ctx.Err() == nil {
			o.Log.Error("sweep inquiries", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (o *Office) urge(ctx context.Context, r ReplyRecord) error {
	parent, err := register.Load[Inquiry](ctx, o.Desk, Register, r.Parent)
	if err != nil {
		return err
	}
	task := register.Record[Urge]{Entry: storage.Entry{ID: o.NewID("crd"), Register: Tasks, Prefix: "XT", State: "open", Open: true,
		Division: r.Division, Unit: o.lead(r.Division, parent.Body.Stage), Project: r.Project, Parent: r.ID, Created: o.Moment()},
		Body: Urge{Reply: r.ID, Unit: r.Unit, Since: r.Due}}
	r.Body.Urged = true
	var c register.Change
	if err := register.Put(&c, &r); err != nil {
		return err
	}
	if err := register.Put(&c, &task); err != nil {
		return err
	}
	c.Note("system", "overdue", r.Entry, map[string]string{"inquiry": r.Parent})
	return c.Do(ctx, o.Desk)
}
