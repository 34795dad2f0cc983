package organisation

import (
	"context"
	"errors"
	"slices"
	"strings"

	"onewindow/casework"
	"onewindow/casework/register"
	"onewindow/storage"
)

// Person is a unit's person who answers for something.
type Person struct {
	Unit      string `json:"unit"`
	Name      string `json:"name"`
	Telephone string `json:"telephone,omitempty"`
}

// Responsibility is one line of the responsibility table.
type Responsibility struct {
	Person
	Duty string `json:"duty"` // what the unit is responsible for, in words
}

// Leadership is who leads the reform in a division and who answers for what
// (W3.2): one lead unit, one for each stage, and the table of responsibilities.
type Leadership struct {
	Lead   Person            `json:"lead"`
	Stages map[string]Person `json:"stages"`
	Table  []Responsibility  `json:"responsibilities"`
}

// LeadershipRecord is that of one division.
type LeadershipRecord = register.Record[Leadership]

// Settle keeps who leads in a division. Errors: *casework.Invalid when the lead
// unit, or that of a stage, or a person is missing.
func (o *Office) Settle(ctx context.Context, division string, l Leadership, version int64, by string) (LeadershipRecord, error) {
	wrong := map[string]string{}
	division = o.division(wrong, division)
	o.person(wrong, "lead", l.Lead, "请确定改革工作牵头单位", "请落实牵头单位责任人")
	for _, st := range o.Catalogue.Stages {
		o.person(wrong, "stages."+st.Code, l.Stages[st.Code], "请确定"+st.Name+"阶段的牵头单位", "请落实责任人")
	}
	for code := range l.Stages {
		if _, ok := o.Catalogue.Stage(code); !ok {
			wrong["stages."+code] = "没有这个审批阶段"
		}
	}
	for i, r := range l.Table {
		o.person(wrong, plural("responsibilities", i), r.Person, "请选择单位", "请落实责任人")
		if strings.TrimSpace(r.Duty) == "" {
			wrong[plural("responsibilities", i)+".duty"] = "请填写责任分工"
		}
	}
	if len(wrong) > 0 {
		return LeadershipRecord{}, &casework.Invalid{Fields: wrong}
	}
	r, err := load[Leadership](ctx, o, Responsibilities, idOf("rsp", division), version)
	if err != nil {
		return r, err
	}
	r.Division, r.Unit, r.Body = division, l.Lead.Unit, l
	return r, register.Keep(ctx, o.Desk, &r, by, "settle", map[string]string{"lead": l.Lead.Unit, "person": l.Lead.Name})
}

func (o *Office) person(wrong map[string]string, field string, p Person, noUnit, noName string) {
	if _, ok := o.Catalogue.Unit(p.Unit); !ok {
		wrong[field+".unit"] = noUnit
	}
	if strings.TrimSpace(p.Name) == "" {
		wrong[field+".name"] = noName
	}
}

// Leadership returns who leads in a division. Errors: storage.ErrNotFound while
// nothing is settled.
func (o *Office) Leadership(ctx context.Context, division string) (LeadershipRecord, error) {
	if d, _, ok := o.Catalogue.Division(division); ok {
		division = d.Code
	}
	return register.Load[Leadership](ctx, o.Desk, Responsibilities, idOf("rsp", division))
}

// Vacancy is something a division has not settled (W2.4, W3.2).
type Vacancy struct {
	Kind string `json:"kind"` // lead, general_officer, specialist_officer, window, deputy
	Unit string `json:"unit,omitempty"`
	Item string `json:"item,omitempty"`
	Text string `json:"text"`
}

// Gaps lists what is missing in a division today: warnings, work goes on.
func (o *Office) Gaps(ctx context.Context, division string) ([]Vacancy, error) {
	roster, err := o.Roster(ctx, division)
	if err != nil {
		return nil, err
	}
	out := []Vacancy{}
	cat := o.Catalogue.For(division)
	if _, err := o.Leadership(ctx, division); errors.Is(err, storage.ErrNotFound) {
		if cat.LeadUnit == "" {
			out = append(out, Vacancy{Kind: "lead", Text: "没有确定改革工作牵头单位和各阶段牵头单位"})
		}
	} else if err != nil {
		return nil, err
	}
	day := o.Today()
	for _, u := range cat.Units {
		_, named := cat.General[u.Code]
		if u.Type != "window" && !named && !roster.any(day, func(p StaffRecord) bool { return p.Body.General && p.Body.Unit == u.Code }) {
			out = append(out, Vacancy{Kind: "general_officer", Unit: u.Code, Text: "没有综合服务专员：" + u.Name})
		}
	}
	for _, it := range cat.Items {
		_, named := cat.Specialists[it.Code]
		if !named && !roster.any(day, func(p StaffRecord) bool { return slices.Contains(p.Body.Specialist, it.Code) && p.Body.Unit == it.Unit }) {
			out = append(out, Vacancy{Kind: "specialist_officer", Unit: it.Unit, Item: it.Code, Text: "没有专业服务专员：" + it.Name})
		}
	}
	return append(out, roster.uncovered(day)...), nil
}

// any reports whether somebody appointed today is such.
func (r Roster) any(day string, such func(StaffRecord) bool) bool {
	return slices.ContainsFunc(r.people, func(p StaffRecord) bool { return p.Body.Period.Has(day) && such(p) })
}

// uncovered are officers who are away today with nobody standing in.
func (r Roster) uncovered(day string) (out []Vacancy) {
	for _, p := range r.people {
		s := p.Body
		if !s.Period.Has(day) || s.there(day) || !s.General && len(s.Specialist) == 0 {
			continue
		}
		if !r.any(day, func(d StaffRecord) bool { return d.Body.Account == s.Deputy && d.Body.there(day) }) {
			out = append(out, Vacancy{Kind: "deputy", Unit: s.Unit, Text: "服务专员不在岗且无人代理：" + s.Name})
		}
	}
	return out
}
