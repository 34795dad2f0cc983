// Package s3store keeps blobs as objects of any server that speaks S3:
//
//	<prefix>originals/ab/abcdef…
//	<prefix>derived/ab/abcdef…
//
// the layout of package filestore, so that a plain copy between the two works.
//
// A Put reads the stream to a local spool file first (unless it can seek): the
// key is the digest, which is known only at the end of the stream. Uploading to
// a temporary key and copying on the server was the other way; it would leave
// temporary objects behind, cannot be made conditional, needs a copy in parts
// beyond 5 GB, and every retry would have to begin at the sender again.
package s3store

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"onewindow/storage"
)

// Options say where the objects are and how patient to be. Endpoint, Bucket and
// Region are required.
type Options struct {
	// Endpoint is "host:port" for HTTPS, or a URL with "http://" or "https://".
	Endpoint string
	Bucket   string
	// Region must be given: without it the client asks the server before its
	// first call, with no deadline and with rights many keys do not have.
	Region string
	// Prefix is put before every key, e.g. "onewindow/".
	Prefix string

	AccessKey    string
	SecretKey    string
	SessionToken string // optional

	// RootCAs are the authorities to trust; nil means the system's.
	RootCAs *x509.CertPool
	// VirtualHost puts the bucket into the host name, as some public clouds
	// demand. The known ones are recognised without it.
	VirtualHost bool

	// SpoolDir holds streams while they are digested; "" means the system's
	// folder for temporary files. It needs room for the uploads under way.
	SpoolDir string
	// CallTimeout is how long one call may take beside the transfer of its
	// bytes, and how long a transfer may stand still; 0 means 20 s.
	CallTimeout time.Duration
	// Attempts is how often a call is tried in all; 0 means 4.
	Attempts int
}

// Store is a storage.Blobs in a bucket. It also is a storage.Sweeper, a
// storage.Purger, a storage.Describer and a storage.Prober.
type Store struct {
	opts Options
	core minio.Core
	http *http.Transport
}

var (
	_ storage.Blobs     = (*Store)(nil)
	_ storage.Sweeper   = (*Store)(nil)
	_ storage.Purger    = (*Store)(nil)
	_ storage.Describer = (*Store)(nil)
	_ storage.Prober    = (*Store)(nil)
)

const (
	defaultCallTimeout = 20 * time.Second
	defaultAttempts    = 4
)

// Open checks the options and returns a Store; it does not talk to the server
// (see Probe).
func Open(opts Options) (*Store, error) {
	if opts.Endpoint == "" || opts.Bucket == "" || opts.Region == "" {
		return nil, errors.New("open S3 store: endpoint, bucket and region are required")
	}
	if opts.CallTimeout <= 0 {
		opts.CallTimeout = defaultCallTimeout
	}
	if opts.Attempts <= 0 {
		opts.Attempts = defaultAttempts
	}
	host, secure, err := splitEndpoint(opts.Endpoint)
	if err != nil {
		return nil, fmt.Errorf("open S3 store: %w", err)
	}
	transport, err := newTransport(secure, opts)
	if err != nil {
		return nil, fmt.Errorf("open S3 store: %w", err)
	}
	lookup := minio.BucketLookupAuto
	if opts.VirtualHost {
		lookup = minio.BucketLookupDNS
	}
	client, err := minio.New(host, &minio.Options{
		Creds:        credentials.NewStaticV4(opts.AccessKey, opts.SecretKey, opts.SessionToken),
		Secure:       secure,
		Region:       opts.Region,
		BucketLookup: lookup,
		Transport:    transport,
		MaxRetries:   1, // we retry ourselves, with a deadline for each attempt
	})
	if err != nil {
		return nil, fmt.Errorf("open S3 store: %w", err)
	}
	return &Store{opts: opts, core: minio.Core{Client: client}, http: transport}, nil
}

// Close gives up idle connections.
func (s *Store) Close() { s.http.CloseIdleConnections() }

// splitEndpoint reads "host:port" or a URL; without a scheme it means HTTPS.
func splitEndpoint(endpoint string) (host string, secure bool, err error) {
	if !strings.Contains(endpoint, "://") {
		return endpoint, true, nil
	}
	u, err := url.Parse(endpoint)
	if err != nil {
		return "", false, fmt.Errorf("read endpoint: %w", err)
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "" {
		return "", false, fmt.Errorf("endpoint %q is not http(s)://host:port", endpoint)
	}
	return u.Host, u.Scheme == "https", nil
}

func newTransport(secure bool, opts Options) (*http.Transport, error) {
	t, err := minio.DefaultTransport(secure)
	if err != nil {
		return nil, err
	}
	t.DialContext = (&net.Dialer{Timeout: min(opts.CallTimeout, 10*time.Second), KeepAlive: 30 * time.Second}).DialContext
	t.ResponseHeaderTimeout = 0 // each call has its own deadline, which knows the size
	if secure {
		t.TLSClientConfig.RootCAs = opts.RootCAs
	}
	return t, nil
}
