package graph

import (
	"fmt"
	"slices"
)

// Lighten returns an equivalent of an encoded ONNX model that needs fewer passes:
//
//   - x*clip(x+3, 0, 6)/6 becomes x*HardSigmoid(x), which the runtime fuses;
//   - a learned scale and shift after a convolution moves into its weights;
//   - one after an activation moves into the weights of the pointwise
//     convolutions that follow, or else becomes one convolution per channel,
//     which stays in the runtime's blocked memory layout.
//
// What it does not recognise stays as it is. Results differ from the original's
// by rounding only. It returns ErrMalformed inside for bytes that are no model.
func Lighten(model []byte) ([]byte, error) {
	n, err := decode(model)
	if err != nil {
		return nil, fmt.Errorf("lighten network: %w", err)
	}
	r := &rewriter{network: n}
	for _, rule := range []func(*node) bool{r.fuseSwish, r.scaleOutput, r.scaleInput, r.scaleChannels} {
		r.apply(rule)
	}
	r.sweep()
	return n.encode(), nil
}

// rewriter applies rules to a network. The maps hold who makes and who takes
// each value, and are made anew after each change.
type rewriter struct {
	*network
	maker map[string]*node
	taker map[string][]*node
	fresh int
}

// apply tries the rule on every node until it changes nothing any more.
func (r *rewriter) apply(rule func(*node) bool) {
	r.index()
	for _, d := range slices.Clone(r.nodes) {
		if rule(d) {
			r.index()
		}
	}
}

func (r *rewriter) index() {
	r.maker, r.taker = map[string]*node{}, map[string][]*node{}
	for _, d := range r.nodes {
		for _, v := range d.out {
			r.maker[v] = d
		}
		for _, v := range d.in {
			r.taker[v] = append(r.taker[v], d)
		}
	}
}

// only returns the one node that takes d's result, if it has the given op.
func (r *rewriter) only(d *node, op string) (*node, bool) {
	t := r.taker[d.out[0]]
	if len(t) != 1 || t[0].op != op || slices.Contains(r.outputs, d.out[0]) {
		return nil, false
	}
	return t[0], true
}

// made returns the node that makes a value, if it has the given op.
func (r *rewriter) made(value, op string) (*node, bool) {
	d := r.maker[value]
	return d, d != nil && d.op == op
}

// weights returns the constant array behind a value.
func (r *rewriter) weights(value string) (tensor, bool) {
	d := r.maker[value]
	if d == nil {
		return tensor{}, false
	}
	return d.constant()
}

// scalar splits the inputs of a two-sided operation into its constant number and
// the name of the other side.
func (r *rewriter) scalar(d *node) (value float32, other string, ok bool) {
	if len(d.in) != 2 {
		return 0, "", false
	}
	for i, name := range d.in {
		if t, is := r.weights(name); is && len(t.values) == 1 && len(t.shape) <= 1 {
			return t.values[0], d.in[1-i], true
		}
	}
	return 0, "", false
}

// add puts a node before another and names its result.
func (r *rewriter) add(d, before *node) string {
	if d.out == nil {
		r.fresh++
		d.out = []string{fmt.Sprintf("lighten.%d", r.fresh)}
	}
	r.nodes = slices.Insert(r.nodes, slices.Index(r.nodes, before), d)
	return d.out[0]
}

func (r *rewriter) remove(nodes ...*node) {
	r.nodes = slices.DeleteFunc(r.nodes, func(d *node) bool { return slices.Contains(nodes, d) })
}

// sweep drops the constants nobody takes any more.
func (r *rewriter) sweep() {
	r.index()
	r.nodes = slices.DeleteFunc(r.nodes, func(d *node) bool {
		return d.op == "Constant" && len(r.taker[d.out[0]]) == 0 && !slices.Contains(r.outputs, d.out[0])
	})
}
