-- Published versions of the catalogue, with their files.

-- +goose Up
CREATE TABLE catalogues (
    version        TEXT COLLATE "C" PRIMARY KEY,
    effective_from TEXT NOT NULL, -- YYYY-MM-DD
    digest         TEXT NOT NULL,
    published_at   BIGINT NOT NULL, -- ms
    actor          TEXT NOT NULL,
    files          TEXT NOT NULL -- JSON: name -> text
);
