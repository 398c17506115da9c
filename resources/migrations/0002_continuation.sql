-- Whose incident a segment continues that has no place in the current partition yet: the words of its record were
-- edited, or cut or masked in another way, since the last run. Emptied by each run.
CREATE TABLE continuation(segment INTEGER PRIMARY KEY, incident INTEGER NOT NULL);
