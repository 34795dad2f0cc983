package pagesource

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"strings"
	"testing"

	"onewindow/document"
	"onewindow/ocr"
)

func TestPNGFlavours(t *testing.T) {
	for name, args := range map[string]string{
		"8 bit":        "",
		"16 bit":       "-depth 16 -define png:bit-depth=16",
		"grey 16":      "-colorspace Gray -depth 16 -define png:bit-depth=16 -define png:color-type=0",
		"palette":      "-define png:color-type=3",
		"1 bit":        "-threshold 50% -define png:bit-depth=1 -define png:color-type=0",
		"interlaced":   "-interlace PNG",
		"alpha":        "-alpha set -channel A -evaluate multiply 0.5",
		"alpha 16":     "-alpha set -channel A -evaluate multiply 0.5 -depth 16 -define png:bit-depth=16",
		"grey alpha":   "-colorspace Gray -alpha set -channel A -evaluate multiply 0.5 -define png:color-type=4",
		"transparent":  "-transparent white",
		"300 dpi":      "-units PixelsPerInch -density 300",
		"odd pictures": "-crop 7x3+0+0 +repage",
	} {
		t.Run(name, func(t *testing.T) {
			path := corners(t, "a.png", 120, 80, strings.Fields(args)...)
			got := pageOf(t, path, 1)
			same(t, got.Image, oracle(t, path), 0.6)
			if name == "300 dpi" && (got.DPI < 299.5 || got.DPI > 300.5) {
				t.Errorf("DPI %v", got.DPI)
			}
			if _, opaque := got.Image.(interface{ Opaque() bool }); opaque && !got.Image.(interface{ Opaque() bool }).Opaque() {
				t.Error("picture is not opaque")
			}
		})
	}
}

func TestPNGTruncatedAndDamaged(t *testing.T) {
	whole := read(t, corners(t, "a.png", 400, 300, "-evaluate", "Gaussian-noise", "1"))
	for _, cut := range []int{9, 30, 100, len(whole) / 2, len(whole) - 12, len(whole) - 1} {
		refused(t, write(t, "cut.png", whole[:cut]), document.CodeCorrupt, ocr.OpenOptions{})
	}
	flipped := bytes.Clone(whole)
	flipped[len(flipped)/2] ^= 1
	refused(t, write(t, "flip.png", flipped), document.CodeCorrupt, ocr.OpenOptions{})
}

// A tiny file that says 60,000 x 60,000 pixels is refused before decoding.
func TestPNGPixelBomb(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(name string, body []byte) {
		b.Write(binary.BigEndian.AppendUint32(nil, uint32(len(body))))
		b.WriteString(name)
		b.Write(body)
		b.Write(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(append([]byte(name), body...))))
	}
	head := binary.BigEndian.AppendUint32(nil, 60000)
	head = binary.BigEndian.AppendUint32(head, 60000)
	chunk("IHDR", append(head, 8, 2, 0, 0, 0))
	chunk("IDAT", []byte{0x78, 0x9c, 3, 0, 0, 0, 0, 1})
	chunk("IEND", nil)
	r := refused(t, write(t, "bomb.png", b.Bytes()), document.CodeTooLarge, ocr.OpenOptions{})
	if !strings.Contains(r.Message, "60000") {
		t.Errorf("message %q does not say the size", r.Message)
	}
	_, err := source.Open(t.Context(), in(t, "bomb.png"), ocr.OpenOptions{})
	if asRefusal(t, err).Code != document.CodeTooLarge {
		t.Errorf("Open: %v", err)
	}
}

func TestPixelLimitIsConfigurable(t *testing.T) {
	path := corners(t, "a.png", 120, 80)
	refused(t, path, document.CodeTooLarge, ocr.OpenOptions{Limits: ocr.Limits{MaxPixels: 9599}})
	if _, err := source.Inspect(t.Context(), path, ocr.OpenOptions{Limits: ocr.Limits{MaxPixels: 9600}}); err != nil {
		t.Error(err)
	}
}
