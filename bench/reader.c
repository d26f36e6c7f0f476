#include "bench/reader.h"

#include "fhir/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1750064400000) /* 2025-06-16T09:00:00Z */

static void
wrong(const char *who, struct cw_str text, const char *why)
{
	fprintf(stderr, "%s: %s: %.60s\n", who, why, text.s);
	exit(EXIT_FAILURE);
}

void
bench_reader_init(
    struct bench_reader *r, const struct bench_texts *texts, const struct map_terminology *terms)
{
	*r = (struct bench_reader){
		.texts = texts, .terms = terms, .mem = cw_arena_new(0), .keep = cw_arena_new(0)
	};
	map_findings_init(&r->found, r->keep);
}

void
bench_reader_fini(struct bench_reader *r)
{
	map_findings_fini(&r->found);
	cw_arena_free(r->mem);
	cw_arena_free(r->keep);
}

static void
read_one(struct bench_reader *r, struct cw_str text)
{
	struct map_read_context context = { .terms = r->terms, .now = NOW, .received = NOW };
	const struct fhir_node *root;
	struct cw_err err = { 0 };

	r->passed++;
	if (fhir_json_read(&root, text, r->mem, NULL, &err) < 0)
		wrong("tree", text, err.text);
	if (map_findings_read(&r->found, root, &context, &err) < 0)
		wrong("reader", text, err.text);
	r->findings += r->found.n;
	map_findings_clear(&r->found);
	cw_arena_reset(r->mem);
	cw_arena_reset(r->keep);
}

void
bench_read(void *reader)
{
	struct bench_reader *r = reader;
	struct map_sift_result sift;

	r->passed = r->findings = 0;
	for (size_t i = 0; i < r->texts->n; i++) {
		struct cw_err err = { 0 };

		if (map_sift(&sift, r->texts->v[i], r->terms, r->mem, &err) < 0 ||
		    sift.verdict == MAP_SIFT_BROKEN)
			wrong("sift", r->texts->v[i], err.text);
		if (sift.verdict == MAP_SIFT_PASS)
			read_one(r, r->texts->v[i]);
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

void
bench_mix(struct bench_texts *to, const struct bench_texts *from)
{
	for (size_t i = 0; i < from->n; i++) {
		bench_texts_add(to, from->v[i]);
		if (i % 19 == 18)
			bench_texts_add(
			    to, cw_str(mapped[i / 19 % (sizeof(mapped) / sizeof(mapped[0]))]));
	}
}

/* The product in the dihedral group of ten elements: 0-4 turn, 5-9 turn over (Verhoeff 1969). */
static unsigned
product(unsigned a, unsigned b)
{
	if (a < 5)
		return b < 5 ? (a + b) % 5 : 5 + (a + b) % 5;
	return b < 5 ? 5 + (a - b) % 5 : (a + 5 - b) % 5;
}

void
bench_identifier(char *out, size_t size, size_t i)
{
	static const unsigned turn[] = { 1, 5, 7, 6, 2, 8, 3, 0, 9, 4 };
	size_t n = (size_t)snprintf(out, size, "%zu0000000100", 100 + i);

	for (char digit = '0'; digit <= '9'; digit++) {
		unsigned check = 0;

		out[n - 1] = digit;
		for (size_t k = 0; k < n; k++) {
			unsigned d = (unsigned)(out[n - 1 - k] - '0');

			for (size_t t = k % 8; t > 0; t--)
				d = turn[d];
			check = product(check, d);
		}
		if (check == 0)
			return;
	}
}
