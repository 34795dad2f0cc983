// Package issuance hands results out (出件, 二（二）4): paper goes from the unit to
// the window on a signed list, and from there to the applicant: picked up with a
// code, an identity and a signature, sent by EMS, or printed by the applicant. A
// result that was handed out is reported to its unit at once.
package issuance

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"onewindow/approval"
	"onewindow/approval/catalogue"
	"onewindow/approval/notice"
	"onewindow/approval/progress"
	"onewindow/casework"
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
