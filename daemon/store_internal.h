/* store_internal: what the rooms of the store share: the connection, queries, migrations. */
#ifndef DAEMON_STORE_INTERNAL_H
#define DAEMON_STORE_INTERNAL_H

#include "daemon/store.h"

#include <sqlite3.h>

/* A prepared statement under the address of its text. */
struct store_statement {
	const char *sql;
	sqlite3_stmt *st;
};

enum { STORE_NAME = 16 /* bytes of known.name */ };

enum { STORE_STATEMENTS = 256 /* a power of 2, at least twice what there are */ };

struct store {
	sqlite3 *db;
	char *path;
	struct store_statement statement[STORE_STATEMENTS];
	bool within;	   /* a transaction */
	bool broken;	   /* an error within it: only rollback helps */
	bool full;	   /* the last error: no room on the disk */
	bool lost;	   /* a commit failed: nothing helps but to start anew */
	int log, log_most; /* pages in the log, and how many before a checkpoint */
	/* End of the audit chain: as committed, and as of this transaction. */
	struct store_head {
		int64_t seq;
		unsigned char hash[SEAL_SIZE];
	} committed, head;
	/* A backup under way: its file, and whether the next checkpoint copies a piece. */
	sqlite3 *copy_db;
	sqlite3_backup *copy;
	bool copy_on, copied, copy_failed;
	unsigned char looked_at[STORE_NAME]; /* how far store_forget has come in what was seen */
};

extern const char store_schema[]; /* daemon/schema.sql */

/* Number of steps that bring an empty database to the present schema. */
extern const int store_version;

/* Bring the database from its user_version to n by these steps, each SQL text, in one transaction.
 * CW_EUNSUPPORTED when it is past n. */
CW_CHECK int store_migrate(struct store *s, const char *const *step, int n, struct cw_err *err);
/* The error for what SQLite said. Out of memory aborts. */
int store_fault(struct store *s, int rc, struct cw_err *err);
/* Run SQL that gives no rows; not cached. */
CW_CHECK int store_exec(struct store *s, const char *sql, struct cw_err *err);
/* The end of the chain as the database has it; CW_EVALUE when head and last record differ. */
CW_CHECK int store_head_load(struct store *s, struct cw_err *err);
/* Write the end of the chain, if it has moved in this transaction. */
CW_CHECK int store_head_save(struct store *s, struct cw_err *err);

/* Copy a piece of the backup, if one was asked for; a fault ends the backup only. */
void store_backup_step(struct store *s);
/* End it. */
void store_backup_end(struct store *s);
/* Set up a connection that was just opened. */
void store_configure(struct store *s);
/* Is it a database of ours, whole in every page? */
CW_CHECK int store_check_all(struct store *s, struct cw_err *err);

/* Of store_forget: resources that hold nothing, at most n; *more is set when there may be more. */
CW_CHECK int store_forget_empty(
    struct store *s, int64_t before, size_t n, bool *more, struct cw_err *err);

/* One use of a cached statement. Faults of binding wait for query_step. Texts and blobs are
 * borrowed until query_end. */
struct query {
	struct store *s;
	sqlite3_stmt *st;
	int param, column, rc;
};
enum { QUERY_ROW = 1 };

/* sql must live as long as the store does (a literal). */
struct query query_new(struct store *s, const char *sql);
/* Of a statement that writes: only within a transaction. */
struct query query_write(struct store *s, const char *sql);
/* Bind the next parameter; absent bytes are NULL. */
void query_int(struct query *q, int64_t v);
void query_text(struct query *q, struct cw_str v);
void query_blob(struct query *q, struct cw_str v);
void query_digest(struct query *q, const unsigned char digest[32]);
/* QUERY_ROW, or 0 after the last; ends the query by itself when it does not give a row. */
CW_CHECK int query_step(struct query *q, struct cw_err *err);
/* Step to the end and end it: 0 or an error. */
CW_CHECK int query_run(struct query *q, struct cw_err *err);
/* Ready for the next use. */
void query_end(struct query *q);
/* One integer: QUERY_ROW and *out, or 0 when there is no row; ends the query. */
CW_CHECK int query_one(struct query *q, int64_t *out, struct cw_err *err);
/* The next column of the row; bytes are copied into arena, or borrowed until the next step without
 * one. */
int64_t query_get(struct query *q);
struct cw_str query_get_bytes(struct query *q, struct cw_arena *arena);
/* A column of exactly n bytes into out; of another size it is zeros. */
void query_get_raw(struct query *q, unsigned char *out, size_t n);

/* The name of a key. */
void store_name(unsigned char out[STORE_NAME], struct cw_str key);
void query_name(struct query *q, const unsigned char name[STORE_NAME]);

/* rows with room for one more than n of that size; NULL when the arena is full. */
void *query_grow(struct cw_arena *arena, void *rows, size_t n, size_t size);
/* CW_ELIMIT when the arena could not hold what was read; else 0. */
CW_CHECK int query_fits(const struct cw_arena *arena, struct cw_err *err);

#endif
