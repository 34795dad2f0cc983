package cases

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"

	"onewindow/approval"
	"onewindow/approval/catalogue"
	"onewindow/casework"
	"onewindow/storage"
)

// Draft is what an application starts with, or is changed to.
type Draft struct {
	Project     string
	Stage       string
	Items       []string
	Answers     map[string]string
	Channel     approval.Channel
	Hall        string
	Window      string
	Device      string
	PaperReason string // required at the physical window (P3.1)
	Applicant   string // account, when a clerk fills in the form; default whoever starts
	Version     int64  // of the case, when it is changed
}

// PaperReasons are why paper may be taken in (P3.1, personas.md).
var PaperReasons = map[string]string{
	"elderly": "老年人等不便使用网络", "system_down": "系统故障", "original_check": "需核验原件", "classified": "涉密资料", "other": "其他特殊原因",
}

// Start opens an application for one stage. What its applicant said in a one-time
// inquiry stands in it (V1.5). Errors: ErrClassified,
// storage.ErrNotFound for a project that is not registered, *casework.Invalid.
func (o *Office) Start(ctx context.Context, d Draft, by Actor) (approval.Case, error) {
	project, err := o.Records.Registration(ctx, d.Project)
	if err != nil {
		return approval.Case{}, err
	}
	if project.Classified {
		return approval.Case{}, ErrClassified
	}
	if d.Channel == "" {
		d.Channel = approval.ChannelVirtual
	}
	cat := o.current().For(project.Division)
	if wrong := draftErrors(cat, d, project); len(wrong) > 0 {
		return approval.Case{}, &casework.Invalid{Fields: wrong}
	}
	if d, err = o.prefill(ctx, cat, d, project, by); err != nil {
		return approval.Case{}, err
	}
	k := approval.Case{
		ID: o.newID("case_"), Code: strings.ToUpper(rand.Text()[:8]), Project: project.Code, Stage: d.Stage, Division: project.Division,
		Catalogue: cat.Version, Channel: d.Channel, Hall: d.Hall, Window: d.Window, Device: d.Device,
		PaperReason: d.PaperReason, Applicant: by.Account, Items: d.Items, Answers: answers(d.Answers, project), Created: o.now(),
	}
	if d.Applicant != "" && d.Applicant != by.Account {
		k.Applicant, k.AssistedBy = d.Applicant, by.Account
	}
	err = o.Records.ApplyCase(ctx, storage.CaseChange{Case: &k,
		Events: []approval.Event{{Type: approval.EventCaseStarted, Project: k.Project, Data: map[string]string{
			"case": k.ID, "stage": k.Stage, "division": k.Division, "channel": string(k.Channel), "hall": k.Hall, "window": k.Window, "at": stampOf(o.now())}}},
		Audit: []storage.AuditEntry{{Actor: by.Account, Action: "case.start", Object: k.ID,
			Detail: said(map[string]string{"project": k.Project, "stage": k.Stage, "channel": string(k.Channel), "hall": k.Hall, "window": k.Window,
				"device": k.Device, "paper_reason": k.PaperReason, "assisted_by": k.AssistedBy})}},
	})
	return k, err
}

// prefill takes over what the applicant answered in the inquiry, and ticks what it
// was told that the stage needs, unless the draft says otherwise (V1.5). What the
// catalogue no longer knows is left out.
func (o *Office) prefill(ctx context.Context, cat *catalogue.Catalogue, d Draft, project approval.Registration, by Actor) (Draft, error) {
	if o.Inquired == nil {
		return d, nil
	}
	account := d.Applicant
	if account == "" {
		account = by.Account
	}
	answers, items, err := o.Inquired.Answered(ctx, project.Code, d.Stage, account)
	if err != nil {
		return d, err
	}
	filled := map[string]string{}
	for key, value := range answers {
		if answerError(cat, key, value) == "" {
			filled[key] = value
		}
	}
	for key, value := range d.Answers {
		filled[key] = value
	}
	d.Answers = filled
	if d.Items == nil {
		d.Items = slices.DeleteFunc(items, func(code string) bool {
			return len(draftErrors(cat, Draft{Stage: d.Stage, Items: []string{code}}, project)) > 0
		})
	}
	return d, nil
}

// Change changes the ticked items and the answers of a draft. Errors: *Illegal
// once it is submitted, storage.ErrStale, *casework.Invalid.
func (o *Office) Change(ctx context.Context, id string, d Draft, by Actor) (approval.Case, error) {
	k, err := o.Records.Case(ctx, id)
	if err != nil {
		return k, err
	}
	if k.Submitted {
		return k, illegal("submitted", "申请已提交，不能再修改")
	}
	project, err := o.Records.Registration(ctx, k.Project)
	if err != nil {
		return k, err
	}
	d.Stage, d.Channel, d.PaperReason = k.Stage, k.Channel, k.PaperReason
	if d.Items == nil {
		d.Items = k.Items
	}
	if d.Answers == nil {
		d.Answers = k.Answers
	}
	if wrong := draftErrors(o.of(k), d, project); len(wrong) > 0 {
		return k, &casework.Invalid{Fields: wrong}
	}
	if d.Version != 0 && d.Version != k.Version {
		return k, storage.ErrStale
	}
	k.Items, k.Answers = d.Items, answers(d.Answers, project)
	if by.Account != k.Applicant {
		k.AssistedBy = by.Account
	}
	err = o.Records.ApplyCase(ctx, storage.CaseChange{Case: &k, Audit: []storage.AuditEntry{{Actor: by.Account, Action: "case.change", Object: k.ID,
		Detail: map[string]string{"items": strings.Join(k.Items, ",")}}}})
	return k, err
}

// draftErrors names everything that is wrong with a draft.
func draftErrors(cat *catalogue.Catalogue, d Draft, project approval.Registration) map[string]string {
	wrong := map[string]string{}
	if _, ok := cat.Stage(d.Stage); !ok {
		wrong["stage"] = "请选择审批阶段"
	}
	for _, code := range d.Items {
		item, ok := cat.Item(code)
		switch {
		case !ok:
			wrong["items."+code] = "没有这个办理事项"
		case item.Stage != d.Stage && item.Scope != "parallel":
			wrong["items."+code] = "该事项不属于所选阶段"
		case len(item.Types) > 0 && !slices.Contains(item.Types, project.Type):
			wrong["items."+code] = "该事项不适用于此类项目"
		}
	}
	for key, value := range d.Answers {
		if text := answerError(cat, key, value); text != "" {
			wrong["answers."+key] = text
		}
	}
	if d.Channel == approval.ChannelPhysical && PaperReasons[d.PaperReason] == "" {
		wrong["paper_reason"] = "原则上不受理纸质材料，请选择接收纸质材料的原因"
	}
	return wrong
}

func answerError(cat *catalogue.Catalogue, key, value string) string {
	flag, ok := cat.Flag(key)
	switch {
	case key == "project_type":
		return "" // taken from the registration
	case !ok:
		return "申请表中没有这个问题"
	case flag.Enum != nil && !slices.Contains(flag.Enum, value):
		return "请从给定选项中选择"
	case flag.Enum == nil && value != "true" && value != "false":
		return "请回答是（true）或否（false）"
	}
	return ""
}

// answers adds what the registration tells, so that nobody types it again.
func answers(given map[string]string, project approval.Registration) map[string]string {
	out := map[string]string{}
	for k, v := range given {
		out[k] = v
	}
	out["project_type"] = project.Type
	return out
}

// said drops empty values, which say nothing in a trail.
func said(m map[string]string) map[string]string {
	for k, v := range m {
		if v == "" {
			delete(m, k)
		}
	}
	return m
}
