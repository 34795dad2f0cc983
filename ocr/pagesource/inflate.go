package pagesource

import (
	"bufio"
	"compress/zlib"
	"encoding/ascii85"
	"encoding/hex"
	"io"

	"golang.org/x/image/tiff/lzw"
)

// inflated reads a stream of a PDF through its filters. A filter that is not a
// compression of text (pictures, encryption) ends the chain: what follows it is
// the business of PDFium.
func inflated(in *input, start, size int64, filters []string) io.Reader {
	var r io.Reader = io.NewSectionReader(in, start, size)
	for _, f := range filters {
		switch f {
		case "FlateDecode", "Fl":
			z, err := zlib.NewReader(bufio.NewReader(r))
			if err != nil {
				return failing{err}
			}
			r = z
		case "LZWDecode", "LZW":
			r = lzw.NewReader(r, lzw.MSB, 8)
		case "ASCII85Decode", "A85":
			r = ascii85.NewDecoder(r)
		case "ASCIIHexDecode", "AHx":
			r = hex.NewDecoder(r)
		case "RunLengthDecode", "RL":
			raw, err := io.ReadAll(io.LimitReader(r, maxStream))
			if err != nil {
				return failing{err}
			}
			r = &packBits{src: raw}
		default:
			return r
		}
	}
	return r
}

// failing is a reader that fails.
type failing struct{ err error }

// Read implements io.Reader.
func (f failing) Read([]byte) (int, error) { return 0, f.err }
