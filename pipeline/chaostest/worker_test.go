package chaostest

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hibiken/asynq"

	"onewindow/approval/catalogue"
	"onewindow/classify"
	"onewindow/document"
	"onewindow/extract"
	"onewindow/internal/testserver"
	"onewindow/ocr"
	"onewindow/pipeline"
	"onewindow/pipeline/asynqueue"
	"onewindow/stamp"
	"onewindow/storage"
	"onewindow/storage/filestore"
	"onewindow/storage/s3store"
	"onewindow/storage/sqlstore"
)

// workerVariable makes a process of the test binary a worker.
const workerVariable = "ONEWINDOW_CHAOS_WORKER"

// setup is what a worker process is told.
type setup struct {
	DSN, Redis, Blobs string
	S3                *s3store.Options // in place of Blobs
	Embedded          bool             // a Redis inside the process
	Lease             time.Duration
	NoFence           bool
	Tries             int // before a step is given up; 0 is the default
}

// useS3 keeps blobs on a server instead of in a folder. Its patience is short, so
// that a hanging server is met more than once in a short test.
func (s *setup) useS3(server *testserver.S3Server) {
	s.S3 = &s3store.Options{Endpoint: "http://" + server.Endpoint, Bucket: server.Bucket, Region: server.Region,
		AccessKey: server.AccessKey, SecretKey: server.SecretKey, CallTimeout: time.Second, Attempts: 2}
}

func (s *setup) openBlobs() (storage.Blobs, error) {
	if s.S3 != nil {
		return s3store.Open(*s.S3)
	}
	return filestore.Open(s.Blobs, filestore.Options{})
}

// openRedis gives the queue of this process.
func (s *setup) openRedis() (asynq.RedisConnOpt, func(), error) {
	if !s.Embedded {
		conn, err := asynqueue.ParseURL(s.Redis)
		return conn, func() {}, err
	}
	e, err := asynqueue.StartEmbedded()
	if err != nil {
		return nil, nil, err
	}
	return e.Options(), e.Close, nil
}

func TestMain(m *testing.M) {
	if text := os.Getenv(workerVariable); text != "" {
		if err := work(text); err != nil {
			fmt.Fprintln(os.Stderr, "worker:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// work runs a worker until it is told to stop, or killed.
func work(text string) error {
	var s setup
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	records, err := sqlstore.Open(ctx, sqlstore.Options{DSN: s.DSN, UnsafeNoFence: s.NoFence, KeepSchema: true, MaxConns: 6})
	if err != nil {
		return err
	}
	defer records.Close()
	blobs, err := s.openBlobs()
	if err != nil {
		return err
	}
	redis, closeRedis, err := s.openRedis()
	if err != nil {
		return err
	}
	defer closeRedis()
	log := slog.New(slog.DiscardHandler)
	bell := asynqueue.NewBell(redis)
	defer bell.Close()
	w, err := pipeline.NewWorker(pipeline.Parts{
		Records: records, Blobs: blobs, Room: waitingRoom{}, Bell: bell, Classifier: certain{}, Extractor: certain{},
		Catalogue: catalogue.Default(), Log: log,
	}, pipeline.Config{Lease: s.Lease, PageWindow: 3, FileTries: 2, SystemTries: s.Tries})
	if err != nil {
		return err
	}
	defer w.Close()
	sweeper := &pipeline.Sweeper{Queue: records, Bell: bell, Log: log, Every: 200 * time.Millisecond, Age: time.Second}
	go func() { _ = sweeper.Run(ctx) }()
	server := asynqueue.NewServer(redis, w, asynqueue.Options{Concurrency: 4, Log: log})
	for server.Start() != nil {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(100 * time.Millisecond):
		}
	}
	<-ctx.Done()
	grace, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	server.Shutdown(grace)
	return nil
}

// waitingRoom takes a short time for everything, as reading would. Files are
// "pages=N …"; those that say "deadly at …" kill the process that comes there.
type waitingRoom struct{}

func dieIf(path, where string) {
	if b, err := os.ReadFile(path); err == nil && strings.HasSuffix(string(b), "deadly at "+where) {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
}

func pauseABit(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Duration(5+rand.IntN(40)) * time.Millisecond):
		return nil
	}
}

// Inspect tells the page count from the file: "pages=N …".
func (waitingRoom) Inspect(ctx context.Context, path string, _ ocr.OpenOptions) (ocr.Facts, error) {
	dieIf(path, "inspect")
	b, err := os.ReadFile(path)
	if err != nil {
		return ocr.Facts{}, err
	}
	n, err := strconv.Atoi(strings.TrimPrefix(strings.Fields(string(b))[0], "pages="))
	if err != nil {
		return ocr.Facts{}, document.Refuse(document.CodeCorrupt, "损坏", "no page count")
	}
	return ocr.Facts{MediaType: "application/pdf", Pages: n}, pauseABit(ctx)
}

func (waitingRoom) ReadPage(ctx context.Context, path string, n int, _ string, _ ocr.OpenOptions) (document.Page, error) {
	dieIf(path, fmt.Sprint("page ", n))
	return document.Page{Number: n, Width: 100, Height: 100, Source: document.SourceOCR, Confidence: 1,
		Lines: []document.Line{{Text: "建筑工程施工许可证", Confidence: 1}}}, pauseABit(ctx)
}

func (waitingRoom) Stamp(ctx context.Context, in, out string, m stamp.Mark, _ stamp.Template) (stamp.Report, error) {
	b, err := os.ReadFile(in)
	if err != nil {
		return stamp.Report{}, err
	}
	n, err := strconv.Atoi(strings.TrimPrefix(strings.Fields(string(b))[0], "pages="))
	if err == nil {
		err = os.WriteFile(out, append(b, m.Code...), 0o600)
	}
	if err != nil {
		return stamp.Report{}, err
	}
	return stamp.Report{Pages: n, Method: "test"}, pauseABit(ctx)
}

// certain knows every document.
type certain struct{}

func (certain) Classify(ctx context.Context, _ classify.Question) (document.Classification, error) {
	return document.Classification{Code: "rd-construction-permit", Name: "建筑工程施工许可证", Confidence: 1}, pauseABit(ctx)
}

func (certain) Extract(ctx context.Context, r extract.Request) (extract.Extraction, error) {
	f := document.Field{Value: "x", Confidence: 1, Valid: true}
	return extract.Extraction{Fields: document.Fields{"project_name": f}}, pauseABit(ctx)
}
