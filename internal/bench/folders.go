package bench

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"onewindow/internal/bench/live"
)

func makeFolder(path string) (string, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return "", fmt.Errorf("make folder: %w", err)
	}
	return path, nil
}

func joinStop(err error, s *live.Service) error { return errors.Join(err, s.Stop()) }

// compiled is where the service keeps compiled WebAssembly; nothing is measured
// that would compile it.
func compiled() string {
	base, err := os.UserCacheDir()
	if err != nil {
		base = os.TempDir()
	}
	return filepath.Join(base, "onewindow", "wasm")
}
