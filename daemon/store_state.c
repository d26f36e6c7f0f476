/* Small texts under names, counts, and what is forgotten in time. */
#include "daemon/store_internal.h"

#include <string.h>

int
store_state_get(struct store *s, struct cw_str *value, uint32_t feed, const char *key,
    struct cw_arena *arena, struct cw_err *err)
{
	static const char sql[] = "SELECT value FROM state WHERE feed = ? AND key = ?";
	struct query q = query_new(s, sql);
	int rc;

	*value = (struct cw_str){ NULL, 0 };
	query_int(&q, feed);
	query_text(&q, cw_str(key));
	rc = query_step(&q, err);
	if (rc != QUERY_ROW)
		return rc == 0 ? STORE_NONE : rc;
	*value = query_get_bytes(&q, arena);
	query_end(&q);
	return query_fits(arena, err);
}

int
store_state_set(
    struct store *s, uint32_t feed, const char *key, struct cw_str value, struct cw_err *err)
{
	static const char put[] = "INSERT INTO state (feed, key, value) VALUES (?, ?, ?)"
				  " ON CONFLICT (feed, key) DO UPDATE SET value = excluded.value";
	static const char take[] = "DELETE FROM state WHERE feed = ? AND key = ?";
	struct query q = query_write(s, value.s ? put : take);

	query_int(&q, feed);
	query_text(&q, cw_str(key));
	if (value.s)
		query_text(&q, value);
	return query_run(&q, err);
}

int
store_states(struct store *s, uint32_t feed,
    void (*fn)(void *arg, struct cw_str key, struct cw_str value), void *arg, struct cw_err *err)
{
	static const char sql[] = "SELECT key, value FROM state WHERE feed = ? ORDER BY key";
	struct query q = query_new(s, sql);
	int rc;

	query_int(&q, feed);
	while ((rc = query_step(&q, err)) == QUERY_ROW) {
		struct cw_str key = query_get_bytes(&q, NULL);

		fn(arg, key, query_get_bytes(&q, NULL));
	}
	return rc;
}

int
store_count_add(struct store *s, uint32_t feed, struct cw_str type, int64_t at, const char *outcome,
    int64_t n, struct cw_err *err)
{
	static const char sql[] = "INSERT INTO count (feed, type, day, outcome, n)"
				  " VALUES (?, ?, ?, ?, ?) ON CONFLICT (feed, type, day, outcome)"
				  " DO UPDATE SET n = n + excluded.n";
	enum { DAY = 24 * 3600 * 1000 };
	struct query q = query_write(s, sql);

	query_int(&q, feed);
	query_text(&q, type.s ? type : CW_STR(""));
	query_int(&q, at / DAY - (at % DAY < 0));
	query_text(&q, cw_str(outcome));
	query_int(&q, n);
	return query_run(&q, err);
}

int
store_counts(struct store *s,
    void (*fn)(void *arg, uint32_t feed, struct cw_str type, int64_t day, struct cw_str outcome,
	int64_t n),
    void *arg, struct cw_err *err)
{
	static const char sql[] = "SELECT feed, type, day, outcome, n FROM count"
				  " ORDER BY feed, type, day, outcome";
	struct query q = query_new(s, sql);
	int rc;

	while ((rc = query_step(&q, err)) == QUERY_ROW) {
		uint32_t feed = (uint32_t)query_get(&q);
		struct cw_str type = query_get_bytes(&q, NULL);
		int64_t day = query_get(&q);
		struct cw_str outcome = query_get_bytes(&q, NULL);

		fn(arg, feed, type, day, outcome, query_get(&q));
	}
	return rc;
}

static int
forget(struct store *s, const char *sql, int64_t before, size_t n, bool *more, struct cw_err *err)
{
	struct query q = query_write(s, sql);
	int rc;

	query_int(&q, before);
	query_int(&q, (int64_t)n);
	rc = query_run(&q, err);
	if (rc == 0 && (size_t)sqlite3_changes64(s->db) >= n)
		*more = true;
	return rc;
}

/* Look at the next n names of what is known: there is no order by time in it. */
static int
forget_seen(struct store *s, int64_t before, size_t n, bool *more, struct cw_err *err)
{
	static const char find[] = "SELECT name FROM known WHERE name > ?"
				   " ORDER BY name LIMIT 1 OFFSET ?";
	static const char last[] = "SELECT name FROM known ORDER BY name DESC LIMIT 1";
	static const char sql[] = "DELETE FROM known WHERE name > ? AND name <= ?"
				  " AND scope <= 0 AND at < ?";
	unsigned char end[STORE_NAME];
	struct query q = query_new(s, find);
	int rc;

	query_name(&q, s->looked_at);
	query_int(&q, (int64_t)n - 1);
	rc = query_step(&q, err);
	if (rc == QUERY_ROW) {
		*more = true;
	} else if (rc == 0) {
		q = query_new(s, last);
		rc = query_step(&q, err);
	}
	if (rc != QUERY_ROW)
		return rc;
	query_get_raw(&q, end, sizeof(end));
	query_end(&q);
	q = query_write(s, sql);
	query_name(&q, s->looked_at);
	query_name(&q, end);
	query_int(&q, before);
	rc = query_run(&q, err);
	if (*more)
		memcpy(s->looked_at, end, sizeof(end));
	else
		memset(s->looked_at, 0, sizeof(s->looked_at));
	return rc;
}

int
store_forget(struct store *s, int64_t keys_before, int64_t quarantine_before, int64_t closed_before,
    size_t n, bool *more, struct cw_err *err)
{
	/* Those in order of arrival are looked at from the oldest on, so that nothing is scanned.
	 */
	static const char quarantine[] =
	    "DELETE FROM quarantine WHERE id IN (SELECT id FROM"
	    " (SELECT id, at FROM quarantine ORDER BY id LIMIT ?2) WHERE at < ?1)";
	static const char notices[] =
	    "DELETE FROM notice WHERE id IN (SELECT id FROM"
	    " (SELECT id, at FROM notice ORDER BY id LIMIT ?2) WHERE at < ?1)";
	static const char closed[] =
	    "DELETE FROM alert WHERE id IN (SELECT id FROM alert WHERE state = 4 AND closed < ?1"
	    " AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.alert = alert.id) LIMIT ?2)";
	int rc;

	*more = false;
	rc = forget_seen(s, keys_before, n, more, err);
	if (rc == 0)
		rc = store_forget_empty(s, keys_before, n, more, err);
	if (rc == 0)
		rc = forget(s, quarantine, quarantine_before, n, more, err);
	if (rc == 0)
		rc = forget(s, notices, closed_before, n, more, err);
	if (rc == 0)
		rc = forget(s, closed, closed_before, n, more, err);
	return rc;
}
