package graph

import (
	"encoding/binary"
	"maps"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

func (n *network) encode() []byte {
	body := slices.Clone(n.rest)
	for _, d := range n.nodes {
		body = appendBytes(body, graphNode, d.encode())
	}
	return appendBytes(slices.Clone(n.model), modelGraph, body)
}

func (d *node) encode() []byte {
	var b []byte
	for _, name := range d.in {
		b = appendBytes(b, nodeInput, []byte(name))
	}
	for _, name := range d.out {
		b = appendBytes(b, nodeOutput, []byte(name))
	}
	b = appendBytes(b, nodeOp, []byte(d.op))
	for _, name := range slices.Sorted(maps.Keys(d.attributes)) {
		b = appendBytes(b, nodeAttribute, d.attributes[name])
	}
	return b
}

func appendBytes(b []byte, id protowire.Number, v []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, id, protowire.BytesType), v)
}

func appendNumber(b []byte, id protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, id, protowire.VarintType), v)
}

// newConstant makes a node that yields t.
func newConstant(t tensor) *node {
	var b []byte
	for _, d := range t.shape {
		b = appendNumber(b, tensorDims, uint64(d))
	}
	b = appendNumber(b, tensorType, floatType)
	raw := make([]byte, 0, 4*len(t.values))
	for _, v := range t.values {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	b = appendBytes(b, tensorRaw, raw)
	a := appendBytes(nil, attributeName, []byte("value"))
	a = appendBytes(a, attributeOf, b)
	a = appendNumber(a, attributeType, tensorKind)
	return &node{op: "Constant", attributes: map[string][]byte{"value": a}}
}

func (d *node) setFloat(name string, v float32) {
	a := appendBytes(nil, attributeName, []byte(name))
	a = protowire.AppendFixed32(protowire.AppendTag(a, attributeFloat, protowire.Fixed32Type), math.Float32bits(v))
	d.set(name, appendNumber(a, attributeType, floatType))
}

func (d *node) setInts(name string, values ...int64) {
	a := appendBytes(nil, attributeName, []byte(name))
	for _, v := range values {
		a = appendNumber(a, attributeInts, uint64(v))
	}
	d.set(name, appendNumber(a, attributeType, intsKind))
}

func (d *node) setInt(name string, v int64) {
	a := appendBytes(nil, attributeName, []byte(name))
	a = appendNumber(a, attributeInt, uint64(v))
	d.set(name, appendNumber(a, attributeType, intKind))
}

func (d *node) set(name string, encoded []byte) {
	if d.attributes == nil {
		d.attributes = map[string][]byte{}
	}
	d.attributes[name] = encoded
}
