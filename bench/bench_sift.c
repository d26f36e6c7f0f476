/* P1, P2: JSON text to findings (the sift, then tree, shape check and reader for what passes),
 * against jansson's json_loadb and against memchr over the same bytes, on Synthea split by resource
 * and on the same with 5 % of mapped resources mixed in; the worse one counts. */
#include "bench/bench.h"

#include "bench/reader.h"
#include "bench/terms.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
with_jansson(void *ctx)
{
	struct bench_reader *w = ctx;

	for (size_t i = 0; i < w->texts->n; i++) {
		json_error_t error;
		json_t *json = json_loadb(w->texts->v[i].s, w->texts->v[i].n, 0, &error);

		if (json == NULL) {
			fprintf(stderr, "jansson: %s\n", error.text);
			exit(EXIT_FAILURE);
		}
		json_decref(json);
	}
}

static void
with_memchr(void *ctx)
{
	struct bench_reader *w = ctx;

	for (size_t i = 0; i < w->texts->n; i++)
		bench_use(memchr(w->texts->v[i].s, 1, w->texts->v[i].n));
}

static struct bench_ratio
worse(struct bench_ratio a, struct bench_ratio b, bool at_most)
{
	return (a.median < b.median) != at_most ? a : b;
}

static void
describe(const char *name, const struct bench_reader *w, struct bench_ratio jansson)
{
	printf(
	    "# %s: %zu texts, %zu bytes on average, %zu pass, %zu findings; %.1f times faster than "
	    "jansson, %.0f MB/s\n",
	    name, w->texts->n, w->texts->bytes / w->texts->n, w->passed, w->findings,
	    jansson.median, (double)w->texts->bytes / jansson.subject / 1e6);
}

static bool
measure(struct bench_reader *plain, struct bench_reader *mixed)
{
	struct bench_ratio a = bench_compare(with_jansson, plain, bench_read, plain, 9);
	struct bench_ratio b = bench_compare(with_jansson, mixed, bench_read, mixed, 9);
	bool good;

	describe("synthea", plain, a);
	describe("synthea with 5 % mapped", mixed, b);
	good = bench_line(
	    "P1", "json-to-findings-times-faster-than-jansson", worse(a, b, false), 8, false);
	a = bench_compare(bench_read, plain, with_memchr, plain, 9);
	b = bench_compare(bench_read, mixed, with_memchr, mixed, 9);
	return bench_line("P2", "json-to-findings-in-memchr-times", worse(a, b, true), 60, true) &&
	       good;
}

int
main(void)
{
	struct map_terminology *terms = bench_terms();
	struct bench_texts synthea = { 0 }, mix = { 0 };
	struct bench_reader plain, mixed;
	bool good;

	if (!bench_synthea(&synthea, 6)) {
		puts("# the Synthea suite is not there: skipped");
		return EXIT_SUCCESS;
	}
	bench_mix(&mix, &synthea);
	bench_reader_init(&plain, &synthea, terms);
	bench_reader_init(&mixed, &mix, terms);
	good = measure(&plain, &mixed);
	bench_reader_fini(&plain);
	bench_reader_fini(&mixed);
	bench_texts_free(&synthea);
	bench_texts_free(&mix);
	map_terminology_free(terms);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
