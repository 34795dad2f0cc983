// Package archive looks into zip archives that people drop, without writing
// anything: an entry is a name and a stream. Names in GBK, as Windows writes them
// here, become readable; names that lead out of the archive lead nowhere.
package archive

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"onewindow/document"
)

// Limits keep an archive from becoming more than anybody meant to send.
type Limits struct {
	Entries   int   // files
	Bytes     int64 // of all entries unpacked
	Ratio     int64 // unpacked to packed, for what unpacks to more than Harmless
	Harmless  int64
	Directory int64 // bytes of the list of entries, read into memory
}

// DefaultLimits are for a batch of scans.
func DefaultLimits() Limits {
	return Limits{Entries: 500, Bytes: 4 << 30, Ratio: 100, Harmless: 64 << 20, Directory: 4 << 20}
}

// Entry is one file in an archive.
type Entry struct {
	// Name is a clean relative path in UTF-8 with slashes.
	Name string
	Size int64 // as the archive says; reading gives no more
	file *zip.File
}

// Open streams the entry. Reading ends in an error when the bytes are not those
// that were packed. Errors: a *document.Refusal for what is locked with a password
// or packed in a way that is not known.
func (e Entry) Open() (io.ReadCloser, error) {
	if e.file.Flags&1 != 0 {
		return nil, document.Refuse(document.CodeEncrypted, "压缩包设有密码。请去掉密码后重新放入。", "encrypted zip entry")
	}
	r, err := e.file.Open()
	if err != nil {
		return nil, document.Refuse(document.CodeUnsupported, "压缩方式不支持。请用 ZIP 标准方式重新压缩，或直接放入文件。", "open zip entry: %v", err)
	}
	return &capped{r, e.Size}, nil
}

// capped ends in an error when an entry holds more than it says. It reads past the
// last byte, where the checksum is compared.
type capped struct {
	io.ReadCloser
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, zip.ErrFormat
	}
	return n, err
}

// Open lists the files of an archive; folders are not listed. ok is false when the
// bytes are no archive of files: not a zip at all, or a format that is a zip
// inside (OFD, office documents). Errors: a *document.Refusal for a broken archive
// and for one beyond the limits.
func Open(r io.ReaderAt, size int64, l Limits) (entries []Entry, ok bool, err error) {
	head := make([]byte, 4)
	if _, err := r.ReadAt(head, 0); err != nil || string(head) != "PK\x03\x04" && string(head) != "PK\x05\x06" {
		return nil, false, nil
	}
	limited := &budget{r: r, left: l.Directory}
	z, err := zip.NewReader(limited, size)
	if limited.over {
		return nil, true, tooMuch(fmt.Sprintf("压缩包里的文件超过 %d 个", l.Entries), "directory of the archive too large")
	}
	if err != nil {
		return nil, true, document.Refuse(document.CodeCorrupt, "压缩包已损坏或不完整。请重新压缩后放入。", "read zip: %v", err)
	}
	limited.left = -1 // from here on entries are streamed
	if isDocument(z) {
		return nil, false, nil
	}
	entries, err = list(z, size, l)
	return entries, true, err
}

func tooMuch(what, detail string) error {
	return document.Refuse(document.CodeTooLarge, what+"，不能收取。请分成几个压缩包，或直接放入文件。", "%s", detail)
}

func list(z *zip.Reader, size int64, l Limits) ([]Entry, error) {
	var out []Entry
	var total int64
	for _, f := range z.File {
		name := nameOf(f)
		if name == "" || strings.HasSuffix(f.Name, "/") || strings.HasSuffix(f.Name, `\`) || !f.Mode().IsRegular() {
			continue // folders, links, and names that are nothing but a way out
		}
		if f.UncompressedSize64 > uint64(l.Bytes) {
			return nil, tooMuch("压缩包解开后过大", "unpacked size over the limit")
		}
		total += int64(f.UncompressedSize64)
		if out = append(out, Entry{name, int64(f.UncompressedSize64), f}); len(out) > l.Entries {
			return nil, tooMuch(fmt.Sprintf("压缩包里的文件超过 %d 个", l.Entries), "too many entries")
		}
		if total > l.Bytes {
			return nil, tooMuch("压缩包解开后过大", "unpacked size over the limit")
		}
	}
	if total > l.Harmless && total/max(size, 1) > l.Ratio {
		return nil, tooMuch("压缩包解开后大得不正常", "ratio over the limit")
	}
	return out, nil
}

// isDocument reports formats that are a zip inside.
func isDocument(z *zip.Reader) bool {
	for i, f := range z.File {
		switch f.Name {
		case "OFD.xml", "/OFD.xml", "[Content_Types].xml":
			return true
		case "mimetype":
			if i == 0 {
				return true
			}
		}
	}
	return false
}

// nameOf makes a name readable and keeps it inside: "" when nothing is left.
func nameOf(f *zip.File) string {
	name := f.Name
	if !utf8.ValidString(name) {
		if decoded, err := simplifiedchinese.GB18030.NewDecoder().String(name); err == nil {
			name = decoded
		}
		name = strings.ToValidUTF8(name, "_")
	}
	name = strings.ReplaceAll(strings.ReplaceAll(name, `\`, "/"), "\x00", "_")
	return strings.TrimPrefix(path.Clean("/"+name), "/")
}

// budget bounds how much is read; it is lifted with left = -1.
type budget struct {
	r    io.ReaderAt
	left int64
	over bool
}

var errOver = errors.New("archive's directory is too large")

func (b *budget) ReadAt(p []byte, at int64) (int, error) {
	if b.left < 0 {
		return b.r.ReadAt(p, at)
	}
	if int64(len(p)) > b.left {
		b.over = true
		return 0, errOver
	}
	b.left -= int64(len(p))
	return b.r.ReadAt(p, at)
}

// Ignored reports names that no document has: hidden files and those of systems.
func Ignored(name string) bool {
	name = strings.ToLower(name)
	switch name {
	case "thumbs.db", "desktop.ini":
		return true
	}
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$")
}
