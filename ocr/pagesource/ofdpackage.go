package pagesource

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"

	"onewindow/document"
)

// ofdPackage is an open OFD file: a zip of XML and media (GB/T 33190-2016, 7).
type ofdPackage struct {
	files map[string]*zip.File // by cleaned lower-case path without leading slash
}

const (
	maxOFDEntries = 100_000
	maxOFDEntry   = 64 << 20 // bytes of one unpacked entry
	maxOFDNodes   = 1_000_000
)

func openOFDPackage(r io.ReaderAt, size int64) (*ofdPackage, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, refuseTruncated("open OFD: %v", err)
	}
	if len(z.File) > maxOFDEntries {
		return nil, document.Refuse(document.CodeTooLarge, sayObjects, "OFD of %d entries", len(z.File))
	}
	p := &ofdPackage{files: map[string]*zip.File{}}
	for _, f := range z.File {
		if f.Flags&1 != 0 {
			return nil, document.Refuse(document.CodeEncrypted, sayRights, "encrypted zip entry")
		}
		p.files[entryKey(entryName(f))] = f
	}
	if _, ok := p.files["encryptions.xml"]; ok {
		return nil, document.Refuse(document.CodeEncrypted, sayRights, "encrypted OFD")
	}
	return p, nil
}

// entryName returns the name of an entry; Windows programs write it in GBK
// without saying so.
func entryName(f *zip.File) string {
	if f.NonUTF8 {
		if name, err := simplifiedchinese.GBK.NewDecoder().String(f.Name); err == nil {
			return name
		}
	}
	return f.Name
}

// entryKey makes names comparable: writers disagree on case, slashes and dots.
func entryKey(name string) string {
	name = path.Clean("/" + strings.ReplaceAll(name, `\`, "/"))
	return strings.ToLower(strings.TrimPrefix(name, "/"))
}

// locate resolves a location found in the file at base: absolute from the root,
// else relative to the folder of base.
func locate(base, loc string) string {
	loc = strings.TrimSpace(strings.ReplaceAll(loc, `\`, "/"))
	if strings.HasPrefix(loc, "/") {
		return entryKey(loc)
	}
	return entryKey(path.Join(path.Dir("/"+base), loc))
}

// has reports whether an entry exists.
func (p *ofdPackage) has(name string) bool { return p.files[name] != nil }

// read unpacks an entry.
func (p *ofdPackage) read(name string) ([]byte, error) {
	f := p.files[name]
	if f == nil {
		return nil, fmt.Errorf("OFD entry is missing")
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("open OFD entry: %w", err)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, maxOFDEntry+1))
	if err != nil {
		return nil, fmt.Errorf("unpack OFD entry: %w", err)
	}
	if len(b) > maxOFDEntry {
		return nil, document.Refuse(document.CodeTooLarge, sayBomb, "OFD entry beyond %d bytes", maxOFDEntry)
	}
	return b, nil
}

// node is an XML element; names are without namespace.
type node struct {
	name     string
	attrs    map[string]string
	text     string
	children []*node
}

// xml reads an entry as a tree.
func (p *ofdPackage) xml(name string) (*node, error) {
	b, err := p.read(name)
	if err != nil {
		return nil, err
	}
	n, err := parseXML(strings.NewReader(string(b)))
	if err != nil {
		return nil, fmt.Errorf("parse OFD entry: %w", err)
	}
	return n, nil
}

func parseXML(r io.Reader) (*node, error) {
	d := xml.NewDecoder(r)
	d.CharsetReader = func(charset string, input io.Reader) (io.Reader, error) {
		switch strings.ToLower(charset) {
		case "gbk", "gb2312", "gb18030":
			return transform.NewReader(input, simplifiedchinese.GB18030.NewDecoder()), nil
		case "utf-8", "utf8":
			return input, nil
		}
		return nil, fmt.Errorf("charset %q", charset)
	}
	root := &node{}
	open := []*node{root}
	count := 0
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		top := open[len(open)-1]
		switch t := t.(type) {
		case xml.StartElement:
			if count++; count > maxOFDNodes || len(open) > 200 {
				return nil, document.Refuse(document.CodeTooLarge, sayObjects, "XML beyond %d elements", maxOFDNodes)
			}
			n := &node{name: t.Name.Local, attrs: make(map[string]string, len(t.Attr))}
			for _, a := range t.Attr {
				n.attrs[a.Name.Local] = a.Value
			}
			top.children = append(top.children, n)
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			top.text += string(t)
		}
	}
	if len(root.children) == 0 {
		return nil, errors.New("no element")
	}
	return root.children[0], nil
}

// child returns the first child of a name, never nil.
func (n *node) child(names ...string) *node {
	for _, name := range names {
		var found *node
		for _, c := range n.children {
			if c.name == name {
				found = c
				break
			}
		}
		if found == nil {
			return &node{}
		}
		n = found
	}
	return n
}

// all returns the children of a name.
func (n *node) all(name string) []*node {
	var out []*node
	for _, c := range n.children {
		if c.name == name {
			out = append(out, c)
		}
	}
	return out
}

// value returns the text of a child, trimmed.
func (n *node) value(names ...string) string { return strings.TrimSpace(n.child(names...).text) }
