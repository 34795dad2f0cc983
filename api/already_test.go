package api_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"onewindow/access"
	"onewindow/api/resumable"
	"onewindow/intake"
)

// TestReceive_SameBytesAgainAreTold: whoever sends the same bytes again is told
// where they were received before, at both doors; nobody is told of what others
// sent.
func TestReceive_SameBytesAgainAreTold(t *testing.T) {
	h := openHouse(t)
	var first, second, strangers, clerks intake.Receipt
	h.do(h.form("applicant", "/v1/documents", "", file("a.pdf", "one"))).want(http.StatusCreated).into(&first)
	if len(first.Already) != 0 || first.Note != "" {
		t.Errorf("the first receipt says %+v", first)
	}
	h.do(h.form("applicant", "/v1/documents", "", field("project", project.Code), file("b.pdf", "one"))).want(http.StatusCreated).into(&second)
	if second.Document == first.Document || len(second.Already) != 1 || second.Already[0].Number != first.Number ||
		second.Already[0].Document != first.Document || !strings.Contains(second.Note, "先前已收件，收件编号 "+string(first.Number)) {
		t.Errorf("the second receipt says %+v", second)
	}
	other := h.do(h.form("stranger", "/v1/documents", "", file("c.pdf", "one"))).want(http.StatusCreated)
	other.into(&strangers)
	if len(strangers.Already) != 0 || bytes.Contains(other.body, []byte(first.Number)) || bytes.Contains(other.body, []byte("already")) {
		t.Errorf("a stranger is told %s", other.body)
	}
	h.do(h.form("clerk", "/v1/documents", "", file("d.pdf", "one"))).want(http.StatusCreated).into(&clerks)
	if len(clerks.Already) != 3 { // who sees all documents anyway
		t.Errorf("the clerk is told %+v", clerks.Already)
	}
	place := h.begin("applicant", 3)
	h.patch("applicant", place, 0, "one").want(http.StatusNoContent)
	var a resumable.Arrival
	h.get("applicant", place).want(http.StatusOK).into(&a)
	if len(a.Receipt.Already) != 2 || a.Receipt.Already[0].Number != second.Number {
		t.Errorf("the upload's receipt says %+v", a.Receipt)
	}
}

// TestReceive_SendersWhoMayNotReadAreNotTold: a scanner's token may send and
// nothing else.
func TestReceive_SendersWhoMayNotReadAreNotTold(t *testing.T) {
	h := openHouse(t)
	h.token("clerk")
	secret, err := h.guard.IssueToken(t.Context(), "clerk", "scanner", 0, access.DocumentSend)
	if err != nil {
		t.Fatal(err)
	}
	h.tokens["clerk"] = secret
	for range 2 {
		var r intake.Receipt
		h.do(h.form("clerk", "/v1/documents", "", file("a.pdf", "one"))).want(http.StatusCreated).into(&r)
		if len(r.Already) != 0 {
			t.Errorf("the scanner is told %+v", r)
		}
	}
}
