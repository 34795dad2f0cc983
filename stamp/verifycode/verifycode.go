// Package verifycode makes and reads verification codes (校验码): what a reader
// types from a watermarked page to ask whether it is genuine (watermark.md,
// "Verification code and page").
//
// A code has 12 characters of an alphabet without look-alikes (no 0 O 1 I L S Z).
// Eleven are random, never derived from an id; the last is a check, so that a
// slip of the finger is told apart from a code nobody issued.
package verifycode

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"unicode"
)

const (
	// Alphabet holds the characters of a code. It has 29 of them, and 29 being
	// prime is what makes the check find every single typo and every swap.
	Alphabet = "23456789ABCDEFGHJKMNPQRTUVWXY"
	// Length is the number of characters of a code without dashes.
	Length = 12

	group = 4
)

// ErrMistyped is in every error of Parse: no such code can have been issued, so
// the reader should look again. A code that parses but is not on record is
// well-formed and unknown, which is a different answer.
var ErrMistyped = errors.New("mistyped verification code")

// The ways to mistype, all of them ErrMistyped.
var (
	ErrLength    = fmt.Errorf("%w: not %d characters", ErrMistyped, Length)
	ErrCharacter = fmt.Errorf("%w: character outside the alphabet", ErrMistyped)
	ErrCheck     = fmt.Errorf("%w: check character does not fit", ErrMistyped)
)

// New returns a fresh random code, 12 characters without dashes.
func New() string {
	code := make([]byte, 0, Length)
	const fair = 256 - 256%len(Alphabet) // bytes above would favour the first characters
	var b [1]byte
	for len(code) < Length-1 {
		_, _ = rand.Read(b[:]) // crypto/rand never fails since Go 1.24
		if int(b[0]) < fair {
			code = append(code, Alphabet[int(b[0])%len(Alphabet)])
		}
	}
	return string(append(code, check(code)))
}

// check returns the character that makes the weighted sum of all twelve a
// multiple of 29. Weights 1…12 differ and are not multiples of 29, so one wrong
// character, or any two exchanged, always change the sum.
func check(payload []byte) byte {
	sum := 0
	for i, c := range payload {
		sum += (i + 1) * strings.IndexByte(Alphabet, c)
	}
	m := len(Alphabet)
	for v := range m {
		if (sum+Length*v)%m == 0 {
			return Alphabet[v]
		}
	}
	panic("unreachable: 12 has an inverse modulo 29")
}

// Normalize brings what a person typed or pasted to the form codes are stored
// in: capitals, half width, no spaces or dashes. It does not judge the result.
func Normalize(typed string) string {
	var b strings.Builder
	for _, r := range typed {
		if r >= '！' && r <= '～' { // full-width forms, as Chinese input methods leave them
			r -= '！' - '!'
		}
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune("_·.−", r) {
			continue
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}

// Parse normalizes what was typed and returns the code it stands for. Errors:
// ErrMistyped, and more exactly ErrLength, ErrCharacter or ErrCheck.
func Parse(typed string) (string, error) {
	code := Normalize(typed)
	for _, r := range code {
		if !strings.ContainsRune(Alphabet, r) {
			return "", ErrCharacter
		}
	}
	if len(code) != Length {
		return "", ErrLength
	}
	if check([]byte(code[:Length-1])) != code[Length-1] {
		return "", ErrCheck
	}
	return code, nil
}

// Format groups a code 4-4-4 for people. Anything that is not 12 characters is
// returned as it is.
func Format(code string) string {
	if len(code) != Length {
		return code
	}
	return code[:group] + "-" + code[group:2*group] + "-" + code[2*group:]
}
