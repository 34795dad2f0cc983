package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/api/resumable"
	"onewindow/document"
)

// uploadRoutes is the door for uploads in pieces (tus 1.0).
func (s *Server) uploadRoutes(api huma.API, mux *http.ServeMux) {
	const one = resumable.Path + "/{id}"
	tell := tusOperation(http.MethodOptions, resumable.Path, "upload-options", "断点续传：协议版本与文件大小上限", "200", "Tus-Version", "Tus-Extension", "Tus-Max-Size")
	api.OpenAPI().AddOperation(tell)
	mux.HandleFunc("OPTIONS "+resumable.Path, func(w http.ResponseWriter, r *http.Request) { s.Uploads.Options(w, r) })
	s.plain(api, mux, createUploadOperation(), access.DocumentSend, func(w http.ResponseWriter, r *http.Request) { s.Uploads.Create(w, r) })
	receipt := []string{"Upload-Offset", "Upload-Length", resumable.ReceiptHeader, resumable.DocumentHeader}
	for _, op := range []*huma.Operation{
		uploadProgressOperation(api, one),
		tusOperation(http.MethodHead, one, "head-upload", "断点续传：已收到的字节数；收件后带回执号", "200", receipt...),
		patchUploadOperation(one),
		tusOperation(http.MethodDelete, one, "delete-upload", "断点续传：放弃未完成的上传", "204"),
	} {
		s.plain(api, mux, op, access.DocumentSend, func(w http.ResponseWriter, r *http.Request) {
			s.Uploads.Continue(w, r, who(r.Context()).Account)
		})
	}
}

// beginUpload says what an upload is, by the rules of the form.
func (s *Server) beginUpload(ctx context.Context, meta map[string]string, size int64) (document.Origin, document.Digest, error) {
	asker := who(ctx)
	origin := originOf(asker, meta)
	if err := s.Desk.Vet(ctx, &origin, asker.MayEnd); err != nil {
		return origin, document.Digest{}, err
	}
	digest, err := promised(meta)
	if err == nil { // counted when it begins: what begins may also end
		_, err = s.admit(ctx, size)
	}
	return origin, digest, err
}

// problemBytes is a problem for those who do not answer through us.
func (s *Server) problemBytes(ctx context.Context, err error) (int, http.Header, []byte) {
	m, h := s.problem(ctx, err), http.Header{}
	for k, v := range extraHeaders(m.Status) {
		h[k] = v
	}
	if after := s.pause(err); after != "" {
		h.Set("Retry-After", after)
	}
	b, err := json.Marshal(m)
	if err != nil {
		s.Log.Error("write problem", "error", err)
	}
	return m.Status, h, b
}

func tusHeader(name, doc string, required bool) *huma.Param {
	return &huma.Param{Name: name, In: "header", Required: required, Schema: text(doc)}
}

// tusOperation describes one request of the protocol and the headers of its answer.
func tusOperation(method, path, id, summary, status string, headers ...string) *huma.Operation {
	answer := &huma.Response{Description: "见 tus 1.0", Headers: map[string]*huma.Param{}}
	for _, h := range headers {
		answer.Headers[h] = &huma.Param{Schema: text("")}
	}
	op := &huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Responses: map[string]*huma.Response{status: answer}}
	if path != resumable.Path {
		op.Parameters = pathID("上传编号")
	}
	return op
}

func createUploadOperation() *huma.Operation {
	op := tusOperation(http.MethodPost, resumable.Path, "create-upload", "断点续传：开始上传一份文件（tus 1.0）", "201", "Location", "Upload-Expires")
	op.Parameters = []*huma.Param{
		tusHeader("Tus-Resumable", "1.0.0", true),
		tusHeader("Upload-Length", "文件的字节数", true),
		tusHeader("Upload-Metadata", "键与 base64 值，逗号分隔：filename，以及上传表单的各项（as、project、case、item、material、sha256 等）", false),
	}
	return op
}

func patchUploadOperation(path string) *huma.Operation {
	op := tusOperation(http.MethodPatch, path, "patch-upload", "断点续传：续传一段；最后一段的回答带收件回执号", "204", "Upload-Offset", "Upload-Expires", resumable.ReceiptHeader, resumable.DocumentHeader)
	op.Parameters = append(op.Parameters, tusHeader("Tus-Resumable", "1.0.0", true), tusHeader("Upload-Offset", "这一段从哪个字节开始", true))
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/offset+octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}
	return op
}

func uploadProgressOperation(api huma.API, path string) *huma.Operation {
	return &huma.Operation{OperationID: "get-upload", Method: http.MethodGet, Path: path, Summary: "断点续传：进度；收件后为回执",
		Parameters: pathID("上传编号"), Responses: map[string]*huma.Response{"200": {Description: "进度", Content: map[string]*huma.MediaType{
			"application/json": {Schema: schemaOf[resumable.Arrival](api, "Arrival")}}}}}
}
