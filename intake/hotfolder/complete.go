package hotfolder

import (
	"bytes"
	"encoding/binary"
	"io"
	"regexp"
	"strconv"
)

// tail is how much of the end is searched for a trailer; PDF and others allow
// bytes after it.
const tail = 2048

// complete reports whether a file has everything its format says it has. A
// format that does not tell is complete when it rests; an empty file never is,
// until patience ends. What is broken beyond repair by waiting counts as
// complete: it is taken in and refused with a reason.
func complete(f io.ReaderAt, size int64) bool {
	if size == 0 {
		return false
	}
	head := make([]byte, min(size, 1024))
	if _, err := f.ReadAt(head, 0); err != nil && err != io.EOF {
		return false
	}
	p := part{f, size}
	switch {
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return p.pdf(head)
	case bytes.HasPrefix(head, []byte{0xff, 0xd8}):
		return p.jpeg()
	case bytes.HasPrefix(head, []byte("\x89PNG")):
		return bytes.Contains(p.end(0), []byte("IEND\xaeB`\x82"))
	case bytes.HasPrefix(head, []byte("II")), bytes.HasPrefix(head, []byte("MM")):
		return p.tiff(head)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return p.zip()
	case bytes.HasPrefix(head, []byte("GIF8")):
		return p.gif(head)
	case bytes.HasPrefix(head, []byte("RIFF")) && len(head) >= 8:
		return 8+int64(binary.LittleEndian.Uint32(head[4:])) <= size
	case bytes.HasPrefix(head, []byte("BM")) && len(head) >= 6:
		return int64(binary.LittleEndian.Uint32(head[2:])) <= size
	case len(head) >= 12 && string(head[4:8]) == "ftyp":
		return p.boxes()
	}
	return true
}

// part is a file of which maybe only a part has arrived.
type part struct {
	r    io.ReaderAt
	size int64
}

// read returns n bytes at an offset, or nil when they are not there.
func (p part) read(at int64, n int) []byte {
	if at < 0 || at > p.size-int64(n) {
		return nil
	}
	b := make([]byte, n)
	if _, err := p.r.ReadAt(b, at); err != nil && err != io.EOF {
		return nil
	}
	return b
}

// end returns the last bytes, none of them before from.
func (p part) end(from int64) []byte {
	from = max(from, p.size-tail, 0)
	return p.read(from, int(max(p.size-from, 0)))
}

var linearLength = regexp.MustCompile(`/Linearized\b[^>]{0,200}?/L\s+(\d{1,15})\b`)

// pdf looks for the trailer. A file made for the web has one near its start
// already, but says how long the whole is.
func (p part) pdf(head []byte) bool {
	if m := linearLength.FindSubmatch(head); m != nil {
		if whole, err := strconv.ParseInt(string(m[1]), 10, 64); err == nil && whole > p.size {
			return false
		}
	}
	return bytes.Contains(p.end(0), []byte("%%EOF"))
}

// jpeg looks for the end of the image after the first scan began: the small
// picture inside a photograph's header has an end of its own.
func (p part) jpeg() bool {
	at := int64(2)
	for range 1000 {
		b := p.read(at, 4)
		switch {
		case b == nil:
			return false
		case b[0] != 0xff:
			return bytes.Contains(p.end(0), []byte{0xff, 0xd9}) // not a chain of segments
		case b[1] == 0xff: // padding
			at++
		case b[1] == 0xd9:
			return true
		case b[1] == 0xda:
			return bytes.Contains(p.end(at), []byte{0xff, 0xd9})
		default:
			at += 2 + int64(binary.BigEndian.Uint16(b[2:]))
		}
	}
	return true
}

// zip looks for the end of the directory, and whether it is all there.
func (p part) zip() bool {
	end := p.end(0)
	at := bytes.LastIndex(end, []byte("PK\x05\x06"))
	if at < 0 || at+22 > len(end) {
		return false
	}
	length, start := binary.LittleEndian.Uint32(end[at+12:]), binary.LittleEndian.Uint32(end[at+16:])
	const inZip64 = 1<<32 - 1
	return start == inZip64 || int64(start)+int64(length) <= p.size
}

// gif follows the blocks to the trailer.
func (p part) gif(head []byte) bool {
	if len(head) < 13 {
		return false
	}
	at := 13 + colours(head[10])
	for range 100_000 {
		b := p.read(at, 1)
		switch {
		case b == nil:
			return false
		case b[0] == 0x21: // extension: a label, then blocks
			at = p.subBlocks(at + 2)
		case b[0] == 0x2c: // picture: its place, colours and code size, then blocks
			place := p.read(at, 10)
			if place == nil {
				return false
			}
			at = p.subBlocks(at + 11 + colours(place[9]))
		default: // the trailer, or nothing that belongs here
			return true
		}
	}
	return true
}

// colours is the length of the table that a flag byte tells of.
func colours(flags byte) int64 {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// subBlocks returns where a chain of blocks ends. A chain of more than 50 MB of
// full blocks is not followed; such a file waits until patience ends.
func (p part) subBlocks(at int64) int64 {
	for range 200_000 {
		b := p.read(at, 1)
		if b == nil {
			return p.size
		}
		at += 1 + int64(b[0])
		if b[0] == 0 {
			return at
		}
	}
	return p.size
}

// boxes follows the boxes of an ISO file (HEIC) to its end. Between two boxes a
// beginning looks whole, so the pictures and what tells of them must be there.
func (p part) boxes() bool {
	at, kinds := int64(0), map[string]bool{}
	for range 10_000 {
		if at == p.size {
			return kinds["meta"] && kinds["mdat"]
		}
		b := p.read(at, 8)
		if b == nil {
			return false
		}
		kinds[string(b[4:])] = true
		length := int64(binary.BigEndian.Uint32(b))
		switch {
		case length == 0: // to the end, wherever that is
			return true
		case length == 1:
			if b = p.read(at+8, 8); b == nil {
				return false
			}
			length = int64(binary.BigEndian.Uint64(b))
			if length < 16 {
				return true
			}
		case length < 8:
			return true // broken
		}
		if length > p.size-at {
			return false
		}
		at += length
	}
	return true
}
