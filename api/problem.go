package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sort"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/casework"
	"onewindow/document"
	"onewindow/storage"
)

// troubleText is what people read when the trouble is ours.
const troubleText = "系统出现故障，请稍后再试；若一直如此，请联系管理员。"

// faces maps what can go wrong to a status and a sentence. It is the only place:
// an error that is not here shows none of its text.
var faces = []struct {
	err    error
	status int
	text   string
}{
	{access.ErrDenied, http.StatusUnauthorized, "请先登录，或检查令牌是否有效"},
	{errForbidden, http.StatusForbidden, "没有办理此事的权限"},
	{storage.ErrNotFound, http.StatusNotFound, "没有找到，或无权查看"},
	{casework.ErrIllegal, http.StatusConflict, "当前状态下不能这样办理，请刷新后查看最新状态"},
	{storage.ErrConflict, http.StatusConflict, "内容已被他人更改，或与先前的提交不一致，请刷新后重试"},
	{storage.ErrMismatch, http.StatusUnprocessableEntity, "收到的内容与所报摘要不一致，请重新上传"},
	{storage.ErrFull, http.StatusServiceUnavailable, "存储空间不足，暂时不能收件，请稍后再试"},
	{errTooMany, http.StatusTooManyRequests, "请求过于频繁，请稍后再试"},
	{errBadRequest, http.StatusBadRequest, "请求格式不正确"},
	{context.DeadlineExceeded, http.StatusServiceUnavailable, "系统繁忙，请稍后再试"},
}

var (
	errTooMany    = errors.New("too many requests")
	errBadRequest = errors.New("bad request")
)

// problem turns an error into a problem for people, and logs what is ours.
func (s *Server) problem(ctx context.Context, err error) huma.StatusError {
	var status huma.StatusError
	if errors.As(err, &status) {
		return status
	}
	var invalid *casework.Invalid
	if errors.As(err, &invalid) {
		return invalidProblem(invalid)
	}
	if r, ok := document.AsRefusal(err); ok {
		return refusalProblem(r)
	}
	for _, f := range faces {
		if errors.Is(err, f.err) {
			return &huma.ErrorModel{Status: f.status, Title: http.StatusText(f.status), Detail: f.text}
		}
	}
	if ctx.Err() == nil {
		s.Log.Error("request failed", "error", err)
	}
	return &huma.ErrorModel{Status: 500, Title: http.StatusText(500), Detail: troubleText}
}

// invalidProblem names every wrong field at once.
func invalidProblem(e *casework.Invalid) huma.StatusError {
	p := &huma.ErrorModel{Status: 422, Title: http.StatusText(422), Detail: "填写的内容有误，请按提示修改"}
	keys := make([]string, 0, len(e.Fields))
	for k := range e.Fields {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		p.Errors = append(p.Errors, &huma.ErrorDetail{Location: k, Message: e.Fields[k]})
	}
	return p
}

func refusalProblem(r *document.Refusal) huma.StatusError {
	status := http.StatusUnprocessableEntity
	if r.Code == document.CodeTooLarge {
		status = http.StatusRequestEntityTooLarge
	}
	return &huma.ErrorModel{Status: status, Title: http.StatusText(status), Detail: r.Message,
		Errors: []*huma.ErrorDetail{{Location: "file", Message: string(r.Code)}}}
}

// fail answers a plain request with a problem.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := s.problem(r.Context(), err)
	model, ok := p.(*huma.ErrorModel)
	if !ok {
		model = &huma.ErrorModel{Status: p.GetStatus(), Title: http.StatusText(p.GetStatus()), Detail: p.Error()}
	}
	writeModel(w, model)
}

func writeProblem(w http.ResponseWriter, status int, detail string) {
	writeModel(w, &huma.ErrorModel{Status: status, Title: http.StatusText(status), Detail: detail})
}

func writeModel(w http.ResponseWriter, m *huma.ErrorModel) {
	w.Header().Set("Content-Type", "application/problem+json")
	if m.Status == http.StatusServiceUnavailable || m.Status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "30")
	}
	w.WriteHeader(m.Status)
	_ = json.NewEncoder(w).Encode(m) // the client is gone if this fails
}

// try wraps an operation so that its errors become problems.
func try[I, O any](s *Server, op func(context.Context, *I) (*O, error)) func(context.Context, *I) (*O, error) {
	return func(ctx context.Context, in *I) (*O, error) {
		out, err := op(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	}
}
