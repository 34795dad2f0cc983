package ppocr

import (
	"fmt"
	"os"
	"strings"

	"onewindow/internal/resources"
)

// openDictionary returns the characters by output class of the recognizer:
// class 0 is the CTC blank, the last class is the space.
func openDictionary() ([]string, error) {
	path, err := resources.Path("models/ppocr_keys_v1.txt")
	if err != nil {
		return nil, fmt.Errorf("open dictionary: %w", err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read dictionary: %w", err)
	}
	keys := strings.Split(strings.TrimRight(string(b), "\n"), "\n")
	out := make([]string, 0, len(keys)+2)
	out = append(out, "")
	for _, k := range keys {
		out = append(out, strings.TrimSuffix(k, "\r"))
	}
	return append(out, " "), nil
}
