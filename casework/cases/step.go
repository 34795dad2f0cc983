package cases

import (
	"fmt"
	"strings"
	"time"

	"onewindow/approval"
	"onewindow/approval/clock"
	"onewindow/approval/progress"
	"onewindow/storage"
)

// step takes one item through one or more moves of the table at one moment. What
// it did is written with one change: all of it or nothing.
type step struct {
	office *Office
	item   *approval.CaseItem
	action progress.Action
	by     Actor
	at     time.Time
	from   progress.State // as read from the store
	why    string         // for clocks and the trail
	events []approval.Event
	audit  []storage.AuditEntry
	moves  []progress.Action // that were taken
}

func (o *Office) step(item *approval.CaseItem, a progress.Action, by Actor, at time.Time) *step {
	from := item.State
	if item.Version == 0 {
		from = ""
	}
	return &step{office: o, item: item, action: a, by: by, at: at, from: from}
}

// then goes on with another action at the same moment.
func (s *step) then(a progress.Action) error {
	s.action = a
	return s.take()
}

// take moves the item. Errors: *Illegal.
func (s *step) take() error {
	move, ok := progress.Find(s.item.State, s.action)
	if !ok {
		return illegal(s.item.State, "")
	}
	from := s.item.State
	s.item.State = move.To
	if move.To == progress.Resume {
		s.item.State, s.item.Resume = s.item.Resume, ""
	}
	if err := s.clocks(from); err != nil {
		return err
	}
	if s.item.State.Ended() {
		s.item.CompletedAt = s.at
	}
	s.office.refreshDue(s.item, s.at)
	s.moves = append(s.moves, s.action)
	s.tell(move, from)
	return nil
}

// clocks does to the clocks what the table says.
func (s *step) clocks(from progress.State) error {
	switch s.action {
	case progress.Submit:
		s.start(clock.KindReturn, returnDays, "收到申请")
	case progress.Accept, progress.Deem:
		s.item.AcceptedAt = s.at
		if err := s.stop(clock.KindReturn, s.action.Text()); err != nil {
			return err
		}
		s.start(clock.KindLimit, s.item.Limit, s.action.Text())
	case progress.Correct, progress.OpenSpecial:
		s.item.Resume = from
		if err := s.each(clock.Pause, s.action.Text()); err != nil {
			return err
		}
		if s.action == progress.Correct {
			s.start(clock.KindCorrection, s.office.Rules.filled().CorrectionTime, "补正通知")
		}
	case progress.Resubmit:
		if err := s.stop(clock.KindCorrection, "补正完成"); err != nil {
			return err
		}
		return s.each(clock.Resume, "补正完成")
	case progress.CloseSpecial:
		return s.each(clock.Resume, "特别程序结束")
	case progress.Return, progress.Refuse, progress.DeclareUnneeded, progress.Complete, progress.CompleteTolerated,
		progress.Reject, progress.Withdraw, progress.WithdrawAccepted:
		limit := s.item.Clock(clock.KindLimit)
		s.item.Late = limit != nil && limit.Late(s.office.Calendar, s.at)
		return s.each(clock.Stop, s.action.Text())
	}
	return nil
}

func (s *step) start(kind clock.Kind, days int, why string) {
	s.item.Clocks = append(s.item.Clocks, clock.New(kind, days, s.at, why, s.by.Account))
}

func (s *step) stop(kind clock.Kind, why string) error {
	c := s.item.Clock(kind)
	if c == nil || c.Stopped() {
		return nil
	}
	return c.Do(clock.Stop, s.at, why, s.by.Account)
}

// each does an act to every clock that it can be done to.
func (s *step) each(act clock.Act, why string) error {
	for i := range s.item.Clocks {
		c := &s.item.Clocks[i]
		fits := act == clock.Pause && c.Running() || act == clock.Resume && c.Paused() || act == clock.Stop && !c.Stopped()
		if !fits {
			continue
		}
		if err := c.Do(act, s.at, why, s.by.Account); err != nil {
			return err
		}
	}
	return nil
}

// tell notes the move for the trail and for readers of the events.
func (s *step) tell(move progress.Move, from progress.State) {
	detail := said(map[string]string{
		"case": s.item.Case, "number": s.item.Number, "item": s.item.Item, "unit": s.item.Unit, "division": s.item.Division,
		"stage": s.item.Stage, "channel": string(s.item.Channel), "action": string(s.action), "from": string(from), "to": string(s.item.State),
		"exchange": fmt.Sprint(move.Exchange), "at": stampOf(s.at), "by": s.by.Account, "hall": s.item.Hall, "window": s.item.Window,
		"reason": s.reason(), "late": fmt.Sprint(s.item.Late), "accepted_by": string(s.item.AcceptedBy), "used": s.used(), "override": s.override(),
	})
	s.events = append(s.events, approval.Event{Type: approval.EventItemState, Project: s.item.Project, Unit: s.item.Unit,
		Data: with(detail, "case_item", s.item.ID)})
	s.audit = append(s.audit, storage.AuditEntry{Actor: actorName(s.by), Action: "case_item." + string(s.action), Object: s.item.ID, Detail: detail})
}

// used is how many working days the limit ran, when it ended with this move.
func (s *step) used() string {
	limit := s.item.Clock(clock.KindLimit)
	if limit == nil || s.action == progress.Revoke || !limit.Stopped() {
		return ""
	}
	return fmt.Sprint(limit.Status(s.office.Calendar, s.at, 0).Used)
}

// override says that this is a further correction, which a supervisor ordered
// (P3.10).
func (s *step) override() string {
	n := len(s.item.Corrections)
	if s.action != progress.Correct || n == 0 || s.item.Corrections[n-1].Override == "" {
		return ""
	}
	return "true"
}

func (s *step) reason() string {
	if s.why != "" {
		return s.why
	}
	switch s.action {
	case progress.Return, progress.Refuse, progress.DeclareUnneeded, progress.Reject, progress.Revoke:
		return strings.Join(s.item.Reasons, "；")
	}
	return ""
}

// into adds what was done to a change.
func (s *step) into(c *storage.CaseChange) {
	c.Items = append(c.Items, storage.ItemWrite{Item: s.item, From: s.from})
	c.Events = append(c.Events, s.events...)
	c.Audit = append(c.Audit, s.audit...)
}

// refreshDue says what passes next.
func (o *Office) refreshDue(item *approval.CaseItem, now time.Time) {
	item.Due, item.DueKind = time.Time{}, ""
	for _, c := range item.Clocks {
		if !c.Running() {
			continue
		}
		due, _ := c.Due(o.Calendar, now)
		if item.Due.IsZero() || due.Before(item.Due) {
			item.Due, item.DueKind = due.UTC(), c.Kind
		}
	}
}

func actorName(by Actor) string {
	if by.Account == "" {
		return "system"
	}
	return by.Account
}

// with is m and one more entry.
func with(m map[string]string, key, value string) map[string]string {
	out := map[string]string{key: value}
	for k, v := range m {
		out[k] = v
	}
	return out
}

// stampOf is a moment as it stands in events.
func stampOf(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
