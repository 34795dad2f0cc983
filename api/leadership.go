package api

import (
	"context"

	"onewindow/casework/organisation"
)

// DivisionPath names a division in a route.
type DivisionPath struct {
	Division string `path:"division" doc:"行政区划代码"`
}

type personView struct {
	organisation.Person
	UnitName string `json:"unit_name"`
	Stage    string `json:"stage,omitempty"`
	Duty     string `json:"duty,omitempty"`
}

type leadershipBody struct {
	Body struct {
		Division string       `json:"division"`
		Lead     personView   `json:"lead" doc:"改革工作牵头单位及责任人"`
		Stages   []personView `json:"stages" doc:"各审批阶段牵头单位及责任人"`
		Table    []personView `json:"responsibilities" doc:"责任分工"`
		Officers []personView `json:"officers" doc:"在任的综合服务专员和专业服务专员"`
		Version  int64        `json:"version"`
	}
}

func (s *Server) personView(division string, p organisation.Person) personView {
	return personView{Person: p, UnitName: s.Registers.UnitName(division, p.Unit)}
}

func (s *Server) leadershipView(ctx context.Context, r organisation.LeadershipRecord, err error) (*leadershipBody, error) {
	if err != nil {
		return nil, err
	}
	out := &leadershipBody{}
	b := &out.Body
	b.Division, b.Lead, b.Version = r.Division, s.personView(r.Division, r.Body.Lead), r.Version
	b.Stages, b.Table = []personView{}, []personView{}
	for _, st := range s.Registers.Catalogue.Stages {
		v := s.personView(r.Division, r.Body.Stages[st.Code])
		v.Stage = st.Code
		b.Stages = append(b.Stages, v)
	}
	for _, t := range r.Body.Table {
		v := s.personView(r.Division, t.Person)
		v.Duty = t.Duty
		b.Table = append(b.Table, v)
	}
	b.Officers, err = s.officers(ctx, r.Division)
	return out, err
}

// officers are the service officers of a division, as the contact list names them.
func (s *Server) officers(ctx context.Context, division string) ([]personView, error) {
	roster, err := s.Organisation.Roster(ctx, division)
	if err != nil {
		return nil, err
	}
	out := []personView{}
	for _, o := range roster.Officers(s.Organisation.Today()) {
		v := s.personView(division, organisation.Person{Unit: o.Unit, Name: o.Name, Telephone: o.Telephone})
		if o.General {
			v.Duty = "综合服务专员"
		}
		for _, item := range o.Specialist {
			v.Duty = joined(v.Duty, "专业服务专员："+s.Registers.Catalogue.Name(item))
		}
		out = append(out, v)
	}
	return out, nil
}

func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + "；" + b
}

type leadershipInput struct {
	DivisionPath
	Body struct {
		organisation.Leadership
		Version int64 `json:"version,omitempty"`
	}
}

func (s *Server) settleLeadership(ctx context.Context, in *leadershipInput) (*leadershipBody, error) {
	r, err := s.Organisation.Settle(ctx, in.Division, in.Body.Leadership, in.Body.Version, who(ctx).Account)
	return s.leadershipView(ctx, r, err)
}

func (s *Server) leadership(ctx context.Context, in *DivisionPath) (*leadershipBody, error) {
	r, err := s.Organisation.Leadership(ctx, in.Division)
	return s.leadershipView(ctx, r, err)
}
