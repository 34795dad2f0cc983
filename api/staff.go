package api

import (
	"context"
	"slices"
	"time"

	"onewindow/access"
	"onewindow/casework"
	"onewindow/casework/organisation"
	"onewindow/casework/register"
	"onewindow/storage"
)

type staffView struct {
	organisation.Staff
	Division string `json:"division"`
	State    string `json:"state" doc:"active 在岗，closed 已免去"`
	InForce  bool   `json:"in_force" doc:"今天在任期内"`
	Version  int64  `json:"version"`
}

type staffBody struct{ Body staffView }

func (s *Server) staffView(r organisation.StaffRecord, err error) (*staffBody, error) {
	if err != nil {
		return nil, err
	}
	return &staffBody{staffView{r.Body, r.Division, r.State, r.Open && r.Body.Period.Has(s.Organisation.Today()), r.Version}}, nil
}

type staffInput struct {
	DivisionQuery
	Unit string `query:"unit"`
	Hall string `query:"hall"`
}

type staffList struct {
	Body struct {
		Staff []staffView `json:"staff"`
	}
}

func (s *Server) listStaff(ctx context.Context, in *staffInput) (*staffList, error) {
	if err := confine(&in.Division, who(ctx)); err != nil {
		return nil, err
	}
	found, err := register.All[organisation.Staff](ctx, s.Registers, storage.EntryQuery{Register: organisation.StaffRegister, Division: in.Division, Unit: in.Unit, Hall: in.Hall})
	if err != nil {
		return nil, err
	}
	out := &staffList{}
	out.Body.Staff = []staffView{}
	for _, r := range found {
		v, _ := s.staffView(r, nil)
		out.Body.Staff = append(out.Body.Staff, v.Body)
	}
	return out, nil
}

// StaffPath names a member of staff in a route.
type StaffPath struct {
	Account string `path:"account" doc:"账号"`
}

func (s *Server) getStaff(ctx context.Context, in *StaffPath) (*staffBody, error) {
	r, err := s.Organisation.StaffOf(ctx, in.Account)
	if err == nil && !who(ctx).SeesDivision(r.Division) {
		err = storage.ErrNotFound
	}
	return s.staffView(r, err)
}

type appointInput struct {
	StaffPath
	Body struct {
		Name       string                `json:"name"`
		Telephone  string                `json:"telephone,omitempty"`
		Division   string                `json:"division,omitempty"`
		Roles      []string              `json:"roles"`
		Unit       string                `json:"unit,omitempty"`
		Hall       string                `json:"hall,omitempty"`
		Window     string                `json:"window,omitempty"`
		Shift      organisation.Shift    `json:"shift,omitzero"`
		From       string                `json:"from,omitempty" doc:"任期首日"`
		Until      string                `json:"until,omitempty" doc:"任期末日（含）"`
		Loans      []organisation.Loan   `json:"loans,omitempty" doc:"借调到其他政务大厅"`
		General    bool                  `json:"general_officer,omitempty" doc:"综合服务专员"`
		Specialist []string              `json:"specialist_of,omitempty" doc:"担任专业服务专员的事项"`
		Limited    bool                  `json:"limited_to_items,omitempty" doc:"只能办理所列事项"`
		Actions    []string              `json:"actions,omitempty" doc:"只能使用的权限；不填为岗位的全部权限"`
		Deputy     string                `json:"deputy,omitempty" doc:"代理人账号"`
		Away       []organisation.Period `json:"away,omitempty" doc:"不在岗的日期"`
		Version    int64                 `json:"version,omitempty"`
	}
}

func (s *Server) appointStaff(ctx context.Context, in *appointInput) (*staffBody, error) {
	b := in.Body
	wrong := map[string]string{}
	for _, a := range b.Actions {
		if !slices.Contains(access.Actions(), access.Action(a)) {
			wrong["actions."+a] = "没有这种权限"
		}
	}
	if len(wrong) > 0 {
		return nil, &casework.Invalid{Fields: wrong}
	}
	return s.staffView(s.Organisation.Appoint(ctx, organisation.Staff{Account: in.Account, Name: b.Name, Telephone: b.Telephone, Roles: b.Roles, Unit: b.Unit,
		Hall: b.Hall, Window: b.Window, Shift: b.Shift, Period: organisation.Period{From: b.From, Until: b.Until}, Loans: b.Loans, General: b.General,
		Specialist: b.Specialist, Limited: b.Limited, Actions: b.Actions, Deputy: b.Deputy, Away: b.Away}, b.Division, b.Version, who(ctx).Account))
}

type relieveInput struct {
	StaffPath
	Body struct {
		Reason string `json:"reason"`
	}
}

func (s *Server) relieveStaff(ctx context.Context, in *relieveInput) (*staffBody, error) {
	return s.staffView(s.Organisation.Relieve(ctx, in.Account, in.Body.Reason, who(ctx).Account))
}

type dutyInput struct {
	DivisionQuery
	Hall string    `query:"hall"`
	At   time.Time `query:"at" doc:"何时；默认现在"`
}

type dutyBody struct {
	Body struct {
		At   time.Time           `json:"at"`
		Duty []organisation.Duty `json:"duty"`
	}
}

func (s *Server) duty(ctx context.Context, in *dutyInput) (*dutyBody, error) {
	if err := confine(&in.Division, who(ctx)); err != nil {
		return nil, err
	}
	if in.At.IsZero() {
		in.At = s.Now()
	}
	roster, err := s.Organisation.Roster(ctx, in.Division)
	if err != nil {
		return nil, err
	}
	out := &dutyBody{}
	out.Body.At, out.Body.Duty = in.At, roster.Duties(in.Hall, in.At)
	return out, nil
}

type gapsBody struct {
	Body struct {
		Gaps []organisation.Vacancy `json:"gaps"`
	}
}

func (s *Server) organisationGaps(ctx context.Context, in *DivisionQuery) (*gapsBody, error) {
	if err := confine(&in.Division, who(ctx)); err != nil {
		return nil, err
	}
	if _, _, ok := s.Registers.Catalogue.Division(in.Division); !ok {
		return nil, &casework.Invalid{Fields: map[string]string{"division": "请选择行政区划"}}
	}
	out := &gapsBody{}
	var err error
	out.Body.Gaps, err = s.Organisation.Gaps(ctx, in.Division)
	return out, err
}
