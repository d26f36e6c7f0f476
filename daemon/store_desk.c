/* What a person asks for: pages of rows, the newest first, and what belongs to one alert. */
#include "daemon/store_internal.h"

/* The queries below give this many columns: what a list shows, no bodies. */
static void
get_alert(struct query *q, struct store_alert *a, struct cw_arena *arena)
{
	a->id = query_get(q);
	a->patient = query_get(q);
	a->request = query_get_bytes(q, arena);
	a->target = query_get_bytes(q, arena);
	a->tier = (uint32_t)query_get(q);
	a->state = (enum store_alert_state)query_get(q);
	a->shadow = query_get(q) != 0;
	a->opened = query_get(q);
	a->due = query_get(q);
	a->closed = query_get(q);
	a->why = query_get_bytes(q, arena);
}

int
store_alert_page(struct store *s, struct store_alert *rows, size_t *n, int64_t before,
    bool open_only, struct cw_arena *arena, struct cw_err *err)
{
	static const char sql[] =
	    "SELECT id, patient, request, target, tier, state, shadow, opened, due, closed, why"
	    " FROM alert WHERE id < ? AND state <> ? ORDER BY id DESC LIMIT ?";
	struct query q = query_new(s, sql);
	size_t most = *n;
	int rc;

	*n = 0;
	query_int(&q, before);
	query_int(&q, open_only ? STORE_CLOSED : 0);
	query_int(&q, (int64_t)most);
	while ((rc = query_step(&q, err)) == QUERY_ROW) {
		rows[*n] = (struct store_alert){ 0 };
		get_alert(&q, &rows[(*n)++], arena);
	}
	return rc < 0 ? rc : query_fits(arena, err);
}

#define QUARANTINE "id, feed, received, at, type, name, version, reason, path, line, col"

static void
get_quarantine(struct query *q, struct store_quarantine *row, struct cw_arena *arena)
{
	row->id = query_get(q);
	row->feed = (uint32_t)query_get(q);
	row->received = query_get(q);
	row->at = query_get(q);
	row->type = query_get_bytes(q, arena);
	row->name = query_get_bytes(q, arena);
	row->version = query_get_bytes(q, arena);
	row->reason = query_get_bytes(q, arena);
	row->path = query_get_bytes(q, arena);
	row->line = (uint64_t)query_get(q);
	row->column = (uint64_t)query_get(q);
}

int
store_quarantine_page(struct store *s, struct store_quarantine *rows, size_t *n, int64_t before,
    struct cw_arena *arena, struct cw_err *err)
{
	static const char sql[] =
	    "SELECT " QUARANTINE " FROM quarantine WHERE id < ? ORDER BY id DESC LIMIT ?";
	struct query q = query_new(s, sql);
	size_t most = *n;
	int rc;

	*n = 0;
	query_int(&q, before);
	query_int(&q, (int64_t)most);
	while ((rc = query_step(&q, err)) == QUERY_ROW) {
		rows[*n] = (struct store_quarantine){ 0 };
		get_quarantine(&q, &rows[(*n)++], arena);
	}
	return rc < 0 ? rc : query_fits(arena, err);
}

/* The bytes stand with the first fault of a text; those of its others follow it. */
static int
get_body(struct store *s, struct store_quarantine *row, struct cw_arena *arena, struct cw_err *err)
{
	static const char sql[] = "SELECT body FROM quarantine WHERE id < ? AND feed = ?"
				  " AND received = ? AND body IS NOT NULL ORDER BY id DESC LIMIT 1";
	struct query q = query_new(s, sql);
	int rc;

	query_int(&q, row->id);
	query_int(&q, row->feed);
	query_int(&q, row->received);
	rc = query_step(&q, err);
	if (rc == QUERY_ROW) {
		row->body = query_get_bytes(&q, arena);
		query_end(&q);
	}
	return rc < 0 ? rc : query_fits(arena, err);
}

int
store_quarantine_get(struct store *s, struct store_quarantine *out, int64_t id,
    struct cw_arena *arena, struct cw_err *err)
{
	static const char sql[] = "SELECT " QUARANTINE ", body FROM quarantine WHERE id = ?";
	struct query q = query_new(s, sql);
	int rc;

	query_int(&q, id);
	rc = query_step(&q, err);
	if (rc != QUERY_ROW)
		return rc == 0 ? STORE_NONE : rc;
	get_quarantine(&q, out, arena);
	out->body = query_get_bytes(&q, arena);
	query_end(&q);
	return out->body.s == NULL ? get_body(s, out, arena, err) : query_fits(arena, err);
}

int
store_quarantine_remove(struct store *s, int64_t id, struct cw_err *err)
{
	static const char sql[] = "DELETE FROM quarantine WHERE (feed, received) ="
				  " (SELECT feed, received FROM quarantine WHERE id = ?1)"
				  " AND id >= coalesce((SELECT max(id) FROM quarantine"
				  "  WHERE id <= ?1 AND body IS NOT NULL), ?1)"
				  " AND id < coalesce((SELECT min(id) FROM quarantine"
				  "  WHERE id > ?1 AND body IS NOT NULL), ?1 + 1000000)";
	struct query q = query_write(s, sql);

	query_int(&q, id);
	return query_run(&q, err);
}

int
store_feed_name(
    struct store *s, uint32_t feed, struct cw_str *name, struct cw_arena *arena, struct cw_err *err)
{
	static const char sql[] = "SELECT name FROM feed WHERE id = ?";
	struct query q = query_new(s, sql);
	int rc;

	query_int(&q, feed);
	rc = query_step(&q, err);
	if (rc != QUERY_ROW)
		return rc == 0 ? STORE_NONE : rc;
	*name = query_get_bytes(&q, arena);
	query_end(&q);
	return query_fits(arena, err);
}

int
store_figures(struct store *s, struct store_figures *out, struct cw_err *err)
{
	static const char sql[] =
	    "SELECT (SELECT count(*) FROM inbox), (SELECT count(*) FROM quarantine),"
	    " (SELECT count(*) FROM alert WHERE state <> 4),"
	    " (SELECT count(*) FROM outbox WHERE state = 1),"
	    " (SELECT count(*) FROM outbox WHERE state = 3),"
	    " (SELECT min(created) FROM outbox WHERE state = 1),"
	    " (SELECT max(seq) FROM audit)";
	struct query q = query_new(s, sql);
	int rc = query_step(&q, err);

	_Static_assert(STORE_PENDING == 1 && STORE_DEAD == 3 && STORE_CLOSED == 4, "as in the SQL");
	*out = (struct store_figures){ 0 };
	if (rc != QUERY_ROW)
		return rc;
	out->inbox = query_get(&q);
	out->quarantine = query_get(&q);
	out->open_alerts = query_get(&q);
	out->pending = query_get(&q);
	out->dead = query_get(&q);
	out->oldest = query_get(&q);
	out->records = query_get(&q);
	query_end(&q);
	return 0;
}

/* ---- what belongs to one alert ---- */

int
store_alert_record(struct store *s, int64_t alert, int64_t seq, struct cw_err *err)
{
	static const char sql[] = "INSERT INTO alert_record (alert, seq) VALUES (?, ?)"
				  " ON CONFLICT DO NOTHING";
	struct query q = query_write(s, sql);

	query_int(&q, alert);
	query_int(&q, seq);
	return query_run(&q, err);
}

int64_t
store_audit_last(const struct store *s)
{
	return s->head.seq;
}

int
store_alert_records(
    struct store *s, int64_t alert, store_record_fn *fn, void *arg, size_t most, struct cw_err *err)
{
	static const char sql[] =
	    "SELECT a.seq, a.at, a.type, a.payload FROM alert_record r JOIN audit a USING (seq)"
	    " WHERE r.alert = ? ORDER BY seq LIMIT ?";
	struct query q = query_new(s, sql);
	int rc;

	query_int(&q, alert);
	query_int(&q, (int64_t)most);
	while ((rc = query_step(&q, err)) == QUERY_ROW) {
		int64_t seq = query_get(&q), at = query_get(&q);
		struct cw_str type = query_get_bytes(&q, NULL);

		fn(arg, seq, at, type, query_get_bytes(&q, NULL));
	}
	return rc;
}

int
store_alert_notices(struct store *s, int64_t alert,
    void (*fn)(void *arg, const struct store_notice *row), void *arg, struct cw_err *err)
{
	static const char sql[] = "SELECT id, at, patient, alert, kind, text FROM notice"
				  " WHERE alert = ? ORDER BY id";
	struct query q = query_new(s, sql);
	int rc;

	query_int(&q, alert);
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
