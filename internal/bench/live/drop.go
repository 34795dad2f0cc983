package live

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Drop puts a file into the hot folder in one move, as a careful scanner does,
// and returns when the service claimed it: the moment it was renamed away, which
// is when the quiet period is over.
func (s *Service) Drop(ctx context.Context, name string, content []byte) (time.Time, error) {
	watch, err := fsnotify.NewWatcher()
	if err != nil {
		return time.Time{}, fmt.Errorf("watch hot folder: %w", err)
	}
	defer watch.Close()
	if err := watch.Add(s.Inbox); err != nil {
		return time.Time{}, fmt.Errorf("watch hot folder: %w", err)
	}
	path := filepath.Join(s.Inbox, name)
	temp := filepath.Join(s.Inbox, "."+name)
	if err := os.WriteFile(temp, content, 0o600); err != nil {
		return time.Time{}, fmt.Errorf("write into hot folder: %w", err)
	}
	if err := os.Rename(temp, path); err != nil {
		return time.Time{}, fmt.Errorf("move into hot folder: %w", err)
	}
	for {
		select {
		case e := <-watch.Events:
			if e.Name == path && e.Has(fsnotify.Rename) {
				return time.Now(), nil
			}
		case err := <-watch.Errors:
			return time.Time{}, fmt.Errorf("watch hot folder: %w", err)
		case <-ctx.Done():
			return time.Time{}, fmt.Errorf("wait for claim: %w", context.Cause(ctx))
		}
	}
}
