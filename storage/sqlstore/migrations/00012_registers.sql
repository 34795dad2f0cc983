-- The registers of windows and units: consultations, inquiries, complaints, …

-- +goose Up
CREATE TABLE register_entries (
    id       TEXT COLLATE "C" PRIMARY KEY,
    register TEXT NOT NULL,
    number   TEXT NOT NULL,
    state    TEXT NOT NULL,
    open     BIGINT NOT NULL,
    division TEXT NOT NULL,
    unit     TEXT NOT NULL,
    hall     TEXT NOT NULL,
    project  TEXT COLLATE "C" NOT NULL,
    case_id  TEXT COLLATE "C" NOT NULL,
    parent   TEXT COLLATE "C" NOT NULL,
    owner    TEXT NOT NULL,
    due_at   BIGINT NOT NULL, -- ms; 9223372036854775807 when nothing runs
    created  BIGINT NOT NULL,
    version  BIGINT NOT NULL,
    body     TEXT NOT NULL -- JSON
);
CREATE INDEX register_entries_unit ON register_entries (register, division, unit, open, due_at, id);
CREATE INDEX register_entries_owner ON register_entries (register, owner, id);
CREATE INDEX register_entries_project ON register_entries (register, project, id);
CREATE INDEX register_entries_parent ON register_entries (parent, id);
CREATE INDEX register_entries_due ON register_entries (due_at, id) WHERE open = 1;
CREATE INDEX register_entries_number ON register_entries (register, number);
