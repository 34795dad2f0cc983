package sandbox_test

import (
	"testing"

	"onewindow/internal/sandbox"
)

func benchmarkPool(b *testing.B, change func(*sandbox.Config)) *sandbox.Pool {
	b.Helper()
	cfg := sandbox.Config{Kind: "test", Children: 1, Scratch: b.TempDir(), RecycleCalls: 1 << 30}
	change(&cfg)
	p, err := sandbox.NewPool(b.Context(), cfg)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := p.Close(); err != nil {
			b.Error(err)
		}
	})
	return p
}

// BenchmarkCall is what the sandbox adds to a call that does nothing.
func BenchmarkCall(b *testing.B) {
	p := benchmarkPool(b, func(*sandbox.Config) {})
	for b.Loop() {
		if err := p.Call(b.Context(), sandbox.Task{Op: "echo", Request: request{}}, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStart is the price of a fresh child, without and with bubblewrap.
func BenchmarkStart(b *testing.B) {
	for name, isolation := range map[string]sandbox.Isolation{"bare": sandbox.IsolationOff, "bubblewrap": sandbox.IsolationRequired} {
		b.Run(name, func(b *testing.B) {
			p := benchmarkPool(b, func(c *sandbox.Config) { c.Isolation, c.RecycleCalls = isolation, 1 })
			for b.Loop() {
				if err := p.Call(b.Context(), sandbox.Task{Op: "echo", Request: request{}}, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
