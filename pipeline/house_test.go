package pipeline_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onewindow/approval"
	"onewindow/approval/catalogue"
	"onewindow/classify"
	"onewindow/document"
	"onewindow/extract"
	"onewindow/intake"
	"onewindow/ocr"
	"onewindow/pipeline"
	"onewindow/stamp"
	"onewindow/storage"
	"onewindow/storage/filestore"
	"onewindow/storage/sqlstore"
)

// house is a pipeline on a real database and real files; only reading is light.
type house struct {
	t       *testing.T
	records *sqlstore.Store
	blobs   storage.Blobs
	room    *room
	layer   pipeline.TextLayer   // nil makes no searchable copies
	sheets  pipeline.SheetReader // nil takes no batches apart
	hands   *pipeline.Hands
	config  pipeline.Config
	n       int
}

func newHouse(t *testing.T) *house {
	t.Helper()
	records, err := sqlstore.Open(t.Context(), sqlstore.Options{DSN: "sqlite:" + t.TempDir() + "/records.db"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { records.Close() })
	blobs, err := filestore.Open(t.TempDir(), filestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return &house{t: t, records: records, blobs: blobs, room: &room{}, hands: pipeline.NewHands(),
		config: pipeline.Config{ScratchDir: t.TempDir(), Lease: 2 * time.Second, Review: pipeline.ReviewDoubtful}}
}

// worker makes one more worker process, as it were.
func (h *house) worker() *pipeline.Worker {
	h.t.Helper()
	w, err := pipeline.NewWorker(pipeline.Parts{
		Records: h.records, Blobs: h.blobs, Room: h.room, Bell: h.hands, Classifier: h.room, Extractor: h.room,
		TextLayer: h.layer, Sheets: h.sheets, Catalogue: catalogue.Default(), Log: slog.New(slog.DiscardHandler),
	}, h.config)
	if err != nil {
		h.t.Fatal(err)
	}
	return w
}

// start hires hands and a quick sweeper; the function returned sends them home.
func (h *house) start(hands int) func() {
	ctx, cancel := context.WithCancel(context.Background())
	w := h.worker()
	sweeper := &pipeline.Sweeper{Queue: h.records, Bell: h.hands, Log: slog.New(slog.DiscardHandler),
		Every: 50 * time.Millisecond, Age: 300 * time.Millisecond}
	var wg sync.WaitGroup
	wg.Add(2)
	go func() { defer wg.Done(); _ = sweeper.Run(ctx) }()
	go func() { defer wg.Done(); _ = h.hands.Run(ctx, w, hands) }()
	stop := sync.OnceFunc(func() { cancel(); wg.Wait(); w.Close() })
	h.t.Cleanup(stop)
	return stop
}

// receive takes a file in through the real door: "pages=N file M", M counting up.
func (h *house) receive(pages int, origin document.Origin) document.ID {
	h.t.Helper()
	h.n++
	return h.take(fmt.Sprintf("pages=%d file %d", pages, h.n), origin)
}

// take receives a file with that content.
func (h *house) take(body string, origin document.Origin) document.ID {
	h.t.Helper()
	r := &intake.Receiver{Blobs: h.blobs, Records: h.records, Bell: h.hands, Log: slog.New(slog.DiscardHandler)}
	if origin.Lane == "" {
		origin.Lane = document.LaneCounter
	}
	origin.By = "tester"
	got, err := r.Receive(h.t.Context(), intake.Submission{
		Body: strings.NewReader(body), Filename: "扫描件.pdf", Origin: origin})
	if err != nil {
		h.t.Fatal(err)
	}
	return got.Document
}

func (h *house) document(id document.ID) document.Document {
	h.t.Helper()
	doc, err := h.records.Document(context.Background(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	return doc
}

// limit is ample for what should take a moment: test machines are shared.
const limit = 30 * time.Second

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("not within %s: %s", limit, what)
}

// rest waits until nothing more happens to a document by itself.
func (h *house) rest(id document.ID) document.Document {
	h.t.Helper()
	return h.state(id, "", limit)
}

// state waits for a state, or for rest when it is "".
func (h *house) state(id document.ID, want document.State, limit time.Duration) document.Document {
	h.t.Helper()
	var doc document.Document
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		doc = h.document(id)
		if doc.State == want || want == "" && (doc.State.Final() || doc.State == document.StateNeedsReview) {
			return doc
		}
	}
	h.t.Fatalf("%s is %s after %s, want %q; tasks %+v", id, doc.State, limit, want, h.tasks(id))
	return doc
}

func (h *house) tasks(id document.ID) []storage.Task {
	h.t.Helper()
	tasks, err := h.records.TasksOf(context.Background(), id, h.document(id).Generation)
	if err != nil {
		h.t.Fatal(err)
	}
	return tasks
}

// task returns one task of the current generation.
func (h *house) task(id document.ID, step document.Step, page int) storage.Task {
	h.t.Helper()
	for _, task := range h.tasks(id) {
		if task.Step == step && task.Page == page {
			return task
		}
	}
	h.t.Fatalf("%s has no task %s/%d", id, step, page)
	return storage.Task{}
}

// events returns what happened to a document, in order.
func (h *house) events(id document.ID) []approval.Event {
	h.t.Helper()
	all, err := h.records.EventsAfter(context.Background(), 0, 1000)
	if err != nil {
		h.t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(e approval.Event) bool { return e.Document != id })
}

// exactlyOnce checks that no step of a document took effect twice.
func (h *house) exactlyOnce(id document.ID) {
	h.t.Helper()
	seen := map[string]int{}
	for _, e := range h.events(id) {
		if e.Type == approval.EventStepDone || e.Type == approval.EventPublished {
			seen[e.Type+" "+e.Result+" "+e.Data["generation"]+" "+e.Data["step"]+" "+e.Data["page"]]++
		}
	}
	for what, n := range seen {
		if n != 1 {
			h.t.Errorf("%s: %s happened %d times", id, what, n)
		}
	}
}

func (h *house) artifacts(id document.ID, generation int) []document.Artifact {
	h.t.Helper()
	all, err := h.records.Artifacts(context.Background(), id, generation)
	if err != nil {
		h.t.Fatal(err)
	}
	return all
}

func (h *house) artifact(id document.ID, kind document.ArtifactKind) (document.Artifact, bool) {
	h.t.Helper()
	for _, a := range h.artifacts(id, h.document(id).Generation) {
		if a.Kind == kind {
			return a, true
		}
	}
	return document.Artifact{}, false
}

// derived counts the derived blobs in the store.
func (h *house) derived() int {
	h.t.Helper()
	n := 0
	err := h.blobs.List(context.Background(), storage.Derived, func(storage.BlobInfo) error { n++; return nil })
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

// apply changes a document as a person's decision would.
func (h *house) apply(id document.ID, change storage.Change) {
	h.t.Helper()
	_, ready, err := h.records.Apply(context.Background(), id, 0, change)
	if err != nil {
		h.t.Fatal(err)
	}
	_ = h.hands.Ring(context.Background(), ready)
}

// room reads files of the form "pages=N …". Functions that are set take the
// place of what it does by itself.
type room struct {
	mu       sync.Mutex
	reads    []string // "file/page" in the order they were begun
	stamped  int
	inspect  func(ctx context.Context, file string) error
	read     func(ctx context.Context, file string, page int) (document.Page, error)
	stamp    func(ctx context.Context, in, out string, m stamp.Mark, tpl stamp.Template) (stamp.Report, error)
	extract  func() extract.Extraction
	classify func() document.Classification
	forgot   []string
	readBy   func(engine string, n int) (document.Page, bool) // what an engine sees, false for the usual
}

// fileAt reads what a test wrote: pages and the name of the file. The few real
// PDF files of these tests show their page objects plainly.
func fileAt(path string) (pages int, name string, err error) {
	b, err := os.ReadFile(path)
	if strings.HasPrefix(string(b), "%PDF") {
		return strings.Count(string(b), "/Type/Page/"), "pdf", nil
	}
	if strings.HasPrefix(string(b), "PK") {
		return 0, "", document.Refuse(document.CodeUnsupported, "系统不读取压缩包。", "made for a test")
	}
	if err == nil {
		_, err = fmt.Sscanf(string(b), "pages=%d", &pages)
	}
	return pages, string(b), err
}

func (r *room) Inspect(ctx context.Context, path string, _ ocr.OpenOptions) (ocr.Facts, error) {
	n, name, err := fileAt(path)
	if err == nil && r.inspect != nil {
		err = r.inspect(ctx, name)
	}
	return ocr.Facts{MediaType: "application/pdf", Pages: n, Extension: ".pdf"}, err
}

func (r *room) ReadPage(ctx context.Context, path string, n int, engine string, _ ocr.OpenOptions) (document.Page, error) {
	_, name, err := fileAt(path)
	if err != nil {
		return document.Page{}, err
	}
	r.mu.Lock()
	r.reads = append(r.reads, fmt.Sprintf("%s/%d", name, n))
	r.mu.Unlock()
	if r.readBy != nil {
		if p, ok := r.readBy(engine, n); ok {
			return p, nil
		}
	}
	if r.read != nil {
		if p, err := r.read(ctx, name, n); err != nil || p.Number != 0 {
			return p, err
		}
	}
	return page(n, "建筑工程施工许可证"), nil
}

func page(n int, lines ...string) document.Page {
	p := document.Page{Number: n, Width: 100, Height: 100, Source: document.SourceOCR, Confidence: 1}
	for _, text := range lines {
		p.Lines = append(p.Lines, document.Line{Text: text, Confidence: 1})
	}
	return p
}

func (r *room) Stamp(ctx context.Context, in, out string, m stamp.Mark, tpl stamp.Template) (stamp.Report, error) {
	r.mu.Lock()
	r.stamped++
	r.mu.Unlock()
	if r.stamp != nil {
		return r.stamp(ctx, in, out, m, tpl)
	}
	n, name, err := fileAt(in)
	if err == nil {
		err = os.WriteFile(out, []byte(name+m.Code), 0o600)
	}
	return stamp.Report{Pages: n, Method: "test", Template: tpl.Name()}, err
}

func (r *room) Forget(path string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forgot = append(r.forgot, path)
}

// Classify implements classify.Classifier.
func (r *room) Classify(context.Context, classify.Question) (document.Classification, error) {
	if r.classify != nil {
		return r.classify(), nil
	}
	return document.Classification{Code: "rd-construction-permit", Name: "建筑工程施工许可证", Confidence: 1}, nil
}

// Extract implements extract.Extractor.
func (r *room) Extract(context.Context, extract.Request) (extract.Extraction, error) {
	if r.extract != nil {
		return r.extract(), nil
	}
	return extract.Extraction{Fields: document.Fields{"project_name": sure("示例工程"), "doc_no": sure("430105202401010101")}}, nil
}

func sure(value string) document.Field {
	return document.Field{Value: value, Confidence: 1, Valid: true, Page: 1}
}

// begun returns how many pages were begun, and those of files whose text has name.
func (r *room) begun() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.reads)
}
