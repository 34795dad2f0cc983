package catalogue

import "strings"

// MaterialNamed returns the material of a code written in any case, as printed
// codes are (document.Sheet).
func (c *Catalogue) MaterialNamed(code string) (Material, bool) {
	return named(c.Materials, code, func(v Material) string { return v.Code })
}

// ItemNamed returns the item of a code written in any case.
func (c *Catalogue) ItemNamed(code string) (Item, bool) {
	return named(c.Items, code, func(v Item) string { return v.Code })
}

func named[T any](list []T, code string, of func(T) string) (T, bool) {
	for _, v := range list {
		if strings.EqualFold(of(v), code) {
			return v, true
		}
	}
	var none T
	return none, false
}
