package sample

// asScanned gives an A3 booklet the form it reaches the window in: as it is,
// reduced to A4 landscape, or as two A4 pages.
func asScanned(d dice, page Page) []Page {
	switch r := d.Float64(); {
	case r < 0.55:
		return []Page{page}
	case r < 0.85:
		const half = 0.7071
		return []Page{{Width: 297, Height: 210, Marks: movedAll(page.Marks, half, 0)}}
	}
	left, right := Page{Width: page.Width / 2, Height: page.Height}, Page{Width: page.Width / 2, Height: page.Height}
	for _, m := range page.Marks {
		if leftEdge(m) < page.Width/2 {
			left.Marks = append(left.Marks, m)
		} else {
			right.Marks = append(right.Marks, moved(m, 1, -page.Width/2))
		}
	}
	return []Page{left, right}
}

func movedAll(marks []Mark, scale, dx float64) []Mark {
	out := make([]Mark, len(marks))
	for i, m := range marks {
		out[i] = moved(m, scale, dx)
	}
	return out
}

// moved returns the mark scaled about the page's corner and pushed right by dx.
func moved(m Mark, k, dx float64) Mark {
	switch m := m.(type) {
	case Text:
		m.X, m.Y, m.Size, m.Tracking = m.X*k+dx, m.Y*k, m.Size*k, m.Tracking*k
		return m
	case Rule:
		return Rule{m.X*k + dx, m.Y * k, m.W * k, m.H * k, m.Ink}
	case Shape:
		return Shape{m.Path.transform(affine{a: k, d: k, e: dx}), m.Ink}
	case Seal:
		m.CX, m.CY, m.Diameter = m.CX*k+dx, m.CY*k, m.Diameter*k
		return m
	case QR:
		return QR{m.X*k + dx, m.Y * k, m.Side * k, m.Content}
	case Emblem:
		return Emblem{m.CX*k + dx, m.CY * k, m.R * k, m.Line}
	case Guilloche:
		m.X, m.Y, m.W, m.H = m.X*k+dx, m.Y*k, m.W*k, m.H*k
		return m
	}
	return m
}

// leftEdge tells which half of a spread a mark belongs to.
func leftEdge(m Mark) float64 {
	switch m := m.(type) {
	case Text:
		return m.X
	case Rule:
		return m.X
	case Shape:
		x, _, _, _ := m.Path.bounds()
		return x
	case Seal:
		return m.CX
	case QR:
		return m.X
	case Emblem:
		return m.CX
	case Guilloche:
		return m.X
	}
	return 0
}
