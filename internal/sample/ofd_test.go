package sample

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

func TestOFDHoldsTheText(t *testing.T) {
	s := openStudio(t)
	d := Make("rd-construction-permit", NewProject(1), 1)
	for name, o := range map[string]OFDOptions{
		"plain": {}, "template": {Template: true}, "characters": {PerCharacter: true}, "embedded": {Embed: true},
		"picture": {PictureTitle: true, Template: true},
	} {
		file, err := s.OFD(d, o)
		if err != nil {
			t.Fatal(err)
		}
		text := ofdText(t, file)
		if !strings.Contains(text, d.Truth.Raw["builder"]) {
			t.Errorf("%s: builder is missing in %q", name, text)
		}
		if strings.Contains(text, "中华人民共和国建筑法") == false {
			t.Errorf("%s: the statement is missing", name)
		}
		if got := strings.Contains(text, "建筑工程施工许可证"); got == o.PictureTitle {
			t.Errorf("%s: title in the text: %v", name, got)
		}
	}
}

// ofdText joins all text codes of the package and fails on bad XML.
func ofdText(t *testing.T, file []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, ".xml") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		dec := xml.NewDecoder(r)
		inside := false
		for {
			token, err := dec.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			switch v := token.(type) {
			case xml.StartElement:
				inside = v.Name.Local == "TextCode"
			case xml.EndElement:
				inside = false
			case xml.CharData:
				if inside {
					out.Write(v)
				}
			}
		}
	}
	return out.String()
}
