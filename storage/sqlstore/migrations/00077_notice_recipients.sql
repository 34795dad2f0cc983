-- Whom a notice is for, so that people find what they were sent outside any case:
-- replies and the notice on classified papers.

-- +goose Up
ALTER TABLE notices ADD COLUMN recipient TEXT NOT NULL DEFAULT '';
CREATE INDEX notices_recipient ON notices (recipient, id) WHERE recipient <> '';
