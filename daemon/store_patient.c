/* Names of feeds, realms and patients; who is joined with whom; when to look again. */
#include "daemon/store_internal.h"

/* The number under a name: two statements, so that nothing is written for a name that is known. */
static int
number(struct store *s, int64_t *out, const char *find, const char *enter, int64_t realm,
    struct cw_str name, struct cw_err *err)
{
	struct query q = query_new(s, find);
	int rc;

	query_text(&q, name);
	if (realm)
		query_int(&q, realm);
	rc = query_one(&q, out, err);
	if (rc != 0)
		return rc < 0 ? rc : 0;
	q = query_write(s, enter);
	query_text(&q, name);
	if (realm)
		query_int(&q, realm);
	rc = query_run(&q, err);
	if (rc == 0)
		*out = sqlite3_last_insert_rowid(s->db);
	return rc;
}

int
store_feed(struct store *s, uint32_t *out, struct cw_str name, struct cw_err *err)
{
	static const char find[] = "SELECT id FROM feed WHERE name = ?";
	static const char enter[] = "INSERT INTO feed (name) VALUES (?)";
	int64_t id = 0;
	int rc = number(s, &id, find, enter, 0, name, err);

	*out = (uint32_t)id;
	return rc;
}

int
store_realm(struct store *s, uint32_t *out, struct cw_str base, struct cw_err *err)
{
	static const char find[] = "SELECT id FROM realm WHERE base = ?";
	static const char enter[] = "INSERT INTO realm (base) VALUES (?)";
	int64_t id = 0;
	int rc = number(s, &id, find, enter, 0, base, err);

	*out = (uint32_t)id;
	return rc;
}

int
store_realm_name(struct store *s, uint32_t realm, struct cw_str *base, struct cw_arena *arena,
    struct cw_err *err)
{
	struct query q = query_new(s, "SELECT base FROM realm WHERE id = ?");
	int rc;

	query_int(&q, realm);
	rc = query_step(&q, err);
	if (rc != QUERY_ROW)
		return rc == 0 ? STORE_NONE : rc;
	*base = query_get_bytes(&q, arena);
	query_end(&q);
	return query_fits(arena, err);
}

int
store_patient(struct store *s, int64_t *out, uint32_t realm, struct cw_str key, struct cw_err *err)
{
	static const char find[] = "SELECT id FROM patient WHERE key = ? AND realm = ?";
	static const char enter[] = "INSERT INTO patient (key, realm) VALUES (?, ?)";

	*out = 0;
	return number(s, out, find, enter, realm, key, err);
}

int
store_patient_key(struct store *s, int64_t patient, uint32_t *realm, struct cw_str *key,
    struct cw_arena *arena, struct cw_err *err)
{
	static const char sql[] = "SELECT realm, key FROM patient WHERE id = ?";
	struct query q = query_new(s, sql);
	int rc;

	query_int(&q, patient);
	rc = query_step(&q, err);
	if (rc != QUERY_ROW)
		return rc == 0 ? STORE_NONE : rc;
	*realm = (uint32_t)query_get(&q);
	*key = query_get_bytes(&q, arena);
	query_end(&q);
	return query_fits(arena, err);
}

int
store_links_set(
    struct store *s, int64_t patient, const int64_t *other, size_t n, struct cw_err *err)
{
	static const char clear[] = "DELETE FROM link WHERE patient = ?";
	static const char put[] = "INSERT INTO link (patient, other) VALUES (?, ?)"
				  " ON CONFLICT DO NOTHING";
	struct query q = query_write(s, clear);
	int rc;

	query_int(&q, patient);
	rc = query_run(&q, err);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		if (other[i] == patient)
			continue;
		q = query_write(s, put);
		query_int(&q, patient);
		query_int(&q, other[i]);
		rc = query_run(&q, err);
	}
	return rc;
}

int
store_links(
    struct store *s, int64_t patient, int64_t *out, size_t *n, size_t cap, struct cw_err *err)
{
	static const char sql[] = "WITH RECURSIVE joined (id) AS (SELECT ?1"
				  " UNION SELECT other FROM link JOIN joined ON patient = id"
				  " UNION SELECT patient FROM link JOIN joined ON other = id"
				  " LIMIT ?2) SELECT id FROM joined ORDER BY id";
	struct query q = query_new(s, sql);
	int rc;

	*n = 0;
	query_int(&q, patient);
	query_int(&q, (int64_t)cap + 1);
	while ((rc = query_step(&q, err)) == QUERY_ROW) {
		if (*n == cap) {
			query_end(&q);
			return cw_fail(
			    err, CW_ELIMIT, "a patient is joined with more than %zu", cap);
		}
		out[(*n)++] = query_get(&q);
	}
	return rc;
}

int
store_tick_set(struct store *s, int64_t patient, int64_t at, struct cw_err *err)
{
	static const char sql[] = "UPDATE patient SET tick = ?1 WHERE id = ?2 AND tick IS NOT ?1";
	struct query q = query_write(s, sql);

	if (at == MAP_VERSION_NEVER)
		query_text(&q, (struct cw_str){ NULL, 0 });
	else
		query_int(&q, at);
	query_int(&q, patient);
	return query_run(&q, err);
}

int
store_tick_due(
    struct store *s, int64_t now, int64_t *patients, int64_t *at, size_t *n, struct cw_err *err)
{
	static const char sql[] = "SELECT id, tick FROM patient WHERE tick <= ?"
				  " ORDER BY tick, id LIMIT ?";
	struct query q = query_new(s, sql);
	size_t got = 0;
	int rc;

	query_int(&q, now);
	query_int(&q, (int64_t)*n);
	*n = 0;
	while ((rc = query_step(&q, err)) == QUERY_ROW) {
		patients[got] = query_get(&q);
		at[got++] = query_get(&q);
	}
	if (rc == 0)
		*n = got;
	return rc;
}

int
store_tick_first(struct store *s, int64_t *out, struct cw_err *err)
{
	static const char sql[] = "SELECT tick FROM patient WHERE tick IS NOT NULL"
				  " ORDER BY tick LIMIT 1";
	struct query q = query_new(s, sql);
	int rc;

	*out = INT64_MAX;
	rc = query_one(&q, out, err);
	return rc < 0 ? rc : 0;
}

int
store_tick_all(struct store *s, int64_t at, struct cw_err *err)
{
	static const char sql[] = "UPDATE patient SET tick = ?1"
				  " WHERE (tick IS NULL OR tick > ?1) AND EXISTS (SELECT 1"
				  " FROM resource WHERE resource.id BETWEEN patient.id << 24"
				  " AND (patient.id << 24) + 16777215 AND form <> 0)";
	struct query q = query_write(s, sql);

	query_int(&q, at);
	return query_run(&q, err);
}

int
store_waiting_add(struct store *s, uint32_t feed, int64_t patient, struct cw_err *err)
{
	static const char sql[] = "INSERT INTO waiting (feed, patient) VALUES (?, ?)"
				  " ON CONFLICT DO NOTHING";
	struct query q = query_write(s, sql);

	query_int(&q, feed);
	query_int(&q, patient);
	return query_run(&q, err);
}

int
store_waiting_release(
    struct store *s, uint32_t feed, int64_t at, int64_t *count, struct cw_err *err)
{
	static const char set[] = "UPDATE patient SET tick = ?1"
				  " WHERE id IN (SELECT patient FROM waiting WHERE feed = ?2)"
				  " AND (tick IS NULL OR tick > ?1)";
	static const char clear[] = "DELETE FROM waiting WHERE feed = ?";
	struct query q = query_write(s, set);
	int rc;

	*count = 0;
	query_int(&q, at);
	query_int(&q, feed);
	rc = query_run(&q, err);
	if (rc != 0)
		return rc;
	q = query_write(s, clear);
	query_int(&q, feed);
	rc = query_run(&q, err);
	if (rc == 0)
		*count = sqlite3_changes64(s->db);
	return rc;
}
