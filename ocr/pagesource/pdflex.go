package pagesource

import (
	"bufio"
	"errors"
	"io"
	"strconv"
)

// lexer reads the tokens of PDF syntax (ISO 32000-1, 7.2 and 7.3) from a
// stream of bytes that may be anything.
type lexer struct {
	r     *bufio.Reader
	pos   int64 // of the next byte
	depth int   // of nested arrays and dictionaries
}

type tokenKind byte

const (
	tokenEOF tokenKind = iota
	tokenNumber
	tokenName
	tokenString
	tokenWord
	tokenDictOpen
	tokenDictClose
	tokenArrayOpen
	tokenArrayClose
)

type token struct {
	kind tokenKind
	text string // of names and words
	num  float64
	at   int64
}

func newLexer(r io.Reader, pos int64) *lexer {
	return &lexer{r: bufio.NewReaderSize(r, 1<<16), pos: pos}
}

func (l *lexer) byte() (byte, error) {
	b, err := l.r.ReadByte()
	if err == nil {
		l.pos++
	}
	return b, err
}

func (l *lexer) back() {
	if l.r.UnreadByte() == nil {
		l.pos--
	}
}

func isBlank(b byte) bool {
	return b == 0 || b == '\t' || b == '\n' || b == '\f' || b == '\r' || b == ' '
}

func isDelimiter(b byte) bool {
	switch b {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

// next returns the next token. Inside values strings are read whole; between
// objects a parenthesis is a word, so that garbage cannot hide what follows it.
func (l *lexer) next() (token, error) {
	b, err := l.skipBlank()
	if errors.Is(err, io.EOF) {
		return token{kind: tokenEOF}, nil
	}
	if err != nil {
		return token{}, err
	}
	t := token{at: l.pos - 1}
	switch b {
	case '/':
		t.kind = tokenName
		t.text, err = l.name()
	case '[':
		t.kind = tokenArrayOpen
	case ']':
		t.kind = tokenArrayClose
	case '<':
		t.kind, err = l.angle()
	case '>':
		t.kind = tokenWord
		if c, e := l.byte(); e == nil && c == '>' {
			t.kind = tokenDictClose
		} else if e == nil {
			l.back()
		}
	case '(':
		t.kind = tokenWord
		if l.depth > 0 {
			t.kind = tokenString
			err = l.literal()
		}
	case ')', '{', '}':
		t.kind = tokenWord
	default:
		l.back()
		err = l.word(&t)
	}
	if errors.Is(err, io.EOF) {
		err = nil // what stands at the very end counts
	}
	return t, err
}

// skipBlank returns the first byte that is neither white space nor comment.
func (l *lexer) skipBlank() (byte, error) {
	for {
		b, err := l.byte()
		if err != nil {
			return 0, err
		}
		if b == '%' {
			for b != '\n' && b != '\r' {
				if b, err = l.byte(); err != nil {
					return 0, err
				}
			}
		}
		if !isBlank(b) {
			return b, nil
		}
	}
}

// name reads a name after its slash; #xx stands for a byte, which is how
// /JavaScript is hidden from simple searches.
func (l *lexer) name() (string, error) {
	var out []byte
	for len(out) < 256 {
		b, err := l.byte()
		if err != nil {
			return string(out), err
		}
		if isBlank(b) || isDelimiter(b) {
			l.back()
			break
		}
		if b == '#' {
			if hex, err := l.r.Peek(2); err == nil {
				if v, err := strconv.ParseUint(string(hex), 16, 8); err == nil {
					b = byte(v)
					if err := l.discard(2); err != nil {
						return string(out), err
					}
				}
			}
		}
		out = append(out, b)
	}
	return string(out), nil
}

// discard passes over n bytes, fewer at the end.
func (l *lexer) discard(n int) error {
	done, err := l.r.Discard(n)
	l.pos += int64(done)
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// angle reads what follows "<": a dictionary or a hexadecimal string.
func (l *lexer) angle() (tokenKind, error) {
	b, err := l.byte()
	if err == nil && b == '<' {
		return tokenDictOpen, nil
	}
	if l.depth == 0 {
		l.back()
		return tokenWord, err
	}
	for err == nil && b != '>' {
		b, err = l.byte()
	}
	return tokenString, err
}

// literal passes over a string in parentheses.
func (l *lexer) literal() error {
	for open := 1; open > 0; {
		b, err := l.byte()
		if err != nil {
			return err
		}
		switch b {
		case '(':
			open++
		case ')':
			open--
		case '\\':
			if _, err := l.byte(); err != nil {
				return err
			}
		}
	}
	return nil
}

// word reads a number or a keyword.
func (l *lexer) word(t *token) error {
	var buf [64]byte
	n := 0
	var err error
	for n < len(buf) {
		var b byte
		if b, err = l.byte(); err != nil {
			break
		}
		if isBlank(b) || isDelimiter(b) {
			l.back()
			break
		}
		buf[n] = b
		n++
	}
	t.kind, t.text = tokenWord, string(buf[:n])
	if v, bad := strconv.ParseFloat(t.text, 64); bad == nil && n > 0 && (buf[0] <= '9') {
		t.kind, t.num = tokenNumber, v
	}
	return err
}
