package pagesource

import (
	"encoding/binary"
	"image"

	"github.com/gen2brain/heic"
)

// probeHEIC walks the boxes: the file must hold all of them, and the largest
// picture it declares must be within limits. Rotation and mirroring are part of
// the picture (irot, imir) and applied by the decoder; EXIF orientation must
// not be applied again.
func probeHEIC(in *input) (raster, error) {
	var h heifFile
	if err := h.boxes(in, 0, in.size, 0); err != nil {
		return raster{}, err
	}
	if h.width == 0 || !h.data {
		return raster{}, refuseTruncated("HEIC without picture data")
	}
	return single(frame{width: h.width, height: h.height, decode: func() (image.Image, error) {
		return heic.Decode(in.reader())
	}}), nil
}

type heifFile struct {
	width, height int // of the largest item: the picture, not its tiles or preview
	data          bool
	count         int // boxes seen
}

// containers are the boxes that hold boxes, with the bytes before the first one.
var containers = map[string]int64{"meta": 4, "iprp": 0, "ipco": 0}

func (h *heifFile) boxes(in *input, at, end int64, depth int) error {
	for at < end {
		if h.count++; h.count > 10000 || depth > 4 {
			return refuseCorrupt("HEIC with too many boxes")
		}
		head, err := in.at(at, 20)
		if err != nil {
			return err
		}
		if len(head) < 8 {
			return refuseTruncated("HEIC ends in a box header")
		}
		size, used := int64(binary.BigEndian.Uint32(head)), int64(8)
		name := string(head[4:8])
		switch {
		case size == 0:
			size = end - at
		case size == 1 && len(head) >= 16:
			size, used = int64(binary.BigEndian.Uint64(head[8:])), 16
		}
		if size < used {
			return refuseCorrupt("HEIC box of %d bytes", size)
		}
		if size > end-at {
			return refuseTruncated("HEIC box beyond the end")
		}
		if skip, ok := containers[name]; ok {
			if err := h.boxes(in, at+used+skip, at+size, depth+1); err != nil {
				return err
			}
		}
		h.keep(name, head, size)
		at += size
	}
	return nil
}

func (h *heifFile) keep(name string, head []byte, size int64) {
	switch {
	case name == "mdat" && size > 8:
		h.data = true
	case name == "ispe" && len(head) >= 20:
		w, t := be31(head[12:]), be31(head[16:])
		if int64(w)*int64(t) > int64(h.width)*int64(h.height) {
			h.width, h.height = w, t
		}
	}
}
