package cases

import (
	"context"
	"strings"

	"onewindow/approval"
	"onewindow/approval/identifier"
	"onewindow/casework"
	"onewindow/storage"
)

// RegisterProject keeps a project; whoever registers it belongs to it. Errors:
// *casework.Invalid naming every wrong field, storage.ErrConflict when it is
// registered already.
func (o *Office) RegisterProject(ctx context.Context, r approval.Registration, by Actor) (approval.Registration, error) {
	wrong := map[string]string{}
	code := identifier.Validate(identifier.ProjectCode, r.Code)
	if !code.Valid {
		wrong["code"] = "项目代码不正确，应为 24 位，如 2404-430100-04-01-123453"
	}
	r.Name, r.Builder = strings.TrimSpace(r.Name), strings.TrimSpace(r.Builder)
	if r.Name == "" {
		wrong["name"] = "请填写项目名称"
	}
	if r.Builder == "" {
		wrong["builder"] = "请填写建设单位"
	}
	if !o.knownType(r.Type) {
		wrong["type"] = "请选择项目类型"
	}
	if _, _, ok := o.Catalogue.Division(r.Division); !ok {
		wrong["division"] = "请选择项目属地（行政区划代码）"
	}
	if r.USCC != "" {
		uscc := identifier.Validate(identifier.USCC, r.USCC)
		if !uscc.Valid {
			wrong["builder_uscc"] = "统一社会信用代码不正确，请核对"
		}
		r.USCC = uscc.Value
	}
	if len(wrong) > 0 {
		return r, &casework.Invalid{Fields: wrong}
	}
	r.Code, r.By, r.At, r.Version = code.Value, by.Account, o.now(), 0
	out, err := o.Records.RegisterProject(ctx, r, storage.AuditEntry{Actor: by.Account, Action: "project.register", Object: r.Code,
		Detail: map[string]string{"division": r.Division, "type": r.Type}})
	if err != nil {
		return r, err
	}
	return out, o.Records.AddMember(ctx, storage.Member{Project: r.Code, Account: by.Account, By: by.Account, At: o.now()})
}

func (o *Office) knownType(code string) bool {
	for _, t := range o.Catalogue.ProjectTypes {
		if t.Code == code {
			return true
		}
	}
	return false
}
