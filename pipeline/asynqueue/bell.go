package asynqueue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"onewindow/document"
	"onewindow/storage"
)

// taskType is the only asynq task type: do the task whose key is the payload.
const taskType = "onewindow:step"

// Bell rings by enqueueing. It implements pipeline.Bell and can tell how many
// rings nobody has heard yet.
type Bell struct {
	client *asynq.Client
	redis  redis.UniversalClient
}

// NewBell connects lazily; a Redis that is down makes Ring fail, not NewBell.
func NewBell(conn asynq.RedisConnOpt) *Bell {
	conn = impatient(conn)
	// asynq promises a redis.UniversalClient and panics itself on anything else.
	return &Bell{client: asynq.NewClient(conn), redis: conn.MakeRedisClient().(redis.UniversalClient)}
}

// Close ends the connections.
func (b *Bell) Close() error { return errors.Join(b.client.Close(), b.redis.Close()) }

// Ring enqueues one bell per task, each under an ID of its own: asynq would
// refuse an ID it still remembers, and a bell must never be refused.
func (b *Bell) Ring(ctx context.Context, tasks []storage.Task) error {
	for _, t := range tasks {
		payload, err := json.Marshal(t.TaskKey)
		if err != nil {
			return fmt.Errorf("encode bell: %w", err)
		}
		_, err = b.client.EnqueueContext(ctx, asynq.NewTask(taskType, payload),
			asynq.Queue(queueOf(t.Lane)), asynq.MaxRetry(0), asynq.Retention(0), asynq.Timeout(24*time.Hour))
		if err != nil {
			return fmt.Errorf("enqueue bell: %w", err)
		}
	}
	return nil
}

// Unheard returns how many rings of a lane wait in Redis. The key is asynq's
// list of pending tasks; asynq's own inspector would also weigh them, one by one.
func (b *Bell) Unheard(ctx context.Context, lane document.Lane) (int, error) {
	n, err := b.redis.LLen(ctx, "asynq:{"+queueOf(lane)+"}:pending").Result()
	if err != nil {
		return 0, fmt.Errorf("count bells: %w", err)
	}
	return int(n), nil
}

// queueOf names the asynq queue of a lane.
func queueOf(l document.Lane) string {
	switch l {
	case document.LaneCounter, document.LaneBulk:
		return string(l)
	}
	return string(document.LaneVirtual)
}
