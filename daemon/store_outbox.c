/* What must reach a target. */
#include "daemon/store_internal.h"

#define COLUMNS                                                                                    \
	"alert, errand, state, target, request, body, created, next, attempts, doubtful, after,"   \
	" fault"

static void
get_errand(struct query *q, struct store_outbox *o, struct cw_arena *arena)
{
	o->id = query_get(q);
	o->alert = query_get(q);
	o->errand = (enum store_errand)query_get(q);
	o->state = (enum store_errand_state)query_get(q);
	o->target = query_get_bytes(q, arena);
	o->request = query_get_bytes(q, arena);
	o->body = query_get_bytes(q, arena);
	o->created = query_get(q);
	o->next = query_get(q);
	o->attempts = (uint32_t)query_get(q);
	o->doubtful = query_get(q) != 0;
	o->after = query_get(q);
	o->fault = query_get_bytes(q, arena);
}

/* In the order of COLUMNS. */
static void
put_errand(struct query *q, const struct store_outbox *o)
{
	query_int(q, o->alert);
	query_int(q, o->errand);
	query_int(q, o->state);
	query_text(q, o->target);
	query_text(q, o->request);
	query_blob(q, o->body);
	query_int(q, o->created);
	query_int(q, o->next);
	query_int(q, o->attempts);
	query_int(q, o->doubtful);
	query_int(q, o->after);
	query_text(q, o->fault);
}

int
store_outbox_add(struct store *s, struct store_outbox *row, struct cw_err *err)
{
	static const char sql[] = "INSERT INTO outbox (" COLUMNS ")"
				  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
	struct query q = query_write(s, sql);
	int rc;

	put_errand(&q, row);
	rc = query_run(&q, err);
	if (rc == 0)
		row->id = sqlite3_last_insert_rowid(s->db);
	return rc;
}

int
store_outbox_update(struct store *s, const struct store_outbox *row, struct cw_err *err)
{
	static const char sql[] =
	    "UPDATE outbox SET (" COLUMNS ") = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?";
	struct query q = query_write(s, sql);

	put_errand(&q, row);
	query_int(&q, row->id);
	return query_run(&q, err);
}

int
store_outbox_remove(struct store *s, int64_t id, struct cw_err *err)
{
	static const char sql[] = "DELETE FROM outbox WHERE id = ?";
	struct query q = query_write(s, sql);

	query_int(&q, id);
	return query_run(&q, err);
}

int
store_outbox_get(struct store *s, struct store_outbox *out, int64_t id, struct cw_arena *arena,
    struct cw_err *err)
{
	static const char sql[] = "SELECT id, " COLUMNS " FROM outbox WHERE id = ?";
	struct query q = query_new(s, sql);
	int rc;

	query_int(&q, id);
	rc = query_step(&q, err);
	if (rc != QUERY_ROW)
		return rc == 0 ? STORE_NONE : rc;
	get_errand(&q, out, arena);
	query_end(&q);
	return query_fits(arena, err);
}

int
store_outbox_page(struct store *s, struct store_outbox *rows, size_t *n, int64_t before,
    int64_t alert, enum store_errand_state state, struct cw_arena *arena, struct cw_err *err)
{
	static const char of_alert[] = "SELECT id, " COLUMNS " FROM outbox"
				       " WHERE alert = ? AND id < ? ORDER BY id DESC LIMIT ?";
	static const char of_state[] = "SELECT id, " COLUMNS " FROM outbox"
				       " WHERE state = ? AND id < ? ORDER BY id DESC LIMIT ?";
	struct query q = query_new(s, alert != 0 ? of_alert : of_state);
	size_t most = *n;
	int rc;

	*n = 0;
	query_int(&q, alert != 0 ? alert : (int64_t)state);
	query_int(&q, before);
	query_int(&q, (int64_t)most);
	while ((rc = query_step(&q, err)) == QUERY_ROW)
		get_errand(&q, &rows[(*n)++], arena);
	return rc < 0 ? rc : query_fits(arena, err);
}

int
store_outbox_pending(struct store *s, struct store_outbox **rows, size_t *n, struct cw_arena *arena,
    struct cw_err *err)
{
	static const char sql[] = "SELECT id, " COLUMNS " FROM outbox WHERE state = ?"
				  " ORDER BY (SELECT tier FROM alert WHERE alert.id ="
				  " outbox.alert) DESC, created, id LIMIT ?";
	struct query q = query_new(s, sql);
	struct store_outbox *o = NULL;
	size_t got = 0;
	int rc;

	query_int(&q, STORE_PENDING);
	query_int(&q, (int64_t)*n);
	*rows = NULL;
	*n = 0;
	while ((rc = query_step(&q, err)) == QUERY_ROW) {
		o = query_grow(arena, o, got, sizeof(*o));
		if (!o) {
			query_end(&q);
			return query_fits(arena, err);
		}
		get_errand(&q, &o[got++], arena);
	}
	if (rc == 0)
		rc = query_fits(arena, err);
	if (rc == 0) {
		*rows = o;
		*n = got;
	}
	return rc;
}

int
store_outbox_count(
    struct store *s, int64_t *pending, int64_t *dead, int64_t *oldest, struct cw_err *err)
{
	static const char count[] = "SELECT count(*) FROM outbox WHERE state = ?";
	static const char first[] = "SELECT created FROM outbox WHERE state = ?"
				    " ORDER BY created LIMIT 1";
	struct query q = query_new(s, count);
	int rc;

	*pending = *dead = 0;
	*oldest = INT64_MAX;
	query_int(&q, STORE_PENDING);
	rc = query_one(&q, pending, err);
	if (rc < 0)
		return rc;
	q = query_new(s, count);
	query_int(&q, STORE_DEAD);
	rc = query_one(&q, dead, err);
	if (rc < 0)
		return rc;
	q = query_new(s, first);
	query_int(&q, STORE_PENDING);
	rc = query_one(&q, oldest, err);
	return rc < 0 ? rc : 0;
}
