-- Every move of an item of a case, as supervision counts them; milestones and
-- settings of supervision.

-- +goose Up
CREATE TABLE moves (
    seq         BIGINT PRIMARY KEY, -- of the event that tells of it
    at          BIGINT NOT NULL,    -- ms; when it legally took place
    case_id     TEXT NOT NULL,
    case_item   TEXT NOT NULL,
    action      TEXT NOT NULL,
    state       TEXT NOT NULL,      -- after it
    division    TEXT NOT NULL,
    unit        TEXT NOT NULL,
    stage       TEXT NOT NULL,
    item        TEXT NOT NULL,
    channel     TEXT NOT NULL,
    hall        TEXT NOT NULL,
    counter     TEXT NOT NULL,      -- number of the window
    officer     TEXT NOT NULL,      -- account that did it; '' is time
    late        BIGINT NOT NULL,    -- 1: ended after its limit
    used        BIGINT NOT NULL,    -- working days the limit ran until the end; -1: no limit ended
    overridden  BIGINT NOT NULL     -- 1: a further correction that a supervisor ordered
);
CREATE INDEX moves_division ON moves (division, at);
CREATE INDEX moves_unit ON moves (unit, at);
CREATE INDEX moves_at ON moves (at);

CREATE TABLE milestones (
    id       TEXT COLLATE "C" PRIMARY KEY,
    division TEXT NOT NULL,
    due      TEXT NOT NULL, -- YYYY-MM-DD
    data     TEXT NOT NULL  -- JSON
);
CREATE INDEX milestones_division ON milestones (division, due, id);

-- What a city may set; every version stays.
CREATE TABLE settings (
    name    TEXT NOT NULL,
    version BIGINT NOT NULL,
    actor   TEXT NOT NULL,
    at      BIGINT NOT NULL,
    data    TEXT NOT NULL, -- JSON
    PRIMARY KEY (name, version)
);
