package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/casework"
)

type verifyInput struct {
	remote string
	Code   string `path:"code" maxLength:"64" doc:"校验码，连字符和大小写不限"`
	SHA256 string `query:"sha256" pattern:"^[0-9a-f]{64}$" doc:"待比对文件的 SHA-256"`
}

// Resolve keeps the sender's address for the rate limit.
func (in *verifyInput) Resolve(ctx huma.Context) []error {
	in.remote = ctx.RemoteAddr()
	return nil
}

type verificationBody struct{ Body casework.PublicVerification }

func (s *Server) verify(ctx context.Context, in *verifyInput) (*verificationBody, error) {
	if !s.Limits.AllowLookup(in.remote) {
		return nil, errTooMany
	}
	v, err := s.Desk.PublicVerification(ctx, in.Code, in.SHA256)
	if err != nil {
		return nil, err
	}
	return &verificationBody{Body: v}, nil
}
