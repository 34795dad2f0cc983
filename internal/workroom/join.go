package workroom

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"onewindow/document"
	"onewindow/internal/sandbox"
)

const (
	opJoin     = "join"
	fileJoined = "joined.pdf"
)

// joinRequest names the input files in order.
type joinRequest struct{ Files []string }

// joinReply counts the pages of the joined file.
type joinReply struct{ Pages int }

// Join writes the pages of files one after the other as one PDF: PDFs, and pictures
// of one page each. Pages come along as they are; outlines, signatures and scripts
// do not count. It returns the number of pages. A file that cannot be joined is a
// *document.Refusal.
func (r *Room) Join(ctx context.Context, ins []string, out string) (pages int, err error) {
	pool, err := r.pool(ctx, kindStamp)
	if err != nil {
		return 0, err
	}
	task := sandbox.Task{Op: opJoin, In: map[string]string{}, Out: map[string]string{fileJoined: out}, Wall: r.cfg.StampTimeout}
	var req joinRequest
	for i, path := range ins {
		name := fmt.Sprintf("part-%03d", i)
		task.In[name], req.Files = path, append(req.Files, name)
	}
	task.Request = req
	var reply joinReply
	err = r.call(ctx, pool, task, &reply)
	return reply.Pages, err
}

// join is the child's side.
func join(job sandbox.Job) (joinReply, error) {
	var req joinRequest
	if err := job.Decode(&req); err != nil {
		return joinReply{}, err
	}
	dir, err := os.MkdirTemp(filepath.Dir(job.Out(fileJoined)), "join-")
	if err != nil {
		return joinReply{}, fmt.Errorf("make room to join: %w", err)
	}
	defer os.RemoveAll(dir)
	var parts []string
	for i, name := range req.Files {
		part, err := asPDF(job.In(name), filepath.Join(dir, fmt.Sprintf("%03d.pdf", i)))
		if err != nil {
			return joinReply{}, err
		}
		parts = append(parts, part)
	}
	if err := api.MergeCreateFile(parts, job.Out(fileJoined), false, model.NewDefaultConfiguration()); err != nil {
		return joinReply{}, unjoinable(err)
	}
	n, err := api.PageCountFile(job.Out(fileJoined))
	if err != nil {
		return joinReply{}, unjoinable(err)
	}
	return joinReply{n}, nil
}

// asPDF returns a PDF of a file: the file itself, or one made of a picture.
func asPDF(path, made string) (string, error) {
	head := make([]byte, 1024)
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("open part: %w", err)
	}
	n, err := f.Read(head)
	f.Close()
	if err != nil {
		return "", fmt.Errorf("read part: %w", err)
	}
	if bytes.Contains(head[:n], []byte("%PDF-")) {
		return path, nil
	}
	if err := api.ImportImagesFile([]string{path}, made, pdfcpu.DefaultImportConfig(), model.NewDefaultConfiguration()); err != nil {
		return "", unjoinable(err)
	}
	return made, nil
}

func unjoinable(err error) error {
	if errors.Is(err, pdfcpu.ErrWrongPassword) {
		return document.Refuse(document.CodeEncrypted, "其中有加密的文件，不能合并。请先解除密码再扫描或上传。", "join an encrypted file")
	}
	return document.Refuse(document.CodeUnsupported, "其中有不能合并的文件。请重新扫描成一份 PDF。", "join files: %T", err)
}
