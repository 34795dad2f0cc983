-- Tokens that may do only some things, and when a credential was last used.

-- +goose Up
ALTER TABLE credentials ADD COLUMN actions TEXT NOT NULL DEFAULT ''; -- comma separated; '' all of the account's
ALTER TABLE credentials ADD COLUMN used BIGINT NOT NULL DEFAULT 0;   -- to the minute
