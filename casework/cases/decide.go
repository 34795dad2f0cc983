package cases

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"onewindow/approval"
	"onewindow/approval/calendar"
	"onewindow/approval/clock"
	"onewindow/approval/progress"
	"onewindow/casework"
	"onewindow/storage"
)

// Decision is what somebody does to an item. Which fields count depends on the
// action.
type Decision struct {
	Version       int64    // of the item as seen, 0 for any
	Reasons       []string // all at once (V2.16)
	SuggestedUnit string   // V2.5
	Gaps          []approval.Gap
	Override      string // a supervisor's reason for a further correction (P3.10)
	Kind          string // of a special procedure
	Days          int    // of a special procedure, working days
	Results       []string
	Mode          approval.Mode
}

// Decide does an action to an item. Time that has passed counts first: an item
// whose return window is over is accepted before anything else happens to it.
// Errors: *Illegal, *casework.Invalid, storage.ErrStale, storage.ErrNotFound.
func (o *Office) Decide(ctx context.Context, id string, a progress.Action, d Decision, by Actor) (approval.CaseItem, error) {
	item, err := o.settled(ctx, id)
	if err != nil {
		return item, err
	}
	if d.Version != 0 && d.Version != item.Version {
		return item, storage.ErrStale
	}
	if a == progress.Withdraw && !item.AcceptedAt.IsZero() {
		a = progress.WithdrawAccepted
	}
	if _, ok := progress.Find(item.State, a); !ok || a == progress.Deem || a == progress.Submit {
		return item, illegal(item.State, tooLate(item, a))
	}
	s := o.step(&item, a, by, o.now())
	if err := o.prepare(ctx, s, d); err != nil {
		return item, err
	}
	if by.Unit != "" {
		item.Officer = by.Account
	}
	if err := s.take(); err != nil {
		return item, err
	}
	if err := o.afterwards(s); err != nil {
		return item, err
	}
	return item, o.write(ctx, s)
}

// write keeps what a step did, with the notices it brings.
func (o *Office) write(ctx context.Context, s *step) error {
	k, err := o.Records.Case(ctx, s.item.Case)
	if err != nil {
		return err
	}
	paper, err := o.paper(ctx, k)
	if err != nil {
		return err
	}
	var change storage.CaseChange
	if err := paper.draw(ctx, &change, s); err != nil {
		return err
	}
	s.into(&change)
	return o.Records.ApplyCase(ctx, change)
}

// tooLate explains the most common surprise.
func tooLate(item approval.CaseItem, a progress.Action) string {
	if a == progress.Return && item.AcceptedBy == approval.AcceptedDeemed {
		return "该事项已超过退回时限（1个工作日），已视为受理"
	}
	return ""
}

// prepare checks what the action needs and puts it into the item.
func (o *Office) prepare(ctx context.Context, s *step, d Decision) error {
	switch s.action {
	case progress.Return, progress.Refuse, progress.DeclareUnneeded, progress.Reject, progress.Revoke:
		return o.giveReasons(ctx, s, d)
	case progress.Accept:
		s.item.AcceptedBy = approval.AcceptedByUnit
	case progress.Correct:
		return o.prepareCorrection(ctx, s, d)
	case progress.Resubmit:
		return o.checkResubmission(ctx, s)
	case progress.OpenSpecial:
		return s.openSpecial(d)
	case progress.CloseSpecial:
		s.item.Specials[len(s.item.Specials)-1].Closed = s.at
	case progress.Complete, progress.CompleteTolerated:
		return o.prepareCompletion(ctx, s, d)
	}
	return nil
}

// afterwards goes on where one action brings another with it: what the window
// had corrected on the spot, the window accepts.
func (o *Office) afterwards(s *step) error {
	if s.action == progress.Resubmit && s.item.State == progress.Submitted && s.item.Channel == approval.ChannelPhysical {
		s.item.AcceptedBy = approval.AcceptedByWindow
		return s.then(progress.Accept)
	}
	return nil
}

func (o *Office) giveReasons(ctx context.Context, s *step, d Decision) error {
	wrong := map[string]string{}
	var reasons []string
	for _, r := range d.Reasons {
		if r = strings.TrimSpace(r); r != "" {
			reasons = append(reasons, r)
		}
	}
	if len(reasons) == 0 {
		wrong["reasons"] = "请填写" + s.action.Text() + "的理由（一次性告知全部理由）"
	}
	if d.SuggestedUnit != "" {
		if _, ok := o.Catalogue.Unit(d.SuggestedUnit); !ok || d.SuggestedUnit == s.item.Unit {
			wrong["suggested_unit"] = "请选择另一个业务单位"
		}
	}
	if len(wrong) > 0 {
		return &casework.Invalid{Fields: wrong}
	}
	s.item.Reasons, s.item.SuggestedUnit = reasons, d.SuggestedUnit
	if s.action == progress.Revoke {
		return o.endResults(ctx, s, strings.Join(reasons, "；"))
	}
	return nil
}

// endResults revokes what the item produced, so that whoever relies on it is
// told (V2.13). A result that has ended already is no error.
func (o *Office) endResults(ctx context.Context, s *step, reason string) error {
	for _, id := range s.item.Results {
		_, err := o.Records.EndResult(ctx, storage.ResultEnd{ID: id, By: s.by.Account, Reason: reason})
		if err != nil && !errors.Is(err, storage.ErrConflict) {
			return fmt.Errorf("revoke result: %w", err)
		}
	}
	return nil
}

func (s *step) openSpecial(d Decision) error {
	wrong := map[string]string{}
	if strings.TrimSpace(d.Kind) == "" {
		wrong["kind"] = "请填写特别程序的种类，如听证、专家评审"
	}
	if d.Days <= 0 {
		wrong["days"] = "请填写特别程序所需的工作日数"
	}
	if len(wrong) > 0 {
		return &casework.Invalid{Fields: wrong}
	}
	s.item.Specials = append(s.item.Specials, approval.Special{Kind: d.Kind, Days: d.Days, Opened: s.at})
	s.why = d.Kind
	return nil
}

// prepareCompletion links the results (V2.8–V2.10): those named, else those
// published for this very item.
func (o *Office) prepareCompletion(ctx context.Context, s *step, d Decision) error {
	results, err := o.resultsFor(ctx, s.item, d.Results)
	if err != nil {
		return err
	}
	want := o.itemOf(*s.item).Results
	if len(results) == 0 && len(want) > 0 {
		return invalid("results", "请先生成、推送或扫描上传审批成果并确认发布，再办结")
	}
	owed, err := o.owed(ctx, s.item)
	if err != nil {
		return err
	}
	if s.action == progress.Complete && len(owed) > 0 {
		return invalid("materials", "尚有承诺或容缺的材料未补齐："+strings.Join(owed, "、")+"，请催交或作容缺办结")
	}
	if s.action == progress.CompleteTolerated && len(owed) == 0 {
		return invalid("materials", "没有待补的材料，不需要容缺办结")
	}
	s.item.Results, s.item.Mode = nil, d.Mode
	for _, r := range results {
		s.item.Results = append(s.item.Results, r.ID)
		s.item.Mode = r.Mode
	}
	return nil
}

func (o *Office) resultsFor(ctx context.Context, item *approval.CaseItem, named []string) ([]approval.Result, error) {
	want := o.itemOf(*item).Results
	var out []approval.Result
	if len(named) == 0 {
		all, err := o.Records.ListResults(ctx, storage.ResultQuery{Project: item.Project, Status: approval.StatusPublished, Limit: 500})
		if err != nil {
			return nil, fmt.Errorf("list results: %w", err)
		}
		for _, r := range all {
			if r.Case == item.Number && slices.Contains(want, r.Type) {
				out = append(out, r)
			}
		}
		return out, nil
	}
	for _, id := range named {
		r, err := o.Records.Result(ctx, id)
		switch {
		case errors.Is(err, storage.ErrNotFound):
			return nil, invalid("results", "没有这个审批成果："+id)
		case err != nil:
			return nil, err
		case r.Status != approval.StatusPublished || r.Project != item.Project || len(want) > 0 && !slices.Contains(want, r.Type):
			return nil, invalid("results", "该成果不属于本项目的这个事项，或已失效："+r.Number)
		}
		out = append(out, r)
	}
	return out, nil
}

// owed names the materials of the item that were promised and have not come.
func (o *Office) owed(ctx context.Context, item *approval.CaseItem) ([]string, error) {
	filings, err := o.Records.Filings(ctx, item.Case, false)
	if err != nil {
		return nil, err
	}
	came := map[string]bool{}
	for _, f := range filings {
		if f.Source == approval.SourceUpload || f.Source == approval.SourceBasis {
			came[f.Material] = true
		}
	}
	var out []string
	for _, f := range filings {
		if (f.Source == approval.SourceCommitment || f.Source == approval.SourceTolerance) && !came[f.Material] && o.Asks(*item, f.Material) {
			out = append(out, o.Catalogue.Name(f.Material))
		}
	}
	return out, nil
}

// Reroute sends a returned item to the unit that was suggested, without the
// materials being uploaded again (V2.5). Errors: *Illegal.
func (o *Office) Reroute(ctx context.Context, id string, by Actor) (approval.CaseItem, error) {
	old, err := o.Records.CaseItem(ctx, id)
	if err != nil {
		return old, err
	}
	if old.State != progress.Returned || old.SuggestedUnit == "" || old.Rerouted != "" {
		return old, illegal(old.State, "只有已退回并建议了办理单位的事项可以转送，且只能转送一次")
	}
	k, err := o.Records.Case(ctx, old.Case)
	if err != nil {
		return old, err
	}
	item := o.newItem(k, old.Item, o.now())
	item.Unit, item.From = old.SuggestedUnit, old.ID
	s := o.step(item, progress.Submit, by, o.now())
	if err := s.take(); err != nil {
		return old, err
	}
	before := old.State
	old.Rerouted = item.ID
	change := storage.CaseChange{Items: []storage.ItemWrite{{Item: &old, From: before}},
		Audit: []storage.AuditEntry{{Actor: by.Account, Action: "case_item.reroute", Object: old.ID, Detail: map[string]string{"to": item.ID, "unit": item.Unit}}}}
	s.into(&change)
	return *item, o.Records.ApplyCase(ctx, change)
}

// closing is the end of the n-th working day after a moment.
func (o *Office) closing(from time.Time, n int) time.Time {
	return o.Calendar.Close(o.Calendar.AddWorkdays(from, n).Day.In(calendar.Zone)).UTC()
}

// statuses describes all clocks of an item.
func (o *Office) statuses(item approval.CaseItem) []clock.Status {
	out := make([]clock.Status, len(item.Clocks))
	for i, c := range item.Clocks {
		out[i] = c.Status(o.Calendar, o.now(), o.Rules.filled().WarnDays)
	}
	return out
}
