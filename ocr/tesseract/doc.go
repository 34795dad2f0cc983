// Package tesseract reads pages with Tesseract through gosseract. It is the
// second engine beside ppocr: another maker's model, for comparison and for
// machines without ONNX Runtime.
//
// It needs libtesseract, libleptonica and the trained data of its languages
// (Debian: libtesseract-dev, libleptonica-dev, tesseract-ocr-chi-sim).
//
// Tesseract reads a page at once and cannot be interrupted: a context is obeyed
// between its runs, at most one page late.
package tesseract
