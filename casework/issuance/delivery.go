package issuance

import (
	"context"
	"crypto/subtle"
	"fmt"
	"strings"
	"time"

	"onewindow/approval/identifier"
	"onewindow/approval/notice"
	"onewindow/casework"
)

// Presented is what somebody at the window shows (P4.2, P4.3).
type Presented struct {
	Code          string
	Name          string
	ID            string // 公民身份号码
	Authorisation string // document
	Signature     string
}

// Collect hands results out at the window. Errors: ErrLocked, *casework.Invalid
// naming everything that is wrong, casework.ErrIllegal while the paper has not
// come.
func (o *Office) Collect(ctx context.Context, id string, p Presented, by string) (Record, error) {
	r, err := o.in(ctx, id, Ready, Undeliverable)
	if err != nil {
		return r, err
	}
	if r.Body.Wrong >= wrongCodes {
		return r, ErrLocked
	}
	if subtle.ConstantTimeCompare([]byte(p.Code), []byte(r.Body.Code)) != 1 {
		r.Body.Wrong++
		if _, err := o.keep(ctx, r, by, "wrong_code", nil, nil); err != nil {
			return r, err
		}
		return r, &casework.Invalid{Fields: map[string]string{"code": "取件码不正确"}}
	}
	project, err := o.Cases.Registration(ctx, r.Project)
	if err != nil {
		return r, err
	}
	person := identifier.Validate(identifier.CitizenID, p.ID)
	wrong := map[string]string{}
	if strings.TrimSpace(p.Name) == "" {
		wrong["name"] = "请核对领取人姓名"
	}
	if !person.Valid {
		wrong["id_number"] = "身份证号码不正确，请核对证件"
	}
	if p.Name != project.Contact && p.Authorisation == "" {
		wrong["authorisation"] = "领取人不是项目联系人，请核验并扫描授权委托书"
	}
	if strings.TrimSpace(p.Signature) == "" {
		wrong["signature"] = "请领取人签字"
	}
	if err := o.scanned(ctx, wrong, "signature", p.Signature, "没有找到签字文件，请重新扫描"); err != nil {
		return r, err
	}
	if err := o.scanned(ctx, wrong, "authorisation", p.Authorisation, "没有找到授权委托书，请重新扫描"); err != nil {
		return r, err
	}
	if len(wrong) > 0 {
		return r, &casework.Invalid{Fields: wrong}
	}
	r.State, r.Open = Collected, false
	r.Body.Mode, r.Body.Visits = Pickup, r.Body.Visits+1
	r.Body.Receiver = &Receiver{Name: p.Name, ID: mask(person.Value), Authorisation: p.Authorisation, Signature: p.Signature}
	return o.delivered(ctx, r, p.Name, by)
}

// mask keeps the first six and the last four characters (validators.md 2).
func mask(id string) string {
	if len(id) < 11 {
		return "****"
	}
	return id[:6] + strings.Repeat("*", len(id)-10) + id[len(id)-4:]
}

// delivered notes the end and tells the unit (P4.5).
func (o *Office) delivered(ctx context.Context, r Record, receiver, by string) (Record, error) {
	r.Body.By, r.Body.At, r.Due = by, o.Moment(), time.Time{}
	paper, err := o.receipt(ctx, r, receiver, by)
	if err != nil {
		return r, err
	}
	return o.keep(ctx, r, by, "delivered", []notice.Notice{paper}, map[string]string{"case_item": r.Body.CaseItem, "mode": string(r.Body.Mode),
		"state": r.State, "receiver": receiver})
}

// Send gives results to EMS (P4.4). Errors: *casework.Invalid for a wrong number.
func (o *Office) Send(ctx context.Context, id, tracking, by string) (Record, error) {
	r, err := o.in(ctx, id, Ready, Undeliverable)
	if err != nil {
		return r, err
	}
	number := identifier.Validate(identifier.EMS, tracking)
	wrong := map[string]string{}
	if !number.Valid {
		wrong["tracking"] = "EMS 单号不正确，请核对（仅限邮政 EMS）"
	}
	if r.Body.Address == "" {
		wrong["address"] = "申请单位没有选择邮寄，或没有填写地址"
	}
	if len(wrong) > 0 {
		return r, &casework.Invalid{Fields: wrong}
	}
	r.State, r.Body.Mode, r.Body.Tracking, r.Due = Mailed, Mail, number.Value, time.Time{}
	return o.keep(ctx, r, by, "mail", nil, map[string]string{"tracking": number.Value})
}

// Arrived notes what became of a letter.
func (o *Office) Arrived(ctx context.Context, id string, ok bool, receiver, by string) (Record, error) {
	r, err := o.in(ctx, id, Mailed)
	if err != nil {
		return r, err
	}
	if !ok {
		r.State = Undeliverable
		if err := o.wait(ctx, &r); err != nil {
			return r, err
		}
		return o.keep(ctx, r, by, "undeliverable", nil, nil)
	}
	r.State, r.Open = Delivered, false
	return o.delivered(ctx, r, receiver, by)
}

// Print notes that the applicant printed the results (P4.6); each print counts.
// Errors: ErrNotPrintable.
func (o *Office) Print(ctx context.Context, id, by string) (Record, error) {
	r, err := o.printed(ctx, id)
	if err != nil {
		return r, err
	}
	if r.State == Printed {
		return o.keep(ctx, r, by, "print", nil, map[string]string{"prints": fmt.Sprint(r.Body.Prints)})
	}
	r.State, r.Open, r.Body.Mode = Printed, false, SelfPrint
	return o.delivered(ctx, r, by, by)
}

// printed is the issuance with one more print counted, not kept yet. Errors:
// ErrNotPrintable.
func (o *Office) printed(ctx context.Context, id string) (Record, error) {
	r, err := o.in(ctx, id, Ready, AwaitingPaper, Printed)
	if err != nil {
		return r, err
	}
	if !r.Body.Printable {
		return r, ErrNotPrintable
	}
	r.Body.Prints++
	return r, nil
}
