package sqlstore

import (
	"context"
	"fmt"
	"strings"

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
	w.add(q.DueBefore.IsZero(), "due_at < ?", msOf(q.DueBefore))
	if len(q.States) > 0 {
		marks := strings.TrimSuffix(strings.Repeat("?, ", len(q.States)), ", ")
		args := make([]any, len(q.States))
		for i, state := range q.States {
			args[i] = string(state)
		}
		w.add(false, "state IN ("+marks+")", args...)
	}
	return w
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

// CountItems counts items by state.
func (s *Store) CountItems(ctx context.Context, q storage.ItemQuery) (out map[progress.State]int, err error) {
	w := itemWhere(q)
	type count struct {
		state progress.State
		n     int
	}
	err = s.read(ctx, func(r querier) error {
		counts, err := collect(ctx, r, func(row scanner) (c count, err error) {
			return c, row.Scan(&c.state, &c.n)
		}, "SELECT state, COUNT(*) FROM case_items"+w.text()+" GROUP BY state", w.args...)
		out = map[progress.State]int{}
		for _, c := range counts {
			out[c.state] = c.n
		}
		return err
	})
	return out, wrap("count case items", err)
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
