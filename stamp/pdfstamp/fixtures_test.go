package pdfstamp_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onewindow/stamp"
	"onewindow/stamp/pdfstamp"
	"onewindow/stamp/stamptest"
)

const dpi = 150

func newChildStamper() (*pdfstamp.Stamper, error) {
	return pdfstamp.New(pdfstamp.Options{FontPath: stamptest.Font})
}

func newStamper(t testing.TB, change ...func(*pdfstamp.Options)) *pdfstamp.Stamper {
	t.Helper()
	opts := pdfstamp.Options{FontPath: stamptest.Font}
	for _, c := range change {
		c(&opts)
	}
	s, err := pdfstamp.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// throughQpdf sends every file to the streaming rung.
func throughQpdf(o *pdfstamp.Options) { o.StreamAbove = 1 }

func mark() stamp.Mark {
	return stamp.Mark{
		System: "湖南省工程建设项目审批管理系统", ProjectName: "示例市高新区科技创新中心一期工程建设项目及配套设施",
		UnitName: "示例市住房和城乡建设局", UnitShort: "市住建局", DocumentName: "建筑工程施工许可证", DocumentNo: "430199202601010101",
		UploadedAt: time.Date(2026, 11, 23, 2, 3, 4, 0, time.UTC), Code: "23456789ABC4", BaseURL: "https://spgl.example.gov.cn",
	}
}

func write(t testing.TB, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "in.pdf")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// stampFile stamps content and returns both paths.
func stampFile(t testing.TB, s stamp.Stamper, content []byte) (in, out string, report stamp.Report) {
	t.Helper()
	in = write(t, content)
	out = filepath.Join(t.TempDir(), "out.pdf")
	report, err := s.Stamp(context.Background(), in, out, mark(), stamp.DefaultTemplate())
	if err != nil {
		t.Fatal(err)
	}
	return in, out, report
}

// sheets are the kinds of pages W8 names, and those that break naive stampers.
func sheets() map[string][]byte {
	form := stamptest.Form
	one := func(p stamptest.Page) []byte {
		if p.Content == "" {
			p.Content = form
		}
		return stamptest.PDF(p)
	}
	return map[string][]byte{
		"upright":          one(stamptest.Page{Media: stamptest.A4()}),
		"a3 landscape":     one(stamptest.Page{Media: stamptest.Box(0, 0, 1190.55, 841.89)}),
		"rotated 90":       one(stamptest.Page{Media: stamptest.A4(), Rotate: 90}),
		"rotated 180":      one(stamptest.Page{Media: stamptest.A4(), Rotate: 180}),
		"rotated 270":      one(stamptest.Page{Media: stamptest.A4(), Rotate: 270}),
		"rotated -90":      one(stamptest.Page{Media: stamptest.A4(), Rotate: -90}),
		"crop offset":      one(stamptest.Page{Media: stamptest.Box(0, 0, 700, 900), Crop: stamptest.Box(50, 30, 645, 870)}),
		"crop rotated":     one(stamptest.Page{Media: stamptest.Box(-20, -10, 700, 900), Crop: stamptest.Box(50, 30, 645, 870), Rotate: 90}),
		"crop beyond page": one(stamptest.Page{Media: stamptest.A4(), Crop: stamptest.Box(-100, -100, 2000, 2000)}),
		"negative origin":  one(stamptest.Page{Media: stamptest.Box(-30, -40, 565, 802)}),
		"corners swapped":  one(stamptest.Page{Media: stamptest.Box(595, 842, 0, 0)}),
		"no box":           one(stamptest.Page{}),
		"a5":               one(stamptest.Page{Media: stamptest.Box(0, 0, 419.5, 595.3), Content: "q 0.7 0 0 0.7 0 0 cm " + form + " Q"}),
		"receipt":          one(stamptest.Page{Media: stamptest.Box(0, 0, 220, 600), Content: "q 0.35 0 0 0.35 0 0 cm " + form + " Q"}),
		"unbalanced":       one(stamptest.Page{Media: stamptest.A4(), Content: "q q 0.5 0 0 0.5 100 100 cm " + strings.TrimSuffix(strings.TrimSpace(form), "Q")}),
		"underflow":        one(stamptest.Page{Media: stamptest.A4(), Content: "0.9 0 0 0.9 20 20 cm Q Q " + form + " Q 0.5 0 0 0.5 0 0 cm"}),
		"open text":        one(stamptest.Page{Media: stamptest.A4(), Content: form + " /P BMC BT /F 9 Tf 60 60 Td (open) Tj"}),
		"clipped":          one(stamptest.Page{Media: stamptest.A4(), Content: form + " 10 10 100 100 re W n"}),
		"many pages": stamptest.PDF(stamptest.Page{Media: stamptest.A4(), Content: form},
			stamptest.Page{Media: stamptest.Box(0, 0, 841.89, 595.276), Content: form, Rotate: 270},
			stamptest.Page{Media: stamptest.A4()}),
	}
}
