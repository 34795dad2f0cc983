package storage

import (
	"context"
	"time"
)

// Publication is one version of the catalogue as it was published: its files, so
// that a running case keeps its version whatever stands on disk later (T.2).
type Publication struct {
	Version   string            `json:"version"`
	Effective string            `json:"effective_from"` // YYYY-MM-DD
	Digest    string            `json:"digest"`
	Files     map[string]string `json:"-"` // name -> text
	By        string            `json:"by"`
	At        time.Time         `json:"published_at"`
}

// Catalogues keeps published versions; nothing changes or removes one.
type Catalogues interface {
	// PublishCatalogue keeps a version. Publishing the same again changes nothing
	// and is told by fresh false. Errors: ErrConflict when the version was
	// published with other contents.
	PublishCatalogue(ctx context.Context, p Publication) (fresh bool, err error)
	// Publications lists all versions, the first published first.
	Publications(ctx context.Context) ([]Publication, error)
}
