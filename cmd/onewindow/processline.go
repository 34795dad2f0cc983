package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"sort"
	"strings"
	"sync"
	"time"

	"onewindow/document"
	"onewindow/pipeline"
	"onewindow/stamp/verifycode"
	"onewindow/storage"
)

// processLine is what process tells of one file (contract, design section 9).
type processLine struct {
	File      string               `json:"file"`
	SHA256    string               `json:"sha256"`
	MediaType string               `json:"media_type"`
	State     string               `json:"state"`
	Error     *lineError           `json:"error"`
	Type      *lineType            `json:"type"`
	Fields    map[string]lineField `json:"fields"`
	Pages     []linePage           `json:"pages"`
	Outputs   map[string]string    `json:"outputs"`
	Findings  []document.Finding   `json:"findings,omitempty"`
	Code      string               `json:"verification_code"`
	Timing    map[string]int64     `json:"timing_ms"`
}

type lineError struct {
	Code    document.RefusalCode `json:"code"`
	Message string               `json:"message"`
}

type lineType struct {
	Code       string               `json:"code"`
	Name       string               `json:"name"`
	Confidence float64              `json:"confidence"`
	Evidence   []string             `json:"evidence"`
	RunnersUp  []document.Candidate `json:"runners_up,omitempty"`
}

type lineField struct {
	Value      string               `json:"value"`
	Raw        string               `json:"raw"`
	Confidence float64              `json:"confidence"`
	Page       int                  `json:"page"`
	Box        document.Box         `json:"box"`
	Valid      bool                 `json:"valid"`
	Error      string               `json:"error,omitempty"`
	Repaired   bool                 `json:"repaired,omitempty"`
	Source     document.FieldSource `json:"source"`
}

type linePage struct {
	Number     int             `json:"number"`
	Width      int             `json:"width"`
	Height     int             `json:"height"`
	Rotation   int             `json:"rotation"`
	Source     document.Source `json:"source"`
	Text       string          `json:"text"`
	Confidence float64         `json:"confidence"`
	Lines      []document.Line `json:"lines,omitempty"`
	Warnings   []string        `json:"warnings,omitempty"`
	Blank      bool            `json:"blank,omitempty"`
	Seals      []document.Seal `json:"seals,omitempty"`
	Scan       *document.Scan  `json:"scan,omitempty"`
}

// fail is the line of a file that could not be taken in.
func (l processLine) fail(err error) processLine {
	l.State, l.Error = "failed", &lineError{document.CodeInternal, "系统处理时出现故障，请重试"}
	if r, ok := document.AsRefusal(err); ok {
		l.State, l.Error = "refused", &lineError{r.Code, r.Message}
	}
	return l.complete()
}

// complete makes empty parts show as empty, not as null.
func (l processLine) complete() processLine {
	if l.Fields == nil {
		l.Fields = map[string]lineField{}
	}
	if l.Pages == nil {
		l.Pages = []linePage{}
	}
	if l.Outputs == nil {
		l.Outputs = map[string]string{}
	}
	if l.Timing == nil {
		l.Timing = map[string]int64{}
	}
	return l
}

// describe tells everything about a document that came to rest.
func (s *shop) describe(ctx context.Context, l processLine, doc document.Document) processLine {
	l.Outputs = map[string]string{}
	l.SHA256, l.MediaType, l.State = doc.Original.Hex(), doc.MediaType, string(doc.State)
	l.Findings, l.Timing = doc.Findings, s.timing.of(doc.ID)
	if doc.Refusal != nil {
		l.Error = &lineError{doc.Refusal.Code, doc.Refusal.Message}
	}
	if c := doc.Classification; c.Recognized() {
		l.Type = &lineType{c.Code, c.Name, c.Confidence, c.Evidence, c.RunnersUp}
	}
	l.Fields = map[string]lineField{}
	for k, f := range doc.Fields {
		l.Fields[k] = lineField{f.Value, f.Raw, f.Confidence, f.Page, f.Box, f.Valid, f.Error, f.Repaired, f.Source}
	}
	pages, err := pipeline.ReadPages(ctx, s.records, s.blobs, doc.ID, doc.Generation)
	if err != nil {
		return l.fail(err)
	}
	for _, p := range pages {
		l.Pages = append(l.Pages, linePage{p.Number, p.Width, p.Height, p.Rotation, p.Source, p.Text(), p.Confidence, p.Lines, p.Warnings, p.Blank, p.Seals, p.Scan})
	}
	if s.opts.out != "" && l.Error == nil && doc.State != document.StateQuarantined {
		if err := s.searchable(ctx, &l, doc); err != nil {
			return l.fail(err)
		}
	}
	if doc.State == document.StateDone && doc.Publication != nil && s.opts.out != "" {
		l.Code = verifycode.Format(doc.Publication.Code)
		if err := s.outputs(ctx, &l, doc); err != nil {
			return l.fail(err)
		}
	}
	return l.complete()
}

func (s *shop) outputs(ctx context.Context, l *processLine, doc document.Document) error {
	all, err := s.records.Artifacts(ctx, doc.ID, doc.Generation)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.Kind == document.ArtifactDelivered {
			if l.Outputs["stamped"], err = s.deliver(ctx, l.File, "stamped", a); err != nil {
				return err
			}
		}
	}
	return nil
}

// searchable waits for the searchable copy, where one is being made, and
// delivers it.
func (s *shop) searchable(ctx context.Context, l *processLine, doc document.Document) error {
	if err := s.waitForStep(ctx, doc, document.StepSearchable, 20*time.Millisecond); err != nil {
		return err
	}
	all, err := s.records.Artifacts(ctx, doc.ID, doc.Generation)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.Kind == document.ArtifactSearchable {
			l.Outputs["searchable"], err = s.deliver(ctx, l.File, "searchable", a)
		}
	}
	return err
}

// print writes the line as JSON or as text for people.
func (l processLine) print(w io.Writer, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		return enc.Encode(l)
	}
	_, err := io.WriteString(w, l.text())
	return err
}

// stateNames are the states in words.
var stateNames = map[string]string{
	"done": "完成", "split": "已拆分", "needs_review": "待复核", "quarantined": "已隔离（疑似涉密）", "refused": "无法处理", "failed": "处理失败",
}

func (l processLine) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n  状态  %s\n", l.File, stateNames[l.State])
	if l.Error != nil {
		fmt.Fprintf(&b, "  原因  %s\n", l.Error.Message)
	}
	if l.Type != nil {
		fmt.Fprintf(&b, "  类型  %s（%.0f%%）\n", l.Type.Name, 100*l.Type.Confidence)
	} else if l.Error == nil && l.State != "quarantined" {
		b.WriteString("  类型  未能识别\n")
	}
	for _, k := range sortedKeys(l.Fields) {
		f := l.Fields[k]
		mark := "✓"
		if !f.Valid {
			mark = "?"
		}
		fmt.Fprintf(&b, "  %s %-24s %s\n", mark, k, f.Value)
	}
	for _, f := range l.Findings {
		fmt.Fprintf(&b, "  提示  %s\n", f.Message)
	}
	if out := l.Outputs["searchable"]; out != "" {
		fmt.Fprintf(&b, "  可检索  %s\n", out)
	}
	if out := l.Outputs["stamped"]; out != "" {
		fmt.Fprintf(&b, "  输出  %s（校验码 %s）\n", out, l.Code)
	}
	return b.String()
}

func sortedKeys(m map[string]lineField) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// timings adds up what each step of each document took.
type timings struct {
	mu   sync.Mutex
	took map[document.ID]map[string]int64
}

func newTimings() *timings { return &timings{took: map[document.ID]map[string]int64{}} }

// StepEnded implements pipeline.Observer.
func (t *timings) StepEnded(key storage.TaskKey, _ document.Lane, took time.Duration, _ error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	m := t.took[key.Document]
	if m == nil {
		m = map[string]int64{}
		t.took[key.Document] = m
	}
	step := key.Step
	if step == document.StepScreen {
		step = document.StepRecognize // the first page is read while it is screened
	}
	m[string(step)] += took.Milliseconds()
}

func (t *timings) of(id document.ID) map[string]int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.took[id]
}
