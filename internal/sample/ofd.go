package sample

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"time"
)

// OFDOptions say which habits of OFD writers (GB/T 33190) a file shows.
type OFDOptions struct {
	Template     bool // the printed form (labels, rules) is a template page, the values lie on the content layer
	PerCharacter bool // one text object per character
	PictureTitle bool // the largest words exist in a background picture only
	Embed        bool // subset fonts with glyph numbers; otherwise the names 宋体 and 黑体
}

// OFD writes the electronic form of Chinese offices and archives.
func (s *Studio) OFD(d Document, o OFDOptions) ([]byte, error) {
	w := &ofdWriter{studio: s, options: o, files: map[string][]byte{}}
	w.fontObjects(d.Pages)
	var templates, pages strings.Builder
	for i, p := range d.Pages {
		if err := w.page(i, p); err != nil {
			return nil, fmt.Errorf("write page %d: %w", i+1, err)
		}
		if o.Template {
			fmt.Fprintf(&templates, `<ofd:TemplatePage ID="%d" BaseLoc="Tpls/Tpl_%d/Content.xml"/>`, templateID(i), i)
		}
		fmt.Fprintf(&pages, `<ofd:Page ID="%d" BaseLoc="Pages/Page_%d/Content.xml"/>`, 10+i, i)
	}
	first := d.Pages[0]
	w.xml("OFD.xml", `<ofd:OFD %s DocType="OFD" Version="1.1"><ofd:DocBody><ofd:DocInfo><ofd:DocID>%032x</ofd:DocID><ofd:Title>%s</ofd:Title></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`, ofdSpace, len(d.Title), escapeXML(d.Title))
	w.xml("Doc_0/Document.xml", `<ofd:Document %s><ofd:CommonData><ofd:MaxUnitID>%d</ofd:MaxUnitID>%s<ofd:PageArea><ofd:PhysicalBox>0 0 %.2f %.2f</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages>%s</ofd:Pages></ofd:Document>`,
		ofdSpace, 100000+w.id, templates.String(), first.Width, first.Height, pages.String())
	w.xml("Doc_0/PublicRes.xml", `<ofd:Res %s BaseLoc="Res"><ofd:Fonts>%s</ofd:Fonts><ofd:MultiMedias>%s</ofd:MultiMedias></ofd:Res>`, ofdSpace, w.fonts.String(), w.pictures.String())
	return w.zip()
}

const ofdSpace = `xmlns:ofd="http://www.ofdspec.org/2016"`

func templateID(page int) int { return 1000 + page }

// ofdWriter collects the files of a package.
type ofdWriter struct {
	studio   *Studio
	options  OFDOptions
	files    map[string][]byte
	order    []string
	subsets  map[Face]subset
	fonts    strings.Builder
	pictures strings.Builder
	id       int
}

func (w *ofdWriter) put(name string, data []byte) {
	w.files[name] = data
	w.order = append(w.order, name)
}

func (w *ofdWriter) xml(name, format string, args ...any) {
	w.put(name, fmt.Appendf(nil, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"+format, args...))
}

func (w *ofdWriter) next() int {
	w.id++
	return 100000 + w.id
}

// fontObjects lists the fonts, with their files if they are embedded.
func (w *ofdWriter) fontObjects(pages []Page) {
	names := [faceCount]string{"宋体", "小标宋", "黑体", "黑体"}
	w.subsets = map[Face]subset{}
	used := usedRunes(pages)
	for f := range faceCount {
		if used[f] == nil {
			continue
		}
		if !w.options.Embed {
			fmt.Fprintf(&w.fonts, `<ofd:Font ID="%d" FontName="%s" FamilyName="%[2]s"/>`, 1+int(f), names[f])
			continue
		}
		w.subsets[f] = w.studio.subsetFont(f, used[f])
		w.put(fmt.Sprintf("Doc_0/Res/font_%d.ttf", f), w.subsets[f].data)
		fmt.Fprintf(&w.fonts, `<ofd:Font ID="%d" FontName="%s" FamilyName="%[2]s"><ofd:FontFile>font_%d.ttf</ofd:FontFile></ofd:Font>`, 1+int(f), names[f], f)
	}
}

// page writes one page, and its template if the form is kept apart.
func (w *ofdWriter) page(n int, p Page) error {
	form, content := &ofdCanvas{w: w}, &ofdCanvas{w: w}
	largest := 0.0
	for _, m := range p.Marks {
		if t, ok := m.(Text); ok {
			largest = max(largest, t.Size)
		}
	}
	var title []Mark
	for _, m := range p.Marks {
		t, isText := m.(Text)
		switch _, isSeal := m.(Seal); {
		case isText && w.options.PictureTitle && t.Size > largest*0.75:
			title = append(title, m)
		case w.options.Template && !isSeal && !(isText && t.Field != ""):
			m.draw(form)
		default:
			m.draw(content)
		}
	}
	if title != nil {
		if err := w.picture(n, Page{Width: p.Width, Height: p.Height, Marks: title}, content); err != nil {
			return err
		}
	}
	area := fmt.Sprintf(`<ofd:Area><ofd:PhysicalBox>0 0 %.2f %.2f</ofd:PhysicalBox></ofd:Area>`, p.Width, p.Height)
	link := ""
	if w.options.Template {
		link = fmt.Sprintf(`<ofd:Template TemplateID="%d" ZOrder="Background"/>`, templateID(n))
		w.xml(fmt.Sprintf("Doc_0/Tpls/Tpl_%d/Content.xml", n), `<ofd:Page %s>%s<ofd:Content><ofd:Layer ID="%d">%s</ofd:Layer></ofd:Content></ofd:Page>`, ofdSpace, area, w.next(), form.out.String())
	}
	w.xml(fmt.Sprintf("Doc_0/Pages/Page_%d/Content.xml", n), `<ofd:Page %s>%s%s<ofd:Content><ofd:Layer ID="%d">%s</ofd:Layer></ofd:Content></ofd:Page>`, ofdSpace, area, link, w.next(), content.out.String())
	return nil
}

// picture renders marks and lays them under the content as an image.
func (w *ofdWriter) picture(n int, p Page, c *ofdCanvas) error {
	const dpi = 200
	data, err := EncodePNG(w.studio.Image(p, dpi), dpi)
	if err != nil {
		return err
	}
	id := w.next()
	w.put(fmt.Sprintf("Doc_0/Res/title_%d.png", n), data)
	fmt.Fprintf(&w.pictures, `<ofd:MultiMedia ID="%d" Type="Image" Format="PNG"><ofd:MediaFile>title_%d.png</ofd:MediaFile></ofd:MultiMedia>`, id, n)
	under := fmt.Sprintf(`<ofd:ImageObject ID="%d" Boundary="0 0 %.2f %.2f" CTM="%[2]f 0 0 %[3]f 0 0" ResourceID="%[4]d"/>`, w.next(), p.Width, p.Height, id)
	rest := c.out.String()
	c.out.Reset()
	c.out.WriteString(under + rest)
	return nil
}

func (w *ofdWriter) zip() ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range w.order {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return nil, fmt.Errorf("add %s: %w", name, err)
		}
		if _, err := f.Write(w.files[name]); err != nil {
			return nil, fmt.Errorf("write %s: %w", name, err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("close ofd: %w", err)
	}
	return b.Bytes(), nil
}
