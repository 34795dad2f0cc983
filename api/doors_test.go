package api_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"onewindow/document"
	"onewindow/intake"
	"onewindow/storage"
)

func sha(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

func TestReceive_ReceiptMeansTheBytesAreThere(t *testing.T) {
	h := openHouse(t) // no worker runs
	r := h.do(h.form("clerk", "/v1/documents", "", field("project", project.Code), file("许可证.pdf", "content"), field("sha256", sha("content")))).want(http.StatusCreated)
	var receipt intake.Receipt
	r.into(&receipt)
	if receipt.Digest.Hex() != sha("content") || receipt.Size != 7 || !strings.HasPrefix(string(receipt.Number), "SJ") {
		t.Errorf("receipt %+v", receipt)
	}
	if _, err := storage.Reread(t.Context(), h.blobs, storage.Originals, receipt.Digest); err != nil {
		t.Errorf("the bytes are not there: %v", err)
	}
	d := h.document(receipt.Document)
	if d.Filename != "许可证.pdf" || d.Origin.By != "clerk" || d.Origin.Channel != document.ChannelPhysical ||
		d.Origin.Lane != document.LaneCounter || d.Origin.Hall != "changsha" || d.Origin.Project != project.Code {
		t.Errorf("document %+v", d)
	}
	if got := r.header.Get("Location"); got != "/v1/documents/"+string(receipt.Document) {
		t.Errorf("Location is %q", got)
	}
}

func TestReceive_SameKeyIsSameReceipt(t *testing.T) {
	h := openHouse(t)
	var first, second intake.Receipt
	h.do(h.form("clerk", "/v1/documents", "k1", file("a.pdf", "one"))).want(http.StatusCreated).into(&first)
	h.do(h.form("clerk", "/v1/documents", "k1", file("a.pdf", "one"))).want(http.StatusOK).into(&second)
	if first.Number != second.Number || first.Document != second.Document || !second.Again {
		t.Errorf("receipts differ: %+v and %+v", first, second)
	}
	h.do(h.form("clerk", "/v1/documents", "k1", file("a.pdf", "other"))).want(http.StatusConflict)
	h.do(h.form("applicant", "/v1/documents", "k1", file("a.pdf", "other"))).want(http.StatusCreated) // keys are per sender
	long := h.do(h.form("clerk", "/v1/documents", strings.Repeat("k", 256), file("a.pdf", "one"))).want(http.StatusUnprocessableEntity)
	if long.wrong()["Idempotency-Key"] == "" {
		t.Errorf("a long key answered %s", long.body)
	}
}

func TestReceive_WrongDigestStoresNothing(t *testing.T) {
	h := openHouse(t)
	r := h.do(h.form("clerk", "/v1/documents", "", field("sha256", sha("promised")), file("a.pdf", "other"))).want(http.StatusUnprocessableEntity)
	if !strings.Contains(string(r.body), "摘要不一致") {
		t.Errorf("answer %s", r.body)
	}
	if n := h.blobCount(storage.Originals); n != 0 {
		t.Errorf("%d blobs are stored", n)
	}
	// A digest that comes after the file cannot keep its bytes out, but makes no document.
	h.do(h.form("clerk", "/v1/documents", "", file("a.pdf", "other"), field("sha256", sha("promised")))).want(http.StatusUnprocessableEntity)
	h.do(h.form("clerk", "/v1/documents", "", field("sha256", "abc"), file("a.pdf", "x"))).want(http.StatusUnprocessableEntity)
	if docs, err := h.records.ListDocuments(t.Context(), storage.DocumentQuery{}); err != nil || len(docs) != 0 {
		t.Errorf("%d documents, %v", len(docs), err)
	}
}

func TestReceive_EmptyFileIsKeptAndRefused(t *testing.T) {
	h := openHouse(t)
	var receipt intake.Receipt
	h.do(h.form("clerk", "/v1/documents", "", file("a.pdf", ""))).want(http.StatusCreated).into(&receipt)
	if receipt.Refused == nil || receipt.Refused.Code != document.CodeEmpty || receipt.Number == "" {
		t.Errorf("receipt %+v", receipt)
	}
	h.inState(receipt.Document, document.StateRefused)
	if r := h.do(h.form("clerk", "/v1/documents", "", field("as", "result"))).want(http.StatusUnprocessableEntity); r.wrong()["file"] != "empty" {
		t.Errorf("a form without a file answered %s", r.body)
	}
}

func TestReceive_TooLargeIsRefusedAndSaysTheLimit(t *testing.T) {
	h := openHouse(t)
	h.server.Receiver.MaxBytes = 1 << 20
	body := strings.Repeat("x", 1<<20+1)
	r := h.do(h.form("clerk", "/v1/documents", "", file("a.pdf", body))).want(http.StatusRequestEntityTooLarge)
	if !strings.Contains(string(r.body), "1 MB") || r.wrong()["file"] != "too_large" {
		t.Errorf("answer %s", r.body)
	}
	// One that announces its size is refused before it is sent.
	announced := h.form("clerk", "/v1/documents", "", file("a.pdf", "x"))
	announced.ContentLength = 5 << 20
	announced.Body = http.NoBody
	announced.Header.Set("Expect", "100-continue")
	transport := http.Transport{ExpectContinueTimeout: 1 << 40}
	announced.Body = unread{t}
	resp, err := transport.RoundTrip(announced)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("an announced 5 MB answered %d", resp.StatusCode)
	}
	if n := h.blobCount(storage.Originals); n != 0 {
		t.Errorf("%d blobs are stored", n)
	}
}

// unread is a body that nobody may ask for.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body was sent")
	return 0, fmt.Errorf("sent")
}

func (u unread) Close() error { return nil }

func TestReceive_WrongFormsNameEveryFieldAtOnce(t *testing.T) {
	h := openHouse(t)
	r := h.do(h.form("reviewer", "/v1/documents", "", field("as", "poem"), field("engine", "magic"), field("item", "X"),
		field("material", "Y"), field("project", "12"), field("supersede", "res_none"), file("a.pdf", "x"))).want(http.StatusUnprocessableEntity)
	wrong := r.wrong()
	for _, f := range []string{"as", "engine", "item", "material", "project", "supersede"} {
		if wrong[f] == "" {
			t.Errorf("%s is not named in %v", f, wrong)
		}
	}
	if n := h.blobCount(storage.Originals); n != 0 {
		t.Errorf("a wrong form stored %d blobs", n)
	}
	for name, req := range map[string]*http.Request{
		"two files":  h.form("clerk", "/v1/documents", "", file("a.pdf", "x"), file("b.pdf", "y")),
		"long field": h.form("clerk", "/v1/documents", "", field("case", strings.Repeat("x", 70_000)), file("a.pdf", "x")),
	} {
		if got := h.do(req); got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s answered %d", name, got.status)
		}
	}
	var many []part
	for i := range 100 {
		many = append(many, field(fmt.Sprint("f", i), "x"))
	}
	h.do(h.form("clerk", "/v1/documents", "", many...)).want(http.StatusBadRequest)
	plain := h.request("clerk", "POST", "/v1/documents", strings.NewReader("not a form"))
	h.do(plain).want(http.StatusBadRequest)
	var cut bytes.Buffer
	m := multipart.NewWriter(&cut)
	w, _ := m.CreateFormFile("file", "a.pdf")
	fmt.Fprint(w, "half a fi")
	broken := h.request("clerk", "POST", "/v1/documents", &cut)
	broken.Header.Set("Content-Type", m.FormDataContentType())
	h.do(broken).want(http.StatusBadRequest)
	if n := h.blobCount(storage.Originals); n > 1 { // the two-file form kept its first
		t.Errorf("%d blobs are stored", n)
	}
}

// TestReceive_ApplicantsSendMaterialsOnly: a permit among an applicant's papers
// must never become a published result, and replaces none.
func TestReceive_ApplicantsSendMaterialsOnly(t *testing.T) {
	h := openHouse(t)
	old := h.permit()
	id := h.send("applicant", scan(t, paper("rd-construction-permit")), field("as", "result"), field("supersede", old), field("confirm", "true"), field("lane", "counter"))
	h.work()
	d := h.document(id)
	if d.Origin.Role != document.RoleMaterial || d.Origin.Supersede != "" || d.Origin.Confirm || d.Origin.Unit != "" || d.Origin.Lane != document.LaneVirtual {
		t.Errorf("origin %+v", d.Origin)
	}
	if d.Publication != nil {
		t.Error("an applicant's upload was published")
	}
	if rs, err := h.records.ListResults(t.Context(), storage.ResultQuery{}); err != nil || len(rs) != 1 || rs[0].Status != "published" {
		t.Errorf("results %+v, %v", rs, err)
	}
}

func TestReceive_NamesOfAnyKindStayNames(t *testing.T) {
	h := openHouse(t)
	for name, want := range map[string]string{
		`../../etc/passwd`:                    "passwd",
		`C:\扫描\<script>alert(1)</script>.pdf`: "script>.pdf",
		strings.Repeat("长", 200):              strings.Repeat("长", 60),
	} {
		var receipt intake.Receipt
		h.do(h.form("clerk", "/v1/documents", "", file(name, "x"))).want(http.StatusCreated).into(&receipt)
		if got := h.document(receipt.Document).Filename; len(got) > 255 || !strings.HasPrefix(got, want) {
			t.Errorf("%q is kept as %q, want %q", name, got, want)
		}
	}
}
