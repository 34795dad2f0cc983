package resumable

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/tus/tusd/v2/pkg/handler"

	"onewindow/document"
	"onewindow/intake"
	"onewindow/storage"
)

const problemType = "application/problem+json"

// Errors of the protocol that only this door knows.
var (
	ErrOffset  = errors.New("offset does not match")        // ask how much came, go on from there
	ErrBusy    = errors.New("another request is uploading") // this file, now
	ErrVersion = errors.New("not tus 1.0.0")
	ErrBroken  = errors.New("upload broke off") // it can be continued
	ErrSyntax  = errors.New("not a tus request")
)

// face is an error as tusd passes it on to the client.
func (d *Door) face(ctx context.Context, err error) error {
	var ours handler.Error
	if errors.As(err, &ours) {
		return err
	}
	status, header, body := d.Problem(ctx, err)
	e := handler.NewError("ERR_ONEWINDOW", "", status)
	e.HTTPResponse.Body = string(body)
	for k := range header {
		e.HTTPResponse.Header[k] = header.Get(k)
	}
	e.HTTPResponse.Header["Content-Type"] = problemType
	return e
}

// fail answers with a problem.
func (d *Door) fail(w http.ResponseWriter, r *http.Request, err error) {
	var ours handler.Error
	if errors.As(err, &ours) && ours.HTTPResponse.Header["Content-Type"] == problemType {
		for k, v := range ours.HTTPResponse.Header {
			w.Header().Set(k, v)
		}
		w.WriteHeader(ours.HTTPResponse.StatusCode)
		_, _ = w.Write([]byte(ours.HTTPResponse.Body)) // the client is gone if this fails
		return
	}
	if errors.As(err, &ours) {
		err = d.meaning(r.Method, ours.HTTPResponse.StatusCode)
	}
	status, header, body := d.Problem(r.Context(), err)
	for k := range header {
		w.Header().Set(k, header.Get(k))
	}
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// meaning is what a status of tusd means.
func (d *Door) meaning(method string, status int) error {
	switch status {
	case http.StatusNotFound:
		return storage.ErrNotFound
	case http.StatusConflict:
		return ErrOffset
	case http.StatusPreconditionFailed:
		return ErrVersion
	case http.StatusRequestEntityTooLarge:
		if method == http.MethodPost {
			return intake.TooLarge(d.Receiver.MaxBytes)
		}
		return document.Refuse(document.CodeTooLarge, "收到的内容比所报的大。", "more bytes than promised")
	case http.StatusLocked:
		return ErrBusy
	case http.StatusInternalServerError, http.StatusServiceUnavailable:
		return ErrBroken
	}
	return ErrSyntax
}

// voice says what tusd says the way the rest of the house does: problems, and
// places without a host, which a proxy in front may call otherwise.
type voice struct {
	http.ResponseWriter
	door    *Door
	request *http.Request
	muted   bool
}

func (v *voice) WriteHeader(status int) {
	h := v.Header()
	if ext := h.Get("Tus-Extension"); ext != "" {
		h.Set("Tus-Extension", ext+",expiration")
	}
	if place, err := url.Parse(h.Get("Location")); err == nil && place.Path != "" {
		h.Set("Location", place.Path)
	}
	if v.request.Method == http.MethodOptions {
		status = http.StatusNoContent // there is nothing more to say
	}
	if status >= http.StatusBadRequest && h.Get("Content-Type") != problemType {
		h.Del("Content-Length")
		v.muted = true
		v.door.fail(v.ResponseWriter, v.request, v.door.meaning(v.request.Method, status))
		return
	}
	v.ResponseWriter.WriteHeader(status)
}

func (v *voice) Write(b []byte) (int, error) {
	if v.muted {
		return len(b), nil
	}
	return v.ResponseWriter.Write(b)
}

// Unwrap lets deadlines through.
func (v *voice) Unwrap() http.ResponseWriter { return v.ResponseWriter }
