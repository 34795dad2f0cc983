package calendar

import (
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"
)

// longestHoliday bounds what a file may declare off; more is a typing error.
const longestHoliday = 15

// add lays one file over what is known.
func (c *Calendar) add(f file) error {
	if f.Close != "" {
		at, err := clock(f.Close)
		if err != nil {
			return err
		}
		c.closeAt = at
	}
	if f.OfficeHours != nil {
		hours, err := spans(f.OfficeHours)
		if err != nil {
			return err
		}
		c.hours = hours
	}
	for name, y := range f.Years {
		year, err := strconv.Atoi(name)
		if err != nil || year < 1990 || year > 2200 {
			return fmt.Errorf("year %q is none", name)
		}
		if err := c.addYear(year, y); err != nil {
			return fmt.Errorf("year %d: %w", year, err)
		}
	}
	return nil
}

func (c *Calendar) addYear(year int, y yearEntry) error {
	inYear := func(day, _ string) bool { return strings.HasPrefix(day, strconv.Itoa(year)+"-") }
	maps.DeleteFunc(c.off, inYear)
	maps.DeleteFunc(c.makeUp, inYear)
	for _, h := range y.Holidays {
		from, err := time.ParseInLocation(time.DateOnly, h.From, Zone)
		if err != nil {
			return fmt.Errorf("holiday %s: %w", h.Name, err)
		}
		to, err := time.ParseInLocation(time.DateOnly, h.To, Zone)
		if err != nil {
			return fmt.Errorf("holiday %s: %w", h.Name, err)
		}
		if to.Before(from) || to.Sub(from) > longestHoliday*24*time.Hour || from.Year() != year || to.Year() != year {
			return fmt.Errorf("holiday %s: from %s to %s", h.Name, h.From, h.To)
		}
		for day := from; !day.After(to); day = day.AddDate(0, 0, 1) {
			c.off[day.Format(time.DateOnly)] = h.Name
		}
	}
	for _, m := range y.MakeUp {
		day, err := time.ParseInLocation(time.DateOnly, m.Date, Zone)
		if err != nil {
			return fmt.Errorf("make-up day: %w", err)
		}
		if _, off := c.off[m.Date]; off || c.IsWorkday(day) || day.Year() != year {
			return fmt.Errorf("make-up day %s is no free weekend of the year", m.Date)
		}
		c.makeUp[m.Date] = m.For
	}
	c.years[year] = true
	first := time.Date(year-1, 12, 31, 0, 0, 0, 0, Zone)
	if got := c.Workdays(first, time.Date(year, 12, 31, 0, 0, 0, 0, Zone)); y.Workdays != 0 && got != y.Workdays {
		return fmt.Errorf("has %d working days, the file says %d", got, y.Workdays)
	}
	return nil
}

func spans(texts [][2]string) ([]span, error) {
	var out []span
	for _, t := range texts {
		from, err := clock(t[0])
		if err != nil {
			return nil, err
		}
		to, err := clock(t[1])
		if err != nil {
			return nil, err
		}
		if to <= from || len(out) > 0 && from < out[len(out)-1].to {
			return nil, fmt.Errorf("office hours %s–%s overlap or run backwards", t[0], t[1])
		}
		out = append(out, span{from, to})
	}
	if len(out) == 0 {
		return nil, errors.New("office hours are empty")
	}
	return out, nil
}

// clock reads HH:MM as the time since midnight.
func clock(s string) (time.Duration, error) {
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0, fmt.Errorf("time of day %q: %w", s, err)
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
}
