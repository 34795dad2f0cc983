// Package calendar knows the working days of the mainland public sector and
// counts deadlines in them: holidays fall on weekdays, and some weekends are
// worked to make up for them. The State Council announces a year in the autumn
// before; days of a year that is not known yet are judged by weekends alone and
// what follows from them is provisional.
package calendar

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"
	"time"
)

// Zone is the time of all China. It has been UTC+8 without summer time since
// 1992, so that no time zone database is needed.
var Zone = time.FixedZone("Asia/Shanghai", 8*60*60)

//go:embed calendar.json
var embedded []byte

// Calendar is read-only after New and safe for concurrent use.
type Calendar struct {
	years   map[int]bool      // announced years
	off     map[string]string // YYYY-MM-DD -> holiday
	makeUp  map[string]string // YYYY-MM-DD -> holiday it makes up for
	hours   []span            // office hours of a working day
	closeAt time.Duration     // end of a working day for deadlines, since midnight
}

// span is a stretch of office hours, since midnight.
type span struct{ from, to time.Duration }

// file is the form of calendar.json and of the files a city adds.
type file struct {
	Source      string               `json:"source"`
	OfficeHours [][2]string          `json:"office_hours"`
	Close       string               `json:"close"`
	Years       map[string]yearEntry `json:"years"`
}

type yearEntry struct {
	Notice    string `json:"notice"`
	Published string `json:"published"`
	Workdays  int    `json:"workdays"` // control total; 0 means not checked
	Holidays  []struct {
		Name string `json:"name"`
		From string `json:"from"`
		To   string `json:"to"`
	} `json:"holidays"`
	MakeUp []struct {
		Date string `json:"date"`
		For  string `json:"for"`
	} `json:"make_up"`
}

var loadDefault = sync.OnceValues(func() (*Calendar, error) { return New() })

// Default returns the embedded calendar. It panics if that does not load, which
// the tests of this package rule out.
func Default() *Calendar {
	c, err := loadDefault()
	if err != nil {
		panic(fmt.Sprintf("embedded calendar: %v", err))
	}
	return c
}

// New returns the embedded calendar with further files of the same JSON form
// laid over it: they may announce a year, replace one, and set office hours and
// the close of the day.
func New(extra ...[]byte) (*Calendar, error) {
	c := &Calendar{years: map[int]bool{}, off: map[string]string{}, makeUp: map[string]string{}}
	for _, raw := range append([][]byte{embedded}, extra...) {
		var f file
		if err := json.Unmarshal(raw, &f); err != nil {
			return nil, fmt.Errorf("read calendar: %w", err)
		}
		if err := c.add(f); err != nil {
			return nil, fmt.Errorf("read calendar: %w", err)
		}
	}
	return c, nil
}

// Known reports whether the holidays of a year have been announced.
func (c *Calendar) Known(year int) bool { return c.years[year] }

// IsWorkday reports whether the day of t, in China, is worked.
func (c *Calendar) IsWorkday(t time.Time) bool {
	t = t.In(Zone)
	key := t.Format(time.DateOnly)
	if _, ok := c.makeUp[key]; ok {
		return true
	}
	if _, ok := c.off[key]; ok {
		return false
	}
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday
}

// Reason says in Chinese why a day is worked or not: the holiday, the weekend,
// or what it makes up for; "" for an ordinary working day.
func (c *Calendar) Reason(t time.Time) string {
	t = t.In(Zone)
	key := t.Format(time.DateOnly)
	if name, ok := c.makeUp[key]; ok {
		return name + "调休上班"
	}
	if name, ok := c.off[key]; ok {
		return name + "放假"
	}
	if !c.IsWorkday(t) {
		return "周末"
	}
	return ""
}

// Due is a deadline.
type Due struct {
	Day         time.Time // midnight in China of the last day
	Provisional bool      // counted through a year whose holidays are not announced
}

// AddWorkdays counts n working days from the day of start; that day itself does
// not count (民法典第201条). n = 0 is start's day, or the next working day if it is
// none. A negative n counts as 0.
func (c *Calendar) AddWorkdays(start time.Time, n int) Due {
	day := midnight(start)
	due := Due{Provisional: !c.Known(day.Year())}
	for n > 0 || !c.IsWorkday(day) {
		day = day.AddDate(0, 0, 1)
		due.Provisional = due.Provisional || !c.Known(day.Year())
		if c.IsWorkday(day) {
			n--
		}
		if n <= 0 && c.IsWorkday(day) {
			break
		}
	}
	due.Day = day
	return due
}

// Workdays counts the working days after the day of from, up to and including
// the day of to; 0 if to is not later.
func (c *Calendar) Workdays(from, to time.Time) int {
	n := 0
	last := midnight(to)
	for day := midnight(from).AddDate(0, 0, 1); !day.After(last); day = day.AddDate(0, 0, 1) {
		if c.IsWorkday(day) {
			n++
		}
	}
	return n
}

// Close is the moment a deadline on the day of t passes: the end of business
// hours (民法典第203条).
func (c *Calendar) Close(t time.Time) time.Time { return midnight(t).Add(c.closeAt) }

// OfficeOpen reports whether the window is open at t.
func (c *Calendar) OfficeOpen(t time.Time) bool {
	if !c.IsWorkday(t) {
		return false
	}
	at := t.Sub(midnight(t))
	for _, s := range c.hours {
		if at >= s.from && at < s.to {
			return true
		}
	}
	return false
}

// OfficeHours are the office hours of a working day, "09:00–12:00".
func (c *Calendar) OfficeHours() []string {
	out := make([]string, len(c.hours))
	for i, s := range c.hours {
		out[i] = midnight(time.Time{}).Add(s.from).Format("15:04") + "–" + midnight(time.Time{}).Add(s.to).Format("15:04")
	}
	return out
}

// NextOpening is t itself while the window is open, else the next moment it
// opens.
func (c *Calendar) NextOpening(t time.Time) time.Time {
	if c.OfficeOpen(t) {
		return t
	}
	for day := midnight(t); ; day = day.AddDate(0, 0, 1) {
		if !c.IsWorkday(day) {
			continue
		}
		for _, s := range c.hours {
			if open := day.Add(s.from); open.After(t) {
				return open
			}
		}
	}
}

// midnight is the start of the day of t in China.
func midnight(t time.Time) time.Time {
	y, m, d := t.In(Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, Zone)
}
