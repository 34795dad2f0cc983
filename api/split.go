package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/casework"
	"onewindow/document"
)

// splitRoutes take files apart in which several papers are.
func (s *Server) splitRoutes(api huma.API) {
	guarded(api, http.MethodPost, "/v1/documents/{id}/split", "split-document", "把一份文件拆成几份：未发布且未归入办件；原文件保留", access.DocumentDecide, try(s, s.split))
}

type splitInput struct {
	DocumentPath
	Body struct {
		Starts []int `json:"starts" maxItems:"500" doc:"另一份材料的起始页，从小到大；第 1 页不用写"`
	}
}

// unfiled reports with an error that a document stands in a case: the applicant may
// have been told of it, so it is taken out there first.
func (s *Server) unfiled(ctx context.Context, id document.ID) error {
	filed, err := s.Records.FilingsOfDocument(ctx, string(id))
	if err == nil && len(filed) > 0 {
		err = fmt.Errorf("document stands in a case: %w", casework.ErrIllegal)
	}
	return err
}

func (s *Server) split(ctx context.Context, in *splitInput) (*documentBody, error) {
	if err := s.decidable(ctx, in.ID); err != nil {
		return nil, err
	}
	if err := s.unfiled(ctx, in.ID); err != nil {
		return nil, err
	}
	return view(s.Desk.Split(ctx, in.ID, in.Body.Starts, who(ctx).Account))
}
