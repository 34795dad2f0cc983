package testserver

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Region is the region both S3 servers say they are in.
const Region = "us-east-1"

// S3Server is a server of the S3 protocol over plain HTTP with one bucket.
type S3Server struct {
	*Server
	Endpoint  string // "127.0.0.1:port", without scheme
	AccessKey string
	SecretKey string
	Region    string
	Bucket    string // exists when the server is returned
	// Data is the folder that holds the objects: Data/<bucket>/<key>. In
	// versitygw a key is a plain file; in MinIO it is a folder with xl.meta.
	Data string
}

// S3Options say where an S3 server keeps its objects.
type S3Options struct {
	// Data is the folder of the objects, e.g. on a small file system; it is not
	// removed. Empty means a folder below Dir.
	Data string
}

// VersityGW starts a versitygw for the test.
func VersityGW(t TB) *S3Server {
	t.Helper()
	return S3With(t, StartVersityGW, S3Options{})
}

// Minio starts a MinIO server for the test.
func Minio(t TB) *S3Server {
	t.Helper()
	return S3With(t, StartMinio, S3Options{})
}

// S3With starts an S3 server with options for the test; start is StartVersityGW
// or StartMinio.
func S3With(t TB, start func(S3Options) (*S3Server, error), opts S3Options) *S3Server {
	t.Helper()
	s, err := start(opts)
	if err != nil {
		t.Fatalf("testserver: %v", err)
	}
	s.stopAfter(t)
	return s
}

// StartVersityGW starts a versitygw on a folder; the caller calls Stop.
// Errors: ErrNotInstalled.
func StartVersityGW(opts S3Options) (*S3Server, error) {
	path, err := Program("versitygw", "make tools, or go install github.com/versity/versitygw/cmd/versitygw@v1.8.0")
	if err != nil {
		return nil, err
	}
	return startS3("versitygw", opts, func(s *S3Server, dir, addr string) program {
		return program{path: path, dir: dir, stop: syscall.SIGTERM, ready: answersHTTP("http://" + addr + "/health"),
			env:  []string{"ROOT_ACCESS_KEY=" + s.AccessKey, "ROOT_SECRET_KEY=" + s.SecretKey},
			args: []string{"--port", addr, "--region", Region, "--health", "/health", "--quiet", "posix", s.Data}}
	})
}

// StartMinio starts a MinIO server on a folder; the caller calls Stop.
// Errors: ErrNotInstalled.
func StartMinio(opts S3Options) (*S3Server, error) {
	path, err := Program("minio", "make tools, or go install github.com/minio/minio@latest")
	if err != nil {
		return nil, err
	}
	return startS3("minio", opts, func(s *S3Server, dir, addr string) program {
		return program{path: path, dir: dir, stop: syscall.SIGTERM, ready: answersHTTP("http://" + addr + "/minio/health/ready"),
			env: []string{"MINIO_ROOT_USER=" + s.AccessKey, "MINIO_ROOT_PASSWORD=" + s.SecretKey,
				"MINIO_BROWSER=off", "MINIO_UPDATE=off", "MINIO_REGION=" + Region},
			args: []string{"server", "--quiet", "--address", addr, "--certs-dir", filepath.Join(dir, "certs"), s.Data}}
	})
}

// startS3 starts the program that describe returns and makes the bucket.
func startS3(name string, opts S3Options, describe func(s *S3Server, dir, addr string) program) (*S3Server, error) {
	s := &S3Server{AccessKey: "onewindowtest", SecretKey: rand.Text(), Region: Region}
	var err error
	s.Server, err = launch(name, func(dir string, port int) (program, error) {
		s.Data = opts.Data
		if s.Data == "" {
			s.Data = filepath.Join(dir, "objects")
		}
		if err := os.MkdirAll(s.Data, 0o700); err != nil {
			return program{}, fmt.Errorf("make data folder: %w", err)
		}
		s.Endpoint = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
		return describe(s, dir, s.Endpoint), nil
	})
	if err != nil {
		return nil, err
	}
	if s.Bucket, err = s.NewBucket(); err != nil {
		_ = s.Stop()
		return nil, err
	}
	return s, nil
}

// NewBucket makes one more bucket, with a fresh name, and returns the name.
func (s *S3Server) NewBucket() (string, error) {
	client, err := s.Client()
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	name := "onewindow-" + strings.ToLower(rand.Text()[:12])
	if err := client.MakeBucket(ctx, name, minio.MakeBucketOptions{Region: s.Region}); err != nil {
		return "", fmt.Errorf("make bucket: %w", err)
	}
	return name, nil
}

// Client returns an S3 client with the root key, for looking behind a driver.
func (s *S3Server) Client() (*minio.Client, error) {
	client, err := minio.New(s.Endpoint, &minio.Options{
		Creds: credentials.NewStaticV4(s.AccessKey, s.SecretKey, ""), Region: s.Region,
		// No idle connections: their goroutines would show up in leak checks.
		Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true}})
	if err != nil {
		return nil, fmt.Errorf("make S3 client: %w", err)
	}
	return client, nil
}

// answersHTTP is ready when url answers 200.
func answersHTTP(url string) func(context.Context) error {
	return func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return fmt.Errorf("make request: %w", err)
		}
		client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		resp, err := client.Do(req)
		if err != nil {
			return fmt.Errorf("ask server: %w", err)
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("ask server: status %d", resp.StatusCode)
		}
		return nil
	}
}
