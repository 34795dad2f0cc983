package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"onewindow/internal/sample"
)

// line is what process tells of one file (design section 9).
type line struct {
	File, SHA256 string
	Media        string `json:"media_type"`
	State        string
	Error        *struct{ Code, Message string }
	Type         *struct {
		Code, Name string
		Confidence float64
		Evidence   []string
	}
	Fields map[string]struct {
		Value, Raw string
		Confidence float64
		Page       int
		Box        [4]float64
		Valid      bool
	}
	Pages []struct {
		Number, Width, Height, Rotation int
		Source, Text                    string
		Confidence                      float64
	}
	Outputs map[string]string
	Code    string           `json:"verification_code"`
	Timing  map[string]int64 `json:"timing_ms"`

	raw  map[string]json.RawMessage
	text string
}

// ran is one run of the program.
type ran struct {
	lines          []line
	exit           int
	stdout, stderr string
	took           time.Duration
}

// runProcess runs `onewindow process` with a temporary folder of its own, which
// must be empty afterwards.
func runProcess(t *testing.T, args ...string) ran {
	t.Helper()
	tmp := t.TempDir()
	cmd := exec.Command(binary, append([]string{"process"}, args...)...)
	cmd.Env, cmd.Dir = append(os.Environ(), "TMPDIR="+tmp), t.TempDir()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	start := time.Now()
	err := cmd.Run()
	r := ran{stdout: out.String(), stderr: errs.String(), took: time.Since(start)}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		r.exit = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(tmp); len(left) != 0 {
		t.Errorf("process %v left %v behind", args, left)
	}
	if slices.Contains(args, "--json") {
		for _, text := range strings.Split(strings.TrimSuffix(r.stdout, "\n"), "\n") {
			if text != "" {
				r.lines = append(r.lines, decodeLine(t, text))
			}
		}
	}
	return r
}

func decodeLine(t *testing.T, text string) line {
	t.Helper()
	l := line{text: text}
	if err := errors.Join(json.Unmarshal([]byte(text), &l), json.Unmarshal([]byte(text), &l.raw)); err != nil {
		t.Fatalf("not a line of JSON: %v\n%s", err, text)
	}
	return l
}

func (r ran) want(t *testing.T, exit, lines int) ran {
	t.Helper()
	if r.exit != exit || len(r.lines) != lines {
		t.Fatalf("exit %d and %d lines, want %d and %d\n%s\n%s", r.exit, len(r.lines), exit, lines, r.stdout, r.stderr)
	}
	return r
}

// studio renders samples; opening its fonts takes a moment, so once.
func studio(t *testing.T) *sample.Studio {
	t.Helper()
	s, err := sample.OpenStudio()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t *testing.T, dir, name string, body []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, body, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// permit is a scanned 施工许可证.
func permit(t *testing.T, dir string) (string, sample.Document) {
	t.Helper()
	d := sample.Make("rd-construction-permit", sample.NewProject(1), 1)
	body, err := studio(t).Scan(d, sample.ScanOptions{DPI: 200})
	if err != nil {
		t.Fatal(err)
	}
	return put(t, dir, "施工许可证.pdf", body), d
}

// TestProcess_Contract checks every key of design section 9 on a confirmed scan.
func TestProcess_Contract(t *testing.T) {
	dir := t.TempDir()
	path, truth := permit(t, dir)
	out := filepath.Join(dir, "out")
	r := runProcess(t, "--json", "--as", "result", "--item", "HN-S3-03", "--project", sample.NewProject(1).Code, "--confirm", "--out", out, path).want(t, 0, 1)
	l := r.lines[0]
	var keys []string
	for k := range l.raw {
		keys = append(keys, k)
	}
	for _, k := range []string{"file", "sha256", "media_type", "state", "error", "type", "fields", "pages", "outputs", "verification_code", "timing_ms"} {
		if !slices.Contains(keys, k) {
			t.Errorf("key %q is missing from %v", k, keys)
		}
	}
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(body)
	if l.File != path || l.SHA256 != hex.EncodeToString(sum[:]) || l.Media != "application/pdf" || l.State != "done" || l.Error != nil {
		t.Errorf("file %q, sha256 %q, media type %q, state %q, error %+v", l.File, l.SHA256, l.Media, l.State, l.Error)
	}
	if string(l.raw["error"]) != "null" {
		t.Errorf("error is %s, want null", l.raw["error"])
	}
	if l.Type == nil || l.Type.Code != "rd-construction-permit" || l.Type.Name != "建筑工程施工许可证" || l.Type.Confidence < 0.8 || len(l.Type.Evidence) == 0 {
		t.Errorf("type %+v", l.Type)
	}
	checkFields(t, l, truth)
	checkPages(t, l, 1, "ocr")
	checkStamped(t, l, out, 1)
	if l.Timing["recognize"] <= 0 || l.Timing["stamp"] <= 0 {
		t.Errorf("timing %v", l.Timing)
	}
}

func checkFields(t *testing.T, l line, truth sample.Document) {
	t.Helper()
	for _, key := range []string{"doc_no", "builder", "issue_date", "construction_unit"} {
		f := l.Fields[key]
		if f.Value != truth.Truth.Fields[key] || f.Raw == "" || !f.Valid || f.Confidence <= 0 || f.Page != 1 {
			t.Errorf("%s is %+v, truth %q", key, f, truth.Truth.Fields[key])
		}
		if f.Box[0] >= f.Box[2] || f.Box[1] >= f.Box[3] || f.Box[2] > float64(l.Pages[0].Width) || f.Box[3] > float64(l.Pages[0].Height) {
			t.Errorf("%s stands at %v of a page of %d × %d", key, f.Box, l.Pages[0].Width, l.Pages[0].Height)
		}
	}
	var all map[string]map[string]json.RawMessage
	if err := json.Unmarshal(l.raw["fields"], &all); err != nil {
		t.Fatal(err)
	}
	for key, f := range all {
		for _, k := range []string{"value", "raw", "confidence", "page", "box", "valid"} {
			if _, ok := f[k]; !ok {
				t.Errorf("field %s lacks %q", key, k)
			}
		}
	}
}

func checkPages(t *testing.T, l line, n int, source string) {
	t.Helper()
	if len(l.Pages) != n {
		t.Fatalf("%d pages, want %d", len(l.Pages), n)
	}
	for i, p := range l.Pages {
		if p.Number != i+1 || p.Width < 500 || p.Height < 500 || p.Rotation%90 != 0 || p.Source != source || p.Text == "" || p.Confidence <= 0 {
			t.Errorf("page %d: %+v", i+1, p)
		}
	}
}

var codeForm = regexp.MustCompile(`^[2-9A-HJKMNP-Y]{4}-[2-9A-HJKMNP-Y]{4}-[2-9A-HJKMNP-Y]{4}$`)

// checkStamped looks at the delivered file with other people's tools.
func checkStamped(t *testing.T, l line, out string, pages int) {
	t.Helper()
	stamped := l.Outputs["stamped"]
	if filepath.Dir(stamped) != out || !codeForm.MatchString(l.Code) {
		t.Fatalf("outputs %v, verification code %q", l.Outputs, l.Code)
	}
	checkSearchable(t, l)
	info, err := exec.Command("pdfinfo", stamped).CombinedOutput()
	if err != nil || !regexp.MustCompile(fmt.Sprintf(`(?m)^Pages:\s+%d$`, pages)).Match(info) {
		t.Errorf("stamped file: %v\n%s", err, info)
	}
	picture := filepath.Join(t.TempDir(), "page")
	if text, err := exec.Command("pdftoppm", "-r", "300", "-f", "1", "-l", "1", "-png", "-singlefile", stamped, picture).CombinedOutput(); err != nil {
		t.Fatalf("render: %v\n%s", err, text)
	}
	qr, err := exec.Command("zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", picture+".png").Output()
	if err != nil || !strings.Contains(string(qr), "/v/"+strings.ReplaceAll(l.Code, "-", "")+"\n") {
		t.Errorf("the QR codes say %q, %v", qr, err)
	}
}

// checkSearchable asks that scans, and they alone, have a copy that can be searched.
func checkSearchable(t *testing.T, l line) {
	t.Helper()
	out := l.Outputs["searchable"]
	if l.Pages[0].Source == "text_layer" {
		if out != "" {
			t.Errorf("a file that can be searched as it is got a copy: %s", out)
		}
		return
	}
	text, err := exec.Command("pdftotext", "-enc", "UTF-8", out, "-").CombinedOutput()
	if number := l.Fields["doc_no"].Value; err != nil || !strings.Contains(strings.Join(strings.Fields(string(text)), ""), number) {
		t.Errorf("searchable copy %q does not hold %s: %v\n%s", out, number, err, text)
	}
}

// TestW6_ProcessStampsNothingUnconfirmed: reading alone gives no delivered file,
// no verification code; the searchable copy carries no mark.
func TestW6_ProcessStampsNothingUnconfirmed(t *testing.T) {
	dir := t.TempDir()
	path, _ := permit(t, dir)
	out := filepath.Join(dir, "out")
	l := runProcess(t, "--json", "--as", "result", "--out", out, path).want(t, 0, 1).lines[0]
	if l.State != "needs_review" || l.Type == nil || len(l.Fields) == 0 || l.Outputs["stamped"] != "" || l.Code != "" {
		t.Errorf("state %s, outputs %v, code %q", l.State, l.Outputs, l.Code)
	}
	left, err := os.ReadDir(out)
	if err != nil || len(left) != 1 || !strings.HasSuffix(left[0].Name(), ".searchable.pdf") {
		t.Errorf("the output folder holds %v (%v), want a searchable copy only", left, err)
	}
}

// TestProcess_AsMaterialIsNeverStamped even when somebody vouches for it.
func TestProcess_AsMaterialIsNeverStamped(t *testing.T) {
	dir := t.TempDir()
	path, _ := permit(t, dir)
	out := filepath.Join(dir, "out")
	l := runProcess(t, "--json", "--as", "material", "--confirm", "--out", out, path).want(t, 0, 1).lines[0]
	if l.State != "done" || l.Outputs["stamped"] != "" || l.Code != "" || l.Type == nil {
		t.Errorf("state %s, outputs %v, code %q, type %+v", l.State, l.Outputs, l.Code, l.Type)
	}
}

// TestProcess_EngineTesseract reads with the second engine, and says other things
// of the same page than the first.
func TestProcess_EngineTesseract(t *testing.T) {
	path, truth := permit(t, t.TempDir())
	l := runProcess(t, "--json", "--engine", "tesseract", path).want(t, 0, 1).lines[0]
	if l.State != "needs_review" && l.State != "done" {
		t.Errorf("state %s %+v", l.State, l.Error)
	}
	checkPages(t, l, 1, "ocr")
	other := runProcess(t, "--json", "--engine", "ppocr", path).want(t, 0, 1).lines[0]
	if !strings.Contains(l.Pages[0].Text, truth.Truth.Fields["doc_no"]) || l.Pages[0].Text == other.Pages[0].Text {
		t.Errorf("tesseract read:\n%s\nppocr read:\n%s", l.Pages[0].Text, other.Pages[0].Text)
	}
}
