package api_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"onewindow/access"
	"onewindow/api"
	"onewindow/intake"
	"onewindow/storage"
)

// limited is a house with quotas, at ten in the evening.
func limited(t *testing.T, sender, unit access.Allowance) *house {
	t.Helper()
	h := openHouse(t)
	h.now = func() time.Time { return time.Date(2026, 11, 27, 14, 0, 0, 0, time.UTC) }
	h.server.Quotas = &access.Quotas{Records: h.records, Now: func() time.Time { return h.now() }, Sender: sender, Unit: unit}
	return h
}

func (h *house) hand(as, content string) reply {
	h.t.Helper()
	return h.do(h.form(as, "/v1/documents", "", file("a.pdf", content)))
}

func TestQuota_FilesOfATokenADay(t *testing.T) {
	h := limited(t, access.Allowance{Documents: 2}, access.Allowance{})
	h.hand("applicant", "one").want(http.StatusCreated)
	place := h.begin("applicant", 3)
	for _, r := range []reply{
		h.hand("applicant", "three"),
		h.tus("applicant", "POST", "/v1/uploads", "", "Upload-Length", "3"),
	} {
		r.want(http.StatusTooManyRequests)
		if r.header.Get("Retry-After") != strconv.Itoa(2*3600+1) || !strings.Contains(string(r.body), "本账号今日上传已达上限（每日 2 份），请于 11月28日 00:00 后再传") {
			t.Errorf("answer %v %s", r.header, r.body)
		}
	}
	h.patch("applicant", place, 0, "two").want(http.StatusNoContent) // what began may end
	h.hand("stranger", "other").want(http.StatusCreated)             // quotas are per sender
	if n := len(h.allDocuments()); n != 3 || h.blobCount(storage.Originals) != 3 {
		t.Errorf("%d documents", n)
	}
	h.now = func() time.Time { return time.Date(2026, 11, 27, 16, 0, 1, 0, time.UTC) } // past midnight in Changsha
	h.hand("applicant", "three").want(http.StatusCreated)
}

func TestQuota_BytesOfAUnitADay(t *testing.T) {
	h := limited(t, access.Allowance{}, access.Allowance{Bytes: 4 << 10})
	h.hand("system", strings.Repeat("x", 2<<10)).want(http.StatusCreated)
	r := h.tus("reviewer", "POST", "/v1/uploads", "", "Upload-Length", "3000").want(http.StatusTooManyRequests)
	if !strings.Contains(string(r.body), "本单位今日上传已达上限") {
		t.Errorf("answer %s", r.body)
	}
	// A sender who does not say how much comes is counted all the same.
	big := h.form("reviewer", "/v1/documents", "", file("a.pdf", strings.Repeat("y", 3<<10)))
	big.ContentLength = -1
	h.do(big).want(http.StatusTooManyRequests)
	h.hand("clerk", strings.Repeat("z", 5<<10)).want(http.StatusCreated) // of no unit
	if n := len(h.allDocuments()); n != 2 {
		t.Errorf("%d documents", n)
	}
}

// TestQuota_PushedCertificatesCount like any file, and a full queue does not stop
// them: no worker has to read them.
func TestQuota_PushedCertificatesCount(t *testing.T) {
	h := limited(t, access.Allowance{Documents: 2}, access.Allowance{})
	h.server.Pressure = &api.Pressure{Records: h.records, Most: 1}
	push := func(key, ecert string) reply {
		return h.do(h.form("system", "/v1/certificates", key, certificate(t, ecert, certificateBytes, permitFields())...))
	}
	push("1", ecertWrong).want(http.StatusUnprocessableEntity) // given back
	push("2", ecertID).want(http.StatusCreated)
	h.hand("system", "one").want(http.StatusCreated)
	r := push("3", ecertID).want(http.StatusTooManyRequests)
	if r.header.Get("Retry-After") == "" || !strings.Contains(string(r.body), "今日上传已达上限") {
		t.Errorf("answer %v %s", r.header, r.body)
	}
}

// TestQuota_WhatFailedIsGivenBack, and the administrator sees what was used.
func TestQuota_WhatFailedIsGivenBack(t *testing.T) {
	h := limited(t, access.Allowance{Documents: 1, Bytes: 1 << 20}, access.Allowance{})
	for range 3 {
		h.do(h.form("system", "/v1/documents", "", field("item", "nothing"), file("a.pdf", "x"))).want(http.StatusUnprocessableEntity)
	}
	h.hand("system", "x").want(http.StatusCreated)
	h.hand("system", "x").want(http.StatusTooManyRequests)
	var u struct {
		Day    string
		Sender access.Allowance
		Usage  []storage.Usage
	}
	h.get("admin", "/v1/usage").want(http.StatusOK).into(&u)
	if u.Day != "2026-11-27" || u.Sender.Documents != 1 || len(u.Usage) != 2 {
		t.Fatalf("usage %+v", u)
	}
	for _, row := range u.Usage {
		if !strings.HasPrefix(row.Subject, "token:tok_") && row.Subject != "unit:housing" || row.Documents != 1 || row.Bytes == 0 {
			t.Errorf("row %+v", row)
		}
	}
	h.get("admin", "/v1/usage?day=2026-11-26").want(http.StatusOK).into(&u)
	if len(u.Usage) != 0 {
		t.Errorf("yesterday %+v", u.Usage)
	}
	h.get("clerk", "/v1/usage").want(http.StatusForbidden)
}

// TestPressure_FullQueueTakesNothing: no worker comes to what waits; doors say so
// before anything is taken, and open again when the queue is shorter.
func TestPressure_FullQueueTakesNothing(t *testing.T) {
	h := openHouse(t)
	h.server.Pressure = &api.Pressure{Records: h.records, Most: 2}
	place := h.begin("clerk", 3)
	var first intake.Receipt
	h.hand("clerk", "one").want(http.StatusCreated).into(&first)
	h.hand("clerk", "two").want(http.StatusCreated) // the count is two seconds old at most
	time.Sleep(2100 * time.Millisecond)
	for _, r := range []reply{h.hand("clerk", "three"), h.tus("clerk", "POST", "/v1/uploads", "", "Upload-Length", "3")} {
		r.want(http.StatusServiceUnavailable)
		if r.header.Get("Retry-After") != "60" || !strings.Contains(string(r.body), "等待处理的文件过多") {
			t.Errorf("answer %v %s", r.header, r.body)
		}
	}
	if n := len(h.allDocuments()); n != 2 || h.blobCount(storage.Originals) != 2 {
		t.Errorf("%d documents, %d blobs", n, h.blobCount(storage.Originals))
	}
	if left := h.lying(); len(left) != 3 { // of the one that began before
		t.Errorf("left in the folder: %v", left)
	}
	h.patch("clerk", place, 0, "hey").want(http.StatusNoContent) // what began may end
	h.work()
	time.Sleep(2100 * time.Millisecond)
	h.hand("clerk", "three").want(http.StatusCreated)
}

// TestPressure_FullDiskIsToldBeforeTheFirstByte: and in the middle, where what
// came before it stays.
func TestPressure_FullDiskIsToldBeforeTheFirstByte(t *testing.T) {
	h := openHouse(t)
	h.server.Uploads.Reserve = 1 << 60
	r := h.tus("clerk", "POST", "/v1/uploads", "", "Upload-Length", "3").want(http.StatusServiceUnavailable)
	if r.header.Get("Retry-After") == "" || !strings.Contains(string(r.body), "存储空间不足") || len(h.lying()) != 0 {
		t.Errorf("answer %v %s", r.header, r.body)
	}
	h.server.Uploads.Reserve = 0
	place := h.begin("clerk", 6)
	h.patch("clerk", place, 0, "one").want(http.StatusNoContent)
	h.server.Uploads.Reserve = 1 << 60
	h.patch("clerk", place, 3, "two").want(http.StatusServiceUnavailable)
	h.server.Uploads.Reserve = 0
	h.patch("clerk", place, 3, "two").want(http.StatusNoContent) // nothing was lost
	if d := h.allDocuments(); len(d) != 1 || d[0].Original.Hex() != sha("onetwo") {
		t.Errorf("documents %+v", d)
	}
}
