// Package config is the one table of options. Every option has a flag, an
// ONEWINDOW_ variable and a key in the configuration file; secrets can also be
// read from a file named by the variable with _FILE at its end. A flag beats a
// variable, a variable beats the file, the file beats the default.
package config

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"gopkg.in/yaml.v3"
)

// ErrInvalid is behind every error about a value or a combination of values.
var ErrInvalid = errors.New("invalid configuration")

// Config holds the effective values.
type Config struct {
	Listen    string
	DataDir   string
	Inbox     string
	BaseURL   string
	LogLevel  string
	LogFormat string

	Redis      string
	Postgres   string
	S3Endpoint string
	S3Bucket   string
	S3Region   string
	S3Access   string
	S3Secret   string

	Engine       string
	Workers      int
	Lease        time.Duration
	Shutdown     time.Duration
	Review       string
	LeastDPI     int
	Searchable   bool
	System       string
	Division     string
	TemplateFile string
	CatalogueDir string
	CalendarFile string

	ContactOffice string
	ContactPhone  string
	ContactFax    string

	MaxUploadMB   int
	MaxQueue      int
	QuotaFiles    int
	QuotaMB       int
	UnitFiles     int
	UnitMB        int
	UploadDir     string
	UploadExpiry  time.Duration
	LedgerKeep    time.Duration
	MaxPages      int
	MaxMegapixel  int
	PageTimeout   time.Duration
	PageMemoryMB  int
	Quiet         time.Duration
	ScanEvery     time.Duration
	Traces        string
	HooksPrivate  bool
	MetricsListen string
	TLSCert       string
	TLSKey        string
	OIDCIssuer    string
	OIDCClient    string
	OIDCSecret    string
	OIDCAudience  string
	OIDCName      string
	OIDCClaim     string
	OIDCRoles     string
	SessionIdle   time.Duration
	SessionLife   time.Duration
	AdminName     string
	AdminSecret   string
}

// option is one row of the table.
type option struct {
	name   string // flag and file key
	target any    // *string, *int, *bool or *time.Duration
	help   string
	secret bool
}

// table lists every option. The help text is what people read in --help.
func (c *Config) table() []option {
	return []option{
		{"listen", &c.Listen, "address to serve on", false},
		{"data-dir", &c.DataDir, "folder for database, files and hot folder", false},
		{"inbox", &c.Inbox, "hot folder (default <data-dir>/inbox)", false},
		{"base-url", &c.BaseURL, "public address, printed in QR codes (default http://<listen>)", false},
		{"log-level", &c.LogLevel, "debug, info, warn or error", false},
		{"log-format", &c.LogFormat, "text or json", false},

		{"redis", &c.Redis, "Redis address, redis://… (default: inside this process)", true},
		{"postgres", &c.Postgres, "PostgreSQL address, postgres://… (default: SQLite in the data folder)", true},
		{"s3-endpoint", &c.S3Endpoint, "S3 server, host:port for TLS or http://host:port (default: the data folder)", false},
		{"s3-bucket", &c.S3Bucket, "S3 bucket", false},
		{"s3-region", &c.S3Region, "S3 region", false},
		{"s3-access-key", &c.S3Access, "S3 access key", true},
		{"s3-secret-key", &c.S3Secret, "S3 secret key", true},

		{"engine", &c.Engine, "OCR engine: ppocr or tesseract", false},
		{"workers", &c.Workers, "steps at once (default: number of cores)", false},
		{"lease", &c.Lease, "how long a claimed step may go without a sign of life", false},
		{"shutdown-deadline", &c.Shutdown, "how long running steps may take to end at shutdown", false},
		{"review", &c.Review, "which results a person must confirm: doubtful or all", false},
		{"least-dpi", &c.LeastDPI, "refuse scans below this resolution, in dpi (default 0: read them, and ask a person to look below 150)", false},
		{"searchable", &c.Searchable, "make searchable copies of scans (PDF/A with the text behind the pictures)", false},
		{"system-name", &c.System, "name printed in watermarks", false},
		{"division", &c.Division, "administrative division served (GB/T 2260)", false},
		{"catalogue", &c.CatalogueDir, "folder with the city's own catalogue: stages, items, checklists, guides (default: the one inside)", false},
		{"calendar", &c.CalendarFile, "JSON file laid over the calendar inside: announced years, office hours, close of the day", false},
		{"stamp-template", &c.TemplateFile, "YAML file with the watermark template (default: the standard mark)", false},

		{"contact-office", &c.ContactOffice, "office that takes questions and suggestions, shown on the help page", false},
		{"contact-phone", &c.ContactPhone, "its telephone", false},
		{"contact-fax", &c.ContactFax, "its fax", false},

		{"max-upload-mb", &c.MaxUploadMB, "largest file, in MB", false},
		{"max-queue", &c.MaxQueue, "most steps that may wait before further uploads are asked to come later; 0 for no limit", false},
		{"quota-files", &c.QuotaFiles, "most files a token or person may send a day; 0 for no limit", false},
		{"quota-mb", &c.QuotaMB, "most MB a token or person may send a day; 0 for no limit", false},
		{"quota-unit-files", &c.UnitFiles, "most files a unit may send a day; 0 for no limit", false},
		{"quota-unit-mb", &c.UnitMB, "most MB a unit may send a day; 0 for no limit", false},
		{"upload-dir", &c.UploadDir, "folder for uploads that are not complete (default <data-dir>/uploads); several serve processes behind one address must share it", false},
		{"upload-expiry", &c.UploadExpiry, "how long an incomplete upload is kept that nobody continues", false},
		{"max-pages", &c.MaxPages, "most pages of one file", false},
		{"max-megapixels", &c.MaxMegapixel, "largest image, in million pixels", false},
		{"page-timeout", &c.PageTimeout, "longest time for one page", false},
		{"page-memory-mb", &c.PageMemoryMB, "most memory for reading one page, in MB", false},
		{"quiet", &c.Quiet, "how long a file in the hot folder must rest before it is taken", false},
		{"ledger-keep", &c.LedgerKeep, "how long the hot folder's ledger keeps a line after its file's way ended; 0 for ever (counts stay)", false},
		{"scan-every", &c.ScanEvery, "how often the hot folder is searched", false},
		{"metrics-listen", &c.MetricsListen, "further address for /metrics without a login, on an inner network; for worker and watch", false},
		{"otlp-endpoint", &c.Traces, "OTLP/HTTP collector that traces are sent to, such as http://127.0.0.1:4318 (default: none)", false},
		{"tls-cert", &c.TLSCert, "certificate file (PEM); renewed files are taken without a restart", false},
		{"tls-key", &c.TLSKey, "its key file (PEM)", false},
		{"webhook-private", &c.HooksPrivate, "let webhooks call addresses of private networks", false},
		{"oidc-issuer", &c.OIDCIssuer, "OpenID Connect provider people log in with (default: local accounts only)", false},
		{"oidc-client-id", &c.OIDCClient, "this service's name at the provider", false},
		{"oidc-client-secret", &c.OIDCSecret, "this service's secret at the provider", true},
		{"oidc-audience", &c.OIDCAudience, "audience of JWTs that programs bring (default: the client ID)", false},
		{"oidc-name-claim", &c.OIDCName, "claim that names a person once and for all", false},
		{"oidc-roles-claim", &c.OIDCClaim, "claim that holds roles or groups", false},
		{"oidc-roles", &c.OIDCRoles, "what its values mean here: claim=role,… and *=role for everybody", false},
		{"session-idle", &c.SessionIdle, "how long a login lasts without a request", false},
		{"session-life", &c.SessionLife, "how long a login lasts at most", false},
		{"admin-name", &c.AdminName, "name of the first account", false},
		{"admin-password", &c.AdminSecret, "password of the first account (default: made up and shown once)", true},
	}
}

// Default returns the values that hold without any configuration.
func Default() Config {
	return Config{
		Listen: "127.0.0.1:8080", DataDir: "data", LogLevel: "info", LogFormat: "text",
		S3Bucket: "onewindow", S3Region: "us-east-1",
		Engine: "ppocr", Lease: 30 * time.Second, Shutdown: 20 * time.Second,
		Review: "doubtful", Searchable: true, System: "湖南省工程建设项目审批管理系统", Division: "430100",
		ContactOffice: "湖南省工程建设项目审批制度改革工作领导小组办公室", ContactPhone: "0731-88950406", ContactFax: "0731-88950063",
		MaxUploadMB: 2048, MaxQueue: 100_000, UploadExpiry: 48 * time.Hour, MaxPages: 2000, MaxMegapixel: 150, PageTimeout: 60 * time.Second, PageMemoryMB: 1536,
		Quiet: 2 * time.Second, ScanEvery: 2 * time.Second, LedgerKeep: 400 * 24 * time.Hour, AdminName: "admin",
		OIDCName: "sub", OIDCClaim: "roles", SessionIdle: 2 * time.Hour, SessionLife: 12 * time.Hour,
	}
}

// Bind adds a flag for every option.
func (c *Config) Bind(flags *pflag.FlagSet) {
	for _, o := range c.table() {
		switch t := o.target.(type) {
		case *string:
			flags.StringVar(t, o.name, *t, o.help)
		case *int:
			flags.IntVar(t, o.name, *t, o.help)
		case *bool:
			flags.BoolVar(t, o.name, *t, o.help)
		case *time.Duration:
			flags.DurationVar(t, o.name, *t, o.help)
		}
	}
}

// Load fills in what no flag set from the environment and the file (path may be
// empty), then checks the whole. Errors are ErrInvalid and say the fix.
func (c *Config) Load(flags *pflag.FlagSet, path string) error {
	file, err := readFile(path)
	if err != nil {
		return err
	}
	for _, o := range c.table() {
		if f := flags.Lookup(o.name); f != nil && f.Changed {
			continue
		}
		value, found, err := lookup(o, file)
		if err != nil {
			return err
		}
		if found {
			if err := flags.Set(o.name, value); err != nil {
				return fmt.Errorf("%w: option %s: %v", ErrInvalid, o.name, err)
			}
		}
	}
	for key := range file {
		if flags.Lookup(key) == nil {
			return fmt.Errorf("%w: the configuration file has the unknown key %q; `onewindow config` lists all keys", ErrInvalid, key)
		}
	}
	return c.check()
}

// Variable returns the environment variable of an option.
func Variable(name string) string {
	return "ONEWINDOW_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// lookup finds an option's value outside the flags.
func lookup(o option, file map[string]string) (string, bool, error) {
	if v, ok := os.LookupEnv(Variable(o.name)); ok {
		return v, true, nil
	}
	if path, ok := os.LookupEnv(Variable(o.name) + "_FILE"); ok && o.secret {
		b, err := os.ReadFile(path)
		if err != nil {
			return "", false, fmt.Errorf("%w: cannot read the file named by %s_FILE", ErrInvalid, Variable(o.name))
		}
		return strings.TrimRight(string(b), "\r\n"), true, nil
	}
	v, ok := file[o.name]
	return v, ok, nil
}

func readFile(path string) (map[string]string, error) {
	if path == "" {
		return nil, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%w: cannot read the configuration file: %v", ErrInvalid, errors.Unwrap(err))
	}
	raw := map[string]any{}
	if err := yaml.Unmarshal(b, &raw); err != nil {
		return nil, fmt.Errorf("%w: the configuration file is not YAML: %v", ErrInvalid, err)
	}
	values := map[string]string{}
	for k, v := range raw {
		values[k] = fmt.Sprint(v)
	}
	return values, nil
}
