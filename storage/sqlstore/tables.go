package sqlstore

import (
	"context"
	"fmt"
)

// table is one table as backups see it.
type table struct {
	name string
	key  string // columns of the primary key: the order of an export
}

// bookkeeping are the tables that migrating makes anew: no part of a backup.
func bookkeeping() []string { return []string{"goose_db_version", "schema_compatibility"} }

// tables lists every table, those first that others refer to. A test compares
// it with the database, so that no table is missed by backups.
func tables() []table {
	return []table{
		{"counters", "name"},
		{"receipt_days", "day"},
		{"idempotency_keys", "scope, actor, idem_key"},
		{"documents", "id"},
		{"document_parts", "batch, first_page, last_page, entry"},
		{"tasks", "document, generation, step, page"},
		{"artifacts", "document, generation, kind, page"},
		{"page_texts", "document, page"},
		{"page_tokens", "token, document, page"},
		{"projects", "code"},
		{"results", "id"},
		{"reliances", "id"},
		{"events", "seq"},
		{"audit", "seq"},
		{"accounts", "id"},
		{"credentials", "hash"},
		{"copies", "result, digest"},
		{"project_members", "project, account"},
		{"project_names", "name, project"},
		{"registrations", "code"},
		{"case_days", "division, day"},
		{"cases", "id"},
		{"case_items", "id"},
		{"filings", "id"},
		{"cursors", "name"},
		{"notice_series", "series, prefix, day"},
		{"notices", "id"},
		{"result_series", "series"},
		{"result_numbers", "case_item, type"},
		{"register_entries", "id"},
		{"webhooks", "id"},
		{"deliveries", "webhook, seq"},
		{"moves", "seq"},
		{"move_days", "division, day, unit, stage, channel, action"},
		{"milestones", "id"},
		{"settings", "name, version"},
		{"catalogues", "version"},
		{"arrivals", "id"},
		{"arrivals_pruned", "hall, outcome"},
		{"usage_days", "day, subject"},
	}
}

// Counts counts the rows of every table, all at one moment.
func (s *Store) Counts(ctx context.Context) (out map[string]int64, err error) {
	err = s.retry(ctx, func() error {
		out = map[string]int64{}
		return s.at(ctx, func(q querier) error {
			for _, t := range tables() {
				var n int64
				if err := q.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+t.name).Scan(&n); err != nil {
					return fmt.Errorf("count %s: %w", t.name, err)
				}
				out[t.name] = n
			}
			return nil
		})
	})
	return out, wrap("count rows", err)
}
