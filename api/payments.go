package api

import (
	"context"

	"onewindow/casework/payment"
	"onewindow/casework/register"
)

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
