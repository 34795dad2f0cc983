package testserver

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx" that makes databases
)

// PostgresOptions say how careful PostgreSQL is. The zero value is fast: no
// fsync, which is safe against a killed server but not against a power cut.
type PostgresOptions struct {
	// Fsync makes every commit reach the disk, for measurements.
	Fsync bool
	// Settings are server settings, e.g. "max_connections=20".
	Settings []string
}

// PostgresServer is a PostgreSQL cluster of its own.
type PostgresServer struct {
	*Server
	password string
	made     atomic.Int64 // databases made so far, for their names
}

// shared is the one cluster of a test binary: making a cluster takes a second,
// making a database in it a twentieth. It lives until the binary ends; its
// guard then removes it.
var shared struct {
	once   sync.Once
	server *PostgresServer
	err    error
}

// Postgres returns the DSN of a fresh, empty database for the test, in a cluster
// that all tests of this binary share. The database is dropped when the test ends.
func Postgres(t TB) string {
	t.Helper()
	shared.once.Do(func() { shared.server, shared.err = StartPostgres(PostgresOptions{}) })
	if shared.err != nil {
		t.Fatalf("testserver: %v", shared.err)
	}
	return shared.server.Database(t)
}

// PostgresWith starts a cluster for this test alone, for tests that stop, kill
// or pause it.
func PostgresWith(t TB, opts PostgresOptions) *PostgresServer {
	t.Helper()
	s, err := StartPostgres(opts)
	if err != nil {
		t.Fatalf("testserver: %v", err)
	}
	s.stopAfter(t)
	return s
}

// Database makes a database for the test and drops it when the test ends.
func (p *PostgresServer) Database(t TB) string {
	t.Helper()
	name, dsn, err := p.CreateDatabase()
	if err != nil {
		t.Fatalf("testserver: %v", err)
	}
	t.Cleanup(func() {
		if p.isUp() { // a test may have left its own cluster down
			if err := p.DropDatabase(name); err != nil {
				t.Logf("testserver: %v", err)
			}
		}
	})
	return dsn
}

// CreateDatabase makes an empty database and returns its name and DSN.
func (p *PostgresServer) CreateDatabase() (name, dsn string, err error) {
	name = fmt.Sprintf("onewindow_%d", p.made.Add(1))
	if err := p.admin("CREATE DATABASE " + name); err != nil {
		return "", "", fmt.Errorf("create database: %w", err)
	}
	return name, p.DSN(name), nil
}

// DropDatabase removes a database, cutting off who still uses it.
func (p *PostgresServer) DropDatabase(name string) error {
	if err := p.admin("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
		return fmt.Errorf("drop database: %w", err)
	}
	return nil
}

// DSN returns the address of a database of this cluster, as a postgres:// URL.
func (p *PostgresServer) DSN(database string) string {
	return dsnOf(p.password, p.Port, database)
}

func dsnOf(password string, port int, database string) string {
	return fmt.Sprintf("postgres://onewindow:%s@127.0.0.1:%d/%s?sslmode=disable", password, port, database)
}

func (p *PostgresServer) admin(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return execOnce(ctx, p.DSN("postgres"), statement)
}

func execOnce(ctx context.Context, dsn, statement string) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, statement)
	return err
}

// StartPostgres makes a cluster and starts it; the caller calls Stop. As root it
// runs as user "postgres", because PostgreSQL refuses root. Errors: ErrNotInstalled.
func StartPostgres(opts PostgresOptions) (*PostgresServer, error) {
	bin, err := postgresBin()
	if err != nil {
		return nil, err
	}
	cred, err := postgresUser()
	if err != nil {
		return nil, err
	}
	password := rand.Text()
	s, err := launch("postgres", func(dir string, port int) (program, error) {
		data, err := initCluster(bin, dir, password, cred)
		if err != nil {
			return program{}, err
		}
		return program{path: filepath.Join(bin, "postgres"), args: postgresArgs(data, port, opts),
			dir: dir, cred: cred, stop: syscall.SIGINT, // SIGINT is PostgreSQL's fast shutdown
			ready: func(ctx context.Context) error {
				return execOnce(ctx, dsnOf(password, port, "postgres"), "SELECT 1")
			}}, nil
	})
	if err != nil {
		return nil, err
	}
	return &PostgresServer{Server: s, password: password}, nil
}

func postgresArgs(data string, port int, opts PostgresOptions) []string {
	args := []string{"-D", data, "-h", "127.0.0.1", "-p", strconv.Itoa(port), "-k", ""}
	settings := []string{"shared_buffers=64MB", "max_connections=200", "timezone=UTC"}
	if !opts.Fsync {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	for _, s := range append(settings, opts.Settings...) {
		args = append(args, "-c", s)
	}
	return args
}

// initCluster runs initdb in dir/data, unless an earlier attempt already did.
func initCluster(bin, dir, password string, cred *syscall.Credential) (string, error) {
	data := filepath.Join(dir, "data")
	if _, err := os.Stat(filepath.Join(data, "PG_VERSION")); err == nil {
		return data, nil
	}
	secret := filepath.Join(dir, "password")
	if err := os.WriteFile(secret, []byte(password+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("write password file: %w", err)
	}
	if cred != nil {
		for _, p := range []string{dir, secret} {
			if err := os.Chown(p, int(cred.Uid), int(cred.Gid)); err != nil {
				return "", fmt.Errorf("give folder to postgres: %w", err)
			}
		}
	}
	cmd := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "onewindow", "--pwfile", secret,
		"--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "LC_ALL=C.UTF-8"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: cred}
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("make cluster: %w: %s", err, out)
	}
	return data, nil
}

// postgresUser returns whom to become: nobody else unless we are root.
func postgresUser() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("find user postgres (install it with: apt-get install postgresql): %w: %w", err, ErrNotInstalled)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("read uid of postgres: %w", err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("read gid of postgres: %w", err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid), NoSetGroups: false}, nil
}
