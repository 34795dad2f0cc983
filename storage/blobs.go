// Package storage says what the rest of the house needs from a place that keeps
// things: blobs here, and the errors every driver returns. Drivers live below
// it; storagetest holds the one conformance suite all of them pass.
package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"onewindow/document"
)

// Errors of every driver; test with errors.Is.
var (
	ErrNotFound  = errors.New("not found")
	ErrConflict  = errors.New("conflict")             // changed by somebody else meanwhile
	ErrMismatch  = errors.New("digest mismatch")      // the bytes are not what was promised
	ErrDamaged   = errors.New("stored bytes damaged") // what is stored is not what was put
	ErrWriteOnce = errors.New("write-once")           // originals are not deleted or replaced
	ErrFull      = errors.New("storage full")         // no room; nothing was stored
)

// Class separates what must never go from what can be made again.
type Class string

// The classes of blobs.
const (
	Originals Class = "originals" // as received; write-once (V2.12)
	Derived   Class = "derived"   // made by the pipeline; deterministic or replaceable
)

// BlobInfo describes a stored blob.
type BlobInfo struct {
	Class    Class
	Digest   document.Digest
	Size     int64 // bytes
	Modified time.Time
}

// PutOptions accompany a blob. The zero value is valid.
type PutOptions struct {
	// Expect, when set, is the digest promised by the sender; other bytes give
	// ErrMismatch and leave nothing behind.
	Expect document.Digest
	// Size, when positive, is the length promised; it lets drivers stream.
	Size int64
	// Filename is kept as metadata where the driver can; any Unicode.
	Filename string
	// MediaType is kept as metadata where the driver can.
	MediaType string
}

// Blobs keeps content under its own digest. All methods are safe for concurrent
// use, obey ctx, and never hold a blob in memory.
type Blobs interface {
	// Put streams r to the store and returns only when the bytes are durable:
	// written, synced, and visible to Open under their digest. Putting bytes that
	// are already there is not an error and changes nothing. After an error
	// nothing is visible. Errors: ErrMismatch, ErrFull, what r or ctx returned.
	Put(ctx context.Context, class Class, r io.Reader, opts PutOptions) (BlobInfo, error)
	// Open returns the bytes for reading and seeking. Reading all of it in order
	// from the start ends in ErrDamaged in place of io.EOF if the bytes are not
	// what was put. Errors: ErrNotFound. The caller closes it.
	Open(ctx context.Context, class Class, d document.Digest) (BlobReader, error)
	// Stat describes a blob without reading it. Errors: ErrNotFound.
	Stat(ctx context.Context, class Class, d document.Digest) (BlobInfo, error)
	// List calls fn for every blob of a class, in no order, until fn fails.
	List(ctx context.Context, class Class, fn func(BlobInfo) error) error
	// Delete removes a derived blob; deleting what is not there is not an error.
	// Errors: ErrWriteOnce for originals.
	Delete(ctx context.Context, class Class, d document.Digest) error
}

// BlobReader reads one blob.
type BlobReader interface {
	io.ReadSeekCloser
	Info() BlobInfo
}

// Purger is an optional ability: to destroy an original for good. Only a
// security officer's purge of classified bytes (G.8) may call it.
type Purger interface {
	Purge(ctx context.Context, d document.Digest) error
}

// Sweeper is an optional ability: to remove temporary leftovers of interrupted
// writes that are older than age. It returns how many it removed.
type Sweeper interface {
	SweepTemporary(ctx context.Context, age time.Duration) (int, error)
}

// Metadata is what a driver keeps beside the bytes, for people who must make
// sense of a store without its database. It is a label, never a truth.
type Metadata struct {
	Filename  string `json:"filename,omitempty"`
	MediaType string `json:"media_type,omitempty"`
}

// Describer is an optional ability: to tell the metadata of the Put that stored
// a blob first. Where it could not be kept, it is empty. Errors: ErrNotFound.
type Describer interface {
	Describe(ctx context.Context, class Class, d document.Digest) (Metadata, error)
}

// Verify compares what arrived with what the sender promised; drivers call it
// before a blob becomes visible. Errors: ErrMismatch.
func (o PutOptions) Verify(d document.Digest, size int64) error {
	if !o.Expect.IsZero() && o.Expect != d {
		return fmt.Errorf("digest is %s, promised %s: %w", d, o.Expect, ErrMismatch)
	}
	if o.Size > 0 && o.Size != size {
		return fmt.Errorf("%d bytes arrived, %d promised: %w", size, o.Size, ErrMismatch)
	}
	return nil
}
