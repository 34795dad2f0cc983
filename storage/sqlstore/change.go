package sqlstore

import (
	"context"
	"fmt"
	"strconv"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/storage"
)

// openStates is a condition that the index tasks_open is made for; keep it word
// for word, because SQLite compares texts.
const openStates = "state IN ('held', 'ready', 'claimed', 'parked')"

// apply does a change to a locked document. from is the task that finished with
// it, zero for a change outside a step. It returns the document after it and
// the tasks that became ready.
func (t *tx) apply(ctx context.Context, doc document.Document, from storage.TaskKey, c storage.Change) (document.Document, []storage.Task, error) {
	before, old := doc.State, doc
	doc, err := t.applyDocument(ctx, doc, c)
	if err != nil {
		return doc, nil, err
	}
	if err := t.reindex(ctx, old, doc, c); err != nil {
		return doc, nil, err
	}
	ready, err := t.applyTasks(ctx, doc, from, c)
	if err != nil {
		return doc, nil, err
	}
	parts, err := t.takeApart(ctx, c.Parts)
	if err != nil {
		return doc, nil, err
	}
	others, err := t.accompany(ctx, c.Others)
	if err != nil {
		return doc, nil, err
	}
	ready = append(append(ready, parts...), others...)
	for _, e := range c.Events {
		t.announceOf(doc, e)
	}
	if c.Publish != nil {
		if _, err := t.publish(ctx, *c.Publish); err != nil {
			return doc, nil, err
		}
	}
	if doc.State != before {
		t.announceState(doc, before)
	}
	for _, e := range c.Audit {
		t.record(e)
	}
	return doc, ready, nil
}

// applyDocument changes the document's own row and its artifacts.
func (t *tx) applyDocument(ctx context.Context, doc document.Document, c storage.Change) (document.Document, error) {
	if c.CancelTasks || c.NewGeneration { // tasks of an earlier generation could never be claimed again
		if err := t.cancelTasks(ctx, doc); err != nil {
			return doc, err
		}
	}
	if c.NewGeneration {
		doc = anew(doc)
	}
	doc = patched(doc, c.Patch)
	if err := t.saveDocument(ctx, doc); err != nil {
		return doc, err
	}
	if c.DropArtifacts {
		if _, err := t.exec(ctx, "DELETE FROM artifacts WHERE document = $1", doc.ID); err != nil {
			return doc, fmt.Errorf("drop artifacts: %w", err)
		}
	}
	return doc, t.keepArtifacts(ctx, doc, c.Artifacts)
}

// applyTasks makes what comes next: the tasks asked for, the next held page, and
// the join.
func (t *tx) applyTasks(ctx context.Context, doc document.Document, from storage.TaskKey, c storage.Change) ([]storage.Task, error) {
	ready, err := t.addTasks(ctx, doc, c.Next, from == storage.TaskKey{})
	if err != nil || from == (storage.TaskKey{}) || c.NewGeneration || c.CancelTasks {
		return ready, err
	}
	promoted, err := t.promote(ctx, from)
	if err != nil {
		return nil, err
	}
	ready = append(ready, promoted...)
	if c.Join == "" {
		return ready, nil
	}
	open, err := t.anyOpen(ctx, from)
	if err != nil || open {
		return ready, err
	}
	joined, err := t.addTasks(ctx, doc, []storage.NextTask{{Step: c.Join}}, false)
	return append(ready, joined...), err
}

// addTasks inserts tasks of the document's generation and returns those that are
// ready. A task that exists already stays as it is; with again, one that ended
// is readied anew.
func (t *tx) addTasks(ctx context.Context, doc document.Document, next []storage.NextTask, again bool) ([]storage.Task, error) {
	tail := " ON CONFLICT (document, generation, step, page) DO NOTHING"
	if again {
		tail = ` ON CONFLICT (document, generation, step, page) DO UPDATE SET state = excluded.state, attempt = 0,
			fence = tasks.fence + 1, due_at = excluded.due_at, rung_at = excluded.rung_at, owner = '', ended_at = 0
			WHERE tasks.state IN ('done', 'parked', 'cancelled')`
	}
	var ready []storage.Task
	for len(next) > 0 {
		n := min(len(next), insertBatch/8)
		rows := make([][]any, n)
		for i, task := range next[:n] {
			rows[i] = t.newTask(doc, task)
		}
		query, args := values(rows)
		made, err := collect(ctx, t, scanTask, `INSERT INTO tasks (document, generation, step, page, lane, state, due_at, rung_at)
			VALUES `+query+tail+" RETURNING "+taskColumns, args...)
		if err != nil {
			return nil, fmt.Errorf("insert tasks: %w", err)
		}
		ready = append(ready, readyOf(made)...)
		next = next[n:]
	}
	return ready, nil
}

func (t *tx) newTask(doc document.Document, n storage.NextTask) []any {
	state, due, rung := storage.TaskReady, any(t.now), t.now // whoever gets it back rings for it
	if n.Held {
		state, due, rung = storage.TaskHeld, nil, 0
	}
	return []any{doc.ID, doc.Generation, n.Step, n.Page, doc.Origin.Lane, state, due, rung}
}

// promote gives the place of a finished task to the next held one of its step.
func (t *tx) promote(ctx context.Context, done storage.TaskKey) ([]storage.Task, error) {
	tasks, err := collect(ctx, t, scanTask, `UPDATE tasks SET state = 'ready', due_at = $4, rung_at = $4
		WHERE document = $1 AND generation = $2 AND step = $3 AND page = (
			SELECT page FROM tasks WHERE document = $1 AND generation = $2 AND step = $3 AND `+openStates+`
			AND state = 'held' ORDER BY page LIMIT 1)
		RETURNING `+taskColumns, done.Document, done.Generation, done.Step, t.now)
	return tasks, wrap("promote held task", err)
}

// anyOpen reports whether a task of the finished step is left in its generation.
// The document's lock makes concurrent last pages come one after the other.
func (t *tx) anyOpen(ctx context.Context, done storage.TaskKey) (open bool, err error) {
	err = t.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM tasks
		WHERE document = $1 AND generation = $2 AND step = $3 AND `+openStates+`)`,
		done.Document, done.Generation, done.Step).Scan(&open)
	return open, wrap("look for open tasks", err)
}

func (t *tx) cancelTasks(ctx context.Context, doc document.Document) error {
	_, err := t.exec(ctx, `UPDATE tasks SET state = 'cancelled', due_at = NULL, ended_at = $3
		WHERE document = $1 AND generation = $2 AND `+openStates, doc.ID, doc.Generation, t.now)
	return wrap("cancel tasks", err)
}

// stepEvent is an event about a task.
func stepEvent(kind string, key storage.TaskKey, more map[string]string) approval.Event {
	data := map[string]string{"step": string(key.Step), "page": strconv.Itoa(key.Page), "generation": strconv.Itoa(key.Generation)}
	for k, v := range more {
		data[k] = v
	}
	return approval.Event{Type: kind, Document: key.Document, Data: data}
}
