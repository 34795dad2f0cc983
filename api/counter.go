package api

import (
	"bytes"
	"context"
	"mime"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/casework"
	"onewindow/casework/assistance"
	"onewindow/casework/payment"
	"onewindow/casework/register"
	"onewindow/casework/supervision"
	"onewindow/casework/training"
	"onewindow/storage"
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

type paymentView struct {
	entryView
	Payment payment.Payment `json:"payment"`
	Amount  string          `json:"amount" doc:"元"`
}

type paymentBody struct{ Body paymentView }

func (s *Server) paymentView(r payment.Record, err error) (*paymentBody, error) {
	if err != nil {
		return nil, err
	}
	return &paymentBody{paymentView{s.entryView(r.Entry), r.Body, r.Body.Amount.String()}}, nil
}

type paymentInput struct {
	Body struct {
		CaseItem string `json:"case_item"`
		Fee      string `json:"fee_name,omitempty" doc:"收费项目；事项只有一项收费时可不填"`
		Amount   int64  `json:"amount_fen" doc:"应缴金额，分"`
		PayBy    string `json:"pay_by" doc:"缴款期限，YYYY-MM-DD"`
		Account  string `json:"account" doc:"收款单位和账户"`
	}
}

func (s *Server) notifyPayment(ctx context.Context, in *paymentInput) (*paymentBody, error) {
	it, err := s.itemSeen(ctx, in.Body.CaseItem)
	if err != nil {
		return nil, err
	}
	b := in.Body
	return s.paymentView(s.Payments.Notify(ctx, payment.New{CaseItem: it.ID, Fee: b.Fee, Amount: payment.Fen(b.Amount), PayBy: b.PayBy, Account: b.Account}, who(ctx).Account))
}

// paymentSeen loads a payment of an item that the asker may see.
func (s *Server) paymentSeen(ctx context.Context, id string) (payment.Record, error) {
	r, err := register.Load[payment.Payment](ctx, s.Registers, payment.Register, id)
	if err == nil {
		_, err = s.itemSeen(ctx, r.Body.CaseItem)
	}
	return r, err
}

func (s *Server) getPayment(ctx context.Context, in *EntryPath) (*paymentBody, error) {
	return s.paymentView(s.paymentSeen(ctx, in.ID))
}

type paymentsInput struct {
	EntriesInput
	Case  string `query:"case"`
	State string `query:"state" enum:"due,paid,waived"`
}

type paymentList struct {
	Body struct {
		Payments []paymentView `json:"payments"`
	}
}

func (s *Server) listPayments(ctx context.Context, in *paymentsInput) (*paymentList, error) {
	q := in.query(payment.Register, who(ctx))
	q.Case = in.Case
	if in.State != "" {
		q.States = []string{in.State}
	}
	found, err := register.List[payment.Payment](ctx, s.Registers, q)
	if err != nil {
		return nil, err
	}
	out := &paymentList{}
	out.Body.Payments = []paymentView{}
	for _, r := range found {
		if v, err := s.paymentView(s.paymentSeen(ctx, r.ID)); err == nil {
			out.Body.Payments = append(out.Body.Payments, v.Body)
		}
	}
	return out, nil
}

type voucherInput struct {
	EntryPath
	Body struct {
		Voucher string `json:"voucher" doc:"缴款凭证的文件编号"`
	}
}

func (s *Server) settlePayment(ctx context.Context, in *voucherInput) (*paymentBody, error) {
	if _, err := s.paymentSeen(ctx, in.ID); err != nil {
		return nil, err
	}
	return s.paymentView(s.Payments.Settle(ctx, in.ID, in.Body.Voucher, who(ctx).Account))
}

type becauseInput struct {
	EntryPath
	Body struct {
		Reason string `json:"reason"`
	}
}

// waivePayment is for the unit that asks for the fee.
func (s *Server) waivePayment(ctx context.Context, in *becauseInput) (*paymentBody, error) {
	r, err := s.paymentSeen(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if r.Unit != who(ctx).Unit {
		return nil, errForbidden
	}
	return s.paymentView(s.Payments.Waive(ctx, in.ID, in.Body.Reason, who(ctx).Account))
}

type assistanceView struct {
	entryView
	Assistance assistance.Assistance `json:"assistance"`
}

type assistanceBody struct{ Body assistanceView }

func (s *Server) assistanceView(r assistance.Record, err error) (*assistanceBody, error) {
	if err != nil {
		return nil, err
	}
	return &assistanceBody{assistanceView{s.entryView(r.Entry), r.Body}}, nil
}

type assistInput struct {
	Body struct {
		Project string `json:"project"`
		Wish    string `json:"wish,omitempty" doc:"需要的帮助"`
	}
}

func (s *Server) requestAssistance(ctx context.Context, in *assistInput) (*assistanceBody, error) {
	if _, err := s.projectSeen(ctx, in.Body.Project); err != nil {
		return nil, err
	}
	return s.assistanceView(s.Assistances.Request(ctx, in.Body.Project, in.Body.Wish, who(ctx).Hall, who(ctx).Account))
}

// assistanceSeen loads an assistance of a project that the asker may see.
func (s *Server) assistanceSeen(ctx context.Context, id string) (assistance.Record, error) {
	r, err := register.Load[assistance.Assistance](ctx, s.Registers, assistance.Register, id)
	if err != nil {
		return r, err
	}
	if _, err := s.projectSeen(ctx, r.Project); err != nil {
		return r, err
	}
	return r, nil
}

func (s *Server) getAssistance(ctx context.Context, in *EntryPath) (*assistanceBody, error) {
	return s.assistanceView(s.assistanceSeen(ctx, in.ID))
}

type assistanceList struct {
	Body struct {
		Assistances []assistanceView `json:"assistances"`
	}
}

func (s *Server) listAssistances(ctx context.Context, in *EntriesInput) (*assistanceList, error) {
	q := in.query(assistance.Register, who(ctx))
	q.Unit = ""
	found, err := register.List[assistance.Assistance](ctx, s.Registers, q)
	if err != nil {
		return nil, err
	}
	out := &assistanceList{}
	out.Body.Assistances = []assistanceView{}
	for _, r := range found {
		if v, err := s.assistanceView(s.assistanceSeen(ctx, r.ID)); err == nil {
			out.Body.Assistances = append(out.Body.Assistances, v.Body)
		}
	}
	return out, nil
}

type agentInput struct {
	EntryPath
	Body struct {
		Agent         string   `json:"agent" doc:"专人的账号"`
		Name          string   `json:"name"`
		Telephone     string   `json:"telephone,omitempty"`
		Scope         []string `json:"scope" doc:"assist 帮办，act_on_behalf 代办"`
		Authorisation string   `json:"authorisation,omitempty" doc:"授权委托书的文件编号；代办必填"`
	}
}

func (s *Server) assignAssistance(ctx context.Context, in *agentInput) (*assistanceBody, error) {
	r, err := s.assistanceSeen(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	b := in.Body
	if b.Authorisation != "" {
		d, err := s.Records.Document(ctx, documentID(b.Authorisation))
		if err != nil || d.Origin.Project != r.Project {
			return nil, &casework.Invalid{Fields: map[string]string{"authorisation": "请扫描授权委托书，并归入本项目"}}
		}
	}
	agent, err := s.Guard.Account(ctx, b.Agent)
	if err != nil || !agent.Has(access.Clerk) {
		return nil, &casework.Invalid{Fields: map[string]string{"agent": "专人应是实体窗口的在岗人员"}}
	}
	return s.assistanceView(s.Assistances.Assign(ctx, r.ID, assistance.Agent{Account: b.Agent, Name: b.Name, Telephone: b.Telephone, Scope: b.Scope,
		Authorisation: b.Authorisation}, who(ctx).Account))
}

type noteInput struct {
	EntryPath
	Body struct {
		Text string `json:"text" maxLength:"2000"`
	}
}

func (s *Server) noteAssistance(ctx context.Context, in *noteInput) (*assistanceBody, error) {
	if _, err := s.assistanceSeen(ctx, in.ID); err != nil {
		return nil, err
	}
	return s.assistanceView(s.Assistances.Note(ctx, in.ID, in.Body.Text, who(ctx).Account))
}

func (s *Server) endAssistance(ctx context.Context, in *becauseInput) (*assistanceBody, error) {
	if _, err := s.assistanceSeen(ctx, in.ID); err != nil {
		return nil, err
	}
	return s.assistanceView(s.Assistances.End(ctx, in.ID, in.Body.Reason, who(ctx).Account))
}

type trainingView struct {
	ID       string            `json:"id"`
	Number   string            `json:"number"`
	State    string            `json:"state"`
	Division string            `json:"division"`
	Hall     string            `json:"hall,omitempty"`
	Training training.Training `json:"training"`
	Left     int               `json:"seats_left"`
}

func trainingOf(r training.Record) trainingView {
	return trainingView{r.ID, r.Number, r.State, r.Division, r.Hall, r.Body, max(0, r.Body.Seats-r.Body.Taken)}
}

type trainingBody struct{ Body trainingView }

type trainingInput struct {
	Body struct {
		Kind     string    `json:"kind" enum:"session,video,board" doc:"session 讲解，video 视频，board 导览板"`
		Title    string    `json:"title"`
		Text     string    `json:"text,omitempty"`
		Link     string    `json:"link,omitempty"`
		Audience string    `json:"audience,omitempty" enum:"applicants,staff"`
		Place    string    `json:"place,omitempty"`
		Begins   time.Time `json:"begins_at,omitzero"`
		Ends     time.Time `json:"ends_at,omitzero"`
		Seats    int       `json:"seats,omitempty"`
		Speaker  string    `json:"speaker,omitempty"`
		Division string    `json:"division,omitempty" doc:"不填为本区划"`
	}
}

func (s *Server) publishTraining(ctx context.Context, in *trainingInput) (*trainingBody, error) {
	b, w := in.Body, who(ctx)
	if err := confine(&b.Division, w); err != nil {
		return nil, err
	}
	r, err := training.Publish(ctx, s.Registers, training.Training{Kind: b.Kind, Title: b.Title, Text: b.Text, Link: b.Link, Audience: b.Audience, Place: b.Place,
		Begins: b.Begins.UTC(), Ends: b.Ends.UTC(), Seats: b.Seats, Speaker: b.Speaker}, b.Division, w.Hall, w.Account)
	if err != nil {
		return nil, err
	}
	return &trainingBody{trainingOf(r)}, nil
}

type trainingsInput struct {
	Division string `query:"division"`
	Kind     string `query:"kind" enum:"session,video,board"`
	Audience string `query:"audience" enum:"applicants,staff"`
	Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

type trainingList struct {
	Body struct {
		Trainings []trainingView `json:"trainings"`
	}
}

func (s *Server) listTrainings(ctx context.Context, in *trainingsInput) (*trainingList, error) {
	found, err := register.List[training.Training](ctx, s.Registers, storage.EntryQuery{Register: training.Register, Division: in.Division, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &trainingList{}
	out.Body.Trainings = []trainingView{}
	for _, r := range found {
		if (in.Kind == "" || r.Body.Kind == in.Kind) && (in.Audience == "" || r.Body.Audience == in.Audience) {
			out.Body.Trainings = append(out.Body.Trainings, trainingOf(r))
		}
	}
	return out, nil
}

// trainingRun loads a training that the asker may run.
func (s *Server) trainingRun(ctx context.Context, id string) (training.Record, error) {
	r, err := register.Load[training.Training](ctx, s.Registers, training.Register, id)
	if err == nil && !who(ctx).SeesDivision(r.Division) {
		err = storage.ErrNotFound
	}
	return r, err
}

func (s *Server) cancelTraining(ctx context.Context, in *becauseInput) (*trainingBody, error) {
	if _, err := s.trainingRun(ctx, in.ID); err != nil {
		return nil, err
	}
	r, err := training.Cancel(ctx, s.Registers, in.ID, in.Body.Reason, who(ctx).Account)
	if err != nil {
		return nil, err
	}
	return &trainingBody{trainingOf(r)}, nil
}

type enrolInput struct {
	EntryPath
	Body struct {
		Name      string `json:"name" maxLength:"50"`
		Company   string `json:"company,omitempty" maxLength:"100"`
		Telephone string `json:"telephone,omitempty" maxLength:"30"`
		Guest     bool   `json:"guest,omitempty" doc:"窗口为没有账号的人报名"`
	}
}

type enrolBody struct {
	Body struct {
		ID        string             `json:"id"`
		Training  string             `json:"training_id"`
		State     string             `json:"state"`
		Enrolment training.Enrolment `json:"enrolment"`
	}
}

func enrolment(r training.EnrolmentRecord, err error) (*enrolBody, error) {
	if err != nil {
		return nil, err
	}
	out := &enrolBody{}
	out.Body.ID, out.Body.Training, out.Body.State, out.Body.Enrolment = r.ID, r.Parent, r.State, r.Body
	return out, nil
}

func (s *Server) enrol(ctx context.Context, in *enrolInput) (*enrolBody, error) {
	w, b := who(ctx), in.Body
	t, err := register.Load[training.Training](ctx, s.Registers, training.Register, in.ID)
	if err != nil {
		return nil, err
	}
	if t.Body.Audience == training.ForStaff && w.MembersOnly() {
		return nil, storage.ErrNotFound
	}
	account := w.Account
	if b.Guest && w.Has(access.Clerk) {
		account = ""
	}
	return enrolment(training.Enrol(ctx, s.Registers, t.ID, training.Enrolment{Name: b.Name, Company: b.Company, Telephone: b.Telephone, By: w.Account}, account))
}

type attendInput struct {
	EntryPath
	Body struct {
		Came bool `json:"attended"`
	}
}

func (s *Server) attend(ctx context.Context, in *attendInput) (*enrolBody, error) {
	r, err := register.Load[training.Enrolment](ctx, s.Registers, training.Enrolments, in.ID)
	if err != nil {
		return nil, err
	}
	if _, err := s.trainingRun(ctx, r.Parent); err != nil {
		return nil, err
	}
	return enrolment(training.Attend(ctx, s.Registers, in.ID, in.Body.Came, who(ctx).Account))
}

func attendanceOperation() *huma.Operation {
	return &huma.Operation{OperationID: "attendance", Method: http.MethodGet, Path: "/v1/trainings/{id}/attendance", Summary: "签到表（CSV）",
		Parameters: pathID("培训编号"), Responses: map[string]*huma.Response{"200": binary("签到表", "text/csv")}}
}

func (s *Server) attendance(w http.ResponseWriter, r *http.Request) {
	t, err := s.trainingRun(r.Context(), r.PathValue("id"))
	var body bytes.Buffer
	if err == nil {
		table, readErr := training.Attendance(r.Context(), s.Registers, t.ID)
		if err = readErr; err == nil {
			err = supervision.WriteCSV(&body, table)
		}
	}
	if err == nil {
		err = s.auditRead(r.Context(), "training.attendance.read", t.ID)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "签到表.csv"}))
	_, _ = w.Write(body.Bytes())
}

// takesPart reports whether a unit is among those of a list.
func takesPart(units []string, unit string) bool { return unit != "" && slices.Contains(units, unit) }
