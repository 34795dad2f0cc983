package learned

import (
	"strings"

	"onewindow/approval/catalogue"
)

// FromCatalogue are the examples that the catalogue gives: each name, alias and
// title of a type with its columns and supporting words. Choices of materials are
// no types.
func FromCatalogue(cat *catalogue.Catalogue) []Example {
	var out []Example
	add := func(code string, titles, words []string) {
		body := strings.Join(words, "\n")
		for _, t := range titles {
			if t = strings.Trim(t, "×…"); t != "" {
				out = append(out, Example{Code: code, Sheet: Sheet{Title: []Spot{{Page: 1, Text: t}}, Body: t + "\n" + body}})
			}
		}
	}
	for _, t := range cat.ResultTypes {
		add(t.Code, append(append([]string{t.Name}, t.Aliases...), t.Layout.Title...), t.Layout.Labels)
	}
	for _, m := range cat.Materials {
		if len(m.AnyOf) == 0 {
			add(m.Code, append(append([]string{m.Name}, m.TitlePhrases...), m.Aliases...), m.Support)
		}
	}
	return out
}
