package consultation

import (
	"context"

	"onewindow/approval/notice"
	"onewindow/casework/notices"
	"onewindow/casework/register"
)

// reply is the 咨询答复 of an answered question (V1.3, P1.4). r needs its number,
// which it has once it was asked.
func reply(ctx context.Context, d *register.Desk, r Record) (notice.Notice, error) {
	who := d.UnitName(r.Division, "window")
	if r.Unit != "" {
		who = d.UnitName(r.Division, r.Unit)
	}
	series := r.Division
	if r.Hall != "" {
		series = r.Hall
	}
	return notices.Compose(ctx, d.Templates, d.Catalogue, notices.Draft{Kind: "consultation_reply", ID: d.NewID("ntc"), At: r.Body.AnsweredAt, Heading: who, Signer: who,
		Vars: map[string]string{"no": r.Number, "asked_at": notices.Day(r.Created), "question": r.Body.Question, "unit": who, "answer": r.Body.Answer,
			"answered_at": notices.Day(r.Body.AnsweredAt), "contact": "", "telephone": "", "supervision_telephone": ""},
		Notice: notice.Notice{Series: series, Division: r.Division, Unit: r.Unit, Project: r.Project, Case: r.Case, To: r.Owner, IssuedBy: r.Body.AnsweredBy}})
}
