package storage

import (
	"context"
	"time"

	"onewindow/document"
)

// Outcome is what became of a path that was seen in a hot folder. The comment
// says who moves it on. Every path has exactly one at any time.
type Outcome string

// The outcomes of an arrival.
const (
	OutcomeWaiting     Outcome = "waiting"     // is still written, incomplete, or being taken in; the watcher moves it on
	OutcomeReceived    Outcome = "received"    // is a document with a receipt; the pipeline may still refuse it
	OutcomeDuplicate   Outcome = "duplicate"   // the same bytes in the same folder came before; final
	OutcomeUnpacked    Outcome = "unpacked"    // an archive whose entries have outcomes of their own; final
	OutcomeQuarantined Outcome = "quarantined" // was received and could not be used; a person retries it
	OutcomeRefused     Outcome = "refused"     // the door would not have it; a person retries it
	OutcomeIgnored     Outcome = "ignored"     // never a document: hidden and system files, links, special files
	OutcomeRemoved     Outcome = "removed"     // somebody took it away before it was taken in; final
)

// CodeScreened marks a received file that was found to be classified: its name
// is for the security officer alone (G.8).
const CodeScreened = "screened"

// Why a duplicate is one, for programs and people.
const (
	CodeDuplicate   = "duplicate"
	ReasonDuplicate = "同一文件夹中已收过内容完全相同的文件"
)

// Outcomes lists all outcomes, those first that somebody may have to look at.
func Outcomes() []Outcome {
	return []Outcome{OutcomeRefused, OutcomeQuarantined, OutcomeWaiting, OutcomeReceived, OutcomeDuplicate, OutcomeUnpacked, OutcomeIgnored, OutcomeRemoved}
}

// Arrival is one file that was seen in a hot folder. A file that is dropped again
// at the same path is a further arrival.
type Arrival struct {
	ID     string `json:"id"`    // "arr_…"
	Inbox  string `json:"inbox"` // the folder's own ID: several watchers share a folder
	Path   string `json:"path"`  // inside the folder; an archive's entry follows "!/"
	Hall   string `json:"hall,omitempty"`
	Window string `json:"window,omitempty"`
	Parent string `json:"parent,omitempty"` // of an entry: the archive's arrival

	Outcome  Outcome          `json:"outcome"`
	Code     string           `json:"code,omitempty"`   // why, for programs
	Reason   string           `json:"reason,omitempty"` // why, for people
	Document document.ID      `json:"document_id,omitempty"`
	Receipt  document.Receipt `json:"receipt,omitempty"`
	// Held is its name in the quarantine folder; "" when it does not lie there.
	Held string `json:"-"`

	Size      int64     `json:"size"`
	Mark      string    `json:"-"` // by which a watcher knows the file again: its size and time
	FirstSeen time.Time `json:"first_seen_at"`
	Changed   time.Time `json:"changed_at"` // when it got its outcome
	RetryBy   string    `json:"retry_by,omitempty"`
}

// MayRetry reports whether the file lies in quarantine and can be taken in again.
func (a Arrival) MayRetry() bool { return a.Held != "" && a.RetryBy == "" }

// ArrivalOutcome is what became of a claimed arrival.
type ArrivalOutcome struct {
	Outcome      Outcome
	Code, Reason string
	Document     document.ID
	Receipt      document.Receipt
	Held         string
	Fresh        bool // Held replaces a name that was chosen before
}

// Arrivals is the ledger as watchers write it. Paths are told apart by their
// bytes: names need not be UTF-8.
type Arrivals interface {
	// NoteArrivals notes paths that lie in a folder now, waiting or ignored, and
	// returns their arrivals' IDs in order. Noting again is once, also when another
	// watcher claimed the file after it was seen.
	NoteArrivals(ctx context.Context, seen []Arrival) ([]string, error)
	// ClaimArrival binds the arrival a.ID to the claim of its file, so that a file
	// dropped at the path meanwhile is another arrival; one that is not known, or
	// belongs to another claim, is made. Claiming again with the token is once.
	ClaimArrival(ctx context.Context, a Arrival, token string) error
	// SettleArrival says what became of the claim's file. Only one arrival can be
	// the receipt's: others with the same document become duplicates. It returns the
	// name under which the file is held, which is o.Held unless another watcher
	// found the same outcome and chose a name before: then both use that. Fresh is
	// for those who found that name taken. A token nobody knows is none of the
	// ledger's.
	SettleArrival(ctx context.Context, token string, o ArrivalOutcome) (held string, err error)
	// EndAbsent ends arrivals that wait and were not noted for a while, by the
	// database's clock: somebody took them away.
	EndAbsent(ctx context.Context, inbox string, unseen time.Duration) error
	// PruneArrivals drops at most limit lines that nothing more happens to and that
	// got their outcome longer ago than age, by the database's clock, and counts
	// them by hall and outcome. It returns how many. What waits, is refused or lies
	// in quarantine stays.
	PruneArrivals(ctx context.Context, age time.Duration, limit int) (int, error)
	// RetriesWanted lists arrivals of a folder that a person wants to be tried again.
	RetriesWanted(ctx context.Context, inbox string) ([]Arrival, error)
}

// ArrivalQuery selects arrivals.
type ArrivalQuery struct {
	Halls   []string // of these halls; nil is all
	Outcome Outcome  // "" is all
	Before  string   // ID: older ones only
	Limit   int
}

// ArrivalList is the ledger as people read it.
type ArrivalList interface {
	// ListArrivals pages through arrivals, newest first.
	ListArrivals(ctx context.Context, q ArrivalQuery) ([]Arrival, error)
	// CountArrivals counts the arrivals of halls (nil: all) by outcome.
	CountArrivals(ctx context.Context, halls []string) (map[Outcome]int, error)
	// PrunedArrivals counts those whose lines were dropped for their age.
	PrunedArrivals(ctx context.Context, halls []string) (map[Outcome]int, error)
	// Arrival returns one. Errors: ErrNotFound.
	Arrival(ctx context.Context, id string) (Arrival, error)
	// AskRetry asks the folder's watcher to take a quarantined file in again.
	// Errors: ErrNotFound, ErrConflict when it does not lie in quarantine.
	AskRetry(ctx context.Context, id, by string) error
}
