package pdfstamp

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"onewindow/stamp/artwork"
	"onewindow/stamp/lettering"
)

// marker puts the mark on pages. What is equal on many pages is one object they
// share: the band per page width, the tiles per page size, ten digits.
type marker struct {
	g      graph
	art    *artwork.Artwork
	prefix string // of the names of our resources
	ground bool   // lay white paper below the content
	opens  map[rect]types.IndirectRef
	words  types.IndirectRef // words of a tile
	states types.Dict        // graphics states of the tiles
	digits [10]digit
	bands  map[[2]float64]band
	tiles  map[[2]float64]form
	forms  int // made so far, for their names
}

type form struct {
	name string
	ref  types.IndirectRef
}

type band struct {
	form
	height  float64
	numbers []artwork.Place
}

type digit struct {
	form
	advance float64
}

func newMarker(g graph, art *artwork.Artwork, pages []page, ground bool) (*marker, error) {
	m := &marker{
		g: g, art: art, prefix: freePrefix(g, pages), ground: ground && art.HasTiles(),
		opens: map[rect]types.IndirectRef{}, bands: map[[2]float64]band{}, tiles: map[[2]float64]form{},
	}
	if art.HasTiles() {
		m.states = types.Dict{}
		for name, opacity := range art.States() {
			m.states[name] = types.Dict{"Type": types.Name("ExtGState"), "BM": types.Name("Darken"), "ca": types.Float(opacity)}
		}
		content, box := art.TileWords()
		m.words = m.form(content, rect{box[0], box[1], box[2], box[3]}, nil).ref
	}
	for d := range m.digits {
		content, advance, err := art.Digit(d)
		if err != nil {
			return nil, err
		}
		em := float64(lettering.Grid)
		m.digits[d] = digit{m.form(content, rect{-em, -em, 2 * em, 2 * em}, nil), advance}
	}
	return m, nil
}

// freePrefix finds a prefix no page uses for its own resources: the file may be
// one that we marked before.
func freePrefix(g graph, pages []page) string {
	prefix := "Ow"
	for {
		taken := false
		for _, p := range pages {
			for key := range dict(g, dict(g, p.dict["Resources"])["XObject"]) {
				taken = taken || strings.HasPrefix(key, prefix)
			}
		}
		if !taken {
			return prefix
		}
		prefix += "w"
	}
}

// opening is the stream before the content. Bare paper is transparent to renderers,
// and the soft edges of print on it would take the tint of the tiles as if they
// were white; on white laid below them they keep their colour (W4).
func (m *marker) opening(crop rect) types.IndirectRef {
	if ref, ok := m.opens[crop]; ok {
		return ref
	}
	content := "q\n"
	if m.ground {
		content = fmt.Sprintf("q 1 g %s %s %s %s re f Q\nq\n", artwork.Number(crop.x0), artwork.Number(crop.y0),
			artwork.Number(crop.width()), artwork.Number(crop.height()))
	}
	m.opens[crop] = m.g.add(stream(types.Dict{}, []byte(content)))
	return m.opens[crop]
}

// form makes a form XObject with a name of its own.
func (m *marker) form(content []byte, box rect, resources types.Dict) form {
	d := types.Dict{"Type": types.Name("XObject"), "Subtype": types.Name("Form"), "BBox": box.array()}
	if resources != nil {
		d["Resources"] = resources
	}
	m.forms++
	return form{m.prefix + strconv.Itoa(m.forms), m.g.add(stream(d, content))}
}

func (m *marker) band(width float64, digits int) (band, error) {
	key := [2]float64{width, float64(digits)}
	if b, ok := m.bands[key]; ok {
		return b, nil
	}
	drawn, err := m.art.Band(width, digits)
	if err != nil {
		return band{}, fmt.Errorf("draw band: %w", err)
	}
	b := band{m.form(drawn.Content, rect{0, -drawn.Height, width, 0}, nil), drawn.Height, drawn.Numbers}
	m.bands[key] = b
	return b, nil
}

func (m *marker) tile(width, height float64) (form, error) {
	key := [2]float64{width, height}
	if f, ok := m.tiles[key]; ok {
		return f, nil
	}
	content, err := m.art.Tiles(width, height)
	if err != nil {
		return form{}, fmt.Errorf("draw tiles: %w", err)
	}
	f := m.form(content, rect{0, 0, width, height}, types.Dict{
		"ExtGState": m.states,
		"XObject":   types.Dict{artwork.TileWords: m.words},
	})
	m.tiles[key] = f
	return f, nil
}

// mark extends page p, the n-th, and draws on it.
func (m *marker) mark(p page, n int) error {
	width, height := p.size()
	b, err := m.band(width, len(strconv.Itoa(n)))
	if err != nil {
		return err
	}
	use := []form{b.form}
	var draw bytes.Buffer
	draw.WriteString("/Artifact <</Type/Pagination/Subtype/Watermark>> BDC\nq ")
	for i, v := range p.matrix() {
		if i < 4 {
			fmt.Fprintf(&draw, "%s ", strconv.FormatFloat(v, 'f', -1, 64))
		} else {
			fmt.Fprintf(&draw, "%s ", artwork.Number(v))
		}
	}
	draw.WriteString("cm\n")
	if m.art.HasTiles() {
		t, err := m.tile(width, height)
		if err != nil {
			return err
		}
		use = append(use, t)
		fmt.Fprintf(&draw, "/%s Do\n", t.name)
	}
	fmt.Fprintf(&draw, "/%s Do\n", b.name)
	for _, place := range b.numbers {
		use = append(use, m.drawNumber(&draw, n, place)...)
	}
	draw.WriteString("Q\nEMC\n")
	if err := m.wrapContent(p, draw.Bytes()); err != nil {
		return err
	}
	m.lend(p, use)
	extended := p.extended(b.height)
	p.dict["MediaBox"] = extended.media.array()
	if p.hasCrop {
		p.dict["CropBox"] = extended.crop.array()
	}
	m.g.put(p.ref, p.dict)
	return nil
}

func (m *marker) drawNumber(draw *bytes.Buffer, n int, at artwork.Place) []form {
	var used []form
	s := strconv.FormatFloat(at.Size/lettering.Grid, 'f', 6, 64)
	for _, c := range strconv.Itoa(n) {
		d := m.digits[c-'0']
		fmt.Fprintf(draw, "q %s 0 0 %s %s %s cm /%s Do Q\n", s, s, artwork.Number(at.X), artwork.Number(at.Y), d.name)
		at.X += d.advance * at.Size
		used = append(used, d.form)
	}
	return used
}

// wrapContent puts the content of the page before our drawing, so that nothing it
// does reaches over.
func (m *marker) wrapContent(p page, drawing []byte) error {
	parts := streams(m.g, p.dict["Contents"])
	if len(parts) > 0 {
		content, whole, err := m.g.content(p.dict["Contents"])
		if err != nil {
			return fmt.Errorf("read content: %w", err)
		}
		if !whole || !plain(content) {
			enclosed, err := m.enclose(p, parts, content, whole)
			if err != nil {
				return err
			}
			m.lend(p, []form{enclosed})
			parts = types.Array{m.g.add(stream(types.Dict{}, []byte("/"+enclosed.name+" Do\n")))}
		}
	}
	all := append(types.Array{m.opening(p.crop)}, parts...)
	p.dict["Contents"] = append(all, m.g.add(stream(types.Dict{}, append([]byte("\nQ\n"), drawing...))))
	return nil
}

var errDamagedContent = errors.New("content in several streams is damaged")

// enclose makes a form of the content of a page. Damaged data are kept as they are:
// each viewer shows of them what it always did.
func (m *marker) enclose(p page, parts []types.Object, content []byte, whole bool) (form, error) {
	if d, direct := p.dict["Resources"].(types.Dict); direct {
		p.dict["Resources"] = m.g.add(d)
	}
	d := types.Dict{"Type": types.Name("XObject"), "Subtype": types.Name("Form"), "BBox": p.media.array()}
	if p.dict["Resources"] != nil {
		d["Resources"] = p.dict["Resources"]
	}
	m.forms++
	f := form{name: m.prefix + strconv.Itoa(m.forms)}
	var err error
	switch {
	case whole:
		f.ref = m.g.add(stream(d, content))
	case len(parts) == 1:
		f.ref, err = m.g.copyStream(parts[0], d)
	default:
		err = errDamagedContent
	}
	return f, err
}

// lend enters forms into the resources of a page. Dictionaries other pages share
// are extended where they are; our names mean the same on all of them.
func (m *marker) lend(p page, use []form) {
	resources := dict(m.g, p.dict["Resources"])
	if resources == nil {
		resources = types.Dict{}
		p.dict["Resources"] = resources
	}
	objects := dict(m.g, resources["XObject"])
	if objects == nil {
		objects = types.Dict{}
		resources["XObject"] = objects
	}
	for _, f := range use {
		objects[f.name] = f.ref
	}
	for _, o := range []types.Object{p.dict["Resources"], resources["XObject"]} {
		if ref, ok := o.(types.IndirectRef); ok {
			m.g.put(ref, m.g.resolve(ref))
		}
	}
}

// worthPacking is the size from which compressing a stream pays.
const worthPacking = 400

// stream makes a stream object of content, compressed when that pays.
func stream(d types.Dict, content []byte) types.StreamDict {
	raw := content
	if len(content) > worthPacking {
		var packed bytes.Buffer
		w, _ := zlib.NewWriterLevel(&packed, zlib.BestCompression) // the level is valid
		_, _ = w.Write(content)                                    // a bytes.Buffer takes everything
		_ = w.Close()
		raw = packed.Bytes()
		d["Filter"] = types.Name("FlateDecode")
	}
	n := int64(len(raw))
	d["Length"] = types.Integer(n)
	return types.StreamDict{Dict: d, Raw: raw, StreamLength: &n}
}
