package turbojpeg_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"onewindow/ocr/pagesource/turbojpeg"
)

// picture has edges, colours and odd sides.
func picture(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.RGBA{byte(x * 7), byte(y * 5), byte((x + y) * 3), 255})
		}
	}
	return m
}

// convert writes a picture as JPEG with ImageMagick.
func convert(t *testing.T, m image.Image, args ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 98}); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "out.jpg")
	cmd := exec.Command("convert", append(append([]string{"jpeg:-"}, args...), out)...)
	cmd.Stdin = &b
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("convert: %v\n%s", err, said)
	}
	file, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// far is the largest difference of a colour between two pictures.
func far(a, b image.Image) int {
	most := 0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			r, g, bl, _ := a.At(x, y).RGBA()
			r2, g2, bl2, _ := b.At(x, y).RGBA()
			for _, d := range []int{int(r>>8) - int(r2>>8), int(g>>8) - int(g2>>8), int(bl>>8) - int(bl2>>8)} {
				most = max(most, d, -d)
			}
		}
	}
	return most
}

func TestDecode_AgreesWithTheStandardLibrary(t *testing.T) {
	for _, size := range [][2]int{{64, 48}, {61, 47}, {1, 1}, {17, 300}} {
		for _, args := range [][]string{
			{}, {"-sampling-factor", "1x1"}, {"-sampling-factor", "2x1"}, {"-sampling-factor", "2x2"}, {"-sampling-factor", "1x2"},
			{"-interlace", "JPEG"}, {"-colorspace", "Gray"},
		} {
			t.Run(fmt.Sprint(size, args), func(t *testing.T) {
				file := convert(t, picture(size[0], size[1]), args...)
				want, err := jpeg.Decode(bytes.NewReader(file))
				if err != nil {
					t.Fatal(err)
				}
				got, err := turbojpeg.Decode(file, 1<<20)
				if err != nil {
					t.Fatal(err)
				}
				if got.Bounds() != want.Bounds() {
					t.Fatalf("size %v, want %v", got.Bounds(), want.Bounds())
				}
				// Two decoders round their cosines differently.
				if d := far(got, want); d > 6 {
					t.Errorf("a colour differs by %d", d)
				}
			})
		}
	}
}

func TestDecode_LeavesTheUnusualAlone(t *testing.T) {
	whole := convert(t, picture(200, 200))
	damaged := bytes.Clone(whole)
	copy(damaged[len(damaged)/2:], bytes.Repeat([]byte{0xff, 0xd9}, 20))
	for name, file := range map[string][]byte{
		"nothing": nil, "no JPEG": []byte("%PDF-1.7"), "cut off": whole[:len(whole)/2], "damaged": damaged,
		"CMYK": convert(t, picture(20, 20), "-colorspace", "CMYK"),
	} {
		if _, err := turbojpeg.Decode(file, 1<<20); !errors.Is(err, turbojpeg.ErrUnfit) {
			t.Errorf("%s: %v, want ErrUnfit", name, err)
		}
	}
	if _, err := turbojpeg.Decode(whole, 200*200-1); !errors.Is(err, turbojpeg.ErrUnfit) {
		t.Errorf("a picture above the limit: %v, want ErrUnfit", err)
	}
}

func FuzzDecode(f *testing.F) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(33, 21), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte{0xff, 0xd8, 0xff, 0xc0})
	f.Fuzz(func(t *testing.T, file []byte) {
		img, err := turbojpeg.Decode(file, 1<<20)
		if err != nil {
			return
		}
		img.At(img.Bounds().Dx()-1, img.Bounds().Dy()-1)
	})
}

func BenchmarkDecode(b *testing.B) {
	var file bytes.Buffer
	if err := jpeg.Encode(&file, picture(2480, 3508), nil); err != nil {
		b.Fatal(err)
	}
	b.Run("turbojpeg", func(b *testing.B) {
		for b.Loop() {
			if _, err := turbojpeg.Decode(file.Bytes(), 1<<24); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("image-jpeg", func(b *testing.B) {
		for b.Loop() {
			if _, err := jpeg.Decode(bytes.NewReader(file.Bytes())); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// TestEncodedPicturesCanBeDecodedByOthers writes pictures and reads them with the
// standard library.
func TestEncodedPicturesCanBeDecodedByOthers(t *testing.T) {
	rgba, gray := image.NewRGBA(image.Rect(0, 0, 70, 50)), image.NewGray(image.Rect(0, 0, 70, 50))
	for y := range 50 {
		for x := range 70 {
			rgba.SetRGBA(x, y, color.RGBA{uint8(3 * x), uint8(5 * y), 90, 255})
			gray.SetGray(x, y, color.Gray{uint8(3 * x)})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, rgba, &jpeg.Options{Quality: 97}); err != nil {
		t.Fatal(err)
	}
	planes, err := turbojpeg.Decode(b.Bytes(), 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []image.Image{rgba, gray, planes, gray.SubImage(image.Rect(10, 10, 60, 40))} {
		file, err := turbojpeg.Encode(m, 95)
		if err != nil {
			t.Fatal(err)
		}
		back, err := jpeg.Decode(bytes.NewReader(file))
		if err != nil || back.Bounds().Size() != m.Bounds().Size() {
			t.Fatalf("%T: %v %v", m, back.Bounds(), err)
		}
		r, _, _, _ := m.At(m.Bounds().Min.X+20, m.Bounds().Min.Y+10).RGBA()
		got, _, _, _ := back.At(20, 10).RGBA()
		if d := int(r>>8) - int(got>>8); d < -12 || d > 12 {
			t.Errorf("%T: red %d came back as %d", m, r>>8, got>>8)
		}
	}
	if _, err := turbojpeg.Encode(image.NewCMYK(image.Rect(0, 0, 4, 4)), 90); !errors.Is(err, turbojpeg.ErrUnfit) {
		t.Errorf("CMYK: %v", err)
	}
}
