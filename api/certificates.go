package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/casework"
	"onewindow/casework/certificates"
)

// certificateRoutes generate result documents from templates (V2.8).
func (s *Server) certificateRoutes(api huma.API, mux *http.ServeMux) {
	guarded(api, http.MethodGet, "/v1/case-items/{id}/result-form", "result-form", "生成审批成果的模板与已知数据", access.ItemDecide, try(s, s.resultForm))
	s.plain(api, mux, previewOperation(api), access.ItemDecide, s.previewResult)
	guarded(api, http.MethodPost, "/v1/case-items/{id}/results", "generate-result", "按模板生成电子证照（电子文书）并发布", access.ItemDecide, try(s, s.generateResult))
}

type certificateOrder struct {
	Type   string            `json:"type,omitempty" maxLength:"60" doc:"成果类型；该事项只有一种时可不填"`
	Fields map[string]string `json:"fields,omitempty" doc:"确认的成果数据；不填的取已知的值，空值表示去掉"`
	Terms  []string          `json:"terms,omitempty" doc:"许可条件和要求，逐条"`
}

func (o certificateOrder) order(by string) certificates.Order {
	return certificates.Order{Type: o.Type, Values: o.Fields, Terms: o.Terms, By: by}
}

// itemHandled loads an item that the asker's unit handles.
func (s *Server) itemHandled(ctx context.Context, id string) (approval.CaseItem, error) {
	it, err := s.itemSeen(ctx, id)
	if err == nil && !who(ctx).HandlesItem(it) {
		err = errForbidden
	}
	return it, err
}

type resultFormInput struct {
	ItemPath
	Type string `query:"type" maxLength:"60" doc:"成果类型；该事项只有一种时可不填"`
}

type resultFormBody struct{ Body certificates.Draft }

func (s *Server) resultForm(ctx context.Context, in *resultFormInput) (*resultFormBody, error) {
	it, err := s.itemHandled(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	f, err := s.Certificates.Draft(ctx, it, in.Type)
	return &resultFormBody{f}, err
}

type generateInput struct {
	ItemPath
	Body certificateOrder
}

type generatedBody struct {
	Status   int
	Location string `header:"Location"`
	Body     approval.Result
}

func (s *Server) generateResult(ctx context.Context, in *generateInput) (*generatedBody, error) {
	it, err := s.itemHandled(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	r, again, err := s.Certificates.Generate(ctx, it, in.Body.order(who(ctx).Account))
	if err != nil {
		return nil, err
	}
	return &generatedBody{Status: createdOr(again), Location: "/v1/results/" + r.ID, Body: r}, nil
}

func previewOperation(api huma.API) *huma.Operation {
	return &huma.Operation{OperationID: "preview-result", Method: http.MethodPost, Path: "/v1/case-items/{id}/result-preview",
		Summary: "预览将要生成的成果：不编号、不发布", Parameters: pathID("办件事项 ID"),
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"application/json": {Schema: schemaOf[certificateOrder](api, "CertificateOrder")}}},
		Responses: map[string]*huma.Response{"200": binary("标有“预览”的 PDF", "application/pdf")}}
}

// previewBytes bounds what a preview is made from.
const previewBytes = 1 << 20

func (s *Server) previewResult(w http.ResponseWriter, r *http.Request) {
	it, err := s.itemHandled(r.Context(), r.PathValue("id"))
	var body certificateOrder
	if err == nil && json.NewDecoder(http.MaxBytesReader(w, r.Body, previewBytes)).Decode(&body) != nil {
		err = &casework.Invalid{Fields: map[string]string{"body": "应为 JSON 对象"}}
	}
	var pdf []byte
	if err == nil {
		pdf, err = s.Certificates.Preview(r.Context(), it, body.order(who(r.Context()).Account))
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Length", strconv.Itoa(len(pdf)))
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(pdf)
}
