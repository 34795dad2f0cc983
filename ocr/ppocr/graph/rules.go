package graph

import "slices"

// fuseSwish replaces x*clip(x+3, 0, 6)/6, found by its clip.
func (r *rewriter) fuseSwish(clip *node) bool {
	if clip.op != "Clip" || r.limit(clip, "min", 1) != 0 || r.limit(clip, "max", 2) != 6 {
		return false
	}
	add, ok := r.made(clip.in[0], "Add")
	if !ok || len(r.taker[add.out[0]]) != 1 {
		return false
	}
	three, x, ok := r.scalar(add)
	if !ok || three != 3 {
		return false
	}
	mul, ok := r.only(clip, "Mul")
	if !ok || !slices.Contains(mul.in, x) {
		return false
	}
	div, ok := r.only(mul, "Div")
	if !ok || div.in[0] != mul.out[0] {
		return false
	}
	if six, _, ok := r.scalar(div); !ok || six != 6 {
		return false
	}
	gate := &node{op: "HardSigmoid", in: []string{x}}
	gate.setFloat("alpha", 1.0/6)
	gate.setFloat("beta", 0.5)
	mul.in = []string{x, r.add(gate, mul)}
	mul.out = div.out
	r.remove(add, clip, div)
	return true
}

// limit returns a bound of a Clip, which is an attribute before opset 11 and a
// constant input since; NaN never compares equal.
func (r *rewriter) limit(clip *node, name string, input int) float32 {
	if v, ok := clip.float(name); ok {
		return v
	}
	if input < len(clip.in) {
		if t, ok := r.weights(clip.in[input]); ok && len(t.values) == 1 {
			return t.values[0]
		}
	}
	return nan
}

// affine is x*scale+shift, made by the nodes mul and add.
type affine struct {
	mul, add     *node
	x            string
	scale, shift float32
}

func (r *rewriter) affine(mul *node) (a affine, ok bool) {
	a.mul = mul
	if mul.op != "Mul" {
		return a, false
	}
	if a.scale, a.x, ok = r.scalar(mul); !ok {
		return a, false
	}
	if a.add, ok = r.only(mul, "Add"); !ok {
		return a, false
	}
	a.shift, _, ok = r.scalar(a.add)
	return a, ok
}

// scaleOutput moves an affine map of a convolution's result into its weights.
func (r *rewriter) scaleOutput(conv *node) bool {
	if conv.op != "Conv" {
		return false
	}
	mul, ok := r.only(conv, "Mul")
	if !ok {
		return false
	}
	a, ok := r.affine(mul)
	if !ok {
		return false
	}
	w, b, ok := r.filter(conv)
	if !ok {
		return false
	}
	for i := range w.values {
		w.values[i] *= a.scale
	}
	for i := range b.values {
		b.values[i] = b.values[i]*a.scale + a.shift
	}
	r.setFilter(conv, w, b)
	conv.out = a.add.out
	r.remove(a.mul, a.add)
	return true
}

// scaleInput moves an affine map into the weights of the convolutions that take
// it, if only pointwise ones do: padding would mix unmapped zeros in.
func (r *rewriter) scaleInput(mul *node) bool {
	a, ok := r.affine(mul)
	if !ok || slices.Contains(r.outputs, a.add.out[0]) {
		return false
	}
	takers := r.taker[a.add.out[0]]
	for _, conv := range takers {
		if _, _, ok := r.filter(conv); !ok || !pointwise(conv) {
			return false
		}
	}
	for _, conv := range takers {
		w, b, _ := r.filter(conv)
		inputs := len(w.values) / len(b.values)
		for i := range b.values {
			var sum float32
			for _, v := range w.values[i*inputs : (i+1)*inputs] {
				sum += v
			}
			b.values[i] += a.shift * sum
		}
		for i := range w.values {
			w.values[i] *= a.scale
		}
		r.setFilter(conv, w, b)
		conv.in[0] = a.x
	}
	r.remove(a.mul, a.add)
	return true
}

// scaleChannels replaces an affine map of an activation by a convolution with
// one weight per channel.
func (r *rewriter) scaleChannels(mul *node) bool {
	a, ok := r.affine(mul)
	if !ok {
		return false
	}
	n := r.channels(a.x)
	if n == 0 {
		return false
	}
	w := tensor{shape: []int64{n, 1, 1, 1}, values: slices.Repeat([]float32{a.scale}, int(n))}
	b := tensor{shape: []int64{n}, values: slices.Repeat([]float32{a.shift}, int(n))}
	conv := &node{op: "Conv", in: []string{a.x}, out: a.add.out}
	conv.setInts("kernel_shape", 1, 1)
	conv.setInt("group", n)
	r.add(conv, a.mul)
	r.setFilter(conv, w, b)
	r.remove(a.mul, a.add)
	return true
}

// channels returns how many channels the value has, 0 if that is not plain: the
// result of a convolution, or of one and its activation.
func (r *rewriter) channels(value string) int64 {
	if mul, ok := r.made(value, "Mul"); ok {
		value = mul.in[0]
	}
	conv, ok := r.made(value, "Conv")
	if !ok {
		return 0
	}
	w, _, ok := r.filter(conv)
	if !ok {
		return 0
	}
	return w.shape[0]
}

// filter returns copies of the weights and bias of a convolution, ok if they are
// constants; a missing bias is zeros.
func (r *rewriter) filter(conv *node) (w, b tensor, ok bool) {
	if conv.op != "Conv" {
		return w, b, false
	}
	if w, ok = r.weights(conv.in[1]); !ok || len(w.shape) != 4 {
		return w, b, false
	}
	if len(conv.in) > 2 {
		b, ok = r.weights(conv.in[2])
		return w, b, ok
	}
	return w, tensor{shape: w.shape[:1], values: make([]float32, w.shape[0])}, true
}

func (r *rewriter) setFilter(conv *node, w, b tensor) {
	conv.in = []string{conv.in[0], r.add(newConstant(w), conv), r.add(newConstant(b), conv)}
}

// pointwise reports whether a convolution maps single pixels of all channels.
func pointwise(conv *node) bool {
	for _, pad := range conv.ints("pads") {
		if pad != 0 {
			return false
		}
	}
	for _, group := range conv.ints("group") {
		if group != 1 {
			return false
		}
	}
	return conv.op == "Conv"
}
