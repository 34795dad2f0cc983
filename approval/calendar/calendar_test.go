package calendar

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func day(t testing.TB, s string) time.Time {
	t.Helper()
	d, err := time.ParseInLocation(time.DateOnly, s, Zone)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

type examples struct {
	Examples []struct {
		Start, Due, Note string
		Workdays         int
	} `json:"examples"`
	NotWorkdays []string `json:"not_workdays"`
	AreWorkdays []string `json:"are_workdays"`
}

func load(t testing.TB) examples {
	t.Helper()
	raw, err := os.ReadFile("testdata/examples.json")
	if err != nil {
		t.Fatal(err)
	}
	var e examples
	if err := json.Unmarshal(raw, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

// TestAddWorkdays_examples counts the worked examples, whatever the hour of day.
func TestAddWorkdays_examples(t *testing.T) {
	e := load(t)
	if len(e.Examples) != 18 {
		t.Fatalf("%d examples, want 18", len(e.Examples))
	}
	for _, x := range e.Examples {
		for _, hour := range []int{0, 9, 23} {
			start := day(t, x.Start).Add(time.Duration(hour) * time.Hour)
			got := Default().AddWorkdays(start.UTC(), x.Workdays)
			if got.Day.Format(time.DateOnly) != x.Due || got.Provisional {
				t.Errorf("%s %02d:00 + %d: got %v, want %s (%s)", x.Start, hour, x.Workdays, got, x.Due, x.Note)
			}
		}
		if n := Default().Workdays(day(t, x.Start), day(t, x.Due)); n != x.Workdays {
			t.Errorf("%s to %s: counted %d, want %d", x.Start, x.Due, n, x.Workdays)
		}
	}
	for _, s := range e.NotWorkdays {
		if Default().IsWorkday(day(t, s)) || Default().Reason(day(t, s)) == "" {
			t.Errorf("%s is worked", s)
		}
	}
	for _, s := range e.AreWorkdays {
		if !Default().IsWorkday(day(t, s)) {
			t.Errorf("%s is not worked", s)
		}
	}
}

func TestAddWorkdays_zero(t *testing.T) {
	for start, want := range map[string]string{"2026-11-23": "2026-11-23", "2026-10-01": "2026-10-08", "2026-10-10": "2026-10-10"} {
		for _, n := range []int{0, -3} {
			if got := Default().AddWorkdays(day(t, start), n).Day.Format(time.DateOnly); got != want {
				t.Errorf("%s + %d: got %s, want %s", start, n, got, want)
			}
		}
	}
}

// TestUnknownYear: a year not yet announced is counted by weekends, and says so.
func TestUnknownYear(t *testing.T) {
	got := Default().AddWorkdays(day(t, "2026-12-30"), 3)
	if got.Day.Format(time.DateOnly) != "2027-01-04" || !got.Provisional {
		t.Errorf("got %+v", got)
	}
	c, err := New([]byte(`{"years":{"2027":{"notice":"x","holidays":[{"name":"元旦","from":"2027-01-01","to":"2027-01-03"}],"make_up":[]}}}`))
	if err != nil {
		t.Fatal(err)
	}
	got = c.AddWorkdays(day(t, "2026-12-30"), 3)
	if got.Day.Format(time.DateOnly) != "2027-01-05" || got.Provisional {
		t.Errorf("once announced: got %+v", got)
	}
	if Default().Known(2027) {
		t.Error("the embedded calendar changed")
	}
}

func TestNew_refuses(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`{`, "read calendar"},
		{`{"close":"25:00"}`, "time of day"},
		{`{"office_hours":[["13:00","12:00"]]}`, "backwards"},
		{`{"office_hours":[]}`, "empty"},
		{`{"years":{"abc":{}}}`, "is none"},
		{`{"years":{"2027":{"holidays":[{"name":"x","from":"2027-05-01","to":"2027-07-01"}]}}}`, "from 2027-05-01"},
		{`{"years":{"2027":{"holidays":[{"name":"x","from":"2028-05-01","to":"2028-05-02"}]}}}`, "from 2028-05-01"},
		{`{"years":{"2027":{"make_up":[{"date":"2027-03-01","for":"x"}]}}}`, "no free weekend"},
		{`{"years":{"2027":{"workdays":100}}}`, "working days"},
	} {
		if _, err := New([]byte(c.in)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.in, err, c.want)
		}
	}
}

// TestV1_10_officeHours: what is decided outside office hours waits for them.
func TestV1_10_officeHours(t *testing.T) {
	c := Default()
	for at, want := range map[string]string{
		"2026-11-23 10:00": "2026-11-23 10:00",
		"2026-11-23 12:00": "2026-11-23 13:00",
		"2026-11-23 07:00": "2026-11-23 09:00",
		"2026-09-30 18:00": "2026-10-08 09:00",
		"2026-10-10 09:30": "2026-10-10 09:30", // a Saturday that is worked
	} {
		in, err := time.ParseInLocation("2006-01-02 15:04", at, Zone)
		if err != nil {
			t.Fatal(err)
		}
		got := c.NextOpening(in.UTC()).In(Zone).Format("2006-01-02 15:04")
		if got != want || c.OfficeOpen(in) != (at == want) {
			t.Errorf("%s: next opening %s, want %s", at, got, want)
		}
	}
	if got := c.Close(day(t, "2026-11-23").Add(time.Hour)).Format("15:04"); got != "17:30" {
		t.Errorf("close at %s", got)
	}
}

// TestAddWorkdays_properties: deadlines fall on working days, grow with the
// count, and counting back gives the count.
func TestAddWorkdays_properties(t *testing.T) {
	c := Default()
	rapid.Check(t, func(r *rapid.T) {
		start := day(t, "2024-01-01").AddDate(0, 0, rapid.IntRange(0, 1000).Draw(r, "day"))
		n := rapid.IntRange(1, 60).Draw(r, "n")
		due := c.AddWorkdays(start, n)
		if !c.IsWorkday(due.Day) || !due.Day.After(start) {
			r.Fatalf("%v + %d = %v", start, n, due)
		}
		if got := c.Workdays(start, due.Day); got != n {
			r.Fatalf("%v + %d = %v, which is %d days on", start, n, due, got)
		}
		if next := c.AddWorkdays(start, n+1); !next.Day.After(due.Day) {
			r.Fatalf("%v: %d days end %v, %d days end %v", start, n, due, n+1, next)
		}
	})
}
