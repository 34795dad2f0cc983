package web

import (
	"errors"
	"net/http"
	"sort"

	"onewindow/casework"
	"onewindow/casework/cases"
	"onewindow/document"
	"onewindow/storage"
)

// errForbidden: known, but not allowed.
var errForbidden = errors.New("forbidden")

// fail turns an error into a page; what is not known shows none of its text.
func (s *pages) fail(w http.ResponseWriter, r *http.Request, err error) {
	var invalid *casework.Invalid
	var illegal *cases.Illegal
	var no *refusal
	switch {
	case errors.As(err, &no) && no.Status < http.StatusInternalServerError:
		s.problem(w, r, no.Status, no.text())
	case errors.Is(err, errForbidden):
		s.problem(w, r, http.StatusForbidden, "没有办理此事的权限")
	case errors.Is(err, storage.ErrNotFound):
		s.problem(w, r, http.StatusNotFound, "没有找到，或无权查看")
	case errors.Is(err, casework.ErrIllegal) && !errors.As(err, &illegal), errors.Is(err, storage.ErrConflict), errors.Is(err, storage.ErrStale):
		s.problem(w, r, http.StatusConflict, "内容已有变化，请返回查看最新状态")
	case errors.As(err, &illegal):
		s.problem(w, r, http.StatusConflict, illegal.Text())
	case errors.Is(err, cases.ErrNotConfirmed):
		s.problem(w, r, http.StatusForbidden, "窗口代填的申请须由申请单位确认并提交；代办人员只能代为提交市政公用服务事项")
	case errors.Is(err, cases.ErrClassified):
		s.problem(w, r, http.StatusForbidden, "该项目涉密，不能通过网络申报，请按保密规定到指定窗口线下办理")
	case errors.As(err, &invalid):
		s.problem(w, r, http.StatusUnprocessableEntity, firstText(invalid.Fields))
	default:
		if refusal, ok := document.AsRefusal(err); ok {
			s.problem(w, r, http.StatusUnprocessableEntity, refusal.Message)
			return
		}
		s.Log.Error("page failed", "route", r.Pattern, "error", err)
		s.problem(w, r, http.StatusInternalServerError, "系统出现故障，请稍后再试；若一直如此，请联系管理员。")
	}
}

// text is all that is wrong, in one sentence for people.
func (e *refusal) text() string {
	if len(e.Fields) > 0 {
		return firstText(e.Fields)
	}
	return e.Detail
}

// notFoundOnly is nil for what is not there, else the error.
func notFoundOnly(err error) error {
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	return err
}

func firstText(m map[string]string) string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	if len(keys) == 0 {
		return "填写的内容有误"
	}
	return m[keys[0]]
}
