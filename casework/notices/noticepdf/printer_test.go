package noticepdf_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onewindow/approval/notice"
	"onewindow/casework/notices/noticepdf"
)

func text(t *testing.T, pdf []byte, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "n.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", append(args, path, "-")...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func long(rows int) notice.Notice {
	n := notice.Notice{Number: "BZ202611230001", Kind: "correction_notice", Title: "材料补齐补正通知书", IssuedAt: time.Unix(0, 0),
		Content: notice.Content{Heading: "长沙市住房和城乡建设局", Addressee: "湖南星湖置业有限公司", Signer: "长沙市住房和城乡建设局", Date: "2026年11月23日",
			Before: []string{"经审查，你单位2026年2月14日17:30提交的材料不齐全：" + strings.Repeat("内容（含附件）、", 20)},
			Table:  &notice.Table{Columns: []string{"序号", "材料名称", "补正原因"}}}}
	for i := range rows {
		n.Content.Table.Rows = append(n.Content.Table.Rows, []string{fmt.Sprint(i + 1), "土地取得文件（出让合同或划拨决定书）及其全部附件和附图的扫描件", "扫描件不清晰，无法辨认"})
	}
	return n
}

func TestPrint_LongTablesGoOnWithTheirHeadings(t *testing.T) {
	p, err := noticepdf.New()
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := p.Print(long(80), "http://onewindow.test/v/ABC")
	if err != nil {
		t.Fatal(err)
	}
	pages := strings.Split(strings.TrimSuffix(text(t, pdf, "-layout"), "\f"), "\f")
	if len(pages) < 3 {
		t.Fatalf("%d pages for 80 rows", len(pages))
	}
	for i, page := range pages {
		if want := fmt.Sprintf("第%d页共%d页", i+1, len(pages)); !strings.Contains(strings.Join(strings.Fields(page), ""), want) {
			t.Errorf("page %d does not say %q", i+1, want)
		}
	}
	if !strings.Contains(pages[1], "补正原因") {
		t.Error("the table goes on without its headings")
	}
	all := strings.Join(pages, "")
	for i := range 80 {
		if !strings.Contains(all, fmt.Sprint(i+1)) {
			t.Errorf("row %d is lost", i+1)
		}
	}
	again, err := p.Print(long(80), "http://onewindow.test/v/ABC")
	if err != nil || !bytes.Equal(pdf, again) {
		t.Errorf("printed twice it differs (%v)", err)
	}
}

func TestPrint_LinesKeepTheRules(t *testing.T) {
	p, err := noticepdf.New()
	if err != nil {
		t.Fatal(err)
	}
	for n := range 12 { // the text moves on by one character, so that every break is met
		paper := long(0)
		paper.Content.Before = []string{strings.Repeat("文", n) + strings.Repeat("受理时间为2026年2月14日17:30，应于（十四日）前办结。", 6)}
		pdf, err := p.Print(paper, "http://onewindow.test/v/ABC")
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(text(t, pdf, "-layout")) {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "，") || strings.HasPrefix(line, "。") || strings.HasPrefix(line, "）") || strings.HasSuffix(line, "（") ||
				strings.HasSuffix(line, "17:3") || strings.HasSuffix(line, "202") {
				t.Errorf("shifted by %d, a line is %q", n, line)
			}
		}
	}
}
