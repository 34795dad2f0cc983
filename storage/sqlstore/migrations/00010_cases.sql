-- Projects as registered, cases, their items and what is in their checklists.

-- +goose Up
CREATE TABLE registrations (
    code     TEXT COLLATE "C" PRIMARY KEY,
    division TEXT NOT NULL,
    actor    TEXT NOT NULL,
    version  BIGINT NOT NULL,
    data     TEXT NOT NULL -- JSON
);
CREATE INDEX registrations_division ON registrations (division, code);
CREATE INDEX registrations_actor ON registrations (actor, code);

-- Numbers of cases: without gaps within a division and day.
CREATE TABLE case_days (
    division TEXT NOT NULL,
    day      TEXT NOT NULL, -- yyyymmdd in Asia/Shanghai
    issued   BIGINT NOT NULL,
    PRIMARY KEY (division, day)
);

CREATE TABLE cases (
    id        TEXT COLLATE "C" PRIMARY KEY,
    number    TEXT NOT NULL UNIQUE,
    code      TEXT NOT NULL, -- for asking without a login
    project   TEXT COLLATE "C" NOT NULL,
    division  TEXT NOT NULL,
    stage     TEXT NOT NULL,
    channel   TEXT NOT NULL,
    hall      TEXT NOT NULL,
    applicant TEXT NOT NULL,
    submitted BIGINT NOT NULL,
    version   BIGINT NOT NULL,
    data      TEXT NOT NULL -- JSON
);
CREATE INDEX cases_project ON cases (project, id);
CREATE INDEX cases_division ON cases (division, id);
CREATE INDEX cases_applicant ON cases (applicant, id);
CREATE INDEX cases_hall ON cases (hall, id);

CREATE TABLE case_items (
    id       TEXT COLLATE "C" PRIMARY KEY,
    case_id  TEXT COLLATE "C" NOT NULL REFERENCES cases (id),
    project  TEXT COLLATE "C" NOT NULL,
    item     TEXT NOT NULL,
    stage    TEXT NOT NULL,
    unit     TEXT NOT NULL,
    division TEXT NOT NULL,
    channel  TEXT NOT NULL,
    state    TEXT NOT NULL,
    open     BIGINT NOT NULL, -- 1 while the unit or the applicant has something to do
    due_at   BIGINT NOT NULL, -- ms; 9223372036854775807 when nothing runs, so that it sorts last
    version  BIGINT NOT NULL,
    data     TEXT NOT NULL -- JSON
);
CREATE INDEX case_items_case ON case_items (case_id, id);
CREATE INDEX case_items_project ON case_items (project, id);
CREATE INDEX case_items_unit ON case_items (division, unit, open, due_at, id);
CREATE INDEX case_items_stage ON case_items (division, stage, open, due_at, id);
CREATE INDEX case_items_due ON case_items (due_at, id) WHERE open = 1;

CREATE TABLE filings (
    id       TEXT COLLATE "C" PRIMARY KEY,
    case_id  TEXT COLLATE "C" NOT NULL REFERENCES cases (id),
    material TEXT NOT NULL,
    document TEXT NOT NULL,
    result   TEXT NOT NULL,
    removed  BIGINT NOT NULL DEFAULT 0, -- ms; 0: it is there
    data     TEXT NOT NULL -- JSON
);
CREATE INDEX filings_case ON filings (case_id, id);
CREATE INDEX filings_document ON filings (document);
CREATE UNIQUE INDEX filings_once ON filings (case_id, material, document, result) WHERE removed = 0;

-- How far followers of the events have come.
CREATE TABLE cursors (
    name TEXT PRIMARY KEY,
    seq  BIGINT NOT NULL
);
