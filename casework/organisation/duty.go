package organisation

import (
	"cmp"
	"context"
	"slices"
	"time"

	"onewindow/approval/calendar"
	"onewindow/casework/register"
	"onewindow/storage"
)

// Roster is who is appointed in a division, or in all.
type Roster struct {
	people   []StaffRecord
	calendar *calendar.Calendar
}

// Roster reads the roster of a division, "" being all.
func (o *Office) Roster(ctx context.Context, division string) (Roster, error) {
	people, err := register.All[Staff](ctx, o.Desk, storage.EntryQuery{Register: StaffRegister, Division: division, Open: true})
	slices.SortFunc(people, func(a, b StaffRecord) int { return cmp.Compare(a.Body.Account, b.Body.Account) })
	return Roster{people, o.Calendar}, err
}

// Why somebody was chosen.
const (
	AsSpecialist = "specialist" // 专业服务专员
	AsGeneral    = "general"    // 综合服务专员
	AsDeputy     = "deputy"     // stands in for either
	AsUnit       = "unit"       // anybody of the unit who is there
)

// Route is who a task goes to.
type Route struct {
	Account   string `json:"account"`
	Name      string `json:"name"`
	Telephone string `json:"telephone,omitempty"`
	Why       string `json:"why"`
}

// Route says who of a unit takes care of an item that comes at a moment (W2.3):
// the item's specialist, else the unit's general officer, whoever of them is
// there, else who stands in for them, else anybody of the unit. What comes when
// the windows are closed goes to those of the next opening. ok is false when
// nobody is there.
func (r Roster) Route(division, unit, item string, at time.Time) (Route, bool) {
	if r.calendar == nil {
		return Route{}, false
	}
	at = r.calendar.NextOpening(at)
	var specialists, generals, others []StaffRecord
	for _, p := range r.people {
		if p.Division != division || p.Body.Unit != unit || !slices.Contains(p.Body.Roles, "reviewer") {
			continue
		}
		switch {
		case slices.Contains(p.Body.Specialist, item):
			specialists = append(specialists, p)
		case p.Body.Limited: // answers for other items only
		case p.Body.General:
			generals = append(generals, p)
		default:
			others = append(others, p)
		}
	}
	for _, group := range []struct {
		why    string
		people []StaffRecord
	}{{AsSpecialist, specialists}, {AsDeputy, r.deputies(specialists)}, {AsGeneral, generals}, {AsDeputy, r.deputies(generals)}, {AsUnit, others}} {
		if p, ok := present(group.people, at); ok {
			return Route{Account: p.Body.Account, Name: p.Body.Name, Telephone: p.Body.Telephone, Why: group.why}, true
		}
	}
	return Route{}, false
}

// deputies are those who stand in for people.
func (r Roster) deputies(people []StaffRecord) (out []StaffRecord) {
	for _, p := range people {
		for _, d := range r.people {
			if p.Body.Deputy != "" && d.Body.Account == p.Body.Deputy && d.Division == p.Division {
				out = append(out, d)
			}
		}
	}
	return out
}

// present chooses who is on shift at a moment, else who comes that day.
func present(people []StaffRecord, at time.Time) (StaffRecord, bool) {
	day := dayOf(at)
	var later *StaffRecord
	for i, p := range people {
		if !p.Body.there(day) {
			continue
		}
		if p.Body.onShift(at) {
			return p, true
		}
		if later == nil && slices.ContainsFunc([]int{9, 11, 14, 16}, func(h int) bool { return p.Body.onShift(hourOf(at, h)) }) {
			later = &people[i]
		}
	}
	if later != nil {
		return *later, true
	}
	return StaffRecord{}, false
}

func hourOf(t time.Time, hour int) time.Time {
	y, m, d := t.In(calendar.Zone).Date()
	return time.Date(y, m, d, hour, 0, 0, 0, calendar.Zone)
}

// Duty is somebody on the roster of a day.
type Duty struct {
	Account string `json:"account"`
	Name    string `json:"name"`
	Window  string `json:"window,omitempty"`
	Unit    string `json:"unit,omitempty"`
	Shift   Shift  `json:"shift"`
	Now     bool   `json:"on_duty"` // at the moment asked for
	Away    bool   `json:"away"`
	Deputy  string `json:"deputy,omitempty"`
}

// Duties lists who is at a hall on the day of a moment, and who is away. On a day
// off nobody is on duty.
func (r Roster) Duties(hall string, at time.Time) []Duty {
	day, out := dayOf(at), []Duty{}
	for _, p := range r.people {
		s := p.Body
		if !s.Period.Has(day) || hall != "" && s.Hall != hall && !lent(s, hall, day) {
			continue
		}
		out = append(out, Duty{Account: s.Account, Name: s.Name, Window: s.Window, Unit: s.Unit, Shift: s.Shift, Deputy: s.Deputy,
			Away: !s.there(day), Now: r.calendar.OfficeOpen(at) && s.there(day) && s.onShift(at)})
	}
	return out
}

func lent(s Staff, hall, day string) bool {
	return slices.ContainsFunc(s.Loans, func(l Loan) bool { return l.Hall == hall && l.Period.Has(day) })
}

// Name is the name of an account on the roster, "" for one that is not.
func (r Roster) Name(account string) string {
	for _, p := range r.people {
		if p.Body.Account == account {
			return p.Body.Name
		}
	}
	return ""
}

// Officers lists the service officers who are appointed on a day (W2.4).
func (r Roster) Officers(day string) (out []Staff) {
	for _, p := range r.people {
		if p.Body.Period.Has(day) && (p.Body.General || len(p.Body.Specialist) > 0) {
			out = append(out, p.Body)
		}
	}
	return out
}
