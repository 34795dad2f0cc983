-- The oldest program that may work with this schema: the number of the newest
-- migration it knows. While a fleet is upgraded, two versions run side by side.

-- +goose Up
CREATE TABLE schema_compatibility (
    oldest_program BIGINT NOT NULL
);
INSERT INTO schema_compatibility (oldest_program) VALUES (0);
