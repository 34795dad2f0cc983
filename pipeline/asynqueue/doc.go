// Package asynqueue carries the pipeline's bells over hibiken/asynq: on Redis
// (single, Sentinel, Cluster) or on a Redis inside this process. A task in Redis
// is only "there may be work"; the truth is in SQL, so handlers return nil and
// neither asynq's retries nor its archive are used.
package asynqueue
