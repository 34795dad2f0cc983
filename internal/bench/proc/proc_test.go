package proc_test

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"onewindow/internal/bench/proc"
)

// TestCPU_CountsChildren burns CPU in a child and finds it, while the child
// lives and after it ended.
func TestCPU_CountsChildren(t *testing.T) {
	before, err := proc.CPU(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", "while :; do :; done")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	spent := func() time.Duration {
		now, err := proc.CPU(os.Getpid())
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
	stop := proc.WatchDescendants(os.Getpid())
	if out, err := exec.Command("dd", "if=/dev/zero", "of=/dev/null", "bs=64M", "count=4").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if p := stop(); p.Largest < 60<<20 || p.Largest > 200<<20 {
		t.Errorf("peak is %+v", p)
	}
}
