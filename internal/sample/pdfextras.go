package sample

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"
)

// Extras are what a born-digital PDF may carry besides its pages.
type Extras struct {
	JavaScript     string // runs when the file is opened
	AttachmentName string // an embedded file
	Attachment     []byte
	Signed         bool // a detached CMS signature of an invented authority (adbe.pkcs7.detached)
}

// PDFWith writes a born-digital PDF with extras. A signature covers the whole
// file and verifies; its certificate is self-signed and trusted by nobody.
func (s *Studio) PDFWith(d Document, x Extras) ([]byte, error) {
	w, pages, kids := s.write(d)
	var entries strings.Builder
	var names string
	if x.JavaScript != "" {
		action := w.add("<</S/JavaScript/JS %s>>", utf16String(x.JavaScript))
		fmt.Fprintf(&entries, "/OpenAction %v", action)
		names += fmt.Sprintf("/JavaScript<</Names[(run)%v]>>", action)
	}
	if x.Attachment != nil {
		file := w.packed("/Type/EmbeddedFile", x.Attachment)
		spec := w.add("<</Type/Filespec/F %s/UF %[1]s/EF<</F %v>>>>", utf16String(x.AttachmentName), file)
		names += fmt.Sprintf("/EmbeddedFiles<</Names[(file)%v]>>", spec)
	}
	if names != "" {
		fmt.Fprintf(&entries, "/Names<<%s>>", names)
	}
	if x.Signed {
		w.signatureField(&entries, kids)
	}
	out := w.catalog(pages, kids, entries.String(), d.Title)
	if !x.Signed {
		return out, nil
	}
	return seal(out)
}

// Room kept for the signature, in bytes, and the marks it is found by.
const (
	signatureRoom  = 4096
	byteRangeSpace = "/ByteRange[0 0000000000 0000000000 0000000000]"
)

// signatureField adds an invisible signature field to the first page.
func (w *pdfWriter) signatureField(entries *strings.Builder, kids []string) {
	value := w.add("<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached%s/Contents<%s>/Reason(issue)/M(D:20240315100000+08'00')>>",
		byteRangeSpace, strings.Repeat("0", 2*signatureRoom))
	field := w.add("<</Type/Annot/Subtype/Widget/FT/Sig/T(seal)/Rect[0 0 0 0]/F 132/V %v/P %s>>", value, kids[0])
	var first int
	_, _ = fmt.Sscanf(kids[0], "%d", &first) // "12 0 R", written by ref.String
	page := w.objects[first-1]
	w.objects[first-1] = append(page[:len(page)-2:len(page)-2], fmt.Sprintf("/Annots[%v]>>", field)...)
	fmt.Fprintf(entries, "/AcroForm<</Fields[%v]/SigFlags 3>>", field)
}

// seal fills in the byte range and the signature over it.
func seal(file []byte) ([]byte, error) {
	open := bytes.Index(file, []byte("/Contents<000")) + len("/Contents")
	end := open + 2*signatureRoom + 2
	ranges := fmt.Sprintf("/ByteRange[0 %010d %010d %010d]", open, end, len(file)-end)
	copy(file[bytes.Index(file, []byte(byteRangeSpace)):], ranges)
	sum := sha256.New()
	sum.Write(file[:open])
	sum.Write(file[end:])
	cms, err := signCMS(sum.Sum(nil))
	if err != nil {
		return nil, fmt.Errorf("sign pdf: %w", err)
	}
	if len(cms) > signatureRoom {
		return nil, fmt.Errorf("sign pdf: signature of %d bytes", len(cms))
	}
	copy(file[open+1:], fmt.Sprintf("%x", cms))
	return file, nil
}
