package api

import (
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
)

// counterRoutes lists what else the physical window does (G.11): payment,
// assistance, training.
func (s *Server) counterRoutes(api huma.API, mux *http.ServeMux) {
	guarded(api, http.MethodPost, "/v1/payments", "notify-payment", "出具缴费通知单", access.PaymentNotify, try(s, s.notifyPayment))
	guarded(api, http.MethodGet, "/v1/payments", "list-payments", "缴费列表", access.PaymentRead, try(s, s.listPayments))
	guarded(api, http.MethodGet, "/v1/payments/{id}", "get-payment", "缴费", access.PaymentRead, try(s, s.getPayment))
	guarded(api, http.MethodPost, "/v1/payments/{id}/paid", "settle-payment", "登记缴款凭证", access.PaymentNotify, try(s, s.settlePayment))
	guarded(api, http.MethodPost, "/v1/payments/{id}/waive", "waive-payment", "减免", access.PaymentWaive, try(s, s.waivePayment))

	guarded(api, http.MethodPost, "/v1/assistances", "request-assistance", "申请帮办代办", access.AssistanceAsk, try(s, s.requestAssistance))
	guarded(api, http.MethodGet, "/v1/assistances", "list-assistances", "帮办代办项目", access.AssistanceRead, try(s, s.listAssistances))
	guarded(api, http.MethodGet, "/v1/assistances/{id}", "get-assistance", "帮办代办", access.AssistanceRead, try(s, s.getAssistance))
	guarded(api, http.MethodPost, "/v1/assistances/{id}/assign", "assign-assistance", "明确专人", access.AssistanceRun, try(s, s.assignAssistance))
	guarded(api, http.MethodPost, "/v1/assistances/{id}/notes", "note-assistance", "记录服务情况", access.AssistanceRun, try(s, s.noteAssistance))
	guarded(api, http.MethodPost, "/v1/assistances/{id}/end", "end-assistance", "结束帮办代办", access.AssistanceAsk, try(s, s.endAssistance))

	open(api, http.MethodGet, "/v1/trainings", "list-trainings", "报建培训：讲解、视频、导览板", try(s, s.listTrainings))
	guarded(api, http.MethodPost, "/v1/trainings", "publish-training", "发布培训", access.TrainingRun, try(s, s.publishTraining))
	guarded(api, http.MethodPost, "/v1/trainings/{id}/cancel", "cancel-training", "取消培训", access.TrainingRun, try(s, s.cancelTraining))
	guarded(api, http.MethodPost, "/v1/trainings/{id}/enrolments", "enrol", "报名", "", try(s, s.enrol))
	guarded(api, http.MethodPost, "/v1/enrolments/{id}/attendance", "mark-attendance", "登记到场", access.TrainingRun, try(s, s.attend))
	s.plain(api, mux, attendanceOperation(), access.TrainingRun, s.attendance)
}

// takesPart reports whether a unit is among those of a list.
func takesPart(units []string, unit string) bool { return unit != "" && slices.Contains(units, unit) }
