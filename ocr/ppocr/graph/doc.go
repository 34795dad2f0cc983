// Package graph rewrites an ONNX network into an equivalent one that the runtime
// executes in fewer passes over memory.
//
// The PP-OCRv4 mobile networks were exported with their hard-swish activations
// and learned scalings taken apart into eight element-wise operations per layer.
// On a CPU those passes cost more than the convolutions between them, and the
// runtime's own optimizer does not recognise them. Lighten puts them together
// again when the network is loaded, so that the published weights stay as they
// are on disk.
package graph
