#include "daemon/store_internal.h"

#include "mappings/digest.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
code_of(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_TOOBIG:
		return CW_ELIMIT;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
	case SQLITE_ERROR: /* a table or column that is not there */
		return CW_EVALUE;
	default:
		return CW_EIO;
	}
}

static bool
says_no_room(sqlite3_file *file)
{
	int why = 0;

	if (file == NULL || file->pMethods == NULL ||
	    file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &why) != SQLITE_OK)
		return false;
	return why == EDQUOT || why == EFBIG;
}

/* A quota that is used up, and a limit on the size of files, are known by errno alone. An fsync
 * that finds no room is another matter: what is on the disk is not known then. */
static bool
no_room(struct store *s, int rc)
{
	sqlite3_file *file = NULL, *log = NULL;

	if ((rc & 0xff) == SQLITE_FULL)
		return true;
	if (rc != SQLITE_IOERR_WRITE)
		return false;
	sqlite3_file_control(s->db, NULL, SQLITE_FCNTL_FILE_POINTER, &file);
	sqlite3_file_control(s->db, NULL, SQLITE_FCNTL_JOURNAL_POINTER, &log);
	return says_no_room(file) || says_no_room(log);
}

/* sqlite3_errstr speaks of the kind of fault only: no value can be in it. */
int
store_fault(struct store *s, int rc, struct cw_err *err)
{
	int primary = rc & 0xff;

	if (primary == SQLITE_NOMEM || rc == SQLITE_IOERR_NOMEM) {
		fputs("out of memory\n", stderr);
		abort();
	}
	if (s->within)
		s->broken = true;
	s->full = no_room(s, rc);
	if (s->full)
		return cw_fail(err, CW_ELIMIT, "the database: the disk is full (SQLite %d)", rc);
	if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED)
		return cw_fail(err, CW_EIO, "the database is held by another process");
	return cw_fail(
	    err, code_of(rc), "the database: %s (SQLite %d)", sqlite3_errstr(primary), rc);
}

int
store_exec(struct store *s, const char *sql, struct cw_err *err)
{
	if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return store_fault(s, sqlite3_extended_errcode(s->db), err);
	return 0;
}

static struct store_statement *
slot_of(struct store *s, const char *sql)
{
	size_t i = ((uintptr_t)sql >> 4) % STORE_STATEMENTS, tried = 0;

	while (s->statement[i].sql && s->statement[i].sql != sql) {
		i = (i + 1) % STORE_STATEMENTS;
		tried++;
		assert(tried < STORE_STATEMENTS);
	}
	return &s->statement[i];
}

struct query
query_new(struct store *s, const char *sql)
{
	struct store_statement *slot = slot_of(s, sql);
	struct query q = { .s = s };

	if (!slot->sql) {
		q.rc =
		    sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &slot->st, NULL);
		if (q.rc != SQLITE_OK)
			return q;
		slot->sql = sql;
	}
	q.st = slot->st;
	return q;
}

struct query
query_write(struct store *s, const char *sql)
{
	assert(s->within);
	return query_new(s, sql);
}

static void
bound(struct query *q, int rc)
{
	if (q->rc == SQLITE_OK)
		q->rc = rc;
}

void
query_int(struct query *q, int64_t v)
{
	if (q->st)
		bound(q, sqlite3_bind_int64(q->st, ++q->param, v));
}

void
query_text(struct query *q, struct cw_str v)
{
	if (q->st)
		bound(q,
		    sqlite3_bind_text64(q->st, ++q->param, v.s, v.n, SQLITE_STATIC, SQLITE_UTF8));
}

void
query_blob(struct query *q, struct cw_str v)
{
	if (q->st)
		bound(q, sqlite3_bind_blob64(q->st, ++q->param, v.s, v.n, SQLITE_STATIC));
}

void
query_digest(struct query *q, const unsigned char digest[32])
{
	if (q->st)
		bound(q, sqlite3_bind_blob64(q->st, ++q->param, digest, 32, SQLITE_STATIC));
}

void
store_name(unsigned char out[STORE_NAME], struct cw_str key)
{
	unsigned char digest[MAP_DIGEST_SIZE];

	map_digest(digest, key.s, key.n);
	memcpy(out, digest, STORE_NAME);
}

void
query_name(struct query *q, const unsigned char name[STORE_NAME])
{
	query_blob(q, (struct cw_str){ (const char *)name, STORE_NAME });
}

void
query_end(struct query *q)
{
	if (q->st) {
		sqlite3_reset(q->st);
		sqlite3_clear_bindings(q->st);
	}
	q->st = NULL;
}

int
query_step(struct query *q, struct cw_err *err)
{
	if (q->s->lost || q->s->broken) {
		query_end(q);
		return cw_fail(err, CW_EIO, "the database: no more after an error");
	}
	if (q->rc == SQLITE_OK)
		q->rc = sqlite3_step(q->st);
	q->column = 0;
	if (q->rc == SQLITE_ROW) {
		q->rc = SQLITE_OK;
		return QUERY_ROW;
	}
	if (q->rc == SQLITE_DONE) {
		query_end(q);
		return 0;
	}
	/* The extended code, where it is of this error. */
	if ((sqlite3_extended_errcode(q->s->db) & 0xff) == (q->rc & 0xff))
		q->rc = sqlite3_extended_errcode(q->s->db);
	query_end(q);
	return store_fault(q->s, q->rc, err);
}

int
query_run(struct query *q, struct cw_err *err)
{
	int rc;

	while ((rc = query_step(q, err)) == QUERY_ROW)
		continue;
	return rc;
}

int
query_one(struct query *q, int64_t *out, struct cw_err *err)
{
	int rc = query_step(q, err);

	if (rc == QUERY_ROW) {
		*out = query_get(q);
		query_end(q);
	}
	return rc;
}

int64_t
query_get(struct query *q)
{
	return sqlite3_column_int64(q->st, q->column++);
}

struct cw_str
query_get_bytes(struct query *q, struct cw_arena *arena)
{
	int column = q->column++;
	struct cw_str v = { NULL, 0 };

	if (sqlite3_column_type(q->st, column) == SQLITE_NULL)
		return v;
	v.s = sqlite3_column_blob(q->st, column);
	v.n = (size_t)sqlite3_column_bytes(q->st, column);
	if (!v.s)
		v.s = ""; /* SQLite's empty */
	return arena ? cw_str_dup(arena, v) : v;
}

void
query_get_raw(struct query *q, unsigned char *out, size_t n)
{
	struct cw_str v = query_get_bytes(q, NULL);

	memset(out, 0, n);
	if (v.n == n)
		memcpy(out, v.s, n);
}

void *
query_grow(struct cw_arena *arena, void *rows, size_t n, size_t size)
{
	enum { FIRST = 8 };
	bool full = n >= FIRST && (n & (n - 1)) == 0;
	void *more;

	if (n > 0 && !full)
		return rows;
	more = cw_alloc(arena, size * (n == 0 ? FIRST : 2 * n));
	if (more && n > 0)
		memcpy(more, rows, size * n);
	return more;
}

int
query_fits(const struct cw_arena *arena, struct cw_err *err)
{
	if (cw_arena_full(arena))
		return cw_fail(err, CW_ELIMIT, "more rows than there is room for");
	return 0;
}
