// Package ppocr reads pages with the PP-OCRv4 mobile models on ONNX Runtime: a
// text detector (differentiable binarization), a 0/180 degree line classifier
// and a line recognizer (CTC). Models and library are resources installed by
// ocr/models/install.sh; an engine takes about 200 MB.
//
// A page goes: picture -> ink plane (package ink: one byte per pixel, seals taken
// out) -> rotated boxes -> turn of the page -> cells (boxes cut at table rules,
// spread labels joined, columns of characters put together) -> crops 48 pixels
// high -> characters -> reading order (package layout).
//
// Networks are rewritten when they are loaded (package graph), which halves the
// time of a page. Lines are recognized one by one and not in batches: on CPUs
// padding a batch to its widest line costs more than it saves, and a page ends
// between lines when its context does.
package ppocr
