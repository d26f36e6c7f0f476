/* What was acknowledged, what is kept for a person, and what was seen before. */
#include "daemon/store_internal.h"

#include <string.h>

int
store_inbox_add(struct store *s, struct store_inbox *row, struct cw_err *err)
{
	static const char sql[] = "INSERT INTO inbox (feed, how, type, name, version, received,"
				  " units, tries, backfill, body)"
				  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
	struct query q = query_write(s, sql);
	int rc;

	query_int(&q, row->feed);
	query_int(&q, row->how);
	query_text(&q, row->type);
	query_text(&q, row->name);
	query_text(&q, row->version);
	query_int(&q, row->received);
	query_int(&q, row->units);
	query_int(&q, row->tries);
	query_int(&q, row->backfill);
	query_blob(&q, row->body);
	rc = query_run(&q, err);
	if (rc == 0)
		row->id = sqlite3_last_insert_rowid(s->db);
	return rc;
}

static void
get_inbox(struct query *q, struct store_inbox *row, struct cw_arena *arena)
{
	row->id = query_get(q);
	row->feed = (uint32_t)query_get(q);
	row->how = (enum store_how)query_get(q);
	row->type = query_get_bytes(q, arena);
	row->name = query_get_bytes(q, arena);
	row->version = query_get_bytes(q, arena);
	row->received = query_get(q);
	row->units = query_get(q);
	row->tries = (uint32_t)query_get(q);
	row->backfill = query_get(q) != 0;
	row->body = query_get_bytes(q, arena);
}

int
store_inbox_next(struct store *s, int64_t after, struct store_inbox *rows, size_t *n,
    struct cw_arena *arena, struct cw_err *err)
{
	static const char sql[] = "SELECT id, feed, how, type, name, version, received, units,"
				  " tries, backfill, body FROM inbox WHERE id > ?"
				  " ORDER BY id LIMIT ?";
	struct query q = query_new(s, sql);
	size_t got = 0;
	int rc;

	query_int(&q, after);
	query_int(&q, (int64_t)*n);
	*n = 0;
	while ((rc = query_step(&q, err)) == QUERY_ROW)
		get_inbox(&q, &rows[got++], arena);
	if (rc == 0)
		rc = query_fits(arena, err);
	if (rc == 0)
		*n = got;
	return rc;
}

int
store_inbox_try(struct store *s, int64_t id, struct cw_err *err)
{
	static const char sql[] = "UPDATE inbox SET tries = tries + 1 WHERE id = ?";
	struct query q = query_write(s, sql);

	query_int(&q, id);
	return query_run(&q, err);
}

int
store_inbox_remove(struct store *s, int64_t id, struct cw_err *err)
{
	static const char sql[] = "DELETE FROM inbox WHERE id = ?";
	struct query q = query_write(s, sql);

	query_int(&q, id);
	return query_run(&q, err);
}

int
store_quarantine_add(struct store *s, struct store_quarantine *row, struct cw_err *err)
{
	static const char sql[] = "INSERT INTO quarantine (feed, received, at, type, name, version,"
				  " reason, path, line, col, body)"
				  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
	struct query q = query_write(s, sql);
	int rc;

	query_int(&q, row->feed);
	query_int(&q, row->received);
	query_int(&q, row->at);
	query_text(&q, row->type);
	query_text(&q, row->name);
	query_text(&q, row->version);
	query_text(&q, row->reason);
	query_text(&q, row->path);
	query_int(&q, (int64_t)row->line);
	query_int(&q, (int64_t)row->column);
	query_blob(&q, row->body);
	rc = query_run(&q, err);
	if (rc == 0)
		row->id = sqlite3_last_insert_rowid(s->db);
	return rc;
}

/* The version of one that was sent without: its bytes. */
static void
put_version(struct query *q, struct cw_str version, const unsigned char digest[32])
{
	if (version.s)
		query_text(q, version);
	else
		query_digest(q, digest);
}

int
store_seen(struct store *s, uint32_t feed, struct cw_str key, struct cw_str version,
    const unsigned char digest[32], int64_t at, struct cw_err *err)
{
	static const char put[] = "INSERT INTO known (scope, version, name, value, at)"
				  " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
	static const char get[] = "SELECT value = ?4 FROM known"
				  " WHERE scope = ?1 AND version = ?2 AND name = ?3";
	unsigned char name[STORE_NAME];
	int64_t same = 0;
	struct query q;
	int rc = 0;

	store_name(name, key);
	for (int i = 0; i < 2; i++) {
		q = i == 0 ? query_write(s, put) : query_new(s, get);
		query_int(&q, -(int64_t)feed);
		put_version(&q, version, digest);
		query_name(&q, name);
		query_digest(&q, digest);
		if (i == 1)
			break;
		query_int(&q, at);
		rc = query_run(&q, err);
		if (rc != 0 || sqlite3_changes(s->db) > 0)
			return rc;
	}
	rc = query_one(&q, &same, err);
	return rc < 0 ? rc : same ? STORE_SAME : STORE_OTHER_BYTES;
}
