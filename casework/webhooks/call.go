package webhooks

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"onewindow/approval"
	"onewindow/storage"
)

// EventTest is the type of the call that people make to try a subscription.
const EventTest = "webhook.test"

// errAnswer is an answer that is not 2xx.
var errAnswer = errors.New("not accepted")

// payload is the body of a call.
type payload struct {
	Type string         `json:"type"`
	At   time.Time      `json:"timestamp"`
	Data approval.Event `json:"data"`
}

// call tells one event. status is 0 when there was no answer.
func (s *Sender) call(ctx context.Context, w storage.Webhook, e approval.Event) (status int, err error) {
	body, err := json.Marshal(payload{e.Type, e.At, e})
	if err != nil {
		return 0, fmt.Errorf("encode event: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("make request: %w", err)
	}
	setHeaders(r.Header, w.Secret, callID(w, e), s.Now(), body)
	resp, err := s.Client.Do(r)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, 64<<10) // so that the connection can be used again
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return resp.StatusCode, errAnswer
	}
	return resp.StatusCode, nil
}

// callID is the same for every try of an event: receivers drop what they know.
func callID(w storage.Webhook, e approval.Event) string {
	return fmt.Sprintf("evt_%s_%d", w.ID, e.Seq)
}

// Test calls a subscription once with an event that means nothing. It returns
// the answer's status, and for people what went wrong, "" when nothing did.
func (s *Sender) Test(ctx context.Context, w storage.Webhook) (status int, problem string) {
	status, err := s.call(ctx, w, approval.Event{Type: EventTest, At: s.Now().UTC(), Unit: w.Unit})
	if err != nil {
		problem = explain(status, err)
	}
	return status, problem
}

// explain tells people what went wrong, without what the address or the machine
// said in detail.
func explain(status int, err error) string {
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, errAnswer) && status >= 300 && status < 400:
		return fmt.Sprintf("对方要求转向（%d）；请直接填写最终地址", status)
	case errors.Is(err, errAnswer):
		return fmt.Sprintf("对方回答 %d", status)
	case errors.Is(err, ErrPrivate):
		return "地址指向内部网络，未予调用"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "对方没有及时回答"
	}
	return "无法连接对方"
}
