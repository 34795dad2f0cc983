package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/document"
	"onewindow/internal/fulltext"
	"onewindow/storage"
)

// searchRoutes finds documents by what stands in them.
func (s *Server) searchRoutes(api huma.API) {
	guarded(api, http.MethodGet, "/v1/search", "search", "全文检索：本人可见的文件中出现的字、词和编号", access.DocumentRead, try(s, s.search))
}

type searchInput struct {
	Text    string `query:"q" required:"true" minLength:"1" maxLength:"200" doc:"检索词，一个字起；用空格分开的词须全部出现"`
	Project string `query:"project" doc:"项目代码"`
	Limit   int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// searchHit is a document in the list of what was found.
type searchHit struct {
	Document documentRow      `json:"document"`
	Page     int              `json:"page" doc:"出现最多的一页；0 表示文件名、编号、类型或数据项"`
	Score    int              `json:"score" doc:"越大越靠前"`
	Snippet  fulltext.Snippet `json:"snippet"`
}

type searchBody struct {
	Body struct {
		Hits []searchHit `json:"hits"`
		More bool        `json:"more" doc:"另有未列出的文件，请把检索词写得更具体"`
	}
}

// search shows words of documents, so it is noted like any other read. What was
// asked is not: it may be a person's name.
func (s *Server) search(ctx context.Context, in *searchInput) (*searchBody, error) {
	asker := who(ctx)
	q := storage.SearchQuery{Text: in.Text, Project: in.Project, Limit: in.Limit}
	if asker.MembersOnly() {
		q.By = asker.Account
	}
	hits, more, err := s.Records.SearchDocuments(ctx, q, func(d document.Document) bool { return asker.Sees(d, s.Desk.UnitOf(d)) })
	if err != nil {
		return nil, err
	}
	out := &searchBody{}
	out.Body.Hits, out.Body.More = []searchHit{}, more
	for _, h := range hits {
		if err := s.auditDocument(ctx, "document.search", h.Document); err != nil {
			return nil, err
		}
		out.Body.Hits = append(out.Body.Hits, searchHit{Document: s.rowOf(access.Curtain(asker, h.Document)),
			Page: h.Page, Score: h.Score, Snippet: h.Snippet})
	}
	return out, nil
}
