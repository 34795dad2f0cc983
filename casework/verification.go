package casework

import (
	"context"
	"errors"

	"onewindow/approval"
	"onewindow/approval/identifier"
	"onewindow/storage"
)

// PublicVerification is what anyone may know of a result by its code: never the
// image, never the whole number (watermark.md, "Verification code and page").
type PublicVerification struct {
	Kind        string   `json:"kind,omitempty" doc:"result（审批成果）或 notice（文书）"`
	Standing    Standing `json:"standing" doc:"valid、superseded、revoked、unknown 或 mistyped"`
	Message     string   `json:"message"`
	Document    string   `json:"document,omitempty" doc:"文书名称"`
	Number      string   `json:"number,omitempty" doc:"编号，部分隐去"`
	Unit        string   `json:"unit,omitempty" doc:"出具单位"`
	ProjectName string   `json:"project_name,omitempty"`
	PublishedAt string   `json:"published_at,omitempty"`
	ValidUntil  string   `json:"valid_until,omitempty" doc:"有效期至，长期有效时不填"`
	Usable      bool     `json:"usable" doc:"今天能否作为依据"`
	Pages       int      `json:"pages,omitempty"`
	Digest      string   `json:"sha256_prefix,omitempty" doc:"交付文件摘要的前 16 位"`
	Match       *bool    `json:"match,omitempty" doc:"所给摘要是否就是交付文件"`
}

// PublicVerification answers about a code as anyone typed it. digest (64 hex
// digits of a file to compare) may be empty.
func (d *Desk) PublicVerification(ctx context.Context, typed, digest string) (PublicVerification, error) {
	v, err := d.Verify(ctx, typed)
	if err != nil {
		return PublicVerification{}, err
	}
	out := PublicVerification{Standing: v.Standing, Message: standingText[v.Standing]}
	if v.Standing == StandingUnknown {
		return d.noticeVerification(ctx, out, v.Code, digest)
	}
	if v.Standing == StandingMistyped {
		return out, nil
	}
	r := v.Result
	out.Kind = "result"
	out.Document, out.Number, out.Unit = r.TypeName, identifier.MaskNumber(r.Number), r.Issuer
	out.ProjectName, out.Pages = r.ProjectName, r.Pages
	out.PublishedAt = r.PublishedAt.In(shanghai).Format("2006-01-02 15:04:05")
	out.Digest = r.Delivered.Hex()[:16]
	if r.ValidUntil != approval.NoExpiry {
		out.ValidUntil = r.ValidUntil
	}
	usable, why := r.UsableOn(d.day())
	if out.Usable = usable; v.Standing == StandingValid && !usable {
		out.Message = unusableText[why]
	}
	if digest != "" {
		match, err := d.matches(ctx, r.ID, r.Delivered.Hex(), digest)
		if err != nil {
			return out, err
		}
		out.Match = &match
	}
	return out, nil
}

// noticeVerification answers about the code on a notice (文书): that it was issued,
// by whom and when; never to whom, nor what it says. A notice that goes out later
// (V1.10) is unknown until then.
func (d *Desk) noticeVerification(ctx context.Context, out PublicVerification, code, digest string) (PublicVerification, error) {
	n, err := d.Records.NoticeByCode(ctx, code)
	if errors.Is(err, storage.ErrNotFound) || err == nil && n.IssuedAt.After(d.Now()) {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	out.Kind, out.Standing, out.Message = "notice", StandingValid, "该文书真实，由本系统签发"
	out.Document, out.Number, out.Unit = n.Title, identifier.MaskNumber(n.Number), n.Content.Heading
	out.PublishedAt = n.IssuedAt.In(shanghai).Format("2006-01-02 15:04:05")
	if !n.File.IsZero() {
		out.Digest = n.File.Hex()[:16]
		if digest != "" {
			match := n.File.Hex() == digest
			out.Match = &match
		}
	}
	return out, nil
}

// matches compares with the delivered file and with every traced copy of it.
func (d *Desk) matches(ctx context.Context, result, delivered, digest string) (bool, error) {
	if digest == delivered {
		return true, nil
	}
	_, err := d.Copies.CopyByDigest(ctx, result, "sha256-"+digest)
	if errors.Is(err, storage.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// unusableText is what is said of a genuine result that may not be relied on.
var unusableText = map[string]string{
	"expired":  "该成果真实，但已过有效期，不能作为依据",
	"negative": "该成果真实，但结论为不合格或不通过，不能作为依据",
}

var standingText = map[Standing]string{
	StandingValid:      "该成果真实有效",
	StandingSuperseded: "该成果已被新版本替换，请以新版本为准",
	StandingRevoked:    "该成果已被撤销，不能作为依据",
	StandingUnknown:    "校验码不存在，请核对后重新输入",
	StandingMistyped:   "校验码输入有误，请对照文件上的校验码重新输入",
}
