/* mappings/rows: what is to be remembered of a text, and that it comes back whole. The readers are
 * stood in for as in check_record.c: a resource maps if it says 'mapped'. */
#include "mappings/rows.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct cw_str
quoted(struct cw_arena *arena, const char *text)
{
	struct cw_str s = cw_str_dup(arena, cw_str(text));

	for (char *p = (char *)(uintptr_t)s.s; *p != '\0'; p++)
		*p = *p == '\'' ? '"' : *p;
	return s;
}

static void
show_name(struct cw_buf *out, const char *what, const struct map_name *name)
{
	if (name->key.s == NULL)
		return;
	cw_buf_printf(out, " %s=%.*s%s%.*s", what, CW_ARG(name->base), name->base.n > 0 ? ":" : "",
	    CW_ARG(name->key));
}

static void
show_row(struct cw_buf *out, const struct map_row *row)
{
	static const char *const kind[] = { "kept", "empty", "deleted" };

	cw_buf_printf(out, "%s", kind[row->kind]);
	show_name(out, "name", &row->name);
	if (row->version.numbered)
		cw_buf_printf(out, " v%llu", (unsigned long long)row->version.number);
	show_name(out, "of", &row->patient);
	for (size_t i = 0; i < row->links; i++)
		show_name(out, "is", &row->link[i]);
	for (size_t i = 0; i < row->needs; i++)
		show_name(out, "needs", &row->need[i]);
	if (row->full_url.n > 0)
		cw_buf_printf(out, " url=%.*s", CW_ARG(row->full_url));
	cw_buf_puts(out, "\n");
}

#define BUNDLE(entries) "{'resourceType':'Bundle','type':'collection','entry':[" entries "]}"
#define ENTRY(url, resource) "{'fullUrl':'" url "','resource':" resource "}"
#define OBS(id, more) "{'resourceType':'Observation','id':'" id "','say':'mapped'" more "}"
#define OF(who) ",'subject':{'reference':'" who "'}"

static const struct {
	const char *text, *rows;
} cases[] = {
	{ OBS("o1", OF("Patient/p1") ",'meta':{'versionId':'3'}"),
	    "kept name=Observation/o1 v3 of=Patient/p1\n" },
	{ "{'resourceType':'Observation','id':'o1','meta':{'versionId':'2'}" OF("Patient/p1") "}",
	    "empty name=Observation/o1 v2\n" },
	{ OBS("o1", OF("http://a.example/fhir/Patient/p1")),
	    "kept name=Observation/o1 of=a.example/fhir:Patient/p1\n" },
	{ BUNDLE(ENTRY("https://a.example/fhir/Observation/o1", OBS("o1", OF("Patient/p1")))),
	    "kept name=a.example/fhir:Observation/o1 of=a.example/fhir:Patient/p1\n" },
	{ BUNDLE(ENTRY("urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a",
	      "{'resourceType':'Patient','id':'p7'}") "," ENTRY("urn:uuid:x",
	      OBS("o1", OF("urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a")))),
	    "kept name=Patient/p7 of=Patient/p7 url=urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a\n"
	    "kept name=Observation/o1 of=Patient/p7 url=urn:uuid:x\n" },
	{ OBS("o1", ",'subject':{'identifier':{'system':'urn:mrn','value':'77'}}"),
	    "kept name=Observation/o1 of=*:|urn:mrn|77\n" },
	{ "{'resourceType':'Patient','id':'p1','identifier':[{'system':'urn:mrn','value':'77'}],"
	  "'link':[{'type':'replaced-by','other':{'reference':'Patient/p2'}},"
	  "{'type':'seealso','other':{'reference':'Patient/p3'}}]}",
	    "kept name=Patient/p1 of=Patient/p1 is=Patient/p2 is=*:|urn:mrn|77\n" },
	{ OBS("m1", OF("Patient/p1") ",'medicationReference':{'reference':'Medication/m9'},"
				     "'questionnaire':'http://q.example/Q|2'"),
	    "kept name=Observation/m1 of=Patient/p1 needs=Medication/m9 "
	    "needs=*:http://q.example/Q\n" },
	/* of several versions the one that counts, whichever stands first */
	{ BUNDLE("{'resource':" OBS(
	      "o1", OF("Patient/p1") ",'meta':{'versionId':'2'}") "},"
								  "{'resource':{'resourceType':'"
								  "Observation','id':'o1',"
								  "'meta':{'versionId':'3'}" OF(
								      "Patient/p1") "}}"),
	    "empty name=Observation/o1 v3\n" },
	{ "{'resourceType':'Bundle','type':'history','entry':[{'request':{'method':'DELETE',"
	  "'url':'Observation/o1'},'response':{'etag':'W/^4^'}}]}",
	    "deleted name=Observation/o1 v4\n" },
};

static struct cw_str
unescaped(struct cw_arena *arena, const char *text)
{
	struct cw_buf b;
	struct cw_str s;

	cw_buf_init(&b, 0);
	for (; *text != '\0'; text++)
		cw_buf_puts(&b, *text == '\''  ? "\""
				: *text == '^' ? "\\\""
					       : (char[]){ *text, '\0' });
	s = cw_str_dup(arena, (struct cw_str){ b.s, b.n });
	cw_buf_fini(&b);
	return s;
}

START_TEST(rows_of_a_text)
{
	struct cw_arena *arena = cw_arena_new(0);
	struct map_rows rows;
	struct cw_buf shown;
	struct cw_err err = { 0 };

	cw_buf_init(&shown, 0);
	ck_assert_int_eq(
	    map_rows_read(&rows, unescaped(arena, cases[_i].text), NULL, arena, &err), 0);
	for (size_t i = 0; i < rows.n; i++)
		show_row(&shown, &rows.row[i]);
	ck_assert_str_eq(shown.s == NULL ? "" : shown.s, cases[_i].rows);
	ck_assert_uint_eq(rows.faults, 0);
	cw_buf_fini(&shown);
	cw_arena_free(arena);
}
END_TEST

START_TEST(same_content)
{
	static const char *const text[] = { OBS("o1", OF("Patient/p1") ",'meta':{'versionId':'3'}"),
		OBS("o1", OF("Patient/p1") ",'text':{'div':'<div/>'}"),
		OBS("o1", OF("Patient/p1") ",'note':[{'text':'x'}]") };
	struct cw_arena *arena = cw_arena_new(0);
	struct map_rows rows[3];

	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(
		    map_rows_read(&rows[i], quoted(arena, text[i]), NULL, arena, NULL), 0);
	ck_assert_mem_eq(rows[0].row[0].digest, rows[1].row[0].digest, 32);
	ck_assert_mem_ne(rows[0].row[0].digest, rows[2].row[0].digest, 32);
	cw_arena_free(arena);
}
END_TEST

START_TEST(faults_beside_rows)
{
	struct cw_arena *arena = cw_arena_new(0);
	struct map_rows rows;

	ck_assert_int_eq(
	    map_rows_read(&rows,
		quoted(arena, BUNDLE("{'resource':" OBS(
				  "o1", OF("Patient/p1")) "},"
							  "{'resource':{'resourceType':'"
							  "Observation','id':'o2','id':'o2'}}")),
		NULL, arena, NULL),
	    0);
	ck_assert_uint_eq(rows.n, 1);
	ck_assert_uint_ge(rows.faults, 1);
	ck_assert(cw_str_starts(rows.fault[0].path, CW_STR("Bundle.entry[1]")));
	cw_arena_free(arena);
}
END_TEST

/* Two patients of one Bundle, known only in there, and one known by his id, each with his own. */
START_TEST(there_and_back)
{
	static const char text[] = BUNDLE(ENTRY(
	    "urn:uuid:p1", "{'resourceType':'Patient','say':'1'}") "," ENTRY("urn:uuid:p2",
	    "{'resourceType':'Patient','say':'2'}") ","
						    "{'resource':" OBS("o1",
							OF("urn:uuid:p1")) "},{'resource':" OBS("o"
												"2",
							OF("urn:uuid:p2")) "},"
									   "{'resource':" OBS(
									       "o3", OF("Patient/"
											"p3")) "}");
	struct cw_arena *arena = cw_arena_new(0);
	struct map_record *r = map_record_new(NULL, NULL, NULL);
	struct map_row_back back[8] = { 0 };
	struct map_rows rows;
	size_t case_of[8];

	ck_assert_int_eq(map_rows_read(&rows, quoted(arena, text), NULL, arena, NULL), 0);
	ck_assert_uint_eq(rows.n, 5);
	for (size_t i = 0; i < rows.n; i++)
		back[i] = (struct map_row_back){ .name = rows.row[i].name,
			.text = rows.row[i].text,
			.full_url = rows.row[i].full_url,
			.bundle = 7,
			.received = 0 };
	map_rows_give(r, back, rows.n, case_of);
	ck_assert_uint_eq(map_record_patients(r), 3);
	ck_assert_uint_eq(case_of[0], case_of[2]);
	ck_assert_uint_eq(case_of[1], case_of[3]);
	ck_assert_uint_ne(case_of[0], case_of[1]);
	ck_assert_uint_ne(case_of[4], case_of[0]);
	ck_assert_uint_ne(case_of[4], case_of[1]);
	map_record_free(r);
	cw_arena_free(arena);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("rows");
	TCase *tc = tcase_create("rows");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tc, rows_of_a_text, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tc, same_content);
	tcase_add_test(tc, faults_beside_rows);
	tcase_add_test(tc, there_and_back);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
