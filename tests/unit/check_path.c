/* Unit tests of fhir/path: grammar, errors and their places, three-valued logic and its doubt,
 * trees of nodes. */
#include "tests/unit/path_run.h"
#include "tests/unit/run.h"

static const char patient[] =
    "{\"resourceType\":\"Patient\",\"id\":\"p\",\"active\":true,\"birthDate\":\"1974-12-25\","
    "\"name\":[{\"use\":\"official\",\"family\":\"Chalmers\",\"given\":[\"Peter\",\"James\"]},"
    "{\"use\":\"usual\",\"given\":[\"Jim\"]}],\"multipleBirthInteger\":2,"
    "\"contained\":[{\"resourceType\":\"Observation\",\"id\":\"o\",\"status\":\"final\","
    "\"valueQuantity\":{\"value\":1.50,\"unit\":\"mg\","
    "\"system\":\"http://unitsofmeasure.org\",\"code\":\"mg\"}}]}";

/* --- grammar --- */

static const struct expect grammar[] = {
	{ "1", "1" },
	{ "{}", "" },
	{ "'a\\'b\\\\\\u0041'", "a'b\\A" },
	{ "'\\ud83d\\ude00'", "\xf0\x9f\x98\x80" },
	{ "true", "true" },
	{ "5L", "5" },
	{ "1.50", "1.50" },
	{ "@2015-02-04", "2015-02-04" },
	{ "@2015-02-04T14:34:28Z", "2015-02-04T14:34:28Z" },
	{ "@T14:34", "14:34" },
	{ "28 days", "28 days" },
	{ "2.5 'mg/dL'", "2.5 'mg/dL'" },
	{ "1 + 2 * 3", "7" },
	{ "(1 + 2) * 3", "9" },
	{ "7 div 2 + 7 mod 2", "4" },
	{ "-1 + 2", "1" },
	{ "10 - 3 - 2", "5" },
	{ "'a' & 'b' + 'c'", "abc" },
	{ "1 | 2 | 1", "1, 2" },
	{ "(1 | 1 is Integer).count()", "2" },
	{ "1 < 2 = true", "true" },
	{ "true or true and false", "true" },
	{ "false implies false and false", "true" },
	{ "1 in (1 | 2) and true", "true" },
	{ "(1 | 2) contains 3", "false" },
	{ "(3 | 4)[1]", "4" },
	{ "(3 | 4)[2]", "" },
	{ "1 /* one */ + // two\n 1", "2" },
	{ "%ucum", "http://unitsofmeasure.org" },
	{ "%`vs-x`", "http://hl7.org/fhir/ValueSet/x" },
	{ "%'ext-y'", "http://hl7.org/fhir/StructureDefinition/y" },
	{ "1 = 1.0", "true" },
	{ "1 ~ 1.0", "true" },
	{ "'A' ~ 'a'", "true" },
	{ "'A' = 'a'", "false" },
	{ "1 != 2", "true" },
	{ "1 !~ 2", "true" },
	{ "1 = '1'", "false" },
	{ "1 is Integer", "true" },
	{ "1 is System.String", "false" },
	{ "1 as Integer", "1" },
	{ "1 as String", "" },
	{ "(1 | 'a' | 2).ofType(Integer)", "1, 2" },
	{ "(1 | 2 | 3).where($this > 1)", "2, 3" },
	{ "(5 | 6).select($index)", "0, 1" },
	{ "(1 | 2).all($this > 0)", "true" },
	{ "(1 | 2).exists($this > 1)", "true" },
	{ "{}.empty()", "true" },
	{ "iif(1 > 2, 'a', 'b')", "b" },
	{ "iif({}, 'a')", "" },
	{ "now() = @2025-06-16T09:00:00Z", "true" },
	{ "now() - 28 days < now()", "true" },
	{ "today()", "2025-06-16" },
	{ "timeOfDay()", "09:00:00.000" },
	{ "@2024-02-29 + 1 year", "2025-02-28" },
	{ "@2026-03-01T00:00:00.000Z + 42 days = @2026-04-12T00:00:00.000Z", "true" },
	{ "defineVariable('x', 3).select(%x + 1)", "" },
	{ "(1).defineVariable('x', 3).select(%x + $this)", "4" },
};

static const struct expect errors[] = {
	{ "", "!1" },
	{ "1 +", "!4" },
	{ "1 + )", "!5" },
	{ "(1", "!3" },
	{ "'open", "!1" },
	{ "1 /* open", "!3" },
	{ "a..b", "!3" },
	{ "$that", "!1" },
	{ "'\\q'", "!2" },
	{ "1 # 2", "!3" },
	{ "@T14:34Z", "!8" },
	{ "1 2", "!3" },
	{ "nothing()", "!1" },
	{ "(1).nothing()", "!5" },
	{ "{}.where()", "!4" },
	{ "iif(true)", "!1" },
	{ "1 is Nothing", "!3" },
	{ "%nobody", "!1" },
	{ "(1|2) + 1", "!3" },
	{ "1 > 'a'", "!3" },
	{ "(1 | 2).defineVariable('x').defineVariable('x')", "!29" },
	{ "defineVariable('context')", "!1" },
	{ "defineVariable('x').empty() or %x.empty()", "!32" },
	{ "'a' - 'b'", "!5" },
	{ "(1 | 2).iif(true, 1)", "!9" },
	{ "@2019-13-01", "!1" },
	{ "1 'no-such-unit-at-all' > 1 'mg'", "?" },
};

START_TEST(grammar_and_precedence)
{
	struct run run;

	begin(&run, NULL, NULL);
	expect_all(&run, grammar, COUNT(grammar), NULL, NULL);
	end(&run);
}
END_TEST

START_TEST(errors_carry_their_place)
{
	struct run run;

	struct fhir_path_options opt = { .model = fhir_model_r4(),
		.context = { .kind = FHIR_ITEM_ANY } };

	begin(&run, NULL, NULL);
	expect_all(&run, errors, COUNT(errors), &opt, NULL);
	end(&run);
}
END_TEST

START_TEST(deep_and_long_expressions_are_refused)
{
	size_t n = 70000;
	char *text = cw_malloc(n + 1);
	struct cw_err err = { 0 };
	struct fhir_path *path;

	memset(text, '(', n);
	ck_assert_int_eq(
	    fhir_path_compile(&path, (struct cw_str){ text, n }, NULL, &err), CW_ELIMIT);
	ck_assert_int_eq(
	    fhir_path_compile(&path, (struct cw_str){ text, 2000 }, NULL, &err), CW_ELIMIT);
	for (size_t i = 0; i < n; i++)
		text[i] = i % 2 ? '+' : '1';
	ck_assert_int_eq(
	    fhir_path_compile(&path, (struct cw_str){ text, 60001 }, NULL, &err), CW_ELIMIT);
	memset(text, '-', n);
	ck_assert_int_eq(
	    fhir_path_compile(&path, (struct cw_str){ text, 60000 }, NULL, &err), CW_ELIMIT);
	free(text);
}
END_TEST

START_TEST(deep_expressions_are_evaluated)
{
	struct cw_buf b;
	struct run run;

	begin(&run, NULL, NULL);
	cw_buf_init(&b, 0);
	for (int i = 0; i < 240; i++)
		cw_buf_puts(&b, "1 + ");
	cw_buf_puts(&b, "1");
	ck_assert_str_eq(show(&run, b.s, NULL, NULL), "241");
	cw_buf_clear(&b);
	for (int i = 0; i < 45; i++)
		cw_buf_puts(&b, "(1 | 1).select(");
	cw_buf_puts(&b, "$this");
	for (int i = 0; i < 45; i++)
		cw_buf_puts(&b, ")");
	ck_assert_str_eq(show(&run, b.s, NULL, NULL), "1");
	cw_buf_fini(&b);
	end(&run);
}
END_TEST

START_TEST(endless_evaluation_is_stopped)
{
	struct cw_buf b;
	struct run run;

	begin(&run, NULL, NULL);
	cw_buf_init(&b, 0);
	for (int i = 0; i < 40; i++)
		cw_buf_puts(&b, "(1 | 2 | 3).select(");
	cw_buf_puts(&b, "$this");
	for (int i = 0; i < 40; i++)
		cw_buf_puts(&b, ")");
	ck_assert_int_eq(show(&run, b.s, NULL, NULL)[0], '!');
	ck_assert_int_eq(run.err.code, CW_ELIMIT);
	cw_buf_fini(&b);
	end(&run);
}
END_TEST

/* --- three values and doubt --- */

/* f false, t true, n empty, u in doubt (a comparison of units that do not compare). */
static const char *const operand[] = { "false", "true", "{}", "(1 'mg' > 1 'm')" };
static const char *const tables[][5] = {
	{ "and", "ffff", "ftnu", "fnnu", "fuuu" },
	{ "or", "ftnu", "tttt", "ntnu", "utuu" },
	{ "xor", "ftnu", "tfnu", "nnnn", "uunu" },
	{ "implies", "tttt", "ftnu", "ntnu", "utuu" },
};

START_TEST(truth_tables)
{
	struct run run;
	char expr[100];

	begin(&run, NULL, NULL);
	for (size_t t = 0; t < COUNT(tables); t++) {
		for (size_t i = 0; i < 16; i++) {
			char want = tables[t][1 + i / 4][i % 4];
			const char *got;

			snprintf(expr, sizeof(expr), "%s %s %s", operand[i / 4], tables[t][0],
			    operand[i % 4]);
			got = show(&run, expr, NULL, NULL);
			ck_assert_msg(want == 'f'   ? !strcmp(got, "false")
				      : want == 't' ? !strcmp(got, "true")
				      : want == 'n' ? !strcmp(got, "")
						    : got[0] && got[strlen(got) - 1] == '?',
			    "%s gave '%s', not %c", expr, got, want);
		}
	}
	end(&run);
}
END_TEST

static const struct expect doubts[] = {
	{ "11.2 'mg/dL' > 2.65 'mmol/L'", "?" },
	{ "1 'mg' = 1 'm'", "?" },
	{ "@2026-04-12 <= @2026-04-12T09:00:00Z", "?" },
	{ "@2026-04-11 <= @2026-04-12T09:00:00Z", "true" },
	{ "(1 'mg' > 1 'm').not()", "?" },
	{ "(1 | 2).where(1 'mg' > 1 'm').exists()", "false?" },
	{ "(1 | 2).where(1 'mg' > 1 'm').empty()", "true?" },
	{ "(1 | 2).where(1 'mg' > 1 'm').count()", "0?" },
	{ "(1 | 2).exists(1 'mg' > 1 'm')", "false?" },
	{ "(1 | 2).exists($this = 2 or 1 'mg' > 1 'm')", "true" },
	{ "(1 | 2).where($this = 2 or 1 'mg' > 1 'm').exists()", "true" },
	{ "(1 | 2).where($this = 2 or 1 'mg' > 1 'm').empty()", "false" },
	{ "(1 | 2).where($this = 2 or 1 'mg' > 1 'm').first()", "2?" },
	{ "(1 | 2).where($this = 2 and 1 'mg' > 1 'm').exists()", "false?" },
	{ "(1 | 2).where($this = 3 and 1 'mg' > 1 'm').exists()", "false" },
	{ "(1 | 2).all(1 'mg' > 1 'm')", "false?" },
	{ "(1 | 2).all($this > 1 and 1 'mg' > 1 'm')", "false" },
	{ "(1 | 2).all($this > 0 or 1 'mg' > 1 'm')", "true" },
	{ "(1 | 2).where(1 'mg' > 1 'm').select($this + 1).exists()", "false?" },
	{ "(1 | 2).where(1 'mg' > 1 'm') | 3", "3?" },
	{ "((1 | 2).where(1 'mg' > 1 'm') | 3).exists()", "true" },
	{ "iif(1 'mg' > 1 'm', 1, 2)", "2?" },
	{ "(1 | 2).where(1 'mg' > 1 'm').count() > 0", "false?" },
	{ "3 in (1 | 2).where(1 'mg' > 1 'm')", "false?" },
	{ "1 'mg' in (1 'm' | 1 'mg')", "true" },
	{ "1 'mg' in (1 'm' | 2 'mg')", "false?" },
	{ "{} > 1", "" },
	{ "{} = (1 'mg' > 1 'm')", "" },
	{ "1 'mg' ~ 1 'm'", "false" },
	{ "@2026-04-12 - 3000 years", "?" },
	{ "@2026-04-12 >= @2026-04-12 - 3000 years", "?" },
	{ "@2026-04-12T09:00:00Z - 3650000 days < now()", "?" },
	{ "(1 | 2).where(1 / 0 = $this).exists()", "false?" },
	{ "2147483647 + 1", "?" },
	{ "1 'mg' + 1 'm'", "?" },
	{ "{} + 1", "" },
};

START_TEST(doubt_is_carried)
{
	struct run run;

	begin(&run, NULL, NULL);
	expect_all(&run, doubts, COUNT(doubts), NULL, NULL);
	end(&run);
}
END_TEST

START_TEST(truth_of_criteria)
{
	static const struct {
		const char *expr;
		enum fhir_truth want;
	} cases[] = {
		{ "true", FHIR_TRUE },
		{ "false", FHIR_FALSE },
		{ "{}", FHIR_UNKNOWN },
		{ "'a'", FHIR_TRUE },
		{ "(1 | 2).where(1 'mg' > 1 'm').exists()", FHIR_UNKNOWN },
		{ "true or 1 'mg' > 1 'm'", FHIR_TRUE },
		{ "1 'mg' > 1 'm' and false", FHIR_FALSE },
	};
	struct run run;

	begin(&run, NULL, NULL);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct fhir_path *path;
		enum fhir_truth truth;
		struct fhir_coll c;

		ck_assert_int_eq(
		    fhir_path_compile(&path, cw_str(cases[i].expr), NULL, &run.err), 0);
		ck_assert_int_eq(
		    fhir_path_eval_truth(path, run.session, NULL, 0, &truth, &run.err), 0);
		ck_assert_msg(truth == cases[i].want, "%s gave %d", cases[i].expr, (int)truth);
		ck_assert_int_eq(fhir_path_eval(path, run.session, NULL, 0, &c, &run.err), 0);
		ck_assert_int_eq(fhir_coll_truth(&c, &truth, &run.err), 0);
		ck_assert_msg(truth == cases[i].want, "%s gave %d", cases[i].expr, (int)truth);
		fhir_path_free(path);
	}
	end(&run);
}
END_TEST

START_TEST(empty_comparisons_are_reported)
{
	struct run run;

	begin(&run, NULL, NULL);
	show(&run, "1 = 1 and 1 'mg' > 1 'm'", NULL, NULL);
	ck_assert_uint_eq(run.reports, 1);
	ck_assert_uint_eq(run.reported_at, 18);
	ck_assert_str_eq(run.reported_op, ">");
	show(&run, "{} > 1 'm'", NULL, NULL);
	ck_assert_uint_eq(run.reports, 1);
	show(&run, "@2015 = @2015-01", NULL, NULL);
	ck_assert_uint_eq(run.reports, 2);
	ck_assert_str_eq(run.reported_op, "=");
	end(&run);
}
END_TEST

/* --- nodes --- */

static const struct expect on_patient[] = {
	{ "Patient.name.given", "Peter, James, Jim" },
	{ "name.given.first()", "Peter" },
	{ "name.where(use = 'usual').given", "Jim" },
	{ "name[0].family", "Chalmers" },
	{ "`Patient`.name.count()", "2" },
	{ "active", "true" },
	{ "active = true", "true" },
	{ "active is boolean", "true" },
	{ "active is Boolean", "false" },
	{ "birthDate < today()", "true" },
	{ "birthDate = @1974-12-25", "true" },
	{ "multipleBirth", "2" },
	{ "multipleBirth + 1", "3" },
	{ "multipleBirth is integer", "true" },
	{ "multipleBirth.ofType(boolean)", "" },
	{ "contained.id", "o" },
	{ "contained is Observation", "true" },
	{ "contained is DomainResource", "true" },
	{ "contained.value.value", "1.50" },
	{ "contained.value > 1 'mg'", "true" },
	{ "contained.value > 1 'm'", "?" },
	{ "contained.value.ofType(Quantity).unit", "mg" },
	{ "%context.id", "p" },
	{ "%resource.id = id", "true" },
	{ "name.given.where($this = 'Jim').exists()", "true" },
	{ "name.select(given.count() + $index)", "2, 2" },
};

static const struct expect refused_on_patient[] = {
	{ "name.given1", "!6" },
	{ "Encounter.name", "!1" },
	{ "multipleBirthInteger", "!1" },
	{ "name.given > 1", "!12" },
	{ "birthDate + 7", "!11" },
	{ "iif('a', 1, 2)", "!5" },
};

static void
with_patient(struct run *run, struct fhir_item *item)
{
	const struct fhir_node *root;
	static struct fhir_item context;
	struct cw_arena *a = cw_arena_new(0);

	ck_assert_int_eq(fhir_json_read(&root, CW_STR(patient), a, NULL, NULL), 0);
	context = *item = fhir_item_resource(fhir_model_r4(), root);
	begin(run, NULL, &context);
	run->tree = a;
}

START_TEST(nodes_are_walked)
{
	struct fhir_path_options opt = { .model = fhir_model_r4(),
		.strict = true,
		.context = fhir_path_type_named(fhir_model_r4(), CW_STR("Patient")) };
	struct fhir_path_options loose = { .model = fhir_model_r4(),
		.context = { .kind = FHIR_ITEM_ANY } };
	struct run run;
	struct fhir_item item;

	with_patient(&run, &item);
	expect_all(&run, on_patient, COUNT(on_patient), &opt, &item);
	expect_all(&run, on_patient, COUNT(on_patient), &loose, &item);
	expect_all(&run, refused_on_patient, COUNT(refused_on_patient), &opt, &item);
	ck_assert_str_eq(show(&run, "name.given1", &loose, &item), "");
	ck_assert_str_eq(show(&run, "Encounter.name", &loose, &item), "");
	opt.lenient_choice = true;
	ck_assert_str_eq(show(&run, "multipleBirthInteger", &opt, &item), "2");
	end(&run);
}
END_TEST

START_TEST(untyped_trees_are_walked_by_name)
{
	struct run run;
	const struct fhir_node *root;
	struct fhir_item item;

	begin(&run, NULL, NULL);
	ck_assert_int_eq(fhir_json_read(&root,
			     CW_STR("{\"a\":[{\"b\":1},{\"b\":2.5}],\"c\":true,\"value\":\"x\"}"),
			     run.arena, NULL, NULL),
	    0);
	item = fhir_item_node(root, 0);
	ck_assert_str_eq(show(&run, "a.b", NULL, &item), "1, 2.5");
	ck_assert_str_eq(show(&run, "a.where(b > 2).count()", NULL, &item), "1");
	ck_assert_str_eq(show(&run, "c and value = 'x'", NULL, &item), "true");
	ck_assert_str_eq(show(&run, "nothing.here", NULL, &item), "");
	end(&run);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("path");

	tcase_add_test(t, grammar_and_precedence);
	tcase_add_test(t, errors_carry_their_place);
	tcase_add_test(t, deep_and_long_expressions_are_refused);
	tcase_add_test(t, deep_expressions_are_evaluated);
	tcase_add_test(t, endless_evaluation_is_stopped);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, truth_tables);
	tcase_add_test(t, doubt_is_carried);
	tcase_add_test(t, truth_of_criteria);
	tcase_add_test(t, empty_comparisons_are_reported);
	tcase_add_test(t, nodes_are_walked);
	tcase_add_test(t, untyped_trees_are_walked_by_name);
	return test_run("path", t);
}
