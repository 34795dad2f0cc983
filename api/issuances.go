package api

import (
	"bytes"
	"cmp"
	"context"
	"mime"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/approval/notice"
	"onewindow/casework"
	"onewindow/casework/issuance"
	"onewindow/casework/register"
	"onewindow/casework/supervision"
	"onewindow/storage"
)

// issuanceRoutes lists handing over and handing out (出件).
func (s *Server) issuanceRoutes(api huma.API, mux *http.ServeMux) {
	guarded(api, http.MethodPost, "/v1/handovers", "send-handover", "转交审批成果原件", access.HandoverSend, try(s, s.sendHandover))
	guarded(api, http.MethodGet, "/v1/handovers", "list-handovers", "转交清单", access.HandoverRead, try(s, s.listHandovers))
	guarded(api, http.MethodPost, "/v1/handovers/{id}/receive", "receive-handover", "窗口签收转交", access.HandoverReceive, try(s, s.receiveHandover))

	guarded(api, http.MethodPost, "/v1/case-items/{id}/issuance", "choose-issuance", "选择自取、邮寄或自助打印", access.ItemAnswer, try(s, s.chooseIssuance))
	guarded(api, http.MethodGet, "/v1/issuances", "list-issuances", "出件列表", access.IssuanceRead, try(s, s.listIssuances))
	s.plain(api, mux, labelsOperation(), access.IssuanceHandOut, s.labels)
	guarded(api, http.MethodGet, "/v1/issuances/{id}", "get-issuance", "出件", access.IssuanceRead, try(s, s.getIssuance))
	guarded(api, http.MethodPost, "/v1/issuances/{id}/collect", "collect-issuance", "窗口发放", access.IssuanceHandOut, try(s, s.collectIssuance))
	guarded(api, http.MethodPost, "/v1/issuances/{id}/mail", "mail-issuance", "交 EMS 邮寄", access.IssuanceHandOut, try(s, s.mailIssuance))
	guarded(api, http.MethodPost, "/v1/issuances/{id}/arrival", "arrive-issuance", "登记妥投或退回", access.IssuanceHandOut, try(s, s.arriveIssuance))
	guarded(api, http.MethodPost, "/v1/issuances/{id}/unlock", "unlock-issuance", "取件码多次输错后解除锁定", access.IssuanceUnlock, try(s, s.unlockIssuance))
	guarded(api, http.MethodPost, "/v1/issuances/{id}/print", "print-issuance", "自助打印", access.IssuancePrint, try(s, s.printIssuance))
}

type handoverView struct {
	entryView
	Handover issuance.Handover `json:"handover"`
}

type handoverBody struct{ Body handoverView }

func (s *Server) handoverView(r issuance.HandoverRecord, err error) (*handoverBody, error) {
	if err != nil {
		return nil, err
	}
	return &handoverBody{handoverView{s.entryView(r.Entry), r.Body}}, nil
}

type handoverInput struct {
	Body struct {
		Hall  string                  `json:"hall" doc:"政务大厅"`
		Lines []issuance.HandoverLine `json:"lines"`
	}
}

func (s *Server) sendHandover(ctx context.Context, in *handoverInput) (*handoverBody, error) {
	w := who(ctx)
	return s.handoverView(s.Issuances.HandOver(ctx, w.Unit, w.Division, in.Body.Hall, in.Body.Lines, w.Account))
}

// handoverSeen loads a list of the asker's unit or hall.
func (s *Server) handoverSeen(ctx context.Context, id string) (issuance.HandoverRecord, error) {
	r, err := register.Load[issuance.Handover](ctx, s.Registers, issuance.Handovers, id)
	w := who(ctx)
	own := w.Has(access.Admin) || w.Has(access.Supervisor) && w.SeesDivision(r.Division) || w.Has(access.Clerk) && w.ServesHall(r.Hall) ||
		w.Unit != "" && w.Unit == r.Unit && w.SeesDivision(r.Division)
	if err == nil && !own {
		err = storage.ErrNotFound
	}
	return r, err
}

type handoverList struct {
	Body struct {
		Handovers []handoverView `json:"handovers"`
	}
}

func (s *Server) listHandovers(ctx context.Context, in *EntriesInput) (*handoverList, error) {
	q := in.query(issuance.Handovers, who(ctx))
	if w := who(ctx); w.Has(access.Clerk) && w.Hall != "" {
		q.Hall, q.Division = w.Hall, ""
	}
	found, err := register.List[issuance.Handover](ctx, s.Registers, q)
	if err != nil {
		return nil, err
	}
	out := &handoverList{}
	out.Body.Handovers = []handoverView{}
	for _, r := range found {
		if _, err := s.handoverSeen(ctx, r.ID); err == nil {
			out.Body.Handovers = append(out.Body.Handovers, handoverView{s.entryView(r.Entry), r.Body})
		}
	}
	return out, nil
}

func (s *Server) receiveHandover(ctx context.Context, in *EntryPath) (*handoverBody, error) {
	r, err := s.handoverSeen(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return s.handoverView(s.Issuances.Receive(ctx, r.ID, who(ctx).Account))
}

type issuanceView struct {
	entryView
	Issuance issuance.Issuance `json:"issuance"`
}

type issuanceBody struct{ Body issuanceView }

// issuanceView hides the pick-up code from everybody but the applicant: whoever
// hands out must be shown it.
func (s *Server) issuanceView(ctx context.Context, r issuance.Record, err error) (*issuanceBody, error) {
	if err != nil {
		return nil, err
	}
	v := issuanceView{s.entryView(r.Entry), r.Body}
	if who(ctx).Account != r.Owner {
		v.Issuance.Code = ""
	}
	return &issuanceBody{v}, nil
}

type chooseInput struct {
	ItemPath
	Body struct {
		Mode    string `json:"mode" enum:"pickup,mail,self_print"`
		Address string `json:"address,omitempty"`
		Phone   string `json:"phone,omitempty"`
	}
}

func (s *Server) chooseIssuance(ctx context.Context, in *chooseInput) (*issuanceBody, error) {
	it, err := s.itemSeen(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	r, err := s.Issuances.Choose(ctx, it.ID, issuance.Mode(in.Body.Mode), in.Body.Address, in.Body.Phone, who(ctx).Account)
	return s.issuanceView(ctx, r, err)
}

func (s *Server) issuanceSeen(ctx context.Context, id string) (issuance.Record, error) {
	r, err := s.Issuances.Load(ctx, id)
	if err != nil {
		return r, err
	}
	if _, err := s.itemSeen(ctx, r.Body.CaseItem); err != nil {
		return r, err
	}
	return r, nil
}

func labelsOperation() *huma.Operation {
	return &huma.Operation{OperationID: "issuance-labels", Method: http.MethodGet, Path: "/v1/issuances/labels", Summary: "待寄件的 EMS 面单数据（CSV）",
		Parameters: []*huma.Param{{Name: "hall", In: "query", Schema: text("不填为本大厅")}},
		Responses:  map[string]*huma.Response{"200": binary("面单数据", "text/csv")}}
}

// labels exports what the window sends by EMS today.
func (s *Server) labels(w http.ResponseWriter, r *http.Request) {
	asker := who(r.Context())
	hall := cmp.Or(r.URL.Query().Get("hall"), asker.Hall)
	var err error
	switch {
	case hall == "":
		err = &casework.Invalid{Fields: map[string]string{"hall": "请选择政务大厅"}}
	case !asker.ServesHall(hall):
		err = errForbidden
	}
	var sheet notice.Table
	if err == nil {
		sheet, err = s.Issuances.Labels(r.Context(), hall, asker.Division)
	}
	if err == nil {
		err = s.auditRead(r.Context(), "issuance.labels", hall)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.sheet(w, r, "EMS面单.csv", sheet)
}

// sheet answers with a table for spreadsheets.
func (s *Server) sheet(w http.ResponseWriter, r *http.Request, name string, table notice.Table) {
	var body bytes.Buffer
	if err := supervision.WriteCSV(&body, table); err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	_, _ = w.Write(body.Bytes())
}

func (s *Server) getIssuance(ctx context.Context, in *EntryPath) (*issuanceBody, error) {
	r, err := s.issuanceSeen(ctx, in.ID)
	return s.issuanceView(ctx, r, err)
}

type issuanceList struct {
	Body struct {
		Issuances []issuanceView `json:"issuances"`
	}
}

func (s *Server) listIssuances(ctx context.Context, in *EntriesInput) (*issuanceList, error) {
	found, err := register.List[issuance.Issuance](ctx, s.Registers, in.query(issuance.Register, who(ctx)))
	if err != nil {
		return nil, err
	}
	out := &issuanceList{}
	out.Body.Issuances = []issuanceView{}
	for _, r := range found {
		if _, err := s.issuanceSeen(ctx, r.ID); err != nil {
			continue
		}
		v, err := s.issuanceView(ctx, r, nil)
		if err != nil {
			return nil, err
		}
		out.Body.Issuances = append(out.Body.Issuances, v.Body)
	}
	return out, nil
}

type collectInput struct {
	EntryPath
	Body struct {
		Code          string `json:"code" doc:"取件码"`
		Name          string `json:"name" doc:"领取人"`
		ID            string `json:"id_number" doc:"身份证号码；只保存掩码"`
		Authorisation string `json:"authorisation,omitempty" doc:"授权委托书的文件编号"`
		Signature     string `json:"signature" doc:"签字的文件编号或签名数据"`
	}
}

func (s *Server) collectIssuance(ctx context.Context, in *collectInput) (*issuanceBody, error) {
	if _, err := s.issuanceSeen(ctx, in.EntryPath.ID); err != nil {
		return nil, err
	}
	b := in.Body
	r, err := s.Issuances.Collect(ctx, in.EntryPath.ID, issuance.Presented{Code: b.Code, Name: b.Name, ID: b.ID, Authorisation: b.Authorisation,
		Signature: b.Signature}, who(ctx).Account)
	return s.issuanceView(ctx, r, err)
}

type mailInput struct {
	EntryPath
	Body struct {
		Tracking string `json:"tracking" doc:"EMS 单号"`
	}
}

func (s *Server) mailIssuance(ctx context.Context, in *mailInput) (*issuanceBody, error) {
	if _, err := s.issuanceSeen(ctx, in.ID); err != nil {
		return nil, err
	}
	r, err := s.Issuances.Send(ctx, in.ID, in.Body.Tracking, who(ctx).Account)
	return s.issuanceView(ctx, r, err)
}

type arrivalInput struct {
	EntryPath
	Body struct {
		Delivered bool   `json:"delivered" doc:"false：退回"`
		Receiver  string `json:"receiver,omitempty"`
	}
}

func (s *Server) arriveIssuance(ctx context.Context, in *arrivalInput) (*issuanceBody, error) {
	if _, err := s.issuanceSeen(ctx, in.ID); err != nil {
		return nil, err
	}
	r, err := s.Issuances.Arrived(ctx, in.ID, in.Body.Delivered, in.Body.Receiver, who(ctx).Account)
	return s.issuanceView(ctx, r, err)
}

func (s *Server) printIssuance(ctx context.Context, in *EntryPath) (*issuanceBody, error) {
	if _, err := s.issuanceSeen(ctx, in.ID); err != nil {
		return nil, err
	}
	r, err := s.Issuances.Print(ctx, in.ID, who(ctx).Account)
	return s.issuanceView(ctx, r, err)
}

type unlockInput struct {
	EntryPath
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"500" doc:"如已核实领取人身份"`
	}
}

func (s *Server) unlockIssuance(ctx context.Context, in *unlockInput) (*issuanceBody, error) {
	if _, err := s.issuanceSeen(ctx, in.ID); err != nil {
		return nil, err
	}
	r, err := s.Issuances.LiftLock(ctx, in.ID, in.Body.Reason, who(ctx).Account)
	return s.issuanceView(ctx, r, err)
}
