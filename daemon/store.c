#include "daemon/store_internal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* "cord", so that no other program's database is taken for ours. */
#define APPLICATION_ID 0x636f7264

enum {
	LOG_PAGES = 2048,	/* checkpoint when the log is longer */
	ROOM = 1 << 20,		/* that there must be before a batch is tried again */
	QUICK_BYTES = 16 << 20, /* up to this size every page is checked at each start */
};

/* Which audit records are about which alert: nobody walks the whole chain for one. */
static const char step_alert_records[] =
    "CREATE TABLE alert_record (alert INTEGER NOT NULL, seq INTEGER NOT NULL,"
    " PRIMARY KEY (alert, seq)) STRICT, WITHOUT ROWID;"
    "INSERT INTO alert_record SELECT json_extract(CAST(payload AS TEXT), '$.alert'), seq FROM audit"
    " WHERE type = 'alert' AND payload IS NOT NULL;"
    "CREATE INDEX notice_alert ON notice (alert);";

static const char *const steps[] = { store_schema, step_alert_records };
const int store_version = sizeof(steps) / sizeof(steps[0]);

/* ---- the file ---- */

static int
sync_folder(const char *dir, struct cw_err *err)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int bad = fd < 0 || fsync(fd) != 0;

	if (fd >= 0)
		close(fd);
	return bad ? cw_fail(err, CW_EIO, "%s: %s", dir, strerror(errno)) : 0;
}

/* Make the last folder of path, for its owner alone, and so that a power cut does not undo it. */
static int
make_one(char *path, struct cw_err *err)
{
	char *slash;
	int rc;

	if (mkdir(path, 0700) != 0)
		return errno == EEXIST ? 0 : cw_fail(err, CW_EIO, "%s: %s", path, strerror(errno));
	if (chmod(path, 0700) != 0)
		return cw_fail(err, CW_EIO, "%s: %s", path, strerror(errno));
	slash = strrchr(path, '/');
	if (!slash || slash == path)
		return sync_folder(slash ? "/" : ".", err);
	*slash = '\0';
	rc = sync_folder(path, err);
	*slash = '/';
	return rc;
}

/* The folder and those above it that are not there. */
static int
make_folder(const char *dir, struct cw_err *err)
{
	char *path = cw_strdup(dir);
	int rc = 0;

	for (char *p = path; rc == 0 && *p; p++) {
		if (*p != '/' || p == path)
			continue;
		*p = '\0';
		rc = make_one(path, err);
		*p = '/';
	}
	if (rc == 0)
		rc = make_one(path, err);
	free(path);
	return rc;
}

/* SQLite would make the file by the umask. A file that is there is not opened here: closing it
 * would drop the locks that this process may hold on it. */
static int
make_file(const char *dir, const char *path, struct cw_err *err)
{
	struct stat st;
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0) {
		int bad = fchmod(fd, 0600) != 0 || fsync(fd) != 0;

		close(fd);
		return bad ? cw_fail(err, CW_EIO, "%s: %s", path, strerror(errno))
			   : sync_folder(dir, err);
	}
	if (errno != EEXIST || lstat(path, &st) != 0)
		return cw_fail(err, CW_EIO, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return cw_fail(err, CW_EIO, "%s: not a regular file", path);
	if ((st.st_mode & 0777) != 0600 && chmod(path, 0600) != 0)
		return cw_fail(err, CW_EIO, "%s: %s", path, strerror(errno));
	return 0;
}

/* Bytes of the database or its log ("-wal"); -1 when it is not there. */
static int64_t
size_of(const struct store *s, const char *suffix)
{
	size_t n = strlen(s->path) + strlen(suffix) + 1;
	char *path = cw_malloc(n);
	struct stat st;
	int64_t size;

	snprintf(path, n, "%s%s", s->path, suffix);
	size = stat(path, &st) == 0 ? st.st_size : -1;
	free(path);
	return size;
}

/* ---- the connection ---- */

static int
log_grew(void *arg, sqlite3 *db, const char *name, int pages)
{
	struct store *s = arg;

	(void)db;
	(void)name;
	s->log = pages;
	return SQLITE_OK;
}

void
store_configure(struct store *s)
{
	static const struct {
		int option, value;
	} options[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
		{ SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
		{ SQLITE_DBCONFIG_ENABLE_VIEW, 0 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 },
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		sqlite3_db_config(s->db, options[i].option, options[i].value, (int *)NULL);
	sqlite3_extended_result_codes(s->db, 1);
	sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_busy_timeout(s->db, 0);
}

/* What a statement says in its first column: an integer, or whether it is this word. It is brought
 * to its end: what it changes is written only there. */
static int
ask(struct store *s, const char *sql, const char *word, int64_t *out, struct cw_err *err)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(s->db, sql, -1, &st, NULL);
	bool row = rc == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW;

	if (row && word)
		*out = strcmp((const char *)sqlite3_column_text(st, 0), word) == 0;
	else if (row)
		*out = sqlite3_column_int64(st, 0);
	if (row)
		(void)sqlite3_step(st);
	if (rc == SQLITE_OK)
		rc = sqlite3_reset(st);
	sqlite3_finalize(st);
	if (rc != SQLITE_OK)
		return store_fault(s, rc, err);
	return row ? 0 : cw_fail(err, CW_EVALUE, "the database: no answer to %s", sql);
}

static int
pragma(struct store *s, const char *sql, int64_t *out, struct cw_err *err)
{
	return ask(s, sql, NULL, out, err);
}

static int
pragma_says(struct store *s, const char *sql, const char *word, struct cw_err *err)
{
	int64_t said = 0;
	int rc = ask(s, sql, word, &said, err);

	if (rc == 0 && !said)
		return cw_fail(err, CW_EVALUE, "the database: not %s by %s", word, sql);
	return rc;
}

/* Lock the file before anything is read, and have no shared memory. */
static int
lock(struct store *s, struct cw_err *err)
{
	int rc = pragma_says(s, "PRAGMA locking_mode=EXCLUSIVE", "exclusive", err);

	if (rc == 0)
		rc = store_exec(s,
		    "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0; PRAGMA cell_size_check=ON;"
		    "PRAGMA cache_size=-65536; PRAGMA secure_delete=ON;",
		    err);
	return rc;
}

static int
set_up_log(struct store *s, struct cw_err *err)
{
	int rc = pragma_says(s, "PRAGMA journal_mode=WAL", "wal", err);

	if (rc == 0)
		rc = store_exec(s,
		    "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
		    "PRAGMA journal_size_limit=67108864;",
		    err);
	if (rc == 0)
		sqlite3_wal_hook(s->db, log_grew, s);
	return rc;
}

/* What the log holds must be on the disk before anything is built upon it. After an fsync that
 * failed it may not be, though it reads well, and no further fsync would bring it there: the kernel
 * takes those pages for clean. Writing them once more makes them dirty again. The database itself
 * needs none of this: the log is not given up before an fsync of the database has succeeded. */
static int
settle_log(struct store *s, struct cw_err *err)
{
	enum { CHUNK = 64 * 1024 };
	char *chunk = cw_malloc(CHUNK);
	sqlite3_file *log = NULL;
	sqlite3_int64 size = 0;
	int rc = sqlite3_file_control(s->db, NULL, SQLITE_FCNTL_JOURNAL_POINTER, &log);

	if (rc == SQLITE_OK && log && log->pMethods)
		rc = log->pMethods->xFileSize(log, &size);
	for (sqlite3_int64 at = 0; rc == SQLITE_OK && at < size; at += CHUNK) {
		int n = size - at < CHUNK ? (int)(size - at) : CHUNK;

		rc = log->pMethods->xRead(log, chunk, n, at);
		if (rc == SQLITE_OK)
			rc = log->pMethods->xWrite(log, chunk, n, at);
	}
	if (rc == SQLITE_OK && size > 0)
		rc = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
	free(chunk);
	return rc == SQLITE_OK ? 0 : store_fault(s, rc, err);
}

/* *empty: nothing was ever written to it. */
static int
check_ours(struct store *s, bool *empty, struct cw_err *err)
{
	int64_t id = 0, version = 0, tables = 0;
	int rc = pragma(s, "SELECT count(*) FROM sqlite_schema", &tables, err);

	if (rc == 0)
		rc = pragma(s, "PRAGMA application_id", &id, err);
	if (rc == 0)
		rc = pragma(s, "PRAGMA user_version", &version, err);
	if (rc != 0)
		return rc;
	*empty = id == 0 && version == 0 && tables == 0;
	if (*empty)
		return 0;
	if (id != APPLICATION_ID)
		return cw_fail(err, CW_EVALUE, "%s: the database of another program", s->path);
	if (version > store_version)
		return cw_fail(err, CW_EUNSUPPORTED, "%s: made by a newer cordwatch (schema %lld)",
		    s->path, (long long)version);
	return 0;
}

static int
check_whole(struct store *s, int64_t most, struct cw_err *err)
{
	if (store_size(s) > most)
		return 0;
	return pragma_says(s, "PRAGMA quick_check(1)", "ok", err);
}

int
store_migrate(struct store *s, const char *const *step, int n, struct cw_err *err)
{
	char sql[80];
	int64_t version = 0;
	int rc = pragma(s, "PRAGMA user_version", &version, err);

	if (rc != 0 || version == n)
		return rc;
	if (version > n)
		return cw_fail(err, CW_EUNSUPPORTED, "%s: made by a newer cordwatch (schema %lld)",
		    s->path, (long long)version);
	rc = store_begin(s, err);
	for (; rc == 0 && version < n; version++)
		rc = store_exec(s, step[version], err);
	snprintf(sql, sizeof(sql), "PRAGMA user_version=%d; PRAGMA application_id=%d", n,
	    APPLICATION_ID);
	if (rc == 0)
		rc = store_exec(s, sql, err);
	if (rc == 0)
		rc = store_exec(s, "COMMIT", err);
	s->within = s->within && rc != 0;
	store_rollback(s);
	return rc;
}

/* STORE_NONE: there is none, and none is to be made. */
static int
open_file(struct store **out, const char *dir, int flags, struct cw_err *err)
{
	size_t n = strlen(dir) + sizeof("/cordwatch.db");
	struct store *s = cw_calloc(1, sizeof(*s));
	int rc;

	s->path = cw_malloc(n);
	snprintf(s->path, n, "%s/cordwatch.db", dir);
	s->log_most = LOG_PAGES;
	*out = s;
	if (!(flags & SQLITE_OPEN_CREATE) && size_of(s, "") < 0)
		return STORE_NONE;
	if (flags & SQLITE_OPEN_CREATE) {
		rc = make_folder(dir, err);
		if (rc == 0)
			rc = make_file(dir, s->path, err);
		if (rc != 0)
			return rc;
	}
	rc = sqlite3_open_v2(
	    s->path, &s->db, (flags & ~SQLITE_OPEN_CREATE) | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc != SQLITE_OK)
		return store_fault(s, rc, err);
	store_configure(s);
	return lock(s, err);
}

int
store_open(struct store **out, const char *dir, struct cw_err *err)
{
	struct store *s = NULL;
	bool empty;
	int rc = open_file(&s, dir, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err);

	if (rc == 0)
		rc = check_ours(s, &empty, err);
	if (rc == 0)
		rc = set_up_log(s, err);
	if (rc == 0)
		rc = settle_log(s, err);
	if (rc == 0)
		rc = check_whole(s, QUICK_BYTES, err);
	if (rc == 0)
		rc = store_migrate(s, steps, store_version, err);
	if (rc == 0)
		rc = store_head_load(s, err);
	if (rc != 0) {
		store_close(s);
		s = NULL;
	}
	*out = s;
	return rc;
}

int
store_check_all(struct store *s, struct cw_err *err)
{
	bool empty = false;
	int rc = check_ours(s, &empty, err);

	if (rc == 0 && empty)
		rc = cw_fail(err, CW_EVALUE, "%s: no database of cordwatch", s->path);
	if (rc == 0)
		rc = pragma_says(s, "PRAGMA integrity_check(1)", "ok", err);
	return rc == 0 ? store_head_load(s, err) : rc;
}

/* A log that is there stays as it is: moving it into the database is for who runs it. */
static int
open_aside(struct store **out, const char *dir, bool *empty, struct cw_err *err)
{
	struct cw_err why = { 0 };
	struct store *s = NULL;
	int rc = open_file(&s, dir, SQLITE_OPEN_READWRITE, &why);

	if (rc < 0 && s->db != NULL && sqlite3_errcode(s->db) == SQLITE_BUSY)
		rc = STORE_BUSY;
	else if (rc < 0)
		cw_fail(err, rc, "%s", why.text);
	if (rc == 0 && size_of(s, "-wal") > 0)
		sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL);
	if (rc == 0)
		rc = check_ours(s, empty, err);
	if (rc != 0) {
		store_close(s);
		s = NULL;
	}
	*out = s;
	return rc;
}

int
store_open_records(struct store **out, const char *dir, struct cw_err *err)
{
	struct store *s = NULL;
	int64_t version = 0;
	bool empty = false;
	int rc = open_aside(&s, dir, &empty, err);

	if (rc == 0 && empty)
		rc = STORE_NONE;
	if (rc == 0)
		rc = pragma(s, "PRAGMA user_version", &version, err);
	if (rc == 0 && version < store_version)
		rc = cw_fail(err, CW_EUNSUPPORTED,
		    "%s: made by an older cordwatch: start the daemon once", s->path);
	if (rc == 0)
		rc = store_exec(s, "PRAGMA query_only=ON", err);
	if (rc != 0) {
		store_close(s);
		s = NULL;
	}
	*out = s;
	return rc;
}

int
store_open_read(struct store **out, const char *dir, struct cw_err *err)
{
	int rc = store_open_records(out, dir, err);

	if (rc == 0)
		rc = store_head_load(*out, err);
	if (rc < 0) {
		store_close(*out);
		*out = NULL;
	}
	return rc;
}

int
store_check(const char *dir, struct cw_err *err)
{
	struct store *s = NULL;
	struct stat st;
	bool empty = false;
	int rc;

	if (stat(dir, &st) != 0)
		return errno == ENOENT ? 0 : cw_fail(err, CW_EIO, "%s: %s", dir, strerror(errno));
	if (access(dir, R_OK | W_OK | X_OK) != 0)
		return cw_fail(err, CW_EIO, "%s: %s", dir, strerror(errno));
	rc = open_aside(&s, dir, &empty, err);
	if (rc == 0)
		rc = check_whole(s, INT64_MAX, err);
	if (rc == 0 && !empty)
		rc = store_head_load(s, err);
	store_close(s);
	return rc == STORE_NONE ? 0 : rc;
}

/* The log is not moved, and nothing else is written either. */

void
store_close(struct store *s)
{
	if (!s)
		return;
	store_backup_end(s);
	for (size_t i = 0; i < STORE_STATEMENTS; i++)
		sqlite3_finalize(s->statement[i].st);
	sqlite3_close(s->db);
	free(s->path);
	free(s);
}

/* ---- transactions ---- */

int
store_begin(struct store *s, struct cw_err *err)
{
	static const char begin[] = "BEGIN IMMEDIATE";
	struct query q;
	int rc;

	assert(!s->within);
	if (s->lost)
		return cw_fail(err, CW_EIO, "the database: no more after an error");
	q = query_new(s, begin);
	rc = query_run(&q, err);
	s->within = rc == 0;
	return rc;
}

int
store_commit(struct store *s, struct cw_err *err)
{
	static const char commit[] = "COMMIT";
	struct query q;
	int rc;

	assert(s->within);
	if (s->broken)
		return cw_fail(err, CW_EIO, "the database: no more after an error");
	rc = store_head_save(s, err);
	if (rc == 0) {
		q = query_new(s, commit);
		rc = query_run(&q, err);
	}
	if (rc != 0) {
		/* Without room the last frame of the log was not written whole: no commit. */
		s->lost = !s->full;
		return rc;
	}
	s->committed = s->head;
	s->within = false;
	return 0;
}

void
store_rollback(struct store *s)
{
	/* SQLite may have rolled back by itself. */
	if (!sqlite3_get_autocommit(s->db))
		(void)sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	s->within = s->broken = false;
	s->head = s->committed;
}

int
store_checkpoint(struct store *s, struct cw_err *err)
{
	int rc;

	assert(!s->within);
	store_backup_step(s);
	if (s->log < s->log_most)
		return 0;
	rc = sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	if (rc != SQLITE_OK)
		return store_fault(s, rc, err);
	s->log = 0;
	return 0;
}

bool
store_is_full(const struct store *s)
{
	return s->full;
}

int
store_try_room(const struct store *s, struct cw_err *err)
{
	static const char block[64 * 1024];
	size_t n = strlen(s->path) + sizeof("-room");
	char *path = cw_malloc(n);
	bool good = true;
	int fd;

	snprintf(path, n, "%s-room", s->path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	for (size_t done = 0; fd >= 0 && good && done < ROOM; done += sizeof(block))
		good = write(fd, block, sizeof(block)) == (ssize_t)sizeof(block);
	good = fd >= 0 && fsync(fd) == 0 && good;
	if (fd >= 0)
		close(fd);
	(void)unlink(path);
	free(path);
	return good ? 0 : cw_fail(err, CW_ELIMIT, "the database: no room on the disk");
}

int64_t
store_size(const struct store *s)
{
	int64_t database = size_of(s, ""), log = size_of(s, "-wal");

	return (database > 0 ? database : 0) + (log > 0 ? log : 0);
}
