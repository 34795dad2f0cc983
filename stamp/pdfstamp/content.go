package pdfstamp

import (
	"bytes"
	"strings"
)

// Foreign content may leave states saved, text or marked content open, restore what
// it never saved, or hold errors at which renderers stop reading. Drawn after it,
// the mark would be moved, clipped, hidden or never reached. Such content is put
// into a form, whose end ends all of that; most pages are plain and stay as they are.

// plain reports whether drawing after the content, between q and Q, is safe.
func plain(content []byte) bool {
	s := contentScanner{src: content}
	saves, marked, text, image := 0, 0, false, false
	for {
		token := s.next()
		switch token {
		case "":
			return !s.broken && saves == 0 && marked == 0 && !text && !image
		case "q":
			saves++
		case "Q":
			saves--
		case "BT":
			text = true
		case "ET":
			text = false
		case "BMC", "BDC":
			marked++
		case "EMC":
			marked--
		case "BI":
			image = true
		case "ID":
			if !image {
				return false
			}
			s.skipImage()
			image = false
		}
		if s.broken || saves < 0 || marked < 0 {
			return false
		}
	}
}

// operands are the kinds of operands operators end on: n number, s string, / name,
// a array, * anything.
var operands = map[string]string{
	"b": "", "B": "", "b*": "", "B*": "", "BDC": "/*", "BI": "", "BMC": "/", "BT": "", "BX": "", "c": "nnnnnn", "cm": "nnnnnn",
	"CS": "/", "cs": "/", "d": "an", "d0": "nn", "d1": "nnnnnn", "Do": "/", "DP": "/*", "EMC": "", "ET": "", "EX": "",
	"f": "", "F": "", "f*": "", "G": "n", "g": "n", "gs": "/", "h": "", "i": "n", "ID": "", "j": "n", "J": "n", "K": "nnnn", "k": "nnnn",
	"l": "nn", "m": "nn", "M": "n", "MP": "/", "n": "", "q": "", "Q": "", "re": "nnnn", "RG": "nnn", "rg": "nnn", "ri": "/", "s": "", "S": "",
	"SC": "*", "sc": "*", "SCN": "*", "scn": "*", "sh": "/", "T*": "", "Tc": "n", "Td": "nn", "TD": "nn", "Tf": "/n", "Tj": "s", "TJ": "a",
	"TL": "n", "Tm": "nnnnnn", "Tr": "n", "Ts": "n", "Tw": "n", "Tz": "n", "v": "nnnn", "w": "n", "W": "", "W*": "", "y": "nnnn", "'": "s", `"`: "nns",
}

// contentScanner yields the operators of a content stream and checks their operands.
type contentScanner struct {
	src    []byte
	at     int
	kinds  []byte // operands since the last operator
	depth  int    // open arrays and dictionaries
	broken bool
}

// next returns the next operator, "" at the end or at an error.
func (s *contentScanner) next() string {
	s.kinds = s.kinds[:0]
	for s.at < len(s.src) && !s.broken {
		switch c := s.src[s.at]; {
		case c == '(':
			s.skipString()
			s.operand('s')
		case c == '%':
			s.skipTo("\r\n")
		case c == '<' && s.peek() == '<':
			s.at += 2
			s.depth++
		case c == '>' && s.peek() == '>':
			s.at += 2
			s.close('d')
		case c == '<':
			s.broken = !s.skipTo(">")
			s.operand('s')
		case c == '/':
			s.at++
			s.word()
			s.operand('/')
		case c == '[':
			s.at++
			s.depth++
		case c == ']':
			s.at++
			s.close('a')
		case isSpace(c):
			s.at++
		case isDelimiter(c):
			s.broken = true
		default:
			if w := s.word(); isOperand(w) {
				s.operand('n')
			} else if operator, ok := s.operator(w); ok {
				return operator
			}
		}
	}
	s.broken = s.broken || s.depth > 0
	return ""
}

func (s *contentScanner) operand(kind byte) {
	if s.depth == 0 {
		s.kinds = append(s.kinds, kind)
	}
}

func (s *contentScanner) close(kind byte) {
	s.depth--
	s.broken = s.broken || s.depth < 0
	s.operand(kind)
}

// operator checks the operands of w, which ends a row of them.
func (s *contentScanner) operator(w []byte) (string, bool) {
	name := string(w)
	if name == "true" || name == "false" || name == "null" {
		s.operand('b')
		return "", false
	}
	want, known := operands[name]
	s.broken = !known || s.depth > 0 || len(s.kinds) < len(want)
	for i := 1; i <= len(want) && !s.broken; i++ {
		if k := want[len(want)-i]; k != '*' && k != s.kinds[len(s.kinds)-i] {
			s.broken = true
		}
	}
	return name, !s.broken
}

// isOperand reports whether a word is a number as all readers read it.
func isOperand(w []byte) bool {
	digits := bytes.TrimLeft(w, "+-")
	if len(w)-len(digits) > 1 || len(digits) == 0 {
		return false
	}
	for _, c := range digits {
		if (c < '0' || c > '9') && c != '.' {
			return false
		}
	}
	return bytes.Count(digits, []byte(".")) <= 1
}

func (s *contentScanner) peek() byte {
	if s.at+1 < len(s.src) {
		return s.src[s.at+1]
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
func (s *contentScanner) skipTo(ends string) bool {
	i := bytes.IndexAny(s.src[s.at:], ends)
	if i < 0 {
		s.at = len(s.src)
		return false
	}
	s.at += i + 1
	return true
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

func isDelimiter(c byte) bool { return strings.IndexByte("()<>[]{}/%", c) >= 0 }
