package complaint

import (
	"cmp"
	"context"

	"onewindow/approval/notice"
	"onewindow/casework/notices"
	"onewindow/casework/register"
)

// reply is the 投诉处理答复 (P6.2). One to an anonymous complainant is for nobody's
// account: the window hands it out against the tracking number.
func reply(ctx context.Context, d *register.Desk, r Record) (notice.Notice, error) {
	unit := d.UnitName(r.Division, r.Unit)
	series := r.Division
	if r.Hall != "" {
		series = r.Hall
	}
	return notices.Compose(ctx, d.Templates, d.Catalogue, notices.Draft{Kind: "complaint_reply", ID: d.NewID("ntc"), At: r.Body.AnsweredAt, Heading: unit, Signer: unit,
		Vars: map[string]string{"no": r.Number, "received_at": notices.Day(r.Created), "subject": cmp.Or(r.Body.Subject, r.Number), "handling_unit": unit,
			"result": r.Body.Answer, "answered_at": notices.Day(r.Body.AnsweredAt), "contact": "", "telephone": "", "supervision_telephone": ""},
		Notice: notice.Notice{Series: series, Division: r.Division, Unit: r.Unit, Case: r.Case, To: r.Owner, IssuedBy: r.Body.AnsweredBy}})
}
