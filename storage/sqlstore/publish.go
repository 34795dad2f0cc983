package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"onewindow/approval"
	"onewindow/storage"
)

// supersededReason is the reason kept with a version that a newer one replaced.
const supersededReason = "已由新版本替代"

// publish makes a result version. An earlier published version of its lineage is
// superseded and who relied on it is flagged. Publishing the same ID twice is
// once. Locks: project, first version of the lineage, the version that ends.
func (t *tx) publish(ctx context.Context, r approval.Result) (approval.Result, error) {
	kept, err := one(ctx, t, scanResult, "SELECT "+resultColumns+" FROM results WHERE id = $1", r.ID)
	if err == nil || !errors.Is(err, storage.ErrNotFound) {
		return kept, wrap("look for result", err)
	}
	if err := t.keepProject(ctx, r); err != nil {
		return r, err
	}
	r, old, err := t.place(ctx, r)
	if err != nil {
		return r, err
	}
	if old != "" { // first, so that the lineage never has two published versions
		if err := t.supersede(ctx, old, r); err != nil {
			return r, err
		}
	}
	if err := t.insertResult(ctx, r); err != nil {
		if t.s.dialect.unique(err) {
			return r, fmt.Errorf("verification code or version is taken: %w", storage.ErrConflict)
		}
		return r, fmt.Errorf("insert result: %w", err)
	}
	t.announceResult(approval.EventPublished, r, map[string]string{"lineage": r.Lineage, "version": strconv.Itoa(r.Version), "type": r.Type})
	return r, nil
}

// place gives a result its lineage and version, and names the published version
// that it replaces, if any.
func (t *tx) place(ctx context.Context, r approval.Result) (placed approval.Result, old string, err error) {
	r.Status, r.EndedAt, r.EndedBy, r.EndReason, r.Successor = approval.StatusPublished, nil, "", "", ""
	if r.PublishedAt.IsZero() {
		r.PublishedAt = timeOf(t.now)
	}
	if r.Lineage == r.ID {
		r.Lineage = "" // a proposal to start a lineage, not a decision
	}
	if r.Lineage, err = t.lineage(ctx, r); err != nil {
		return r, "", err
	}
	if r.Lineage == "" {
		r.Lineage, r.Version = r.ID, 1
		return r, "", nil
	}
	last, old, err := t.lockLineage(ctx, r.Lineage)
	if err != nil {
		return r, "", err
	}
	r.Version = last + 1
	if r.Supersedes == "" || old != "" {
		r.Supersedes = old
	}
	return r, old, nil
}

// lineage finds the lineage a result belongs to: the one it names, that of the
// result it names as superseded, or that of the published result of the same
// project, type and number; "" when it starts one.
func (t *tx) lineage(ctx context.Context, r approval.Result) (string, error) {
	if r.Lineage != "" {
		return r.Lineage, nil
	}
	query, args := "SELECT lineage FROM results WHERE id = $1", []any{r.Supersedes}
	if r.Supersedes == "" {
		if r.Project == "" || r.Type == "" || r.Number == "" {
			return "", nil
		}
		query = `SELECT lineage FROM results WHERE project = $1 AND type = $2 AND number = $3 AND status = 'published'
			ORDER BY id DESC LIMIT 1`
		args = []any{clean(r.Project), r.Type, clean(r.Number)}
	}
	var lineage string
	err := t.QueryRowContext(ctx, query, args...).Scan(&lineage)
	switch {
	case err == nil:
		return lineage, nil
	case !isNoRows(err):
		return "", fmt.Errorf("look for lineage: %w", err)
	case r.Supersedes != "":
		return "", fmt.Errorf("result to be superseded: %w", storage.ErrNotFound)
	}
	return "", nil
}

// lockLineage makes publishers of one lineage wait for each other by locking its
// first version, and returns its last version and its published one. Errors:
// ErrNotFound for a lineage without versions.
func (t *tx) lockLineage(ctx context.Context, lineage string) (last int, published string, err error) {
	n, err := t.exec(ctx, "UPDATE results SET version = version WHERE lineage = $1 AND version = 1", lineage)
	if err == nil && n == 0 {
		err = storage.ErrNotFound
	}
	if err != nil {
		return 0, "", fmt.Errorf("lock lineage: %w", err)
	}
	err = t.QueryRowContext(ctx, `SELECT MAX(version), COALESCE(MAX(CASE WHEN status = 'published' THEN id END), '')
		FROM results WHERE lineage = $1`, lineage).Scan(&last, &published)
	return last, published, wrap("read lineage", err)
}

// supersede ends the version that r replaces and flags who relied on it.
func (t *tx) supersede(ctx context.Context, old string, r approval.Result) error {
	ended, err := t.endResult(ctx, old, approval.StatusSuperseded, r.ConfirmedBy, supersededReason, r.ID)
	if errors.Is(err, storage.ErrNotFound) {
		return nil // revoked a moment ago: it has ended already
	}
	if err != nil {
		return fmt.Errorf("supersede result: %w", err)
	}
	t.announceResult(approval.EventSuperseded, ended, map[string]string{"successor": r.ID, "version": strconv.Itoa(ended.Version)})
	t.record(storage.AuditEntry{Actor: actorOf(r.ConfirmedBy), Action: "result.supersede", Object: old,
		Detail: map[string]string{"successor": r.ID}})
	return t.flag(ctx, ended)
}

// flag marks everybody who relied on a version that ended.
func (t *tx) flag(ctx context.Context, ended approval.Result) error {
	flagged, err := collect(ctx, t, scanReliance, "UPDATE reliances SET flag = $2, flag_at = $3 WHERE result = $1 AND flag = '' RETURNING "+
		relianceColumns, ended.ID, ended.Status, t.now)
	if err != nil {
		return fmt.Errorf("flag reliances: %w", err)
	}
	for _, x := range flagged {
		t.announceReliance(approval.EventFlagged, x, ended, map[string]string{"flag": x.Flag, "successor": ended.Successor})
	}
	return nil
}

// keepProject learns what a result tells of its project; the row's lock makes
// results of one project be published one after the other.
func (t *tx) keepProject(ctx context.Context, r approval.Result) error {
	if r.Project == "" {
		return nil
	}
	name := r.ProjectName
	if name == "" {
		name = r.Fields.Value("project_name")
	}
	_, err := t.exec(ctx, `INSERT INTO projects (code, name, builder, created) VALUES ($1, $2, $3, $4)
		ON CONFLICT (code) DO UPDATE SET
			name = CASE WHEN excluded.name <> '' THEN excluded.name ELSE projects.name END,
			builder = CASE WHEN excluded.builder <> '' THEN excluded.builder ELSE projects.builder END`,
		clean(r.Project), clean(name), clean(r.Fields.Value("builder")), t.now)
	if err != nil {
		return fmt.Errorf("keep project: %w", err)
	}
	return t.keepName(ctx, r.Project, name)
}

func (t *tx) announceResult(kind string, r approval.Result, data map[string]string) {
	t.announce(approval.Event{Type: kind, Document: r.Document, Result: r.ID, Project: r.Project, Unit: r.Unit, Data: data})
}

func (t *tx) announceReliance(kind string, x approval.Reliance, of approval.Result, more map[string]string) {
	data := map[string]string{"reliance": x.ID, "item": x.Item, "material": x.Material, "case": x.Case}
	for k, v := range more {
		if v != "" {
			data[k] = v
		}
	}
	t.announce(approval.Event{Type: kind, Result: x.Result, Project: x.Project, Unit: of.Unit, Data: data})
}

func actorOf(by string) string {
	if by == "" {
		return systemActor
	}
	return by
}
