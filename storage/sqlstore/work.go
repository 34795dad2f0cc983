package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/storage"
)

// ofTask selects one task; its arguments are those of keyArgs.
const ofTask = "document = $1 AND generation = $2 AND step = $3 AND page = $4"

func keyArgs(k storage.TaskKey, more ...any) []any {
	return append([]any{k.Document, k.Generation, k.Step, k.Page}, more...)
}

// Claim takes a task that is due: ready and not postponed, or claimed by
// somebody whose lease ran out. The new fence shuts the earlier owner out.
func (s *Store) Claim(ctx context.Context, key storage.TaskKey, owner string, lease time.Duration) (c storage.Claim, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		c = storage.Claim{TaskKey: key, Owner: owner}
		return t.QueryRowContext(ctx, `UPDATE tasks SET state = 'claimed', fence = fence + 1, attempt = attempt + 1,
			owner = $5, started_at = $6, due_at = $7, rung_at = 0, ended_at = 0
			WHERE `+ofTask+` AND state IN ('ready', 'claimed') AND due_at <= $6
			AND EXISTS (SELECT 1 FROM documents d WHERE d.id = $1 AND d.generation = $2 AND d.state <> 'cancelled')
			RETURNING lane, fence, attempt`,
			keyArgs(key, clean(owner), t.now, t.now+lease.Milliseconds())...).Scan(&c.Lane, &c.Fence, &c.Attempt)
	})
	if isNoRows(err) {
		return storage.Claim{}, storage.ErrNoWork
	}
	return c, wrap("claim task", err)
}

// Renew extends the lease from now.
func (s *Store) Renew(ctx context.Context, c storage.Claim, lease time.Duration) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		return fenced(t.exec(ctx, "UPDATE tasks SET due_at = $6 WHERE "+ofTask+" AND state = 'claimed' AND fence = $5",
			keyArgs(c.TaskKey, c.Fence, t.now+lease.Milliseconds())...))
	})
	return wrap("renew lease", err)
}

// Release hands an unfinished task back at once; the attempt does not count. The
// sweeper rings for it, because who releases is usually about to end.
func (s *Store) Release(ctx context.Context, c storage.Claim) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		return fenced(t.exec(ctx, `UPDATE tasks SET state = 'ready', fence = fence + 1, attempt = attempt - 1,
			owner = '', due_at = $6, rung_at = 0 WHERE `+ofTask+" AND state = 'claimed' AND fence = $5",
			keyArgs(c.TaskKey, c.Fence, t.now)...))
	})
	return wrap("release task", err)
}

// fenced turns "no row touched" into a lost claim.
func fenced(n int64, err error) error {
	if err == nil && n == 0 {
		return storage.ErrFenced
	}
	return err
}

// Finish records the change, closes the task and returns the tasks that became
// ready. Finishing again what this claim finished before changes nothing and
// returns what is ready: the first answer may have been lost.
func (s *Store) Finish(ctx context.Context, c storage.Claim, change storage.Change) (ready []storage.Task, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		doc, err := t.lockFor(ctx, c.Document, c.Step)
		if err != nil {
			return err
		}
		err = t.closeTask(ctx, doc, c, outcome{state: storage.TaskDone})
		if errors.Is(err, errAlready) {
			ready, err = t.readyTasks(ctx, c.TaskKey)
			return err
		}
		if err != nil {
			return err
		}
		t.announceOf(doc, stepEvent(approval.EventStepDone, c.TaskKey, nil))
		_, ready, err = t.apply(ctx, doc, c.TaskKey, change)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("finish task: %w", err)
	}
	return ready, nil
}

// Fail records a failure: the task is ready again after f.Retry, or parked
// together with the change when f.Retry is negative. A change given with a
// retry is not applied: the document is still on its way.
func (s *Store) Fail(ctx context.Context, c storage.Claim, f storage.Failure, change storage.Change) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		doc, err := t.lockFor(ctx, c.Document, c.Step)
		if err != nil {
			return err
		}
		o := outcome{state: storage.TaskReady, due: t.now + f.Retry.Milliseconds(), failure: f}
		if f.Retry < 0 {
			o.state = storage.TaskParked
		}
		err = t.closeTask(ctx, doc, c, o)
		if errors.Is(err, errAlready) {
			return nil
		}
		if err != nil {
			return err
		}
		t.announceOf(doc, stepEvent(approval.EventStepFailed, c.TaskKey, map[string]string{
			"code": string(f.Code), "reason": f.Reason, "attempt": strconv.Itoa(c.Attempt),
			"parked": strconv.FormatBool(f.Retry < 0)}))
		if f.Retry < 0 {
			_, _, err = t.apply(ctx, doc, storage.TaskKey{}, change)
		}
		return err
	})
	return wrap("record failure", err)
}

// errAlready: this very claim was closed this way before.
var errAlready = errors.New("already closed by this claim")

// outcome is how a claimed task ends.
type outcome struct {
	state   storage.TaskState
	due     int64 // next try while ready
	failure storage.Failure
}

// closeTask ends a claim, if it still holds. Errors: ErrFenced, errAlready.
func (t *tx) closeTask(ctx context.Context, doc document.Document, c storage.Claim, o outcome) error {
	if t.s.unfenced {
		_, err := t.setOutcome(ctx, c, o, "")
		return err
	}
	if doc.Generation != c.Generation || doc.State == document.StateCancelled {
		return storage.ErrFenced
	}
	n, err := t.setOutcome(ctx, c, o, " AND state = 'claimed' AND fence = "+strconv.FormatInt(c.Fence, 10))
	if err != nil || n == 1 {
		return wrap("close task", err)
	}
	return t.whyNot(ctx, c, o)
}

func (t *tx) setOutcome(ctx context.Context, c storage.Claim, o outcome, condition string) (int64, error) {
	var due any
	if o.state == storage.TaskReady {
		due = o.due
	}
	less := 0
	if o.failure.Uncounted {
		less = 1
	}
	return t.exec(ctx, `UPDATE tasks SET state = $5, due_at = $6, rung_at = 0, ended_at = $7, code = $8, reason = $9,
		detail = $10, attempt = attempt - $11 WHERE `+ofTask+condition,
		keyArgs(c.TaskKey, o.state, due, t.now, o.failure.Code, clean(o.failure.Reason), clean(o.failure.Detail), less)...)
}

// whyNot tells a repeated call from a lost claim.
func (t *tx) whyNot(ctx context.Context, c storage.Claim, o outcome) error {
	var state storage.TaskState
	var fence int64
	err := t.QueryRowContext(ctx, "SELECT state, fence FROM tasks WHERE "+ofTask, keyArgs(c.TaskKey)...).Scan(&state, &fence)
	if err != nil && !isNoRows(err) {
		return fmt.Errorf("look at task: %w", err)
	}
	if err == nil && fence == c.Fence && state == o.state {
		return errAlready
	}
	return storage.ErrFenced
}

// readyTasks returns what is ready in a generation of a document.
func (t *tx) readyTasks(ctx context.Context, k storage.TaskKey) ([]storage.Task, error) {
	tasks, err := collect(ctx, t, scanTask, "SELECT "+taskColumns+` FROM tasks
		WHERE document = $1 AND generation = $2 AND state = 'ready'`, k.Document, k.Generation)
	return tasks, wrap("list ready tasks", err)
}
