package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/document"
	"onewindow/intake"
	"onewindow/storage"
)

// receive takes one file as multipart/form-data. Nothing is buffered: the file
// part streams to the store while its digest is taken, and the receipt follows
// when the bytes are durable, whether or not any worker is alive.
func (s *Server) receive(w http.ResponseWriter, r *http.Request) {
	form, err := r.MultipartReader()
	if err != nil {
		s.fail(w, r, errBadRequest)
		return
	}
	sub := intake.Submission{IdempotencyKey: r.Header.Get("Idempotency-Key")}
	info, values, err := s.readForm(r, form, &sub)
	if err == nil && info.Digest.IsZero() {
		err = document.Refuse(document.CodeEmpty, "没有收到文件，请选择文件后上传。", "form without file part")
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	sub.Origin = originOf(who(r.Context()), values)
	receipt, err := s.Receiver.Admit(r.Context(), info, sub)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	status := http.StatusCreated
	if receipt.Again {
		status = http.StatusOK
	}
	w.Header().Set("Location", "/v1/documents/"+string(receipt.Document))
	writeJSON(w, status, receipt)
}

// maxValue bounds one text field of a form.
const maxValue = 4 << 10

// readForm goes through the parts in the order they come; fields may stand
// before or after the file.
func (s *Server) readForm(r *http.Request, form *multipart.Reader, sub *intake.Submission) (storage.BlobInfo, map[string]string, error) {
	values := map[string]string{}
	var info storage.BlobInfo
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return info, values, nil
		}
		if err != nil {
			return info, nil, fmt.Errorf("%w: %v", errBadRequest, err)
		}
		if part.FileName() == "" {
			b, err := io.ReadAll(io.LimitReader(part, maxValue))
			if err != nil {
				return info, nil, fmt.Errorf("%w: %v", errBadRequest, err)
			}
			values[part.FormName()] = string(b)
			continue
		}
		if !info.Digest.IsZero() {
			return info, nil, errBadRequest // one file, one document
		}
		sub.Body, sub.Filename = part, part.FileName()
		if err := promised(sub, values["sha256"]); err != nil {
			return info, nil, err
		}
		if info, err = s.Receiver.Keep(r.Context(), *sub); err != nil {
			return info, nil, err
		}
	}
}

func promised(sub *intake.Submission, digest string) error {
	if digest == "" {
		return nil
	}
	d, err := document.ParseDigest(digest)
	if err != nil {
		return errBadRequest
	}
	sub.Digest = d
	return nil
}

// originOf puts together what the account and the form say of the file.
func originOf(w access.Who, values map[string]string) document.Origin {
	o := document.Origin{
		Door: "http", By: w.Account, Unit: w.Unit, Division: w.Division, Hall: w.Hall,
		Channel: document.ChannelVirtual, Lane: document.LaneVirtual,
		Role: document.Role(values["as"]), Project: values["project"], Case: values["case"],
		Item: values["item"], Material: values["material"], Window: values["window"],
		Supersede: values["supersede"], Engine: values["engine"],
	}
	switch {
	case w.Has(access.Clerk) && w.Hall != "":
		o.Channel, o.Lane = document.ChannelPhysical, document.LaneCounter
	case w.Has(access.Reviewer):
		o.Channel = document.ChannelUnit
	}
	switch document.Lane(values["lane"]) {
	case document.LaneBulk:
		o.Lane = document.LaneBulk // anyone may wait longer
	case document.LaneCounter:
		if w.Has(access.Clerk) {
			o.Lane = document.LaneCounter
		}
	}
	// Vouching for the fields is a decision on the document.
	o.Confirm, _ = strconv.ParseBool(values["confirm"])
	o.Confirm = o.Confirm && w.May(access.DocumentDecide)
	return o
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client is gone if this fails
}

// describeUpload puts the streaming route into the description of the interface.
func describeUpload(api huma.API) {
	text := func(doc string) *huma.Schema { return &huma.Schema{Type: "string", Description: doc} }
	api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "receive-document", Method: http.MethodPost, Path: "/v1/documents", Summary: "上传一份文件",
		Security:   []map[string][]string{{"token": {}}},
		Parameters: []*huma.Param{{Name: "Idempotency-Key", In: "header", Schema: text("同一键重复提交只算一次")}},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"multipart/form-data": {Schema: &huma.Schema{Type: "object", Required: []string{"file"}, Properties: map[string]*huma.Schema{
				"file": {Type: "string", Format: "binary"}, "sha256": text("文件摘要，放在 file 之前"),
				"as": text("material 或 result；不填则按类型判断"), "project": text("项目代码"), "case": text("办件编号"),
				"item": text("办理事项编码"), "material": text("材料编码"), "confirm": text("true：字段全部有效时直接确认"),
				"supersede": text("被替换的成果编号"), "engine": text("识别引擎"), "lane": text("counter、virtual 或 bulk"),
			}}}}},
		Responses: map[string]*huma.Response{
			"201": {Description: "已收件，字节已落盘", Content: map[string]*huma.MediaType{"application/json": {
				Schema: api.OpenAPI().Components.Schemas.Schema(receiptType, true, "Receipt")}}},
			"200":     {Description: "同一提交先前已收件"},
			"default": {Description: "错误", Content: map[string]*huma.MediaType{"application/problem+json": {Schema: &huma.Schema{Type: "object"}}}},
		},
	})
}
