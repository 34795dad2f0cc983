// Package catalogues publishes versions of the catalogue and brings them back: a
// city changes its data on disk, running cases keep the version they have (T.2).
package catalogues

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"testing/fstest"
	"time"

	"onewindow/approval/calendar"
	"onewindow/approval/catalogue"
	"onewindow/storage"
)

// ErrTaken: that version was published before with other contents.
var ErrTaken = errors.New("this version was published with other contents; give the changed catalogue a new version")

// Publish checks and publishes the catalogue in a folder. Errors: ErrTaken, and
// what catalogue.Load finds wrong.
func Publish(ctx context.Context, records storage.Catalogues, folder fs.FS, by string) (c *catalogue.Catalogue, fresh bool, err error) {
	if c, err = catalogue.Load(folder); err != nil {
		return nil, false, err
	}
	p, err := pack(c, folder, by)
	if err != nil {
		return nil, false, err
	}
	fresh, err = records.PublishCatalogue(ctx, p)
	if errors.Is(err, storage.ErrConflict) {
		err = fmt.Errorf("catalogue %s: %w", c.Version, ErrTaken)
	}
	return c, fresh, err
}

func pack(c *catalogue.Catalogue, folder fs.FS, by string) (storage.Publication, error) {
	p := storage.Publication{Version: c.Version, Effective: c.Effective, Digest: c.Digest, Files: map[string]string{}, By: by}
	for _, name := range catalogue.Files() {
		text, err := fs.ReadFile(folder, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return p, fmt.Errorf("read catalogue: %w", err)
		}
		p.Files[name] = string(text)
	}
	return p, nil
}

// PublishOwn publishes the catalogue that the binary carries, unless a city put
// its own in its place. A newer binary may carry other data under the same
// version: they stand beside each other, told apart by their digests, so that
// running cases keep theirs.
func PublishOwn(ctx context.Context, records storage.Catalogues) error {
	own, err := catalogue.Embedded()
	if err != nil {
		return err
	}
	c, _, err := Publish(ctx, records, own, "system")
	if !errors.Is(err, ErrTaken) {
		return err
	}
	p, err := pack(c, own, "system")
	if err != nil {
		return err
	}
	p.Version = edition(c)
	_, err = records.PublishCatalogue(ctx, p)
	return err
}

// edition is a version told apart by its contents.
func edition(c *catalogue.Catalogue) string {
	const start, shown = len("sha256-"), 8
	return c.Version + "+" + c.Digest[start:start+shown]
}

// Open brings back all published versions. One that this binary cannot read any
// more is left out, and said so: its cases go on under the version in effect.
func Open(ctx context.Context, records storage.Catalogues, log *slog.Logger) (*catalogue.Library, error) {
	published, err := records.Publications(ctx)
	if err != nil {
		return nil, err
	}
	var all []*catalogue.Catalogue
	for _, p := range published {
		folder := fstest.MapFS{}
		for name, text := range p.Files {
			folder[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o444}
		}
		c, err := catalogue.Load(folder)
		if err != nil {
			log.Error("a published catalogue cannot be read any more", "version", p.Version, "error", err)
			continue
		}
		all = append(all, c.As(p.Version))
	}
	if len(all) == 0 {
		all = append(all, catalogue.Default())
	}
	return catalogue.NewLibrary(all...)
}

// Today is the day in China, for what is in effect.
func Today(now time.Time) string { return now.In(calendar.Zone).Format(time.DateOnly) }
