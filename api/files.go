package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/storage"
)

// download is one file to be sent, and how the read is noted.
type download struct {
	class     storage.Class
	digest    document.Digest
	mediaType string
	name      string
	action    string // of the audit entry
	object    string
	fleeting  bool // nothing on the way keeps it
}

// resultFile gives the delivered file: Range, ETag and digest; every fetch is
// audited. ?trace=1 gives a copy with a line that names who fetched it.
func (s *Server) resultFile(w http.ResponseWriter, r *http.Request) {
	result, err := s.result(r.Context(), r.PathValue("id"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if traced, _ := strconv.ParseBool(r.URL.Query().Get("trace")); traced {
		s.tracedFile(w, r, result)
		return
	}
	class := storage.Derived
	if result.DeliversOriginal() {
		class = storage.Originals // an e-certificate is delivered bit by bit as it came (W9), one made here as it was made
	}
	s.send(w, r, download{class, result.Delivered, result.MediaType, fileName(result), "result.file.read", result.ID, false})
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
	name := s.originalName(r.Context(), result)
	s.send(w, r, download{storage.Originals, result.Original, "application/octet-stream", name, "result.original.read", result.ID, false})
}

// originalName is the name a file was sent with, where it is known.
func (s *Server) originalName(ctx context.Context, r approval.Result) string {
	doc, err := s.Records.Document(ctx, r.Document)
	if err == nil && doc.Filename != "" {
		return doc.Filename
	}
	return fileName(r)
}

// documentOriginal gives the bytes as they came.
func (s *Server) documentOriginal(w http.ResponseWriter, r *http.Request) {
	asker := who(r.Context())
	doc, err := s.document(r.Context(), document.ID(r.PathValue("id")))
	if err == nil && !asker.MayDocumentOriginal(doc, s.Desk.UnitOf(doc), s.Desk.IsResult(doc)) {
		err = errForbidden
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	name := doc.Filename
	if name == "" {
		name = string(doc.Receipt)
	}
	s.send(w, r, download{storage.Originals, doc.Original, "application/octet-stream", name, "document.original.read", string(doc.ID), false})
}

// documentSearchable gives the searchable copy of a scan. It shows all that the
// original shows, unmarked, so the same people may have it (W7).
func (s *Server) documentSearchable(w http.ResponseWriter, r *http.Request) {
	asker := who(r.Context())
	doc, err := s.document(r.Context(), document.ID(r.PathValue("id")))
	if err == nil && !asker.MayDocumentOriginal(doc, s.Desk.UnitOf(doc), s.Desk.IsResult(doc)) {
		err = errForbidden
	}
	var copied document.Artifact
	if err == nil {
		copied, err = s.searchableOf(r.Context(), doc)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	name := string(doc.Receipt) + ".pdf"
	s.send(w, r, download{storage.Derived, copied.Digest, copied.MediaType, name, "document.searchable.read", string(doc.ID), false})
}

// searchableOf finds the searchable copy; storage.ErrNotFound while there is none.
func (s *Server) searchableOf(ctx context.Context, doc document.Document) (document.Artifact, error) {
	all, err := s.Records.Artifacts(ctx, doc.ID, doc.Generation)
	if err != nil {
		return document.Artifact{}, fmt.Errorf("list artifacts: %w", err)
	}
	for _, a := range all {
		if a.Kind == document.ArtifactSearchable {
			return a, nil
		}
	}
	return document.Artifact{}, storage.ErrNotFound
}

// tracedFile makes a copy for this person and keeps its digest.
func (s *Server) tracedFile(w http.ResponseWriter, r *http.Request, result approval.Result) {
	asker := who(r.Context())
	info, err := s.Desk.TracedCopy(r.Context(), result, asker.Account, asker.Unit)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.send(w, r, download{storage.Derived, info.Digest, "application/pdf", fileName(result), "result.file.traced", result.ID, false})
}

// send streams a blob after noting the read in the audit trail.
func (s *Server) send(w http.ResponseWriter, r *http.Request, d download) {
	b, err := s.Blobs.Open(r.Context(), d.class, d.digest)
	if err == nil {
		defer b.Close()
		err = s.auditRead(r.Context(), d.action, d.object)
	}
	if errors.Is(err, storage.ErrNotFound) { // the record is there, so this is no 404 but our trouble
		err = fmt.Errorf("blob of %s is missing", d.object)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", d.mediaType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": d.name}))
	h.Set("ETag", `"`+d.digest.String()+`"`)
	h.Set("Repr-Digest", "sha-256=:"+base64Digest(d.digest)+":")
	h.Set("Cache-Control", "private, no-cache")
	if d.fleeting {
		h.Set("Cache-Control", "no-store")
	}
	whole := &sound{BlobReader: b}
	http.ServeContent(w, r, "", b.Info().Modified, whole)
	if whole.failed != nil && r.Context().Err() == nil {
		s.Log.Error("send file", "object", d.object, "digest", d.digest, "error", whole.failed)
		panic(http.ErrAbortHandler) // the line is cut before the last bytes: nobody takes a damaged file for whole
	}
}

// sound holds the last bytes of a blob back until the whole is known to be what
// was put: a reader that stops at the length never learns of damage.
type sound struct {
	storage.BlobReader
	at     int64
	failed error
}

func (r *sound) Seek(offset int64, whence int) (int64, error) {
	at, err := r.BlobReader.Seek(offset, whence)
	r.at = at
	return at, err
}

func (r *sound) Read(p []byte) (int, error) {
	n, err := r.BlobReader.Read(p)
	r.at += int64(n)
	if err == nil && r.at == r.Info().Size {
		_, err = r.BlobReader.Read(make([]byte, 1))
	}
	if err == nil || errors.Is(err, io.EOF) {
		return n, err
	}
	r.failed = err
	return 0, err
}

// fileName is what a person sees in the download folder.
func fileName(r approval.Result) string {
	name := r.TypeName
	if r.Number != "" {
		name += "_" + r.Number
	}
	switch r.MediaType {
	case "application/pdf":
		name += ".pdf"
	case "application/ofd":
		name += ".ofd"
	}
	return name
}
