package pdfstamp

import (
	"errors"
	"fmt"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

const (
	maxPages = 20_000
	maxDepth = 60 // of the page tree
)

var (
	errNoPages      = errors.New("file has no pages")
	errTooManyPages = fmt.Errorf("more than %d pages", maxPages)
)

// inheritable are the attributes a page takes from its ancestors.
var inheritable = []string{"MediaBox", "CropBox", "Rotate", "Resources"}

// page is one page with what it inherits written into its own dictionary.
type page struct {
	ref       types.IndirectRef
	dict      types.Dict
	inherited types.Dict
	geometry
}

// collectPages lists the pages in order, each as an object of its own: a page
// object that stands twice in the tree is two pages with two numbers.
func collectPages(g graph) ([]page, error) {
	c := collector{g: g, seen: map[int]bool{}, open: map[int]bool{}}
	catalog := dict(g, g.root())
	if catalog == nil {
		return nil, errors.New("file has no catalog")
	}
	if err := c.visit(catalog["Pages"], types.Dict{}, 0); err != nil {
		return nil, err
	}
	if len(c.pages) == 0 {
		return nil, errNoPages
	}
	for _, p := range c.pages { // not sooner: the object may be met again, with other ancestors
		for key, v := range p.inherited {
			p.dict[key] = v
		}
		p.dict["Type"] = types.Name("Page")
	}
	return c.pages, nil
}

type collector struct {
	g     graph
	pages []page
	seen  map[int]bool // page objects taken
	open  map[int]bool // nodes on the way down, so that a loop ends
}

func (c *collector) visit(o types.Object, inherited types.Dict, depth int) error {
	node, ok := c.g.resolve(o).(types.Dict)
	if !ok {
		return nil // viewers pass over it, and so do we: it shows nothing
	}
	if depth > maxDepth {
		return errors.New("page tree is too deep")
	}
	attributes := types.Dict{}
	for _, key := range inheritable {
		if v := c.g.resolve(node[key]); v != nil {
			attributes[key] = node[key]
		} else if inherited[key] != nil {
			attributes[key] = inherited[key]
		}
	}
	kids, isNode := c.g.resolve(node["Kids"]).(types.Array)
	switch kind := name(c.g, node["Type"]); {
	case kind == "Page" || !isNode && kind != "Pages":
		return c.take(o, node, attributes)
	case !isNode:
		return nil
	}
	if ref, ok := o.(types.IndirectRef); ok {
		if n := ref.ObjectNumber.Value(); c.open[n] {
			return errors.New("page tree runs in a circle")
		} else {
			c.open[n] = true
			defer delete(c.open, n)
		}
	}
	// A direct dictionary would be copied into every page below.
	if d, ok := attributes["Resources"].(types.Dict); ok {
		attributes["Resources"] = c.g.add(d)
	}
	for _, kid := range kids {
		if err := c.visit(kid, attributes, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (c *collector) take(o types.Object, node, attributes types.Dict) error {
	if len(c.pages) >= maxPages {
		return errTooManyPages
	}
	ref, indirect := o.(types.IndirectRef)
	if !indirect || c.seen[ref.ObjectNumber.Value()] {
		copied := types.Dict{}
		for k, v := range node {
			copied[k] = v
		}
		node = copied
		ref = c.g.add(node)
	}
	c.seen[ref.ObjectNumber.Value()] = true
	withUnit := types.Dict{"UserUnit": node["UserUnit"]}
	for key, v := range attributes {
		withUnit[key] = v
	}
	c.pages = append(c.pages, page{ref: ref, dict: node, inherited: attributes, geometry: readGeometry(c.g, withUnit)})
	return nil
}

// plant makes one flat page tree of exactly these pages. What other readers might
// have taken for a page is in no tree any more, and so never shown unmarked.
func plant(g graph, pages []page) {
	var kids types.Array
	for _, p := range pages {
		kids = append(kids, p.ref)
	}
	tree := g.add(types.Dict{"Type": types.Name("Pages"), "Kids": kids, "Count": types.Integer(len(pages))})
	for _, p := range pages {
		p.dict["Parent"] = tree
		g.put(p.ref, p.dict)
	}
	catalog := dict(g, g.root())
	catalog["Pages"] = tree
	g.put(g.root(), catalog)
}
