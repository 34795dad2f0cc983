package sqlstore

import (
	"context"
	"fmt"
	"strings"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/storage"
)

// systemActor stands in the audit trail for the house itself.
const systemActor = "system"

// Register makes the document, its receipt number, its first task and its event
// in one transaction.
func (s *Store) Register(ctx context.Context, n storage.NewDocument) (doc document.Document, existed bool, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		doc, existed, err = t.register(ctx, n)
		return err
	})
	if err != nil {
		return document.Document{}, false, fmt.Errorf("register document: %w", err)
	}
	return doc, existed, nil
}

func (t *tx) register(ctx context.Context, n storage.NewDocument) (document.Document, bool, error) {
	id, err := t.s.ids.next("doc_", t.now)
	if err != nil {
		return document.Document{}, false, err
	}
	first, err := t.useKey(ctx, keyUse{"document", n.Origin.By, n.IdempotencyKey, n.Original.String(), id})
	if err != nil {
		return document.Document{}, false, err
	}
	if first != "" {
		doc, err := one(ctx, t, scanDocument, "SELECT "+documentColumns+" FROM documents WHERE id = $1", first)
		return doc, true, err
	}
	doc := newDocument(n, document.ID(id), t.now)
	if doc.Receipt, err = t.receipt(ctx); err != nil {
		return doc, false, err
	}
	if err := t.insertDocument(ctx, doc); err != nil {
		return doc, false, err
	}
	if err := t.reindex(ctx, document.Document{}, doc, storage.Change{}); err != nil {
		return doc, false, err
	}
	if n.Quarantine == nil {
		if _, err := t.addTasks(ctx, doc, []storage.NextTask{{Step: document.StepInspect}}, false); err != nil {
			return doc, false, err
		}
	}
	t.tellReceived(doc)
	return doc, false, nil
}

func newDocument(n storage.NewDocument, id document.ID, now int64) document.Document {
	if n.Origin.Lane == "" {
		n.Origin.Lane = document.LaneVirtual
	}
	doc := document.Document{
		ID: id, Original: n.Original, Size: n.Size, Filename: clean(n.Filename), Generation: 1,
		State: document.StateReceived, Origin: n.Origin, Version: 1,
		ReceivedAt: timeOf(now), UpdatedAt: timeOf(now),
	}
	if n.Quarantine != nil {
		doc.State, doc.Refusal = document.StateRefused, n.Quarantine
	}
	return doc
}

// receipt takes the next number of the day, "SJ" + yyyymmdd + at least 4 digits.
func (t *tx) receipt(ctx context.Context) (document.Receipt, error) {
	day := timeOf(t.now).In(shanghai).Format("20060102")
	var n int64
	err := t.QueryRowContext(ctx, `INSERT INTO receipt_days (day, issued) VALUES ($1, 1)
		ON CONFLICT (day) DO UPDATE SET issued = receipt_days.issued + 1 RETURNING issued`, day).Scan(&n)
	if err != nil {
		return "", fmt.Errorf("take receipt number: %w", err)
	}
	return document.Receipt(fmt.Sprintf("SJ%s%04d", day, n)), nil
}

func (t *tx) tellReceived(doc document.Document) {
	told := map[string]string{"receipt": string(doc.Receipt), "channel": string(doc.Origin.Channel), "door": doc.Origin.Door}
	if doc.Origin.Batch != nil {
		told["batch"] = string(doc.Origin.Batch.Document)
	}
	t.announceOf(doc, approval.Event{Type: approval.EventReceived, Data: told})
	if doc.State != document.StateReceived {
		t.announceState(doc, document.StateReceived)
	}
	actor := doc.Origin.By
	if actor == "" {
		actor = systemActor
	}
	t.record(storage.AuditEntry{Actor: actor, Action: "document.receive", Object: string(doc.ID),
		Detail: map[string]string{"receipt": string(doc.Receipt), "original": doc.Original.String(), "door": doc.Origin.Door}})
}

// announceState queues the event of a change of state.
func (t *tx) announceState(doc document.Document, from document.State) {
	t.announceOf(doc, approval.Event{Type: approval.EventState,
		Data: map[string]string{"from": string(from), "to": string(doc.State)}})
}

// keyUse is one use of an idempotency key, and the ID to be made under it.
type keyUse struct{ scope, actor, key, digest, ref string }

// useKey takes an idempotency key. It returns the ID made under it before, ""
// if this is the first use. A concurrent first use is waited for. Errors:
// ErrConflict when the key was used for other bytes.
func (t *tx) useKey(ctx context.Context, u keyUse) (first string, err error) {
	if u.key == "" {
		return "", nil
	}
	n, err := t.exec(ctx, `INSERT INTO idempotency_keys (scope, actor, idem_key, digest, ref, at)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
		u.scope, clean(u.actor), clean(u.key), u.digest, u.ref, t.now)
	if err != nil || n == 1 {
		return "", wrap("keep idempotency key", err)
	}
	var digest string
	err = t.QueryRowContext(ctx, "SELECT ref, digest FROM idempotency_keys WHERE scope = $1 AND actor = $2 AND idem_key = $3",
		u.scope, clean(u.actor), clean(u.key)).Scan(&first, &digest)
	if err != nil {
		return "", fmt.Errorf("read idempotency key: %w", err)
	}
	if digest != u.digest {
		return "", fmt.Errorf("idempotency key was used for other bytes: %w", storage.ErrConflict)
	}
	return first, nil
}

// DocumentByKey returns the document registered under an idempotency key.
func (s *Store) DocumentByKey(ctx context.Context, by, key string) (doc document.Document, err error) {
	err = s.read(ctx, func(q querier) error {
		doc, err = one(ctx, q, scanDocument, "SELECT "+documentColumns+` FROM documents WHERE id =
			(SELECT ref FROM idempotency_keys WHERE scope = 'document' AND actor = $1 AND idem_key = $2)`, clean(by), clean(key))
		return err
	})
	return doc, wrap("find document by key", err)
}

// Document returns one document.
func (s *Store) Document(ctx context.Context, id document.ID) (doc document.Document, err error) {
	err = s.read(ctx, func(q querier) error {
		doc, err = one(ctx, q, scanDocument, "SELECT "+documentColumns+" FROM documents WHERE id = $1", id)
		return err
	})
	return doc, wrap("read document", err)
}

// ListDocuments returns a page of documents, newest first.
func (s *Store) ListDocuments(ctx context.Context, q storage.DocumentQuery) (out []document.Document, err error) {
	var w where
	w.equal("state", string(q.State))
	w.equal("project", q.Project)
	w.equal("unit", q.Unit)
	w.equal("sender", clean(q.By))
	w.equal("receipt", string(q.Receipt))
	w.equal("original", q.Original.String())
	w.below("id", string(q.Before))
	query := w.page("SELECT "+documentColumns+" FROM documents", "id DESC", bounded(q.Limit, 50, 500))
	err = s.read(ctx, func(db querier) error {
		out, err = collect(ctx, db, scanDocument, query, w.args...)
		return err
	})
	return out, wrap("list documents", err)
}

// Artifacts lists the derived files of one generation by kind and page.
func (s *Store) Artifacts(ctx context.Context, id document.ID, generation int) (out []document.Artifact, err error) {
	err = s.read(ctx, func(q querier) error {
		out, err = collect(ctx, q, scanArtifact, `SELECT kind, page, digest, size, media_type FROM artifacts
			WHERE document = $1 AND generation = $2 ORDER BY kind, page`, id, generation)
		return err
	})
	return out, wrap("list artifacts", err)
}

// Apply changes a document outside a step: a person's decision. Asking for a
// task that ended before readies it again.
func (s *Store) Apply(ctx context.Context, id document.ID, version int64, change storage.Change) (doc document.Document, ready []storage.Task, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		doc, err = t.lockDocument(ctx, id)
		if err != nil {
			return err
		}
		if version != 0 && doc.Version != version+1 {
			return fmt.Errorf("document has version %d, not %d: %w", doc.Version-1, version, storage.ErrConflict)
		}
		doc, ready, err = t.apply(ctx, doc, storage.TaskKey{}, change)
		return err
	})
	if err != nil {
		return document.Document{}, nil, fmt.Errorf("change document: %w", err)
	}
	return doc, ready, nil
}

// where gathers conditions and their arguments; empty values do not filter.
type where struct {
	terms []string
	args  []any
}

func (w *where) equal(column, value string) { w.add(column+" = $", value) }
func (w *where) below(column, value string) { w.add(column+" < $", value) }

func (w *where) add(term, value string) {
	if value != "" {
		w.args = append(w.args, value)
		w.terms = append(w.terms, fmt.Sprintf("%s%d", term, len(w.args)))
	}
}

func (w *where) page(head, order string, limit int) string {
	if len(w.terms) > 0 {
		head += " WHERE " + strings.Join(w.terms, " AND ")
	}
	w.args = append(w.args, limit)
	return fmt.Sprintf("%s ORDER BY %s LIMIT $%d", head, order, len(w.args))
}

// wrap adds what was being done to an error; nil stays nil.
func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
