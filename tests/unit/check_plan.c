#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mappings/plan_internal.h"
#include "tests/unit/plan_case.h"
#include "tests/unit/run.h"

#define SEPSIS "tests/data/plan/valid/sepsis"
#define PLAN "PlanDefinition-sepsis.json"

enum { MOST = 200, NAME = 400 };

/* Names of the case files of a folder, sorted by the file system's whim: order does not matter. */
static size_t
list(char names[MOST][NAME], const char *folder)
{
	const char *top = getenv("top_srcdir");
	char path[1000];
	struct dirent *e;
	size_t n = 0;
	DIR *d;

	snprintf(path, sizeof(path), "%s/%s", top == NULL ? "." : top, folder);
	d = opendir(path);
	ck_assert_ptr_nonnull(d);
	while ((e = readdir(d)) != NULL && n < MOST) {
		if (strstr(e->d_name, ".case") != NULL)
			snprintf(names[n++], NAME, "%s/%s", folder, e->d_name);
	}
	closedir(d);
	return n;
}

static bool
has_remark(const struct map_plan *plan, const char *part)
{
	struct cw_str text;

	for (size_t i = 0; map_plan_remark(plan, i, &text); i++) {
		char line[2000];

		snprintf(line, sizeof(line), "%.*s", CW_ARG(text));
		if (strstr(line, part) != NULL)
			return true;
	}
	return false;
}

/* Is it as the case file says? Else say so. */
static bool
judge(const struct plan_case *c, const char *name)
{
	bool good = strcmp(case_code(c->rc), c->code) == 0 &&
		    strstr(c->err.text, c->says) != NULL && strstr(c->err.path, c->at) != NULL;

	if (c->code[0] != '\0')
		good = good && c->plan == NULL && (c->at[0] == '\0' || c->err.line > 0);
	for (size_t i = 0; good && i < c->remarks; i++)
		good = has_remark(c->plan, c->remark[i]);
	if (!good || getenv("VERBOSE") != NULL)
		fprintf(stderr, "%s: %s, line %zu, \"%s\": \"%s\"\n", name, case_code(c->rc),
		    c->err.line, c->err.path, c->err.text);
	return good;
}

/* Every fault is refused with its code, its words, and where: file, line and element. */
START_TEST(invalid_plans_are_refused)
{
	static char names[MOST][NAME];
	size_t n = list(names, "tests/data/plan/invalid"), bad = 0;

	ck_assert_uint_ge(n, 40);
	for (size_t i = 0; i < n; i++) {
		struct plan_case c;

		case_begin(&c, SEPSIS);
		case_alter(&c, names[i]);
		ck_assert_msg(
		    c.code[0] != '\0' && c.says[0] != '\0', "%s expects nothing", names[i]);
		case_load(&c);
		bad += !judge(&c, names[i]);
		case_end(&c);
	}
	ck_assert_uint_eq(bad, 0);
}
END_TEST

START_TEST(valid_plans_load)
{
	static char names[MOST][NAME];
	size_t n = list(names, "tests/data/plan/valid"), bad = 0;

	ck_assert_uint_ge(n, 5);
	for (size_t i = 0; i < n; i++) {
		struct plan_case c;

		case_begin(&c, SEPSIS);
		case_alter(&c, names[i]);
		case_load(&c);
		bad += !judge(&c, names[i]);
		case_end(&c);
	}
	ck_assert_uint_eq(bad, 0);
}
END_TEST

START_TEST(what_a_plan_holds)
{
	struct cw_str name, value, text;
	struct plan_case c;

	case_begin(&c, SEPSIS);
	case_load(&c);
	ck_assert_msg(c.rc == 0, "%s: %s", c.err.path, c.err.text);
	ck_assert(cw_str_is(map_plan_canonical(c.plan), "urn:example:PlanDefinition:sepsis|1.0.0"));
	ck_assert_uint_eq(map_plan_rules(c.plan), 3);
	ck_assert_uint_eq(map_plan_controls(c.plan), 3);
	ck_assert(map_plan_parameter(c.plan, 1, &name, &value));
	ck_assert(cw_str_is(name, "severe_lactate"));
	ck_assert(cw_str_is(value, "4 'mmol/L'"));
	ck_assert(map_plan_parameter(c.plan, 4, &name, &value));
	ck_assert(!map_plan_parameter(c.plan, 5, &name, &value));
	ck_assert(!map_plan_remark(c.plan, 0, &text));
	case_end(&c);
}
END_TEST

/* --- parameters --- */

static const struct {
	const char *name, *value;
	int rc;
	const char *text; /* what the parameter then is; of a refused one: unchanged */
} settings[] = {
	{ "window", "48h", 0, "48 hours" },
	{ "window", "2d", 0, "2 days" },
	{ "window", "30min", 0, "30 minutes" },
	{ "window", "1w", 0, "1 weeks" },
	{ "window", "1.5d", 0, "1.5 days" },
	{ "window", "2", CW_EVALUE, "24 hours" },
	{ "window", "soon", CW_EVALUE, "24 hours" },
	{ "window", "2x", CW_EVALUE, "24 hours" },
	{ "window", "-2d", CW_EVALUE, "24 hours" },
	{ "window", "", CW_EVALUE, "24 hours" },
	{ "least", "3", 0, "3" },
	{ "least", "2.5", 0, "2.5" },
	{ "least", "3d", CW_EVALUE, "2" },
	{ "least", "three", CW_EVALUE, "2" },
	{ "least", "99999999999999999999", CW_EVALUE, "2" },
	{ "least", "1 or true", CW_EVALUE, "2" },
	{ "severe_lactate", "3 mmol/L", 0, "3 'mmol/L'" },
	{ "severe_lactate", "3000 umol/L", 0, "3000 'umol/L'" },
	{ "severe_lactate", "36 mg/dL", CW_EVALUE, "4 'mmol/L'" },
	{ "severe_lactate", "4 meq/L", CW_EVALUE, "4 'mmol/L'" },
	{ "severe_lactate", "4", CW_EVALUE, "4 'mmol/L'" },
	{ "window", "1 year", CW_EVALUE, "24 hours" },
	{ "window", "1 h", 0, "1 'h'" },
	{ "severe_lactate", "3 'mmol/L'", CW_EVALUE, "4 'mmol/L'" },
	{ "severe_lactate", "3 furlongs/L", CW_EVALUE, "4 'mmol/L'" },
	{ "severe_lactate", "x", CW_EVALUE, "4 'mmol/L'" },
	{ "signs", "3", CW_ENOTFOUND, NULL },
	{ "now", "3", CW_ENOTFOUND, NULL },
	{ "", "3", CW_ENOTFOUND, NULL },
};

START_TEST(parameters_are_set)
{
	struct plan_case c;
	struct cw_str name, value = { 0 };
	int rc;

	case_begin(&c, SEPSIS);
	case_load(&c);
	ck_assert_int_eq(c.rc, 0);
	rc = map_plan_set(c.plan, cw_str(settings[_i].name), cw_str(settings[_i].value), &c.err);
	ck_assert_msg(rc == settings[_i].rc, "%s=%s gives %d: %s", settings[_i].name,
	    settings[_i].value, rc, c.err.text);
	for (size_t i = 0; settings[_i].text != NULL; i++) {
		ck_assert(map_plan_parameter(c.plan, i, &name, &value));
		if (cw_str_is(name, settings[_i].name))
			break;
	}
	if (settings[_i].text != NULL)
		ck_assert_msg(cw_str_is(value, settings[_i].text), "%s=%s gives %.*s",
		    settings[_i].name, settings[_i].value, CW_ARG(value));
	case_end(&c);
}
END_TEST

/* A parameter whose words are listed takes no other. */
START_TEST(listed_words)
{
	struct plan_case c;

	case_begin(&c, SEPSIS);
	case_alter(&c, "tests/data/plan/valid/listed-words.case");
	case_load(&c);
	ck_assert_msg(c.rc == 0, "%s: %s", c.err.path, c.err.text);
	ck_assert_int_eq(map_plan_set(c.plan, CW_STR("mode"), CW_STR("strict"), NULL), 0);
	ck_assert_int_eq(map_plan_set(c.plan, CW_STR("mode"), CW_STR("lax"), NULL), 0);
	ck_assert_int_eq(map_plan_set(c.plan, CW_STR("mode"), CW_STR("other"), NULL), CW_EVALUE);
	ck_assert_int_eq(map_plan_set(c.plan, CW_STR("mode"), CW_STR("a'b"), NULL), CW_EVALUE);
	ck_assert_int_eq(map_plan_set(c.plan, CW_STR("mode"), CW_STR("a\\"), NULL), CW_EVALUE);
	case_end(&c);
}
END_TEST

/* --- labels and names --- */

static const struct {
	const char *a, *b;
	int order;
} pairs[] = {
	{ "U2", "U10", -1 },
	{ "U10", "U2", 1 },
	{ "U2", "U2", 0 },
	{ "E9", "U1", -1 },
	{ "U", "U1", -1 },
	{ "U1", "U1a", -1 },
	{ "U1a", "U1b", -1 },
	{ "U1a", "U2", -1 },
	{ "2", "10", -1 },
	{ "a2b10", "a2b9", 1 },
	{ "a2b10", "a10b2", -1 },
	{ "", "a", -1 },
	{ "", "", 0 },
	{ "99999999999999999999999998", "99999999999999999999999999", -1 },
};

START_TEST(labels_sort_as_a_reader_expects)
{
	int c = map_label_cmp(cw_str(pairs[_i].a), cw_str(pairs[_i].b));
	int d = map_label_cmp(cw_str(pairs[_i].b), cw_str(pairs[_i].a));

	ck_assert_int_eq((c > 0) - (c < 0), pairs[_i].order);
	ck_assert_int_eq((d > 0) - (d < 0), -pairs[_i].order);
}
END_TEST

static const struct {
	const char *expression, *names; /* joined by blanks */
} uses[] = {
	{ "%a.where(b > %c)", "a c" },
	{ "%`a b` | %'c'", "a b c" },
	{ "'%no' + %yes", "yes" },
	{ "'it\\'s %no' + %yes", "yes" },
	{ "/* %no */ %yes // %no\n| %too", "yes too" },
	{ "1 % 2", "" },
	{ "%", "" },
	{ "", "" },
	{ "'open %no", "" },
	{ "%a_1.b", "a_1" },
	{ "%`open", "open" },
};

START_TEST(names_of_an_expression)
{
	struct cw_str name;
	char got[100] = "";
	size_t at = 0;

	while (map_plan_next_name(cw_str(uses[_i].expression), &at, &name)) {
		size_t n = strlen(got);

		snprintf(got + n, sizeof(got) - n, "%s%.*s", n == 0 ? "" : " ", CW_ARG(name));
	}
	ck_assert_str_eq(got, uses[_i].names);
}
END_TEST

/* --- a large plan --- */

/* A thousand rules, and labels and expressions of great length, load and sort. */
START_TEST(many_rules)
{
	enum { RULES = 1000 };
	static char label[5000];
	struct plan_case c;
	struct cw_buf b;

	memset(label, 'L', sizeof(label) - 1);
	cw_buf_init(&b, 0);
	for (int i = RULES; i > 0; i--)
		cw_buf_printf(&b,
		    "{\"id\":\"X%d\",\"prefix\":\"%s%d\",\"title\":\"t\",\"description\":\"d\","
		    "\"documentation\":[{\"type\":\"citation\",\"citation\":\"c\"}],"
		    "\"code\":[{\"coding\":[{\"system\":\"urn:cordwatch:CodeSystem:tier\","
		    "\"code\":\"watch\"}]}],\"dynamicValue\":[{\"path\":\"reasonReference\","
		    "\"expression\":{\"language\":\"text/"
		    "fhirpath\",\"expression\":\"%%signs\"}}]},",
		    i, i == 1 ? label : "X", i);
	cw_buf_puts(&b, "{\n              \"id\": \"R1\",");
	case_begin(&c, SEPSIS);
	case_edit(&c, PLAN, "{\n              \"id\": \"R1\",", b.s);
	cw_buf_fini(&b);
	case_load(&c);
	ck_assert_msg(c.rc == 0, "%s: %s", c.err.path, c.err.text);
	ck_assert_uint_eq(map_plan_rules(c.plan), RULES + 3);
	for (size_t i = 1; i < RULES + 3; i++)
		ck_assert_int_lt(map_label_cmp(c.plan->rule[c.plan->rule_order[i - 1]].label,
				     c.plan->rule[c.plan->rule_order[i]].label),
		    0);
	case_end(&c);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("plan");

	tcase_set_timeout(t, 120);
	tcase_add_test(t, invalid_plans_are_refused);
	tcase_add_test(t, valid_plans_load);
	tcase_add_test(t, what_a_plan_holds);
	tcase_add_loop_test(t, parameters_are_set, 0, sizeof(settings) / sizeof(settings[0]));
	tcase_add_test(t, listed_words);
	tcase_add_loop_test(
	    t, labels_sort_as_a_reader_expects, 0, sizeof(pairs) / sizeof(pairs[0]));
	tcase_add_loop_test(t, names_of_an_expression, 0, sizeof(uses) / sizeof(uses[0]));
	tcase_add_test(t, many_rules);
	return test_run("plan", t);
}
