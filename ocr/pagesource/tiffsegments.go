package pagesource

// readSegments finds the strips or tiles and checks that they lie in the file.
func (p *tiffPage) readSegments(d *tiffDir) error {
	offTag, countTag := uint16(tagStripOffsets), uint16(tagStripCounts)
	p.segWidth, p.segHeight = p.width, int(min(d.int(tagRowsPerStrip, int64(p.height)), int64(p.height)))
	if _, tiled := d.values[tagTileWidth]; tiled {
		offTag, countTag = tagTileOffsets, tagTileCounts
		p.segWidth, p.segHeight = int(d.int(tagTileWidth, 0)), int(d.int(tagTileHeight, 0))
	}
	if p.segWidth < 1 || p.segHeight < 1 || p.segWidth > p.width+1<<16 || p.segHeight > p.height+1<<16 {
		return refuseCorrupt("TIFF segments of %d x %d pixels", p.segWidth, p.segHeight)
	}
	p.across = (p.width + p.segWidth - 1) / p.segWidth
	p.down = (p.height + p.segHeight - 1) / p.segHeight
	if p.compression == tiffOldJPEG {
		return p.readOldJPEG(d)
	}
	var err error
	if p.offsets, err = d.ints(offTag); err != nil {
		return err
	}
	if p.counts, err = d.ints(countTag); err != nil {
		return err
	}
	return p.checkSegments()
}

// readOldJPEG takes the one JPEG stream of the pre-2000 scheme, the only form
// of it that can be read without guessing.
func (p *tiffPage) readOldJPEG(d *tiffDir) error {
	off, count := d.int(tagJPEGOffset, 0), d.int(tagJPEGLength, 0)
	if off <= 0 || count <= 0 {
		return refuseUnsupported(tiffAdvice, "TIFF old-style JPEG without stream")
	}
	p.offsets, p.counts = []int64{off}, []int64{count}
	p.segWidth, p.segHeight, p.across, p.down = p.width, p.height, 1, 1
	p.tables, p.planar = nil, false
	return p.checkSegments()
}

func (p *tiffPage) checkSegments() error {
	want := p.across * p.down
	if p.planar {
		want *= p.samples
	}
	if len(p.offsets) < want || want > 1<<22 {
		return refuseCorrupt("TIFF with %d of %d segments", len(p.offsets), want)
	}
	if p.compression == tiffNone && len(p.counts) < want {
		p.counts = make([]int64, want) // optional in old files without compression
		for i := range p.counts {
			p.counts[i] = int64(p.segRows(i) * p.rowBytes())
		}
	}
	if len(p.counts) < want {
		return refuseCorrupt("TIFF with %d of %d segment sizes", len(p.counts), want)
	}
	for i := range want {
		if off, n := p.offsets[i], p.counts[i]; off < 8 || n < 0 || n > p.in.size || off > p.in.size-n {
			return refuseTruncated("TIFF segment %d of %d bytes at %d in a file of %d", i, n, off, p.in.size)
		}
	}
	return nil
}

// perSegment is the samples of one pixel that one segment holds.
func (p *tiffPage) perSegment() int {
	if p.planar {
		return 1
	}
	return p.samples
}

// rowBytes is the length of one row of a segment.
func (p *tiffPage) rowBytes() int {
	return (p.segWidth*p.perSegment()*p.bits + 7) / 8
}

// segRows is the number of rows of segment i: tiles are full, the last strip is not.
func (p *tiffPage) segRows(i int) int {
	if p.segWidth != p.width {
		return p.segHeight
	}
	y := i % (p.across * p.down) / p.across
	return min(p.segHeight, p.height-y*p.segHeight)
}
