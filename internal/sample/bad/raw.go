package bad

import (
	"bytes"
	"fmt"
)

// raw writes a PDF object by object, without asking whether it makes sense.
type raw struct{ objects []string }

func newRaw(objects ...string) raw { return raw{objects} }

func (r raw) finish() []byte { return r.finishWith(func(int) string { return "" }) }

// finishWith lets the caller add to the trailer, knowing where the
// cross-reference table stands.
func (r raw) finishWith(trailer func(xref int) string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, len(r.objects))
	for i, o := range r.objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, trailer(xref), xref)
	return b.Bytes()
}
