package stamp

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"onewindow/stamp/verifycode"
)

const (
	projectLimit = 20  // characters of the project name (watermark.md)
	textLimit    = 200 // of any other value, so that nothing can flood the band
	separator    = "  "
)

// shanghai is the time on paper. China has had no other since 1991; a fixed zone
// needs no zone files on the machine.
var shanghai = time.FixedZone("CST", 8*3600)

// URL is what the QR code holds and people may type.
func (m Mark) URL() string { return strings.TrimRight(m.BaseURL, "/") + "/v/" + m.Code }

// Validate reports whether the mark can be printed: a well-formed code and an
// address to ask about it.
func (m Mark) Validate() error {
	if code, err := verifycode.Parse(m.Code); err != nil || code != m.Code {
		return fmt.Errorf("stamp mark: code %q: %w", m.Code, verifycode.ErrMistyped)
	}
	if !strings.HasPrefix(m.BaseURL, "http://") && !strings.HasPrefix(m.BaseURL, "https://") {
		return fmt.Errorf("stamp mark: base URL %q is not http or https", m.BaseURL)
	}
	if len(m.URL()) > 150 {
		return fmt.Errorf("stamp mark: base URL of %d bytes makes a QR code too fine to read", len(m.BaseURL))
	}
	if m.UploadedAt.IsZero() {
		return fmt.Errorf("stamp mark: upload time is not set")
	}
	return nil
}

// values are the variables of a template except {page} and {pages}.
func (m Mark) values() map[string]string {
	at := m.UploadedAt.In(shanghai)
	return map[string]string{
		"system": clean(m.System), "project": truncate(clean(m.ProjectName), projectLimit),
		"unit": clean(m.UnitName), "unit_short": clean(m.UnitShort),
		"document": clean(m.DocumentName), "number": clean(m.DocumentNo),
		"code": verifycode.Format(m.Code), "url": m.URL(), "base": strings.TrimRight(m.BaseURL, "/"),
		"date": at.Format("20060102"), "time": at.Format("2006-01-02 15:04:05"),
		"trace": clean(m.TraceLine), "notice": clean(m.Notice),
	}
}

// BandLines returns the printed lines of the band of a file of pages pages. page
// stands where the page number does. A notice or trace the template does not
// mention gets a line of its own: it must not be lost.
func (t Template) BandLines(m Mark, page string, pages int) []string {
	values := m.values()
	values["page"], values["pages"] = page, strconv.Itoa(pages)
	var lines []string
	for _, line := range t.Band.Lines {
		if l := fill(line, values); l != "" {
			lines = append(lines, l)
		}
	}
	all := strings.Join(t.Band.Lines, "")
	for _, name := range []string{"notice", "trace"} {
		if values[name] != "" && !strings.Contains(all, "{"+name+"}") {
			lines = append(lines, values[name])
		}
	}
	return lines
}

// TileText returns the printed text of a tile.
func (t Template) TileText(m Mark, pages int) string {
	values := m.values()
	values["pages"] = strconv.Itoa(pages)
	return fill(t.Tiles.Text, values)
}

// fill puts values into a line and leaves out the parts that have none.
func fill(line string, values map[string]string) string {
	var parts []string
	for _, part := range strings.Split(line, separator) {
		text, named, filled := expand(part, values)
		if named && !filled {
			continue
		}
		if text = strings.Join(strings.Fields(text), " "); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, separator)
}

// expand replaces {name}. named: there was a variable; filled: one had a value.
func expand(part string, values map[string]string) (text string, named, filled bool) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(part, "{")
		b.WriteString(before)
		if !found {
			return b.String(), named, filled
		}
		name, after, _ := strings.Cut(rest, "}")
		named = true
		filled = filled || values[name] != ""
		b.WriteString(values[name])
		part = after
	}
}

func checkVariables(line string) error {
	known := Mark{}.values()
	known["page"], known["pages"] = "", ""
	for rest := line; ; {
		_, after, found := strings.Cut(rest, "{")
		if !found {
			return nil
		}
		name, tail, closed := strings.Cut(after, "}")
		if _, ok := known[name]; !ok || !closed {
			return fmt.Errorf("line %q: unknown variable {%s}", line, name)
		}
		rest = tail
	}
}

// clean makes a value one printable line: foreign text may hold anything.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == unicode.ReplacementChar || unicode.In(r, unicode.C):
			return -1
		}
		return r
	}, s)
	return truncate(strings.Join(strings.Fields(s), " "), textLimit)
}

func truncate(s string, limit int) string {
	r := []rune(s)
	if len(r) <= limit {
		return s
	}
	return string(r[:limit-1]) + "…"
}
