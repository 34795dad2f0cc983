package sqlstore

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/internal/testserver"
	"onewindow/storage"
)

// promiseVariable makes this test binary a program that registers documents and
// prints a receipt for each, until it is killed.
const promiseVariable = "ONEWINDOW_TEST_PROMISE"

// TestProcessPromises is that program; without the variable there is nothing to do.
func TestProcessPromises(t *testing.T) {
	dsn := os.Getenv(promiseVariable)
	if dsn == "" {
		return
	}
	s := mustOpen(t, Options{DSN: dsn})
	for {
		doc, _, err := s.Register(t.Context(), sample)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Printf("promise %s %s\n", doc.ID, doc.Receipt)
	}
}

// TestKilledProcessKeepsItsPromises kills a door with SIGKILL, again and again:
// whoever got a receipt must be found, and nothing may be half there.
func TestKilledProcessKeepsItsPromises(t *testing.T) {
	onEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		dsn := fresh(t)
		promised := map[document.ID]document.Receipt{}
		for range 5 {
			promiseUntilKilled(t, dsn, promised)
		}
		s := mustOpen(t, Options{DSN: dsn})
		if len(promised) < 10 {
			t.Fatalf("only %d promises: the test did not test", len(promised))
		}
		for id, receipt := range promised {
			if doc, err := s.Document(t.Context(), id); err != nil || doc.Receipt != receipt {
				t.Errorf("promised %s %s: %v", id, receipt, err)
			}
		}
		checkWhole(t, s)
	})
}

func promiseUntilKilled(t *testing.T, dsn string, promised map[document.ID]document.Receipt) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestProcessPromises$")
	cmd.Env = append(os.Environ(), promiseVariable+"="+dsn)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	enough := 3 + rand.IntN(20)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		word := strings.Fields(lines.Text())
		if len(word) != 3 || word[0] != "promise" {
			t.Errorf("process says %q", lines.Text())
			continue
		}
		promised[document.ID(word[1])] = document.Receipt(word[2])
		if enough--; enough == 0 {
			time.Sleep(rand.N(3 * time.Millisecond)) // somewhere inside the next change
			_ = cmd.Process.Kill()
		}
	}
	_ = cmd.Wait() // it was killed
}

// checkWhole looks whether every document has its task, event and audit row, and
// all numbers fit together.
func checkWhole(t *testing.T, s *Store) {
	t.Helper()
	ctx := t.Context()
	counts, err := s.Counts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	last, err := s.LastEvent(ctx)
	n := counts["documents"]
	if err != nil || counts["events"] != last || counts["tasks"] != n || counts["audit"] != n || last != n {
		t.Errorf("counts %v, last event %d, %v", counts, last, err)
	}
	if v, err := s.VerifyAudit(ctx); err != nil || !v.Intact {
		t.Errorf("audit %+v, %v", v, err)
	}
}

// TestServerIsKilled kills PostgreSQL under working hands, again and again. They
// notice nothing but a pause, and every effect is there once.
func TestServerIsKilled(t *testing.T) {
	const documents, hands, kills = 120, 6, 3
	server := testserver.PostgresWith(t, testserver.PostgresOptions{})
	_, dsn, err := server.CreateDatabase()
	if err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, Options{DSN: dsn, Patience: 30 * time.Second})
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	todo := make(chan int)
	var wg sync.WaitGroup
	for range hands {
		wg.Go(func() {
			for i := range todo {
				if err := oneStep(ctx, s, i); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range documents {
		if i > 0 && i%(documents/(kills+1)) == 0 {
			server.Kill()
			time.Sleep(100 * time.Millisecond)
			if err := server.Up(); err != nil {
				t.Fatal(err)
			}
		}
		todo <- i
	}
	close(todo)
	wg.Wait()
	counts, err := s.Counts(ctx)
	if err != nil || counts["documents"] != documents || counts["tasks"] != 2*documents || counts["events"] != 2*documents {
		t.Fatal(counts, err)
	}
	checkSteps(t, s, documents)
}

// oneStep registers a document and does its first task. A claim whose answer
// was lost for good runs out soon and is taken again.
func oneStep(ctx context.Context, s *Store, i int) error {
	n := sample
	n.IdempotencyKey, n.Origin.By = fmt.Sprint(i), "door"
	doc, _, err := s.Register(ctx, n)
	if err != nil {
		return fmt.Errorf("register: %w", err)
	}
	key := storage.TaskKey{Document: doc.ID, Generation: 1, Step: document.StepInspect}
	for {
		c, err := s.Claim(ctx, key, "w", 2*time.Second)
		if errors.Is(err, storage.ErrNoWork) && ctx.Err() == nil {
			time.Sleep(50 * time.Millisecond)
			continue
		}
		if err != nil {
			return fmt.Errorf("claim: %w", err)
		}
		_, err = s.Finish(ctx, c, storage.Change{Patch: storage.DocumentPatch{PageRead: true},
			Next: []storage.NextTask{{Step: document.StepScreen, Page: 1}}})
		if errors.Is(err, storage.ErrFenced) {
			continue
		}
		return err
	}
}

func checkSteps(t *testing.T, s *Store, documents int) {
	t.Helper()
	ctx := t.Context()
	done := map[document.ID]int{}
	events, err := s.EventsAfter(ctx, 0, 1000)
	for i, e := range events {
		if e.Seq != int64(i+1) {
			t.Fatalf("event %d stands at %d", e.Seq, i+1)
		}
		if e.Type == approval.EventStepDone {
			done[e.Document]++
		}
	}
	if err != nil || len(done) != documents {
		t.Fatalf("%d documents with an effect, %v", len(done), err)
	}
	for id, n := range done {
		if doc, err := s.Document(ctx, id); err != nil || n != 1 || doc.PagesRead != 1 {
			t.Errorf("%s: %d events, %d effects, %v", id, n, doc.PagesRead, err)
		}
	}
	if v, err := s.VerifyAudit(ctx); err != nil || !v.Intact {
		t.Errorf("audit %+v, %v", v, err)
	}
}

// TestFullDisk: nothing is stored, the error says why, and what was stored can
// still be read.
func TestFullDisk(t *testing.T) {
	s := mustOpen(t, Options{DSN: databases["SQLite"](t)})
	ctx := t.Context()
	if _, err := s.writer.Exec("PRAGMA max_page_count = 90"); err != nil {
		t.Fatal(err)
	}
	var err error
	n := int64(0)
	for ; err == nil && n < 10000; n++ {
		_, _, err = s.Register(ctx, sample)
	}
	if !errors.Is(err, storage.ErrFull) {
		t.Fatalf("after %d documents: %v", n, err)
	}
	checkWhole(t, s)
	if _, err := s.writer.Exec("PRAGMA max_page_count = 100000"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Register(ctx, sample); err != nil {
		t.Fatalf("when there is room again: %v", err)
	}
	if counts, err := s.Counts(ctx); err != nil || counts["documents"] != n {
		t.Fatal(counts["documents"], n, err)
	}
}

// TestCancelledCallers leave nothing behind, and are told that it was them.
func TestCancelledCallers(t *testing.T) {
	onEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		s := mustOpen(t, Options{DSN: fresh(t)})
		for i := range 60 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*100*time.Microsecond)
			_, _, err := s.Register(ctx, sample)
			if err != nil && !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("cancelled after %d00 µs: %v", i, err)
			}
			cancel()
		}
		if _, _, err := s.Register(t.Context(), sample); err != nil {
			t.Fatal(err)
		}
		checkWhole(t, s)
	})
}
