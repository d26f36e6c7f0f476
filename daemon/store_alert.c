/* Alerts, watches, notices. */
#include "daemon/store_internal.h"

#include <stdlib.h>

#define COLUMNS                                                                                    \
	"patient, key, request, target, tier, episode, state, shadow, opened, evidence_at, due,"   \
	" closed, why, evidence, version, body"

static void
get_alert(struct query *q, struct store_alert *a, struct cw_arena *arena)
{
	a->id = query_get(q);
	a->patient = query_get(q);
	a->key = query_get_bytes(q, arena);
	a->request = query_get_bytes(q, arena);
	a->target = query_get_bytes(q, arena);
	a->tier = (uint32_t)query_get(q);
	a->episode = query_get(q);
	a->state = (enum store_alert_state)query_get(q);
	a->shadow = query_get(q) != 0;
	a->opened = query_get(q);
	a->evidence_at = query_get(q);
	a->due = query_get(q);
	a->closed = query_get(q);
	a->why = query_get_bytes(q, arena);
	a->evidence = query_get_bytes(q, arena);
	a->version = query_get_bytes(q, arena);
	a->body = query_get_bytes(q, arena);
}

/* In the order of COLUMNS. */
static void
put_alert(struct query *q, const struct store_alert *a)
{
	query_int(q, a->patient);
	query_text(q, a->key);
	query_text(q, a->request);
	query_text(q, a->target);
	query_int(q, a->tier);
	query_int(q, a->episode);
	query_int(q, a->state);
	query_int(q, a->shadow);
	query_int(q, a->opened);
	query_int(q, a->evidence_at);
	query_int(q, a->due);
	query_int(q, a->closed);
	query_text(q, a->why);
	query_text(q, a->evidence);
	query_text(q, a->version);
	query_blob(q, a->body);
}

int
store_alert_add(struct store *s, struct store_alert *row, struct cw_err *err)
{
	static const char put[] = "INSERT INTO alert (" COLUMNS ")"
				  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
				  " ON CONFLICT (key) DO NOTHING";
	static const char get[] = "SELECT id FROM alert WHERE key = ?";
	struct query q = query_write(s, put);
	int rc;

	put_alert(&q, row);
	rc = query_run(&q, err);
	if (rc != 0)
		return rc;
	if (sqlite3_changes(s->db) > 0) {
		row->id = sqlite3_last_insert_rowid(s->db);
		return 0;
	}
	q = query_new(s, get);
	query_text(&q, row->key);
	rc = query_one(&q, &row->id, err);
	return rc < 0 ? rc : STORE_SAME;
}

int
store_alert_update(struct store *s, const struct store_alert *row, struct cw_err *err)
{
	static const char sql[] =
	    "UPDATE alert SET (" COLUMNS
	    ") = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?";
	struct query q = query_write(s, sql);

	put_alert(&q, row);
	query_int(&q, row->id);
	return query_run(&q, err);
}

static int
get_one(struct query *q, struct store_alert *out, struct cw_arena *arena, struct cw_err *err)
{
	int rc = query_step(q, err);

	if (rc != QUERY_ROW)
		return rc == 0 ? STORE_NONE : rc;
	get_alert(q, out, arena);
	query_end(q);
	return query_fits(arena, err);
}

int
store_alert_get(struct store *s, struct store_alert *out, int64_t id, struct cw_arena *arena,
    struct cw_err *err)
{
	static const char sql[] = "SELECT id, " COLUMNS " FROM alert WHERE id = ?";
	struct query q = query_new(s, sql);

	query_int(&q, id);
	return get_one(&q, out, arena, err);
}

int
store_alert_by_request(struct store *s, struct store_alert *out, struct cw_str request,
    struct cw_arena *arena, struct cw_err *err)
{
	static const char sql[] = "SELECT id, " COLUMNS " FROM alert WHERE request = ?";
	struct query q = query_new(s, sql);

	query_text(&q, request);
	return get_one(&q, out, arena, err);
}

static int
newest_first(const void *left, const void *right)
{
	const struct store_alert *a = left, *b = right;

	if (a->opened != b->opened)
		return a->opened > b->opened ? -1 : 1;
	return (a->id < b->id) - (a->id > b->id);
}

/* The alerts of one patient behind the n that are there. */
static int
append(struct query *q, struct store_alert **rows, size_t *n, struct cw_arena *arena,
    struct cw_err *err)
{
	int rc;

	while ((rc = query_step(q, err)) == QUERY_ROW) {
		*rows = query_grow(arena, *rows, *n, sizeof(**rows));
		if (!*rows) {
			query_end(q);
			break;
		}
		get_alert(q, &(*rows)[(*n)++], arena);
	}
	return rc < 0 ? rc : query_fits(arena, err);
}

int
store_alerts(struct store *s, const int64_t *patients, size_t n_patients, bool open_only,
    struct store_alert **rows, size_t *n, struct cw_arena *arena, struct cw_err *err)
{
	/* The plus keeps a partial index from being thought of: with it the statement would be
	 * prepared anew for each value. */
	static const char sql[] = "SELECT id, " COLUMNS " FROM alert"
				  " WHERE patient = ? AND +state <> ?";
	int rc = 0;

	*rows = NULL;
	*n = 0;
	for (size_t i = 0; rc == 0 && i < n_patients; i++) {
		struct query q = query_new(s, sql);

		query_int(&q, patients[i]);
		query_int(&q, open_only ? STORE_CLOSED : 0);
		rc = append(&q, rows, n, arena, err);
	}
	if (rc == 0 && *n > 1)
		qsort(*rows, *n, sizeof(**rows), newest_first);
	return rc;
}

int
store_alert_count(struct store *s, int64_t *open, struct cw_err *err)
{
	static const char sql[] = "SELECT count(*) FROM alert WHERE state <> 4";
	struct query q = query_new(s, sql);
	int rc;

	_Static_assert(STORE_CLOSED == 4, "the schema has the number too");
	*open = 0;
	rc = query_one(&q, open, err);
	return rc < 0 ? rc : 0;
}

int
store_watches(struct store *s, int64_t patient, struct store_watch **rows, size_t *n,
    struct cw_arena *arena, struct cw_err *err)
{
	static const char sql[] = "SELECT rule, since, told FROM watch WHERE patient = ?"
				  " ORDER BY rule";
	struct query q = query_new(s, sql);
	struct store_watch *w = NULL;
	size_t got = 0;
	int rc;

	*rows = NULL;
	*n = 0;
	query_int(&q, patient);
	while ((rc = query_step(&q, err)) == QUERY_ROW) {
		w = query_grow(arena, w, got, sizeof(*w));
		if (!w) {
			query_end(&q);
			return query_fits(arena, err);
		}
		w[got].patient = patient;
		w[got].rule = query_get_bytes(&q, arena);
		w[got].since = query_get(&q);
		w[got++].told = (uint32_t)query_get(&q);
	}
	if (rc == 0)
		rc = query_fits(arena, err);
	if (rc == 0) {
		*rows = w;
		*n = got;
	}
	return rc;
}

int
store_watch_put(struct store *s, const struct store_watch *row, struct cw_err *err)
{
	static const char sql[] = "INSERT INTO watch (patient, rule, since, told)"
				  " VALUES (?, ?, ?, ?) ON CONFLICT (patient, rule)"
				  " DO UPDATE SET since = excluded.since, told = excluded.told";
	struct query q = query_write(s, sql);

	query_int(&q, row->patient);
	query_text(&q, row->rule);
	query_int(&q, row->since);
	query_int(&q, row->told);
	return query_run(&q, err);
}

int
store_watch_remove(struct store *s, int64_t patient, struct cw_str rule, struct cw_err *err)
{
	static const char sql[] = "DELETE FROM watch WHERE patient = ? AND rule = ?";
	struct query q = query_write(s, sql);

	query_int(&q, patient);
	query_text(&q, rule);
	return query_run(&q, err);
}

int
store_notice_add(struct store *s, struct store_notice *row, struct cw_err *err)
{
	static const char sql[] = "INSERT INTO notice (at, patient, alert, kind, text)"
				  " VALUES (?, ?, ?, ?, ?)";
	struct query q = query_write(s, sql);
	int rc;

	query_int(&q, row->at);
	query_int(&q, row->patient);
	query_int(&q, row->alert);
	query_text(&q, row->kind);
	query_text(&q, row->text);
	rc = query_run(&q, err);
	if (rc == 0)
		row->id = sqlite3_last_insert_rowid(s->db);
	return rc;
}

int
store_notices(struct store *s, int64_t from, void (*fn)(void *arg, const struct store_notice *row),
    void *arg, struct cw_err *err)
{
	static const char sql[] = "SELECT id, at, patient, alert, kind, text FROM notice"
				  " WHERE id >= ? ORDER BY id";
	struct query q = query_new(s, sql);
	int rc;

	query_int(&q, from);
	while ((rc = query_step(&q, err)) == QUERY_ROW) {
		struct store_notice n;

		n.id = query_get(&q);
		n.at = query_get(&q);
		n.patient = query_get(&q);
		n.alert = query_get(&q);
		n.kind = query_get_bytes(&q, NULL);
		n.text = query_get_bytes(&q, NULL);
		fn(arg, &n);
	}
	return rc;
}
