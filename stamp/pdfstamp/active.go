package pdfstamp

import (
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// The names under which stripped content is reported (document facts use the same).
const (
	strippedScript     = "javascript"
	strippedOpen       = "open_action"
	strippedAdditional = "additional_actions"
	strippedLaunch     = "launch"
	strippedSubmit     = "submit_form"
	strippedFiles      = "embedded_files"
	strippedMedia      = "rich_media"
	strippedXFA        = "xfa"
	strippedPrivate    = "private_data"
)

// harmful are the actions a delivered copy must not carry, and what we call them.
// Plain links (GoTo, URI, Named) stay: they only take the reader somewhere.
var harmful = map[string]string{
	"JavaScript": strippedScript, "Launch": strippedLaunch, "SubmitForm": strippedSubmit, "ImportData": strippedSubmit,
	"ResetForm": strippedSubmit, "GoToE": strippedFiles, "GoToR": strippedLaunch, "Rendition": strippedMedia, "Movie": strippedMedia,
	"Sound": strippedMedia, "GoTo3DView": strippedMedia, "RichMediaExecute": strippedMedia,
}

// mediaAnnotations hold players or files.
var mediaAnnotations = map[string]string{
	"FileAttachment": strippedFiles, "RichMedia": strippedMedia, "Movie": strippedMedia, "Sound": strippedMedia,
	"Screen": strippedMedia, "3D": strippedMedia,
}

// plainBlend are the blend modes that do on white what they do on bare paper.
var plainBlend = map[string]bool{"Normal": true, "Compatible": true, "Multiply": true, "Darken": true}

// cleaner removes active content from every object that can be reached, and what
// would show an unmarked page: thumbnails and private data of other programs.
type cleaner struct {
	g     graph
	found map[string]bool
	own   map[int]bool // page objects that are in the tree
	blend bool         // something blends with what is below it in an unusual way
}

// stripActive names what it removed, and reports whether the file blends colours
// in ways that differ between bare and white paper.
func stripActive(g graph, pages []page) (stripped []string, blends bool) {
	c := cleaner{g: g, found: map[string]bool{}, own: map[int]bool{}}
	for _, p := range pages {
		c.own[p.ref.ObjectNumber.Value()] = true
	}
	c.catalog()
	walk(g, c.object)
	var names []string
	for n := range c.found {
		names = append(names, n)
	}
	slices.Sort(names)
	return names, c.blend
}

// drop deletes a key, and notes what for.
func (c *cleaner) drop(d types.Dict, key, reason string) bool {
	if _, there := d[key]; !there {
		return false
	}
	delete(d, key)
	if reason != "" {
		c.found[reason] = true
	}
	return true
}

func (c *cleaner) catalog() {
	root := dict(c.g, c.g.root())
	if action := dict(c.g, root["OpenAction"]); action != nil && name(c.g, action["S"]) != "GoTo" {
		c.action(action) // names what it was
		c.drop(root, "OpenAction", strippedOpen)
	}
	for _, key := range []string{"AA", "Collection", "Requirements", "Threads", "SpiderInfo", "PieceInfo"} {
		reason := map[string]string{"AA": strippedAdditional, "Collection": strippedFiles}[key]
		c.drop(root, key, reason)
	}
	if names := dict(c.g, root["Names"]); names != nil {
		for key, reason := range map[string]string{
			"JavaScript": strippedScript, "EmbeddedFiles": strippedFiles, "Renditions": strippedMedia,
			"AlternatePresentations": strippedMedia, "Templates": strippedPrivate, "Pages": strippedPrivate,
		} {
			c.drop(names, key, reason)
		}
		root["Names"] = names
	}
	if form := dict(c.g, root["AcroForm"]); form != nil {
		c.drop(form, "XFA", strippedXFA)
		c.drop(form, "CO", "") // order of calculations that are gone
		root["AcroForm"] = form
		c.drop(root, "NeedsRendering", "")
	}
	c.g.put(c.g.root(), root)
}

// object cleans one indirect object and everything direct inside it.
func (c *cleaner) object(ref types.IndirectRef, o types.Object) {
	if d, ok := o.(types.Dict); ok && name(c.g, d["Type"]) == "Page" && !c.own[ref.ObjectNumber.Value()] {
		c.found[strippedPrivate] = true
		c.g.put(ref, types.Dict{}) // a page out of the tree would be an unmarked page kept inside
		return
	}
	if c.value(o) {
		c.g.put(ref, o)
	}
}

func (c *cleaner) value(o types.Object) (changed bool) {
	switch v := o.(type) {
	case types.StreamDict:
		return c.dictionary(v.Dict)
	case types.Dict:
		return c.dictionary(v)
	case types.Array:
		for _, e := range v {
			changed = c.value(e) || changed
		}
	}
	return changed
}

func (c *cleaner) dictionary(d types.Dict) (changed bool) {
	if c.action(d) {
		clear(d) // wherever it hangs, an empty dictionary does nothing
		return true
	}
	for _, key := range []string{"A", "PA", "Next"} {
		if c.holdsAction(d[key]) {
			changed = c.drop(d, key, "") || changed
		}
	}
	if c.holdsTriggers(d["AA"]) {
		changed = c.drop(d, "AA", strippedAdditional) || changed
	}
	if files := dict(c.g, d["EF"]); files != nil {
		changed = c.drop(d, "EF", strippedFiles) || changed
	}
	if name(c.g, d["Type"]) == "Page" {
		changed = c.page(d) || changed
	}
	c.blend = c.blend || d["BM"] != nil && !plainBlend[name(c.g, d["BM"])]
	for _, v := range d {
		changed = c.value(v) || changed
	}
	return changed
}

func (c *cleaner) page(d types.Dict) (changed bool) {
	for key, reason := range map[string]string{"AA": strippedAdditional, "AF": strippedFiles, "Thumb": "", "PieceInfo": ""} {
		changed = c.drop(d, key, reason) || changed
	}
	annotations := array(c.g, d["Annots"])
	var kept types.Array
	for _, o := range annotations {
		if reason, media := mediaAnnotations[name(c.g, dict(c.g, o)["Subtype"])]; media {
			c.found[reason] = true
			continue
		}
		kept = append(kept, o)
	}
	if len(kept) < len(annotations) {
		d["Annots"], changed = kept, true
	}
	return changed
}

// action reports whether d is a harmful action, and notes it. Viewers look at S
// alone, and so do we: a false Type must not hide a script.
func (c *cleaner) action(d types.Dict) bool {
	reason, bad := harmful[name(c.g, d["S"])]
	if bad {
		c.found[reason] = true
	}
	return bad
}

func (c *cleaner) holdsAction(o types.Object) bool {
	switch v := c.g.resolve(o).(type) {
	case types.Dict:
		return c.action(v)
	case types.Array:
		for _, e := range v {
			if d, ok := c.g.resolve(e).(types.Dict); ok && c.action(d) {
				return true
			}
		}
	}
	return false
}

// holdsTriggers tells an AA entry from a resource that happens to be named AA.
func (c *cleaner) holdsTriggers(o types.Object) bool {
	d, ok := c.g.resolve(o).(types.Dict)
	if !ok || d["Type"] != nil {
		return false
	}
	for _, v := range d {
		if action := dict(c.g, v); action != nil && action["S"] != nil {
			c.action(action)
			return true
		}
	}
	return false
}

// walk calls visit for every indirect object that can be reached from the
// catalog, each once. What visit removes is not followed.
func walk(g graph, visit func(types.IndirectRef, types.Object)) {
	seen := map[types.IndirectRef]bool{}
	queue := []types.IndirectRef{g.root()}
	enqueue := func(ref types.IndirectRef) {
		if !seen[ref] {
			seen[ref] = true
			queue = append(queue, ref)
		}
	}
	seen[g.root()] = true
	for len(queue) > 0 {
		ref := queue[0]
		queue = queue[1:]
		if o := g.resolve(ref); o != nil {
			visit(ref, o)
			references(g.resolve(ref), enqueue)
		}
	}
}

// references calls found for every reference directly inside o, in a fixed order.
func references(o types.Object, found func(types.IndirectRef)) {
	switch v := o.(type) {
	case types.IndirectRef:
		found(v)
	case types.Array:
		for _, e := range v {
			references(e, found)
		}
	case types.StreamDict:
		references(v.Dict, found)
	case types.Dict:
		for _, key := range sortedKeys(v) {
			references(v[key], found)
		}
	}
}

func sortedKeys(d types.Dict) []string {
	keys := make([]string, 0, len(d))
	for k := range d {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
