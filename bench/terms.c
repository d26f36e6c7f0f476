#include "bench/terms.h"

#include "mappings/plan.h"

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
add_files(struct map_package *p, const char *dir, struct cw_buf *b, bench_edit *edit, void *arg)
{
	struct dirent **names;
	int n = scandir(dir, &names, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		const char *name = names[i]->d_name, *dot = strrchr(name, '.');

		if (dot != NULL && strcmp(dot, ".json") == 0 && strcmp(name, "package.json") != 0) {
			read_file(b, dir, name);
			if (edit != NULL)
				edit(arg, name, b);
			bench_package_add(p, name, (struct cw_str){ b->s, b->n });
		}
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

struct map_package *
bench_package(bench_edit *edit, void *arg)
{
	struct map_package *p = map_package_new();
	const char *dir = getenv("CORDWATCH_PACKAGE");
	struct cw_err err = { 0 };
	struct cw_buf b;

	if (dir == NULL)
		dir = BENCH_PACKAGE;
	cw_buf_init(&b, 0);
	read_file(&b, dir, "package.json");
	need(map_package_open(p, CW_STR("package"), (struct cw_str){ b.s, b.n }, &err), dir, &err);
	add_files(p, dir, &b, edit, arg);
	cw_buf_fini(&b);
	return p;
}

void
bench_package_add(struct map_package *p, const char *name, struct cw_str text)
{
	struct cw_err err = { 0 };

	need(map_package_add(p, cw_str(name), text, &err), name, &err);
}

struct map_terminology *
bench_terms_of(struct map_package *p)
{
	struct map_terminology *terms;
	struct cw_err err = { 0 };

	need(map_terminology_new(&terms, p, &err), "terminology", &err);
	return terms;
}

struct map_plan *
bench_plan_of(struct map_package *p, const struct map_terminology *terms)
{
	struct map_plan *plan;
	struct cw_err err = { 0 };

	need(map_plan_new(&plan, p, terms, &err), "plan", &err);
	return plan;
}

struct map_terminology *
bench_terms(void)
{
	return bench_terms_of(bench_package(NULL, NULL));
}
