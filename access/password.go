package access

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// argon2id parameters (RFC 9106, second recommended option).
const (
	argonTime    = 3
	argonMemory  = 64 << 10 // KiB
	argonThreads = 4
	argonKey     = 32
	argonSalt    = 16
)

// hashPassword returns "argon2id$<salt>$<key>", base64 without padding.
func hashPassword(password string) (string, error) {
	salt := make([]byte, argonSalt)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("make salt: %w", err)
	}
	enc := base64.RawStdEncoding
	return "argon2id$" + enc.EncodeToString(salt) + "$" + enc.EncodeToString(derive(password, salt)), nil
}

// checkPassword compares in constant time. A hash that is missing costs the same
// time and never matches.
func checkPassword(hash, password string) bool {
	enc := base64.RawStdEncoding
	parts := strings.Split(hash, "$")
	salt, want := make([]byte, argonSalt), []byte(nil)
	if len(parts) == 3 && parts[0] == "argon2id" {
		if s, err := enc.DecodeString(parts[1]); err == nil {
			salt = s
		}
		want, _ = enc.DecodeString(parts[2])
	}
	got := derive(password, salt)
	return len(want) == argonKey && subtle.ConstantTimeCompare(got, want) == 1
}

func derive(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, argonKey)
}
