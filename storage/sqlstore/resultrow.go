package sqlstore

import (
	"context"

	"onewindow/approval"
)

// resultColumns are the body as published and, beside it, what changes when the
// version ends.
const resultColumns = "data, status, ended_at, ended_by, end_reason, successor"

func scanResult(r scanner) (approval.Result, error) {
	var out approval.Result
	var data string
	var status approval.Status
	var endedAt int64
	var by, reason, successor string
	if err := r.Scan(&data, &status, &endedAt, &by, &reason, &successor); err != nil {
		return out, err
	}
	if err := decode(data, &out); err != nil {
		return out, err
	}
	out.Status, out.EndedAt, out.EndedBy, out.EndReason, out.Successor = status, timeRef(endedAt), by, reason, successor
	return out, nil
}

func (t *tx) insertResult(ctx context.Context, r approval.Result) error {
	data, err := encode(r)
	if err != nil {
		return err
	}
	return t.insert(ctx, "INSERT INTO results (id, lineage, version, type, status, project, unit, number, code, data)",
		[][]any{{r.ID, r.Lineage, r.Version, r.Type, r.Status, clean(r.Project), clean(r.Unit), clean(r.Number), r.Code, data}}, "")
}

// endResult ends a published version and returns it. Errors: ErrNotFound when
// there is no such version or it is not published any more.
func (t *tx) endResult(ctx context.Context, id string, status approval.Status, by, reason, successor string) (approval.Result, error) {
	return one(ctx, t, scanResult, `UPDATE results SET status = $2, ended_at = $3, ended_by = $4, end_reason = $5,
		successor = $6 WHERE id = $1 AND status = 'published' RETURNING `+resultColumns,
		id, status, t.now, clean(by), clean(reason), successor)
}

const relianceColumns = "id, result, version, project, item, material, case_number, actor, at, flag, flag_at"

func scanReliance(r scanner) (approval.Reliance, error) {
	var x approval.Reliance
	var at, flagAt int64
	err := r.Scan(&x.ID, &x.Result, &x.Version, &x.Project, &x.Item, &x.Material, &x.Case, &x.By, &at, &x.Flag, &flagAt)
	x.At, x.FlagAt = timeOf(at), timeRef(flagAt)
	return x, err
}

func scanProject(r scanner) (approval.Project, error) {
	var p approval.Project
	var created int64
	err := r.Scan(&p.Code, &p.Name, &p.Builder, &created)
	p.Created = timeOf(created)
	return p, err
}
