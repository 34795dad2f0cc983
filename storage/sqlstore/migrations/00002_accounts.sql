-- Who may log in, and the digests of traced copies.

-- +goose Up
CREATE TABLE accounts (
    id       TEXT COLLATE "C" PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL, -- argon2id
    roles    TEXT NOT NULL, -- comma separated
    unit     TEXT NOT NULL,
    division TEXT NOT NULL,
    hall     TEXT NOT NULL,
    active   BIGINT NOT NULL,
    created  BIGINT NOT NULL
);

CREATE TABLE credentials (
    hash    TEXT PRIMARY KEY, -- SHA-256 of the secret
    kind    TEXT NOT NULL,    -- 'session' or 'token'
    account TEXT NOT NULL,
    label   TEXT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL   -- 0: never
);
CREATE INDEX credentials_account ON credentials (account);

CREATE TABLE copies (
    result TEXT NOT NULL,
    digest TEXT NOT NULL,
    actor  TEXT NOT NULL,
    unit   TEXT NOT NULL,
    at     BIGINT NOT NULL,
    PRIMARY KEY (result, digest)
);
