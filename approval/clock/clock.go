// Package clock counts the limits of the guideline in working days and can
// explain every date it gives. A clock is a ledger of what happened to it; its
// deadline is computed from the ledger and the calendar each time, so that a new
// calendar moves it by itself.
package clock

import (
	"errors"
	"fmt"
	"time"

	"onewindow/approval/calendar"
)

// Kind is what a clock measures.
type Kind string

// The kinds of clocks.
const (
	KindReturn       Kind = "return"       // 退回窗口, 1 working day from the push (V2.3, A1)
	KindLimit        Kind = "limit"        // 办理时限 of the item (V2.7)
	KindCorrection   Kind = "correction"   // the applicant's time for a correction (A4)
	KindConsultation Kind = "consultation" // 2 working days (V1.3)
	KindInquiry      Kind = "inquiry"      // 2 working days (V1.7)
	KindComplaint    Kind = "complaint"    // configurable (A6)
	KindCoordination Kind = "coordination"
	KindCommitment   Kind = "commitment" // a promised material (P3.7)
	KindTolerance    Kind = "tolerance"  // a material to be supplied later
)

// Act is what happened to a clock.
type Act string

// The acts.
const (
	Start  Act = "start"
	Pause  Act = "pause"
	Resume Act = "resume"
	Stop   Act = "stop"
)

// Entry is one line of the ledger.
type Entry struct {
	At  time.Time `json:"at"`
	Act Act       `json:"act"`
	Why string    `json:"why,omitempty"`
	By  string    `json:"by"` // account, or "time"
}

// Clock is a limit in working days and what happened to it. The day of the start
// does not count (民法典第201条); of a suspension neither its first nor its last
// day does (行政许可法第45条, calendar.yaml: 补正 and 特别程序 start..end).
type Clock struct {
	Kind    Kind    `json:"kind"`
	Limit   int     `json:"limit_workdays"`
	Entries []Entry `json:"entries"`
}

// ErrOrder: that act cannot follow the last one.
var ErrOrder = errors.New("clock acts out of order")

// New starts a clock.
func New(kind Kind, limit int, at time.Time, why, by string) Clock {
	return Clock{Kind: kind, Limit: limit, Entries: []Entry{{at.UTC(), Start, why, by}}}
}

// Do adds an act. Errors: ErrOrder.
func (c *Clock) Do(act Act, at time.Time, why, by string) error {
	last := c.last()
	ok := act == Pause && c.Running() || act == Resume && last == Pause || act == Stop && last != Stop && last != ""
	if !ok {
		return fmt.Errorf("%s after %s: %w", act, last, ErrOrder)
	}
	c.Entries = append(c.Entries, Entry{at.UTC(), act, why, by})
	return nil
}

func (c Clock) last() Act {
	if len(c.Entries) == 0 {
		return ""
	}
	return c.Entries[len(c.Entries)-1].Act
}

// Running reports whether time counts.
func (c Clock) Running() bool { return c.last() == Start || c.last() == Resume }

// Paused reports whether the clock stands and may go on.
func (c Clock) Paused() bool { return c.last() == Pause }

// Stopped reports whether it has come to its end.
func (c Clock) Stopped() bool { return c.last() == Stop }

// End is when it stopped, zero while it has not.
func (c Clock) End() time.Time {
	if !c.Stopped() {
		return time.Time{}
	}
	return c.Entries[len(c.Entries)-1].At
}

// Due is when the limit passes: the close of business of its last day. A clock
// that stands is taken to go on at now; Provisional says that a day was counted
// in a year whose holidays are not announced yet.
func (c Clock) Due(cal *calendar.Calendar, now time.Time) (at time.Time, provisional bool) {
	days := c.Explain(cal, now)
	last := days[len(days)-1]
	for _, d := range days {
		provisional = provisional || d.Provisional
	}
	return cal.Close(last.date), provisional
}

// Late reports whether the limit had passed at its stop, or now if it runs.
func (c Clock) Late(cal *calendar.Calendar, now time.Time) bool {
	due, _ := c.Due(cal, now)
	switch {
	case c.Stopped():
		return c.End().After(due)
	case c.Paused():
		return c.Entries[len(c.Entries)-1].At.After(c.dueBeforePause(cal))
	}
	return now.After(due)
}

// dueBeforePause is the deadline as it stood when the clock was paused.
func (c Clock) dueBeforePause(cal *calendar.Calendar) time.Time {
	before := Clock{Kind: c.Kind, Limit: c.Limit, Entries: c.Entries[:len(c.Entries)-1]}
	due, _ := before.Due(cal, time.Time{})
	return due
}

// Light is how a limit looks to a supervisor.
type Light string

// The lights.
const (
	Green  Light = "green"
	Yellow Light = "yellow" // warnDays or fewer working days left
	Red    Light = "red"    // passed
	Grey   Light = "grey"   // stands, or has stopped in time
)

// Status is a clock at one moment.
type Status struct {
	Kind        Kind      `json:"kind"`
	Limit       int       `json:"limit_workdays"`
	Due         time.Time `json:"due"`
	Provisional bool      `json:"provisional"`
	Used        int       `json:"used_workdays"`
	Left        int       `json:"left_workdays"` // negative when passed
	Running     bool      `json:"running"`
	Paused      bool      `json:"paused"`
	Late        bool      `json:"late"`
	Light       Light     `json:"light"`
}

// Status describes the clock at now; yellow from warnDays working days left.
func (c Clock) Status(cal *calendar.Calendar, now time.Time, warnDays int) Status {
	s := Status{Kind: c.Kind, Limit: c.Limit, Running: c.Running(), Paused: c.Paused(), Late: c.Late(cal, now)}
	s.Due, s.Provisional = c.Due(cal, now)
	until := now
	if c.Stopped() {
		until = c.End()
	}
	s.Used = c.used(cal, until)
	s.Left = c.Limit - s.Used
	switch {
	case s.Late:
		s.Light = Red
	case !s.Running:
		s.Light = Grey
	case s.Left <= warnDays:
		s.Light = Yellow
	default:
		s.Light = Green
	}
	return s
}

// used counts the working days that have passed whole by the close of business.
func (c Clock) used(cal *calendar.Calendar, until time.Time) int {
	n := 0
	for day := next(c.Entries[0].At); !cal.Close(day).After(until); day = day.AddDate(0, 0, 1) {
		if cal.IsWorkday(day) && c.suspended(day, until) == "" {
			n++
		}
	}
	return n
}
