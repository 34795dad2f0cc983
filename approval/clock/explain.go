package clock

import (
	"time"

	"onewindow/approval/calendar"
)

// Day is one day of an explanation.
type Day struct {
	Date        string `json:"date"`        // YYYY-MM-DD
	Counted     int    `json:"counted"`     // number of the working day; 0: does not count
	Why         string `json:"why"`         // in words for people
	Provisional bool   `json:"provisional"` // the holidays of that year are not announced yet
	date        time.Time
}

// mostDays bounds an explanation: the longest limits have a few hundred days.
const mostDays = 4000

// Explain lists every day from the start to the deadline and says why it counts
// or does not. A clock that stands is taken to go on at now.
func (c Clock) Explain(cal *calendar.Calendar, now time.Time) []Day {
	first := midnight(c.Entries[0].At)
	days := []Day{c.day(cal, first, 0, "开始当日不计入")}
	if c.Limit <= 0 && cal.IsWorkday(first) {
		return days
	}
	n := 0
	for day := next(first); len(days) < mostDays; day = day.AddDate(0, 0, 1) {
		why := c.suspended(day, now)
		switch {
		case !cal.IsWorkday(day):
			why = cal.Reason(day)
		case why != "":
		default:
			n++
			d := c.day(cal, day, n, workdayText(cal, day))
			days = append(days, d)
			if n >= c.Limit {
				return days
			}
			continue
		}
		days = append(days, c.day(cal, day, 0, why))
	}
	return days
}

func (c Clock) day(cal *calendar.Calendar, day time.Time, n int, why string) Day {
	return Day{Date: day.Format(time.DateOnly), Counted: n, Why: why, Provisional: !cal.Known(day.Year()), date: day}
}

func workdayText(cal *calendar.Calendar, day time.Time) string {
	if why := cal.Reason(day); why != "" {
		return why
	}
	return "工作日"
}

// suspended says why the clock stood on a day, "" if it ran. The first and the
// last day of a suspension belong to it.
func (c Clock) suspended(day, now time.Time) string {
	var from time.Time
	why := ""
	for _, e := range c.Entries {
		switch e.Act {
		case Pause:
			from, why = midnight(e.At), e.Why
		case Resume:
			if !day.Before(from) && !day.After(midnight(e.At)) {
				return why
			}
			from = time.Time{}
		}
	}
	if !from.IsZero() && !day.Before(from) && !day.After(midnight(c.until(now))) {
		return why
	}
	return ""
}

// until is the end of a suspension that is open: its stop, else now.
func (c Clock) until(now time.Time) time.Time {
	if c.Stopped() {
		return c.End()
	}
	return now
}

func next(t time.Time) time.Time { return midnight(t).AddDate(0, 0, 1) }

func midnight(t time.Time) time.Time {
	y, m, d := t.In(calendar.Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, calendar.Zone)
}
