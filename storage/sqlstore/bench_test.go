package sqlstore

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/internal/testserver"
	"onewindow/storage"
)

// TestQueriesUseIndexes asks SQLite how it would go about the queries that are
// asked all the time or over many rows: none may walk a whole table.
func TestQueriesUseIndexes(t *testing.T) {
	s := mustOpen(t, Options{DSN: databases["SQLite"](t)})
	var w where
	w.equal("project", "p")
	w.below("id", "x")
	for query, index := range map[string]string{
		"UPDATE tasks SET rung_at = 5 WHERE (document, generation, step, page) IN (SELECT document, generation, step, page " +
			"FROM tasks WHERE lane = $1 AND due_at <= $2 AND rung_at <= $3 ORDER BY rung_at, due_at LIMIT 9)": "tasks_waiting",
		"SELECT EXISTS (SELECT 1 FROM tasks WHERE due_at <= $1 AND rung_at <= $2 AND lane = $3)":                                                              "tasks_waiting",
		"SELECT lane, state, COUNT(*) FROM tasks WHERE " + openStates + " GROUP BY lane, state":                                                               "tasks_open",
		"SELECT page FROM tasks WHERE document = $1 AND generation = 1 AND step = $2 AND " + openStates + " AND state = 'held' ORDER BY page":                 "tasks_open",
		"SELECT 1 FROM tasks WHERE document = $1 AND generation = 1 AND step = $2 AND " + openStates:                                                          "tasks_open",
		"SELECT 1 FROM tasks WHERE state = 'parked' ORDER BY ended_at DESC LIMIT 9":                                                                           "tasks_parked",
		w.page("SELECT id FROM documents", "id DESC", 9):                                                                                                      "documents_project",
		"SELECT id FROM documents WHERE state = $1 AND id < $2 ORDER BY id DESC LIMIT 9":                                                                      "documents_state",
		"SELECT id FROM documents WHERE receipt = $1 ORDER BY id DESC":                                                                                        "sqlite_autoindex_documents_2",
		"SELECT 1 FROM results WHERE code = $1 AND code <> ''":                                                                                                "results_code",
		"SELECT id FROM results WHERE project = $1 ORDER BY id DESC LIMIT 9":                                                                                  "results_project",
		"SELECT id FROM results WHERE number = $1 AND id < $2 ORDER BY id DESC LIMIT 9":                                                                       "results_number",
		"SELECT 1 FROM reliances WHERE project = $1 AND item = $2":                                                                                            "reliances_item",
		"SELECT unit, action, COUNT(*), SUM(late), SUM(used), SUM(overridden) FROM moves WHERE division = $1 AND at >= $2 AND at < $3 GROUP BY 1, 2":          "COVERING INDEX moves_counted",
		"SELECT hall, counter, COUNT(DISTINCT case_id), COUNT(*) FROM moves WHERE division = $1 AND at >= $2 AND at < $3 AND action = 'submit' GROUP BY 1, 2": "COVERING INDEX moves_counted",
		"SELECT unit, state, COUNT(*) FROM case_items WHERE division = $1 GROUP BY unit, state":                                                               "COVERING INDEX case_items_states",
		"SELECT unit, COUNT(*) FROM case_items WHERE division = $1 AND open = 1 AND due_at < $2 GROUP BY unit":                                                "COVERING INDEX case_items_late",
		"SELECT seq FROM audit WHERE seq > $1 AND object = $2 ORDER BY seq LIMIT 9":                                                                           "audit_object",
	} {
		plan, err := collect(t.Context(), s.reader, func(r scanner) (detail string, err error) {
			var a, b, c int
			err = r.Scan(&a, &b, &c, &detail)
			return detail, err
		}, "EXPLAIN QUERY PLAN "+query, 1, 2, 3)
		text := strings.Join(plan, "; ")
		if err != nil || !strings.Contains(text, index) || strings.Contains(text, "USE TEMP B-TREE FOR ORDER BY") {
			t.Errorf("%s\n\tplan %s, %v; want %s", query, text, err, index)
		}
	}
}

// realistic are databases that sync to the disk.
var realistic = map[string]func(b *testing.B) string{
	"SQLite": func(b *testing.B) string { return "sqlite:" + filepath.Join(b.TempDir(), "records.db") },
	"PostgreSQL": func(b *testing.B) string {
		_, dsn, err := testserver.PostgresWith(b, testserver.PostgresOptions{Fsync: true}).CreateDatabase()
		if err != nil {
			b.Fatal(err)
		}
		return dsn
	},
}

func benchEach(b *testing.B, run func(b *testing.B, s *Store)) {
	for name, dsn := range realistic {
		b.Run(name, func(b *testing.B) {
			s, err := Open(b.Context(), Options{DSN: dsn(b)})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			run(b, s)
		})
	}
}

func BenchmarkRegister(b *testing.B) {
	benchEach(b, func(b *testing.B, s *Store) {
		for b.Loop() {
			if _, _, err := s.Register(b.Context(), sample); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkPage is what the records cost for one page: a claim and a finish.
func BenchmarkPage(b *testing.B) {
	benchEach(b, func(b *testing.B, s *Store) {
		doc := longDocument(b, s, "doc_bench", b.N+2000)
		page := 0
		for b.Loop() {
			page++
			key := storage.TaskKey{Document: doc.ID, Generation: 1, Step: document.StepRecognize, Page: page}
			c, err := s.Claim(b.Context(), key, "w", time.Minute)
			if err == nil {
				_, err = s.Finish(b.Context(), c, storage.Change{Patch: storage.DocumentPatch{PageRead: true}, Join: document.StepClassify,
					Artifacts: []document.Artifact{{Kind: document.ArtifactPageText, Page: page, Digest: sample.Original}}})
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

// longDocument makes a document of n ready pages.
func longDocument(b *testing.B, s *Store, id document.ID, n int) document.Document {
	b.Helper()
	doc := document.Document{ID: id, Receipt: document.Receipt(id), Generation: 1, State: document.StateReading,
		Origin: document.Origin{Lane: document.LaneBulk}, Version: 1}
	err := s.write(b.Context(), func(ctx context.Context, t *tx) error {
		if err := t.insertDocument(ctx, doc); err != nil {
			return err
		}
		var next []storage.NextTask
		for p := 1; p <= n; p++ {
			next = append(next, storage.NextTask{Step: document.StepRecognize, Page: p})
		}
		_, err := t.addTasks(ctx, doc, next, false)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return doc
}

// BenchmarkSweep looks for waiting work among 100,000 ready tasks that were all
// rung for a moment ago, and among as many that were not.
func BenchmarkSweep(b *testing.B) {
	benchEach(b, func(b *testing.B, s *Store) {
		for i := range 100 {
			longDocument(b, s, document.ID(fmt.Sprintf("doc_%d", i)), 1000)
		}
		for name, age := range map[string]time.Duration{"AllRung": time.Hour, "NoneRung": 0} {
			b.Run(name, func(b *testing.B) {
				for b.Loop() {
					if _, err := s.Waiting(b.Context(), document.LaneBulk, age, 200); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		b.Run("Depths", func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Depths(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}
