-- What is counted on every look at the dashboard is read from indexes alone.

-- +goose Up
CREATE INDEX moves_counted ON moves (division, at, action, unit, stage, item, channel, hall, counter, officer, late, used, overridden, case_id);
CREATE INDEX case_items_states ON case_items (division, unit, state);
CREATE INDEX case_items_late ON case_items (division, open, due_at, unit);
CREATE INDEX moves_late ON moves (division, seq) WHERE late = 1 AND used >= 0;
