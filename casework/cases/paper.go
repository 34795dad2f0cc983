package cases

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"onewindow/approval"
	"onewindow/approval/clock"
	"onewindow/approval/notice"
	"onewindow/approval/progress"
	"onewindow/casework/notices"
	"onewindow/storage"
)

// Contact is what stands at the foot of notices.
type Contact struct {
	Person      string // 联系人
	Telephone   string
	Supervision string // 监督电话
}

// noticeKinds are the notices that moves bring with them.
var noticeKinds = map[progress.Action]string{
	progress.Accept: "acceptance_notice", progress.Deem: "deemed_acceptance", progress.Return: "return_notice",
	progress.Refuse: "refusal_notice", progress.DeclareUnneeded: "refusal_notice", progress.Correct: "correction_notice",
	progress.Reject: "rejection_notice", progress.OpenSpecial: "special_procedure",
}

// paper makes the notices of the moves a step took.
type paper struct {
	office  *Office
	kase    approval.Case
	project approval.Registration
	filings []approval.Filing
}

func (o *Office) paper(ctx context.Context, k approval.Case) (*paper, error) {
	project, err := o.Records.Registration(ctx, k.Project)
	if err != nil {
		return nil, fmt.Errorf("read project: %w", err)
	}
	filings, err := o.Records.Filings(ctx, k.ID, false)
	return &paper{o, k, project, filings}, err
}

// draw adds the notices of a step to a change.
func (p *paper) draw(ctx context.Context, change *storage.CaseChange, s *step) error {
	for _, move := range s.moves {
		kind := noticeKinds[move]
		if kind == "" {
			continue
		}
		n, err := notices.Compose(ctx, p.office.Templates, p.office.Catalogue, p.draft(kind, s))
		if err != nil {
			return err
		}
		change.Notices = append(change.Notices, n)
	}
	return nil
}

// receipt is the 申请材料接收凭证 of the whole case (V2.1, P3.5).
func (p *paper) receipt(ctx context.Context, change *storage.CaseChange, by Actor, at time.Time) error {
	d := notices.Draft{Kind: "material_receipt", ID: p.office.newID("ntc_"), At: at, Vars: p.vars(nil), Heading: p.heading(""),
		Addressee: p.project.Builder, Signer: p.heading(""), Notice: p.notice(nil, by)}
	d.Table = &notice.Table{Columns: []string{"序号", "材料名称", "来源"}}
	for i, f := range p.filings {
		d.Table.Rows = append(d.Table.Rows, []string{strconv.Itoa(i + 1), p.office.Catalogue.Name(f.Material), sourceTexts[f.Source]})
	}
	n, err := notices.Compose(ctx, p.office.Templates, p.office.Catalogue, d)
	if err == nil {
		change.Notices = append(change.Notices, n)
	}
	return err
}

var sourceTexts = map[approval.Source]string{
	approval.SourceUpload: "申请人提交", approval.SourceBasis: "已有审批成果（免提交）", approval.SourceCommitment: "告知承诺", approval.SourceTolerance: "容缺后补",
}

func (p *paper) draft(kind string, s *step) notices.Draft {
	d := notices.Draft{Kind: kind, ID: p.office.newID("ntc_"), At: s.at, Vars: p.vars(s.item), Addressee: p.project.Builder,
		Heading: p.heading(s.item.Unit), Signer: p.heading(s.item.Unit), Notice: p.notice(s.item, s.by)}
	d.Notice.To = p.kase.Applicant
	if s.by.Unit == "" && s.by.Account != "" { // the window speaks for itself
		d.Heading, d.Signer = p.heading(""), p.heading("")
	}
	switch kind {
	case "correction_notice":
		d.Table = p.gaps(s.item)
	case "rejection_notice":
		d.Table = &notice.Table{Columns: []string{"序号", "不予批准的原因"}}
		for i, r := range s.item.Reasons {
			d.Table.Rows = append(d.Table.Rows, []string{strconv.Itoa(i + 1), r})
		}
	case "acceptance_notice":
		d.Commitment = d.Vars["committed_materials"] != ""
	}
	return d
}

// notice is the frame: what it is about and how it is numbered.
func (p *paper) notice(item *approval.CaseItem, by Actor) notice.Notice {
	n := notice.Notice{Series: p.kase.Division, Division: p.kase.Division, Project: p.kase.Project, Case: p.kase.ID,
		CaseNumber: p.kase.Number, To: p.kase.Applicant, IssuedBy: by.Account}
	if p.kase.Hall != "" {
		n.Series = p.kase.Hall
	}
	if item != nil {
		n.Unit, n.Item = item.Unit, item.ID
	}
	return n
}

// heading names who issues a notice: the unit of the project's division, or the
// window.
func (p *paper) heading(unit string) string {
	if unit == "" {
		unit = "window"
	}
	name := p.office.Catalogue.Name(unit)
	if d, _, ok := p.office.Catalogue.Division(p.kase.Division); ok {
		return d.Name + name
	}
	return name
}

// gaps is the table of a correction (P3.9).
func (p *paper) gaps(item *approval.CaseItem) *notice.Table {
	t := &notice.Table{Columns: []string{"序号", "材料名称", "材料形式", "份数", "补正原因", "备注"}}
	for i, g := range lastGaps(*item) {
		form := "原件或复印件"
		for _, e := range p.office.itemOf(*item).Checklist {
			if e.Material == g.Material {
				form = forms[e.Form]
			}
		}
		t.Rows = append(t.Rows, []string{strconv.Itoa(i + 1), p.office.Catalogue.Name(g.Material), form, "1", GapReasons[g.Reason], g.Note})
	}
	return t
}

var forms = map[string]string{"original": "原件", "copy": "复印件", "either": "原件或复印件", "electronic": "电子件"}

// vars are all variables that the drafts of a case's notices may name.
func (p *paper) vars(item *approval.CaseItem) map[string]string {
	c := p.office.Contact
	v := map[string]string{
		"applicant": p.project.Builder, "project_name": p.project.Name, "project_code": p.project.Code, "contact": c.Person,
		"telephone": c.Telephone, "supervision_telephone": c.Supervision, "date": notices.Day(p.office.now()),
		"material_list": p.materials(""), "case_no": p.kase.Number, "channel": string(p.kase.Channel),
	}
	if item == nil {
		return v
	}
	committed, deadline := p.promised(item.Item)
	v["item"], v["unit"], v["from_unit"] = p.office.Catalogue.Name(item.Item), p.heading(item.Unit), p.heading(item.Unit)
	v["material_list"] = p.materials(item.Item)
	v["limit_workdays"] = strconv.Itoa(item.Limit)
	v["received_at"], v["accepted_at"], v["returned_at"] = notices.Moment(item.ReceivedAt), notices.Moment(item.AcceptedAt), notices.Moment(p.office.now())
	v["due_date"] = ""
	if limit := item.Clock(clock.KindLimit); limit != nil {
		due, _ := limit.Due(p.office.Calendar, p.office.now())
		v["due_date"] = notices.Day(due)
	}
	v["reason"], v["reasons"] = strings.Join(item.Reasons, "；"), strings.Join(item.Reasons, "；")
	v["suggested_unit"] = ""
	if item.SuggestedUnit != "" {
		v["suggested_unit"] = p.heading(item.SuggestedUnit)
	}
	v["committed_materials"], v["commit_deadline"] = committed, deadline
	v["deadline"], v["gaps"] = "", ""
	if n := len(item.Corrections); n > 0 {
		v["deadline"] = notices.Day(item.Corrections[n-1].Deadline)
	}
	v["kind"], v["days"], v["start"] = "", "", ""
	if n := len(item.Specials); n > 0 {
		last := item.Specials[n-1]
		v["kind"], v["days"], v["start"] = last.Kind, strconv.Itoa(last.Days), notices.Day(last.Opened)
	}
	return v
}

// materials names what was handed in for an item, "" for all items.
func (p *paper) materials(item string) string {
	var names []string
	for _, f := range p.filings {
		if f.Source == approval.SourceCommitment || f.Source == approval.SourceTolerance {
			continue
		}
		if item == "" || p.office.of(p.kase).Asks(item, f.Material) {
			names = append(names, p.office.Catalogue.Name(f.Material))
		}
	}
	return strings.Join(names, "、")
}

// promised names what an item is owed, and until when.
func (p *paper) promised(item string) (names, deadline string) {
	var list []string
	for _, f := range p.filings {
		if (f.Source == approval.SourceCommitment || f.Source == approval.SourceTolerance) && p.office.of(p.kase).Asks(item, f.Material) {
			list = append(list, p.office.Catalogue.Name(f.Material))
			deadline = notices.Day(f.Deadline)
		}
	}
	return strings.Join(list, "、"), deadline
}
