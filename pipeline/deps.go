package pipeline

import (
	"context"
	"log/slog"
	"time"

	"onewindow/approval"
	"onewindow/approval/catalogue"
	"onewindow/classify"
	"onewindow/document"
	"onewindow/extract"
	"onewindow/ocr"
	"onewindow/stamp"
	"onewindow/storage"
)

// Records is what the pipeline keeps.
type Records interface {
	storage.Work
	storage.Queue
	storage.Documents
	storage.Results
	storage.ProjectLinks
	// Project returns what is known of a project. Errors: storage.ErrNotFound.
	Project(ctx context.Context, code string) (approval.Project, error)
}

// Room is where foreign bytes are handled, isolated from this process. Paths are
// on this machine. Errors are *document.Refusal when the file is to blame.
type Room interface {
	Inspect(ctx context.Context, path string, opts ocr.OpenOptions) (ocr.Facts, error)
	ReadPage(ctx context.Context, path string, page int, engine string, opts ocr.OpenOptions) (document.Page, error)
	stamp.Stamper
}

// TextLayer makes searchable copies of scans, isolated from this process: the
// pictures of the pages with the text that was read of them. id goes into the
// copy, so that no two documents share one.
type TextLayer interface {
	LayText(ctx context.Context, path string, pages []document.Page, id, title, out string, opts ocr.OpenOptions) error
}

// Bell tells workers that tasks became ready. It may lose rings.
type Bell interface {
	Ring(ctx context.Context, tasks []storage.Task) error
}

// Observer is told of every step done or failed, for metrics and progress.
type Observer interface {
	StepEnded(key storage.TaskKey, lane document.Lane, took time.Duration, err error)
}

// Parts are what a pipeline is built from.
type Parts struct {
	Records    Records
	Blobs      storage.Blobs
	Room       Room
	Bell       Bell
	Classifier classify.Classifier
	Extractor  extract.Extractor
	Catalogue  *catalogue.Catalogue
	TextLayer  TextLayer   // nil makes no searchable copies
	Sheets     SheetReader // nil takes no batches apart
	Cases      CaseFinder  // nil takes the case on a cover sheet as it is
	Observer   Observer    // may be nil
	Log        *slog.Logger
	Now        func() time.Time // nil is time.Now
}

// Config sets how the pipeline works. The zero value of a field is its default.
type Config struct {
	Owner       string        // names this worker process in claims; default host and process ID
	ScratchDir  string        // for local copies and outputs; default the system's temporary folder
	Engine      string        // OCR engine unless the document asks for one
	Screener    string        // engine that also screens what another one reads; "" screens by what was read
	Lease       time.Duration // how long a claim holds without renewal; default 30 s
	PageWindow  int           // pages of one document that may be in work at once; default 4
	FileTries   int           // attempts before a step blames the file; default 3
	SystemTries int           // attempts before a step gives up on our own trouble, or on itself when workers die of it; default 8
	Limits      ocr.Limits
	Template    stamp.Template
	Review      ReviewPolicy
	MaxBytes    int64  // of one file in an archive; 0 is no limit
	LeastDPI    int    // pages scanned more coarsely refuse their document; 0 refuses none
	System      string // name printed in the mark
	BaseURL     string // of the verification page, without a slash at the end
}

func (c Config) withDefaults() Config {
	if c.Lease == 0 {
		c.Lease = 30 * time.Second
	}
	if c.PageWindow == 0 {
		c.PageWindow = 4
	}
	if c.FileTries == 0 {
		c.FileTries = 3
	}
	if c.SystemTries == 0 {
		c.SystemTries = 8
	}
	if c.Limits == (ocr.Limits{}) {
		c.Limits = ocr.DefaultLimits()
	}
	if c.Template.ID == "" {
		c.Template = stamp.DefaultTemplate()
	}
	if c.System == "" {
		c.System = "湖南省工程建设项目审批管理系统"
	}
	if c.Review == "" {
		c.Review = ReviewDoubtful
	}
	return c
}
