// Package issuance hands results out (出件, 二（二）4): paper goes from the unit to
// the window on a signed list, and from there to the applicant: picked up with a
// code, an identity and a signature, sent by EMS, or printed by the applicant. A
// result that was handed out is reported to its unit at once.
package issuance

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"onewindow/approval"
	"onewindow/approval/catalogue"
	"onewindow/approval/clock"
	"onewindow/approval/identifier"
	"onewindow/approval/notice"
	"onewindow/approval/progress"
	"onewindow/casework"
	"onewindow/casework/notices"
	"onewindow/casework/register"
	"onewindow/document"
	"onewindow/storage"
)

// The registers.
const (
	Register  = "issuance"
	Handovers = "handover"
)

// The states of an issuance (glossary.md).
const (
	AwaitingPaper = "awaiting_paper" // the window has not received the original (V2.14)
	Ready         = "ready"          // may be picked up, sent or printed
	Mailed        = "mailed"         // with EMS
	Collected     = "collected"      // final: signed for at the window
	Printed       = "printed"        // final: printed by the applicant
	Delivered     = "delivered"      // final: EMS delivered it
	Undeliverable = "undeliverable"  // came back; may be picked up or sent again
)

// The states of a handover.
const (
	Sent     = "sent"     // on its way from unit to window
	Received = "received" // final: signed for
)

// Mode is how a result reaches the applicant.
type Mode string

// The modes (delivery_mode of the glossary).
const (
	Pickup    Mode = "pickup"
	Mail      Mode = "mail"
	SelfPrint Mode = "self_print"
)

// wrongCodes is how many wrong pick-up codes lock an issuance until the window
// looks into it.
const wrongCodes = 5

// Receiver is who signed for a result. Of the ID only the masked form is kept.
type Receiver struct {
	Name          string `json:"name"`
	ID            string `json:"id_masked"`
	Authorisation string `json:"authorisation,omitempty"` // document, when not the contact (P4.2)
	Signature     string `json:"signature"`               // document or tablet signature (P4.3)
}

// Issuance is the body of an entry: the results of one case item.
type Issuance struct {
	CaseItem  string    `json:"case_item"`
	Item      string    `json:"item"`
	Number    string    `json:"case_number"`
	Results   []string  `json:"results"`
	Mode      Mode      `json:"mode,omitempty"`
	Code      string    `json:"pickup_code,omitempty"`
	Wrong     int       `json:"wrong_codes"`
	Address   string    `json:"address,omitempty"`
	Phone     string    `json:"phone,omitempty"`
	Tracking  string    `json:"tracking,omitempty"` // EMS
	Receiver  *Receiver `json:"receiver,omitempty"`
	By        string    `json:"by,omitempty"` // who handed it out
	At        time.Time `json:"delivered_at,omitzero"`
	Prints    int       `json:"prints"`
	Visits    int       `json:"visits"` // of the applicant to a window for this item (G.7)
	Handover  string    `json:"handover,omitempty"`
	Printable bool      `json:"printable"`
	// KioskWrong are wrong codes at self-print terminals since the last right one.
	KioskWrong int       `json:"kiosk_wrong_codes"`
	Reminders  int       `json:"reminders"` // that the result lies ready (P3.14)
	Reminded   time.Time `json:"reminded_at,omitzero"`
}

// HandoverLine is one original on a handover list.
type HandoverLine struct {
	CaseItem string `json:"case_item"`
	Name     string `json:"name"`
	Number   string `json:"number"`
	Copies   int    `json:"copies"`
	Pages    int    `json:"pages"`
}

// Handover is the body of a handover list (V2.14, P4.1).
type Handover struct {
	Lines      []HandoverLine `json:"lines"`
	Notice     string         `json:"notice_id,omitempty"` // the 转交清单 to be signed
	HandedBy   string         `json:"handed_by"`
	HandedAt   time.Time      `json:"handed_at"`
	ReceivedBy string         `json:"received_by,omitempty"`
	ReceivedAt time.Time      `json:"received_at,omitzero"`
	Overdue    []string       `json:"overdue,omitempty"` // case items handed over after their limit
}

// The records.
type (
	Record         = register.Record[Issuance]
	HandoverRecord = register.Record[Handover]
)

// Office does the use cases.
type Office struct {
	*register.Desk
	Cases storage.Cases
	// Edition is the catalogue of a version as it holds in a division: whether a
	// result may be printed follows from the case's own (T.2); nil: the one in effect.
	Edition func(version, division string) *catalogue.Catalogue
	// CollectDays is after how many working days a result is reminded of; nil: 5.
	CollectDays func(ctx context.Context) (int, error)
	// Documents finds scanned signatures and authorisations.
	Documents interface {
		Document(ctx context.Context, id document.ID) (document.Document, error)
	}
}

// edition is the catalogue that an item was started under and keeps.
func (o *Office) edition(item approval.CaseItem) *catalogue.Catalogue {
	if o.Edition == nil {
		return o.Catalogue
	}
	return o.Edition(item.Edition, item.Division)
}

// scanned checks that a document that is named exists; what is no document's ID is
// the signature itself, as a tablet gives it.
func (o *Office) scanned(ctx context.Context, wrong map[string]string, field, id, text string) error {
	if !strings.HasPrefix(id, "doc_") || o.Documents == nil {
		return nil
	}
	_, err := o.Documents.Document(ctx, document.ID(id))
	if errors.Is(err, storage.ErrNotFound) {
		wrong[field] = text
		return nil
	}
	return err
}

// Errors of the use cases.
var (
	// ErrLocked: too many wrong pick-up codes.
	ErrLocked = errors.New("pick-up locked after wrong codes")
	// ErrNotPrintable: results of this type are not printed by applicants (P4.6).
	ErrNotPrintable = errors.New("not printable by applicants")
)

// HandOver lists originals that a unit gives to a hall. Errors: *casework.Invalid.
func (o *Office) HandOver(ctx context.Context, unit, division, hall string, lines []HandoverLine, by string) (HandoverRecord, error) {
	now := o.Moment()
	r := HandoverRecord{Entry: storage.Entry{ID: o.NewID("hov"), Register: Handovers, Prefix: "ZJ", State: Sent, Open: true, Division: division,
		Unit: unit, Hall: hall, Created: now}, Body: Handover{Lines: lines, HandedBy: by, HandedAt: now}}
	wrong := map[string]string{}
	if hall == "" {
		wrong["hall"] = "请选择政务大厅"
	}
	if len(lines) == 0 {
		wrong["lines"] = "请列出转交的审批成果原件"
	}
	for i, l := range lines {
		item, err := o.Cases.CaseItem(ctx, l.CaseItem)
		switch {
		case errors.Is(err, storage.ErrNotFound) || err == nil && item.Unit != unit:
			wrong[fmt.Sprintf("lines.%d", i)] = "没有这个办件事项"
			continue
		case err != nil:
			return r, err
		case item.State != progress.CompletedApproved && item.State != progress.CompletedTolerated:
			wrong[fmt.Sprintf("lines.%d", i)] = "事项尚未办结，不能转交"
		case l.Copies <= 0:
			wrong[fmt.Sprintf("lines.%d.copies", i)] = "请填写份数"
		}
		if limit := item.Clock(clock.KindLimit); limit != nil {
			if due, _ := limit.Due(o.Calendar, now); now.After(due) {
				r.Body.Overdue = append(r.Body.Overdue, item.ID)
			}
		}
	}
	if len(wrong) > 0 {
		return r, &casework.Invalid{Fields: wrong}
	}
	var c register.Change
	n, err := o.list(ctx, r)
	if err != nil {
		return r, err
	}
	r.Body.Notice = n.ID
	c.Issue(n)
	if err := register.Put(&c, &r); err != nil {
		return r, err
	}
	c.Note(by, "send", r.Entry, map[string]string{"hall": hall, "overdue": strings.Join(r.Body.Overdue, ",")})
	return r, c.Do(ctx, o.Desk)
}

// Receive signs for a handover at the window; the results on it become ready and
// their applicants are told (P4.1).
func (o *Office) Receive(ctx context.Context, id, by string) (HandoverRecord, error) {
	r, err := register.Load[Handover](ctx, o.Desk, Handovers, id)
	if err != nil {
		return r, err
	}
	if r.State != Sent {
		return r, fmt.Errorf("handover is %s: %w", r.State, casework.ErrIllegal)
	}
	r.State, r.Open = Received, false
	r.Body.ReceivedBy, r.Body.ReceivedAt = by, o.Moment()
	var c register.Change
	if err := register.Put(&c, &r); err != nil {
		return r, err
	}
	var done []string
	for _, l := range r.Body.Lines {
		if slices.Contains(done, l.CaseItem) {
			continue
		}
		done = append(done, l.CaseItem)
		if err := o.makeReady(ctx, &c, l.CaseItem, r.Hall, r.ID, by); err != nil {
			return r, err
		}
	}
	c.Note(by, "receive", r.Entry, map[string]string{"hall": r.Hall})
	return r, c.Do(ctx, o.Desk)
}

// find returns the issuance of a case item, a new one if there is none.
func (o *Office) find(ctx context.Context, itemID string) (Record, approval.CaseItem, error) {
	item, err := o.Cases.CaseItem(ctx, itemID)
	if err != nil {
		return Record{}, item, err
	}
	found, err := register.List[Issuance](ctx, o.Desk, storage.EntryQuery{Register: Register, Parent: item.ID, Limit: 1})
	if err != nil || len(found) > 0 {
		if len(found) > 0 {
			return found[0], item, nil
		}
		return Record{}, item, err
	}
	if item.State != progress.CompletedApproved && item.State != progress.CompletedTolerated {
		return Record{}, item, fmt.Errorf("item is %s: %w", item.State, casework.ErrIllegal)
	}
	k, err := o.Cases.Case(ctx, item.Case)
	if err != nil {
		return Record{}, item, err
	}
	of, _ := o.edition(item).Item(item.Item)
	r := Record{Entry: storage.Entry{ID: o.NewID("iss"), Register: Register, State: AwaitingPaper, Open: true, Division: item.Division, Unit: item.Unit,
		Hall: k.Hall, Project: item.Project, Case: item.Case, Parent: item.ID, Owner: k.Applicant, Created: o.Moment()},
		Body: Issuance{CaseItem: item.ID, Item: item.Item, Number: item.Number, Results: item.Results, Printable: of.Printable}}
	if item.Mode == approval.ModeGenerated || item.Mode == approval.ModePushed {
		r.State = Ready // there is no paper to wait for
		if err := o.wait(ctx, &r); err != nil {
			return r, item, err
		}
	}
	return r, item, nil
}

func (o *Office) makeReady(ctx context.Context, c *register.Change, itemID, hall, handover, by string) error {
	r, _, err := o.find(ctx, itemID)
	if err != nil {
		return err
	}
	r.State, r.Hall, r.Body.Handover = Ready, hall, handover
	if err := o.wait(ctx, &r); err != nil {
		return err
	}
	if r.Body.Code == "" {
		r.Body.Code = pickupCode()
	}
	n, err := o.readyNotice(ctx, r, by)
	if err != nil {
		return err
	}
	c.Issue(n)
	c.Note(by, "ready", r.Entry, map[string]string{"case_item": itemID, "hall": hall})
	return register.Put(c, &r)
}

// pickupCode is six digits.
func pickupCode() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		panic(err) // the system has no randomness
	}
	return fmt.Sprintf("%06d", n)
}

// Choose says how an applicant wants the results of an item.
func (o *Office) Choose(ctx context.Context, itemID string, mode Mode, address, phone, by string) (Record, error) {
	r, _, err := o.find(ctx, itemID)
	if err != nil {
		return r, err
	}
	wrong := map[string]string{}
	switch mode {
	case Pickup:
	case Mail:
		if strings.TrimSpace(address) == "" {
			wrong["address"] = "请填写收件地址"
		}
		if strings.TrimSpace(phone) == "" {
			wrong["phone"] = "请填写收件人电话"
		}
	case SelfPrint:
		if !r.Body.Printable {
			return r, ErrNotPrintable
		}
	default:
		wrong["mode"] = "请选择自取、邮寄或自助打印"
	}
	if len(wrong) > 0 {
		return r, &casework.Invalid{Fields: wrong}
	}
	if !r.Open {
		return r, fmt.Errorf("issuance is %s: %w", r.State, casework.ErrIllegal)
	}
	r.Body.Mode, r.Body.Address, r.Body.Phone = mode, address, phone
	if r.Body.Code == "" {
		r.Body.Code = pickupCode()
	}
	return o.keep(ctx, r, by, "choose", nil, map[string]string{"mode": string(mode)})
}

func (o *Office) keep(ctx context.Context, r Record, by, action string, papers []notice.Notice, detail map[string]string) (Record, error) {
	var c register.Change
	if err := register.Put(&c, &r); err != nil {
		return r, err
	}
	for _, n := range papers {
		c.Issue(n)
	}
	c.Note(by, action, r.Entry, detail)
	return r, c.Do(ctx, o.Desk)
}

// Load returns an issuance. Errors: storage.ErrNotFound.
func (o *Office) Load(ctx context.Context, id string) (Record, error) {
	return register.Load[Issuance](ctx, o.Desk, Register, id)
}

// in loads an issuance that must be in one of some states.
func (o *Office) in(ctx context.Context, id string, states ...string) (Record, error) {
	r, err := o.Load(ctx, id)
	if err == nil && !slices.Contains(states, r.State) {
		err = fmt.Errorf("issuance is %s: %w", r.State, casework.ErrIllegal)
	}
	return r, err
}

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

func (o *Office) draft(r Record, kind, by string, vars map[string]string) notices.Draft {
	window := o.UnitName(r.Division, "window")
	all := map[string]string{"item": o.Catalogue.Name(r.Body.Item), "case_no": r.Body.Number, "document": o.Catalogue.Name(r.Body.Item) + "结果",
		"pickup_code": r.Body.Code, "hall": r.Hall, "mode": modeTexts[r.Body.Mode], "contact": "", "telephone": "", "supervision_telephone": ""}
	for k, v := range vars {
		all[k] = v
	}
	series := r.Division
	if r.Hall != "" {
		series = r.Hall
	}
	return notices.Draft{Kind: kind, ID: o.NewID("ntc"), At: o.Moment(), Heading: window, Signer: window, Vars: all,
		Notice: notice.Notice{Series: series, Division: r.Division, Unit: r.Unit, Project: r.Project, Case: r.Case, CaseNumber: r.Body.Number,
			Item: r.Body.CaseItem, To: r.Owner, IssuedBy: by}}
}

var modeTexts = map[Mode]string{Pickup: "窗口领取", Mail: "EMS邮寄", SelfPrint: "自主打印"}

func (o *Office) readyNotice(ctx context.Context, r Record, by string) (notice.Notice, error) {
	return notices.Compose(ctx, o.Templates, o.Catalogue, o.draft(r, "ready_notice", by, nil))
}

// receipt is the 送达回证 (P4.3).
func (o *Office) receipt(ctx context.Context, r Record, receiver, by string) (notice.Notice, error) {
	d := o.draft(r, "delivery_receipt", by, nil)
	signature := ""
	if r.Body.Receiver != nil {
		signature = "已签字（" + r.Body.Receiver.ID + "）"
	}
	d.Table = &notice.Table{Columns: []string{"项目", "内容"}, Rows: [][]string{
		{"许可事项", d.Vars["item"]}, {"办件编号", r.Body.Number}, {"受送达人", receiver}, {"送达地址", r.Body.Address}, {"送达人", by},
		{"送达日期", notices.Moment(r.Body.At)}, {"送达方式", modeTexts[r.Body.Mode]}, {"EMS 单号", r.Body.Tracking}, {"收件人签字或盖章", signature},
	}}
	return notices.Compose(ctx, o.Templates, o.Catalogue, d)
}
