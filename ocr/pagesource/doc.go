// Package pagesource opens the files people bring and gives their pages, one at
// a time, as sound text or as a picture. It implements ocr.PageSource.
//
// What is read: PDF (PDFium in WebAssembly), JPEG, PNG, TIFF, BMP, WebP, HEIC,
// GIF and OFD (GB/T 33190). The type is taken from the content, never from the
// name. What cannot be read is refused with a code and a Chinese sentence that
// says what to do.
//
// Order of trust for a page: its own text layer where that is sound (see
// textLayer), else the picture that fills the page, pixel for pixel, else a
// rendering.
//
// OFD pages are converted to PDF for drawing; their text comes from the XML.
// Nothing is written to disk but PDFium's compiled code.
//
// Everything here parses foreign bytes. In production it runs inside a sandbox
// child that can be killed: PDFium checks ctx between calls only, because
// interruptible WebAssembly is three to five times slower (measured).
package pagesource
