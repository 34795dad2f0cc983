package live

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"

	"onewindow/internal/procfs"
)

// Door is a way to send a large file.
type Door string

// The doors.
const (
	Form Door = "multipart"
	Tus  Door = "tus"
)

// Send streams a file through a door and returns when its receipt is there.
func (s *Service) Send(ctx context.Context, door Door, f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("send file: %w", err)
	}
	if door == Tus {
		return s.sendTus(ctx, f, info.Size())
	}
	var head bytes.Buffer
	form := multipart.NewWriter(&head)
	if _, err := form.CreateFormFile("file", "large.bin"); err != nil {
		return fmt.Errorf("make form: %w", err)
	}
	n := head.Len()
	if err := form.Close(); err != nil {
		return fmt.Errorf("make form: %w", err)
	}
	tail := append([]byte(nil), head.Bytes()[n:]...)
	head.Truncate(n)
	req, err := s.large(ctx, http.MethodPost, "/v1/documents", io.MultiReader(&head, f, bytes.NewReader(tail)))
	if err != nil {
		return err
	}
	req.ContentLength = int64(n) + info.Size() + int64(len(tail))
	req.Header.Set("Content-Type", form.FormDataContentType())
	_, err = s.headers(req)
	return err
}

func (s *Service) sendTus(ctx context.Context, f *os.File, size int64) error {
	req, err := s.large(ctx, http.MethodPost, "/v1/uploads", nil)
	if err != nil {
		return err
	}
	req.Header.Set("Upload-Length", fmt.Sprint(size))
	req.Header.Set("Upload-Metadata", "filename "+base64.StdEncoding.EncodeToString([]byte("large.bin")))
	h, err := s.headers(req)
	if err != nil {
		return err
	}
	if req, err = s.large(ctx, http.MethodPatch, h.Get("Location"), f); err != nil {
		return err
	}
	req.ContentLength = size
	req.Header.Set("Upload-Offset", "0")
	req.Header.Set("Content-Type", "application/offset+octet-stream")
	if h, err = s.headers(req); err == nil && h.Get("Receipt-Number") == "" {
		err = fmt.Errorf("upload ended without a receipt: %v", h)
	}
	return err
}

func (s *Service) large(ctx context.Context, method, path string, body io.Reader) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://"+s.addr+path, body)
	if err != nil {
		return nil, fmt.Errorf("send file: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	req.Header.Set("Tus-Resumable", "1.0.0")
	return req, nil
}

// headers sends a request and gives the headers of a good answer.
func (s *Service) headers(req *http.Request) (http.Header, error) {
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("send file: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s %s answered %d: %.300s", req.Method, req.URL.Path, resp.StatusCode, body)
	}
	return resp.Header, err
}

// Growth is by how many bytes the service's own process grew at most while do ran.
func (s *Service) Growth(do func() error) (int64, error) {
	if err := procfs.ResetPeak(s.cmd.Process.Pid); err != nil {
		return 0, err
	}
	before := procfs.MemoryOf(s.cmd.Process.Pid)
	if err := do(); err != nil {
		return 0, err
	}
	after := procfs.MemoryOf(s.cmd.Process.Pid)
	if before.Resident == 0 || after.Peak == 0 {
		return 0, fmt.Errorf("the memory of the service cannot be read")
	}
	return max(0, after.Peak-before.Resident), nil
}
