// Package bad makes files that must not do harm: empty, cut off, locked,
// lying about their type, built to exhaust memory or time. Every parser of
// foreign bytes is tested with all of them.
package bad

import (
	"fmt"

	"onewindow/document"
)

// File is one bad input.
type File struct {
	Name string // a file name as a user might send it
	Data []byte
	// Want is how it must be refused. "" means it may pass (a reader can mend it)
	// or be refused as corrupt, but must come to an end within its limits.
	Want document.RefusalCode
	Why  string
}

// All returns every bad file. good is a sound PDF to damage.
func All(good []byte) ([]File, error) {
	locked, err := Encrypted(good, "secret")
	if err != nil {
		return nil, err
	}
	bomb, err := PixelBomb(30000, 30000)
	if err != nil {
		return nil, err
	}
	pdfBomb, err := StreamBomb(256 << 20)
	if err != nil {
		return nil, err
	}
	office, err := Office()
	if err != nil {
		return nil, err
	}
	animation, err := GIF(3)
	if err != nil {
		return nil, err
	}
	cut, err := CutJPEG()
	if err != nil {
		return nil, err
	}
	return []File{
		{"空文件.pdf", nil, document.CodeEmpty, "no bytes"},
		{"零页.pdf", NoPages(), document.CodeEmpty, "a sound PDF without pages"},
		{"截断.pdf", Truncated(good), "", "second half missing, as after a broken upload"},
		{"只有文件头.pdf", []byte("%PDF-1.7\n"), document.CodeCorrupt, "nothing after the header"},
		{"加密.pdf", locked, document.CodeEncrypted, "needs a password to open"},
		{"交叉引用损坏.pdf", BrokenXref(good), "", "offsets point nowhere"},
		{"交叉引用循环.pdf", XrefLoop(), document.CodeCorrupt, "the cross-reference table names itself as its predecessor"},
		{"页树循环.pdf", PageTreeLoop(), "", "a page tree node is its own child"},
		{"超大页面.pdf", HugePage(), "", "a page of 40 metres that renders to gigapixels"},
		{"解压炸弹.pdf", pdfBomb, "", "a content stream of a few kilobytes unpacks to 256 MB"},
		{"深层嵌套.pdf", DeepNesting(100000), "", "arrays nested deep enough to exhaust a recursive reader"},
		{"页数过多.pdf", ManyPages(12000), document.CodeTooLarge, "12,000 pages"},
		{"图片炸弹.png", bomb, document.CodeTooLarge, "900 megapixels in a small file"},
		{"谎报尺寸.jpg", LyingJPEG(), document.CodeTooLarge, "65,500 × 65,500 pixels declared, no data"},
		{"残缺.jpg", cut, "", "ends in the middle of the picture"},
		{"循环.tiff", LoopTIFF(), "", "the page list returns to its first page"},
		{"动画.gif", animation, document.CodeUnsupported, "an animation"},
		{"合同.docx", office, document.CodeUnsupported, "an office file"},
		{"合同.pdf", office, document.CodeUnsupported, "an office file named .pdf"},
		{"网页.pdf", []byte("<!DOCTYPE html><html><script>alert(1)</script><body>404</body></html>"), document.CodeUnsupported, "an error page saved as .pdf"},
		{"说明.txt", []byte("这是一份说明。\n"), document.CodeUnsupported, "plain text"},
		{"旧版.doc", append([]byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}, make([]byte, 4096)...), document.CodeUnsupported, "an old office file"},
		{"乱码.pdf", noise(64 << 10), document.CodeUnsupported, "random bytes"},
	}, nil
}

// noise returns n bytes without a pattern, always the same.
func noise(n int) []byte {
	out := make([]byte, n)
	state := uint64(0x9E3779B97F4A7C15)
	for i := range out {
		state ^= state << 13
		state ^= state >> 7
		state ^= state << 17
		out[i] = byte(state >> 32)
	}
	return out
}

// String names the file for messages.
func (f File) String() string { return fmt.Sprintf("%s (%s)", f.Name, f.Why) }
