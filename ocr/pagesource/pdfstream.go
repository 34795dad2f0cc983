package pagesource

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"onewindow/document"
)

// stream looks at the stream that begins after the keyword and moves the lexer
// behind it.
func (s *pdfScan) stream(l *lexer, d dict) error {
	start := l.pos
	if b, err := l.r.Peek(2); err == nil && b[0] == '\r' && b[1] == '\n' {
		start += 2
	} else if len(b) > 0 && (b[0] == '\n' || b[0] == '\r') {
		start++
	}
	end, err := s.streamEnd(start, d.int("Length", -1))
	if err != nil {
		return err
	}
	if err := s.content(d, start, end-start); err != nil {
		return err
	}
	const far = 1 << 18 // reading on is cheaper than starting anew below this
	if skip := end - l.pos; skip >= 0 && skip < far {
		return l.discard(int(skip))
	}
	l.r.Reset(io.NewSectionReader(s.in, end, s.in.size-end))
	l.pos = end
	return nil
}

var endstream = []byte("endstream")

// streamEnd finds where a stream ends: where its length says, when the keyword
// stands there, else at the keyword.
func (s *pdfScan) streamEnd(start int64, length int) (int64, error) {
	if length >= 0 && start+int64(length) <= s.in.size {
		b, err := s.in.at(start+int64(length), 32)
		if err != nil {
			return 0, err
		}
		if bytes.HasPrefix(bytes.TrimLeft(b, " \r\n\t\x00"), endstream) {
			return start + int64(length), nil
		}
	}
	if s.window == nil {
		s.window = make([]byte, 1<<18)
	}
	for at := start; at < s.in.size; at += int64(len(s.window) - len(endstream)) {
		n, err := s.in.ReadAt(s.window[:min(int64(len(s.window)), s.in.size-at)], at)
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		if i := bytes.Index(s.window[:n], endstream); i >= 0 {
			return at + int64(i), nil
		}
	}
	return s.in.size, nil
}

const (
	// deflateRatio is the most that deflate can shrink.
	deflateRatio = 1032
	// maxStream is the most a stream that is no picture may inflate to.
	maxStream = 256 << 20
)

// content refuses streams that would explode and reads object streams.
func (s *pdfScan) content(d dict, start, size int64) error {
	if err := s.checkPicture(d); err != nil {
		return err
	}
	filters := slices.Concat(d["Filter"].names(), d["F"].names())
	deflated := 0
	for _, f := range filters {
		if f == "FlateDecode" || f == "Fl" || f == "LZWDecode" || f == "LZW" {
			deflated++
		}
	}
	switch {
	case d["Type"].name == "ObjStm":
		return s.objectStream(d, start, size, filters)
	case deflated == 0, deflated == 1 && size < maxStream/deflateRatio:
		return nil
	case deflated == 1 && d["Subtype"].name == "Image":
		return nil // its size in pixels was checked; PDFium stops there
	}
	n, err := io.Copy(io.Discard, io.LimitReader(inflated(s.in, start, size, filters), maxStream+1))
	if n > maxStream {
		return document.Refuse(document.CodeTooLarge, sayBomb, "stream of %d bytes inflates beyond %d", size, maxStream)
	}
	return s.note(err)
}

// note counts streams that do not inflate; reading them is PDFium's business.
func (s *pdfScan) note(err error) error {
	var own *ownError
	if errors.As(err, &own) || s.in.ctx.Err() != nil {
		return err
	}
	if err != nil {
		s.bad++
	}
	return nil
}

// checkPicture refuses pictures beyond the limit, measured as bits so that
// black-and-white drawings may be large.
func (s *pdfScan) checkPicture(d dict) error {
	if d["Subtype"].name != "Image" {
		return nil
	}
	w, h := d.int("Width", 0), d.int("Height", 0)
	s.noteJPEG(d, [2]int{w, h})
	for _, key := range []string{"SMask", "Mask", "SMaskInData"} {
		if _, ok := d[key]; ok {
			s.masked[[2]int{w, h}] = true
		}
	}
	bits := d.int("BitsPerComponent", 8) * 3
	if gray := d["ColorSpace"].name; gray == "DeviceGray" || d.int("BitsPerComponent", 8) == 1 {
		bits /= 3
	}
	if d["ImageMask"].name == "true" {
		bits = 1
	}
	if w > 0 && h > 0 && float64(w)*float64(h)*float64(max(bits, 1)) > 24*float64(s.limits.MaxPixels) {
		return refusePixels(w, h, s.limits.MaxPixels)
	}
	return nil
}

// objectStream reads the objects packed into a stream.
func (s *pdfScan) objectStream(d dict, start, size int64, filters []string) error {
	if err := s.count(max(d.int("N", 0), 0)); err != nil {
		return err
	}
	src := io.LimitReader(inflated(s.in, start, size, filters), maxStream+1)
	read := &counter{r: src}
	err := s.packed(read, int64(d.int("First", 0)), d.int("N", 0))
	if read.n > maxStream {
		return document.Refuse(document.CodeTooLarge, sayBomb, "object stream of %d bytes inflates beyond %d", size, maxStream)
	}
	if _, ok := document.AsRefusal(err); ok {
		return err
	}
	return s.note(err)
}

// packed examines the objects of an object stream. The numbers in front of them
// tell which object is which.
func (s *pdfScan) packed(r io.Reader, first int64, n int) error {
	l := newLexer(r, 0)
	numbers := map[int64]int{}
	for range min(n, s.limits.MaxObjects) {
		num, err := l.next()
		if err != nil || num.kind != tokenNumber {
			break
		}
		off, err := l.next()
		if err != nil || off.kind != tokenNumber {
			return fmt.Errorf("object stream index: %w", errors.Join(err, io.ErrUnexpectedEOF))
		}
		numbers[first+int64(off.num)] = int(num.num)
		if l.pos >= first-1 {
			break
		}
	}
	for {
		t, err := l.next()
		if err != nil || t.kind == tokenEOF {
			return err
		}
		v, err := l.value(t)
		if v.dict != nil {
			s.examine(v.dict, numbers[t.at], 0)
		}
		s.examineAll(v.items)
		if err != nil {
			return err
		}
	}
}

// counter counts what is read through it.
type counter struct {
	r io.Reader
	n int64
}

// Read implements io.Reader.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
