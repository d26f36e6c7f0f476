/* P1, P2: JSON text to findings (the sift, then tree, shape check and reader for what passes),
 * against jansson's json_loadb and against memchr over the same bytes, on Synthea split by resource
 * and on the same with 5 % of mapped resources mixed in; the worse one counts. */
#include "bench/bench.h"

#include "bench/terms.h"
#include "fhir/json.h"
#include "mappings/finding.h"
#include "mappings/sift.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1750064400000) /* 2025-06-16T09:00:00Z */

struct work {
	struct bench_texts texts;
	const struct map_terminology *terms;
	struct cw_arena *mem, *keep;
	struct map_findings found;
	size_t passed, findings;
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
with_memchr(void *ctx)
{
	struct work *w = ctx;

	for (size_t i = 0; i < w->texts.n; i++)
		bench_use(memchr(w->texts.v[i].s, 1, w->texts.v[i].n));
}

static void
read_one(struct work *w, struct cw_str text)
{
	struct map_read_context context = { .terms = w->terms, .now = NOW, .received = NOW };
	const struct fhir_node *root;
	struct cw_err err = { 0 };

	w->passed++;
	if (fhir_json_read(&root, text, w->mem, NULL, &err) < 0)
		wrong("tree", text, err.text);
	if (map_findings_read(&w->found, root, &context, &err) < 0)
		wrong("reader", text, err.text);
	w->findings += w->found.n;
	map_findings_clear(&w->found);
	cw_arena_reset(w->mem);
	cw_arena_reset(w->keep);
}

static void
with_sift(void *ctx)
{
	struct work *w = ctx;
	struct map_sift_result sift;

	w->passed = w->findings = 0;
	for (size_t i = 0; i < w->texts.n; i++) {
		struct cw_err err = { 0 };

		if (map_sift(&sift, w->texts.v[i], w->terms, w->mem, &err) < 0 ||
		    sift.verdict == MAP_SIFT_BROKEN)
			wrong("sift", w->texts.v[i], err.text);
		if (sift.verdict == MAP_SIFT_PASS)
			read_one(w, w->texts.v[i]);
	}
}

/* Resources as an EHR sends them, whose codes the shipped package maps. */
static const char *const mapped[] = {
	"{\"resourceType\":\"Condition\",\"id\":\"w1\",\"meta\":{\"versionId\":\"1\","
	"\"lastUpdated\":"
	"\"2025-06-15T08:00:00Z\"},\"clinicalStatus\":{\"coding\":[{\"system\":"
	"\"http://terminology.hl7.org/CodeSystem/condition-clinical\",\"code\":\"active\"}]},"
	"\"verificationStatus\":{\"coding\":[{\"system\":"
	"\"http://terminology.hl7.org/CodeSystem/condition-ver-status\",\"code\":\"confirmed\"}]},"
	"\"category\":[{\"coding\":[{\"system\":"
	"\"http://terminology.hl7.org/CodeSystem/"
	"condition-category\",\"code\":\"encounter-diagnosis\"}]}]"
	",\"code\":{\"coding\":[{\"system\":\"http://snomed.info/"
	"sct\",\"code\":\"26544005\",\"display\":"
	"\"Muscle weakness\"}],\"text\":\"Weak legs\"},\"bodySite\":[{\"coding\":[{\"system\":"
	"\"http://snomed.info/sct\",\"code\":\"61685007\",\"display\":\"Lower limb structure\"}]}],"
	"\"subject\":{\"reference\":\"Patient/p1\"},\"encounter\":{\"reference\":\"Encounter/e1\"},"
	"\"onsetDateTime\":\"2025-06-14\",\"recordedDate\":\"2025-06-15T08:00:00Z\"}",
	"{\"resourceType\":\"Observation\",\"id\":\"s1\",\"meta\":{\"versionId\":\"1\","
	"\"lastUpdated\":"
	"\"2025-06-15T08:00:00Z\"},\"status\":\"final\",\"category\":[{\"coding\":[{\"system\":"
	"\"http://terminology.hl7.org/CodeSystem/"
	"observation-category\",\"code\":\"survey\",\"display\":"
	"\"survey\"}]}],\"code\":{\"coding\":[{\"system\":\"http://"
	"loinc.org\",\"code\":\"72514-3\","
	"\"display\":\"Pain severity - 0-10 verbal numeric rating [Score] - "
	"Reported\"}],\"text\":\"Pain "
	"severity\"},\"subject\":{\"reference\":\"Patient/p1\"},\"encounter\":{\"reference\":"
	"\"Encounter/e1\"},\"effectiveDateTime\":\"2025-06-14T08:00:00Z\",\"issued\":"
	"\"2025-06-14T08:00:00Z\",\"valueQuantity\":{\"value\":8,\"unit\":\"{score}\",\"system\":"
	"\"http://unitsofmeasure.org\",\"code\":\"{score}\"}}",
	"{\"resourceType\":\"Observation\",\"id\":\"c1\",\"meta\":{\"versionId\":\"1\","
	"\"lastUpdated\":"
	"\"2025-06-15T08:00:00Z\"},\"status\":\"final\",\"category\":[{\"coding\":[{\"system\":"
	"\"http://terminology.hl7.org/CodeSystem/observation-category\",\"code\":\"laboratory\","
	"\"display\":\"laboratory\"}]}],\"code\":{\"coding\":[{\"system\":\"http://"
	"loinc.org\",\"code\":"
	"\"29265-6\",\"display\":\"Calcium [Moles/volume] corrected for albumin in Serum or "
	"Plasma\"}]},"
	"\"subject\":{\"reference\":\"Patient/p1\"},\"effectiveDateTime\":\"2025-06-03T07:00:00Z\","
	"\"issued\":\"2025-06-03T09:00:00Z\",\"valueQuantity\":{\"value\":2.75,\"unit\":\"mmol/L\","
	"\"system\":\"http://unitsofmeasure.org\",\"code\":\"mmol/"
	"L\"},\"referenceRange\":[{\"low\":{"
	"\"value\":2.20,\"unit\":\"mmol/L\",\"system\":\"http://"
	"unitsofmeasure.org\",\"code\":\"mmol/L\"},"
	"\"high\":{\"value\":2.60,\"unit\":\"mmol/L\",\"system\":\"http://"
	"unitsofmeasure.org\",\"code\":"
	"\"mmol/L\"}}]}",
	"{\"resourceType\":\"Procedure\",\"id\":\"r1\",\"status\":\"completed\",\"code\":{"
	"\"coding\":[{"
	"\"system\":\"http://snomed.info/sct\",\"code\":\"108290001\",\"display\":\"Radiation "
	"oncology "
	"AND/OR radiotherapy\"}]},\"subject\":{\"reference\":\"Patient/p1\"},\"performedPeriod\":{"
	"\"start\":\"2025-05-12T08:00:00Z\",\"end\":\"2025-05-12T09:00:00Z\"},\"bodySite\":[{"
	"\"coding\":[{"
	"\"system\":\"http://snomed.info/sct\",\"code\":\"421060004\"}]}]}",
};

/* Every twentieth text a mapped one. */
static void
mix(struct bench_texts *to, const struct bench_texts *from)
{
	for (size_t i = 0; i < from->n; i++) {
		bench_texts_add(to, from->v[i]);
		if (i % 19 == 18)
			bench_texts_add(
			    to, cw_str(mapped[i / 19 % (sizeof(mapped) / sizeof(mapped[0]))]));
	}
}

static struct bench_ratio
worse(struct bench_ratio a, struct bench_ratio b, bool at_most)
{
	return (a.median < b.median) != at_most ? a : b;
}

static void
describe(const char *name, const struct work *w, struct bench_ratio jansson)
{
	printf(
	    "# %s: %zu texts, %zu bytes on average, %zu pass, %zu findings; %.1f times faster than "
	    "jansson, %.0f MB/s\n",
	    name, w->texts.n, w->texts.bytes / w->texts.n, w->passed, w->findings, jansson.median,
	    (double)w->texts.bytes / jansson.subject / 1e6);
}

static void
measure(struct work *plain, struct work *mixed)
{
	struct bench_ratio a = bench_compare(with_jansson, plain, with_sift, plain, 9);
	struct bench_ratio b = bench_compare(with_jansson, mixed, with_sift, mixed, 9);

	describe("synthea", plain, a);
	describe("synthea with 5 % mapped", mixed, b);
	bench_line(
	    "P1", "json-to-findings-times-faster-than-jansson", worse(a, b, false), 8, false);
	a = bench_compare(with_sift, plain, with_memchr, plain, 9);
	b = bench_compare(with_sift, mixed, with_memchr, mixed, 9);
	bench_line("P2", "json-to-findings-in-memchr-times", worse(a, b, true), 60, true);
}

int
main(void)
{
	struct map_terminology *terms = bench_terms();
	struct work plain = { .terms = terms, .mem = cw_arena_new(0), .keep = cw_arena_new(0) };
	struct work mixed;

	if (!bench_synthea(&plain.texts, 6)) {
		puts("# the Synthea suite is not there: skipped");
		return EXIT_SUCCESS;
	}
	map_findings_init(&plain.found, plain.keep);
	mixed = plain;
	mixed.texts = (struct bench_texts){ 0 };
	mix(&mixed.texts, &plain.texts);
	map_findings_init(&mixed.found, mixed.keep);
	measure(&plain, &mixed);
	map_findings_fini(&plain.found);
	map_findings_fini(&mixed.found);
	bench_texts_free(&plain.texts);
	bench_texts_free(&mixed.texts);
	cw_arena_free(plain.mem);
	cw_arena_free(plain.keep);
	map_terminology_free(terms);
	return EXIT_SUCCESS;
}
