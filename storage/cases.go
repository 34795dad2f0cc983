package storage

import (
	"context"
	"errors"
	"time"

	"onewindow/approval"
	"onewindow/approval/notice"
	"onewindow/approval/progress"
)

// ErrStale is returned when somebody changed a record since the caller read it.
var ErrStale = errors.New("changed since it was read")

// ItemWrite is a case item to be kept. Version is the one the caller read, 0 for
// a new item; the store counts it up.
type ItemWrite struct {
	Item *approval.CaseItem
	// From is the state the item must still be in, "" for a new one.
	From progress.State
}

// CaseChange is everything that happens to a case in one transaction. Nothing of
// it stays if anything of it fails.
type CaseChange struct {
	// Case is kept if not nil: made when its Version is 0, with its number; else
	// it must still have that version.
	Case  *approval.Case
	Items []ItemWrite
	// File goes into the checklist; the same document or result in the same
	// entry is one filing.
	File []approval.Filing
	// Remove takes filings out of the checklist: their IDs.
	Remove []string
	// Rely records reliances on results; they must be published (V2.13).
	Rely []approval.Reliance
	Day  string // today in Asia/Shanghai, for reliances
	// Notices are issued with the change and numbered in it.
	Notices []notice.Notice
	Events  []approval.Event
	Audit   []AuditEntry
	// Key, with Actor, makes the change happen once: done again it is ErrDone.
	Actor, Key string
}

// ErrDone: a change with this key took place before.
var ErrDone = errors.New("done before")

// Cases keeps projects, cases, their items and what is in their checklists.
type Cases interface {
	// RegisterProject keeps a project; Version as in CaseChange. Errors: ErrConflict
	// when it is there already, ErrStale.
	RegisterProject(ctx context.Context, r approval.Registration, audit AuditEntry) (approval.Registration, error)
	// Registration returns a project as registered. Errors: ErrNotFound.
	Registration(ctx context.Context, code string) (approval.Registration, error)
	// Registrations lists projects by code.
	Registrations(ctx context.Context, q ProjectQuery) ([]approval.Registration, error)
	// ApplyCase does a change. The case and the items in it get their new
	// versions, a new case its number. Errors: ErrStale, ErrDone, ErrConflict
	// when a result may not be relied on.
	ApplyCase(ctx context.Context, c CaseChange) error
	// Case returns one case by ID or number. Errors: ErrNotFound.
	Case(ctx context.Context, idOrNumber string) (approval.Case, error)
	ListCases(ctx context.Context, q CaseQuery) ([]approval.Case, error)
	// CaseItem returns one item. Errors: ErrNotFound.
	CaseItem(ctx context.Context, id string) (approval.CaseItem, error)
	// ListCaseItems returns items, those whose time passes first in front, those
	// without a running limit last.
	ListCaseItems(ctx context.Context, q ItemQuery) ([]approval.CaseItem, error)
	// Filings lists what is in the checklist of a case, oldest first; with all,
	// also what was removed.
	Filings(ctx context.Context, caseID string, all bool) ([]approval.Filing, error)
	// FilingsOfDocument lists the cases' entries a document stands in.
	FilingsOfDocument(ctx context.Context, document string) ([]approval.Filing, error)
	// CaseItems returns those of these items that there are, by ID.
	CaseItems(ctx context.Context, ids []string) (map[string]approval.CaseItem, error)
	// CountItems counts items by state.
	CountItems(ctx context.Context, q ItemQuery) (map[progress.State]int, error)
	// CountDesks counts what lies on the units' desks in a division, "" being all,
	// by unit and state, and what is late at a moment.
	CountDesks(ctx context.Context, division string, now time.Time) (map[string]DeskCount, error)
}

// Cursors remember how far a follower of the events has come.
type Cursors interface {
	// Cursor returns the last event a follower is done with, 0 at first.
	Cursor(ctx context.Context, name string) (int64, error)
	// MoveCursor moves it on if it still stands at from. Errors: ErrStale.
	MoveCursor(ctx context.Context, name string, from, to int64) error
}

// ProjectQuery filters registered projects; zero fields do not filter.
type ProjectQuery struct {
	Division string
	Member   string // account that belongs to the project, or registered it
	After    string // keyset: codes after this one
	Limit    int    // default 50, at most 500
}

// CaseQuery filters cases; zero fields do not filter. Newest first.
type CaseQuery struct {
	Project   string
	Division  string
	Stage     string
	Applicant string
	Hall      string
	Channel   approval.Channel
	Member    string // account that belongs to the project
	Before    string // keyset: only cases older than this ID
	Limit     int    // default 50, at most 500
}

// DeskCount is what lies on one unit's desk.
type DeskCount struct {
	States map[progress.State]int
	Late   int // not ended, and something that ran has passed
}

// ItemQuery filters case items; zero fields do not filter.
type ItemQuery struct {
	Case      string
	Project   string
	Unit      string
	Division  string
	Stage     string
	Item      string
	Channel   approval.Channel
	States    []progress.State
	Open      bool      // not ended
	DueFrom   time.Time // something that runs passes at this moment or later
	DueBefore time.Time // something that runs passes before this moment
	After     ItemMark  // keyset
	Limit     int       // default 50, at most 500
	// CountTo is where counting stops, state by state: whoever reads "999+" does not
	// wait for the rest. 0 counts all.
	CountTo int
}

// ItemMark is a place in a list of items.
type ItemMark struct {
	Due time.Time // zero: nothing runs
	ID  string
}
