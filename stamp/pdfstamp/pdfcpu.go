package pdfstamp

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Limits of what a file may make pdfcpu do. Its own defaults let a 4 KB file take
// gigabytes.
const (
	maxContent = 64 << 20 // decoded content of one page
	maxDecode  = 256 << 20
	maxObjects = 2_000_000
)

var errContentTooLarge = fmt.Errorf("page content is larger than %d MB", maxContent>>20)

// pdfcpuConfiguration is spelled out because pdfcpu's default one reads and writes
// a folder in the user's home.
func pdfcpuConfiguration() *model.Configuration {
	limits := model.DefaultResourceLimits()
	limits.MaxDecodeBytes = maxDecode
	limits.MaxObjectCount = maxObjects
	limits.MaxXRefEntries = maxObjects
	return &model.Configuration{
		Reader15: true, ValidationMode: model.ValidationRelaxed, Eol: types.EolLF, Offline: true, Limits: limits,
	}
}

// pdfcpuGraph is a file in memory as pdfcpu read it.
type pdfcpuGraph struct {
	ctx *model.Context
}

// readPdfcpu reads a file. It panics on some damaged files and hangs on a few:
// call it through contain.
func readPdfcpu(ctx context.Context, file io.ReadSeeker) (*pdfcpuGraph, error) {
	read, err := pdfcpu.ReadWithContext(ctx, file, pdfcpuConfiguration())
	if errors.Is(err, pdfcpu.ErrWrongPassword) || errors.Is(err, pdfcpu.ErrEncrypted) {
		return nil, errEncrypted
	}
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	if read.Root == nil {
		return nil, errors.New("read: no catalog")
	}
	return &pdfcpuGraph{read}, nil
}

// viaPdfcpu is the first rung: everything in memory.
func (s *Stamper) viaPdfcpu(ctx context.Context, j job) (outcome, error) {
	file, err := os.Open(j.in)
	if err != nil {
		return outcome{}, err
	}
	defer file.Close()
	g, err := readPdfcpu(ctx, file)
	if err != nil {
		return outcome{}, err
	}
	done, err := s.markGraph(ctx, g, j)
	if err != nil {
		return outcome{}, err
	}
	out, err := os.OpenFile(j.temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return outcome{}, err
	}
	var info types.Object
	if g.ctx.Info != nil {
		info = *g.ctx.Info
	}
	err = writePDF(g, info, g.version(), out)
	return done, errors.Join(err, out.Close())
}

// version is the header of the copy: object streams need 1.5, our blending 1.4.
func (g *pdfcpuGraph) version() string {
	if g.ctx.HeaderVersion != nil && *g.ctx.HeaderVersion == model.V20 || g.ctx.RootVersion != nil && *g.ctx.RootVersion == model.V20 {
		return "2.0"
	}
	return "1.7"
}

func (g *pdfcpuGraph) root() types.IndirectRef { return *g.ctx.Root }

func (g *pdfcpuGraph) resolve(o types.Object) types.Object {
	for range maxDepth {
		ref, ok := o.(types.IndirectRef)
		if !ok {
			return known(o)
		}
		var err error
		if o, err = g.ctx.Dereference(ref); err != nil {
			return nil
		}
	}
	return nil
}

// known passes the object types of a document; cross-reference and object streams
// are the file's own housekeeping.
func known(o types.Object) types.Object {
	switch v := o.(type) {
	case types.Dict:
		if v == nil {
			return nil
		}
		return v
	case types.StreamDict, types.Array, types.Name, types.Integer, types.Float, types.Boolean, types.StringLiteral, types.HexLiteral:
		return v
	case *types.StreamDict:
		return *v
	}
	return nil
}

func (g *pdfcpuGraph) put(ref types.IndirectRef, o types.Object) {
	if entry, ok := g.ctx.FindTableEntryForIndRef(&ref); ok {
		entry.Object = o
	}
}

func (g *pdfcpuGraph) add(o types.Object) types.IndirectRef {
	n := g.ctx.InsertNew(*model.NewXRefTableEntryGen0(o))
	return *types.NewIndirectRef(n, 0)
}

func (g *pdfcpuGraph) content(contents types.Object) ([]byte, bool, error) {
	var all []byte
	for _, o := range streams(g, contents) {
		part, err := decode(g.resolve(o).(types.StreamDict), maxContent-len(all))
		if errors.Is(err, errContentTooLarge) {
			return nil, false, err
		}
		if err != nil {
			return nil, false, nil //nolint:nilerr // damaged is an answer
		}
		all = append(append(all, part...), '\n')
	}
	return all, true, nil
}

func (g *pdfcpuGraph) copyStream(from types.Object, more types.Dict) (types.IndirectRef, error) {
	source, ok := g.resolve(from).(types.StreamDict)
	if !ok {
		return types.IndirectRef{}, errDamagedContent
	}
	for k, v := range source.Dict {
		if _, ours := more[k]; !ours {
			more[k] = v
		}
	}
	return g.add(types.StreamDict{Dict: more, Raw: source.Raw}), nil
}

// decode decodes a content stream.
func decode(s types.StreamDict, limit int) ([]byte, error) {
	switch {
	case len(s.FilterPipeline) == 0:
		return s.Raw, nil
	case len(s.FilterPipeline) == 1 && s.FilterPipeline[0].Name == "FlateDecode" && s.FilterPipeline[0].DecodeParms == nil:
		return inflate(s.Raw, limit)
	}
	// The limit of the configuration holds here; a page of text is far from it.
	if err := s.DecodeWithLimit(int64(limit)); err != nil {
		return nil, err
	}
	return s.Content, nil
}

// inflate is stricter than pdfcpu, which passes over checksums.
func inflate(raw []byte, limit int) ([]byte, error) {
	z, err := zlib.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	content, err := io.ReadAll(io.LimitReader(z, int64(limit)+1))
	if len(content) > limit {
		return nil, errContentTooLarge
	}
	return content, err
}
