package asynqueue

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// ParseURL reads redis://, rediss:// (TLS), redis-socket://, redis-sentinel://
// and redis-cluster:// addresses.
func ParseURL(address string) (asynq.RedisConnOpt, error) {
	if strings.HasPrefix(address, "redis-cluster:") {
		return parseCluster(address)
	}
	opt, err := asynq.ParseRedisURI(address)
	if err != nil {
		return nil, fmt.Errorf("parse redis address: %w", err)
	}
	return opt, nil
}

// parseCluster reads redis-cluster://[user:password@]host:port,host:port…; a
// cluster has no numbered databases.
func parseCluster(address string) (asynq.RedisConnOpt, error) {
	rest := strings.TrimPrefix(address, "redis-cluster://")
	at := strings.LastIndex(rest, "@")
	login, hosts := rest[:max(at, 0)], strings.TrimSuffix(rest[at+1:], "/")
	u, err := url.Parse("redis://" + login + rest[max(at, 0):at+1] + "host") // for escapes in the password
	if err != nil || hosts == "" || strings.ContainsAny(hosts, "/?") {
		return nil, errors.New("parse redis address: want redis-cluster://[user:password@]host:port,host:port")
	}
	password, _ := u.User.Password()
	return asynq.RedisClusterClientOpt{Addrs: strings.Split(hosts, ","), Username: u.User.Username(), Password: password}, nil
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
