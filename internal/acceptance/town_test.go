// Package acceptance proves the requirements of the guideline, one test or more
// each and named by its ID, through the interface of a whole service whose clock
// the test sets. It holds tests only.
package acceptance_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"context"

	"onewindow/access"
	"onewindow/api"
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
	"onewindow/casework/notices"
	"onewindow/casework/notices/noticepdf"
	"onewindow/casework/organisation"
	"onewindow/casework/payment"
	"onewindow/casework/promises"
	"onewindow/casework/register"
	"onewindow/casework/supervision"
	"onewindow/document"
	"onewindow/extract/labels"
	"onewindow/intake"
	"onewindow/stamp"
	"onewindow/storage"
	"onewindow/storage/filestore"
	"onewindow/storage/sqlstore"
	"onewindow/web"
)

// town is a whole service in the test's process: real records and blobs, the
// real interface, and a clock that the test moves. The pipeline does not run;
// documents stay as received and people file them by hand.
type town struct {
	t         testing.TB
	records   *sqlstore.Store
	blobs     *filestore.Store
	office    *cases.Office
	notices   *notices.Office
	inquiries *inquiry.Office
	issuances *issuance.Office
	promises  *promises.Office
	desk      *casework.Desk
	guard     *access.Guard
	server    *api.Server
	http      *httptest.Server
	tokens    map[string]string
	log       *slog.Logger
	file      document.Digest // that results are delivered as

	mu  sync.Mutex
	now time.Time
}

// silentBell: nobody works in the background.
type silentBell struct{}

func (silentBell) Ring(context.Context, []storage.Task) error { return nil }

// staff are the people of the town; units work in 430100 unless their name says
// otherwise.
var staff = []access.NewAccount{
	{Name: "applicant", Roles: []access.Role{access.Applicant}},
	{Name: "stranger", Roles: []access.Role{access.Applicant}},
	{Name: "clerk", Roles: []access.Role{access.Clerk}, Hall: "changsha", Division: "430100"},
	{Name: "clerk-elsewhere", Roles: []access.Role{access.Clerk}, Hall: "zhuzhou", Division: "430200"},
	{Name: "planner", Roles: []access.Role{access.Reviewer}, Unit: "natural_resources", Division: "430100"},
	{Name: "planner-elsewhere", Roles: []access.Role{access.Reviewer}, Unit: "natural_resources", Division: "430200"},
	{Name: "reform", Roles: []access.Role{access.Reviewer}, Unit: "reform", Division: "430100"},
	{Name: "housing", Roles: []access.Role{access.Reviewer}, Unit: "housing", Division: "430100"},
	{Name: "ecology", Roles: []access.Role{access.Reviewer}, Unit: "ecology", Division: "430100"},
	{Name: "water", Roles: []access.Role{access.Reviewer}, Unit: "water_supply", Division: "430100"},
	{Name: "lead", Roles: []access.Role{access.Lead}, Unit: "natural_resources", Division: "430100"},
	{Name: "supervisor", Roles: []access.Role{access.Supervisor}, Division: "430100"},
	{Name: "security", Roles: []access.Role{access.Security}},
	{Name: "archivist", Roles: []access.Role{access.Archivist}},
	{Name: "admin", Roles: []access.Role{access.Admin}},
}

// found opens a town with its own SQLite database at a moment of Chinese time,
// "2026-11-23 10:00".
func found(t testing.TB, at string) *town {
	t.Helper()
	return foundOn(t, "sqlite:"+filepath.Join(t.TempDir(), "records.db"), at)
}

func foundOn(t testing.TB, dsn, at string) *town {
	t.Helper()
	w := &town{t: t, tokens: map[string]string{}, log: slog.New(slog.DiscardHandler)}
	w.set(at)
	var err error
	if w.records, err = sqlstore.Open(t.Context(), sqlstore.Options{DSN: dsn}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.records.Close() })
	if w.blobs, err = filestore.Open(filepath.Join(t.TempDir(), "blobs"), filestore.Options{}); err != nil {
		t.Fatal(err)
	}
	cat := catalogue.Default()
	w.guard = &access.Guard{Records: w.records, Now: w.clock, SessionLife: 1000 * time.Hour}
	templates := &notices.Templates{Settings: w.records}
	w.office = &cases.Office{Templates: templates, Records: w.records, Catalogue: cat, Calendar: calendar.Default(), Log: w.log, Now: w.clock}
	w.desk = &casework.Desk{Records: w.records, Blobs: w.blobs, Bell: silentBell{}, Catalogue: cat, Checker: labels.New(cat), Log: w.log,
		Now: w.clock, Copies: w.records, Template: stamp.DefaultTemplate(), System: "测试系统", BaseURL: "http://onewindow.test", Scratch: t.TempDir()}
	printer, err := noticepdf.New()
	if err != nil {
		t.Fatal(err)
	}
	w.notices = &notices.Office{Templates: templates, Records: w.records, Blobs: w.blobs, Printer: printer, Log: w.log, Now: w.clock, BaseURL: "http://onewindow.test"}
	desk := &register.Desk{Templates: templates, Records: w.records, Catalogue: cat, Calendar: calendar.Default(), Log: w.log, Now: w.clock}
	people := &organisation.Office{Desk: desk, Settings: w.records}
	w.guard.Posts = people
	agents := &assistance.Office{Desk: desk, Cases: w.records}
	w.office.Proxy = agents
	w.issuances = &issuance.Office{Desk: desk, Edition: w.office.Edition, Cases: w.records, CollectDays: people.CollectDays, Documents: w.records}
	w.promises = &promises.Office{Desk: desk, Cases: w.office}
	w.office.Credit = w.promises
	w.inquiries = &inquiry.Office{Desk: desk, Cases: w.records}
	w.office.Inquired = w.inquiries
	w.server = &api.Server{Promises: w.promises, Watch: &supervision.Office{Records: w.records, Catalogue: cat, Name: w.office.Name, Calendar: calendar.Default(), Log: w.log, Now: w.clock, Staff: people}, Organisation: people, Payments: &payment.Office{Desk: desk, Cases: w.records, Edition: w.office.Edition}, Assistances: agents, Notices: w.notices, Registers: desk, Inquiries: w.inquiries, Issuances: w.issuances, Certificates: &certificates.Office{Records: w.records, Blobs: w.blobs, Edition: w.office.Edition, Checker: labels.New(cat), Printer: printer, Now: w.clock, BaseURL: "http://onewindow.test"}, Archive: &archive.Office{Records: w.records, Blobs: w.blobs, Printed: w.notices.Printed, Now: w.clock, System: "测试系统", Version: "test"}, Follow: &followup.Office{Desk: desk, Cases: w.records, StateText: cases.StateText},
		Records: w.records, Blobs: w.blobs, Desk: w.desk, Office: w.office, Guard: w.guard, Log: w.log, Now: w.clock,
		Receiver: &intake.Receiver{Blobs: w.blobs, Records: w.records, Bell: silentBell{}, Log: w.log, MaxBytes: 1 << 20},
		Version:  "test", BaseURL: "http://onewindow.test", Limits: access.NewLimits(),
		Ready: func(ctx context.Context) error { return w.records.Ping(ctx) }}
	site, err := web.New(web.Parts{Organisation: people, Records: w.records, Desk: w.desk, Office: w.office, Registers: desk, Inquiries: w.inquiries,
		Guard: w.guard, Catalogue: cat, Log: w.log, Now: w.clock, Version: "test", Limits: w.server.Limits,
		Contact: web.Contact{Office: "市工程建设项目审批制度改革领导小组办公室", Telephone: "0731-88950406", Fax: "0731-88950063"}})
	if err != nil {
		t.Fatal(err)
	}
	w.server.Pages = site
	handler, _ := w.server.Handler()
	w.http = httptest.NewServer(handler)
	t.Cleanup(func() { w.server.Close(); site.Close(); w.http.Close() })
	return w
}

// set moves the clock to a moment of Chinese time.
func (w *town) set(at string) {
	w.t.Helper()
	moment, err := time.ParseInLocation("2006-01-02 15:04", at, calendar.Zone)
	if err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = moment
}

func (w *town) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// sweep lets time do what it does by itself: deemed acceptance, and filing what
// the pipeline tells of.
func (w *town) sweep() {
	w.t.Helper()
	if _, err := w.office.Sweep(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	if err := w.inquiries.Sweep(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.issuances.Sweep(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	if err := w.office.Follow(w.t.Context(), w.records); err != nil {
		w.t.Fatal(err)
	}
	if err := w.promises.Follow(w.t.Context(), w.records); err != nil {
		w.t.Fatal(err)
	}
	if err := w.promises.Sweep(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// token is an account's token; the account is made when first needed.
func (w *town) token(name string) string {
	w.t.Helper()
	if name == "" {
		return ""
	}
	if w.tokens[name] == "" {
		for _, p := range staff {
			if p.Name == name {
				if err := w.guard.CreateForPrograms(w.t.Context(), p); err != nil {
					w.t.Fatal(err)
				}
			}
		}
		secret, err := w.guard.IssueToken(w.t.Context(), name, "test", 0)
		if err != nil {
			w.t.Fatal(err)
		}
		w.tokens[name] = secret
	}
	return w.tokens[name]
}

// answer is what the service said, read to its end.
type answer struct {
	t      testing.TB
	what   string
	status int
	body   []byte
	data   map[string]any
}

// ask sends a JSON request as somebody, "" being nobody; body nil sends none.
func (w *town) ask(as, method, path string, body any) *answer {
	w.t.Helper()
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			w.t.Fatal(err)
		}
		r = bytes.NewReader(b)
	}
	return w.send(as, method, path, "application/json", r, nil)
}

func (w *town) send(as, method, path, contentType string, body io.Reader, header http.Header) *answer {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.http.URL+path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	for k, v := range header {
		req.Header[k] = v
	}
	if body != nil {
		req.Header.Set("Content-Type", contentType)
	}
	if token := w.token(as); token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	a := &answer{t: w.t, what: as + " " + method + " " + path, status: resp.StatusCode}
	if a.body, err = io.ReadAll(resp.Body); err != nil {
		w.t.Fatal(err)
	}
	_ = json.Unmarshal(a.body, &a.data) // files are no JSON
	return a
}

// want fails the test unless the answer has a status.
func (a *answer) want(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: %d %s, want %d", a.what, a.status, a.body, status)
	}
	return a
}

// says fails the test unless the answer contains texts.
func (a *answer) says(texts ...string) *answer {
	a.t.Helper()
	for _, text := range texts {
		if !strings.Contains(string(a.body), text) {
			a.t.Fatalf("%s does not say %q: %s", a.what, text, a.body)
		}
	}
	return a
}

// silent fails the test if the answer contains a text.
func (a *answer) silent(texts ...string) *answer {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(string(a.body), text) {
			a.t.Fatalf("%s says %q: %s", a.what, text, a.body)
		}
	}
	return a
}

// at returns the value at a path of keys and numbers, "case_items.0.state".
func (a *answer) at(path string) any {
	a.t.Helper()
	var v any = a.data
	for _, key := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[key]
		case []any:
			var i int
			if _, err := fmt.Sscan(key, &i); err != nil || i >= len(x) {
				a.t.Fatalf("%s has nothing at %s: %s", a.what, path, a.body)
			}
			v = x[i]
		default:
			a.t.Fatalf("%s has nothing at %s: %s", a.what, path, a.body)
		}
	}
	return v
}

// text is the value at a path as text.
func (a *answer) text(path string) string {
	a.t.Helper()
	v := a.at(path)
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// moment is the time at a path, in China: "2026-02-14 17:30".
func (a *answer) moment(path string) string {
	a.t.Helper()
	t, err := time.Parse(time.RFC3339Nano, a.text(path))
	if err != nil {
		a.t.Fatalf("%s: %s is no time: %v", a.what, path, err)
	}
	return t.In(calendar.Zone).Format("2006-01-02 15:04")
}

// equal fails the test unless the value at a path is as wanted.
func (a *answer) equal(path, want string) *answer {
	a.t.Helper()
	if got := a.text(path); got != want {
		a.t.Fatalf("%s: %s is %q, want %q: %s", a.what, path, got, want, a.body)
	}
	return a
}

// upload sends a file and returns the document's ID.
func (w *town) upload(as, name string, fields map[string]string) string {
	w.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for k, v := range fields {
		_ = form.WriteField(k, v)
	}
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		w.t.Fatal(err)
	}
	fmt.Fprintf(part, "%%PDF-1.7 %s %s", name, as)
	if err := form.Close(); err != nil {
		w.t.Fatal(err)
	}
	return w.send(as, "POST", "/v1/documents", form.FormDataContentType(), &b, nil).want(http.StatusCreated).text("document_id")
}
