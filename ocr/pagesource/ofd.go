package pagesource

import (
	"archive/zip"
	"context"
	"strings"

	"onewindow/ocr"
)

// isOFD reports an OFD package: a zip with OFD.xml at its root (GB/T 33190 7.3).
func isOFD(in *input) bool {
	z, err := zip.NewReader(in, in.size)
	if err != nil {
		return false
	}
	for _, f := range z.File {
		if strings.EqualFold(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"), "OFD.xml") {
			return true
		}
	}
	return false
}

func (s *Source) inspectOFD(ctx context.Context, in *input, opts ocr.OpenOptions) (ocr.Facts, error) {
	return ocr.Facts{}, refuseUnsupported("系统暂不读取 OFD。"+doPDF, "OFD")
}

func (s *Source) openOFD(ctx context.Context, in *input, opts ocr.OpenOptions) (ocr.Pages, error) {
	return nil, refuseUnsupported("系统暂不读取 OFD。"+doPDF, "OFD")
}
