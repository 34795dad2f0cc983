package pdfstamp

import (
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// signedNotice is printed when the source carried a signature and the caller gave
// no words of its own: the marked copy is no longer what was signed.
const signedNotice = "原件带有数字签名，本件为加注标记的副本，签名以原件为准"

// signatures turns signature fields of the copy into the pictures they show. Left
// in place they would make every viewer warn of a broken signature.
type signatures struct {
	g      graph
	signed bool
}

// retireSignatures reports whether the file was signed.
func retireSignatures(g graph, pages []page) bool {
	s := signatures{g: g}
	root := dict(g, g.root())
	for _, key := range []string{"Perms", "DSS"} {
		if root[key] != nil {
			s.signed = s.signed || key == "Perms" && len(dict(g, root[key])) > 0
			delete(root, key)
		}
	}
	for _, p := range pages {
		s.page(p)
	}
	if form := dict(g, root["AcroForm"]); form != nil {
		form["Fields"] = s.fields(form["Fields"], "", 0)
		delete(form, "SigFlags")
		root["AcroForm"] = form
		if len(form["Fields"].(types.Array)) == 0 {
			delete(root, "AcroForm")
		}
	}
	g.put(g.root(), root)
	return s.signed
}

// fields returns the fields without the signature fields among them.
func (s *signatures) fields(o types.Object, inherited string, depth int) types.Array {
	kept := types.Array{}
	for _, f := range array(s.g, o) {
		field := dict(s.g, f)
		if field == nil || depth > maxDepth {
			continue
		}
		kind := name(s.g, field["FT"])
		if kind == "" {
			kind = inherited
		}
		if kind == "Sig" {
			s.signed = s.signed || s.g.resolve(field["V"]) != nil
			continue
		}
		if kids := array(s.g, field["Kids"]); len(kids) > 0 {
			left := s.fields(kids, kind, depth+1)
			if len(left) == 0 {
				continue
			}
			if ref, ok := f.(types.IndirectRef); ok && len(left) < len(kids) {
				field["Kids"] = left
				s.g.put(ref, field)
			}
		}
		kept = append(kept, f)
	}
	return kept
}

// page makes stamps of the signature widgets of a page, or removes those that
// show nothing.
func (s *signatures) page(p page) {
	annotations := array(s.g, p.dict["Annots"])
	kept := types.Array{}
	changed := false
	for _, o := range annotations {
		widget := dict(s.g, o)
		if name(s.g, widget["Subtype"]) != "Widget" || s.kind(widget, 0) != "Sig" {
			kept = append(kept, o)
			continue
		}
		changed = true
		s.signed = s.signed || s.value(widget, 0) != nil
		if dict(s.g, widget["AP"]) == nil {
			continue
		}
		kept = append(kept, s.g.add(types.Dict{
			"Type": types.Name("Annot"), "Subtype": types.Name("Stamp"), "P": p.ref,
			"Rect": widget["Rect"], "AP": widget["AP"], "F": types.Integer(4 | 64 | 128), // printed, read-only, locked
		}))
	}
	if changed {
		p.dict["Annots"] = kept
		s.g.put(p.ref, p.dict)
	}
}

func (s *signatures) kind(field types.Dict, depth int) string {
	if k := name(s.g, field["FT"]); k != "" || field == nil || depth > maxDepth {
		return k
	}
	return s.kind(dict(s.g, field["Parent"]), depth+1)
}

func (s *signatures) value(field types.Dict, depth int) types.Object {
	if v := s.g.resolve(field["V"]); v != nil || field == nil || depth > maxDepth {
		return v
	}
	return s.value(dict(s.g, field["Parent"]), depth+1)
}
