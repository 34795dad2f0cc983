package labels

import (
	"testing"

	"onewindow/document"
)

// TestPageNumbersAreNoValues: numbers at the foot in the forms they are read in,
// — read as 一 among them.
func TestPageNumbersAreNoValues(t *testing.T) {
	page := document.Page{Number: 1, Width: 2480, Height: 3508}
	for text, want := range map[string]bool{
		"— 2 —": true, "-1—": true, "一2一": true, "—12": true, "3": true, "~ 4 ~": true, "·5·": true, "第2页 共3页": true, "2/3": true,
		"一二一": false, "2024": false, "2号": false, "一": false, "1.5": false,
	} {
		s := newSegment(page, document.Line{Text: text, Box: document.Box{1200, 3200, 1300, 3240}})
		if got := pageNumber(s, page); got != want {
			t.Errorf("%s: page number %v, want %v", text, got, want)
		}
	}
	body := newSegment(page, document.Line{Text: "— 2 —", Box: document.Box{1200, 1000, 1300, 1040}})
	if pageNumber(body, page) {
		t.Error("a number in the body is no page number")
	}
}
