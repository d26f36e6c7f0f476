/* Copies of the database: made while it is in use, verified, put back. */
#include "daemon/store_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 2048 /* pages */, CHUNK = 1 << 16 };

#define RESTORED "restored"

/* ---- making one ---- */

static int
fail(const char *path, struct cw_err *err)
{
	return cw_fail(err, CW_EIO, "%s: %s", path, strerror(errno));
}

/* In the folder of the database, unless it is a whole path. Yours to free. */
static char *
beside(const struct store *s, const char *name)
{
	const char *slash = strrchr(s->path, '/');
	struct cw_buf path;

	cw_buf_init(&path, 0);
	if (name[0] != '/' && slash != NULL)
		cw_buf_printf(&path, "%.*s/", (int)(slash - s->path), s->path);
	cw_buf_puts(&path, name);
	return path.s;
}

void
store_backup_end(struct store *s)
{
	if (s->copy != NULL && sqlite3_backup_finish(s->copy) != SQLITE_OK)
		s->copy_failed = true;
	s->copy = NULL;
	if (s->copy_db != NULL && sqlite3_close(s->copy_db) != SQLITE_OK)
		s->copy_failed = true;
	s->copy_db = NULL;
	s->copy_on = false;
}

static int
begin(struct store *s, const char *name, struct cw_err *err)
{
	char *path = beside(s, name);
	int fd, rc = 0;

	store_backup_end(s);
	s->copied = s->copy_failed = false;
	if (unlink(path) != 0 && errno != ENOENT)
		rc = fail(path, err);
	fd = rc == 0 ? open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
	if (rc == 0 && fd < 0)
		rc = fail(path, err);
	if (fd >= 0)
		close(fd);
	if (rc == 0 && sqlite3_open_v2(path, &s->copy_db,
			   SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK)
		s->copy = sqlite3_backup_init(s->copy_db, "main", s->db, "main");
	if (rc == 0 && s->copy == NULL) {
		rc = cw_fail(err, CW_EIO, "%s: cannot be written", path);
		store_backup_end(s);
	}
	free(path);
	return rc;
}

void
store_backup_step(struct store *s)
{
	int rc;

	if (!s->copy_on || s->copy == NULL)
		return;
	s->copy_on = false;
	rc = sqlite3_backup_step(s->copy, PIECE);
	if (rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED)
		return;
	s->copied = rc == SQLITE_DONE;
	s->copy_failed = !s->copied;
	store_backup_end(s);
	s->copied = s->copied && !s->copy_failed;
}

int
store_backup(struct store *s, const char *path, struct store_backup *out, struct cw_err *err)
{
	*out = (struct store_backup){ 0 };
	/* A folder that is full or read-only is no fault of the database. */
	if (path != NULL && begin(s, path, err) < 0) {
		if (err != NULL)
			*err = (struct cw_err){ 0 };
		s->copy_failed = true;
	}
	s->copy_on = s->copy != NULL;
	out->running = s->copy != NULL;
	out->done = s->copied && !s->copy_failed;
	if (s->copy != NULL) {
		out->pages = sqlite3_backup_pagecount(s->copy);
		out->left = sqlite3_backup_remaining(s->copy);
	}
	return 0;
}

/* ---- looking at one ---- */

/* Characters that mean something in a URI are written by their numbers. */
static void
add_path(struct cw_buf *uri, const char *path)
{
	for (; *path != '\0'; path++) {
		if (strchr("?#%", *path) != NULL)
			cw_buf_printf(uri, "%%%02X", (unsigned)*path);
		else
			cw_buf_putc(uri, *path);
	}
}

/* Without a lock or a log: nobody may change it meanwhile. */
static int
open_still(struct store **out, const char *path, struct cw_err *err)
{
	struct store *s = cw_calloc(1, sizeof(*s));
	struct cw_buf uri;
	int rc;

	s->path = cw_strdup(path);
	*out = s;
	if (access(path, F_OK) != 0)
		return cw_fail(err, CW_ENOTFOUND, "%s: no such file", path);
	cw_buf_init(&uri, 0);
	cw_buf_puts(&uri, "file:");
	add_path(&uri, path);
	cw_buf_puts(&uri, "?immutable=1");
	rc = sqlite3_open_v2(
	    uri.s, &s->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, NULL);
	cw_buf_fini(&uri);
	if (rc != SQLITE_OK)
		return store_fault(s, rc, err);
	store_configure(s);
	return CW_OK;
}

int
store_verify(const char *path, struct store_figures *figures, struct cw_err *err)
{
	struct store *s = NULL;
	int64_t records = 0;
	int rc = open_still(&s, path, err);

	if (rc == 0)
		rc = store_check_all(s, err);
	if (rc == 0)
		rc = store_audit_verify(s, &records, err);
	if (rc == 0)
		rc = store_figures(s, figures, err);
	store_close(s);
	return rc;
}

/* ---- putting one back ---- */

static int
copy_bytes(int from, int to)
{
	char *chunk = cw_malloc(CHUNK);
	ssize_t n;

	while ((n = read(from, chunk, CHUNK)) > 0) {
		for (ssize_t done = 0, m; done < n; done += m) {
			m = write(to, chunk + done, (size_t)(n - done));
			if (m <= 0) {
				free(chunk);
				return -1;
			}
		}
	}
	free(chunk);
	return n < 0 || fsync(to) != 0 ? -1 : 0;
}

/* Root puts it there for the owner of the folder. */
static int
copy_file(const char *from, const char *to, const struct stat *owner, struct cw_err *err)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out, rc = 0;

	if (in < 0)
		return fail(from, err);
	out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (out < 0 || copy_bytes(in, out) != 0 ||
	    (geteuid() == 0 && fchown(out, owner->st_uid, owner->st_gid) != 0))
		rc = fail(to, err);
	close(in);
	if (out >= 0 && close(out) != 0 && rc == 0)
		rc = fail(to, err);
	return rc;
}

/* What was decided since is not in it, but may have been sent. */
static int
mark(const char *dir, int64_t now, struct cw_str who, struct cw_err *err)
{
	char text[24];
	struct cw_buf payload;
	struct store *s = NULL;
	int rc = store_open(&s, dir, err);

	if (rc < 0)
		return rc;
	snprintf(text, sizeof(text), "%lld", (long long)now);
	cw_buf_init(&payload, 0);
	cw_buf_printf(&payload, "{\"who\":%.*s}", CW_ARG(who));
	rc = store_begin(s, err);
	if (rc == 0)
		rc = store_exec(s, "UPDATE outbox SET doubtful = 1", err);
	if (rc == 0)
		rc = store_state_set(s, 0, RESTORED, cw_str(text), err);
	if (rc == 0)
		rc = store_audit(s, now, "restore", (struct cw_str){ payload.s, payload.n }, err);
	if (rc == 0)
		rc = store_commit(s, err);
	cw_buf_fini(&payload);
	store_close(s);
	return rc;
}

static int
swap(const char *dir, const char *work, struct cw_err *err)
{
	struct cw_buf here, new, old;
	int fd, rc = 0;

	cw_buf_init(&here, 0);
	cw_buf_init(&new, 0);
	cw_buf_init(&old, 0);
	cw_buf_printf(&here, "%s/cordwatch.db", dir);
	cw_buf_printf(&new, "%s/cordwatch.db", work);
	cw_buf_printf(&old, "%s/cordwatch.db.replaced", dir);
	/* At no time is there none: a daemon that starts would make an empty one. */
	if ((unlink(old.s) != 0 && errno != ENOENT) ||
	    (link(here.s, old.s) != 0 && errno != ENOENT) || rename(new.s, here.s) != 0)
		rc = fail(here.s, err);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (rc == 0 && (fd < 0 || fsync(fd) != 0))
		rc = fail(dir, err);
	if (fd >= 0)
		close(fd);
	cw_buf_fini(&here);
	cw_buf_fini(&new);
	cw_buf_fini(&old);
	return rc;
}

/* Bring what its log holds into the database that is there, so that it is one file. */
static int
settle(const char *dir, struct stat *owner, struct cw_err *err)
{
	struct store *s = NULL;
	int rc = store_open_read(&s, dir, NULL);

	store_close(s);
	if (rc == STORE_BUSY)
		return STORE_BUSY;
	s = NULL;
	rc = store_open(&s, dir, err);
	store_close(s);
	if (rc == 0 && stat(dir, owner) != 0)
		rc = fail(dir, err);
	return rc;
}

int
store_restore(const char *dir, const char *path, int64_t now, struct cw_str who, struct cw_err *err)
{
	struct store_figures figures;
	struct stat owner;
	struct cw_buf work, file;
	int rc = store_verify(path, &figures, err);

	if (rc == 0)
		rc = settle(dir, &owner, err);
	if (rc != 0)
		return rc;
	cw_buf_init(&work, 0);
	cw_buf_init(&file, 0);
	cw_buf_printf(&work, "%s/restoring", dir);
	cw_buf_printf(&file, "%s/cordwatch.db", work.s);
	if (mkdir(work.s, 0700) != 0 && errno != EEXIST)
		rc = fail(work.s, err);
	if (rc == 0)
		rc = copy_file(path, file.s, &owner, err);
	if (rc == 0)
		rc = mark(work.s, now, who, err);
	if (rc == 0)
		rc = swap(dir, work.s, err);
	(void)unlink(file.s);
	(void)rmdir(work.s);
	cw_buf_fini(&work);
	cw_buf_fini(&file);
	return rc;
}

int
store_is_restored(struct store *s, bool *out, struct cw_err *err)
{
	static const char sql[] =
	    "SELECT count(*) FROM state WHERE feed = 0 AND key = '" RESTORED "'";
	struct query q = query_new(s, sql);
	int64_t n = 0;
	int rc = query_one(&q, &n, err);

	*out = n > 0;
	return rc < 0 ? rc : 0;
}
