package sqlstore

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/internal/testserver"
	"onewindow/storage"
	"onewindow/storage/storagetest"
)

// databases are the kinds of databases, by how to get the address of an empty one.
var databases = map[string]func(t *testing.T) string{
	"SQLite":     func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "records.db") },
	"PostgreSQL": func(t *testing.T) string { return testserver.Postgres(t) },
}

func onEach(t *testing.T, test func(t *testing.T, fresh func(t *testing.T) string)) {
	for name, fresh := range databases {
		t.Run(name, func(t *testing.T) { test(t, fresh) })
	}
}

func mustOpen(t *testing.T, o Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// atSchema connects to an empty database and migrates it to a version.
func atSchema(t *testing.T, dsn string, version int64) *Store {
	t.Helper()
	s, err := connect(Options{DSN: dsn})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.migrate(t.Context(), version); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestReleasedMigrationsAreFrozen: what ran on somebody's database is history.
// A change of the schema is a new file; add its digest here when it is released.
func TestReleasedMigrationsAreFrozen(t *testing.T) {
	for name, want := range map[string]string{
		"migrations/00001_records.sql": "34cb169bb773fbee4263d87e3bb82742346b096939d6172d4ca0057c77c464e0",
	} {
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != want {
			t.Errorf("%s was changed: its digest is %x", name, sum)
		}
	}
}

// TestEveryTableIsBackedUp compares the list of tables with the database.
func TestEveryTableIsBackedUp(t *testing.T) {
	onEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		s := mustOpen(t, Options{DSN: fresh(t)})
		found, err := collect(t.Context(), s.reader, scanName, s.dialect.tables)
		if err != nil {
			t.Fatal(err)
		}
		var listed []string
		for _, table := range tables() {
			listed = append(listed, table.name)
		}
		listed = append(listed, bookkeeping()...)
		slices.Sort(found)
		slices.Sort(listed)
		if !slices.Equal(found, listed) {
			t.Errorf("database has %v, tables.go lists %v", found, listed)
		}
	})
}

// TestUpgradeFromTheFirstSchema opens a database as the first release left it.
func TestUpgradeFromTheFirstSchema(t *testing.T) {
	snapshot, err := os.ReadFile("testdata/schema1.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	onEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		t.Run("Open", func(t *testing.T) {
			dsn := fresh(t)
			old := atSchema(t, dsn, 1)
			if v, err := old.Schema(t.Context()); err != nil || v.Version != 1 {
				t.Fatal(v, err)
			}
			if err := old.Import(t.Context(), bytes.NewReader(snapshot)); err != nil {
				t.Fatal(err)
			}
			if v, _ := old.Schema(t.Context()); v.Version != 1 {
				t.Fatalf("import moved the schema to %d", v.Version)
			}
			old.Close()
			checkUpgraded(t, mustOpen(t, Options{DSN: dsn}))
		})
		t.Run("Import", func(t *testing.T) {
			s := mustOpen(t, Options{DSN: fresh(t)})
			if err := s.Import(t.Context(), bytes.NewReader(snapshot)); err != nil {
				t.Fatal(err)
			}
			checkUpgraded(t, s)
		})
		t.Run("ImportDamaged", func(t *testing.T) {
			s := mustOpen(t, Options{DSN: fresh(t)})
			damaged := bytes.Replace(snapshot, []byte("acct_unit"), []byte("acct_evil"), 1)
			if err := s.Import(t.Context(), bytes.NewReader(damaged)); !errors.Is(err, ErrSnapshot) {
				t.Fatalf("damaged: %v", err)
			}
			if err := s.Import(t.Context(), bytes.NewReader(snapshot)); err != nil {
				t.Fatalf("after a damaged one: %v", err)
			}
			checkUpgraded(t, s)
		})
	})
}

// checkUpgraded looks whether the records of the first schema are there and alive.
func checkUpgraded(t *testing.T, s *Store) {
	t.Helper()
	ctx := t.Context()
	if v, err := s.Schema(ctx); err != nil || v.Version != v.Newest || v.Newest < 2 {
		t.Fatal(v, err)
	}
	if v, err := s.VerifyAudit(ctx); err != nil || !v.Intact || v.Rows != 7 {
		t.Fatal(v, err)
	}
	docs, err := s.ListDocuments(ctx, storage.DocumentQuery{State: document.StateFailed})
	if err != nil || len(docs) != 1 || docs[0].Fields.Value("doc_no") == "" || docs[0].Publication == nil {
		t.Fatal(docs, err)
	}
	ready, err := s.Requeue(ctx, docs[0].ID, "test")
	if err != nil || len(ready) != 1 {
		t.Fatal(ready, err)
	}
	r, err := s.Result(ctx, "res_N1_01")
	if err != nil || r.Successor != "res_N1_02" || r.EndedAt == nil {
		t.Fatal(r, err)
	}
	doc, _, err := s.Register(ctx, sample)
	if err != nil {
		t.Fatal(err)
	}
	if last, err := s.LastEvent(ctx); err != nil || last < 13 {
		t.Fatal(last, doc, err)
	}
}

// A database made before a lower numbered migration landed is brought up to date.
func TestMigrationsMayLandOutOfOrder(t *testing.T) {
	onEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		dsn := fresh(t)
		old := mustOpen(t, Options{DSN: dsn})
		for _, q := range []string{"DROP TABLE catalogues", "DELETE FROM goose_db_version WHERE version_id = 13"} {
			if _, err := old.writer.ExecContext(t.Context(), q); err != nil {
				t.Fatal(err)
			}
		}
		old.Close()
		s := mustOpen(t, Options{DSN: dsn})
		if counts, err := s.Counts(t.Context()); err != nil || counts["catalogues"] != 0 {
			t.Errorf("after the upgrade: %d catalogues, %v", counts["catalogues"], err)
		}
	})
}

// TestNewerSchemaIsRefused: an old program must not write into what it does not
// understand, and goes on beside a newer one that says it may.
func TestNewerSchemaIsRefused(t *testing.T) {
	onEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		dsn := fresh(t)
		s := mustOpen(t, Options{DSN: dsn})
		declare := func(oldest int) {
			if _, err := s.writer.Exec("UPDATE schema_compatibility SET oldest_program = $1", oldest); err != nil {
				t.Fatal(err)
			}
		}
		declare(9000)
		if _, err := s.writer.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, $1)", true); err != nil {
			t.Fatal(err)
		}
		for _, keep := range []bool{false, true} {
			if _, err := Open(t.Context(), Options{DSN: dsn, KeepSchema: keep}); !errors.Is(err, ErrSchema) {
				t.Errorf("keep schema %v: %v", keep, err)
			}
		}
		declare(oldestProgram)
		for _, keep := range []bool{false, true} {
			old := mustOpen(t, Options{DSN: dsn, KeepSchema: keep})
			if _, _, err := old.Register(t.Context(), sample); err != nil {
				t.Errorf("beside a newer program, keep schema %v: %v", keep, err)
			}
		}
	})
}

// TestMigrationsOnlyAdd reads the migrations that older programs must live with.
func TestMigrationsOnlyAdd(t *testing.T) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	comment := regexp.MustCompile(`--.*`)
	adds := regexp.MustCompile(`(?is)^(CREATE (UNIQUE )?INDEX|CREATE TABLE|INSERT INTO|ALTER TABLE \w+ ADD COLUMN .* DEFAULT .*)`)
	for _, name := range names {
		var number int
		if _, err := fmt.Sscanf(path.Base(name), "%d_", &number); err != nil || number <= oldestProgram {
			continue
		}
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for statement := range strings.SplitSeq(comment.ReplaceAllString(string(text), ""), ";") {
			if s := strings.TrimSpace(statement); s != "" && !adds.MatchString(s) {
				t.Errorf("%s: a program that knows %d cannot live with: %s", name, oldestProgram, s)
			}
		}
	}
}

// TestKeepSchema: a program that only looks does not migrate.
func TestKeepSchema(t *testing.T) {
	onEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		dsn := fresh(t)
		atSchema(t, dsn, 1)
		if _, err := Open(t.Context(), Options{DSN: dsn, KeepSchema: true}); !errors.Is(err, ErrSchema) {
			t.Fatalf("an old schema: %v", err)
		}
		mustOpen(t, Options{DSN: dsn})
		mustOpen(t, Options{DSN: dsn, KeepSchema: true})
	})
}

// startVariable makes this test binary a program that opens a database.
const startVariable = "ONEWINDOW_TEST_OPEN"

// TestProcessOpens is that program; without the variable there is nothing to do.
func TestProcessOpens(t *testing.T) {
	if dsn := os.Getenv(startVariable); dsn != "" {
		s := mustOpen(t, Options{DSN: dsn})
		if _, _, err := s.Register(t.Context(), sample); err != nil {
			t.Fatal(err)
		}
	}
}

// TestProcessesStartTogether starts several processes on one empty database.
func TestProcessesStartTogether(t *testing.T) {
	const n = 5
	onEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		dsn := fresh(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() {
				cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestProcessOpens$")
				cmd.Env = append(os.Environ(), startVariable+"="+dsn)
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%v: %s", err, out)
				}
			})
		}
		wg.Wait()
		s := mustOpen(t, Options{DSN: dsn})
		docs, err := s.ListDocuments(ctx, storage.DocumentQuery{})
		if err != nil || len(docs) != n || !strings.HasSuffix(string(docs[0].Receipt), "0005") {
			t.Fatal(docs, err)
		}
		var applied int
		err = s.reader.QueryRow("SELECT COUNT(*) FROM goose_db_version WHERE version_id = 1").Scan(&applied)
		if err != nil || applied != 1 {
			t.Fatalf("first migration ran %d times, %v", applied, err)
		}
	})
}

// TestRecordsMoveBetweenDatabases copies from SQLite to PostgreSQL and back.
func TestRecordsMoveBetweenDatabases(t *testing.T) {
	ctx := t.Context()
	light := mustOpen(t, Options{DSN: databases["SQLite"](t)})
	storagetest.Populate(t, ctx, light)
	heavy := mustOpen(t, Options{DSN: databases["PostgreSQL"](t)})
	back := mustOpen(t, Options{DSN: databases["SQLite"](t)})
	for _, move := range []struct{ from, to *Store }{{light, heavy}, {heavy, back}} {
		var b bytes.Buffer
		if err := move.from.Export(ctx, &b); err != nil {
			t.Fatal(err)
		}
		if err := move.to.Import(ctx, &b); err != nil {
			t.Fatal(err)
		}
		storagetest.SameRecords(t, ctx, move.from, move.to)
	}
}

func TestBadAddresses(t *testing.T) {
	for _, dsn := range []string{"", "sqlite:", "sqlite::memory:", "mysql://x", "postgres://a b:c/%zz"} {
		if s, err := Open(t.Context(), Options{DSN: dsn}); !errors.Is(err, ErrBadDSN) {
			t.Errorf("%q: %v %v", dsn, s, err)
		}
	}
	start := time.Now()
	_, err := Open(t.Context(), Options{DSN: "postgres://u:secret@127.0.0.1:1/x", Patience: 100 * time.Millisecond})
	if err == nil || time.Since(start) > 5*time.Second || strings.Contains(err.Error(), "secret") {
		t.Errorf("nobody there: %v after %v", err, time.Since(start))
	}
}
