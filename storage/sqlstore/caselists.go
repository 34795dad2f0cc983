package sqlstore

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"onewindow/approval"
	"onewindow/approval/progress"
	"onewindow/storage"
)

// conditions gathers conditions and their arguments.
type conditions struct {
	terms []string
	args  []any
}

// add takes a condition in which ? stands for its argument, unless skip.
func (w *conditions) add(skip bool, condition string, args ...any) {
	if skip {
		return
	}
	for _, a := range args {
		w.args = append(w.args, a)
		condition = strings.Replace(condition, "?", fmt.Sprintf("$%d", len(w.args)), 1)
	}
	w.terms = append(w.terms, condition)
}

// among takes the condition that a column has one of these values.
func among[T ~string](w *conditions, column string, values []T) {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = clean(string(v))
	}
	w.add(false, column+" IN ("+strings.TrimSuffix(strings.Repeat("?, ", len(values)), ", ")+")", args...)
}

func (w *conditions) text() string {
	if len(w.terms) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.terms, " AND ")
}

// Case returns one case by ID or number.
func (s *Store) Case(ctx context.Context, idOrNumber string) (k approval.Case, err error) {
	column := "number"
	if strings.HasPrefix(idOrNumber, "case_") {
		column = "id"
	}
	err = s.read(ctx, func(q querier) error {
		k, err = one(ctx, q, scanCase, "SELECT code, version, data FROM cases WHERE "+column+" = $1", clean(idOrNumber))
		return err
	})
	return k, wrap("read case", err)
}

// ListCases returns a page of cases, newest first.
func (s *Store) ListCases(ctx context.Context, q storage.CaseQuery) (out []approval.Case, err error) {
	var w conditions
	w.add(q.Project == "", "project = ?", q.Project)
	w.add(q.Division == "", "division = ?", q.Division)
	w.add(q.Stage == "", "stage = ?", q.Stage)
	w.add(q.Applicant == "", "applicant = ?", q.Applicant)
	w.add(q.Hall == "", "hall = ?", q.Hall)
	w.add(q.Channel == "", "channel = ?", string(q.Channel))
	w.add(q.Member == "", "(applicant = ? OR project IN (SELECT project FROM project_members WHERE account = ?))", q.Member, q.Member)
	w.add(q.Before == "", "id < ?", q.Before)
	err = s.read(ctx, func(r querier) error {
		out, err = collect(ctx, r, scanCase, fmt.Sprintf("SELECT code, version, data FROM cases%s ORDER BY id DESC LIMIT %d",
			w.text(), bounded(q.Limit, 50, 500)), w.args...)
		return err
	})
	return out, wrap("list cases", err)
}

func scanCase(row scanner) (k approval.Case, err error) {
	var code, data string
	var version int64
	if err := row.Scan(&code, &version, &data); err != nil {
		return k, err
	}
	err = decode(data, &k)
	k.Code, k.Version = code, version
	return k, err
}

// CaseItem returns one item.
func (s *Store) CaseItem(ctx context.Context, id string) (item approval.CaseItem, err error) {
	err = s.read(ctx, func(q querier) error {
		item, err = one(ctx, q, scanItem, "SELECT data FROM case_items WHERE id = $1", clean(id))
		return err
	})
	return item, wrap("read case item", err)
}

func itemWhere(q storage.ItemQuery) conditions {
	var w conditions
	w.add(q.Case == "", "case_id = ?", q.Case)
	w.add(q.Project == "", "project = ?", q.Project)
	w.add(q.Unit == "", "unit = ?", q.Unit)
	w.add(q.Division == "", "division = ?", q.Division)
	w.add(q.Stage == "", "stage = ?", q.Stage)
	w.add(q.Item == "", "item = ?", q.Item)
	w.add(q.Channel == "", "channel = ?", string(q.Channel))
	w.add(!q.Open, "open = 1")
	w.add(q.DueFrom.IsZero(), "due_at >= ?", msOf(q.DueFrom))
	w.add(q.DueBefore.IsZero(), "due_at < ?", msOf(q.DueBefore))
	if len(q.States) > 0 {
		among(&w, "state", q.States)
		hintOpen(&w, q.States)
	}
	return w
}

// hintOpen adds what follows from the states anyway, so that an index that begins
// with open serves the order.
func hintOpen(w *conditions, states []progress.State) {
	ended := 0
	for _, st := range states {
		if st.Ended() {
			ended++
		}
	}
	switch ended {
	case 0:
		w.add(false, "open = 1")
	case len(states):
		w.add(false, "open = 0")
	}
}

// ListCaseItems returns a page of items, most urgent first.
func (s *Store) ListCaseItems(ctx context.Context, q storage.ItemQuery) (out []approval.CaseItem, err error) {
	w := itemWhere(q)
	if q.After.ID != "" {
		due := int64(never)
		if !q.After.Due.IsZero() {
			due = msOf(q.After.Due)
		}
		w.add(false, "(due_at > ? OR due_at = ? AND id > ?)", due, due, q.After.ID)
	}
	err = s.read(ctx, func(r querier) error {
		out, err = collect(ctx, r, scanItem, fmt.Sprintf("SELECT data FROM case_items%s ORDER BY due_at, id LIMIT %d",
			w.text(), bounded(q.Limit, 50, 500)), w.args...)
		return err
	})
	return out, wrap("list case items", err)
}

func scanItem(row scanner) (item approval.CaseItem, err error) {
	var data string
	if err := row.Scan(&data); err != nil {
		return item, err
	}
	return item, decode(data, &item)
}

// CaseItems returns those of these items that there are.
func (s *Store) CaseItems(ctx context.Context, ids []string) (map[string]approval.CaseItem, error) {
	out := map[string]approval.CaseItem{}
	for some := range slices.Chunk(ids, insertBatch) {
		var w conditions
		among(&w, "id", some)
		err := s.read(ctx, func(r querier) error {
			found, err := collect(ctx, r, scanItem, "SELECT data FROM case_items"+w.text(), w.args...)
			for _, it := range found {
				out[it.ID] = it
			}
			return err
		})
		if err != nil {
			return nil, wrap("read case items", err)
		}
	}
	return out, nil
}

// CountDesks counts what lies on the units' desks.
func (s *Store) CountDesks(ctx context.Context, division string, now time.Time) (out map[string]storage.DeskCount, err error) {
	type count struct {
		unit, state string
		n           int
	}
	var place, late conditions
	place.add(division == "", "division = ?", division)
	late.add(division == "", "division = ?", division)
	late.add(false, "open = 1")
	late.add(false, "due_at < ?", msOf(now))
	scan := func(row scanner) (c count, err error) { return c, row.Scan(&c.unit, &c.state, &c.n) }
	err = s.read(ctx, func(r querier) error {
		out = map[string]storage.DeskCount{}
		counts, err := collect(ctx, r, scan, "SELECT unit, state, COUNT(*) FROM case_items"+place.text()+" GROUP BY unit, state", place.args...)
		if err != nil {
			return err
		}
		for _, c := range counts {
			if out[c.unit].States == nil {
				out[c.unit] = storage.DeskCount{States: map[progress.State]int{}}
			}
			out[c.unit].States[progress.State(c.state)] = c.n
		}
		if counts, err = collect(ctx, r, scan, "SELECT unit, '', COUNT(*) FROM case_items"+late.text()+" GROUP BY unit", late.args...); err != nil {
			return err
		}
		for _, c := range counts {
			d := out[c.unit]
			d.Late = c.n
			out[c.unit] = d
		}
		return nil
	})
	return out, wrap("count desks", err)
}

// CountItems counts items by state.
func (s *Store) CountItems(ctx context.Context, q storage.ItemQuery) (out map[progress.State]int, err error) {
	query, args := countQuery(q)
	type count struct {
		state progress.State
		n     int
	}
	err = s.read(ctx, func(r querier) error {
		counts, err := collect(ctx, r, func(row scanner) (c count, err error) {
			return c, row.Scan(&c.state, &c.n)
		}, query, args...)
		out = map[progress.State]int{}
		for _, c := range counts {
			if c.n > 0 {
				out[c.state] = c.n
			}
		}
		return err
	})
	return out, wrap("count case items", err)
}

// countQuery counts all, or each state up to a number, which reads no more index
// entries than that of each.
func countQuery(q storage.ItemQuery) (query string, args []any) {
	w := itemWhere(q)
	if q.CountTo <= 0 {
		return "SELECT state, COUNT(*) FROM case_items" + w.text() + " GROUP BY state", w.args
	}
	var parts []string
	for _, st := range progress.States() {
		of := conditions{terms: slices.Clone(w.terms), args: w.args}
		of.add(false, "state = ?", string(st))
		w.args = of.args
		parts = append(parts, fmt.Sprintf("SELECT '%s' AS state, COUNT(*) FROM (SELECT 1 FROM case_items%s LIMIT %d) AS first", st, of.text(), q.CountTo))
	}
	return strings.Join(parts, " UNION ALL "), w.args
}

// Filings lists what is in the checklist of a case.
func (s *Store) Filings(ctx context.Context, caseID string, all bool) ([]approval.Filing, error) {
	if all {
		return s.filings(ctx, "case_id = $1", caseID)
	}
	return s.filings(ctx, "case_id = $1 AND removed = 0", caseID)
}

// FilingsOfDocument lists the entries a document stands in.
func (s *Store) FilingsOfDocument(ctx context.Context, document string) ([]approval.Filing, error) {
	return s.filings(ctx, "document = $1 AND removed = 0", document)
}

func (s *Store) filings(ctx context.Context, condition string, arg any) (out []approval.Filing, err error) {
	err = s.read(ctx, func(q querier) error {
		out, err = collect(ctx, q, func(row scanner) (f approval.Filing, err error) {
			var data string
			var removed int64
			if err := row.Scan(&removed, &data); err != nil {
				return f, err
			}
			err = decode(data, &f)
			f.Removed = timeOf(removed)
			return f, err
		}, "SELECT removed, data FROM filings WHERE "+condition+" ORDER BY id", arg)
		return err
	})
	return out, wrap("list filings", err)
}
