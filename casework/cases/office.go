// Package cases holds the use cases on projects, cases and their items: apply,
// route, return, accept, correct, decide (guideline 二（一）2 and 二（二）3). Every
// move is one line of the table in approval/progress, one transaction, one audit
// row and one event; time comes from Now alone.
package cases

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"onewindow/approval"
	"onewindow/approval/calendar"
	"onewindow/approval/catalogue"
	"onewindow/approval/progress"
	"onewindow/casework"
	"onewindow/casework/notices"
	"onewindow/document"
	"onewindow/storage"
)

// Records is what the use cases keep.
type Records interface {
	storage.Cases
	storage.Members
	storage.Notices
	Result(ctx context.Context, id string) (approval.Result, error)
	ListResults(ctx context.Context, q storage.ResultQuery) ([]approval.Result, error)
	EndResult(ctx context.Context, end storage.ResultEnd) (approval.Result, error)
	Document(ctx context.Context, id document.ID) (document.Document, error)
}

// Rules are the numbers a city may choose; the zero value takes the guideline's.
type Rules struct {
	CorrectionWindow int // working days after receipt in which a correction may be asked for; 5 (A4)
	CorrectionTime   int // working days the applicant gets; 15 (A4)
	WarnDays         int // yellow from so many working days left; 1
}

func (r Rules) filled() Rules {
	if r.CorrectionWindow == 0 {
		r.CorrectionWindow = 5
	}
	if r.CorrectionTime == 0 {
		r.CorrectionTime = 15
	}
	if r.WarnDays == 0 {
		r.WarnDays = 1
	}
	return r
}

// Office does the use cases.
type Office struct {
	Records   Records
	Catalogue *catalogue.Catalogue // for names and, without a library, for everything
	// Library has all versions: new applications take the one in effect, running
	// cases keep theirs (T.2).
	Library  *catalogue.Library
	Calendar *calendar.Calendar
	Rules    Rules
	Contact  Contact // at the foot of notices
	// Templates are the wording of notices; nil: the catalogue's.
	Templates *notices.Templates
	Proxy     Proxy // nil: nobody acts for applicants
	// Credit knows who may make no commitment; nil: everybody may.
	Credit Credit
	// Inquired knows what was answered before; nil: applications begin empty.
	Inquired Inquired
	Log      *slog.Logger
	Now      func() time.Time
}

// Actor is who does something. What it may do at all, and to what, was judged
// before: the office only notes it down.
type Actor struct {
	Account  string
	Unit     string
	Division string
	Hall     string
	Window   string
	// Supervisor may order what the rules do not allow, with a reason (P3.10).
	Supervisor bool
	// Clerk acts for the window: what it fills in online its applicant submits.
	Clerk bool
}

// Proxy knows who may submit for an applicant.
type Proxy interface {
	// MaySubmit reports whether an account acts for the applicant of a case (P5.2).
	MaySubmit(ctx context.Context, k approval.Case, account string) (bool, error)
}

// Credit knows who broke commitments.
type Credit interface {
	// Barred says why a project's builder may make no commitment, "" if it may.
	Barred(ctx context.Context, project approval.Registration) (string, error)
}

// Inquired knows the one-time inquiries of applicants.
type Inquired interface {
	// Answered are the answers that an account gave in its last inquiry about a stage
	// of a project, and the items that it was told of in reply (V1.5, V1.10).
	Answered(ctx context.Context, project, stage, account string) (answers map[string]string, items []string, err error)
}

// ErrNotConfirmed: what a clerk filled in online its applicant must submit (P1.3).
var ErrNotConfirmed = errors.New("not confirmed by the applicant")

// ErrClassified: a classified project or paper is handled offline (G.8).
var ErrClassified = errors.New("classified: handled offline only")

// Illegal says that an item cannot move so, and how it can.
type Illegal struct {
	State    progress.State
	Possible []progress.Action
	Why      string // Chinese, when more is to be said
}

// Error returns the English face.
func (e *Illegal) Error() string { return fmt.Sprintf("not possible in state %s", e.State) }

// Is makes errors.Is(err, casework.ErrIllegal) true.
func (e *Illegal) Is(target error) bool { return target == casework.ErrIllegal }

// Text is the sentence for people: the state, and what is possible.
func (e *Illegal) Text() string {
	var b strings.Builder
	if e.Why != "" {
		b.WriteString(e.Why + "。")
	}
	fmt.Fprintf(&b, "当前状态：%s。", e.State.Text())
	if len(e.Possible) == 0 {
		b.WriteString("不能再办理。")
		return b.String()
	}
	names := make([]string, len(e.Possible))
	for i, a := range e.Possible {
		names[i] = a.Text()
	}
	fmt.Fprintf(&b, "可以：%s。", strings.Join(names, "、"))
	return b.String()
}

func illegal(state progress.State, why string) error {
	return &Illegal{State: state, Possible: progress.Possible(state), Why: why}
}

func invalid(field, text string) error {
	return &casework.Invalid{Fields: map[string]string{field: text}}
}

// now is the present moment, in whole milliseconds as it is kept.
func (o *Office) now() time.Time { return o.Now().UTC().Truncate(time.Millisecond) }

// day is today in Asia/Shanghai.
func (o *Office) day() string { return o.Now().In(calendar.Zone).Format(time.DateOnly) }

// newID makes an ID that sorts by time.
func (o *Office) newID(prefix string) string {
	return prefix + ulid.MustNew(ulid.Timestamp(o.now()), rand.Reader).String()
}
