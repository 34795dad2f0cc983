package main

import (
	"bytes"
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
	"syscall"
	"testing"
	"time"

	"onewindow/internal/sample"
)

// binary is the program under test, built once.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "onewindow-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binary = filepath.Join(dir, "onewindow")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
		os.Exit(1)
	}
	top, err := filepath.Abs("../..")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Setenv("ONEWINDOW_SHARE", filepath.Join(top, "share", "onewindow"))
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// service is a running `onewindow serve`.
type service struct {
	t      *testing.T
	args   []string
	dir    string
	addr   string
	token  string
	cmd    *exec.Cmd
	output bytes.Buffer
}

func startService(t *testing.T, args ...string) *service {
	t.Helper()
	s := &service{t: t, dir: t.TempDir(), addr: freeAddr(t)}
	s.args = append([]string{"serve", "--data-dir", s.dir, "--listen", s.addr, "--quiet", "300ms", "--scan-every", "300ms",
		"--admin-password", "first-login", "--lease", "3s"}, args...)
	s.start()
	t.Cleanup(s.kill)
	s.token = strings.TrimSpace(string(s.run("token", "--account", "admin")))
	return s
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func (s *service) start() {
	s.t.Helper()
	s.cmd = exec.Command(binary, s.args...)
	s.cmd.Stdout, s.cmd.Stderr = &s.output, &s.output
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.until(20*time.Second, "ready", func() bool {
		resp, err := http.Get("http://" + s.addr + "/readyz")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

// kill ends the service without warning, children included.
func (s *service) kill() {
	_ = syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
	_ = s.cmd.Wait()
	if s.t.Failed() {
		s.t.Logf("service said:\n%s", s.output.String())
	}
}

// run runs another subcommand on the same data.
func (s *service) run(args ...string) []byte {
	s.t.Helper()
	out, err := exec.Command(binary, append(args, "--data-dir", s.dir)...).Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			s.t.Fatalf("onewindow %v: %v\n%s", args, err, exit.Stderr)
		}
		s.t.Fatalf("onewindow %v: %v", args, err)
	}
	return out
}

func (s *service) until(limit time.Duration, what string, ok func() bool) {
	s.t.Helper()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if ok() {
			return
		}
	}
	s.t.Fatalf("not %s within %s\n%s", what, limit, s.output.String())
}

// ask sends a request with the admin's token and decodes the answer.
func (s *service) ask(method, path, body string, into any) *http.Response {
	s.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, "http://"+s.addr+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return s.do(req, into)
}

func (s *service) do(req *http.Request, into any) *http.Response {
	s.t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	resp.Body = io.NopCloser(bytes.NewReader(b))
	if into != nil {
		if err := json.Unmarshal(b, into); err != nil {
			s.t.Fatalf("%s %s answered %d: %s", req.Method, req.URL.Path, resp.StatusCode, b)
		}
	}
	return resp
}

// post uploads a file and returns its document's ID.
func (s *service) post(name string, body []byte, fields map[string]string) string {
	s.t.Helper()
	var receipt struct {
		Document string `json:"document_id"`
		Receipt  string `json:"receipt"`
	}
	resp := s.do(s.upload("/v1/documents", name, body, fields), &receipt)
	if resp.StatusCode != http.StatusCreated && resp.StatusCode != http.StatusOK {
		b, _ := io.ReadAll(resp.Body)
		s.t.Fatalf("upload answered %d: %s", resp.StatusCode, b)
	}
	if receipt.Receipt == "" {
		s.t.Fatal("upload without a receipt number")
	}
	return receipt.Document
}

// docView is what tests look at of a document.
type docView struct {
	State          string
	Media          string `json:"media_type"`
	Pages          int
	Classification struct{ Code string }
	Fields         map[string]struct{ Value string }
	Error          *struct{ Code, Message string }
	Publication    *struct {
		ResultID string `json:"result_id"`
		Code     string
	}
}

func (s *service) document(id string) docView {
	s.t.Helper()
	var d docView
	s.ask("GET", "/v1/documents/"+id, "", &d)
	return d
}

// rest waits until nothing more happens to a document by itself.
func (s *service) rest(id string) docView {
	s.t.Helper()
	var d docView
	s.until(90*time.Second, "at rest", func() bool {
		d = s.document(id)
		switch d.State {
		case "done", "needs_review", "refused", "failed", "quarantined", "rejected", "cancelled", "split":
			return true
		}
		return false
	})
	return d
}

// scan makes a synthetic scan of one of the sample kinds.
func scan(t *testing.T, kind string, o sample.ScanOptions) ([]byte, sample.Document) {
	t.Helper()
	studio, err := sample.OpenStudio()
	if err != nil {
		t.Fatal(err)
	}
	d := sample.Make(kind, sample.NewProject(1), 1)
	b, err := studio.Scan(d, o)
	if err != nil {
		t.Fatal(err)
	}
	return b, d
}
