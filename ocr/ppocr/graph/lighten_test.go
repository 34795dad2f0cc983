package graph

import (
	"errors"
	"os"
	"testing"

	"onewindow/internal/resources"
)

// The rules must still fit the installed networks: every activation fused, every
// scaling moved into weights. That results stay equal is tested in package ppocr,
// where networks run.
func TestLightenFusesInstalledNetworks(t *testing.T) {
	for _, file := range []string{"ch_PP-OCRv4_det_infer.onnx", "ch_PP-OCRv4_rec_infer.onnx"} {
		before := operations(t, read(t, file))
		light, err := Lighten(read(t, file))
		if err != nil {
			t.Fatal(err)
		}
		after := operations(t, light)
		if before["Clip"] < 20 {
			t.Fatalf("%s: %d activations before, the test proves nothing", file, before["Clip"])
		}
		if after["Clip"] != 0 {
			t.Errorf("%s: %d activations left in parts", file, after["Clip"])
		}
		if want := before["HardSigmoid"] + before["Clip"]; after["HardSigmoid"] != want {
			t.Errorf("%s: %d gates, want %d", file, after["HardSigmoid"], want)
		}
		// Each activation keeps one product; the scalings, two or three a layer, go.
		if saved := before["Mul"] - after["Mul"]; saved < before["Clip"] {
			t.Errorf("%s: only %d of %d products removed", file, saved, before["Mul"])
		}
	}
}

func TestLightenRefusesForeignBytes(t *testing.T) {
	model := read(t, "ch_ppocr_mobile_v2.0_cls_infer.onnx")
	for name, b := range map[string][]byte{
		"empty": nil, "text": []byte("not a model"), "truncated": model[:len(model)/2],
	} {
		if _, err := Lighten(b); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v, want ErrMalformed", name, err)
		}
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	path, err := resources.Path("models/" + file)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func operations(t *testing.T, model []byte) map[string]int {
	t.Helper()
	n, err := decode(model)
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, d := range n.nodes {
		count[d.op]++
	}
	return count
}
