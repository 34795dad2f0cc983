package storage

import (
	"context"
	"errors"
	"time"

	"onewindow/approval"
	"onewindow/document"
)

// Errors of the work queue.
var (
	// ErrNoWork: the task is not ready, held by somebody else, done, or gone.
	ErrNoWork = errors.New("no work")
	// ErrFenced: the claim was lost (lease expired and taken over, document
	// cancelled or started anew); what was done must be thrown away.
	ErrFenced = errors.New("claim lost")
)

// TaskKey names one task: a step of one generation of a document, and the page
// for steps that work on pages (else 0).
type TaskKey struct {
	Document   document.ID   `json:"d"`
	Generation int           `json:"g"`
	Step       document.Step `json:"s"`
	Page       int           `json:"p"`
}

// TaskState is where a task is. The comment says who moves it on.
type TaskState string

// The states of a task.
const (
	TaskHeld      TaskState = "held"      // waits for a place in its document's window; a finished sibling readies it
	TaskReady     TaskState = "ready"     // waits for a worker
	TaskClaimed   TaskState = "claimed"   // a worker has it until its lease ends
	TaskDone      TaskState = "done"      // final
	TaskParked    TaskState = "parked"    // gave up, reason kept; requeue readies it
	TaskCancelled TaskState = "cancelled" // final
)

// Task is the row of one task.
type Task struct {
	TaskKey
	Lane       document.Lane
	State      TaskState
	Attempt    int       // how often it was claimed
	NotBefore  time.Time // earliest next try
	LeaseUntil time.Time // while claimed
	Owner      string    // worker that holds it
	Code       string    // refusal code of the last failure
	Reason     string    // the last failure in words for people
	StartedAt  time.Time
	EndedAt    time.Time
}

// Claim is the right to work on a task until its lease ends.
type Claim struct {
	TaskKey
	Lane    document.Lane
	Fence   int64 // grows with every claim of the task
	Attempt int   // 1 for the first
	Owner   string
}

// NextTask asks for a task of the same document and generation.
type NextTask struct {
	Step document.Step
	Page int
	Held bool // starts held: readied by a finishing sibling
}

// Change is everything that happens to a document in one transaction.
type Change struct {
	Patch     DocumentPatch
	Artifacts []document.Artifact
	// Texts are pages that were read, for searching.
	Texts []PageText
	Next  []NextTask
	// Join, when set, asks for that step once no task of the finished step is
	// left open in this generation.
	Join document.Step
	// CancelTasks ends every open task of the current generation.
	CancelTasks bool
	// DropArtifacts forgets every artifact of every generation: nothing derived
	// from a classified file may stay (G.8). The janitor removes the blobs.
	DropArtifacts bool
	// NewGeneration starts the next generation; Next then belongs to it.
	NewGeneration bool
	// Publish makes a result version; an earlier published version with the same
	// lineage is superseded and its dependants are flagged.
	Publish *approval.Result
	Events  []approval.Event
	Audit   []AuditEntry
	// Parts become documents of their own.
	Parts []Part
	// Others change together with this document.
	Others []Companion
}

// DocumentPatch holds the new values of a document; nil leaves a value as it is.
type DocumentPatch struct {
	State          *document.State
	MediaType      *string
	Pages          *int
	PageRead       bool // one more page was read
	Classification *document.Classification
	Fields         document.Fields
	Findings       []document.Finding
	Refusal        *document.Refusal
	ClearRefusal   bool
	Publication    *document.Publication
	Origin         *document.Origin
}

// Failure is why a task could not be done now.
type Failure struct {
	Code   document.RefusalCode
	Reason string        // for people, Chinese
	Detail string        // for operators, English
	Retry  time.Duration // try again after this; negative parks the task
	// Uncounted leaves the attempt out of the count: nobody could have done it,
	// as when a store was away.
	Uncounted bool
}

// Work hands out tasks and takes their outcome. Leases run on the database's
// clock, so that workers with wrong clocks do no harm. All methods return
// ErrFenced where a claim was lost.
type Work interface {
	// Claim takes a task that is ready, or whose lease ran out. Errors: ErrNoWork.
	Claim(ctx context.Context, key TaskKey, owner string, lease time.Duration) (Claim, error)
	// Renew extends the lease from now.
	Renew(ctx context.Context, c Claim, lease time.Duration) error
	// Finish records the change, closes the task and returns the tasks that
	// became ready, in one transaction.
	Finish(ctx context.Context, c Claim, change Change) ([]Task, error)
	// Fail records a failure: the task is ready again later, or parked together
	// with the given change (which may be empty).
	Fail(ctx context.Context, c Claim, f Failure, change Change) error
	// Release hands an unfinished task back at once; the attempt does not count.
	Release(ctx context.Context, c Claim) error
}

// Queue shows waiting work to the sweeper and to people.
type Queue interface {
	// Waiting returns tasks that are ready or whose lease ran out and that were
	// not rung for since the given age, oldest first, and marks them as rung.
	Waiting(ctx context.Context, lane document.Lane, age time.Duration, limit int) ([]Task, error)
	// TasksOf returns all tasks of one generation of a document in step order.
	TasksOf(ctx context.Context, id document.ID, generation int) ([]Task, error)
	// Parked returns parked tasks, newest first.
	Parked(ctx context.Context, limit int) ([]Task, error)
	// Depths counts open tasks by lane and state.
	Depths(ctx context.Context) (map[document.Lane]map[TaskState]int, error)
}
