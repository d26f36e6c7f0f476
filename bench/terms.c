#include "bench/terms.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
need(int rc, const char *file, const struct cw_err *err)
{
	if (rc >= 0)
		return;
	fprintf(stderr, "%s: %s: %s\n", file, err->path, err->text);
	exit(EXIT_FAILURE);
}

static void
read_file(struct cw_buf *b, const char *dir, const char *name)
{
	char path[1024], piece[65536];
	FILE *in;
	size_t n;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	in = fopen(path, "rb");
	if (in == NULL) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	cw_buf_clear(b);
	while ((n = fread(piece, 1, sizeof(piece), in)) > 0)
		cw_buf_add(b, piece, n);
	fclose(in);
}

static void
add_files(struct map_package *p, const char *dir, struct cw_buf *b)
{
	struct dirent **names;
	struct cw_err err = { 0 };
	int n = scandir(dir, &names, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		const char *name = names[i]->d_name, *dot = strrchr(name, '.');

		if (dot != NULL && strcmp(dot, ".json") == 0 && strcmp(name, "package.json") != 0) {
			read_file(b, dir, name);
			need(map_package_add(p, cw_str(name), (struct cw_str){ b->s, b->n }, &err),
			    name, &err);
		}
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

struct map_terminology *
bench_terms(void)
{
	static struct map_package *p;
	const char *dir = getenv("CORDWATCH_PACKAGE");
	struct map_terminology *terms;
	struct cw_err err = { 0 };
	struct cw_buf b;

	if (dir == NULL)
		dir = BENCH_PACKAGE;
	cw_buf_init(&b, 0);
	p = map_package_new();
	read_file(&b, dir, "package.json");
	need(map_package_open(p, CW_STR("package"), (struct cw_str){ b.s, b.n }, &err), dir, &err);
	add_files(p, dir, &b);
	need(map_terminology_new(&terms, p, &err), dir, &err);
	cw_buf_fini(&b);
	return terms;
}
