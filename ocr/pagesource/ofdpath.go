package pagesource

import (
	"fmt"
	"math"
	"strings"
)

// path draws a PathObject (9).
func (d *ofdDrawer) path(n *node, m matrix, s style) error {
	fill, stroke := flag(n.attrs["Fill"], false), flag(n.attrs["Stroke"], true)
	if pattern := n.child("FillColor", "Pattern"); fill && pattern.name == "Pattern" {
		// One cell of the pattern is enough to read what a watermark says.
		cell, _ := parseCTM(pattern.attrs["CTM"])
		if err := d.objects(pattern.child("CellContent"), cell.then(m), style{}); err != nil {
			return err
		}
		fill = false
	}
	if s.invisible || !fill && !stroke {
		return nil
	}
	ops := pathOps(n.value("AbbreviatedData"))
	if ops == "" {
		return nil
	}
	d.out.WriteString("q ")
	d.paint(s)
	d.dash(n)
	d.cm(m)
	d.out.WriteString(ops)
	paint := map[[2]bool]string{{true, false}: "f", {false, true}: "S", {true, true}: "B"}[[2]bool{fill, stroke}]
	if fill && strings.EqualFold(n.attrs["Rule"], "Even-Odd") {
		paint += "*"
	}
	d.out.WriteString(paint + " Q\n")
	return nil
}

func (d *ofdDrawer) dash(n *node) {
	v := numbers(n.attrs["DashPattern"])
	if len(v) == 0 || len(v) > 16 {
		return
	}
	sum := 0.0
	d.out.WriteString("[")
	for _, x := range v {
		sum += math.Abs(x)
		d.out.WriteString(num(math.Abs(x)) + " ")
	}
	if sum == 0 {
		d.out.WriteString("1 ") // all zero is an error in PDF
	}
	fmt.Fprintf(&d.out, "] %s d ", num(math.Abs(number(n.attrs["DashOffset"], 0))))
}

// pathOps turns abbreviated path data (9.3) into PDF operators.
func pathOps(data string) string {
	f := strings.Fields(strings.ReplaceAll(data, ",", " "))
	var b strings.Builder
	var x, y float64
	started := false
	take := func(i, n int) ([]float64, bool) {
		if i+n > len(f) {
			return nil, false
		}
		out := make([]float64, n)
		for k := range out {
			out[k] = number(f[i+k], math.NaN())
			if math.IsNaN(out[k]) {
				return nil, false
			}
		}
		return out, true
	}
	counts := map[string]int{"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7}
	for i := 0; i < len(f); {
		op := f[i]
		if op == "C" {
			if started {
				b.WriteString("h ")
			}
			i++
			continue
		}
		n, known := counts[op]
		v, ok := take(i+1, n)
		if !known || !ok {
			i++
			continue
		}
		if !started && op != "S" && op != "M" {
			b.WriteString("0 0 m ")
		}
		started = true
		switch op {
		case "S", "M":
			fmt.Fprintf(&b, "%s %s m ", num(v[0]), num(v[1]))
		case "L":
			fmt.Fprintf(&b, "%s %s l ", num(v[0]), num(v[1]))
		case "Q":
			b.WriteString(quadratic(x, y, v[0], v[1], v[2], v[3]))
		case "B":
			fmt.Fprintf(&b, "%s %s %s %s %s %s c ", num(v[0]), num(v[1]), num(v[2]), num(v[3]), num(v[4]), num(v[5]))
		case "A":
			b.WriteString(arcOps(x, y, v))
		}
		x, y = v[n-2], v[n-1]
		i += n + 1
	}
	return b.String()
}

// arcOps writes an elliptical arc, given as in SVG (rx ry angle large sweep x y),
// as curves of at most a quarter each.
func arcOps(x0, y0 float64, v []float64) string {
	rx, ry, phi, large, sweep, x1, y1 := math.Abs(v[0]), math.Abs(v[1]), v[2]*math.Pi/180, v[3] != 0, v[4] != 0, v[5], v[6]
	if rx == 0 || ry == 0 || x0 == x1 && y0 == y1 {
		return fmt.Sprintf("%s %s l ", num(x1), num(y1))
	}
	sin, cos := math.Sincos(phi)
	dx, dy := (x0-x1)/2, (y0-y1)/2
	px, py := cos*dx+sin*dy, -sin*dx+cos*dy
	if l := px*px/(rx*rx) + py*py/(ry*ry); l > 1 {
		rx, ry = rx*math.Sqrt(l), ry*math.Sqrt(l)
	}
	q := max(rx*rx*ry*ry-rx*rx*py*py-ry*ry*px*px, 0) / (rx*rx*py*py + ry*ry*px*px)
	f := math.Sqrt(q)
	if large == sweep {
		f = -f
	}
	cx, cy := f*rx*py/ry, -f*ry*px/rx
	mx, my := cos*cx-sin*cy+(x0+x1)/2, sin*cx+cos*cy+(y0+y1)/2
	start := math.Atan2((py-cy)/ry, (px-cx)/rx)
	span := math.Atan2((-py-cy)/ry, (-px-cx)/rx) - start
	if sweep && span < 0 {
		span += 2 * math.Pi
	} else if !sweep && span > 0 {
		span -= 2 * math.Pi
	}
	steps := max(int(math.Ceil(math.Abs(span)/(math.Pi/2)-1e-9)), 1)
	step := span / float64(steps)
	k := 4.0 / 3 * math.Tan(step/4)
	at := func(x, y float64) (float64, float64) { return mx + cos*rx*x - sin*ry*y, my + sin*rx*x + cos*ry*y }
	var b strings.Builder
	for i := range steps {
		s0, c0 := math.Sincos(start + float64(i)*step)
		s1, c1 := math.Sincos(start + float64(i+1)*step)
		ax, ay := at(c0-k*s0, s0+k*c0)
		bx, by := at(c1+k*s1, s1-k*c1)
		ex, ey := at(c1, s1)
		fmt.Fprintf(&b, "%s %s %s %s %s %s c ", num(ax), num(ay), num(bx), num(by), num(ex), num(ey))
	}
	return b.String()
}
