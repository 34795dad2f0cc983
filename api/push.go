package api

import (
	"encoding/base64"
	"encoding/json"
	"net/http"

	"onewindow/approval"
	"onewindow/casework"
	"onewindow/document"
)

// push takes an electronic certificate from a unit's own system (V2.9): the file
// and its data, idempotent by key or by 证照标识. The file is stored bit by bit and
// never stamped. It counts against the sender's day like any file; the queue does
// not matter to it, because no worker has to read it.
func (s *Server) push(w http.ResponseWriter, r *http.Request) {
	back, err := s.spend(r.Context(), r.ContentLength)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	result, again, err := s.pushForm(w, r)
	if err != nil {
		back()
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Location", "/v1/results/"+result.ID)
	writeJSON(w, createdOr(again), result)
}

func (s *Server) pushForm(w http.ResponseWriter, r *http.Request) (result approval.Result, again bool, err error) {
	sub, info, values, err := s.readForm(w, r, func(map[string]string) error { return nil })
	if err == nil && r.ContentLength < 0 {
		err = s.weigh(r.Context(), info.Size)
	}
	if err == nil && info.Size == 0 {
		err = document.Refuse(document.CodeEmpty, "电子证照文件是空的（0 字节），请检查后重新推送。", "empty file")
	}
	fields := map[string]string{}
	if err == nil && values["fields"] != "" && json.Unmarshal([]byte(values["fields"]), &fields) != nil {
		err = &casework.Invalid{Fields: map[string]string{"fields": "应为 JSON 对象，数据项到文本值"}}
	}
	if err != nil {
		return result, false, err
	}
	asker := who(r.Context())
	return s.Desk.Push(r.Context(), casework.Certificate{
		Blob: info, Filename: sub.Filename, Type: values["type"], ECertID: values["ecert_id"], Values: fields,
		Project: values["project"], Item: values["item"], Case: values["case"], Unit: asker.Unit, Division: asker.Division,
		By: asker.Account, Key: sub.IdempotencyKey,
	})
}

func base64Digest(d document.Digest) string { return base64.StdEncoding.EncodeToString(d.Bytes()) }
