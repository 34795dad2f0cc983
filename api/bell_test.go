package api_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/intake"
	"onewindow/pipeline"
	"onewindow/storage"
)

// deafBell is a Redis that is away.
type deafBell struct{}

func (deafBell) Ring(context.Context, []storage.Task) error { return errors.New("connection refused") }

// TestReceive_LostBellsLoseNothing: receipts and decisions stand although nobody
// can be told of them; the sweeper tells later.
func TestReceive_LostBellsLoseNothing(t *testing.T) {
	h := openHouse(t)
	h.server.Receiver.Bell, h.desk.Bell = deafBell{}, deafBell{}
	var receipt intake.Receipt
	h.do(h.form("reviewer", "/v1/documents", "", field("project", project.Code),
		file("a.pdf", scan(t, paper("rd-construction-permit"))))).want(http.StatusCreated).into(&receipt)
	sweep := func() {
		t.Helper()
		s := pipeline.Sweeper{Queue: h.records, Bell: h.bell, Age: time.Nanosecond}
		if err := s.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		h.work()
	}
	sweep()
	h.inState(receipt.Document, document.StateNeedsReview)
	h.ask("reviewer", "POST", "/v1/documents/"+string(receipt.Document)+"/confirm", map[string]any{}).want(http.StatusOK)
	h.inState(receipt.Document, document.StateConfirmed)
	time.Sleep(5 * time.Millisecond) // older than the age at which a ring is repeated
	sweep()
	h.inState(receipt.Document, document.StateDone)
	if strings.Count(h.log.String(), "connection refused") != 2 {
		t.Errorf("operators are not told twice:\n%s", h.log.String())
	}
}
