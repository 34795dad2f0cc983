package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"onewindow/document"
	"onewindow/internal/telemetry"
	"onewindow/storage"
)

// Bell tells workers that tasks became ready.
type Bell interface {
	Ring(ctx context.Context, tasks []storage.Task) error
}

// Receiver takes files in.
type Receiver struct {
	Blobs    storage.Blobs
	Records  storage.Documents
	Bell     Bell
	Log      *slog.Logger
	MaxBytes int64 // of one file; 0 is no limit
}

// Submission is one file at a door.
type Submission struct {
	Body           io.Reader
	Filename       string
	Size           int64           // promised by the sender; 0 when unknown
	Digest         document.Digest // promised by the sender; zero when not
	Origin         document.Origin
	IdempotencyKey string // the same key and sender twice is one document
}

// Receipt is what the sender gets once the bytes are durable.
type Receipt struct {
	Number   document.Receipt `json:"receipt"`
	Document document.ID      `json:"document_id"`
	Digest   document.Digest  `json:"digest"`
	Size     int64            `json:"size"`
	// Again tells that the same submission was received before.
	Again bool `json:"again,omitempty"`
	// Refused is set when the file was kept but can be of no use: empty or too
	// large.
	Refused *document.Refusal `json:"error,omitempty"`
	// Already lists where the same bytes were received before, newest first, of
	// what the sender may see; Note says so in a sentence.
	Already []Earlier `json:"already,omitempty"`
	Note    string    `json:"note,omitempty"`
}

// Earlier is an earlier receipt of the same bytes.
type Earlier struct {
	Number     document.Receipt `json:"receipt"`
	Document   document.ID      `json:"document_id"`
	ReceivedAt time.Time        `json:"received_at"`
}

// Receive stores the bytes, reads them back, and registers the document. It
// needs no worker to be alive. Errors: a *document.Refusal for a file beyond
// the size limit, storage.ErrMismatch, ErrFull, ErrConflict (key used for other
// bytes), or whatever the body's reader returned.
func (r *Receiver) Receive(ctx context.Context, s Submission) (_ Receipt, err error) {
	ctx, end := telemetry.Start(ctx, "receive", "", "door", s.Origin.Door)
	defer func() { end(err) }()
	info, err := r.Keep(ctx, s)
	if err != nil {
		return Receipt{}, err
	}
	return r.Admit(ctx, info, s)
}

// Keep is the first half of Receive: the bytes become durable and are read back.
// Doors that learn what a file is for only after its bytes (a form whose fields
// follow the file) call the halves one by one.
func (r *Receiver) Keep(ctx context.Context, s Submission) (storage.BlobInfo, error) {
	info, err := r.store(ctx, s)
	if err != nil {
		return info, err
	}
	return info, r.readBack(ctx, info)
}

// Admit is the second half: kept bytes become a document with a receipt.
func (r *Receiver) Admit(ctx context.Context, info storage.BlobInfo, s Submission) (_ Receipt, err error) {
	ctx, end := telemetry.Start(ctx, "register", "", "door", s.Origin.Door)
	defer func() { end(err) }()
	s.Origin.Trace = telemetry.Kept(ctx)
	n := storage.NewDocument{
		Original: info.Digest, Size: info.Size, Filename: cleanName(s.Filename),
		Origin: s.Origin, IdempotencyKey: s.IdempotencyKey,
	}
	if info.Size == 0 {
		n.Quarantine = document.Refuse(document.CodeEmpty, "文件是空的（0 字节）。请检查原文件后重新上传。", "empty file")
	}
	doc, existed, err := r.Records.Register(ctx, n)
	if err != nil {
		return Receipt{}, fmt.Errorf("register document: %w", err)
	}
	r.ring(ctx, doc)
	return Receipt{Number: doc.Receipt, Document: doc.ID, Digest: info.Digest, Size: info.Size, Again: existed, Refused: n.Quarantine}, nil
}

func (r *Receiver) store(ctx context.Context, s Submission) (storage.BlobInfo, error) {
	if r.MaxBytes > 0 && s.Size > r.MaxBytes {
		return storage.BlobInfo{}, TooLarge(r.MaxBytes)
	}
	body := s.Body
	if r.MaxBytes > 0 {
		body = &capped{r: s.Body, left: r.MaxBytes, max: r.MaxBytes}
	}
	info, err := r.Blobs.Put(ctx, storage.Originals, body, storage.PutOptions{
		Expect: s.Digest, Size: s.Size, Filename: cleanName(s.Filename),
	})
	if err != nil {
		return info, fmt.Errorf("store original: %w", err)
	}
	return info, nil
}

// readBack makes sure that what is stored is what came: drivers end the reading
// of damaged bytes in ErrDamaged.
func (r *Receiver) readBack(ctx context.Context, info storage.BlobInfo) error {
	if _, err := storage.Reread(ctx, r.Blobs, storage.Originals, info.Digest); err != nil {
		return fmt.Errorf("read back original: %w", err)
	}
	return nil
}

// ringTime bounds a ring.
const ringTime = time.Second

func (r *Receiver) ring(ctx context.Context, doc document.Document) {
	if doc.State != document.StateReceived {
		return
	}
	// Whoever waits for a receipt waits neither for a Redis that hangs nor for the
	// ring to be heard, and a sender who is gone already still gets the work done.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ringTime)
	defer cancel()
	first := storage.Task{Lane: doc.Origin.Lane, TaskKey: storage.TaskKey{
		Document: doc.ID, Generation: doc.Generation, Step: document.StepInspect}}
	if err := r.Bell.Ring(ctx, []storage.Task{first}); err != nil {
		r.Log.Warn("ring bell", "error", err) // the sweeper will
	}
}

// TooLarge is the refusal of a file beyond the limit of max bytes.
func TooLarge(max int64) *document.Refusal {
	return document.Refuse(document.CodeTooLarge,
		fmt.Sprintf("文件超过 %d MB。请拆分或降低分辨率后重新上传。", max>>20), "file larger than %d bytes", max)
}

// capped fails once more than max bytes were read, whatever the sender promised.
type capped struct {
	r         io.Reader
	left, max int64
}

func (c *capped) Read(p []byte) (int, error) {
	if int64(len(p)) > c.left+1 {
		p = p[:c.left+1]
	}
	n, err := c.r.Read(p)
	c.left -= int64(n)
	if c.left < 0 {
		return 0, TooLarge(c.max)
	}
	return n, err
}

// maxName is the longest file name kept, in bytes.
const maxName = 255

// cleanName keeps the last element of the name as sent, as valid UTF-8 without
// control characters and those that turn the reading direction (so that
// "fdp.exe" cannot show as "exe.pdf"): it is for display only and never becomes
// a path.
func cleanName(name string) string {
	name = path.Base(strings.ReplaceAll(name, "\\", "/"))
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf) || r == utf8.RuneError {
			return -1
		}
		return r
	}, name))
	ext := path.Ext(name)
	if len(ext) > 20 {
		ext = ""
	}
	stem := strings.TrimSuffix(name, ext)
	for len(stem)+len(ext) > maxName {
		_, size := utf8.DecodeLastRuneInString(stem)
		stem = stem[:len(stem)-size]
	}
	if name = stem + ext; name == "." || name == "/" || name == ".." {
		return ""
	}
	return name
}

// IsFull reports whether the store had no room: doors then ask senders to wait.
func IsFull(err error) bool { return errors.Is(err, storage.ErrFull) }
