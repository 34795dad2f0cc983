package api_test

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onewindow/document"
)

func TestW7_OriginalOnlyForIssuerAndArchive(t *testing.T) {
	h := openHouse(t)
	content := scan(t, paper("rd-construction-permit"))
	id := h.permit()
	if err := h.records.AddMember(t.Context(), memberOf(project.Code, "applicant")); err != nil {
		t.Fatal(err)
	}
	doc := "/v1/documents/" + string(h.stored(t, id).Document) + "/original"
	for _, c := range []struct {
		who               string
		original, bySheet int // status of the result's original, and of the document's
	}{
		{"reviewer", 200, 200}, {"system", 200, 200}, {"archivist", 200, 200},
		{"planner", 403, 404}, {"applicant", 403, 404}, {"stranger", 403, 404}, {"clerk", 403, 403},
		{"lead", 403, 403}, {"supervisor", 403, 403}, {"security", 403, 404}, {"admin", 403, 403}, {"", 401, 401},
	} {
		r := h.get(c.who, "/v1/results/"+id+"/original").want(c.original)
		h.get(c.who, doc).want(c.bySheet)
		if c.original == http.StatusOK && string(r.body) != content {
			t.Errorf("%s got other bytes", c.who)
		}
		if c.original != http.StatusOK && strings.Contains(string(r.body), "PDF-light") {
			t.Errorf("%s got bytes of it", c.who)
		}
	}
	if n := h.audits(id, "result.original.read"); n != 3 {
		t.Errorf("%d of 3 reads are in the trail", n)
	}
}

func TestFiles_ReviewersCompareWithTheOriginal(t *testing.T) {
	h := openHouse(t)
	counter := h.send("clerk", scan(t, paper("rd-construction-permit")))
	h.work()
	path := "/v1/documents/" + string(counter) + "/original"
	h.get("clerk", path).want(http.StatusOK) // decides, and must see what it decides on
	h.get("reviewer", path).want(http.StatusOK)
	h.get("planner", path).want(http.StatusNotFound)
	material := h.send("applicant", "any bytes")
	r := h.get("applicant", "/v1/documents/"+string(material)+"/original").want(http.StatusOK)
	if string(r.body) != "any bytes" {
		t.Errorf("got %q", r.body)
	}
	h.get("stranger", "/v1/documents/"+string(material)+"/original").want(http.StatusNotFound)
}

func TestFiles_RangeETagAndDigest(t *testing.T) {
	h := openHouse(t)
	id := h.permit()
	path := "/v1/results/" + id + "/file"
	whole := h.get("planner", path).want(http.StatusOK)
	sum := sha256.Sum256(whole.body)
	if got, want := whole.header.Get("Repr-Digest"), "sha-256=:"+base64.StdEncoding.EncodeToString(sum[:])+":"; got != want {
		t.Errorf("Repr-Digest is %q, want %q", got, want)
	}
	etag := whole.header.Get("ETag")
	if etag != `"`+h.stored(t, id).Delivered.String()+`"` || whole.header.Get("Accept-Ranges") != "bytes" {
		t.Errorf("ETag %q, headers %v", etag, whole.header)
	}
	kind, params, err := mime.ParseMediaType(whole.header.Get("Content-Disposition"))
	if err != nil || kind != "attachment" || params["filename"] != "建筑工程施工许可证_"+permitFields()["doc_no"]+".pdf" {
		t.Errorf("Content-Disposition %q", whole.header.Get("Content-Disposition"))
	}
	with := func(header, value string) reply {
		r := h.request("planner", "GET", path, nil)
		r.Header.Set(header, value)
		return h.do(r)
	}
	n := len(whole.body)
	for _, c := range []struct{ ask, want string }{
		{"bytes=5-9", string(whole.body[5:10])}, {"bytes=-4", string(whole.body[n-4:])}, {"bytes=0-", string(whole.body)},
	} {
		if r := with("Range", c.ask).want(http.StatusPartialContent); string(r.body) != c.want {
			t.Errorf("%s gave %d bytes", c.ask, len(r.body))
		}
	}
	if r := with("Range", "bytes=99999999-"); r.status != http.StatusRequestedRangeNotSatisfiable {
		t.Errorf("a range beyond the end answered %d", r.status)
	}
	if r := with("If-None-Match", etag); r.status != http.StatusNotModified || len(r.body) != 0 {
		t.Errorf("If-None-Match answered %d", r.status)
	}
	with("If-None-Match", `"other"`).want(http.StatusOK)
	half := h.request("planner", "GET", path, nil)
	half.Header.Set("Range", "bytes=5-9")
	half.Header.Set("If-Range", `"other"`)
	h.do(half).want(http.StatusOK)
	head := h.do(h.request("planner", "HEAD", path, nil))
	if head.status != http.StatusOK || len(head.body) != 0 || head.header.Get("ETag") != etag {
		t.Errorf("HEAD answered %d %v", head.status, head.header)
	}
}

func TestFiles_EveryReadIsAudited(t *testing.T) {
	h := openHouse(t)
	id := h.permit()
	doc := string(h.stored(t, id).Document)
	for range 2 {
		h.get("planner", "/v1/results/"+id+"/file").want(http.StatusOK)
	}
	h.get("planner", "/v1/results/"+id+"/file?trace=1").want(http.StatusOK)
	h.get("planner", "/v1/results/"+id).want(http.StatusOK)
	h.get("clerk", "/v1/documents/"+doc).want(http.StatusOK)
	h.get("clerk", "/v1/documents/"+doc+"/pages").want(http.StatusOK)
	h.get("reviewer", "/v1/documents/"+doc).want(http.StatusOK) // its sender watches how far it is
	for action, want := range map[string]int{"result.file.read": 2, "result.file.traced": 1, "result.read": 1} {
		if n := h.audits(id, action); n != want {
			t.Errorf("%s is %d times in the trail, want %d", action, n, want)
		}
	}
	for action, want := range map[string]int{"document.read": 1, "document.text.read": 1} {
		if n := h.audits(doc, action); n != want {
			t.Errorf("%s is %d times in the trail, want %d", action, n, want)
		}
	}
	var trail struct {
		Rows []struct{ Actor, Action, Hash string }
	}
	h.get("supervisor", "/v1/audit?object="+id).want(http.StatusOK).into(&trail)
	if len(trail.Rows) < 4 || trail.Rows[0].Hash == "" {
		t.Errorf("trail %+v", trail)
	}
	if v, err := h.records.VerifyAudit(t.Context()); err != nil || !v.Intact {
		t.Errorf("trail %+v %v", v, err)
	}
}

func TestFiles_UnreadableTrailShowsNothing(t *testing.T) {
	h := openHouse(t)
	id := h.permit()
	h.server.Records = brokenTrail{h.server.Records}
	for _, path := range []string{"/v1/results/" + id + "/file", "/v1/results/" + id} {
		if r := h.get("planner", path).want(http.StatusInternalServerError); strings.Contains(string(r.body), "stamped") {
			t.Error("shown although nobody knows that it was read")
		}
	}
}

func TestFiles_DamageIsNeverTakenForWhole(t *testing.T) {
	h := openHouse(t)
	id := h.permit()
	d := h.stored(t, id).Delivered
	damage(t, h.dir, d)
	resp, err := http.DefaultClient.Do(h.request("planner", "GET", "/v1/results/"+id+"/file", nil))
	if err == nil {
		defer resp.Body.Close()
		var b []byte
		if b, err = io.ReadAll(resp.Body); err == nil {
			t.Errorf("a damaged file of %d bytes arrived whole", len(b))
		}
	}
	if !strings.Contains(h.log.String(), "damaged") {
		t.Error("operators are not told")
	}
}

func TestFiles_MissingBlobIsOurTrouble(t *testing.T) {
	h := openHouse(t)
	id := h.permit()
	if err := h.blobs.Delete(t.Context(), "derived", h.stored(t, id).Delivered); err != nil {
		t.Fatal(err)
	}
	r := h.get("planner", "/v1/results/"+id+"/file").want(http.StatusInternalServerError)
	if strings.Contains(string(r.body), "blob") || r.header.Get("Content-Disposition") != "" {
		t.Errorf("answer %s %v", r.body, r.header)
	}
}

// damage changes one byte of a stored blob behind the store's back.
func damage(t *testing.T, dir string, d document.Digest) {
	t.Helper()
	done := false
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.Contains(path, d.Hex()[4:]) || strings.Contains(path, "label") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil || len(b) < 100 {
			return err
		}
		b[50] ^= 1
		os.Chmod(path, 0o600)
		done = true
		return os.WriteFile(path, b, 0o600)
	})
	if err != nil || !done {
		t.Fatalf("damage blob: %v %v", done, err)
	}
}
