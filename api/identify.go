package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
)

type whoKey struct{}

// identify finds out who asks and refuses operations that need somebody else.
// An operation without a security requirement is open to all.
func (s *Server) identify(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		op := ctx.Operation()
		if len(op.Security) == 0 {
			next(ctx)
			return
		}
		who, err := s.whoAsks(ctx.Context(), ctx.Header("Authorization"), ctx.Header("Cookie"))
		if err != nil {
			s.writeError(api, ctx, err)
			return
		}
		action, _ := op.Metadata[actionKey].(access.Action)
		if action != "" && !who.May(action) {
			s.writeError(api, ctx, errForbidden)
			return
		}
		next(huma.WithValue(ctx, whoKey{}, who))
	}
}

func (s *Server) writeError(api huma.API, ctx huma.Context, err error) {
	p := s.problem(ctx.Context(), err)
	if werr := huma.WriteErr(api, ctx, p.GetStatus(), p.Error()); werr != nil {
		s.Log.Warn("write problem", "error", werr)
	}
}

// WhoAsks identifies the sender of a plain request: a token in Authorization, or
// a session cookie. Errors: access.ErrDenied.
func (s *Server) WhoAsks(r *http.Request) (access.Who, error) {
	return s.whoAsks(r.Context(), r.Header.Get("Authorization"), r.Header.Get("Cookie"))
}

func (s *Server) whoAsks(ctx context.Context, authorization, cookies string) (access.Who, error) {
	return s.Guard.Identify(ctx, access.Secret(authorization, cookies))
}

// who returns the account behind a request that passed identify.
func who(ctx context.Context) access.Who {
	w, _ := ctx.Value(whoKey{}).(access.Who)
	return w
}

// guarded wraps a plain handler the way identify wraps operations.
func (s *Server) guarded(action access.Action, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, err := s.WhoAsks(r)
		if err == nil && !who.May(action) {
			err = errForbidden
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
		h(w, r.WithContext(context.WithValue(r.Context(), whoKey{}, who)))
	}
}

// errForbidden: known, but not allowed.
var errForbidden = errors.New("forbidden")
