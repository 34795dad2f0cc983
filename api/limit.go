package api

import (
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rates for what is open to anybody, per address.
const (
	loginRate   = rate.Limit(0.5)
	loginBurst  = 10
	lookupRate  = rate.Limit(2)
	lookupBurst = 30
)

// limiter allows each address a rate. Addresses are forgotten after a while.
type limiter struct {
	mu    sync.Mutex
	rate  rate.Limit
	burst int
	seen  map[string]*visitor
}

type visitor struct {
	bucket *rate.Limiter
	last   time.Time
}

// maxVisitors bounds the memory an attack can take.
const maxVisitors = 10_000

func newLimiter(r rate.Limit, burst int) *limiter {
	return &limiter{rate: r, burst: burst, seen: map[string]*visitor{}}
}

func (l *limiter) allow(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	return l.allowKey(host)
}

func (l *limiter) allowKey(host string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	v := l.seen[host]
	if v == nil {
		l.forget(now)
		v = &visitor{bucket: rate.NewLimiter(l.rate, l.burst)}
		l.seen[host] = v
	}
	v.last = now
	return v.bucket.AllowN(now, 1)
}

func (l *limiter) forget(now time.Time) {
	if len(l.seen) < maxVisitors {
		return
	}
	for host, v := range l.seen {
		if now.Sub(v.last) > time.Minute {
			delete(l.seen, host)
		}
	}
	if len(l.seen) >= maxVisitors {
		clear(l.seen)
	}
}
