package bench

import (
	"context"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/sync/errgroup"

	"onewindow/internal/sample"
	"onewindow/ocr"
	"onewindow/ocr/pagesource"
)

// scan is one synthetic file as it comes from a scanner.
type scan struct {
	name    string
	content []byte
	pages   int
}

// oneSided are kinds of results whose first page says enough for a policy to let
// it pass, the permit of the goal first.
var oneSided = []string{"rd-construction-permit", "rd-engineering-permit", "rd-eia-reply", "rd-filing-cert"}

// onePage is the first page of a result document.
func onePage(kind string, seed uint64) sample.Document {
	d := sample.Make(kind, sample.NewProject(seed), seed)
	d.Pages = d.Pages[:1]
	return d
}

// candidates makes n scans of one page at 300 dpi from a seed on. Most become
// results without a person.
func (b *bench) candidates(n int, first uint64) ([]scan, error) {
	return inParallel(n, func(i int) (scan, error) {
		kind, seed := oneSided[i%len(oneSided)], first+uint64(i)
		return b.scanned(fmt.Sprintf("%s-%d.pdf", kind, seed), onePage(kind, seed), sample.ScanOptions{})
	})
}

func (b *bench) scanned(name string, d sample.Document, o sample.ScanOptions) (scan, error) {
	content, err := b.studio.Scan(d, o)
	if err != nil {
		return scan{}, fmt.Errorf("make sample: %w", err)
	}
	return scan{name: name, content: content, pages: len(d.Pages)}, nil
}

// mixture makes the files of one round: results of one page and stacks as a batch
// comes out of the feeder. No two pages are alike.
func (b *bench) mixture(round int) ([]scan, error) {
	kinds := sample.MainResults()
	page := func(i int) sample.Document {
		return onePage(kinds[i%len(kinds)], uint64(1000*(round+1)+i))
	}
	every := 1 + b.singles/max(b.stacks, 1) // stacks stand among the single pages
	return inParallel(b.singles+b.stacks, func(i int) (scan, error) {
		if i%every != every-1 {
			return b.scanned(fmt.Sprintf("single-%d-%d.pdf", round, i), page(i), sample.ScanOptions{})
		}
		var docs []sample.Document
		for p := range b.stackPages {
			docs = append(docs, page(100+i*b.stackPages+p))
		}
		return b.scanned(fmt.Sprintf("stack-%d-%d.pdf", round, i), sample.Bind(false, docs...), sample.ScanOptions{})
	})
}

func inParallel[T any](n int, make1 func(i int) (T, error)) ([]T, error) {
	out := make([]T, n)
	var group errgroup.Group
	group.SetLimit(runtime.NumCPU())
	for i := range n {
		group.Go(func() (err error) {
			out[i], err = make1(i)
			return err
		})
	}
	return out, group.Wait()
}

func countPages(scans []scan) int {
	n := 0
	for _, s := range scans {
		n += s.pages
	}
	return n
}

// frames are the page images of files, decoded exactly as the service does it.
func (b *bench) frames(ctx context.Context, scans []scan) ([]image.Image, error) {
	source, err := pagesource.New(pagesource.Options{CacheDir: compiled()})
	if err != nil {
		return nil, fmt.Errorf("open page source: %w", err)
	}
	defer source.Close()
	var out []image.Image
	for _, s := range scans {
		path := filepath.Join(b.dir, s.name)
		if err := os.WriteFile(path, s.content, 0o600); err != nil {
			return nil, fmt.Errorf("write sample: %w", err)
		}
		images, err := framesOf(ctx, source, path)
		if err != nil {
			return nil, fmt.Errorf("decode %s: %w", s.name, err)
		}
		out = append(out, images...)
		if err := os.Remove(path); err != nil {
			return nil, fmt.Errorf("remove sample: %w", err)
		}
	}
	return out, nil
}

func framesOf(ctx context.Context, source ocr.PageSource, path string) ([]image.Image, error) {
	pages, err := source.Open(ctx, path, ocr.OpenOptions{})
	if err != nil {
		return nil, err
	}
	defer pages.Close()
	var out []image.Image
	for n := 1; n <= pages.Count(); n++ {
		content, err := pages.Page(ctx, n)
		if err != nil {
			return nil, err
		}
		if content.Image == nil {
			return nil, fmt.Errorf("page %d is text, not a scan", n)
		}
		out = append(out, content.Image)
	}
	return out, nil
}
