/* Unit tests of fhir/path: native records, named expressions, early exit, static types, remarks. */
#include "tests/unit/path_run.h"
#include "tests/unit/run.h"

/* --- native records --- */

struct moment {
	int64_t start;
};

struct record {
	const char *code;
	int present; /* -1: not known */
	struct moment when;
	const struct fhir_quantity *value;
	int grade;
	const char *tags[3];
};

static unsigned gets;

static bool
get_moment(const void *record, size_t element, size_t i, struct fhir_item *out)
{
	const struct moment *m = record;

	(void)element, (void)i;
	if (!m->start)
		return false;
	*out = fhir_item_instant(m->start);
	return true;
}

static const struct fhir_class_element moment_elements[] = {
	{ "start", FHIR_ITEM_DATETIME, NULL, false },
};
static const struct fhir_class moment_class = { "Moment", moment_elements, 1, get_moment, NULL };

static bool
get_record(const void *record, size_t element, size_t i, struct fhir_item *out)
{
	const struct record *r = record;

	gets++;
	switch (element) {
	case 0:
		*out = fhir_item_string(cw_str(r->code));
		return true;
	case 1:
		*out = fhir_item_boolean(r->present > 0);
		return r->present >= 0;
	case 2:
		*out = fhir_item_record(&moment_class, &r->when);
		return true;
	case 3:
		*out = fhir_item_quantity(r->value);
		return r->value != NULL;
	case 4:
		*out = fhir_item_integer(r->grade);
		return r->grade != 0;
	default:
		if (i >= COUNT(r->tags) || !r->tags[i])
			return false;
		*out = fhir_item_string(cw_str(r->tags[i]));
		return true;
	}
}

static const struct fhir_class_element record_elements[] = {
	{ "code", FHIR_ITEM_STRING, NULL, false },
	{ "present", FHIR_ITEM_BOOLEAN, NULL, false },
	{ "when", FHIR_ITEM_RECORD, &moment_class, false },
	{ "value", FHIR_ITEM_QUANTITY, NULL, false },
	{ "grade", FHIR_ITEM_INTEGER, NULL, false },
	{ "tag", FHIR_ITEM_STRING, NULL, true },
};
static const struct fhir_class record_class = { "Finding", record_elements, COUNT(record_elements),
	get_record, NULL };

/* --- native records, names --- */

static const struct record samples[] = {
	{ .code = "weakness",
	    .present = 1,
	    .when = { 1750064400000 - 10 * 86400000LL },
	    .grade = 2,
	    .tags = { "a", "b" } },
	{ .code = "weakness", .present = 0, .when = { 1750064400000 - 30 * 86400000LL } },
	{ .code = "pain", .present = -1, .when = { 0 } },
};

static const struct expect on_records[] = {
	{ "%f.where(code = 'weakness').count()", "2" },
	{ "%f.where(code = 'weakness' and when.start >= now() - 28 days).exists()", "true" },
	{ "%f.where(when.start < now() - 28 days).code", "weakness" },
	{ "%f.where(present).grade", "2" },
	{ "(%f | %f).count()", "3" },
	{ "%f.combine(%f).combine(%f).combine(%f).combine(%f).combine(%f).distinct().count()",
	    "3" },
	{ "%f.combine(%f).combine(%f).combine(%f).combine(%f).combine(%f).union(%f | 1).count()",
	    "4" },
	{ "%f.combine(%f).combine(%f).combine(%f).combine(%f).combine(%f.when).distinct().count()",
	    "6" },
	{ "%f.exists(present = false)", "true" },
	{ "%f.where(code = 'pain').present", "" },
	{ "%f.tag", "a, b" },
	{ "%f.where(tag contains 'b').exists()", "true" },
	{ "%f.grade > 1", "true" },
	{ "%f.first() is Finding", "true" },
	{ "%f.first()", "Finding" },
	{ "%recent.count()", "1" },
	{ "%recent.exists() and %recent.grade = 2", "true" },
};

static const struct expect refused_on_records[] = {
	{ "%f.codes", "!4" },
	{ "%f.where(kode = 'x')", "!10" },
	{ "%f.where(code > 1)", "!15" },
	{ "%f.where(when > now())", "!15" },
	{ "%later.exists()", "!1" },
	{ "%f.code + 1", "!9" },
	{ "%f.when.finish", "!9" },
};

static struct fhir_path *recent;

static void
with_records(struct run *run, struct fhir_path_options *opt)
{
	struct fhir_path_scope *scope = fhir_path_scope_new();
	struct fhir_path_type many = fhir_path_type_class(&record_class);
	size_t f, slot;
	struct cw_err err = { 0 };

	many.many = true;
	*opt = (struct fhir_path_options){ .scope = scope,
		.strict = true,
		.model = fhir_model_r4(),
		.context = { .kind = FHIR_ITEM_ANY } };
	ck_assert_int_eq(fhir_path_scope_declare(scope, CW_STR("f"), &many, &f, &err), 0);
	ck_assert_int_eq(fhir_path_scope_declare(scope, CW_STR("f"), &many, &f, &err), CW_EVALUE);
	ck_assert_int_eq(fhir_path_compile(
			     &recent, CW_STR("%f.where(when.start >= now() - 28 days)"), opt, &err),
	    CW_OK);
	ck_assert_int_eq(fhir_path_scope_define(scope, CW_STR("recent"), recent, &slot, &err), 0);
	begin(run, scope, NULL);
	for (size_t i = 0; i < COUNT(samples); i++)
		run->records[i] = fhir_item_record(&record_class, &samples[i]);
	fhir_path_set(run->session, (size_t)fhir_path_scope_find(scope, CW_STR("f")), run->records,
	    COUNT(samples), 0);
}

START_TEST(records_are_read_by_class)
{
	struct fhir_path_options opt;
	struct run run;

	with_records(&run, &opt);
	expect_all(&run, on_records, COUNT(on_records), &opt, NULL);
	expect_all(&run, refused_on_records, COUNT(refused_on_records), &opt, NULL);
	end(&run);
	fhir_path_free(recent);
}
END_TEST

START_TEST(named_expressions_are_evaluated_once)
{
	struct fhir_path_options opt;
	struct run run;
	unsigned first;

	with_records(&run, &opt);
	gets = 0;
	show(&run, "%recent.count() = 1 and %recent.exists()", &opt, NULL);
	first = gets;
	ck_assert_uint_gt(first, 0);
	ck_assert_str_eq(show(&run, "%recent.count()", &opt, NULL), "1");
	ck_assert_uint_eq(gets, first);
	end(&run);
	fhir_path_free(recent);
}
END_TEST

START_TEST(searching_stops_early)
{
	struct fhir_path_options opt;
	struct run run;

	with_records(&run, &opt);
	gets = 0;
	ck_assert_str_eq(show(&run, "%f.where(code = 'weakness').exists()", &opt, NULL), "true");
	ck_assert_uint_eq(gets, 1);
	gets = 0;
	ck_assert_str_eq(show(&run, "%f.where(code = 'pain').empty()", &opt, NULL), "false");
	ck_assert_uint_eq(gets, 3);
	gets = 0;
	ck_assert_str_eq(show(&run, "%f.where(code = 'weakness').first().grade", &opt, NULL), "2");
	ck_assert_uint_eq(gets, 2);
	gets = 0; /* this criterion can fail on a later record, so all of them are looked at */
	ck_assert_str_eq(show(&run, "%f.where(tag = 'a' or 1 = 1).exists()", &opt, NULL), "true");
	ck_assert_uint_ge(gets, 3);
	end(&run);
	fhir_path_free(recent);
}
END_TEST

START_TEST(static_types_are_told)
{
	static const struct {
		const char *expr;
		enum fhir_item_kind kind;
		bool many;
	} cases[] = {
		{ "%f", FHIR_ITEM_RECORD, true },
		{ "%f.first()", FHIR_ITEM_RECORD, false },
		{ "%f.first().code", FHIR_ITEM_STRING, false },
		{ "%f.code", FHIR_ITEM_STRING, true },
		{ "%f.exists()", FHIR_ITEM_BOOLEAN, false },
		{ "%f.count() + 1", FHIR_ITEM_INTEGER, false },
		{ "now() - 28 days", FHIR_ITEM_DATETIME, false },
	};
	struct fhir_path_options opt;
	struct run run;

	with_records(&run, &opt);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct fhir_path *path;
		struct fhir_path_type type;

		ck_assert_int_eq(fhir_path_compile(&path, cw_str(cases[i].expr), &opt, NULL), 0);
		type = fhir_path_type(path);
		ck_assert_msg(
		    type.kind == cases[i].kind && type.many == cases[i].many, "%s", cases[i].expr);
		ck_assert(cw_str_is(fhir_path_text(path), cases[i].expr));
		fhir_path_free(path);
	}
	end(&run);
	fhir_path_free(recent);
}
END_TEST

static void
on_lint(void *user, size_t at, const char *text)
{
	size_t *where = user;

	ck_assert_int_ne(text[0], 0);
	*where = at;
}

START_TEST(odd_comparisons_are_remarked)
{
	static const struct {
		const char *expr;
		size_t at;
	} cases[] = {
		{ "1 'mg' > 1 'm'", 8 },
		{ "1 'mg' > 1 'g'", 0 },
		{ "today() > now()", 9 },
		{ "now() > now()", 0 },
		{ "1 = 'a'", 3 },
	};
	size_t where;
	struct fhir_path_options opt = {
		.context = { .kind = FHIR_ITEM_ANY }, .lint = on_lint, .user = &where
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct fhir_path *path;

		where = 0;
		ck_assert_int_eq(fhir_path_compile(&path, cw_str(cases[i].expr), &opt, NULL), 0);
		ck_assert_msg(where == cases[i].at, "%s: %zu", cases[i].expr, where);
		fhir_path_free(path);
	}
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("path_record");

	tcase_add_test(t, records_are_read_by_class);
	tcase_add_test(t, named_expressions_are_evaluated_once);
	tcase_add_test(t, searching_stops_early);
	tcase_add_test(t, static_types_are_told);
	tcase_add_test(t, odd_comparisons_are_remarked);
	return test_run("path_record", t);
}
