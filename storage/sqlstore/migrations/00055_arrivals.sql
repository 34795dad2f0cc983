-- The ledger of the hot folders: what became of every path that was seen.

-- +goose Up
CREATE TABLE arrivals (
    id         TEXT COLLATE "C" PRIMARY KEY,
    inbox      TEXT COLLATE "C" NOT NULL,
    place      TEXT COLLATE "C" NOT NULL, -- digest of inbox and path: paths may be long and no UTF-8
    mark       TEXT NOT NULL DEFAULT '', -- size and time of the file, to know it again
    path       TEXT NOT NULL,
    hall       TEXT COLLATE "C" NOT NULL,
    window_no  TEXT NOT NULL,
    parent     TEXT COLLATE "C" NOT NULL DEFAULT '',
    token      TEXT COLLATE "C" NOT NULL DEFAULT '', -- of the claim; '' while the file lies where people see it
    outcome    TEXT NOT NULL,
    code       TEXT NOT NULL DEFAULT '',
    reason     TEXT NOT NULL DEFAULT '',
    document   TEXT COLLATE "C" NOT NULL DEFAULT '',
    receipt    TEXT NOT NULL DEFAULT '',
    held       TEXT NOT NULL DEFAULT '', -- name in the quarantine folder
    size       BIGINT NOT NULL DEFAULT 0,
    first_seen BIGINT NOT NULL,
    last_seen  BIGINT NOT NULL,
    changed    BIGINT NOT NULL,
    retry_by   TEXT NOT NULL DEFAULT ''
);
-- A path has one open arrival, a claim one arrival, a receipt one arrival.
CREATE UNIQUE INDEX arrivals_open ON arrivals (place) WHERE token = '' AND outcome IN ('waiting', 'ignored');
CREATE UNIQUE INDEX arrivals_token ON arrivals (token) WHERE token <> '';
CREATE UNIQUE INDEX arrivals_receipt ON arrivals (document) WHERE outcome = 'received';
CREATE INDEX arrivals_place ON arrivals (place);
CREATE INDEX arrivals_hall ON arrivals (hall, id);
CREATE INDEX arrivals_outcome ON arrivals (outcome, id);
CREATE INDEX arrivals_absent ON arrivals (inbox, last_seen) WHERE token = '' AND outcome = 'waiting';
CREATE INDEX arrivals_retry ON arrivals (inbox) WHERE retry_by <> '';
