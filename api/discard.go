package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
)

// discardRoutes takes scans off the tray of a hall.
func (s *Server) discardRoutes(api huma.API) {
	guarded(api, http.MethodPost, "/v1/documents/{id}/discard", "discard-document", "从托盘删除扫描件：误扫或需重扫，未发布且未归入办件", access.DocumentDecide, try(s, s.discard))
}

// discard is for whoever decides about the document. What stands in a case is taken
// out there first: the applicant may have been told of it.
func (s *Server) discard(ctx context.Context, in *reasonInput) (*documentBody, error) {
	if err := s.decidable(ctx, in.ID); err != nil {
		return nil, err
	}
	if err := s.unfiled(ctx, in.ID); err != nil {
		return nil, err
	}
	return view(s.Desk.Discard(ctx, in.ID, who(ctx).Account, in.reason()))
}
