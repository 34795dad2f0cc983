package resumable

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/oklog/ulid/v2"
	"github.com/tus/tusd/v2/pkg/filestore"
	"github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"
	tuslog "golang.org/x/exp/slog"

	"onewindow/document"
	"onewindow/intake"
	"onewindow/storage"
)

// Path is where the door is.
const Path = "/v1/uploads"

// Headers of an upload that became a document.
const (
	ReceiptHeader  = "Receipt-Number"
	DocumentHeader = "Document-Id"
)

// lockTime is how long a request waits for another one at the same upload.
const lockTime = 20 * time.Second

// Door takes uploads in pieces. Open it after filling in its fields.
type Door struct {
	// Dir keeps what has come so far. Several processes behind one address must
	// share it, on a file system with locks (flock).
	Dir      string
	Receiver *intake.Receiver
	// Begin says what a new upload is, from its metadata and who asks (in ctx), or
	// why it may not be. size is in bytes.
	Begin func(ctx context.Context, meta map[string]string, size int64) (document.Origin, document.Digest, error)
	// Problem makes an answer of an error.
	Problem func(ctx context.Context, err error) (status int, header http.Header, body []byte)
	// Already adds to a receipt where the same bytes were received before.
	Already func(ctx context.Context, r *intake.Receipt)
	Expiry  time.Duration // an upload that nobody continues is kept this long
	Reserve int64         // bytes left free on the disk
	Now     func() time.Time
	Log     *slog.Logger

	tus   *handler.UnroutedHandler
	store store
	locks *locker
}

// Open makes the folder and gets ready.
func (d *Door) Open() error {
	if err := os.MkdirAll(d.Dir, 0o750); err != nil {
		return fmt.Errorf("make folder of uploads: %w", err)
	}
	files := filestore.New(d.Dir)
	files.DirModePerm, files.FileModePerm = 0o750, 0o640
	d.store = store{files, d}
	d.locks = &locker{d, memorylocker.New()}
	parts := handler.NewStoreComposer()
	// Neither concatenation nor lengths told later: the size is known, and
	// refused, before the first byte.
	parts.UseCore(d.store)
	parts.UseTerminater(d.store)
	parts.UseLocker(d.locks)
	var err error
	d.tus, err = handler.NewUnroutedHandler(handler.Config{
		StoreComposer: parts, MaxSize: d.Receiver.MaxBytes, BasePath: Path, DisableDownload: true, DisableConcatenation: true,
		Cors: &handler.CorsConfig{Disable: true}, AcquireLockTimeout: lockTime,
		Logger:                     tuslog.New(tuslog.NewTextHandler(io.Discard, nil)), // failures come to Problem, which logs
		PreUploadCreateCallback:    d.begin,
		PreFinishResponseCallback:  d.finished,
		PreUploadTerminateCallback: nil,
	})
	if err != nil {
		return fmt.Errorf("open upload door: %w", err)
	}
	return nil
}

// Options tells what the door can do and how large a file may be.
func (d *Door) Options(w http.ResponseWriter, r *http.Request) {
	d.Create(w, r)
}

// Create begins an upload.
func (d *Door) Create(w http.ResponseWriter, r *http.Request) {
	d.pass(w, r, http.HandlerFunc(d.tus.PostFile))
}

// Continue answers everything about one upload of the account by: how much of it
// came (HEAD, GET), more of it (PATCH), its end (DELETE).
func (d *Door) Continue(w http.ResponseWriter, r *http.Request, by string) {
	ctx, id := r.Context(), r.PathValue("id")
	t, err := d.ticketOf(id, by)
	var receipt intake.Receipt
	done := false
	if err == nil {
		receipt, done, err = d.settle(ctx, t)
	}
	switch {
	case err != nil:
		d.fail(w, r, err)
	case done:
		d.tell(w, r, receipt)
	case r.Method == http.MethodGet:
		d.progress(w, r, id)
	default:
		w.Header().Set("Upload-Expires", d.Now().Add(d.Expiry).UTC().Format(http.TimeFormat))
		d.pass(w, r, http.StripPrefix(Path, http.HandlerFunc(d.method(r.Method))))
	}
}

// ticketOf is the ticket of an upload of an account. Tickets go one day, receipts
// stay: without a ticket it is one that never began, under which a receipt of
// this account may still be found. Errors: storage.ErrNotFound.
func (d *Door) ticketOf(id, by string) (ticket, error) {
	t, err := d.ticket(id)
	if err == nil && t.Origin.By == by {
		return t, nil
	}
	if err != nil && !errors.Is(err, storage.ErrNotFound) || !validID.MatchString(id) {
		return ticket{}, err
	}
	return ticket{ID: id, Origin: document.Origin{By: by}}, nil
}

func (d *Door) method(m string) http.HandlerFunc {
	switch m {
	case http.MethodHead:
		return d.tus.HeadFile
	case http.MethodDelete:
		return d.tus.DelFile
	default:
		return d.tus.PatchFile
	}
}

// pass lets tusd answer, in our voice.
func (d *Door) pass(w http.ResponseWriter, r *http.Request, h http.Handler) {
	r.Header.Del("X-HTTP-Method-Override") // rights were asked for the method as it came
	d.tus.Middleware(h).ServeHTTP(&voice{ResponseWriter: w, door: d, request: r}, r)
}

// begin is asked before an upload is made.
func (d *Door) begin(hook handler.HookEvent) (handler.HTTPResponse, handler.FileInfoChanges, error) {
	var none handler.HTTPResponse
	var origin document.Origin
	var digest document.Digest
	err := d.room(hook.Upload.Size)
	if err == nil {
		origin, digest, err = d.Begin(hook.Context, hook.Upload.MetaData, hook.Upload.Size)
	}
	t := ticket{ID: "upl_" + ulid.Make().String(), Filename: hook.Upload.MetaData["filename"], Digest: digest, Origin: origin, Begun: d.Now().UTC()}
	if err == nil {
		err = d.writeTicket(t)
	}
	if err != nil {
		return none, handler.FileInfoChanges{}, d.face(hook.Context, err)
	}
	none.Header = handler.HTTPHeader{"Upload-Expires": d.Now().Add(d.Expiry).UTC().Format(http.TimeFormat)}
	return none, handler.FileInfoChanges{ID: t.ID}, nil
}

// finished is asked when the last byte was written and before it is answered.
func (d *Door) finished(hook handler.HookEvent) (handler.HTTPResponse, error) {
	var r intake.Receipt
	t, err := d.ticket(hook.Upload.ID)
	if err == nil {
		r, err = d.finish(hook.Context, t)
	}
	if err != nil {
		return handler.HTTPResponse{}, d.face(hook.Context, err)
	}
	return handler.HTTPResponse{Header: handler.HTTPHeader{ReceiptHeader: string(r.Number), DocumentHeader: string(r.Document)}}, nil
}

// tell answers for an upload that became a document.
func (d *Door) tell(w http.ResponseWriter, r *http.Request, receipt intake.Receipt) {
	h, size := w.Header(), strconv.FormatInt(receipt.Size, 10)
	if r.Method == http.MethodDelete || r.Method == http.MethodPatch && r.Header.Get("Upload-Offset") != size {
		d.fail(w, r, storage.ErrConflict)
		return
	}
	h.Set("Tus-Resumable", "1.0.0")
	h.Set("Cache-Control", "no-store")
	h.Set("Upload-Offset", size)
	h.Set("Upload-Length", size)
	h.Set(ReceiptHeader, string(receipt.Number))
	h.Set(DocumentHeader, string(receipt.Document))
	switch r.Method {
	case http.MethodPatch:
		w.WriteHeader(http.StatusNoContent)
	case http.MethodGet:
		d.Already(r.Context(), &receipt)
		writeJSON(w, Arrival{Offset: receipt.Size, Length: receipt.Size, Receipt: &receipt})
	}
}

// Arrival is how far an upload came.
type Arrival struct {
	Offset  int64           `json:"offset" doc:"已收到的字节数"`
	Length  int64           `json:"length" doc:"总字节数"`
	Receipt *intake.Receipt `json:"receipt,omitempty" doc:"收件回执；全部字节落盘后才有"`
}

func (d *Door) progress(w http.ResponseWriter, r *http.Request, id string) {
	up, err := d.store.GetUpload(r.Context(), id)
	var info handler.FileInfo
	if err == nil {
		info, err = up.GetInfo(r.Context())
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, Arrival{Offset: info.Offset, Length: info.Size})
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the client is gone if this fails
}
