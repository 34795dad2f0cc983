package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/casework/notices"
	"onewindow/storage"
)

// templateRoutes edit the wording of notices: list, draft, preview, publish.
func (s *Server) templateRoutes(api huma.API, mux *http.ServeMux) {
	guarded(api, http.MethodGet, "/v1/notice-templates", "list-notice-templates", "文书模板", access.NoticeDesign, try(s, s.listTemplates))
	guarded(api, http.MethodGet, "/v1/notice-templates/{kind}", "get-notice-template", "文书模板的一个版本", access.NoticeDesign, try(s, s.getTemplate))
	guarded(api, http.MethodPut, "/v1/notice-templates/{kind}/draft", "draft-notice-template", "保存文书模板草稿", access.NoticeDesign, try(s, s.draftTemplate))
	s.plain(api, mux, templatePreview(), access.NoticeDesign, s.previewTemplate)
	guarded(api, http.MethodPost, "/v1/notice-templates/{kind}/publish", "publish-notice-template", "发布草稿：此后签发的文书使用新模板，已签发的不变", access.NoticeDesign, try(s, s.publishTemplate))
}

// templateRow is a template with what an editor needs beside it.
type templateRow struct {
	notices.Template
	Variables []string          `json:"variables" doc:"可用的变量"`
	Draft     *notices.Template `json:"draft,omitempty" doc:"正在修改的草稿"`
}

type templateList struct {
	Body struct {
		Templates []templateRow `json:"templates"`
	}
}

// templateOf is the template in force with its draft.
func (s *Server) templateOf(ctx context.Context, kind string, version int64) (templateRow, error) {
	t, err := s.Notices.Templates.Get(ctx, s.Office.Catalogue, kind, version)
	if err != nil {
		return templateRow{}, err
	}
	row := templateRow{Template: t, Variables: notices.Variables(kind)}
	switch d, err := s.Notices.Templates.Draft(ctx, kind); {
	case err == nil:
		row.Draft = &d
	case !isNotFound(err):
		return row, err
	}
	return row, nil
}

func (s *Server) listTemplates(ctx context.Context, _ *struct{}) (*templateList, error) {
	out := &templateList{}
	out.Body.Templates = []templateRow{}
	for _, n := range s.Office.Catalogue.Notices {
		row, err := s.templateOf(ctx, n.Code, -1)
		if err != nil {
			return nil, err
		}
		out.Body.Templates = append(out.Body.Templates, row)
	}
	return out, nil
}

// TemplatePath names a kind of notice in a route.
type TemplatePath struct {
	Kind string `path:"kind" maxLength:"60" doc:"文书种类，如 acceptance_notice"`
}

type templateInput struct {
	TemplatePath
	Version int64 `query:"version" default:"-1" minimum:"-1" doc:"版本；0 为事项目录自带，不填为现行"`
}

type templateBody struct{ Body templateRow }

func (s *Server) getTemplate(ctx context.Context, in *templateInput) (*templateBody, error) {
	row, err := s.templateOf(ctx, in.Kind, in.Version)
	return &templateBody{row}, err
}

type draftTemplateInput struct {
	TemplatePath
	Body struct {
		Title      string `json:"title"`
		Body       string `json:"body"`
		Commitment string `json:"commitment,omitempty"`
		Footer     string `json:"footer,omitempty"`
	}
}

type wordsBody struct{ Body notices.Template }

func (s *Server) draftTemplate(ctx context.Context, in *draftTemplateInput) (*wordsBody, error) {
	t, err := s.Notices.Templates.SaveDraft(ctx, s.Office.Catalogue, notices.Template{Kind: in.Kind, Title: in.Body.Title, Body: in.Body.Body,
		Commitment: in.Body.Commitment, Footer: in.Body.Footer}, who(ctx).Account)
	return &wordsBody{t}, err
}

type publishTemplateInput struct {
	TemplatePath
	Body struct {
		Version int64 `json:"version,omitempty" doc:"所见草稿的版本；已被他人更改时答 412"`
	}
}

func (s *Server) publishTemplate(ctx context.Context, in *publishTemplateInput) (*wordsBody, error) {
	t, err := s.Notices.Templates.Publish(ctx, in.Kind, in.Body.Version, who(ctx).Account)
	return &wordsBody{t}, err
}

func templatePreview() *huma.Operation {
	return &huma.Operation{OperationID: "preview-notice-template", Method: http.MethodGet, Path: "/v1/notice-templates/{kind}/preview",
		Summary: "以虚构数据预览：有草稿的看草稿",
		Parameters: []*huma.Param{{Name: "kind", In: "path", Required: true, Schema: text("文书种类")},
			{Name: "version", In: "query", Schema: text("已发布的版本；不填看草稿，没有草稿看现行")}},
		Responses: map[string]*huma.Response{"200": binary("PDF", "application/pdf")}}
}

func (s *Server) previewTemplate(w http.ResponseWriter, r *http.Request) {
	pdf, err := s.templateSample(r.Context(), r.PathValue("kind"), r.URL.Query().Get("version"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Length", strconv.Itoa(len(pdf)))
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(pdf)
}

func (s *Server) templateSample(ctx context.Context, kind, version string) ([]byte, error) {
	number := int64(-1)
	if version != "" {
		var err error
		if number, err = strconv.ParseInt(version, 10, 64); err != nil || number < 0 {
			return nil, errBadRequest
		}
	}
	row, err := s.templateOf(ctx, kind, number)
	if err != nil {
		return nil, err
	}
	t := row.Template
	if version == "" && row.Draft != nil {
		t = *row.Draft
	}
	n, err := notices.Sample(s.Office.Catalogue, t, s.Now())
	if err != nil {
		return nil, err
	}
	return s.Notices.Printer.Print(n, s.BaseURL+"/v/SAMPLE")
}

func isNotFound(err error) bool { return err != nil && errors.Is(err, storage.ErrNotFound) }
