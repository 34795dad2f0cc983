package storage

import (
	"context"
	"fmt"
)

// Spending is what one sender takes of a day.
type Spending struct {
	Subject   string // "token:tok_…", "account:name" or "unit:housing"
	Documents int64
	Bytes     int64
	// Most of a day; 0 is no limit.
	MostDocuments, MostBytes int64
}

// Usage is what a sender took of a day so far.
type Usage struct {
	Subject   string `json:"subject"`
	Documents int64  `json:"documents"`
	Bytes     int64  `json:"bytes"`
}

// Exceeded says that a day is used up.
type Exceeded struct{ Spending }

func (e *Exceeded) Error() string { return fmt.Sprintf("%s used up its day", e.Subject) }

// Usages counts what senders send. Days are "2006-01-02" in the house's time zone.
type Usages interface {
	// Spend counts all of it, or, when that would be more than the most of one,
	// nothing. Negative spendings give back. Errors: *Exceeded.
	Spend(ctx context.Context, day string, all ...Spending) error
	// UsageOf lists the senders of a day, those with most documents first.
	UsageOf(ctx context.Context, day string, limit int) ([]Usage, error)
}
