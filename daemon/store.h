/* store: the daemon's memory: one SQLite database behind typed calls, one connection, one writer.
 *
 * WAL, synchronous=FULL, exclusive locking; checkpoints only by store_checkpoint, between batches.
 * Everything between store_begin and store_commit is one transaction; a call that writes may only
 * stand there (store_feed, store_realm and store_patient write when the name is new).  Instants are
 * UTC ms.  All strings and bytes that are given are copied; those that are got live in the arena of
 * the call. Every call: 0, a named positive outcome, or CW_EIO (the disk), CW_ELIMIT (the disk is
 * full), CW_EVALUE (the database is damaged or of another program).  After an error within a
 * transaction nothing but store_rollback may follow; after a failed store_commit nothing but
 * store_close, for what is on the disk is not known then: unless the disk is full (store_is_full),
 * when nothing of it is there and store_rollback may follow. */
#ifndef DAEMON_STORE_H
#define DAEMON_STORE_H

#include "daemon/seal.h"
#include "mappings/version.h"

struct store;

enum {
	STORE_NONE = 1, /* no such row */
	STORE_BUSY = 4	/* in use */
};

/* Open or make the database in this folder (made for its owner alone, with those above it), migrate
 * it, check it; all its pages only while it is small. A newer schema: CW_EUNSUPPORTED. Held by
 * another process: CW_EIO. */
CW_CHECK int store_open(struct store **out, const char *dir, struct cw_err *err);
/* The same without changing anything, for `cordwatch check`: is it ours, whole in every page, and
 * can we write? One that is not there yet is fine. STORE_BUSY: a running daemon holds it, so it
 * cannot be looked at. */
CW_CHECK int store_check(const char *dir, struct cw_err *err);
void store_close(struct store *s);
CW_CHECK int store_begin(struct store *s, struct cw_err *err);
CW_CHECK int store_commit(struct store *s, struct cw_err *err);
void store_rollback(struct store *s);
/* Move what the log holds into the database, when it has grown past a bound; outside of a
 * transaction. */
CW_CHECK int store_checkpoint(struct store *s, struct cw_err *err);
/* Was the last error that the disk is full (or a quota is used up)? */
bool store_is_full(const struct store *s);
/* Is there room for a batch of the usual size? Tries it with a file beside the database: CW_ELIMIT
 * when there is not. */
CW_CHECK int store_try_room(const struct store *s, struct cw_err *err);
/* Bytes of database and log. */
int64_t store_size(const struct store *s);

/* ---- inbox: what was acknowledged and is not yet processed ---- */

enum store_how {
	STORE_PUT = 1, /* one resource, or a Bundle that is stored entry by entry */
	STORE_DELETE,  /* the resource named by type and id */
	STORE_PAGE,    /* a page of a poll */
	STORE_REPLAY,  /* again, by an operator */
	STORE_LOADED   /* no resource: the initial load of the feed ends here */
};
struct store_inbox {
	int64_t id;
	uint32_t feed; /* store_feed */
	enum store_how how;
	struct cw_str type, name, version; /* from the URL and If-Match; absent: none */
	int64_t received;
	int64_t units; /* resources counted in when it was acknowledged */
	uint32_t tries;
	bool backfill; /* of an initial load */
	struct cw_str body;
};
/* id is given. */
CW_CHECK int store_inbox_add(struct store *s, struct store_inbox *row, struct cw_err *err);
/* The first rows with an id above `after`, at most n, into rows; *n becomes how many. */
CW_CHECK int store_inbox_next(struct store *s, int64_t after, struct store_inbox *rows, size_t *n,
    struct cw_arena *arena, struct cw_err *err);
CW_CHECK int store_inbox_try(struct store *s, int64_t id, struct cw_err *err);
CW_CHECK int store_inbox_remove(struct store *s, int64_t id, struct cw_err *err);

/* ---- what cannot be read, or must not be believed: kept for a person ---- */

struct store_quarantine {
	int64_t id;
	uint32_t feed;
	int64_t received, at;
	struct cw_str type, name, version;
	struct cw_str reason, path; /* fixed words; element path */
	uint64_t line, column;
	struct cw_str body;
};
/* id is given. */
CW_CHECK int store_quarantine_add(
    struct store *s, struct store_quarantine *row, struct cw_err *err);

/* ---- names ---- */

/* Number of a feed (by name) and of a namespace of ids (by base URL, or "feed:NAME"); entered when
 * new. From 1. */
CW_CHECK int store_feed(struct store *s, uint32_t *out, struct cw_str name, struct cw_err *err);
CW_CHECK int store_realm(struct store *s, uint32_t *out, struct cw_str base, struct cw_err *err);
/* The base URL (or "feed:NAME") of a realm, or STORE_NONE. */
CW_CHECK int store_realm_name(struct store *s, uint32_t realm, struct cw_str *base,
    struct cw_arena *arena, struct cw_err *err);
/* A patient by one of the keys he is known by ("Patient/p1", a URL, "system|value"); entered when
 * new. */
CW_CHECK int store_patient(
    struct store *s, int64_t *out, uint32_t realm, struct cw_str key, struct cw_err *err);
/* The key and realm that the patient was first known by. */
CW_CHECK int store_patient_key(struct store *s, int64_t patient, uint32_t *realm,
    struct cw_str *key, struct cw_arena *arena, struct cw_err *err);
/* Patients that `patient` is joined with: replaces what his Patient resource said before. */
CW_CHECK int store_links_set(
    struct store *s, int64_t patient, const int64_t *other, size_t n, struct cw_err *err);
/* All joined with patient, over any number of steps, himself included, ascending; at most cap
 * (more: CW_ELIMIT). */
CW_CHECK int store_links(
    struct store *s, int64_t patient, int64_t *out, size_t *n, size_t cap, struct cw_err *err);

/* ---- versions seen: duplicates ---- */

enum { STORE_SAME = 2, STORE_OTHER_BYTES = 3 };
/* Enter (feed, key, version) with the digest of its bytes, which stands for an absent version. 0:
 * new; STORE_SAME: the same bytes were seen; STORE_OTHER_BYTES: other bytes were (nothing is
 * changed). */
CW_CHECK int store_seen(struct store *s, uint32_t feed, struct cw_str key, struct cw_str version,
    const unsigned char digest[32], int64_t at, struct cw_err *err);

/* ---- resources: what is kept of each patient; patient 0 has what belongs to nobody ---- */

enum store_form {
	STORE_EMPTY = 0, /* a version that holds nothing, or a deletion */
	STORE_TEXT,	 /* JSON of the resource */
	STORE_PACKED	 /* a form of its own, not made yet: kept as bytes */
};
struct store_resource {
	int64_t patient;
	uint32_t realm;
	struct cw_str key; /* "Condition/c1" */
	uint32_t feed;
	int64_t received;
	struct map_version version;
	struct cw_str version_text;
	unsigned char digest[32];
	struct cw_str full_url; /* not a REST URL: absent otherwise */
	int64_t bundle;		/* inbox id of the Bundle that it came in, or 0 */
	bool own;		/* cordwatch's own request */
	enum store_form form;
	struct cw_str body;
};
/* The row of that key, wherever it is, or STORE_NONE. */
CW_CHECK int store_resource_get(struct store *s, struct store_resource *out, uint32_t realm,
    struct cw_str key, struct cw_arena *arena, struct cw_err *err);
/* Put in place of the row of that key (of any patient). */
CW_CHECK int store_resource_put(
    struct store *s, const struct store_resource *row, struct cw_err *err);
/* Rows of the patient that hold something, by first arrival with him; *rows in arena. */
CW_CHECK int store_resources(struct store *s, int64_t patient, struct store_resource **rows,
    size_t *n, struct cw_arena *arena, struct cw_err *err);
/* Say that the patient needs a resource of nobody ("Medication/m1"); who needs it. */
CW_CHECK int store_need_add(
    struct store *s, int64_t patient, uint32_t realm, struct cw_str key, struct cw_err *err);
CW_CHECK int store_need_get(struct store *s, uint32_t realm, struct cw_str key, int64_t **patients,
    size_t *n, struct cw_arena *arena, struct cw_err *err);
CW_CHECK int store_needed(struct store *s, int64_t patient, struct store_resource **rows, size_t *n,
    struct cw_arena *arena, struct cw_err *err);
/* How many rows there are, empty ones too. */
CW_CHECK int store_resource_count(struct store *s, int64_t *out, struct cw_err *err);
/* Every (realm, key) that a row is kept under, one by one, for the filter of the sift. */
CW_CHECK int store_resource_keys(struct store *s,
    void (*fn)(void *arg, uint32_t realm, struct cw_str key), void *arg, struct cw_err *err);

/* ---- when to look again ---- */

/* Decide this patient at that instant (MAP_VERSION_NEVER: not by time alone). */
CW_CHECK int store_tick_set(struct store *s, int64_t patient, int64_t at, struct cw_err *err);
/* Patients whose tick is due, the earliest first, at most *n. */
CW_CHECK int store_tick_due(
    struct store *s, int64_t now, int64_t *patients, int64_t *at, size_t *n, struct cw_err *err);
/* The earliest tick, or INT64_MAX. */
CW_CHECK int store_tick_first(struct store *s, int64_t *out, struct cw_err *err);
/* Give every patient who has something kept a tick at `at` unless an earlier one is set. */
CW_CHECK int store_tick_all(struct store *s, int64_t at, struct cw_err *err);
/* Patients who wait for the end of a backfill of a feed. */
CW_CHECK int store_waiting_add(struct store *s, uint32_t feed, int64_t patient, struct cw_err *err);
CW_CHECK int store_waiting_release(
    struct store *s, uint32_t feed, int64_t at, int64_t *count, struct cw_err *err);

/* ---- alerts ---- */

enum store_alert_state {
	STORE_OPEN = 1, /* proposed, nobody has acted that we know of */
	STORE_ACCEPTED, /* a person acted on it */
	STORE_REVOKING, /* we asked to revoke it */
	STORE_CLOSED
};
struct store_alert {
	int64_t id;
	int64_t patient;
	struct cw_str key;     /* identifier value */
	struct cw_str request; /* ServiceRequest.id */
	struct cw_str target;
	uint32_t tier; /* enum map_tier */
	int64_t episode;
	enum store_alert_state state;
	bool shadow;
	int64_t opened, evidence_at, due, closed;
	struct cw_str why;	/* it was closed: completed, revoked, answered, expired, upgraded */
	struct cw_str evidence; /* a line each: "source|finding|instant", ends with a newline */
	struct cw_str version;	/* of the request on the target, from its ETag */
	struct cw_str body;	/* the ServiceRequest as sent */
};
/* id is given; STORE_SAME when an alert with that key is there already: *row is not entered, and id
 * is that one's. */
CW_CHECK int store_alert_add(struct store *s, struct store_alert *row, struct cw_err *err);
CW_CHECK int store_alert_update(struct store *s, const struct store_alert *row, struct cw_err *err);
CW_CHECK int store_alert_get(struct store *s, struct store_alert *out, int64_t id,
    struct cw_arena *arena, struct cw_err *err);
CW_CHECK int store_alert_by_request(struct store *s, struct store_alert *out, struct cw_str request,
    struct cw_arena *arena, struct cw_err *err);
/* Alerts of these patients, the newest first; with open_only none that is closed. */
CW_CHECK int store_alerts(struct store *s, const int64_t *patients, size_t n_patients,
    bool open_only, struct store_alert **rows, size_t *n, struct cw_arena *arena,
    struct cw_err *err);
/* Alerts that are not closed. */
CW_CHECK int store_alert_count(struct store *s, int64_t *open, struct cw_err *err);

/* ---- watches and notices: what a person is to be told beside orders ---- */

/* A rule or control that holds (its id), or something told of an alert ("kind:alert"). since: when
 * it began to. */
struct store_watch {
	int64_t patient;
	struct cw_str rule;
	int64_t since;
	uint32_t told; /* a bit for each of its notices that was given */
};
CW_CHECK int store_watches(struct store *s, int64_t patient, struct store_watch **rows, size_t *n,
    struct cw_arena *arena, struct cw_err *err);
CW_CHECK int store_watch_put(struct store *s, const struct store_watch *row, struct cw_err *err);
CW_CHECK int store_watch_remove(
    struct store *s, int64_t patient, struct cw_str rule, struct cw_err *err);

struct store_notice {
	int64_t id, at, patient, alert;
	struct cw_str kind; /* reassess, revoked, answered, dead-letter, merged, ... */
	struct cw_str text; /* words from the package or fixed ones */
};
/* id is given. */
CW_CHECK int store_notice_add(struct store *s, struct store_notice *row, struct cw_err *err);
/* Each notice in order, from that id on; no call of the store may be made by fn. */
CW_CHECK int store_notices(struct store *s, int64_t from,
    void (*fn)(void *arg, const struct store_notice *row), void *arg, struct cw_err *err);

/* ---- outbox: what must reach a target ---- */

enum store_errand { STORE_CREATE = 1, STORE_REVOKE };
enum store_errand_state {
	STORE_PENDING = 1,
	STORE_HELD, /* shadow: never sent */
	STORE_DEAD  /* given up to a person */
};
struct store_outbox {
	int64_t id;
	int64_t alert;
	enum store_errand errand;
	enum store_errand_state state;
	struct cw_str target;
	struct cw_str request; /* ServiceRequest.id */
	struct cw_str body;    /* transaction Bundle of a create; absent for a revoke */
	int64_t created, next;
	uint32_t attempts;
	bool doubtful;	     /* an attempt may have been done: look before sending */
	int64_t after;	     /* outbox id that must be delivered first, or 0 */
	struct cw_str fault; /* why it is dead */
};
CW_CHECK int store_outbox_add(struct store *s, struct store_outbox *row, struct cw_err *err);
CW_CHECK int store_outbox_update(
    struct store *s, const struct store_outbox *row, struct cw_err *err);
CW_CHECK int store_outbox_remove(struct store *s, int64_t id, struct cw_err *err);
CW_CHECK int store_outbox_get(struct store *s, struct store_outbox *out, int64_t id,
    struct cw_arena *arena, struct cw_err *err);
/* Pending rows in order of urgency, then age; at most *n. */
CW_CHECK int store_outbox_pending(struct store *s, struct store_outbox **rows, size_t *n,
    struct cw_arena *arena, struct cw_err *err);
/* How many there are; created of the oldest pending one, or INT64_MAX. */
CW_CHECK int store_outbox_count(
    struct store *s, int64_t *pending, int64_t *dead, int64_t *oldest, struct cw_err *err);

/* ---- feed states, counts, settings: small texts under names ---- */

/* The text under (feed, key), or STORE_NONE; feed 0: of the daemon itself. */
CW_CHECK int store_state_get(struct store *s, struct cw_str *value, uint32_t feed, const char *key,
    struct cw_arena *arena, struct cw_err *err);
/* Put it in place of what was there; absent: remove it. */
CW_CHECK int store_state_set(
    struct store *s, uint32_t feed, const char *key, struct cw_str value, struct cw_err *err);
/* Each text of a feed; no call of the store may be made by fn (nor by those of the calls like it).
 */
CW_CHECK int store_states(struct store *s, uint32_t feed,
    void (*fn)(void *arg, struct cw_str key, struct cw_str value), void *arg, struct cw_err *err);
/* Add to a count of (feed, resource type, UTC day of at, outcome). */
CW_CHECK int store_count_add(struct store *s, uint32_t feed, struct cw_str type, int64_t at,
    const char *outcome, int64_t n, struct cw_err *err);
/* Each count; day 0 is 1970-01-01. */
CW_CHECK int store_counts(struct store *s,
    void (*fn)(void *arg, uint32_t feed, struct cw_str type, int64_t day, struct cw_str outcome,
	int64_t n),
    void *arg, struct cw_err *err);

/* ---- audit: a chain that grows in the transaction of the deed ---- */

/* Append one record; payload is one JSON object. */
CW_CHECK int store_audit(
    struct store *s, int64_t at, const char *type, struct cw_str payload, struct cw_err *err);
/* Recompute the whole chain: CW_EVALUE at the first record that does not fit. */
CW_CHECK int store_audit_verify(struct store *s, int64_t *records, struct cw_err *err);
/* Where the chain ends within this transaction. */
void store_audit_head(const struct store *s, int64_t *seq, unsigned char hash[SEAL_SIZE]);
/* Where the chain ends, as the database says apart from the records. */
CW_CHECK int store_audit_end(
    struct store *s, int64_t *seq, unsigned char hash[SEAL_SIZE], struct cw_err *err);
/* Each record in order from that number on; payload is absent where it was dropped. What fn returns
 * ends it, unless 0, and is returned. No call of the store may be made by fn. */
CW_CHECK int store_audit_each(struct store *s, int64_t from,
    int (*fn)(void *arg, const struct seal_record *record, struct cw_str payload), void *arg,
    struct cw_err *err);

/* ---- what a person asks for ---- */

/* Open what is there without changing it, for who looks while no daemon runs; only what reads may
 * be called. STORE_NONE: there is no database. STORE_BUSY: a running daemon holds it. */
CW_CHECK int store_open_read(struct store **out, const char *dir, struct cw_err *err);
/* The same, whatever the end of the audit chain is: for who judges it. */
CW_CHECK int store_open_records(struct store **out, const char *dir, struct cw_err *err);
/* Alerts with an id below `before`, the newest first, at most *n into rows: without key, episode,
 * evidence, version and body. *n becomes how many. */
CW_CHECK int store_alert_page(struct store *s, struct store_alert *rows, size_t *n, int64_t before,
    bool open_only, struct cw_arena *arena, struct cw_err *err);
/* The same of the quarantine, without bodies. */
CW_CHECK int store_quarantine_page(struct store *s, struct store_quarantine *rows, size_t *n,
    int64_t before, struct cw_arena *arena, struct cw_err *err);
/* One of them, or STORE_NONE. */
CW_CHECK int store_quarantine_get(struct store *s, struct store_quarantine *out, int64_t id,
    struct cw_arena *arena, struct cw_err *err);
/* Remove it, and with it the other faults of the same text. */
CW_CHECK int store_quarantine_remove(struct store *s, int64_t id, struct cw_err *err);
/* The errands of an alert, or with alert 0 all that are in that state; the newest first, at most *n
 * below `before`. */
CW_CHECK int store_outbox_page(struct store *s, struct store_outbox *rows, size_t *n,
    int64_t before, int64_t alert, enum store_errand_state state, struct cw_arena *arena,
    struct cw_err *err);
/* Name of a feed by its number, or STORE_NONE. */
CW_CHECK int store_feed_name(struct store *s, uint32_t feed, struct cw_str *name,
    struct cw_arena *arena, struct cw_err *err);
struct store_figures {
	int64_t inbox, quarantine, open_alerts, pending, dead;
	int64_t oldest;	 /* created of the oldest pending errand, or 0 */
	int64_t records; /* of the audit */
};
CW_CHECK int store_figures(struct store *s, struct store_figures *out, struct cw_err *err);
/* Say that an audit record is about an alert. */
CW_CHECK int store_alert_record(struct store *s, int64_t alert, int64_t seq, struct cw_err *err);
/* Number of the last audit record, of this transaction too; 0: none. */
int64_t store_audit_last(const struct store *s);
/* The first `most` audit records about an alert, in order; payload is absent where it was dropped.
 */
typedef void store_record_fn(
    void *arg, int64_t seq, int64_t at, struct cw_str type, struct cw_str payload);
CW_CHECK int store_alert_records(struct store *s, int64_t alert, store_record_fn *fn, void *arg,
    size_t most, struct cw_err *err);
/* The notices of an alert in order. */
CW_CHECK int store_alert_notices(struct store *s, int64_t alert,
    void (*fn)(void *arg, const struct store_notice *row), void *arg, struct cw_err *err);

/* ---- copies ---- */

/* How a backup goes on. */
struct store_backup {
	bool running; /* pages are still to be copied; else it is whole, failed, or was never begun
		       */
	bool done;
	int64_t pages, left;
};
/* Begin to copy the database into this new file, or with path NULL go on: a piece is copied by the
 * next store_checkpoint, so between batches; what is written meanwhile is in it. One at a time: one
 * that was begun before is given up. *out: as of now. CW_EIO: the file cannot be made. */
CW_CHECK int store_backup(
    struct store *s, const char *path, struct store_backup *out, struct cw_err *err);
/* Is this file a whole database of ours, in every page, with an audit chain that fits? *figures of
 * what is in it. The file is not changed. CW_EVALUE: it is not. */
CW_CHECK int store_verify(const char *path, struct store_figures *figures, struct cw_err *err);
/* Put a copy of this file, which verifies, in the place of the database in dir, while no daemon
 * runs; what was there stays as cordwatch.db.replaced. All errands count as doubtful from then on,
 * those to come too; who (a JSON object) is put on record. STORE_BUSY: a daemon runs. */
CW_CHECK int store_restore(
    const char *dir, const char *path, int64_t now, struct cw_str who, struct cw_err *err);
/* Was this database restored once? Then what it does not know of may have been sent. */
CW_CHECK int store_is_restored(struct store *s, bool *out, struct cw_err *err);

/* ---- retention ---- */

/* Forget dedup keys and resources that hold nothing, quarantine, closed alerts without errand and
 * notices that are older than these instants: looks at n of each at most, goes on there with the
 * next call; *more says whether the end was not reached. */
CW_CHECK int store_forget(struct store *s, int64_t keys_before, int64_t quarantine_before,
    int64_t closed_before, size_t n, bool *more, struct cw_err *err);

#endif
