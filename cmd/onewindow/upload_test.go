package main

import (
	"bytes"
	"mime/multipart"
	"net/http"
)

// upload makes a multipart request; fields stand before the file.
func (s *service) upload(path, name string, body []byte, fields map[string]string) *http.Request {
	s.t.Helper()
	var buf bytes.Buffer
	form := multipart.NewWriter(&buf)
	key := ""
	for k, v := range fields {
		if k == "Idempotency-Key" {
			key = v
			continue
		}
		if err := form.WriteField(k, v); err != nil {
			s.t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(body)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	req, err := http.NewRequest("POST", "http://"+s.addr+path, &buf)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.Header.Set("Authorization", "Bearer "+s.token)
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	return req
}
