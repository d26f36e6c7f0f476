/* A small package, written out as FHIR and read through the real loader. */
#include "tests/unit/finding_terms.h"

#include "fhir/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
	const char *concept, *group, *code, *role, *grade, *side, *site, *needs, *present;
};

/* Rows of one code stand together. */
static const struct row rows[] = {
	{ "limb-weakness", "motor", "weakness", "finding", "1", "", "", "", "" },
	{ "limb-weakness", "motor", "26544005", "finding", "1", "", "", "", "" },
	{ "limb-weakness", "motor", "monoparesis-right", "finding", "1", "right", "limb", "", "" },
	{ "limb-weakness", "motor", "power", "question", "1", "", "", "", "<5" },
	{ "limb-weakness", "motor", "generalised", "weak", "", "", "", "", "" },
	{ "paralysis", "motor", "paraplegia", "finding", "3", "bilateral", "", "", "" },
	{ "back-pain", "spinal-pain", "back-pain", "finding", "", "", "spine", "", "" },
	{ "spinal-tenderness", "character", "tenderness", "finding", "", "", "", "spine", "" },
	{ "pain-score", "score", "pain-score", "question", "", "", "", "", ">0" },
	{ "raised-calcium", "lab", "calcium", "question", "", "", "", "",
	    ">2.60 mmol/L;>10.4 mg/dL" },
	{ "raised-alp", "lab", "alp", "question", "", "", "", "", "" },
	{ "bladder-dysfunction", "sphincter", "bladder-control", "question", "1", "", "", "", "" },
	{ "bladder-dysfunction", "sphincter", "incontinent", "finding", "1", "", "", "", "" },
	{ "bladder-dysfunction", "sphincter", "double", "finding", "1", "", "", "", "" },
	{ "bowel-dysfunction", "sphincter", "double", "finding", "1", "", "", "", "" },
	{ "negated-finding", "control", "no-backache", "context", "", "", "", "", "" },
	{ "negated-finding", "control", "81765008", "context", "", "", "", "", "" },
	{ "family-history", "control", "fh-paraplegia", "context", "", "", "", "", "" },
	{ "family-history", "control", "fh-question", "context", "", "", "", "", "" },
	{ "condition-worsened", "control", "worsened", "qualifier", "", "", "", "", "" },
	{ "sensory-loss", "sensory", "numb", "finding", "2", "", "", "", "" },
	{ "saddle-anaesthesia", "cauda", "numb", "finding", "", "", "", "perineum", "" },
	{ "spine-imaging-whole", "imaging", "mri-whole", "context", "", "", "", "", "" },
	{ "spinal-metastasis", "cancer", "spinal-metastasis", "finding", "", "", "spine", "", "" },
	{ "neurotoxic-chemotherapy", "control", "chemo", "context", "", "", "", "", "" },
	{ "spine-treatment", "control", "decompression", "context", "", "", "", "", "" },
	{ "operation", "control", "operation-category", "context", "", "", "", "", "" },
	{ "mri-contraindication", "control", "mri-contra", "context", "", "", "", "", "" },
	{ "end-of-life", "control", "hospice", "context", "", "", "", "", "" },
	{ "cancer-current", "cancer", "cancer", "finding", "", "", "", "", "" },
	{ "cancer-low-risk", "cancer", "skin", "finding", "", "", "", "", "" },
	{ "body-site-spine", "site", "spine", "site", "", "", "spine", "", "" },
	{ "body-site-spine", "site", "thorax-spine", "site", "", "", "thoracic", "", "" },
	{ "body-site-limb", "site", "leg", "site", "", "", "limb", "", "" },
	{ "body-site-limb", "site", "left-leg", "site", "", "left", "limb", "", "" },
	{ "body-site-perineum", "site", "perineum", "site", "", "", "perineum", "", "" },
	{ "side-left", "site", "left", "side", "", "left", "", "", "" },
	{ "side-right", "site", "right", "side", "", "right", "", "", "" },
	{ "side-one", "site", "one-side", "side", "", "unilateral", "", "", "" },
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const struct row profile = { "cancer-current", "cancer", "http://example.org/cancer",
	"finding", "", "", "", "", "" };

/* ---- writing the package ---- */

static void concept(struct fhir_json_out *o, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(rows[k].concept, rows[i].concept) == 0)
			return;
	fhir_json_out_object(o);
	fhir_json_out_member(o, "code", cw_str(rows[i].concept));
	fhir_json_out_member(o, "display", cw_str(rows[i].concept));
	fhir_json_out_key(o, "property");
	fhir_json_out_array(o);
	fhir_json_out_object(o);
	fhir_json_out_member(o, "code", CW_STR("group"));
	fhir_json_out_member(o, "valueCode", cw_str(rows[i].group));
	fhir_json_out_object_end(o);
	fhir_json_out_array_end(o);
	fhir_json_out_object_end(o);
}

static void
head(struct fhir_json_out *o, const char *type, const char *id)
{
	char url[100];

	snprintf(url, sizeof(url), "urn:cordwatch:%s:%s", type, id);
	fhir_json_out_object(o);
	fhir_json_out_member(o, "resourceType", cw_str(type));
	fhir_json_out_member(o, "id", cw_str(id));
	fhir_json_out_member(o, "url", cw_str(url));
	fhir_json_out_member(o, "version", CW_STR("1"));
	fhir_json_out_member(o, "status", CW_STR("active"));
}

static void
code_system(struct fhir_json_out *o)
{
	head(o, "CodeSystem", "finding");
	fhir_json_out_member(o, "content", CW_STR("complete"));
	fhir_json_out_key(o, "concept");
	fhir_json_out_array(o);
	for (size_t i = 0; i < ROWS; i++)
	concept(o, i);
	fhir_json_out_array_end(o);
	fhir_json_out_object_end(o);
}

static void
property(struct fhir_json_out *o, const char *name, const char *value)
{
	char url[60];

	if (*value == '\0')
		return;
	snprintf(url, sizeof(url), "urn:cordwatch:property:%s", name);
	fhir_json_out_object(o);
	fhir_json_out_member(o, "property", cw_str(url));
	fhir_json_out_member(o, "value", cw_str(value));
	fhir_json_out_object_end(o);
}

static void
target(struct fhir_json_out *o, const struct row *row)
{
	fhir_json_out_object(o);
	fhir_json_out_member(o, "code", cw_str(row->concept));
	fhir_json_out_member(o, "equivalence", CW_STR("wider"));
	fhir_json_out_member(o, "comment", CW_STR("made up for this test"));
	fhir_json_out_key(o, "product");
	fhir_json_out_array(o);
	property(o, "role", row->role);
	property(o, "grade", row->grade);
	property(o, "side", row->side);
	property(o, "site", row->site);
	property(o, "needs-site", row->needs);
	property(o, "present", row->present);
	fhir_json_out_array_end(o);
	fhir_json_out_object_end(o);
}

static void
map(struct fhir_json_out *o, const char *id, const char *source, const struct row *row, size_t n)
{
	head(o, "ConceptMap", id);
	fhir_json_out_key(o, "group");
	fhir_json_out_array(o);
	fhir_json_out_object(o);
	fhir_json_out_member(o, "source", cw_str(source));
	fhir_json_out_member(o, "target", CW_STR("urn:cordwatch:CodeSystem:finding"));
	fhir_json_out_key(o, "element");
	fhir_json_out_array(o);
	for (size_t i = 0; i < n;) {
		const char *code = row[i].code;

		fhir_json_out_object(o);
		fhir_json_out_member(o, "code", cw_str(code));
		fhir_json_out_key(o, "target");
		fhir_json_out_array(o);
		for (; i < n && strcmp(row[i].code, code) == 0; i++)
			target(o, &row[i]);
		fhir_json_out_array_end(o);
		fhir_json_out_object_end(o);
	}
	fhir_json_out_array_end(o);
	fhir_json_out_object_end(o);
	fhir_json_out_array_end(o);
	fhir_json_out_object_end(o);
}

/* A value set of one code and some words. */
static void
answers(struct fhir_json_out *o, const char *id, const char *code, const char *const *words)
{
	head(o, "ValueSet", id);
	fhir_json_out_key(o, "compose");
	fhir_json_out_object(o);
	fhir_json_out_key(o, "include");
	fhir_json_out_array(o);
	for (int i = 0; i < 2; i++) {
		fhir_json_out_object(o);
		fhir_json_out_member(o, "system",
		    i == 0 ? CW_STR("urn:test") : CW_STR("urn:cordwatch:CodeSystem:answer-text"));
		fhir_json_out_key(o, "concept");
		fhir_json_out_array(o);
		for (const char *const *w = i == 0 ? (const char *const[]){ code, NULL } : words;
		     *w != NULL; w++) {
			fhir_json_out_object(o);
			fhir_json_out_member(o, "code", cw_str(*w));
			fhir_json_out_object_end(o);
		}
		fhir_json_out_array_end(o);
		fhir_json_out_object_end(o);
	}
	fhir_json_out_array_end(o);
	fhir_json_out_object_end(o);
	fhir_json_out_object_end(o);
}

/* ---- through the loader ---- */

static void
need(int rc, const struct cw_err *err)
{
	if (rc == 0)
		return;
	fprintf(stderr, "the test package: %s: %s\n", err->path, err->text);
	exit(EXIT_FAILURE);
}

static void
add(struct map_package *p, const char *file, struct cw_buf *b)
{
	struct cw_err err = { 0 };

	need(map_package_add(p, cw_str(file), (struct cw_str){ b->s, b->n }, &err), &err);
	cw_buf_clear(b);
}

const struct map_terminology *
test_terms(void)
{
	static const char *const no[] = { "no", "none", "absent", "negative", "denied", "denies",
		NULL };
	static const char *const yes[] = { "yes", NULL };
	static struct map_terminology *terms;
	static struct map_package *p;
	struct cw_err err = { 0 };
	struct fhir_json_out o;
	struct cw_buf b;

	if (terms != NULL)
		return terms;
	cw_buf_init(&b, 0);
	p = map_package_new();
	need(map_package_open(
		 p, CW_STR("test"), CW_STR("{\"name\":\"test\",\"version\":\"1.0.0\"}"), &err),
	    &err);
	fhir_json_out_init(&o, &b, false);
	code_system(&o);
	add(p, "CodeSystem-finding.json", &b);
	fhir_json_out_init(&o, &b, false);
	map(&o, "test", "urn:test", rows, ROWS);
	add(p, "ConceptMap-test.json", &b);
	fhir_json_out_init(&o, &b, false);
	map(&o, "profile", "urn:ietf:rfc:3986", &profile, 1);
	add(p, "ConceptMap-profile.json", &b);
	fhir_json_out_init(&o, &b, false);
	answers(&o, "answer-no", "no", no);
	add(p, "ValueSet-answer-no.json", &b);
	fhir_json_out_init(&o, &b, false);
	answers(&o, "answer-yes", "yes", yes);
	add(p, "ValueSet-answer-yes.json", &b);
	need(map_terminology_new(&terms, p, &err), &err);
	cw_buf_fini(&b);
	return terms;
}
