package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestArchive_PackageIsMadeAndCheckedByTheProgram exports a case with the real
// program and checks it there and with the tools of the system.
func TestArchive_PackageIsMadeAndCheckedByTheProgram(t *testing.T) {
	s := startService(t)
	applicant := s.person("wang", "applicant")
	code := "2404-430100-04-01-123453"
	applicant.does("POST", "/v1/projects", map[string]any{"code": code, "name": "星湖花园一期项目", "type": "SOC", "division": "430100", "builder": "湖南星湖置业有限公司"})
	kase := applicant.does("POST", "/v1/cases", map[string]any{"project": code, "stage": "S1", "items": []string{"HN-S1-01"}})
	number := kase["number"].(string)
	file := filepath.Join(s.dir, "case.zip")
	if out, err := s.attempt("archive", "export", number, "--out", file).CombinedOutput(); err == nil || !strings.Contains(string(out), "has not ended") {
		t.Errorf("a running case is packed: %s %v", out, err)
	}
	if out := string(s.run("archive", "export", number, "--running", "--out", file)); !strings.Contains(out, "已导出") {
		t.Errorf("export says %s", out)
	}
	if out := string(s.run("archive", "verify", file)); !strings.Contains(out, "归档包完整") || !strings.Contains(out, number) {
		t.Errorf("verify says %s", out)
	}
	dir := filepath.Join(s.dir, "unpacked")
	if out, err := exec.Command("unzip", "-q", file, "-d", dir).CombinedOutput(); err != nil {
		t.Fatalf("unzip: %s %v", out, err)
	}
	check := exec.Command("sha256sum", "--strict", "-c", "manifest-sha256.txt", "tagmanifest-sha256.txt")
	check.Dir = filepath.Join(dir, number)
	if out, err := check.CombinedOutput(); err != nil {
		t.Errorf("sha256sum: %s %v", out, err)
	}
	if err := os.WriteFile(filepath.Join(dir, number, "data/metadata/case.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := s.attempt("archive", "verify", filepath.Join(dir, number)).CombinedOutput()
	if err == nil || !strings.Contains(string(out), `已改动  "data/metadata/case.json"`) {
		t.Errorf("a changed package: %s %v", out, err)
	}
}

// attempt makes a subcommand on the same data that may fail.
func (s *service) attempt(args ...string) *exec.Cmd {
	return exec.Command(binary, append(args, "--data-dir", s.dir)...)
}
