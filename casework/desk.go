package casework

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"onewindow/approval/catalogue"
	"onewindow/approval/notice"
	"onewindow/document"
	"onewindow/stamp"
	"onewindow/storage"
)

// Errors of the use cases; test with errors.Is.
var (
	// ErrIllegal: not possible in the current state.
	ErrIllegal = errors.New("not possible in this state")
	// ErrInvalid: the data given is wrong; see *Invalid for the fields.
	ErrInvalid = errors.New("invalid data")
	// ErrNoBasis: the result may not be relied on: it was superseded or revoked,
	// has expired, or says no.
	ErrNoBasis = errors.New("not usable as basis")
)

// Invalid lists everything that is wrong with the data of one request, by field
// key, in words for people.
type Invalid struct {
	Fields map[string]string
}

// Error returns the English face.
func (e *Invalid) Error() string { return "invalid data" }

// Is makes errors.Is(err, ErrInvalid) true.
func (e *Invalid) Is(target error) bool { return target == ErrInvalid }

// Records is what the use cases keep.
type Records interface {
	storage.Documents
	storage.Results
	storage.Reliances
	storage.ProjectLinks
	storage.Audit
	storage.Requeuer
	// NoticeByCode finds a notice by its verification code.
	NoticeByCode(ctx context.Context, code string) (notice.Notice, error)
}

// Checker validates fields that people typed by the rules of a type.
type Checker interface {
	// Check validates values in place and returns the required keys without a
	// valid value.
	Check(typeCode string, fields document.Fields) (missing []string)
}

// Bell tells workers that tasks became ready.
type Bell interface {
	Ring(ctx context.Context, tasks []storage.Task) error
}

// Desk does the use cases.
type Desk struct {
	Records   Records
	Blobs     storage.Blobs
	Bell      Bell
	Catalogue *catalogue.Catalogue
	Checker   Checker
	Log       *slog.Logger
	Now       func() time.Time
	Workshop  Workshop
	Darkroom  Darkroom // nil where no pictures are made
	Copies    storage.Copies
	Template  stamp.Template // the watermark in force
	System    string         // name printed in the mark
	BaseURL   string         // of the verification page
	Scratch   string         // parent of scratch folders, "" is the system's
}

// ring tells of ready tasks; the sweeper makes good a ring that is lost.
func (d *Desk) ring(ctx context.Context, tasks []storage.Task) {
	if len(tasks) == 0 {
		return
	}
	if err := d.Bell.Ring(ctx, tasks); err != nil {
		d.Log.Warn("ring bell", "error", err)
	}
}

// day is today in Asia/Shanghai, as results' dates are written.
func (d *Desk) day() string { return d.Now().In(shanghai).Format(time.DateOnly) }

// shanghai has no daylight saving, so a fixed zone needs no time zone files.
var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)
