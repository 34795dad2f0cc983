package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/casework/payment"
	"onewindow/document"
	"onewindow/storage"
)

func (s *pages) paymentRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /payments", s.allowed(access.PaymentRead, s.payments))
	mux.HandleFunc("GET /payments/new", s.allowed(access.PaymentNotify, s.newPayment))
	mux.HandleFunc("POST /payments/new", s.allowed(access.PaymentNotify, s.does(deed{path: always("/v1/payments"), page: s.newPayment, back: itemOfForm, body: charged})))
	mux.HandleFunc("GET /payments/{id}", s.allowed(access.PaymentRead, s.payment))
	mux.HandleFunc("POST /payments/{id}/paid", s.allowed(access.PaymentNotify, s.does(deed{path: to("/v1/payments/", "/paid"), page: s.payment, back: paymentPage,
		body: func(f form) any { return map[string]any{"voucher": f.get("voucher")} }})))
	mux.HandleFunc("POST /payments/{id}/waive", s.allowed(access.PaymentWaive, s.does(deed{path: to("/v1/payments/", "/waive"), page: s.payment, back: paymentPage,
		body: func(f form) any { return map[string]any{"reason": f.get("reason")} }})))
}

func paymentPage(r *http.Request) string { return "/payments/" + part(r.PathValue("id")) }

func itemOfForm(r *http.Request) string { return "/case-items/" + part(r.PostFormValue("case_item")) }

// charged is a notice of payment; people write yuan, the interface takes fen.
func charged(f form) any {
	return map[string]any{"case_item": f.get("case_item"), "fee_name": f.get("fee_name"), "amount_fen": fen(f.get("amount")), "pay_by": f.get("pay_by"),
		"account": f.get("account")}
}

// fen reads an amount in yuan with at most two decimals, "1,234.5"; 0 for what is
// none, which the interface refuses.
func fen(text string) int64 {
	yuan, rest, point := strings.Cut(strings.NewReplacer(",", "", "，", "", " ", "").Replace(text), ".")
	if point && (len(rest) == 0 || len(rest) > 2) {
		return 0
	}
	n, err := strconv.ParseInt(yuan+rest+strings.Repeat("0", 2-len(rest)), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// paymentRow is a payment that is due or was settled.
type paymentRow struct {
	registerEntry
	Payment                   payment.Payment `json:"payment"`
	Amount                    string          `json:"amount"` // yuan
	ItemName, StateText, Kind string          `json:"-"`
}

var paymentTexts = map[string]string{payment.Due: "待缴费", payment.Paid: "已缴费", payment.Waived: "已减免"}

func (s *pages) namePayment(row *paymentRow) {
	row.ItemName, row.StateText = s.nameOr(row.Payment.Item), paymentTexts[row.State]
	switch {
	case row.State != payment.Due:
		row.Kind = "good"
	case row.Overdue:
		row.Kind = "bad"
	default:
		row.Kind = "warn"
	}
}

// askPayments lists the payments of a case, all for "", and of those the item's.
func (s *pages) askPayments(r *http.Request, caseID, item string) ([]paymentRow, error) {
	var got struct{ Payments []paymentRow }
	if err := s.ask(r, http.MethodGet, "/v1/payments"+query("case", caseID, "limit", listed), nil, &got); err != nil {
		return nil, err
	}
	rows := slices.DeleteFunc(got.Payments, func(p paymentRow) bool { return item != "" && p.Payment.CaseItem != item })
	for i := range rows {
		s.namePayment(&rows[i])
	}
	return rows, nil
}

// charges reports whether an item may cost anything.
func (s *pages) charges(it approval.CaseItem) bool {
	of, _ := s.Office.Edition(it.Edition, it.Division).Item(it.Item)
	return len(of.Fees) > 0
}

// paymentsData is the list.
type paymentsData struct {
	Rows []paymentRow
	Tabs []tab
}

func (s *pages) payments(w http.ResponseWriter, r *http.Request) {
	all, err := s.askPayments(r, "", "")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var data paymentsData
	for _, t := range []struct{ state, text string }{{payment.Due, "待缴费"}, {payment.Paid, "已缴费"}, {payment.Waived, "已减免"}} {
		asked := r.URL.Query().Get("state")
		current := t.state == asked || asked == "" && t.state == payment.Due
		n := 0
		for _, row := range all {
			if row.State == t.state {
				n++
				if current {
					data.Rows = append(data.Rows, row)
				}
			}
		}
		data.Tabs = append(data.Tabs, tab{Text: t.text, Path: address("/payments", "state", t.state), Current: current, Count: n, Counted: true})
	}
	s.render(w, r, http.StatusOK, "payments", "缴费", data)
}

// newPaymentData is the form for a notice of payment of one item.
type newPaymentData struct {
	itemRow
	Project approval.Registration
	Fees    []choice
	Bases   []string
	Today   string
}

func (s *pages) newPayment(w http.ResponseWriter, r *http.Request) {
	id := r.FormValue("case_item")
	if id == "" {
		id = r.URL.Query().Get("item")
	}
	r.SetPathValue("id", id)
	it, _, err := s.itemSeen(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data := newPaymentData{itemRow: s.itemRow(it), Today: s.Now().In(shanghai).Format("2006-01-02")}
	if data.Project, err = s.Records.Registration(r.Context(), it.Project); err != nil {
		s.fail(w, r, err)
		return
	}
	of, _ := s.Office.Edition(it.Edition, it.Division).Item(it.Item)
	for _, f := range of.Fees {
		data.Fees = append(data.Fees, choice{f.Name, f.Name + "（" + f.Basis + "）"})
	}
	s.render(w, r, statusOf(r), "payment-new", "出具缴费通知", data)
}

// paymentData is one payment, with what may be done.
type paymentData struct {
	paymentRow
	Settles, Waives bool
	Papers          []choice // of the project, one of them the voucher
}

func (s *pages) payment(w http.ResponseWriter, r *http.Request) {
	var row paymentRow
	if err := s.ask(r, http.MethodGet, "/v1/payments/"+part(r.PathValue("id")), nil, &row); err != nil {
		s.fail(w, r, err)
		return
	}
	s.namePayment(&row)
	who, _ := whoOf(r.Context())
	data := paymentData{paymentRow: row, Settles: row.State == payment.Due && who.May(access.PaymentNotify),
		Waives: row.State == payment.Due && who.May(access.PaymentWaive) && who.Unit == row.Unit}
	if data.Settles {
		docs, _, err := s.Desk.ListDocuments(r.Context(), storage.DocumentQuery{Project: row.Project, Limit: papersLimit}, func(d document.Document) bool {
			return who.Sees(d, s.Desk.UnitOf(d))
		})
		if err != nil {
			s.fail(w, r, err)
			return
		}
		data.Papers = scanChoices(docs)
	}
	s.render(w, r, statusOf(r), "payment", "缴费", data)
}
