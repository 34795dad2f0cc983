package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"strconv"
	"time"

	"onewindow/access"
	"onewindow/casework"
	"onewindow/document"
	"onewindow/intake"
	"onewindow/storage"
)

// receive takes one file as multipart/form-data. Nothing is buffered: the file
// part streams to the store while its digest is taken, and the receipt follows
// when the bytes are durable, whether or not any worker is alive.
func (s *Server) receive(w http.ResponseWriter, r *http.Request) {
	back, err := s.admit(r.Context(), r.ContentLength)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	receipt, err := s.receiveForm(w, r)
	if err != nil {
		back()
		s.fail(w, r, err)
		return
	}
	s.already(r.Context(), &receipt)
	w.Header().Set("Location", "/v1/documents/"+string(receipt.Document))
	writeJSON(w, createdOr(receipt.Again), receipt)
}

func (s *Server) receiveForm(w http.ResponseWriter, r *http.Request) (intake.Receipt, error) {
	asker := who(r.Context())
	var origin document.Origin
	vet := func(values map[string]string) error {
		origin = originOf(asker, values)
		if err := s.bound(r.Context(), &origin); err != nil {
			return err
		}
		return s.Desk.Vet(r.Context(), &origin, asker.MayEnd)
	}
	sub, info, values, err := s.readForm(w, r, vet)
	if err == nil {
		err = vet(values) // fields may have come after the file
	}
	if err == nil && r.ContentLength < 0 {
		err = s.weigh(r.Context(), info.Size)
	}
	if err != nil {
		return intake.Receipt{}, err
	}
	sub.Origin = origin
	return s.Receiver.Admit(r.Context(), info, sub)
}

func createdOr(again bool) int {
	if again {
		return http.StatusOK
	}
	return http.StatusCreated
}

// Bounds of a form beside its file.
const (
	maxValue  = 64 << 10 // bytes of one text field; the result data of a certificate is one
	maxFields = 64
	maxKey    = 255 // bytes of an idempotency key
	formRoom  = 1 << 20
)

// readForm goes through the parts of a form in the order they come; fields may
// stand before or after the file. vet sees the fields that came before the file,
// so that a wrong form is refused before its bytes are kept.
func (s *Server) readForm(w http.ResponseWriter, r *http.Request, vet func(map[string]string) error) (intake.Submission, storage.BlobInfo, map[string]string, error) {
	sub := intake.Submission{IdempotencyKey: r.Header.Get("Idempotency-Key")}
	if len(sub.IdempotencyKey) > maxKey {
		return sub, storage.BlobInfo{}, nil, &casework.Invalid{Fields: map[string]string{"Idempotency-Key": "幂等键过长"}}
	}
	if most := s.Receiver.MaxBytes; most > 0 && r.ContentLength > most+formRoom {
		return sub, storage.BlobInfo{}, nil, intake.TooLarge(most) // before anything is sent in vain
	}
	r.Body = &patient{ReadCloser: r.Body, out: http.NewResponseController(w)}
	form, err := r.MultipartReader()
	if err != nil {
		return sub, storage.BlobInfo{}, nil, errBadRequest
	}
	values := map[string]string{}
	var info storage.BlobInfo
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return sub, info, values, whole(info, values)
		}
		if err != nil {
			return sub, info, nil, broken(err)
		}
		if part.FileName() == "" {
			if err := readValue(values, part); err != nil {
				return sub, info, nil, err
			}
			continue
		}
		if !info.Digest.IsZero() {
			return sub, info, nil, &casework.Invalid{Fields: map[string]string{"file": "一次只能上传一份文件"}}
		}
		if err := vet(values); err != nil {
			return sub, info, nil, err
		}
		sub.Body, sub.Filename = &marked{part}, part.FileName()
		if sub.Digest, err = promised(values); err != nil {
			return sub, info, nil, err
		}
		if info, err = s.Receiver.Keep(r.Context(), sub); err != nil {
			return sub, info, nil, err
		}
	}
}

// readValue reads one text field.
func readValue(values map[string]string, part *multipart.Part) error {
	name := part.FormName()
	b, err := io.ReadAll(io.LimitReader(part, maxValue+1))
	switch {
	case err != nil:
		return broken(err)
	case len(b) > maxValue:
		return &casework.Invalid{Fields: map[string]string{name: "内容过长"}}
	case len(values) == maxFields:
		return errBadRequest
	}
	values[name] = string(b)
	return nil
}

// whole says what a form as a whole lacks. A digest that came after the file is
// held against it too.
func whole(info storage.BlobInfo, values map[string]string) error {
	if info.Digest.IsZero() {
		return document.Refuse(document.CodeEmpty, "没有收到文件，请选择文件后上传。", "form without file part")
	}
	want, err := promised(values)
	if err == nil && !want.IsZero() && want != info.Digest {
		err = storage.ErrMismatch
	}
	return err
}

func promised(values map[string]string) (document.Digest, error) {
	if values["sha256"] == "" {
		return document.Digest{}, nil
	}
	d, err := document.ParseDigest(values["sha256"])
	if err != nil {
		return d, &casework.Invalid{Fields: map[string]string{"sha256": "不是 SHA-256 的十六进制形式"}}
	}
	return d, nil
}

// broken names what is wrong with a body that cannot be read to its end.
func broken(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("%w: %w", errStalled, err)
	}
	return fmt.Errorf("%w: %w", errBadRequest, err)
}

// marked tells errors of the sender's line from errors of our store. It fills
// what it is given: a form yields 4 KiB at a time, and the store would write them
// one by one.
type marked struct{ io.Reader }

func (m *marked) Read(p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		var k int
		k, err = m.Reader.Read(p[n:])
		n += k
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = broken(err)
	}
	return n, err
}

// patient gives a sender a minute for every piece, however long the whole takes;
// one that stands still is not waited for.
type patient struct {
	io.ReadCloser
	out  *http.ResponseController
	last time.Time
}

const patience = time.Minute

func (p *patient) Read(b []byte) (int, error) {
	if now := time.Now(); now.Sub(p.last) > patience/12 {
		p.last = now
		_ = p.out.SetReadDeadline(now.Add(patience)) // a connection without deadlines waits for ever
	}
	return p.ReadCloser.Read(b)
}

// originOf puts together what the account and the form say of the file.
func originOf(w access.Who, values map[string]string) document.Origin {
	o := document.Origin{
		Door: "http", By: w.Account, Division: w.Division, Hall: w.Hall,
		Channel: document.ChannelVirtual, Lane: document.LaneVirtual,
		Role: document.Role(values["as"]), Project: values["project"], Case: values["case"],
		Item: values["item"], Material: values["material"], Window: values["window"],
		Supersede: values["supersede"], Engine: values["engine"],
	}
	if !w.Issues() { // an applicant's permit is a material, and replaces no result
		o.Role, o.Supersede = document.RoleMaterial, ""
	}
	switch {
	case w.Has(access.Clerk) && w.Hall != "":
		o.Channel, o.Lane = document.ChannelPhysical, document.LaneCounter
	case w.Has(access.Reviewer), w.Has(access.System):
		o.Channel, o.Unit = document.ChannelUnit, w.Unit
	}
	switch document.Lane(values["lane"]) {
	case document.LaneBulk:
		o.Lane = document.LaneBulk // anyone may wait longer
	case document.LaneCounter:
		if w.Has(access.Clerk) {
			o.Lane = document.LaneCounter
		}
	}
	// Vouching for the fields is a decision on the document.
	o.Confirm, _ = strconv.ParseBool(values["confirm"])
	o.Confirm = o.Confirm && w.May(access.DocumentDecide)
	return o
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client is gone if this fails
}
