package testserver

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// RedisOptions say how Redis keeps its data. The zero value keeps it in memory.
type RedisOptions struct {
	// AppendOnly writes every change to disk, so that Restart keeps the data.
	AppendOnly bool
	// Args are added to the command line, e.g. "--maxmemory", "4mb".
	Args []string
	// Config makes it a sentinel with this configuration file, which it rewrites.
	Config string
}

// RedisServer is a redis-server with maxmemory-policy noeviction.
type RedisServer struct{ *Server }

// Redis starts a redis-server for the test.
func Redis(t TB) *RedisServer {
	t.Helper()
	return RedisWith(t, RedisOptions{})
}

// RedisWith starts a redis-server with options for the test.
func RedisWith(t TB, opts RedisOptions) *RedisServer {
	t.Helper()
	s, err := StartRedis(opts)
	if err != nil {
		t.Fatalf("testserver: %v", err)
	}
	s.stopAfter(t)
	return s
}

// StartRedis starts a redis-server; the caller calls Stop.
// Errors: ErrNotInstalled.
func StartRedis(opts RedisOptions) (*RedisServer, error) {
	path, err := Program("redis-server", "apt-get install redis-server")
	if err != nil {
		return nil, err
	}
	s, err := launch("redis", func(dir string, port int) (program, error) {
		addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
		if opts.Config != "" {
			return program{path: path, args: []string{opts.Config, "--sentinel", "--bind", "127.0.0.1", "--port", strconv.Itoa(port)}, dir: dir, stop: syscall.SIGTERM,
				ready: func(ctx context.Context) error { return askRedis(ctx, addr, "PING", "+PONG") }}, nil
		}
		args := []string{"--bind", "127.0.0.1", "--port", strconv.Itoa(port), "--dir", dir,
			"--save", "", "--maxmemory-policy", "noeviction", "--appendonly", yesNo(opts.AppendOnly),
			"--appendfsync", "always", "--daemonize", "no"}
		return program{path: path, args: append(args, opts.Args...), dir: dir, stop: syscall.SIGTERM,
			ready: func(ctx context.Context) error { return askRedis(ctx, addr, "PING", "+PONG") }}, nil
	})
	if err != nil {
		return nil, err
	}
	return &RedisServer{s}, nil
}

// Flush empties Redis (FLUSHALL), as an operator's mistake would.
func (r *RedisServer) Flush() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return askRedis(ctx, r.Addr(), "FLUSHALL", "+OK")
}

// askRedis sends one inline command and compares the first line of the answer.
func askRedis(ctx context.Context, addr, command, want string) error {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("dial redis: %w", err)
	}
	defer conn.Close()
	if end, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(end)
	}
	if _, err := fmt.Fprintf(conn, "%s\r\n", command); err != nil {
		return fmt.Errorf("ask redis: %w", err)
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return fmt.Errorf("ask redis: %w", err)
	}
	if got := strings.TrimSpace(line); got != want {
		return fmt.Errorf("ask redis %s: answered %q", command, got)
	}
	return nil
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
