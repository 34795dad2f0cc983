package score

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Label is the truth of one file: a line of labels.jsonl. What is absent is not
// scored, so that a user can label a folder of scans with as little as its types.
type Label struct {
	File  string `json:"file"`            // relative to labels.jsonl
	Group string `json:"group,omitempty"` // what to report it under, e.g. "fax"
	Kind  string `json:"kind,omitempty"`  // of internal/sample, for people
	// Type is the code a reader must give; "" must stay unrecognized.
	Type *string `json:"type,omitempty"`
	// Secrecy is the marking printed on the file; "" must raise no alarm.
	Secrecy string            `json:"secrecy,omitempty"`
	Fields  map[string]string `json:"fields,omitempty"` // normalised
	Text    []string          `json:"text,omitempty"`   // a page each, lines in reading order
	Project string            `json:"project,omitempty"`
	Pages   int               `json:"pages,omitempty"`
}

// longestLabel bounds one line of labels.jsonl, bytes.
const longestLabel = 4 << 20

// ReadLabels reads a labels.jsonl. Errors name the line.
func ReadLabels(path string) ([]Label, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open labels: %w", err)
	}
	defer f.Close()
	var out []Label
	lines := bufio.NewScanner(f)
	lines.Buffer(make([]byte, 64<<10), longestLabel)
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var l Label
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("labels line %d: %w", n, err)
		}
		if l.File == "" {
			return nil, fmt.Errorf("labels line %d: no file named", n)
		}
		if l.Group == "" {
			l.Group = "all"
		}
		out = append(out, l)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read labels: %w", err)
	}
	return out, nil
}

// Path is where the file of l lies, for labels read from the file labels.
func (l Label) Path(labels string) string {
	if filepath.IsAbs(l.File) {
		return l.File
	}
	return filepath.Join(filepath.Dir(labels), l.File)
}
