package workroom_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/internal/sample"
	"onewindow/internal/sample/bad"
	"onewindow/internal/workroom"
	"onewindow/ocr"
	"onewindow/stamp"
	"onewindow/stamp/verifycode"
)

// pdf puts objects (from number 1) into a file; object 1 is the catalog.
func pdf(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

func stream(dict string, data []byte) string {
	return fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", dict, len(data), data)
}

// laughs is a small PDF whose page draws a form that draws a form ten times over,
// and so on: ten to the depth operations.
func laughs(depth int) []byte {
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</F 5 0 R>>>>/Contents 4 0 R>>",
		stream("", []byte("/F Do")),
	}
	for n := range depth {
		body := strings.Repeat("/F Do ", 10)
		objects = append(objects, stream(fmt.Sprintf("/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</F %d 0 R>>>>", n+6), []byte(body)))
	}
	return pdf(append(objects, stream("/Type/XObject/Subtype/Form/BBox[0 0 595 842]", []byte("0 0 10 10 re f")))...)
}

// deflated compresses n zero bytes, twice.
func deflated(t *testing.T, n int) []byte {
	t.Helper()
	data := make([]byte, 1<<20)
	var once, twice bytes.Buffer
	z, _ := zlib.NewWriterLevel(&once, 6)
	for left := n; left > 0; left -= len(data) {
		if _, err := z.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	z.Close()
	z, _ = zlib.NewWriterLevel(&twice, 6)
	if _, err := z.Write(once.Bytes()); err != nil {
		t.Fatal(err)
	}
	z.Close()
	return twice.Bytes()
}

// bomb is a PDF whose page content and page image unpack to n bytes.
func bomb(t *testing.T, n int) []byte {
	t.Helper()
	packed := deflated(t, n)
	side := 1
	for side*side < n {
		side *= 2
	}
	return pdf(
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>",
		stream("/Filter[/FlateDecode/FlateDecode]", packed),
		stream(fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8/Filter[/FlateDecode/FlateDecode]", side, side), packed),
	)
}

// pixels is a small PNG of side x side pixels, all black.
func pixels(t *testing.T, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, data []byte) {
		_ = binary.Write(&b, binary.BigEndian, uint32(len(data)))
		body := append([]byte(kind), data...)
		b.Write(body)
		_ = binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(body))
	}
	head := binary.BigEndian.AppendUint32(nil, uint32(side))
	head = binary.BigEndian.AppendUint32(head, uint32(side))
	chunk("IHDR", append(head, 8, 6, 0, 0, 0)) // RGBA
	var idat bytes.Buffer
	z := zlib.NewWriter(&idat)
	row := make([]byte, 1+4*side)
	for range side {
		if _, err := z.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	z.Close()
	chunk("IDAT", idat.Bytes())
	chunk("IEND", nil)
	return b.Bytes()
}

func wantRefusal(t *testing.T, what string, err error, codes ...document.RefusalCode) {
	t.Helper()
	r, ok := document.AsRefusal(err)
	if !ok {
		t.Fatalf("%q: %v, want a refusal", what, err)
	}
	for _, c := range codes {
		if r.Code == c {
			if r.Message == "" || strings.ContainsAny(r.Message, "%") || strings.Contains(r.Detail, "/tmp") || strings.Contains(r.Detail, "/scratch") {
				t.Errorf("%q: message %q, detail %q", what, r.Message, r.Detail)
			}
			return
		}
	}
	t.Fatalf("%s: %s (%s), want %v", what, r.Code, r.Detail, codes)
}

func TestEndlessPageIsRefusedInTime(t *testing.T) {
	s, d := permit(t)
	sound := put(t, "sound.pdf", s.PDF(d))
	r := newRoom(t, func(c *workroom.Config) { c.PageTimeout, c.PageMemory = 4*time.Second, 6<<30 })
	if _, err := r.Read(t.Context(), workroom.ReadTask{Path: sound, Page: 1}); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	_, err := r.ReadPage(t.Context(), put(t, "laughs.pdf", laughs(12)), 1, "", ocr.OpenOptions{})
	wantRefusal(t, "laughs", err, document.CodeTimeout)
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("refused after %v", took)
	}
	if _, err := r.Read(t.Context(), workroom.ReadTask{Path: sound, Page: 1}); err != nil {
		t.Fatalf("after the hang: %v", err)
	}
}

func TestBombsAreDefused(t *testing.T) {
	r := newRoom(t, func(c *workroom.Config) { c.PageTimeout, c.PageMemory = 20*time.Second, 600<<20 })
	for name, content := range map[string][]byte{
		"bomb.pdf":   bomb(t, 1<<30),
		"pixels.png": pixels(t, 20_000),
	} {
		path := put(t, name, content)
		t.Logf("%s: %d bytes", name, len(content))
		_, err := r.ReadPage(t.Context(), path, 1, "", ocr.OpenOptions{})
		wantRefusal(t, name, err, document.CodeTooLarge, document.CodeCorrupt, document.CodeTimeout)
		t.Log(err)
	}
	// Within the pixel limit, but more than a small child holds.
	small := newRoom(t, func(c *workroom.Config) { c.PageMemory = 400 << 20 })
	_, err := small.ReadPage(t.Context(), put(t, "large.png", pixels(t, 12_000)), 1, "", ocr.OpenOptions{})
	wantRefusal(t, "large.png", err, document.CodeTooLarge)
	t.Log(err)
	stats, err := r.Stats(t.Context())
	if err != nil || stats["page"].Peak > 900<<20 {
		t.Errorf("peak %d MiB, %v", stats["page"].Peak>>20, err)
	}
}

func TestBadFilesAreRefused(t *testing.T) {
	r := newRoom(t, nil)
	for name, want := range map[string]document.RefusalCode{"": document.CodeEmpty, "MZ\x90\x00 program": document.CodeUnsupported, "%PDF-1.7 cut": document.CodeCorrupt} {
		path := put(t, "a.pdf", []byte(name))
		_, err := r.Inspect(t.Context(), path, ocr.OpenOptions{})
		wantRefusal(t, name, err, want)
		_, err = r.ReadPage(t.Context(), path, 1, "", ocr.OpenOptions{})
		wantRefusal(t, name, err, want)
	}
	if _, err := r.Inspect(t.Context(), filepath.Join(t.TempDir(), "absent"), ocr.OpenOptions{}); err == nil {
		t.Error("an absent file was inspected")
	} else if _, ok := document.AsRefusal(err); ok {
		t.Errorf("an absent file is our fault, not the file's: %v", err)
	}
}

// Every bad file ends in order, in bounded time, and its neighbours notice nothing.
func TestEveryBadFileEndsInOrder(t *testing.T) {
	s, d := permit(t)
	good := s.PDF(d)
	files, err := bad.All(good)
	if err != nil {
		t.Fatal(err)
	}
	r := newRoom(t, func(c *workroom.Config) { c.PageTimeout, c.StampTimeout = 20*time.Second, 20*time.Second })
	sound := put(t, "sound.pdf", good)
	for _, f := range files {
		t.Run(f.Name, func(t *testing.T) {
			path := put(t, f.Name, f.Data)
			began := time.Now()
			facts, err := r.Inspect(t.Context(), path, ocr.OpenOptions{})
			judge(t, "inspect", f, err)
			if err == nil {
				_, err = r.ReadPage(t.Context(), path, 1, "", ocr.OpenOptions{})
				judge(t, "read", f, err)
			}
			report, markErr := r.Stamp(t.Context(), path, filepath.Join(t.TempDir(), "marked.pdf"), mark(), stamp.DefaultTemplate())
			judge(t, "stamp", bad.File{Name: f.Name}, markErr)
			t.Logf("%v: %+v, %v; %+v, %v", time.Since(began).Round(time.Millisecond), facts, err, report, markErr)
			if f.Want != "" && err == nil && !facts.Animated { // the first picture of an animation may be read
				t.Errorf("read, want %s: %s", f.Want, f.Why)
			}
			if _, err := r.ReadPage(t.Context(), sound, 1, "", ocr.OpenOptions{}); err != nil {
				t.Errorf("a sound file afterwards: %v", err)
			}
		})
	}
}

// judge wants success or the refusal the file deserves.
func judge(t *testing.T, what string, f bad.File, err error) {
	t.Helper()
	if err == nil {
		return
	}
	refusal, ok := document.AsRefusal(err)
	if !ok {
		t.Errorf("%s: %v, want a refusal", what, err)
		return
	}
	wantRefusal(t, what, err, refusal.Code)
	if f.Want != "" && refusal.Code != f.Want {
		t.Errorf("%s: %v, want %s", what, err, f.Want)
	}
}

func mark() stamp.Mark {
	return stamp.Mark{
		System: "湖南省工程建设项目审批管理系统", ProjectName: "测试项目", UnitName: "长沙市住房和城乡建设局", UnitShort: "长沙市住建局",
		DocumentName: permitTitle, DocumentNo: "430100202611230101", UploadedAt: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC),
		Code: verifycode.New(), BaseURL: "https://example.gov.cn",
	}
}

func TestV2_12_StampInAChild(t *testing.T) {
	s, d := permit(t)
	r := newRoom(t, nil)
	ofd, err := s.OFD(d, sample.OFDOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"pdf": put(t, "a.pdf", s.PDF(d)), "png": scan(t, 0), "ofd": put(t, "a.ofd", ofd)} {
		out := filepath.Join(t.TempDir(), "marked.pdf")
		report, err := r.Stamp(t.Context(), path, out, mark(), stamp.DefaultTemplate())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		t.Logf("%s: %+v", name, report)
		if report.Pages != 1 || report.Template == "" {
			t.Errorf("%s: report %+v", name, report)
		}
		facts, err := r.Inspect(t.Context(), out, ocr.OpenOptions{})
		if err != nil || facts.MediaType != "application/pdf" || facts.Pages != 1 {
			t.Errorf("%s: marked copy %+v, %v", name, facts, err)
		}
	}
}

func TestW10_NothingIsDeliveredWithoutTheMark(t *testing.T) {
	r := newRoom(t, func(c *workroom.Config) { c.StampTimeout, c.StampMemory = 10*time.Second, 300<<20 })
	for name, content := range map[string][]byte{"empty": nil, "cut": []byte("%PDF-1.7 cut"), "bomb": bomb(t, 400<<20), "text": []byte("just words")} {
		out := filepath.Join(t.TempDir(), "marked.pdf")
		report, err := r.Stamp(t.Context(), put(t, "a", content), out, mark(), stamp.DefaultTemplate())
		_, statErr := os.Stat(out)
		if err == nil {
			t.Logf("%s: %+v", name, report)
			continue // a bomb that nobody has to unpack can be marked
		}
		wantRefusal(t, name, err, document.CodeEmpty, document.CodeCorrupt, document.CodeTooLarge, document.CodeTimeout, document.CodeUnsupported)
		if statErr == nil {
			t.Errorf("%s: refused, but a file appeared", name)
		}
		t.Logf("%s: %v", name, err)
	}
}
