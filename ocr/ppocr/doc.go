// Package ppocr reads pages with the PP-OCRv4 mobile models on ONNX Runtime: a
// text detector (differentiable binarization), a 0/180 degree line classifier
// and a line recognizer (CTC). Models and library are resources installed by
// ocr/models/install.sh.
//
// A page goes: picture -> ink plane (one byte per pixel, red seals paled) ->
// rotated boxes -> turn of the page -> line crops of height 48 -> characters ->
// reading order.
//
// Lines are recognized one by one and not in batches: on CPUs padding a batch
// to its widest line costs more than it saves, and a page ends between lines
// when its context does.
package ppocr
