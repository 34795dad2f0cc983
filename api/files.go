package api

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/storage"
)

// resultFile gives the delivered file: Range, ETag and digest; every fetch is
// audited. ?trace=1 gives a copy with a line that names who fetched it.
func (s *Server) resultFile(w http.ResponseWriter, r *http.Request) {
	result, err := s.Records.Result(r.Context(), r.PathValue("id"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if traced, _ := strconv.ParseBool(r.URL.Query().Get("trace")); traced {
		s.tracedFile(w, r, result)
		return
	}
	class := storage.Derived
	if result.Mode == approval.ModePushed {
		class = storage.Originals // an e-certificate is delivered bit by bit as it came (W9)
	}
	s.sendBlob(w, r, class, result.Delivered, result.MediaType, fileName(result), "result.file.read", result.ID)
}

// resultOriginal gives the unmarked original, to the issuing unit and the archive
// only (W7).
func (s *Server) resultOriginal(w http.ResponseWriter, r *http.Request) {
	result, err := s.Records.Result(r.Context(), r.PathValue("id"))
	if err == nil && !who(r.Context()).MayOriginal(result.Unit) {
		err = errForbidden
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.sendBlob(w, r, storage.Originals, result.Original, "application/octet-stream", "original-"+result.ID, "result.original.read", result.ID)
}

// tracedFile makes a copy for this person and keeps its digest.
func (s *Server) tracedFile(w http.ResponseWriter, r *http.Request, result approval.Result) {
	asker := who(r.Context())
	info, err := s.Desk.TracedCopy(r.Context(), result, asker.Account, asker.Unit)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.sendBlob(w, r, storage.Derived, info.Digest, "application/pdf", fileName(result), "result.file.traced", result.ID)
}

// sendBlob streams a blob after noting the read in the audit trail.
func (s *Server) sendBlob(w http.ResponseWriter, r *http.Request, class storage.Class, d document.Digest, mediaType, name, action, object string) {
	b, err := s.Blobs.Open(r.Context(), class, d)
	if err == nil {
		defer b.Close()
		err = s.auditRead(r.Context(), action, object)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	h.Set("ETag", `"`+d.String()+`"`)
	h.Set("Repr-Digest", fmt.Sprintf("sha-256=:%s:", base64Digest(d)))
	h.Set("Cache-Control", "private, no-cache")
	http.ServeContent(w, r, "", b.Info().Modified, b)
}

// fileName is what a person sees in the download folder.
func fileName(r approval.Result) string {
	name := r.TypeName
	if r.Number != "" {
		name += "_" + r.Number
	}
	if r.MediaType == "application/pdf" {
		return name + ".pdf"
	}
	if r.MediaType == "application/ofd" {
		return name + ".ofd"
	}
	return name
}
