package testserver

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
)

// Server is what every server can do. It is safe for concurrent use.
type Server struct {
	// Dir is the server's temporary folder; it is removed by Stop.
	Dir string
	// Port is its loopback TCP port; it stays the same over restarts.
	Port int

	mu  sync.Mutex
	run *process // nil while the server is down
	how program
}

// launch makes the folder, chooses a port, and starts what describe returns.
func launch(name string, describe func(dir string, port int) (program, error)) (*Server, error) {
	dir, err := os.MkdirTemp("", "onewindow-"+name+"-")
	if err != nil {
		return nil, fmt.Errorf("make server folder: %w", err)
	}
	var last error
	for range portAttempts {
		s, err := launchIn(dir, describe)
		if err == nil {
			return s, nil
		}
		last = err
		if !errors.Is(err, errExited) {
			break
		}
	}
	_ = os.RemoveAll(dir)
	return nil, last
}

func launchIn(dir string, describe func(dir string, port int) (program, error)) (*Server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	how, err := describe(dir, port)
	if err != nil {
		return nil, err
	}
	run, err := how.start()
	if err != nil {
		return nil, err
	}
	return &Server{Dir: dir, Port: port, run: run, how: how}, nil
}

// Addr returns "127.0.0.1:port".
func (s *Server) Addr() string { return fmt.Sprintf("127.0.0.1:%d", s.Port) }

// Stop ends the server for good and removes its folder. It may be called twice.
func (s *Server) Stop() error {
	s.Down()
	if err := os.RemoveAll(s.Dir); err != nil {
		return fmt.Errorf("remove server folder: %w", err)
	}
	return nil
}

// Down ends the server cleanly; Up brings it back with its data.
func (s *Server) Down() { s.take((*process).end) }

// Kill ends the server as a power cut would end the program: SIGKILL, no
// farewell. Up brings it back.
func (s *Server) Kill() { s.take((*process).kill) }

func (s *Server) take(end func(*process)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.run != nil {
		end(s.run)
		s.run = nil
	}
}

// Up starts a server that is down, on the same port and folder, and waits until
// it is ready. It does nothing to a running server.
func (s *Server) Up() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.run != nil {
		return nil
	}
	run, err := s.how.revive()
	if err != nil {
		return err
	}
	s.run = run
	return nil
}

// Restart kills the server and brings it back on the same port and folder.
func (s *Server) Restart() error {
	s.Kill()
	return s.Up()
}

// Pause freezes the server (SIGSTOP): connections open and nothing answers.
func (s *Server) Pause() error { return s.do("pause", (*process).pause) }

// Resume ends a Pause.
func (s *Server) Resume() error {
	return s.do("resume", func(p *process) error { return p.signal(syscall.SIGCONT) })
}

func (s *Server) do(what string, act func(*process) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.run == nil {
		return fmt.Errorf("%s %s: %w", what, filepath.Base(s.how.path), errExited)
	}
	return act(s.run)
}

// stopAfter stops the server when the test ends, and shows the end of its log
// when the test failed.
func (s *Server) stopAfter(t TB) {
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%s log ends:\n%s", filepath.Base(s.how.path), s.how.logTail())
		}
		if err := s.Stop(); err != nil {
			t.Logf("stop server: %v", err)
		}
	})
}

func (s *Server) isUp() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.run != nil && !s.run.exited()
}
