package imagestamp

import (
	"image"

	"github.com/disintegration/imaging"
)

// orientation is the EXIF and TIFF tag 274, 1 to 8.
type orientation int

// rotation returns the clockwise turn that makes the picture upright, and whether
// a turn is enough: mirrored pictures must be drawn anew.
func (o orientation) rotation() (degrees int, enough bool) {
	switch o {
	case 3:
		return 180, true
	case 6:
		return 90, true
	case 8:
		return 270, true
	case 2, 4, 5, 7:
		return 0, false
	}
	return 0, true
}

// upright turns and mirrors pixels as the tag says.
func (o orientation) upright(img image.Image) image.Image {
	switch o {
	case 2:
		return imaging.FlipH(img)
	case 3:
		return imaging.Rotate180(img)
	case 4:
		return imaging.FlipV(img)
	case 5:
		return imaging.Transpose(img)
	case 6:
		return imaging.Rotate270(img) // imaging counts counter-clockwise
	case 7:
		return imaging.Transverse(img)
	case 8:
		return imaging.Rotate90(img)
	}
	return img
}

// turned swaps the axes with the pixels.
func (d density) turned(o orientation) density {
	if o >= 5 && o <= 8 {
		return density{d.y, d.x}
	}
	return d
}
