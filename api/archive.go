package api

import (
	"mime"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
)

// archiveRoutes gives whole cases to the archive. The package holds unmarked
// originals, which are for the archive only (W7).
func (s *Server) archiveRoutes(api huma.API, mux *http.ServeMux) {
	op := &huma.Operation{OperationID: "case-archive", Method: http.MethodGet, Path: "/v1/cases/{id}/archive",
		Summary: "归档包（BagIt，ZIP）：原件、交付文件、文书、元数据、审计摘录与校验和", Parameters: pathID("办件 ID 或办件编号"),
		Responses: map[string]*huma.Response{"200": binary("归档包；用 sha256sum -c 即可校验", "application/zip"), "409": {Description: "办件尚未全部办结"}}}
	s.plain(api, mux, op, access.CaseArchive, s.caseArchive)
}

func (s *Server) caseArchive(w http.ResponseWriter, r *http.Request) {
	k, _, err := s.caseSeen(r.Context(), r.PathValue("id"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	p, err := s.Archive.Open(r.Context(), k.ID, false)
	if err == nil {
		err = s.auditRead(r.Context(), "case.archive", k.ID)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": p.Name + ".zip"}))
	w.Header().Set("Cache-Control", "no-store")
	if err := p.Write(r.Context(), w); err != nil {
		if r.Context().Err() == nil {
			s.Log.Error("write archive", "case", k.ID, "error", err)
		}
		panic(http.ErrAbortHandler) // the line is cut: half a package must not look whole
	}
}
