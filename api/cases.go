package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/approval/progress"
	"onewindow/casework"
	"onewindow/casework/cases"
	"onewindow/document"
	"onewindow/storage"
)

// caseRoutes lists projects, cases and their items.
func (s *Server) caseRoutes(api huma.API) {
	guarded(api, http.MethodPost, "/v1/projects", "register-project", "登记项目", access.ProjectRegister, try(s, s.registerProject))
	guarded(api, http.MethodGet, "/v1/projects", "list-projects", "项目列表", access.ProjectRead, try(s, s.listProjects))
	guarded(api, http.MethodGet, "/v1/projects/{code}", "get-project", "项目", access.ProjectRead, try(s, s.getProject))

	guarded(api, http.MethodPost, "/v1/cases", "start-case", "开始申报", access.CaseApply, try(s, s.startCase))
	guarded(api, http.MethodGet, "/v1/cases", "list-cases", "办件列表", access.CaseRead, try(s, s.listCases))
	guarded(api, http.MethodGet, "/v1/cases/{id}", "get-case", "办件", access.CaseRead, try(s, s.getCase))
	guarded(api, http.MethodPatch, "/v1/cases/{id}", "change-case", "修改申请（提交前）", access.CaseApply, try(s, s.changeCase))
	guarded(api, http.MethodGet, "/v1/cases/{id}/checklist", "case-checklist", "合并后的受理材料清单", access.CaseRead, try(s, s.caseChecklist))
	guarded(api, http.MethodPost, "/v1/cases/{id}/files", "file-document", "把文件归入清单", access.CaseApply, try(s, s.fileDocument))
	guarded(api, http.MethodDelete, "/v1/cases/{id}/files/{filing}", "unfile-document", "从清单中移出", access.CaseApply, try(s, s.unfileDocument))
	guarded(api, http.MethodPost, "/v1/cases/{id}/promises", "promise-material", "告知承诺或容缺", access.CaseApply, try(s, s.promise))
	guarded(api, http.MethodPost, "/v1/cases/{id}/confirmations", "confirm-materials", "业务单位确认材料无误", access.CaseConfirm, try(s, s.confirmCase))
	guarded(api, http.MethodPost, "/v1/cases/{id}/submit", "submit-case", "提交申请；实体窗口当场接收、补正或不予受理", access.CaseApply, try(s, s.submitCase))
	s.itemRoutes(api)
}

// actor is who asks, for the office's notes.
func actor(w access.Who) cases.Actor {
	return cases.Actor{Account: w.Account, Unit: w.Unit, Division: w.Division, Hall: w.Hall, Supervisor: w.Has(access.Supervisor), Clerk: w.Has(access.Clerk)}
}

type projectBody struct{ Body approval.Registration }

type registerInput struct {
	Body struct {
		Code       string  `json:"code" doc:"项目代码"`
		Name       string  `json:"name"`
		Type       string  `json:"type" doc:"项目类型，见目录"`
		Division   string  `json:"division" doc:"项目属地，行政区划代码"`
		Builder    string  `json:"builder" doc:"建设单位"`
		USCC       string  `json:"builder_uscc,omitempty"`
		Contact    string  `json:"contact,omitempty"`
		Telephone  string  `json:"telephone,omitempty"`
		Investment float64 `json:"investment,omitempty" doc:"万元"`
		Area       float64 `json:"area,omitempty" doc:"建筑面积，平方米"`
		Classified bool    `json:"classified,omitempty" doc:"涉密工程：只能线下办理"`
	}
}

func (s *Server) registerProject(ctx context.Context, in *registerInput) (*projectBody, error) {
	b := in.Body
	r, err := s.Office.RegisterProject(ctx, approval.Registration{Code: b.Code, Name: b.Name, Type: b.Type, Division: b.Division,
		Builder: b.Builder, USCC: b.USCC, Contact: b.Contact, Telephone: b.Telephone, Investment: b.Investment, Area: b.Area,
		Classified: b.Classified}, actor(who(ctx)))
	return &projectBody{r}, err
}

// projectSeen loads a project that the asker may see.
func (s *Server) projectSeen(ctx context.Context, code string) (approval.Registration, error) {
	r, err := s.Records.Registration(ctx, code)
	if err != nil {
		return r, err
	}
	member, err := s.member(ctx, code)
	if err == nil && !who(ctx).SeesProject(r, member) {
		err = storage.ErrNotFound
	}
	return r, err
}

// member reports whether the asker belongs to a project.
func (s *Server) member(ctx context.Context, project string) (bool, error) {
	return s.Office.Member(ctx, project, who(ctx))
}

func (s *Server) getProject(ctx context.Context, in *ProjectPath) (*projectBody, error) {
	r, err := s.projectSeen(ctx, in.Code)
	return &projectBody{r}, err
}

type projectsInput struct {
	After string `query:"after" doc:"上一页最后一个项目代码"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

type projectList struct {
	Body struct {
		Projects []approval.Registration `json:"projects"`
		Next     string                  `json:"next,omitempty"`
	}
}

func (s *Server) listProjects(ctx context.Context, in *projectsInput) (*projectList, error) {
	asker := who(ctx)
	q := storage.ProjectQuery{After: in.After, Limit: in.Limit, Division: asker.Division}
	if asker.MembersOnly() {
		q.Member, q.Division = asker.Account, ""
	}
	found, err := s.Records.Registrations(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &projectList{}
	out.Body.Projects = append([]approval.Registration{}, found...)
	if len(found) == in.Limit {
		out.Body.Next = found[len(found)-1].Code
	}
	return out, nil
}

// CasePath names a case in a route.
type CasePath struct {
	ID string `path:"id" doc:"办件 ID 或办件编号"`
}

// caseView is a case with its items.
type caseView struct {
	approval.Case
	Code  string              `json:"query_code,omitempty" doc:"查询码，免登录查询进度用"`
	Items []approval.CaseItem `json:"case_items"`
}

type caseBody struct{ Body caseView }

// DraftFields are what an applicant fills in. It is exported because the framework
// passes over embedded fields that are not.
type DraftFields struct {
	Items   []string          `json:"items,omitempty" doc:"勾选的办理事项编码"`
	Answers map[string]string `json:"answers,omitempty" doc:"申请表的回答"`
}

type startInput struct {
	Body struct {
		Project string `json:"project" doc:"项目代码"`
		Stage   string `json:"stage" doc:"审批阶段，S1…S4"`
		DraftFields
		Channel     string `json:"channel,omitempty" enum:"virtual,physical" doc:"实体窗口仅限窗口人员"`
		Hall        string `json:"hall,omitempty"`
		Window      string `json:"window,omitempty"`
		Device      string `json:"device,omitempty"`
		PaperReason string `json:"paper_reason,omitempty" doc:"接收纸质材料的原因：elderly、system_down、original_check、classified、other"`
		Applicant   string `json:"applicant,omitempty" doc:"代为填写时，申请单位的账号"`
	}
}

func (s *Server) startCase(ctx context.Context, in *startInput) (*caseBody, error) {
	b, asker := in.Body, who(ctx)
	if _, err := s.projectSeen(ctx, b.Project); err != nil {
		return nil, err
	}
	if b.Channel == string(approval.ChannelPhysical) {
		if !asker.Has(access.Clerk) {
			return nil, errForbidden
		}
		var err error
		if b.Hall, b.Window, b.Device, err = s.counter(ctx, b.Hall, b.Window, b.Device, b.PaperReason); err != nil {
			return nil, err
		}
	}
	k, err := s.Office.Start(ctx, cases.Draft{Project: b.Project, Stage: b.Stage, Items: b.Items, Answers: b.Answers,
		Channel: approval.Channel(b.Channel), Hall: b.Hall, Window: b.Window, Device: b.Device, PaperReason: b.PaperReason,
		Applicant: b.Applicant}, actor(asker))
	if err != nil {
		return nil, err
	}
	return &caseBody{viewOf(k, nil)}, nil
}

func viewOf(k approval.Case, items []approval.CaseItem) caseView {
	return caseView{Case: k, Code: k.Code, Items: append([]approval.CaseItem{}, items...)}
}

// caseSeen loads a case that the asker may see, and those of its items it may see.
func (s *Server) caseSeen(ctx context.Context, id string) (approval.Case, []approval.CaseItem, error) {
	return s.Office.CaseSeen(ctx, id, who(ctx))
}

// appliedBy loads a case that the asker may fill in: the applicant's own, or the
// window's.
func (s *Server) appliedBy(ctx context.Context, id string) (approval.Case, error) {
	k, _, err := s.caseSeen(ctx, id)
	if err == nil && !who(ctx).Has(access.Clerk) && k.Channel == approval.ChannelPhysical {
		err = errForbidden
	}
	return k, err
}

func (s *Server) getCase(ctx context.Context, in *CasePath) (*caseBody, error) {
	k, items, err := s.caseSeen(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	v := viewOf(k, items)
	if a := who(ctx); k.Applicant != a.Account && !a.Has(access.Clerk) {
		v.Code = ""
	}
	return &caseBody{v}, nil
}

type casesInput struct {
	Project string `query:"project"`
	Stage   string `query:"stage"`
	Channel string `query:"channel"`
	Hall    string `query:"hall"`
	Before  string `query:"before" doc:"上一页最后一个办件 ID"`
	Limit   int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

type caseList struct {
	Body struct {
		Cases []approval.Case `json:"cases"`
		Next  string          `json:"next,omitempty"`
	}
}

func (s *Server) listCases(ctx context.Context, in *casesInput) (*caseList, error) {
	asker := who(ctx)
	q := storage.CaseQuery{Project: in.Project, Stage: in.Stage, Channel: approval.Channel(in.Channel), Hall: in.Hall, Before: in.Before, Limit: in.Limit}
	switch {
	case asker.MembersOnly():
		q.Member = asker.Account
	case asker.Has(access.Clerk) && asker.Hall != "" && q.Project == "":
		q.Hall = asker.Hall
	default:
		q.Division = asker.Division
	}
	found, err := s.Records.ListCases(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &caseList{}
	out.Body.Cases = []approval.Case{}
	if len(found) == in.Limit {
		out.Body.Next = found[len(found)-1].ID
	}
	for _, k := range found {
		if _, _, err := s.caseSeen(ctx, k.ID); err == nil {
			out.Body.Cases = append(out.Body.Cases, k)
		}
	}
	return out, nil
}

type changeInput struct {
	CasePath
	Body struct {
		DraftFields
		Version int64 `json:"version,omitempty" doc:"所见的版本；已被他人更改时答 412"`
	}
}

func (s *Server) changeCase(ctx context.Context, in *changeInput) (*caseBody, error) {
	k, err := s.appliedBy(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	k, err = s.Office.Change(ctx, k.ID, cases.Draft{Items: in.Body.Items, Answers: in.Body.Answers, Version: in.Body.Version}, actor(who(ctx)))
	if err != nil {
		return nil, err
	}
	return &caseBody{viewOf(k, nil)}, nil
}

type checklistBody struct{ Body cases.Checklist }

func (s *Server) caseChecklist(ctx context.Context, in *CasePath) (*checklistBody, error) {
	k, _, err := s.caseSeen(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	list, err := s.Office.Checklist(ctx, k)
	if err != nil {
		return nil, err
	}
	asker := who(ctx)
	if asker.Has(access.Reviewer) && !asker.Has(access.Clerk) && asker.Unit != "" { // a unit sees what its items ask for (V2.2)
		list.Entries = slices.DeleteFunc(list.Entries, func(e cases.ChecklistEntry) bool {
			return !slices.ContainsFunc(e.Consumers, func(c cases.Consumer) bool { return s.unitOf(ctx, k, c) == asker.Unit })
		})
	}
	return &checklistBody{list}, nil
}

// unitOf is the unit that handles an item of a case: after a re-route another
// than the catalogue's.
func (s *Server) unitOf(ctx context.Context, k approval.Case, c cases.Consumer) string {
	items, err := s.Records.ListCaseItems(ctx, storage.ItemQuery{Case: k.ID, Item: c.Item})
	if err != nil {
		return c.Unit
	}
	unit := c.Unit
	for _, it := range items {
		if it.State != progress.Returned {
			unit = it.Unit
		}
	}
	return unit
}

type fileInput struct {
	CasePath
	Body struct {
		Document string `json:"document_id"`
		Material string `json:"material,omitempty" doc:"材料编码；不填则按识别结果归类"`
	}
}

type filingBody struct{ Body approval.Filing }

func (s *Server) fileDocument(ctx context.Context, in *fileInput) (*filingBody, error) {
	k, err := s.appliedBy(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if _, err := s.document(ctx, documentID(in.Body.Document)); err != nil {
		return nil, err
	}
	f, err := s.Office.File(ctx, k.ID, in.Body.Document, in.Body.Material, actor(who(ctx)))
	return &filingBody{f}, err
}

type unfileInput struct {
	CasePath
	Filing string `path:"filing"`
}

func (s *Server) unfileDocument(ctx context.Context, in *unfileInput) (*struct{}, error) {
	k, err := s.appliedBy(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &struct{}{}, s.Office.Unfile(ctx, k.ID, in.Filing, actor(who(ctx)))
}

type promiseInput struct {
	CasePath
	Body struct {
		Material  string `json:"material"`
		Kind      string `json:"kind" enum:"commitment,tolerance" doc:"commitment 告知承诺，tolerance 容缺"`
		Signature string `json:"signature,omitempty" doc:"签署后的承诺书文件编号，或电子签名"`
	}
}

func (s *Server) promise(ctx context.Context, in *promiseInput) (*filingBody, error) {
	k, err := s.appliedBy(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	f, err := s.Office.Promise(ctx, k.ID, cases.Promise{Material: in.Body.Material, Source: approval.Source(in.Body.Kind),
		Signature: in.Body.Signature}, actor(who(ctx)))
	return &filingBody{f}, err
}

type confirmCaseInput struct {
	CasePath
	Body struct {
		Item string `json:"item" doc:"办理事项编码"`
	}
}

func (s *Server) confirmCase(ctx context.Context, in *confirmCaseInput) (*struct{}, error) {
	asker := who(ctx)
	k, err := s.Records.Case(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	item, ok := s.Office.Edition(k.Catalogue, k.Division).Item(in.Body.Item)
	if !ok || item.Unit != asker.Unit || !asker.SeesDivision(k.Division) {
		return nil, storage.ErrNotFound
	}
	_, err = s.Office.Confirm(ctx, k.ID, in.Body.Item, actor(asker))
	return &struct{}{}, err
}

type submitInput struct {
	CasePath
	Key  string `header:"Idempotency-Key" doc:"同一键重复提交只算一次"`
	Body struct {
		Version int64          `json:"version,omitempty"`
		Outcome string         `json:"outcome,omitempty" enum:"receive,correct,refuse" doc:"实体窗口：当场接收、补正、不予受理"`
		Defects []approval.Gap `json:"defects,omitempty" doc:"窗口发现的材料缺陷"`
		Reason  string         `json:"reason,omitempty" doc:"不予受理的理由"`
	}
}

func (s *Server) submitCase(ctx context.Context, in *submitInput) (*caseBody, error) {
	k, err := s.appliedBy(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	b := in.Body
	if k.Channel == approval.ChannelVirtual && b.Outcome != "" {
		return nil, &casework.Invalid{Fields: map[string]string{"outcome": "只用于实体窗口"}}
	}
	k, items, err := s.Office.Submit(ctx, k.ID, cases.Submission{Key: in.Key, Version: b.Version, Outcome: cases.Outcome(b.Outcome),
		Defects: b.Defects, Reason: b.Reason}, actor(who(ctx)))
	if err != nil {
		return nil, err
	}
	return &caseBody{viewOf(k, items)}, nil
}

// neededBy reports whether the asker's unit needs a document (V2.2).
func (s *Server) neededBy(ctx context.Context, d document.Document) (bool, error) {
	asker := who(ctx)
	if asker.Unit == "" {
		return false, nil
	}
	return s.Office.NeededBy(ctx, d, asker.HandlesItem)
}
