package storage

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"onewindow/document"
)

// Reference says that a record of the database relies on a blob.
type Reference struct {
	Class  Class
	Digest document.Digest
}

// Condition is what is wrong with a blob.
type Condition string

// The conditions a FixityCheck finds.
const (
	Damaged    Condition = "damaged"    // the bytes are not what was put
	Missing    Condition = "missing"    // referenced and not there
	Unreadable Condition = "unreadable" // the store gave another error; its bytes may be sound
	Orphan     Condition = "orphan"     // there, and no record refers to it
)

// Trouble is one finding of a FixityCheck.
type Trouble struct {
	Reference
	Condition Condition
	Size      int64     // bytes; 0 if missing
	Modified  time.Time // zero if missing
	Detail    string    // English, for operators; empty if the condition says it all
}

// Tally sums up a FixityCheck.
type Tally struct {
	Blobs, Bytes                          int64 // re-read from start to end
	Damaged, Missing, Unreadable, Orphans int64
}

// Sound reports whether every referenced blob is what it should be. Orphans
// waste room and harm nobody.
func (t Tally) Sound() bool { return t.Damaged == 0 && t.Missing == 0 && t.Unreadable == 0 }

// FixityCheck re-reads every blob of a store and compares it with its digest and
// with the records, as archives do at intervals. It holds the digests of all references in memory (about 70 MB a
// million) and never a blob.
type FixityCheck struct {
	// Workers is how many blobs are read at once; 0 means 2.
	Workers int
	// Grace is the age below which a blob without a record is not an orphan: its
	// record may be on its way.
	Grace time.Duration
	// Report is called for each finding, one at a time.
	Report func(Trouble)
}

// Run checks a store; references yields what the records rely on. It stops at
// the first error that is not about a single blob, and returns what it counted.
func (c FixityCheck) Run(ctx context.Context, blobs Blobs, references iter.Seq2[Reference, error]) (Tally, error) {
	run := &fixityRun{FixityCheck: c, blobs: blobs, seen: map[Reference]bool{}}
	for ref, err := range references {
		if err != nil {
			return run.tally, fmt.Errorf("read references: %w", err)
		}
		run.seen[ref] = false
	}
	for _, class := range []Class{Originals, Derived} {
		if err := run.readAll(ctx, class); err != nil {
			return run.tally, fmt.Errorf("check %s: %w", class, err)
		}
	}
	if err := run.lookForMissing(ctx); err != nil {
		return run.tally, fmt.Errorf("check references: %w", err)
	}
	return run.tally, nil
}

type fixityRun struct {
	FixityCheck
	blobs Blobs
	seen  map[Reference]bool // by reference: was it listed? touched by one goroutine only

	mu    sync.Mutex // guards tally and the calls of Report
	tally Tally
}

// readAll lists a class and lets the workers read each blob.
func (r *fixityRun) readAll(ctx context.Context, class Class) error {
	todo := make(chan BlobInfo)
	var wg sync.WaitGroup
	for range workersOr(r.Workers, 2) {
		wg.Go(func() {
			for info := range todo {
				r.inspect(ctx, info)
			}
		})
	}
	err := r.blobs.List(ctx, class, func(info BlobInfo) error {
		ref := Reference{class, info.Digest}
		if _, referenced := r.seen[ref]; referenced {
			r.seen[ref] = true
		} else if time.Since(info.Modified) >= r.Grace {
			r.found(Trouble{Reference: ref, Condition: Orphan, Size: info.Size, Modified: info.Modified})
		}
		select {
		case todo <- info:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
	close(todo)
	wg.Wait()
	if err == nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return err
}

func workersOr(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}

// inspect reads one blob. One that is gone since it was listed was deleted
// meanwhile; should a record still refer to it, the next check tells.
func (r *fixityRun) inspect(ctx context.Context, info BlobInfo) {
	n, err := Reread(ctx, r.blobs, info.Class, info.Digest)
	trouble := Trouble{Reference: Reference{info.Class, info.Digest}, Size: info.Size, Modified: info.Modified}
	switch {
	case ctx.Err() != nil || errors.Is(err, ErrNotFound):
		return
	case errors.Is(err, ErrDamaged):
		trouble.Condition = Damaged
	case err != nil:
		trouble.Condition, trouble.Detail = Unreadable, err.Error()
	}
	r.mu.Lock()
	r.tally.Blobs++
	r.tally.Bytes += n
	r.mu.Unlock()
	if trouble.Condition != "" {
		r.found(trouble)
	}
}

// lookForMissing asks once more for each reference that was not listed: it may
// have been stored after its shard was read.
func (r *fixityRun) lookForMissing(ctx context.Context) error {
	for ref, listed := range r.seen {
		if listed {
			continue
		}
		info, err := r.blobs.Stat(ctx, ref.Class, ref.Digest)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err == nil:
			r.inspect(ctx, info)
		case errors.Is(err, ErrNotFound):
			r.found(Trouble{Reference: ref, Condition: Missing})
		default:
			r.found(Trouble{Reference: ref, Condition: Unreadable, Detail: err.Error()})
		}
	}
	return nil
}

func (r *fixityRun) found(t Trouble) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch t.Condition {
	case Damaged:
		r.tally.Damaged++
	case Missing:
		r.tally.Missing++
	case Unreadable:
		r.tally.Unreadable++
	case Orphan:
		r.tally.Orphans++
	}
	if r.Report != nil {
		r.Report(t)
	}
}
