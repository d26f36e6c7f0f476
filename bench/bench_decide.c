/* DECIDE: a full decision for a patient with 30 findings under the whole shipped package, against
 * jansson's parse of one Observation of 2 kB.  The worst of several kinds of patients counts. */
#include "bench/bench.h"

#include "bench/patients.h"
#include "bench/terms.h"
#include "mappings/decide.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct work {
	const struct map_plan *plan;
	struct map_case about;
	struct cw_arena *mem;
	struct map_decision decision;
	struct bench_texts texts;
};

static void
parse(void *ctx)
{
	struct work *w = ctx;

	for (size_t i = 0; i < w->texts.n; i++) {
		json_t *json = json_loadb(w->texts.v[i].s, w->texts.v[i].n, 0, NULL);

		if (json == NULL)
			exit(EXIT_FAILURE);
		json_decref(json);
	}
}

/* As many decisions as there are texts. */
static void
decide(void *ctx)
{
	struct work *w = ctx;

	for (size_t i = 0; i < w->texts.n; i++) {
		struct cw_err err = { 0 };

		cw_arena_reset(w->mem);
		if (map_decide(&w->decision, w->plan, &w->about, BENCH_NOW, false, w->mem, &err) <
		    0) {
			fprintf(stderr, "decide: %s\n", err.text);
			exit(EXIT_FAILURE);
		}
	}
}

static void
list(const char *what, const struct map_texts *texts)
{
	for (size_t i = 0; i < texts->n; i++)
		printf("%s%.*s", i == 0 ? what : " ", CW_ARG(texts->item[i]));
}

static void
describe(const char *name, const struct work *w, const struct bench_ratio *r)
{
	printf("# %s: %zu findings, %s", name, w->about.findings, map_tier_name(w->decision.tier));
	list(", rules ", &w->decision.rules);
	list(", controls ", &w->decision.controls);
	printf("; %.1f us, %.2f parses of %zu bytes\n", r->baseline * 1e6 / (double)w->texts.n,
	    r->median, w->texts.bytes / w->texts.n);
}

int
main(void)
{
	struct map_package *package = bench_package(NULL, NULL);
	struct map_terminology *terms = bench_terms_of(package);
	struct map_plan *plan = bench_plan_of(package, terms);
	struct cw_arena *keep = cw_arena_new(0);
	struct work w = { .plan = plan, .mem = cw_arena_new(0) };
	struct bench_ratio worst = { 0 };
	bool good;

	bench_observations(&w.texts, 100, 1);
	for (size_t i = 0; i < BENCH_PATIENTS; i++) {
		struct bench_ratio r;

		bench_patient(&w.about, terms, i, keep);
		r = bench_compare(decide, &w, parse, &w, 9);
		describe(bench_patient_name(i), &w, &r);
		if (r.median > worst.median)
			worst = r;
	}
	good = bench_line("DECIDE", "decision-on-30-findings-in-jansson-parses", worst, 8, true);
	bench_texts_free(&w.texts);
	cw_arena_free(w.mem);
	cw_arena_free(keep);
	map_plan_free(plan);
	map_terminology_free(terms);
	map_package_free(package);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
