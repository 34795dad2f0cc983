-- What each sender sent of a day, for quotas.

-- +goose Up
CREATE TABLE usage_days (
    day       TEXT NOT NULL, -- 2006-01-02, Asia/Shanghai
    subject   TEXT NOT NULL, -- 'token:tok_…', 'account:name' or 'unit:housing'
    documents BIGINT NOT NULL,
    bytes     BIGINT NOT NULL,
    PRIMARY KEY (day, subject)
);
