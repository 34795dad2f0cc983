package api

import (
	"encoding/base64"
	"encoding/json"
	"net/http"

	"onewindow/casework"
	"onewindow/document"
	"onewindow/intake"
)

// push takes an electronic certificate from a unit's own system (V2.9): the file
// and its data, idempotent by key. The file is stored bit by bit and never
// stamped.
func (s *Server) push(w http.ResponseWriter, r *http.Request) {
	form, err := r.MultipartReader()
	if err != nil {
		s.fail(w, r, errBadRequest)
		return
	}
	sub := intake.Submission{IdempotencyKey: r.Header.Get("Idempotency-Key")}
	info, values, err := s.readForm(r, form, &sub)
	if err == nil && (info.Digest.IsZero() || info.Size == 0) {
		err = document.Refuse(document.CodeEmpty, "没有收到电子证照文件。", "form without file")
	}
	fields := map[string]string{}
	if err == nil && values["fields"] != "" && json.Unmarshal([]byte(values["fields"]), &fields) != nil {
		err = errBadRequest
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	asker := who(r.Context())
	result, again, err := s.Desk.Push(r.Context(), casework.Certificate{
		Blob: info, Filename: sub.Filename, Type: values["type"], ECertID: values["ecert_id"], Values: fields,
		Project: values["project"], Item: values["item"], Case: values["case"], Unit: asker.Unit, Division: asker.Division,
		By: asker.Account, Key: sub.IdempotencyKey,
	})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	status := http.StatusCreated
	if again {
		status = http.StatusOK
	}
	writeJSON(w, status, result)
}

func base64Digest(d document.Digest) string { return base64.StdEncoding.EncodeToString(d.Bytes()) }
