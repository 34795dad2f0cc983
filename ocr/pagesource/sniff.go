package pagesource

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// kind is the true type of a file that can be read.
type kind int

const (
	kindPDF kind = iota + 1
	kindOFD
	kindJPEG
	kindPNG
	kindTIFF
	kindBMP
	kindWebP
	kindHEIC
	kindGIF
)

// media holds the media type and the extension that fits, by kind.
var media = map[kind]struct{ mediaType, extension string }{
	kindPDF:  {"application/pdf", ".pdf"},
	kindOFD:  {"application/ofd", ".ofd"},
	kindJPEG: {"image/jpeg", ".jpg"},
	kindPNG:  {"image/png", ".png"},
	kindTIFF: {"image/tiff", ".tif"},
	kindBMP:  {"image/bmp", ".bmp"},
	kindWebP: {"image/webp", ".webp"},
	kindHEIC: {"image/heic", ".heic"},
	kindGIF:  {"image/gif", ".gif"},
}

// sniffBytes is how much of the start decides the type. PDF readers accept the
// header within the first 1,024 bytes; mimetype wants 3,072.
const sniffBytes = 8192

// sniff finds the true type from the content, or refuses the file.
func sniff(in *input) (kind, error) {
	if in.size == 0 {
		return 0, refuseEmpty("0 bytes")
	}
	head, err := in.at(0, sniffBytes)
	if err != nil {
		return 0, err
	}
	if k := signature(head); k != 0 {
		return k, nil
	}
	if len(bytes.Trim(head, "\x00")) == 0 {
		return 0, sniffZeros(in)
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return sniffZip(in, head)
	}
	if isDWG(head) {
		return 0, refuseKind(mimetype.Lookup("image/vnd.dwg"))
	}
	return 0, refuseKind(mimetype.Detect(head))
}

// sniffZip tells OFD from office files and other archives.
func sniffZip(in *input, head []byte) (kind, error) {
	ofd, err := isOFD(in)
	if ofd {
		return kindOFD, nil
	}
	if m := mimetype.Detect(head); err == nil || !m.Is("application/zip") {
		return 0, refuseKind(m)
	}
	if in.failed != nil {
		return 0, in.failed
	}
	return 0, refuseTruncated("zip without directory: %v", err)
}

// isDWG knows AutoCAD drawings of every version since 13, "AC1012" and on.
func isDWG(b []byte) bool {
	return len(b) > 6 && bytes.HasPrefix(b, []byte("AC10")) && b[4] >= '0' && b[4] <= '9' && b[5] >= '0' && b[5] <= '9'
}

// signature knows the types that are read by their first bytes.
func signature(b []byte) kind {
	has := func(s string) bool { return bytes.HasPrefix(b, []byte(s)) }
	switch {
	case has("\xff\xd8\xff"):
		return kindJPEG
	case has("\x89PNG\r\n\x1a\n"):
		return kindPNG
	case has("II*\x00"), has("MM\x00*"), has("II+\x00"), has("MM\x00+"):
		return kindTIFF
	case has("GIF87a"), has("GIF89a"):
		return kindGIF
	case has("BM") && len(b) >= 18 && isBMPHeader(b):
		return kindBMP
	case has("RIFF") && len(b) >= 12 && string(b[8:12]) == "WEBP":
		return kindWebP
	case len(b) >= 12 && string(b[4:8]) == "ftyp" && isHEIC(b):
		return kindHEIC
	case bytes.Contains(b[:min(len(b), 1024)], []byte("%PDF-")):
		return kindPDF
	}
	return 0
}

// isBMPHeader keeps texts that begin with "BM" out: the reserved words are zero
// and the information header has one of the known sizes.
func isBMPHeader(b []byte) bool {
	if !bytes.Equal(b[6:10], []byte{0, 0, 0, 0}) {
		return false
	}
	switch b[14] {
	case 12, 40, 52, 56, 64, 108, 124:
		return b[15] == 0 && b[16] == 0 && b[17] == 0
	}
	return false
}

// isHEIC reads the brands of an ISO base media file: HEVC pictures only.
func isHEIC(b []byte) bool {
	size := int(b[0])<<24 | int(b[1])<<16 | int(b[2])<<8 | int(b[3])
	end := min(size, len(b))
	for i := 8; i+4 <= end; i += 4 {
		switch string(b[i : i+4]) {
		case "heic", "heix", "heim", "heis", "hevc", "hevx":
			return true
		case "avif", "avis":
			return false
		}
	}
	return false
}

// sniffZeros tells a file of zeros, which a broken copy leaves, from an unknown one.
func sniffZeros(in *input) error {
	buf := make([]byte, 1<<16)
	r := in.reader()
	for {
		n, err := r.Read(buf)
		if len(bytes.Trim(buf[:n], "\x00")) > 0 {
			return refuseKind(mimetype.Lookup("application/octet-stream"))
		}
		if errors.Is(err, io.EOF) {
			return refuseZeros(in.size)
		}
		if err != nil {
			return fmt.Errorf("read file: %w", err)
		}
	}
}

// advice is what to do with a file of a type that is not read.
type advice struct {
	what string // the type in Chinese
	do   string // what to do
}

const (
	doPDF     = "请另存为 PDF 后上传。"
	doPrint   = "请打印（导出）为 PDF 后上传。"
	doUnpack  = "请解压后把里面的文件逐个上传。"
	doPicture = "请另存为 JPG、PNG 或 PDF 后上传。"
	doAny     = "请另存为 PDF 后上传；纸质材料请扫描成 PDF 或 JPG。"
)

// adviceFor maps media types, by prefix, longest first, to advice.
var adviceFor = []struct {
	prefix string
	advice
}{
	{"application/vnd.openxmlformats-officedocument.wordprocessingml", advice{"Word 文档", doPDF}},
	{"application/vnd.openxmlformats-officedocument.spreadsheetml", advice{"Excel 表格", doPDF}},
	{"application/vnd.openxmlformats-officedocument.presentationml", advice{"PowerPoint 演示文稿", doPDF}},
	{"application/vnd.oasis.opendocument", advice{"办公文档", doPDF}},
	{"application/vnd.ms-visio", advice{"Visio 图形", doPDF}},
	{"application/vnd.ms-outlook", advice{"邮件", doPDF}},
	{"application/vnd.ms-excel", advice{"Excel 表格", doPDF}},
	{"application/vnd.ms-powerpoint", advice{"PowerPoint 演示文稿", doPDF}},
	{"application/msword", advice{"Word 文档", doPDF}},
	{"application/x-ole-storage", advice{"办公文档（Word、Excel、WPS 等）", doPDF}},
	{"text/rtf", advice{"RTF 文档", doPDF}},
	{"text/html", advice{"网页", doPrint}},
	{"text/", advice{"文本文件", doPDF}},
	{"application/json", advice{"文本文件", doPDF}},
	{"message/", advice{"邮件", doPDF}},
	{"application/zip", advice{"压缩包", doUnpack}},
	{"application/vnd.rar", advice{"压缩包", doUnpack}},
	{"application/x-7z-compressed", advice{"压缩包", doUnpack}},
	{"application/x-tar", advice{"压缩包", doUnpack}},
	{"application/gzip", advice{"压缩包", doUnpack}},
	{"application/x-xz", advice{"压缩包", doUnpack}},
	{"application/x-bzip2", advice{"压缩包", doUnpack}},
	{"image/vnd.dwg", advice{"CAD 图纸", doPrint}},
	{"image/vnd.dxf", advice{"CAD 图纸", doPrint}},
	{"application/postscript", advice{"PostScript 文件", doPrint}},
	{"image/vnd.djvu", advice{"DjVu 文件", doPrint}},
	{"image/", advice{"这种格式的图片", doPicture}},
	{"audio/", advice{"音频文件", doAny}},
	{"video/", advice{"视频文件", doAny}},
}

func refuseKind(m *mimetype.MIME) error {
	for t := m; t != nil; t = t.Parent() {
		for _, a := range adviceFor {
			if strings.HasPrefix(t.String(), a.prefix) {
				return refuseUnsupported("系统不读取"+a.what+"。"+a.do, "type %s is not read", m.String())
			}
		}
	}
	return refuseUnsupported("无法识别文件的类型。"+doAny, "type %s is not read", m.String())
}
