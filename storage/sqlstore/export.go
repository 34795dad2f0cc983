package sqlstore

import (
	"bufio"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// A snapshot is JSON lines: a head, then for every table a line that names its
// columns followed by one array for each row, then an end with the number of
// rows and the SHA-256 of all bytes before it. It knows no database, so records
// move between SQLite and PostgreSQL.
const snapshotFormat = "onewindow-records/1"

type snapshotHead struct {
	Format string    `json:"format"`
	Schema int64     `json:"schema"` // version of the schema the rows are from
	At     time.Time `json:"at"`
}

type snapshotTable struct {
	Table   string   `json:"table"`
	Columns []string `json:"columns"`
}

type snapshotEnd struct {
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"`
}

// Export writes all records as they are at one moment, while others go on
// working. It holds one row at a time.
func (s *Store) Export(ctx context.Context, w io.Writer) error {
	v, err := s.Schema(ctx)
	if err != nil {
		return fmt.Errorf("export records: %w", err)
	}
	err = s.at(ctx, func(q querier) error {
		e := newExporter(w)
		if err := e.line(snapshotHead{Format: snapshotFormat, Schema: v.Version, At: time.Now().UTC()}); err != nil {
			return err
		}
		for _, t := range tables() {
			if err := e.table(ctx, q, t); err != nil {
				return fmt.Errorf("table %s: %w", t.name, err)
			}
		}
		return e.end()
	})
	return wrap("export records", err)
}

type exporter struct {
	out  *bufio.Writer
	sum  io.Writer
	hash func() []byte
	rows int64
}

func newExporter(w io.Writer) *exporter {
	h := sha256.New()
	return &exporter{out: bufio.NewWriterSize(w, 1<<16), sum: h, hash: func() []byte { return h.Sum(nil) }}
}

func (e *exporter) line(v any) error {
	text, err := encode(v)
	if err != nil {
		return err
	}
	_, err = io.WriteString(io.MultiWriter(e.out, e.sum), text+"\n")
	return err
}

func (e *exporter) table(ctx context.Context, q querier, t table) error {
	rows, err := q.QueryContext(ctx, "SELECT * FROM "+t.name+" ORDER BY "+t.key)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	if err := e.line(snapshotTable{Table: t.name, Columns: columns}); err != nil {
		return err
	}
	for rows.Next() {
		row, err := rowOf(rows, len(columns))
		if err != nil {
			return err
		}
		if err := e.line(row); err != nil {
			return err
		}
		e.rows++
	}
	return rows.Err()
}

func rowOf(rows *sql.Rows, width int) ([]any, error) {
	row, into := make([]any, width), make([]any, width)
	for i := range row {
		into[i] = &row[i]
	}
	if err := rows.Scan(into...); err != nil {
		return nil, err
	}
	for i, v := range row {
		switch x := v.(type) {
		case nil, int64, string:
		case []byte: // TEXT, as some drivers give it
			row[i] = string(x)
		default:
			return nil, fmt.Errorf("column %d holds a %T; only BIGINT and TEXT are portable", i, v)
		}
	}
	return row, nil
}

func (e *exporter) end() error {
	text, err := json.Marshal(snapshotEnd{Rows: e.rows, SHA256: hex.EncodeToString(e.hash())})
	if err != nil {
		return err
	}
	if _, err := e.out.Write(append(text, '\n')); err != nil {
		return err
	}
	return e.out.Flush()
}
