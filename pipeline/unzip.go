package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"onewindow/approval/identifier"
	"onewindow/document"
	"onewindow/internal/archive"
	"onewindow/storage"
)

// unzips are the doors that take archives. What is pushed or given on the command
// line is one file.
var unzips = map[string]bool{"http": true, "hotfolder": true}

// unzip takes an archive apart: each file in it is a document of its own. packed
// is false for anything else. Like the parts of a batch they are registered with
// the end of the step, so once.
func (w *Worker) unzip(ctx context.Context, doc document.Document, file string) (change storage.Change, packed bool, err error) {
	if !unzips[doc.Origin.Door] || doc.Origin.Batch != nil {
		return change, false, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return change, false, fmt.Errorf("open archive: %w", err)
	}
	defer f.Close()
	entries, packed, err := archive.Open(f, doc.Size, archive.DefaultLimits())
	if err != nil || !packed {
		return change, packed, err
	}
	var told []document.Finding
	for _, e := range entries {
		if archive.Ignored(path.Base(e.Name)) {
			continue
		}
		part, err := w.unzipEntry(ctx, doc, e)
		if r, refused := document.AsRefusal(err); refused {
			told = append(told, document.Finding{Code: "entry_refused", Severity: "warning", Message: path.Base(e.Name) + "：" + r.Message})
			continue
		}
		if err != nil {
			return change, true, err
		}
		change.Parts = append(change.Parts, part)
	}
	if len(change.Parts) == 0 {
		return change, true, document.Refuse(document.CodeEmpty, "压缩包里没有可以收取的文件。请检查压缩包。", "no files in the archive")
	}
	change.Patch.Findings = append([]document.Finding{{Code: "split", Severity: "info",
		Message: fmt.Sprintf("压缩包中的 %d 个文件各自处理；压缩包原样保存", len(change.Parts))}}, told...)
	return change, true, nil
}

func (w *Worker) unzipEntry(ctx context.Context, doc document.Document, e archive.Entry) (part storage.Part, err error) {
	if w.cfg.MaxBytes > 0 && e.Size > w.cfg.MaxBytes {
		return part, document.Refuse(document.CodeTooLarge, fmt.Sprintf("文件超过 %d MB。请拆分或降低分辨率后重新上传。", w.cfg.MaxBytes>>20),
			"entry larger than %d bytes", w.cfg.MaxBytes)
	}
	r, err := e.Open()
	if err != nil {
		return part, err
	}
	defer r.Close()
	name := path.Base(e.Name)
	info, err := w.Blobs.Put(ctx, storage.Originals, entryReader{r}, storage.PutOptions{Size: e.Size, Filename: name})
	if errors.Is(err, errEntry) || errors.Is(err, storage.ErrMismatch) {
		return part, document.Refuse(document.CodeCorrupt, "压缩包里的这个文件已损坏，解不开。请单独上传。", "unpack entry: %v", err)
	}
	if err != nil {
		return part, fmt.Errorf("store entry: %w", err)
	}
	if _, err := storage.Reread(ctx, w.Blobs, storage.Originals, info.Digest); err != nil {
		return part, fmt.Errorf("read back entry: %w", err)
	}
	origin := w.placed(doc.Origin, e.Name)
	origin.Batch = &document.PartOf{Document: doc.ID, Receipt: doc.Receipt, Original: doc.Original, Entry: e.Name}
	n := storage.NewDocument{Original: info.Digest, Size: info.Size, Filename: name, Origin: origin}
	if info.Size == 0 {
		n.Quarantine = document.Refuse(document.CodeEmpty, "文件是空的（0 字节）。请检查原文件后重新上传。", "empty entry")
	}
	return storage.Part{New: n}, nil
}

// placed reads from the folders inside an archive what a file is, as the hot folder
// does. A folder never turns what was sent as a material into a result.
func (w *Worker) placed(o document.Origin, entry string) document.Origin {
	folders := strings.Split(entry, "/")
	for _, name := range folders[:len(folders)-1] {
		_, isType := w.Catalogue.ResultType(name)
		_, isMaterial := w.Catalogue.Material(name)
		switch {
		case o.Project == "" && identifier.Validate(identifier.ProjectCode, name).Valid:
			o.Project = name
		case isMaterial && o.Role != document.RoleResult:
			o.Material, o.Role = name, document.RoleMaterial
		case isType && o.Role == document.RoleAuto:
			o.Role = document.RoleResult
		}
	}
	return o
}

// errEntry marks bytes that cannot be unpacked, which says nothing about the stores.
var errEntry = errors.New("entry cannot be unpacked")

type entryReader struct{ r io.Reader }

func (e entryReader) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("%w: %w", errEntry, err)
	}
	return n, err
}
