package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/hibiken/asynq"
	"gopkg.in/yaml.v3"

	"onewindow/access"
	"onewindow/access/oidc"
	"onewindow/approval/calendar"
	"onewindow/approval/catalogue"
	"onewindow/casework"
	"onewindow/casework/assistance"
	"onewindow/casework/cases"
	"onewindow/casework/certificates"
	"onewindow/casework/inquiry"
	"onewindow/casework/issuance"
	"onewindow/casework/notices"
	"onewindow/casework/notices/noticepdf"
	"onewindow/casework/organisation"
	"onewindow/casework/payment"
	"onewindow/casework/promises"
	"onewindow/casework/register"
	"onewindow/casework/supervision"
	"onewindow/casework/webhooks"
	"onewindow/extract/labels"
	"onewindow/intake"
	"onewindow/internal/config"
	"onewindow/internal/resources"
	"onewindow/internal/scratch"
	"onewindow/internal/telemetry"
	"onewindow/internal/workroom"
	"onewindow/ocr"
	"onewindow/pipeline"
	"onewindow/pipeline/asynqueue"
	"onewindow/stamp"
	"onewindow/storage"
	"onewindow/storage/filestore"
	"onewindow/storage/s3store"
	"onewindow/storage/sqlstore"
)

// house is everything a process needs, built from the configuration.
type house struct {
	cfg       config.Config
	log       *slog.Logger
	records   *sqlstore.Store
	blobs     storage.Blobs
	catalogue *catalogue.Catalogue // in effect when the process began
	library   *catalogue.Library
	calendar  *calendar.Calendar
	extractor *labels.Extractor
	template  stamp.Template
	room      *workroom.Room
	redis     asynq.RedisConnOpt
	embedded  *asynqueue.Embedded
	bell      *asynqueue.Bell
	metrics   *metrics
	provider  access.Provider
	closers   []func() error
}

// openRecords opens what every subcommand needs that only looks at records.
func openRecords(ctx context.Context, cfg config.Config) (*house, error) {
	h := &house{calendar: calendar.Default(), cfg: cfg, log: newLogger(cfg), catalogue: catalogue.Default()}
	if err := os.MkdirAll(cfg.DataDir, 0o750); err != nil {
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	var err error
	if h.records, err = sqlstore.Open(ctx, sqlstore.Options{DSN: dsn(cfg), UnsafeNoFence: chaosNoFence()}); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	h.closers = append(h.closers, h.records.Close)
	if h.blobs, err = openBlobs(cfg); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	if h.template, err = loadTemplate(cfg.TemplateFile); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	if err := h.openProvider(); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	stop, err := telemetry.Setup(ctx, cfg.Traces, os.Args[min(1, len(os.Args)-1)], version)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%w: otlp-endpoint: %v", config.ErrInvalid, err), h.Close())
	}
	h.closers = append(h.closers, func() error { return h.sendTraces(stop) })
	return h, nil
}

// openHouse opens all: records, the room for foreign bytes, and the bell.
func openHouse(ctx context.Context, cfg config.Config) (*house, error) {
	h, err := openRecords(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if err := h.openCalendar(); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	if err := h.openCatalogue(ctx); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	if err := h.openWork(ctx); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

func (h *house) openWork(ctx context.Context) error {
	if err := h.openRoom(ctx); err != nil {
		return err
	}
	return h.openBell()
}

func (h *house) openRoom(ctx context.Context) error {
	folder := filepath.Join(h.cfg.DataDir, "scratch")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make scratch folder: %w", err)
	}
	if err := scratch.Clear(folder, "onewindow-"); err != nil { // copies of people's files
		return err
	}
	room, err := workroom.New(ctx, workroom.Config{
		Scratch: folder, Engine: h.cfg.Engine, PageChildren: h.cfg.Workers,
		PageTimeout: h.cfg.PageTimeout, PageMemory: int64(h.cfg.PageMemoryMB) << 20,
	})
	if err != nil {
		return err
	}
	h.room, h.extractor = room, labels.New(h.catalogue)
	h.closers = append(h.closers, room.Close)
	return nil
}

func (h *house) openBell() error {
	var err error
	if h.cfg.Redis != "" {
		h.redis, err = asynqueue.ParseURL(h.cfg.Redis)
	} else {
		h.embedded, err = asynqueue.StartEmbedded()
		if err == nil {
			h.redis = h.embedded.Options()
			h.closers = append(h.closers, func() error { h.embedded.Close(); return nil })
		}
	}
	if err != nil {
		return err
	}
	h.bell = asynqueue.NewBell(h.redis)
	h.closers = append(h.closers, h.bell.Close)
	return nil
}

// Close closes what was opened, last first.
func (h *house) Close() error {
	var errs []error
	for i := len(h.closers) - 1; i >= 0; i-- {
		errs = append(errs, h.closers[i]())
	}
	return errors.Join(errs...)
}

func (h *house) receiver(bell intake.Bell) *intake.Receiver {
	return &intake.Receiver{Blobs: h.blobs, Records: h.records, Bell: bell, Log: h.log,
		MaxBytes: int64(h.cfg.MaxUploadMB) << 20}
}

func (h *house) desk() *casework.Desk {
	return &casework.Desk{
		Records: h.records, Blobs: h.blobs, Bell: h.bell, Catalogue: h.catalogue, Checker: h.extractor,
		Log: h.log, Now: now, Workshop: h.room, Darkroom: darkroom(h.room), Copies: h.records, Template: h.template,
		System: h.cfg.System, BaseURL: h.cfg.BaseURL, Scratch: filepath.Join(h.cfg.DataDir, "scratch"),
	}
}

// darkroom is the room where pages are drawn, if this process has one.
func darkroom(room *workroom.Room) casework.Darkroom {
	if room == nil {
		return nil
	}
	return room
}

func (h *house) office() *cases.Office {
	return &cases.Office{Records: h.records, Templates: h.templates(), Catalogue: h.catalogue, Library: h.library, Calendar: h.calendar, Log: h.log, Now: now,
		Proxy:    h.assistances(),
		Credit:   &promises.Office{Desk: h.registers()},
		Inquired: h.inquiries(),
		Contact:  cases.Contact{Person: h.cfg.ContactOffice, Telephone: h.cfg.ContactPhone, Supervision: h.cfg.ContactPhone}}
}

// watchers supervises.
func (h *house) watchers() *supervision.Office {
	return &supervision.Office{Records: h.records, Catalogue: h.catalogue, Name: h.office().Name, Calendar: h.calendar, Log: h.log, Now: now, Staff: h.organisation()}
}

// organisation is who and what the physical window consists of.
func (h *house) organisation() *organisation.Office {
	return &organisation.Office{Desk: h.registers(), Settings: h.records}
}

func (h *house) assistances() *assistance.Office {
	return &assistance.Office{Desk: h.registers(), Cases: h.records}
}

func (h *house) issuances() *issuance.Office {
	rules := h.organisation()
	return &issuance.Office{Desk: h.registers(), Edition: h.office().Edition, Cases: h.records, CollectDays: rules.CollectDays, Documents: h.records}
}

func (h *house) promises() *promises.Office {
	return &promises.Office{Desk: h.registers(), Cases: h.office()}
}

func (h *house) payments() *payment.Office {
	return &payment.Office{Desk: h.registers(), Cases: h.records, Edition: h.office().Edition}
}

// papers looks after notices.
func (h *house) papers() (*notices.Office, error) {
	printer, err := noticepdf.New()
	if err != nil {
		return nil, err
	}
	return &notices.Office{Records: h.records, Blobs: h.blobs, Printer: printer, Templates: h.templates(), Log: h.log, Now: now, BaseURL: h.cfg.BaseURL}, nil
}

// certificates generates result documents.
func (h *house) certificates() (*certificates.Office, error) {
	printer, err := noticepdf.New()
	if err != nil {
		return nil, err
	}
	return &certificates.Office{Records: h.records, Blobs: h.blobs, Edition: h.office().Edition, Checker: h.extractor, Printer: printer,
		Now: now, BaseURL: h.cfg.BaseURL}, nil
}

// templates are the wording of notices.
func (h *house) templates() *notices.Templates { return &notices.Templates{Settings: h.records} }

func (h *house) registers() *register.Desk {
	return &register.Desk{Records: h.records, Templates: h.templates(), Catalogue: h.catalogue, Calendar: h.calendar, Log: h.log, Now: now}
}

func (h *house) inquiries() *inquiry.Office {
	return &inquiry.Office{Desk: h.registers(), Cases: h.records}
}

// sendTraces sends what is left; a collector that is away must not hold up the end.
func (h *house) sendTraces(stop func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := stop(ctx); err != nil {
		h.log.Warn("send traces", "error", err)
	}
	return nil
}

// sender tells programs of events.
func (h *house) sender() *webhooks.Sender {
	return &webhooks.Sender{Records: h.records, Client: webhooks.NewClient(h.cfg.HooksPrivate), Log: h.log, Now: time.Now,
		Observe: h.figures().webhookCalled}
}

func (h *house) guard() *access.Guard {
	return &access.Guard{Records: h.records, Now: time.Now, Posts: h.organisation(), Provider: h.provider, SessionIdle: h.cfg.SessionIdle, SessionLife: h.cfg.SessionLife}
}

// openProvider makes the login provider, if one is configured; it is reached when
// it is first needed.
func (h *house) openProvider() error {
	if h.cfg.OIDCIssuer == "" {
		return nil
	}
	roles, err := oidc.ParseRoles(h.cfg.OIDCRoles)
	if err != nil {
		return fmt.Errorf("%w: oidc-roles: %v", config.ErrInvalid, err)
	}
	h.provider = oidc.New(oidc.Config{Issuer: h.cfg.OIDCIssuer, ClientID: h.cfg.OIDCClient, ClientSecret: h.cfg.OIDCSecret,
		RedirectURL: h.cfg.BaseURL + "/v1/oidc/callback", Audience: h.cfg.OIDCAudience,
		NameClaim: h.cfg.OIDCName, RolesClaim: h.cfg.OIDCClaim, Roles: roles})
	return nil
}

// worker makes the worker of this process.
func (h *house) worker(bell pipeline.Bell, observer pipeline.Observer) (*pipeline.Worker, error) {
	limits := ocr.DefaultLimits()
	limits.MaxPages, limits.MaxPixels = h.cfg.MaxPages, int64(h.cfg.MaxMegapixel)*1_000_000
	var layer pipeline.TextLayer
	if h.cfg.Searchable {
		layer = h.room
	}
	return pipeline.NewWorker(pipeline.Parts{
		TextLayer: layer, Sheets: h.room, Cases: h.caseOfFolder,
		Records: h.records, Blobs: h.blobs, Room: h.room, Bell: bell,
		Classifier: h.classifier(), Extractor: h.extractor,
		Catalogue: h.catalogue, Observer: observer, Log: h.log,
	}, pipeline.Config{
		ScratchDir: filepath.Join(h.cfg.DataDir, "scratch"), Engine: h.cfg.Engine, Screener: screener(), Lease: h.cfg.Lease,
		PageWindow: 2 * h.cfg.Workers, Limits: limits, Template: h.template,
		Review: pipeline.ReviewPolicy(h.cfg.Review), LeastDPI: h.cfg.LeastDPI, MaxBytes: int64(h.cfg.MaxUploadMB) << 20, System: h.cfg.System, BaseURL: h.cfg.BaseURL,
	})
}

func dsn(cfg config.Config) string {
	if cfg.Postgres != "" {
		return cfg.Postgres
	}
	return "sqlite:" + filepath.Join(cfg.DataDir, "onewindow.db")
}

// reserve is what uploads leave free for the database beside them.
const reserve = 256 << 20

func openBlobs(cfg config.Config) (storage.Blobs, error) {
	if cfg.S3Endpoint == "" {
		s, err := filestore.Open(filepath.Join(cfg.DataDir, "blobs"), filestore.Options{Reserve: reserve})
		if err != nil {
			return nil, fmt.Errorf("open file store: %w", err)
		}
		return s, nil
	}
	s, err := s3store.Open(s3store.Options{
		Endpoint: cfg.S3Endpoint, Bucket: cfg.S3Bucket, Region: cfg.S3Region,
		AccessKey: cfg.S3Access, SecretKey: cfg.S3Secret,
	})
	if err != nil {
		return nil, fmt.Errorf("open object store: %w", err)
	}
	return s, nil
}

func loadTemplate(path string) (stamp.Template, error) {
	t := stamp.DefaultTemplate()
	if path == "" {
		return t, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return t, fmt.Errorf("%w: cannot read the stamp template: %v", config.ErrInvalid, errors.Unwrap(err))
	}
	if err := yaml.Unmarshal(b, &t); err != nil {
		return t, fmt.Errorf("%w: the stamp template is not valid YAML: %v", config.ErrInvalid, err)
	}
	if err := t.Validate(); err != nil {
		return t, fmt.Errorf("%w: %v", config.ErrInvalid, err)
	}
	return t, nil
}

func newLogger(cfg config.Config) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(cfg.LogLevel)) // checked when loaded
	opts := &slog.HandlerOptions{Level: level}
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, opts))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, opts))
}

// screener is the engine that finds markings of secrecy best, where it is installed.
func screener() string {
	if _, err := resources.Path("models/ch_PP-OCRv4_rec_infer.onnx"); err != nil {
		return ""
	}
	return workroom.EnginePPOCR
}
