-- Filings of evidence beside those of new tickets, what is left to do after a create, and what trackers told last.
ALTER TABLE filing ADD COLUMN kind TEXT NOT NULL DEFAULT 'create';      -- create, evidence
ALTER TABLE filing ADD COLUMN evidence_id TEXT NOT NULL DEFAULT '';
ALTER TABLE filing ADD COLUMN completed INTEGER NOT NULL DEFAULT 0;     -- the link back and the attachment are there
ALTER TABLE filing ADD COLUMN checked INTEGER NOT NULL DEFAULT 0;       -- looked up once more, ten minutes after it was made
ALTER TABLE filing ADD COLUMN doubles TEXT;                             -- other tickets with its id, for a person to close
UPDATE filing SET completed = 1, checked = 1 WHERE state = 'confirmed';
DROP INDEX filing_live;
CREATE UNIQUE INDEX filing_live ON filing(tracker, external_id, generation, kind, evidence_id) WHERE state <> 'cancelled';

-- what is remembered of a connection: cursor of its polling, until when its tracker wants to be left alone
CREATE TABLE connection_state(connection TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY(connection, name)) WITHOUT ROWID;
CREATE TABLE ticket_state(tracker TEXT NOT NULL, ticket TEXT NOT NULL, outcome TEXT NOT NULL, status TEXT,
    memo TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(tracker, ticket)) WITHOUT ROWID;
