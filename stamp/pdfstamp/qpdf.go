package pdfstamp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// qpdf is driven through its JSON form: it tells the objects of a file without
// the streams, we answer with the objects that change, and it writes the copy
// while streaming the rest from disk. Memory does not grow with the scans.
const (
	maxStructure = 192 << 20 // bytes of JSON about the objects
	contentBatch = 400       // streams asked for in one call
)

// viaQpdf is the second rung, and the first for large files.
func (s *Stamper) viaQpdf(ctx context.Context, j job) (outcome, error) {
	q := qpdf{program: s.opts.QpdfPath, in: j.in, dir: filepath.Dir(j.temp)}
	g, err := q.read(ctx)
	if err != nil {
		return outcome{}, err
	}
	done, err := s.markGraph(ctx, g, j)
	if err != nil {
		return outcome{}, err
	}
	patch := filepath.Join(q.dir, "patch.json")
	if err := g.writePatch(patch); err != nil {
		return outcome{}, err
	}
	defer os.Remove(patch)
	if _, err := q.run(ctx, 1<<16, "--decrypt", "--update-from-json="+patch, "--deterministic-id", "--object-streams=generate",
		"--stream-data=preserve", "--remove-unreferenced-resources=no", q.in, j.temp); err != nil {
		return outcome{}, fmt.Errorf("write: %w", err)
	}
	return done, q.check(ctx, j.temp, done.pages)
}

type qpdf struct {
	program, in, dir string
}

// read asks for the structure of the file.
func (q qpdf) read(ctx context.Context) (*jsonGraph, error) {
	text, err := q.run(ctx, maxStructure, "--decrypt", "--json-output", "--json-stream-data=none", q.in, "-")
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	g, err := parseJSONGraph(text)
	if err != nil {
		return nil, err
	}
	g.fetch = func(refs []types.IndirectRef) (map[int][]byte, error) { return q.streams(ctx, refs) }
	g.raw = func(ref types.IndirectRef) ([]byte, error) {
		return q.run(ctx, maxContent, "--decrypt", "--raw-stream-data",
			fmt.Sprintf("--show-object=%d,%d", ref.ObjectNumber, ref.GenerationNumber), q.in)
	}
	return g, nil
}

// streams asks for the decoded data of streams by object number.
func (q qpdf) streams(ctx context.Context, refs []types.IndirectRef) (map[int][]byte, error) {
	all := map[int][]byte{}
	for len(refs) > 0 {
		n := min(len(refs), contentBatch)
		args := []string{"--decrypt", "--json-output", "--json-stream-data=inline", "--decode-level=generalized"}
		for _, r := range refs[:n] {
			args = append(args, "--json-object="+strconv.Itoa(r.ObjectNumber.Value())+","+strconv.Itoa(r.GenerationNumber.Value()))
		}
		refs = refs[n:]
		text, err := q.run(ctx, 2*maxContent, append(args, q.in, "-")...)
		if err != nil {
			return nil, fmt.Errorf("read content: %w", err)
		}
		if err := parseStreamData(text, all); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// check makes sure the copy has the pages we marked.
func (q qpdf) check(ctx context.Context, path string, pages int) error {
	text, err := q.run(ctx, 1<<16, "--show-npages", path)
	if err != nil {
		return fmt.Errorf("check copy: %w", err)
	}
	if got := strings.TrimSpace(string(text)); got != strconv.Itoa(pages) {
		return fmt.Errorf("check copy: %s pages, want %d", got, pages)
	}
	return nil
}

// Exit codes of qpdf.
const (
	qpdfWarnings = 3 // it repaired something and went on
)

// run runs qpdf in the scratch folder and returns at most limit bytes of its
// output; more is an error. The whole process group dies with ctx.
func (q qpdf) run(ctx context.Context, limit int, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, q.program, args...)
	cmd.Dir = q.dir
	cmd.Env = []string{"LC_ALL=C", "TMPDIR=" + q.dir}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	out, errs := &capped{limit: limit}, &capped{limit: 4 << 10, quiet: true}
	cmd.Stdout, cmd.Stderr = out, errs
	err := cmd.Run()
	if out.over {
		return nil, fmt.Errorf("qpdf output is larger than %d MB", limit>>20)
	}
	var exit *exec.ExitError
	switch {
	case err == nil:
		return out.Bytes(), nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.As(err, &exit) && exit.ExitCode() == qpdfWarnings:
		return out.Bytes(), nil
	case bytes.Contains(errs.Bytes(), []byte("invalid password")):
		return nil, errEncrypted
	case exit != nil:
		return nil, fmt.Errorf("qpdf exit %d: %s", exit.ExitCode(), strings.TrimSpace(errs.String()))
	}
	return nil, fmt.Errorf("run qpdf: %w", err)
}

// capped is a buffer that ends a program which says too much; a quiet one drops
// the rest.
type capped struct {
	bytes.Buffer
	limit int
	quiet bool
	over  bool
}

func (c *capped) Write(b []byte) (int, error) {
	if c.Len()+len(b) <= c.limit {
		return c.Buffer.Write(b)
	}
	if c.quiet {
		c.Buffer.Write(b[:c.limit-c.Len()])
		return len(b), nil
	}
	c.over = true
	return 0, io.ErrShortWrite
}
