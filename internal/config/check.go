package config

import (
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"io"
)

// check refuses values and combinations that cannot work, and says the fix.
func (c *Config) check() error {
	if c.Workers == 0 {
		c.Workers = runtime.NumCPU()
	}
	if c.Inbox == "" {
		c.Inbox = filepath.Join(c.DataDir, "inbox")
	}
	if c.UploadDir == "" {
		c.UploadDir = filepath.Join(c.DataDir, "uploads")
	}
	if c.BaseURL == "" {
		c.BaseURL = "http://" + c.Listen
		if c.TLSCert != "" {
			c.BaseURL = "https://" + c.Listen
		}
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	for _, test := range c.rules() {
		if !test.ok {
			return fmt.Errorf("%w: %s", ErrInvalid, test.fix)
		}
	}
	return nil
}

type rule struct {
	ok  bool
	fix string
}

func (c *Config) rules() []rule {
	_, port, listenErr := net.SplitHostPort(c.Listen)
	base, baseErr := url.Parse(c.BaseURL)
	s3 := c.S3Endpoint != ""
	return []rule{
		{listenErr == nil && port != "", "listen must be host:port, for example 127.0.0.1:8080"},
		{baseErr == nil && (base.Scheme == "http" || base.Scheme == "https") && base.Host != "", "base-url must be an http or https address"},
		{oneOf(c.Engine, "ppocr", "tesseract"), "engine must be ppocr or tesseract"},
		{oneOf(c.Review, "doubtful", "all"), "review must be doubtful or all"},
		{oneOf(c.LogLevel, "debug", "info", "warn", "error"), "log-level must be debug, info, warn or error"},
		{oneOf(c.LogFormat, "text", "json"), "log-format must be text or json"},
		{c.Workers > 0 && c.Workers <= 256, "workers must be 1 to 256"},
		{c.MaxUploadMB > 0 && c.MaxPages > 0 && c.MaxMegapixel > 0 && c.PageMemoryMB >= 256, "limits must be positive, and page-memory-mb at least 256"},
		{c.UploadExpiry >= time.Minute, "upload-expiry must be at least 1m"},
		{c.LedgerKeep == 0 || c.LedgerKeep >= 24*time.Hour, "ledger-keep must be 0 or at least 24h"},
		{c.MaxQueue >= 0 && c.QuotaFiles >= 0 && c.QuotaMB >= 0 && c.UnitFiles >= 0 && c.UnitMB >= 0, "max-queue and quotas must not be negative"},
		{c.LeastDPI >= 0 && c.LeastDPI <= 600, "least-dpi must be 0 to 600"},
		{c.Lease >= time.Second && c.PageTimeout > 0 && c.Shutdown >= 0, "lease must be at least 1s, page-timeout positive"},
		{c.Postgres == "" || strings.HasPrefix(c.Postgres, "postgres://") || strings.HasPrefix(c.Postgres, "postgresql://"), "postgres must be an address such as postgres://user@host/name"},
		{(c.TLSCert == "") == (c.TLSKey == ""), "tls-cert and tls-key belong together"},
		{c.OIDCIssuer == "" || c.OIDCClient != "" && c.OIDCRoles != "", "oidc-issuer needs oidc-client-id and oidc-roles, for example oidc-roles=window=clerk,*=applicant"},
		{c.SessionIdle > 0 && c.SessionLife >= c.SessionIdle, "session-idle must be positive and session-life at least as long"},
		{!s3 || c.S3Access != "" && c.S3Secret != "", "s3-endpoint needs s3-access-key and s3-secret-key"},
		{s3 || c.S3Access == "", "s3-access-key is set without s3-endpoint"},
	}
}

// CheckShared refuses combinations that several processes cannot share: called
// by the commands that are one process of many.
func (c *Config) CheckShared(command string) error {
	if c.Redis == "" {
		return fmt.Errorf("%w: `onewindow %s` works beside other processes and needs --redis; `onewindow serve` alone does everything in one process", ErrInvalid, command)
	}
	return nil
}

func oneOf(v string, allowed ...string) bool {
	for _, a := range allowed {
		if v == a {
			return true
		}
	}
	return false
}

// Print writes the effective values as a table, secrets hidden.
func (c *Config) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, o := range c.table() {
		fmt.Fprintf(t, "%s\t%s\t%s\n", o.name, shown(o), Variable(o.name))
	}
	return t.Flush()
}

func shown(o option) string {
	var v string
	switch t := o.target.(type) {
	case *string:
		v = *t
	default:
		v = strings.TrimPrefix(fmt.Sprint(deref(o.target)), "&")
	}
	if o.secret && v != "" {
		return "********"
	}
	return v
}

func deref(target any) any {
	switch t := target.(type) {
	case *int:
		return *t
	case *bool:
		return *t
	case *time.Duration:
		return *t
	}
	return target
}
