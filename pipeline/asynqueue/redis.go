package asynqueue

import (
	"context"
	"fmt"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// ParseURL reads redis://, rediss:// (TLS), redis-socket:// and
// redis-sentinel:// addresses.
func ParseURL(url string) (asynq.RedisConnOpt, error) {
	opt, err := asynq.ParseRedisURI(url)
	if err != nil {
		return nil, fmt.Errorf("parse redis address: %w", err)
	}
	return opt, nil
}

// patience is how long one answer of Redis is waited for by those who ring: a
// ring that is late is better lost, because the sweeper rings again.
const patience = time.Second

// impatient is conn with short timeouts.
func impatient(conn asynq.RedisConnOpt) asynq.RedisConnOpt {
	switch o := conn.(type) {
	case asynq.RedisClientOpt:
		o.DialTimeout, o.ReadTimeout, o.WriteTimeout = patience, patience, patience
		return o
	case asynq.RedisFailoverClientOpt:
		o.DialTimeout, o.ReadTimeout, o.WriteTimeout = patience, patience, patience
		return o
	case asynq.RedisClusterClientOpt:
		o.DialTimeout, o.ReadTimeout, o.WriteTimeout = patience, patience, patience
		return o
	}
	return conn
}

// Probe is what doctor wants to know of a Redis.
type Probe struct {
	Latency     time.Duration
	EvictPolicy string // must be "noeviction"; "" when the server does not tell
}

// ProbeRedis reaches a Redis and reads its eviction policy.
func ProbeRedis(ctx context.Context, opt asynq.RedisConnOpt) (Probe, error) {
	client, ok := opt.MakeRedisClient().(redis.UniversalClient)
	if !ok {
		return Probe{}, fmt.Errorf("unknown redis client %T", opt.MakeRedisClient())
	}
	defer client.Close()
	start := time.Now()
	if err := client.Ping(ctx).Err(); err != nil {
		return Probe{}, fmt.Errorf("ping redis: %w", err)
	}
	p := Probe{Latency: time.Since(start)}
	if conf, err := client.ConfigGet(ctx, "maxmemory-policy").Result(); err == nil {
		p.EvictPolicy = conf["maxmemory-policy"]
	}
	return p, nil
}
