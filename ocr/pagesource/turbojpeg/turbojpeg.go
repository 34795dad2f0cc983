// Package turbojpeg decodes ordinary JPEG pictures with libjpeg-turbo, four to
// five times as fast as the decoder of the standard library: decoding was an
// eighth of the work on a scanned page. What is not ordinary (CMYK, RGB, odd
// subsampling, damage of any kind) it leaves to that decoder, whose verdicts
// the rest of the house relies on.
//
// It parses foreign bytes in C: only the room for foreign bytes may use it, in a
// child that may crash.
package turbojpeg

/*
#cgo pkg-config: libturbojpeg
#include <turbojpeg.h>
*/
import "C"

import (
	"errors"
	"image"
	"runtime"
	"unsafe"
)

// ErrUnfit is returned for a picture that is not ordinary or not whole.
var ErrUnfit = errors.New("not an ordinary JPEG")

// Header tells what an ordinary JPEG file shows, without decoding it. Errors:
// ErrUnfit.
func Header(file []byte) (size image.Point, grey bool, err error) {
	h := C.tjInitDecompress()
	if h == nil {
		return size, false, ErrUnfit
	}
	defer C.tjDestroy(h)
	f, ok := header(h, file)
	if !ok || f.space != C.TJCS_GRAY && f.space != C.TJCS_YCbCr {
		return size, false, ErrUnfit
	}
	return image.Pt(int(f.width), int(f.height)), f.space == C.TJCS_GRAY, nil
}

// frame is what the header of a JPEG file says.
type frame struct{ width, height, subsampling, space C.int }

func header(h C.tjhandle, file []byte) (f frame, ok bool) {
	if len(file) == 0 {
		return f, false
	}
	data, size := (*C.uchar)(unsafe.Pointer(&file[0])), C.ulong(len(file))
	ok = C.tjDecompressHeader3(h, data, size, &f.width, &f.height, &f.subsampling, &f.space) == 0
	return f, ok && f.width > 0 && f.height > 0
}

// Decode decodes a whole JPEG file of at most mostPixels pixels to *image.YCbCr
// or *image.Gray. Errors: ErrUnfit, and the caller should try another decoder.
func Decode(file []byte, mostPixels int64) (image.Image, error) {
	h := C.tjInitDecompress()
	if h == nil {
		return nil, ErrUnfit
	}
	defer C.tjDestroy(h)
	f, ok := header(h, file)
	if !ok || int64(f.width)*int64(f.height) > mostPixels {
		return nil, ErrUnfit
	}
	planes, img := room(f.width, f.height, f.subsampling, f.space)
	if img == nil {
		return nil, ErrUnfit
	}
	if !planes.fill(h, file, f.width, f.height) {
		return nil, ErrUnfit
	}
	return img, nil
}

// planes are where the samples go, by component.
type planes struct {
	pix    [3][]byte
	stride [3]C.int
	n      int
}

// room makes a picture of the right kind, nil when there is none. Planes are as
// large as the library wants them: padded to whole groups of samples.
func room(width, height, subsampling, space C.int) (planes, image.Image) {
	p := planes{n: 3}
	ratio, known := ratios[subsampling]
	switch {
	case space == C.TJCS_GRAY:
		p.n, subsampling = 1, C.TJSAMP_GRAY
	case space != C.TJCS_YCbCr || !known:
		return p, nil
	}
	for i := range p.n {
		p.stride[i] = C.tjPlaneWidth(C.int(i), width, subsampling)
		rows := C.tjPlaneHeight(C.int(i), height, subsampling)
		if p.stride[i] <= 0 || rows <= 0 {
			return p, nil
		}
		p.pix[i] = make([]byte, int(p.stride[i])*int(rows))
	}
	r := image.Rect(0, 0, int(width), int(height))
	if p.n == 1 {
		return p, &image.Gray{Pix: p.pix[0], Stride: int(p.stride[0]), Rect: r}
	}
	return p, &image.YCbCr{Y: p.pix[0], Cb: p.pix[1], Cr: p.pix[2], YStride: int(p.stride[0]), CStride: int(p.stride[1]),
		SubsampleRatio: ratio, Rect: r}
}

var ratios = map[C.int]image.YCbCrSubsampleRatio{
	C.TJSAMP_444: image.YCbCrSubsampleRatio444,
	C.TJSAMP_422: image.YCbCrSubsampleRatio422,
	C.TJSAMP_420: image.YCbCrSubsampleRatio420,
	C.TJSAMP_440: image.YCbCrSubsampleRatio440,
	C.TJSAMP_411: image.YCbCrSubsampleRatio411,
}

// fill decodes into the planes; a warning of the library counts as a failure.
func (p *planes) fill(h C.tjhandle, file []byte, width, height C.int) bool {
	var pin runtime.Pinner
	defer pin.Unpin()
	var dst [3]*C.uchar
	for i := range p.n {
		pin.Pin(&p.pix[i][0])
		dst[i] = (*C.uchar)(unsafe.Pointer(&p.pix[i][0]))
	}
	data, size := (*C.uchar)(unsafe.Pointer(&file[0])), C.ulong(len(file))
	return C.tjDecompressToYUVPlanes(h, data, size, &dst[0], width, &p.stride[0], height, C.TJFLAG_STOPONWARNING) == 0
}
