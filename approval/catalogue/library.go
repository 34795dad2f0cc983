package catalogue

import (
	"fmt"
	"slices"
	"strings"
)

// Library is all published versions of the catalogue. New applications use the
// one in effect; a running case keeps the one it was started under (T.2).
type Library struct {
	versions []*Catalogue // by effective date, then by version
}

// NewLibrary makes a library. Errors: no catalogue at all, or two of one version.
func NewLibrary(all ...*Catalogue) (*Library, error) {
	if len(all) == 0 {
		return nil, fmt.Errorf("a library without a catalogue")
	}
	l := &Library{versions: slices.Clone(all)}
	slices.SortStableFunc(l.versions, func(a, b *Catalogue) int { return strings.Compare(a.Effective, b.Effective) })
	seen := map[string]bool{}
	for _, c := range l.versions {
		if seen[c.Version] {
			return nil, fmt.Errorf("two catalogues of version %s", c.Version)
		}
		seen[c.Version] = true
	}
	return l, nil
}

// On returns the version in effect on a day, "2006-01-02": the latest that has
// begun; before all of them, the first.
func (l *Library) On(day string) *Catalogue {
	current := l.versions[0]
	for _, c := range l.versions {
		if c.Effective <= day {
			current = c
		}
	}
	return current
}

// Version returns one version.
func (l *Library) Version(version string) (*Catalogue, bool) {
	i := slices.IndexFunc(l.versions, func(c *Catalogue) bool { return c.Version == version })
	if i < 0 {
		return nil, false
	}
	return l.versions[i], true
}

// Name is the name of a stage, item, unit, material or result type in the latest
// version that has it: lists and figures reach back to what newer ones left out.
// "" when none has.
func (l *Library) Name(code string) string {
	for i := len(l.versions) - 1; i >= 0; i-- {
		if name := l.versions[i].Name(code); name != "" {
			return name
		}
	}
	return ""
}

// All lists the versions, the earliest first.
func (l *Library) All() []*Catalogue { return slices.Clone(l.versions) }

// As returns the catalogue under another version: the same data published twice
// is told apart by it.
func (c *Catalogue) As(version string) *Catalogue {
	if version == c.Version {
		return c
	}
	other := *c
	other.Version = version
	other.localize()
	return &other
}
