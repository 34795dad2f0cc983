// Package bag writes and checks packages after BagIt 1.0 (RFC 8493): a folder of
// payload files and manifests of their SHA-256, in the form that sha256sum -c
// reads. It knows nothing of cases.
package bag

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"
)

const declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

// Writer writes a bag as a ZIP stream: payload first, manifests at the end.
type Writer struct {
	zip    *zip.Writer
	root   string // folder of the bag inside the ZIP
	at     time.Time
	sums   map[string]string // payload path -> SHA-256, hex
	octets int64
}

// NewWriter begins a bag in a folder of that name.
func NewWriter(w io.Writer, root string, at time.Time) *Writer {
	return &Writer{zip: zip.NewWriter(w), root: root, at: at, sums: map[string]string{}}
}

// Add streams a file into the payload, at a path below data/. Errors: a path that
// is not clean, or is there already; what r returned.
func (w *Writer) Add(path string, r io.Reader) (sum string, err error) {
	path = "data/" + path
	if !fs.ValidPath(path) || strings.ContainsAny(path, "\\\r\n%:*?\"<>|") {
		return "", fmt.Errorf("bag: %q is no portable path", path)
	}
	if _, twice := w.sums[path]; twice {
		return "", fmt.Errorf("bag: %q is there already", path)
	}
	sum, n, err := w.put(path, r)
	w.sums[path] = sum
	w.octets += n
	return sum, err
}

func (w *Writer) put(path string, r io.Reader) (sum string, n int64, err error) {
	f, err := w.zip.CreateHeader(&zip.FileHeader{Name: w.root + "/" + path, Method: zip.Deflate, Modified: w.at})
	if err != nil {
		return "", 0, fmt.Errorf("bag: %w", err)
	}
	h := sha256.New()
	n, err = io.Copy(io.MultiWriter(f, h), r)
	if err != nil {
		return "", n, fmt.Errorf("bag %s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), n, nil
}

// Close writes manifests and ends the ZIP. info are lines of bag-info.txt.
func (w *Writer) Close(info [][2]string) error {
	info = append(slices.Clone(info), [2]string{"Bagging-Date", w.at.Format(time.DateOnly)},
		[2]string{"Payload-Oxum", fmt.Sprintf("%d.%d", w.octets, len(w.sums))})
	var lines strings.Builder
	for _, pair := range info {
		fmt.Fprintf(&lines, "%s: %s\n", pair[0], strings.NewReplacer("\r", " ", "\n", " ").Replace(pair[1]))
	}
	tags := map[string]string{}
	for _, tag := range [][2]string{{"bagit.txt", declaration}, {"bag-info.txt", lines.String()}, {"manifest-sha256.txt", manifest(w.sums)}} {
		sum, _, err := w.put(tag[0], strings.NewReader(tag[1]))
		if err != nil {
			return err
		}
		tags[tag[0]] = sum
	}
	if _, _, err := w.put("tagmanifest-sha256.txt", strings.NewReader(manifest(tags))); err != nil {
		return err
	}
	return w.zip.Close()
}

// manifest is the text that sha256sum -c reads: sum, two spaces, path.
func manifest(sums map[string]string) string {
	var paths []string
	for p := range sums {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	var b strings.Builder
	for _, p := range paths {
		b.WriteString(sums[p] + "  " + p + "\n")
	}
	return b.String()
}
