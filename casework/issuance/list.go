package issuance

import (
	"context"
	"strconv"

	"onewindow/approval/notice"
	"onewindow/casework/notices"
)

// list is the 审批结果转交清单 that goes with the originals and is signed by both
// sides (V2.14, P4.1). It is about several items and therefore about none.
func (o *Office) list(ctx context.Context, r HandoverRecord) (notice.Notice, error) {
	unit := o.UnitName(r.Division, r.Unit)
	d := notices.Draft{Kind: "handover_list", ID: o.NewID("ntc"), At: r.Body.HandedAt, Heading: unit, Signer: unit, Addressee: o.UnitName(r.Division, "window"),
		Vars: map[string]string{"unit": unit, "hall": r.Hall, "handed_by": r.Body.HandedBy, "time": notices.Moment(r.Body.HandedAt),
			"contact": "", "telephone": "", "supervision_telephone": ""},
		Table:  &notice.Table{Columns: []string{"序号", "文书名称", "文号", "份数", "页数"}},
		Notice: notice.Notice{Series: r.Hall, Division: r.Division, Unit: r.Unit, IssuedBy: r.Body.HandedBy}}
	for i, l := range r.Body.Lines {
		d.Table.Rows = append(d.Table.Rows, []string{strconv.Itoa(i + 1), l.Name, l.Number, strconv.Itoa(l.Copies), strconv.Itoa(l.Pages)})
	}
	d.Table.Rows = append(d.Table.Rows, []string{"", "移交人（签字）：" + r.Body.HandedBy, "接收人（签字）：", "", ""})
	return notices.Compose(ctx, o.Templates, o.Catalogue, d)
}
