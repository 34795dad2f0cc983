package pagesource

import (
	"fmt"
	"strings"
)

// style is how an object is drawn: its own attributes over those of its drawing
// parameters, its block and its layer.
type style struct {
	fill, stroke colour
	width        float64 // of lines; 0 means the standard's 0.353 mm
	alpha        int     // 1 to 255, 0 means 255
	invisible    bool
}

// colour is PDF operands: one to four values from 0 to 1. Empty is black.
type colour []float64

// style reads the style of n within parent.
func (d *ofdDrawer) style(n *node, parent style) style {
	s := parent
	if p := d.body.draw[n.attrs["DrawParam"]]; p != nil {
		s = d.drawParam(p, s, 0)
	}
	s = d.own(n, s)
	if a, ok := n.attrs["Alpha"]; ok {
		s.alpha = int(number(a, 255))
		if s.alpha <= 0 {
			s.invisible = true
		}
		s.alpha = min(max(s.alpha, 1), 255)
	}
	return s
}

// drawParam applies drawing parameters and those they build on (8.2).
func (d *ofdDrawer) drawParam(p *node, s style, depth int) style {
	if base := d.body.draw[p.attrs["Relative"]]; base != nil && depth < 10 {
		s = d.drawParam(base, s, depth+1)
	}
	return d.own(p, s)
}

func (d *ofdDrawer) own(n *node, s style) style {
	if w := number(n.attrs["LineWidth"], 0); w > 0 {
		s.width = w
	}
	for _, c := range n.children {
		switch c.name {
		case "FillColor":
			s.fill = d.colour(c)
		case "StrokeColor":
			s.stroke = d.colour(c)
		}
	}
	return s
}

// colour reads a colour; of a shading its first one.
func (d *ofdDrawer) colour(n *node) colour {
	for _, shading := range n.children {
		if c := shading.child("Segment", "Color"); c.name == "Color" {
			n = c
		}
	}
	v := numbers(strings.ReplaceAll(n.attrs["Value"], ",", " "))
	for i := range v {
		v[i] = min(max(v[i]/255, 0), 1)
	}
	switch len(v) {
	case 1, 3, 4:
		return v
	}
	return nil
}

// paint sets colours, line width and transparency.
func (d *ofdDrawer) paint(s style) {
	write := func(c colour, ops map[int]string) {
		if len(c) == 0 {
			c = colour{0}
		}
		for _, v := range c {
			d.out.WriteString(num(v) + " ")
		}
		d.out.WriteString(ops[len(c)] + " ")
	}
	write(s.fill, map[int]string{1: "g", 3: "rg", 4: "k"})
	write(s.stroke, map[int]string{1: "G", 3: "RG", 4: "K"})
	if s.width <= 0 {
		s.width = 0.353
	}
	fmt.Fprintf(&d.out, "%s w ", num(s.width))
	if s.alpha > 0 && s.alpha < 255 {
		d.states[s.alpha] = true
		fmt.Fprintf(&d.out, "/A%d gs ", s.alpha)
	}
}
