package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onewindow/internal/sample"
)

// startTraveller starts a service whose casework runs at a moment of Chinese time,
// and returns how to move it. The clock goes on from there.
func startTraveller(t *testing.T, at string) (*service, func(string)) {
	t.Helper()
	dir := t.TempDir()
	clock, traveller := filepath.Join(dir, "clock"), filepath.Join(dir, "onewindow")
	if out, err := exec.Command("go", "build", "-tags", "nodynamic,travel", "-o", traveller, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	set := func(at string) {
		t.Helper()
		if err := os.WriteFile(clock+".new", []byte(at), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(clock+".new", clock); err != nil {
			t.Fatal(err)
		}
	}
	set(at)
	t.Setenv("ONEWINDOW_TRAVEL", clock)
	before := binary
	binary = traveller
	t.Cleanup(func() { binary = before })
	return startService(t), set
}

// TestCaseC_WrongUnitThenDeemedOverTheMakeUpSaturday plays case C with the real
// pipeline: papers that recognition filed follow the item to the unit that is
// competent, which keeps silent; the service is down at the closing hour.
func TestCaseC_WrongUnitThenDeemedOverTheMakeUpSaturday(t *testing.T) {
	s, set := startTraveller(t, "2026-02-13 09:30")
	project := sample.NewProject(1)
	p := s.played(project, "SOC", "natural_resources", "HN-S1-01", nil)
	reform := s.person("qian", "reviewer", "--unit", "reform")
	for _, kind := range []string{"filing-info-form", "rd-business-licence", "commitment-letter"} {
		p.hands(kind+".pdf", scanOf(t, sample.Make(kind, project, 1), sample.ScanOptions{}))
	}
	p.until(2*time.Minute, "filed to the checklist", func() bool {
		_, complete := p.filed()
		return complete
	})
	sent, _ := p.filed()
	wrong := first(p.applicant.does("POST", "/v1/cases/"+p.id+"/submit", map[string]any{})["case_items"])["id"].(string)

	// The unit of the catalogue says that it is another's; here the reform office
	// returns it to the planners, who return nothing.
	set("2026-02-13 15:00")
	reform.does("POST", "/v1/case-items/"+wrong+"/return", map[string]any{"reasons": []string{"该项目由自然资源部门办理"}, "suggested_unit": "natural_resources"})
	moved := p.applicant.does("POST", "/v1/case-items/"+wrong+"/reroute", map[string]any{})
	p.item = moved["id"].(string)
	if moved["unit"] != "natural_resources" || moved["state"] != "submitted" {
		t.Fatalf("re-routed to %v", moved)
	}
	for material, doc := range sent {
		if doc == "" {
			continue
		}
		if status := p.unit.status("GET", "/v1/documents/"+doc); status != 200 {
			t.Errorf("the second unit gets %d for %s", status, material)
		}
	}

	set("2026-02-14 17:29")
	if it := p.unit.does("GET", "/v1/case-items/"+p.item, nil); it["state"] != "submitted" {
		t.Errorf("a minute before closing it is %v", it["state"])
	}
	s.kill() // over the closing hour and the holiday
	set("2026-03-02 08:00")
	s.start()
	var it map[string]any
	s.until(30*time.Second, "deemed accepted", func() bool {
		it = p.applicant.does("GET", "/v1/case-items/"+p.item, nil)
		return it["state"] == "accepted"
	})
	if it["accepted_by"] != "deemed" || shanghaiTime(t, it["accepted_at"]) != "2026-02-14 17:30" {
		t.Errorf("accepted by %v at %v", it["accepted_by"], it["accepted_at"])
	}
	said := p.printed("deemed_acceptance")
	for _, want := range []string{"视为长沙市自然资源和规划局受理", "2026年2月14日17:30"} {
		if !strings.Contains(said, want) {
			t.Errorf("the notice does not say %q:\n%s", want, said)
		}
	}
	s.kill()
	s.start() // again: once is once
	time.Sleep(2 * time.Second)
	if n := len(p.applicant.does("GET", "/v1/notices?case="+p.id+"&kind=deemed_acceptance", nil)["notices"].([]any)); n != 1 {
		t.Errorf("%d notices of the deemed acceptance", n)
	}
}

func shanghaiTime(t *testing.T, v any) string {
	t.Helper()
	text, _ := v.(string)
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatalf("%v is no moment", v)
	}
	return at.In(time.FixedZone("", 8*60*60)).Format("2006-01-02 15:04")
}
