package sandbox

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func FuzzReadFrame(f *testing.F) {
	var good bytes.Buffer
	if err := writeFrame(&good, frameReply, []byte(`{"id":1}`)); err != nil {
		f.Fatal(err)
	}
	f.Add(good.Bytes())
	f.Add([]byte("A\xff\xff\xff\xff"))
	f.Add([]byte("?"))
	f.Add([]byte{})
	const limit = 1 << 10
	f.Fuzz(func(t *testing.T, b []byte) {
		kind, payload, err := readFrame(bytes.NewReader(b), limit)
		if err != nil {
			return
		}
		if len(payload) > limit || !kind.known() {
			t.Fatalf("frame %d of %d bytes passed", kind, len(payload))
		}
		var again bytes.Buffer
		if err := writeFrame(&again, kind, payload); err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(b, again.Bytes()) {
			t.Fatal("a frame does not survive the round trip")
		}
	})
}

func TestFrameMemoryFollowsWhatArrives(t *testing.T) {
	lie := []byte("A\x10\x00\x00\x00short") // promises 256 MiB
	allocated := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			if _, _, err := readFrame(bytes.NewReader(lie), 1<<30); err == nil {
				b.Fatal("a truncated frame was read")
			}
		}
	}).AllocedBytesPerOp()
	if allocated > 64<<10 {
		t.Fatalf("a false promise cost %d bytes", allocated)
	}
}

func TestExcerptKeepsBothEnds(t *testing.T) {
	var e excerpt
	for _, part := range []string{"first ", strings.Repeat("x", 3*excerptSize), strings.Repeat("y", 3*excerptSize), " last"} {
		if n, err := e.Write([]byte(part)); n != len(part) || err != nil {
			t.Fatal(n, err)
		}
	}
	got := e.String()
	if !strings.HasPrefix(got, "first ") || !strings.HasSuffix(got, " last") || len(got) > 2*excerptSize+20 {
		t.Fatalf("%d bytes: %.10q … %q", len(got), got, got[len(got)-10:])
	}
	e.reset()
	if e.String() != "" {
		t.Fatal("not empty after reset")
	}
}

// BenchmarkMeasure is the price of one look at a child, paid 20 times a second.
func BenchmarkMeasure(b *testing.B) {
	look := observer{root: os.Getpid()}
	for b.Loop() {
		if look.measure().resident == 0 {
			b.Fatal("nothing measured")
		}
	}
}
