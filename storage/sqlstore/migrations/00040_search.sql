-- Words to search for: the text of each page, page 0 being what is known of the
-- document itself, and the pairs of characters that stand in it.

-- +goose Up
CREATE TABLE page_texts (
    document TEXT COLLATE "C" NOT NULL REFERENCES documents (id),
    page     BIGINT NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (document, page)
);

CREATE TABLE page_tokens (
    token    TEXT COLLATE "C" NOT NULL,
    document TEXT COLLATE "C" NOT NULL REFERENCES documents (id),
    page     BIGINT NOT NULL,
    PRIMARY KEY (token, document, page)
);
CREATE INDEX page_tokens_document ON page_tokens (document, page);
