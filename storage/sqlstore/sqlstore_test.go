package sqlstore_test

import (
	"database/sql"
	"net/url"
	"path/filepath"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"onewindow/internal/testserver"
	"onewindow/storage/sqlstore"
	"onewindow/storage/storagetest"
)

// kinds are the databases the suite runs on, by how to make an empty one.
var kinds = map[string]func(t *testing.T) (dsn, driver, address string){
	"SQLite": func(t *testing.T) (string, string, string) {
		path := filepath.Join(t.TempDir(), "记录 %41?.db") // a path is not a URL
		return "sqlite:" + path, "sqlite", path2uri(path)
	},
	"PostgreSQL": func(t *testing.T) (string, string, string) {
		dsn := testserver.Postgres(t)
		return dsn, "pgx", dsn
	},
}

func path2uri(path string) string { return "file:" + escape(path) }

func TestRecords(t *testing.T) {
	for name, fresh := range kinds {
		t.Run(name, func(t *testing.T) {
			storagetest.RunRecords(t, func(t *testing.T) storagetest.Bench { return bench(t, fresh) })
		})
	}
}

func bench(t *testing.T, fresh func(t *testing.T) (dsn, driver, address string)) storagetest.Bench {
	t.Helper()
	dsn, driver, address := fresh(t)
	return storagetest.Bench{
		Records:  open(t, sqlstore.Options{DSN: dsn}),
		Unfenced: open(t, sqlstore.Options{DSN: dsn, UnsafeNoFence: true}),
		SQL: func(t *testing.T, query string, args ...any) {
			t.Helper()
			db, err := sql.Open(driver, address)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.ExecContext(t.Context(), query, args...); err != nil {
				t.Fatalf("%s: %v", query, err)
			}
		},
		Fresh: func(t *testing.T) storagetest.Records {
			dsn, _, _ := fresh(t)
			return open(t, sqlstore.Options{DSN: dsn})
		},
	}
}

func open(t *testing.T, o sqlstore.Options) *sqlstore.Store {
	t.Helper()
	s, err := sqlstore.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// escape makes a path safe in a SQLite URI.
func escape(path string) string { return (&url.URL{Path: path}).EscapedPath() }
