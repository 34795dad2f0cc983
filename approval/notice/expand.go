package notice

import (
	"fmt"
	"strings"
)

// Expand fills in a draft: {name} is a variable, {name?text} stands only when the
// variable is not empty and may hold variables itself. A variable that vars does
// not have is an error: a notice must never go out with a hole.
func Expand(draft string, vars map[string]string) (string, error) {
	var out strings.Builder
	for draft != "" {
		open := strings.IndexByte(draft, '{')
		if open < 0 {
			out.WriteString(draft)
			break
		}
		out.WriteString(draft[:open])
		inner, rest, ok := braces(draft[open:])
		if !ok {
			return "", fmt.Errorf("expand draft: no closing bracket after %q", draft[open:])
		}
		name, text, conditional := strings.Cut(inner, "?")
		value, known := vars[name]
		if !known {
			return "", fmt.Errorf("expand draft: unknown variable %q", name)
		}
		switch {
		case !conditional:
			out.WriteString(value)
		case value != "":
			part, err := Expand(text, vars)
			if err != nil {
				return "", err
			}
			out.WriteString(part)
		}
		draft = rest
	}
	return out.String(), nil
}

// braces splits "{inner}rest", minding brackets inside.
func braces(s string) (inner, rest string, ok bool) {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return s[1:i], s[i+1:], true
			}
		}
	}
	return "", "", false
}
