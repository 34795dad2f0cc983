package stamp

import (
	"testing"

	"onewindow/document"
)

func TestW3_BandIsNotPartOfTheDocument(t *testing.T) {
	p := document.Page{Width: 1000, Height: 1000, Lines: []document.Line{
		{Text: "仅作为后续审批事项依据的复印件", Box: document.Box{10, 100, 500, 120}},
		{Text: "正文最后一行", Box: document.Box{10, 850, 500, 870}},
		{Text: "湖南省工程建设项目审批管理系统 审批成果扫描件", Box: document.Box{10, 960, 500, 975}},
		{Text: "网址:http://example.invalid/v/2345", Box: document.Box{10, 985, 500, 995}},
	}}
	got := WithoutBand(p)
	if len(got.Lines) != 2 || got.Lines[1].Text != "正文最后一行" {
		t.Errorf("lines left: %+v", got.Lines)
	}
	if len(p.Lines) != 4 {
		t.Error("the page given was changed")
	}
	plain := document.Page{Width: 1000, Height: 1000, Lines: p.Lines[:2]}
	if len(WithoutBand(plain).Lines) != 2 {
		t.Error("a page without a band lost lines")
	}
}
