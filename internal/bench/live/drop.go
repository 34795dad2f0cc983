package live

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Dropped says when a file came into the hot folder, and when the service claimed
// it: the moment it was renamed away, which is when the quiet period is over. The
// word of that may reach us late, after the document was registered.
type Dropped struct{ At, Claimed time.Time }

// Drop puts a file into the hot folder in one move, as a careful scanner does,
// and waits until it is claimed.
func (s *Service) Drop(ctx context.Context, name string, content []byte) (d Dropped, err error) {
	watch, err := fsnotify.NewWatcher()
	if err != nil {
		return d, fmt.Errorf("watch hot folder: %w", err)
	}
	defer watch.Close()
	if err := watch.Add(s.Inbox); err != nil {
		return d, fmt.Errorf("watch hot folder: %w", err)
	}
	path := filepath.Join(s.Inbox, name)
	temp := filepath.Join(s.Inbox, "."+name)
	if err := os.WriteFile(temp, content, 0o600); err != nil {
		return d, fmt.Errorf("write into hot folder: %w", err)
	}
	d.At = time.Now()
	if err := os.Rename(temp, path); err != nil {
		return d, fmt.Errorf("move into hot folder: %w", err)
	}
	for {
		select {
		case e := <-watch.Events:
			if e.Name == path && e.Has(fsnotify.Rename) {
				d.Claimed = time.Now()
				return d, nil
			}
		case err := <-watch.Errors:
			return d, fmt.Errorf("watch hot folder: %w", err)
		case <-ctx.Done():
			return d, fmt.Errorf("wait for claim: %w", context.Cause(ctx))
		}
	}
}
