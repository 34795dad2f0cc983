package asynqueue

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/hibiken/asynq"

	"onewindow/document"
	"onewindow/storage"
)

// taskType is the only asynq task type: do the task whose key is the payload.
const taskType = "onewindow:step"

// Bell rings by enqueueing. It implements pipeline.Bell.
type Bell struct {
	client *asynq.Client
}

// NewBell connects lazily; a Redis that is down makes Ring fail, not NewBell.
func NewBell(redis asynq.RedisConnOpt) *Bell { return &Bell{client: asynq.NewClient(redis)} }

// Close ends the connection.
func (b *Bell) Close() error { return b.client.Close() }

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

// queueOf names the asynq queue of a lane.
func queueOf(l document.Lane) string {
	switch l {
	case document.LaneCounter, document.LaneBulk:
		return string(l)
	}
	return string(document.LaneVirtual)
}
