package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/approval/catalogue"
	"onewindow/casework"
	"onewindow/casework/inquiry"
	"onewindow/casework/register"
	"onewindow/storage"
)

func (s *pages) inquiryRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /inquiries", s.allowed(access.InquiryRead, s.inquiries))
	mux.HandleFunc("GET /projects/{code}/inquiry/{stage}", s.allowed(access.InquiryAsk, s.newInquiry))
	mux.HandleFunc("POST /projects/{code}/inquiry/{stage}", s.allowed(access.InquiryAsk, s.askInquiry))
	mux.HandleFunc("GET /inquiries/{id}", s.allowed(access.InquiryRead, s.inquiry))
	mux.HandleFunc("POST /inquiries/{id}/publish", s.allowed(access.InquiryLead, s.publishInquiry))
	mux.HandleFunc("GET /inquiry-replies", s.allowed(access.InquiryReply, s.replies))
	mux.HandleFunc("GET /inquiry-replies/{id}", s.allowed(access.InquiryReply, s.reply))
	mux.HandleFunc("POST /inquiry-replies/{id}/answer", s.allowed(access.InquiryReply, s.answerInquiry))
	mux.HandleFunc("POST /inquiry-replies/{id}/doubt", s.allowed(access.InquiryLead, s.doubtInquiry))
}

var inquiryTexts = map[string]string{inquiry.Open: "征询中", inquiry.Published: "已告知", inquiry.Asked: "待反馈", inquiry.Replied: "已反馈", inquiry.Doubted: "有疑问"}

func (s *pages) inquiries(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	found, err := register.List[inquiry.Inquiry](r.Context(), s.Registers, entriesOf(inquiry.Register, who, r))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data := registerData{Own: who.MembersOnly(), All: r.URL.Query().Get("all") != ""}
	for _, q := range found {
		if seesInquiry(who, q) {
			data.Rows = append(data.Rows, s.entryRow(q.Entry, q.Body.ProjectName+"　"+s.Catalogue.Name(q.Body.Stage), inquiryTexts))
		}
	}
	s.render(w, r, http.StatusOK, "inquiries", "一次征询", data)
}

// seesInquiry: whoever asked, the window, supervisors, and the stage's lead unit.
func seesInquiry(w access.Who, q inquiry.Record) bool {
	switch {
	case q.Owner == w.Account, w.Has(access.Admin):
		return true
	case w.Has(access.Clerk) || w.Has(access.Supervisor):
		return w.SeesDivision(q.Division)
	}
	return w.Has(access.Lead) && w.Unit == q.Unit && w.SeesDivision(q.Division)
}

// newInquiryData is the form of a stage: its questions.
type newInquiryData struct {
	Project   approval.Registration
	Stage     catalogue.Stage
	Questions []question
	Wrong     []string
}

func (s *pages) newInquiry(w http.ResponseWriter, r *http.Request) {
	s.showNewInquiry(w, r, http.StatusOK, nil, nil)
}

func (s *pages) showNewInquiry(w http.ResponseWriter, r *http.Request, status int, answers, wrong map[string]string) {
	p, err := s.projectSeen(r.Context(), r.PathValue("code"))
	stage, ok := s.Catalogue.Stage(r.PathValue("stage"))
	if err == nil && !ok {
		err = storage.ErrNotFound
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	whole := approval.Case{Answers: answers}
	for _, it := range s.Catalogue.ItemsOf(stage.Code, p.Type) {
		whole.Items = append(whole.Items, it.Code)
	}
	data := newInquiryData{Project: p, Stage: stage, Questions: s.questions(whole)}
	for _, key := range sortedKeys(wrong) {
		data.Wrong = append(data.Wrong, wrong[key])
	}
	s.render(w, r, status, "inquiry-new", "一次征询", data)
}

// askInquiry asks all units concerned at once (V1.4–V1.6).
func (s *pages) askInquiry(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	p, err := s.projectSeen(r.Context(), r.PathValue("code"))
	if err == nil {
		err = r.ParseForm()
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	answers := map[string]string{}
	for name := range r.PostForm {
		if code, ok := strings.CutPrefix(name, "q."); ok && r.PostForm.Get(name) != "" {
			answers[code] = r.PostForm.Get(name)
		}
	}
	who, _ := whoOf(r.Context())
	made, err := s.Inquiries.Ask(r.Context(), p.Code, r.PathValue("stage"), answers, who.Account)
	var invalid *casework.Invalid
	switch {
	case errors.As(err, &invalid):
		s.showNewInquiry(w, r, http.StatusUnprocessableEntity, answers, invalid.Fields)
	case errors.Is(err, inquiry.ErrOpen):
		s.problem(w, r, http.StatusConflict, "该阶段已有一次征询正在进行，请在“一次征询”中查看")
	default:
		s.backTo(w, r, "/inquiries/"+made.ID, err)
	}
}

// inquiryData is one inquiry: to its applicant how many have answered and, once
// delivered, the one list; to who leads it all replies.
type inquiryData struct {
	inquiry.Record
	Row       entryRow
	StageName string
	Replied   int
	Asked     int
	Replies   []replyRow
	Needs     []needLine
	Leads     bool
	Draft     bool
	Wrong     map[string]string
}

type replyRow struct {
	inquiry.ReplyRecord
	Row   entryRow
	Needs []needLine
}

// needLine is one item that a unit named, in words.
type needLine struct{ Item, Unit, Materials, Note string }

func (s *pages) needLines(needs []inquiry.Need) []needLine {
	var out []needLine
	for _, n := range needs {
		var names []string
		for _, m := range n.Materials {
			names = append(names, s.nameOr(m))
		}
		out = append(out, needLine{s.nameOr(n.Item), s.nameOr(n.Unit), strings.Join(names, "、"), n.Note})
	}
	return out
}

func (s *pages) inquirySeen(r *http.Request, id string) (inquiry.Record, error) {
	q, err := register.Load[inquiry.Inquiry](r.Context(), s.Registers, inquiry.Register, id)
	if who, _ := whoOf(r.Context()); err == nil && !seesInquiry(who, q) {
		err = storage.ErrNotFound
	}
	return q, err
}

func (s *pages) inquiry(w http.ResponseWriter, r *http.Request) {
	s.showInquiry(w, r, http.StatusOK, nil)
}

func (s *pages) showInquiry(w http.ResponseWriter, r *http.Request, status int, wrong map[string]string) {
	q, err := s.inquirySeen(r, r.PathValue("id"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	replies, err := s.Inquiries.RepliesOf(r.Context(), q.ID)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	who, _ := whoOf(r.Context())
	data := inquiryData{Record: q, StageName: s.nameOr(q.Body.Stage), Asked: len(replies), Leads: who.May(access.InquiryLead), Wrong: wrong}
	if who.MembersOnly() && s.Now().Before(q.Body.DeliverAt) { // not before the office opens (V1.10)
		q.Body.List, q.State = nil, inquiry.Open
	}
	for _, x := range replies {
		row := replyRow{ReplyRecord: x, Row: s.entryRow(x.Entry, "", inquiryTexts)}
		if !who.MembersOnly() {
			row.Needs = s.needLines(x.Body.Needs)
		}
		if x.State == inquiry.Replied {
			data.Replied++
		}
		data.Replies = append(data.Replies, row)
	}
	switch {
	case q.Body.List != nil:
		data.Needs = s.needLines(q.Body.List.Needs)
	case data.Leads && q.State == inquiry.Open:
		data.Needs, data.Draft = s.needLines(s.Inquiries.Together(replies).Needs), true
	}
	data.Row = s.entryRow(q.Entry, "", inquiryTexts)
	s.render(w, r, status, "inquiry", "一次征询", data)
}

func (s *pages) publishInquiry(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	q, err := s.inquirySeen(r, r.PathValue("id"))
	who, _ := whoOf(r.Context())
	if err == nil {
		_, err = s.Inquiries.Publish(r.Context(), q.ID, nil, strings.TrimSpace(r.PostFormValue("override")), who.Account)
	}
	var invalid *casework.Invalid
	if errors.As(err, &invalid) {
		s.showInquiry(w, r, http.StatusUnprocessableEntity, invalid.Fields)
		return
	}
	s.backTo(w, r, "/inquiries/"+q.ID, err)
}

func (s *pages) replies(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	q := storage.EntryQuery{Register: inquiry.Replies, Unit: who.Unit, Division: who.Division, Limit: perPage, Before: r.URL.Query().Get("before")}
	if r.URL.Query().Get("all") == "" {
		q.Open, q.Urgent = true, true
	}
	data := registerData{All: !q.Open}
	if who.Unit != "" {
		found, err := register.List[inquiry.Reply](r.Context(), s.Registers, q)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		for _, x := range found {
			row := s.entryRow(x.Entry, x.Project, inquiryTexts)
			row.Number = "征询 " + x.Created.In(shanghai).Format("01-02 15:04")
			data.Rows = append(data.Rows, row)
		}
	}
	s.render(w, r, http.StatusOK, "replies", "征询反馈", data)
}

// replyData is a unit's reply with the items it may name.
type replyData struct {
	inquiry.ReplyRecord
	Row      entryRow
	Inquiry  inquiry.Inquiry
	Stage    string
	Answers  []answerView
	Items    []itemEntries
	Wrong    []string
	Editable bool
	Given    []needLine
}

// itemEntries is an item with its checklist.
type itemEntries struct {
	itemView
	Entries []needView
}

// replySeen loads a reply that the asker's own unit gives.
func (s *pages) replySeen(r *http.Request) (inquiry.ReplyRecord, error) {
	x, err := register.Load[inquiry.Reply](r.Context(), s.Registers, inquiry.Replies, r.PathValue("id"))
	if who, _ := whoOf(r.Context()); err == nil && (who.Unit == "" || who.Unit != x.Unit || !who.SeesDivision(x.Division)) {
		err = storage.ErrNotFound
	}
	return x, err
}

func (s *pages) reply(w http.ResponseWriter, r *http.Request) {
	s.showReply(w, r, http.StatusOK, nil)
}

func (s *pages) showReply(w http.ResponseWriter, r *http.Request, status int, wrong map[string]string) {
	x, err := s.replySeen(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	q, err := register.Load[inquiry.Inquiry](r.Context(), s.Registers, inquiry.Register, x.Parent)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data := replyData{ReplyRecord: x, Row: s.entryRow(x.Entry, "", inquiryTexts), Inquiry: q.Body, Stage: s.nameOr(q.Body.Stage),
		Editable: x.State != inquiry.Replied, Given: s.needLines(x.Body.Needs)}
	for _, f := range s.Catalogue.Flags {
		if v := q.Body.Answers[f.Code]; v != "" {
			data.Answers = append(data.Answers, answerView{f.Label, s.answerText(v)})
		}
	}
	for _, it := range s.Catalogue.ItemsOf(q.Body.Stage, "") {
		if it.Unit != x.Unit {
			continue
		}
		e := itemEntries{itemView: s.itemView(it)}
		for _, entry := range it.Checklist {
			e.Entries = append(e.Entries, s.needView(entry))
		}
		data.Items = append(data.Items, e)
	}
	for _, key := range sortedKeys(wrong) {
		if !slices.Contains(data.Wrong, wrong[key]) {
			data.Wrong = append(data.Wrong, wrong[key])
		}
	}
	s.render(w, r, status, "reply", "征询反馈", data)
}

// answerInquiry takes the three parts of a reply: items, who handles them, and
// their materials; or that the unit is not concerned (V1.7).
func (s *pages) answerInquiry(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	x, err := s.replySeen(r)
	if err == nil {
		err = r.ParseForm()
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var needs []inquiry.Need
	for _, code := range r.PostForm["item"] {
		needs = append(needs, inquiry.Need{Item: code, Unit: x.Unit, Materials: r.PostForm["material."+code], Note: strings.TrimSpace(r.PostForm.Get("note." + code))})
	}
	who, _ := whoOf(r.Context())
	_, err = s.Inquiries.Answer(r.Context(), x.ID, r.PostForm.Get("concerned") != "no", needs, who.Account)
	var invalid *casework.Invalid
	if errors.As(err, &invalid) {
		s.showReply(w, r, http.StatusUnprocessableEntity, invalid.Fields)
		return
	}
	s.backTo(w, r, "/inquiry-replies/"+x.ID, err)
}

// doubtInquiry sends a reply back with a question (V1.8).
func (s *pages) doubtInquiry(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	x, err := register.Load[inquiry.Reply](r.Context(), s.Registers, inquiry.Replies, r.PathValue("id"))
	if err == nil {
		_, err = s.inquirySeen(r, x.Parent)
	}
	who, _ := whoOf(r.Context())
	if err == nil {
		_, err = s.Inquiries.Doubt(r.Context(), x.ID, r.PostFormValue("question"), who.Account)
	}
	s.backTo(w, r, "/inquiries/"+x.Parent, err)
}
