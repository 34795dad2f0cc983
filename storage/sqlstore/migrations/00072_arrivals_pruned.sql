-- How many lines of the hot folders' ledger were dropped for their age, so that the
-- counts still tell of every file ever seen.

-- +goose Up
CREATE TABLE arrivals_pruned (
    hall    TEXT COLLATE "C" NOT NULL,
    outcome TEXT NOT NULL,
    files   BIGINT NOT NULL,
    PRIMARY KEY (hall, outcome)
);
CREATE INDEX arrivals_changed ON arrivals (changed);
