// Package resources finds the files that are installed beside the binary and
// are too large to embed: OCR models, the ONNX Runtime library, the CJK font.
package resources

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// ErrMissing is returned when a resource is not installed; `make build` installs all.
var ErrMissing = errors.New("resource not installed")

// Variable is the environment variable that names the resource folder.
const Variable = "ONEWINDOW_SHARE"

// Path returns the full path of a resource given by its path inside the
// resource folder, e.g. "models/ch_PP-OCRv4_det_infer.onnx". It looks in
// $ONEWINDOW_SHARE, in ../share/onewindow beside the binary, and in
// share/onewindow of the source tree that holds the working folder.
func Path(rel string) (string, error) {
	for _, root := range roots() {
		p := filepath.Join(root, filepath.FromSlash(rel))
		if _, err := os.Stat(p); err == nil {
			return p, nil
		}
	}
	return "", fmt.Errorf("find %s: %w", rel, ErrMissing)
}

// Font returns the path of the Chinese font: $ONEWINDOW_FONT, an installed
// resource fonts/NotoSansCJK-Regular.ttc, or the system's Noto Sans CJK.
func Font() (string, error) {
	if p := os.Getenv("ONEWINDOW_FONT"); p != "" {
		if _, err := os.Stat(p); err != nil {
			return "", fmt.Errorf("find font of ONEWINDOW_FONT: %w", ErrMissing)
		}
		return p, nil
	}
	if p, err := Path("fonts/NotoSansCJK-Regular.ttc"); err == nil {
		return p, nil
	}
	for _, p := range systemFonts {
		if _, err := os.Stat(p); err == nil {
			return p, nil
		}
	}
	return "", fmt.Errorf("find Noto Sans CJK (apt-get install fonts-noto-cjk): %w", ErrMissing)
}

// systemFonts are where Linux distributions put Noto Sans CJK.
var systemFonts = []string{
	"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
	"/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
	"/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
}

// Fonts returns the installed Chinese fonts that print is compared with, Font
// first: sans serif, serif and regular script, and whatever a deployment puts into
// fonts/ of the resource folder, the fonts its offices print in.
func Fonts() ([]string, error) {
	first, err := Font()
	if err != nil {
		return nil, err
	}
	out := []string{first}
	for _, p := range append(slices.Clone(otherFonts), ownFonts()...) {
		if _, err := os.Stat(p); err == nil && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out, nil
}

// ownFonts are the font files in fonts/ of the resource folder.
func ownFonts() []string {
	var out []string
	for _, root := range roots() {
		for _, kind := range []string{"*.ttf", "*.otf", "*.ttc"} {
			found, _ := filepath.Glob(filepath.Join(root, "fonts", kind)) // fails for bad patterns only
			out = append(out, found...)
		}
	}
	return out
}

// otherFonts are where Linux distributions put the fonts of other styles.
var otherFonts = []string{
	"/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
	"/usr/share/fonts/noto-cjk/NotoSerifCJK-Regular.ttc",
	"/usr/share/fonts/google-noto-cjk/NotoSerifCJK-Regular.ttc",
	"/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf",
}

func roots() []string {
	var out []string
	if dir := os.Getenv(Variable); dir != "" {
		out = append(out, dir)
	}
	if exe, err := os.Executable(); err == nil {
		if real, err := filepath.EvalSymlinks(exe); err == nil {
			exe = real
		}
		out = append(out, filepath.Join(filepath.Dir(exe), "..", "share", "onewindow"))
	}
	if top := sourceTop(); top != "" {
		out = append(out, filepath.Join(top, "share", "onewindow"))
	}
	return out
}

// sourceTop returns the nearest folder at or above the working folder that has
// a go.mod, so that tests find what `make build` installed.
func sourceTop() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}
