package ppocr

import (
	"strings"
	"testing"

	"onewindow/ocr/ocrtest"
)

// Labels of narrow cells are set one character below the other.
func TestColumnsOfCharacters(t *testing.T) {
	e := open(t)
	defer e.Close()
	img := ocrtest.Columns(t, "建设单位", "项目负责人", "审查意见")
	page, err := e.Recognize(t.Context(), img)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"建设单位", "项目负责人", "审查意见"} {
		found := false
		for _, l := range page.Lines {
			found = found || l.Text == want
		}
		if !found {
			t.Errorf("%s is no line of its own in:\n%s", want, page.Text())
		}
	}
	if page.Rotation != 0 || !strings.Contains(page.Text(), "湖南示范置业有限公司") {
		t.Errorf("page turned by %d:\n%s", page.Rotation, page.Text())
	}
}
