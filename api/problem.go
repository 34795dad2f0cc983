package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sort"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/api/resumable"
	"onewindow/casework"
	"onewindow/casework/cases"
	"onewindow/casework/issuance"
	"onewindow/casework/notices"
	"onewindow/casework/training"
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
	{access.ErrDenied, http.StatusUnauthorized, "请先登录，或检查账号、密码或令牌是否有效"},
	{access.ErrWeak, http.StatusUnprocessableEntity, "密码至少 8 个字符"},
	{errForbidden, http.StatusForbidden, "没有办理此事的权限"},
	{storage.ErrNotFound, http.StatusNotFound, "没有找到，或无权查看"},
	{training.ErrFull, http.StatusConflict, "名额已满"},
	{casework.ErrIllegal, http.StatusConflict, "当前状态下不能这样办理，请刷新后查看最新状态"},
	{casework.ErrNoBasis, http.StatusConflict, "该成果已被替换、撤销、过期或结论为不通过，不能作为依据"},
	{cases.ErrClassified, http.StatusForbidden, "该项目涉密，不能通过网络申报，请按保密规定到指定窗口线下办理"},
	{storage.ErrStale, http.StatusPreconditionFailed, "内容已被他人更改，请刷新后在最新内容上重试"},
	{storage.ErrConflict, http.StatusConflict, "内容已被他人更改，或与先前的提交不一致，请刷新后重试"},
	{storage.ErrMismatch, http.StatusUnprocessableEntity, "收到的内容与所报摘要不一致，请重新上传"},
	{storage.ErrFull, http.StatusServiceUnavailable, "存储空间不足，暂时不能收件，请稍后再试"},
	{notices.ErrNobody, http.StatusUnprocessableEntity, "请填写受送达人"},
	{issuance.ErrLocked, http.StatusConflict, "取件码多次输入错误，已锁定，请核实领取人身份后由窗口负责人处理"},
	{issuance.ErrNotPrintable, http.StatusForbidden, "该成果不能自助打印，请选择自取或邮寄"},
	{cases.ErrNotConfirmed, http.StatusForbidden, "窗口代填的申请须由申请单位确认并提交；代办人员只能代为提交市政公用服务事项"},
	{errTooMany, http.StatusTooManyRequests, "请求过于频繁，请稍后再试"},
	{errBadRequest, http.StatusBadRequest, "请求格式不正确"},
	{errNotReady, http.StatusServiceUnavailable, "尚未就绪"},
	{resumable.ErrOffset, http.StatusConflict, "续传位置与已收到的字节数不一致，请先查询进度，再从那里继续"},
	{resumable.ErrBusy, http.StatusLocked, "该文件正由另一请求上传，请稍后再试"},
	{resumable.ErrVersion, http.StatusPreconditionFailed, "需要 Tus-Resumable: 1.0.0"},
	{resumable.ErrSyntax, http.StatusBadRequest, "续传请求的请求头不正确"},
	{resumable.ErrBroken, http.StatusServiceUnavailable, "上传中断，请从已收到的位置继续"},
	{errCrowded, http.StatusServiceUnavailable, "等待处理的文件过多，暂不收件；尚未收下任何内容，请稍后再传"},
	{errStalled, http.StatusRequestTimeout, "上传中断，请重试"},
	{context.DeadlineExceeded, http.StatusServiceUnavailable, "系统繁忙，请稍后再试"},
}

var (
	errForbidden  = errors.New("forbidden") // known, but not allowed
	errTooMany    = errors.New("too many requests")
	errBadRequest = errors.New("bad request")
	errNotReady   = errors.New("not ready")
	errCrowded    = errors.New("queue full")
	errStalled    = errors.New("upload stalled")
)

// problem turns an error into a problem for people, and logs what is ours.
func (s *Server) problem(ctx context.Context, err error) *huma.ErrorModel {
	var invalid *casework.Invalid
	if errors.As(err, &invalid) {
		return invalidProblem(invalid)
	}
	var illegal *cases.Illegal
	if errors.As(err, &illegal) {
		return problemOf(http.StatusConflict, illegal.Text())
	}
	var spent *access.Spent
	if errors.As(err, &spent) {
		return problemOf(http.StatusTooManyRequests, spent.Text())
	}
	if r, ok := document.AsRefusal(err); ok {
		return refusalProblem(r)
	}
	for _, f := range faces {
		if errors.Is(err, f.err) {
			return problemOf(f.status, f.text)
		}
	}
	if ctx.Err() == nil {
		s.Log.Error("request failed", "error", err)
	}
	return problemOf(http.StatusInternalServerError, troubleText)
}

func problemOf(status int, detail string) *huma.ErrorModel {
	return &huma.ErrorModel{Status: status, Title: http.StatusText(status), Detail: detail}
}

// invalidProblem names every wrong field at once.
func invalidProblem(e *casework.Invalid) *huma.ErrorModel {
	p := problemOf(http.StatusUnprocessableEntity, "填写的内容有误，请按提示修改")
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

func refusalProblem(r *document.Refusal) *huma.ErrorModel {
	status := http.StatusUnprocessableEntity
	if r.Code == document.CodeTooLarge {
		status = http.StatusRequestEntityTooLarge
	}
	p := problemOf(status, r.Message)
	p.Errors = []*huma.ErrorDetail{{Location: "file", Message: string(r.Code)}}
	return p
}

// extraHeaders are what a status asks for beside its body.
func extraHeaders(status int) http.Header {
	h := http.Header{}
	switch status {
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		h.Set("Retry-After", "30")
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="onewindow"`)
	}
	return h
}

// fail answers a plain request with a problem.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	m, after := s.problem(r.Context(), err), s.pause(err)
	writeModelAfter(w, m, after)
}

func writeProblem(w http.ResponseWriter, status int, detail string) {
	writeModel(w, problemOf(status, detail))
}

func writeModel(w http.ResponseWriter, m *huma.ErrorModel) { writeModelAfter(w, m, "") }

// writeModelAfter also says when to come again, in seconds, if not as usual.
func writeModelAfter(w http.ResponseWriter, m *huma.ErrorModel, after string) {
	h := w.Header()
	for _, stale := range []string{"Content-Disposition", "ETag", "Repr-Digest", "Cache-Control"} {
		h.Del(stale)
	}
	for k, v := range extraHeaders(m.Status) {
		h[k] = v
	}
	if after != "" {
		h.Set("Retry-After", after)
	}
	h.Set("Content-Type", "application/problem+json")
	w.WriteHeader(m.Status)
	_ = json.NewEncoder(w).Encode(m) // the client is gone if this fails
}

// try wraps an operation so that its errors become problems.
func try[I, O any](s *Server, op func(context.Context, *I) (*O, error)) func(context.Context, *I) (*O, error) {
	return func(ctx context.Context, in *I) (*O, error) {
		out, err := op(ctx, in)
		if err != nil {
			p := s.problem(ctx, err)
			return nil, huma.ErrorWithHeaders(p, extraHeaders(p.Status))
		}
		return out, nil
	}
}

// plainWords is the last word on problems that the framework makes itself: its
// English becomes a sentence for people, what the client sent is not repeated
// (it may be a password), and of a failure of ours nothing is told.
func plainWords(_ huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	if m.Status >= http.StatusInternalServerError {
		m.Errors = nil
	}
	for _, e := range m.Errors {
		e.Value = nil
	}
	if !chinese(m.Detail) {
		m.Detail = frameworkText[m.Status]
		if m.Detail == "" {
			m.Detail = frameworkText[http.StatusBadRequest]
		}
	}
	return m, nil
}

func chinese(text string) bool {
	for _, r := range text {
		if r >= 0x4e00 && r <= 0x9fff {
			return true
		}
	}
	return false
}

var frameworkText = map[int]string{
	http.StatusBadRequest:            "请求格式不正确",
	http.StatusNotAcceptable:         "不能以所要求的格式回答",
	http.StatusRequestTimeout:        "请求没有及时发完，请重试",
	http.StatusRequestEntityTooLarge: "请求内容过大",
	http.StatusUnsupportedMediaType:  "不支持这种请求格式，请使用 application/json",
	http.StatusUnprocessableEntity:   "填写的内容有误，请按提示修改",
	http.StatusInternalServerError:   troubleText,
}
