package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// scratch is the folder of one child: in, out and tmp. It keeps the input of the
// last call in place, so that the pages of one long file are linked once.
type scratch struct {
	root    string
	folders                       // as the parent sees them
	inside  folders               // as the child sees them
	system  string                // stands for /tmp under bubblewrap
	staged  map[string]stagedFile // by the name in the task
	count   int
}

// folders are the parts of a scratch folder that a child knows.
type folders struct {
	in, out, tmp string
}

func foldersIn(root string) folders {
	return folders{in: filepath.Join(root, "in"), out: filepath.Join(root, "out"), tmp: filepath.Join(root, "tmp")}
}

// stagedFile is an input file in place.
type stagedFile struct {
	identity fileIdentity
	name     string // in the folder in
}

// fileIdentity tells whether a path still means the same bytes.
type fileIdentity struct {
	device, inode uint64
	size          int64
	modified      time.Time
}

// newScratch makes the folder of one child. hidden says that the child will see
// it at insideRoot.
func newScratch(parent, kind string, hidden bool) (*scratch, error) {
	root, err := os.MkdirTemp(parent, kind+"-")
	if err != nil {
		return nil, fmt.Errorf("make scratch: %w", err)
	}
	s := &scratch{root: root, folders: foldersIn(root), inside: foldersIn(root),
		system: filepath.Join(root, "system"), staged: map[string]stagedFile{}}
	if hidden {
		s.inside = foldersIn(insideRoot)
	}
	for _, dir := range []string{s.in, s.out, s.tmp, s.system} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			return nil, fmt.Errorf("make scratch: %w", errors.Join(err, os.RemoveAll(root)))
		}
	}
	return s, nil
}

// stage puts exactly the given files (name to path) in place and returns their
// paths as the child sees them.
func (s *scratch) stage(ctx context.Context, files map[string]string) (map[string]string, error) {
	for name := range s.staged {
		if _, wanted := files[name]; !wanted {
			s.unstage(name)
		}
	}
	out := make(map[string]string, len(files))
	for name, path := range files {
		if filepath.Base(name) != name || name == "." || name == ".." {
			return nil, fmt.Errorf("stage input: bad name %q", name)
		}
		placed, err := s.place(ctx, name, path)
		if err != nil {
			return nil, fmt.Errorf("stage input: %w", err)
		}
		out[name] = filepath.Join(s.inside.in, placed)
	}
	return out, nil
}

// place returns the name of the file in the folder in.
func (s *scratch) place(ctx context.Context, name, path string) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", err
	}
	id, err := identify(real)
	if err != nil {
		return "", err
	}
	if have, ok := s.staged[name]; ok && have.identity == id {
		return have.name, nil
	}
	s.unstage(name)
	s.count++
	placed := strconv.Itoa(s.count) + "-" + name
	dst := filepath.Join(s.in, placed)
	if os.Link(real, dst) != nil { // another file system, or not ours
		if err := copyFile(ctx, real, dst); err != nil {
			return "", err
		}
	}
	s.staged[name] = stagedFile{identity: id, name: placed}
	return placed, nil
}

func (s *scratch) unstage(name string) {
	if have, ok := s.staged[name]; ok {
		_ = os.Remove(filepath.Join(s.in, have.name)) // the folder goes as a whole in the end
		delete(s.staged, name)
	}
}

func identify(path string) (fileIdentity, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return fileIdentity{}, err
	}
	if !info.Mode().IsRegular() {
		return fileIdentity{}, fmt.Errorf("%w: not a plain file", fs.ErrInvalid)
	}
	var st unix.Stat_t
	if err := unix.Lstat(path, &st); err != nil {
		return fileIdentity{}, err
	}
	return fileIdentity{device: st.Dev, inode: st.Ino, size: info.Size(), modified: info.ModTime()}, nil
}

// collect copies the named output files to their destinations (name to path).
// A destination appears only when complete. The child is not trusted: links and
// devices are refused.
func (s *scratch) collect(ctx context.Context, files map[string]string) error {
	for name, dst := range files {
		if err := s.fetch(ctx, name, dst); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrOutput, name, err)
		}
	}
	return nil
}

func (s *scratch) fetch(ctx context.Context, name, dst string) (err error) {
	src, err := os.OpenFile(filepath.Join(s.out, name), os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if err != nil {
		return err
	}
	defer src.Close()
	info, err := src.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%w: not a plain file", fs.ErrInvalid)
	}
	return writeFile(ctx, src, dst)
}

// clean empties out and tmp.
func (s *scratch) clean() error {
	return errors.Join(empty(s.out), empty(s.tmp))
}

func (s *scratch) remove() error { return os.RemoveAll(s.root) }

func empty(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(ctx context.Context, src, dst string) error {
	in, err := os.Open(src)
	if err != nil {
		return err
	}
	defer in.Close()
	return writeFile(ctx, in, dst)
}

// writeFile copies in to dst through a temporary neighbour.
func writeFile(ctx context.Context, in *os.File, dst string) error {
	tmp, err := os.CreateTemp(filepath.Dir(dst), ".copy-")
	if err != nil {
		return err
	}
	err = copyBounded(ctx, tmp, in)
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(tmp.Name(), dst)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return nil
}

// copyChunk is how much is copied between two looks at ctx; within a chunk the
// kernel copies by itself.
const copyChunk = 16 << 20

func copyBounded(ctx context.Context, dst *os.File, src *os.File) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := io.CopyN(dst, src, copyChunk)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if n < copyChunk {
			return nil
		}
	}
}
