package api

import (
	"context"

	"onewindow/access"
	"onewindow/casework/inquiry"
	"onewindow/casework/register"
	"onewindow/storage"
)

type inquiryView struct {
	entryView
	Inquiry inquiry.Inquiry `json:"inquiry"`
	Replied int             `json:"replied" doc:"已反馈的单位数"`
	Asked   int             `json:"asked"`
	Replies []replyView     `json:"replies,omitempty" doc:"牵头单位和窗口可见"`
	Draft   *inquiry.List   `json:"draft,omitempty" doc:"汇总草稿"`
}

type replyView struct {
	entryView
	Parent string        `json:"inquiry_id"`
	Reply  inquiry.Reply `json:"reply"`
}

type inquiryBody struct{ Body inquiryView }

type replyBody struct{ Body replyView }

type inquiryInput struct {
	Body struct {
		Project string            `json:"project"`
		Stage   string            `json:"stage"`
		Answers map[string]string `json:"answers"`
	}
}

func (s *Server) askInquiry(ctx context.Context, in *inquiryInput) (*inquiryBody, error) {
	if _, err := s.projectSeen(ctx, in.Body.Project); err != nil {
		return nil, err
	}
	r, err := s.Inquiries.Ask(ctx, in.Body.Project, in.Body.Stage, in.Body.Answers, who(ctx).Account)
	if err != nil {
		return nil, err
	}
	return s.inquiryView(ctx, r)
}

// inquiryView shows an inquiry: to the applicant how many have answered and, once
// delivered, the list; to who leads it all replies.
func (s *Server) inquiryView(ctx context.Context, r inquiry.Record) (*inquiryBody, error) {
	replies, err := s.Inquiries.RepliesOf(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	v := inquiryView{entryView: s.entryView(r.Entry), Inquiry: r.Body, Asked: len(replies)}
	for _, x := range replies {
		if x.State == inquiry.Replied {
			v.Replied++
		}
	}
	asker := who(ctx)
	if asker.MembersOnly() {
		if s.Now().Before(r.Body.DeliverAt) {
			v.Inquiry.List, v.State = nil, inquiry.Open // not before the office opens (V1.10)
		}
		return &inquiryBody{v}, nil
	}
	for _, x := range replies {
		v.Replies = append(v.Replies, replyView{s.entryView(x.Entry), x.Parent, x.Body})
	}
	if r.State == inquiry.Open {
		list := s.Inquiries.Together(replies)
		v.Draft = &list
	}
	return &inquiryBody{v}, nil
}

func (s *Server) inquirySeen(ctx context.Context, id string) (inquiry.Record, error) {
	r, err := register.Load[inquiry.Inquiry](ctx, s.Registers, inquiry.Register, id)
	if err != nil {
		return r, err
	}
	asker := who(ctx)
	switch {
	case r.Owner == asker.Account, asker.Has(access.Admin):
	case asker.Has(access.Clerk) || asker.Has(access.Supervisor):
		if !asker.SeesDivision(r.Division) {
			err = storage.ErrNotFound
		}
	case asker.Has(access.Lead) && asker.Unit == r.Unit && asker.SeesDivision(r.Division):
	default:
		err = storage.ErrNotFound
	}
	return r, err
}

func (s *Server) getInquiry(ctx context.Context, in *EntryPath) (*inquiryBody, error) {
	r, err := s.inquirySeen(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return s.inquiryView(ctx, r)
}

type inquiryList struct {
	Body struct {
		Inquiries []inquiryView `json:"inquiries"`
	}
}

func (s *Server) listInquiries(ctx context.Context, in *EntriesInput) (*inquiryList, error) {
	q := in.query(inquiry.Register, who(ctx))
	found, err := register.List[inquiry.Inquiry](ctx, s.Registers, q)
	if err != nil {
		return nil, err
	}
	out := &inquiryList{}
	out.Body.Inquiries = []inquiryView{}
	for _, r := range found {
		if _, err := s.inquirySeen(ctx, r.ID); err != nil {
			continue
		}
		v, err := s.inquiryView(ctx, r)
		if err != nil {
			return nil, err
		}
		out.Body.Inquiries = append(out.Body.Inquiries, v.Body)
	}
	return out, nil
}

type publishInput struct {
	EntryPath
	Body struct {
		Needs    []inquiry.Need `json:"needs,omitempty" doc:"汇总后的修改稿；不填则按各单位反馈"`
		Override string         `json:"override,omitempty" doc:"不再等待未反馈单位的理由"`
	}
}

func (s *Server) publishInquiry(ctx context.Context, in *publishInput) (*inquiryBody, error) {
	r, err := s.inquirySeen(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	r, err = s.Inquiries.Publish(ctx, r.ID, in.Body.Needs, in.Body.Override, who(ctx).Account)
	if err != nil {
		return nil, err
	}
	return s.inquiryView(ctx, r)
}

// replySeen loads a reply that the asker's unit gives, or that it leads.
func (s *Server) replySeen(ctx context.Context, id string) (inquiry.ReplyRecord, error) {
	r, err := register.Load[inquiry.Reply](ctx, s.Registers, inquiry.Replies, id)
	if err != nil {
		return r, err
	}
	if w := who(ctx); (w.Has(access.Reviewer) || w.Has(access.System)) && w.Unit == r.Unit && w.SeesDivision(r.Division) {
		return r, nil
	}
	_, err = s.inquirySeen(ctx, r.Parent)
	return r, err
}

type replyList struct {
	Body struct {
		Replies []replyView `json:"replies"`
	}
}

func (s *Server) listReplies(ctx context.Context, in *EntriesInput) (*replyList, error) {
	w := who(ctx)
	found, err := register.List[inquiry.Reply](ctx, s.Registers, storage.EntryQuery{Register: inquiry.Replies, Unit: w.Unit, Division: w.Division,
		Open: in.Open, Urgent: in.Open, Before: in.Before, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &replyList{}
	out.Body.Replies = []replyView{}
	for _, r := range found {
		if w.Unit != "" {
			out.Body.Replies = append(out.Body.Replies, replyView{s.entryView(r.Entry), r.Parent, r.Body})
		}
	}
	return out, nil
}

type replyInput struct {
	EntryPath
	Body struct {
		Concerned bool           `json:"concerned" doc:"false：不涉及本单位"`
		Needs     []inquiry.Need `json:"needs,omitempty" doc:"需要办理的事项、办理单位、申报材料"`
	}
}

func (s *Server) replyView(r inquiry.ReplyRecord, err error) (*replyBody, error) {
	if err != nil {
		return nil, err
	}
	return &replyBody{replyView{s.entryView(r.Entry), r.Parent, r.Body}}, nil
}

func (s *Server) answerInquiry(ctx context.Context, in *replyInput) (*replyBody, error) {
	r, err := s.replySeen(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if r.Unit != who(ctx).Unit {
		return nil, errForbidden
	}
	return s.replyView(s.Inquiries.Answer(ctx, r.ID, in.Body.Concerned, in.Body.Needs, who(ctx).Account))
}

type doubtInput struct {
	EntryPath
	Body struct {
		Question string `json:"question"`
	}
}

func (s *Server) doubtInquiry(ctx context.Context, in *doubtInput) (*replyBody, error) {
	r, err := s.replySeen(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return s.replyView(s.Inquiries.Doubt(ctx, r.ID, in.Body.Question, who(ctx).Account))
}

type coordinationList struct {
	Body struct {
		Tasks []taskView `json:"tasks"`
	}
}

type taskView struct {
	entryView
	Task inquiry.Urge `json:"task"`
}

func (s *Server) listCoordination(ctx context.Context, in *EntriesInput) (*coordinationList, error) {
	w := who(ctx)
	q := storage.EntryQuery{Register: inquiry.Tasks, Division: w.Division, Open: in.Open, Before: in.Before, Limit: in.Limit}
	if w.Has(access.Lead) && !w.Has(access.Clerk) {
		q.Unit = w.Unit
	}
	found, err := register.List[inquiry.Urge](ctx, s.Registers, q)
	if err != nil {
		return nil, err
	}
	out := &coordinationList{}
	out.Body.Tasks = []taskView{}
	for _, r := range found {
		out.Body.Tasks = append(out.Body.Tasks, taskView{s.entryView(r.Entry), r.Body})
	}
	return out, nil
}
