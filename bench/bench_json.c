/* The JSON scanner and the tree reader against jansson, and the scanner against memchr. */
#include "bench/bench.h"

#include "fhir/json.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct work {
	struct bench_texts texts;
	struct cw_arena *mem;
};

static void
wrong(const char *who, struct cw_str text, const char *why)
{
	fprintf(stderr, "%s: %s: %.60s\n", who, why, text.s);
	exit(EXIT_FAILURE);
}

static void
with_jansson(void *ctx)
{
	struct work *w = ctx;

	for (size_t i = 0; i < w->texts.n; i++) {
		json_error_t error;
		json_t *json = json_loadb(w->texts.v[i].s, w->texts.v[i].n, 0, &error);

		if (json == NULL)
			wrong("jansson", w->texts.v[i], error.text);
		json_decref(json);
	}
}

static void
scan(void *ctx)
{
	struct work *w = ctx;

	for (size_t i = 0; i < w->texts.n; i++) {
		struct cw_err err = { 0 };

		if (fhir_json_valid(w->texts.v[i], w->mem, NULL, &err) < 0)
			wrong("scan", w->texts.v[i], err.text);
		cw_arena_reset(w->mem);
	}
}

static void
tree(void *ctx)
{
	struct work *w = ctx;

	for (size_t i = 0; i < w->texts.n; i++) {
		const struct fhir_node *root;
		struct cw_err err = { 0 };

		if (fhir_json_read(&root, w->texts.v[i], w->mem, NULL, &err) < 0)
			wrong("tree", w->texts.v[i], err.text);
		bench_use(root);
		cw_arena_reset(w->mem);
	}
}

static void
with_memchr(void *ctx)
{
	struct work *w = ctx;

	for (size_t i = 0; i < w->texts.n; i++)
		bench_use(memchr(w->texts.v[i].s, 1, w->texts.v[i].n));
}

static void
measure(struct work *w, const char *texts)
{
	struct bench_ratio r;
	char what[80];

	printf("# %s: %zu texts, %zu bytes on average\n", texts, w->texts.n,
	    w->texts.bytes / w->texts.n);
	r = bench_compare(with_jansson, w, scan, w, 9);
	snprintf(what, sizeof(what), "%s-scan-times-faster-than-jansson", texts);
	bench_line("SCAN", what, r, 12, false);
	printf("# %.0f MB/s\n", (double)w->texts.bytes / r.subject / 1e6);
	r = bench_compare(with_jansson, w, tree, w, 9);
	snprintf(what, sizeof(what), "%s-tree-times-faster-than-jansson", texts);
	bench_line("TREE", what, r, 6, false);
	printf("# %.0f MB/s\n", (double)w->texts.bytes / r.subject / 1e6);
	r = bench_compare(scan, w, with_memchr, w, 7);
	snprintf(what, sizeof(what), "%s-scan-in-memchr-times", texts);
	bench_line("MEMCHR", what, r, 60, true);
}

int
main(void)
{
	struct work w = { .mem = cw_arena_new(0) };

	bench_observations(&w.texts, 500, 1);
	measure(&w, "generated");
	bench_texts_free(&w.texts);
	if (bench_synthea(&w.texts, 2))
		measure(&w, "synthea");
	else
		puts("# the Synthea suite is not there: skipped");
	bench_texts_free(&w.texts);
	cw_arena_free(w.mem);
	return EXIT_SUCCESS;
}
