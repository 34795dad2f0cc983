package issuance

import (
	"context"

	"onewindow/approval/notice"
	"onewindow/casework/notices"
)

func (o *Office) draft(r Record, kind, by string, vars map[string]string) notices.Draft {
	window := o.UnitName(r.Division, "window")
	all := map[string]string{"item": o.Catalogue.Name(r.Body.Item), "case_no": r.Body.Number, "document": o.Catalogue.Name(r.Body.Item) + "结果",
		"pickup_code": r.Body.Code, "hall": r.Hall, "mode": modeTexts[r.Body.Mode], "contact": "", "telephone": "", "supervision_telephone": ""}
	for k, v := range vars {
		all[k] = v
	}
	series := r.Division
	if r.Hall != "" {
		series = r.Hall
	}
	return notices.Draft{Kind: kind, ID: o.NewID("ntc"), At: o.Moment(), Heading: window, Signer: window, Vars: all,
		Notice: notice.Notice{Series: series, Division: r.Division, Unit: r.Unit, Project: r.Project, Case: r.Case, CaseNumber: r.Body.Number,
			Item: r.Body.CaseItem, To: r.Owner, IssuedBy: by}}
}

var modeTexts = map[Mode]string{Pickup: "窗口领取", Mail: "EMS邮寄", SelfPrint: "自主打印"}

func (o *Office) readyNotice(ctx context.Context, r Record, by string) (notice.Notice, error) {
	return notices.Compose(ctx, o.Templates, o.Catalogue, o.draft(r, "ready_notice", by, nil))
}

// receipt is the 送达回证 (P4.3).
func (o *Office) receipt(ctx context.Context, r Record, receiver, by string) (notice.Notice, error) {
	d := o.draft(r, "delivery_receipt", by, nil)
	signature := ""
	if r.Body.Receiver != nil {
		signature = "已签字（" + r.Body.Receiver.ID + "）"
	}
	d.Table = &notice.Table{Columns: []string{"项目", "内容"}, Rows: [][]string{
		{"许可事项", d.Vars["item"]}, {"办件编号", r.Body.Number}, {"受送达人", receiver}, {"送达地址", r.Body.Address}, {"送达人", by},
		{"送达日期", notices.Moment(r.Body.At)}, {"送达方式", modeTexts[r.Body.Mode]}, {"EMS 单号", r.Body.Tracking}, {"收件人签字或盖章", signature},
	}}
	return notices.Compose(ctx, o.Templates, o.Catalogue, d)
}
