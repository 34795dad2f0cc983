package hotfolder

import (
	"errors"
	"fmt"
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

func sightingOf(info os.FileInfo) sighting {
	return sighting{size: info.Size(), mtime: info.ModTime(), ctime: changeTime(info)}
}

// same reports whether nobody wrote to the file between two sightings.
func (s sighting) same(o sighting) bool {
	return s.size == o.size && s.mtime.Equal(o.mtime) && s.ctime.Equal(o.ctime)
}

// rests reports whether a file is quiet (size, mtime and ctime unchanged for the
// quiet period) and complete for its format, or why not. A scanner that pauses in
// the middle of a page is quiet but not complete. What rests incomplete beyond
// patience is taken as it is, to be refused with a reason.
func (w *Watcher) rests(path string, info os.FileInfo) (bool, why) {
	now := time.Now()
	s := sightingOf(info)
	s.since = now
	if old, ok := w.seen[path]; ok && old.same(s) {
		s.since = old.since
	}
	w.seen[path] = s
	rested := now.Sub(s.since)
	if rested < w.Quiet {
		w.lookAgain(s.since.Add(w.Quiet))
		return false, whyWriting
	}
	if rested >= w.Patience {
		return true, whyWriting
	}
	f, err := openRegular(path)
	if err != nil {
		return false, whyClosed
	}
	defer f.Close()
	if !complete(f, info.Size()) {
		return false, whyIncomplete
	}
	return true, whyWriting
}

// lookAgain asks for the next search no later than at.
func (w *Watcher) lookAgain(at time.Time) {
	if w.next.IsZero() || at.Before(w.next) {
		w.next = at
	}
}

func changeTime(info os.FileInfo) time.Time {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return time.Unix(st.Ctim.Sec, st.Ctim.Nsec)
	}
	return info.ModTime()
}

var errNotRegular = errors.New("not a regular file")

// openRegular opens a file for reading, and neither follows a link nor waits at
// a pipe that somebody put in its place.
func openRegular(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("open %s: %w", info.Mode().Type(), errNotRegular)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
