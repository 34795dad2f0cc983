package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"onewindow/document"
	"onewindow/storage"
)

const taskColumns = "document, generation, step, page, lane, state, attempt, due_at, owner, code, reason, started_at, ended_at"

func scanTask(r scanner) (storage.Task, error) {
	var t storage.Task
	var due sql.NullInt64
	var started, ended int64
	err := r.Scan(&t.Document, &t.Generation, &t.Step, &t.Page, &t.Lane, &t.State, &t.Attempt, &due,
		&t.Owner, &t.Code, &t.Reason, &started, &ended)
	t.StartedAt, t.EndedAt = timeOf(started), timeOf(ended)
	switch t.State {
	case storage.TaskReady:
		t.NotBefore = timeOf(due.Int64)
	case storage.TaskClaimed:
		t.LeaseUntil = timeOf(due.Int64)
	}
	return t, err
}

func isNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

func readyOf(tasks []storage.Task) []storage.Task {
	return slices.DeleteFunc(tasks, func(t storage.Task) bool { return t.State != storage.TaskReady })
}

// Waiting returns tasks that are due and were not rung for since the given age,
// those first that wait longest for a ring, and marks them as rung. Tasks that
// Finish, Apply and Requeue returned count as rung; those whose claim ended in
// any other way do not. An empty lane means all lanes, the most urgent first.
func (s *Store) Waiting(ctx context.Context, lane document.Lane, age time.Duration, limit int) (out []storage.Task, err error) {
	lanes := []document.Lane{lane}
	if lane == "" {
		lanes = []document.Lane{document.LaneCounter, document.LaneVirtual, document.LaneBulk}
	}
	limit = bounded(limit, 100, 10000)
	if some, err := s.anyWaiting(ctx, lane, age); err != nil || !some {
		return nil, wrap("look for waiting tasks", err)
	}
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		out = nil
		for _, l := range lanes {
			if len(out) == limit {
				break
			}
			some, err := t.waiting(ctx, l, age, limit-len(out))
			if err != nil {
				return err
			}
			out = append(out, some...)
		}
		return nil
	})
	return out, wrap("list waiting tasks", err)
}

// anyWaiting looks without writing, because sweepers mostly find nothing. A task
// that comes due a moment later is found by the next sweep.
func (s *Store) anyWaiting(ctx context.Context, lane document.Lane, age time.Duration) (some bool, err error) {
	err = s.read(ctx, func(q querier) error {
		var now int64
		if err := q.QueryRowContext(ctx, "SELECT "+s.dialect.clock).Scan(&now); err != nil {
			return err
		}
		condition, args := "", []any{now, now - age.Milliseconds()}
		if lane != "" {
			condition, args = " AND lane = $3", append(args, lane)
		}
		return q.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM tasks WHERE due_at <= $1 AND rung_at <= $2"+condition+")",
			args...).Scan(&some)
	})
	return some, err
}

func (t *tx) waiting(ctx context.Context, lane document.Lane, age time.Duration, limit int) ([]storage.Task, error) {
	tasks, err := collect(ctx, t, scanTask, `UPDATE tasks SET rung_at = $2
		WHERE (document, generation, step, page) IN (
			SELECT document, generation, step, page FROM tasks
			WHERE lane = $1 AND due_at <= $2 AND rung_at <= $3
			ORDER BY rung_at, due_at LIMIT $4 `+t.s.dialect.skipLocked+`)
		RETURNING `+taskColumns, lane, t.now, t.now-age.Milliseconds(), limit)
	slices.SortStableFunc(tasks, func(a, b storage.Task) int { return dueAt(a).Compare(dueAt(b)) })
	return tasks, err
}

func dueAt(t storage.Task) time.Time {
	if t.State == storage.TaskClaimed {
		return t.LeaseUntil
	}
	return t.NotBefore
}

// TasksOf returns all tasks of one generation of a document in step order.
func (s *Store) TasksOf(ctx context.Context, id document.ID, generation int) (out []storage.Task, err error) {
	err = s.read(ctx, func(q querier) error {
		out, err = collect(ctx, q, scanTask, "SELECT "+taskColumns+" FROM tasks WHERE document = $1 AND generation = $2 ORDER BY page",
			id, generation)
		return err
	})
	slices.SortStableFunc(out, func(a, b storage.Task) int { return stepPlace(a.Step) - stepPlace(b.Step) })
	return out, wrap("list tasks", err)
}

// stepPlace is where a step stands on a document's way.
func stepPlace(step document.Step) int { return slices.Index(document.Steps(), step) }

// Parked returns parked tasks, newest first; limit 0 means 100, at most 1000.
func (s *Store) Parked(ctx context.Context, limit int) (out []storage.Task, err error) {
	err = s.read(ctx, func(q querier) error {
		out, err = collect(ctx, q, scanTask, "SELECT "+taskColumns+` FROM tasks WHERE state = 'parked'
			ORDER BY ended_at DESC LIMIT $1`, bounded(limit, 100, 1000))
		return err
	})
	return out, wrap("list parked tasks", err)
}

// Depths counts open tasks by lane and state.
func (s *Store) Depths(ctx context.Context) (out map[document.Lane]map[storage.TaskState]int, err error) {
	type depth struct {
		lane  document.Lane
		state storage.TaskState
		n     int
	}
	var rows []depth
	err = s.read(ctx, func(q querier) error {
		rows, err = collect(ctx, q, func(r scanner) (d depth, err error) {
			err = r.Scan(&d.lane, &d.state, &d.n)
			return d, err
		}, "SELECT lane, state, COUNT(*) FROM tasks WHERE "+openStates+" GROUP BY lane, state")
		return err
	})
	out = map[document.Lane]map[storage.TaskState]int{}
	for _, d := range rows {
		if out[d.lane] == nil {
			out[d.lane] = map[storage.TaskState]int{}
		}
		out[d.lane][d.state] = d.n
	}
	return out, wrap("count tasks", err)
}

// Requeue readies all parked tasks of the current generation with attempts at
// zero, puts the document's state back to where the first of them stands, clears
// its refusal, and returns the tasks to ring for.
func (s *Store) Requeue(ctx context.Context, id document.ID, by string) (ready []storage.Task, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		doc, err := t.lockDocument(ctx, id)
		if err != nil {
			return err
		}
		ready, err = t.requeue(ctx, doc, by)
		return err
	})
	return ready, wrap("requeue document", err)
}

func (t *tx) requeue(ctx context.Context, doc document.Document, by string) ([]storage.Task, error) {
	ready, err := collect(ctx, t, scanTask, `UPDATE tasks SET state = 'ready', attempt = 0, fence = fence + 1, owner = '',
		due_at = $3, rung_at = $3, ended_at = 0 WHERE document = $1 AND generation = $2 AND state = 'parked'
		RETURNING `+taskColumns, doc.ID, doc.Generation, t.now)
	if err != nil || len(ready) == 0 {
		return nil, err
	}
	slices.SortFunc(ready, func(a, b storage.Task) int { return (stepPlace(a.Step)-stepPlace(b.Step))*1e6 + a.Page - b.Page })
	change := storage.Change{
		Patch: storage.DocumentPatch{ClearRefusal: true},
		Audit: []storage.AuditEntry{{Actor: by, Action: "document.requeue", Object: string(doc.ID)}},
	}
	if doc.State == document.StateFailed || doc.State == document.StateRefused {
		state := stateAt(ready[0].Step)
		change.Patch.State = &state
	}
	_, _, err = t.apply(ctx, doc, storage.TaskKey{}, change)
	return ready, err
}

// stateAt is the state of a document whose next step is this one.
func stateAt(step document.Step) document.State {
	switch step {
	case document.StepInspect:
		return document.StateReceived
	case document.StepScreen:
		return document.StateInspecting
	case document.StepRecognize, document.StepClassify:
		return document.StateReading
	case document.StepExtract:
		return document.StateClassified
	}
	return document.StateConfirmed // stamp, publish
}
