package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
	"gopkg.in/yaml.v3"

	"onewindow/document"
	"onewindow/internal/config"
	"onewindow/internal/sandbox"
	"onewindow/storage"
	"onewindow/storage/sqlstore"
)

// deployFile reads a file that is handed to those who run the house.
func deployFile(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// checkLine runs a command line against the real commands and options, as far as
// they can be checked without starting.
func checkLine(t *testing.T, where string, args []string) {
	t.Helper()
	a := &app{cfg: config.Default()}
	cmd, rest, err := root(a).Find(args)
	if err != nil || cmd.Name() == "onewindow" {
		t.Errorf("%s: no such command: %v", where, args)
		return
	}
	if err := cmd.ParseFlags(rest); err != nil {
		t.Errorf("%s: %v: %v", where, args, err)
	}
}

// checkVariables loads the options from variables as a process would.
func checkVariables(t *testing.T, where string, env map[string]string) {
	t.Helper()
	c := config.Default()
	flags := pflag.NewFlagSet("x", pflag.ContinueOnError)
	c.Bind(flags)
	known := map[string]bool{}
	flags.VisitAll(func(f *pflag.Flag) { known[config.Variable(f.Name)] = true })
	for name, value := range env {
		if !strings.HasPrefix(name, "ONEWINDOW_") {
			continue
		}
		if !known[name] && !known[strings.TrimSuffix(name, "_FILE")] {
			t.Errorf("%s sets %s, which is no option", where, name)
		}
		t.Setenv(name, value)
	}
	if err := c.Load(flags, ""); err != nil {
		t.Errorf("%s: %v", where, err)
	}
}

var placeholder = regexp.MustCompile(`\$\{(\w+)(?::-([^}]*))?\}`)

// fill does what compose does with ${NAME} and ${NAME:-default}.
func fill(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(m string) string {
		if p := placeholder.FindStringSubmatch(m); p[2] != "" {
			return p[2]
		}
		return "secret"
	})
}

// TestDeploy_ComposeFitsTheProgram parses the compose file and holds every
// command, option and variable in it against the program; no engine is needed.
func TestDeploy_ComposeFitsTheProgram(t *testing.T) {
	raw := deployFile(t, "deploy/compose.yaml")
	var c struct {
		Services map[string]struct {
			Command     []string
			Environment map[string]string
			Volumes     []string
			Grace       string `yaml:"stop_grace_period"`
		}
		Volumes map[string]any
	}
	if err := yaml.Unmarshal([]byte(fill(raw)), &c); err != nil {
		t.Fatal(err)
	}
	shape := map[string]int{}
	for name, s := range c.Services {
		for _, v := range s.Volumes {
			if source, _, _ := strings.Cut(v, ":"); !strings.ContainsAny(source, "./") {
				if _, ok := c.Volumes[source]; !ok {
					t.Errorf("%s mounts %s, which is not declared", name, source)
				}
			}
		}
		if s.Environment["ONEWINDOW_POSTGRES"] == "" {
			continue
		}
		shape[s.Command[0]]++
		checkLine(t, name, s.Command)
		t.Run(name, func(t *testing.T) { checkVariables(t, name, s.Environment) })
		grace, err := time.ParseDuration(s.Grace)
		deadline, err2 := time.ParseDuration(s.Environment["ONEWINDOW_SHUTDOWN_DEADLINE"])
		if err != nil || err2 != nil || grace <= deadline {
			t.Errorf("%s is killed after %v, before its deadline of %v", name, grace, deadline)
		}
	}
	if shape["serve"] != 2 || shape["worker"] != 2 || shape["watch"] != 1 {
		t.Errorf("the shape is %v", shape)
	}
	redis := strings.Join(c.Services["redis"].Command, " ")
	if !strings.Contains(redis, "--appendonly yes") || !strings.Contains(redis, "--maxmemory-policy noeviction") {
		t.Errorf("redis runs as %s", redis)
	}
	example := deployFile(t, "deploy/.env.example")
	for _, m := range placeholder.FindAllStringSubmatch(raw, -1) {
		if !strings.Contains(example, m[1]+"=") {
			t.Errorf(".env.example does not name %s", m[1])
		}
	}
}

func TestDeploy_UnitsFitTheProgram(t *testing.T) {
	units, err := filepath.Glob("../../deploy/systemd/*.service")
	if err != nil || len(units) != 4 {
		t.Fatalf("units %v, %v", units, err)
	}
	for _, path := range units {
		name := filepath.Base(path)
		env := map[string]string{}
		for line := range strings.SplitSeq(deployFile(t, "deploy/systemd/"+name), "\n") {
			key, value, _ := strings.Cut(line, "=")
			switch key {
			case "ExecStart":
				args := strings.Fields(value)
				checkLine(t, name, args[1:])
			case "Environment":
				for _, pair := range strings.Fields(value) {
					k, v, _ := strings.Cut(pair, "=")
					env[k] = v
				}
			case "TimeoutStopSec":
				if d, err := time.ParseDuration(value + "s"); err != nil || d <= config.Default().Shutdown {
					t.Errorf("%s is killed after %s s, before its deadline", name, value)
				}
			}
		}
		t.Run(name, func(t *testing.T) { checkVariables(t, name, env) })
	}
	if verify, err := exec.LookPath("systemd-analyze"); err == nil {
		out, _ := exec.Command(verify, append([]string{"verify", "--man=no"}, units...)...).CombinedOutput()
		for line := range strings.SplitSeq(string(out), "\n") { // the program and the user need not be on this machine
			if strings.Contains(line, "Unknown") || strings.Contains(line, "Failed to parse") {
				t.Errorf("systemd-analyze: %s", line)
			}
		}
	}
}

// TestDeploy_DockerfileFitsTheTree checks what can be checked without an engine:
// what is copied exists, variables are options, packages are the ones that the
// Makefile installs, or their libraries.
func TestDeploy_DockerfileFitsTheTree(t *testing.T) {
	text := strings.ReplaceAll(deployFile(t, "Dockerfile"), "\\\n", " ")
	makefile := deployFile(t, "Makefile")
	env := map[string]string{}
	for line := range strings.SplitSeq(text, "\n") {
		f := strings.Fields(line)
		switch {
		case len(f) == 0:
		case f[0] == "COPY" && !strings.HasPrefix(f[1], "--from"):
			for _, p := range f[1 : len(f)-1] {
				if _, err := os.Stat(filepath.Join("../..", p)); err != nil {
					t.Errorf("copies %s: %v", p, err)
				}
			}
		case f[0] == "ENV":
			for _, pair := range f[1:] {
				k, v, _ := strings.Cut(pair, "=")
				env[k] = v
			}
		case f[0] == "HEALTHCHECK":
			checkLine(t, "HEALTHCHECK", []string{"healthcheck"})
		case f[0] == "CMD":
			checkLine(t, "CMD", []string{"serve"})
		}
	}
	checkVariables(t, "Dockerfile", env)
	for _, script := range []string{"ocr/models/install.sh", "scripts/ui.sh"} {
		if _, err := os.Stat(filepath.Join("../..", script)); err != nil || !strings.Contains(text, script) {
			t.Errorf("%s: %v", script, err)
		}
	}
	for _, p := range []string{"libtesseract-dev", "libleptonica-dev", "libturbojpeg0-dev", "tesseract-ocr-chi-sim", "fonts-noto-cjk", "qpdf", "poppler-utils", "bubblewrap"} {
		if !strings.Contains(text, p) || !strings.Contains(makefile, p) {
			t.Errorf("%s is not in both Dockerfile and Makefile", p)
		}
	}
	if !strings.Contains(text, "\nUSER onewindow") {
		t.Error("the image runs as root")
	}
}

var metricName = regexp.MustCompile(`\b(onewindow|go|process)_[a-z_]+\b`)
var labelUse = regexp.MustCompile(`(\w+)\s*=~?"`)

// TestDeploy_DashboardAsksForWhatThereIs holds every query of the dashboard
// against the metrics that a process really shows.
func TestDeploy_DashboardAsksForWhatThereIs(t *testing.T) {
	s, err := sqlstore.Open(t.Context(), sqlstore.Options{DSN: "sqlite:" + filepath.Join(t.TempDir(), "r.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, _, err := s.Register(t.Context(), storage.NewDocument{Original: document.DigestOf([]byte("x")), Size: 1, Filename: "x",
		Origin: document.Origin{Lane: document.LaneCounter, Door: "http", By: "a"}}); err != nil {
		t.Fatal(err)
	}
	m := newMetrics(s)
	m.registry.MustRegister(engines{func(context.Context) (map[string]sandbox.Stats, error) {
		return map[string]sandbox.Stats{"page": {}}, nil
	}})
	m.StepEnded(storage.TaskKey{Step: document.StepInspect}, document.LaneCounter, time.Second, nil)
	m.webhookCalled("dead", time.Second)
	m.requestEnded("GET /x", 503, time.Second)
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	labels := map[string][]string{}
	for _, f := range families {
		all := []string{"job", "instance", "le"}
		for _, l := range f.GetMetric()[0].GetLabel() {
			all = append(all, l.GetName())
		}
		labels[f.GetName()] = all
		if f.GetMetric()[0].GetHistogram() != nil {
			for _, tail := range []string{"_bucket", "_count", "_sum"} {
				labels[f.GetName()+tail] = all
			}
		}
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal([]byte(deployFile(t, "deploy/grafana/onewindow.json")), &board); err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, p := range board.Panels {
		for _, target := range p.Targets {
			for _, name := range metricName.FindAllString(target.Expr, -1) {
				asked++
				if labels[name] == nil {
					t.Errorf("%s asks for %s, which nobody shows", p.Title, name)
				}
				for _, l := range labelUse.FindAllStringSubmatch(target.Expr, -1) {
					if !slices.Contains(labels[name], l[1]) {
						t.Errorf("%s asks %s for the label %s; it has %v", p.Title, name, l[1], labels[name])
					}
				}
			}
		}
	}
	if asked < len(board.Panels) || len(board.Panels) < 10 {
		t.Errorf("%d panels ask for %d metrics", len(board.Panels), asked)
	}
	if got := fmt.Sprint(labels["onewindow_http_seconds_count"]); !strings.Contains(got, "status") {
		t.Errorf("http metrics have the labels %s", got)
	}
}
