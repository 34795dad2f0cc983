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

-- Every name a project was printed with: the works on a permit and the project of
-- its filing differ by a word. Names are kept with plain brackets, without spaces.
CREATE TABLE project_names (
    name    TEXT NOT NULL,
    project TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (name, project)
);
INSERT INTO project_names (name, project)
SELECT replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(name, '（', '('), '）', ')'), '〔', '('), '〕', ')'), '【', '('), '】', ')'), '［', '('), '］', ')'), '[', '('), ']', ')'), ' ', ''), '　', ''), code
FROM projects WHERE name <> '';
