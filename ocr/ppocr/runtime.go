package ppocr

import (
	"fmt"
	"os"
	"sync"

	ort "github.com/yalue/onnxruntime_go"

	"onewindow/internal/resources"
	"onewindow/ocr/ppocr/graph"
)

// loading guards the one ONNX Runtime of the process: the library keeps its
// environment in process globals that are not safe to initialise twice at once.
var loading sync.Mutex

// startRuntime loads the shared library unless it is loaded. It stays loaded
// until the process ends, as other engines may be using it.
func startRuntime() error {
	loading.Lock()
	defer loading.Unlock()
	if ort.IsInitialized() {
		return nil
	}
	path, err := resources.Path("lib/libonnxruntime.so")
	if err != nil {
		return fmt.Errorf("start ONNX Runtime: %w", err)
	}
	ort.SetSharedLibraryPath(path)
	if err := ort.InitializeEnvironment(ort.WithLogLevelError()); err != nil {
		return fmt.Errorf("start ONNX Runtime: %w", err)
	}
	return nil
}

// network is one loaded model with one image input and one output.
type network struct {
	session *ort.DynamicAdvancedSession
	output  []float32 // grown as needed, reused between runs
}

// model names a network: its resource and the names of its input and output.
type model struct{ file, input, output string }

// The networks of PP-OCRv4 mobile. Their files are pinned by SHA-256, so the
// names inside are known.
var (
	detection   = model{"ch_PP-OCRv4_det_infer.onnx", "x", "sigmoid_0.tmp_0"}
	angle       = model{"ch_ppocr_mobile_v2.0_cls_infer.onnx", "x", "softmax_0.tmp_0"}
	recognition = model{"ch_PP-OCRv4_rec_infer.onnx", "x", "softmax_11.tmp_0"}
)

// openNetwork loads a model, rewritten to run faster (see package graph).
func openNetwork(m model, threads int) (*network, error) {
	path, err := resources.Path("models/" + m.file)
	if err != nil {
		return nil, fmt.Errorf("open model: %w", err)
	}
	encoded, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read model %s: %w", m.file, err)
	}
	light, err := graph.Lighten(encoded)
	if err != nil {
		return nil, fmt.Errorf("read model %s: %w", m.file, err)
	}
	return newNetwork(m, light, threads)
}

func newNetwork(m model, encoded []byte, threads int) (*network, error) {
	options, err := sessionOptions(threads)
	if err != nil {
		return nil, fmt.Errorf("open model %s: %w", m.file, err)
	}
	defer options.Destroy()
	session, err := ort.NewDynamicAdvancedSessionWithONNXData(encoded, []string{m.input}, []string{m.output}, options)
	if err != nil {
		return nil, fmt.Errorf("open model %s: %w", m.file, err)
	}
	return &network{session: session}, nil
}

func sessionOptions(threads int) (*ort.SessionOptions, error) {
	options, err := ort.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	steps := []func() error{
		func() error { return options.SetIntraOpNumThreads(threads) },
		func() error { return options.SetInterOpNumThreads(1) },
		func() error { return options.SetGraphOptimizationLevel(ort.GraphOptimizationLevelEnableAll) },
		// Every line has its own width: a memory plan per shape would never be reused.
		func() error { return options.SetMemPattern(false) },
		// Idle workers must not burn the core another worker needs.
		func() error { return options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0") },
		// Near-blank regions produce denormal floats, which are many times slower.
		func() error { return options.AddSessionConfigEntry("session.set_denormal_as_zero", "1") },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			options.Destroy()
			return nil, err
		}
	}
	return options, nil
}

// run feeds one picture of shape 1x3xheightxwidth and returns the output, whose
// shape the caller knows. The slice is valid until the next run.
func (n *network) run(input []float32, height, width int, outShape ...int64) ([]float32, error) {
	in, err := ort.NewTensor(ort.NewShape(1, 3, int64(height), int64(width)), input[:3*height*width])
	if err != nil {
		return nil, fmt.Errorf("make input: %w", err)
	}
	defer in.Destroy()
	shape := ort.NewShape(outShape...)
	size := int(shape.FlattenedSize())
	if cap(n.output) < size {
		n.output = make([]float32, size+size/4)
	}
	out, err := ort.NewTensor(shape, n.output[:size])
	if err != nil {
		return nil, fmt.Errorf("make output: %w", err)
	}
	defer out.Destroy()
	if err := n.session.Run([]ort.Value{in}, []ort.Value{out}); err != nil {
		return nil, fmt.Errorf("run model: %w", err)
	}
	return n.output[:size], nil
}

func (n *network) close() error {
	if n == nil || n.session == nil {
		return nil
	}
	err := n.session.Destroy()
	n.session = nil
	return err
}
