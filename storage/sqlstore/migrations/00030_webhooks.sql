-- Who is told of events by calls, and the calls that are still to be made.

-- +goose Up
CREATE TABLE webhooks (
    id          TEXT COLLATE "C" PRIMARY KEY,
    url         TEXT NOT NULL,
    label       TEXT NOT NULL,
    secret      TEXT NOT NULL,   -- signs every call, so it has to be kept
    types       TEXT NOT NULL,   -- comma separated, 'result.*' for a family
    unit        TEXT NOT NULL,   -- '' for everything
    active      BIGINT NOT NULL,
    created     BIGINT NOT NULL,
    created_by  TEXT NOT NULL,
    position    BIGINT NOT NULL, -- last event that was looked at
    lease_owner TEXT NOT NULL DEFAULT '',
    lease_until BIGINT NOT NULL DEFAULT 0
);

-- A line is what stays in order: a project, else a document or a result.
CREATE TABLE deliveries (
    webhook  TEXT COLLATE "C" NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    seq      BIGINT NOT NULL,
    line     TEXT COLLATE "C" NOT NULL,
    state    TEXT NOT NULL, -- 'due', 'done' or 'dead'
    attempt  BIGINT NOT NULL DEFAULT 0,
    due_at   BIGINT NOT NULL,
    status   BIGINT NOT NULL DEFAULT 0,
    problem  TEXT NOT NULL DEFAULT '',
    ended_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (webhook, seq)
);
CREATE INDEX deliveries_lines ON deliveries (webhook, line, seq) WHERE state = 'due';
CREATE INDEX deliveries_due ON deliveries (webhook, due_at) WHERE state = 'due';
CREATE INDEX deliveries_state ON deliveries (webhook, state, seq);
