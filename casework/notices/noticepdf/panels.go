package noticepdf

import (
	"fmt"
	"strings"

	"github.com/signintech/gopdf"

	"onewindow/approval/notice"
	"onewindow/casework/certificates"
)

// The two panels of a certificate on A4 lying down: the open booklet at the
// scale at which scans of it come (result-documents.yaml, certificate_two_panel).
const (
	wide       = 297 * mm
	high       = 210 * mm
	panelTop   = 14 * mm
	panelEnd   = 196 * mm
	leftPanel  = 15 * mm
	rightPanel = 153 * mm
	panelWidth = 129 * mm
	panelPad   = 6 * mm
)

// rowSizes are tried until all rows and notes stand on one page.
var rowSizes = []float64{12, 11, 10, 9, 8, 7}

func (p *Printer) setPanels(c certificates.Paper, total int) (*sheet, error) {
	s := p.begin(gopdf.Rect{W: wide, H: high}, notice.Notice{Number: c.Number}, total)
	s.panelPage(c)
	s.panelFront(c)
	rows := c.Rows
	if len(c.Terms) > 0 {
		rows = append(rows[:len(rows):len(rows)], certificates.Row{Label: "其他事项", Value: strings.Join(c.Terms, "\n")})
	}
	size := s.rowSize(rows, c.Notes)
	s.y = panelTop + panelPad
	for _, row := range rows {
		s.panelRow(c, row, size)
	}
	s.panelNotes(c, size)
	s.panelNumber()
	return s.finish()
}

// panelPage begins a page with its two frames.
func (s *sheet) panelPage(c certificates.Paper) {
	s.pdf.AddPage()
	s.pages++
	s.preview(c, wide, high)
	for _, x := range []float64{leftPanel, rightPanel} {
		s.pdf.SetStrokeColor(160, 30, 30)
		s.pdf.SetLineWidth(1.6)
		s.pdf.RectFromUpperLeftWithStyle(x, panelTop, panelWidth, panelEnd-panelTop, "D")
		s.pdf.SetLineWidth(0.4)
		s.pdf.RectFromUpperLeftWithStyle(x+1.5*mm, panelTop+1.5*mm, panelWidth-3*mm, panelEnd-panelTop-3*mm, "D")
	}
	s.pdf.SetStrokeColor(0, 0, 0)
}

func (s *sheet) middle(y float64, text string) {
	s.put(leftPanel+(panelWidth-s.width(text))/2, y, text)
}

// panelFront is the left panel: what it is, its number, what it grants, who
// issued it and when.
func (s *sheet) panelFront(c certificates.Paper) {
	s.font("bold", 17)
	s.middle(panelTop+20*mm, "中华人民共和国")
	size := 27.0
	for s.font("bold", size); s.width(c.Title) > panelWidth-2*panelPad && size > 12; s.font("bold", size) {
		size--
	}
	s.middle(panelTop+35*mm, c.Title)
	s.font("regular", 13)
	number := c.Number
	if number != "" && number[0] >= '0' && number[0] <= '9' {
		number = "编号 " + number
	}
	s.middle(panelTop+50*mm, number)
	s.font("regular", bodySize)
	s.y = panelTop + 68*mm
	for i, line := range s.wrap(c.Statement, panelWidth-4*panelPad, 2*bodySize) {
		x := leftPanel + 2*panelPad
		if i == 0 {
			x += 2 * bodySize
		}
		s.put(x, s.y, line)
		s.y += lineHeight
	}
	s.y = panelEnd - 42*mm
	s.font("regular", 12)
	at := leftPanel + 45*mm
	s.put(at, s.y, labelled(c.IssuerLabel, c.Issuer))
	s.put(at, s.y+12*mm, labelled(c.DateLabel, c.Date))
	s.y += 22 * mm
	s.sealPlace(leftPanel + panelWidth - 2*panelPad)
	s.verification(c, leftPanel+panelPad, panelEnd-46*mm)
}

const labelShare = 0.3 // of the right panel

func (s *sheet) rowHeight(row certificates.Row, size float64) (height float64, label, value []string) {
	s.font("regular", size)
	inside := panelWidth - 2*panelPad
	label = s.wrap(row.Label, inside*labelShare-2*cellPad, 0)
	value = s.wrap(row.Value, inside*(1-labelShare)-2*cellPad, 0)
	return float64(max(len(label), len(value)))*size*1.45 + 1.6*cellPad, label, value
}

// rowSize is the largest size at which everything stands in one panel, else the
// smallest.
func (s *sheet) rowSize(rows []certificates.Row, notes []string) float64 {
	for _, size := range rowSizes {
		total := 0.0
		for _, row := range rows {
			height, _, _ := s.rowHeight(row, size)
			total += height
		}
		if total+s.notesHeight(notes, size) <= panelEnd-panelTop-2*panelPad {
			return size
		}
	}
	return rowSizes[len(rowSizes)-1]
}

// noteSize is the size of the notes beside rows of a size.
func noteSize(size float64) float64 { return max(size*0.75, 6) }

func (s *sheet) notesHeight(notes []string, size float64) float64 {
	if len(notes) == 0 {
		return 0
	}
	small := noteSize(size)
	s.font("regular", small)
	height := 6 * mm
	for _, text := range notes {
		height += float64(len(s.wrap(text, panelWidth-2*panelPad, 0))) * small * 1.5
	}
	return height + small*1.8
}

func (s *sheet) panelRow(c certificates.Paper, row certificates.Row, size float64) {
	height, label, value := s.rowHeight(row, size)
	s.panelRoom(c, height)
	s.font("regular", size)
	x, inside := rightPanel+panelPad, panelWidth-2*panelPad
	s.pdf.SetLineWidth(0.5)
	s.pdf.RectFromUpperLeftWithStyle(x, s.y, inside*labelShare, height, "D")
	s.pdf.RectFromUpperLeftWithStyle(x+inside*labelShare, s.y, inside*(1-labelShare), height, "D")
	for i, line := range label {
		s.put(x+cellPad, s.y+cellPad*0.8+size+float64(i)*size*1.45, line)
	}
	for i, line := range value {
		s.put(x+inside*labelShare+cellPad, s.y+cellPad*0.8+size+float64(i)*size*1.45, line)
	}
	s.y += height
}

// panelRoom goes on to another page where a row does not fit any more.
func (s *sheet) panelRoom(c certificates.Paper, height float64) {
	if s.y+height <= panelEnd-panelPad {
		return
	}
	s.panelNumber()
	s.panelPage(c)
	s.font("bold", 17)
	s.middle(panelTop+35*mm, c.Title+"（续）")
	s.font("regular", 13)
	s.middle(panelTop+50*mm, c.Number)
	s.y = panelTop + panelPad
}

func (s *sheet) panelNotes(c certificates.Paper, size float64) {
	if len(c.Notes) == 0 {
		return
	}
	height := s.notesHeight(c.Notes, size)
	s.panelRoom(c, height)
	small := noteSize(size)
	s.y += 5*mm + small
	s.font("bold", small)
	s.put(rightPanel+panelPad, s.y, "注意事项")
	s.y += small * 1.8
	s.font("regular", small)
	for _, text := range c.Notes {
		for _, line := range s.wrap(text, panelWidth-2*panelPad, 0) {
			s.put(rightPanel+panelPad, s.y, line)
			s.y += small * 1.5
		}
	}
}

// panelNumber says under the frames which page of how many this is.
func (s *sheet) panelNumber() {
	s.font("regular", 8)
	s.pdf.SetTextColor(90, 90, 90)
	text := fmt.Sprintf("第 %d 页 共 %d 页", s.pages, s.total)
	s.put(wide-leftPanel-s.width(text), panelEnd+6*mm, text)
	s.pdf.SetTextColor(0, 0, 0)
}
