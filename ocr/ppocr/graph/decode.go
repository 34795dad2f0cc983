package graph

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// ErrMalformed is returned for bytes that are not an ONNX model.
var ErrMalformed = errors.New("malformed ONNX model")

// Field numbers of onnx.proto3.
const (
	modelGraph     = 7
	graphNode      = 1
	graphOutput    = 12
	valueName      = 1
	nodeInput      = 1
	nodeOutput     = 2
	nodeOp         = 4
	nodeAttribute  = 5
	attributeName  = 1
	attributeFloat = 2
	attributeInt   = 3
	attributeOf    = 5 // a tensor
	attributeInts  = 8
	attributeType  = 20
	tensorDims     = 1
	tensorType     = 2
	tensorFloats   = 4
	tensorRaw      = 9
	floatType      = 1 // TensorProto.DataType FLOAT, AttributeProto.Type FLOAT
	tensorKind     = 4 // AttributeProto.Type TENSOR
	intsKind       = 7 // AttributeProto.Type INTS
	intKind        = 2 // AttributeProto.Type INT
)

// nan stands for a bound that is not there.
var nan = float32(math.NaN())

// network is a model taken apart as far as rewriting needs.
type network struct {
	model   []byte // the model's fields other than the graph, as they came
	rest    []byte // the graph's fields other than nodes, as they came
	outputs []string
	nodes   []*node
}

// node is one operation.
type node struct {
	op         string
	in, out    []string
	attributes map[string][]byte // the encoded AttributeProto by its name
}

// field is one field of an encoded message: bytes for length-delimited ones,
// else number; raw is the whole field.
type field struct {
	id     protowire.Number
	bytes  []byte
	number uint64
	raw    []byte
}

// fields walks an encoded message.
func fields(b []byte, visit func(field) error) error {
	for len(b) > 0 {
		id, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return ErrMalformed
		}
		f, size := field{id: id}, 0
		switch kind {
		case protowire.BytesType:
			f.bytes, size = protowire.ConsumeBytes(b[n:])
		case protowire.VarintType:
			f.number, size = protowire.ConsumeVarint(b[n:])
		case protowire.Fixed32Type:
			var v uint32
			v, size = protowire.ConsumeFixed32(b[n:])
			f.number = uint64(v)
		default:
			size = protowire.ConsumeFieldValue(id, kind, b[n:])
		}
		if size < 0 {
			return ErrMalformed
		}
		f.raw, b = b[:n+size], b[n+size:]
		if err := visit(f); err != nil {
			return err
		}
	}
	return nil
}

func decode(b []byte) (*network, error) {
	n := &network{}
	err := fields(b, func(f field) error {
		if f.id != modelGraph {
			n.model = append(n.model, f.raw...)
			return nil
		}
		return fields(f.bytes, n.take)
	})
	if err != nil {
		return nil, fmt.Errorf("decode network: %w", err)
	}
	if len(n.nodes) == 0 {
		return nil, fmt.Errorf("decode network: %w: no nodes", ErrMalformed)
	}
	return n, nil
}

// take reads one field of the graph.
func (n *network) take(f field) error {
	switch f.id {
	case graphNode:
		d, err := decodeNode(f.bytes)
		n.nodes = append(n.nodes, d)
		return err
	case graphOutput:
		if err := fields(f.bytes, func(v field) error {
			if v.id == valueName {
				n.outputs = append(n.outputs, string(v.bytes))
			}
			return nil
		}); err != nil {
			return err
		}
	}
	n.rest = append(n.rest, f.raw...)
	return nil
}

func decodeNode(b []byte) (*node, error) {
	d := &node{attributes: map[string][]byte{}}
	err := fields(b, func(f field) error {
		switch f.id {
		case nodeInput:
			d.in = append(d.in, string(f.bytes))
		case nodeOutput:
			d.out = append(d.out, string(f.bytes))
		case nodeOp:
			d.op = string(f.bytes)
		case nodeAttribute:
			var name string
			if err := fields(f.bytes, func(a field) error {
				if a.id == attributeName {
					name = string(a.bytes)
				}
				return nil
			}); err != nil {
				return err
			}
			d.attributes[name] = f.bytes
		}
		return nil
	})
	return d, err
}

// float returns a float attribute.
func (d *node) float(name string) (float32, bool) {
	var v float32
	found := false
	_ = fields(d.attributes[name], func(f field) error { // decoded once already
		if f.id == attributeFloat {
			v, found = math.Float32frombits(uint32(f.number)), true
		}
		return nil
	})
	return v, found
}

// ints returns an attribute that is a list of integers, or one integer.
func (d *node) ints(name string) []int64 {
	var out []int64
	_ = fields(d.attributes[name], func(f field) error {
		switch {
		case f.id == attributeInt:
			out = append(out, int64(f.number))
		case f.id == attributeInts && f.bytes == nil:
			out = append(out, int64(f.number))
		case f.id == attributeInts:
			for b := f.bytes; len(b) > 0; {
				v, n := protowire.ConsumeVarint(b)
				if n < 0 {
					return ErrMalformed
				}
				out, b = append(out, int64(v)), b[n:]
			}
		}
		return nil
	})
	return out
}

// tensor is an array of floats.
type tensor struct {
	shape  []int64
	values []float32
}

// constant returns the value of a Constant node of floats.
func (d *node) constant() (tensor, bool) {
	var t tensor
	var kind uint64
	if d.op != "Constant" {
		return t, false
	}
	err := fields(d.attributes["value"], func(a field) error {
		if a.id != attributeOf {
			return nil
		}
		return fields(a.bytes, func(f field) error {
			switch f.id {
			case tensorType:
				kind = f.number
			case tensorDims:
				t.dims(f)
			case tensorRaw, tensorFloats:
				t.floats(f.bytes)
			}
			return nil
		})
	})
	return t, err == nil && kind == floatType
}

func (t *tensor) dims(f field) {
	if f.bytes == nil {
		t.shape = append(t.shape, int64(f.number))
		return
	}
	for b := f.bytes; len(b) > 0; {
		v, n := protowire.ConsumeVarint(b)
		if n < 0 {
			return
		}
		t.shape, b = append(t.shape, int64(v)), b[n:]
	}
}

func (t *tensor) floats(b []byte) {
	for ; len(b) >= 4; b = b[4:] {
		t.values = append(t.values, math.Float32frombits(binary.LittleEndian.Uint32(b)))
	}
}
