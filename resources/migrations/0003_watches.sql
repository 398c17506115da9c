-- Folders that are watched, and what became of each file in them. \source contracts/sources.md 6

CREATE TABLE watch(
    id INTEGER PRIMARY KEY,
    folder TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    format TEXT NOT NULL,
    mapping TEXT NOT NULL,          -- JSON as in a mapping file; empty: by names
    columns TEXT NOT NULL,          -- columns seen so far that go into no field, one a line
    added_at INTEGER NOT NULL);

CREATE TABLE watched_file(
    watch INTEGER NOT NULL REFERENCES watch(id) ON DELETE CASCADE,
    path TEXT NOT NULL,             -- relative to the folder
    size INTEGER NOT NULL,
    mtime INTEGER NOT NULL,         -- nanoseconds since 1970
    sha256 BLOB,                    -- of what was read; NULL: not read to its end
    records INTEGER NOT NULL,       -- committed
    outcome TEXT NOT NULL,          -- imported, known, failed
    detail TEXT NOT NULL,           -- why it failed
    hashed_at INTEGER NOT NULL,
    PRIMARY KEY(watch, path)) WITHOUT ROWID;
CREATE INDEX watched_file_sha256 ON watched_file(watch, sha256);
