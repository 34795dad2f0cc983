package cases

import (
	"context"
	"slices"
	"strings"

	"onewindow/approval"
	"onewindow/approval/progress"
	"onewindow/casework"
)

// GapReasons are the reasons of a correction (notices.yaml).
var GapReasons = map[string]string{
	"missing": "缺少该材料", "illegible": "扫描件不清晰，无法辨认", "wrong_type": "提交的文件不是该材料", "unsigned": "未签字或未盖章",
	"expired": "已超过有效期", "mismatch": "与申请表或其他材料内容不一致", "incomplete_pages": "页码不全", "wrong_format": "不符合法定形式",
}

// prepareCorrection judges a correction: once, within the window of A4, of
// everything at the same time (P3.10). A further one may only name what was
// handed in since; for anything else a supervisor must give a reason.
func (o *Office) prepareCorrection(ctx context.Context, s *step, d Decision) error {
	k, err := o.Records.Case(ctx, s.item.Case)
	if err != nil {
		return err
	}
	list, err := o.Checklist(ctx, k)
	if err != nil {
		return err
	}
	if wrong := o.gapErrors(s.item, d.Gaps); len(wrong) > 0 {
		return &casework.Invalid{Fields: wrong}
	}
	if why := o.againstTheRule(s, list, d.Gaps); why != "" {
		if !s.by.Supervisor || strings.TrimSpace(d.Override) == "" {
			return illegal(s.item.State, why+"；确需再次补正的，由效能监管人员说明理由后办理")
		}
		s.why = d.Override
	}
	s.openCorrection(d.Gaps, list, d.Override)
	return nil
}

func (o *Office) gapErrors(item *approval.CaseItem, gaps []approval.Gap) map[string]string {
	wrong := map[string]string{}
	if len(gaps) == 0 {
		wrong["gaps"] = "请一次列出需要补正的全部材料和原因"
	}
	for _, g := range gaps {
		if !o.Asks(*item, g.Material) {
			wrong["gaps."+g.Material] = "该事项的清单中没有这项材料"
		}
		if GapReasons[g.Reason] == "" {
			wrong["gaps."+g.Material] = "请选择补正原因"
		}
	}
	return wrong
}

// againstTheRule says why this correction needs an order, "" if it does not.
func (o *Office) againstTheRule(s *step, list Checklist, gaps []approval.Gap) string {
	if s.at.After(o.closing(s.item.ReceivedAt, o.Rules.filled().CorrectionWindow)) && len(s.item.Corrections) == 0 {
		return "已超过收到申请后 5 个工作日，逾期未告知的自收到之日起即为受理"
	}
	if len(s.item.Corrections) == 0 {
		return ""
	}
	seen := map[string]bool{}
	for _, c := range s.item.Corrections {
		for _, id := range c.Seen {
			seen[id] = true
		}
	}
	for _, g := range gaps {
		if !isNew(list, g.Material, seen) {
			return "补正内容应一次告知，“" + o.Catalogue.Name(g.Material) + "”在上次补正时已在"
		}
	}
	return ""
}

// isNew reports whether something was put into an entry that nobody had seen.
func isNew(list Checklist, material string, seen map[string]bool) bool {
	for _, e := range list.Entries {
		if e.Material == material {
			return slices.ContainsFunc(e.Filings, func(f approval.Filing) bool { return !seen[f.ID] })
		}
	}
	return false
}

// openCorrection notes a correction in the item, with all that was there.
func (s *step) openCorrection(gaps []approval.Gap, list Checklist, override string) {
	c := approval.Correction{Opened: s.at, By: s.by.Account, Gaps: gaps, Override: override, Seen: []string{},
		Deadline: s.office.closing(s.at, s.office.Rules.filled().CorrectionTime)}
	for _, e := range list.Entries {
		for _, f := range e.Filings {
			c.Seen = append(c.Seen, f.ID)
		}
	}
	s.item.Corrections = append(s.item.Corrections, c)
}

// checkResubmission wants something new for every gap.
func (o *Office) checkResubmission(ctx context.Context, s *step) error {
	filings, err := o.Records.Filings(ctx, s.item.Case, false)
	if err != nil {
		return err
	}
	last := &s.item.Corrections[len(s.item.Corrections)-1]
	wrong := map[string]string{}
	for _, g := range last.Gaps {
		came := slices.ContainsFunc(filings, func(f approval.Filing) bool {
			return f.Material == g.Material && !slices.Contains(last.Seen, f.ID)
		})
		if !came {
			wrong["materials."+g.Material] = "请补交：" + o.Catalogue.Name(g.Material) + "（" + GapReasons[g.Reason] + "）"
		}
	}
	if len(wrong) > 0 {
		return &casework.Invalid{Fields: wrong}
	}
	last.Closed = s.at
	return nil
}

// Possible lists what may be done to an item now.
func (o *Office) Possible(item approval.CaseItem) []progress.Action {
	return slices.DeleteFunc(progress.Possible(item.State), func(a progress.Action) bool {
		return a == progress.Deem || a == progress.Withdraw && !item.AcceptedAt.IsZero() ||
			a == progress.WithdrawAccepted && item.AcceptedAt.IsZero()
	})
}
