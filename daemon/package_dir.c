#include "daemon/package_dir.h"
#include "daemon/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_FILE = 256 << 20 };

/* "mappings/package/" -> "package"; "." stays what it is. */
static struct cw_str
base_name(const char *dir)
{
	size_t end = strlen(dir), start;

	while (end > 1 && dir[end - 1] == '/')
		end--;
	for (start = end; start > 0 && dir[start - 1] != '/'; start--)
		continue;
	return (struct cw_str){ dir + start, end - start };
}

static int
read_one(struct cw_buf *text, const char *dir, const char *name, struct cw_err *err)
{
	struct cw_err why = { 0 };
	struct cw_buf path;
	struct stat st;
	int rc;

	cw_buf_init(&path, 0);
	cw_buf_printf(&path, "%s/%s", dir, name);
	cw_buf_clear(text);
	if (stat(path.s, &st) == 0 && S_ISFIFO(st.st_mode)) /* would wait for ever */
		rc = cw_fail(&why, CW_EIO, "is a pipe");
	else
		rc = file_read(text, path.s, &why);
	if (rc < 0)
		cw_fail_at(err, why.code, why.line, why.column, path.s, "%s", why.text);
	else if (text->n == 0)
		rc = cw_fail_at(err, CW_ESYNTAX, 0, 0, path.s, "the file is empty");
	cw_buf_fini(&path);
	return rc;
}

static int
is_resource(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && file_kind(entry->d_name) == FILE_JSON &&
	       strcmp(entry->d_name, "package.json") != 0;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int
package_dir_add(struct map_package *package, const char *dir, struct cw_err *err)
{
	struct dirent **entry = NULL;
	struct cw_buf text;
	int n, rc;

	cw_buf_init(&text, MOST_FILE);
	rc = read_one(&text, dir, "package.json", err);
	if (rc == 0)
		rc = map_package_open(
		    package, base_name(dir), (struct cw_str){ text.s, text.n }, err);
	n = rc < 0 ? 0 : scandir(dir, &entry, is_resource, by_name);
	if (n < 0)
		rc = cw_fail_at(err, CW_EIO, 0, 0, dir, "%s", strerror(errno));
	for (int i = 0; i < n; i++) {
		if (rc == 0)
			rc = read_one(&text, dir, entry[i]->d_name, err);
		if (rc == 0)
			rc = map_package_add(package, cw_str(entry[i]->d_name),
			    (struct cw_str){ text.s, text.n }, err);
		free(entry[i]);
	}
	free(entry);
	cw_buf_fini(&text);
	return rc;
}

int
package_dir_load(struct map_package **out, const struct cli_args *args, struct cw_err *err)
{
	char *base = cli_package_dir();
	const char *dir;
	int rc;

	*out = map_package_new();
	rc = package_dir_add(*out, base, err);
	free(base);
	for (size_t i = 0; rc == 0 && (dir = cli_nth(args, "package", i)) != NULL; i++)
		rc = package_dir_add(*out, dir, err);
	if (rc < 0) {
		map_package_free(*out);
		*out = NULL;
	}
	return rc;
}

/* The file is what stands before ": " in the path of the error, or all of it. */
int
package_dir_fault(const struct cw_err *err)
{
	struct cw_err rest = *err;
	const char *colon = strstr(err->path, ": ");
	char file[sizeof(err->path)];
	size_t n = colon == NULL ? strlen(err->path) : (size_t)(colon - err->path);

	memcpy(file, err->path, n);
	file[n] = '\0';
	rest.path[0] = '\0';
	if (colon != NULL)
		memcpy(rest.path, colon + 2, strlen(colon + 2) + 1);
	(void)cli_fault(n == 0 ? NULL : file, &rest);
	return EX_CONFIG;
}
