package asynqueue

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/hibiken/asynq"
)

// Embedded is a Redis inside this process, for one machine alone. Nothing of
// value is in it: after a restart the sweeper rings again from SQL.
type Embedded struct {
	server *miniredis.Miniredis
	stop   chan struct{}
	secret string
}

// StartEmbedded starts one on a free loopback port behind a random password.
func StartEmbedded() (*Embedded, error) {
	e := &Embedded{server: miniredis.NewMiniRedis(), stop: make(chan struct{}), secret: rand.Text()}
	e.server.RequireAuth(e.secret)
	if err := e.server.Start(); err != nil {
		return nil, fmt.Errorf("start embedded redis: %w", err)
	}
	go e.tick()
	return e, nil
}

// tick moves its clock: it does not expire keys by itself.
func (e *Embedded) tick() {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-e.stop:
			return
		case <-t.C:
			e.server.FastForward(time.Second)
		}
	}
}

// Options is how clients reach it.
func (e *Embedded) Options() asynq.RedisConnOpt {
	return asynq.RedisClientOpt{Addr: e.server.Addr(), Password: e.secret}
}

// Flush empties it, as losing a real Redis would.
func (e *Embedded) Flush(context.Context) { e.server.FlushAll() }

// Close stops it.
func (e *Embedded) Close() {
	close(e.stop)
	e.server.Close()
}
