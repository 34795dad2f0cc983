package workroom

import (
	"context"
	"errors"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"onewindow/document"
	"onewindow/internal/sandbox"
)

const (
	opDecrypt = "decrypt"
	fileOpen  = "open.pdf"
)

// decryptRequest carries a password to a child; it is kept nowhere.
type decryptRequest struct{ Password string }

// Decrypt writes an unprotected copy of an encrypted PDF. A wrong password is a
// *document.Refusal of code encrypted.
func (r *Room) Decrypt(ctx context.Context, in, out, password string) error {
	pool, err := r.pool(ctx, kindStamp)
	if err != nil {
		return err
	}
	return r.call(ctx, pool, sandbox.Task{
		Op: opDecrypt, In: original(in), Out: map[string]string{fileOpen: out}, Wall: r.cfg.StampTimeout,
		Request: decryptRequest{password},
	}, nil)
}

// decrypt is the child's side.
func decrypt(job sandbox.Job) error {
	var req decryptRequest
	if err := job.Decode(&req); err != nil {
		return err
	}
	job.Retire() // the password was in this child's memory
	conf := model.NewDefaultConfiguration()
	conf.UserPW, conf.OwnerPW = req.Password, req.Password
	err := api.DecryptFile(job.In(fileOriginal), job.Out(fileOpen), conf)
	if errors.Is(err, pdfcpu.ErrWrongPassword) {
		return document.Refuse(document.CodeEncrypted, "密码不正确，请重新输入。", "wrong password")
	}
	if err != nil {
		return document.Refuse(document.CodeCorrupt, "文件无法解密，请另存为不加密的 PDF 后重新上传。", "decrypt failed: %T", err)
	}
	return nil
}
