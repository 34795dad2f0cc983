package cases

import (
	"onewindow/approval"
	"onewindow/approval/catalogue"
)

// current is the catalogue that new applications use today.
func (o *Office) current() *catalogue.Catalogue {
	if o.Library == nil {
		return o.Catalogue
	}
	return o.Library.On(o.day())
}

// Edition is the catalogue of a version as it holds in a division; a version that
// is not there any more gives way to the one in effect.
func (o *Office) Edition(version, division string) *catalogue.Catalogue {
	c := o.current()
	if o.Library != nil {
		if kept, ok := o.Library.Version(version); ok {
			c = kept
		}
	}
	return c.For(division)
}

// Name is a code in words: as the catalogue in effect says it, else the latest
// version that had it.
func (o *Office) Name(code string) string {
	name := o.current().Name(code)
	if name == "" && o.Library != nil {
		name = o.Library.Name(code)
	}
	return name
}

// of is the catalogue that a case was started under and keeps (T.2).
func (o *Office) of(k approval.Case) *catalogue.Catalogue { return o.Edition(k.Catalogue, k.Division) }

// itemOf returns the catalogue's item; a case holds known codes only.
func (o *Office) itemOf(it approval.CaseItem) catalogue.Item {
	item, _ := o.Edition(it.Edition, it.Division).Item(it.Item)
	return item
}

// Asks reports whether a material stands on an item's checklist.
func (o *Office) Asks(it approval.CaseItem, material string) bool {
	return o.Edition(it.Edition, it.Division).Asks(it.Item, material)
}
