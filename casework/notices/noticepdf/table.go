package noticepdf

import "onewindow/approval/notice"

const (
	cellSize = 11.0
	cellLine = 16.0
	cellPad  = 4.0
)

// table sets a table; rows that do not fit go on the next page, under the
// headings again.
func (s *sheet) table(t notice.Table) {
	widths := s.columns(t)
	s.row(t.Columns, widths, true)
	for _, row := range t.Rows {
		if s.y+s.height(row, widths) > bottom {
			s.endPage()
			s.newPage()
			s.row(t.Columns, widths, true)
		}
		s.row(row, widths, false)
	}
	s.y += lineHeight
}

// columns shares the width of the text by what stands in the columns.
func (s *sheet) columns(t notice.Table) []float64 {
	s.font("regular", cellSize)
	want := make([]float64, len(t.Columns))
	for i, head := range t.Columns {
		want[i] = s.width(head) + 2*cellPad
	}
	least := sum(want)
	for _, row := range t.Rows {
		for i := range want {
			if i < len(row) {
				want[i] = max(want[i], min(s.width(row[i])+2*cellPad, 200))
			}
		}
	}
	spare := right - left - least
	grown := sum(want) - least
	out := make([]float64, len(want))
	for i, head := range t.Columns {
		out[i] = s.width(head) + 2*cellPad
		if grown > 0 {
			out[i] += spare * (want[i] - out[i]) / grown
		}
	}
	if grown <= 0 && len(out) > 0 { // nothing asks for more than its heading
		out[len(out)-1] += spare
	}
	return out
}

func sum(list []float64) float64 {
	total := 0.0
	for _, v := range list {
		total += v
	}
	return total
}

func cell(row []string, i int) string {
	if i < len(row) {
		return row[i]
	}
	return ""
}

func (s *sheet) height(row []string, widths []float64) float64 {
	s.font("regular", cellSize)
	lines := 1
	for i, w := range widths {
		lines = max(lines, len(s.wrap(cell(row, i), w-2*cellPad, 0)))
	}
	return float64(lines)*cellLine + 2*cellPad
}

func (s *sheet) row(row []string, widths []float64, heading bool) {
	height := s.height(row, widths)
	if heading {
		s.font("bold", cellSize)
	}
	x := left
	s.pdf.SetLineWidth(0.5)
	for i, w := range widths {
		if heading {
			s.pdf.SetFillColor(242, 242, 242)
			s.pdf.RectFromUpperLeftWithStyle(x, s.y, w, height, "FD")
			s.pdf.SetFillColor(0, 0, 0)
		} else {
			s.pdf.RectFromUpperLeftWithStyle(x, s.y, w, height, "D")
		}
		for k, line := range s.wrap(cell(row, i), w-2*cellPad, 0) {
			s.put(x+cellPad, s.y+cellPad+cellSize+float64(k)*cellLine-1, line)
		}
		x += w
	}
	s.y += height
}
