package pipeline

import (
	"time"

	"github.com/oklog/ulid/v2"
)

// clock tells the time; tests set it.
type clock = func() time.Time

// newResultID makes the ID of a result version; it sorts by time.
func newResultID() string { return "res_" + ulid.Make().String() }
