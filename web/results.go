package web

import (
	"net/http"
	"slices"
	"time"

	"onewindow/access"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/storage"
)

func (s *pages) resultRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /results", s.allowed(access.ResultRead, s.results))
	mux.HandleFunc("POST /results/zip", s.allowed(access.ResultFile, s.zip))
	mux.HandleFunc("GET /results/{id}", s.allowed(access.ResultRead, s.result))
	mux.HandleFunc("POST /results/{id}/revoke", s.allowed(access.ResultRevoke, s.revoke))
	mux.HandleFunc("POST /results/{id}/project", s.allowed(access.ResultLink, s.link))
}

// resultData is one result with who relies on it.
type resultData struct {
	approval.Result
	UnitName    string
	Rows        []fieldRow
	Reliances   []relianceRow
	MayRevoke   bool
	MayOriginal bool
	MayLink     bool
	MayFile     bool
	Usable      bool
	Why         string // when it is not usable
}

// relianceRow is a reliance in words.
type relianceRow struct {
	approval.Reliance
	ItemName, MaterialName, FlagText string
}

// visibleResult loads a result that the asker may see: applicants see those of
// their own projects.
func (s *pages) visibleResult(r *http.Request) (approval.Result, error) {
	res, err := s.Records.Result(r.Context(), r.PathValue("id"))
	who, _ := whoOf(r.Context())
	if err != nil || !who.MembersOnly() {
		return res, err
	}
	own, err := s.Records.ProjectsOf(r.Context(), who.Account)
	if err == nil && !slices.Contains(own, res.Project) {
		err = storage.ErrNotFound
	}
	return res, err
}

func (s *pages) result(w http.ResponseWriter, r *http.Request) {
	res, err := s.visibleResult(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	rel, err := s.Records.ReliancesOn(r.Context(), res.ID)
	if err == nil {
		err = s.auditRead(r, "result.read", res.ID)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	who, _ := whoOf(r.Context())
	unit, _ := s.Catalogue.Unit(res.Unit)
	doc := document.Document{Fields: res.Fields, Classification: document.Classification{Code: res.Type}}
	rows, _ := s.fieldRows(doc, nil)
	usable, why := res.UsableOn(s.Now().In(shanghai).Format(time.DateOnly))
	s.render(w, r, http.StatusOK, "result", res.TypeName, resultData{Result: res, UnitName: unit.Name,
		Rows: rows, Reliances: s.relianceRows(rel),
		MayRevoke:   res.Status == approval.StatusPublished && who.MayEnd(res.Unit),
		MayOriginal: who.MayOriginal(res.Unit), MayFile: who.May(access.ResultFile), Usable: usable, Why: whyText[why],
		MayLink: res.Status == approval.StatusPublished && res.Project == "" && who.MayLink(res.Unit)})
}

// whyText says why nobody may rely on a result.
var whyText = map[string]string{
	"superseded": "已被新版本替换，不能再作为依据", "revoked": "该成果已被撤销，不能作为依据",
	"expired": "已过有效期，不能作为依据", "negative": "结论为不合格或不通过，不能作为依据",
}

func (s *pages) relianceRows(list []approval.Reliance) []relianceRow {
	var rows []relianceRow
	for _, x := range list {
		rows = append(rows, relianceRow{Reliance: x, ItemName: s.nameOr(x.Item), MaterialName: s.nameOr(x.Material),
			FlagText: statusText[approval.Status(x.Flag)]})
	}
	return rows
}

// nameOr is the Chinese name of a code, or the code.
func (s *pages) nameOr(code string) string {
	if name := s.Catalogue.Name(code); name != "" {
		return name
	}
	return code
}

func (s *pages) revoke(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	res, err := s.Records.Result(r.Context(), r.PathValue("id"))
	if err == nil && !who.MayEnd(res.Unit) {
		s.problem(w, r, http.StatusForbidden, "只有出具单位可以撤销")
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	if err == nil {
		_, err = s.Desk.Revoke(r.Context(), res.ID, who.Account, r.PostFormValue("reason"))
	}
	s.backTo(w, r, "/results/"+res.ID, err)
}

// link gives a result the project that the paper does not name.
func (s *pages) link(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	res, err := s.Records.Result(r.Context(), r.PathValue("id"))
	if err == nil && !who.MayLink(res.Unit) {
		err = errForbidden
	}
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	if err == nil {
		_, err = s.Desk.Link(r.Context(), res.ID, r.PostFormValue("project"), who.Account)
	}
	s.backTo(w, r, "/results/"+res.ID, err)
}
