package web

import (
	"net/http"

	"onewindow/access"
	"onewindow/approval/progress"
	"onewindow/casework/issuance"
)

// itemHanding is how the results of an item reach the applicant.
type itemHanding struct {
	May       bool // the asker may choose
	Row       *issuanceRow
	Modes     []choice
	Mode      string
	Printable bool
}

// itemWindow gathers what the window does about an item: handing out and payment.
func (s *pages) itemWindow(r *http.Request, data *itemData) error {
	who, _ := whoOf(r.Context())
	if who.May(access.PaymentRead) {
		var err error
		if data.Payments, err = s.askPayments(r, data.Case.ID, data.CaseItem.ID); err != nil {
			return err
		}
		data.MayCharge = who.May(access.PaymentNotify) && s.charges(data.CaseItem)
	}
	if data.State != progress.CompletedApproved && data.State != progress.CompletedTolerated || !who.May(access.IssuanceRead) {
		return nil
	}
	all, err := s.askIssuances(r)
	if err != nil {
		return err
	}
	of, _ := s.Catalogue.Item(data.CaseItem.Item)
	h := itemHanding{Printable: of.Printable, Mode: string(issuance.Pickup)}
	for i := range all {
		if all[i].Issuance.CaseItem == data.CaseItem.ID {
			h.Row, h.Mode = &all[i], string(all[i].Issuance.Mode)
		}
	}
	h.Modes = []choice{{string(issuance.Pickup), modeText[issuance.Pickup]}, {string(issuance.Mail), modeText[issuance.Mail]}}
	if h.Printable {
		h.Modes = append(h.Modes, choice{string(issuance.SelfPrint), modeText[issuance.SelfPrint]})
	}
	h.May = who.May(access.ItemAnswer) && (h.Row == nil || h.Row.State == issuance.AwaitingPaper || h.Row.State == issuance.Ready || h.Row.State == issuance.Undeliverable)
	data.Handing = h
	return nil
}
