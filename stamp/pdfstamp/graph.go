package pdfstamp

import (
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// graph is a PDF as a graph of objects: what pdfcpu read, or what qpdf told. The
// marking is written once against it.
type graph interface {
	// root is the catalog.
	root() types.IndirectRef
	// resolve follows a reference. Missing and broken objects are nil, the null
	// object, as every viewer takes them.
	resolve(o types.Object) types.Object
	// put replaces an object; it must also be called after changing one in place.
	put(ref types.IndirectRef, o types.Object)
	// add makes a new object.
	add(o types.Object) types.IndirectRef
	// content decodes the content streams of a page, joined as viewers join them.
	// Of damaged ones nobody can say what viewers make of them: whole is false.
	content(contents types.Object) (content []byte, whole bool, err error)
	// copyStream makes a stream of the same data, with more entries in its
	// dictionary.
	copyStream(from types.Object, more types.Dict) (types.IndirectRef, error)
}

// dict resolves o to a dictionary, or nil.
func dict(g graph, o types.Object) types.Dict {
	switch v := g.resolve(o).(type) {
	case types.Dict:
		return v
	case types.StreamDict:
		return v.Dict
	}
	return nil
}

func array(g graph, o types.Object) types.Array {
	a, _ := g.resolve(o).(types.Array)
	return a
}

// name resolves o to a name, or "".
func name(g graph, o types.Object) string {
	n, _ := g.resolve(o).(types.Name)
	return string(n)
}

// number resolves o to a number.
func number(g graph, o types.Object) (float64, bool) {
	switch v := g.resolve(o).(type) {
	case types.Integer:
		return float64(v), true
	case types.Float:
		return float64(v), true
	}
	return 0, false
}

// streams lists the content streams of a page in order.
func streams(g graph, contents types.Object) []types.Object {
	switch v := g.resolve(contents).(type) {
	case types.StreamDict:
		return []types.Object{contents}
	case types.Array:
		var out []types.Object
		for _, o := range v {
			if _, ok := g.resolve(o).(types.StreamDict); ok {
				out = append(out, o)
			}
		}
		return out
	}
	return nil
}
