-- Moves of whole days added up, so that figures of a month or a year need not read
-- each. The counter says up to which event.

-- +goose Up
CREATE TABLE move_days (
    division   TEXT COLLATE "C" NOT NULL,
    day        BIGINT NOT NULL, -- days since 1970 in China
    unit       TEXT COLLATE "C" NOT NULL,
    stage      TEXT COLLATE "C" NOT NULL,
    channel    TEXT COLLATE "C" NOT NULL,
    action     TEXT COLLATE "C" NOT NULL,
    moves      BIGINT NOT NULL,
    late       BIGINT NOT NULL,
    used       BIGINT NOT NULL,
    measured   BIGINT NOT NULL,
    overridden BIGINT NOT NULL,
    PRIMARY KEY (division, day, unit, stage, channel, action)
);
INSERT INTO counters (name, value) VALUES ('moves_added_up', 0);
