package main

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"onewindow/internal/sample"
)

// pagesLimit is ample for all journeys on a busy machine; they are guards against
// hanging and not a budget. Twelve scripts take about twelve minutes alone.
const pagesLimit = 45 * time.Minute

// TestPages_Journeys drives a browser through each persona's day against the
// real service. ONEWINDOW_SHOTS names a folder for pictures of the pages,
// ONEWINDOW_JOURNEY one script to run alone.
func TestPages_Journeys(t *testing.T) {
	ui, err := filepath.Abs("../../web/ui")
	if err != nil {
		t.Fatal(err)
	}
	for _, needed := range []string{filepath.Join(ui, "node_modules", "playwright-core"), filepath.Join(ui, "dist", "manifest.json")} {
		if _, err := os.Stat(needed); err != nil {
			t.Fatalf("%s is missing: run make build", filepath.Base(needed))
		}
	}
	s := startService(t, "--review", "all")
	stage, err := json.Marshal(s.setStage())
	if err != nil {
		t.Fatal(err)
	}
	scripts, err := filepath.Glob(filepath.Join(ui, "e2e", cmp.Or(os.Getenv("ONEWINDOW_JOURNEY"), "*")+".test.mjs"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no journeys: %v", err)
	}
	args := append([]string{"--test", "--test-concurrency=1", "--test-reporter=spec", "--test-timeout=900000"}, scripts...)
	cmd := exec.Command("node", args...)
	cmd.Dir = ui
	cmd.WaitDelay = 5 * time.Second
	cmd.Env = append(os.Environ(), "ONEWINDOW_URL=http://"+s.addr, "ONEWINDOW_STAGE="+string(stage))
	stop := time.AfterFunc(pagesLimit, func() { _ = cmd.Process.Kill() })
	defer stop.Stop()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("journeys: %v\n%s", err, out)
	}
}

// setStage makes the people and papers of the journeys.
func (s *service) setStage() map[string]string {
	s.t.Helper()
	for _, a := range []string{
		`{"name":"li","roles":["applicant"]`, `{"name":"liu","roles":["applicant"]`, `{"name":"wang","roles":["clerk"],"hall":"changsha"`,
		`{"name":"zhao","roles":["reviewer"],"unit":"natural_resources","division":"430100"`,
		`{"name":"zhou","roles":["reviewer"],"unit":"housing","division":"430100"`, `{"name":"he","roles":["reviewer"],"unit":"reform","division":"430100"`,
		`{"name":"qian","roles":["security"]`, `{"name":"sun","roles":["supervisor"]`, `{"name":"gao","roles":["admin"]`, `{"name":"arch","roles":["archivist"]`,
	} {
		if r := s.ask("POST", "/v1/accounts", a+`,"password":"correct horse"}`, nil); r.StatusCode >= 300 {
			b, _ := io.ReadAll(r.Body)
			s.t.Fatalf("account answered %d: %s", r.StatusCode, b)
		}
	}
	permit, _ := scan(s.t, "rd-engineering-permit", sample.ScanOptions{})
	other, _ := scan(s.t, "rd-land-use-permit", sample.ScanOptions{})
	ended, _ := scan(s.t, "rd-filing-cert", sample.ScanOptions{})
	studio, err := sample.OpenStudio()
	if err != nil {
		s.t.Fatal(err)
	}
	secret, err := studio.Scan(sample.Make(sample.Classified()[0], sample.NewProject(1), 1), sample.ScanOptions{})
	if err != nil {
		s.t.Fatal(err)
	}
	pile, err := studio.Scan(sample.Bind(false, sample.Make("commitment-letter", sample.NewProject(1), 1), sample.Make("power-of-attorney", sample.NewProject(1), 1)), sample.ScanOptions{})
	if err != nil {
		s.t.Fatal(err)
	}
	stage := map[string]string{
		"pile":    s.post("一摞材料.pdf", pile, nil),
		"review":  s.post("规划许可证.pdf", permit, nil),
		"hostile": s.post(`"><img src=x onerror=alert(1)>.pdf`, permit, nil),
		"secret":  s.post("secret.pdf", secret, nil),
	}
	good := s.publish(s.post("用地许可证.pdf", other, nil))
	bad := s.publish(s.post("备案证明.pdf", ended, nil))
	stage["code"], stage["result"], stage["revoked"] = good.code, good.result, bad.code
	if r := s.ask("POST", "/v1/results/"+bad.result+"/revoke", `{"reason":"发证有误"}`, nil); r.StatusCode != http.StatusOK {
		s.t.Fatalf("revoke answered %d", r.StatusCode)
	}
	stage["project"] = sample.NewProject(2).Code // nothing has been issued for it
	stage["uploads"] = sample.NewProject(3).Code
	stage["services"] = sample.NewProject(5).Code
	for name, seed := range map[string]uint64{"window": 4, "kiosk": 6} {
		project := sample.NewProject(seed)
		stage[name] = project.Code
		certificate, err := studio.Scan(sample.Make("rd-filing-cert", project, 1), sample.ScanOptions{})
		if err != nil {
			s.t.Fatal(err)
		}
		file := map[string]string{"window": "filing", "kiosk": "printed"}[name]
		stage[file] = filepath.Join(s.t.TempDir(), file+".pdf")
		if err := os.WriteFile(stage[file], certificate, 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
	stage["inbox"] = filepath.Join(s.dir, "inbox")
	stage["delivered"] = s.keep("/v1/results/"+good.result+"/file", "delivered.pdf")
	for _, name := range []string{"review", "hostile", "secret", "pile"} {
		s.rest(stage[name])
	}
	return stage
}

type published struct{ result, code string }

// publish confirms a document as it was read and waits for its result.
func (s *service) publish(id string) published {
	s.t.Helper()
	if d := s.rest(id); d.State != "needs_review" {
		s.t.Fatalf("document is %+v", d)
	}
	if r := s.ask("POST", "/v1/documents/"+id+"/confirm", `{}`, nil); r.StatusCode != http.StatusOK {
		b, _ := io.ReadAll(r.Body)
		s.t.Fatalf("confirm answered %d: %s", r.StatusCode, b)
	}
	var d docView
	s.until(60*time.Second, "published", func() bool { d = s.document(id); return d.State == "done" })
	return published{d.Publication.ResultID, d.Publication.Code}
}

// keep fetches a file into the test's folder and returns where it lies.
func (s *service) keep(path, name string) string {
	s.t.Helper()
	resp := s.ask("GET", path, "", nil)
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		s.t.Fatalf("%s answered %d: %v", path, resp.StatusCode, err)
	}
	file := filepath.Join(s.t.TempDir(), name)
	if err := os.WriteFile(file, b, 0o600); err != nil {
		s.t.Fatal(err)
	}
	return file
}
