package storage_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onewindow/storage"
)

// sweeper counts its calls and fails at the second.
type sweeper struct {
	calls int
	age   time.Duration
}

func (s *sweeper) SweepTemporary(_ context.Context, age time.Duration) (int, error) {
	s.calls++
	s.age = age
	if s.calls == 2 {
		return 0, errors.New("disk is away")
	}
	return s.calls, nil
}

func TestJanitorGoesOnAfterAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 150*time.Minute)
		defer cancel()
		var log bytes.Buffer
		s := &sweeper{}
		storage.Janitor{Sweeper: s, Log: slog.New(slog.NewTextHandler(&log, nil))}.Run(ctx)
		if s.calls != 3 || s.age != 24*time.Hour {
			t.Errorf("%d sweeps of what is older than %v, want 3 in 2½ hours", s.calls, s.age)
		}
		if !strings.Contains(log.String(), "disk is away") || !strings.Contains(log.String(), "removed=3") {
			t.Errorf("log: %s", log.String())
		}
	})
}
