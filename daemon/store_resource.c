/* Resources, clustered by patient: their row number is the patient's and one of their own. */
#include "daemon/store_internal.h"

#include <assert.h>
#include <string.h>

enum { OWN_BITS = 24, OWN_MAX = (1 << OWN_BITS) - 1 };
enum { NUMBERED = 1, WITHDRAWN = 2, OWN = 4 };

#define COLUMNS                                                                                    \
	"realm, key, feed, received, form, flags, number, updated, short_digest, digest, version," \
	" full_url, bundle, body"

static void
get_row(struct query *q, struct store_resource *r, struct cw_arena *arena)
{
	int64_t flags;

	r->patient = query_get(q) >> OWN_BITS;
	r->realm = (uint32_t)query_get(q);
	r->key = query_get_bytes(q, arena);
	r->feed = (uint32_t)query_get(q);
	r->received = query_get(q);
	r->form = (enum store_form)query_get(q);
	flags = query_get(q);
	r->version.numbered = (flags & NUMBERED) != 0;
	r->version.withdrawn = (flags & WITHDRAWN) != 0;
	r->own = (flags & OWN) != 0;
	r->version.number = (uint64_t)query_get(q);
	r->version.updated = query_get(q);
	r->version.digest = (uint16_t)query_get(q);
	query_get_raw(q, r->digest, sizeof(r->digest));
	r->version_text = query_get_bytes(q, arena);
	r->full_url = query_get_bytes(q, arena);
	r->bundle = query_get(q);
	r->body = query_get_bytes(q, arena);
}

/* In the order of COLUMNS. */
static void
put_row(struct query *q, const struct store_resource *r)
{
	query_int(q, r->realm);
	query_text(q, r->key);
	query_int(q, r->feed);
	query_int(q, r->received);
	query_int(q, r->form);
	query_int(q, (r->version.numbered ? NUMBERED : 0) | (r->version.withdrawn ? WITHDRAWN : 0) |
			 (r->own ? OWN : 0));
	query_int(q, (int64_t)r->version.number);
	query_int(q, r->version.updated);
	query_int(q, r->version.digest);
	query_digest(q, r->digest);
	query_text(q, r->version_text);
	query_text(q, r->full_url);
	query_int(q, r->bundle);
	query_blob(q, r->body);
}

int
store_resource_get(struct store *s, struct store_resource *out, uint32_t realm, struct cw_str key,
    struct cw_arena *arena, struct cw_err *err)
{
	static const char sql[] = "SELECT id, " COLUMNS " FROM resource WHERE id = (SELECT value"
				  " FROM known WHERE name = ? AND scope = ? AND version = 0)";
	unsigned char name[STORE_NAME];
	struct query q = query_new(s, sql);
	int rc;

	store_name(name, key);
	query_name(&q, name);
	query_int(&q, realm);
	rc = query_step(&q, err);
	if (rc != QUERY_ROW)
		return rc == 0 ? STORE_NONE : rc;
	get_row(&q, out, arena);
	query_end(&q);
	return query_fits(arena, err);
}

static int
place_of(struct store *s, int64_t *id, uint32_t realm, const unsigned char name[STORE_NAME],
    struct cw_err *err)
{
	static const char sql[] = "SELECT value FROM known"
				  " WHERE name = ? AND scope = ? AND version = 0";
	struct query q = query_new(s, sql);

	query_name(&q, name);
	query_int(&q, realm);
	return query_one(&q, id, err);
}

/* A free row number, after all others of the patient. */
static int
new_place(struct store *s, int64_t *id, int64_t patient, struct cw_err *err)
{
	static const char sql[] = "SELECT id FROM resource WHERE id BETWEEN ? AND ?"
				  " ORDER BY id DESC LIMIT 1";
	struct query q = query_new(s, sql);
	int64_t first = patient * (OWN_MAX + 1);
	int rc;

	*id = first - 1;
	query_int(&q, first);
	query_int(&q, first + OWN_MAX);
	rc = query_one(&q, id, err);
	if (rc < 0)
		return rc;
	if (++*id > first + OWN_MAX)
		return cw_fail(err, CW_ELIMIT, "a patient has more than %d resources", OWN_MAX);
	return 0;
}

static int
replace(struct store *s, int64_t id, const struct store_resource *row, struct cw_err *err)
{
	static const char sql[] = "UPDATE resource SET (" COLUMNS
				  ") = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?";
	struct query q = query_write(s, sql);

	put_row(&q, row);
	query_int(&q, id);
	return query_run(&q, err);
}

static int
insert(struct store *s, const struct store_resource *row, const unsigned char name[STORE_NAME],
    struct cw_err *err)
{
	static const char put[] = "INSERT INTO resource (" COLUMNS
				  ", id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
	static const char point[] = "INSERT INTO known (name, scope, version, value, at)"
				    " VALUES (?, ?, 0, ?, 0)"
				    " ON CONFLICT DO UPDATE SET value = excluded.value";
	int64_t id;
	int rc = new_place(s, &id, row->patient, err);
	struct query q;

	if (rc != 0)
		return rc;
	q = query_write(s, put);
	put_row(&q, row);
	query_int(&q, id);
	rc = query_run(&q, err);
	if (rc != 0)
		return rc;
	q = query_write(s, point);
	query_name(&q, name);
	query_int(&q, row->realm);
	query_int(&q, id);
	return query_run(&q, err);
}

int
store_resource_put(struct store *s, const struct store_resource *row, struct cw_err *err)
{
	static const char take_out[] = "DELETE FROM resource WHERE id = ?";
	unsigned char name[STORE_NAME];
	int64_t id = 0;
	struct query q;
	int rc;

	store_name(name, row->key);
	rc = place_of(s, &id, row->realm, name, err);
	if (rc < 0)
		return rc;
	if (rc == QUERY_ROW && id >> OWN_BITS == row->patient)
		return replace(s, id, row, err);
	if (rc == QUERY_ROW) {
		q = query_write(s, take_out);
		query_int(&q, id);
		rc = query_run(&q, err);
		if (rc != 0)
			return rc;
	}
	return insert(s, row, name, err);
}

/* All rows of a query into the arena. */
static int
collect(struct query *q, struct store_resource **rows, size_t *n, struct cw_arena *arena,
    struct cw_err *err)
{
	struct store_resource *r = NULL;
	size_t got = 0;
	int rc;

	*rows = NULL;
	*n = 0;
	while ((rc = query_step(q, err)) == QUERY_ROW) {
		r = query_grow(arena, r, got, sizeof(*r));
		if (!r) {
			query_end(q);
			return query_fits(arena, err);
		}
		get_row(q, &r[got++], arena);
	}
	if (rc == 0)
		rc = query_fits(arena, err);
	if (rc == 0) {
		*rows = r;
		*n = got;
	}
	return rc;
}

int
store_resources(struct store *s, int64_t patient, struct store_resource **rows, size_t *n,
    struct cw_arena *arena, struct cw_err *err)
{
	static const char sql[] = "SELECT id, " COLUMNS " FROM resource"
				  " WHERE id BETWEEN ? AND ? AND form <> 0 ORDER BY id";
	struct query q = query_new(s, sql);
	int64_t first = patient * (OWN_MAX + 1);

	query_int(&q, first);
	query_int(&q, first + OWN_MAX);
	return collect(&q, rows, n, arena, err);
}

int
store_need_add(
    struct store *s, int64_t patient, uint32_t realm, struct cw_str key, struct cw_err *err)
{
	static const char sql[] = "INSERT INTO need (patient, realm, name) VALUES (?, ?, ?)"
				  " ON CONFLICT DO NOTHING";
	unsigned char name[STORE_NAME];
	struct query q = query_write(s, sql);

	store_name(name, key);
	query_int(&q, patient);
	query_int(&q, realm);
	query_name(&q, name);
	return query_run(&q, err);
}

int
store_need_get(struct store *s, uint32_t realm, struct cw_str key, int64_t **patients, size_t *n,
    struct cw_arena *arena, struct cw_err *err)
{
	static const char sql[] = "SELECT patient FROM need WHERE realm = ? AND name = ?"
				  " ORDER BY patient";
	unsigned char name[STORE_NAME];
	struct query q = query_new(s, sql);
	int64_t *all = NULL;
	size_t got = 0;
	int rc;

	*patients = NULL;
	*n = 0;
	store_name(name, key);
	query_int(&q, realm);
	query_name(&q, name);
	while ((rc = query_step(&q, err)) == QUERY_ROW) {
		all = query_grow(arena, all, got, sizeof(*all));
		if (!all) {
			query_end(&q);
			return query_fits(arena, err);
		}
		all[got++] = query_get(&q);
	}
	if (rc == 0) {
		*patients = all;
		*n = got;
	}
	return rc;
}

int
store_needed(struct store *s, int64_t patient, struct store_resource **rows, size_t *n,
    struct cw_arena *arena, struct cw_err *err)
{
	static const char sql[] = "SELECT id, " COLUMNS " FROM resource WHERE id IN"
				  " (SELECT value FROM need JOIN known ON known.name = need.name"
				  " AND scope = need.realm AND version = 0 WHERE patient = ?)"
				  " AND form <> 0 ORDER BY id";
	struct query q = query_new(s, sql);

	query_int(&q, patient);
	return collect(&q, rows, n, arena, err);
}

int
store_resource_count(struct store *s, int64_t *out, struct cw_err *err)
{
	struct query q = query_new(s, "SELECT count(*) FROM resource");

	return query_one(&q, out, err) < 0 ? err->code : CW_OK;
}

int
store_resource_keys(struct store *s, void (*fn)(void *arg, uint32_t realm, struct cw_str key),
    void *arg, struct cw_err *err)
{
	static const char sql[] = "SELECT realm, key FROM resource";
	struct query q = query_new(s, sql);
	int rc;

	while ((rc = query_step(&q, err)) == QUERY_ROW) {
		uint32_t realm = (uint32_t)query_get(&q);

		fn(arg, realm, query_get_bytes(&q, NULL));
	}
	return rc;
}

/* One that holds nothing and came before that instant. */
static int
forget_one(struct store *s, int64_t before, struct cw_err *err)
{
	static const char find[] = "SELECT id, realm, key FROM resource"
				   " WHERE form = 0 AND received < ? LIMIT 1";
	static const char row[] = "DELETE FROM resource WHERE id = ?";
	static const char place[] = "DELETE FROM known"
				    " WHERE name = ? AND scope = ? AND version = 0";
	unsigned char name[STORE_NAME];
	struct query q = query_new(s, find);
	int64_t id, realm;
	int rc;

	query_int(&q, before);
	rc = query_step(&q, err);
	if (rc != QUERY_ROW)
		return rc == 0 ? STORE_NONE : rc;
	id = query_get(&q);
	realm = query_get(&q);
	store_name(name, query_get_bytes(&q, NULL));
	query_end(&q);
	q = query_write(s, place);
	query_name(&q, name);
	query_int(&q, realm);
	rc = query_run(&q, err);
	if (rc != 0)
		return rc;
	q = query_write(s, row);
	query_int(&q, id);
	return query_run(&q, err);
}

int
store_forget_empty(struct store *s, int64_t before, size_t n, bool *more, struct cw_err *err)
{
	for (size_t i = 0; i < n; i++) {
		int rc = forget_one(s, before, err);

		if (rc != 0)
			return rc == STORE_NONE ? 0 : rc;
	}
	*more = true;
	return 0;
}
