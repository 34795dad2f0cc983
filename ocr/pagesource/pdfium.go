package pagesource

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// runtimes makes PDFium instances: one per open document, each with memory of
// its own, so that a document that crashes PDFium takes no other with it.
type runtimes struct {
	opts Options

	mu     sync.Mutex
	pool   pdfium.Pool
	cache  wazero.CompilationCache
	fonts  *fontFS
	closed bool
}

var errClosed = errors.New("page source is closed")

// maxInstances bounds the PDFs open at once; more wait.
const maxInstances = 64

func (r *runtimes) get(ctx context.Context) (pdfium.Pool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, &ownError{"start PDF engine", errClosed}
	}
	if r.pool != nil {
		return r.pool, nil
	}
	if err := r.start(context.WithoutCancel(ctx)); err != nil {
		return nil, &ownError{"start PDF engine", err}
	}
	return r.pool, nil
}

func (r *runtimes) start(ctx context.Context) (err error) {
	if r.fonts == nil {
		if r.fonts, err = openFontFS(r.opts.Font); err != nil {
			return err
		}
	}
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(uint32(min(r.opts.MemoryBytes>>16, 65536)))
	if r.opts.CacheDir != "" && r.cache == nil {
		if r.cache, err = wazero.NewCompilationCacheWithDir(r.opts.CacheDir); err != nil {
			return fmt.Errorf("open compile cache: %w", err)
		}
	}
	if r.cache != nil {
		config = config.WithCompilationCache(r.cache)
	}
	r.pool, err = webassembly.Init(webassembly.Config{
		Context:       ctx,
		MaxTotal:      maxInstances,
		RuntimeConfig: config,
		FSConfig:      wazero.NewFSConfig().WithFSMount(r.fonts, "/"),
		Stdout:        io.Discard,
		Stderr:        io.Discard,
	})
	return err
}

func (r *runtimes) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	var errs []error
	if r.pool != nil {
		errs = append(errs, r.pool.Close())
	}
	if r.cache != nil {
		errs = append(errs, r.cache.Close(context.Background()))
	}
	if r.fonts != nil {
		errs = append(errs, r.fonts.Close())
	}
	r.pool, r.cache, r.fonts = nil, nil, nil
	return errors.Join(errs...)
}

// pdfDoc is a document open in an instance of its own.
type pdfDoc struct {
	inst    pdfium.Pdfium
	ref     references.FPDF_DOCUMENT
	handles int // page objects asked for; go-pdfium keeps each until the instance ends
}

// open opens a document. The errors of PDFium come as they are.
func (r *runtimes) open(ctx context.Context, src io.ReadSeeker, size int64, password string) (*pdfDoc, error) {
	pool, err := r.get(ctx)
	if err != nil {
		return nil, err
	}
	inst, err := pool.GetInstanceWithContext(ctx)
	if err != nil {
		return nil, &ownError{"start PDF engine", err}
	}
	request := &requests.OpenDocument{FileReader: src, FileReaderSize: size}
	if password != "" {
		request.Password = &password
	}
	opened, err := inst.OpenDocument(request)
	if err != nil {
		err = errors.Join(err, ignoreTrap(inst.Close()))
		return nil, err
	}
	return &pdfDoc{inst: inst, ref: opened.Document}, nil
}

// openBytes opens a document made here.
func (r *runtimes) openBytes(ctx context.Context, data []byte) (*pdfDoc, error) {
	return r.open(ctx, bytes.NewReader(data), int64(len(data)), "")
}

// ignoreTrap drops the error of closing an instance: its memory goes either way,
// and after a trap every further call fails.
func ignoreTrap(error) error { return nil }

func (d *pdfDoc) close() error { return ignoreTrap(d.inst.Close()) }
