package noticepdf

import (
	"fmt"

	"github.com/signintech/gopdf"

	"onewindow/approval/catalogue"
	"onewindow/approval/notice"
	"onewindow/casework/certificates"
)

var _ certificates.Printer = (*Printer)(nil)

// PrintCertificate prints a generated result document (V2.8) in the style of its
// template. A paper without a code is a preview and says so across the page.
func (p *Printer) PrintCertificate(c certificates.Paper) ([]byte, int, error) {
	set := p.setPortrait
	if c.Style == catalogue.FormPanels {
		set = p.setPanels
	}
	first, err := set(c, 1)
	if err != nil || first.pages == 1 {
		return first.bytes(), 1, err
	}
	last, err := set(c, first.pages)
	if err != nil {
		return nil, 0, err
	}
	return last.bytes(), last.pages, nil
}

func (p *Printer) begin(size gopdf.Rect, n notice.Notice, total int) *sheet {
	s := &sheet{pdf: &gopdf.GoPdf{}, total: total, n: n}
	s.pdf.Start(gopdf.Config{PageSize: size})
	s.try(s.pdf.AddTTFFont("regular", p.regular))
	s.try(s.pdf.AddTTFFont("bold", p.bold))
	return s
}

func (s *sheet) finish() (*sheet, error) {
	if s.err == nil {
		_, s.err = s.pdf.WriteTo(&s.out)
	}
	if s.err != nil {
		return nil, fmt.Errorf("set certificate: %w", s.err)
	}
	return s, nil
}

// setPortrait sets a reply or a sheet: A4 upright.
func (p *Printer) setPortrait(c certificates.Paper, total int) (*sheet, error) {
	s := p.begin(*gopdf.PageSizeA4, notice.Notice{Number: c.Number}, total)
	s.under = func() { s.preview(c, pageWidth, pageHeight) }
	s.newPage()
	if c.Style == catalogue.FormReply {
		s.replyHead(c)
	} else {
		s.sheetHead(c)
	}
	s.certificateBody(c)
	s.certificateFoot(c)
	s.endPage()
	return s.finish()
}

// replyHead is the head of an official paper (GB/T 9704-2012 7.2): issuing body in
// red, 发文字号, red line, title, and whom it answers.
func (s *sheet) replyHead(c certificates.Paper) {
	s.y += 10 * mm
	s.fitted(c.Issuer+"文件", 30, (right-left)*0.98, s.y, 200, 16, 16)
	s.y += 14 * mm
	s.font("regular", bodySize)
	s.centred(s.y, c.Number)
	s.y += 4 * mm
	s.pdf.SetStrokeColor(200, 16, 16)
	s.pdf.SetLineWidth(1.5)
	s.pdf.Line(left, s.y, right, s.y)
	s.pdf.SetStrokeColor(0, 0, 0)
	s.y += 16 * mm
	s.title(c.Title)
	if c.Addressee != "" {
		s.paragraph(c.Addressee+"：", 0)
	}
}

func (s *sheet) sheetHead(c certificates.Paper) {
	s.y += 8 * mm
	s.title(c.Title)
	s.font("regular", bodySize)
	number := "编号：" + c.Number
	s.put(right-s.width(number), s.y, number)
	s.y += lineHeight * 1.3
}

func (s *sheet) title(text string) {
	s.font("bold", titleSize)
	for _, line := range s.wrap(text, right-left, 0) {
		s.centred(s.y, line)
		s.y += titleSize * 1.5
	}
	s.y += lineHeight * 0.4
}

// fitted sets a centred line in a colour, smaller where it would be too wide.
func (s *sheet) fitted(text string, size, width, y float64, r, g, b uint8) {
	s.font("bold", size)
	for s.width(text) > width && size > 8 {
		size -= 0.5
		s.font("bold", size)
	}
	s.pdf.SetTextColor(r, g, b)
	s.centred(y, text)
	s.pdf.SetTextColor(0, 0, 0)
}

// numerals count paragraphs of official papers.
var numerals = []string{"一", "二", "三", "四", "五", "六", "七", "八", "九"}

func numeral(n int) string {
	switch {
	case n < 10:
		return numerals[n-1]
	case n < 20:
		return "十" + rest(n)
	}
	return numerals[n/10-1] + "十" + rest(n)
}

func rest(n int) string {
	if n%10 == 0 {
		return ""
	}
	return numerals[n%10-1]
}

func (s *sheet) certificateBody(c certificates.Paper) {
	s.paragraph(c.Statement, 2*bodySize)
	n := 0
	if c.Style == catalogue.FormReply {
		for _, row := range c.Rows {
			n++
			s.paragraph(numeral(n)+"、"+row.Label+"："+row.Value+"。", 2*bodySize)
		}
	} else {
		t := notice.Table{Columns: []string{"事项", "内容"}}
		for _, row := range c.Rows {
			t.Rows = append(t.Rows, []string{row.Label, row.Value})
		}
		s.y += 2 * mm
		s.table(t)
	}
	for _, text := range c.Terms {
		n++
		s.paragraph(numeral(n)+"、"+text, 2*bodySize)
	}
	if c.Closing != "" {
		s.paragraph(c.Closing, 2*bodySize)
	}
	if len(c.Notes) == 0 {
		return
	}
	s.y += 2 * mm
	for i, text := range c.Notes {
		label := ""
		if i == 0 {
			label = "说明："
		}
		s.small(label+text, left, right-left)
	}
}

// small sets a text in small print.
func (s *sheet) small(text string, x, width float64) {
	s.font("regular", smallSize)
	for _, line := range s.wrap(text, width, 0) {
		s.room(smallSize * 1.6)
		s.font("regular", smallSize)
		s.put(x, s.y, line)
		s.y += smallSize * 1.6
	}
}

// certificateFoot is the issuer over the place of its seal, and the code.
func (s *sheet) certificateFoot(c certificates.Paper) {
	s.room(58 * mm)
	s.y += 14 * mm
	s.font("regular", bodySize)
	issuer, date := c.Issuer, c.Date
	if c.Style != catalogue.FormReply {
		issuer, date = labelled(c.IssuerLabel, issuer), labelled(c.DateLabel, date)
	}
	for _, text := range []string{issuer, date} {
		s.put(right-8*mm-s.width(text), s.y, text)
		s.y += lineHeight
	}
	s.sealPlace(right - 8*mm)
	s.verification(c, left, s.y-24*mm)
	s.y += 12 * mm
}

func labelled(label, text string) string {
	if label == "" {
		return text
	}
	return label + "：" + text
}

func (s *sheet) sealPlace(end float64) {
	s.pdf.SetTextColor(150, 150, 150)
	s.font("regular", smallSize)
	seal := "（发证机关印章）"
	s.put(end-s.width(seal), s.y-4, seal)
	s.pdf.SetTextColor(0, 0, 0)
}

// verification is the QR code with the code in words; a preview has none.
func (s *sheet) verification(c certificates.Paper, x, y float64) {
	if c.Code == "" {
		return
	}
	s.code(c.VerifyURL, x, y, 24*mm)
	s.font("regular", smallSize)
	s.put(x, y+24*mm+11, "校验码 "+c.Code)
	s.put(x, y+24*mm+23, "扫码或凭校验码核验真伪")
}

// preview says across the page that this is no document.
func (s *sheet) preview(c certificates.Paper, width, height float64) {
	if c.Code != "" {
		return
	}
	s.pdf.SetTextColor(225, 225, 225)
	s.font("bold", 64)
	text := "预览　未生效"
	s.pdf.Rotate(35, width/2, height/2)
	s.put((width-s.width(text))/2, height/2, text)
	s.pdf.RotateReset()
	s.pdf.SetTextColor(0, 0, 0)
}
