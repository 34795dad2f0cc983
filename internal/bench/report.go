package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// goal is a line of the table: what was wanted and what was measured.
type goal struct {
	what, want, got string
	met             bool
	missed          string // by how much, where it was missed
}

// table is a table of facts behind a goal.
type table struct {
	title  string
	header []string
	rows   [][]string
	note   string
}

// report gathers what is found, printing it as it comes.
type report struct {
	began     time.Time
	workers   int
	short     bool
	loadFirst string
	goals     []goal
	reasons   []string // of goals that were missed
	tables    []table
}

func newReport(workers int, short bool) *report {
	r := &report{began: time.Now(), workers: workers, short: short, loadFirst: load()}
	fmt.Printf("%d cores, load average %s\n", runtime.NumCPU(), r.loadFirst)
	return r
}

// goal notes a line of the table.
func (r *report) goal(g goal) {
	r.goals = append(r.goals, g)
	fmt.Printf("== %s: %s (goal %s): %s\n", g.what, g.got, g.want, verdict(g))
}

// why notes why a goal was missed.
func (r *report) why(format string, args ...any) {
	r.reasons = append(r.reasons, fmt.Sprintf(format, args...))
	fmt.Println("   " + r.reasons[len(r.reasons)-1])
}

// table notes facts.
func (r *report) table(t table) {
	r.tables = append(r.tables, t)
	fmt.Println("   " + t.title)
	for _, row := range t.rows {
		fmt.Println("   - " + strings.Join(row, " | "))
	}
	if t.note != "" {
		fmt.Println("   " + t.note)
	}
}

// step says what is going on.
func (r *report) step(format string, args ...any) {
	fmt.Printf("%4.0fs  %s\n", time.Since(r.began).Seconds(), fmt.Sprintf(format, args...))
}

func verdict(g goal) string {
	if g.met {
		return "met"
	}
	return "missed" + g.missed
}

// end writes the report to path, "" for none.
func (r *report) end(path string) error {
	fmt.Printf("took %s, load average %s\n", time.Since(r.began).Round(time.Second), load())
	if path == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if err := os.WriteFile(path, []byte(r.markdown()), 0o644); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

func (r *report) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Benchmarks\n\nWritten by `make bench` on %s: %d cores (%s), %d workers, load average %s before and %s after, %s in all.\n",
		r.began.UTC().Format("2006-01-02 15:04 MST"), runtime.NumCPU(), processor(), r.workers, r.loadFirst, load(), time.Since(r.began).Round(time.Second))
	b.WriteString("Ratios come from one run on one machine; compare them, not the seconds. What else the machine was doing is in the load average.\n\n")
	writeTable(&b, []string{"goal", "wanted", "measured", "verdict"}, r.goalRows())
	if len(r.reasons) > 0 {
		b.WriteString("\n## What was missed, and why\n\n")
		b.WriteString(strings.Join(r.reasons, "\n\n") + "\n")
	}
	b.WriteString("\n## Behind the numbers\n")
	for _, t := range r.tables {
		fmt.Fprintf(&b, "\n### %s\n\n", t.title)
		writeTable(&b, t.header, t.rows)
		if t.note != "" {
			b.WriteString("\n" + t.note + "\n")
		}
	}
	b.WriteString("\n" + method)
	return b.String()
}

func (r *report) goalRows() [][]string {
	var rows [][]string
	for _, g := range r.goals {
		rows = append(rows, []string{g.what, g.want, g.got, verdict(g)})
	}
	return rows
}

func writeTable(b *strings.Builder, header []string, rows [][]string) {
	fmt.Fprintf(b, "| %s |\n|%s\n", strings.Join(header, " | "), strings.Repeat("---|", len(header)))
	for _, row := range rows {
		fmt.Fprintf(b, "| %s |\n", strings.Join(row, " | "))
	}
}

// load is the load average over 1, 5 and 15 minutes.
func load() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(b))[:3], " ")
}

// processor is the model of the CPU.
func processor() string {
	b, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown"
	}
	_, rest, _ := strings.Cut(string(b), "model name")
	line, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), ":"))
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%d ms", d.Milliseconds()) }
