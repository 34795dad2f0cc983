package stamp_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onewindow/stamp"
)

func mark() stamp.Mark {
	return stamp.Mark{
		System: "湖南省工程建设项目审批管理系统", ProjectName: "示例项目", UnitName: "示例市住房和城乡建设局", UnitShort: "市住建局",
		DocumentName: "建筑工程施工许可证", DocumentNo: "430199202601010101",
		UploadedAt: time.Date(2026, 12, 31, 17, 3, 4, 0, time.UTC), Code: "23456789ABC4", BaseURL: "https://spgl.example.gov.cn/",
	}
}

func TestW1_BandLinesOfTheStandardTemplate(t *testing.T) {
	got := stamp.DefaultTemplate().BandLines(mark(), "2", 17)
	want := []string{
		"湖南省工程建设项目审批管理系统 审批成果扫描件 · 仅作为示例项目后续审批事项依据，他用无效",
		"上传单位：示例市住房和城乡建设局  上传时间：2027-01-01 01:03:04  文书：建筑工程施工许可证 430199202601010101  第 2/17 页" +
			"  校验码：2345-6789-ABC4  网址：https://spgl.example.gov.cn/v/23456789ABC4",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestTileTextHasTheLocalDate(t *testing.T) {
	if got, want := stamp.DefaultTemplate().TileText(mark(), 1), "仅供工程建设项目审批使用 市住建局 20270101"; got != want {
		t.Errorf("TileText = %q, want %q", got, want)
	}
}

func TestBandLinesLeaveOutWhatIsUnknownAndKeepNotices(t *testing.T) {
	m := mark()
	m.UnitName, m.DocumentNo = "", ""
	m.Notice, m.TraceLine = "原件带有数字签名", "示例单位 张三 2026-12-31 10:00"
	got := strings.Join(stamp.DefaultTemplate().BandLines(m, "1", 1), "\n")
	if strings.Contains(got, "上传单位") || !strings.Contains(got, "文书：建筑工程施工许可证  第") {
		t.Errorf("empty parts are printed: %q", got)
	}
	if !strings.HasSuffix(got, "\n原件带有数字签名\n示例单位 张三 2026-12-31 10:00") {
		t.Errorf("notice or trace is lost: %q", got)
	}
	tpl := stamp.DefaultTemplate()
	tpl.Band.Lines = []string{"{trace}  校验码：{code}"}
	if got := tpl.BandLines(m, "1", 1); len(got) != 2 || !strings.HasPrefix(got[0], m.TraceLine) {
		t.Errorf("a trace with a place of its own is printed %q", got)
	}
}

func TestBandLinesTameForeignText(t *testing.T) {
	m := mark()
	m.ProjectName = "一二三四五六七八九十一二三四五六七八九十一"
	m.UnitName = "甲\n\t乙\x00\u202e丙{code}" + strings.Repeat("长", 500)
	got := stamp.DefaultTemplate().BandLines(m, "1", 1)
	if !strings.Contains(got[0], "仅作为一二三四五六七八九十一二三四五六七八九…后续") {
		t.Errorf("project name is not cut to 20 characters: %q", got[0])
	}
	if !strings.Contains(got[1], "甲 乙丙{code}长") || strings.ContainsAny(got[1], "\n\x00\u202e") {
		t.Errorf("control characters or variables came through: %q", got[1])
	}
	if n := len([]rune(got[1])); n > 400 {
		t.Errorf("one value fills %d characters of the band", n)
	}
}

func TestMarkValidate(t *testing.T) {
	if err := mark().Validate(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*stamp.Mark){
		"mistyped code": func(m *stamp.Mark) { m.Code = "23456789ABC5" },
		"dashed code":   func(m *stamp.Mark) { m.Code = "2345-6789-ABC4" },
		"no address":    func(m *stamp.Mark) { m.BaseURL = "spgl.example.gov.cn" },
		"long address":  func(m *stamp.Mark) { m.BaseURL = "https://" + strings.Repeat("a", 150) },
		"no time":       func(m *stamp.Mark) { m.UploadedAt = time.Time{} },
	} {
		m := mark()
		if change(&m); m.Validate() == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
