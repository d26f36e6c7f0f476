/* The sift: drops only what the reader would find nothing in, whatever the text looks like. */
#include "mappings/sift.h"

#include "fhir/json.h"
#include "mappings/finding_internal.h"
#include "tests/unit/finding_bend.h"
#include "tests/unit/finding_terms.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* ---- by example ---- */

#define SUBJECT "\"subject\":{\"reference\":\"Patient/p\"}"
#define CODING(code) "{\"coding\":[{\"system\":\"urn:test\",\"code\":\"" code "\"}]}"

static const struct {
	const char *text;
	enum map_sift_verdict verdict;
} examples[] = {
	{ "{\"resourceType\":\"Condition\",\"code\":" CODING("weakness") "}", MAP_SIFT_PASS },
	{ "{\"resourceType\":\"Condition\",\"code\":" CODING("other") "}", MAP_SIFT_DROP },
	/* of another system, of none, and text */
	{ "{\"resourceType\":\"Condition\",\"code\":{\"coding\":[{\"system\":\"urn:x\",\"code\":"
	  "\"weakness\"},{\"code\":\"weakness\"}],\"text\":\"weakness\"}}",
	    MAP_SIFT_DROP },
	/* the coding of one is not the system of the other */
	{ "{\"resourceType\":\"Condition\",\"code\":{\"coding\":[{\"system\":\"urn:test\"},{"
	  "\"code\":"
	  "\"weakness\"}]}}",
	    MAP_SIFT_DROP },
	/* the type may come last */
	{ "{\"code\":" CODING("weakness") ",\"resourceType\":\"Condition\"}", MAP_SIFT_PASS },
	{ "{\"code\":" CODING("other") ",\"resourceType\":\"Condition\"}", MAP_SIFT_DROP },
	/* escapes */
	{ "{\"resourceType\":\"Condition\",\"c\\u006fde\":{\"\\u0063oding\":[{\"\\u0073ystem\":"
	  "\"urn:test\",\"\\u0063ode\":\"weakness\"}]}}",
	    MAP_SIFT_PASS },
	{ "{\"resourceType\":\"Condition\",\"code\":{\"coding\":[{\"system\":\"urn:test\",\"code\":"
	  "\"weak\\u006eess\"}]}}",
	    MAP_SIFT_PASS },
	{ "{\"resourceType\":\"Con\\u0064ition\",\"code\":" CODING("other") "}", MAP_SIFT_PASS },
	/* elements that are not read */
	{ "{\"resourceType\":\"Condition\",\"evidence\":[{\"code\":[" CODING("weakness") "]}]}",
	    MAP_SIFT_DROP },
	{ "{\"resourceType\":\"Procedure\",\"reasonCode\":[" CODING("weakness") "]}",
	    MAP_SIFT_DROP },
	{ "{\"resourceType\":\"Encounter\",\"reasonCode\":[" CODING("weakness") "]}",
	    MAP_SIFT_PASS },
	/* a site alone is no finding */
	{ "{\"resourceType\":\"Observation\",\"code\":" CODING("leg") "}", MAP_SIFT_DROP },
	{ "{\"resourceType\":\"Observation\",\"code\":" CODING("other") ",\"bodySite\":" CODING(
	      "spine") "}",
	    MAP_SIFT_DROP },
	{ "{\"resourceType\":\"Observation\",\"code\":" CODING("worsened") "}", MAP_SIFT_PASS },
	{ "{\"resourceType\":\"Observation\",\"component\":[{\"code\":" CODING(
	      "other") "},{\"code\":"
		       "" CODING("power") "}]}",
	    MAP_SIFT_PASS },
	{ "{\"resourceType\":\"Observation\",\"valueCodeableConcept\":" CODING("weakness") "}",
	    MAP_SIFT_PASS },
	{ "{\"resourceType\":\"DiagnosticReport\",\"conclusionCode\":[" CODING(
	      "spinal-metastasis") "]}",
	    MAP_SIFT_PASS },
	/* profiles, without their version */
	{ "{\"resourceType\":\"Condition\",\"meta\":{\"profile\":[\"http://example.org/x\","
	  "\"http://example.org/cancer|2.0\"]}}",
	    MAP_SIFT_PASS },
	{ "{\"resourceType\":\"Condition\",\"meta\":{\"source\":\"http://example.org/cancer\"}}",
	    MAP_SIFT_DROP },
	/* what others lean on, and what always passes */
	{ "{\"resourceType\":\"MedicationRequest\",\"medicationReference\":{\"reference\":\"x\"}}",
	    MAP_SIFT_PASS },
	{ "{\"resourceType\":\"MedicationRequest\",\"medicationCodeableConcept\":" CODING(
	      "other") "}",
	    MAP_SIFT_DROP },
	{ "{\"resourceType\":\"Medication\",\"code\":" CODING("other") "}", MAP_SIFT_PASS },
	{ "{\"resourceType\":\"QuestionnaireResponse\"}", MAP_SIFT_PASS },
	{ "{\"resourceType\":\"Patient\",\"active\":true}", MAP_SIFT_PASS },
	/* never read */
	{ "{\"resourceType\":\"AllergyIntolerance\",\"code\":" CODING("weakness") "}",
	    MAP_SIFT_OTHER },
	{ "{\"resourceType\":\"Claim\"}", MAP_SIFT_OTHER },
	/* wrong where codings belong: the reader must say so */
	{ "{\"resourceType\":\"Condition\",\"code\":\"weakness\"}", MAP_SIFT_PASS },
	{ "{\"resourceType\":\"Condition\",\"code\":{\"coding\":[{\"system\":\"urn:x\",\"code\":7}]"
	  "}}",
	    MAP_SIFT_PASS },
	{ "{\"resourceType\":\"Condition\",\"code\":{\"coding\":[{\"system\":true}]}}",
	    MAP_SIFT_PASS },
	{ "{\"resourceType\":\"Condition\",\"code\":{\"coding\":\"weakness\"}}", MAP_SIFT_PASS },
	{ "{\"resourceType\":\"Condition\",\"code\":{\"coding\":[\"weakness\"]}}", MAP_SIFT_PASS },
	{ "{\"resourceType\":\"Condition\",\"code\":{\"coding\":{\"system\":\"urn:x\"}}}",
	    MAP_SIFT_PASS },
	{ "{\"resourceType\":\"Condition\",\"code\":{\"coding\":[[{\"system\":\"urn:x\"}]]}}",
	    MAP_SIFT_PASS },
	{ "{\"resourceType\":\"Condition\",\"code\":{\"coding\":[]}}", MAP_SIFT_PASS },
	{ "{\"resourceType\":\"Condition\",\"code\":{}}", MAP_SIFT_PASS },
	{ "{\"resourceType\":\"Condition\",\"code\":[" CODING("other") "]}", MAP_SIFT_PASS },
	{ "{\"resourceType\":\"Condition\",\"code\":null}", MAP_SIFT_PASS },
	{ "{\"resourceType\":\"Encounter\",\"reasonCode\":" CODING("other") "}", MAP_SIFT_PASS },
	{ "{\"reasonCode\":" CODING("other") ",\"resourceType\":\"Encounter\"}", MAP_SIFT_PASS },
	{ "{\"reasonCode\":[" CODING("other") "],\"resourceType\":\"Encounter\"}", MAP_SIFT_DROP },
	{ "{\"resourceType\":\"Procedure\",\"category\":[" CODING("other") "]}", MAP_SIFT_PASS },
	{ "{\"resourceType\":\"CarePlan\",\"category\":[" CODING("other") "]}", MAP_SIFT_DROP },
	{ "{\"resourceType\":\"Observation\",\"component\":[{\"code\":\"weakness\"}]}",
	    MAP_SIFT_PASS },
	{ "{\"resourceType\":\"Observation\",\"component\":[{\"code\":[" CODING("other") "]}]}",
	    MAP_SIFT_PASS },
	{ "{\"resourceType\":\"Observation\",\"component\":[{\"code\":" CODING(
	      "other") ",\"valueQuantity\":{\"value\":1,\"code\":\"mm[Hg]\"}}]}",
	    MAP_SIFT_DROP },
	{ "{\"resourceType\":\"Observation\",\"component\":[{\"valueCodeableConcept\":[" CODING(
	      "other") "]}]}",
	    MAP_SIFT_PASS },
	{ "{\"resourceType\":\"CarePlan\",\"activity\":[{\"detail\":[{\"code\":" CODING(
	      "other") "}]}]}",
	    MAP_SIFT_PASS },
	{ "{\"resourceType\":\"CarePlan\",\"activity\":[{\"detail\":{\"code\":" CODING(
	      "other") ",\"status\":\"completed\"}}]}",
	    MAP_SIFT_DROP },
	/* not well-formed, in whatever is skipped too */
	{ "", MAP_SIFT_BROKEN },
	{ "[]", MAP_SIFT_BROKEN },
	{ "{\"id\":\"x\"}", MAP_SIFT_BROKEN },
	{ "{\"resourceType\":\"Claim\"} 1", MAP_SIFT_BROKEN },
	{ "{\"resourceType\":\"Claim\",\"item\":[{\"a\":1,\"a\":2}]}", MAP_SIFT_BROKEN },
	{ "{\"resourceType\":\"Condition\",\"note\":[{\"text\":\"\x80\"}]}", MAP_SIFT_BROKEN },
	{ "{\"resourceType\":\"Condition\",\"code\":" CODING("weakness") ",", MAP_SIFT_BROKEN },
	{ "{\"resourceType\":\"Patient\",\"active\":tru}", MAP_SIFT_BROKEN },
};

START_TEST(example)
{
	struct cw_arena *mem = cw_arena_new(0);
	struct map_sift_result out;
	struct cw_err err = { 0 };

	ck_assert_int_eq(map_sift(&out, cw_str(examples[_i].text), test_terms(), mem, &err), 0);
	ck_assert_msg(
	    out.verdict == examples[_i].verdict, "%s: %d", examples[_i].text, out.verdict);
	ck_assert_int_eq(err.code != 0, out.verdict == MAP_SIFT_BROKEN);
	cw_arena_free(mem);
}
END_TEST

START_TEST(slices)
{
	static const char text[] =
	    "{\"resourceType\":\"Observation\",\"text\":{\"id\":\"no\"},\"meta\":{"
	    "\"tag\":[{\"versionId\":\"no\"}],\"versionId\":\"3\",\"lastUpdated\":"
	    "\"2025-06-16T09:00:00Z\"},\"contained\":[{\"id\":\"no\"}],\"id\":\"o1\"}";
	static const char escaped[] = "{\"resourceType\":\"Observation\",\"id\":\"o\\u0031\"}";
	struct cw_arena *mem = cw_arena_new(0);
	struct map_sift_result out;

	ck_assert_int_eq(map_sift(&out, CW_STR(text), test_terms(), mem, NULL), 0);
	ck_assert_int_eq(out.verdict, MAP_SIFT_DROP);
	ck_assert(cw_str_is(out.type, "Observation"));
	ck_assert(cw_str_is(out.id, "o1"));
	ck_assert(cw_str_is(out.version, "3"));
	ck_assert(cw_str_is(out.updated, "2025-06-16T09:00:00Z"));
	ck_assert_int_eq(map_sift(&out, CW_STR(escaped), test_terms(), mem, NULL), 0);
	ck_assert_ptr_null(out.id.s);
	cw_arena_free(mem);
}
END_TEST

/* ---- by chance: dropped implies no finding ---- */

struct dice {
	uint64_t state;
	struct cw_buf text;
};

static unsigned
roll(struct dice *d, unsigned below)
{
	d->state = d->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(d->state >> 33) % below;
}

static bool
chance(struct dice *d, unsigned one_in)
{
	return roll(d, one_in) == 0;
}

/* A string, now and then with one of its letters as an escape. */
static void
string(struct dice *d, const char *s)
{
	size_t escaped = chance(d, 40) ? roll(d, (unsigned)strlen(s) + 1) : SIZE_MAX;

	cw_buf_putc(&d->text, '"');
	for (size_t i = 0; s[i] != '\0'; i++) {
		if (i == escaped)
			cw_buf_printf(&d->text, "\\u%04x", (unsigned char)s[i]);
		else
			cw_buf_putc(&d->text, s[i]);
	}
	cw_buf_putc(&d->text, '"');
}

static void
key(struct dice *d, const char *name, bool *first)
{
	if (!*first)
		cw_buf_putc(&d->text, ',');
	*first = false;
	string(d, name);
	cw_buf_putc(&d->text, ':');
}

static const char *
any(struct dice *d, const char *const *list, size_t n)
{
	return list[roll(d, (unsigned)n)];
}
#define ANY(d, list) any(d, list, sizeof(list) / sizeof(list[0]))

static void
coding(struct dice *d)
{
	static const char *const systems[] = { "urn:test", "urn:test", "urn:other",
		"http://loinc.org" };
	static const char *const codes[] = { "weakness", "leg", "left", "worsened", "power",
		"double", "zzz", "8302-2", "72166-2", "xyz", "other", "no", "numb" };
	unsigned order = roll(d, 2);
	bool first = true;

	cw_buf_putc(&d->text, '{');
	for (unsigned i = 0; i < 2; i++) {
		if (chance(d, 12))
			continue;
		key(d, i == order ? "system" : "code", &first);
		string(d, i == order ? ANY(d, systems) : ANY(d, codes));
	}
	if (chance(d, 2)) {
		key(d, "display", &first);
		string(d, "weakness");
	}
	cw_buf_putc(&d->text, '}');
}

static void concept(struct dice *d)
{
	unsigned n = roll(d, 3);
	bool first = true;

	cw_buf_putc(&d->text, '{');
	if (chance(d, 3)) {
		key(d, "text", &first);
		string(d, "weakness");
	}
	if (chance(d, 6)) {
		key(d, "extension", &first);
		cw_buf_puts(&d->text, "[{\"url\":\"http://example.org/e\",\"valueCoding\":");
		coding(d);
		cw_buf_puts(&d->text, "}]");
	}
	if (n > 0) {
		key(d, "coding", &first);
		for (unsigned i = 0; i < n; i++) {
			cw_buf_putc(&d->text, i == 0 ? '[' : ',');
			coding(d);
		}
		cw_buf_putc(&d->text, ']');
	}
	cw_buf_putc(&d->text, '}');
}

/* Elements with codings: where, how they are written around a concept (or a coding, for '#'). */
static const struct {
	const char *type, *name, *before, *after;
} elements[] = {
	{ "Condition", "code", "", "" },
	{ "Condition", "category", "[", "]" },
	{ "Condition", "bodySite", "[", "]" },
	{ "Condition", "evidence", "[{\"code\":[", "]}]" },
	{ "Condition", "stage", "[{\"summary\":", "}]" },
	{ "Observation", "code", "", "" },
	{ "Observation", "category", "[", "]" },
	{ "Observation", "valueCodeableConcept", "", "" },
	{ "Observation", "component", "[{\"valueBoolean\":true,\"code\":", "}]" },
	{ "Observation", "component", "[{\"code\":{},\"valueCodeableConcept\":", "}]" },
	{ "Observation", "method", "", "" },
	{ "Observation", "bodySite", "", "" },
	{ "Procedure", "code", "", "" },
	{ "Procedure", "category", "", "" },
	{ "Procedure", "reasonCode", "[", "]" },
	{ "DiagnosticReport", "code", "", "" },
	{ "DiagnosticReport", "conclusionCode", "[", "]" },
	{ "DiagnosticReport", "category", "[", "]" },
	{ "ServiceRequest", "code", "", "" },
	{ "ServiceRequest", "reasonCode", "[", "]" },
	{ "ImagingStudy", "procedureCode", "[", "]" },
	{ "ImagingStudy", "reasonCode", "[", "]" },
	{ "MedicationStatement", "medicationCodeableConcept", "", "" },
	{ "MedicationStatement", "contained",
	    "[{\"resourceType\":\"Medication\",\"id\":\"m\",\"code\":",
	    "}],\"medicationReference\":{\"reference\":\"#m\"}" },
	{ "MedicationStatement", "reasonCode", "[", "]" },
	{ "Encounter", "reasonCode", "[", "]" },
	{ "Encounter", "type", "[", "]" },
	{ "FamilyMemberHistory", "condition", "[{\"code\":", "}]" },
	{ "Flag", "code", "", "" },
	{ "Flag", "category", "[", "]" },
	{ "CarePlan", "category", "[", "]" },
	{ "CarePlan", "activity", "[{\"detail\":{\"status\":\"completed\",\"code\":", "}}]" },
	{ "QuestionnaireResponse", "item", "[{\"linkId\":\"1\",\"answer\":[{\"valueCoding\":#}]}]",
	    "" },
};
#define ELEMENTS (sizeof(elements) / sizeof(elements[0]))

static void
element(struct dice *d, size_t i, bool *first)
{
	const char *mark = strchr(elements[i].before, '#');

	key(d, elements[i].name, first);
	if (mark != NULL) {
		cw_buf_add(&d->text, elements[i].before, (size_t)(mark - elements[i].before));
		coding(d);
		cw_buf_puts(&d->text, mark + 1);
		return;
	}
	cw_buf_puts(&d->text, elements[i].before);
	concept(d);
	cw_buf_puts(&d->text, elements[i].after);
}

static void
common(struct dice *d, const char *type, bool *first)
{
	key(d, strcmp(type, "FamilyMemberHistory") == 0 ? "patient" : "subject", first);
	cw_buf_puts(&d->text, "{\"reference\":\"Patient/p\"}");
	if (chance(d, 4)) {
		key(d, "extension", first);
		cw_buf_puts(
		    &d->text, "[{\"url\":\"http://example.org/e\",\"valueCodeableConcept\":");
		concept(d);
		cw_buf_puts(&d->text, "}]");
	}
	if (chance(d, 4)) {
		key(d, "meta", first);
		cw_buf_puts(&d->text, "{\"tag\":[");
		coding(d);
		cw_buf_puts(&d->text, "],\"profile\":[\"http://example.org/");
		cw_buf_puts(&d->text, chance(d, 3) ? "cancer|1\"]}" : "vital-signs\"]}");
	}
}

static void
resource(struct dice *d)
{
	const char *type = elements[roll(d, ELEMENTS)].type;
	unsigned at = roll(d, 3);
	size_t start = roll(d, ELEMENTS), i;
	const char *last = "";
	bool first = true;

	cw_buf_clear(&d->text);
	cw_buf_putc(&d->text, '{');
	for (unsigned part = 0; part < 3; part++) {
		if (part == at) {
			key(d, "resourceType", &first);
			string(d, type);
		}
		if (part == 1)
			common(d, type, &first);
		for (i = 0; part == 0 && i < ELEMENTS; i++) {
			size_t e = (start + i) % ELEMENTS;

			if (strcmp(elements[e].type, type) != 0 ||
			    strcmp(elements[e].name, last) == 0 || chance(d, 2))
				continue;
			last = elements[e].name;
			element(d, e, &first);
		}
	}
	cw_buf_putc(&d->text, '}');
}

START_TEST(dropped_means_no_finding)
{
	struct dice d = { .state = 20250616 };
	struct cw_arena *mem = cw_arena_new(0), *keep = cw_arena_new(0);
	struct map_read_context ctx = { .terms = test_terms(), .now = 1, .received = 1 };
	unsigned dropped = 0, passed = 0, found = 0;
	struct map_sift_result sift;
	const struct fhir_node *root;
	struct map_findings out;
	struct cw_str text;

	cw_buf_init(&d.text, 0);
	map_findings_init(&out, keep);
	for (int i = 0; i < 30000; i++) {
		resource(&d);
		text = (struct cw_str){ d.text.s, d.text.n };
		ck_assert_int_eq(map_sift(&sift, text, ctx.terms, mem, NULL), 0);
		if (sift.verdict == MAP_SIFT_BROKEN) /* an element twice */
			continue;
		ck_assert_msg(fhir_json_read(&root, text, mem, NULL, NULL) == 0, "%s", d.text.s);
		map_findings_clear(&out);
		ck_assert_int_ge(map_findings_read(&out, root, &ctx, NULL), 0);
		dropped += sift.verdict != MAP_SIFT_PASS;
		passed += sift.verdict == MAP_SIFT_PASS;
		found += out.n > 0;
		ck_assert_msg(out.n == 0 || sift.verdict == MAP_SIFT_PASS, "%s", d.text.s);
		cw_arena_reset(mem);
		cw_arena_reset(keep);
	}
	/* Neither side is empty, and what passes mostly holds something. */
	ck_assert_uint_gt(dropped, 5000);
	ck_assert_uint_gt(found, 5000);
	ck_assert_uint_gt(found * 10, passed * 3);
	map_findings_fini(&out);
	cw_buf_fini(&d.text);
	cw_arena_free(mem);
	cw_arena_free(keep);
}
END_TEST

/* ---- dropped implies that nothing had to be said of codes ---- */

struct heard {
	const char *text; /* of the resource */
	bool dropped;
};

/* Is the node at or below an element whose codings are looked up in this type? */
static bool
below_coded(const struct fhir_node *node)
{
	const struct map_type *type;

	while (node->parent != NULL && node->parent->parent != NULL)
		node = node->parent;
	type = node->parent == NULL ? NULL : map_type_find(fhir_node_resource_type(node->parent));
	for (size_t i = 0; type != NULL && i < MAP_CODED; i++)
		if (cw_str_eq(node->name, type->coded[i].name))
			return true;
	return false;
}

/* A fault on the way to a code that is looked up; others are nobody's business in such a resource.
 */
static void
hear(void *arg, const struct map_issue *issue)
{
	static const char *const way[] = { "code", "system", "coding", "component",
		"valueCodeableConcept", "reasonCode", "conclusionCode", "procedureCode",
		"condition", "activity", "detail", "medicationCodeableConcept" };
	const struct heard *h = arg;

	if (!h->dropped || issue->kind != MAP_ISSUE_MALFORMED || !below_coded(issue->node) ||
	    strstr(issue->path, "xtension") != NULL || strstr(issue->path, ".value") != NULL)
		return;
	for (size_t i = 0; i < sizeof(way) / sizeof(way[0]); i++)
		ck_assert_msg(
		    !cw_str_is(issue->node->name, way[i]), "%s: %s", issue->path, h->text);
}

/* One value at a time written otherwise; returns how many were dropped. */
static unsigned
bend_all(const char *text, struct cw_arena *mem, struct map_findings *out)
{
	struct heard heard = { 0 };
	struct map_read_context ctx = {
		.terms = test_terms(), .now = 1, .received = 1, .issue = hear, .arg = &heard
	};
	const struct fhir_node *root;
	struct map_sift_result sift;
	unsigned dropped = 0;
	struct cw_buf b;

	cw_buf_init(&b, 0);
	for (const char *p = strchr(text, ':'); p != NULL; p = strchr(p + 1, ':')) {
		for (int how = 0; how < JSON_BENDS && p[-1] == '"'; how++) {
			cw_arena_reset(mem);
			if (!json_bend(&b, text, p + 1, json_value_end(p + 1), how) ||
			    fhir_json_read(&root, (struct cw_str){ b.s, b.n }, mem, NULL, NULL) < 0)
				continue;
			ck_assert_int_eq(
			    map_sift(&sift, (struct cw_str){ b.s, b.n }, ctx.terms, mem, NULL), 0);
			heard.text = b.s;
			heard.dropped = sift.verdict == MAP_SIFT_DROP;
			dropped += heard.dropped;
			map_findings_clear(out);
			ck_assert_int_ge(map_findings_read(out, root, &ctx, NULL), 0);
			ck_assert_msg(out->n == 0 || sift.verdict == MAP_SIFT_PASS ||
					  sift.verdict == MAP_SIFT_BROKEN,
			    "%s", b.s);
		}
	}
	cw_buf_fini(&b);
	return dropped;
}

START_TEST(bent_is_not_dropped)
{
	struct dice d = { .state = 20250617 };
	struct cw_arena *mem = cw_arena_new(0), *keep = cw_arena_new(0);
	struct map_findings out;
	unsigned dropped = 0;

	cw_buf_init(&d.text, 0);
	map_findings_init(&out, keep);
	for (int i = 0; i < 600; i++) {
		resource(&d);
		dropped += bend_all(d.text.s, mem, &out);
		cw_arena_reset(keep);
	}
	ck_assert_uint_gt(dropped, 1000);
	map_findings_fini(&out);
	cw_buf_fini(&d.text);
	cw_arena_free(mem);
	cw_arena_free(keep);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("sift");
	TCase *tc = tcase_create("sift");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, example, 0, (int)(sizeof(examples) / sizeof(examples[0])));
	tcase_add_test(tc, slices);
	tcase_add_test(tc, dropped_means_no_finding);
	tcase_add_test(tc, bent_is_not_dropped);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
