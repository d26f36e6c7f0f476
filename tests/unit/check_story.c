/* story: statements, cases, the clock, and the resources that RECEIVE stands for. */
#include "daemon/story.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct cw_arena *mem;

static void
setup(void)
{
	mem = cw_arena_new(0);
}

static void
teardown(void)
{
	cw_arena_free(mem);
}

static struct story_file
parse(const char *text)
{
	struct story_file f;
	struct cw_err err = { 0 };
	int rc = story_parse(&f, CW_STR("dir/a.story"), cw_str(text), mem, &err);

	ck_assert_msg(rc == CW_OK, "%zu:%zu: %s", err.line, err.column, err.text);
	return f;
}

static const struct story_step *
only_step(const char *text)
{
	struct story_file f = parse(text);

	ck_assert_uint_eq(f.n, 1);
	ck_assert_uint_eq(f.item[0].n, 1);
	return &f.item[0].step[0];
}

static void
assert_str(struct cw_str got, const char *want)
{
	ck_assert_msg(cw_str_is(got, want), "expected\n%s\ngot\n%.*s", want, CW_ARG(got));
}

/* ---- resources ---- */

#define CONDITION "{\"resourceType\":\"Condition\",\"id\":\"c1\",\"meta\":{\"versionId\":\"1\"},"
#define CODING(s, c) "{\"coding\":[{\"system\":\"" s "\",\"code\":\"" c "\"}]}"
#define HL7 "http://terminology.hl7.org/CodeSystem/"
#define CONFIRMED "\"verificationStatus\":" CODING(HL7 "condition-ver-status", "confirmed") ","
#define SCT "http://snomed.info/sct"
#define PATIENT "\"subject\":{\"reference\":\"Patient/p\"}"
#define OBSERVATION                                                                                \
	"{\"resourceType\":\"Observation\",\"id\":\"o1\",\"meta\":{\"versionId\":\"1\"},"          \
	"\"status\":\"final\",\"code\":" CODING(SCT, "1") ","
#define UCUM(v, u)                                                                                 \
	"{\"value\":" v ",\"unit\":\"" u                                                           \
	"\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"" u "\"}"

static const struct {
	const char *words, *json;
} resources[] = {
	{ "Condition sct:1 active",
	    CONDITION "\"clinicalStatus\":" CODING(HL7 "condition-clinical",
		"active") "," CONFIRMED "\"code\":" CODING(SCT, "1") "," PATIENT "}" },
	{ "Condition sct:1 unverified onset 2014 abated 2015-01 recorded 2025-06-16T09:00Z",
	    CONDITION "\"code\":" CODING(SCT, "1") "," PATIENT ",\"onsetDateTime\":\"2014\","
						   "\"abatementDateTime\":\"2015-01\","
						   "\"recordedDate\":\"2025-06-16T09:00:00Z\"}" },
	{ "Condition \"words are not codes\" sct:1", NULL },
	{ "Condition c1 cm:Z95.0 site sct:2",
	    CONDITION CONFIRMED "\"code\":" CODING("http://hl7.org/fhir/sid/icd-10-cm",
		"Z95.0") ",\"bodySite\":[" CODING(SCT, "2") "]," PATIENT "}" },
	{ "Observation sct:1 value 2.75 mmol/L high 2.60 2025-06-03",
	    OBSERVATION PATIENT ",\"effectiveDateTime\":\"2025-06-03\",\"valueQuantity\":" UCUM(
		"2.75", "mmol/L") ",\"referenceRange\":[{\"high\":" UCUM("2.60", "mmol/L") "}]}" },
	{ "Observation sct:1 value 8 2025-06-03",
	    OBSERVATION PATIENT ",\"effectiveDateTime\":\"2025-06-03\",\"valueInteger\":8}" },
	{ "Observation sct:1 value true interpretation H",
	    OBSERVATION PATIENT ",\"valueBoolean\":true,\"interpretation\":[" CODING(
		HL7 "v3-ObservationInterpretation", "H") "]}" },
	{ "Observation sct:1 value \"8 of 10\"",
	    OBSERVATION PATIENT ",\"valueString\":\"8 of 10\"}" },
	{ "Observation sct:1 value sct:2",
	    OBSERVATION PATIENT ",\"valueCodeableConcept\":" CODING(SCT, "2") "}" },
	{ "Observation sct:1 component sct:2 value 3 no-data unknown component sct:3 value false",
	    OBSERVATION PATIENT ",\"component\":[{\"code\":" CODING(SCT,
		"2") ",\"valueInteger\":3,\"dataAbsentReason\":" CODING(HL7 "data-absent-reason",
		"unknown") "},{\"code\":" CODING(SCT, "3") ",\"valueBoolean\":false}]}" },
	{ "Procedure sct:1 from 2025-06-12 category sct:2",
	    "{\"resourceType\":\"Procedure\",\"id\":\"p1\",\"meta\":{\"versionId\":\"1\"},"
	    "\"status\":\"completed\",\"category\":" CODING(SCT, "2") ",\"code\":" CODING(
		SCT, "1") "," PATIENT ",\"performedPeriod\":{\"start\":\"2025-06-12\"}}" },
	{ "ServiceRequest loinc:1-8 draft stat due 2025-07-10 identifier urn:a|b",
	    "{\"resourceType\":\"ServiceRequest\",\"id\":\"sr1\",\"meta\":{\"versionId\":\"1\"},"
	    "\"status\":\"draft\",\"code\":" CODING("http://loinc.org",
		"1-8") "," PATIENT
		       ",\"occurrencePeriod\":{\"end\":\"2025-07-10\"},\"intent\":\"order\","
		       "\"priority\":\"stat\",\"identifier\":[{\"system\":\"urn:a\",\"value\":"
		       "\"b\"}]}" },
	{ "FamilyMemberHistory sct:1 2025-06-15",
	    "{\"resourceType\":\"FamilyMemberHistory\",\"id\":\"fmh1\",\"meta\":{\"versionId\":"
	    "\"1\"},\"status\":\"completed\",\"relationship\":" CODING(
		HL7 "v3-RoleCode", "FAMMEMB") ",\"condition\":[{\"code\":" CODING(SCT,
		"1") "}],\"patient\":{\"reference\":\"Patient/p\"},\"date\":\"2025-06-15\"}" },
	{ "MedicationAdministration rxn:2 2025-03-01",
	    "{\"resourceType\":\"MedicationAdministration\",\"id\":\"ma1\",\"meta\":"
	    "{\"versionId\":\"1\"},\"status\":\"completed\",\"medicationCodeableConcept\":" CODING(
		"http://www.nlm.nih.gov/research/umls/rxnorm",
		"2") "," PATIENT ",\"effectiveDateTime\":\"2025-03-01\"}" },
	{ "DiagnosticReport sct:1 conclusion sct:2 patient p2",
	    "{\"resourceType\":\"DiagnosticReport\",\"id\":\"dr1\",\"meta\":{\"versionId\":\"1\"},"
	    "\"status\":\"final\",\"code\":" CODING(SCT,
		"1") ",\"subject\":{\"reference\":\"Patient/p2\"},\"conclusionCode\":[" CODING(SCT,
		"2") "]}" },
	{ "Observation sct:1 side left", OBSERVATION
	    "\"extension\":[{\"url\":\"http://hl7.org/fhir/us/mcode/StructureDefinition/"
	    "mcode-laterality-qualifier\",\"valueCodeableConcept\":{\"coding\":[{"
	    "\"system\":\"" SCT "\",\"code\":\"7771000\",\"display\":\"left\"}]}}]," PATIENT "}" },
};

START_TEST(test_resource)
{
	char text[512];
	struct cw_err err = { 0 };
	struct story_file f;

	snprintf(text, sizeof(text), "STORY a b\nRECEIVE %s\n", resources[_i].words);
	if (resources[_i].json == NULL) {
		ck_assert_int_eq(story_parse(&f, CW_STR("a"), cw_str(text), mem, &err), CW_ESYNTAX);
		return;
	}
	assert_str(only_step(text)->text, resources[_i].json);
}
END_TEST

START_TEST(test_versions)
{
	struct story_file f =
	    parse("STORY a b\nRECEIVE Condition sct:1\nRECEIVE Condition sct:1\n"
		  "RECEIVE Condition c1 sct:2\nWITHDRAW c1\nAGAIN c1\nDELETE c2\n");
	const struct story_step *s = f.item[0].step;

	ck_assert_uint_eq(f.item[0].n, 6);
	ck_assert_ptr_nonnull(strstr(s[1].text.s, "\"id\":\"c2\",\"meta\":{\"versionId\":\"1\"}"));
	ck_assert_ptr_nonnull(strstr(s[2].text.s, "\"id\":\"c1\",\"meta\":{\"versionId\":\"2\"}"));
	ck_assert_ptr_nonnull(strstr(s[3].text.s, "\"versionId\":\"3\""));
	ck_assert_ptr_nonnull(strstr(s[3].text.s, "entered-in-error"));
	ck_assert(cw_str_eq(s[3].text, s[4].text));
	assert_str(s[5].text,
	    "{\"resourceType\":\"Bundle\",\"type\":\"history\",\"entry\":[{\"fullUrl\":"
	    "\"Condition/c2\",\"request\":{\"method\":\"DELETE\",\"url\":\"Condition/c2\"},"
	    "\"response\":{\"status\":\"204\",\"etag\":\"W/\\\"2\\\"\"}}]}");
}
END_TEST

START_TEST(test_patient)
{
	assert_str(only_step("STORY a b\nPATIENT male 1950 deceased 2025-06-16\n")->text,
	    "{\"resourceType\":\"Patient\",\"id\":\"p\",\"meta\":{\"versionId\":\"1\"},\"gender\":"
	    "\"male\","
	    "\"birthDate\":\"1950\",\"deceasedDateTime\":\"2025-06-16\"}");
	assert_str(only_step("STORY a b\nPATIENT inactive deceased id p2\n")->text,
	    "{\"resourceType\":\"Patient\",\"id\":\"p2\",\"meta\":{\"versionId\":\"1\"},\"active\":"
	    "false,"
	    "\"deceasedBoolean\":true}");
}
END_TEST

/* ---- cases ---- */

START_TEST(test_cases)
{
	struct story_file f = parse("STORY S1 first\nAT 2025-01-01\nRECEIVE Condition sct:1\n"
				    "CASE a one\nSET x=1\nRECEIVE Condition sct:2\n"
				    "CASE b after a two\nRECEIVE Condition sct:3\n"
				    "CASE c\nRECEIVE Condition sct:4\n"
				    "STORY S2 second\nRECEIVE Condition sct:5\n");

	ck_assert_uint_eq(f.n, 4);
	assert_str(f.item[0].name, "S1 a");
	assert_str(f.item[0].title, "one");
	ck_assert(f.item[0].alone);
	ck_assert_uint_eq(f.item[0].n, 3);
	assert_str(f.item[1].name, "S1 b");
	assert_str(f.item[1].title, "two");
	ck_assert(f.item[1].alone);
	ck_assert_uint_eq(f.item[1].n, 4);
	ck_assert_ptr_nonnull(strstr(f.item[1].step[3].text.s, "\"id\":\"c3\""));
	assert_str(f.item[2].title, "first");
	ck_assert_uint_eq(f.item[2].n, 2);
	ck_assert(!f.item[2].alone);
	assert_str(f.item[3].name, "S2");
	ck_assert_uint_eq(f.item[3].n, 1);
	ck_assert_uint_eq(f.item[3].line, 11);
}
END_TEST

START_TEST(test_clock)
{
	struct story_file f = parse("STORY a b # remark\r\n\n# remark\nRECEIVE Condition\n  sct:1\n"
				    "AT 2025-06-16T09:00+02:00\nPASS 2d\nPASS 1h\nPASS 5min\n"
				    "RECEIVE x/y.json\nNOTICE so and so\nEXPECT none\n");
	const struct story_step *s = f.item[0].step;

	ck_assert_uint_eq(f.item[0].n, 4);
	ck_assert(s[0].now == MAP_NO_TIME);
	ck_assert_int_eq(s[1].kind, STORY_FILE);
	assert_str(s[1].text, "dir/x/y.json");
	ck_assert(s[1].now == 1750057200000 + 2 * 86400000 + 3600000 + 300000);
	ck_assert_int_eq(s[2].kind, STORY_NOTICE);
	ck_assert_int_eq(s[3].kind, STORY_EXPECT);
	ck_assert_uint_eq(s[3].line, 12);
}
END_TEST

START_TEST(test_expect)
{
	const struct story_expect *e = only_step(
	    "STORY a b\nAT 2025-01-01\nEXPECT emergency E1 E10 S4 order stat code 12"
	    " due 2025-01-02 note \"a b\" unknown U10 W4 lowered U1 evidence order1 refers"
	    " Condition/c1 patient p2 no-line\n")
					   ->expect;

	ck_assert_int_eq(e->tier, MAP_TIER_EMERGENCY);
	ck_assert_uint_eq(e->rules.n, 2);
	assert_str(e->rules.item[1], "E10");
	ck_assert_uint_eq(e->controls.n, 1);
	assert_str(e->controls.item[0], "S4");
	ck_assert(e->order);
	assert_str(e->priority, "stat");
	assert_str(e->code, "12");
	ck_assert(e->due == 1735776000000);
	assert_str(e->notes.item[0], "a b");
	ck_assert_uint_eq(e->unknown.n, 2);
	ck_assert_uint_eq(e->lowered.n, 1);
	assert_str(e->evidence.item[0], "order1");
	assert_str(e->refers.item[0], "Condition/c1");
	assert_str(e->patient, "Patient/p2");
	ck_assert(e->no_line && !e->line);
}
END_TEST

START_TEST(test_expect_defaults)
{
	const struct story_expect *e =
	    only_step("STORY a b\nAT 2025-01-01\nEXPECT urgent - - order urgent\n")->expect;

	ck_assert(e->order && e->rules.n == 0 && e->controls.n == 0 && !e->evidence.stated);
	assert_str(e->priority, "urgent");
	e = only_step("STORY a b\nAT 2025-01-01\nEXPECT watch W3\n")->expect;
	ck_assert(!e->order);
	e = only_step("STORY a b\nAT 2025-01-01\nEXPECT emergency E1 S5 order none\n")->expect;
	ck_assert(!e->order);
	assert_str(e->patient, "Patient/p");
}
END_TEST

/* ---- faults ---- */

static const struct {
	const char *text;
	size_t line, column;
} faults[] = {
	{ "", 1, 1 },
	{ "AT 2025\n", 1, 1 },
	{ "CASE a\n", 1, 1 },
	{ "STORY\n", 1, 1 },
	{ "STORY a b\nCASE b after a\n", 2, 1 },
	{ "STORY a b\nRECIEVE Condition sct:1\n", 2, 1 },
	{ "STORY a b\nRECEIVE Contition sct:1\n", 2, 9 },
	{ "STORY a b\nRECEIVE Condition\n", 2, 18 },
	{ "STORY a b\nRECEIVE Condition actve sct:1\n", 2, 19 },
	{ "STORY a b\nRECEIVE Condition sct:1 2025-06-01\n", 2, 25 },
	{ "STORY a b\nRECEIVE Condition sct:1 recorded\n", 2, 33 },
	{ "STORY a b\nRECEIVE Condition sct:1 recorded 2025-02-30\n", 2, 34 },
	{ "STORY a b\nRECEIVE Condition sct:1 recorded 2025-06-16T09\n", 2, 34 },
	{ "STORY a b\nRECEIVE Condition sct:1 recorded 2025-06-16T09:00\n", 2, 34 },
	{ "STORY a b\nRECEIVE Condition sct:1 onset 2024 onset 2025\n", 2, 36 },
	{ "STORY a b\nRECEIVE Observation sct:1 recorded 2025\n", 2, 27 },
	{ "STORY a b\nRECEIVE Observation sct:1 value\n", 2, 32 },
	{ "STORY a b\nRECEIVE Observation sct:1 value none\n", 2, 33 },
	{ "STORY a b\nRECEIVE Observation sct:1 side both\n", 2, 32 },
	{ "STORY a b\nRECEIVE Observation sct:1 component 3\n", 2, 37 },
	{ "STORY a b\nRECEIVE Observation sct:1 focus c9\n", 2, 33 },
	{ "STORY a b\nRECEIVE Observation c1 sct:1\nRECEIVE Condition c1 sct:1\n", 3, 19 },
	{ "STORY a b\nRECEIVE Observation sct:1 value \"x\n", 2, 33 },
	{ "STORY a b\nWITHDRAW o1\n", 2, 10 },
	{ "STORY a b\nPATIENT tall\n", 2, 9 },
	{ "STORY a b\nAT noon\n", 2, 4 },
	{ "STORY a b\nAT 2025-06-16\nAT 2025-06-15\n", 3, 4 },
	{ "STORY a b\nAT 2025-06-16 x\n", 2, 15 },
	{ "STORY a b\nPASS 1d\n", 2, 6 },
	{ "STORY a b\nAT 2025\nPASS 1w\n", 3, 6 },
	{ "STORY a b\nSET x\n", 2, 5 },
	{ "STORY a b\nEXPECT none\n", 2, 8 },
	{ "STORY a b\nAT 2025\nEXPECT nothing\n", 3, 8 },
	{ "STORY a b\nAT 2025\nEXPECT none order soon\n", 3, 19 },
	{ "STORY a b\nAT 2025\nEXPECT none notes\n", 3, 13 },
	{ "STORY a b\nAT 2025\nEXPECT none evidence c7\n", 3, 22 },
	{ "STORY a b\nAT 2025\nEXPECT none unknown\n", 3, 20 },
};

START_TEST(test_fault)
{
	struct story_file f;
	struct cw_err err = { 0 };
	int rc = story_parse(&f, CW_STR("a"), cw_str(faults[_i].text), mem, &err);

	ck_assert_msg(rc < 0, "accepted: %s", faults[_i].text);
	ck_assert_msg(err.line == faults[_i].line && err.column == faults[_i].column,
	    "%s: expected %zu:%zu, got %zu:%zu: %s", faults[_i].text, faults[_i].line,
	    faults[_i].column, err.line, err.column, err.text);
}
END_TEST

START_TEST(test_order_name)
{
	char name[STORY_NAME];

	assert_str(story_order_name(12, name), "order12");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("story");
	TCase *t = tcase_create("story");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_resource, 0, sizeof(resources) / sizeof(resources[0]));
	tcase_add_loop_test(t, test_fault, 0, sizeof(faults) / sizeof(faults[0]));
	tcase_add_test(t, test_versions);
	tcase_add_test(t, test_patient);
	tcase_add_test(t, test_cases);
	tcase_add_test(t, test_clock);
	tcase_add_test(t, test_expect);
	tcase_add_test(t, test_expect_defaults);
	tcase_add_test(t, test_order_name);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
