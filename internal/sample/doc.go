// Package sample makes synthetic documents of Chinese construction approval with
// exact ground truth: what type a document is, every field's value, every line
// of text and where it stands. Tests, `onewindow demo`, `eval` and the
// benchmarks read them instead of other people's papers.
//
// Everything follows from a seed: the same seed gives the same document, the
// same pixels and the same file. Places are real divisions of Hunan (GB/T 2260);
// streets, organisations and people are invented, and codes carry the bodies
// reserved for examples (DEM0TE in credit codes), so nobody real is named.
//
// A chain of documents belongs together when it is made from one Project:
//
//	p := sample.NewProject(7)
//	filing := sample.Make("rd-filing-cert", p, 1)
//	permit := sample.Make("rd-construction-permit", p, 1)
//
// A Document is a description in millimetres. A Studio turns it into pixels
// (Image, Shots), into PDF (born-digital PDF and PDFWith, Scan), into OFD; the
// Encode functions write JPEG, PNG, TIFF, BMP and WebP. Degrade and Presets do to
// pixels what paper, scanners and telephones do; MovedLines keeps the truth in
// place. Package bad makes what no reader should trust.
//
// Kinds are named after the codes of the catalogue: result types (rd-…) and
// materials. Kinds x-… must stay unrecognized, secret-… must be quarantined,
// open-… only sound as if they should be.
package sample
