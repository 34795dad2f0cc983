package chaostest

import (
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func TestChaos_NothingIsLostAndNothingHappensTwice(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.startWorkers(3)
	s.receive(scaled(120, 1200))
	blows := map[string]int{}
	for end := time.Now().Add(scaled(12*time.Second, 5*time.Minute)); time.Now().Before(end); {
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
	t.Logf("blows %v", blows)
	s.settled()
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
	t.Parallel()
	s := newStage(t, func(o *setup) { o.NoFence = true })
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
