package pdfstamp

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// packed is how many small objects share one object stream.
const packed = 200

// writer writes the objects that can be reached from the catalog, in the order
// they are met, numbered from 1. The same graph gives the same bytes.
type writer struct {
	g       graph
	out     *bufio.Writer
	digest  hash.Hash // of all bytes, makes the file identifier
	offset  int64
	numbers map[types.IndirectRef]int
	queue   []types.IndirectRef
	where   []location // by object number
	pack    []int      // numbers of the objects in the open object stream
	index   bytes.Buffer
	body    bytes.Buffer
	err     error
}

// location is an entry of the cross-reference stream: type 1 is an offset, type 2
// an object stream and the place in it.
type location struct {
	kind  byte
	first int64
	place int
}

// writePDF writes the graph with its document information to out.
func writePDF(g graph, info types.Object, version string, out io.Writer) error {
	w := &writer{g: g, digest: sha256.New(), numbers: map[types.IndirectRef]int{}, where: []location{{}}}
	w.out = bufio.NewWriterSize(io.MultiWriter(out, w.digest), 1<<18)
	w.print("%%PDF-%s\n%%\xe2\xe3\xcf\xd3\n", version)
	root := w.number(g.root())
	infoNumber := 0
	if ref, ok := info.(types.IndirectRef); ok {
		infoNumber = w.number(ref)
	}
	for len(w.queue) > 0 && w.err == nil {
		ref := w.queue[0]
		w.queue = w.queue[1:]
		w.object(w.numbers[ref], g.resolve(ref))
	}
	w.flushPack()
	w.crossReference(root, infoNumber)
	if w.err != nil {
		return fmt.Errorf("write pdf: %w", w.err)
	}
	return w.out.Flush()
}

// number returns the new number of an object and queues it when it is new. The
// null object needs none.
func (w *writer) number(ref types.IndirectRef) int {
	if n, ok := w.numbers[ref]; ok {
		return n
	}
	n := 0
	if w.g.resolve(ref) != nil {
		n = w.next()
		w.queue = append(w.queue, ref)
	}
	w.numbers[ref] = n
	return n
}

func (w *writer) next() int {
	w.where = append(w.where, location{})
	return len(w.where) - 1
}

func (w *writer) print(format string, args ...any) { w.write(fmt.Appendf(nil, format, args...)) }

func (w *writer) write(b []byte) {
	if w.err != nil {
		return
	}
	n, err := w.out.Write(b)
	w.offset += int64(n)
	w.err = err
}

func (w *writer) object(n int, o types.Object) {
	if s, ok := o.(types.StreamDict); ok {
		w.stream(n, s)
		return
	}
	text, err := serializer{w.number}.append(nil, o)
	if err != nil {
		w.err = err
		return
	}
	fmt.Fprintf(&w.index, "%d %d ", n, w.body.Len())
	w.body.Write(append(text, '\n'))
	w.pack = append(w.pack, n)
	if len(w.pack) == packed {
		w.flushPack()
	}
}

func (w *writer) stream(n int, s types.StreamDict) {
	d := types.Dict{}
	for k, v := range s.Dict {
		d[k] = v
	}
	d["Length"] = types.Integer(len(s.Raw))
	text, err := serializer{w.number}.append(nil, d)
	if err != nil {
		w.err = err
		return
	}
	w.where[n] = location{kind: 1, first: w.offset}
	w.print("%d 0 obj\n%s\nstream\n", n, text)
	w.write(s.Raw)
	w.print("\nendstream\nendobj\n")
}

// flushPack writes the open object stream.
func (w *writer) flushPack() {
	if len(w.pack) == 0 {
		return
	}
	n := w.next()
	for i, member := range w.pack {
		w.where[member] = location{kind: 2, first: int64(n), place: i}
	}
	content := append(bytes.Clone(w.index.Bytes()), w.body.Bytes()...)
	w.stream(n, w.compressed(types.Dict{
		"Type": types.Name("ObjStm"), "N": types.Integer(len(w.pack)), "First": types.Integer(w.index.Len()),
	}, content))
	w.pack = w.pack[:0]
	w.index.Reset()
	w.body.Reset()
}

func (w *writer) crossReference(root, info int) {
	n := w.next()
	start := w.offset
	w.where[n] = location{kind: 1, first: start}
	var table bytes.Buffer
	for _, l := range w.where {
		table.Write([]byte{l.kind, byte(l.first >> 32), byte(l.first >> 24), byte(l.first >> 16), byte(l.first >> 8), byte(l.first),
			byte(l.place >> 8), byte(l.place)})
	}
	if w.err = w.flush(); w.err != nil {
		return
	}
	id := types.HexLiteral(hex.EncodeToString(w.digest.Sum(nil)[:16]))
	d := types.Dict{
		"Type": types.Name("XRef"), "Size": types.Integer(len(w.where)), "ID": types.Array{id, id},
		"W": types.Array{types.Integer(1), types.Integer(5), types.Integer(2)},
	}
	s := w.compressed(d, table.Bytes())
	// Root and Info have their new numbers already.
	text, err := serializer{w.number}.append(nil, s.Dict)
	if err != nil {
		w.err = err
		return
	}
	trailer := fmt.Sprintf("/Root %d 0 R", root)
	if info > 0 {
		trailer += fmt.Sprintf("/Info %d 0 R", info)
	}
	w.print("%d 0 obj\n%s%s>>\nstream\n", n, bytes.TrimSuffix(text, []byte(">>")), trailer)
	w.write(s.Raw)
	w.print("\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n", start)
}

func (w *writer) flush() error {
	if w.err != nil {
		return w.err
	}
	return w.out.Flush()
}

// compressed makes a stream of content; object streams are many and short-lived,
// so the default level.
func (w *writer) compressed(d types.Dict, content []byte) types.StreamDict {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write(content) // a bytes.Buffer takes everything
	_ = z.Close()
	d["Filter"] = types.Name("FlateDecode")
	d["Length"] = types.Integer(b.Len())
	return types.StreamDict{Dict: d, Raw: b.Bytes()}
}
