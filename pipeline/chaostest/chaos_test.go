package chaostest

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/intake"
	"onewindow/internal/testserver"
	"onewindow/pipeline/asynqueue"
	"onewindow/storage"
	"onewindow/storage/filestore"
	"onewindow/storage/sqlstore"
)

// stage is a running deployment to be broken.
type stage struct {
	t       *testing.T
	setup   setup
	records *sqlstore.Store
	redis   *testserver.RedisServer
	bell    *asynqueue.Bell
	blobs   storage.Blobs
	workers []*exec.Cmd
	docs    map[document.ID]int // pages
}

func newStage(t *testing.T, noFence bool) *stage {
	t.Helper()
	s := &stage{t: t, redis: testserver.Redis(t), docs: map[document.ID]int{}}
	s.setup = setup{DSN: testserver.Postgres(t), Redis: "redis://" + s.redis.Addr(), Blobs: t.TempDir(),
		Lease: 1500 * time.Millisecond, NoFence: noFence}
	var err error
	if s.records, err = sqlstore.Open(t.Context(), sqlstore.Options{DSN: s.setup.DSN, Patience: 30 * time.Second}); err != nil {
		t.Fatal(err)
	}
	if s.blobs, err = filestore.Open(s.setup.Blobs, filestore.Options{}); err != nil {
		t.Fatal(err)
	}
	opt, err := asynqueue.ParseURL(s.setup.Redis)
	if err != nil {
		t.Fatal(err)
	}
	s.bell = asynqueue.NewBell(opt)
	t.Cleanup(func() {
		s.stopWorkers()
		s.bell.Close()
		s.records.Close()
	})
	return s
}

// receive takes documents in through the real door.
func (s *stage) receive(n int) {
	s.t.Helper()
	r := &intake.Receiver{Blobs: s.blobs, Records: s.records, Bell: s.bell, Log: slog.New(slog.DiscardHandler)}
	lanes := []document.Lane{document.LaneCounter, document.LaneVirtual, document.LaneBulk}
	for i := range n {
		pages := 1 + i%5
		receipt, err := r.Receive(context.Background(), intake.Submission{
			Body: strings.NewReader(fmt.Sprintf("pages=%d document %d", pages, i)), Filename: "扫描件.pdf",
			Origin:         document.Origin{Door: "test", By: "chaos", Lane: lanes[i%3], Channel: document.ChannelUnit},
			IdempotencyKey: fmt.Sprintf("chaos-%d", i),
		})
		if err != nil {
			s.t.Fatalf("receive: %v", err)
		}
		s.docs[receipt.Document] = pages
	}
}

func (s *stage) startWorker() *exec.Cmd {
	s.t.Helper()
	text, err := json.Marshal(s.setup)
	if err != nil {
		s.t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), workerVariable+"="+string(text))
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		s.t.Fatalf("start worker: %v", err)
	}
	return cmd
}

func (s *stage) startWorkers(n int) {
	for range n {
		s.workers = append(s.workers, s.startWorker())
	}
}

func (s *stage) stopWorkers() {
	for _, w := range s.workers {
		_ = w.Process.Signal(syscall.SIGCONT)
		_ = w.Process.Kill()
		_ = w.Wait()
	}
	s.workers = nil
}

// killWorker kills one without warning and starts another.
func (s *stage) killWorker() {
	i := rand.IntN(len(s.workers))
	_ = s.workers[i].Process.Kill()
	_ = s.workers[i].Wait()
	s.workers[i] = s.startWorker()
}

// pauseWorker holds one beyond its leases, so that others take its tasks over
// while it still believes to own them.
func (s *stage) pauseWorker(d time.Duration) {
	w := s.workers[rand.IntN(len(s.workers))]
	_ = w.Process.Signal(syscall.SIGSTOP)
	time.Sleep(d)
	_ = w.Process.Signal(syscall.SIGCONT)
}

// finish waits until every document is done.
func (s *stage) finish(limit time.Duration) {
	s.t.Helper()
	deadline := time.Now().Add(limit)
	for time.Now().Before(deadline) {
		if open := s.open(); open == 0 {
			return
		}
		time.Sleep(300 * time.Millisecond)
	}
	s.t.Fatalf("%d of %d documents were not done in %s: %v", s.open(), len(s.docs), limit, s.states())
}

func (s *stage) open() int {
	n := 0
	for id := range s.docs {
		doc, err := s.records.Document(context.Background(), id)
		if err != nil || doc.State != document.StateDone {
			n++
		}
	}
	return n
}

func (s *stage) states() map[document.State]int {
	m := map[document.State]int{}
	for id := range s.docs {
		doc, _ := s.records.Document(context.Background(), id)
		m[doc.State]++
	}
	return m
}

// account counts effects that happened other than exactly once.
func (s *stage) account() (duplicates, missing int) {
	s.t.Helper()
	steps, published := map[string]int{}, map[document.ID]int{}
	var after int64
	for {
		list, err := s.records.EventsAfter(context.Background(), after, 1000)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		for _, e := range list {
			if e.Seq != after+1 {
				s.t.Fatalf("event %d follows %d", e.Seq, after)
			}
			after = e.Seq
			switch e.Type {
			case approval.EventStepDone:
				steps[string(e.Document)+"/"+e.Data["step"]+"/"+e.Data["page"]]++
			case approval.EventPublished:
				published[e.Document]++
			}
		}
	}
	want := 0
	for id, pages := range s.docs {
		want += 6 + pages - 1 // six steps, and a task for every page after the first
		if published[id] == 0 {
			missing++
		}
		duplicates += max(0, published[id]-1)
	}
	for _, n := range steps {
		duplicates += n - 1
	}
	missing += want - len(steps)
	return duplicates, missing
}

func chaosTime() (length time.Duration, documents int) {
	if os.Getenv("ONEWINDOW_CHAOS") == "long" {
		return 5 * time.Minute, 1200
	}
	return 12 * time.Second, 120
}

func TestChaos_NothingIsLostAndNothingHappensTwice(t *testing.T) {
	length, documents := chaosTime()
	s := newStage(t, false)
	s.startWorkers(3)
	s.receive(documents)
	blows := map[string]int{}
	for end := time.Now().Add(length); time.Now().Before(end); {
		switch k := rand.IntN(10); {
		case k < 4:
			s.killWorker()
			blows["kill -9"]++
		case k < 6:
			if err := s.redis.Flush(); err != nil {
				t.Logf("flush: %v", err)
			}
			blows["FLUSHALL"]++
		case k < 8:
			s.pauseWorker(2 * time.Second)
			blows["pause beyond the lease"]++
		case k < 9:
			s.redis.Kill()
			time.Sleep(time.Second)
			if err := s.redis.Restart(); err != nil {
				t.Fatalf("restart redis: %v", err)
			}
			blows["redis away"]++
		default:
			s.cutDatabase()
			blows["database connections cut"]++
		}
		time.Sleep(time.Duration(200+rand.IntN(400)) * time.Millisecond)
	}
	s.finish(3 * time.Minute)
	duplicates, missing := s.account()
	t.Logf("%d documents, blows %v: %d duplicates, %d missing", len(s.docs), blows, duplicates, missing)
	if duplicates != 0 || missing != 0 {
		t.Errorf("%d effects happened more than once, %d are missing", duplicates, missing)
	}
	if v, err := s.records.VerifyAudit(t.Context()); err != nil || !v.Intact {
		t.Errorf("audit trail: %+v %v", v, err)
	}
}

// cutDatabase ends every connection the workers have.
func (s *stage) cutDatabase() {
	cmd := exec.Command("psql", s.setup.DSN, "-Atc",
		"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
	if out, err := cmd.CombinedOutput(); err != nil && !strings.Contains(string(out), "terminating") {
		s.t.Errorf("cut database: %v %s", err, out)
	}
}

// TestChaos_WithoutTheFenceThingsHappenTwice is the control: the same pauses with
// the fence off must be seen.
func TestChaos_WithoutTheFenceThingsHappenTwice(t *testing.T) {
	s := newStage(t, true)
	s.startWorkers(3)
	s.receive(60)
	for range 8 {
		s.pauseWorker(2500 * time.Millisecond)
		time.Sleep(200 * time.Millisecond)
		if d, _ := s.account(); d > 0 {
			t.Logf("duplicates seen without the fence: %d", d)
			return
		}
	}
	time.Sleep(3 * time.Second)
	if d, _ := s.account(); d == 0 {
		t.Error("no duplicates without the fence: this test could not fail")
	}
}
