package pagesource

import (
	"bufio"
	"encoding/binary"
	"errors"
	"image"

	"golang.org/x/image/bmp"
)

// probeBMP reads the headers and checks that all rows are there.
func probeBMP(in *input) (raster, error) {
	head, err := in.at(0, 54)
	if err != nil {
		return raster{}, err
	}
	if len(head) < 54 {
		return raster{}, refuseTruncated("BMP of %d bytes", len(head))
	}
	le := binary.LittleEndian
	if le.Uint32(head[14:]) < 40 {
		return raster{}, refuseUnsupported("系统不读取这种旧式 BMP 图片。"+doPicture, "BMP core header")
	}
	w, h := int(int32(le.Uint32(head[18:]))), int(int32(le.Uint32(head[22:])))
	if h < 0 {
		h = -h // rows stand top down
	}
	depth, coding := int64(le.Uint16(head[28:])), le.Uint32(head[30:])
	if coding == 0 || coding == 3 {
		need := int64(le.Uint32(head[10:])) + (int64(w)*depth+31)/32*4*int64(h)
		if in.size < need {
			return raster{}, refuseTruncated("BMP of %d bytes wants %d", in.size, need)
		}
	}
	if _, err := bmp.DecodeConfig(in.reader()); errors.Is(err, bmp.ErrUnsupported) {
		return raster{}, refuseUnsupported("系统不读取这种编码的 BMP 图片。"+doPicture, "BMP coding %d, %d bits", coding, depth)
	}
	dpi := credibleDPI(float64(le.Uint32(head[38:])) * 0.0254)
	return single(frame{width: w, height: h, dpi: dpi, decode: func() (image.Image, error) {
		return bmp.Decode(bufio.NewReader(in.reader()))
	}}), nil
}
