package api

import (
	"context"
	"fmt"
	"net/http"
	"os"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/casework"
	"onewindow/document"
	"onewindow/intake"
)

// splitRoutes take files apart in which several papers are, and join files that are
// one paper.
func (s *Server) splitRoutes(api huma.API) {
	guarded(api, http.MethodPost, "/v1/documents/join", "join-documents", "把几份扫描件合并成一份：未发布且未归入办件；原文件保留", access.DocumentDecide, try(s, s.join))
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

type joinInput struct {
	Body struct {
		Documents []document.ID `json:"documents" maxItems:"50" doc:"按页面先后排列"`
	}
}

type joinBody struct {
	Status int
	Body   intake.Receipt
}

// join takes the joined file in like any other, so that it is screened and read; the
// files it was made from go off the tray then.
func (s *Server) join(ctx context.Context, in *joinInput) (*joinBody, error) {
	for _, id := range in.Body.Documents {
		err := s.decidable(ctx, id)
		if err == nil {
			err = s.unfiled(ctx, id)
		}
		if err != nil {
			return nil, err
		}
	}
	j, err := s.Desk.Join(ctx, in.Body.Documents)
	if err != nil {
		return nil, err
	}
	defer j.Close()
	f, err := os.Open(j.Path)
	if err != nil {
		return nil, fmt.Errorf("open joined file: %w", err)
	}
	defer f.Close()
	receipt, err := s.Receiver.Receive(ctx, intake.Submission{Body: f, Filename: j.Filename, Origin: j.Origin})
	if err != nil {
		return nil, err
	}
	return &joinBody{Status: http.StatusCreated, Body: receipt}, s.Desk.Absorb(ctx, j, receipt.Document, who(ctx).Account)
}
