// Package noticepdf prints notices as PDF in the manner of official papers (A4,
// margins and line distance after GB/T 9704-2012): heading, red line, title,
// number, text, tables that go on over pages, seal place, page numbers, and a QR
// code that leads to the verification page. The text can be searched and copied.
package noticepdf

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"github.com/boombuler/barcode/qr"
	"github.com/signintech/gopdf"

	"onewindow/approval/notice"
)

// ErrNoFont is returned when the fonts are not installed (apt-get install
// fonts-lxgw-wenkai).
var ErrNoFont = errors.New("fonts for notices not installed")

// The page, in points (GB/T 9704-2012 5.2: margins 37, 28, 35 and 26 mm).
const (
	mm         = 72 / 25.4
	pageWidth  = 210 * mm
	pageHeight = 297 * mm
	left       = 28 * mm
	right      = pageWidth - 26*mm
	top        = 30 * mm
	bottom     = pageHeight - 30*mm
	bodySize   = 14.0 // a little under 3号, so that most notices are one page
	lineHeight = 25.0
	titleSize  = 22.0 // 2号
	smallSize  = 9.5
)

// fontFolders are where Linux distributions put LXGW WenKai.
var fontFolders = []string{"/usr/share/fonts/truetype/lxgw-wenkai/", "/usr/share/fonts/lxgw-wenkai/", "/usr/local/share/onewindow/fonts/"}

// Printer prints notices. It is safe for concurrent use. The fonts take 40 MB, so
// they are read for each notice and not kept: an idle service stays small.
type Printer struct{ regular, bold string }

// New finds the fonts. Errors: ErrNoFont.
func New() (*Printer, error) {
	regular, err := findFont("LXGWWenKai-Regular.ttf")
	if err != nil {
		return nil, err
	}
	bold, err := findFont("LXGWWenKai-Bold.ttf")
	return &Printer{regular, bold}, err
}

func findFont(name string) (string, error) {
	for _, dir := range fontFolders {
		if _, err := os.Stat(dir + name); err == nil {
			return dir + name, nil
		}
	}
	return "", fmt.Errorf("find %s: %w", name, ErrNoFont)
}

// Print returns the PDF of a notice; verifyURL stands in its QR code. The same
// notice gives the same bytes.
func (p *Printer) Print(n notice.Notice, verifyURL string) ([]byte, error) {
	// The number of pages is known only after everything was set once; most
	// notices have one.
	first, err := p.set(n, verifyURL, 1)
	if err != nil || first.pages == 1 {
		return first.bytes(), err
	}
	last, err := p.set(n, verifyURL, first.pages)
	if err != nil {
		return nil, err
	}
	return last.bytes(), nil
}

// sheet is a notice being set.
type sheet struct {
	pdf   *gopdf.GoPdf
	y     float64
	pages int
	total int // of pages, as far as is known
	n     notice.Notice
	out   bytes.Buffer
	err   error  // the first
	under func() // what lies under the text of every page; may be nil
}

func (s *sheet) bytes() []byte {
	if s == nil {
		return nil
	}
	return s.out.Bytes()
}

func (p *Printer) set(n notice.Notice, verifyURL string, total int) (*sheet, error) {
	s := &sheet{pdf: &gopdf.GoPdf{}, total: total, n: n}
	s.pdf.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	s.try(s.pdf.AddTTFFont("regular", p.regular))
	s.try(s.pdf.AddTTFFont("bold", p.bold))
	s.newPage()
	s.head()
	s.body()
	s.foot(verifyURL)
	s.endPage()
	if s.err == nil {
		_, s.err = s.pdf.WriteTo(&s.out)
	}
	if s.err != nil {
		return nil, fmt.Errorf("set notice: %w", s.err)
	}
	return s, nil
}

// try keeps the first error; what follows it is not worth doing, but harmless.
func (s *sheet) try(err error) {
	if s.err == nil {
		s.err = err
	}
}

func (s *sheet) font(name string, size float64) { s.try(s.pdf.SetFont(name, "", size)) }

func (s *sheet) newPage() {
	s.pdf.AddPage()
	s.pages++
	s.y = top
	if s.under != nil {
		s.under()
	}
}

// endPage writes the page's number.
func (s *sheet) endPage() {
	s.font("regular", smallSize)
	s.pdf.SetTextColor(90, 90, 90)
	s.centred(pageHeight-20*mm, fmt.Sprintf("%s　第 %d 页 共 %d 页", s.n.Number, s.pages, s.total))
	s.pdf.SetTextColor(0, 0, 0)
}

// room makes sure that so many points are left on the page.
func (s *sheet) room(points float64) {
	if s.y+points > bottom {
		s.endPage()
		s.newPage()
	}
}

func (s *sheet) width(text string) float64 {
	w, err := s.pdf.MeasureTextWidth(text)
	s.try(err)
	return w
}

func (s *sheet) put(x, y float64, text string) {
	s.pdf.SetXY(x, y)
	s.try(s.pdf.Text(text))
}

func (s *sheet) centred(y float64, text string) { s.put((pageWidth-s.width(text))/2, y, text) }

// head is who issues it, the red line, the title and the number.
func (s *sheet) head() {
	s.font("bold", 18)
	s.pdf.SetTextColor(200, 16, 16)
	s.centred(s.y, s.n.Content.Heading)
	s.pdf.SetTextColor(0, 0, 0)
	s.y += 4 * mm
	s.pdf.SetStrokeColor(200, 16, 16)
	s.pdf.SetLineWidth(1.2)
	s.pdf.Line(left, s.y, right, s.y)
	s.pdf.SetStrokeColor(0, 0, 0)
	s.y += 16 * mm
	s.font("bold", titleSize)
	for _, line := range s.wrap(s.n.Title, right-left, 0) {
		s.centred(s.y, line)
		s.y += titleSize * 1.4
	}
	s.font("regular", bodySize)
	number := "编号：" + s.n.Number
	s.put(right-s.width(number), s.y, number)
	s.y += lineHeight * 1.3
}

// body is the text.
func (s *sheet) body() {
	c := s.n.Content
	if c.Addressee != "" {
		s.paragraph(c.Addressee+"：", 0)
	}
	for _, text := range c.Before {
		s.paragraph(text, 2*bodySize)
	}
	if c.Table != nil {
		s.table(*c.Table)
	}
	for _, text := range c.After {
		s.paragraph(text, 2*bodySize)
	}
	if c.Commitment != "" {
		s.commitment(c.Commitment)
	}
}

// paragraph sets a text with an indent of its first line.
func (s *sheet) paragraph(text string, indent float64) {
	s.font("regular", bodySize)
	for i, line := range s.wrap(text, right-left, indent) {
		s.room(lineHeight)
		s.font("regular", bodySize) // a new page ended the last one in small print
		x := left
		if i == 0 {
			x += indent
		}
		s.put(x, s.y, line)
		s.y += lineHeight
	}
}

// commitment is a framed block to be signed (P3.7).
func (s *sheet) commitment(text string) {
	s.font("regular", bodySize)
	lines := s.wrap(text, right-left-6*mm, 0)
	height := float64(len(lines))*lineHeight + 4*mm
	s.room(height + lineHeight/2)
	s.font("regular", bodySize)
	s.pdf.SetLineWidth(0.7)
	s.pdf.RectFromUpperLeftWithStyle(left, s.y-bodySize, right-left, height, "D")
	s.y += 3 * mm
	for _, line := range lines {
		s.put(left+3*mm, s.y, line)
		s.y += lineHeight
	}
	s.y += 3 * mm
}

// foot is the signature with its seal place, the QR code and the small print. A
// paper that nobody can look up, such as a report, has neither seal nor code.
func (s *sheet) foot(verifyURL string) {
	if verifyURL == "" {
		s.plainFoot()
		return
	}
	s.room(62 * mm)
	s.y += 10 * mm
	s.font("regular", bodySize)
	for _, text := range []string{s.n.Content.Signer, s.n.Content.Date} {
		s.put(right-12*mm-s.width(text), s.y, text)
		s.y += lineHeight
	}
	s.pdf.SetTextColor(150, 150, 150)
	s.font("regular", smallSize)
	seal := "（行政审批专用章）"
	s.put(right-12*mm-s.width(seal), s.y-6, seal)
	s.pdf.SetTextColor(0, 0, 0)
	s.y += 6 * mm
	s.code(verifyURL, left, s.y-30*mm, 24*mm)
	s.font("regular", smallSize)
	s.put(left, s.y-2*mm, "扫码核验真伪")
	s.pdf.SetLineWidth(0.4)
	s.pdf.Line(left, s.y+2*mm, right, s.y+2*mm)
	s.y += 7 * mm
	for _, line := range s.wrap(s.n.Content.Footer, right-left, 0) {
		s.put(left, s.y, line)
		s.y += smallSize * 1.6
	}
}

func (s *sheet) plainFoot() {
	s.room(20 * mm)
	s.font("regular", bodySize)
	for _, text := range []string{s.n.Content.Signer, s.n.Content.Date} {
		s.put(right-s.width(text), s.y, text)
		s.y += lineHeight
	}
}

// code draws a QR code of a side in points.
func (s *sheet) code(text string, x, y, side float64) { s.codeAt(text, qr.M, x, y, side) }

func (s *sheet) codeAt(text string, level qr.ErrorCorrectionLevel, x, y, side float64) {
	code, err := qr.Encode(text, level, qr.Auto)
	if err != nil {
		s.try(fmt.Errorf("make QR code: %w", err))
		return
	}
	n := code.Bounds().Dx()
	unit := side / float64(n)
	for row := range n {
		for from := 0; from < n; {
			to := from
			for to < n && dark(code.At(to, row).RGBA()) {
				to++
			}
			if to > from { // one rectangle for a run: no hair lines between modules
				s.pdf.RectFromUpperLeftWithStyle(x+float64(from)*unit, y+float64(row)*unit, float64(to-from)*unit, unit*1.02, "F")
			}
			from = to + 1
		}
	}
}

func dark(r, _, _, _ uint32) bool { return r < 0x8000 }
