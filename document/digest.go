package document

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
)

// ErrBadDigest is returned when a text is not a digest in the form "sha256-<64 hex>".
var ErrBadDigest = errors.New("bad digest")

// Digest names content by its SHA-256. It is comparable and can be a map key.
// The zero Digest names nothing.
type Digest struct {
	sum [sha256.Size]byte
	set bool
}

// DigestOf returns the digest of b.
func DigestOf(b []byte) Digest { return Digest{sum: sha256.Sum256(b), set: true} }

// DigestReader reads r to its end and returns the digest and the length in bytes.
func DigestReader(r io.Reader) (Digest, int64, error) {
	h := NewHasher()
	n, err := io.Copy(h, r)
	if err != nil {
		return Digest{}, n, fmt.Errorf("digest: %w", err)
	}
	return h.Digest(), n, nil
}

// ParseDigest reads "sha256-<64 lower-case hex>", or the bare hex.
func ParseDigest(s string) (Digest, error) {
	raw, err := hex.DecodeString(strings.TrimPrefix(s, "sha256-"))
	if err != nil || len(raw) != sha256.Size {
		return Digest{}, fmt.Errorf("%w: %q", ErrBadDigest, s)
	}
	return Digest{sum: [sha256.Size]byte(raw), set: true}, nil
}

// IsZero reports whether d names nothing.
func (d Digest) IsZero() bool { return !d.set }

// Hex returns the 64 hexadecimal digits, or "" for the zero Digest.
func (d Digest) Hex() string {
	if !d.set {
		return ""
	}
	return hex.EncodeToString(d.sum[:])
}

// Bytes returns the 32 bytes of the sum.
func (d Digest) Bytes() []byte { return append([]byte(nil), d.sum[:]...) }

// String returns "sha256-<hex>", or "" for the zero Digest.
func (d Digest) String() string {
	if !d.set {
		return ""
	}
	return "sha256-" + d.Hex()
}

// MarshalText writes the String form.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the String form; an empty text is the zero Digest.
func (d *Digest) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Digest{}
		return nil
	}
	parsed, err := ParseDigest(string(b))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Hasher is an io.Writer that digests what is written through it.
type Hasher struct {
	hash.Hash
}

// NewHasher returns an empty Hasher.
func NewHasher() Hasher { return Hasher{sha256.New()} }

// Digest returns the digest of everything written so far.
func (h Hasher) Digest() Digest {
	return Digest{sum: [sha256.Size]byte(h.Sum(nil)), set: true}
}
