package hotfolder

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"
)

// Queue is what waits in one hot folder.
type Queue struct {
	Files  int
	Oldest time.Time // of the file that waits longest
}

// Waiting counts the files that were dropped and not taken yet, by the folder of
// their window: "hall/window", "hall" or "" for the top.
func (w *Watcher) Waiting() (map[string]Queue, error) {
	out := map[string]Queue{}
	err := filepath.WalkDir(w.Inbox, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && path != w.Inbox { // taken meanwhile
			return nil
		}
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && path != w.Inbox {
			return fs.SkipDir
		}
		if !d.Type().IsRegular() || strings.HasPrefix(d.Name(), ".") {
			return nil
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		inside, err := filepath.Rel(w.Inbox, path)
		if err != nil {
			return err
		}
		folders := strings.Split(filepath.ToSlash(inside), "/")
		folder := strings.Join(folders[:min(2, len(folders)-1)], "/")
		q := out[folder]
		q.Files++
		if q.Oldest.IsZero() || info.ModTime().Before(q.Oldest) {
			q.Oldest = info.ModTime()
		}
		out[folder] = q
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look into hot folder: %w", err)
	}
	return out, nil
}
