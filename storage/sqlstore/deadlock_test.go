package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/internal/testserver"
	"onewindow/storage"
)

// TestNobodyDeadlocks does everything at once on few rows. A deadlock would be
// tried again and so go unnoticed; here it is counted.
func TestNobodyDeadlocks(t *testing.T) {
	s := mustOpen(t, Options{DSN: testserver.Postgres(t)})
	var deadlocks, conflicts atomic.Int64
	transient := s.dialect.transient
	s.dialect.transient = func(err error) bool {
		switch pgCode(err) {
		case "40P01":
			deadlocks.Add(1)
		case "40001":
			conflicts.Add(1)
		}
		return transient(err)
	}
	var ids []document.ID
	for range 4 {
		doc, _, err := s.Register(t.Context(), sample)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, doc.ID)
	}
	var wg sync.WaitGroup
	for hand := range 10 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(hand), 1))
			for i := range 60 {
				if err := something(t.Context(), s, r, ids[r.IntN(len(ids))], fmt.Sprint(hand, "-", i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if deadlocks.Load() != 0 || conflicts.Load() != 0 {
		t.Errorf("%d deadlocks, %d serialization failures", deadlocks.Load(), conflicts.Load())
	}
	if v, err := s.VerifyAudit(t.Context()); err != nil || !v.Intact {
		t.Error(v, err)
	}
}

// something does one random change; to lose to others is no error.
func something(ctx context.Context, s *Store, r *rand.Rand, id document.ID, name string) error {
	res := approval.Result{ID: "res_" + name, Project: "p" + fmt.Sprint(r.IntN(2)), Type: "rd-x", Number: fmt.Sprint(r.IntN(2)),
		Positive: true, Code: name, ConfirmedBy: "x"}
	var err error
	switch r.IntN(8) {
	case 0:
		n := sample
		n.IdempotencyKey = fmt.Sprint(r.IntN(5))
		_, _, err = s.Register(ctx, n)
	case 1:
		_, _, err = s.Apply(ctx, id, 0, storage.Change{Publish: &res})
	case 2:
		_, _, err = s.PublishResult(ctx, res, "", storage.AuditEntry{Actor: "x", Action: "y"})
	case 3:
		_, _, err = s.Apply(ctx, id, 0, storage.Change{NewGeneration: true, Next: []storage.NextTask{{Step: document.StepInspect}}})
	case 4:
		_, err = s.Waiting(ctx, "", 0, 5)
	case 5:
		err = relyOrRevoke(ctx, s, r)
	case 6:
		_, err = s.Requeue(ctx, id, "x")
	default:
		err = work(ctx, s, r, id, res)
	}
	for _, lost := range []error{storage.ErrNoWork, storage.ErrFenced, storage.ErrConflict, storage.ErrNotFound} {
		if errors.Is(err, lost) {
			return nil
		}
	}
	return err
}

func relyOrRevoke(ctx context.Context, s *Store, r *rand.Rand) error {
	found, err := s.ListResults(ctx, storage.ResultQuery{Limit: 5})
	if err != nil || len(found) == 0 {
		return err
	}
	of := found[r.IntN(len(found))]
	if r.IntN(3) == 0 {
		_, err = s.EndResult(ctx, storage.ResultEnd{ID: of.ID, By: "x", Reason: "y"})
		return err
	}
	_, err = s.Rely(ctx, approval.Reliance{Result: of.ID, Item: fmt.Sprint(r.IntN(20))}, "2026-01-01")
	return err
}

func work(ctx context.Context, s *Store, r *rand.Rand, id document.ID, res approval.Result) error {
	doc, err := s.Document(ctx, id)
	if err != nil {
		return err
	}
	key := storage.TaskKey{Document: id, Generation: doc.Generation, Step: document.StepInspect}
	c, err := s.Claim(ctx, key, "w", time.Duration(r.IntN(20))*time.Millisecond)
	if err != nil {
		return err
	}
	switch r.IntN(4) {
	case 0:
		return s.Release(ctx, c)
	case 1:
		return s.Fail(ctx, c, storage.Failure{Code: document.CodeTimeout, Retry: time.Duration(r.IntN(3)-1) * time.Millisecond}, storage.Change{})
	}
	if err := s.Renew(ctx, c, time.Minute); err != nil {
		return err
	}
	_, err = s.Finish(ctx, c, storage.Change{Publish: &res, Next: []storage.NextTask{{Step: document.StepScreen, Page: 1}}})
	return err
}

// TestSQLiteFilesArePrivate: the records hold personal data.
func TestSQLiteFilesArePrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "records.db")
	s := mustOpen(t, Options{DSN: path})
	if _, _, err := s.Register(t.Context(), sample); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) < 4 {
		t.Fatalf("%v, %v; want the database, its log, its index and its lock", files, err)
	}
	for _, name := range files {
		if st, err := os.Stat(name); err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v", filepath.Base(name), st.Mode(), err)
		}
	}
}
