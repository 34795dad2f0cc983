package pagesource

import (
	"bytes"
	"regexp"
	"strconv"
)

// tailBytes is how far from the end the end marker is looked for. Signing and
// mail programs append padding.
const tailBytes = 1 << 20

var (
	objectStart  = regexp.MustCompile(`\d+\s+\d+\s+obj\b`)
	linearLength = regexp.MustCompile(`/Linearized[^>]*/L\s+(\d+)|/L\s+(\d+)[^>]*/Linearized`)
	xrefOffset   = regexp.MustCompile(`startxref\s+(\d+)`)
)

// checkPDFEnds refuses a PDF whose end is missing. PDFium would rebuild the
// index of what is there and show fewer pages without a word.
func checkPDFEnds(in *input) error {
	head, err := in.at(0, 2048)
	if err != nil {
		return err
	}
	start := max(bytes.Index(head, []byte("%PDF-")), 0)
	if m := linearLength.FindSubmatch(head); m != nil {
		want, err := strconv.ParseInt(string(m[1])+string(m[2]), 10, 64)
		if err == nil && want > in.size-int64(start) {
			return refuseTruncated("linearized PDF of %d bytes says %d", in.size, want)
		}
	}
	from := max(in.size-tailBytes, 0)
	tail, err := in.at(from, tailBytes)
	if err != nil {
		return err
	}
	tail = bytes.TrimRight(tail, "\x00 \t\r\n")
	at := bytes.LastIndex(tail, []byte("%%EOF"))
	if at >= 0 {
		if objectStart.Match(tail[at:]) {
			return refuseTruncated("PDF ends inside an update")
		}
		return nil
	}
	if m := xrefOffset.FindAllSubmatch(tail, -1); m != nil {
		// Only the marker itself is cut off when the offset before it leads to an index.
		off, err := strconv.ParseInt(string(m[len(m)-1][1]), 10, 64)
		if err == nil && leadsToIndex(in, off+int64(start)) {
			return nil
		}
	}
	return refuseTruncated("PDF of %d bytes without end marker", in.size)
}

// leadsToIndex reports a cross-reference table or stream at off.
func leadsToIndex(in *input, off int64) bool {
	b, err := in.at(off, 32)
	if err != nil {
		return false
	}
	b = bytes.TrimLeft(b, " \t\r\n")
	loc := objectStart.FindIndex(b)
	return bytes.HasPrefix(b, []byte("xref")) || loc != nil && loc[0] == 0
}
