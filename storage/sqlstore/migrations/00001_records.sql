-- The first schema. Frozen once released: changes go into later files.
--
-- One text serves PostgreSQL and SQLite (the loader takes COLLATE "C" out for
-- SQLite, which compares bytes anyway). So: only BIGINT and TEXT; times are
-- milliseconds since 1970 in UTC, 0 meaning never; booleans are 0 and 1; JSON is
-- TEXT. A new table goes into the list in tables.go, or backups would miss it.

-- +goose Up
CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value BIGINT NOT NULL,
    hash  TEXT NOT NULL DEFAULT '' -- of the last audit row
);
INSERT INTO counters (name, value) VALUES ('event', 0);
INSERT INTO counters (name, value) VALUES ('audit', 0);

CREATE TABLE receipt_days (
    day    TEXT PRIMARY KEY, -- yyyymmdd in Asia/Shanghai
    issued BIGINT NOT NULL
);

CREATE TABLE idempotency_keys (
    scope    TEXT NOT NULL, -- 'document' or 'result'
    actor    TEXT NOT NULL,
    idem_key TEXT NOT NULL,
    digest   TEXT NOT NULL,
    ref      TEXT NOT NULL, -- ID of what was made
    at       BIGINT NOT NULL,
    PRIMARY KEY (scope, actor, idem_key)
);

CREATE TABLE documents (
    id             TEXT COLLATE "C" PRIMARY KEY,
    receipt        TEXT NOT NULL UNIQUE,
    original       TEXT NOT NULL,
    size           BIGINT NOT NULL,
    filename       TEXT NOT NULL,
    media_type     TEXT NOT NULL DEFAULT '',
    generation     BIGINT NOT NULL,
    state          TEXT NOT NULL,
    lane           TEXT NOT NULL,
    project        TEXT NOT NULL,
    unit           TEXT NOT NULL,
    origin         TEXT NOT NULL, -- JSON
    pages          BIGINT NOT NULL DEFAULT 0,
    pages_read     BIGINT NOT NULL DEFAULT 0,
    classification TEXT NOT NULL DEFAULT '', -- JSON or ''
    fields         TEXT NOT NULL DEFAULT '', -- JSON or ''
    findings       TEXT NOT NULL DEFAULT '', -- JSON or ''
    refusal        TEXT NOT NULL DEFAULT '', -- JSON or ''
    publication    TEXT NOT NULL DEFAULT '', -- JSON or ''
    version        BIGINT NOT NULL,
    received_at    BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL
);
CREATE INDEX documents_state ON documents (state, id);
CREATE INDEX documents_project ON documents (project, id);
CREATE INDEX documents_unit ON documents (unit, id);
CREATE INDEX documents_original ON documents (original, id);

CREATE TABLE tasks (
    document   TEXT COLLATE "C" NOT NULL REFERENCES documents (id),
    generation BIGINT NOT NULL,
    step       TEXT NOT NULL,
    page       BIGINT NOT NULL,
    lane       TEXT NOT NULL,
    state      TEXT NOT NULL,
    attempt    BIGINT NOT NULL DEFAULT 0,
    fence      BIGINT NOT NULL DEFAULT 0,
    owner      TEXT NOT NULL DEFAULT '',
    due_at     BIGINT, -- when somebody may take it: not-before while ready, end of lease while claimed, else NULL
    rung_at    BIGINT NOT NULL DEFAULT 0, -- last time somebody was told; 0 asks the sweeper to tell
    code       TEXT NOT NULL DEFAULT '',
    reason     TEXT NOT NULL DEFAULT '',
    detail     TEXT NOT NULL DEFAULT '',
    started_at BIGINT NOT NULL DEFAULT 0,
    ended_at   BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (document, generation, step, page)
);
CREATE INDEX tasks_waiting ON tasks (lane, rung_at, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX tasks_open ON tasks (document, generation, step, state, page, lane)
    WHERE state IN ('held', 'ready', 'claimed', 'parked');
CREATE INDEX tasks_parked ON tasks (ended_at) WHERE state = 'parked';

CREATE TABLE artifacts (
    document   TEXT COLLATE "C" NOT NULL REFERENCES documents (id),
    generation BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    page       BIGINT NOT NULL,
    digest     TEXT NOT NULL,
    size       BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    PRIMARY KEY (document, generation, kind, page)
);

CREATE TABLE projects (
    code    TEXT COLLATE "C" PRIMARY KEY,
    name    TEXT NOT NULL,
    builder TEXT NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE results (
    id         TEXT COLLATE "C" PRIMARY KEY,
    lineage    TEXT COLLATE "C" NOT NULL,
    version    BIGINT NOT NULL,
    type       TEXT NOT NULL,
    status     TEXT NOT NULL,
    project    TEXT NOT NULL,
    unit       TEXT NOT NULL,
    number     TEXT NOT NULL,
    code       TEXT NOT NULL,
    data       TEXT NOT NULL, -- JSON of the result as published
    ended_at   BIGINT NOT NULL DEFAULT 0,
    ended_by   TEXT NOT NULL DEFAULT '',
    end_reason TEXT NOT NULL DEFAULT '',
    successor  TEXT NOT NULL DEFAULT '',
    UNIQUE (lineage, version)
);
CREATE UNIQUE INDEX results_code ON results (code) WHERE code <> '';
CREATE UNIQUE INDEX results_current ON results (lineage) WHERE status = 'published';
CREATE INDEX results_project ON results (project, id);
CREATE INDEX results_type ON results (type, id);
CREATE INDEX results_unit ON results (unit, id);
CREATE INDEX results_number ON results (number, id);

CREATE TABLE reliances (
    id          TEXT COLLATE "C" PRIMARY KEY,
    result      TEXT COLLATE "C" NOT NULL REFERENCES results (id),
    version     BIGINT NOT NULL,
    project     TEXT NOT NULL,
    item        TEXT NOT NULL,
    material    TEXT NOT NULL,
    case_number TEXT NOT NULL,
    actor       TEXT NOT NULL,
    at          BIGINT NOT NULL,
    flag        TEXT NOT NULL DEFAULT '',
    flag_at     BIGINT NOT NULL DEFAULT 0,
    UNIQUE (result, item, case_number)
);
CREATE INDEX reliances_item ON reliances (project, item);

CREATE TABLE events (
    seq      BIGINT PRIMARY KEY,
    at       BIGINT NOT NULL,
    type     TEXT NOT NULL,
    document TEXT NOT NULL,
    result   TEXT NOT NULL,
    project  TEXT NOT NULL,
    unit     TEXT NOT NULL,
    data     TEXT NOT NULL -- JSON or ''
);

CREATE TABLE audit (
    seq    BIGINT PRIMARY KEY,
    at     BIGINT NOT NULL,
    actor  TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL, -- JSON or ''
    prev   TEXT NOT NULL,
    hash   TEXT NOT NULL
);
CREATE INDEX audit_object ON audit (object, seq);
