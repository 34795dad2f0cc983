package pdfstamp

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"onewindow/document"
)

// contain runs a rung so that neither a panic nor a hang in a parser of foreign
// bytes takes the caller with it. A rung that hangs beyond its time is abandoned:
// its goroutine ends with the process, which the sandbox recycles.
func contain(ctx context.Context, timeout time.Duration, j job, climb func(context.Context, job) (outcome, error)) (outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	type answer struct {
		outcome
		err error
	}
	answers := make(chan answer, 1)
	go func() {
		var a answer
		defer func() {
			if p := recover(); p != nil {
				a.err = fmt.Errorf("parser gave up: %v", p)
			}
			answers <- a
		}()
		a.outcome, a.err = climb(ctx, j)
	}()
	select {
	case a := <-answers:
		return a.outcome, a.err
	case <-ctx.Done():
		return outcome{}, ctx.Err()
	}
}

// ours are failures of the machine, not of the file.
var ours = []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.EROFS, syscall.EACCES, syscall.EMFILE, syscall.ENFILE}

// final returns the answer to an error no further rung can mend, or nil.
func final(err error) error {
	var refusal *document.Refusal
	switch {
	case errors.As(err, &refusal):
		return refusal
	case errors.Is(err, errEncrypted):
		return document.Refuse(document.CodeEncrypted, "文件设有打开密码，无法加注水印，请提供密码或上传未加密的文件。", "password needed")
	case errors.Is(err, errTooManyPages):
		return document.Refuse(document.CodeTooLarge, fmt.Sprintf("文件超过%d页，请拆分后分别上传。", maxPages), "%v", errTooManyPages)
	}
	for _, e := range ours {
		if errors.Is(err, e) {
			return fmt.Errorf("stamp: %w", err)
		}
	}
	return nil
}

// refuse is the bottom of the ladder.
func refuse(failures error, paths ...string) error {
	detail := strings.ReplaceAll(failures.Error(), "\n", "; ")
	for _, path := range paths {
		detail = strings.ReplaceAll(detail, path, "…")
		detail = strings.ReplaceAll(detail, filepath.Base(path), "…")
	}
	if len(detail) > 600 {
		detail = strings.ToValidUTF8(detail[:600], "") + "…"
	}
	switch {
	case errors.Is(failures, errNoPages):
		return document.Refuse(document.CodeEmpty, "文件里没有任何页面，请重新扫描或导出后上传。", "%s", detail)
	case errors.Is(failures, context.DeadlineExceeded):
		return document.Refuse(document.CodeTimeout, "文件结构过于复杂，处理超时。请用“打印为PDF”重新生成，或重新扫描后上传。", "%s", detail)
	}
	return document.Refuse(document.CodeCorrupt, "文件已损坏，无法加注水印。请用“打印为PDF”重新生成，或重新扫描后上传。", "%s", detail)
}
