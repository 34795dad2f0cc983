package hotfolder

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"onewindow/internal/sample"
)

// wholes are whole files of every format people bring, by name.
func wholes(t testing.TB) map[string][]byte {
	t.Helper()
	s, err := sample.OpenStudio()
	if err != nil {
		t.Fatal(err)
	}
	d := sample.Make("rd-joint-opinion", sample.NewProject(1), 1)
	d.Pages = d.Pages[:1]
	img := s.Image(d.Pages[0], 60)
	must := func(b []byte, err error) []byte {
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	files := map[string][]byte{
		"born digital.pdf": s.PDF(d),
		"scan.pdf":         must(s.Scan(d, sample.ScanOptions{DPI: 60})),
		"photo.jpg":        must(sample.EncodePhoto(img, 6, 60)),
		"picture.png":      must(sample.EncodePNG(img, 60)),
		"thumbnail.jpg":    withThumbnail(t, img),
		"first.tif":        tiffOf(t, img, true, binary.LittleEndian),
		"last.tif":         tiffOf(t, img, false, binary.BigEndian),
		"big.tif":          bigTIFF(),
		"picture.gif":      gifOf(t),
		"scanner.tif":      must(sample.EncodeTIFF([]*image.RGBA{img, img}, 60, sample.TIFFG4)),
		"picture.bmp":      must(sample.EncodeBMP(img)),
		"picture.webp":     must(sample.EncodeWebP(img)),
		"picture.heic":     heic(),
		"paper.ofd":        must(s.OFD(d, sample.OFDOptions{})),
	}
	files["for the web.pdf"] = linearized(t, files["born digital.pdf"])
	return files
}

func withThumbnail(t testing.TB, img image.Image) []byte {
	t.Helper()
	var big, small bytes.Buffer
	if err := jpeg.Encode(&big, img, nil); err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(&small, img.(*image.RGBA).SubImage(image.Rect(0, 0, 160, 120)), nil); err != nil {
		t.Fatal(err)
	}
	n := small.Len() + 2
	out := append([]byte{0xff, 0xd8, 0xff, 0xe1, byte(n >> 8), byte(n)}, small.Bytes()...)
	return append(out, big.Bytes()[2:]...)
}

func gifOf(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	frame := image.NewPaletted(image.Rect(0, 0, 64, 64), color.Palette{color.White, color.Black})
	for i := range frame.Pix {
		frame.Pix[i] = uint8(i*i>>3) & 1
	}
	if err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{1, 1}}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// heic has a box of each kind of length, the last with 64 bits.
func heic() []byte {
	box := func(kind string, n int) []byte {
		return append(append(binary.BigEndian.AppendUint32(nil, uint32(8+n)), kind...), make([]byte, n)...)
	}
	out := append(box("ftyp", 16), box("meta", 300)...)
	out = append(out, 0, 0, 0, 1)
	out = append(out, "mdat"...)
	return append(binary.BigEndian.AppendUint64(out, 16+5000), make([]byte, 5000)...)
}

type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// tiffOf writes two grey pages of several strips each, the directories before
// the pixels or behind them.
func tiffOf(t testing.TB, img *image.RGBA, first bool, order byteOrder) []byte {
	t.Helper()
	const strips, rows = 4, 25
	width := min(img.Rect.Dx(), 100)
	b := []byte("II*\x00")
	if order == byteOrder(binary.BigEndian) {
		b = []byte("MM\x00*")
	}
	u16 := func(v int) { b = order.AppendUint16(b, uint16(v)) }
	u32 := func(v int) { b = order.AppendUint32(b, uint32(v)) }
	link := len(b)
	u32(0)
	pixels := bytes.Repeat([]byte{0x55}, width*rows)
	for range 2 {
		const entries = 8
		dirSize, arrays := 2+12*entries+4, 8*strips
		dir := len(b)
		data := dir + dirSize + arrays
		if !first {
			data = dir
			for range strips {
				b = append(b, pixels...)
			}
			dir = len(b)
		}
		order.PutUint32(b[link:], uint32(dir))
		u16(entries)
		entry := func(tag, kind, n, value int) { u16(tag); u16(kind); u32(n); u32(value) }
		entry(256, 4, 1, width)
		entry(257, 4, 1, strips*rows)
		entry(258, 4, 1, 8)
		entry(259, 4, 1, 1)
		entry(262, 4, 1, 1)
		entry(273, 4, strips, dir+dirSize)
		entry(278, 4, 1, rows)
		entry(279, 4, strips, dir+dirSize+4*strips)
		link = len(b)
		u32(0)
		for i := range strips {
			u32(data + i*len(pixels))
		}
		for range strips {
			u32(len(pixels))
		}
		if first {
			for range strips {
				b = append(b, pixels...)
			}
		}
	}
	return b
}

// bigTIFF is one page of one strip with offsets of 64 bits.
func bigTIFF() []byte {
	le := binary.LittleEndian
	b := append([]byte("II+\x00\x08\x00\x00\x00"), make([]byte, 8)...)
	le.PutUint64(b[8:], 16)
	b = le.AppendUint64(b, 2)
	data := uint64(16 + 8 + 2*20 + 8)
	for _, e := range [][2]uint64{{273, data}, {279, 3000}} {
		b = le.AppendUint16(b, uint16(e[0]))
		b = le.AppendUint16(b, 16)
		b = le.AppendUint64(b, 1)
		b = le.AppendUint64(b, e[1])
	}
	b = le.AppendUint64(b, 0)
	return append(b, bytes.Repeat([]byte{7}, 3000)...)
}

func linearized(t testing.TB, pdf []byte) []byte {
	t.Helper()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.pdf"), filepath.Join(dir, "out.pdf")
	if err := os.WriteFile(in, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := exec.Command("qpdf", "--linearize", in, out).CombinedOutput(); err != nil {
		t.Fatalf("qpdf: %v %s", err, text)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func isComplete(b []byte) bool { return complete(bytes.NewReader(b), int64(len(b))) }

// TestComplete_NoBeginningOfAFileIsAWholeOne: of every format, wherever the
// scanner pauses.
func TestComplete_NoBeginningOfAFileIsAWholeOne(t *testing.T) {
	for name, whole := range wholes(t) {
		if !isComplete(whole) {
			t.Errorf("%s: the whole file counts as half-written", name)
		}
		for cut := 16; cut < len(whole); cut += cutStep(cut, len(whole)) {
			// The last bytes of some formats carry nothing: line ends, padding, the
			// comment of an archive.
			if isComplete(whole[:cut]) && len(whole)-cut > 2 {
				t.Errorf("%s: %d of %d bytes count as whole", name, cut, len(whole))
				break
			}
		}
	}
}

// cutStep looks closely at the first and last kilobytes, where trailers and
// headers are.
func cutStep(at, size int) int {
	if at < 4096 || size-at < 4096 {
		return 1
	}
	return 997
}

// TestComplete_BytesBehindTheEndAreAllowed, as many programs write them.
func TestComplete_BytesBehindTheEndAreAllowed(t *testing.T) {
	all := wholes(t)
	for _, name := range []string{"scan.pdf", "photo.jpg", "picture.png", "for the web.pdf", "last.tif", "picture.bmp", "picture.gif"} {
		if !isComplete(append(bytes.Clone(all[name]), make([]byte, 700)...)) {
			t.Errorf("%s with 700 bytes behind its end counts as half-written", name)
		}
	}
}

// TestComplete_BrokenFilesDoNotWait: what waiting cannot mend is taken and refused
// with a reason.
func TestComplete_BrokenFilesDoNotWait(t *testing.T) {
	loop := tiffOf(t, image.NewRGBA(image.Rect(0, 0, 100, 100)), true, binary.LittleEndian)
	dir := int(binary.LittleEndian.Uint32(loop[4:]))
	binary.LittleEndian.PutUint32(loop[dir+2+12*8:], uint32(dir)) // its own successor
	for name, b := range map[string][]byte{
		"a directory that follows itself": loop,
		"text":                            []byte("some text"),
		"text that begins like a TIFF":    []byte("II. Allgemeines"),
		"an office file":                  append([]byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}, make([]byte, 100)...),
		"boxes without a length":          append([]byte("\x00\x00\x00\x10ftypheic\x00\x00\x00\x00"), 0, 0, 0, 3, 'm', 'e', 't', 'a'),
	} {
		if !isComplete(b) {
			t.Errorf("%s waits for more", name)
		}
	}
}

// TestComplete_IsQuick also on directories made to keep it busy.
func TestComplete_IsQuick(t *testing.T) {
	le := binary.LittleEndian
	b := append([]byte("II*\x00"), make([]byte, 4<<20)...)
	// Directories of 65,535 entries that begin every six bytes: 45 GB in all.
	le.PutUint32(b[4:], 8)
	for at := 8; at < 2<<20; at += 6 {
		le.PutUint16(b[at:], 65535)
		if next := at + 2 + 12*65535; next+4 < len(b) {
			le.PutUint32(b[next:], uint32(at+6))
		}
	}
	counted := &counting{r: bytes.NewReader(b)}
	complete(counted, int64(len(b)))
	if counted.n > 4*tiffBudget {
		t.Errorf("%d bytes were read", counted.n)
	}
}

type counting struct {
	r *bytes.Reader
	n int64
}

func (c *counting) ReadAt(p []byte, at int64) (int, error) {
	c.n += int64(len(p))
	return c.r.ReadAt(p, at)
}

// FuzzComplete: any bytes get an answer, after reading a bounded part of them.
func FuzzComplete(f *testing.F) {
	for _, b := range wholes(f) {
		f.Add(b[:min(len(b), 3000)])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c := &counting{r: bytes.NewReader(b)}
		complete(c, int64(len(b)))
		if c.n > 4*tiffBudget {
			t.Errorf("%d bytes were read of %d", c.n, len(b))
		}
	})
}
