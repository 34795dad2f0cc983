package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"onewindow/internal/testserver"
)

// city is the scaled shape as deploy/compose.yaml describes it: two services, two
// workers and a watcher, processes of their own, on PostgreSQL, Redis and S3.
type city struct {
	t        *testing.T
	postgres *testserver.PostgresServer
	redis    *testserver.RedisServer
	s3       *testserver.S3Server
	inbox    string
	env      []string
	serves   []*member
	others   []*member // workers and the watcher
	token    string
}

// member is one process of the city; it can be replaced by another with the same
// name, as a rolling restart does.
type member struct {
	c    *city
	args []string
	addr string // of a service
	log  string
	cmd  *exec.Cmd
}

func startCity(t *testing.T) *city {
	t.Helper()
	c := &city{
		t: t, inbox: filepath.Join(t.TempDir(), "inbox"),
		postgres: testserver.PostgresWith(t, testserver.PostgresOptions{}),
		redis:    testserver.RedisWith(t, testserver.RedisOptions{AppendOnly: true}),
		s3:       testserver.VersityGW(t),
	}
	for name, value := range map[string]string{
		"POSTGRES": c.postgres.Database(t), "REDIS": "redis://" + c.redis.Addr() + "/0",
		"S3_ENDPOINT": "http://" + c.s3.Endpoint, "S3_BUCKET": c.s3.Bucket, "S3_REGION": c.s3.Region,
		"S3_ACCESS_KEY": c.s3.AccessKey, "S3_SECRET_KEY": c.s3.SecretKey,
		"ADMIN_PASSWORD": "first-login", "BASE_URL": "http://127.0.0.1:8081", "UPLOAD_DIR": t.TempDir(), "INBOX": c.inbox,
		"LEASE": "3s", "QUIET": "300ms", "SCAN_EVERY": "300ms", "SHUTDOWN_DEADLINE": "10s", "WORKERS": "1",
	} {
		c.env = append(c.env, "ONEWINDOW_"+name+"="+value)
	}
	for range 2 {
		addr := freeAddr(t)
		c.serves = append(c.serves, c.member(addr, "serve", "--no-workers", "--no-watch", "--listen", addr))
	}
	c.others = append(c.others, c.member("", "worker"), c.member("", "worker"), c.member("", "watch"))
	for _, m := range c.all() {
		m.start()
	}
	c.token = strings.TrimSpace(string(c.run("token", "--account", "admin")))
	return c
}

func (c *city) member(addr string, args ...string) *member {
	dir := c.t.TempDir()
	m := &member{c: c, args: append(args, "--data-dir", dir), addr: addr, log: filepath.Join(dir, "log")}
	c.t.Cleanup(func() {
		m.kill()
		if said, err := os.ReadFile(m.log); err == nil && c.t.Failed() {
			c.t.Logf("%s said:\n%s", args[0], said[max(0, len(said)-3000):])
		}
	})
	return m
}

func (c *city) all() []*member { return append(append([]*member{}, c.serves...), c.others...) }

func (m *member) start() {
	m.c.t.Helper()
	log, err := os.OpenFile(m.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		m.c.t.Fatal(err)
	}
	defer log.Close()
	m.cmd = exec.Command(binary, m.args...)
	m.cmd.Stdout, m.cmd.Stderr, m.cmd.Env = log, log, append(os.Environ(), m.c.env...)
	m.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := m.cmd.Start(); err != nil {
		m.c.t.Fatal(err)
	}
	if m.addr != "" {
		await(m.c.t, 30*time.Second, m.args[0]+" ready", m.ready)
	}
}

func (m *member) ready() bool {
	resp, err := http.Get("http://" + m.addr + "/readyz")
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// kill ends the process and its children without warning.
func (m *member) kill() {
	if m.cmd != nil {
		_ = syscall.Kill(-m.cmd.Process.Pid, syscall.SIGKILL)
		_ = m.cmd.Wait()
	}
}

// replace asks the process to end, as an upgrade does, and starts the next one.
func (m *member) replace() {
	m.c.t.Helper()
	if err := m.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		m.c.t.Fatal(err)
	}
	late := time.AfterFunc(30*time.Second, func() { _ = m.cmd.Process.Kill() })
	defer late.Stop()
	if err := m.cmd.Wait(); err != nil {
		m.c.t.Errorf("%s did not end well when asked to: %v", m.args[0], err)
	}
	m.start()
}

func (c *city) run(args ...string) []byte {
	c.t.Helper()
	cmd := exec.Command(binary, append(args, "--data-dir", c.t.TempDir())...)
	cmd.Env = append(os.Environ(), c.env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		c.t.Fatalf("onewindow %v: %v\n%s", args, err, out)
	}
	return out
}

func await(t *testing.T, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("not %s within %s", what, limit)
}

// sender is a system that hands files in. It tries again, with the same key, at
// the next service until it holds a receipt.
type sender struct {
	c *city

	mu       sync.Mutex
	receipts map[string]string // by receipt number: the document
}

func (s *sender) send(n int, body []byte) error {
	for try := range 200 {
		receipt, id, err := s.once(s.c.serves[(n+try)%2], n, body)
		if err == nil {
			s.mu.Lock()
			defer s.mu.Unlock()
			if other, twice := s.receipts[receipt]; twice {
				return fmt.Errorf("receipt %s was given for %s and %s", receipt, other, id)
			}
			s.receipts[receipt] = id
			return nil
		}
		time.Sleep(300 * time.Millisecond)
	}
	return fmt.Errorf("file %d found no taker", n)
}

func (s *sender) once(m *member, n int, body []byte) (receipt, id string, err error) {
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	_ = w.WriteField("confirm", "true")
	part, _ := w.CreateFormFile("file", fmt.Sprintf("批文-%d.pdf", n)) // in memory: no errors
	_, _ = part.Write(body)
	_ = w.Close()
	req, err := http.NewRequest(http.MethodPost, "http://"+m.addr+"/v1/documents", &form)
	if err != nil {
		return "", "", err
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Authorization", "Bearer "+s.c.token)
	req.Header.Set("Idempotency-Key", fmt.Sprintf("file-%d", n))
	var got struct {
		Document string `json:"document_id"`
		Receipt  string `json:"receipt"`
	}
	status, err := answer(req, &got)
	if err == nil && (status != http.StatusCreated && status != http.StatusOK || got.Receipt == "") {
		err = fmt.Errorf("answered %d", status)
	}
	return got.Receipt, got.Document, err
}

// ask reads from whichever service answers.
func (c *city) ask(path string, into any) error {
	var err error
	for _, m := range c.serves {
		var req *http.Request
		if req, err = http.NewRequest(http.MethodGet, "http://"+m.addr+path, nil); err != nil {
			return err
		}
		req.Header.Set("Authorization", "Bearer "+c.token)
		var status int
		if status, err = answer(req, into); err == nil && status == http.StatusOK {
			return nil
		} else if err == nil {
			err = fmt.Errorf("%s answered %d", path, status)
		}
	}
	return err
}

func answer(req *http.Request, into any) (int, error) {
	client := http.Client{Timeout: 20 * time.Second}
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err
	}
	if resp.StatusCode/100 != 2 {
		return resp.StatusCode, nil
	}
	return resp.StatusCode, json.Unmarshal(b, into)
}
