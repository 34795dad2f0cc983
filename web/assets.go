package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed all:ui/dist ui/css/*.css
var built embed.FS

// asset is one file that browsers may keep for ever: its name changes with it.
type asset struct {
	mediaType    string
	plain, small []byte // small is gzip
}

// assets are the style sheet and what was bundled of the scripts.
type assets struct {
	files map[string]asset
	style string            // name of the style sheet
	entry map[string]string // script entry -> file name; empty when nothing was built
}

// loadAssets joins the style sheets and takes in the bundles. Without bundles
// (nobody ran make build) pages have no scripts, and still read and work.
func loadAssets() (*assets, error) {
	a := &assets{files: map[string]asset{}, entry: map[string]string{}}
	if err := a.addStyles(); err != nil {
		return nil, fmt.Errorf("load style sheets: %w", err)
	}
	manifest, err := built.ReadFile("ui/dist/manifest.json")
	if err != nil {
		return a, nil
	}
	if err := json.Unmarshal(manifest, &a.entry); err != nil {
		return nil, fmt.Errorf("read list of scripts: %w", err)
	}
	scripts, err := fs.Glob(built, "ui/dist/*.js")
	if err != nil {
		return nil, err
	}
	for _, name := range scripts {
		b, err := built.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read script: %w", err)
		}
		a.add(path.Base(name), b)
	}
	return a, nil
}

func (a *assets) addStyles() error {
	sheets, err := fs.Glob(built, "ui/css/*.css") // in the order of their numbers
	if err != nil {
		return err
	}
	var all bytes.Buffer
	for _, name := range sheets {
		b, err := built.ReadFile(name)
		if err != nil {
			return err
		}
		all.Write(b)
	}
	sum := sha256.Sum256(all.Bytes())
	a.style = "onewindow-" + hex.EncodeToString(sum[:6]) + ".css"
	a.add(a.style, all.Bytes())
	return nil
}

func (a *assets) add(name string, b []byte) {
	var small bytes.Buffer
	z, _ := gzip.NewWriterLevel(&small, gzip.BestCompression) // the level is a valid one
	_, _ = z.Write(b)                                         // a buffer takes everything
	_ = z.Close()
	a.files[name] = asset{mediaType: mime.TypeByExtension(path.Ext(name)), plain: b, small: small.Bytes()}
}

// ServeHTTP answers /assets/{name}.
func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := a.files[r.PathValue("name")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.mediaType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := f.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.small
	}
	_, _ = w.Write(body) // whoever left does not need the rest
}

// script makes the tag that loads an entry, nothing when it was not built.
func (a *assets) script(name string) template.HTML {
	file := a.entry[name]
	if file == "" {
		return ""
	}
	return template.HTML(`<script type="module" src="/assets/` + template.HTMLEscapeString(file) + `"></script>`)
}

// Built reports whether the binary carries the scripts of its pages.
func Built() bool {
	_, err := built.ReadFile("ui/dist/manifest.json")
	return err == nil
}
