package pdfstamp

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// jsonGraph is a file as qpdf's JSON form (version 2) tells it: all objects, of
// streams the dictionaries only. Changes are collected as a patch.
type jsonGraph struct {
	objects map[types.IndirectRef]types.Object
	catalog types.IndirectRef
	source  int // highest object number of the file
	last    int // highest object number, ours included
	changed map[types.IndirectRef]bool
	writer  jsonWriter
	fetch   func([]types.IndirectRef) (map[int][]byte, error) // decodes streams; the damaged are missing
	raw     func(types.IndirectRef) ([]byte, error)           // data of a stream as they are
	data    map[int][]byte                                    // decoded content streams, all fetched at once
}

// jsonFile is the shape of qpdf's output: a header and the objects.
type jsonFile struct {
	Qpdf [2]json.RawMessage `json:"qpdf"`
}

type jsonObject struct {
	Value  json.RawMessage `json:"value"`
	Stream *struct {
		Dict json.RawMessage `json:"dict"`
		Data *string         `json:"data"`
	} `json:"stream"`
}

func parseJSONGraph(text []byte) (*jsonGraph, error) {
	g := &jsonGraph{
		objects: map[types.IndirectRef]types.Object{}, changed: map[types.IndirectRef]bool{},
		writer: jsonWriter{bareNames: !utf8.Valid(text)},
	}
	objects, err := parseObjects(protect(text))
	if err != nil {
		return nil, err
	}
	for key, o := range objects {
		if key == "trailer" {
			trailer, _ := parseJSONValue(o.Value)
			g.catalog, _ = asDict(trailer)["Root"].(types.IndirectRef)
			continue
		}
		ref, ok := parseReference(strings.TrimPrefix(key, "obj:"))
		if !ok {
			return nil, fmt.Errorf("read structure: object %q", key)
		}
		g.last = max(g.last, ref.ObjectNumber.Value())
		if g.objects[ref], err = o.object(); err != nil {
			return nil, fmt.Errorf("read structure: object %q: %w", key, err)
		}
	}
	g.source = g.last
	if g.resolve(g.catalog) == nil {
		return nil, errors.New("read structure: no catalog")
	}
	return g, nil
}

func parseObjects(text []byte) (map[string]jsonObject, error) {
	var file jsonFile
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("read structure: %w", err)
	}
	objects := map[string]jsonObject{}
	if err := json.Unmarshal(file.Qpdf[1], &objects); err != nil {
		return nil, fmt.Errorf("read structure: %w", err)
	}
	return objects, nil
}

func (o jsonObject) object() (types.Object, error) {
	if o.Stream == nil {
		return parseJSONValue(o.Value)
	}
	d, err := parseJSONValue(o.Stream.Dict)
	return types.StreamDict{Dict: asDict(d)}, err
}

func asDict(o types.Object) types.Dict {
	d, _ := o.(types.Dict)
	if d == nil {
		d = types.Dict{}
	}
	return d
}

// parseStreamData collects the data of the streams in text.
func parseStreamData(text []byte, into map[int][]byte) error {
	objects, err := parseObjects(protect(text))
	if err != nil {
		return err
	}
	for key, o := range objects {
		ref, ok := parseReference(strings.TrimPrefix(key, "obj:"))
		if !ok || o.Stream == nil || o.Stream.Data == nil {
			continue
		}
		if d, err := parseJSONValue(o.Stream.Dict); err != nil || asDict(d)["Filter"] != nil {
			continue // qpdf hands on what it cannot decode as it is
		}
		data, err := base64.StdEncoding.DecodeString(*o.Stream.Data)
		if err != nil {
			return fmt.Errorf("read content: %w", err)
		}
		into[ref.ObjectNumber.Value()] = data
	}
	return nil
}

func (g *jsonGraph) root() types.IndirectRef { return g.catalog }

func (g *jsonGraph) resolve(o types.Object) types.Object {
	for range maxDepth {
		ref, ok := o.(types.IndirectRef)
		if !ok {
			return o
		}
		o = g.objects[ref]
	}
	return nil
}

func (g *jsonGraph) put(ref types.IndirectRef, o types.Object) {
	g.objects[ref] = o
	g.changed[ref] = true
}

func (g *jsonGraph) add(o types.Object) types.IndirectRef {
	g.last++
	ref := *types.NewIndirectRef(g.last, 0)
	g.put(ref, o)
	return ref
}

// content decodes the content of a page. The first call fetches that of all pages:
// every call of qpdf reads the whole structure again.
func (g *jsonGraph) content(contents types.Object) ([]byte, bool, error) {
	if g.data == nil {
		var err error
		if g.data, err = g.fetch(g.contentStreams()); err != nil {
			return nil, false, err
		}
	}
	var all []byte
	for _, o := range streams(g, contents) {
		ref, _ := o.(types.IndirectRef)
		part, decoded := g.data[ref.ObjectNumber.Value()]
		if !decoded {
			return nil, false, nil
		}
		if all = append(append(all, part...), '\n'); len(all) > maxContent {
			return nil, false, errContentTooLarge
		}
	}
	return all, true, nil
}

func (g *jsonGraph) copyStream(from types.Object, more types.Dict) (types.IndirectRef, error) {
	ref, indirect := from.(types.IndirectRef)
	source, ok := g.resolve(from).(types.StreamDict)
	if !ok || !indirect {
		return types.IndirectRef{}, errDamagedContent
	}
	raw, err := g.raw(ref)
	if err != nil {
		return types.IndirectRef{}, fmt.Errorf("read content: %w", err)
	}
	for k, v := range source.Dict {
		if _, ours := more[k]; !ours {
			more[k] = v
		}
	}
	return g.add(types.StreamDict{Dict: more, Raw: raw}), nil
}

// contentStreams lists the content streams of the file itself, not those we added.
func (g *jsonGraph) contentStreams() []types.IndirectRef {
	var refs []types.IndirectRef
	for _, o := range g.objects {
		d, ok := o.(types.Dict)
		if !ok || name(g, d["Type"]) != "Page" {
			continue
		}
		for _, s := range streams(g, d["Contents"]) {
			if ref, ok := s.(types.IndirectRef); ok && ref.ObjectNumber.Value() <= g.source {
				refs = append(refs, ref)
			}
		}
	}
	slices.SortFunc(refs, func(a, b types.IndirectRef) int { return int(a.ObjectNumber) - int(b.ObjectNumber) })
	return slices.Compact(refs)
}

// writePatch writes the changed objects for qpdf --update-from-json.
func (g *jsonGraph) writePatch(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	fmt.Fprintf(w, `{"qpdf":[{"jsonversion":2,"pushedinheritedpageresources":false,"calledgetallpages":false,"maxobjectid":%d},{`, g.last)
	var refs []types.IndirectRef
	for ref := range g.changed {
		refs = append(refs, ref)
	}
	slices.SortFunc(refs, func(a, b types.IndirectRef) int { return int(a.ObjectNumber) - int(b.ObjectNumber) })
	var b bytes.Buffer
	for i, ref := range refs {
		b.Reset()
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"obj:%d %d R":`, ref.ObjectNumber, ref.GenerationNumber)
		g.writer.object(&b, g.objects[ref])
		if _, err := w.Write(b.Bytes()); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	_, err = w.WriteString("}]}")
	return errors.Join(err, w.Flush(), f.Close())
}
