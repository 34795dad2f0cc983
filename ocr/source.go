package ocr

import (
	"context"
	"image"

	"onewindow/document"
)

// Limits bound what a file may make us do. Zero fields mean the default.
type Limits struct {
	MaxPages     int   `json:"max_pages"`     // pages of one file
	MaxPixels    int64 `json:"max_pixels"`    // pixels of one decoded image
	MaxObjects   int   `json:"max_objects"`   // objects of one PDF
	RenderPixels int64 `json:"render_pixels"` // cap on a rendered page; larger pages are rendered smaller
	RenderDPI    int   `json:"render_dpi"`    // wanted resolution of a rendered page
}

// DefaultLimits suit an office server.
func DefaultLimits() Limits {
	return Limits{MaxPages: 2000, MaxPixels: 150_000_000, MaxObjects: 500_000, RenderPixels: 40_000_000, RenderDPI: 300}
}

// OpenOptions accompany a file to be opened.
type OpenOptions struct {
	Password string
	Limits   Limits
}

// Facts are what inspection learned of a file without reading its text.
type Facts struct {
	MediaType string   `json:"media_type"` // from content
	Pages     int      `json:"pages"`
	Encrypted bool     `json:"encrypted,omitempty"` // opened with a password
	Signed    bool     `json:"signed,omitempty"`    // carries digital signatures
	Active    []string `json:"active,omitempty"`    // "javascript", "embedded_files", "launch", "open_action", "xfa"
	Repaired  bool     `json:"repaired,omitempty"`  // damaged but readable
	Animated  bool     `json:"animated,omitempty"`  // only the first frame is read
	Extension string   `json:"extension"`           // the one that fits the content, e.g. ".pdf"
}

// PageSource opens files of foreign origin. Errors are *document.Refusal when
// the file is to blame; their Message tells a person what to do.
type PageSource interface {
	// Inspect finds the true type and the facts, and refuses what is empty,
	// encrypted without the right password, damaged, unsupported or beyond limits.
	Inspect(ctx context.Context, path string, opts OpenOptions) (Facts, error)
	// Open makes the pages readable one at a time.
	Open(ctx context.Context, path string, opts OpenOptions) (Pages, error)
}

// Pages gives the pages of one open file. Not safe for concurrent use.
type Pages interface {
	Count() int
	// Page returns page n, counted from 1.
	Page(ctx context.Context, n int) (PageContent, error)
	Close() error
}

// PageContent is one page, ready to be read.
type PageContent struct {
	// Text is the page's own text layer when it is sound: plausible language for
	// a page that shows text. Nil otherwise. Its Width and Height are those that
	// Image has or would have, its boxes in the same pixels.
	Text *document.Page
	// Image is the page as a picture: the embedded full-page image where there is
	// one, else a rendering. Nil when Text is set; ask Render for it then.
	Image image.Image
	// Render makes the picture of a page that has sound text. Never nil.
	Render func(ctx context.Context) (image.Image, error)
	DPI    float64 // effective resolution of Image; 0 when unknown
	Frame  string  // how Image was made: "embedded", "rendered", "decoded"
}

// StoredPicture is the picture of a page as its file holds it: a JPEG file whose
// samples, upright and whole, are the page.
type StoredPicture struct {
	JPEG          []byte
	Width, Height int // pixels
	Grey          bool
	DPI           float64
}

// PicturePages are Pages that may hand out pictures without decoding them.
type PicturePages interface {
	// Stored returns the picture of page n, counted from 1; ok is false for a page
	// that is not one ordinary picture.
	Stored(ctx context.Context, n int) (picture StoredPicture, ok bool, err error)
}
