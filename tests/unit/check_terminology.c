/* What codes mean, by the packages of tests/data/package. */
#include "mappings/terminology.h"
#include "tests/unit/package_files.h"
#include "tests/unit/run.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCT "http://snomed.info/sct"
#define LOINC "http://loinc.org"
#define ICD "http://hl7.org/fhir/sid/icd-10-cm"
#define SITE "http://hospital.example/codes"
#define WARD "http://hospital.example/ward"
#define FINDING "urn:cordwatch:CodeSystem:finding"

static struct map_package *packages[2];
static struct map_terminology *terms[2]; /* base alone; with the overlay */

static void
load(void)
{
	struct cw_err err = { 0 };

	for (int i = 0; i < 2; i++) {
		packages[i] = map_package_new();
		test_package_add(packages[i], "base");
		if (i == 1)
			test_package_add(packages[i], "overlay");
		ck_assert_msg(map_terminology_new(&terms[i], packages[i], &err) == 0, "%s: %s",
		    err.path, err.text);
	}
}

static void
unload(void)
{
	for (int i = 0; i < 2; i++) {
		map_terminology_free(terms[i]);
		map_package_free(packages[i]);
	}
}

/* "concept rule role grade site ..." of each target. */
static void
describe(struct cw_buf *b, const struct map_target *t)
{
	static const char *const role[] = { "", " question", " context", " weak", " qualifier",
		" site", " side" };

	cw_buf_printf(b, "%s%.*s by %.*s%s", b->n == 0 ? "" : "; ", CW_ARG(t->concept->code),
	    CW_ARG(t->rule), role[t->role]);
	if (t->grade > 0)
		cw_buf_printf(b, " grade %u", t->grade);
	if (t->site.n > 0)
		cw_buf_printf(b, " in %.*s", CW_ARG(t->site));
	if (t->present.n > 0)
		cw_buf_printf(b, " if %.*s", CW_ARG(t->present));
	if (t->unsure)
		cw_buf_puts(b, " unsure");
}

#define SPINE_BASE "cancer-current by 94602001 context; spinal-metastasis by 94602001 in spine"

static const struct {
	const char *system, *code, *base, *overlay;
} codes[] = {
	{ SCT, "161891005", "back-pain by 161891005 in spine", NULL },
	{ SCT, "279039007", "back-pain by 279039007 grade 2 in spine unsure", NULL },
	{ "urn:oid:2.16.840.1.113883.6.96", "161891005", "back-pain by 161891005 in spine", NULL },
	{ SCT, "94602001", SPINE_BASE,
	    "cancer-current by 94602001 context; spinal-metastasis by 94602001 in thoracic" },
	{ SCT, "94602002", "", NULL },
	{ SCT, "161891005 ", "", NULL },
	{ SCT, "", "", NULL },
	{ "", "161891005", "", NULL },
	{ "http://snomed.info/sct/", "161891005", "", NULL },
	{ "2.16.840.1.113883.6.96", "161891005", "", NULL },
	{ "sct", "161891005", "", NULL },
	{ LOINC, "72514-3", "pain-score by 72514-3 question if >0", NULL },
	{ LOINC, "161891005", "", NULL },
	{ SCT, "72514-3", "", NULL },
	/* ICD: dots and case do not count; the longest prefix has the word, a code before all */
	{ ICD, "C71.9", "cancer-current by C7*", NULL },
	{ ICD, "C7", "cancer-current by C7*", NULL },
	{ ICD, "C", "", NULL },
	{ ICD, "C8", "", NULL },
	{ ICD, "B99", "", NULL },
	{ ICD, "C78", "cancer-current by C7*", NULL },
	{ ICD, "C79", "cancer-current by C79*", NULL },
	{ ICD, "C79.9", "cancer-current by C79*", NULL },
	{ ICD, "C79A", "cancer-current by C79*", NULL },
	{ ICD, "C7A.00", "cancer-current by C7*", NULL },
	{ ICD, "C79.51", "cancer-current by C79*; bone-metastasis by C79.51",
	    "bone-metastasis by C79.51" },
	{ ICD, "c7951", "cancer-current by C79*; bone-metastasis by C79.51",
	    "bone-metastasis by C79.51" },
	{ ICD, "C79.52", "cancer-current by C79*",
	    "cancer-current by C79*; bone-metastasis by C79.52 grade 1" },
	{ ICD, "C79.40", "cancer-current by C79*", "" },
	{ ICD, "C79.5.1", "cancer-current by C79*; bone-metastasis by C79.51",
	    "bone-metastasis by C79.51" },
	{ "urn:oid:2.16.840.1.113883.6.90", "C78", "cancer-current by C7*", NULL },
	{ "http://hl7.org/fhir/sid/icd-10", "C78", "", NULL },
	{ ICD, "M54.50", "back-pain by M54.5* in spine", NULL },
	{ ICD, "M545", "back-pain by M54.5* in spine", NULL },
	{ ICD, "M54.4", "", NULL },
	{ ICD, "M54.6", "back-pain by M54.6 in spine", NULL },
	{ ICD, "M54.9", "back-pain by M54.9 in spine", NULL },
	{ ICD, "M54.99", "", NULL },
	{ ICD, "M54.89", "back-pain by M54.89 weak", NULL },
	{ ICD, ".", "", NULL },
	{ ICD, "C79.5111111111111111111111111111111111111111111111111111111111111111111111", "",
	    NULL },
	/* of the site: over one, two maps, and alone */
	{ SITE, "BP", "", "back-pain by BP -> 161891005 in spine" },
	{ SITE, "bp", "", "" },
	{ "urn:oid:2.999.1", "BP", "", "back-pain by BP -> 161891005 in spine" },
	{ "http://old.hospital.example/codes", "BP", "", "back-pain by BP -> 161891005 in spine" },
	{ SITE, "CA", "", "cancer-current by CA -> 363346000 unsure" },
	{ SITE, "GONE", "", "" },
	{ SITE, "X", "", "" },
	{ SITE, "WEAK", "", "limb-weakness by WEAK" },
	{ SITE, "BONE", "", "bone-metastasis by BONE -> C79.51" },
	{ WARD, "7", "", "back-pain by 7 -> BP -> 161891005 in spine" },
};

START_TEST(finds_targets)
{
	for (int i = 0; i < 2; i++) {
		const char *want =
		    i == 1 && codes[_i].overlay != NULL ? codes[_i].overlay : codes[_i].base;
		const struct map_target *t;
		struct cw_buf b;
		size_t n = map_terminology_find(
		    terms[i], cw_str(codes[_i].system), cw_str(codes[_i].code), &t);

		cw_buf_init(&b, 0);
		cw_buf_puts(&b, "");
		for (size_t k = 0; k < n; k++)
			describe(&b, &t[k]);
		ck_assert_msg(strcmp(b.n == 0 ? "" : b.s, want) == 0, "%s|%s: '%s', not '%s'",
		    codes[_i].system, codes[_i].code, b.n == 0 ? "" : b.s, want);
		cw_buf_fini(&b);
	}
}
END_TEST

START_TEST(tells_where_a_row_comes_from)
{
	const struct map_target *t;

	ck_assert_uint_eq(map_terminology_find(terms[1], CW_STR(ICD), CW_STR("C79.52"), &t), 2);
	ck_assert(cw_str_is(t[0].verified, "rubric C79"));
	ck_assert(cw_str_is(t[0].display, "Secondary neoplasms"));
	ck_assert(cw_str_is(t[0].map, "urn:test:ConceptMap:icd-10-cm|1"));
	ck_assert(cw_str_is(t[0].file, "base/ConceptMap-icd-10-cm.json"));
	ck_assert(cw_str_is(t[1].verified, "UNVERIFIED but ours"));
	ck_assert_uint_eq(map_terminology_find(terms[1], CW_STR(WARD), CW_STR("7"), &t), 1);
	ck_assert(cw_str_is(t[0].display, "Ward back pain"));
	ck_assert(cw_str_is(t[0].verified, "a list of its own"));
	ck_assert(
	    cw_str_is(t[0].file, "overlay/ConceptMap-site.json, overlay/ConceptMap-site.json, "
				 "base/ConceptMap-sct.json"));
}
END_TEST

START_TEST(has_concepts)
{
	const struct map_concept *c = map_terminology_concept(terms[0], CW_STR("limb-weakness"));
	const struct map_target *t;

	ck_assert_uint_eq(map_terminology_concepts(terms[0]), 6);
	ck_assert_ptr_nonnull(c);
	ck_assert(map_concept_is(c, "limb-weakness") && cw_str_is(c->group, "motor"));
	ck_assert(cw_str_is(c->title, "Weakness of a limb"));
	ck_assert_uint_eq(c->index, 5);
	c = map_terminology_concept(terms[0], CW_STR("pain-score"));
	ck_assert(cw_str_is(c->group, "pain-score"));
	ck_assert_uint_eq(map_terminology_find(terms[0], CW_STR(LOINC), CW_STR("72514-3"), &t), 1);
	ck_assert_ptr_eq(t->concept, c);
	ck_assert_ptr_null(map_terminology_concept(terms[0], CW_STR("fly")));
	ck_assert_ptr_null(map_terminology_concept(terms[0], (struct cw_str){ 0 }));
}
END_TEST

static const struct {
	const char *system, *code;
	enum map_truth want;
} answers[] = {
	{ SCT, "373067005", MAP_FALSE },
	{ "urn:oid:2.16.840.1.113883.6.96", "2667000", MAP_FALSE },
	{ LOINC, "LA32-8", MAP_FALSE },
	{ "http://terminology.hl7.org/CodeSystem/v2-0136", "N", MAP_FALSE },
	{ "urn:oid:2.16.840.1.113883.12.136", "Y", MAP_TRUE },
	{ "http://terminology.hl7.org/CodeSystem/v2-0136", "n", MAP_UNKNOWN },
	{ SCT, "373066001", MAP_TRUE },
	{ SCT, "161891005", MAP_UNKNOWN },
	{ SCT, "N", MAP_UNKNOWN },
	{ "urn:fly", "N", MAP_UNKNOWN },
	{ NULL, "no", MAP_FALSE },
	{ NULL, " Denies\t", MAP_FALSE },
	{ NULL, "YES", MAP_TRUE },
	{ NULL, "no pain", MAP_UNKNOWN },
	{ NULL, "", MAP_UNKNOWN },
	{ NULL, "  ", MAP_UNKNOWN },
	{ NULL, "no                                                                 ", MAP_FALSE },
	{ NULL, "a very long answer that goes on and on and on, and never comes to an end at all",
	    MAP_UNKNOWN },
};

START_TEST(knows_answers)
{
	enum map_truth got = answers[_i].system == NULL
				 ? map_terminology_answer_text(terms[0], cw_str(answers[_i].code))
				 : map_terminology_answer(terms[0], cw_str(answers[_i].system),
				       cw_str(answers[_i].code));

	ck_assert_msg(got == answers[_i].want, "%s: %d", answers[_i].code, (int)got);
}
END_TEST

static const struct {
	const char *set, *system, *code;
	int want;
} members[] = {
	{ "cancer", FINDING, "bone-metastasis", 1 },
	{ "cancer|1", FINDING, "bone-metastasis", 1 },
	{ "cancer|2", FINDING, "bone-metastasis", -1 },
	{ "cancer", FINDING, "back-pain", 0 },
	{ "cancer", SCT, "bone-metastasis", 0 },
	{ "cancer", "urn:fly", "bone-metastasis", 0 },
	{ "cancer", FINDING, "", 0 },
	{ "fly", FINDING, "bone-metastasis", -1 },
	{ "metastasis", FINDING, "bone-metastasis", 1 },
	{ "metastasis", FINDING, "cancer-current", 0 },
	{ "both", FINDING, "spinal-metastasis", 1 },
	{ "both", FINDING, "bone-metastasis", 0 },
	{ "both", FINDING, "back-pain", 0 },
	{ "m54", ICD, "M54.51", 1 },
	{ "m54", ICD, "m549", 1 },
	{ "m54", ICD, "M54.99", 0 },
	{ "m54", "urn:oid:2.16.840.1.113883.6.90", "M54.5", 1 },
	{ "expanded", SCT, "94602001", 1 },
	{ "expanded", SCT, "363346000", 1 },
	{ "expanded", SCT, "161891005", 0 },
};

START_TEST(knows_members)
{
	char url[100];
	int got;

	snprintf(url, sizeof(url), "urn:test:ValueSet:%s", members[_i].set);
	got = map_terminology_member(
	    terms[0], cw_str(url), cw_str(members[_i].system), cw_str(members[_i].code));
	ck_assert_msg(got == members[_i].want, "%s %s: %d", url, members[_i].code, got);
}
END_TEST

START_TEST(lists_concepts_of_value_sets)
{
	const struct map_concept *const *c;

	ck_assert_int_eq(
	    map_terminology_value_set(terms[0], CW_STR("urn:test:ValueSet:metastasis"), &c), 2);
	ck_assert(map_concept_is(c[0], "bone-metastasis"));
	ck_assert(map_concept_is(c[1], "spinal-metastasis"));
	ck_assert_int_eq(
	    map_terminology_value_set(terms[0], CW_STR("urn:test:ValueSet:m54"), &c), 0);
	ck_assert_int_eq(
	    map_terminology_value_set(terms[0], CW_STR("urn:test:ValueSet:fly"), &c), -1);
}
END_TEST

START_TEST(names_systems)
{
	const struct map_terminology *t = terms[0];

	ck_assert(cw_str_is(map_terminology_system(t, CW_STR("sct")), SCT));
	ck_assert(cw_str_is(map_terminology_system(t, CW_STR("icd-10-cm")), ICD));
	ck_assert(
	    cw_str_is(map_terminology_system(t, CW_STR("urn:oid:2.16.840.1.113883.6.1")), LOINC));
	ck_assert(cw_str_is(map_terminology_system(t, CW_STR("urn:oid:2.999.1")), SITE));
	ck_assert(cw_str_is(map_terminology_system(t, CW_STR("urn:fly")), "urn:fly"));
	ck_assert(map_terminology_knows(t, CW_STR(ICD)));
	ck_assert(!map_terminology_knows(t, CW_STR(SITE)));
	ck_assert(map_terminology_knows(terms[1], CW_STR(SITE)));
	ck_assert(!map_terminology_knows(t, CW_STR("urn:fly")));
}
END_TEST

/* Each is a resource more in the base package. */
static const struct {
	const char *file;
	int code;
	const char *path, *text;
} invalid[] = {
#define ELEMENT "ConceptMap.group[0].element[0]"
	{ "concept", CW_EVALUE, ELEMENT ".target[0].code", "no concept fly in" },
	{ "snomed-digit", CW_EVALUE, ELEMENT ".code", "241570006: the SNOMED CT check digit" },
	{ "snomed-form", CW_EVALUE, ELEMENT ".code", "not a SNOMED CT identifier" },
	{ "snomed-description", CW_EVALUE, ELEMENT ".code", "not of a concept" },
	{ "loinc-digit", CW_EVALUE, ELEMENT ".code", "72514-4: the LOINC check digit" },
	{ "loinc-form", CW_EVALUE, ELEMENT ".code", "not a LOINC code" },
	{ "set-digit", CW_EVALUE, "ValueSet.compose.include[0].concept[0].code", "161891006" },
	{ "comment", CW_EVALUE, ELEMENT ".target[0]", "no comment" },
	{ "unverified", CW_EVALUE, ELEMENT ".target[0].comment", "an unverified code" },
	{ "equivalence", CW_EVALUE, ELEMENT ".target[0]", "without equivalence" },
	{ "equivalence-word", CW_EVALUE, ELEMENT ".target[0]", "unknown equivalence" },
	{ "role", CW_EVALUE, ELEMENT ".target[0].product[0]", "property" },
	{ "grade", CW_EVALUE, ELEMENT ".target[0].product[0]", "property" },
	{ "side", CW_EVALUE, ELEMENT ".target[0].product[0]", "property" },
	{ "property", CW_EVALUE, ELEMENT ".target[0].product[0]", "property" },
	{ "depends-on", CW_EUNSUPPORTED, ELEMENT ".target[0].dependsOn[0]", "depend" },
	{ "unmapped", CW_EUNSUPPORTED, "ConceptMap.group[0].unmapped", "unmapped" },
	{ "source", CW_EVALUE, "ConceptMap.group[0]", "source and target" },
	{ "no-code", CW_EVALUE, ELEMENT, "a code is empty" },
	{ "no-set", CW_ENOTFOUND, ELEMENT, "no value set urn:test:ValueSet:fly" },
	{ "set-source", CW_EUNSUPPORTED, ELEMENT, "of the group's source" },
	{ "is-a", CW_EUNSUPPORTED, "ValueSet.compose.include[0].filter[0]", "concept is-a" },
	{ "regex", CW_EUNSUPPORTED, "ValueSet.compose.include[0].filter[0].value", "prefix" },
	{ "regex-any", CW_EUNSUPPORTED, "ValueSet.compose.include[0].filter[0].value", "prefix" },
	{ "regex-optional", CW_EUNSUPPORTED, "ValueSet.compose.include[0].filter[0].value",
	    "prefix" },
	{ "filters", CW_EUNSUPPORTED, "ValueSet.compose.include[0].filter[0]", "several" },
	{ "filter-value", CW_EVALUE, "ValueSet.compose.include[0].filter[0]", "without a value" },
	{ "set-system", CW_EVALUE, "ValueSet.compose.include[0]", "without a system" },
	{ "set-missing", CW_ENOTFOUND, "ValueSet.compose.include[0].valueSet[0]", "no value set" },
	{ "set-itself", CW_EVALUE, "ValueSet.compose.include[0].valueSet[0]", "includes itself" },
	{ "circle", CW_EVALUE, ELEMENT ".target[0]", "back to it" },
	{ "long-chain", CW_ELIMIT, "ConceptMap.group[0].element[", "more than 3 maps" },
	{ "naming-system", CW_EVALUE, "NamingSystem.uniqueId[1]", "one system of" },
};

START_TEST(refuses_at_load)
{
	struct map_package *p = map_package_new();
	struct map_terminology *t;
	struct cw_err err = { 0 };
	char file[100], path[200];
	char *text;
	int rc;

	test_package_add(p, "base");
	snprintf(file, sizeof(file), "invalid/%s.json", invalid[_i].file);
	text = test_package_text(file);
	ck_assert_int_eq(map_package_add(p, CW_STR("x.json"), cw_str(text), &err), 0);
	free(text);
	rc = map_terminology_new(&t, p, &err);
	ck_assert_ptr_null(t);
	ck_assert_msg(rc == invalid[_i].code, "%s: %d %s: %s", file, rc, err.path, err.text);
	snprintf(path, sizeof(path), "base/x.json: %s", invalid[_i].path);
	ck_assert_msg(strncmp(err.path, path, strlen(path)) == 0, "%s: %s", file, err.path);
	ck_assert_msg(strstr(err.text, invalid[_i].text) != NULL, "%s: %s", file, err.text);
	ck_assert_uint_gt(err.line, 1);
	map_package_free(p);
}
END_TEST

/* Whatever a code of an element says is found, and nothing else is made of it. */
static size_t
check_element(
    const struct map_terminology *t, struct cw_str system, const struct fhir_node *element)
{
	struct cw_str code = fhir_node_text(element, "code");
	const struct map_target *found;
	size_t n, seen = 0;

	if (code.n == 0)
		return 0;
	n = map_terminology_find(t, system, code, &found);
	for (const struct fhir_node *target = fhir_node_get(element, "target"); target != NULL;
	     target = fhir_node_again(target)) {
		struct cw_str concept = fhir_node_text(target, "code");
		size_t i = 0;

		while (i < n && !cw_str_eq(found[i].concept->code, concept))
			i++;
		ck_assert_msg(i < n && cw_str_eq(found[i].rule, code), "%.*s|%.*s", CW_ARG(system),
		    CW_ARG(code));
		ck_assert(cw_str_eq(found[i].verified, fhir_node_text(target, "comment")));
		seen++;
	}
	return seen;
}

START_TEST(loads_the_shipped_package)
{
	struct map_package *p = map_package_new();
	struct map_terminology *t;
	struct cw_err err = { 0 };
	size_t seen = 0;

	test_package_add(p, "../../../mappings/package");
	ck_assert_msg(map_terminology_new(&t, p, &err) == 0, "%s: %s", err.path, err.text);
	for (size_t i = 0; i < map_package_count(p); i++) {
		const struct map_artefact *a = map_package_at(p, i);
		const struct fhir_node *group = fhir_node_get(a->node, "group");

		if (!cw_str_is(a->type, "ConceptMap"))
			continue;
		for (; group != NULL; group = fhir_node_again(group)) {
			for (const struct fhir_node *e = fhir_node_get(group, "element"); e != NULL;
			     e = fhir_node_again(e))
				seen += check_element(t, fhir_node_text(group, "source"), e);
		}
	}
	ck_assert_uint_gt(seen, 500);
	map_terminology_free(t);
	map_package_free(p);
}
END_TEST

START_TEST(needs_the_finding_system)
{
	struct map_package *p = map_package_new();
	struct map_terminology *t;
	struct cw_err err = { 0 };

	ck_assert_int_eq(map_terminology_new(&t, p, &err), CW_ENOTFOUND);
	ck_assert_ptr_null(t);
	map_terminology_free(NULL);
	map_package_free(p);
}
END_TEST

#define EACH(c, test, table)                                                                       \
	tcase_add_loop_test(c, test, 0, (int)(sizeof(table) / sizeof(table[0])))

int
main(void)
{
	TCase *c = tcase_create("all");

	tcase_add_unchecked_fixture(c, load, unload);
	EACH(c, finds_targets, codes);
	tcase_add_test(c, tells_where_a_row_comes_from);
	tcase_add_test(c, has_concepts);
	EACH(c, knows_answers, answers);
	EACH(c, knows_members, members);
	tcase_add_test(c, lists_concepts_of_value_sets);
	tcase_add_test(c, names_systems);
	EACH(c, refuses_at_load, invalid);
	tcase_add_test(c, loads_the_shipped_package);
	tcase_add_test(c, needs_the_finding_system);
	return test_run("terminology", c);
}
