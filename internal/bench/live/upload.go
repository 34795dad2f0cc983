package live

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
)

// Upload posts a file and returns its document's ID once the receipt is there.
func (s *Service) Upload(ctx context.Context, name string, content []byte, fields map[string]string) (string, error) {
	body, kind, err := form(name, content, fields)
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.addr+"/v1/documents", body)
	if err != nil {
		return "", fmt.Errorf("upload: %w", err)
	}
	req.Header.Set("Content-Type", kind)
	var receipt struct {
		Document string `json:"document_id"`
	}
	return receipt.Document, s.ask(req, &receipt)
}

func form(name string, content []byte, fields map[string]string) (*bytes.Buffer, string, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range fields {
		if err := w.WriteField(k, v); err != nil {
			return nil, "", fmt.Errorf("make form: %w", err)
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, "", fmt.Errorf("make form: %w", err)
	}
	return &b, w.FormDataContentType(), nil
}
