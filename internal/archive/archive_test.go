package archive

import (
	"archive/zip"
	"bytes"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/simplifiedchinese"

	"onewindow/document"
)

// packed makes an archive; names are taken as they are.
func packed(t testing.TB, files ...[2]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f[0], Method: zip.Deflate, NonUTF8: true})
		if err == nil {
			_, err = io.WriteString(w, f[1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func names(t *testing.T, b []byte) []string {
	t.Helper()
	entries, ok, err := Open(bytes.NewReader(b), int64(len(b)), DefaultLimits())
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name)
	}
	return out
}

func TestArchive_NamesAreReadableAndStayInside(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("材料/规划许可证.pdf")
	if err != nil {
		t.Fatal(err)
	}
	b := packed(t, [2]string{gbk, "1"}, [2]string{"施工图/总图.pdf", "2"}, [2]string{"../../etc/passwd", "3"}, [2]string{`..\..\a\b.pdf`, "4"},
		[2]string{"/绝对.pdf", "5"}, [2]string{"folder/", ""}, [2]string{"..", "6"})
	want := []string{"材料/规划许可证.pdf", "施工图/总图.pdf", "etc/passwd", "a/b.pdf", "绝对.pdf"}
	if got := names(t, b); !slices.Equal(got, want) {
		t.Errorf("names %q", got)
	}
}

func TestArchive_FormatsThatAreAZipInsideAreDocuments(t *testing.T) {
	for _, first := range []string{"OFD.xml", "[Content_Types].xml", "mimetype"} {
		b := packed(t, [2]string{first, "x"}, [2]string{"a", "y"})
		if _, ok, err := Open(bytes.NewReader(b), int64(len(b)), DefaultLimits()); ok || err != nil {
			t.Errorf("%s: %v %v", first, ok, err)
		}
	}
	if _, ok, err := Open(strings.NewReader("%PDF-1.7"), 8, DefaultLimits()); ok || err != nil {
		t.Errorf("a PDF: %v %v", ok, err)
	}
}

func TestArchive_BombsAreRefusedUnopened(t *testing.T) {
	l := Limits{Entries: 3, Bytes: 1000, Ratio: 10, Harmless: 100, Directory: 4000}
	many := make([][2]string, 200)
	for i := range many {
		many[i] = [2]string{strings.Repeat("n", 100), ""}
	}
	for what, b := range map[string][]byte{
		"too many":            packed(t, many[:4]...),
		"endless directory":   packed(t, many...),
		"too much in one":     packed(t, [2]string{"a", strings.Repeat("x", 1001)}),
		"too much together":   packed(t, [2]string{"a", strings.Repeat("x", 600)}, [2]string{"b", strings.Repeat("x", 600)}),
		"packed beyond sense": packed(t, [2]string{"a", strings.Repeat("x", 990)})[:],
	} {
		limits := l
		if what == "packed beyond sense" {
			limits.Ratio = 2
		}
		_, ok, err := Open(bytes.NewReader(b), int64(len(b)), limits)
		if r, refused := document.AsRefusal(err); !ok || !refused || r.Code != document.CodeTooLarge {
			t.Errorf("%s: %v %v", what, ok, err)
		}
	}
}

// TestArchive_LyingSizesEndInAnError: no entry gives more than it says, nor other
// bytes than were packed.
func TestArchive_LyingSizesEndInAnError(t *testing.T) {
	pack := func(h zip.FileHeader, raw string) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.CreateRaw(&h)
		if err == nil {
			_, err = io.WriteString(w, raw)
		}
		if err != nil || z.Close() != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	body := strings.Repeat("y", 50)
	sum := crc32.ChecksumIEEE([]byte(body))
	for what, b := range map[string][]byte{
		"more than it says": pack(zip.FileHeader{Name: "a", Method: zip.Store, CRC32: sum, CompressedSize64: 50, UncompressedSize64: 10}, body),
		"other bytes":       pack(zip.FileHeader{Name: "a", Method: zip.Store, CRC32: sum + 1, CompressedSize64: 50, UncompressedSize64: 50}, body),
	} {
		entries, _, err := Open(bytes.NewReader(b), int64(len(b)), DefaultLimits())
		if err != nil {
			continue // noticed even before
		}
		r, err := entries[0].Open()
		if err != nil {
			continue
		}
		if got, err := io.ReadAll(iotest.OneByteReader(r)); err == nil {
			t.Errorf("%s: %d bytes without an error", what, len(got))
		}
	}
	locked := pack(zip.FileHeader{Name: "a", Method: zip.Store, Flags: 1, CRC32: sum, CompressedSize64: 50, UncompressedSize64: 50}, body)
	entries, _, err := Open(bytes.NewReader(locked), int64(len(locked)), DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	_, err = entries[0].Open()
	if r, ok := document.AsRefusal(err); !ok || r.Code != document.CodeEncrypted {
		t.Errorf("a locked entry: %v", err)
	}
}

// FuzzArchive: whatever the bytes, names stay inside and limits hold.
func FuzzArchive(f *testing.F) {
	f.Add(packed(f, [2]string{"../a.pdf", "x"}, [2]string{"材料/b.pdf", strings.Repeat("y", 300)}))
	f.Add(packed(f))
	f.Fuzz(func(t *testing.T, b []byte) {
		l := Limits{Entries: 5, Bytes: 1 << 16, Ratio: 50, Harmless: 1 << 12, Directory: 1 << 16}
		entries, ok, err := Open(bytes.NewReader(b), int64(len(b)), l)
		if err != nil {
			if _, refused := document.AsRefusal(err); !refused || !ok {
				t.Fatalf("%v %v", ok, err)
			}
			return
		}
		if len(entries) > l.Entries {
			t.Fatalf("%d entries", len(entries))
		}
		var total int64
		for _, e := range entries {
			if e.Name == "" || strings.HasPrefix(e.Name, "/") || slices.Contains(strings.Split(e.Name, "/"), "..") {
				t.Fatalf("name %q", e.Name)
			}
			r, err := e.Open()
			if err != nil {
				continue
			}
			n, _ := io.Copy(io.Discard, r)
			r.Close()
			if total += n; n > e.Size || total > l.Bytes {
				t.Fatalf("%q gave %d of %d bytes, all %d", e.Name, n, e.Size, total)
			}
		}
	})
}
