package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/casework/complaint"
	"onewindow/casework/consultation"
	"onewindow/casework/register"
	"onewindow/storage"
)

// registerRoutes lists consultations, complaints and inquiries.
func (s *Server) registerRoutes(api huma.API) {
	guarded(api, http.MethodPost, "/v1/consultations", "ask-consultation", "咨询；窗口可当场记录答复", access.ConsultationAsk, try(s, s.askConsultation))
	guarded(api, http.MethodGet, "/v1/consultations", "list-consultations", "咨询列表", access.ConsultationRead, try(s, s.listConsultations))
	guarded(api, http.MethodGet, "/v1/consultations/{id}", "get-consultation", "咨询", access.ConsultationRead, try(s, s.getConsultation))
	guarded(api, http.MethodPost, "/v1/consultations/{id}/answer", "answer-consultation", "答复咨询", access.ConsultationAnswer, try(s, s.answerConsultation))
	guarded(api, http.MethodPost, "/v1/consultations/{id}/rating", "rate-consultation", "评价答复", access.ConsultationAsk, try(s, s.rateConsultation))

	guarded(api, http.MethodPost, "/v1/complaints", "take-complaint", "投诉或建议", access.ComplaintTake, try(s, s.takeComplaint))
	guarded(api, http.MethodGet, "/v1/complaints", "list-complaints", "投诉与建议列表", access.ComplaintRead, try(s, s.listComplaints))
	guarded(api, http.MethodGet, "/v1/complaints/{id}", "get-complaint", "投诉或建议", access.ComplaintRead, try(s, s.getComplaint))
	guarded(api, http.MethodPost, "/v1/complaints/{id}/assign", "assign-complaint", "交办", access.ComplaintAssign, try(s, s.assignComplaint))
	guarded(api, http.MethodPost, "/v1/complaints/{id}/answer", "answer-complaint", "答复投诉", access.ComplaintAnswer, try(s, s.answerComplaint))
	guarded(api, http.MethodPost, "/v1/complaints/{id}/close", "close-complaint", "办结投诉", access.ComplaintClose, try(s, s.closeComplaint))

	guarded(api, http.MethodPost, "/v1/inquiries", "ask-inquiry", "一次征询", access.InquiryAsk, try(s, s.askInquiry))
	guarded(api, http.MethodGet, "/v1/inquiries", "list-inquiries", "一次征询列表", access.InquiryRead, try(s, s.listInquiries))
	guarded(api, http.MethodGet, "/v1/inquiries/{id}", "get-inquiry", "一次征询及各单位反馈", access.InquiryRead, try(s, s.getInquiry))
	guarded(api, http.MethodPost, "/v1/inquiries/{id}/publish", "publish-inquiry", "汇总并一单告知", access.InquiryLead, try(s, s.publishInquiry))
	guarded(api, http.MethodGet, "/v1/inquiry-replies", "list-inquiry-replies", "待反馈的征询", access.InquiryReply, try(s, s.listReplies))
	guarded(api, http.MethodPost, "/v1/inquiry-replies/{id}/answer", "answer-inquiry", "反馈征询意见", access.InquiryReply, try(s, s.answerInquiry))
	guarded(api, http.MethodPost, "/v1/inquiry-replies/{id}/doubt", "doubt-inquiry", "对反馈提出疑问", access.InquiryLead, try(s, s.doubtInquiry))
	guarded(api, http.MethodGet, "/v1/coordination", "list-coordination", "督促与协调事项", access.InquiryLead, try(s, s.listCoordination))
}

// EntryPath names an entry of a register in a route.
type EntryPath struct {
	ID string `path:"id" doc:"ID 或编号"`
}

// entryView is what every entry shows.
type entryView struct {
	ID       string    `json:"id"`
	Number   string    `json:"number,omitempty"`
	State    string    `json:"state"`
	Division string    `json:"division"`
	Unit     string    `json:"unit,omitempty"`
	UnitName string    `json:"unit_name,omitempty"`
	Hall     string    `json:"hall,omitempty"`
	Project  string    `json:"project,omitempty"`
	Case     string    `json:"case_id,omitempty"`
	Due      time.Time `json:"due,omitzero"`
	Overdue  bool      `json:"overdue"`
	Created  time.Time `json:"created_at"`
	Version  int64     `json:"version"`
}

func (s *Server) entryView(e storage.Entry) entryView {
	return entryView{ID: e.ID, Number: e.Number, State: e.State, Division: e.Division, Unit: e.Unit, UnitName: s.Office.Catalogue.Name(e.Unit),
		Hall: e.Hall, Project: e.Project, Case: e.Case, Due: e.Due, Overdue: !e.Due.IsZero() && s.Now().After(e.Due), Created: e.Created, Version: e.Version}
}

// EntriesInput pages through a register.
type EntriesInput struct {
	Open   bool   `query:"open" doc:"只看未了结的，最急的在前"`
	Before string `query:"before" doc:"上一页最后一个 ID"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

// query is what of a register the asker may list.
func (in EntriesInput) query(name string, w access.Who) storage.EntryQuery {
	q := storage.EntryQuery{Register: name, Open: in.Open, Urgent: in.Open, Before: in.Before, Limit: in.Limit, Division: w.Division}
	switch {
	case w.MembersOnly():
		q.Owner, q.Division = w.Account, ""
	case w.Has(access.Reviewer) && w.Unit != "" && !w.Has(access.Clerk) && !w.Has(access.Supervisor) && !w.Has(access.Admin):
		q.Unit = w.Unit
	}
	return q
}

// entrySeen reports whether the asker may see an entry: its owner, its unit, the
// window, and who supervises.
func entrySeen(w access.Who, e storage.Entry) bool {
	switch {
	case e.Owner != "" && e.Owner == w.Account, w.Has(access.Admin):
		return true
	case w.Has(access.Reviewer) || w.Has(access.System):
		return e.Unit != "" && e.Unit == w.Unit && w.SeesDivision(e.Division)
	}
	return (w.Has(access.Clerk) || w.Has(access.Supervisor) || w.Has(access.Lead)) && w.SeesDivision(e.Division)
}

type consultationView struct {
	entryView
	Consultation consultation.Consultation `json:"consultation"`
}

type consultationBody struct{ Body consultationView }

func (s *Server) consultationView(r consultation.Record, err error) (*consultationBody, error) {
	if err != nil {
		return nil, err
	}
	return &consultationBody{consultationView{s.entryView(r.Entry), r.Body}}, nil
}

type askInput struct {
	Body struct {
		Unit        string   `json:"unit,omitempty" doc:"被咨询的业务单位；窗口当场答复时可不填"`
		Division    string   `json:"division" doc:"行政区划代码"`
		Item        string   `json:"item,omitempty"`
		Project     string   `json:"project,omitempty"`
		Case        string   `json:"case_id,omitempty"`
		Question    string   `json:"question"`
		Attachments []string `json:"attachments,omitempty" doc:"文件编号"`
		Answer      string   `json:"answer,omitempty" doc:"窗口当场答复"`
		Window      string   `json:"window,omitempty"`
	}
}

func (s *Server) askConsultation(ctx context.Context, in *askInput) (*consultationBody, error) {
	b, asker := in.Body, who(ctx)
	channel := approval.ChannelVirtual
	if asker.Has(access.Clerk) {
		channel = approval.ChannelPhysical
	} else {
		b.Answer = "" // only the window answers on the spot
	}
	return s.consultationView(consultation.Ask(ctx, s.Registers, consultation.Question{Unit: b.Unit, Division: b.Division, Item: b.Item, Project: b.Project,
		Case: b.Case, Text: b.Question, Attachments: b.Attachments, Channel: channel, Hall: asker.Hall, Window: b.Window, Answer: b.Answer}, asker.Account))
}

func (s *Server) consultationSeen(ctx context.Context, id string) (consultation.Record, error) {
	r, err := register.Load[consultation.Consultation](ctx, s.Registers, consultation.Register, id)
	if err == nil && !entrySeen(who(ctx), r.Entry) {
		err = storage.ErrNotFound
	}
	return r, err
}

func (s *Server) getConsultation(ctx context.Context, in *EntryPath) (*consultationBody, error) {
	return s.consultationView(s.consultationSeen(ctx, in.ID))
}

type consultationList struct {
	Body struct {
		Consultations []consultationView `json:"consultations"`
	}
}

func (s *Server) listConsultations(ctx context.Context, in *EntriesInput) (*consultationList, error) {
	found, err := register.List[consultation.Consultation](ctx, s.Registers, in.query(consultation.Register, who(ctx)))
	if err != nil {
		return nil, err
	}
	out := &consultationList{}
	out.Body.Consultations = []consultationView{}
	for _, r := range found {
		if entrySeen(who(ctx), r.Entry) {
			out.Body.Consultations = append(out.Body.Consultations, consultationView{s.entryView(r.Entry), r.Body})
		}
	}
	return out, nil
}

type answerTextInput struct {
	EntryPath
	Body struct {
		Answer string `json:"answer"`
	}
}

func (s *Server) answerConsultation(ctx context.Context, in *answerTextInput) (*consultationBody, error) {
	r, err := s.consultationSeen(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if r.Unit != who(ctx).Unit {
		return nil, errForbidden
	}
	return s.consultationView(consultation.Answer(ctx, s.Registers, r.ID, in.Body.Answer, who(ctx).Account))
}

type rateInput struct {
	EntryPath
	Body struct {
		Rating int `json:"rating" minimum:"1" maximum:"5"`
	}
}

func (s *Server) rateConsultation(ctx context.Context, in *rateInput) (*consultationBody, error) {
	r, err := s.consultationSeen(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if r.Owner != who(ctx).Account {
		return nil, errForbidden
	}
	return s.consultationView(consultation.Rate(ctx, s.Registers, r.ID, in.Body.Rating, who(ctx).Account))
}

type complaintView struct {
	entryView
	Matter complaint.Matter `json:"matter"`
}

type complaintBody struct{ Body complaintView }

func (s *Server) complaintView(r complaint.Record, err error) (*complaintBody, error) {
	if err != nil {
		return nil, err
	}
	return &complaintBody{complaintView{s.entryView(r.Entry), r.Body}}, nil
}

type takeInput struct {
	Body struct {
		Kind      string `json:"kind" enum:"complaint,suggestion" doc:"complaint 投诉，suggestion 建议"`
		Division  string `json:"division"`
		Subject   string `json:"subject,omitempty"`
		Text      string `json:"text"`
		About     string `json:"about_unit,omitempty" doc:"被投诉的单位"`
		Anonymous bool   `json:"anonymous,omitempty"`
		Contact   string `json:"contact,omitempty"`
		Case      string `json:"case_id,omitempty"`
		Project   string `json:"project,omitempty"`
	}
}

func (s *Server) takeComplaint(ctx context.Context, in *takeInput) (*complaintBody, error) {
	b, asker := in.Body, who(ctx)
	channel := approval.ChannelVirtual
	if asker.Has(access.Clerk) {
		channel = approval.ChannelPhysical
	}
	rules, err := s.Organisation.Rules(ctx, 0)
	if err != nil {
		return nil, err
	}
	return s.complaintView(complaint.Take(ctx, s.Registers, complaint.New{Days: rules.ComplaintDays, Matter: complaint.Matter{Kind: b.Kind, Channel: channel, Subject: b.Subject,
		Text: b.Text, About: b.About, Anonymous: b.Anonymous, Contact: b.Contact}, Division: b.Division, Hall: asker.Hall, Case: b.Case, Project: b.Project}, asker.Account))
}

func (s *Server) complaintSeen(ctx context.Context, id string) (complaint.Record, error) {
	r, err := register.Load[complaint.Matter](ctx, s.Registers, complaint.Register, id)
	if err == nil && !entrySeen(who(ctx), r.Entry) {
		err = storage.ErrNotFound
	}
	return r, err
}

func (s *Server) getComplaint(ctx context.Context, in *EntryPath) (*complaintBody, error) {
	return s.complaintView(s.complaintSeen(ctx, in.ID))
}

type complaintList struct {
	Body struct {
		Complaints []complaintView `json:"complaints"`
	}
}

func (s *Server) listComplaints(ctx context.Context, in *EntriesInput) (*complaintList, error) {
	found, err := register.List[complaint.Matter](ctx, s.Registers, in.query(complaint.Register, who(ctx)))
	if err != nil {
		return nil, err
	}
	out := &complaintList{}
	out.Body.Complaints = []complaintView{}
	for _, r := range found {
		if entrySeen(who(ctx), r.Entry) {
			out.Body.Complaints = append(out.Body.Complaints, complaintView{s.entryView(r.Entry), r.Body})
		}
	}
	return out, nil
}

type assignInput struct {
	EntryPath
	Body struct {
		Unit string `json:"unit"`
	}
}

func (s *Server) assignComplaint(ctx context.Context, in *assignInput) (*complaintBody, error) {
	r, err := s.complaintSeen(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return s.complaintView(complaint.Assign(ctx, s.Registers, r.ID, in.Body.Unit, who(ctx).Account))
}

func (s *Server) answerComplaint(ctx context.Context, in *answerTextInput) (*complaintBody, error) {
	r, err := s.complaintSeen(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return s.complaintView(complaint.Answer(ctx, s.Registers, r.ID, in.Body.Answer, who(ctx).Account))
}

type closeInput struct {
	EntryPath
	Body struct {
		Satisfaction int `json:"satisfaction,omitempty" minimum:"1" maximum:"5"`
	}
}

func (s *Server) closeComplaint(ctx context.Context, in *closeInput) (*complaintBody, error) {
	r, err := s.complaintSeen(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	unit := ""
	if w := who(ctx); w.Has(access.Reviewer) && !w.Has(access.Supervisor) {
		unit = w.Unit
	}
	return s.complaintView(complaint.Close(ctx, s.Registers, r.ID, in.Body.Satisfaction, unit, who(ctx).Account))
}
