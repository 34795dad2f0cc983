package stamp

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// SampleMark is a made-up mark for previews and probes, with names as long as real
// ones. Its code is well-formed and never issued.
func SampleMark(baseURL string) Mark {
	return Mark{
		System: "湖南省工程建设项目审批管理系统", ProjectName: "示例市高新区科技创新中心（一期）建设项目",
		UnitName: "示例市住房和城乡建设局", UnitShort: "市住建局",
		DocumentName: "建筑工程施工许可证", DocumentNo: "430199202601010101",
		UploadedAt: time.Date(2026, 1, 1, 9, 30, 0, 0, shanghai),
		Code:       "23456789ABC4", BaseURL: baseURL,
	}
}

// Preview stamps blank A4 pages, one upright and one across, so that a template
// can be looked at before it is used. Errors: those of s.
func Preview(ctx context.Context, s Stamper, out string, mark Mark, tpl Template) (Report, error) {
	dir, err := os.MkdirTemp(filepath.Dir(out), "preview-")
	if err != nil {
		return Report{}, fmt.Errorf("preview: %w", err)
	}
	defer os.RemoveAll(dir)
	in := filepath.Join(dir, "blank.pdf")
	if err := os.WriteFile(in, blankPages(), 0o600); err != nil {
		return Report{}, fmt.Errorf("preview: %w", err)
	}
	return s.Stamp(ctx, in, out, mark, tpl)
}

// blankPages is a PDF of two empty A4 pages.
func blankPages() []byte {
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.276 841.89]/Resources<<>>>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 841.89 595.276]/Resources<<>>>>",
	}
	var b, table bytes.Buffer
	b.WriteString("%PDF-1.5\n")
	for i, o := range objects {
		fmt.Fprintf(&table, "%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n",
		len(objects)+1, table.String(), len(objects)+1, start)
	return b.Bytes()
}
