package organisation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"onewindow/approval/calendar"
	"onewindow/casework"
	"onewindow/casework/register"
	"onewindow/storage"
)

// Shift is when somebody works: days of the week (1 Monday … 7 Sunday) and hours
// "09:00"; empty is every working day, and all office hours.
type Shift struct {
	Days []int  `json:"days,omitempty"`
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

// Loan is a hall somebody may also act for, for a time (G.10: not unless granted).
type Loan struct {
	Hall string `json:"hall"`
	Period
	Reason string `json:"reason"`
}

// Staff is one person of the windows or units (W2.3). Its rights hold from the
// first to the last day of its period and not a day longer.
type Staff struct {
	Account   string   `json:"account"`
	Name      string   `json:"name"`
	Telephone string   `json:"telephone,omitempty"` // of the office
	Roles     []string `json:"roles"`
	Unit      string   `json:"unit,omitempty"`
	Hall      string   `json:"hall,omitempty"`
	Window    string   `json:"window,omitempty"`
	Shift     Shift    `json:"shift"`
	Period
	Loans []Loan `json:"loans,omitempty"`
	// General: 综合服务专员 of the unit; Specialist: items whose 专业服务专员 it is
	// (W2.4). With Limited it may decide about those items only, and with Actions
	// do nothing else at all (W2.5).
	General    bool     `json:"general_officer"`
	Specialist []string `json:"specialist_of,omitempty"`
	Limited    bool     `json:"limited_to_items"`
	Actions    []string `json:"actions,omitempty"`
	Deputy     string   `json:"deputy,omitempty"` // account that stands in
	Away       []Period `json:"away,omitempty"`
}

// StaffRecord is a record of staff; its state ends with Relieve.
type StaffRecord = register.Record[Staff]

// positions are the roles that people hold by appointment. Those of the house
// itself, of applicants and of programs, are not the organisation's to give.
var positions = []string{"clerk", "reviewer", "lead", "supervisor", "security", "archivist", "province"}

func staffID(account string) string { return idOf("stf", account) }

// Appoint makes or changes a record of staff. Errors: *casework.Invalid naming
// everything that is wrong, storage.ErrStale.
func (o *Office) Appoint(ctx context.Context, s Staff, division string, version int64, by string) (StaffRecord, error) {
	wrong, err := o.staffErrors(ctx, s)
	if err != nil {
		return StaffRecord{}, err
	}
	if division != "" || !slices.Contains(s.Roles, "province") { // the province's people work for all divisions
		division = o.division(wrong, division)
	}
	if len(wrong) > 0 {
		return StaffRecord{}, &casework.Invalid{Fields: wrong}
	}
	r, err := load[Staff](ctx, o, StaffRegister, staffID(s.Account), version)
	if err != nil {
		return r, err
	}
	r.Division, r.Unit, r.Hall, r.Owner, r.Body = division, s.Unit, s.Hall, s.Account, s
	r.State, r.Open = Active, true
	return r, register.Keep(ctx, o.Desk, &r, by, "appoint", map[string]string{"account": s.Account, "roles": strings.Join(s.Roles, ","),
		"hall": s.Hall, "window": s.Window, "staff_unit": s.Unit, "from": s.From, "until": s.Until})
}

func (o *Office) staffErrors(ctx context.Context, s Staff) (map[string]string, error) {
	wrong := map[string]string{}
	if strings.TrimSpace(s.Account) == "" {
		wrong["account"] = "请填写账号"
	}
	if strings.TrimSpace(s.Name) == "" {
		wrong["name"] = "请填写姓名"
	}
	if len(s.Roles) == 0 {
		wrong["roles"] = "请选择岗位"
	}
	for i, role := range s.Roles {
		if !slices.Contains(positions, role) {
			wrong[plural("roles", i)] = "不能任命这种岗位"
		}
	}
	if _, ok := o.Catalogue.Unit(s.Unit); s.Unit != "" && !ok {
		wrong["unit"] = "没有这个业务单位"
	}
	if s.Unit == "" && (slices.Contains(s.Roles, "reviewer") || s.General) {
		wrong["unit"] = "请选择业务单位"
	}
	for i, item := range s.Specialist {
		if _, ok := o.Catalogue.Item(item); !ok {
			wrong[plural("specialist_of", i)] = "没有这个办理事项"
		}
	}
	if s.Limited && len(s.Specialist) == 0 {
		wrong["specialist_of"] = "请列出其负责的事项"
	}
	if s.Deputy != "" && s.Deputy == s.Account {
		wrong["deputy"] = "不能由本人代理"
	}
	s.Period.check(wrong, "")
	s.Shift.check(wrong)
	for i, p := range s.Away {
		p.check(wrong, plural("away", i)+".")
	}
	return wrong, o.placeErrors(ctx, wrong, s)
}

// placeErrors checks halls and window.
func (o *Office) placeErrors(ctx context.Context, wrong map[string]string, s Staff) error {
	if slices.Contains(s.Roles, "clerk") && s.Hall == "" {
		wrong["hall"] = "请选择政务大厅"
	}
	for i, l := range s.Loans {
		l.check(wrong, plural("loans", i)+".")
		if l.Until == "" {
			wrong[plural("loans", i)+".until"] = "请填写借调的结束日期"
		}
		if strings.TrimSpace(l.Reason) == "" {
			wrong[plural("loans", i)+".reason"] = "请填写借调原因"
		}
		if err := o.hallKnown(ctx, wrong, plural("loans", i)+".hall", l.Hall); err != nil {
			return err
		}
	}
	if s.Hall == "" {
		return nil
	}
	if err := o.hallKnown(ctx, wrong, "hall", s.Hall); err != nil || wrong["hall"] != "" {
		return err
	}
	return o.windowOf(ctx, wrong, s.Hall, s.Window, false)
}

func (o *Office) hallKnown(ctx context.Context, wrong map[string]string, field, code string) error {
	_, err := o.Hall(ctx, code)
	if errors.Is(err, storage.ErrNotFound) {
		wrong[field] = "没有这个政务大厅"
		return nil
	}
	return err
}

func (s Shift) check(wrong map[string]string) {
	for i, d := range s.Days {
		if d < 1 || d > 7 {
			wrong[plural("shift.days", i)] = "请填写 1（星期一）至 7（星期日）"
		}
	}
	for field, at := range map[string]string{"shift.from": s.From, "shift.to": s.To} {
		if _, err := time.Parse("15:04", at); at != "" && err != nil {
			wrong[field] = "请填写时间，如 09:00"
		}
	}
	if s.From != "" && s.To != "" && wrong["shift.from"] == "" && wrong["shift.to"] == "" && s.To <= s.From {
		wrong["shift.to"] = "结束时间不晚于开始时间"
	}
}

// StaffOf returns an account's record. Errors: storage.ErrNotFound.
func (o *Office) StaffOf(ctx context.Context, account string) (StaffRecord, error) {
	return register.Load[Staff](ctx, o.Desk, StaffRegister, staffID(account))
}

// Relieve ends an appointment at once. Errors: casework.ErrIllegal when it has
// ended.
func (o *Office) Relieve(ctx context.Context, account, reason, by string) (StaffRecord, error) {
	r, err := o.StaffOf(ctx, account)
	if err != nil {
		return r, err
	}
	if !r.Open {
		return r, fmt.Errorf("staff is %s: %w", r.State, casework.ErrIllegal)
	}
	if strings.TrimSpace(reason) == "" {
		return r, &casework.Invalid{Fields: map[string]string{"reason": "请填写免去岗位的原因"}}
	}
	r.State, r.Open = Closed, false
	return r, register.Keep(ctx, o.Desk, &r, by, "relieve", map[string]string{"account": account, "reason": reason})
}

// Post is what an account may do today by its record of staff, nil without one.
// It is asked with every request: rights end with the period, not with the next
// login (G.10, W2.3).
func (o *Office) Post(ctx context.Context, account string) (*storage.Post, error) {
	r, err := o.StaffOf(ctx, account)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	today, s := o.Today(), r.Body
	p := &storage.Post{Active: r.Open && s.Period.Has(today), Roles: s.Roles, Unit: s.Unit, Division: r.Division, Hall: s.Hall, Window: s.Window, Actions: s.Actions}
	for _, l := range s.Loans {
		if l.Period.Has(today) {
			p.Halls = append(p.Halls, l.Hall)
		}
	}
	if s.Limited {
		p.Items = s.Specialist
	}
	return p, nil
}

// there reports whether somebody works on a day: appointed and not away.
func (s Staff) there(day string) bool {
	return s.Period.Has(day) && !slices.ContainsFunc(s.Away, func(p Period) bool { return p.Has(day) })
}

// onShift reports whether t lies in somebody's shift.
func (s Staff) onShift(t time.Time) bool {
	t = t.In(calendar.Zone)
	day, at := (int(t.Weekday())+6)%7+1, t.Format("15:04")
	return (len(s.Shift.Days) == 0 || slices.Contains(s.Shift.Days, day)) && (s.Shift.From == "" || at >= s.Shift.From) &&
		(s.Shift.To == "" || at < s.Shift.To)
}

// Positions lists the roles that people hold by appointment.
func Positions() []string { return slices.Clone(positions) }
