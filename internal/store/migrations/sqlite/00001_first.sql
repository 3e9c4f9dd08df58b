-- +goose Up
-- Times are Unix milliseconds in UTC; 0 means not set. The organisation leads every key.

-- What was found out about this database when it was made.
CREATE TABLE facts (
	name  TEXT NOT NULL PRIMARY KEY,
	value BLOB NOT NULL
) STRICT;

-- One key an organisation, sealed by a master key.
CREATE TABLE org_keys (
	org     TEXT NOT NULL PRIMARY KEY,
	wrapped BLOB NOT NULL
) STRICT;

CREATE TABLE rows (
	org     TEXT    NOT NULL,
	kind    TEXT    NOT NULL,
	ref     TEXT    NOT NULL,
	life    TEXT    NOT NULL, -- random; tells this row from a later one of the same name
	version INTEGER NOT NULL,
	state   TEXT    NOT NULL,
	owner   TEXT    NOT NULL,
	opened  INTEGER NOT NULL,
	due     INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	sealed  BLOB    NOT NULL,
	PRIMARY KEY (org, kind, ref)
) STRICT;
CREATE INDEX rows_opened  ON rows (org, kind, opened, ref);
CREATE INDEX rows_state   ON rows (org, kind, state, opened, ref) WHERE state <> '';
CREATE INDEX rows_owner   ON rows (org, kind, owner, opened, ref) WHERE owner <> '';
CREATE INDEX rows_due     ON rows (org, kind, due) WHERE due <> 0;
CREATE INDEX rows_expires ON rows (expires) WHERE expires <> 0;

-- The key of each row, sealed by the organisation's key. Without it the row is noise.
CREATE TABLE row_keys (
	org     TEXT NOT NULL,
	kind    TEXT NOT NULL,
	ref     TEXT NOT NULL,
	wrapped BLOB NOT NULL,
	PRIMARY KEY (org, kind, ref),
	FOREIGN KEY (org, kind, ref) REFERENCES rows (org, kind, ref) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Lives that were erased, so that they are erased again after a restore.
CREATE TABLE erasures (
	org  TEXT    NOT NULL,
	life TEXT    NOT NULL,
	at   INTEGER NOT NULL,
	PRIMARY KEY (org, life)
) STRICT, WITHOUT ROWID;
CREATE INDEX erasures_at ON erasures (at);

CREATE TABLE inbox (
	org    TEXT    NOT NULL,
	event  TEXT    NOT NULL,
	at     INTEGER NOT NULL,
	sealed BLOB    NOT NULL,
	PRIMARY KEY (org, event)
) STRICT;
CREATE INDEX inbox_at ON inbox (at);

-- The head of each organisation's audit trail.
CREATE TABLE trails (
	org   TEXT    NOT NULL PRIMARY KEY,
	turns INTEGER NOT NULL,
	size  INTEGER NOT NULL,
	link  BLOB    NOT NULL
) STRICT;

CREATE TABLE entries (
	org  TEXT    NOT NULL,
	seq  INTEGER NOT NULL,
	at   INTEGER NOT NULL,
	who  TEXT    NOT NULL,
	what TEXT    NOT NULL,
	ref  TEXT    NOT NULL,
	note TEXT    NOT NULL,
	link BLOB    NOT NULL,
	PRIMARY KEY (org, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
	org    TEXT    NOT NULL,
	kind   TEXT    NOT NULL,
	name   TEXT    NOT NULL,
	lane   INTEGER NOT NULL,
	due    INTEGER NOT NULL,
	class  TEXT    NOT NULL,
	about  TEXT    NOT NULL,
	body   BLOB    NOT NULL,
	tries  INTEGER NOT NULL,
	token  INTEGER NOT NULL, -- 0 when nobody holds a claim
	leased INTEGER NOT NULL, -- when the claim ends; 0 when nobody holds one
	reason TEXT    NOT NULL,
	PRIMARY KEY (org, kind, name)
) STRICT, WITHOUT ROWID;
-- What is due is the start of each lane, however many jobs wait behind it.
CREATE INDEX jobs_due    ON jobs (lane, due, leased);
CREATE INDEX jobs_leased ON jobs (leased) WHERE leased <> 0;
CREATE INDEX jobs_about  ON jobs (org, about, due);
