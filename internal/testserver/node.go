package testserver

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Node returns a folder in which what package.json lists is installed; the first
// test on a machine installs it.
func Node(t *testing.T) string {
	t.Helper()
	dir, err := nodeDir()
	if err != nil {
		t.Fatal(err)
	}
	if err := installNode(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// nodeDir is found from the working folder: paths are trimmed from the binary.
func nodeDir() (string, error) {
	dir, err := os.Getwd()
	for err == nil {
		node := filepath.Join(dir, "internal", "testserver", "node")
		if _, e := os.Stat(filepath.Join(node, "package.json")); e == nil {
			return node, nil
		}
		if up := filepath.Dir(dir); up != dir {
			dir = up
			continue
		}
		return "", fmt.Errorf("find internal/testserver/node: %w", os.ErrNotExist)
	}
	return "", err
}

// installNode lets one of several test programs install, and others wait.
func installNode(dir string) error {
	lock, err := os.OpenFile(filepath.Join(os.TempDir(), "onewindow-npm.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("lock npm: %w", err)
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return fmt.Errorf("lock npm: %w", err)
	}
	if installed(dir) {
		return nil
	}
	cmd := exec.Command("npm", "ci", "--ignore-scripts", "--no-fund", "--no-audit")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w: %s", err, out)
	}
	return nil
}

// installed reports whether what the lock file lists is there; a lock file that
// changed since lists something else.
func installed(dir string) bool {
	there, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json"))
	wanted, werr := os.Stat(filepath.Join(dir, "package-lock.json"))
	return err == nil && werr == nil && !wanted.ModTime().After(there.ModTime())
}

// OIDC starts a real OpenID Connect provider and returns its issuer. The people
// "window", "reviewer" and "stranger" log in with any password; the client is
// "onewindow" with the secret "client secret", the program "unit-system" with
// "system secret".
func OIDC(t *testing.T, redirects ...string) (issuer string) {
	t.Helper()
	cmd := exec.Command("node", append([]string{"oidc.mjs"}, redirects...)...)
	cmd.Dir = Node(t)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	runtime.LockOSThread() // the death signal follows the thread that started the process
	if err := cmd.Start(); err != nil {
		t.Fatalf("start node: %v", err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait(); runtime.UnlockOSThread() })
	line := make(chan string, 1)
	go func() {
		s := bufio.NewScanner(out)
		for s.Scan() {
			if strings.HasPrefix(s.Text(), "http://") {
				line <- s.Text()
			}
		}
	}()
	select {
	case issuer = <-line:
		return issuer
	case <-time.After(60 * time.Second):
		t.Fatal("the login provider did not start")
		return ""
	}
}
