package api

import (
	"context"
	"slices"
	"time"

	"onewindow/access"
	"onewindow/casework"
	"onewindow/storage"
)

type accountList struct {
	Body struct {
		Accounts []storage.Account `json:"accounts"`
	}
}

func (s *Server) listAccounts(ctx context.Context, _ *noInput) (*accountList, error) {
	all, err := s.Guard.Records.ListAccounts(ctx)
	if err != nil {
		return nil, err
	}
	out := &accountList{}
	out.Body.Accounts = append([]storage.Account{}, all...)
	return out, nil
}

type createAccountInput struct {
	Body struct {
		Name     string   `json:"name" minLength:"1" maxLength:"100" pattern:"^[^\\s/]+$" doc:"账号"`
		Password string   `json:"password,omitempty" maxLength:"200" doc:"至少 8 个字符；不填则只能用令牌"`
		Roles    []string `json:"roles" minItems:"1" doc:"角色"`
		Unit     string   `json:"unit,omitempty" doc:"业务单位编码"`
		Division string   `json:"division,omitempty" doc:"行政区划代码"`
		Hall     string   `json:"hall,omitempty" maxLength:"100" doc:"政务大厅"`
	}
}

type accountBody struct{ Body storage.Account }

func (s *Server) createAccount(ctx context.Context, in *createAccountInput) (*accountBody, error) {
	b := in.Body
	if err := s.checkAccount(b.Roles, b.Unit); err != nil {
		return nil, err
	}
	n := access.NewAccount{Name: b.Name, Password: b.Password, Unit: b.Unit, Division: b.Division, Hall: b.Hall, By: who(ctx).Account}
	for _, r := range b.Roles {
		n.Roles = append(n.Roles, access.Role(r))
	}
	if err := s.Guard.Create(ctx, n); err != nil {
		return nil, err
	}
	a, err := s.Guard.Records.AccountByName(ctx, b.Name)
	return &accountBody{Body: a}, err
}

// checkAccount refuses roles and units that do not exist: they would silently
// allow nothing.
func (s *Server) checkAccount(roles []string, unit string) error {
	wrong := map[string]string{}
	for _, r := range roles {
		if !slices.Contains(access.Roles(), access.Role(r)) {
			wrong["roles"] = "没有这个角色：" + r
		}
	}
	if _, ok := s.Desk.Catalogue.Unit(unit); !ok && unit != "" {
		wrong["unit"] = "没有这个业务单位"
	}
	if len(wrong) > 0 {
		return &casework.Invalid{Fields: wrong}
	}
	return nil
}

type changeAccountInput struct {
	Name string `path:"name" doc:"账号"`
	Body struct {
		Password *string   `json:"password,omitempty" maxLength:"200" doc:"重设密码，并结束其全部登录"`
		Roles    *[]string `json:"roles,omitempty" minItems:"1"`
		Unit     *string   `json:"unit,omitempty"`
		Division *string   `json:"division,omitempty"`
		Hall     *string   `json:"hall,omitempty" maxLength:"100"`
		Active   *bool     `json:"active,omitempty" doc:"false：停用，登录与令牌立即失效"`
	}
}

func (s *Server) changeAccount(ctx context.Context, in *changeAccountInput) (*accountBody, error) {
	var roles []string
	if in.Body.Roles != nil {
		roles = *in.Body.Roles
	}
	unit := ""
	if in.Body.Unit != nil {
		unit = *in.Body.Unit
	}
	if err := s.checkAccount(roles, unit); err != nil {
		return nil, err
	}
	b := in.Body
	a, err := s.Guard.Change(ctx, in.Name, who(ctx).Account, access.AccountChange{Password: b.Password, Roles: b.Roles,
		Unit: b.Unit, Division: b.Division, Hall: b.Hall, Active: b.Active})
	return &accountBody{Body: a}, err
}

type issueTokenInput struct {
	Name string `path:"name" doc:"账号"`
	Body struct {
		Actions []string `json:"actions,omitempty" doc:"只允许这些权限，如扫描仪只要 document.send；不填则与账号相同"`
		Label   string   `json:"label" minLength:"1" maxLength:"100" doc:"用途说明"`
		Days    int      `json:"days,omitempty" minimum:"0" maximum:"3650" doc:"有效天数，0 为长期"`
	}
}

type tokenBody struct {
	Body struct {
		Token string `json:"token" doc:"只显示这一次"`
	}
}

func (s *Server) issueToken(ctx context.Context, in *issueTokenInput) (*tokenBody, error) {
	var actions []access.Action
	for _, a := range in.Body.Actions {
		if !slices.Contains(access.Actions(), access.Action(a)) {
			return nil, &casework.Invalid{Fields: map[string]string{"actions": "没有这个权限：" + a}}
		}
		actions = append(actions, access.Action(a))
	}
	secret, err := s.Guard.IssueToken(ctx, in.Name, in.Body.Label, time.Duration(in.Body.Days)*24*time.Hour, actions...)
	if err != nil {
		return nil, err
	}
	if err := s.auditRead(ctx, "token.issue", in.Name); err != nil {
		return nil, err
	}
	out := &tokenBody{}
	out.Body.Token = secret
	return out, nil
}
