package api

import (
	"context"
)

type healthBody struct {
	Body struct {
		Status  string `json:"status"`
		Version string `json:"version"`
	}
}

func (s *Server) health(context.Context, *noInput) (*healthBody, error) {
	out := &healthBody{}
	out.Body.Status, out.Body.Version = "ok", s.Version
	return out, nil
}

func (s *Server) ready(ctx context.Context, _ *noInput) (*healthBody, error) {
	if err := s.Ready(ctx); err != nil {
		s.Log.Warn("not ready", "error", err)
		return nil, errNotReady
	}
	return s.health(ctx, nil)
}
