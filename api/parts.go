package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
)

// partRoutes show what batches and archives were taken apart into.
func (s *Server) partRoutes(api huma.API) {
	guarded(api, http.MethodGet, "/v1/documents/{id}/parts", "document-parts", "批次或压缩包拆分出的文件", access.DocumentRead, try(s, s.documentParts))
}

type partsBody struct {
	Body struct {
		Parts []partRow `json:"parts"`
	}
}

// partRow is a part and where in the whole it stood.
type partRow struct {
	documentRow
	First int    `json:"first_page,omitempty" doc:"在批次中的起始页"`
	Last  int    `json:"last_page,omitempty" doc:"在批次中的末页"`
	Entry string `json:"entry,omitempty" doc:"在压缩包中的名称"`
}

func (s *Server) documentParts(ctx context.Context, in *DocumentPath) (*partsBody, error) {
	whole, err := s.document(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	parts, err := s.Records.PartsOf(ctx, whole.ID)
	if err != nil {
		return nil, err
	}
	asker, out := who(ctx), &partsBody{}
	out.Body.Parts = []partRow{}
	for _, d := range parts {
		if !asker.Sees(d, s.Desk.UnitOf(d)) {
			continue
		}
		row := partRow{documentRow: s.rowOf(access.Curtain(asker, d))}
		if b := d.Origin.Batch; b != nil {
			row.First, row.Last, row.Entry = b.First, b.Last, b.Entry
		}
		out.Body.Parts = append(out.Body.Parts, row)
	}
	return out, nil
}
