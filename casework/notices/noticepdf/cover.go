package noticepdf

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/boombuler/barcode/qr"
	"github.com/signintech/gopdf"

	"onewindow/approval/notice"
)

// The code of a cover sheet is large: it must survive a bad scanner at 150 dpi.
const (
	coverCode   = 70 * mm
	coverMargin = 20 * mm
	coverLabel  = 13.0
	coverValue  = 24.0
)

// Covers prints cover and separator sheets, one a page. The same sheets give the
// same bytes.
func (p *Printer) Covers(covers []notice.Cover) ([]byte, error) {
	s := &sheet{pdf: &gopdf.GoPdf{}}
	s.pdf.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	s.try(s.pdf.AddTTFFont("regular", p.regular))
	s.try(s.pdf.AddTTFFont("bold", p.bold))
	for _, c := range covers {
		s.newPage()
		s.cover(c)
	}
	var out bytes.Buffer
	if s.err == nil {
		_, s.err = s.pdf.WriteTo(&out)
	}
	if s.err != nil {
		return nil, fmt.Errorf("set cover sheets: %w", s.err)
	}
	return out.Bytes(), nil
}

func (s *sheet) cover(c notice.Cover) {
	title, use := "扫描封面页", []string{"请放在这份材料的最上面，与材料一起扫描；一批可放多份，每份各用一张。",
		"系统按二维码归入上面的办件，本页及其空白背面不计入材料页数。"}
	if c.Separator {
		title, use = "扫描分隔页", []string{"请放在两份材料之间，与材料一起扫描；系统在此处分成两份。", "本页及其空白背面不计入材料页数。"}
	}
	s.font("bold", 30)
	s.centred(30*mm, title)
	s.pdf.SetLineWidth(1.2)
	s.pdf.Line(coverMargin, 36*mm, pageWidth-coverMargin, 36*mm)
	s.codeAt(c.Text(), qr.H, coverMargin, 46*mm, coverCode)

	// Beside the code what tells sheets apart at a glance, below it the rest.
	beside := coverMargin + coverCode + 12*mm
	y := 50 * mm
	if !c.Separator {
		y = s.labelled("材料", orText(c.Title, "按内容识别"), beside, y)
		s.labelled("应有页数", pagesText(c.Pages), beside, y)
		y = 46*mm + coverCode + 16*mm
		y = s.labelled("办件编号", c.Case, coverMargin, y)
		y = s.labelled("办理事项", c.Applies, coverMargin, y)
		y = s.labelled("项目", c.Project, coverMargin, y)
		y += 4 * mm
	} else {
		y = 46*mm + coverCode + 20*mm
	}
	s.font("regular", bodySize)
	for _, text := range use {
		for _, line := range s.wrap(text, pageWidth-2*coverMargin, 0) {
			s.put(coverMargin, y, line)
			y += lineHeight
		}
	}
	s.font("regular", smallSize)
	s.put(coverMargin, pageHeight-16*mm, c.Text()+"　"+c.Made)
}

// labelled sets a small label and a large value below it, and returns where the
// next may stand. An empty value takes no place.
func (s *sheet) labelled(label, value string, x, y float64) float64 {
	if value == "" {
		return y
	}
	s.font("regular", coverLabel)
	s.pdf.SetTextColor(90, 90, 90)
	s.put(x, y, label)
	s.pdf.SetTextColor(0, 0, 0)
	s.font("bold", coverValue)
	y += coverValue * 1.3
	for _, line := range s.wrap(value, pageWidth-coverMargin-x, 0) {
		s.put(x, y, line)
		y += coverValue * 1.3
	}
	return y + 3*mm
}

func orText(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func pagesText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n) + " 页（面）"
}
