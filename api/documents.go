package api

import (
	"context"
	"strings"
	"time"

	"onewindow/access"
	"onewindow/casework"
	"onewindow/document"
	"onewindow/pipeline"
	"onewindow/storage"
)

// DocumentPath names a document in a route. It is exported because the framework
// passes over embedded fields that are not.
type DocumentPath struct {
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

// documentRow is a document in a list: what it is and where it stands, without
// the data read from it, which is asked for one document at a time.
type documentRow struct {
	ID         document.ID       `json:"id"`
	Receipt    document.Receipt  `json:"receipt"`
	Filename   string            `json:"filename"`
	State      document.State    `json:"state"`
	Type       string            `json:"type,omitempty" doc:"类型编码"`
	TypeName   string            `json:"type_name,omitempty"`
	Confidence float64           `json:"confidence,omitempty"`
	Project    string            `json:"project,omitempty"`
	Item       string            `json:"item,omitempty"`
	Case       string            `json:"case,omitempty"`
	Unit       string            `json:"unit,omitempty" doc:"负责的业务单位"`
	Pages      int               `json:"pages"`
	PagesRead  int               `json:"pages_read"`
	Size       int64             `json:"size"`
	ResultID   string            `json:"result_id,omitempty"`
	Error      *document.Refusal `json:"error,omitempty"`
	ReceivedAt time.Time         `json:"received_at"`
}

type documentList struct {
	Body struct {
		Documents []documentRow `json:"documents"`
		Next      document.ID   `json:"next,omitempty" doc:"下一页的 before；一页可以不满而仍有下一页"`
	}
}

func (s *Server) listDocuments(ctx context.Context, in *listDocumentsInput) (*documentList, error) {
	asker := who(ctx)
	q := storage.DocumentQuery{State: in.State, Project: in.Project, Receipt: in.Receipt, Before: in.Before, Limit: in.Limit}
	if asker.MembersOnly() {
		q.By = asker.Account
	}
	docs, next, err := s.Desk.ListDocuments(ctx, q, func(d document.Document) bool { return asker.Sees(d, s.Desk.UnitOf(d)) })
	if err != nil {
		return nil, err
	}
	out := &documentList{}
	out.Body.Documents, out.Body.Next = []documentRow{}, next
	for _, d := range docs {
		out.Body.Documents = append(out.Body.Documents, s.rowOf(access.Curtain(asker, d)))
	}
	return out, nil
}

func (s *Server) rowOf(d document.Document) documentRow {
	p := progressOf(d)
	return documentRow{ID: d.ID, Receipt: d.Receipt, Filename: d.Filename, State: d.State,
		Type: d.Classification.Code, TypeName: d.Classification.Name, Confidence: d.Classification.Confidence,
		Project: d.Origin.Project, Item: d.Origin.Item, Case: d.Origin.Case, Unit: s.Desk.UnitOf(d),
		Pages: d.Pages, PagesRead: d.PagesRead, Size: d.Size, ResultID: p.ResultID, Error: p.Error, ReceivedAt: d.ReceivedAt}
}

// document loads a document that the asker may see. What may not be seen does
// not exist for the asker.
func (s *Server) document(ctx context.Context, id document.ID) (document.Document, error) {
	doc, err := s.Records.Document(ctx, id)
	if err != nil {
		return doc, err
	}
	if who(ctx).Sees(doc, s.Desk.UnitOf(doc)) {
		return doc, nil
	}
	needed, err := s.neededBy(ctx, doc)
	if err == nil && !needed {
		err = storage.ErrNotFound
	}
	if err != nil {
		return document.Document{}, err
	}
	return doc, nil
}

// decidable loads a document that the asker may decide about.
func (s *Server) decidable(ctx context.Context, id document.ID) error {
	doc, err := s.document(ctx, id)
	if err == nil && !who(ctx).MayDecide(doc, s.Desk.UnitOf(doc)) {
		err = errForbidden
	}
	return err
}

func (s *Server) getDocument(ctx context.Context, in *DocumentPath) (*documentBody, error) {
	doc, err := s.document(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	tasks, err := s.Records.TasksOf(ctx, doc.ID, doc.Generation)
	if err != nil {
		return nil, err
	}
	if err := s.auditDocument(ctx, "document.read", doc); err != nil {
		return nil, err
	}
	out := &documentBody{Body: documentView{Document: access.Curtain(who(ctx), doc)}}
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

func (s *Server) documentPages(ctx context.Context, in *DocumentPath) (*pagesBody, error) {
	doc, err := s.document(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	pages, err := pipeline.ReadPages(ctx, s.Records, s.Blobs, doc.ID, doc.Generation)
	if err != nil {
		return nil, err
	}
	if err := s.auditDocument(ctx, "document.text.read", doc); err != nil {
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

// auditDocument notes a read of a document by anybody but its sender, who asks
// again and again how far it is.
func (s *Server) auditDocument(ctx context.Context, action string, doc document.Document) error {
	if doc.Origin.By == who(ctx).Account {
		return nil
	}
	return s.auditRead(ctx, action, string(doc.ID))
}

type confirmInput struct {
	DocumentPath
	Body struct {
		Version int64             `json:"version,omitempty" doc:"所见版本，用于防止覆盖他人修改"`
		Type    string            `json:"type,omitempty" doc:"改正后的类型"`
		Fields  map[string]string `json:"fields,omitempty" doc:"改正或补充的成果数据；空值表示删去"`
		Project string            `json:"project,omitempty" doc:"项目代码"`
	}
}

func (s *Server) confirm(ctx context.Context, in *confirmInput) (*documentBody, error) {
	if err := s.decidable(ctx, in.ID); err != nil {
		return nil, err
	}
	return view(s.Desk.Confirm(ctx, casework.Confirmation{Document: in.ID, Version: in.Body.Version,
		Type: in.Body.Type, Values: in.Body.Fields, Project: in.Body.Project, By: who(ctx).Account}))
}

type reasonInput struct {
	DocumentPath
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"原因"`
	}
}

func (in *reasonInput) reason() string { return strings.TrimSpace(in.Body.Reason) }

func (s *Server) reject(ctx context.Context, in *reasonInput) (*documentBody, error) {
	if err := s.decidable(ctx, in.ID); err != nil {
		return nil, err
	}
	return view(s.Desk.Reject(ctx, in.ID, who(ctx).Account, in.reason()))
}

func (s *Server) cancel(ctx context.Context, in *reasonInput) (*documentBody, error) {
	if err := s.decidable(ctx, in.ID); err != nil {
		return nil, err
	}
	return view(s.Desk.Cancel(ctx, in.ID, who(ctx).Account, in.reason()))
}

func (s *Server) retry(ctx context.Context, in *DocumentPath) (*documentBody, error) {
	if _, err := s.document(ctx, in.ID); err != nil {
		return nil, err
	}
	return view(s.Desk.Retry(ctx, in.ID, who(ctx).Account))
}

type reprocessInput struct {
	DocumentPath
	Engine string `query:"engine" enum:"ppocr,tesseract" doc:"换用的识别引擎"`
}

// reprocess is for whoever decides about the document: what was published from it
// may be replaced in the end.
func (s *Server) reprocess(ctx context.Context, in *reprocessInput) (*documentBody, error) {
	if err := s.decidable(ctx, in.ID); err != nil {
		return nil, err
	}
	return view(s.Desk.Reprocess(ctx, in.ID, who(ctx).Account, in.Engine))
}

type passwordInput struct {
	DocumentPath
	Body struct {
		Password string `json:"password" minLength:"1" maxLength:"200" doc:"打开文件的密码，用后即弃"`
	}
}

func (s *Server) unlock(ctx context.Context, in *passwordInput) (*documentBody, error) {
	if _, err := s.document(ctx, in.ID); err != nil {
		return nil, err
	}
	return view(s.Desk.Unlock(ctx, in.ID, who(ctx).Account, in.Body.Password))
}

func (s *Server) release(ctx context.Context, in *reasonInput) (*documentBody, error) {
	doc, err := s.Desk.Release(ctx, in.ID, who(ctx).Account, in.reason())
	return view(access.Curtain(who(ctx), doc), err)
}

func (s *Server) purge(ctx context.Context, in *reasonInput) (*documentBody, error) {
	doc, err := s.Desk.Purge(ctx, in.ID, who(ctx).Account, in.reason())
	return view(access.Curtain(who(ctx), doc), err)
}

func view(doc document.Document, err error) (*documentBody, error) {
	if err != nil {
		return nil, err
	}
	return &documentBody{Body: documentView{Document: doc}}, nil
}
