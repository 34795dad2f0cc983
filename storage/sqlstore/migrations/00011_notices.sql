-- Notices, and the series that number them.

-- +goose Up
CREATE TABLE notice_series (
    series TEXT NOT NULL, -- hall or division
    prefix TEXT NOT NULL,
    day    TEXT NOT NULL, -- yyyymmdd in Asia/Shanghai
    issued BIGINT NOT NULL,
    PRIMARY KEY (series, prefix, day)
);

CREATE TABLE notices (
    id        TEXT COLLATE "C" PRIMARY KEY,
    series    TEXT NOT NULL,
    number    TEXT NOT NULL,
    kind      TEXT NOT NULL,
    division  TEXT NOT NULL,
    project   TEXT NOT NULL,
    case_id   TEXT NOT NULL,
    case_item TEXT NOT NULL,
    code      TEXT NOT NULL,
    file      TEXT NOT NULL DEFAULT '', -- digest of the PDF; '' while it is not printed
    size      BIGINT NOT NULL DEFAULT 0,
    served    TEXT NOT NULL DEFAULT '', -- JSON
    data      TEXT NOT NULL,            -- JSON, as issued
    UNIQUE (series, number)
);
CREATE UNIQUE INDEX notices_code ON notices (code);
CREATE INDEX notices_case ON notices (case_id, id);
CREATE INDEX notices_item ON notices (case_item, id);
CREATE INDEX notices_project ON notices (project, id);
CREATE INDEX notices_unprinted ON notices (id) WHERE file = '';
