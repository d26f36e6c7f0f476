-- The database of cordwatch, version 1. A later version adds a step to the list in store.c; what is
-- here does not change once it has been released.
--
-- Instants are UTC ms. Keys are texts like "Condition/c1", in a realm of ids. What grows with the
-- number of patients is clustered by patient: fewer B-trees touched per resource is what makes
-- it fast.

CREATE TABLE feed (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE realm (
	id INTEGER PRIMARY KEY,
	base TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE inbox (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	feed INTEGER NOT NULL,
	how INTEGER NOT NULL,
	type TEXT,
	name TEXT,
	version TEXT,
	received INTEGER NOT NULL,
	units INTEGER NOT NULL,
	tries INTEGER NOT NULL,
	backfill INTEGER NOT NULL,
	body BLOB
) STRICT;

CREATE TABLE quarantine (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	feed INTEGER NOT NULL,
	received INTEGER NOT NULL,
	at INTEGER NOT NULL,
	type TEXT,
	name TEXT,
	version TEXT,
	reason TEXT NOT NULL,
	path TEXT,
	line INTEGER NOT NULL,
	col INTEGER NOT NULL,
	body BLOB
) STRICT;

-- tick: when to decide him again; NULL: not by time alone.
CREATE TABLE patient (
	id INTEGER PRIMARY KEY,
	realm INTEGER NOT NULL REFERENCES realm,
	key TEXT NOT NULL,
	tick INTEGER,
	UNIQUE (realm, key)
) STRICT;
CREATE INDEX patient_tick ON patient (tick) WHERE tick IS NOT NULL;

-- What the Patient resource of `patient` says; it holds in both directions.
CREATE TABLE link (
	patient INTEGER NOT NULL REFERENCES patient,
	other INTEGER NOT NULL REFERENCES patient,
	PRIMARY KEY (patient, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_other ON link (other);

-- Where the resource of a name is, and which of its versions were seen: together, so that a resource
-- that comes touches one page of it. name: the first 16 bytes of the SHA-256 of the key.
CREATE TABLE known (
	name BLOB NOT NULL,
	scope INTEGER NOT NULL, -- of a resource its realm, of what was seen minus its feed
	version ANY NOT NULL, -- of a resource 0; text, or the digest where the sender gave none
	value ANY NOT NULL, -- resource.id, or the digest
	at INTEGER NOT NULL,
	PRIMARY KEY (name, scope, version)
) STRICT, WITHOUT ROWID;

-- id = patient * 2^24 + a number of his own: clustered by patient, in order of arrival, and bodies
-- of up to a page stay in their leaf (in a table without rowid a quarter of a page would).
CREATE TABLE resource (
	id INTEGER PRIMARY KEY,
	realm INTEGER NOT NULL REFERENCES realm,
	key TEXT NOT NULL,
	feed INTEGER NOT NULL,
	received INTEGER NOT NULL,
	form INTEGER NOT NULL,
	flags INTEGER NOT NULL, -- 1 numbered, 2 withdrawn, 4 own
	number INTEGER NOT NULL,
	updated INTEGER NOT NULL,
	short_digest INTEGER NOT NULL,
	digest BLOB NOT NULL,
	version TEXT,
	full_url TEXT,
	bundle INTEGER NOT NULL,
	body BLOB
) STRICT;
CREATE INDEX resource_empty ON resource (received) WHERE form = 0;

-- name: as in known.
CREATE TABLE need (
	realm INTEGER NOT NULL,
	name BLOB NOT NULL,
	patient INTEGER NOT NULL REFERENCES patient,
	PRIMARY KEY (realm, name, patient)
) STRICT, WITHOUT ROWID;
CREATE INDEX need_patient ON need (patient);

CREATE TABLE waiting (
	feed INTEGER NOT NULL,
	patient INTEGER NOT NULL REFERENCES patient,
	PRIMARY KEY (feed, patient)
) STRICT, WITHOUT ROWID;

CREATE TABLE alert (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	patient INTEGER NOT NULL REFERENCES patient,
	key TEXT NOT NULL UNIQUE,
	request TEXT NOT NULL UNIQUE,
	target TEXT,
	tier INTEGER NOT NULL,
	episode INTEGER NOT NULL,
	state INTEGER NOT NULL,
	shadow INTEGER NOT NULL,
	opened INTEGER NOT NULL,
	evidence_at INTEGER NOT NULL,
	due INTEGER NOT NULL,
	closed INTEGER NOT NULL,
	why TEXT,
	evidence TEXT,
	version TEXT,
	body BLOB
) STRICT;
CREATE INDEX alert_patient ON alert (patient);
CREATE INDEX alert_open ON alert (state) WHERE state <> 4;
CREATE INDEX alert_closed ON alert (closed) WHERE state = 4;

CREATE TABLE watch (
	patient INTEGER NOT NULL REFERENCES patient,
	rule TEXT NOT NULL,
	since INTEGER NOT NULL,
	told INTEGER NOT NULL,
	PRIMARY KEY (patient, rule)
) STRICT, WITHOUT ROWID;

CREATE TABLE notice (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	at INTEGER NOT NULL,
	patient INTEGER NOT NULL,
	alert INTEGER NOT NULL,
	kind TEXT NOT NULL,
	text TEXT
) STRICT;

CREATE TABLE outbox (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	alert INTEGER NOT NULL REFERENCES alert,
	errand INTEGER NOT NULL,
	state INTEGER NOT NULL,
	target TEXT,
	request TEXT,
	body BLOB,
	created INTEGER NOT NULL,
	next INTEGER NOT NULL,
	attempts INTEGER NOT NULL,
	doubtful INTEGER NOT NULL,
	after INTEGER NOT NULL,
	fault TEXT
) STRICT;
CREATE INDEX outbox_alert ON outbox (alert);
CREATE INDEX outbox_state ON outbox (state, created);

CREATE TABLE state (
	feed INTEGER NOT NULL,
	key TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (feed, key)
) STRICT, WITHOUT ROWID;

-- day: of 1970-01-01 is 0.
CREATE TABLE count (
	feed INTEGER NOT NULL,
	type TEXT NOT NULL,
	day INTEGER NOT NULL,
	outcome TEXT NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (feed, type, day, outcome)
) STRICT, WITHOUT ROWID;

-- The chain of seal.h. salt and payload are dropped at the end of their retention.
CREATE TABLE audit (
	seq INTEGER PRIMARY KEY,
	at INTEGER NOT NULL,
	type TEXT NOT NULL,
	prev BLOB NOT NULL,
	digest BLOB NOT NULL, -- commit
	salt BLOB,
	payload BLOB
) STRICT;

-- Where the chain ends: a tail that was cut off would not show in the chain itself.
CREATE TABLE head (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	seq INTEGER NOT NULL,
	hash BLOB NOT NULL
) STRICT;
INSERT INTO head VALUES (1, 0, zeroblob(32));
