package api

import (
	"context"
	"errors"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/approval/identifier"
	"onewindow/casework"
	"onewindow/storage"
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

// PublicVerification is what anyone may know of a result: never the image, never
// the whole number (watermark.md, "Verification code and page").
type PublicVerification struct {
	Standing    casework.Standing `json:"standing" doc:"valid、superseded、revoked、unknown 或 mistyped"`
	Message     string            `json:"message"`
	Document    string            `json:"document,omitempty" doc:"文书名称"`
	Number      string            `json:"number,omitempty" doc:"编号，部分隐去"`
	Unit        string            `json:"unit,omitempty" doc:"出具单位"`
	ProjectName string            `json:"project_name,omitempty"`
	PublishedAt string            `json:"published_at,omitempty"`
	Pages       int               `json:"pages,omitempty"`
	Digest      string            `json:"sha256_prefix,omitempty" doc:"交付文件摘要的前 16 位"`
	Match       *bool             `json:"match,omitempty" doc:"所给摘要是否就是交付文件"`
}

type verificationBody struct{ Body PublicVerification }

func (s *Server) verify(ctx context.Context, in *verifyInput) (*verificationBody, error) {
	if !s.lookups.allowKey(hostOf(in.remote)) {
		return nil, errTooMany
	}
	v, err := s.Verification(ctx, in.Code, in.SHA256)
	if err != nil {
		return nil, err
	}
	return &verificationBody{Body: v}, nil
}

// Verification answers about a code for the public; digest (hex) may be empty.
func (s *Server) Verification(ctx context.Context, code, digest string) (PublicVerification, error) {
	v, err := s.Desk.Verify(ctx, code)
	if err != nil {
		return PublicVerification{}, err
	}
	out := PublicVerification{Standing: v.Standing, Message: standingText[v.Standing]}
	if v.Standing == casework.StandingUnknown || v.Standing == casework.StandingMistyped {
		return out, nil
	}
	r := v.Result
	out.Document, out.Number, out.Unit = r.TypeName, identifier.MaskNumber(r.Number), r.Issuer
	out.ProjectName, out.Pages = r.ProjectName, r.Pages
	out.PublishedAt = r.PublishedAt.In(shanghai).Format("2006-01-02 15:04:05")
	out.Digest = r.Delivered.Hex()[:16]
	if digest != "" {
		match, err := s.matches(ctx, r.ID, r.Delivered.Hex(), digest)
		if err != nil {
			return out, err
		}
		out.Match = &match
	}
	return out, nil
}

// matches compares with the delivered file and with every traced copy of it.
func (s *Server) matches(ctx context.Context, result, delivered, digest string) (bool, error) {
	if digest == delivered {
		return true, nil
	}
	_, err := s.Records.CopyByDigest(ctx, result, "sha256-"+digest)
	if errors.Is(err, storage.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

var standingText = map[casework.Standing]string{
	casework.StandingValid:      "该成果真实有效",
	casework.StandingSuperseded: "该成果已被新版本替换，请以新版本为准",
	casework.StandingRevoked:    "该成果已被撤销，不能作为依据",
	casework.StandingUnknown:    "校验码不存在，请核对后重新输入",
	casework.StandingMistyped:   "校验码输入有误，请对照文件上的校验码重新输入",
}
