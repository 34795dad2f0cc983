package sqlstore

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestProjects_NameIsIndexed shows that the expression of the query is still that
// of the index: one changed character and every look-up reads the whole table.
func TestProjects_NameIsIndexed(t *testing.T) {
	s, err := Open(t.Context(), Options{DSN: "sqlite:" + filepath.Join(t.TempDir(), "records.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var id, parent, unused int
	var plan string
	err = s.reader.QueryRow("EXPLAIN QUERY PLAN SELECT code FROM projects WHERE "+nameKey+" = $1", "x").Scan(&id, &parent, &unused, &plan)
	if err != nil || !strings.Contains(plan, "projects_name") {
		t.Errorf("plan is %q, %v", plan, err)
	}
}
