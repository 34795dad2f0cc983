// Package shapes reads single Chinese characters by their shape: the directions of
// their strokes, held against the same characters drawn from the installed fonts.
//
// It is there for characters that a recognizer never learned. GB/T 2312 prints 6,763
// characters, the dictionary of PP-OCRv4 lacks 1,284 of them (浯, 岵), and names of
// places and companies use them. A single character cut out of a line is enough to
// tell such a one from all others; a whole line is not read so.
package shapes
