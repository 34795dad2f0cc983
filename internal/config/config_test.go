package config

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
)

// load reads a configuration as the program does.
func load(t *testing.T, file string, args ...string) (Config, error) {
	t.Helper()
	c := Default()
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	c.Bind(flags)
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	path := ""
	if file != "" {
		path = filepath.Join(t.TempDir(), "onewindow.yaml")
		if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return c, c.Load(flags, path)
}

func TestFlagBeatsVariableBeatsFileBeatsDefault(t *testing.T) {
	t.Setenv("ONEWINDOW_WORKERS", "3")
	t.Setenv("ONEWINDOW_QUIET", "9s")
	c, err := load(t, "workers: 5\nlease: 7s\nquiet: 1s\n", "--workers", "2")
	if err != nil {
		t.Fatal(err)
	}
	if c.Workers != 2 || c.Quiet != 9*time.Second || c.Lease != 7*time.Second || c.MaxPages != Default().MaxPages {
		t.Errorf("workers %d, quiet %s, lease %s, pages %d", c.Workers, c.Quiet, c.Lease, c.MaxPages)
	}
}

func TestSecretsComeFromFilesAndAreNeverShown(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dsn")
	if err := os.WriteFile(path, []byte("postgres://user:geheim@db/one\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ONEWINDOW_POSTGRES_FILE", path)
	c, err := load(t, "")
	if err != nil || c.Postgres != "postgres://user:geheim@db/one" {
		t.Fatalf("postgres is %q, %v", c.Postgres, err)
	}
	var out bytes.Buffer
	if err := c.Print(&out); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "geheim") || !strings.Contains(out.String(), "********") {
		t.Errorf("a secret is shown, or not shown to be hidden:\n%s", out.String())
	}
	if !strings.Contains(out.String(), "ONEWINDOW_POSTGRES") {
		t.Error("the variables are not told")
	}
}

func TestWrongCombinationsAreRefusedWithTheFix(t *testing.T) {
	for _, test := range []struct {
		name, fix string
		file      string
		args      []string
	}{
		{"engine", "engine must be", "", []string{"--engine", "abbyy"}},
		{"listen", "listen must be", "", []string{"--listen", "8080"}},
		{"s3 without keys", "s3-endpoint needs", "", []string{"--s3-endpoint", "localhost:9000"}},
		{"keys without s3", "without s3-endpoint", "", []string{"--s3-access-key", "x"}},
		{"postgres", "postgres must be", "", []string{"--postgres", "host=db"}},
		{"memory", "page-memory-mb", "", []string{"--page-memory-mb", "10"}},
		{"unknown key", "unknown key", "colour: red\n", nil},
		{"bad value in file", "option workers", "workers: many\n", nil},
		{"not yaml", "not YAML", "a: b: c", nil},
	} {
		_, err := load(t, test.file, test.args...)
		if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), test.fix) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestSharedCommandsNeedRedis(t *testing.T) {
	c, err := load(t, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.CheckShared("worker"); !errors.Is(err, ErrInvalid) {
		t.Errorf("a worker without Redis: %v", err)
	}
}
