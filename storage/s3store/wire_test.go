package s3store_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"onewindow/internal/testserver"
	"onewindow/storage"
	"onewindow/storage/s3store"
	"onewindow/storage/storagetest"
)

// wire is a proxy before a real server that notes the requests and spoils some.
type wire struct {
	mu    sync.Mutex
	seen  []*http.Request
	spoil func(w http.ResponseWriter, r *http.Request, forward http.Handler)
}

func newWire(t *testing.T, server *testserver.S3Server, opts *s3store.Options) *wire {
	t.Helper()
	target, err := url.Parse("http://" + server.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{spoil: func(w http.ResponseWriter, r *http.Request, forward http.Handler) { forward.ServeHTTP(w, r) }}
	forward := httputil.NewSingleHostReverseProxy(target)
	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		w.seen = append(w.seen, r.Clone(r.Context()))
		w.mu.Unlock()
		w.spoil(rw, r, forward)
	}))
	t.Cleanup(front.Close)
	opts.Endpoint = front.URL
	return w
}

// count returns how many requests match.
func (w *wire) count(match func(*http.Request) bool) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, r := range w.seen {
		if match(r) {
			n++
		}
	}
	return n
}

func isPut(r *http.Request) bool  { return r.Method == http.MethodPut && !r.URL.Query().Has("uploadId") }
func isPart(r *http.Request) bool { return r.Method == http.MethodPut && r.URL.Query().Has("uploadId") }
func isComplete(r *http.Request) bool {
	return r.Method == http.MethodPost && r.URL.Query().Has("uploadId")
}

// loseAnswer lets the server do its work and cuts the line before its answer.
func loseAnswer(match func(*http.Request) bool, times int) func(http.ResponseWriter, *http.Request, http.Handler) {
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request, forward http.Handler) {
		mu.Lock()
		lose := match(r) && times > 0
		if lose {
			times--
		}
		mu.Unlock()
		if !lose {
			forward.ServeHTTP(w, r)
			return
		}
		forward.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	}
}

// refuse answers the first matching requests with a status.
func refuse(match func(*http.Request) bool, times, status int, code string) func(http.ResponseWriter, *http.Request, http.Handler) {
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request, forward http.Handler) {
		mu.Lock()
		refused := match(r) && times > 0
		if refused {
			times--
		}
		mu.Unlock()
		if !refused {
			forward.ServeHTTP(w, r)
			return
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`<Error><Code>` + code + `</Code><Message>no</Message></Error>`))
	}
}

func putContent(t *testing.T, s *s3store.Store, seed byte, size int64) error {
	t.Helper()
	info, err := s.Put(t.Context(), storage.Originals, storagetest.Content(seed, size), storage.PutOptions{})
	if err != nil {
		return err
	}
	_, err = storage.Reread(t.Context(), s, storage.Originals, info.Digest)
	return err
}

func TestSinglePutIsConditionalAndSigned(t *testing.T) {
	server := testserver.VersityGW(t)
	opts := options(server, server.Bucket)
	w := newWire(t, server, &opts)
	s := open(t, opts)
	info, err := s.Put(t.Context(), storage.Originals, strings.NewReader("x"), storage.PutOptions{})
	if err != nil {
		t.Fatal(err)
	}
	sound := func(r *http.Request) bool {
		return isPut(r) && r.Header.Get("If-None-Match") == "*" && r.Header.Get("X-Amz-Content-Sha256") == info.Digest.Hex()
	}
	if w.count(isPut) != 1 || w.count(sound) != 1 {
		t.Errorf("%d PUTs, %d of them conditional with the digest", w.count(isPut), w.count(sound))
	}
	if n := w.count(func(r *http.Request) bool { return r.URL.Query().Has("location") }); n != 0 {
		t.Errorf("asked %d times for the region", n)
	}
}

func TestLargeBlobGoesInSignedParts(t *testing.T) {
	server := testserver.VersityGW(t)
	opts := options(server, server.Bucket)
	w := newWire(t, server, &opts)
	s := open(t, opts)
	if err := putContent(t, s, 1, 65<<20); err != nil {
		t.Fatal(err)
	}
	signed := func(r *http.Request) bool { return isPart(r) && len(r.Header.Get("X-Amz-Content-Sha256")) == 64 }
	if w.count(signed) != 5 || w.count(isPut) != 0 {
		t.Errorf("%d signed parts and %d PUTs, want 5 and 0", w.count(signed), w.count(isPut))
	}
	before := w.count(isPart)
	if err := putContent(t, s, 1, 65<<20); err != nil || w.count(isPart) != before {
		t.Errorf("sent again what is there: %v", err)
	}
}

// TestLostAnswers: the server did the work and its answer never came.
func TestLostAnswers(t *testing.T) {
	for name, test := range map[string]struct {
		match func(*http.Request) bool
		size  int64
	}{
		"put": {isPut, 1000}, "part": {isPart, 65 << 20}, "complete": {isComplete, 65 << 20},
	} {
		t.Run(name, func(t *testing.T) {
			server := testserver.Minio(t) // versitygw answers a second complete like the first
			opts := options(server, server.Bucket)
			w := newWire(t, server, &opts)
			w.spoil = loseAnswer(test.match, 2)
			if err := putContent(t, open(t, opts), 1, test.size); err != nil {
				t.Error(err)
			}
			if n := w.count(test.match); n < 3 {
				t.Errorf("%d calls; nothing was lost", n)
			}
		})
	}
}

// TestSlowJoin: the server is still joining the parts when we ask again, and no
// longer knows the upload. So does versitygw with 5 GB.
func TestSlowJoin(t *testing.T) {
	server := testserver.VersityGW(t)
	opts := options(server, server.Bucket)
	w := newWire(t, server, &opts)
	calls := 0 // completes come one after the other
	joined := make(chan struct{})
	w.spoil = func(rw http.ResponseWriter, r *http.Request, forward http.Handler) {
		if !isComplete(r) {
			forward.ServeHTTP(rw, r)
			return
		}
		if calls++; calls > 1 {
			refuse(isComplete, 1, http.StatusNotFound, "NoSuchUpload")(rw, r, forward)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		later := r.Clone(context.WithoutCancel(r.Context()))
		later.Body = io.NopCloser(bytes.NewReader(body))
		time.AfterFunc(time.Second, func() {
			defer close(joined)
			forward.ServeHTTP(httptest.NewRecorder(), later)
		})
		panic(http.ErrAbortHandler)
	}
	if err := putContent(t, open(t, opts), 1, 65<<20); err != nil {
		t.Error(err)
	}
	<-joined
}

func TestRefusals(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		code   string
		calls  int // 1: at once given up
		want   error
	}{
		"busy":       {503, "SlowDown", 3, nil},
		"internal":   {500, "InternalError", 3, nil},
		"too many":   {429, "TooManyRequests", 3, nil},
		"conflict":   {409, "ConditionalRequestConflict", 3, nil},
		"disk full":  {507, "XMinioStorageFull", 1, storage.ErrFull},
		"quota":      {403, "QuotaExceeded", 1, storage.ErrFull},
		"bucket":     {400, "XMinioAdminBucketQuotaExceeded", 1, storage.ErrFull},
		"bare 507":   {507, "", 1, storage.ErrFull},
		"forbidden":  {403, "AccessDenied", 1, errAny},
		"no If-None": {501, "NotImplemented", 2, nil}, // the second call is unconditional
	} {
		t.Run(name, func(t *testing.T) {
			server := testserver.VersityGW(t)
			opts := options(server, server.Bucket)
			w := newWire(t, server, &opts)
			times := 2
			if test.code == "NotImplemented" {
				times = 1
			}
			w.spoil = refuse(isPut, times, test.status, test.code)
			err := putContent(t, open(t, opts), 1, 1000)
			if test.want == errAny && err == nil || test.want != errAny && !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if n := w.count(isPut); n != test.calls {
				t.Errorf("%d calls, want %d", n, test.calls)
			}
		})
	}
}

var errAny = errors.New("any error")

// TestServerThatStoresOtherBytes: an accepted upload is not believed until it
// was read back, and what cannot be read back right does not stay.
func TestServerThatStoresOtherBytes(t *testing.T) {
	server := testserver.VersityGW(t)
	opts := options(server, server.Bucket)
	w := newWire(t, server, &opts)
	w.spoil = func(rw http.ResponseWriter, r *http.Request, forward http.Handler) {
		if r.Method == http.MethodGet && !r.URL.Query().Has("list-type") {
			rec := httptest.NewRecorder()
			forward.ServeHTTP(rec, r)
			body := rec.Body.Bytes()
			body[len(body)/2] ^= 1
			for k, v := range rec.Header() {
				rw.Header()[k] = v
			}
			rw.WriteHeader(rec.Code)
			_, _ = rw.Write(body)
			return
		}
		forward.ServeHTTP(rw, r)
	}
	s := open(t, opts)
	_, err := s.Put(t.Context(), storage.Originals, strings.NewReader("原件内容"), storage.PutOptions{})
	if !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("got %v, want damaged", err)
	}
	n := 0
	if err := s.List(t.Context(), storage.Originals, func(storage.BlobInfo) error { n++; return nil }); err != nil || n != 0 {
		t.Errorf("%d blobs visible, %v", n, err)
	}
}

// TestProbeSaysWhatIsWrong: each fault is found under the right name.
func TestProbeSaysWhatIsWrong(t *testing.T) {
	server := testserver.VersityGW(t)
	// A server that knows no conditions would store and say so.
	unconditional := func(w http.ResponseWriter, r *http.Request, forward http.Handler) {
		if r.Header.Get("If-None-Match") == "" {
			forward.ServeHTTP(w, r)
			return
		}
		rec := httptest.NewRecorder()
		forward.ServeHTTP(rec, r)
		if rec.Code == http.StatusPreconditionFailed {
			rec.Code = http.StatusOK
		}
		w.WriteHeader(rec.Code)
	}
	for name, test := range map[string]struct {
		change    func(*s3store.Options)
		spoil     func(http.ResponseWriter, *http.Request, http.Handler)
		tolerable bool
	}{
		"bucket":            {change: func(o *s3store.Options) { o.Bucket = "no-such-bucket" }},
		"write":             {spoil: refuse(isPut, 99, 403, "AccessDenied")},
		"upload in parts":   {spoil: refuse(isPart, 99, 501, "NotImplemented")},
		"conditional write": {spoil: unconditional, tolerable: true},
	} {
		opts := options(server, server.Bucket)
		w := newWire(t, server, &opts)
		if test.spoil != nil {
			w.spoil = test.spoil
		}
		if test.change != nil {
			test.change(&opts)
		}
		found := 0
		for _, step := range open(t, opts).Probe(t.Context()) {
			if step.Err != nil {
				found++
				if step.Name != name || step.Tolerable != test.tolerable {
					t.Errorf("%s: found in step %q (tolerable %v): %v", name, step.Name, step.Tolerable, step.Err)
				}
			}
		}
		if found != 1 {
			t.Errorf("%s: %d steps failed, want 1", name, found)
		}
	}
}
