package bad

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"io"
)

// PixelBomb is a PNG of w × h black and white pixels, all the same: a few
// hundred kilobytes that decode to gigabytes.
func PixelBomb(w, h int) ([]byte, error) {
	var data bytes.Buffer
	z, err := zlib.NewWriterLevel(&data, zlib.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("pack png: %w", err)
	}
	if _, err := io.Copy(z, io.LimitReader(zeros{}, int64(h)*int64(1+(w+7)/8))); err != nil {
		return nil, fmt.Errorf("pack png: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack png: %w", err)
	}
	header := binary.BigEndian.AppendUint32(nil, uint32(w))
	header = append(binary.BigEndian.AppendUint32(header, uint32(h)), 1, 0, 0, 0, 0)
	out := []byte("\x89PNG\r\n\x1a\n")
	for _, c := range []struct {
		tag  string
		data []byte
	}{{"IHDR", header}, {"IDAT", data.Bytes()}, {"IEND", nil}} {
		body := append([]byte(c.tag), c.data...)
		out = binary.BigEndian.AppendUint32(out, uint32(len(c.data)))
		out = binary.BigEndian.AppendUint32(append(out, body...), crc32.ChecksumIEEE(body))
	}
	return out, nil
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// LyingJPEG declares 65,500 × 65,500 pixels and holds none.
func LyingJPEG() []byte {
	b := []byte{0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0xff, 0xdc, 0xff, 0xdc, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1}
	return append(b, 0xff, 0xda, 0, 12, 3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0, 0, 0, 0xff, 0xd9)
}

// CutJPEG ends in the middle of a grey ramp.
func CutJPEG() ([]byte, error) {
	img := image.NewGray(image.Rect(0, 0, 800, 1000))
	for i := range img.Pix {
		img.Pix[i] = uint8(i * 7)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		return nil, fmt.Errorf("encode jpeg: %w", err)
	}
	return b.Bytes()[:b.Len()/2], nil
}

// LoopTIFF has one tiny page whose successor is itself.
func LoopTIFF() []byte {
	b := []byte("II*\x00\x08\x00\x00\x00")
	tags := [][3]uint32{{256, 1, 8}, {257, 1, 8}, {258, 1, 8}, {259, 1, 1}, {262, 1, 1}, {273, 1, 0}, {277, 1, 1}, {278, 1, 8}, {279, 1, 64}}
	tags[5][2] = uint32(8 + 2 + 12*len(tags) + 4)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(tags)))
	for _, t := range tags {
		b = binary.LittleEndian.AppendUint16(b, uint16(t[0]))
		b = binary.LittleEndian.AppendUint16(b, 4) // LONG
		b = binary.LittleEndian.AppendUint32(b, t[1])
		b = binary.LittleEndian.AppendUint32(b, t[2])
	}
	b = binary.LittleEndian.AppendUint32(b, 8) // next page: this one
	return append(b, bytes.Repeat([]byte{0xff}, 64)...)
}

// GIF is an animation of n frames.
func GIF(n int) ([]byte, error) {
	var g gif.GIF
	for i := range n {
		frame := image.NewPaletted(image.Rect(0, 0, 40, 40), color.Palette{color.White, color.Black})
		frame.Pix[i] = 1
		g.Image, g.Delay = append(g.Image, frame), append(g.Delay, 10)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &g); err != nil {
		return nil, fmt.Errorf("encode gif: %w", err)
	}
	return b.Bytes(), nil
}

// Office is a minimal .docx.
func Office() ([]byte, error) {
	return archive([][2]string{
		{"[Content_Types].xml", `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>建设工程施工合同</w:t></w:r></w:p></w:body></w:document>`},
	})
}

func archive(files [][2]string) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.Create(f[0])
		if err != nil {
			return nil, fmt.Errorf("create %s: %w", f[0], err)
		}
		if _, err := io.WriteString(w, f[1]); err != nil {
			return nil, fmt.Errorf("write %s: %w", f[0], err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("close archive: %w", err)
	}
	return b.Bytes(), nil
}
