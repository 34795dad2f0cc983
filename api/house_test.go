package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"onewindow/access"
	"onewindow/api"
	"onewindow/api/resumable"
	"onewindow/approval/calendar"
	"onewindow/approval/catalogue"
	"onewindow/casework"
	"onewindow/casework/archive"
	"onewindow/casework/assistance"
	"onewindow/casework/cases"
	"onewindow/casework/certificates"
	"onewindow/casework/followup"
	"onewindow/casework/inquiry"
	"onewindow/casework/issuance"
	"onewindow/casework/learning"
	"onewindow/casework/notices"
	"onewindow/casework/notices/noticepdf"
	"onewindow/casework/organisation"
	"onewindow/casework/payment"
	"onewindow/casework/promises"
	"onewindow/casework/register"
	"onewindow/casework/supervision"
	"onewindow/casework/webhooks"
	"onewindow/classify/panel"
	"onewindow/classify/titlerules"
	"onewindow/document"
	"onewindow/extract/labels"
	"onewindow/intake"
	"onewindow/internal/sample"
	"onewindow/ocr"
	"onewindow/pipeline"
	"onewindow/stamp"
	"onewindow/storage"
	"onewindow/storage/filestore"
	"onewindow/storage/sqlstore"
	"onewindow/web"
)

// house is a whole service in the test's process: real records, real blobs, real
// use cases, the real pipeline; only the room where bytes are read and stamped is
// a light one (room_test.go).
type house struct {
	t       *testing.T
	dir     string
	records *sqlstore.Store
	blobs   *filestore.Store
	desk    *casework.Desk
	office  *cases.Office
	guard   *access.Guard
	server  *api.Server
	http    *httptest.Server
	bell    *recordingBell
	worker  *pipeline.Worker
	log     *logbook
	tokens  map[string]string
	now     func() time.Time
}

// recordingBell remembers what was rung for; the test's own hands do the work.
type recordingBell struct {
	mu    sync.Mutex
	tasks []storage.TaskKey
}

func (b *recordingBell) Ring(_ context.Context, tasks []storage.Task) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, t := range tasks {
		b.tasks = append(b.tasks, t.TaskKey)
	}
	return nil
}

func (b *recordingBell) next() (storage.TaskKey, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.tasks) == 0 {
		return storage.TaskKey{}, false
	}
	key := b.tasks[0]
	b.tasks = b.tasks[1:]
	return key, true
}

// people are the accounts of the house; each is made when first needed.
var people = []access.NewAccount{
	{Name: "applicant", Roles: []access.Role{access.Applicant}},
	{Name: "stranger", Roles: []access.Role{access.Applicant}},
	{Name: "clerk", Roles: []access.Role{access.Clerk}, Hall: "changsha"},
	{Name: "reviewer", Roles: []access.Role{access.Reviewer}, Unit: "housing", Division: "430100"},
	{Name: "planner", Roles: []access.Role{access.Reviewer}, Unit: "natural_resources", Division: "430100"},
	{Name: "lead", Roles: []access.Role{access.Lead}},
	{Name: "supervisor", Roles: []access.Role{access.Supervisor}},
	{Name: "security", Roles: []access.Role{access.Security}},
	{Name: "archivist", Roles: []access.Role{access.Archivist}},
	{Name: "admin", Roles: []access.Role{access.Admin}},
	{Name: "system", Roles: []access.Role{access.System}, Unit: "housing", Division: "430100"},
	{Name: "unitless", Roles: []access.Role{access.System}},
}

const password = "correct horse"

func openHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir(), bell: &recordingBell{}, log: &logbook{}, tokens: map[string]string{}}
	var err error
	if h.records, err = sqlstore.Open(t.Context(), sqlstore.Options{DSN: "sqlite:" + filepath.Join(h.dir, "records.db")}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.records.Close() })
	if h.blobs, err = filestore.Open(filepath.Join(h.dir, "blobs"), filestore.Options{}); err != nil {
		t.Fatal(err)
	}
	h.now = time.Now
	h.furnish()
	t.Cleanup(func() {
		h.server.Close()
		h.http.Close()
	})
	return h
}

// furnish puts desk, guard, worker, pages and interface together as cmd does.
func (h *house) furnish() {
	h.t.Helper()
	log := slog.New(slog.NewTextHandler(h.log, nil))
	clock := func() time.Time { return h.now() }
	cat, room := catalogue.Default(), lightRoom{}
	extractor := labels.New(cat)
	h.guard = &access.Guard{Records: h.records, Now: clock}
	h.desk = &casework.Desk{Records: h.records, Blobs: h.blobs, Bell: h.bell, Catalogue: cat, Checker: extractor, Log: log,
		Now: clock, Workshop: room, Copies: h.records, Template: stamp.DefaultTemplate(), System: "测试系统",
		BaseURL: "http://onewindow.test", Scratch: h.t.TempDir()}
	var err error
	rules := titlerules.New(cat, titlerules.Options{})
	learner := &learning.Office{Records: h.records, Catalogue: cat, Rules: rules, Log: log, Now: clock, Pages: func(ctx context.Context, doc document.Document) ([]document.Page, error) {
		return pipeline.ReadPages(ctx, h.records, h.blobs, doc.ID, doc.Generation)
	}}
	h.worker, err = pipeline.NewWorker(pipeline.Parts{Records: h.records, Blobs: h.blobs, Room: room, Bell: h.bell,
		Classifier: &panel.Classifier{Rules: rules, Source: &learning.Live{Office: learner, Every: time.Nanosecond}, Catalogue: cat}, Extractor: extractor, Catalogue: cat, Log: log, Now: clock},
		pipeline.Config{ScratchDir: h.t.TempDir(), FileTries: 1, Review: pipeline.ReviewAll, BaseURL: "http://onewindow.test"})
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { h.worker.Close() })
	templates := &notices.Templates{Settings: h.records}
	h.office = &cases.Office{Records: h.records, Templates: templates, Catalogue: cat, Calendar: calendar.Default(), Log: log, Now: clock}
	printer, err := noticepdf.New()
	if err != nil {
		h.t.Fatal(err)
	}
	papers := &notices.Office{Templates: templates, Records: h.records, Blobs: h.blobs, Printer: printer, Log: log, Now: clock, BaseURL: "http://onewindow.test"}
	desk := &register.Desk{Templates: templates, Records: h.records, Catalogue: cat, Calendar: calendar.Default(), Log: log, Now: clock}
	limits := access.NewLimits()
	people := &organisation.Office{Desk: desk, Settings: h.records}
	h.guard.Posts = people
	pages, err := web.New(web.Parts{Organisation: people, Records: h.records, Desk: h.desk, Office: h.office, Registers: desk, Inquiries: &inquiry.Office{Desk: desk, Cases: h.records}, Guard: h.guard, Catalogue: cat, Log: log, Version: "test", Limits: limits})
	if err != nil {
		h.t.Fatal(err)
	}
	h.server = &api.Server{Learning: learner, Promises: &promises.Office{Desk: desk, Cases: h.office}, Organisation: people, Payments: &payment.Office{Desk: desk, Cases: h.records, Edition: h.office.Edition}, Assistances: &assistance.Office{Desk: desk, Cases: h.records}, Watch: &supervision.Office{Records: h.records, Catalogue: cat, Name: h.office.Name, Calendar: calendar.Default(), Log: log, Now: clock}, Records: h.records, Blobs: h.blobs, Desk: h.desk, Office: h.office, Notices: papers, Registers: desk, Inquiries: &inquiry.Office{Desk: desk, Cases: h.records}, Issuances: &issuance.Office{Desk: desk, Cases: h.records}, Certificates: &certificates.Office{Records: h.records, Blobs: h.blobs, Edition: h.office.Edition, Checker: extractor, Printer: printer, Now: clock, BaseURL: "http://onewindow.test"}, Archive: &archive.Office{Records: h.records, Blobs: h.blobs, Printed: papers.Printed, Now: clock, System: "测试系统", Version: "test"}, Follow: &followup.Office{Desk: desk, Cases: h.records, StateText: cases.StateText}, Guard: h.guard, Log: log, Now: clock,
		Receiver: &intake.Receiver{Blobs: h.blobs, Records: h.records, Bell: h.bell, Log: log, MaxBytes: 1 << 20},
		Version:  "test", BaseURL: "http://onewindow.test", Ready: func(ctx context.Context) error { return h.records.Ping(ctx) },
		Pages: pages, Limits: limits, WebhookPrivate: true,
		Webhooks: &webhooks.Sender{Records: h.records, Client: webhooks.NewClient(true), Log: log, Now: clock},
		Metrics:  http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "onewindow_up 1\n") })}
	h.server.Uploads = &resumable.Door{Dir: filepath.Join(h.dir, "uploads"), Receiver: h.server.Receiver, Expiry: time.Hour, Now: clock, Log: log}
	if err := h.server.Uploads.Open(); err != nil {
		h.t.Fatal(err)
	}
	handler, _ := h.server.Handler()
	h.http = httptest.NewServer(handler)
}

// logbook is what operators read; many goroutines write it.
type logbook struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logbook) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// work does everything that is waiting.
func (h *house) work() {
	h.t.Helper()
	for {
		key, more := h.bell.next()
		if !more {
			return
		}
		if err := h.worker.Do(context.Background(), key); err != nil {
			h.t.Fatalf("do %s: %v", key.Step, err)
		}
	}
}

// token gives an account's token.
func (h *house) token(account string) string {
	h.t.Helper()
	if h.tokens[account] == "" {
		for _, p := range people {
			if p.Name == account {
				if err := h.guard.CreateForPrograms(context.Background(), p); err != nil {
					h.t.Fatal(err)
				}
			}
		}
		secret, err := h.guard.IssueToken(context.Background(), account, "test", 0)
		if err != nil {
			h.t.Fatal(err)
		}
		h.tokens[account] = secret
	}
	return h.tokens[account]
}

// reply is an answer, read to its end.
type reply struct {
	t       *testing.T
	status  int
	header  http.Header
	body    []byte
	request string
}

// request makes a request of an account; "" is nobody.
func (h *house) request(as, method, path string, body io.Reader) *http.Request {
	h.t.Helper()
	r, err := http.NewRequest(method, h.http.URL+path, body)
	if err != nil {
		h.t.Fatal(err)
	}
	if as != "" {
		r.Header.Set("Authorization", "Bearer "+h.token(as))
	}
	return r
}

func (h *house) do(r *http.Request) reply {
	h.t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		h.t.Fatalf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	return reply{h.t, resp.StatusCode, resp.Header, b, r.Method + " " + r.URL.Path}
}

func (h *house) get(as, path string) reply {
	h.t.Helper()
	return h.do(h.request(as, "GET", path, nil))
}

// ask sends a body as JSON.
func (h *house) ask(as, method, path string, body any) reply {
	h.t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		h.t.Fatal(err)
	}
	r := h.request(as, method, path, bytes.NewReader(b))
	r.Header.Set("Content-Type", "application/json")
	return h.do(r)
}

// want fails the test unless the status is this one.
func (r reply) want(status int) reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("%s answered %d, want %d: %s", r.request, r.status, status, r.body)
	}
	if status >= 400 && strings.HasPrefix(r.request[strings.Index(r.request, "/"):], "/v1/") {
		if got := r.header.Get("Content-Type"); got != "application/problem+json" {
			r.t.Errorf("%s answered %d as %q", r.request, status, got)
		}
	}
	return r
}

func (r reply) into(v any) {
	r.t.Helper()
	if err := json.Unmarshal(r.body, v); err != nil {
		r.t.Fatalf("%s answered %s: %v", r.request, r.body, err)
	}
}

// wrong gives the fields a problem names.
func (r reply) wrong() map[string]string {
	r.t.Helper()
	var p struct {
		Errors []struct{ Location, Message string }
	}
	r.into(&p)
	m := map[string]string{}
	for _, e := range p.Errors {
		m[e.Location] = e.Message
	}
	return m
}

// part is one part of a form; a file when it has a name.
type part struct{ field, name, value string }

// form makes a multipart request.
func (h *house) form(as, path, key string, parts ...part) *http.Request {
	h.t.Helper()
	var buf bytes.Buffer
	m := multipart.NewWriter(&buf)
	for _, p := range parts {
		w, err := m.CreateFormField(p.field)
		if p.name != "" {
			w, err = m.CreateFormFile(p.field, p.name)
		}
		if err == nil {
			_, err = io.WriteString(w, p.value)
		}
		if err != nil {
			h.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		h.t.Fatal(err)
	}
	r := h.request(as, "POST", path, &buf)
	r.Header.Set("Content-Type", m.FormDataContentType())
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	return r
}

func file(name, content string) part { return part{"file", name, content} }

func field(name, value string) part { return part{name, "", value} }

// send uploads a file and returns its document's ID.
func (h *house) send(as, content string, parts ...part) document.ID {
	h.t.Helper()
	var receipt intake.Receipt
	h.do(h.form(as, "/v1/documents", "", append(parts, file("扫描件.pdf", content))...)).want(http.StatusCreated).into(&receipt)
	if receipt.Number == "" || receipt.Document == "" {
		h.t.Fatalf("no receipt: %+v", receipt)
	}
	return receipt.Document
}

func (h *house) document(id document.ID) document.Document {
	h.t.Helper()
	d, err := h.records.Document(context.Background(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	return d
}

// inState fails the test unless the document is in this state.
func (h *house) inState(id document.ID, want document.State) document.Document {
	h.t.Helper()
	d := h.document(id)
	if d.State != want {
		h.t.Fatalf("document is %s, want %s: %+v", d.State, want, d.Refusal)
	}
	return d
}

// project is the construction project of the tests, and paper its documents.
var project = sample.NewProject(7)

func paper(kind string) sample.Document { return sample.Make(kind, project, 7) }

// scan is a file that the light room reads as a perfect scan of a paper.
func scan(t *testing.T, d sample.Document) string {
	t.Helper()
	return pagesFile(t, d.Read(150))
}

func pagesFile(t *testing.T, pages []document.Page) string {
	t.Helper()
	b, err := json.Marshal(pages)
	if err != nil {
		t.Fatal(err)
	}
	return "%PDF-light\n" + string(b)
}

// permit publishes a construction permit scanned by its unit and returns the
// result's ID.
func (h *house) permit(parts ...part) string {
	h.t.Helper()
	return h.publish("reviewer", paper("rd-construction-permit"), append([]part{field("project", project.Code)}, parts...)...)
}

// publish sends a paper, has it confirmed by its sender and published.
func (h *house) publish(as string, d sample.Document, parts ...part) string {
	h.t.Helper()
	id := h.send(as, scan(h.t, d), parts...)
	h.work()
	h.inState(id, document.StateNeedsReview)
	h.ask(as, "POST", "/v1/documents/"+string(id)+"/confirm", map[string]any{"fields": d.Truth.Fields}).want(http.StatusOK)
	h.work()
	return h.inState(id, document.StateDone).Publication.ResultID
}

// audits counts the audit rows about an object with this action.
func (h *house) audits(object, action string) int {
	h.t.Helper()
	rows, err := h.records.AuditTrail(context.Background(), object, 0, 1000)
	if err != nil {
		h.t.Fatal(err)
	}
	n := 0
	for _, r := range rows {
		if r.Action == action {
			n++
		}
	}
	return n
}

// blobCount counts stored blobs of a class.
func (h *house) blobCount(class storage.Class) int {
	h.t.Helper()
	n := 0
	err := h.blobs.List(context.Background(), class, func(storage.BlobInfo) error { n++; return nil })
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

// lightRoom reads files made by pagesFile, and stamps by adding the code and
// the trace. A file "locked:<password>:…" is encrypted.
type lightRoom struct{}

func (lightRoom) pages(path string) ([]document.Page, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(b, []byte("locked:")) {
		return nil, document.Refuse(document.CodeEncrypted, "文件已加密，请提供密码。", "encrypted")
	}
	text, ok := bytes.CutPrefix(b, []byte("%PDF-light\n"))
	var pages []document.Page
	if !ok || json.Unmarshal(text, &pages) != nil || len(pages) == 0 {
		return nil, document.Refuse(document.CodeCorrupt, "文件已损坏，请重新扫描后上传。", "not a light file")
	}
	return pages, nil
}

func (l lightRoom) Inspect(_ context.Context, path string, _ ocr.OpenOptions) (ocr.Facts, error) {
	pages, err := l.pages(path)
	return ocr.Facts{MediaType: "application/pdf", Pages: len(pages), Extension: ".pdf"}, err
}

func (l lightRoom) ReadPage(_ context.Context, path string, n int, engine string, _ ocr.OpenOptions) (document.Page, error) {
	pages, err := l.pages(path)
	if err != nil {
		return document.Page{}, err
	}
	pages[n-1].Engine = engine
	return pages[n-1], nil
}

func (l lightRoom) Stamp(_ context.Context, in, out string, m stamp.Mark, tpl stamp.Template) (stamp.Report, error) {
	pages, err := l.pages(in)
	if err != nil {
		return stamp.Report{}, err
	}
	b, err := os.ReadFile(in)
	if err == nil {
		err = os.WriteFile(out, append(b, "\nstamped "+m.Code+" "+m.TraceLine...), 0o600)
	}
	return stamp.Report{Pages: len(pages), Template: tpl.Name()}, err
}

// Join puts light files together.
func (l lightRoom) Join(_ context.Context, ins []string, out string) (int, error) {
	var all []document.Page
	for _, in := range ins {
		pages, err := l.pages(in)
		if err != nil {
			return 0, err
		}
		for _, p := range pages {
			p.Number = len(all) + 1
			all = append(all, p)
		}
	}
	b, err := json.Marshal(all)
	if err == nil {
		err = os.WriteFile(out, append([]byte("%PDF-light\n"), b...), 0o600)
	}
	return len(all), err
}

func (lightRoom) Decrypt(_ context.Context, in, out, password string) error {
	b, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	content, ok := strings.CutPrefix(string(b), "locked:"+password+":")
	if !ok {
		return document.Refuse(document.CodeEncrypted, "密码不正确，请核对后再试。", "wrong password")
	}
	return os.WriteFile(out, []byte(content), 0o600)
}
