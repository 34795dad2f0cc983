package hotfolder

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"syscall"
	"time"
)

// sighting is how a file looked, and since when.
type sighting struct {
	size         int64
	mtime, ctime time.Time
	since        time.Time
}

// rests reports whether a file is quiet (size, mtime and ctime unchanged for the
// quiet period) and complete for its format. A scanner that pauses in the middle
// of a page is quiet but not complete.
func (w *Watcher) rests(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	now := time.Now()
	s := sighting{size: info.Size(), mtime: info.ModTime(), ctime: changeTime(info), since: now}
	if old, ok := w.seen[path]; ok && old.size == s.size && old.mtime.Equal(s.mtime) && old.ctime.Equal(s.ctime) {
		s.since = old.since
	}
	w.seen[path] = s
	rested := now.Sub(s.since)
	if rested < w.Quiet {
		return false
	}
	return complete(path, info.Size()) || rested >= w.Patience
}

func changeTime(info os.FileInfo) time.Time {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return time.Unix(st.Ctim.Sec, st.Ctim.Nsec)
	}
	return info.ModTime()
}

// tail is how much of the end is searched for a trailer; PDF allows bytes after it.
const tail = 2048

// complete reports whether a file has the end its format asks for. A format
// without a known end is complete when it rests; an empty file never is, until
// patience ends.
func complete(path string, size int64) bool {
	if size == 0 {
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, min(size, 16))
	if _, err := io.ReadFull(f, head); err != nil {
		return false
	}
	end := make([]byte, min(size, tail))
	if _, err := f.ReadAt(end, size-int64(len(end))); err != nil && err != io.EOF {
		return false
	}
	switch {
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return bytes.Contains(end, []byte("%%EOF"))
	case bytes.HasPrefix(head, []byte{0xff, 0xd8}):
		return bytes.Contains(end, []byte{0xff, 0xd9})
	case bytes.HasPrefix(head, []byte("\x89PNG")):
		return bytes.Contains(end, []byte("IEND"))
	case bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")):
		return tiffComplete(f, head, size)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return bytes.Contains(end, []byte("PK\x05\x06"))
	}
	return true
}

// tiffComplete follows the chain of directories: writers put a directory after
// its pixels, so a chain that ends inside the file is a file that is whole.
func tiffComplete(f io.ReaderAt, head []byte, size int64) bool {
	var order binary.ByteOrder = binary.LittleEndian
	if head[0] == 'M' {
		order = binary.BigEndian
	}
	if len(head) < 8 {
		return false
	}
	at := int64(order.Uint32(head[4:8]))
	for range 10_000 {
		if at == 0 {
			return true
		}
		var count [2]byte
		if at+2 > size {
			return false
		}
		if _, err := f.ReadAt(count[:], at); err != nil {
			return false
		}
		next := at + 2 + 12*int64(order.Uint16(count[:]))
		var link [4]byte
		if next+4 > size {
			return false
		}
		if _, err := f.ReadAt(link[:], next); err != nil && err != io.EOF {
			return false
		}
		at = int64(order.Uint32(link[:]))
	}
	return false
}
