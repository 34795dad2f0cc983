package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

// Config describes the children of one Pool.
type Config struct {
	Kind      string // in the child's Registry
	Children  int    // at most; 0: one per CPU
	Limits    Limits
	Settings  any       // encoded as JSON for the Constructor
	Scratch   string    // folder for scratch folders, best on the file system of the files; "" is the system's
	ReadOnly  []string  // folders and files a child may read under bubblewrap: models, fonts
	Writable  []string  // folders shared by all children and readable later: code caches only
	Env       []string  // added to the child's environment, "NAME=value"
	Isolation Isolation // what to do about bubblewrap

	RecycleCalls  int           // retire a child after so many calls; 0: 500
	RecycleMemory int64         // retire a child that holds more than this after a call; 0: 3/4 of Limits.Memory
	Idle          time.Duration // retire a child unused for so long; 0: 5 minutes; negative: never

	// Keep so many children started ahead of need, each having done the Warm task
	// and no other: they hold nothing of anybody's files and do not leave when idle.
	Keep int
	Warm Task
}

// Defaults of a Config.
const (
	defaultRecycleCalls = 500
	defaultIdle         = 5 * time.Minute
)

// Task is one call.
type Task struct {
	Op      string
	Request any               // encoded as JSON
	In      map[string]string // input files: name (a plain file name) to path
	Out     map[string]string // wanted output files: name to path; written only if the handler succeeds
	Wall    time.Duration     // 0: Limits.Wall
	Fresh   bool              // only a child that has served no other task will do
	Key     string            // prefer the child that served this key last; it may still have the file open
}

// prepare fills in defaults and resolves paths.
func (c Config) prepare() (Config, error) {
	if c.Kind == "" || c.Kind == probeKind {
		return c, fmt.Errorf("configure sandbox: bad kind %q", c.Kind)
	}
	c.Limits = c.Limits.withDefaults()
	setDefault(&c.Children, runtime.NumCPU())
	setDefault(&c.RecycleCalls, defaultRecycleCalls)
	setDefault(&c.RecycleMemory, c.Limits.Memory*3/4)
	setDefault(&c.Idle, defaultIdle)
	setDefault(&c.Scratch, os.TempDir())
	scratch, err := filepath.Abs(c.Scratch)
	if err != nil {
		return c, fmt.Errorf("configure sandbox: %w", err)
	}
	c.Scratch = scratch
	if err := os.MkdirAll(c.Scratch, 0o700); err != nil {
		return c, fmt.Errorf("configure sandbox: %w", err)
	}
	return c, nil
}

// bubblewrap decides whether children of c run under it and returns its path or "".
func (c Config) bubblewrap(ctx context.Context) (string, Status, error) {
	if c.Isolation == IsolationOff {
		status := guards()
		status.Reason = "switched off"
		return "", status, nil
	}
	status := Probe(ctx)
	if !status.Bubblewrap {
		if c.Isolation == IsolationRequired {
			return "", status, fmt.Errorf("%w: %s", ErrNoBubblewrap, status.Reason)
		}
		return "", status, nil
	}
	path, err := exec.LookPath("bwrap")
	if err != nil {
		return "", status, fmt.Errorf("find bwrap: %w", err)
	}
	return path, status, nil
}

func (c Config) hello() (hello, error) {
	settings, err := json.Marshal(c.Settings)
	if err != nil {
		return hello{}, fmt.Errorf("encode settings: %w", err)
	}
	return hello{Version: protocolVersion, Limits: c.Limits, Settings: settings}, nil
}
