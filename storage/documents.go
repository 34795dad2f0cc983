package storage

import (
	"context"
	"time"

	"onewindow/document"
)

// NewDocument is a file whose bytes are durable and that is now to be known.
type NewDocument struct {
	Original document.Digest
	Size     int64
	Filename string
	Origin   document.Origin
	// IdempotencyKey, with Origin.By, makes registering twice the same as once.
	IdempotencyKey string
	// Quarantine, when set, takes the file in but stops it there (refused at the door).
	Quarantine *document.Refusal
}

// Documents keeps what is known of every file.
type Documents interface {
	// Register makes the document, its receipt number, its first task and its
	// event in one transaction. existed tells that the idempotency key was used
	// before: the earlier document is returned. Errors: ErrConflict when the key
	// was used for other bytes.
	Register(ctx context.Context, n NewDocument) (doc document.Document, existed bool, err error)
	// DocumentByKey returns the document that was registered by an account under
	// an idempotency key. Errors: ErrNotFound.
	DocumentByKey(ctx context.Context, by, key string) (document.Document, error)
	// Document returns one document. Errors: ErrNotFound.
	Document(ctx context.Context, id document.ID) (document.Document, error)
	// ListDocuments returns a page of documents, newest first.
	ListDocuments(ctx context.Context, q DocumentQuery) ([]document.Document, error)
	// Apply changes a document outside a step: a person's decision. version is
	// the one the caller saw, 0 for any. It returns the document and the tasks
	// that became ready. Errors: ErrNotFound, ErrConflict.
	Apply(ctx context.Context, id document.ID, version int64, change Change) (document.Document, []Task, error)
	// Artifacts lists the derived files of one generation.
	Artifacts(ctx context.Context, id document.ID, generation int) ([]document.Artifact, error)
}

// DocumentQuery filters documents; zero fields do not filter.
type DocumentQuery struct {
	State    document.State
	Project  string
	Unit     string
	By       string // sender
	Receipt  document.Receipt
	Original document.Digest
	Before   document.ID // keyset: only documents older than this one
	Limit    int         // default 50, at most 500
}

// AuditEntry is one line of the audit trail (V3.1): who did what to what.
type AuditEntry struct {
	Actor  string            `json:"actor"`  // account, token, or "system"
	Action string            `json:"action"` // e.g. "document.confirm", "result.file.read"
	Object string            `json:"object"` // document, result or case ID
	Detail map[string]string `json:"detail,omitempty"`
}

// AuditRow is an entry as kept: numbered and chained to the row before it.
type AuditRow struct {
	AuditEntry
	Seq  int64
	At   time.Time
	Prev string // hash of the row before, hex
	Hash string // SHA-256 over Prev and this row's canonical form, hex
}

// Audit is the append-only trail.
type Audit interface {
	// Record appends entries outside any other change: reads, logins.
	Record(ctx context.Context, entries ...AuditEntry) error
	// AuditTrail returns rows about an object, or all when it is "", after a
	// sequence number, oldest first.
	AuditTrail(ctx context.Context, object string, after int64, limit int) ([]AuditRow, error)
	// AuditOf returns the rows of one action about these objects, oldest first.
	AuditOf(ctx context.Context, action string, objects []string) ([]AuditRow, error)
	// VerifyAudit walks the chain and returns the first break, if any.
	VerifyAudit(ctx context.Context) (AuditVerdict, error)
}

// AuditVerdict is what walking the chain showed.
type AuditVerdict struct {
	Rows    int64
	Intact  bool
	BadSeq  int64  // first row that does not fit
	Problem string // "changed", "missing", "reordered", "inserted"
}

// Requeuer starts parked work again.
type Requeuer interface {
	// Requeue readies all parked tasks of the current generation with attempts at
	// zero, puts the document's state back to where the first of them stands,
	// clears its refusal, and returns the tasks to ring for.
	Requeue(ctx context.Context, id document.ID, by string) ([]Task, error)
}
