package issuance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"onewindow/approval/clock"
	"onewindow/approval/progress"
	"onewindow/casework"
	"onewindow/casework/register"
	"onewindow/storage"
)

// HandOver lists originals that a unit gives to a hall. Errors: *casework.Invalid.
func (o *Office) HandOver(ctx context.Context, unit, division, hall string, lines []HandoverLine, by string) (HandoverRecord, error) {
	now := o.Moment()
	r := HandoverRecord{Entry: storage.Entry{ID: o.NewID("hov"), Register: Handovers, Prefix: "ZJ", State: Sent, Open: true, Division: division,
		Unit: unit, Hall: hall, Created: now}, Body: Handover{Lines: lines, HandedBy: by, HandedAt: now}}
	wrong := map[string]string{}
	if hall == "" {
		wrong["hall"] = "请选择政务大厅"
	}
	if len(lines) == 0 {
		wrong["lines"] = "请列出转交的审批成果原件"
	}
	for i, l := range lines {
		item, err := o.Cases.CaseItem(ctx, l.CaseItem)
		switch {
		case errors.Is(err, storage.ErrNotFound) || err == nil && item.Unit != unit:
			wrong[fmt.Sprintf("lines.%d", i)] = "没有这个办件事项"
			continue
		case err != nil:
			return r, err
		case item.State != progress.CompletedApproved && item.State != progress.CompletedTolerated:
			wrong[fmt.Sprintf("lines.%d", i)] = "事项尚未办结，不能转交"
		case l.Copies <= 0:
			wrong[fmt.Sprintf("lines.%d.copies", i)] = "请填写份数"
		}
		if limit := item.Clock(clock.KindLimit); limit != nil {
			if due, _ := limit.Due(o.Calendar, now); now.After(due) {
				r.Body.Overdue = append(r.Body.Overdue, item.ID)
			}
		}
	}
	if len(wrong) > 0 {
		return r, &casework.Invalid{Fields: wrong}
	}
	var c register.Change
	n, err := o.list(ctx, r)
	if err != nil {
		return r, err
	}
	r.Body.Notice = n.ID
	c.Issue(n)
	if err := register.Put(&c, &r); err != nil {
		return r, err
	}
	c.Note(by, "send", r.Entry, map[string]string{"hall": hall, "overdue": strings.Join(r.Body.Overdue, ",")})
	return r, c.Do(ctx, o.Desk)
}

// Receive signs for a handover at the window; the results on it become ready and
// their applicants are told (P4.1).
func (o *Office) Receive(ctx context.Context, id, by string) (HandoverRecord, error) {
	r, err := register.Load[Handover](ctx, o.Desk, Handovers, id)
	if err != nil {
		return r, err
	}
	if r.State != Sent {
		return r, fmt.Errorf("handover is %s: %w", r.State, casework.ErrIllegal)
	}
	r.State, r.Open = Received, false
	r.Body.ReceivedBy, r.Body.ReceivedAt = by, o.Moment()
	var c register.Change
	if err := register.Put(&c, &r); err != nil {
		return r, err
	}
	var done []string
	for _, l := range r.Body.Lines {
		if slices.Contains(done, l.CaseItem) {
			continue
		}
		done = append(done, l.CaseItem)
		if err := o.makeReady(ctx, &c, l.CaseItem, r.Hall, r.ID, by); err != nil {
			return r, err
		}
	}
	c.Note(by, "receive", r.Entry, map[string]string{"hall": r.Hall})
	return r, c.Do(ctx, o.Desk)
}
