// Package payment keeps payment notices (缴费通知单, G.11): for items with a fee
// only, due until they are paid with a voucher, or waived with a reason. Money
// itself does not pass through the system.
package payment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"onewindow/approval"
	"onewindow/approval/calendar"
	"onewindow/approval/catalogue"
	"onewindow/approval/notice"
	"onewindow/casework"
	"onewindow/casework/notices"
	"onewindow/casework/register"
	"onewindow/document"
	"onewindow/storage"
)

// Register is the name of the register.
const Register = "payment"

// The states.
const (
	Due    = "due"    // notified, not paid
	Paid   = "paid"   // final: the voucher is linked
	Waived = "waived" // final: nothing is to be paid, for a reason
)

// Payment is the body of an entry; its Parent is the case item.
type Payment struct {
	CaseItem string    `json:"case_item"`
	Item     string    `json:"item"`
	Number   string    `json:"case_number"`
	Fee      string    `json:"fee_name"`
	Basis    string    `json:"basis"`
	Amount   Fen       `json:"amount_fen"`
	Payer    string    `json:"payer"`
	PayBy    string    `json:"pay_by"`  // YYYY-MM-DD
	Account  string    `json:"account"` // where to pay: 收款单位、账户
	Notice   string    `json:"notice_id"`
	Voucher  string    `json:"voucher,omitempty"` // document
	Reason   string    `json:"waived_because,omitempty"`
	By       string    `json:"settled_by,omitempty"`
	At       time.Time `json:"settled_at,omitzero"`
}

// Record is one payment.
type Record = register.Record[Payment]

// Cases is what payments ask of cases.
type Cases interface {
	Case(ctx context.Context, idOrNumber string) (approval.Case, error)
	CaseItem(ctx context.Context, id string) (approval.CaseItem, error)
	Registration(ctx context.Context, code string) (approval.Registration, error)
	Document(ctx context.Context, id document.ID) (document.Document, error)
}

// Office does the use cases.
type Office struct {
	*register.Desk
	Cases Cases
	// Edition is the catalogue that holds for a case of a division.
	Edition func(version, division string) *catalogue.Catalogue
}

// New is what a notice of payment says.
type New struct {
	CaseItem, Fee string
	Amount        Fen
	PayBy         string
	Account       string
}

// Notify tells an applicant what to pay. Errors: *casework.Invalid for an item
// without such a fee, casework.ErrIllegal when that fee is due already or the
// item has ended without success.
func (o *Office) Notify(ctx context.Context, n New, by string) (Record, error) {
	item, err := o.Cases.CaseItem(ctx, n.CaseItem)
	if err != nil {
		return Record{}, err
	}
	k, err := o.Cases.Case(ctx, item.Case)
	if err != nil {
		return Record{}, err
	}
	of, _ := o.Edition(item.Edition, item.Division).Item(item.Item)
	fee, wrong := o.judge(of, n)
	if len(wrong) > 0 {
		return Record{}, &casework.Invalid{Fields: wrong}
	}
	before, err := register.List[Payment](ctx, o.Desk, storage.EntryQuery{Register: Register, Parent: item.ID})
	if err != nil {
		return Record{}, err
	}
	if slices.ContainsFunc(before, func(r Record) bool { return r.Body.Fee == fee.Name && r.State != Waived }) {
		return Record{}, fmt.Errorf("%s is notified already: %w", fee.Name, casework.ErrIllegal)
	}
	project, err := o.Cases.Registration(ctx, item.Project)
	if err != nil {
		return Record{}, err
	}
	day, _ := time.ParseInLocation(time.DateOnly, n.PayBy, calendar.Zone)
	r := Record{Entry: storage.Entry{ID: o.NewID("pay"), Register: Register, Prefix: "JF", State: Due, Open: true, Division: item.Division, Unit: item.Unit,
		Hall: k.Hall, Project: item.Project, Case: item.Case, Parent: item.ID, Owner: k.Applicant, Created: o.Moment(), Due: o.Calendar.Close(day).UTC()},
		Body: Payment{CaseItem: item.ID, Item: item.Item, Number: item.Number, Fee: fee.Name, Basis: fee.Basis, Amount: n.Amount,
			Payer: project.Builder, PayBy: n.PayBy, Account: n.Account}}
	paper, err := o.paper(ctx, r, by)
	if err != nil {
		return r, err
	}
	r.Body.Notice = paper.ID
	var c register.Change
	// Two clerks at once make one notice.
	c.Actor, c.Key = "payment", fmt.Sprintf("%s/%s/%d", item.ID, fee.Name, len(before))
	c.Issue(paper)
	if err := register.Put(&c, &r); err != nil {
		return r, err
	}
	c.Note(by, "notify", r.Entry, map[string]string{"case_item": item.ID, "fee": fee.Name, "amount": n.Amount.String()})
	if err := c.Do(ctx, o.Desk); errors.Is(err, storage.ErrDone) {
		return r, fmt.Errorf("notified at the same moment: %w", casework.ErrIllegal)
	} else if err != nil {
		return r, err
	}
	return r, nil
}

// judge finds the fee of an item that is asked for, the only one by itself.
func (o *Office) judge(item catalogue.Item, n New) (catalogue.Fee, map[string]string) {
	wrong := map[string]string{}
	var fee catalogue.Fee
	switch at := slices.IndexFunc(item.Fees, func(f catalogue.Fee) bool { return f.Name == n.Fee }); {
	case len(item.Fees) == 0:
		wrong["case_item"] = "该事项不收费，不能出具缴费通知"
	case at >= 0:
		fee = item.Fees[at]
	case n.Fee == "" && len(item.Fees) == 1:
		fee = item.Fees[0]
	default:
		wrong["fee_name"] = "该事项没有这项收费"
	}
	if n.Amount <= 0 || n.Amount >= maxAmount {
		wrong["amount"] = "请填写应缴金额"
	}
	if day, err := time.Parse(time.DateOnly, n.PayBy); err != nil || day.Format(time.DateOnly) < o.Moment().In(calendar.Zone).Format(time.DateOnly) {
		wrong["pay_by"] = "请填写今天或以后的缴款期限，如 2026-12-31"
	}
	if strings.TrimSpace(n.Account) == "" {
		wrong["account"] = "请填写收款单位和账户"
	}
	return fee, wrong
}

// paper is the 缴费通知单.
func (o *Office) paper(ctx context.Context, r Record, by string) (notice.Notice, error) {
	p := r.Body
	day, _ := time.ParseInLocation(time.DateOnly, p.PayBy, calendar.Zone)
	unit := o.UnitName(r.Division, r.Unit)
	series := r.Division
	if r.Hall != "" {
		series = r.Hall
	}
	return notices.Compose(ctx, o.Templates, o.Catalogue, notices.Draft{Kind: "payment_notice", ID: o.NewID("ntc"), At: o.Moment(), Heading: unit, Signer: unit, Addressee: p.Payer,
		Vars: map[string]string{"pay_by": notices.Day(day), "fee_name": p.Fee, "amount": p.Amount.String(), "amount_cn": p.Amount.Chinese(),
			"contact": "", "telephone": "", "supervision_telephone": ""},
		Table: &notice.Table{Columns: []string{"项目", "内容"}, Rows: [][]string{{"办理事项", o.Catalogue.Name(p.Item)}, {"办件编号", p.Number},
			{"缴款单位", p.Payer}, {"收费依据", p.Basis}, {"收款单位及账户", p.Account}}},
		Notice: notice.Notice{Series: series, Division: r.Division, Unit: r.Unit, Project: r.Project, Case: r.Case, CaseNumber: p.Number, Item: p.CaseItem,
			To: r.Owner, IssuedBy: by}})
}

// due loads a payment that is still due.
func (o *Office) due(ctx context.Context, id string) (Record, error) {
	r, err := register.Load[Payment](ctx, o.Desk, Register, id)
	if err == nil && r.State != Due {
		err = fmt.Errorf("payment is %s: %w", r.State, casework.ErrIllegal)
	}
	return r, err
}

// Settle notes that a payment was made; its voucher must be a document of the
// project. Errors: *casework.Invalid.
func (o *Office) Settle(ctx context.Context, id, voucher, by string) (Record, error) {
	r, err := o.due(ctx, id)
	if err != nil {
		return r, err
	}
	d, err := o.Cases.Document(ctx, document.ID(voucher))
	if errors.Is(err, storage.ErrNotFound) || err == nil && d.Origin.Project != r.Project {
		return r, &casework.Invalid{Fields: map[string]string{"voucher": "请扫描缴款凭证，并归入本项目"}}
	}
	if err != nil {
		return r, err
	}
	r.Body.Voucher = voucher
	return r, o.end(ctx, &r, Paid, by, "paid", map[string]string{"voucher": voucher})
}

// Waive says that nothing is to be paid. Errors: *casework.Invalid without a reason.
func (o *Office) Waive(ctx context.Context, id, reason, by string) (Record, error) {
	r, err := o.due(ctx, id)
	if err != nil {
		return r, err
	}
	if r.Body.Reason = strings.TrimSpace(reason); r.Body.Reason == "" {
		return r, &casework.Invalid{Fields: map[string]string{"reason": "请填写减免的理由和依据"}}
	}
	return r, o.end(ctx, &r, Waived, by, "waive", map[string]string{"reason": reason})
}

func (o *Office) end(ctx context.Context, r *Record, state, by, action string, detail map[string]string) error {
	r.State, r.Open, r.Due = state, false, time.Time{}
	r.Body.By, r.Body.At = by, o.Moment()
	return register.Keep(ctx, o.Desk, r, by, action, detail)
}
