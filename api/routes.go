package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
)

// actionKey holds an operation's action in its metadata.
const actionKey = "action"

// routes lists everything that can be asked, with the right it needs.
func (s *Server) routes(api huma.API, mux *http.ServeMux) {
	// Open to all.
	open(api, http.MethodGet, "/healthz", "health", "进程是否存活", s.health)
	open(api, http.MethodGet, "/readyz", "ready", "是否可以受理", try(s, s.ready))
	open(api, http.MethodPost, "/v1/sessions", "login", "登录", try(s, s.login))
	open(api, http.MethodGet, "/v1/verifications/{code}", "verify", "查验校验码", try(s, s.verify))
	open(api, http.MethodGet, "/schemas/result.json", "result-schema", "成果记录的 JSON Schema", s.resultSchema)

	// Documents.
	mux.HandleFunc("POST /v1/documents", s.guarded(access.DocumentSend, s.receive))
	describeUpload(api)
	guarded(api, http.MethodGet, "/v1/documents", "list-documents", "文件列表", access.DocumentRead, try(s, s.listDocuments))
	guarded(api, http.MethodGet, "/v1/documents/{id}", "get-document", "文件及其进度", access.DocumentRead, try(s, s.getDocument))
	guarded(api, http.MethodGet, "/v1/documents/{id}/pages", "document-pages", "逐页识别结果", access.DocumentRead, try(s, s.documentPages))
	guarded(api, http.MethodPost, "/v1/documents/{id}/confirm", "confirm-document", "确认成果数据", access.DocumentDecide, try(s, s.confirm))
	guarded(api, http.MethodPost, "/v1/documents/{id}/reject", "reject-document", "不予采用", access.DocumentDecide, try(s, s.reject))
	guarded(api, http.MethodPost, "/v1/documents/{id}/cancel", "cancel-document", "撤回", access.DocumentDecide, try(s, s.cancel))
	guarded(api, http.MethodPost, "/v1/documents/{id}/retry", "retry-document", "重试", access.DocumentRetry, try(s, s.retry))
	guarded(api, http.MethodPost, "/v1/documents/{id}/reprocess", "reprocess-document", "重新识别", access.DocumentRetry, try(s, s.reprocess))
	guarded(api, http.MethodPost, "/v1/documents/{id}/password", "unlock-document", "提供文件密码", access.DocumentRetry, try(s, s.unlock))
	mux.HandleFunc("GET /v1/documents/{id}/events", s.guarded(access.DocumentRead, s.watch))

	// Results and who relies on them.
	guarded(api, http.MethodGet, "/v1/results", "list-results", "审批成果列表", access.ResultRead, try(s, s.listResults))
	guarded(api, http.MethodGet, "/v1/results/{id}", "get-result", "审批成果", access.ResultRead, try(s, s.getResult))
	mux.HandleFunc("GET /v1/results/{id}/file", s.guarded(access.ResultFile, s.resultFile))
	mux.HandleFunc("GET /v1/results/{id}/original", s.guarded(access.ResultOriginal, s.resultOriginal))
	guarded(api, http.MethodPost, "/v1/results/{id}/revoke", "revoke-result", "撤销成果", access.ResultRevoke, try(s, s.revoke))
	guarded(api, http.MethodGet, "/v1/results/{id}/reliances", "list-reliances", "依据引用", access.ResultRead, try(s, s.listReliances))
	guarded(api, http.MethodPost, "/v1/results/{id}/reliances", "rely", "作为依据引用", access.BasisRely, try(s, s.rely))
	mux.HandleFunc("POST /v1/certificates", s.guarded(access.ResultPush, s.push))
	guarded(api, http.MethodGet, "/v1/projects/{code}/basis", "basis", "事项可用的依据", access.BasisRead, try(s, s.basis))

	// The outbox and the trail.
	guarded(api, http.MethodGet, "/v1/events", "events", "事件流", access.EventsRead, try(s, s.events))
	guarded(api, http.MethodGet, "/v1/audit", "audit", "办理过程", access.AuditRead, try(s, s.audit))
	guarded(api, http.MethodGet, "/v1/queue", "queue", "排队情况", access.QueueManage, try(s, s.queue))
	guarded(api, http.MethodGet, "/v1/session", "whoami", "当前登录", "", try(s, s.whoami))
	guarded(api, http.MethodDelete, "/v1/session", "logout", "退出", "", try(s, s.logout))

	if s.Metrics != nil {
		mux.Handle("GET /metrics", s.Metrics)
	}
	if s.Pages != nil {
		mux.Handle("/", s.Pages)
	}
	mux.HandleFunc("/v1/", func(w http.ResponseWriter, r *http.Request) {
		writeProblem(w, http.StatusNotFound, "没有这个地址")
	})
}

// open registers an operation that needs no login.
func open[I, O any](api huma.API, method, path, id, summary string, h func(context.Context, *I) (*O, error)) {
	huma.Register(api, huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary}, h)
}

// guarded registers an operation that needs a right; action "" needs only a login.
func guarded[I, O any](api huma.API, method, path, id, summary string, action access.Action, h func(context.Context, *I) (*O, error)) {
	huma.Register(api, huma.Operation{
		OperationID: id, Method: method, Path: path, Summary: summary,
		Security: []map[string][]string{{"token": {}}},
		Metadata: map[string]any{actionKey: action},
	}, h)
}
