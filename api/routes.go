package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/intake"
)

// actionKey holds an operation's action in its metadata.
const actionKey = "action"

// rightKey tells readers of the description which right an operation needs.
const rightKey = "x-right"

// routes lists everything that can be asked, with the right it needs.
func (s *Server) routes(api huma.API, mux *http.ServeMux) {
	// Open to all.
	open(api, http.MethodGet, "/healthz", "health", "进程是否存活", try(s, s.health))
	open(api, http.MethodGet, "/readyz", "ready", "是否可以受理", try(s, s.ready))
	open(api, http.MethodPost, "/v1/sessions", "login", "登录", try(s, s.login))
	open(api, http.MethodGet, "/v1/verifications/{code}", "verify", "查验校验码", try(s, s.verify))
	open(api, http.MethodGet, "/schemas/result.json", "result-schema", "成果记录的 JSON Schema", try(s, s.resultSchema))

	// Documents.
	s.plain(api, mux, uploadOperation(api), access.DocumentSend, s.receive)
	s.uploadRoutes(api, mux)
	guarded(api, http.MethodGet, "/v1/documents", "list-documents", "文件列表", access.DocumentRead, try(s, s.listDocuments))
	guarded(api, http.MethodGet, "/v1/documents/{id}", "get-document", "文件及其进度", access.DocumentRead, try(s, s.getDocument))
	s.partRoutes(api)
	guarded(api, http.MethodGet, "/v1/documents/{id}/pages", "document-pages", "逐页识别结果", access.DocumentRead, try(s, s.documentPages))
	s.plain(api, mux, eventsOperation(), access.DocumentRead, s.watch)
	s.plain(api, mux, fileOperation("/v1/documents/{id}/original", "document-original", "收到的原文件"), access.DocumentOriginal, s.documentOriginal)
	s.plain(api, mux, fileOperation("/v1/documents/{id}/searchable", "document-searchable", "扫描件的可检索副本（PDF/A，未加水印）"), access.DocumentOriginal, s.documentSearchable)
	guarded(api, http.MethodPost, "/v1/documents/{id}/confirm", "confirm-document", "确认成果数据", access.DocumentDecide, try(s, s.confirm))
	guarded(api, http.MethodPost, "/v1/documents/{id}/reject", "reject-document", "不予采用", access.DocumentDecide, try(s, s.reject))
	guarded(api, http.MethodPost, "/v1/documents/{id}/cancel", "cancel-document", "撤回", access.DocumentDecide, try(s, s.cancel))
	guarded(api, http.MethodPost, "/v1/documents/{id}/retry", "retry-document", "重试", access.DocumentRetry, try(s, s.retry))
	guarded(api, http.MethodPost, "/v1/documents/{id}/reprocess", "reprocess-document", "重新识别", access.DocumentRetry, try(s, s.reprocess))
	guarded(api, http.MethodPost, "/v1/documents/{id}/password", "unlock-document", "提供文件密码", access.DocumentUnlock, try(s, s.unlock))
	guarded(api, http.MethodPost, "/v1/documents/{id}/release", "release-document", "解除隔离", access.DocumentRelease, try(s, s.release))
	guarded(api, http.MethodPost, "/v1/documents/{id}/purge", "purge-document", "销毁涉密文件", access.DocumentRelease, try(s, s.purge))

	// Results and who relies on them.
	guarded(api, http.MethodGet, "/v1/results", "list-results", "审批成果列表", access.ResultRead, try(s, s.listResults))
	guarded(api, http.MethodGet, "/v1/results/{id}", "get-result", "审批成果", access.ResultRead, try(s, s.getResult))
	s.plain(api, mux, tracedOperation(), access.ResultFile, s.resultFile)
	s.plain(api, mux, fileOperation("/v1/results/{id}/original", "result-original", "未加水印的原件（出具单位与档案）"), access.ResultOriginal, s.resultOriginal)
	guarded(api, http.MethodPost, "/v1/results/{id}/revoke", "revoke-result", "撤销成果", access.ResultRevoke, try(s, s.revoke))
	guarded(api, http.MethodPost, "/v1/results/{id}/project", "link-result", "补充成果所属项目", access.ResultLink, try(s, s.link))
	guarded(api, http.MethodGet, "/v1/results/{id}/reliances", "list-reliances", "依据引用", access.ResultRead, try(s, s.listReliances))
	guarded(api, http.MethodPost, "/v1/results/{id}/reliances", "rely", "作为依据引用", access.BasisRely, try(s, s.rely))
	s.plain(api, mux, pushOperation(api), access.ResultPush, s.push)

	// Projects.
	guarded(api, http.MethodGet, "/v1/projects/{code}/basis", "basis", "事项可用的依据", access.BasisRead, try(s, s.basis))
	guarded(api, http.MethodGet, "/v1/projects/{code}/members", "list-members", "项目的申报账号", access.MembersManage, try(s, s.listMembers))
	guarded(api, http.MethodPut, "/v1/projects/{code}/members/{account}", "add-member", "允许账号办理项目", access.MembersManage, try(s, s.addMember))
	guarded(api, http.MethodDelete, "/v1/projects/{code}/members/{account}", "remove-member", "不再允许账号办理项目", access.MembersManage, try(s, s.removeMember))

	s.catalogueRoutes(api)
	s.caseRoutes(api)
	s.certificateRoutes(api, mux)
	s.noticeRoutes(api, mux)
	s.templateRoutes(api, mux)
	s.promiseRoutes(api)
	s.learningRoutes(api)
	s.registerRoutes(api)
	s.webhookRoutes(api)
	s.oidcRoutes(api, mux)
	s.issuanceRoutes(api, mux)
	s.organisationRoutes(api)
	s.counterRoutes(api, mux)
	s.coordinationRoutes(api)
	s.kioskRoutes(api, mux)
	s.followRoutes(api)
	s.handoutRoutes(api, mux)
	s.archiveRoutes(api, mux)
	s.coverRoutes(api, mux)
	s.supervisionRoutes(api, mux)
	s.searchRoutes(api)
	s.hotFolderRoutes(api)
	s.discardRoutes(api)
	s.splitRoutes(api)

	// The outbox, the trail, and the house itself.
	guarded(api, http.MethodGet, "/v1/events", "events", "事件流", access.EventsRead, try(s, s.events))
	guarded(api, http.MethodGet, "/v1/audit", "audit", "办理过程", access.AuditRead, try(s, s.audit))
	guarded(api, http.MethodGet, "/v1/queue", "queue", "排队情况", access.QueueManage, try(s, s.queue))
	guarded(api, http.MethodGet, "/v1/usage", "usage", "各令牌、个人和单位的当日用量与上限", access.QueueManage, try(s, s.usage))
	guarded(api, http.MethodGet, "/v1/accounts", "list-accounts", "账号", access.AccountsManage, try(s, s.listAccounts))
	guarded(api, http.MethodPost, "/v1/accounts", "create-account", "建立账号", access.AccountsManage, try(s, s.createAccount))
	guarded(api, http.MethodPatch, "/v1/accounts/{name}", "change-account", "修改账号", access.AccountsManage, try(s, s.changeAccount))
	guarded(api, http.MethodPost, "/v1/accounts/{name}/tokens", "issue-token", "签发程序令牌", access.AccountsManage, try(s, s.issueToken))
	guarded(api, http.MethodGet, "/v1/accounts/{name}/tokens", "list-tokens", "账号的令牌与登录", access.AccountsManage, try(s, s.listTokens))
	guarded(api, http.MethodDelete, "/v1/accounts/{name}/tokens/{id}", "revoke-token", "撤销令牌或结束登录", access.AccountsManage, try(s, s.revokeToken))
	guarded(api, http.MethodGet, "/v1/figures", "figures", "办理数字：不含任何项目与文件内容", access.FiguresRead, try(s, s.counts))
	guarded(api, http.MethodGet, "/v1/session", "whoami", "当前登录", "", try(s, s.whoami))
	guarded(api, http.MethodDelete, "/v1/session", "logout", "退出", "", try(s, s.logout))
	guarded(api, http.MethodPut, "/v1/session/password", "change-password", "修改自己的密码", "", try(s, s.changePassword))
	s.plain(api, mux, metricsOperation(), access.MetricsRead, s.figures)

	if s.Pages != nil {
		mux.Handle("/", s.Pages)
	}
	mux.HandleFunc("/v1/", func(w http.ResponseWriter, r *http.Request) { nowhere(mux, w, r) })
}

// nowhere answers for a path that is not there, or not with this method.
func nowhere(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := mux.Handler(other); pattern != "/v1/" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		writeProblem(w, http.StatusNotFound, "没有这个地址")
		return
	}
	for _, method := range allowed {
		w.Header().Add("Allow", method)
	}
	writeProblem(w, http.StatusMethodNotAllowed, "这个地址不能这样使用")
}

// open registers an operation that needs no login.
func open[I, O any](api huma.API, method, path, id, summary string, h func(context.Context, *I) (*O, error)) {
	huma.Register(api, huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary}, h)
}

// guarded registers an operation that needs a right; action "" needs only a login.
func guarded[I, O any](api huma.API, method, path, id, summary string, action access.Action, h func(context.Context, *I) (*O, error)) {
	op := huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Metadata: map[string]any{actionKey: action}}
	needs(&op, action)
	huma.Register(api, op, h)
}

func needs(op *huma.Operation, action access.Action) {
	op.Security = []map[string][]string{{"token": {}}, {"session": {}}}
	if action != "" {
		op.Extensions = map[string]any{rightKey: string(action)}
	}
}

// plain registers a handler that streams, and describes it: what is registered
// here cannot be missing from the description.
func (s *Server) plain(api huma.API, mux *http.ServeMux, op *huma.Operation, action access.Action, h http.HandlerFunc) {
	needs(op, action)
	op.Responses["default"] = &huma.Response{Description: "错误", Content: map[string]*huma.MediaType{
		"application/problem+json": {Schema: schemaOf[huma.ErrorModel](api, "ErrorModel")}}}
	api.OpenAPI().AddOperation(op)
	mux.HandleFunc(op.Method+" "+op.Path, s.guarded(action, h))
}

func schemaOf[T any](api huma.API, name string) *huma.Schema {
	return api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, name)
}

func text(doc string) *huma.Schema { return &huma.Schema{Type: "string", Description: doc} }

func pathID(doc string) []*huma.Param {
	return []*huma.Param{{Name: "id", In: "path", Required: true, Schema: text(doc)}}
}

// binary is an answer of bytes.
func binary(description, mediaType string) *huma.Response {
	return &huma.Response{Description: description, Content: map[string]*huma.MediaType{
		mediaType: {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}
}

// fileOperation describes a download with Range, ETag and digest.
func fileOperation(path, id, summary string) *huma.Operation {
	whole := binary("文件", "application/octet-stream")
	whole.Headers = map[string]*huma.Param{
		"ETag":        {Description: "文件摘要", Schema: text("")},
		"Repr-Digest": {Description: "RFC 9530，sha-256", Schema: text("")},
	}
	return &huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Summary: summary,
		Parameters: append(pathID("编号"),
			&huma.Param{Name: "Range", In: "header", Schema: text("如 bytes=0-1023")},
			&huma.Param{Name: "If-None-Match", In: "header", Schema: text("已有版本的 ETag")}),
		Responses: map[string]*huma.Response{"200": whole, "206": binary("文件的一段", "application/octet-stream"),
			"304": {Description: "没有变化"}, "416": {Description: "超出文件范围"}}}
}

func tracedOperation() *huma.Operation {
	op := fileOperation("/v1/results/{id}/file", "result-file", "交付文件：加水印的扫描件，或原样的电子证照")
	op.Parameters = append(op.Parameters, &huma.Param{Name: "trace", In: "query",
		Schema: &huma.Schema{Type: "boolean", Description: "true：另存一份带领取单位、人员和时间的副本"}})
	return op
}

func eventsOperation() *huma.Operation {
	return &huma.Operation{OperationID: "watch-document", Method: http.MethodGet, Path: "/v1/documents/{id}/events",
		Summary: "处理进度（server-sent events：state 与 step）", Parameters: pathID("文件编号"),
		Responses: map[string]*huma.Response{"200": {Description: "事件流，处理停下即结束", Content: map[string]*huma.MediaType{
			"text/event-stream": {Schema: &huma.Schema{Type: "string"}}}}}}
}

func metricsOperation() *huma.Operation {
	return &huma.Operation{OperationID: "metrics", Method: http.MethodGet, Path: "/metrics", Summary: "运行指标（Prometheus）",
		Responses: map[string]*huma.Response{"200": {Description: "指标", Content: map[string]*huma.MediaType{
			"text/plain": {Schema: &huma.Schema{Type: "string"}}}}}}
}

var idempotencyKey = &huma.Param{Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: "string", Description: "同一键重复提交只算一次"}}

// form describes a multipart body with one file.
func form(fields map[string]*huma.Schema, required ...string) *huma.RequestBody {
	fields["file"] = &huma.Schema{Type: "string", Format: "binary"}
	fields["sha256"] = text("文件摘要（十六进制），放在 file 之前；不符则不收")
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"multipart/form-data": {Schema: &huma.Schema{Type: "object", Required: append(required, "file"), Properties: fields}}}}
}

func uploadOperation(api huma.API) *huma.Operation {
	receipt := map[string]*huma.MediaType{"application/json": {Schema: schemaOf[intake.Receipt](api, "Receipt")}}
	return &huma.Operation{OperationID: "receive-document", Method: http.MethodPost, Path: "/v1/documents", Summary: "上传一份文件",
		Parameters: []*huma.Param{idempotencyKey},
		RequestBody: form(map[string]*huma.Schema{
			"as": text("material 或 result；不填则按类型判断。申请单位上传的一律是 material"), "project": text("项目代码"), "case": text("办件编号"),
			"item": text("办理事项编码"), "material": text("材料编码"), "confirm": text("true：字段全部有效时直接确认"),
			"supersede": text("被替换的成果编号"), "engine": text("识别引擎：ppocr 或 tesseract"), "lane": text("counter、virtual 或 bulk"),
			"window": text("窗口号"),
		}),
		Responses: map[string]*huma.Response{"201": {Description: "已收件，字节已落盘", Content: receipt},
			"200": {Description: "同一提交先前已收件", Content: receipt}}}
}

func pushOperation(api huma.API) *huma.Operation {
	record := map[string]*huma.MediaType{"application/json": {Schema: schemaOf[approval.Result](api, "Result")}}
	return &huma.Operation{OperationID: "push-certificate", Method: http.MethodPost, Path: "/v1/certificates",
		Summary:    "推送电子证照：原样保存，不加水印",
		Parameters: []*huma.Param{{Name: "Idempotency-Key", In: "header", Schema: text("不填则以证照标识为键")}},
		RequestBody: form(map[string]*huma.Schema{
			"type": text("成果类型，rd-…"), "ecert_id": text("证照标识，GB/T 36904"), "fields": text("成果数据，JSON 对象：数据项到值"),
			"project": text("项目代码"), "item": text("办理事项编码"), "case": text("办件编号"),
		}, "type", "ecert_id", "fields"),
		Responses: map[string]*huma.Response{"201": {Description: "已发布", Content: record},
			"200": {Description: "先前已推送，返回同一记录", Content: record}}}
}
