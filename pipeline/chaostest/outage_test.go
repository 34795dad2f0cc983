package chaostest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onewindow/internal/testserver"
	"onewindow/storage"
)

// TestChaos_ObjectStoreRefusesAndHangs: S3 is down, then freezes, in the middle of
// the work; no receipt is given for bytes that are not safe, and the sender who
// tries again with the same key is served once.
func TestChaos_ObjectStoreRefusesAndHangs(t *testing.T) {
	t.Parallel()
	s3 := testserver.VersityGW(t)
	s := newStage(t, func(o *setup) { o.useS3(s3) })
	s.startWorkers(2)
	s.receive(scaled(24, 300))
	for range scaled(1, 20) {
		s3.Down()
		late := fmt.Sprintf("pages=1 while the store was away %d", s.n)
		if _, err := s.receiveOne(late); err == nil {
			t.Error("a receipt was given although the bytes are nowhere")
		}
		time.Sleep(3 * time.Second)
		if err := s3.Up(); err != nil {
			t.Fatal(err)
		}
		s.mustReceive(late)
		time.Sleep(500 * time.Millisecond)
		if err := s3.Pause(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		s.killWorker()
		time.Sleep(2 * time.Second)
		if err := s3.Resume(); err != nil {
			t.Fatal(err)
		}
	}
	s.finish(2 * time.Minute)
	s.settled()
}

// mustReceive takes a document of one page in and expects it to be done.
func (s *stage) mustReceive(body string) {
	s.t.Helper()
	id, err := s.receiveOne(body)
	if err != nil {
		s.t.Fatalf("receive: %v", err)
	}
	s.docs[id] = 1
}

// TestChaos_DatabaseRestarts, without warning, under the workers and the door.
func TestChaos_DatabaseRestarts(t *testing.T) {
	t.Parallel()
	postgres := testserver.PostgresWith(t, testserver.PostgresOptions{})
	s := newStage(t, func(o *setup) { o.DSN = postgres.Database(t) })
	s.startWorkers(2)
	s.receive(scaled(40, 400))
	for range scaled(2, 30) {
		time.Sleep(700 * time.Millisecond)
		postgres.Kill()
		time.Sleep(scaled(2*time.Second, 12*time.Second))
		if err := postgres.Up(); err != nil {
			t.Fatal(err)
		}
		s.receive(5)
	}
	s.finish(2 * time.Minute)
	s.settled()
}

// TestChaos_RedisAndWorkersDownForLong: receipts are given all the same, quickly,
// and all the work is done once somebody is there again.
func TestChaos_RedisAndWorkersDownForLong(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.startWorkers(2)
	s.receive(10)
	s.redis.Kill()
	time.Sleep(500 * time.Millisecond)
	s.stopWorkers()
	start := time.Now()
	s.receive(10)
	if took := time.Since(start) / 10; took > 2*time.Second {
		t.Errorf("a receipt took %s without Redis", took)
	}
	s.startWorkers(2) // they wait for Redis
	time.Sleep(scaled(3*time.Second, time.Minute))
	s.receive(5)
	if err := s.redis.Up(); err != nil {
		t.Fatal(err)
	}
	s.finish(time.Minute)
	s.settled()
}

// TestChaos_DiskFull: receipts are refused before anything breaks; what was
// received is done once there is room.
func TestChaos_DiskFull(t *testing.T) {
	t.Parallel()
	disk := testserver.DiskOf(t, 8<<20)
	s := newStage(t, func(o *setup) { o.Blobs = filepath.Join(disk, "blobs") })
	s.receive(6)
	ballast := filepath.Join(disk, "ballast")
	fill(t, ballast)
	if _, err := s.receiveOne("pages=1 no room for this one"); !errors.Is(err, storage.ErrFull) {
		t.Fatalf("receive on a full disk: %v", err)
	}
	s.startWorkers(2)
	time.Sleep(scaled(3*time.Second, time.Minute))
	if _, err := s.receiveOne("pages=1 nor for this"); !errors.Is(err, storage.ErrFull) {
		t.Fatalf("receive on a full disk: %v", err)
	}
	if n := s.open(); n != 6 {
		t.Errorf("%d of 6 documents wait: the disk was not full", n)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	s.mustReceive("pages=1 no room for this one")
	s.finish(time.Minute)
	s.settled()
}

// fill leaves not a byte on a disk.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for block := strings.Repeat("x", 64<<10); len(block) > 0; {
		if _, err := f.WriteString(block); err != nil {
			block = block[:len(block)/2]
		}
	}
}
