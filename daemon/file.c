#include "daemon/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { CHUNK = 1 << 16, DEEPEST = 64 };

enum file_kind
file_kind(const char *path)
{
	static const struct {
		const char *end;
		enum file_kind kind;
	} known[] = {
		{ ".json", FILE_JSON },
		{ ".ndjson", FILE_NDJSON },
		{ ".jsonl", FILE_NDJSON },
		{ ".xml", FILE_XML },
	};
	size_t n = strlen(path);

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t m = strlen(known[i].end);

		if (n > m && strcasecmp(path + n - m, known[i].end) == 0)
			return known[i].kind;
	}
	return FILE_OTHER;
}

static int
refused(struct cw_err *err, const char *what)
{
	int code = errno == ENOENT || errno == ENOTDIR ? CW_ENOTFOUND : CW_EIO;

	return cw_fail(err, code, "%s: %s", what, strerror(errno));
}

/* Opening a folder succeeds and only reading fails, with words nobody expects; so look first. */
static int
open_bytes(FILE **out, const char *path, struct cw_err *err)
{
	struct stat st;

	*out = NULL;
	if (strcmp(path, "-") == 0) {
		*out = stdin;
		return CW_OK;
	}
	*out = fopen(path, "re");
	if (*out == NULL)
		return refused(err, "cannot open");
	if (fstat(fileno(*out), &st) == 0 && S_ISDIR(st.st_mode)) {
		fclose(*out);
		*out = NULL;
		return cw_fail(err, CW_EIO, "is a folder");
	}
	return CW_OK;
}

static void
close_bytes(FILE *in)
{
	if (in != NULL && in != stdin)
		fclose(in);
}

int
file_read(struct cw_buf *out, const char *path, struct cw_err *err)
{
	char *chunk = cw_malloc(CHUNK);
	FILE *in = NULL;
	size_t n;
	int rc = open_bytes(&in, path, err);

	if (rc < 0)
		goto out;
	while (!out->over && (n = fread(chunk, 1, CHUNK, in)) > 0)
		cw_buf_add(out, chunk, n);
	if (out->over)
		rc = cw_fail(err, CW_ELIMIT, "longer than the limit of %zu bytes", out->max);
	else if (ferror(in))
		rc = refused(err, "cannot read");
out:
	close_bytes(in);
	free(chunk);
	return rc;
}

struct file_lines {
	FILE *in;
	struct cw_buf line;
	size_t number;
	size_t at, n; /* what of the chunk is still to be read */
	char chunk[CHUNK];
};

int
file_lines_open(struct file_lines **out, const char *path, size_t max, struct cw_err *err)
{
	FILE *in;
	int rc = open_bytes(&in, path, err);

	*out = NULL;
	if (rc < 0)
		return rc;
	*out = cw_malloc(sizeof(**out));
	(*out)->in = in;
	(*out)->number = (*out)->at = (*out)->n = 0;
	cw_buf_init(&(*out)->line, max);
	return CW_OK;
}

/* False at the end of the file. */
static bool
refill(struct file_lines *f)
{
	if (f->at == f->n) {
		f->at = 0;
		f->n = fread(f->chunk, 1, sizeof(f->chunk), f->in);
	}
	return f->n > 0;
}

int
file_lines_next(struct file_lines *f, struct cw_str *line, struct cw_err *err)
{
	bool any = false, whole = false;

	cw_buf_clear(&f->line);
	while (!whole && refill(f)) {
		const char *from = f->chunk + f->at;
		const char *lf = memchr(from, '\n', f->n - f->at);
		size_t n = lf == NULL ? f->n - f->at : (size_t)(lf - from);

		cw_buf_add(&f->line, from, n);
		f->at += n + (lf != NULL);
		any = true;
		whole = lf != NULL;
	}
	*line = (struct cw_str){ NULL, 0 };
	if (ferror(f->in))
		return refused(err, "cannot read");
	if (!any)
		return FILE_END;
	f->number++;
	if (f->line.over)
		return cw_fail_at(err, CW_ELIMIT, f->number, 0, NULL,
		    "line longer than the limit of %zu bytes", f->line.max);
	*line = (struct cw_str){ f->line.s == NULL ? "" : f->line.s, f->line.n };
	if (line->n > 0 && line->s[line->n - 1] == '\r')
		line->n--;
	return CW_OK;
}

size_t
file_lines_number(const struct file_lines *f)
{
	return f->number;
}

void
file_lines_close(struct file_lines *f)
{
	if (f == NULL)
		return;
	close_bytes(f->in);
	cw_buf_fini(&f->line);
	free(f);
}

static void
push(struct file_list *list, char *path)
{
	list->path = cw_realloc(list->path, (list->n + 1) * sizeof(*list->path));
	list->path[list->n++] = path;
}

static char *
join(const char *folder, const char *name)
{
	size_t n = strlen(folder), size = n + strlen(name) + 2;
	char *path = cw_malloc(size);
	const char *slash = n > 0 && folder[n - 1] == '/' ? "" : "/";

	snprintf(path, size, "%s%s%s", folder, slash, name);
	return path;
}

static int walk(struct file_list *list, const char *folder, int depth, struct cw_err *err);

/* Takes path over: it is added or freed. */
static int
consider(struct file_list *list, char *path, int depth, struct cw_err *err)
{
	struct stat here, there;
	int rc = CW_OK;

	if (lstat(path, &here) != 0 || stat(path, &there) != 0) {
		/* A link to nowhere: whoever reads the list meets it, and goes on. */
		if (file_kind(path) != FILE_OTHER) {
			push(list, path);
			return CW_OK;
		}
	} else if (S_ISDIR(here.st_mode)) {
		rc = walk(list, path, depth + 1, err);
	} else if (S_ISREG(there.st_mode) && file_kind(path) != FILE_OTHER) {
		push(list, path);
		return CW_OK;
	}
	free(path);
	return rc;
}

static int
walk(struct file_list *list, const char *folder, int depth, struct cw_err *err)
{
	struct dirent *e;
	DIR *d;
	int rc = CW_OK;

	if (depth > DEEPEST)
		return cw_fail(err, CW_ELIMIT, "%s: more than %d folders deep", folder, DEEPEST);
	d = opendir(folder);
	if (d == NULL && depth == 0)
		return refused(err, folder);
	if (d == NULL) {
		push(list, cw_strdup(folder)); /* the same */
		return CW_OK;
	}
	while (rc == CW_OK && (e = readdir(d)) != NULL) {
		if (e->d_name[0] != '.')
			rc = consider(list, join(folder, e->d_name), depth, err);
	}
	closedir(d);
	return rc;
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int
file_list_add(struct file_list *list, const char *path, struct cw_err *err)
{
	size_t first = list->n;
	struct stat st;
	int rc;

	if (strcmp(path, "-") == 0) {
		push(list, cw_strdup(path));
		return CW_OK;
	}
	if (stat(path, &st) != 0)
		return refused(err, "cannot open");
	if (!S_ISDIR(st.st_mode)) {
		push(list, cw_strdup(path));
		return CW_OK;
	}
	rc = walk(list, path, 0, err);
	if (list->n > first)
		qsort(list->path + first, list->n - first, sizeof(*list->path), by_path);
	return rc;
}

void
file_list_fini(struct file_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->path[i]);
	free(list->path);
	*list = (struct file_list){ 0 };
}
