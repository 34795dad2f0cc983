package storage

import (
	"context"
	"encoding/json"
	"time"

	"onewindow/approval"
	"onewindow/approval/notice"
)

// Entry is one record of a register: consultations, inquiries, complaints and
// the like. What lists are searched by stands in columns; the rest is its body,
// whose form the register's own package knows.
type Entry struct {
	ID       string    // with the register's prefix
	Register string    // "consultation", "inquiry", …
	Number   string    // for people; the store gives it when Prefix is set
	Prefix   string    // of the number, for a new entry
	State    string    // as the register says
	Open     bool      // somebody has something to do
	Division string    // whose units handle it
	Unit     string    // that must act, or is concerned
	Hall     string    // where it was taken in
	Project  string    // 项目代码
	Case     string    // case ID
	Parent   string    // entry it belongs to: a reply to its inquiry
	Owner    string    // account it is for
	Due      time.Time // when what runs passes; zero when nothing does
	Created  time.Time
	Version  int64 // as read; 0 for a new one
	Body     json.RawMessage
}

// RegisterChange is everything that happens to registers in one transaction.
type RegisterChange struct {
	Entries []*Entry // get their numbers and new versions when all took place
	Notices []notice.Notice
	Events  []approval.Event
	Audit   []AuditEntry
	// Key, with Actor, makes the change happen once: done again it is ErrDone.
	Actor, Key string
}

// Registers keeps the registers of the windows and units.
type Registers interface {
	// ApplyEntries does a change. Errors: ErrStale, ErrDone, ErrConflict when an
	// entry with that ID is there already.
	ApplyEntries(ctx context.Context, c RegisterChange) error
	// Entry returns one entry by ID or number. Errors: ErrNotFound.
	Entry(ctx context.Context, register, idOrNumber string) (Entry, error)
	// ListEntries returns entries, newest first; with Urgent those first whose
	// time passes first.
	ListEntries(ctx context.Context, q EntryQuery) ([]Entry, error)
}

// EntryQuery filters entries; zero fields do not filter.
type EntryQuery struct {
	Register  string
	States    []string
	Open      bool
	Division  string
	Unit      string
	Hall      string
	Project   string
	Case      string
	Parent    string
	Owner     string
	DueBefore time.Time
	Urgent    bool
	Before    string // keyset of newest first: only entries older than this ID
	Limit     int    // default 50, at most 500
}
