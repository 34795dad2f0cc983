package noticepdf_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onewindow/approval/notice"
	"onewindow/casework/notices/noticepdf"
	"onewindow/document"
	"onewindow/stamp/stamptest"
)

func covers() []notice.Cover {
	return []notice.Cover{
		{Sheet: document.Sheet{Case: "BJ430100202611270001", Item: "HN-S1-08", Material: "LAND-CONTRACT", Pages: 12},
			Project: "星湖片区安置房建设项目（一期）及其配套道路、管网工程", Applies: "建设用地规划许可证核发", Title: "土地取得文件（出让合同或划拨决定书）及其全部附件", Made: "2026年11月27日"},
		{Sheet: document.Sheet{Separator: true}},
	}
}

func TestP3_3_CoverSheetsSayInWordsWhatTheirCodeSays(t *testing.T) {
	p, err := noticepdf.New()
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := p.Covers(covers())
	if err != nil {
		t.Fatal(err)
	}
	again, err := p.Covers(covers())
	if err != nil || !bytes.Equal(pdf, again) {
		t.Errorf("the same sheets gave other bytes (%v)", err)
	}
	pages := strings.Split(strings.TrimSuffix(text(t, pdf), "\f"), "\f")
	if len(pages) != 2 {
		t.Fatalf("%d pages for 2 sheets", len(pages))
	}
	flat := strings.Join(strings.Fields(pages[0]), "")
	for _, want := range []string{"扫描封面页", "BJ430100202611270001", "建设用地规划许可证核发", "土地取得文件（出让合同或划拨决定书）及其全部附件", "12页", "管网工程"} {
		if !strings.Contains(flat, want) {
			t.Errorf("the cover does not say %q: %s", want, flat)
		}
	}
	if !strings.Contains(pages[1], "扫描分隔页") || strings.Contains(pages[1], "办件编号") {
		t.Errorf("the separator says %s", pages[1])
	}
	path := filepath.Join(t.TempDir(), "c.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, img := range stamptest.Render(t, path, 150) {
		want := covers()[i].Text()
		if got := stamptest.ZXing(t, img); got != want {
			t.Errorf("the code of page %d says %q, want %q", i+1, got, want)
		}
	}
}
