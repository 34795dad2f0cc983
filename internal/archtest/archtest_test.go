package archtest

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// floors order the house: a package may import only packages of lower floors,
// and packages of its own top-level folder.
var floors = map[string]int{
	"document": 0,
	"approval": 1,
	"storage":  2, "ocr": 2, "classify": 2, "extract": 2, "stamp": 2,
	"pipeline": 3, "casework": 3, "access": 3, "intake": 3, // Receive; its doors are above
	"api": 4, "web": 4, "doors": 4,
	"cmd": 5,
}

// technology packages are named by what they are made of. Only cmd, the room
// for foreign bytes and tests may know them: all others know their interface.
var technology = []string{
	"onewindow/storage/filestore", "onewindow/storage/s3store", "onewindow/storage/sqlstore",
	"onewindow/ocr/ppocr", "onewindow/ocr/tesseract", "onewindow/ocr/pagesource",
	"onewindow/classify/titlerules", "onewindow/extract/labels",
	"onewindow/casework/notices/noticepdf",
	"onewindow/stamp/pdfstamp", "onewindow/stamp/imagestamp", "onewindow/pipeline/asynqueue", "onewindow/access/oidc",
}

type listed struct {
	ImportPath string
	Imports    []string
}

func TestArchitecture_ImportsPointDown(t *testing.T) {
	for _, p := range packages(t) {
		for _, imported := range p.Imports {
			if why := wrong(p.ImportPath, imported); why != "" {
				t.Errorf("%s imports %s: %s", p.ImportPath, imported, why)
			}
		}
	}
}

// TestArchitecture_RulesCatchBadArrows shows that the rules can fail.
func TestArchitecture_RulesCatchBadArrows(t *testing.T) {
	for _, arrow := range [][2]string{
		{"onewindow/document", "onewindow/approval"},
		{"onewindow/storage", "onewindow/pipeline"},
		{"onewindow/pipeline", "onewindow/casework"},
		{"onewindow/api", "onewindow/storage/sqlstore"},
		{"onewindow/document", "github.com/google/uuid"},
		{"onewindow/internal/sandbox", "onewindow/pipeline"},
	} {
		if wrong(arrow[0], arrow[1]) == "" {
			t.Errorf("%s -> %s was not caught", arrow[0], arrow[1])
		}
	}
}

// wrong says why an arrow may not be, or "".
func wrong(from, to string) string {
	home, ours := top(from), strings.HasPrefix(to, "onewindow/")
	if !ours {
		if (home == "document" || home == "approval") && strings.Contains(strings.Split(to, "/")[0], ".") && !allowedOutside(from, to) {
			return "this vocabulary is standard library only"
		}
		return ""
	}
	target := top(to)
	if home == "internal" {
		return wrongInternal(from, to, target)
	}
	if target == "internal" {
		if isRoom(to) && home != "cmd" {
			return "the room for foreign bytes is wired by cmd"
		}
		return ""
	}
	if home != "cmd" && isTechnology(to) && !sameTechnology(from, to) {
		return "technology is known to cmd and tests only"
	}
	if home != target && floors[target] >= floors[home] {
		return "the arrow points up or sideways"
	}
	return ""
}

func wrongInternal(from, to, target string) string {
	if isRoom(from) || target == "internal" {
		return ""
	}
	if target == "document" || strings.HasPrefix(from, "onewindow/internal/sample") || strings.HasPrefix(from, "onewindow/internal/bench") {
		return ""
	}
	return "internal helpers know only documents"
}

// allowedOutside are the few libraries the vocabulary needs.
func allowedOutside(from, to string) bool {
	return from == "onewindow/approval/catalogue" && strings.HasPrefix(to, "gopkg.in/yaml") ||
		strings.HasPrefix(from, "onewindow/approval/") && strings.HasPrefix(to, "golang.org/x/text/") ||
		from == "onewindow/approval/calendar" && strings.HasPrefix(to, "gopkg.in/yaml")
}

// sameTechnology reports whether both packages are parts of one technology.
func sameTechnology(from, to string) bool {
	for _, t := range technology {
		if sameTree(from, t) && sameTree(to, t) {
			return true
		}
	}
	return false
}

func isRoom(path string) bool { return path == "onewindow/internal/workroom" }

func isTechnology(path string) bool {
	for _, t := range technology {
		if sameTree(path, t) {
			return true
		}
	}
	return false
}

func sameTree(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }

// top is the house's room a package belongs to; the doors of intake stand above
// the Receive they share.
func top(path string) string {
	path = strings.TrimPrefix(path, "onewindow/")
	if strings.HasPrefix(path, "intake/") {
		return "doors"
	}
	return strings.Split(path, "/")[0]
}

func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "onewindow/...").Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("list packages: %s", exit.Stderr)
		}
		t.Fatalf("list packages: %v", err)
	}
	var all []listed
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("read package list: %v", err)
		}
		all = append(all, p)
	}
}
