/* P22: ten times more codes in the maps must hardly change the cost of text to findings, and ten
 * times more rules that the findings do not touch hardly the cost of a decision. */
#include "bench/bench.h"

#include "bench/patients.h"
#include "bench/reader.h"
#include "bench/terms.h"
#include "fhir/json.h"
#include "mappings/decide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMES = 9 }; /* more */

static void
die(const char *what)
{
	fprintf(stderr, "bench_grow: %s\n", what);
	exit(EXIT_FAILURE);
}

/* --- more codes --- */

/* Identifiers with the right check digit that cannot be codes: of a namespace 0000000. */
static void
write_codes(struct cw_buf *b, size_t n)
{
	cw_buf_puts(b,
	    "{\"resourceType\":\"ConceptMap\",\"id\":\"more\",\"url\":\"urn:cordwatch:ConceptMap:"
	    "more\",\"status\":\"draft\",\"group\":[{\"source\":\"http://snomed.info/sct\","
	    "\"target\":\"urn:cordwatch:CodeSystem:finding\",\"element\":[");
	for (size_t i = 0; i < n; i++) {
		char code[32];

		bench_identifier(code, sizeof(code), i);
		cw_buf_printf(b,
		    "%s{\"code\":\"%s\",\"target\":[{\"code\":\"back-pain\",\"equivalence\":"
		    "\"equivalent\",\"comment\":\"a number, not a code\"}]}",
		    i == 0 ? "" : ",", code);
	}
	cw_buf_puts(b, "]}]}");
}

/* Rows of the concept maps of the shipped package. */
static size_t
count_codes(const struct map_package *p)
{
	size_t n = 0;

	for (size_t i = 0; i < map_package_count(p); i++) {
		const struct map_artefact *a = map_package_at(p, i);
		const struct fhir_node *group, *element;

		if (!cw_str_is(a->type, "ConceptMap"))
			continue;
		group = fhir_node_get(a->node, "group");
		for (; group != NULL; group = fhir_node_again(group)) {
			element = fhir_node_get(group, "element");
			for (; element != NULL; element = fhir_node_again(element))
				n++;
		}
	}
	return n;
}

static bool
more_codes(void)
{
	struct map_package *p = bench_package(NULL, NULL), *q = bench_package(NULL, NULL);
	size_t n = count_codes(p);
	struct bench_texts plain = { 0 }, texts = { 0 };
	struct bench_reader few, many;
	struct map_terminology *some, *all;
	struct bench_ratio r;
	struct cw_buf b;

	if (!bench_synthea(&plain, 4))
		bench_observations(&plain, 2000, 7);
	bench_mix(&texts, &plain);
	bench_texts_free(&plain);
	cw_buf_init(&b, 0);
	write_codes(&b, n * TIMES);
	bench_package_add(q, "ConceptMap-more.json", (struct cw_str){ b.s, b.n });
	cw_buf_fini(&b);
	some = bench_terms_of(p);
	all = bench_terms_of(q);
	bench_reader_init(&few, &texts, some);
	bench_reader_init(&many, &texts, all);
	r = bench_compare(bench_read, &many, bench_read, &few, 15);
	if (few.findings == 0 || few.findings != many.findings)
		die("more codes found something else");
	printf("# %zu codes, then %zu: %zu findings in %zu texts\n", n, n * (TIMES + 1),
	    few.findings, texts.n);
	bench_reader_fini(&few);
	bench_reader_fini(&many);
	bench_texts_free(&texts);
	map_terminology_free(some);
	map_terminology_free(all);
	map_package_free(p);
	map_package_free(q);
	return bench_line("P22-CODES", "cost-of-reading-with-10-times-more-codes", r, 1.1, true);
}

/* --- more rules --- */

/* Put insert behind the place where the tree's node stands in its compact text. */
static void
splice(struct cw_buf *text, const struct fhir_node *node, size_t back, const struct cw_buf *insert)
{
	struct cw_buf own, rest;
	char *at;

	cw_buf_init(&own, 0);
	cw_buf_init(&rest, 0);
	fhir_json_write(&own, node, false);
	cw_buf_putc(text, '\0');
	text->n--;
	cw_buf_putc(&own, '\0');
	at = strstr(text->s, own.s);
	if (at == NULL)
		die("the text does not hold its own part");
	at += own.n - 1 - back;
	cw_buf_add(&rest, at, text->n - (size_t)(at - text->s));
	text->n = (size_t)(at - text->s);
	cw_buf_add(text, insert->s, insert->n);
	cw_buf_add(text, rest.s, rest.n);
	cw_buf_fini(&own);
	cw_buf_fini(&rest);
}

static const struct fhir_node *
last(const struct fhir_node *node)
{
	for (const struct fhir_node *next = node; next != NULL; next = fhir_node_again(next))
		node = next;
	return node;
}

#define EXPRESSION(text)                                                                           \
	"\"expression\":{\"language\":\"text/fhirpath\",\"expression\":\"" text "\"}"

/* A rule of the same group, tier and order, with conditions and evidence, on a finding of its own.
 */
static void
write_rule(struct cw_buf *b, const struct fhir_node *like, size_t number)
{
	const struct fhir_node *code = fhir_node_get(like, "code");
	struct cw_str order = fhir_node_text(like, "definitionCanonical");

	cw_buf_printf(b,
	    ",{\"id\":\"X%zu\",\"prefix\":\"X%zu\",\"title\":\"More\",\"description\":\"More.\","
	    "\"code\":[",
	    number, number);
	fhir_json_write(b, code, false);
	cw_buf_puts(b,
	    "],\"documentation\":[{\"type\":\"citation\",\"citation\":\"None\"}],\"condition\":[{"
	    "\"kind\":\"applicability\"," EXPRESSION("%malignancy.exists()") "}],");
	if (order.n > 0)
		cw_buf_printf(b, "\"definitionCanonical\":\"%.*s\",", CW_ARG(order));
	cw_buf_puts(b, "\"dynamicValue\":[{\"path\":\"reasonReference\",");
	cw_buf_printf(b, EXPRESSION("%%x%zu.where(runStart >= now() - %%t_new_neuro)"), number);
	cw_buf_puts(b, "},{\"path\":\"supportingInfo\",");
	cw_buf_puts(b, EXPRESSION("%malignancy"));
	cw_buf_puts(b, "}]}");
}

static void
write_input(struct cw_buf *b, size_t number)
{
	cw_buf_printf(b,
	    ",{\"id\":\"x%zu\",\"type\":\"Observation\",\"profile\":[\"urn:cordwatch:"
	    "StructureDefinition:Finding\"],\"codeFilter\":[{\"path\":\"code\",\"code\":[{"
	    "\"system\":\"urn:cordwatch:CodeSystem:finding\",\"code\":\"more-%zu\"}]}]}",
	    number, number);
}

static void
add_rules(struct cw_buf *text, const struct fhir_node *plan, size_t *rules)
{
	const struct fhir_node *top = fhir_node_get(plan, "action");
	const struct fhir_node *group = fhir_node_get(top, "action");
	struct cw_buf inputs;
	size_t number = 0;

	cw_buf_init(&inputs, 0);
	for (; group != NULL; group = fhir_node_again(group)) {
		const struct fhir_node *rule = fhir_node_get(group, "action");
		struct cw_buf more;

		if (cw_str_is(fhir_node_text(group, "id"), "S"))
			continue;
		cw_buf_init(&more, 0);
		for (; rule != NULL; rule = fhir_node_again(rule)) {
			for (size_t i = 0; i < TIMES; i++) {
				write_input(&inputs, number);
				write_rule(&more, rule, number++);
			}
		}
		splice(text, last(fhir_node_get(group, "action")), 0, &more);
		cw_buf_fini(&more);
	}
	splice(text, last(fhir_node_get(top, "input")), 0, &inputs);
	cw_buf_fini(&inputs);
	*rules = number;
}

static void
add_concepts(struct cw_buf *text, const struct fhir_node *system)
{
	struct cw_buf more;

	cw_buf_init(&more, 0);
	for (size_t i = 0; i < TIMES * 50; i++)
		cw_buf_printf(&more,
		    ",{\"code\":\"more-%zu\",\"display\":\"More\",\"property\":[{\"code\":"
		    "\"group\",\"valueCode\":\"more\"}]}",
		    i);
	splice(text, last(fhir_node_get(system, "concept")), 0, &more);
	cw_buf_fini(&more);
}

static void
edit(void *arg, const char *name, struct cw_buf *text)
{
	struct cw_arena *mem = cw_arena_new(0);
	struct cw_err err = { 0 };
	const struct fhir_node *root;
	struct cw_str was = { text->s, text->n };

	if (strcmp(name, "PlanDefinition-mscc.json") == 0 ||
	    strcmp(name, "CodeSystem-finding.json") == 0) {
		was = cw_str_dup(mem, was);
		if (fhir_json_read(&root, was, mem, NULL, &err) < 0)
			die(err.text);
		cw_buf_clear(text);
		fhir_json_write(text, root, false);
		if (name[0] == 'P')
			add_rules(text, root, arg);
		else
			add_concepts(text, root);
	}
	cw_arena_free(mem);
}

struct decider {
	struct map_package *package;
	struct map_terminology *terms;
	struct map_plan *plan;
	struct map_case about;
	struct cw_arena *keep, *mem;
	struct map_decision decision;
};

static void
decide(void *ctx)
{
	struct decider *d = ctx;
	struct cw_err err = { 0 };

	cw_arena_reset(d->mem);
	if (map_decide(&d->decision, d->plan, &d->about, BENCH_NOW, false, d->mem, &err) < 0)
		die(err.text);
}

static void
decider_init(struct decider *d, bench_edit *fn, size_t *rules)
{
	d->package = bench_package(fn, rules);
	d->terms = bench_terms_of(d->package);
	d->plan = bench_plan_of(d->package, d->terms);
	d->keep = cw_arena_new(0);
	d->mem = cw_arena_new(0);
}

static void
decider_fini(struct decider *d)
{
	cw_arena_free(d->keep);
	cw_arena_free(d->mem);
	map_plan_free(d->plan);
	map_terminology_free(d->terms);
	map_package_free(d->package);
}

static bool
more_rules(void)
{
	struct decider few, many;
	struct bench_ratio r, worst = { 0 };
	size_t rules = 0;

	decider_init(&few, NULL, NULL);
	decider_init(&many, edit, &rules);
	printf("# %zu rules, then %zu\n", map_plan_rules(few.plan), map_plan_rules(many.plan));
	if (map_plan_rules(few.plan) + rules != map_plan_rules(many.plan) || rules == 0)
		die("there are not ten times more rules");
	for (size_t i = 0; i < BENCH_PATIENTS; i++) {
		bench_patient(&few.about, few.terms, i, few.keep);
		bench_patient(&many.about, many.terms, i, many.keep);
		r = bench_compare(decide, &many, decide, &few, 9);
		if (few.decision.tier != many.decision.tier)
			die("more rules decide something else");
		printf("# %s: %.1f us, then %.1f us: %.2f\n", bench_patient_name(i),
		    r.subject * 1e6, r.baseline * 1e6, r.median);
		if (r.median > worst.median)
			worst = r;
	}
	decider_fini(&few);
	decider_fini(&many);
	return bench_line(
	    "P22-RULES", "cost-of-deciding-with-10-times-more-rules", worst, 1.2, true);
}

int
main(void)
{
	bool good = more_codes();

	good &= more_rules();
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
