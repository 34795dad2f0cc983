package api

import (
	"context"
	"strings"

	"onewindow/access"
	"onewindow/casework"
	"onewindow/document"
	"onewindow/pipeline"
	"onewindow/storage"
)

// documentPath names a document in a route.
type documentPath struct {
	ID document.ID `path:"id" doc:"文件编号"`
}

// documentView is a document with its steps.
type documentView struct {
	document.Document
	Steps []stepView `json:"steps,omitempty"`
}

// stepView is one task for people: what, where, how far, and why it stopped.
type stepView struct {
	Step    document.Step     `json:"step"`
	Page    int               `json:"page,omitempty"`
	State   storage.TaskState `json:"state"`
	Attempt int               `json:"attempt"`
	Code    string            `json:"code,omitempty"`
	Reason  string            `json:"reason,omitempty"`
}

type documentBody struct{ Body documentView }

type listDocumentsInput struct {
	State   document.State   `query:"state" doc:"只看某一状态"`
	Project string           `query:"project" doc:"项目代码"`
	Receipt document.Receipt `query:"receipt" doc:"收件编号"`
	Before  document.ID      `query:"before" doc:"上一页最后一个编号"`
	Limit   int              `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

type documentList struct {
	Body struct {
		Documents []document.Document `json:"documents"`
		Next      document.ID         `json:"next,omitempty" doc:"下一页的 before"`
	}
}

func (s *Server) listDocuments(ctx context.Context, in *listDocumentsInput) (*documentList, error) {
	q := storage.DocumentQuery{State: in.State, Project: in.Project, Receipt: in.Receipt, Before: in.Before, Limit: in.Limit}
	w := who(ctx)
	if ownOnly(w) {
		q.By = w.Account
	}
	docs, err := s.Records.ListDocuments(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &documentList{}
	out.Body.Documents = docs
	if len(docs) == in.Limit {
		out.Body.Next = docs[len(docs)-1].ID
	}
	return out, nil
}

// ownOnly reports whether an account sees only what it sent: applicants do.
func ownOnly(w access.Who) bool {
	return len(w.Roles) == 1 && w.Has(access.Applicant)
}

// document loads a document that the asker may see. What may not be seen does
// not exist for the asker.
func (s *Server) document(ctx context.Context, id document.ID) (document.Document, error) {
	doc, err := s.Records.Document(ctx, id)
	if err != nil {
		return doc, err
	}
	w := who(ctx)
	if ownOnly(w) && doc.Origin.By != w.Account {
		return document.Document{}, storage.ErrNotFound
	}
	return doc, nil
}

func (s *Server) getDocument(ctx context.Context, in *documentPath) (*documentBody, error) {
	doc, err := s.document(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	tasks, err := s.Records.TasksOf(ctx, doc.ID, doc.Generation)
	if err != nil {
		return nil, err
	}
	out := &documentBody{Body: documentView{Document: doc}}
	for _, t := range tasks {
		out.Body.Steps = append(out.Body.Steps, stepView{Step: t.Step, Page: t.Page, State: t.State,
			Attempt: t.Attempt, Code: t.Code, Reason: t.Reason})
	}
	return out, nil
}

type pagesBody struct {
	Body struct {
		Pages []pageView `json:"pages"`
	}
}

// pageView is a page with its whole text beside its lines.
type pageView struct {
	document.Page
	Text string `json:"text"`
}

func (s *Server) documentPages(ctx context.Context, in *documentPath) (*pagesBody, error) {
	doc, err := s.document(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	pages, err := pipeline.ReadPages(ctx, s.Records, s.Blobs, doc.ID, doc.Generation)
	if err != nil {
		return nil, err
	}
	if err := s.auditRead(ctx, "document.text.read", string(doc.ID)); err != nil {
		return nil, err
	}
	out := &pagesBody{}
	out.Body.Pages = []pageView{}
	for _, p := range pages {
		out.Body.Pages = append(out.Body.Pages, pageView{Page: p, Text: p.Text()})
	}
	return out, nil
}

// auditRead notes that somebody read something (every read is audited). When it
// cannot be noted, nothing is shown.
func (s *Server) auditRead(ctx context.Context, action, object string) error {
	return s.Records.Record(ctx, storage.AuditEntry{Actor: who(ctx).Account, Action: action, Object: object})
}

type confirmInput struct {
	documentPath
	Body struct {
		Version int64             `json:"version,omitempty" doc:"所见版本，用于防止覆盖他人修改"`
		Type    string            `json:"type,omitempty" doc:"改正后的类型"`
		Fields  map[string]string `json:"fields,omitempty" doc:"改正或补充的成果数据"`
		Project string            `json:"project,omitempty" doc:"项目代码"`
	}
}

func (s *Server) confirm(ctx context.Context, in *confirmInput) (*documentBody, error) {
	if _, err := s.document(ctx, in.ID); err != nil {
		return nil, err
	}
	doc, err := s.Desk.Confirm(ctx, casework.Confirmation{Document: in.ID, Version: in.Body.Version,
		Type: in.Body.Type, Values: in.Body.Fields, Project: in.Body.Project, By: who(ctx).Account})
	return view(doc, err)
}

type reasonInput struct {
	documentPath
	Body struct {
		Reason string `json:"reason" minLength:"1" doc:"原因"`
	}
}

func (s *Server) reject(ctx context.Context, in *reasonInput) (*documentBody, error) {
	return view(s.Desk.Reject(ctx, in.ID, who(ctx).Account, strings.TrimSpace(in.Body.Reason)))
}

func (s *Server) cancel(ctx context.Context, in *reasonInput) (*documentBody, error) {
	return view(s.Desk.Cancel(ctx, in.ID, who(ctx).Account, strings.TrimSpace(in.Body.Reason)))
}

func (s *Server) retry(ctx context.Context, in *documentPath) (*documentBody, error) {
	return view(s.Desk.Retry(ctx, in.ID, who(ctx).Account))
}

type reprocessInput struct {
	documentPath
	Engine string `query:"engine" enum:"ppocr,tesseract" doc:"换用的识别引擎"`
}

func (s *Server) reprocess(ctx context.Context, in *reprocessInput) (*documentBody, error) {
	return view(s.Desk.Reprocess(ctx, in.ID, who(ctx).Account, in.Engine))
}

type passwordInput struct {
	documentPath
	Body struct {
		Password string `json:"password" minLength:"1" doc:"打开文件的密码，用后即弃"`
	}
}

func (s *Server) unlock(ctx context.Context, in *passwordInput) (*documentBody, error) {
	return view(s.Desk.Unlock(ctx, in.ID, who(ctx).Account, in.Body.Password))
}

func view(doc document.Document, err error) (*documentBody, error) {
	if err != nil {
		return nil, err
	}
	return &documentBody{Body: documentView{Document: doc}}, nil
}
