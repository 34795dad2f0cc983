// Package notices issues, prints and serves the notices (文书) of the workflow.
// What a notice says is made from the catalogue's drafts when it is issued and
// kept with it; its PDF is printed from that afterwards, by whoever comes first,
// and comes out the same for everybody.
package notices

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"onewindow/approval/notice"
	"onewindow/storage"
)

// Records is what the office keeps.
type Records interface {
	storage.Notices
	storage.Audit
}

// Printer makes the PDF of a notice. The same notice gives the same bytes.
type Printer interface {
	Print(n notice.Notice, verifyURL string) ([]byte, error)
	// Covers makes the sheets that are laid in front of paper to be scanned.
	Covers(covers []notice.Cover) ([]byte, error)
}

// Office looks after notices that were issued.
type Office struct {
	Records Records
	Blobs   storage.Blobs
	Printer Printer
	// Templates are the wording that a city gave its notices.
	Templates *Templates
	Log       *slog.Logger
	Now       func() time.Time
	BaseURL   string // of the verification page
}

// printBatch bounds what is printed before others get a turn.
const printBatch = 50

// PrintAll prints what was issued and is not printed yet, and returns how many.
// A notice that cannot be printed is logged and does not hold up the others.
func (o *Office) PrintAll(ctx context.Context) (int, error) {
	open, err := o.Records.ListNotices(ctx, storage.NoticeQuery{Unprinted: true, Limit: printBatch})
	if err != nil {
		return 0, fmt.Errorf("list unprinted notices: %w", err)
	}
	done := 0
	for _, n := range open {
		if err := ctx.Err(); err != nil {
			return done, err
		}
		if _, err := o.print(ctx, n); err != nil {
			o.Log.Error("print notice", "notice", n.ID, "error", err)
			continue
		}
		done++
	}
	return done, nil
}

// Run prints what is issued until ctx ends.
func (o *Office) Run(ctx context.Context, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if _, err := o.PrintAll(ctx); err != nil && ctx.Err() == nil {
			o.Log.Error("print notices", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (o *Office) print(ctx context.Context, n notice.Notice) (notice.Notice, error) {
	pdf, err := o.Printer.Print(n, o.BaseURL+"/v/"+n.Code)
	if err != nil {
		return n, fmt.Errorf("print notice: %w", err)
	}
	info, err := o.Blobs.Put(ctx, storage.Derived, bytes.NewReader(pdf), storage.PutOptions{
		Size: int64(len(pdf)), Filename: n.Title + " " + n.Number + ".pdf", MediaType: "application/pdf"})
	if err != nil {
		return n, fmt.Errorf("store notice: %w", err)
	}
	n.File, n.Size = info.Digest, info.Size
	return n, o.Records.KeepNoticeFile(ctx, n.ID, info.Digest, info.Size)
}

// Printed returns a notice with its PDF in the store, printing it now if nobody
// has yet.
func (o *Office) Printed(ctx context.Context, n notice.Notice) (notice.Notice, error) {
	if n.File.IsZero() {
		return o.print(ctx, n)
	}
	return n, nil
}

// ErrNobody: a notice is served to somebody.
var ErrNobody = errors.New("no receiver named")

// Serve notes that a notice was served (送达). Errors: ErrNobody.
func (o *Office) Serve(ctx context.Context, id string, s notice.Serving) (notice.Notice, error) {
	if s.Receiver == "" {
		return notice.Notice{}, ErrNobody
	}
	s.At = o.Now().UTC().Truncate(time.Millisecond)
	return o.Records.ServeNotice(ctx, id, s, storage.AuditEntry{Actor: s.By, Action: "notice.serve", Object: id,
		Detail: map[string]string{"mode": s.Mode}})
}
