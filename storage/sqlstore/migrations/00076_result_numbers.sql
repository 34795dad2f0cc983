-- The numbers of result documents that are generated here (V2.8): an item takes
-- one place in a series and keeps it.

-- +goose Up
CREATE TABLE result_series (
    series TEXT PRIMARY KEY,
    issued BIGINT NOT NULL
);

CREATE TABLE result_numbers (
    case_item TEXT COLLATE "C" NOT NULL,
    type      TEXT COLLATE "C" NOT NULL,
    series    TEXT NOT NULL,
    n         BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (case_item, type),
    UNIQUE (series, n)
);
