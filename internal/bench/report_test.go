package bench

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReport_SaysWhatWasMissed writes a report with a goal met and one missed.
func TestReport_SaysWhatWasMissed(t *testing.T) {
	r := newReport(2, true)
	r.goal(goal{what: "quick", want: "≤ 1", got: "0.5", met: true, missed: " by -0.5"})
	r.goal(goal{what: "slow", want: "≤ 1", got: "3", missed: " by 2"})
	r.why("**Slow.** It sleeps.")
	r.table(table{title: "Facts", header: []string{"a", "b"}, rows: [][]string{{"1", "2"}}, note: "A note."})
	path := filepath.Join(t.TempDir(), "docs", "benchmarks.md")
	if err := r.end(path); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| quick | ≤ 1 | 0.5 | met |", "| slow | ≤ 1 | 3 | missed by 2 |", "## What was missed, and why\n\n**Slow.** It sleeps.",
		"### Facts", "| 1 | 2 |", "A note.", "load average", "2 workers",
	} {
		if !strings.Contains(string(b), want) {
			t.Errorf("the report lacks %q:\n%s", want, b)
		}
	}
}

// TestCosts_CountTheEnginesPart divides CPU times.
func TestCosts_CountTheEnginesPart(t *testing.T) {
	c := costs{pages: 10, bare: 800, decoding: 50, children: 900, service: 100}
	if got := c.ratio(); got != 0.8 {
		t.Errorf("ratio is %v", got)
	}
	if why := c.explain(1.2, 0.8); !strings.Contains(why, "By wall time 120 %") || !strings.Contains(why, "15 points short") || !strings.Contains(why, "it is 85 % by CPU time") {
		t.Errorf("explained as %s", why)
	}
}

// TestBindPictures_MakesScans binds pages and looks for them.
func TestBindPictures_MakesScans(t *testing.T) {
	p := picture{data: []byte("not a picture"), width: 100, height: 200, dpi: 100, space: "DeviceGray"}
	b, err := bindPictures(3, func(int) picture { return p })
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(string(b), "not a picture"); got != 3 || !strings.Contains(string(b), "/Count 3") {
		t.Errorf("%d pages in %s", got, b)
	}
}
