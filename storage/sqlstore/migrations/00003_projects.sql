-- Who sent a document, so that an applicant's list is one index away; who belongs
-- to a project; and projects by the name that stands on paper.

-- +goose Up
ALTER TABLE documents ADD COLUMN sender TEXT NOT NULL DEFAULT '';
-- Until now the sender stood in the JSON only. A quote inside a JSON text is
-- escaped, so the pattern can match nothing but the key itself.
UPDATE documents SET sender = COALESCE((SELECT MIN(a.name) FROM accounts a
    WHERE replace(documents.origin, '"by":"' || a.name || '"', '') <> documents.origin), '');
CREATE INDEX documents_sender ON documents (sender, id);

CREATE TABLE project_members (
    project  TEXT COLLATE "C" NOT NULL,
    account  TEXT NOT NULL,
    added_by TEXT NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (project, account)
);
CREATE INDEX project_members_account ON project_members (account, project);

-- The expression is that of nameKey in projects.go, word for word.
CREATE INDEX projects_name ON projects ((replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(name, '（', '('), '）', ')'), '〔', '('), '〕', ')'), '【', '('), '】', ')'), '［', '('), '］', ')'), '[', '('), ']', ')'), ' ', ''), '　', '')));
