package turbojpeg

/*
#include <turbojpeg.h>
*/
import "C"

import (
	"errors"
	"image"
	"runtime"
	"unsafe"
)

// errEncode is returned when the library cannot write a picture; there is no
// more to be learned from it.
var errEncode = errors.New("encode JPEG")

// Encode writes a JPEG file of an *image.Gray, *image.RGBA or *image.YCbCr of the
// given quality, 1 to 100, colour at half resolution. Other kinds are ErrUnfit.
func Encode(img image.Image, quality int) ([]byte, error) {
	if m, ok := img.(*image.YCbCr); ok {
		return encodePlanes(m, quality)
	}
	var pix []byte
	var stride int
	format, sampling := C.int(C.TJPF_RGBX), C.int(C.TJSAMP_420)
	switch m := img.(type) {
	case *image.Gray:
		pix, stride, format, sampling = m.Pix, m.Stride, C.TJPF_GRAY, C.TJSAMP_GRAY
	case *image.RGBA:
		pix, stride = m.Pix, m.Stride
	default:
		return nil, ErrUnfit
	}
	size := img.Bounds().Size()
	if size.X <= 0 || size.Y <= 0 || size.X > 65535 || size.Y > 65535 {
		return nil, ErrUnfit
	}
	h := C.tjInitCompress()
	if h == nil {
		return nil, errEncode
	}
	defer C.tjDestroy(h)
	var pin runtime.Pinner
	defer pin.Unpin()
	pin.Pin(&pix[0])
	var out *C.uchar
	var n C.ulong
	defer func() { C.tjFree(out) }()
	if C.tjCompress2(h, (*C.uchar)(unsafe.Pointer(&pix[0])), C.int(size.X), C.int(stride), C.int(size.Y), format,
		&out, &n, sampling, C.int(quality), 0) != 0 {
		return nil, errEncode
	}
	return C.GoBytes(unsafe.Pointer(out), C.int(n)), nil
}

// encodePlanes writes a picture as a JPEG decoder leaves it.
func encodePlanes(m *image.YCbCr, quality int) ([]byte, error) {
	sampling := C.int(-1)
	for c, ratio := range ratios {
		if ratio == m.SubsampleRatio {
			sampling = c
		}
	}
	w, h := C.int(m.Rect.Dx()), C.int(m.Rect.Dy())
	if sampling < 0 || m.Rect.Min != (image.Point{}) || w <= 0 || h <= 0 || w > 65535 || h > 65535 {
		return nil, ErrUnfit
	}
	strides := [3]C.int{C.int(m.YStride), C.int(m.CStride), C.int(m.CStride)}
	var planes [3]*C.uchar
	var pin runtime.Pinner
	defer pin.Unpin()
	for i, pix := range [][]byte{m.Y, m.Cb, m.Cr} {
		if strides[i] < C.tjPlaneWidth(C.int(i), w, sampling) || len(pix) < int(strides[i])*int(C.tjPlaneHeight(C.int(i), h, sampling)) {
			return nil, ErrUnfit
		}
		pin.Pin(&pix[0])
		planes[i] = (*C.uchar)(unsafe.Pointer(&pix[0]))
	}
	handle := C.tjInitCompress()
	if handle == nil {
		return nil, errEncode
	}
	defer C.tjDestroy(handle)
	var out *C.uchar
	var n C.ulong
	defer func() { C.tjFree(out) }()
	if C.tjCompressFromYUVPlanes(handle, &planes[0], w, &strides[0], h, sampling, &out, &n, C.int(quality), 0) != 0 {
		return nil, errEncode
	}
	return C.GoBytes(unsafe.Pointer(out), C.int(n)), nil
}
