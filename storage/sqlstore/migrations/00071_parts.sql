-- What batches and archives were taken apart into: each part once.

-- +goose Up
CREATE TABLE document_parts (
    batch      TEXT COLLATE "C" NOT NULL REFERENCES documents (id),
    first_page BIGINT NOT NULL, -- 0 for a file of an archive
    last_page  BIGINT NOT NULL,
    entry      TEXT COLLATE "C" NOT NULL, -- digest of the file's name in the archive, '' for pages
    document   TEXT COLLATE "C" NOT NULL REFERENCES documents (id),
    PRIMARY KEY (batch, first_page, last_page, entry)
);
CREATE UNIQUE INDEX document_parts_document ON document_parts (document);
