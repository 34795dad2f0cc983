package catalogue

import (
	"errors"
	"fmt"
	"unicode"
)

// maxDepth bounds nesting, so that a hostile catalogue cannot exhaust the stack.
const maxDepth = 64

// tokenize cuts a condition into words and signs; white space separates.
func tokenize(text string) []string {
	var tokens []string
	rs := []rune(text)
	for i := 0; i < len(rs); {
		switch {
		case unicode.IsSpace(rs[i]):
			i++
		case i+1 < len(rs) && rs[i+1] == '=' && (rs[i] == '=' || rs[i] == '!'):
			tokens = append(tokens, string(rs[i:i+2]))
			i += 2
		case isWord(rs[i]):
			j := i
			for j < len(rs) && isWord(rs[j]) {
				j++
			}
			tokens = append(tokens, string(rs[i:j]))
			i = j
		default:
			tokens = append(tokens, string(rs[i]))
			i++
		}
	}
	return tokens
}

func isWord(r rune) bool {
	return r == '_' || r == '-' || r == '.' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

// parser reads tokens by recursive descent: or, and, not, comparison.
type parser struct {
	tokens []string
	at     int
	depth  int
}

var errDepth = errors.New("nested too deeply")

func (p *parser) end() bool { return p.at >= len(p.tokens) }

func (p *parser) peek() string {
	if p.end() {
		return ""
	}
	return p.tokens[p.at]
}

func (p *parser) accept(token string) bool {
	if !p.end() && p.tokens[p.at] == token {
		p.at++
		return true
	}
	return false
}

func (p *parser) or() (node, error) {
	a, err := p.and()
	for err == nil && p.accept("or") {
		var b node
		if b, err = p.and(); err == nil {
			a = orNode{a, b}
		}
	}
	return a, err
}

func (p *parser) and() (node, error) {
	a, err := p.not()
	for err == nil && p.accept("and") {
		var b node
		if b, err = p.not(); err == nil {
			a = andNode{a, b}
		}
	}
	return a, err
}

func (p *parser) not() (node, error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxDepth {
		return nil, errDepth
	}
	if p.accept("not") {
		of, err := p.not()
		return notNode{of}, err
	}
	if p.accept("(") {
		of, err := p.or()
		if err == nil && !p.accept(")") {
			err = fmt.Errorf("want ) before %q", p.peek())
		}
		return of, err
	}
	return p.comparison()
}

func (p *parser) comparison() (node, error) {
	name, err := p.word()
	if err != nil {
		return nil, err
	}
	switch {
	case p.accept("=="):
		v, err := p.word()
		return isNode{name: name, values: []string{v}}, err
	case p.accept("!="):
		v, err := p.word()
		return isNode{name: name, values: []string{v}, negate: true}, err
	case p.accept("in"):
		list, err := p.list()
		return isNode{name: name, values: list}, err
	case p.accept("not"):
		if !p.accept("in") {
			return nil, fmt.Errorf("want in before %q", p.peek())
		}
		list, err := p.list()
		return isNode{name: name, values: list, negate: true}, err
	}
	return flagNode{name}, nil
}

func (p *parser) list() ([]string, error) {
	if !p.accept("[") {
		return nil, fmt.Errorf("want [ before %q", p.peek())
	}
	var list []string
	for {
		v, err := p.word()
		if err != nil {
			return nil, err
		}
		list = append(list, v)
		if p.accept("]") {
			return list, nil
		}
		if !p.accept(",") {
			return nil, fmt.Errorf("want , or ] before %q", p.peek())
		}
	}
}

// word takes a flag or value; the words of the language are neither.
func (p *parser) word() (string, error) {
	t := p.peek()
	switch t {
	case "":
		return "", errors.New("ends too early")
	case "and", "or", "not", "in":
		return "", fmt.Errorf("unexpected %q", t)
	}
	if !isWord([]rune(t)[0]) {
		return "", fmt.Errorf("unexpected %q", t)
	}
	p.at++
	return t, nil
}
