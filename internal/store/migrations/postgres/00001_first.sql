-- +goose Up
-- Times are Unix milliseconds in UTC; 0 means not set. The organisation leads every key.

-- What was found out about this database when it was made.
CREATE TABLE facts (
	name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	value BYTEA NOT NULL
);

-- One key an organisation, sealed by a master key.
CREATE TABLE org_keys (
	org     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	wrapped BYTEA NOT NULL
);

CREATE TABLE rows (
	org     TEXT COLLATE "C"    NOT NULL,
	kind    TEXT COLLATE "C"    NOT NULL,
	ref     TEXT COLLATE "C"    NOT NULL,
	life    TEXT COLLATE "C"    NOT NULL, -- random; tells this row from a later one of the same name
	version BIGINT  NOT NULL,
	state   TEXT COLLATE "C"    NOT NULL,
	owner   TEXT COLLATE "C"    NOT NULL,
	opened  BIGINT  NOT NULL,
	due     BIGINT  NOT NULL,
	expires BIGINT  NOT NULL,
	sealed  BYTEA    NOT NULL,
	PRIMARY KEY (org, kind, ref)
);
CREATE INDEX rows_opened  ON rows (org, kind, opened, ref);
CREATE INDEX rows_state   ON rows (org, kind, state, opened, ref) WHERE state <> '';
CREATE INDEX rows_owner   ON rows (org, kind, owner, opened, ref) WHERE owner <> '';
CREATE INDEX rows_due     ON rows (org, kind, due) WHERE due <> 0;
CREATE INDEX rows_expires ON rows (expires) WHERE expires <> 0;

-- The key of each row, sealed by the organisation's key. Without it the row is noise.
CREATE TABLE row_keys (
	org     TEXT COLLATE "C" NOT NULL,
	kind    TEXT COLLATE "C" NOT NULL,
	ref     TEXT COLLATE "C" NOT NULL,
	wrapped BYTEA NOT NULL,
	PRIMARY KEY (org, kind, ref),
	FOREIGN KEY (org, kind, ref) REFERENCES rows (org, kind, ref) ON DELETE CASCADE
);

-- Lives that were erased, so that they are erased again after a restore.
CREATE TABLE erasures (
	org  TEXT COLLATE "C"    NOT NULL,
	life TEXT COLLATE "C"    NOT NULL,
	at   BIGINT  NOT NULL,
	PRIMARY KEY (org, life)
);
CREATE INDEX erasures_at ON erasures (at);

CREATE TABLE inbox (
	org    TEXT COLLATE "C"    NOT NULL,
	event  TEXT COLLATE "C"    NOT NULL,
	at     BIGINT  NOT NULL,
	sealed BYTEA    NOT NULL,
	PRIMARY KEY (org, event)
);
CREATE INDEX inbox_at ON inbox (at);

-- The head of each organisation's audit trail.
CREATE TABLE trails (
	org   TEXT COLLATE "C"    NOT NULL PRIMARY KEY,
	turns BIGINT  NOT NULL,
	size  BIGINT  NOT NULL,
	link  BYTEA    NOT NULL
);

CREATE TABLE entries (
	org  TEXT COLLATE "C"    NOT NULL,
	seq  BIGINT  NOT NULL,
	at   BIGINT  NOT NULL,
	who  TEXT COLLATE "C"    NOT NULL,
	what TEXT COLLATE "C"    NOT NULL,
	ref  TEXT COLLATE "C"    NOT NULL,
	note TEXT COLLATE "C"    NOT NULL,
	link BYTEA    NOT NULL,
	PRIMARY KEY (org, seq)
);

CREATE TABLE jobs (
	org    TEXT COLLATE "C"    NOT NULL,
	kind   TEXT COLLATE "C"    NOT NULL,
	name   TEXT COLLATE "C"    NOT NULL,
	lane   BIGINT  NOT NULL,
	due    BIGINT  NOT NULL,
	class  TEXT COLLATE "C"    NOT NULL,
	about  TEXT COLLATE "C"    NOT NULL,
	body   BYTEA    NOT NULL,
	tries  BIGINT  NOT NULL,
	token  BIGINT  NOT NULL, -- 0 when nobody holds a claim
	leased BIGINT  NOT NULL, -- when the claim ends; 0 when nobody holds one
	reason TEXT COLLATE "C"    NOT NULL,
	PRIMARY KEY (org, kind, name)
);
-- What is due is the start of each lane, however many jobs wait behind it.
CREATE INDEX jobs_due    ON jobs (lane, due, leased);
CREATE INDEX jobs_leased ON jobs (leased) WHERE leased <> 0;
CREATE INDEX jobs_about  ON jobs (org, about, due);
