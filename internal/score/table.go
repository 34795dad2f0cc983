package score

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Run says how an evaluation was made.
type Run struct {
	Engine   string  `json:"engine"`
	Workers  int     `json:"workers"`
	Seconds  float64 `json:"seconds"`   // by the clock, from the first file to the last
	CPU      float64 `json:"cpu"`       // processor seconds of the children that read
	MemoryMB int64   `json:"memory_mb"` // of the largest child, resident, at most
}

// PerMinute is the pages recognized a minute by all workers together, the
// waiting for files and later steps left out.
func (t Tally) PerMinute(workers int) float64 {
	if t.Millis == 0 {
		return 0
	}
	return float64(t.Pages) * 60_000 * float64(workers) / float64(t.Millis)
}

// The rates of a tally, 0…1.
func (t Tally) SequenceRate() float64 { return ratio(t.Sequence, t.Chars) }

// FreeRate is the character error rate without regard to order.
func (t Tally) FreeRate() float64 { return ratio(t.Missed+t.Extra, t.Chars) }

// Precision is the share of answers that are true; Coverage the share of files
// with a type that were given one.
func (t Tally) Precision() float64 { return ratio(t.Right, t.Answers) }

// Coverage is the share of the files with a type that were given one.
func (t Tally) Coverage() float64 { return ratio(t.Recognized, t.Typed) }

var heads = []string{"", "files", "pages", "CER %", "of it extra", "seq CER %", "precision %", "coverage %", "fields %", "required %", "wrong passed", "straight %", "needless %", "secret", "alarms", "failed", "pages/min"}

// rows are the cells of the table: total, then groups, then types.
func (s *Score) rows(run Run) [][]string {
	out := [][]string{heads, cells("all", s.Total, run)}
	for _, m := range []map[string]*Tally{s.Groups, s.Types} {
		names := make([]string, 0, len(m))
		for n := range m {
			names = append(names, n)
		}
		slices.Sort(names)
		if len(names) == 1 && names[0] == "all" {
			continue
		}
		for _, n := range names {
			out = append(out, cells(n, *m[n], run))
		}
	}
	return out
}

func cells(name string, t Tally, run Run) []string {
	return []string{
		name, fmt.Sprint(t.Files), fmt.Sprint(t.Pages),
		percent(t.Missed+t.Extra, t.Chars), percent(t.Extra, t.Chars), percent(t.Sequence, t.Chars),
		percent(t.Right, t.Answers), percent(t.Recognized, t.Typed), percent(t.Exact, t.Fields), percent(t.RequiredExact, t.Required),
		fmt.Sprint(t.WrongPassed), percent(t.Straight, t.Typed), percent(t.Needless, t.Typed), outOf(t.Hits, t.Marked), fmt.Sprint(t.Alarms), fmt.Sprint(t.Failed), fmt.Sprintf("%.0f", t.PerMinute(run.Workers)),
	}
}

func percent(part, of int) string {
	if of == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", 100*float64(part)/float64(of))
}

func outOf(n, of int) string {
	if of == 0 {
		return "-"
	}
	return fmt.Sprintf("%d/%d", n, of)
}

// Table is the score as a Markdown table, aligned to be read as plain text too.
func (s *Score) Table(run Run) string {
	rows := s.rows(run)
	widths := make([]int, len(heads))
	for _, row := range rows {
		for i, c := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(c))
		}
	}
	var b strings.Builder
	for n, row := range rows {
		for i, c := range row {
			fill := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(c))
			if i == 0 {
				b.WriteString("| " + c + fill + " |")
			} else {
				b.WriteString(" " + fill + c + " |")
			}
		}
		b.WriteByte('\n')
		if n == 0 {
			for i, w := range widths {
				if i == 0 {
					b.WriteString("|" + strings.Repeat("-", w+2) + "|")
				} else {
					b.WriteString(strings.Repeat("-", w+1) + ":|")
				}
			}
			b.WriteByte('\n')
		}
	}
	fmt.Fprintf(&b, "\nengine %s, %d workers, %.0f s by the clock, %.2f processor seconds a page, largest worker %d MB\n",
		run.Engine, run.Workers, run.Seconds, run.CPU/float64(max(s.Total.Pages, 1)), run.MemoryMB)
	return b.String()
}
