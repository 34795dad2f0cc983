package access

import (
	"net"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rates for what is open to anybody, per address.
const (
	loginRate   = rate.Limit(0.1) // argon2 itself takes a while: more would never bite
	loginBurst  = 10
	lookupRate  = rate.Limit(2)
	lookupBurst = 30
	codeRate    = rate.Limit(0.2) // people type a code; a terminal serves one at a time
	codeBurst   = 5
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

// Limits are the rates of what is open to anybody, shared by pages and interface.
type Limits struct {
	logins, lookups, codes *limiter
}

// NewLimits starts with nobody counted.
func NewLimits() *Limits {
	return &Limits{logins: newLimiter(loginRate, loginBurst), lookups: newLimiter(lookupRate, lookupBurst), codes: newLimiter(codeRate, codeBurst)}
}

// AllowLogin reports whether an address may try to log in once more.
func (l *Limits) AllowLogin(addr string) bool { return l.logins.allow(addr) }

// AllowLookup reports whether an address may look up one more code.
func (l *Limits) AllowLookup(addr string) bool { return l.lookups.allow(addr) }

// AllowCode reports whether a terminal may try one more pick-up code.
func (l *Limits) AllowCode(terminal string) bool { return l.codes.allow(terminal) }

func newLimiter(r rate.Limit, burst int) *limiter {
	return &limiter{rate: r, burst: burst, seen: map[string]*visitor{}}
}

// allow counts one try of an address, given as host or host:port. Addresses of
// one IPv6 network (/64) count as one: whoever has one of them has them all.
func (l *limiter) allow(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		host = addr
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.Is6() && !ip.Is4In6() {
		if network, err := ip.WithZone("").Prefix(64); err == nil {
			host = network.String()
		}
	}
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
