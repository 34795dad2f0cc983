package ppocr

import (
	"math"
	"os"
	"testing"

	"onewindow/internal/resources"
	"onewindow/ocr/ink"
	"onewindow/ocr/ocrtest"
)

// The rewritten networks must answer as the published ones do.
func TestLightNetworksAnswerAsPublished(t *testing.T) {
	if err := startRuntime(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		model
		height, width int
		shape         []int64
	}{
		{detection, 96, 640, []int64{1, 1, 96, 640}},
		{angle, lineHeight, angleWidth, []int64{1, 2}},
		{recognition, lineHeight, 320, []int64{1, 320 / timeStep, 6625}},
	} {
		t.Run(c.file, func(t *testing.T) {
			light, err := openNetwork(c.model, 1)
			if err != nil {
				t.Fatal(err)
			}
			defer light.close()
			published := openPublished(t, c.model)
			defer published.close()
			input := excerpt(t, 290, 1058, c.height, c.width)
			want, err := published.run(input, c.height, c.width, c.shape...)
			if err != nil {
				t.Fatal(err)
			}
			got, err := light.run(input, c.height, c.width, c.shape...)
			if err != nil {
				t.Fatal(err)
			}
			var spread float64
			for i := range want {
				spread = max(spread, float64(want[i]))
				if d := math.Abs(float64(got[i] - want[i])); d > 1e-3 {
					t.Fatalf("output %d: %v, published network says %v", i, got[i], want[i])
				}
			}
			if spread < 0.1 {
				t.Fatalf("all answers below %.3f: the picture shows nothing, the test proves nothing", spread)
			}
		})
	}
}

func openPublished(t *testing.T, m model) *network {
	t.Helper()
	path, err := resources.Path("models/" + m.file)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	n, err := newNetwork(m, encoded, 1)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// excerpt is the normalised part of the sample letter that begins at (x, y).
func excerpt(t *testing.T, x, y, height, width int) []float32 {
	t.Helper()
	img, _ := ocrtest.Letter(t)
	var page, part plane
	new(ink.Converter).Convert(&page.Plane, img)
	part.Reset(width, height)
	for row := range height {
		copy(part.Pix[row*width:(row+1)*width], page.Pix[(y+row)*page.W+x:])
	}
	out := make([]float32, 3*height*width)
	part.normalise(out, width)
	return out
}
