// Package live runs the real service in a folder of its own and talks to it as
// its users do: over HTTP and through the hot folder.
package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"onewindow/internal/procfs"
)

// Service is a running `onewindow serve`.
type Service struct {
	Inbox string // the hot folder

	binary string
	dir    string
	addr   string
	token  string
	env    []string
	*process
}

// Options say how to start a service.
type Options struct {
	Binary  string
	Dir     string // an empty folder for all it keeps; the caller removes it
	Workers int
	// Apart leaves the steps to worker processes, see StartWorker.
	Apart bool
	Env   []string // further variables, e.g. of the servers it shares with others
}

// quiet is how long a file rests in the hot folder before it is taken. It is
// short here, because the measurements leave it out.
const quiet = "300ms"

// Start starts a service and waits until it is ready.
func Start(ctx context.Context, o Options) (*Service, error) {
	addr, err := freeAddr(ctx)
	if err != nil {
		return nil, err
	}
	s := &Service{binary: o.Binary, dir: o.Dir, addr: addr, Inbox: filepath.Join(o.Dir, "inbox")}
	args := []string{"serve", "--data-dir", o.Dir, "--listen", addr, "--quiet", quiet, "--scan-every", quiet,
		"--workers", fmt.Sprint(o.Workers), "--log-level", "warn", "--admin-password", "only-for-this-run"}
	if o.Apart {
		args = append(args, "--no-workers")
	}
	s.env = o.Env
	if s.process, err = start(o, args...); err != nil {
		return nil, err
	}
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

func (s *Service) prepare(ctx context.Context) error {
	if err := s.awaitReady(ctx); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, s.binary, "token", "--account", "admin", "--data-dir", s.dir)
	cmd.Env = append(os.Environ(), s.env...)
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("make token: %w", err)
	}
	s.token = strings.TrimSpace(string(out))
	return nil
}

const startTime = time.Minute

func (s *Service) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.addr+"/readyz", nil)
		if err != nil {
			return fmt.Errorf("ask service: %w", err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for service: %w; it said: %s", context.Cause(ctx), s.said())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// CPU returns what the service and its children have spent so far.
func (s *Service) CPU() (procfs.Spent, error) { return procfs.CPU(s.cmd.Process.Pid) }

func freeAddr(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// ask sends a request and decodes the answer.
func (s *Service) ask(req *http.Request, into any) error {
	req.Header.Set("Authorization", "Bearer "+s.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ask service: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s answered %d: %.300s", req.Method, req.URL.Path, resp.StatusCode, body)
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("decode answer: %w", err)
	}
	return nil
}
