package casework

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/internal/scratch"
	"onewindow/stamp"
	"onewindow/storage"
)

// Workshop does on files what needs an isolated room. Errors about the file are
// *document.Refusal.
type Workshop interface {
	stamp.Stamper
	// Decrypt writes an unprotected copy of a file opened with a password.
	Decrypt(ctx context.Context, in, out, password string) error
	// Join writes the pages of files one after the other as one PDF and counts them.
	Join(ctx context.Context, ins []string, out string) (pages int, err error)
}

// TracedCopy makes a copy of a delivered scan whose band also names who fetched
// it and when. Its digest is kept, so that a leaked page can be traced and is
// still recognised as genuine. Only watermarked results have one: an
// e-certificate is never altered (W9).
func (d *Desk) TracedCopy(ctx context.Context, r approval.Result, by, unit string) (storage.BlobInfo, error) {
	if r.Mode != approval.ModeScanned {
		return storage.BlobInfo{}, fmt.Errorf("trace %s: %w", r.Mode, ErrIllegal)
	}
	doc, err := d.Records.Document(ctx, r.Document)
	if err != nil {
		return storage.BlobInfo{}, err
	}
	mark := stamp.Mark{
		System: d.System, ProjectName: r.ProjectName, UnitName: r.Issuer, DocumentName: r.TypeName, DocumentNo: r.Number,
		UploadedAt: doc.ReceivedAt, Code: r.Code, BaseURL: d.BaseURL,
		Notice:    noticeOf(r),
		TraceLine: "领取：" + strings.TrimSpace(d.unitName(unit)+" "+by) + d.Now().In(shanghai).Format(" 2006-01-02 15:04:05"),
	}
	if u, ok := d.Catalogue.Unit(r.Unit); ok {
		mark.UnitShort = u.Short
		if mark.UnitName == "" {
			mark.UnitName = u.Name
		}
	}
	class, digest := storage.Originals, r.Original
	if kept, err := d.workingCopy(ctx, r.Document, r.Generation); err != nil {
		return storage.BlobInfo{}, err
	} else if len(kept) > 0 { // the original needs its password, which nobody kept
		class, digest = storage.Derived, kept[0].Digest
	}
	info, err := d.inWorkshop(ctx, class, digest, func(in, out string) error {
		_, err := d.Workshop.Stamp(ctx, in, out, mark, d.Template)
		return err
	})
	if err != nil {
		return info, err
	}
	return info, d.Copies.AddCopy(ctx, storage.Copy{Digest: info.Digest.String(), Result: r.ID, By: by, Unit: unit, At: d.Now().UTC()})
}

// noticeOf is what the mark says of a signed original, as on the delivered file.
func noticeOf(r approval.Result) string {
	if r.Signed {
		return "原件带有数字签名，以原件为准"
	}
	return ""
}

func (d *Desk) unitName(code string) string {
	u, _ := d.Catalogue.Unit(code)
	return u.Name
}

// inWorkshop brings a blob into a scratch folder, has do make another file of
// it, and stores that one.
func (d *Desk) inWorkshop(ctx context.Context, class storage.Class, digest document.Digest, do func(in, out string) error) (storage.BlobInfo, error) {
	room, err := scratch.Open(d.Scratch, "onewindow-copy-")
	if err != nil {
		return storage.BlobInfo{}, err
	}
	defer room.Close()
	in, out := filepath.Join(room.Path, "in"), filepath.Join(room.Path, "out.pdf")
	if err := d.bring(ctx, class, digest, in); err != nil {
		return storage.BlobInfo{}, err
	}
	if err := do(in, out); err != nil {
		return storage.BlobInfo{}, err
	}
	f, err := os.Open(out)
	if err != nil {
		return storage.BlobInfo{}, fmt.Errorf("open copy: %w", err)
	}
	defer f.Close()
	return d.Blobs.Put(ctx, storage.Derived, f, storage.PutOptions{MediaType: "application/pdf"})
}

func (d *Desk) bring(ctx context.Context, class storage.Class, digest document.Digest, path string) error {
	b, err := d.Blobs.Open(ctx, class, digest)
	if err != nil {
		return fmt.Errorf("open blob: %w", err)
	}
	defer b.Close()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("create local copy: %w", err)
	}
	_, err = io.Copy(f, b)
	return errors.Join(err, f.Close())
}

// Unlock takes the password of an encrypted file and starts it anew on a
// decrypted copy. The password is used once and kept nowhere; the original stays
// as it came. Errors: a *document.Refusal when the password is wrong.
func (d *Desk) Unlock(ctx context.Context, id document.ID, by, password string) (document.Document, error) {
	doc, err := d.Records.Document(ctx, id)
	if err != nil {
		return doc, err
	}
	if doc.State != document.StateRefused || doc.Refusal == nil || doc.Refusal.Code != document.CodeEncrypted {
		return doc, fmt.Errorf("unlock in state %s: %w", doc.State, ErrIllegal)
	}
	info, err := d.inWorkshop(ctx, storage.Originals, doc.Original, func(in, out string) error {
		return d.Workshop.Decrypt(ctx, in, out, password)
	})
	if err != nil {
		return doc, err
	}
	state := document.StateReceived
	doc, ready, err := d.Records.Apply(ctx, id, doc.Version, storage.Change{
		NewGeneration: true, CancelTasks: true,
		Patch: storage.DocumentPatch{State: &state, ClearRefusal: true},
		Artifacts: []document.Artifact{{Kind: document.ArtifactWorking, Digest: info.Digest, Size: info.Size,
			MediaType: "application/pdf"}},
		Next:  []storage.NextTask{{Step: document.StepInspect}},
		Audit: []storage.AuditEntry{{Actor: by, Action: "document.unlock", Object: string(id)}},
	})
	if err != nil {
		return doc, err
	}
	d.ring(ctx, ready)
	return doc, nil
}
