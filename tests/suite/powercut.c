/* The store under power cuts and failing disks: work as the engine does it, cut in every operation,
 * and after each cut: what was committed is there, nothing is half done, the chain verifies.
 *
 * A life is: play; the power is cut (or an operation fails); open again and judge; play on; another
 * cut; and so on to the end.  The database must then be what it was after the last commit that was
 * acknowledged, or after the one that was under way; told by a fingerprint of all its rows. */
#include "tests/fake/powercut.h"
#include "daemon/store_internal.h"
#include "mappings/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BATCHES = 12, STATES = BATCHES + 1, CUTS = 3, LOG_MOST = 24, STRIDE = 617 };

/* What is wrong with the way it is set up; the suite must notice. */
enum plant { HONEST, NORMAL, LYING_DISK };

/* Digests of the rows: fresh, and after each batch. */
static char state[STATES][2 * MAP_DIGEST_SIZE + 1];
static char folder[] = "powercut.XXXXXX";
static uint64_t operations, syncs; /* of a life without cuts */
static int happened;		   /* cuts */

/* ---- the work ---- */

static struct cw_str
body_of(struct cw_arena *arena, int64_t item)
{
	size_t n = item % 5 == 0 ? 9000 : 40 + 13 * (size_t)(item % 7);
	char *s = cw_alloc(arena, n);

	for (size_t i = 0; i < n; i++)
		s[i] = (char)('a' + (item + (int64_t)i) % 26);
	return (struct cw_str){ s, n };
}

static int
receive(struct store *s, int batch, struct cw_arena *arena)
{
	int rc = 0;

	for (int i = 0; rc == 0 && i < 1 + batch % 4; i++) {
		int64_t item = 10 * batch + i;
		struct store_inbox row = { .feed = 1, .how = STORE_PUT, .received = item };

		row.type = CW_STR("Condition");
		row.name = cw_fmt(arena, "c%" PRId64, item % 17);
		row.body = body_of(arena, item);
		rc = store_inbox_add(s, &row, NULL);
	}
	return rc;
}

static int
raise_alert(struct store *s, const struct store_inbox *in, int64_t patient, struct cw_arena *arena)
{
	struct store_alert a = { .patient = patient, .tier = 3, .state = STORE_OPEN };
	struct store_outbox o = { .errand = STORE_CREATE, .state = STORE_PENDING };
	int rc;

	a.key = a.request = o.request = cw_fmt(arena, "alert-%" PRId64, in->id);
	a.body = o.body = in->body;
	o.created = a.opened = in->received;
	rc = store_alert_add(s, &a, NULL);
	o.alert = a.id;
	if (rc == 0)
		rc = store_outbox_add(s, &o, NULL);
	return rc;
}

static int
process(struct store *s, const struct store_inbox *in, struct cw_arena *arena)
{
	struct store_resource r = { .realm = 1, .feed = in->feed, .form = STORE_TEXT };
	uint32_t realm;
	int rc = store_realm(s, &realm, CW_STR("http://a/fhir"), NULL);

	r.key = cw_fmt(arena, "Condition/%.*s", CW_ARG(in->name));
	r.body = in->body;
	r.bundle = in->id;
	map_digest(r.digest, in->body.s, in->body.n);
	if (rc == 0)
		rc = store_patient(
		    s, &r.patient, realm, cw_fmt(arena, "Patient/%" PRId64, in->id % 5), NULL);
	if (rc == 0)
		rc = store_seen(
		    s, 1, r.key, (struct cw_str){ NULL, 0 }, r.digest, in->received, NULL);
	if (rc == 0)
		rc = store_resource_put(s, &r, NULL);
	if (rc == 0 && in->id % 3 == 0)
		rc = raise_alert(s, in, r.patient, arena);
	if (rc == 0)
		rc = store_tick_set(s, r.patient, in->received + 100, NULL);
	if (rc == 0)
		rc = store_audit(s, in->received, "decision",
		    cw_fmt(arena, "{\"inbox\":%" PRId64 "}", in->id), NULL);
	if (rc == 0)
		rc = store_inbox_remove(s, in->id, NULL);
	return rc;
}

/* The receipts of what an earlier batch has sent. */
static int
deliver(struct store *s, int batch, struct cw_arena *arena)
{
	struct store_outbox *rows;
	size_t n = 8;
	int rc = store_outbox_pending(s, &rows, &n, arena, NULL);

	for (size_t i = 0; rc == 0 && i < n; i++) {
		struct store_alert a;

		if (rows[i].created >= 10 * (batch - 2))
			continue;
		rc = store_alert_get(s, &a, rows[i].alert, arena, NULL);
		a.version = CW_STR("W/\"1\"");
		if (rc == 0)
			rc = store_alert_update(s, &a, NULL);
		if (rc == 0)
			rc = store_outbox_remove(s, rows[i].id, NULL);
		if (rc == 0)
			rc = store_audit(s, 10 * batch, "receipt", CW_STR("{}"), NULL);
	}
	return rc;
}

/* One transaction: what came in is put into the inbox, what was there before is processed. */
static int
work(struct store *s, int batch, struct cw_arena *arena)
{
	struct store_inbox rows[8];
	size_t n = 8;
	int rc = store_begin(s, NULL);

	if (rc != 0)
		return rc;
	rc = store_inbox_next(s, 0, rows, &n, arena, NULL);
	if (rc == 0)
		rc = receive(s, batch, arena);
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = process(s, &rows[i], arena);
	if (rc == 0)
		rc = deliver(s, batch, arena);
	if (rc == 0)
		rc = store_count_add(s, 1, CW_STR("Condition"), 10 * batch, "processed", 1, NULL);
	if (rc == 0)
		rc = store_state_set(s, 0, "batch", cw_fmt(arena, "%d", batch + 1), NULL);
	if (rc == 0) {
		rc = store_commit(s, NULL);
		if (rc == 0 || !store_is_full(s))
			return rc;
	}
	store_rollback(s);
	return rc;
}

/* ---- what there is ---- */

static int
add_rows(struct store *s, struct cw_buf *b, const char *sql)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(s->db, sql, -1, &st, NULL);

	while (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(st); i++) {
			cw_buf_add(
			    b, sqlite3_column_blob(st, i), (size_t)sqlite3_column_bytes(st, i));
			cw_buf_putc(b, '|');
		}
		cw_buf_putc(b, '\n');
		rc = SQLITE_OK;
	}
	sqlite3_finalize(st);
	return rc == SQLITE_DONE ? 0 : -1;
}

/* Of every row of every table; of the audit chain without its salts and what hangs on them. */
static int
fingerprint(struct store *s, char out[2 * MAP_DIGEST_SIZE + 1])
{
	static const char *const tables[] = { "SELECT * FROM feed", "SELECT * FROM realm",
		"SELECT * FROM inbox", "SELECT * FROM patient", "SELECT * FROM known",
		"SELECT * FROM resource", "SELECT * FROM alert", "SELECT * FROM outbox",
		"SELECT * FROM state", "SELECT * FROM count", "SELECT * FROM sqlite_sequence",
		"SELECT seq FROM head", "SELECT seq, at, type, payload FROM audit" };
	struct cw_buf b;
	int rc = 0;

	cw_buf_init(&b, 0);
	for (size_t i = 0; rc == 0 && i < sizeof(tables) / sizeof(tables[0]); i++)
		rc = add_rows(s, &b, tables[i]);
	map_digest_hex(out, b.s, b.n);
	cw_buf_fini(&b);
	return rc;
}

static int
batches_done(struct store *s, int *out, struct cw_arena *arena)
{
	struct cw_str value;
	int rc = store_state_get(s, &value, 0, "batch", arena, NULL);

	*out = rc == 0 ? atoi(value.s) : 0;
	return rc < 0 ? rc : 0;
}

/* Is it whole, and one of the states that may be? *now: which. NULL, or what is wrong. */
static const char *
judge(struct store *s, int acknowledged, int *now)
{
	char found[2 * MAP_DIGEST_SIZE + 1];
	struct cw_buf b;
	int64_t records;
	bool whole;

	cw_buf_init(&b, 0);
	whole = add_rows(s, &b, "PRAGMA integrity_check") == 0 && strcmp(b.s, "ok|\n") == 0 &&
		add_rows(s, &b, "PRAGMA foreign_key_check") == 0 && strcmp(b.s, "ok|\n") == 0;
	cw_buf_fini(&b);
	if (!whole)
		return "the database is damaged";
	if (store_audit_verify(s, &records, NULL) != 0)
		return "the audit chain does not verify";
	if (fingerprint(s, found) != 0)
		return "the rows cannot be read";
	for (*now = 0; *now < STATES && strcmp(found, state[*now]) != 0;)
		++*now;
	if (*now == STATES)
		return "something is half done";
	if (*now < acknowledged)
		return "what was acknowledged is gone";
	return *now > acknowledged + 1 ? "what was never sent is there" : NULL;
}

/* ---- lives ---- */

static int
start(struct store **s, enum plant plant)
{
	int rc = store_open(s, folder, NULL);

	if (rc != 0)
		return rc;
	(*s)->log_most = LOG_MOST;
	if (plant == NORMAL)
		rc = store_exec(*s, "PRAGMA synchronous=NORMAL", NULL);
	return rc;
}

/* From where it stands to the last batch, or to an error; a full disk is tried again. *done moves
 * with each commit. */
static int
play(struct store *s, int *done)
{
	struct cw_arena *arena = cw_arena_new(0);
	int rc = batches_done(s, done, arena);

	while (rc == 0 && *done < BATCHES) {
		rc = work(s, *done, arena);
		if (rc == 0) {
			++*done;
			if (*done % 2 == 0)
				rc = store_checkpoint(s, NULL);
		} else if (rc == CW_ELIMIT && !s->lost) {
			rc = 0;
		}
		cw_arena_reset(arena);
	}
	cw_arena_free(arena);
	return rc;
}

/* One start of the program, until it ends or fails. NULL, or what is wrong with what it found. */
static const char *
run_once(enum plant plant, int *acknowledged)
{
	const char *wrong = NULL;
	struct store *s = NULL;
	int rc = start(&s, plant), found = 0;

	if (rc == CW_EVALUE || rc == CW_EUNSUPPORTED)
		wrong = powercut_is_off() ? NULL : "it does not open";
	if (rc == 0)
		wrong = judge(s, *acknowledged, &found);
	/* When the power goes while it is judged, there is nothing to say. */
	if (powercut_is_off())
		wrong = NULL;
	else if (rc == 0 && !wrong) {
		*acknowledged = found;
		(void)play(s, acknowledged);
	}
	store_close(s);
	return wrong;
}

/* A life with cuts (or, first, a failure) at operations that the generator chooses; `first` is the
 * number of the operation of the first. fault: 0 for a cut. */
static const char *
live(uint64_t seed, uint64_t first, int fault, enum plant plant)
{
	int acknowledged = 0;
	const char *wrong = NULL;

	powercut_reset(seed);
	powercut_lie(plant == LYING_DISK);
	if (fault)
		powercut_fail(first, fault);
	else
		powercut_plan(first);
	for (int cuts = 0; !wrong && (acknowledged < BATCHES || cuts < CUTS);) {
		wrong = run_once(plant, &acknowledged);
		if (powercut_is_off()) {
			powercut_restore();
			happened++;
		}
		if (cuts++ < CUTS)
			powercut_plan(1 + powercut_random() % (cuts % 2 ? 60 : operations / 3));
		else
			powercut_plan(0);
		if (cuts > 4 * CUTS)
			return wrong ? wrong : "it does not come to its end";
	}
	powercut_plan(0);
	if (powercut_is_off())
		powercut_restore();
	/* Once more to look at the end. */
	return wrong ? wrong : run_once(plant, &acknowledged);
}

/* The states that there are, and how many operations a life without cuts has. */
static bool
learn(void)
{
	struct cw_arena *arena = cw_arena_new(0);
	struct store *s = NULL;
	int rc;

	powercut_reset(1);
	rc = start(&s, HONEST);
	if (rc == 0)
		rc = fingerprint(s, state[0]);
	for (int batch = 0; rc == 0 && batch < BATCHES; batch++) {
		rc = work(s, batch, arena);
		if (rc == 0)
			rc = fingerprint(s, state[batch + 1]);
		if (rc == 0 && batch % 2 == 1)
			rc = store_checkpoint(s, NULL);
	}
	store_close(s);
	cw_arena_free(arena);
	operations = powercut_operations();
	syncs = powercut_syncs();
	return rc == 0;
}

/* How many of these lives go wrong. */
static int
lives(const char *title, int n, int fault, enum plant plant)
{
	uint64_t range = fault == SQLITE_IOERR_FSYNC ? syncs : operations;
	int wrong = 0;

	for (int i = 0; i < n; i++) {
		uint64_t first = 1 + (uint64_t)i * STRIDE % range;
		const char *what = live((uint64_t)i * 1000003 + 17, first, fault, plant);

		if (what && plant == HONEST)
			printf("%s: life %d, at %" PRIu64 ": %s\n", title, i, first, what);
		wrong += what != NULL;
	}
	return wrong;
}

int
main(void)
{
	bool soak = getenv("CORDWATCH_SOAK") != NULL;
	int cuts = soak ? 6500 : 200, failures = soak ? 1500 : 60, planted = soak ? 300 : 40;
	int good = 0, bad = 0, wrong;
	bool ready;
	static const struct {
		const char *title;
		int fault;
		enum plant plant;
	} series[] = { { "power cuts", 0, HONEST }, { "I/O errors", SQLITE_IOERR, HONEST },
		{ "failed syncs", SQLITE_IOERR_FSYNC, HONEST },
		{ "a full disk", SQLITE_FULL, HONEST }, { "synchronous=NORMAL", 0, NORMAL },
		{ "a lying disk", 0, LYING_DISK } };

	if (!mkdtemp(folder))
		return 1;
	powercut_install();
	ready = learn();
	printf("%" PRIu64 " operations, of them %" PRIu64 " syncs, in a life\n", operations, syncs);
	for (size_t i = 0; ready && i < sizeof(series) / sizeof(series[0]); i++) {
		int n = series[i].plant != HONEST ? planted : series[i].fault ? failures : cuts;

		happened = 0;
		wrong = lives(series[i].title, n, series[i].fault, series[i].plant);
		printf(
		    "%s: %d lives with %d cuts, %d wrong\n", series[i].title, n, happened, wrong);
		if (series[i].plant == HONEST) {
			good += n - wrong;
			bad += wrong;
		} else if (wrong > 0) {
			good++; /* it was noticed */
		} else {
			bad++;
		}
	}
	powercut_reset(0);
	{
		char command[64];

		snprintf(command, sizeof(command), "rm -rf '%s'", folder);
		bad += system(command) != 0;
	}
	printf("%d passed, %d failed\n", good, ready ? bad : 1);
	return !ready || bad > 0;
}
