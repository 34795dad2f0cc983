package bag

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Limits of what is read of a foreign package.
const (
	maxFiles    = 200_000
	maxManifest = 64 << 20 // bytes of a manifest
	maxTag      = 1 << 20  // bytes of bagit.txt and bag-info.txt
	maxBytes    = 1 << 40  // of all files in a folder
	// A ZIP may unpack to so many bytes more than its own, for each of them:
	// scans hardly shrink, and what grows without end is made to.
	growth  = 200
	growing = 256 << 20
)

// ErrNoBag says that something is no bag at all.
var ErrNoBag = errors.New("no BagIt package")

// The kinds of problems.
const (
	Missing = "missing" // in a manifest, not in the package
	Changed = "changed" // other bytes than were packed
	Extra   = "extra"   // in the package, in no manifest
	Unsafe  = "unsafe"  // a name that would leave the folder
	Broken  = "broken"  // cannot be read
)

// Problem is one thing that is wrong.
type Problem struct {
	Path string
	Kind string
}

// Report is what checking a package showed.
type Report struct {
	Root     string // folder of the bag inside what was opened
	Info     map[string]string
	Files    int // of the payload
	Bytes    int64
	Problems []Problem
}

// Sound reports whether nothing is wrong.
func (r Report) Sound() bool { return len(r.Problems) == 0 }

// VerifyFile checks a ZIP, or a folder that one was unpacked to. It needs nothing
// but the file. Errors: ErrNoBag, what reading returned.
func VerifyFile(ctx context.Context, name string) (Report, error) {
	info, err := os.Stat(name)
	if err != nil {
		return Report{}, fmt.Errorf("open package: %w", err)
	}
	if info.IsDir() {
		return Verify(ctx, os.DirFS(name))
	}
	f, err := os.Open(name)
	if err != nil {
		return Report{}, fmt.Errorf("open package: %w", err)
	}
	defer f.Close()
	return VerifyZIP(ctx, f, info.Size())
}

// VerifyZIP checks a ZIP without unpacking it to disk.
func VerifyZIP(ctx context.Context, r io.ReaderAt, size int64) (Report, error) {
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return Report{}, fmt.Errorf("%w: %w", ErrNoBag, err)
	}
	if len(z.File) > maxFiles {
		return Report{}, fmt.Errorf("%w: more than %d files", ErrNoBag, maxFiles)
	}
	var unsafe []Problem
	seen := map[string]bool{}
	for _, f := range z.File {
		name := strings.TrimSuffix(f.Name, "/")
		switch {
		case !fs.ValidPath(name) || strings.Contains(name, "\\"):
			unsafe = append(unsafe, Problem{f.Name, Unsafe})
		case seen[name]: // two files of one name: unpackers do not agree which counts
			unsafe = append(unsafe, Problem{f.Name, Unsafe})
		}
		seen[name] = true
	}
	if len(unsafe) > 0 {
		return Report{Problems: unsafe}, nil
	}
	return verify(ctx, z, growing+growth*size)
}

// Verify checks a bag in a file system, at its root or in its only folder.
func Verify(ctx context.Context, fsys fs.FS) (Report, error) { return verify(ctx, fsys, maxBytes) }

// verify reads at most so many bytes.
func verify(ctx context.Context, fsys fs.FS, most int64) (Report, error) {
	root, err := rootOf(fsys)
	if err != nil {
		return Report{}, err
	}
	c := &check{ctx: ctx, fsys: fsys, report: Report{Root: root, Info: map[string]string{}}, left: most}
	err = c.run()
	return c.report, err
}

func rootOf(fsys fs.FS) (string, error) {
	if _, err := fs.Stat(fsys, "bagit.txt"); err == nil {
		return ".", nil
	}
	found, err := fs.Glob(fsys, "*/bagit.txt")
	if err != nil || len(found) != 1 {
		return "", ErrNoBag
	}
	return path.Dir(found[0]), nil
}

type check struct {
	ctx    context.Context
	fsys   fs.FS
	report Report
	left   int64
}

func (c *check) run() error {
	declared, err := c.small("bagit.txt", maxTag)
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(declared, []byte("BagIt-Version: ")) {
		return fmt.Errorf("%w: bagit.txt declares no version", ErrNoBag)
	}
	payload, err := c.manifest("manifest-sha256.txt")
	if err != nil {
		return err
	}
	tags, err := c.manifest("tagmanifest-sha256.txt")
	if err != nil {
		return err
	}
	info, err := c.small("bag-info.txt", maxTag)
	if err != nil {
		return err
	}
	c.report.Info = readInfo(info)
	if _, _, err := c.compare(tags); err != nil {
		return err
	}
	if c.report.Files, c.report.Bytes, err = c.compare(payload); err != nil {
		return err
	}
	c.oxum()
	return c.extras(payload, tags)
}

func (c *check) manifest(name string) (map[string]string, error) {
	b, err := c.small(name, maxManifest)
	if err != nil {
		return nil, err
	}
	return parseManifest(b)
}

// extras finds files that no manifest names.
func (c *check) extras(payload, tags map[string]string) error {
	n := 0
	return fs.WalkDir(c.fsys, c.report.Root, func(name string, d fs.DirEntry, err error) error {
		if n++; n > 2*maxFiles {
			return fmt.Errorf("%w: more than %d files", ErrNoBag, maxFiles)
		}
		if err != nil {
			c.wrong(name, Broken)
			return nil
		}
		if d.IsDir() || c.ctx.Err() != nil {
			return c.ctx.Err()
		}
		inside := strings.TrimPrefix(name, c.report.Root+"/")
		_, packed := payload[inside]
		_, tag := tags[inside]
		if !packed && !tag && inside != "tagmanifest-sha256.txt" {
			c.wrong(inside, Extra)
		}
		return nil
	})
}

// small reads a tag file.
func (c *check) small(name string, limit int64) ([]byte, error) {
	f, err := c.fsys.Open(path.Join(c.report.Root, name))
	if err != nil {
		return nil, fmt.Errorf("%w: %s is missing", ErrNoBag, name)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, fmt.Errorf("%w: read %s: %w", ErrNoBag, name, err)
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("%w: %s is too large", ErrNoBag, name)
	}
	return b, nil
}

// parseManifest reads lines of "sum  path".
func parseManifest(b []byte) (map[string]string, error) {
	out := map[string]string{}
	for i, line := range strings.Split(strings.ReplaceAll(string(b), "\r\n", "\n"), "\n") {
		if line == "" {
			continue
		}
		sum, name, ok := strings.Cut(line, " ")
		name = strings.TrimPrefix(strings.TrimLeft(name, " "), "*")
		raw, err := hex.DecodeString(sum)
		if !ok || err != nil || len(raw) != sha256.Size || !fs.ValidPath(name) || name == "." {
			return nil, fmt.Errorf("%w: line %d of a manifest cannot be read", ErrNoBag, i+1)
		}
		if _, twice := out[name]; twice {
			return nil, fmt.Errorf("%w: line %d of a manifest repeats a path", ErrNoBag, i+1)
		}
		if len(out) == maxFiles {
			return nil, fmt.Errorf("%w: more than %d files", ErrNoBag, maxFiles)
		}
		out[name] = strings.ToLower(sum)
	}
	return out, nil
}

func (c *check) wrong(name, kind string) {
	c.report.Problems = append(c.report.Problems, Problem{name, kind})
}

// sum reads a file to its end.
func (c *check) sum(name string) (sum string, n int64, err error) {
	f, err := c.fsys.Open(path.Join(c.report.Root, name))
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	n, err = io.Copy(h, io.LimitReader(&interruptible{c.ctx, f}, c.left+1))
	if c.left -= n; c.left < 0 {
		return "", n, fmt.Errorf("%w: it unpacks to too many bytes", ErrNoBag)
	}
	return hex.EncodeToString(h.Sum(nil)), n, err
}

// interruptible stops reading when ctx ends.
type interruptible struct {
	ctx context.Context
	r   io.Reader
}

func (r *interruptible) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// compare holds every file of a manifest against what is there.
func (c *check) compare(sums map[string]string) (n int, octets int64, err error) {
	names := make([]string, 0, len(sums))
	for name := range sums {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		got, size, err := c.sum(name)
		switch {
		case c.ctx.Err() != nil:
			return n, octets, c.ctx.Err()
		case errors.Is(err, ErrNoBag):
			return n, octets, err
		case errors.Is(err, fs.ErrNotExist):
			c.wrong(name, Missing)
			continue
		case err != nil:
			c.wrong(name, Broken)
		case got != sums[name]:
			c.wrong(name, Changed)
		}
		n, octets = n+1, octets+size
	}
	return n, octets, nil
}

// readInfo reads bag-info.txt.
func readInfo(b []byte) map[string]string {
	out := map[string]string{}
	for _, line := range strings.Split(strings.ReplaceAll(string(b), "\r\n", "\n"), "\n") {
		if key, value, ok := strings.Cut(line, ":"); ok {
			out[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	return out
}

// oxum checks the count of bytes and files that bag-info.txt names.
func (c *check) oxum() {
	text := c.report.Info["Payload-Oxum"]
	if text == "" {
		return
	}
	octets, files, _ := strings.Cut(text, ".")
	o, err := strconv.ParseInt(octets, 10, 64)
	n, err2 := strconv.Atoi(files)
	if err != nil || err2 != nil || o != c.report.Bytes || n != c.report.Files {
		c.wrong("bag-info.txt", Changed)
	}
}
