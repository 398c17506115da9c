-- Layer by layer, as design.md names them. Tables are joined by integer rowids; derived ids are columns found through
-- an index on their first eight bytes. Times are milliseconds since 1970 UTC.

CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- Bronze -------------------------------------------------------------------------------------------------------------
CREATE TABLE raw_payload(
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    name TEXT NOT NULL,             -- file name without its folder, or request
    format TEXT NOT NULL,
    sha256 BLOB,                    -- of the whole file, known when it was read to its end
    bytes INTEGER,
    received_at INTEGER NOT NULL,
    columns TEXT);                  -- canonical field and column, one a line

CREATE TABLE record(
    id INTEGER PRIMARY KEY,
    identity INTEGER NOT NULL,      -- first 8 bytes of SHA-256(source U+001F source_record_id)
    source TEXT NOT NULL,
    source_record_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    current INTEGER NOT NULL,       -- 1: the newest version of its identity
    version_hash BLOB NOT NULL,
    payload INTEGER NOT NULL REFERENCES raw_payload(id),
    origin TEXT,
    author_id TEXT,
    channel TEXT NOT NULL,
    created_at INTEGER,
    updated_at INTEGER,
    language TEXT,
    rating REAL,
    rating_scale TEXT,
    product TEXT,
    app_version TEXT,
    os TEXT,
    os_version TEXT,
    device TEXT,
    region TEXT,
    country TEXT,
    plan_tier TEXT,
    account_id TEXT,
    thread_id TEXT,
    flags INTEGER NOT NULL,
    tombstone INTEGER NOT NULL,
    ingested_at INTEGER NOT NULL,
    connector TEXT,
    batch_id TEXT,
    wrapped_key BLOB,               -- the slice's own key where there is no author, wrapped by the workspace key
    sealed BLOB NOT NULL);          -- title, body, author name, url, raw payload
CREATE INDEX record_identity ON record(identity);
CREATE INDEX record_author ON record(author_id) WHERE author_id IS NOT NULL;

CREATE TABLE author_key(author_id TEXT PRIMARY KEY, wrapped_key BLOB NOT NULL) WITHOUT ROWID;

CREATE TABLE reject(
    id INTEGER PRIMARY KEY,
    payload INTEGER NOT NULL REFERENCES raw_payload(id),
    identity BLOB NOT NULL UNIQUE,  -- keyed hash of place and bytes: a file read again rejects nothing twice
    place TEXT NOT NULL,
    reason TEXT NOT NULL,
    wrapped_key BLOB NOT NULL,
    sealed BLOB NOT NULL,
    received_at INTEGER NOT NULL);

CREATE TABLE cursor(name TEXT PRIMARY KEY, position TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;

-- who was erased: a keyed commitment that refuses the person at every later import
CREATE TABLE erased(commitment BLOB PRIMARY KEY, event TEXT NOT NULL) WITHOUT ROWID;

-- Silver: the id of a feedback is its record's -----------------------------------------------------------------------
CREATE TABLE feedback(
    id INTEGER PRIMARY KEY REFERENCES record(id),
    uid TEXT NOT NULL,
    uid8 INTEGER NOT NULL,
    text TEXT NOT NULL,             -- masked
    text_hash BLOB NOT NULL,
    title_bytes INTEGER NOT NULL,   -- of the normalised text
    to_normalised BLOB NOT NULL,
    to_record BLOB NOT NULL,
    record_title_bytes INTEGER NOT NULL,
    lang TEXT NOT NULL,
    lang_score REAL NOT NULL,
    product TEXT,
    component_hint TEXT,
    app_version TEXT,
    os TEXT,
    device TEXT,
    plan_tier TEXT,
    account_id TEXT,
    country TEXT,
    region TEXT,
    channel TEXT NOT NULL,
    rating REAL,
    author TEXT,
    at INTEGER);
CREATE INDEX feedback_uid8 ON feedback(uid8);

CREATE TABLE pii_span(
    feedback INTEGER NOT NULL REFERENCES feedback(id),
    source_start INTEGER NOT NULL,
    source_end INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    type TEXT NOT NULL,
    score REAL NOT NULL,
    detector TEXT NOT NULL,
    pseudonym TEXT NOT NULL,
    PRIMARY KEY(feedback, start)) WITHOUT ROWID;

-- only members that are not their own representative
CREATE TABLE duplicate_group(
    feedback INTEGER PRIMARY KEY REFERENCES feedback(id),
    representative INTEGER NOT NULL REFERENCES feedback(id),
    similarity REAL NOT NULL);
CREATE INDEX duplicate_group_representative ON duplicate_group(representative);

-- id = feedback × 65536 + ordinal
CREATE TABLE segment(
    id INTEGER PRIMARY KEY,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    issue INTEGER NOT NULL);

-- masks that a person added (type) or lifted (no type), in the normalised text
CREATE TABLE mask_edit(
    event TEXT PRIMARY KEY,
    feedback_uid TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    type TEXT) WITHOUT ROWID;

-- context --------------------------------------------------------------------------------------------------------------
CREATE TABLE account(id TEXT PRIMARY KEY, name TEXT, plan_tier TEXT, revenue REAL NOT NULL, region TEXT) WITHOUT ROWID;
CREATE TABLE signal(name TEXT NOT NULL, at INTEGER NOT NULL, value REAL NOT NULL, PRIMARY KEY(name, at)) WITHOUT ROWID;
CREATE TABLE known_ticket(
    id TEXT PRIMARY KEY, title TEXT NOT NULL, body TEXT, status TEXT, component TEXT, created INTEGER,
    resolved INTEGER, fix_version TEXT) WITHOUT ROWID;
CREATE TABLE release(version TEXT PRIMARY KEY, date INTEGER, notes TEXT) WITHOUT ROWID;

-- findings: id = segment × 16 + ordinal ----------------------------------------------------------------------------------
CREATE TABLE extraction(
    id INTEGER PRIMARY KEY,
    engine TEXT NOT NULL,
    model TEXT NOT NULL,
    schema INTEGER NOT NULL,
    prompt TEXT,
    UNIQUE(engine, model, schema, prompt));

CREATE TABLE finding(
    id INTEGER PRIMARY KEY,
    extraction INTEGER NOT NULL REFERENCES extraction(id),
    type INTEGER NOT NULL,
    severity INTEGER NOT NULL,
    component TEXT,
    symptom TEXT,
    confidence REAL NOT NULL,
    abstained INTEGER NOT NULL,
    detail TEXT NOT NULL);          -- JSON: types, component_p, severity_p, flags, conditions, suggested_action

CREATE TABLE hypothesis(
    finding INTEGER NOT NULL, ordinal INTEGER NOT NULL, label TEXT NOT NULL, p REAL NOT NULL, basis TEXT,
    PRIMARY KEY(finding, ordinal)) WITHOUT ROWID;

-- the quote's words are those of the masked text at these offsets
CREATE TABLE evidence(
    finding INTEGER NOT NULL, ordinal INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    supports TEXT NOT NULL, PRIMARY KEY(finding, ordinal)) WITHOUT ROWID;

-- what models answered: received, stored once, never asked again by a replay
CREATE TABLE model_answer(
    key BLOB PRIMARY KEY, feedback_uid TEXT NOT NULL, engine TEXT NOT NULL, model TEXT NOT NULL, prompt TEXT,
    schema TEXT, answer TEXT NOT NULL, received_at INTEGER NOT NULL) WITHOUT ROWID;

-- incidents ------------------------------------------------------------------------------------------------------------
CREATE TABLE vector(
    segment INTEGER PRIMARY KEY, space TEXT NOT NULL, node BLOB NOT NULL, data BLOB NOT NULL);

CREATE TABLE incident(id INTEGER PRIMARY KEY, uid TEXT NOT NULL, uid8 INTEGER NOT NULL);
CREATE UNIQUE INDEX incident_uid ON incident(uid8, uid);

-- names, append-only and received: a rebuild reads which group bears which id. anchor: the group's smallest segment id;
-- NULL: the id no longer names a group. parent: the incident it was split from. heir: the incident it went into.
CREATE TABLE naming(
    run TEXT NOT NULL, incident TEXT NOT NULL, anchor TEXT, kind TEXT NOT NULL, other TEXT,
    PRIMARY KEY(run, incident)) WITHOUT ROWID;

CREATE TABLE alias(uid TEXT PRIMARY KEY, incident TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE incident_snapshot(
    snapshot INTEGER NOT NULL, incident INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY(snapshot, incident)) WITHOUT ROWID;

CREATE TABLE membership(
    snapshot INTEGER NOT NULL, incident INTEGER NOT NULL, segment INTEGER NOT NULL,
    PRIMARY KEY(snapshot, incident, segment)) WITHOUT ROWID;
CREATE INDEX membership_segment ON membership(segment);

-- people's word on which quotes belong together; resolved anew by each run
CREATE TABLE "constraint"(
    event TEXT NOT NULL, ordinal INTEGER NOT NULL, kind TEXT NOT NULL, -- must, cannot
    a TEXT NOT NULL, b TEXT NOT NULL,                                  -- segment ids when it was made
    undone INTEGER NOT NULL DEFAULT 0,
    superseded TEXT,                                                   -- the later event that took its place
    state TEXT NOT NULL DEFAULT 'resolved',                            -- resolved, needs_a_look
    PRIMARY KEY(event, ordinal)) WITHOUT ROWID;
CREATE INDEX constraint_a ON "constraint"(a);
CREATE INDEX constraint_b ON "constraint"(b);

-- Gold -------------------------------------------------------------------------------------------------------------------
CREATE TABLE candidate(
    snapshot INTEGER NOT NULL,
    incident INTEGER NOT NULL,
    title TEXT NOT NULL,
    type INTEGER NOT NULL,
    severity INTEGER NOT NULL,
    product TEXT,
    component TEXT,
    band INTEGER NOT NULL,
    priority REAL NOT NULL,
    confidence REAL NOT NULL,
    reports INTEGER NOT NULL,
    authors INTEGER NOT NULL,
    newest_at INTEGER,
    nearest_ticket TEXT,
    decision TEXT NOT NULL,         -- of match: same, related, new
    detail TEXT NOT NULL,           -- JSON: factors, override, reason, next_band, matches
    version BLOB NOT NULL,          -- hash of all the above and the incident
    PRIMARY KEY(snapshot, incident)) WITHOUT ROWID;
CREATE INDEX candidate_queue ON candidate(snapshot, band, priority DESC);

CREATE TABLE draft(
    snapshot INTEGER NOT NULL, incident INTEGER NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL, fields TEXT NOT NULL,
    PRIMARY KEY(snapshot, incident)) WITHOUT ROWID;

-- events -----------------------------------------------------------------------------------------------------------------
CREATE TABLE event(
    id TEXT PRIMARY KEY,            -- UUIDv7
    replica TEXT NOT NULL,
    seq INTEGER NOT NULL,
    clock INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    refs TEXT NOT NULL,             -- JSON of ids, codes and numbers
    body_hash BLOB,
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    UNIQUE(replica, seq)) WITHOUT ROWID;
CREATE INDEX event_order ON event(clock, replica, seq);

CREATE TABLE event_body(event TEXT PRIMARY KEY REFERENCES event(id), salt BLOB NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;

-- derived from refs: which events touch an incident or a feedback
CREATE TABLE event_subject(subject TEXT NOT NULL, event TEXT NOT NULL, PRIMARY KEY(subject, event)) WITHOUT ROWID;

-- derived: the fold of the live events per incident
CREATE TABLE triage(
    incident TEXT PRIMARY KEY,
    state TEXT NOT NULL,            -- open, approved, attached, rejected, snoozed, escalated
    reason TEXT, ticket TEXT, snooze_until INTEGER, snooze_reports INTEGER, reports_then INTEGER,
    title TEXT,                     -- given by a person
    draft_event TEXT,               -- whose body holds the draft that a person edited
    event TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;

-- outbox -----------------------------------------------------------------------------------------------------------------
CREATE TABLE filing(
    id TEXT PRIMARY KEY,            -- UUIDv7
    incident TEXT NOT NULL,
    external_id TEXT NOT NULL,
    generation INTEGER NOT NULL,
    tracker TEXT NOT NULL,          -- connection name
    state TEXT NOT NULL,            -- planned, sending, confirmed, rejected, ambiguous, cancelled
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    fields TEXT NOT NULL,
    body_hash BLOB NOT NULL,
    planned_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    changed_at INTEGER NOT NULL,
    ticket TEXT,
    url TEXT,
    detail TEXT,
    event TEXT NOT NULL REFERENCES event(id)) WITHOUT ROWID;
CREATE UNIQUE INDEX filing_live ON filing(tracker, external_id, generation) WHERE state <> 'cancelled';
CREATE INDEX filing_state ON filing(state, due_at);
CREATE INDEX filing_incident ON filing(incident);

CREATE TABLE outcome(
    id INTEGER PRIMARY KEY, incident TEXT NOT NULL, tracker TEXT NOT NULL, ticket TEXT NOT NULL, outcome TEXT NOT NULL,
    status TEXT, at INTEGER NOT NULL, event TEXT NOT NULL REFERENCES event(id), UNIQUE(tracker, ticket, outcome, at));

CREATE TABLE connection(name TEXT PRIMARY KEY, kind TEXT NOT NULL, url TEXT NOT NULL, settings TEXT NOT NULL) WITHOUT ROWID;

-- watching and learning ----------------------------------------------------------------------------------------------------
CREATE TABLE metric(run TEXT NOT NULL, name TEXT NOT NULL, value REAL NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(run, name)) WITHOUT ROWID;
CREATE TABLE eval_set(id TEXT PRIMARY KEY, name TEXT NOT NULL, purpose TEXT NOT NULL, frozen_hash BLOB, created_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE eval_item(eval_set TEXT NOT NULL REFERENCES eval_set(id), ordinal INTEGER NOT NULL, segment_uid TEXT NOT NULL, PRIMARY KEY(eval_set, ordinal)) WITHOUT ROWID;
CREATE TABLE eval_label(eval_set TEXT NOT NULL, ordinal INTEGER NOT NULL, actor TEXT NOT NULL, field TEXT NOT NULL, label TEXT NOT NULL, event TEXT NOT NULL, PRIMARY KEY(eval_set, ordinal, actor, field)) WITHOUT ROWID;
CREATE TABLE eval_run(id TEXT PRIMARY KEY, eval_set TEXT NOT NULL, engine TEXT NOT NULL, result TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;

-- configuration and runs ---------------------------------------------------------------------------------------------------
CREATE TABLE config(id TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, created_at INTEGER NOT NULL, PRIMARY KEY(kind, id)) WITHOUT ROWID;
CREATE TABLE config_released(kind TEXT PRIMARY KEY, id TEXT NOT NULL, event TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE run(
    id TEXT PRIMARY KEY, started_at INTEGER NOT NULL, finished_at INTEGER, as_of INTEGER NOT NULL, engine TEXT NOT NULL,
    versions TEXT NOT NULL, stages TEXT NOT NULL, partition_hash TEXT, state_hash TEXT, snapshot INTEGER, event TEXT) WITHOUT ROWID;

CREATE TABLE lease(
    job TEXT PRIMARY KEY, process INTEGER NOT NULL, host TEXT NOT NULL, owner TEXT NOT NULL, heartbeat INTEGER NOT NULL,
    token INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE view(name TEXT PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;

-- search over masked text only; rowid = seconds × 2^30 + feedback, so that descending rowids are newest first
CREATE VIRTUAL TABLE search USING fts5(text, content='', tokenize='winnow', prefix='2 3');
