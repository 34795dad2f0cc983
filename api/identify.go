package api

import (
	"context"
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
		action, _ := op.Metadata[actionKey].(access.Action)
		who, err := s.whoMay(ctx.Context(), action, ctx.Header("Authorization"), ctx.Header("Cookie"))
		if err != nil {
			s.writeError(api, ctx, err)
			return
		}
		next(huma.WithValue(ctx, whoKey{}, who))
	}
}

func (s *Server) writeError(api huma.API, ctx huma.Context, err error) {
	p := s.problem(ctx.Context(), err)
	for k, v := range extraHeaders(p.Status) {
		ctx.SetHeader(k, v[0])
	}
	if werr := huma.WriteErr(api, ctx, p.Status, p.Detail); werr != nil {
		s.Log.Warn("write problem", "error", werr)
	}
}

// whoMay identifies the sender by a token in Authorization or a session cookie.
// Errors: access.ErrDenied, errForbidden when the action is not for the account;
// action "" is for everybody who is known.
func (s *Server) whoMay(ctx context.Context, action access.Action, authorization, cookies string) (access.Who, error) {
	who, err := s.Guard.Identify(ctx, access.Secret(authorization, cookies))
	if err == nil && action != "" && !who.May(action) {
		err = errForbidden
	}
	return who, err
}

// who returns the account behind a request that passed identify.
func who(ctx context.Context) access.Who {
	w, _ := ctx.Value(whoKey{}).(access.Who)
	return w
}

// guarded wraps a plain handler the way identify wraps operations.
func (s *Server) guarded(action access.Action, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, err := s.whoMay(r.Context(), action, r.Header.Get("Authorization"), r.Header.Get("Cookie"))
		if err != nil {
			s.fail(w, r, err)
			return
		}
		h(w, r.WithContext(context.WithValue(r.Context(), whoKey{}, who)))
	}
}
