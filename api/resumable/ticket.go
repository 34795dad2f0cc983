package resumable

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"onewindow/document"
	"onewindow/storage"
)

// ticket is what is settled when an upload begins. It lies beside the bytes from
// before the first of them, so that whoever finds them can finish the upload.
type ticket struct {
	ID       string          `json:"id"`
	Filename string          `json:"filename"`
	Digest   document.Digest `json:"sha256,omitzero"` // promised by the sender
	Origin   document.Origin `json:"origin"`
	Begun    time.Time       `json:"begun"`
}

// key makes receiving the bytes of one upload twice the same as once.
func (t ticket) key() string { return keyOf(t.ID) }

func keyOf(id string) string { return "upload:" + id }

// validID keeps everything that is not one of our names away from the disk.
var validID = regexp.MustCompile(`^upl_[0-9A-Z]{26}$`)

const ticketExt = ".ticket"

func (d *Door) ticketPath(id string) string { return filepath.Join(d.Dir, id+ticketExt) }

// ticket reads the ticket of an upload. Errors: storage.ErrNotFound.
func (d *Door) ticket(id string) (ticket, error) {
	var t ticket
	if !validID.MatchString(id) {
		return t, storage.ErrNotFound
	}
	b, err := os.ReadFile(d.ticketPath(id))
	if errors.Is(err, fs.ErrNotExist) {
		return t, storage.ErrNotFound
	}
	if err == nil {
		err = json.Unmarshal(b, &t)
	}
	if err != nil {
		return t, fmt.Errorf("read ticket of upload: %w", err)
	}
	return t, nil
}

// writeTicket makes the ticket appear whole or not at all.
func (d *Door) writeTicket(t ticket) error {
	b, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("write ticket of upload: %w", err)
	}
	tmp, err := os.CreateTemp(d.Dir, "new-")
	if err != nil {
		return fmt.Errorf("write ticket of upload: %w", full(err))
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(b)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), d.ticketPath(t.ID))
	}
	if err != nil {
		return fmt.Errorf("write ticket of upload: %w", full(err))
	}
	return nil
}
