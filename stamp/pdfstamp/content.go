package pdfstamp

import (
	"bytes"
	"errors"
	"fmt"
)

// Foreign content may leave states saved, text or marked content open, or restore
// what it never saved. Drawn after it, the mark would be moved, scaled, clipped
// or hidden. balance finds out, so that the page can be closed properly first.
type balance struct {
	saves   int   // q without Q at the end
	text    bool  // BT without ET
	marked  int   // BMC or BDC without EMC
	surplus []int // offsets of Q without q
}

var errOpenContent = errors.New("page content ends inside a string or an image")

// closers are the operators that end what the content left open.
func (b balance) closers() []byte {
	var out []byte
	if b.text {
		out = append(out, "ET\n"...)
	}
	out = append(out, bytes.Repeat([]byte("EMC\n"), b.marked)...)
	return append(out, bytes.Repeat([]byte("Q\n"), b.saves)...)
}

const mostSaves = 5000

// weigh reads a content stream and says what it leaves open.
func weigh(content []byte) (balance, error) {
	var b balance
	s := contentScanner{src: content}
	image := false
	for {
		start, token := s.next()
		switch string(token) {
		case "":
			if s.broken {
				return b, errOpenContent
			}
			if b.saves > mostSaves || b.marked > mostSaves {
				return b, fmt.Errorf("page content saves %d states", b.saves)
			}
			return b, nil
		case "q":
			b.saves++
		case "Q":
			if b.saves == 0 {
				b.surplus = append(b.surplus, start)
			} else {
				b.saves--
			}
		case "BT":
			b.text = true
		case "ET":
			b.text = false
		case "BMC", "BDC":
			b.marked++
		case "EMC":
			b.marked = max(0, b.marked-1)
		case "BI":
			image = true
		case "ID":
			if image {
				s.skipImage()
			}
			image = false
		}
	}
}

// contentScanner yields the operators of a content stream and skips operands.
type contentScanner struct {
	src    []byte
	at     int
	broken bool
}

// next returns the next bare word and where it starts; nil at the end.
func (s *contentScanner) next() (int, []byte) {
	for s.at < len(s.src) {
		switch c := s.src[s.at]; {
		case c == '(':
			s.skipString()
		case c == '%':
			s.skipTo("\r\n")
		case c == '<' && s.peek(1) == '<':
			s.at += 2
		case c == '<':
			s.skipTo(">")
		case c == '/':
			s.at++
			s.word()
		case isSpace(c) || isDelimiter(c):
			s.at++
		default:
			start := s.at
			w := s.word()
			if c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
				return start, w
			}
		}
	}
	return s.at, nil
}

func (s *contentScanner) peek(n int) byte {
	if s.at+n < len(s.src) {
		return s.src[s.at+n]
	}
	return 0
}

func (s *contentScanner) word() []byte {
	start := s.at
	for s.at < len(s.src) && !isSpace(s.src[s.at]) && !isDelimiter(s.src[s.at]) {
		s.at++
	}
	return s.src[start:s.at]
}

// skipTo moves behind the next of the bytes, or to the end.
func (s *contentScanner) skipTo(ends string) {
	i := bytes.IndexAny(s.src[s.at:], ends)
	if i < 0 {
		s.broken = s.broken || ends == ">"
		s.at = len(s.src)
		return
	}
	s.at += i + 1
}

func (s *contentScanner) skipString() {
	depth := 0
	for ; s.at < len(s.src); s.at++ {
		switch s.src[s.at] {
		case '\\':
			s.at++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				s.at++
				return
			}
		}
	}
	s.at, s.broken = len(s.src), true
}

// skipImage passes the data of an inline image: up to an EI that stands alone and
// is followed by something that looks like content and not like pixels.
func (s *contentScanner) skipImage() {
	for from := s.at; ; {
		i := bytes.Index(s.src[from:], []byte("EI"))
		if i < 0 {
			s.at, s.broken = len(s.src), true
			return
		}
		end := from + i + 2
		alone := isSpace(s.src[from+i-1]) && (end == len(s.src) || isSpace(s.src[end]))
		if alone && printable(s.src[end:min(len(s.src), end+12)]) {
			s.at = end
			return
		}
		from = end
	}
}

func printable(b []byte) bool {
	for _, c := range b {
		if !isSpace(c) && (c < 0x20 || c > 0x7E) {
			return false
		}
	}
	return true
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }
