package testserver

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// ErrNotInstalled is returned when the program of a server cannot be found.
var ErrNotInstalled = errors.New("not installed")

// ToolsVariable is the environment variable that names a folder with server
// programs; it is looked at first.
const ToolsVariable = "ONEWINDOW_TOOLS"

// Program returns the path of a server program. It looks in $ONEWINDOW_TOOLS,
// in .tools/bin of the source tree that holds the working folder, and in PATH.
// hint says how to install it. Errors: ErrNotInstalled.
func Program(name, hint string) (string, error) {
	for _, dir := range toolFolders() {
		if p := filepath.Join(dir, name); isExecutable(p) {
			return p, nil
		}
	}
	if p, err := exec.LookPath(name); err == nil {
		return p, nil
	}
	return "", fmt.Errorf("find %s (install it with: %s): %w", name, hint, ErrNotInstalled)
}

func toolFolders() []string {
	var out []string
	if dir := os.Getenv(ToolsVariable); dir != "" {
		out = append(out, dir)
	}
	dir, err := os.Getwd()
	for err == nil {
		if _, e := os.Stat(filepath.Join(dir, "go.mod")); e == nil {
			return append(out, filepath.Join(dir, ".tools", "bin"))
		}
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	return out
}

// postgresBin returns the folder of the newest installed PostgreSQL programs.
// Debian keeps them out of PATH.
func postgresBin() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil {
		return "", fmt.Errorf("find postgres: %w", err)
	}
	slices.SortFunc(found, func(a, b string) int { return majorOf(b) - majorOf(a) })
	if len(found) > 0 {
		return filepath.Dir(found[0]), nil
	}
	p, err := Program("postgres", "apt-get install postgresql")
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(p); err == nil {
		p = real
	}
	return filepath.Dir(p), nil
}

// majorOf reads 15 from /usr/lib/postgresql/15/bin/postgres.
func majorOf(path string) int {
	var n int
	_, _ = fmt.Sscanf(filepath.Base(filepath.Dir(filepath.Dir(path))), "%d", &n)
	return n
}

func isExecutable(p string) bool {
	st, err := os.Stat(p)
	return err == nil && st.Mode().IsRegular() && st.Mode()&0o111 != 0
}

// freePort returns a loopback TCP port nobody listens on at this moment.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find free port: %w", err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		return 0, fmt.Errorf("release free port: %w", err)
	}
	return port, nil
}
