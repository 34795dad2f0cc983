package exchange

import (
	"context"
	"errors"
	"fmt"
	"time"

	"onewindow/approval"
	"onewindow/approval/catalogue"
	"onewindow/approval/progress"
	"onewindow/storage"
)

// Records is what is read.
type Records interface {
	storage.Cases
	storage.Events
	Result(ctx context.Context, id string) (approval.Result, error)
}

// Office makes batches.
type Office struct {
	Records Records
	// Edition is the catalogue of a version as it holds in a division.
	Edition func(version, division string) *catalogue.Catalogue
}

// Batch is what happened after a number, ready to be sent.
type Batch struct {
	Tables map[string][]Row `json:"tables"`
	Failed []Failure        `json:"failed"` // not in the tables; mend and ask again
	Next   int64            `json:"next"`   // ask for what is after it
	More   bool             `json:"more"`
}

// collector puts a batch together; every row stands in it once.
type collector struct {
	*Office
	ctx  context.Context
	out  Batch
	seen map[string]bool
	bad  map[string]bool // keys of projects and items that failed: rows that name them fail too
}

// Batch collects the moves among the next events after a number, and the
// projects, items, results and special procedures they touch, as they stand now.
// Division "" is all. The same question may be asked again: rows have keys.
func (o *Office) Batch(ctx context.Context, after int64, limit int, division string) (Batch, error) {
	events, err := o.Records.EventsAfter(ctx, after, limit)
	if err != nil {
		return Batch{}, err
	}
	c := &collector{Office: o, ctx: ctx, seen: map[string]bool{}, bad: map[string]bool{},
		out: Batch{Tables: map[string][]Row{}, Failed: []Failure{}, Next: after, More: len(events) == limit}}
	for _, name := range Names() {
		c.out.Tables[name] = []Row{}
	}
	for _, e := range events {
		c.out.Next = e.Seq
		if e.Type != approval.EventItemState || division != "" && e.Data["division"] != division {
			continue
		}
		if err := c.move(e); err != nil {
			return Batch{}, fmt.Errorf("event %d: %w", e.Seq, err)
		}
	}
	return c.out, nil
}

// add keeps a row, or reports why it would be refused. parent is the row of an
// earlier table that it names.
func (c *collector) add(table string, r Row, parent string) {
	key := table + " " + r["dfsjzj"]
	if c.seen[key] {
		return
	}
	c.seen[key] = true
	wrong := check(table, r)
	if c.bad[parent] {
		wrong["gcdm"] = "所属的项目或事项记录未通过校验：" + parent
	}
	if len(wrong) > 0 {
		c.bad[r["dfsjzj"]] = true
		c.out.Failed = append(c.out.Failed, Failure{Table: table, Key: r["dfsjzj"], Fields: wrong})
		return
	}
	c.out.Tables[table] = append(c.out.Tables[table], r)
}

func (c *collector) move(e approval.Event) error {
	it, err := c.Records.CaseItem(c.ctx, e.Data["case_item"])
	if errors.Is(err, storage.ErrNotFound) {
		c.add(Steps, stepRow(e, ""), "")
		return nil
	}
	if err != nil {
		return err
	}
	if !c.seen[Items+" "+it.ID] {
		if err := c.item(it); err != nil {
			return err
		}
	}
	c.add(Steps, stepRow(e, c.unit(it)), it.ID)
	switch progress.Action(e.Data["action"]) {
	case progress.Complete, progress.CompleteTolerated, progress.Revoke:
		return c.results(it)
	}
	return nil
}

// unit is the unit's name as the item's own edition has it.
func (c *collector) unit(it approval.CaseItem) string {
	u, _ := c.Edition(it.Edition, it.Division).Unit(it.Unit)
	return u.Name
}

// item adds an item with its project and its special procedures.
func (c *collector) item(it approval.CaseItem) error {
	k, err := c.Records.Case(c.ctx, it.Case)
	if err != nil {
		return err
	}
	project, err := c.Records.Registration(c.ctx, it.Project)
	switch {
	case errors.Is(err, storage.ErrNotFound):
		project = approval.Registration{Code: it.Project, At: time.Unix(0, 0)}
	case err != nil:
		return err
	}
	c.add(Projects, projectRow(project, k.Catalogue), "")
	filings, err := c.Records.Filings(c.ctx, it.Case, false)
	if err != nil {
		return err
	}
	committed := false
	for _, f := range filings {
		committed = committed || f.Source == approval.SourceCommitment
	}
	c.add(Items, itemRow(it, k, c.unit(it), committed), it.Project)
	for n := range it.Specials {
		c.add(Specials, specialRow(it, n), it.ID)
	}
	return nil
}

func (c *collector) results(it approval.CaseItem) error {
	for _, id := range it.Results {
		r, err := c.Records.Result(c.ctx, id)
		if err != nil {
			return err
		}
		row := resultRow(r, it)
		if r.Status == approval.StatusRevoked {
			row["sjyxbs"] = "0"
		}
		c.add(Results, row, it.ID)
	}
	return nil
}
