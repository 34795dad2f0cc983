package pipeline

import (
	"context"
	"errors"
	"io"

	"onewindow/document"
	"onewindow/storage"
)

// markedBlobs marks errors of the store as outages, so that they are told from
// what files and steps do wrong.
type markedBlobs struct{ storage.Blobs }

func (b markedBlobs) Put(ctx context.Context, class storage.Class, r io.Reader, opts storage.PutOptions) (storage.BlobInfo, error) {
	info, err := b.Blobs.Put(ctx, class, r, opts)
	return info, away(err)
}

func (b markedBlobs) Open(ctx context.Context, class storage.Class, d document.Digest) (storage.BlobReader, error) {
	r, err := b.Blobs.Open(ctx, class, d)
	if err != nil {
		return nil, away(err)
	}
	return markedReader{r}, nil
}

func (b markedBlobs) Delete(ctx context.Context, class storage.Class, d document.Digest) error {
	return away(b.Blobs.Delete(ctx, class, d))
}

type markedReader struct{ storage.BlobReader }

func (r markedReader) Read(p []byte) (int, error) {
	n, err := r.BlobReader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = away(err)
	}
	return n, err
}
