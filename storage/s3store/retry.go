package s3store

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"

	"onewindow/storage"
)

// ErrNoAnswer is returned when the server took a call and did not answer it in
// time. It is not context.DeadlineExceeded, which would say that the caller's
// own time was up.
var ErrNoAnswer = errors.New("S3 server does not answer")

const (
	// slowest is the transfer rate, in bytes a second, below which a call with a
	// body is given up.
	slowest = 256 << 10
	// The pauses between attempts double from the first to the longest.
	firstPause   = 100 * time.Millisecond
	longestPause = 5 * time.Second
)

// try makes a call with a deadline, again and again while that may help. bytes
// is how much it sends. The call must be repeatable.
func (s *Store) try(ctx context.Context, bytes int64, call func(context.Context) error) error {
	limit := s.opts.CallTimeout + time.Duration(bytes/slowest)*time.Second
	pause := firstPause
	for attempt := 1; ; attempt++ {
		err := tryOnce(ctx, limit, call)
		if err == nil || ctx.Err() != nil || attempt >= s.opts.Attempts || !worthRetrying(err) {
			return err
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
		pause = min(2*pause, longestPause)
	}
}

func tryOnce(ctx context.Context, limit time.Duration, call func(context.Context) error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err := call(bounded)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("%w: %w", ctx.Err(), context.Cause(ctx))
	case bounded.Err() != nil:
		return fmt.Errorf("%w within %v", ErrNoAnswer, limit)
	default:
		return translate(err)
	}
}

// sleep waits about d: half of it for sure and up to all of it, so that many
// workers do not come back at the same moment.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d/2 + rand.N(d/2+1))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", ctx.Err(), context.Cause(ctx))
	case <-timer.C:
		return nil
	}
}

// translate gives a server's answer the name package storage knows.
func translate(err error) error {
	answer := minio.ToErrorResponse(err)
	switch {
	case answer.Code == minio.NoSuchKey:
		return storage.ErrNotFound // the key says nothing to the caller
	case isFull(answer):
		return fmt.Errorf("%w: %w", storage.ErrFull, err)
	default:
		return err
	}
}

// isFull knows the ways servers say that there is no room: AWS and versitygw,
// Ceph, MinIO with a full disk, MinIO with a bucket quota.
func isFull(answer minio.ErrorResponse) bool {
	switch answer.Code {
	case "QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded":
		return true
	}
	return answer.StatusCode == http.StatusInsufficientStorage
}

// worthRetrying: everything that is no clear answer of the server, and the
// answers that ask for patience.
func worthRetrying(err error) bool {
	if errors.Is(err, storage.ErrFull) || errors.Is(err, storage.ErrNotFound) {
		return false
	}
	var badCertificate *tls.CertificateVerificationError
	var notTLS tls.RecordHeaderError
	if errors.As(err, &badCertificate) || errors.As(err, &notTLS) {
		return false
	}
	var answer minio.ErrorResponse
	if !errors.As(err, &answer) {
		return true
	}
	switch answer.Code {
	case "SlowDown", "SlowDownRead", "SlowDownWrite", "InternalError", "RequestTimeout", "OperationAborted",
		"ConditionalRequestConflict", "BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody":
		return true
	}
	switch answer.StatusCode {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// answered reports whether the server refused with one of the codes.
func answered(err error, codes ...string) bool {
	var answer minio.ErrorResponse
	if !errors.As(err, &answer) {
		return false
	}
	for _, code := range codes {
		if answer.Code == code {
			return true
		}
	}
	return false
}
