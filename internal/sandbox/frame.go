package sandbox

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"onewindow/document"
)

// protocolVersion changes when frames change, so that a binary replaced under a
// running parent is noticed instead of misunderstood.
const protocolVersion = 1

// headerSize is one type byte and the payload length as big-endian uint32.
const headerSize = 5

// maxRequest caps what a parent sends; large things travel as files.
const maxRequest = 16 << 20

type frameType byte

const (
	frameHello  frameType = 'H' // parent: hello
	frameReady  frameType = 'R' // child: reply with id 0, the handler is built
	frameCall   frameType = 'C' // parent: call
	frameCancel frameType = 'X' // parent: stop the running call; no payload
	frameReply  frameType = 'A' // child: reply
)

func (t frameType) known() bool {
	switch t {
	case frameHello, frameReady, frameCall, frameCancel, frameReply:
		return true
	}
	return false
}

// hello is the first frame a child gets.
type hello struct {
	Version  int             `json:"version"`
	Limits   Limits          `json:"limits"`
	Settings json.RawMessage `json:"settings,omitempty"`
}

// call is one task as the child sees it.
type call struct {
	ID      uint64            `json:"id"`
	Op      string            `json:"op"`
	Request json.RawMessage   `json:"request,omitempty"`
	In      map[string]string `json:"in,omitempty"`
	Out     string            `json:"out"`
	Tmp     string            `json:"tmp"`
}

// reply answers the call with the same ID.
type reply struct {
	ID     uint64          `json:"id"`
	Body   json.RawMessage `json:"body,omitempty"`
	Error  *remoteFailure  `json:"error,omitempty"`
	Retire bool            `json:"retire,omitempty"` // the handler wants no further call
}

// remoteFailure carries an error over the socket.
type remoteFailure struct {
	Message  string            `json:"message"`
	Refusal  *document.Refusal `json:"refusal,omitempty"`
	Panicked bool              `json:"panicked,omitempty"` // the child's state is not to be trusted any more
}

var (
	errFrameTooLarge = errors.New("frame too large")
	errFrameType     = errors.New("unknown frame type")
)

func writeFrame(w io.Writer, t frameType, payload []byte) error {
	buf := make([]byte, headerSize, headerSize+len(payload))
	buf[0] = byte(t)
	binary.BigEndian.PutUint32(buf[1:], uint32(len(payload)))
	if _, err := w.Write(append(buf, payload...)); err != nil {
		return fmt.Errorf("write frame: %w", err)
	}
	return nil
}

func writeJSON(w io.Writer, t frameType, v any) error {
	payload, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode frame: %w", err)
	}
	return writeFrame(w, t, payload)
}

// readFrame reads one frame of at most limit payload bytes. Memory grows with
// what arrives, not with what the header promises: the other side may be hostile.
func readFrame(r io.Reader, limit int) (frameType, []byte, error) {
	var header [headerSize]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return 0, nil, fmt.Errorf("read frame header: %w", err)
	}
	t := frameType(header[0])
	if !t.known() {
		return 0, nil, fmt.Errorf("read frame: %w %d", errFrameType, header[0])
	}
	n := int64(binary.BigEndian.Uint32(header[1:]))
	if n > int64(limit) {
		return 0, nil, fmt.Errorf("read frame: %w: %d bytes, limit %d", errFrameTooLarge, n, limit)
	}
	var body bytes.Buffer
	if _, err := io.CopyN(&body, r, n); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return 0, nil, fmt.Errorf("read frame body: %w", err)
	}
	return t, body.Bytes(), nil
}
