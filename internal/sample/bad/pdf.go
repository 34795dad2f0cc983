package bad

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// Truncated returns the first half of a file.
func Truncated(good []byte) []byte { return good[:len(good)/2] }

// Encrypted locks a PDF with a password needed to open it (AES-256).
func Encrypted(good []byte, password string) ([]byte, error) {
	return encrypt(good, model.NewAESConfiguration(password, "owner-"+password, 256))
}

// OwnerLocked restricts a PDF (no printing, no changes) without a password to
// open it, as many authorities publish theirs.
func OwnerLocked(good []byte) ([]byte, error) {
	return encrypt(good, model.NewAESConfiguration("", "owner", 256))
}

func encrypt(good []byte, conf *model.Configuration) ([]byte, error) {
	var out bytes.Buffer
	if err := api.Encrypt(bytes.NewReader(good), &out, conf); err != nil {
		return nil, fmt.Errorf("encrypt pdf: %w", err)
	}
	return out.Bytes(), nil
}

// BrokenXref shifts every offset of the cross-reference table and the pointer
// to it. Readers that scan for objects can mend it.
func BrokenXref(good []byte) []byte {
	out := bytes.Clone(good)
	at := bytes.LastIndex(out, []byte("\nxref\n"))
	if at < 0 {
		return out
	}
	for i := at; i < len(out); i++ {
		if out[i] >= '1' && out[i] <= '8' {
			out[i]++
		}
	}
	return out
}

// XrefLoop is a PDF whose cross-reference table names itself as the previous one.
func XrefLoop() []byte {
	b := newRaw("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 0/Kids[]>>")
	return b.finishWith(func(xref int) string { return fmt.Sprintf("/Prev %d", xref) })
}

// PageTreeLoop is a PDF whose page tree contains itself.
func PageTreeLoop() []byte {
	return newRaw("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[2 0 R]/Parent 2 0 R>>").finish()
}

// NoPages is a sound PDF with an empty page tree.
func NoPages() []byte {
	return newRaw("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 0/Kids[]>>").finish()
}

// HugePage is one page of 14,400 units of eight points each: 40 metres.
func HugePage() []byte {
	return newRaw("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 14400 14400]/UserUnit 8/Resources<<>>>>").finish()
}

// DeepNesting is a page with a resource of n arrays within each other.
func DeepNesting(n int) []byte {
	return newRaw("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</X "+strings.Repeat("[", n)+strings.Repeat("]", n)+">>>>").finish()
}

// ManyPages is a PDF of n blank pages.
func ManyPages(n int) []byte {
	objects := []string{"<</Type/Catalog/Pages 2 0 R>>", ""}
	kids := make([]string, n)
	for i := range kids {
		kids[i] = fmt.Sprintf("%d 0 R", i+3)
		objects = append(objects, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>")
	}
	objects[1] = fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", n, strings.Join(kids, " "))
	return newRaw(objects...).finish()
}

// StreamBomb is a page whose content unpacks, in two steps, to size bytes.
func StreamBomb(size int64) ([]byte, error) {
	once, err := packZeros(size)
	if err != nil {
		return nil, err
	}
	twice, err := pack(bytes.NewReader(once))
	if err != nil {
		return nil, err
	}
	return newRaw("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Contents 4 0 R>>",
		fmt.Sprintf("<</Length %d/Filter[/FlateDecode/FlateDecode]>>\nstream\n%s\nendstream", len(twice), twice)).finish(), nil
}

func packZeros(size int64) ([]byte, error) { return pack(io.LimitReader(blanks{}, size)) }

func pack(r io.Reader) ([]byte, error) {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	if _, err := io.Copy(z, r); err != nil {
		return nil, fmt.Errorf("pack: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack: %w", err)
	}
	return b.Bytes(), nil
}

// blanks reads as spaces without end.
type blanks struct{}

func (blanks) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}
