package webhooks

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// ErrPrivate is returned for an address that is not out in the open: a
// subscription must not reach what only this machine can (SSRF).
var ErrPrivate = errors.New("address is not public")

// callTime bounds one call.
const callTime = 10 * time.Second

// NewClient makes the client that calls. It follows no redirects, and refuses
// addresses inside the house unless private allows them. The address is checked
// after the name was looked up, at the moment of connecting.
func NewClient(private bool) *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	if !private {
		dialer.ControlContext = onlyPublic
	}
	return &http.Client{
		Timeout: callTime,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: 5 * time.Second,
			MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute, ResponseHeaderTimeout: callTime,
			MaxResponseHeaderBytes: 64 << 10, ForceAttemptHTTP2: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func onlyPublic(_ context.Context, _, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s", ErrPrivate, address)
	}
	if !public(at.Addr()) {
		return ErrPrivate
	}
	return nil
}

// special are networks that lead somewhere inside although they do not look it:
// shared address space, protocol assignments, benchmarking, NAT64, 6to4.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2002::/16"),
}

func public(ip netip.Addr) bool {
	ip = ip.Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
		return false
	}
	for _, p := range special {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

// CheckURL says what is wrong with an address, "" when nothing is.
func CheckURL(address string, private bool) string {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return "应为 http:// 或 https:// 开头的完整地址"
	case u.User != nil:
		return "地址中不能带账号或密码"
	case u.Fragment != "":
		return "地址中不能带 # 之后的内容"
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && !private && !public(ip) {
		return "不能是内部网络地址；确有需要时，请管理员打开 webhook-private"
	}
	return ""
}
