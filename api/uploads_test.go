package api_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"onewindow/access"
	"onewindow/api/resumable"
	"onewindow/document"
	"onewindow/internal/sample"
	"onewindow/storage"
)

// metadata writes keys and values as tus does.
func metadata(pairs ...string) string {
	var all []string
	for i := 0; i+1 < len(pairs); i += 2 {
		all = append(all, pairs[i]+" "+base64.StdEncoding.EncodeToString([]byte(pairs[i+1])))
	}
	return strings.Join(all, ",")
}

// tus makes a request of the protocol; headers are pairs.
func (h *house) tus(as, method, path, body string, headers ...string) reply {
	h.t.Helper()
	r := h.request(as, method, path, strings.NewReader(body))
	r.Header.Set("Tus-Resumable", "1.0.0")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return h.do(r)
}

// begin opens an upload and returns its place.
func (h *house) begin(as string, size int, pairs ...string) string {
	h.t.Helper()
	r := h.tus(as, "POST", "/v1/uploads", "", "Upload-Length", strconv.Itoa(size), "Upload-Metadata", metadata(pairs...)).want(http.StatusCreated)
	return r.header.Get("Location")
}

func (h *house) patch(as, place string, offset int, body string) reply {
	h.t.Helper()
	return h.tus(as, "PATCH", place, body, "Upload-Offset", strconv.Itoa(offset), "Content-Type", "application/offset+octet-stream")
}

// allDocuments are those of the whole house.
func (h *house) allDocuments() []document.Document {
	h.t.Helper()
	docs, err := h.records.ListDocuments(h.t.Context(), storage.DocumentQuery{})
	if err != nil {
		h.t.Fatal(err)
	}
	return docs
}

func TestUpload_PiecesBecomeOneDocument(t *testing.T) {
	h := openHouse(t)
	place := h.begin("clerk", 11, "filename", "许可证.pdf", "project", project.Code, "window", "w03", "sha256", sha("hello world"))
	if !strings.HasPrefix(place, "/v1/uploads/upl_") {
		t.Fatalf("Location is %q", place)
	}
	first := h.patch("clerk", place, 0, "hello").want(http.StatusNoContent)
	if first.header.Get("Upload-Offset") != "5" || first.header.Get("Receipt-Number") != "" || first.header.Get("Upload-Expires") == "" {
		t.Errorf("first piece answered %v", first.header)
	}
	wrong := h.patch("clerk", place, 3, "lo world").want(http.StatusConflict)
	if !strings.Contains(string(wrong.body), "续传位置") {
		t.Errorf("wrong offset answered %s", wrong.body)
	}
	head := h.tus("clerk", "HEAD", place, "").want(http.StatusOK)
	if head.header.Get("Upload-Offset") != "5" || head.header.Get("Upload-Length") != "11" || head.header.Get("Cache-Control") != "no-store" {
		t.Errorf("HEAD answered %v", head.header)
	}
	last := h.patch("clerk", place, 5, " world").want(http.StatusNoContent)
	number, id := last.header.Get("Receipt-Number"), last.header.Get("Document-Id")
	if !strings.HasPrefix(number, "SJ") || last.header.Get("Upload-Offset") != "11" {
		t.Fatalf("last piece answered %v", last.header)
	}
	d := h.document(document.ID(id))
	if d.Filename != "许可证.pdf" || d.Origin.By != "clerk" || d.Origin.Project != project.Code || d.Origin.Window != "w03" ||
		d.Origin.Lane != document.LaneCounter || d.Original.Hex() != sha("hello world") || string(d.Receipt) != number {
		t.Errorf("document %+v", d)
	}
	if _, err := storage.Reread(t.Context(), h.blobs, storage.Originals, d.Original); err != nil {
		t.Errorf("the bytes are not there: %v", err)
	}
	h.checkDone(place, number)
	if left := h.lying(); len(left) != 1 { // the ticket, which says whose it is
		t.Errorf("left in the folder: %v", left)
	}
}

// checkDone asks a finished upload everything there is.
func (h *house) checkDone(place, number string) {
	h.t.Helper()
	for range 2 {
		head := h.tus("clerk", "HEAD", place, "").want(http.StatusOK)
		again := h.patch("clerk", place, 11, "").want(http.StatusNoContent)
		if head.header.Get("Receipt-Number") != number || head.header.Get("Upload-Offset") != "11" || again.header.Get("Receipt-Number") != number {
			h.t.Errorf("asked again: %v, %v", head.header, again.header)
		}
	}
	var p resumable.Arrival
	h.get("clerk", place).want(http.StatusOK).into(&p)
	if p.Receipt == nil || string(p.Receipt.Number) != number || p.Offset != 11 || p.Length != 11 {
		h.t.Errorf("GET answered %+v", p)
	}
	h.tus("clerk", "DELETE", place, "").want(http.StatusConflict)
	if n := len(h.allDocuments()); n != 1 {
		h.t.Errorf("%d documents", n)
	}
}

// lying lists what is in the folder of uploads.
func (h *house) lying() []string {
	h.t.Helper()
	entries, err := os.ReadDir(filepath.Join(h.dir, "uploads"))
	if err != nil {
		h.t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestUpload_OnlyWhoBeganGoesOn(t *testing.T) {
	h := openHouse(t)
	place := h.begin("applicant", 5)
	for _, method := range []string{"HEAD", "GET", "DELETE"} {
		h.do(h.request("stranger", method, place, nil)).want(map[string]int{"HEAD": 404, "GET": 404, "DELETE": 404}[method])
	}
	h.patch("clerk", place, 0, "hello").want(http.StatusNotFound)
	h.patch("applicant", place, 0, "hello").want(http.StatusNoContent)
	h.tus("stranger", "HEAD", place, "").want(http.StatusNotFound)
	for _, id := range []string{"none", "..%2F..%2Frecords.db", "upl_" + strings.Repeat("0", 26)} {
		h.tus("applicant", "HEAD", "/v1/uploads/"+id, "").want(http.StatusNotFound)
	}
	if d := h.allDocuments()[0]; d.Origin.Role != document.RoleMaterial || d.Origin.By != "applicant" {
		t.Errorf("origin %+v", d.Origin)
	}
}

func TestUpload_LimitIsToldAndHeldBeforeTheFirstByte(t *testing.T) {
	h := openHouse(t)
	options := h.tus("", "OPTIONS", "/v1/uploads", "").want(http.StatusNoContent)
	if got := options.header.Get("Tus-Max-Size"); got != strconv.Itoa(1<<20) {
		t.Errorf("Tus-Max-Size is %q", got)
	}
	if got := options.header.Get("Tus-Extension"); got != "creation,creation-with-upload,termination,expiration" {
		t.Errorf("Tus-Extension is %q", got)
	}
	large := h.tus("clerk", "POST", "/v1/uploads", "", "Upload-Length", strconv.Itoa(1<<20+1)).want(http.StatusRequestEntityTooLarge)
	if !strings.Contains(string(large.body), "文件超过 1 MB") {
		t.Errorf("too large answered %s", large.body)
	}
	wrong := h.tus("clerk", "POST", "/v1/uploads", "", "Upload-Length", "1", "Upload-Metadata", metadata("item", "nothing", "project", "x", "as", "y")).want(http.StatusUnprocessableEntity)
	if fields := wrong.wrong(); len(fields) != 3 {
		t.Errorf("wrong fields: %v", fields)
	}
	h.tus("clerk", "POST", "/v1/uploads", "", "Upload-Length", "1", "Upload-Metadata", metadata("sha256", "abc")).want(http.StatusUnprocessableEntity)
	h.tus("clerk", "POST", "/v1/uploads", "").want(http.StatusBadRequest)
	h.do(h.request("clerk", "POST", "/v1/uploads", nil)).want(http.StatusPreconditionFailed)
	h.tus("clerk", "POST", "/v1/uploads", "", "Upload-Defer-Length", "1").want(http.StatusBadRequest)
	if left := h.lying(); len(left) != 0 {
		t.Errorf("left in the folder: %v", left)
	}
	place := h.begin("clerk", 3)
	more := h.patch("clerk", place, 0, "four").want(http.StatusRequestEntityTooLarge)
	if strings.Contains(string(more.body), "ERR_") {
		t.Errorf("too much answered %s", more.body)
	}
}

func TestUpload_WrongDigestLeavesNothing(t *testing.T) {
	h := openHouse(t)
	place := h.begin("clerk", 5, "sha256", sha("promised"))
	h.patch("clerk", place, 0, "hello").want(http.StatusUnprocessableEntity)
	h.tus("clerk", "HEAD", place, "").want(http.StatusNotFound)
	if left := h.lying(); len(left) != 0 || len(h.allDocuments()) != 0 || h.blobCount(storage.Originals) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestUpload_EmptyFileAndOneRequest(t *testing.T) {
	h := openHouse(t)
	empty := h.tus("clerk", "POST", "/v1/uploads", "", "Upload-Length", "0").want(http.StatusCreated)
	var p resumable.Arrival
	h.get("clerk", empty.header.Get("Location")).want(http.StatusOK).into(&p)
	if p.Receipt == nil || p.Receipt.Refused == nil || p.Receipt.Refused.Code != document.CodeEmpty {
		t.Errorf("an empty file gave %+v", p.Receipt)
	}
	r := h.tus("clerk", "POST", "/v1/uploads", "hello", "Upload-Length", "5", "Content-Type", "application/offset+octet-stream").want(http.StatusCreated)
	if r.header.Get("Receipt-Number") == "" || r.header.Get("Upload-Offset") != "5" {
		t.Errorf("creation with upload answered %v", r.header)
	}
}

// TestUpload_ArchiveIsTakenApart: each file of it is a document of the case.
func TestUpload_ArchiveIsTakenApart(t *testing.T) {
	h := openHouse(t)
	whole := archived(t, "执照.pdf", scan(t, sample.Make(sample.Materials()[0], project, 3)), "空.pdf", "")
	half := len(whole) / 2
	place := h.begin("clerk", len(whole), "filename", "一批.zip", "project", project.Code)
	h.patch("clerk", place, 0, whole[:half]).want(http.StatusNoContent)
	last := h.patch("clerk", place, half, whole[half:]).want(http.StatusNoContent)
	id := document.ID(last.header.Get("Document-Id"))
	h.work()
	h.inState(id, document.StateSplit)
	var got struct {
		Parts []struct {
			ID      document.ID
			Entry   string
			Receipt string
		}
	}
	h.get("clerk", "/v1/documents/"+string(id)+"/parts").want(http.StatusOK).into(&got)
	states := map[string]document.State{}
	for _, p := range got.Parts {
		d := h.document(p.ID)
		states[p.Entry] = d.State
		if d.Origin.Project != project.Code || p.Receipt == "" {
			t.Errorf("part %+v of project %q", p, d.Origin.Project)
		}
	}
	if len(states) != 2 || !states["执照.pdf"].Final() && states["执照.pdf"] != document.StateNeedsReview || states["空.pdf"] != document.StateRefused {
		t.Errorf("parts are %v", states)
	}
}

func TestUpload_GivenUpIsGone(t *testing.T) {
	h := openHouse(t)
	place := h.begin("clerk", 5)
	h.patch("clerk", place, 0, "he").want(http.StatusNoContent)
	h.tus("clerk", "DELETE", place, "").want(http.StatusNoContent)
	h.tus("clerk", "HEAD", place, "").want(http.StatusNotFound)
	h.patch("clerk", place, 2, "llo").want(http.StatusNotFound)
}

// TestUpload_CompleteBytesAreReceivedOnce: the process died after the last byte
// was written and before it was answered. Whoever comes first, the client or the
// sweep, makes the document; nobody makes a second one.
func TestUpload_CompleteBytesAreReceivedOnce(t *testing.T) {
	for _, first := range []string{"client", "sweep"} {
		t.Run(first, func(t *testing.T) {
			h := openHouse(t)
			place := h.begin("clerk", 5, "filename", "a.pdf")
			bytesOf := filepath.Join(h.dir, "uploads", filepath.Base(place))
			if err := os.WriteFile(bytesOf, []byte("hello"), 0o600); err != nil {
				t.Fatal(err)
			}
			if first == "sweep" {
				h.server.Uploads.Sweep(t.Context())
				if n := len(h.allDocuments()); n != 1 {
					t.Fatalf("%d documents after the sweep", n)
				}
			}
			head := h.tus("clerk", "HEAD", place, "").want(http.StatusOK)
			if head.header.Get("Receipt-Number") != string(h.allDocuments()[0].Receipt) {
				t.Errorf("HEAD answered %v", head.header)
			}
			// It also died before the bytes were tidied away.
			if err := os.WriteFile(bytesOf, []byte("hello"), 0o600); err != nil {
				t.Fatal(err)
			}
			h.server.Uploads.Sweep(t.Context())
			if left := h.lying(); len(h.allDocuments()) != 1 || len(left) != 1 {
				t.Errorf("%d documents, left %v", len(h.allDocuments()), left)
			}
		})
	}
}

// TestUpload_StoreAwayAtTheLastByte: the sender is told to come again, and finds
// the receipt then.
func TestUpload_StoreAwayAtTheLastByte(t *testing.T) {
	h := openHouse(t)
	place := h.begin("clerk", 5)
	full := &fullOnce{Blobs: h.blobs}
	h.server.Receiver.Blobs = full
	r := h.patch("clerk", place, 0, "hello").want(http.StatusServiceUnavailable)
	if r.header.Get("Retry-After") == "" || !strings.Contains(string(r.body), "存储空间不足") || len(h.allDocuments()) != 0 {
		t.Errorf("answer %v %s", r.header, r.body)
	}
	head := h.tus("clerk", "HEAD", place, "").want(http.StatusOK)
	if head.header.Get("Receipt-Number") == "" || len(h.allDocuments()) != 1 {
		t.Errorf("HEAD answered %v", head.header)
	}
}

func TestUpload_ForgottenOnesExpire(t *testing.T) {
	h := openHouse(t)
	half, whole := h.begin("clerk", 5), h.begin("clerk", 5)
	h.patch("clerk", half, 0, "he").want(http.StatusNoContent)
	h.patch("clerk", whole, 0, "hello").want(http.StatusNoContent)
	h.server.Uploads.Sweep(t.Context())
	h.tus("clerk", "HEAD", half, "").want(http.StatusOK)
	h.now = func() time.Time { return time.Now().Add(61 * time.Minute) }
	h.server.Uploads.Sweep(t.Context())
	h.tus("clerk", "HEAD", half, "").want(http.StatusNotFound)
	if left := h.lying(); len(left) != 0 {
		t.Errorf("left in the folder: %v", left)
	}
	// A receipt stays for ever.
	head := h.tus("clerk", "HEAD", whole, "").want(http.StatusOK)
	if head.header.Get("Receipt-Number") == "" {
		t.Errorf("HEAD answered %v", head.header)
	}
	h.tus("stranger", "HEAD", whole, "").want(http.StatusNotFound)
}

// TestUpload_PageNeedsItsOwnSite: a session may, another site in its name not.
func TestUpload_PageNeedsItsOwnSite(t *testing.T) {
	h := openHouse(t)
	h.person(t, "builder", "applicant")
	secret, _, err := h.guard.Login(t.Context(), "builder", password)
	if err != nil {
		t.Fatal(err)
	}
	for site, status := range map[string]int{"same-origin": http.StatusCreated, "cross-site": http.StatusForbidden} {
		r, err := http.NewRequest("POST", h.http.URL+"/v1/uploads", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Cookie", access.CookieName+"="+secret)
		r.Header.Set("Tus-Resumable", "1.0.0")
		r.Header.Set("Upload-Length", "5")
		r.Header.Set("Sec-Fetch-Site", site)
		h.do(r).want(status)
	}
}

// TestUpload_OddHeaders: whatever stands in a header, the answer is a problem and
// nothing stays behind.
func TestUpload_OddHeaders(t *testing.T) {
	h := openHouse(t)
	for _, c := range [][2]string{{"-1", ""}, {"99999999999999999999", ""}, {"1e3", ""}, {"", "filename"}, {"x", ",,, as  x"}} {
		h.tus("clerk", "POST", "/v1/uploads", "", "Upload-Length", c[0], "Upload-Metadata", c[1]).want(http.StatusBadRequest)
	}
	if left := h.lying(); len(left) != 0 {
		t.Errorf("left in the folder: %v", left)
	}
	// Metadata that cannot be read is as good as none; a name is for display only.
	place := h.begin("clerk", 5, "filename", "../../etc/\x00pass\u202ewd.pdf")
	h.tus("clerk", "POST", "/v1/uploads", "", "Upload-Length", "5", "Upload-Metadata", "filename %%%, , as").want(http.StatusCreated)
	h.patch("clerk", place, 0, "hello").want(http.StatusNoContent)
	if name := h.allDocuments()[0].Filename; name != "passwd.pdf" {
		t.Errorf("name is %q", name)
	}
}

// fullOnce has no room the first time.
type fullOnce struct {
	storage.Blobs
	asked atomic.Bool
}

func (f *fullOnce) Put(ctx context.Context, class storage.Class, r io.Reader, o storage.PutOptions) (storage.BlobInfo, error) {
	if f.asked.CompareAndSwap(false, true) {
		return storage.BlobInfo{}, fmt.Errorf("put: %w", storage.ErrFull)
	}
	return f.Blobs.Put(ctx, class, r, o)
}
