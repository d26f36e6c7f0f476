#include "tests/unit/package_files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
path_of(char *out, size_t size, const char *path)
{
	const char *tree = getenv("top_srcdir");

	snprintf(out, size, "%s/tests/data/package/%s", tree == NULL ? "." : tree, path);
}

char *
test_package_text(const char *path)
{
	char full[1000];
	struct cw_buf b;
	FILE *in;
	int c;

	path_of(full, sizeof(full), path);
	in = fopen(full, "rb");
	if (in == NULL) {
		fprintf(stderr, "%s: cannot open\n", full);
		exit(EXIT_FAILURE);
	}
	cw_buf_init(&b, 0);
	while ((c = getc(in)) != EOF)
		cw_buf_putc(&b, (char)c);
	fclose(in);
	return b.s;
}

static int
is_resource(const struct dirent *entry)
{
	return strstr(entry->d_name, ".json") != NULL && strcmp(entry->d_name, "package.json") != 0;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

void
test_package_add(struct map_package *p, const char *dir)
{
	char full[1000], path[600];
	struct cw_err err = { 0 };
	struct dirent **entry;
	char *text;
	int n, rc;

	snprintf(path, sizeof(path), "%s/package.json", dir);
	text = test_package_text(path);
	rc = map_package_open(p, cw_str(dir), cw_str(text), &err);
	free(text);
	path_of(full, sizeof(full), dir);
	n = scandir(full, &entry, is_resource, by_name);
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, entry[i]->d_name);
		text = test_package_text(path);
		if (rc == 0)
			rc = map_package_add(p, cw_str(entry[i]->d_name), cw_str(text), &err);
		free(text);
		free(entry[i]);
	}
	if (n > 0)
		free(entry);
	if (rc < 0 || n <= 0) {
		fprintf(stderr, "%s: %s: %s\n", dir, err.path, err.text);
		exit(EXIT_FAILURE);
	}
}
