package clock_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"onewindow/approval/calendar"
	"onewindow/approval/clock"
)

func at(t testing.TB, text string) time.Time {
	t.Helper()
	m, err := time.ParseInLocation("2006-01-02 15:04", text, calendar.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func due(c clock.Clock, now time.Time) string {
	d, _ := c.Due(calendar.Default(), now)
	return d.In(calendar.Zone).Format("2006-01-02 15:04")
}

// The worked deadlines of the calendar: start, working days, last day.
var worked = []struct {
	start string
	days  int
	due   string
}{
	{"2026-02-13", 1, "2026-02-14"}, {"2026-02-14", 1, "2026-02-24"}, {"2026-02-14", 2, "2026-02-25"}, {"2026-09-30", 2, "2026-10-09"},
	{"2026-10-09", 1, "2026-10-10"}, {"2026-04-03", 1, "2026-04-07"}, {"2025-01-25", 1, "2025-01-26"}, {"2025-01-27", 2, "2025-02-06"},
	{"2025-09-27", 1, "2025-09-28"}, {"2025-09-30", 2, "2025-10-10"}, {"2024-02-08", 2, "2024-02-18"}, {"2024-04-26", 1, "2024-04-28"},
	{"2024-09-13", 1, "2024-09-14"}, {"2026-11-23", 7, "2026-12-02"}, {"2026-03-02", 20, "2026-03-30"}, {"2026-04-28", 5, "2026-05-08"},
	{"2026-05-06", 3, "2026-05-09"}, {"2026-01-01", 1, "2026-01-04"},
}

func TestV2_7_WorkedDeadlines(t *testing.T) {
	for _, w := range worked {
		c := clock.New(clock.KindLimit, w.days, at(t, w.start+" 10:00"), "", "x")
		if got := due(c, at(t, w.start+" 11:00")); got != w.due+" 17:30" {
			t.Errorf("%d working days from %s end %s, want %s 17:30", w.days, w.start, got, w.due)
		}
		days := c.Explain(calendar.Default(), at(t, w.start+" 11:00"))
		if last := days[len(days)-1]; last.Date != w.due || last.Counted != w.days {
			t.Errorf("from %s the explanation ends with %+v", w.start, last)
		}
	}
}

func TestExplain_SaysWhyEachDayCounts(t *testing.T) {
	c := clock.New(clock.KindReturn, 1, at(t, "2026-02-13 15:00"), "", "x")
	days := c.Explain(calendar.Default(), at(t, "2026-02-13 15:00"))
	if len(days) != 2 || days[0].Why != "开始当日不计入" || days[1].Why != "春节调休上班" || days[1].Counted != 1 {
		t.Errorf("explained as %+v", days)
	}
	c = clock.New(clock.KindReturn, 1, at(t, "2026-02-14 15:00"), "", "x")
	days = c.Explain(calendar.Default(), at(t, "2026-02-14 15:00"))
	if days[1].Why != "春节放假" || days[1].Counted != 0 || len(days) != 11 {
		t.Errorf("explained as %+v", days)
	}
}

func TestClock_StandsWhileSuspended(t *testing.T) {
	c := clock.New(clock.KindLimit, 3, at(t, "2026-11-23 10:00"), "", "x") // due Thursday 26
	if err := c.Do(clock.Pause, at(t, "2026-11-24 09:00"), "补正", "x"); err != nil {
		t.Fatal(err)
	}
	if s := c.Status(calendar.Default(), at(t, "2026-12-30 10:00"), 1); s.Late || s.Light != clock.Grey || s.Used != 0 {
		t.Errorf("a clock that stands is %+v", s)
	}
	if err := c.Do(clock.Resume, at(t, "2026-11-26 15:00"), "补正完成", "x"); err != nil {
		t.Fatal(err)
	}
	// 24, 25, 26 stand; 27 is the first, 30 November and 1 December follow.
	if got := due(c, at(t, "2026-11-26 15:00")); got != "2026-12-01 17:30" {
		t.Errorf("due %s", got)
	}
	if s := c.Status(calendar.Default(), at(t, "2026-11-30 18:00"), 1); s.Left != 1 || s.Light != clock.Yellow {
		t.Errorf("the evening before the last day: %+v", s)
	}
	if s := c.Status(calendar.Default(), at(t, "2026-12-01 17:31"), 1); !s.Late || s.Light != clock.Red {
		t.Errorf("after the close: %+v", s)
	}
}

func TestClock_ActsComeInOrder(t *testing.T) {
	c := clock.New(clock.KindLimit, 3, at(t, "2026-11-23 10:00"), "", "x")
	if err := c.Do(clock.Resume, at(t, "2026-11-23 11:00"), "", "x"); !errors.Is(err, clock.ErrOrder) {
		t.Errorf("resumed while running: %v", err)
	}
	if err := c.Do(clock.Stop, at(t, "2026-11-23 11:00"), "", "x"); err != nil {
		t.Fatal(err)
	}
	if err := c.Do(clock.Pause, at(t, "2026-11-23 12:00"), "", "x"); !errors.Is(err, clock.ErrOrder) {
		t.Errorf("paused after its stop: %v", err)
	}
	if c.Late(calendar.Default(), at(t, "2027-11-23 12:00")) {
		t.Error("a clock that stopped in time is late a year after")
	}
}

func TestClock_UnknownYearsAreProvisional(t *testing.T) {
	c := clock.New(clock.KindLimit, 30, at(t, "2026-12-21 10:00"), "", "x")
	if _, provisional := c.Due(calendar.Default(), at(t, "2026-12-21 10:00")); !provisional {
		t.Error("a date counted through an unannounced year is not provisional")
	}
}

// A suspension never makes a deadline earlier, and the days counted are the limit.
func TestClock_SuspensionsOnlyDelay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := time.Date(2026, 3, 2, 10, 0, 0, 0, calendar.Zone).AddDate(0, 0, rapid.IntRange(0, 200).Draw(t, "start"))
		limit := rapid.IntRange(1, 30).Draw(t, "limit")
		c := clock.New(clock.KindLimit, limit, start, "", "x")
		plain, _ := c.Due(calendar.Default(), start)
		now := start
		for range rapid.IntRange(0, 3).Draw(t, "suspensions") {
			now = now.Add(time.Duration(rapid.IntRange(1, 100).Draw(t, "hours")) * time.Hour)
			_ = c.Do(clock.Pause, now, "补正", "x")
			now = now.Add(time.Duration(rapid.IntRange(1, 200).Draw(t, "long")) * time.Hour)
			_ = c.Do(clock.Resume, now, "补正完成", "x")
		}
		after, _ := c.Due(calendar.Default(), now)
		if after.Before(plain) {
			t.Fatalf("due %v with suspensions, %v without", after, plain)
		}
		counted := 0
		for _, d := range c.Explain(calendar.Default(), now) {
			if d.Counted > 0 {
				counted++
			}
		}
		if counted != limit {
			t.Fatalf("%d days count, the limit is %d", counted, limit)
		}
	})
}
