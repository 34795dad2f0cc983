package document

import (
	"errors"
	"fmt"
)

// RefusalCode is why a file cannot be taken through the pipeline, for programs.
type RefusalCode string

// The refusal codes of the command line and HTTP contract.
const (
	CodeEncrypted   RefusalCode = "encrypted"   // a password is needed, and may be supplied
	CodeCorrupt     RefusalCode = "corrupt"     // damaged, truncated or not what it claims
	CodeUnsupported RefusalCode = "unsupported" // a type Onewindow does not read
	CodeTooLarge    RefusalCode = "too_large"   // beyond a configured limit
	CodeEmpty       RefusalCode = "empty"       // no bytes or no pages
	CodeTimeout     RefusalCode = "timeout"     // took longer than allowed
	CodeInternal    RefusalCode = "internal"    // our fault, may be retried
)

// Refusal is an error about a file with one face for people and one for
// operators. Message is Chinese and says what is wrong and what to do; Detail is
// English, for logs. Neither holds a path or other people's data.
type Refusal struct {
	Code    RefusalCode `json:"code"`
	Message string      `json:"message"`
	Detail  string      `json:"detail,omitempty"`
}

// Error returns the English face.
func (r *Refusal) Error() string { return fmt.Sprintf("%s: %s", r.Code, r.Detail) }

// Refuse makes a Refusal. format and args make the English detail.
func Refuse(code RefusalCode, message, format string, args ...any) *Refusal {
	return &Refusal{Code: code, Message: message, Detail: fmt.Sprintf(format, args...)}
}

// AsRefusal returns the Refusal inside err, if there is one.
func AsRefusal(err error) (*Refusal, bool) {
	var r *Refusal
	ok := errors.As(err, &r)
	return r, ok
}
