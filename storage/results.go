package storage

import (
	"context"

	"onewindow/approval"
)

// Results keeps published results and who relies on them.
type Results interface {
	// Result returns one version. Errors: ErrNotFound.
	Result(ctx context.Context, id string) (approval.Result, error)
	// ResultByCode finds a version by its verification code. Errors: ErrNotFound.
	ResultByCode(ctx context.Context, code string) (approval.Result, error)
	// ListResults returns a page of results, newest first.
	ListResults(ctx context.Context, q ResultQuery) ([]approval.Result, error)
	// EndResult revokes a published version; dependants are flagged and events
	// and audit written in the same transaction. Errors: ErrNotFound, ErrConflict
	// when it is not published any more.
	EndResult(ctx context.Context, end ResultEnd) (approval.Result, error)
	// PublishResult makes a result that did not come through the pipeline: a
	// pushed e-certificate. key makes it idempotent per actor.
	PublishResult(ctx context.Context, r approval.Result, key string, audit AuditEntry) (res approval.Result, existed bool, err error)
}

// ResultNumbers numbers the documents that are generated here (V2.8).
type ResultNumbers interface {
	// TakeResultNumber gives the document of a type that an item produces its
	// place in a series, counted from 1 without gaps. An item that has a place
	// keeps it, in the series it was taken in, however often it asks: generating
	// again uses no further number.
	TakeResultNumber(ctx context.Context, caseItem, resultType, series string) (in string, n int64, err error)
}

// ResultEnd ends a result version.
type ResultEnd struct {
	ID     string
	By     string
	Reason string
}

// ResultQuery filters results; zero fields do not filter.
type ResultQuery struct {
	Project string
	Type    string
	Unit    string
	Number  string
	Lineage string
	Status  approval.Status
	Before  string // keyset: only results older than this ID
	Limit   int    // default 50, at most 500
}

// Reliances keeps who relied on which version.
type Reliances interface {
	// Rely records a reliance; the same (result, item, case) twice is once.
	// Errors: ErrNotFound, ErrConflict when the result may not be relied on.
	Rely(ctx context.Context, r approval.Reliance, day string) (approval.Reliance, error)
	// ReliancesOn lists who relied on a result version.
	ReliancesOn(ctx context.Context, result string) ([]approval.Reliance, error)
	// ReliancesOf lists what an item of a project relied on.
	ReliancesOf(ctx context.Context, project, item string) ([]approval.Reliance, error)
	// Project returns what is known of a project. Errors: ErrNotFound.
	Project(ctx context.Context, code string) (approval.Project, error)
}

// Events is the outbox as readers see it.
type Events interface {
	// EventsAfter returns events with Seq > after in order.
	EventsAfter(ctx context.Context, after int64, limit int) ([]approval.Event, error)
	// LastEvent returns the highest Seq, 0 when there is none.
	LastEvent(ctx context.Context) (int64, error)
}
