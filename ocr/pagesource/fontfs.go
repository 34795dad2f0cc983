package pagesource

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"
	"unicode/utf16"

	"golang.org/x/image/font/sfnt"
)

// fontFS is all of the file system that PDFium sees: one Chinese font under the
// names it asks for. PDFium on Linux substitutes missing Chinese fonts by
// name only, and the names it knows do not include Noto, so that a document in
// SimSun without embedded fonts, which is common, would be drawn blank.
type fontFS struct {
	files map[string]*fontFile
}

// substitutes are the family names PDFium looks for: simplified and traditional
// Chinese, Japanese (CFX_LinuxFontInfo::MapFont).
var substitutes = map[string]string{
	"cjk-sc.otf": "WenQuanYi Micro Hei",
	"cjk-jp.otf": "TakaoPGothic",
}

// fontFile is a font of a collection, presented as a font of its own with
// another name: a new table directory and name table in front of the bytes of
// the original, whose table offsets are moved accordingly.
type fontFile struct {
	name string
	head []byte
	src  *os.File
	size int64
}

func openFontFS(path string) (*fontFS, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, &ownError{"open font", withoutPath(err)}
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, &ownError{"stat font", withoutPath(err)}
	}
	out := &fontFS{files: map[string]*fontFile{}}
	dir, err := simplifiedChinese(f)
	for name, family := range substitutes {
		var head []byte
		if err == nil {
			head, err = renamed(f, dir, family)
		}
		out.files[name] = &fontFile{name: name, head: head, src: f, size: int64(len(head)) + info.Size()}
	}
	if err != nil {
		f.Close()
		return nil, &ownError{"read font", err}
	}
	return out, nil
}

// Close closes the font.
func (f *fontFS) Close() error {
	for _, file := range f.files {
		return file.src.Close() // one file behind all names
	}
	return nil
}

// simplifiedChinese returns the offset of the table directory of the font to
// use: in a collection the one whose name ends in SC, else the first.
func simplifiedChinese(r io.ReaderAt) (int64, error) {
	var head [12]byte
	if _, err := r.ReadAt(head[:], 0); err != nil {
		return 0, err
	}
	if string(head[:4]) != "ttcf" {
		return 0, nil
	}
	all, err := sfnt.ParseCollectionReaderAt(r)
	if err != nil {
		return 0, err
	}
	chosen := 0
	for i := range all.NumFonts() {
		font, err := all.Font(i)
		if err != nil {
			continue
		}
		if name, err := font.Name(nil, sfnt.NameIDFamily); err == nil && strings.HasSuffix(name, " SC") {
			chosen = i
			break
		}
	}
	var off [4]byte
	if _, err := r.ReadAt(off[:], int64(12+4*chosen)); err != nil {
		return 0, err
	}
	return int64(binary.BigEndian.Uint32(off[:])), nil
}

// renamed returns the bytes that stand before the original's.
func renamed(r io.ReaderAt, dir int64, family string) ([]byte, error) {
	head := make([]byte, 12)
	if _, err := r.ReadAt(head, dir); err != nil {
		return nil, err
	}
	tables := int(binary.BigEndian.Uint16(head[4:]))
	if tables < 1 || tables > 100 {
		return nil, errors.New("not an OpenType font")
	}
	records := make([]byte, 16*tables)
	if _, err := r.ReadAt(records, dir+12); err != nil {
		return nil, err
	}
	names := nameTable(family)
	base := uint32(12 + len(records) + len(names))
	for i := range tables {
		rec := records[16*i : 16*i+16]
		if string(rec[:4]) == "name" {
			binary.BigEndian.PutUint32(rec[8:], uint32(12+len(records)))
			binary.BigEndian.PutUint32(rec[12:], uint32(len(names)))
			continue
		}
		binary.BigEndian.PutUint32(rec[8:], binary.BigEndian.Uint32(rec[8:])+base)
	}
	return bytes.Join([][]byte{head, records, names}, nil), nil
}

// nameTable makes an OpenType name table with family and style, for Macintosh
// (which PDFium reads) and Windows.
func nameTable(family string) []byte {
	type record struct {
		platform, encoding, language, id uint16
		text                             []byte
	}
	var records []record
	for id, text := range []string{family, "Regular"} {
		records = append(records, record{1, 0, 0, uint16(id + 1), []byte(text)})
	}
	for id, text := range []string{family, "Regular"} {
		var wide []byte
		for _, u := range utf16.Encode([]rune(text)) {
			wide = binary.BigEndian.AppendUint16(wide, u)
		}
		records = append(records, record{3, 1, 0x409, uint16(id + 1), wide})
	}
	var table, texts []byte
	table = binary.BigEndian.AppendUint16(table, 0)
	table = binary.BigEndian.AppendUint16(table, uint16(len(records)))
	table = binary.BigEndian.AppendUint16(table, uint16(6+12*len(records)))
	for _, r := range records {
		for _, v := range []uint16{r.platform, r.encoding, r.language, r.id, uint16(len(r.text)), uint16(len(texts))} {
			table = binary.BigEndian.AppendUint16(table, v)
		}
		texts = append(texts, r.text...)
	}
	table = append(table, texts...)
	for len(table)%4 != 0 {
		table = append(table, 0)
	}
	return table
}

// ReadAt implements io.ReaderAt.
func (f *fontFile) ReadAt(p []byte, off int64) (int, error) {
	if off >= int64(len(f.head)) {
		return f.src.ReadAt(p, off-int64(len(f.head)))
	}
	n := copy(p, f.head[off:])
	if n == len(p) {
		return n, nil
	}
	m, err := f.src.ReadAt(p[n:], 0)
	return n + m, err
}

// Open implements fs.FS.
func (f *fontFS) Open(name string) (fs.File, error) {
	switch name {
	case fontFolder:
		return &openFolder{files: f.files}, nil
	case ".", "usr", "usr/share": // PDFium looks at ".." of the folder and stops where it finds nothing
		return &openFolder{}, nil
	}
	file, ok := f.files[strings.TrimPrefix(name, fontFolder+"/")]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &openFont{file, io.NewSectionReader(file, 0, file.size)}, nil
}

// openFont is an open font file.
type openFont struct {
	file *fontFile
	*io.SectionReader
}

// Stat implements fs.File.
func (f *openFont) Stat() (fs.FileInfo, error) { return fontInfo{f.file.name, f.file.size, 0o444}, nil }

// Close implements fs.File.
func (f *openFont) Close() error { return nil }

// fontFolder is where PDFium looks for fonts.
const fontFolder = "usr/share/fonts"

// openFolder is an open folder.
type openFolder struct {
	files map[string]*fontFile
	done  bool
}

// Stat implements fs.File.
func (d *openFolder) Stat() (fs.FileInfo, error) { return fontInfo{".", 0, fs.ModeDir | 0o555}, nil }

// Read implements fs.File.
func (d *openFolder) Read([]byte) (int, error) {
	return 0, fmt.Errorf("read folder: %w", fs.ErrInvalid)
}

// Close implements fs.File.
func (d *openFolder) Close() error { return nil }

// ReadDir implements fs.ReadDirFile.
func (d *openFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	if d.done {
		if n > 0 {
			return nil, io.EOF
		}
		return nil, nil
	}
	d.done = true
	var out []fs.DirEntry
	for _, f := range d.files {
		out = append(out, fs.FileInfoToDirEntry(fontInfo{f.name, f.size, 0o444}))
	}
	return out, nil
}

// fontInfo describes a font file or the folder.
type fontInfo struct {
	name string
	size int64
	mode fs.FileMode
}

func (i fontInfo) Name() string       { return i.name }
func (i fontInfo) Size() int64        { return i.size }
func (i fontInfo) Mode() fs.FileMode  { return i.mode }
func (i fontInfo) ModTime() time.Time { return time.Time{} }
func (i fontInfo) IsDir() bool        { return i.mode.IsDir() }
func (i fontInfo) Sys() any           { return nil }
