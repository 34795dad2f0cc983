package procfs_test

import (
	"os"
	"os/exec"
	"runtime/debug"
	"testing"
	"time"

	"onewindow/internal/procfs"
)

// TestCPU_CountsChildren burns CPU in a child and finds it, while the child
// lives and after it ended.
func TestCPU_CountsChildren(t *testing.T) {
	before, err := procfs.CPU(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", "while :; do :; done")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	spent := func() time.Duration {
		now, err := procfs.CPU(os.Getpid())
		if err != nil {
			t.Fatal(err)
		}
		return now.Sub(before).Children
	}
	for end := time.Now().Add(20 * time.Second); spent() < 100*time.Millisecond; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("a busy child spent %v", spent())
		}
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	if got := spent(); got < 100*time.Millisecond {
		t.Errorf("the ended child counts %v", got)
	}
}

// TestWatchDescendants_SeesMemory has a child fill 64 MiB.
func TestWatchDescendants_SeesMemory(t *testing.T) {
	stop := procfs.WatchDescendants(os.Getpid())
	if out, err := exec.Command("dd", "if=/dev/zero", "of=/dev/null", "bs=64M", "count=4").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if p := stop(); p.Largest < 60<<20 || p.Largest > 200<<20 {
		t.Errorf("peak is %+v", p)
	}
}

func TestResetPeak_PeakIsOfWhatCameSince(t *testing.T) {
	big := make([]byte, 96<<20)
	for i := 0; i < len(big); i += 4096 {
		big[i] = 1
	}
	if peak := procfs.MemoryOf(os.Getpid()).Peak; peak < int64(len(big)) {
		t.Fatalf("peak is %d MB", peak>>20)
	}
	big = nil
	debug.FreeOSMemory()
	if err := procfs.ResetPeak(os.Getpid()); err != nil {
		t.Fatal(err)
	}
	if m := procfs.MemoryOf(os.Getpid()); m.Peak >= 96<<20 || m.Resident == 0 {
		t.Errorf("after the reset: %+v", m)
	}
}
