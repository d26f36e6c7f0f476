/* Unit tests of fhir/ucum and fhir/quantity: grammar, order across units, comparators, arithmetic.
 * check_ucum.c looks at the factors of the table. */
#include "fhir/quantity.h"
#include "tests/unit/run.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct cw_arena *arena;

static void
setup(void)
{
	arena = cw_arena_new(1 << 16);
}

static void
teardown(void)
{
	cw_arena_free(arena);
}

/* "5", "5 days", "5 'mg'", with a comparator in front perhaps; a quoted unit may be unknown. */
static struct fhir_quantity
quantity(const char *text)
{
	static const char *const signs[] = { "", "<", "<=", ">=", ">" };
	struct fhir_quantity q;
	uint8_t comparator = FHIR_CMP_NONE;
	size_t skip = strspn(text, "<>=");

	for (uint8_t i = 1; i < 5; i++)
		if (strlen(signs[i]) == skip && strncmp(text, signs[i], skip) == 0)
			comparator = i;
	int rc = fhir_quantity_parse(cw_str(text + skip), &q, NULL);
	ck_assert_msg(rc == 0 || q.kind == FHIR_UNIT_TEXT, "%s: refused", text);
	q.comparator = comparator;
	return q;
}

static const struct {
	const char *code;
	int rc;
} codes[] = {
	{ "1", 0 },
	{ "mg/dL", 0 },
	{ "mmol/L", 0 },
	{ "meq/L", 0 },
	{ "U/L", 0 },
	{ "10*9/L", 0 },
	{ "10^3/uL", 0 },
	{ "10*-3", 0 },
	{ "%", 0 },
	{ "[pH]", 0 },
	{ "[lb_av]", 0 },
	{ "[in_i'Hg]", 0 },
	{ "mm[Hg]", 0 },
	{ "Cel", 0 },
	{ "mCel", 0 },
	{ "{score}", 0 },
	{ "{score}/min", 0 },
	{ "/min", 0 },
	{ "/100{WBC}", 0 },
	{ "mL/min/{1.73_m2}", 0 },
	{ "mL/min/(173.10*-2.m2)", 0 },
	{ "kg.m/s2", 0 },
	{ "kg.m.s-2", 0 },
	{ "m+2", 0 },
	{ "((m))", 0 },
	{ "g%", 0 },
	{ "B[10.nV]", 0 },
	{ "dB", 0 },
	{ "dar", 0 },
	{ "Cel{body}", 0 },
	{ "ug{creat}/g", 0 },
	{ "", CW_ESYNTAX },
	{ " mg", CW_ESYNTAX },
	{ "mg ", CW_ESYNTAX },
	{ "MM", CW_ESYNTAX },
	{ "mcg", CW_ESYNTAX },
	{ "month", CW_ESYNTAX },
	{ "k[lb_av]", CW_ESYNTAX },
	{ "mkg", CW_ESYNTAX },
	{ "k", CW_ESYNTAX },
	{ "m/", CW_ESYNTAX },
	{ "m//s", CW_ESYNTAX },
	{ "m.", CW_ESYNTAX },
	{ ".m", CW_ESYNTAX },
	{ "(m", CW_ESYNTAX },
	{ "m)", CW_ESYNTAX },
	{ "()", CW_ESYNTAX },
	{ "m-", CW_ESYNTAX },
	{ "{score", CW_ESYNTAX },
	{ "{a b}", CW_ESYNTAX },
	{ "{a{b}}", CW_ESYNTAX },
	{ "[in_i", CW_ESYNTAX },
	{ "0.5m", CW_ESYNTAX },
	{ "0", CW_ESYNTAX },
	{ "2m", CW_ESYNTAX },
	{ "m\xc2\xb2", CW_ESYNTAX },
	{ "Cel/min", CW_EVALUE },
	{ "Cel2", CW_EVALUE },
	{ "m/[degF]", CW_EVALUE },
	{ "(((((((((m)))))))))", CW_ELIMIT },
	{ "m101", CW_ELIMIT },
	{ "99999999999999999999", CW_ELIMIT },
};

START_TEST(reads_the_grammar)
{
	struct fhir_unit u;
	struct cw_err err = { 0 };
	int rc = fhir_ucum_parse(cw_str(codes[_i].code), &u, &err);

	ck_assert_msg(rc == codes[_i].rc, "%s: %d %s", codes[_i].code, rc, err.text);
	ck_assert_int_eq(rc != 0, err.text[0] != '\0');
}
END_TEST

START_TEST(refuses_what_is_too_long)
{
	char code[300];
	struct fhir_unit u;

	for (size_t i = 0; i < sizeof(code); i++)
		code[i] = i % 2 ? '.' : 'm';
	ck_assert_int_eq(fhir_ucum_parse((struct cw_str){ code, 299 }, &u, NULL), CW_ELIMIT);
	for (size_t i = 0; i + 7 < sizeof(code); i += 6)
		memcpy(code + i, "[mi_i]", 6);
	for (size_t i = 6; i < 250; i += 7)
		code[i] = '.', memcpy(code + i + 1, "[mi_i]", 6);
	ck_assert_int_eq(fhir_ucum_parse((struct cw_str){ code, 6 + 7 * 30 }, &u, NULL), CW_ELIMIT);
}
END_TEST

enum { SAME = FHIR_UNITS_SAME, CONV = FHIR_UNITS_CONVERT, AMOUNT = FHIR_UNITS_AMOUNT };
enum { DIFF = FHIR_UNITS_DIFFERENT, LESS = FHIR_LESS, EQ = FHIR_EQUAL, MORE = FHIR_GREATER };
enum { ANY = FHIR_ANY_ORDER };

static const struct {
	const char *a, *b;
	int relation;
	unsigned order;
	bool equivalent;
} pairs[] = {
	{ "4.0000 'g'", "4000.0 'mg'", CONV, EQ, true },
	{ "4 'g'", "4040 'mg'", CONV, LESS, true },
	{ "4.1 'g'", "4040 'mg'", CONV, MORE, false },
	{ "185 '[lb_av]'", "185 'kg'", CONV, LESS, false },
	{ "1 '[lb_av]'", "453.59237 'g'", CONV, EQ, true },
	{ "1 '[in_i]'", "2.54 'cm'", CONV, EQ, true },
	{ "7 days", "1 week", CONV, EQ, true },
	{ "7 days", "1 'wk'", CONV, EQ, true },
	{ "1 day", "1 'd'", SAME, EQ, true },
	{ "6 days", "1 week", CONV, LESS, true },
	{ "6 days", "1.0 week", CONV, LESS, true },
	{ "1 month", "1 'mo'", DIFF, ANY, true },
	{ "1 year", "1 'a'", DIFF, ANY, true },
	{ "1 year", "12 months", CONV, EQ, true },
	{ "1 year", "365 days", DIFF, ANY, true },
	{ "1 year", "200 days", DIFF, ANY, true },
	{ "2 year", "365 days", DIFF, ANY, false },
	{ "90 'U/L'", "1.5 'ukat/L'", CONV, EQ, true },
	{ "90 'U/L'", "1.0 'ukat/L'", CONV, MORE, false },
	{ "11.2 'mg/dL'", "2.65 'mmol/L'", DIFF, ANY, false },
	{ "2.8 'meq/L'", "2.65 'mmol/L'", AMOUNT, ANY, false },
	{ "2.8 'meq/L'", "2.8 'mmol/L'", AMOUNT, ANY, false },
	{ "280 'mosm/kg'", "280 'mmol/kg'", AMOUNT, ANY, false },
	{ "1 'mol'", "1 '10*23'", AMOUNT, ANY, false },
	{ "1000 'meq/L'", "1 'eq/L'", CONV, EQ, true },
	{ "37 'Cel'", "98.6 '[degF]'", CONV, EQ, true },
	{ "37 'Cel'", "310.15 'K'", CONV, EQ, true },
	{ "310150 'mK'", "98.6 '[degF]'", CONV, EQ, true },
	{ "38.3 'Cel'", "100.9 '[degF]'", CONV, MORE, true },
	{ "-40 'Cel'", "-40 '[degF]'", CONV, EQ, true },
	{ "180 'deg'", "3.1415926 'rad'", CONV, MORE, false },
	{ "180 'deg'", "3.1415927 'rad'", CONV, LESS, true },
	{ "360 'deg'", "1 'circ'", CONV, EQ, true },
	{ "5 '{score}'", "5 '1'", SAME, EQ, true },
	{ "5 '{score}'", "6 '{other}'", SAME, LESS, false },
	{ "5", "5 '1'", SAME, EQ, true },
	{ "50 '%'", "0.5 '1'", CONV, EQ, true },
	{ "7.4 '[pH]'", "7.4 '1'", DIFF, ANY, false },
	{ "7.4 '[pH]'", "7.35 '[pH]'", SAME, MORE, true },
	{ "1 '[IU]/L'", "1 'U/L'", DIFF, ANY, false },
	{ "1 'k[IU]/L'", "1 '[iU]/mL'", SAME, EQ, true },
	{ "1 '10*9/L'", "1 '10^3/uL'", SAME, EQ, true },
	{ "0 'mg'", "0 'kg'", CONV, EQ, true },
	{ "-1 'kg'", "1 'mg'", CONV, LESS, false },
	{ "-1 'kg'", "-1 'mg'", CONV, LESS, false },
	{ "1E2", "1", DIFF, ANY, false },
	{ "1 'furlong'", "1 'furlong'", SAME, EQ, true },
	{ "1 'furlong'", "2 'furlong'", SAME, LESS, false },
	{ "1 'furlong'", "1 'm'", DIFF, ANY, false },
	{ "<5 'mg'", "5 'mg'", SAME, LESS, false },
	{ "<5 'mg'", "6 'mg'", SAME, LESS, false },
	{ "<5 'mg'", "3 'mg'", SAME, ANY, false },
	{ "<=5 'mg'", "5 'mg'", SAME, LESS | EQ, false },
	{ ">5 'mg'", "5 'mg'", SAME, MORE, false },
	{ ">=5 'mg'", "5 'mg'", SAME, MORE | EQ, false },
	{ ">=5 'mg'", "4000 'ug'", CONV, MORE, false },
	{ "<5 'mg'", "<5 'mg'", SAME, ANY, true },
	{ "<5 'mg'", ">5 'mg'", SAME, LESS, false },
	{ "<=5 'mg'", ">=5 'mg'", SAME, LESS | EQ, false },
	{ "<5 'mg'", ">4 'mg'", SAME, ANY, false },
	{ ">5 'mg'", "5 'mmol'", DIFF, ANY, false },
};

START_TEST(stands_to_another)
{
	struct fhir_quantity a, b;

	if (strcmp(pairs[_i].a, "1E2") == 0) { /* no unit at all: kind NONE on one side */
		a = quantity("1");
		a.kind = FHIR_UNIT_NONE;
		a.unit = (struct cw_str){ NULL, 0 };
	} else {
		a = quantity(pairs[_i].a);
	}
	b = quantity(pairs[_i].b);
	const char *x = pairs[_i].a, *y = pairs[_i].b;
	ck_assert_msg((int)fhir_quantity_relate(&a, &b) == pairs[_i].relation, "%s, %s", x, y);
	ck_assert_msg(fhir_quantity_compare(&a, &b) == pairs[_i].order, "%s, %s: %u", x, y,
	    fhir_quantity_compare(&a, &b));
	ck_assert_uint_eq(fhir_quantity_compare(&b, &a), fhir_order_turn(pairs[_i].order));
	ck_assert_msg(fhir_quantity_equivalent(&a, &b) == pairs[_i].equivalent, "%s ~ %s", x, y);
	ck_assert_int_eq(fhir_quantity_equivalent(&b, &a), pairs[_i].equivalent);
}
END_TEST

static const struct {
	const char *q, *code;
	int rc;
	const char *result;
} conversions[] = {
	{ "2.650 'mmol/L'", "mmol/L", 0, "2.650 'mmol/L'" },
	{ "10.6 'mg/dL'", "mg/L", 0, "106 'mg/L'" },
	{ "10600 'ug/dL'", "mg/dL", 0, "10.6 'mg/dL'" },
	{ "1 '[lb_av]'", "kg", 0, "0.45359237 'kg'" },
	{ "1 'kg'", "[lb_av]", 1, "2.204622621848775807229738013 '[lb_av]'" },
	{ "98.6 '[degF]'", "Cel", 0, "37 'Cel'" },
	{ "100 '[degF]'", "Cel", 1, "37.77777777777777777777777778 'Cel'" },
	{ "0 'Cel'", "K", 0, "273.15 'K'" },
	{ "1 week", "h", 0, "168 'h'" },
	{ "120 'mm[Hg]'", "kPa", 0, "15.99864 'kPa'" },
	{ "0.0 'g'", "mg", 0, "0 'mg'" },
	{ "<5 'g'", "mg", 0, "5000 'mg'" },
	{ "2.8 'meq/L'", "mmol/L", CW_EVALUE, NULL },
	{ "1 month", "d", CW_EVALUE, NULL },
	{ "1 'furlong'", "m", CW_EVALUE, NULL },
	{ "180 'deg'", "rad", 1, "3.141592653589793238462643383 'rad'" },
};

START_TEST(converts)
{
	struct fhir_quantity q = quantity(conversions[_i].q), r;
	struct cw_str code = cw_str(conversions[_i].code);
	struct fhir_unit form;

	ck_assert_int_eq(fhir_ucum_parse(code, &form, NULL), 0);
	int rc = fhir_quantity_canonical(&q, code, &form, &r);
	ck_assert_int_eq(rc, conversions[_i].rc);
	if (rc < 0)
		return;
	ck_assert_str_eq(fhir_quantity_format(arena, &r).s, conversions[_i].result);
	ck_assert_int_eq(r.comparator, q.comparator);
	if (rc == 0)
		ck_assert_uint_eq(q.comparator ? EQ : fhir_quantity_compare(&q, &r), EQ);
}
END_TEST

static const struct {
	char op;
	const char *a, *b;
	int rc;
	const char *result;
} sums[] = {
	{ '+', "1 'm'", "2 'cm'", 0, "102 'cm'" },
	{ '+', "2 'cm'", "1 'm'", 0, "102 'cm'" },
	{ '-', "1 'g'", "0.5 'g'", 0, "0.5 'g'" },
	{ '-', "1 week", "1 day", 0, "6 days" },
	{ '+', "1 year", "1 month", 0, "13 months" },
	{ '+', "1 year", "1 day", 1, NULL },
	{ '+', "1 'g'", "1 'm'", 1, NULL },
	{ '+', "<1 'g'", "1 'g'", 1, NULL },
	{ '+', "1 'meq'", "1 'mmol'", 1, NULL },
	{ '*', "2.0 'cm'", "2.0 'm'", 0, "4.00 'cm.m'" },
	{ '*', "2 'g'", "3", 0, "6 'g'" },
	{ '*', "2", "3 days", 0, "6 days" },
	{ '*', "2 year", "3 days", 1, NULL },
	{ '*', "1 'Cel'", "1 'm'", 1, NULL },
	{ '*', "2 'mg/d'", "3 days", 0, "6 'mg/d.d'" },
	{ '/', "4.0 'g'", "2.0 'm'", 0, "2 'g/m'" },
	{ '/', "1.0 'm'", "1.0 'm'", 0, "1 '1'" },
	{ '/', "1 'g'", "4 'm/s'", 0, "0.25 'g/(m/s)'" },
	{ '/', "2 year", "1 year", 0, "2 '1'" },
	{ '/', "1 'g'", "0 'm'", 1, NULL },
	{ '/', "1 'furlong'", "1 'm'", 1, NULL },
};

START_TEST(computes)
{
	struct fhir_quantity a = quantity(sums[_i].a), b = quantity(sums[_i].b), r;
	struct fhir_unit again;
	int rc = 0;

	switch (sums[_i].op) {
	case '+':
		rc = fhir_quantity_add(&a, &b, &r);
		break;
	case '-':
		rc = fhir_quantity_sub(&a, &b, &r);
		break;
	case '*':
		rc = fhir_quantity_mul(arena, &a, &b, &r);
		break;
	default:
		rc = fhir_quantity_div(arena, &a, &b, &r);
	}
	ck_assert_msg(rc == sums[_i].rc, "%s %c %s: %d", sums[_i].a, sums[_i].op, sums[_i].b, rc);
	if (rc != 0)
		return;
	ck_assert_str_eq(fhir_quantity_format(arena, &r).s, sums[_i].result);
	if (r.kind == FHIR_UNIT_UCUM) { /* its text means its form */
		ck_assert_int_eq(fhir_ucum_parse(r.unit, &again, NULL), 0);
		ck_assert_int_eq(fhir_unit_relate(&again, &r.form), FHIR_UNITS_SAME);
	}
}
END_TEST

START_TEST(products_compare)
{
	struct fhir_quantity a = quantity("2.0 'cm'"), b = quantity("2.0 'm'"), r;
	struct fhir_quantity want = quantity("0.040 'm2'");

	ck_assert_int_eq(fhir_quantity_mul(arena, &a, &b, &r), 0);
	ck_assert_uint_eq(fhir_quantity_compare(&r, &want), EQ);
}
END_TEST

static const struct {
	const char *q;
	int rc;
	int64_t n;
	enum fhir_calendar unit;
} durations[] = {
	{ "7.7 days", 0, 7, FHIR_CAL_DAY },
	{ "-7.7 days", 0, -7, FHIR_CAL_DAY },
	{ "1 'wk'", 0, 1, FHIR_CAL_WEEK },
	{ "0.1 's'", 0, 100, FHIR_CAL_MILLISECOND },
	{ "1.0 second", 0, 1, FHIR_CAL_SECOND },
	{ "10 'ms'", 0, 10, FHIR_CAL_MILLISECOND },
	{ "1 'month'", 0, 1, FHIR_CAL_MONTH },
	{ "1 'mo'", CW_ETYPE, 0, 0 },
	{ "1 'a'", CW_ETYPE, 0, 0 },
	{ "1 'cm'", CW_ETYPE, 0, 0 },
	{ "1", CW_ETYPE, 0, 0 },
	{ "<1 day", CW_ETYPE, 0, 0 },
	{ "99999999999999999999 days", CW_ELIMIT, 0, 0 },
};

START_TEST(may_be_a_duration)
{
	struct fhir_quantity q = quantity(durations[_i].q);
	enum fhir_calendar unit;
	int64_t n;

	ck_assert_int_eq(fhir_quantity_duration(&q, &n, &unit), durations[_i].rc);
	if (durations[_i].rc == 0) {
		ck_assert_int_eq(n, durations[_i].n);
		ck_assert_int_eq(unit, durations[_i].unit);
	}
}
END_TEST

START_TEST(text_goes_there_and_back)
{
	static const char *const good[] = { "1 '1'", "1 'wk'", "1 week", "4 days",
		"-1.50 'mg/dL'" };
	static const char *const bad[] = { "", "day", "1 wk", "1.a", "1 '", "1 ''", "1 day x",
		"1 'mg", "1E2 'mg'", "1 " };
	struct fhir_quantity q;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		ck_assert_int_eq(fhir_quantity_parse(cw_str(good[i]), &q, NULL), 0);
		ck_assert_str_eq(fhir_quantity_format(arena, &q).s, good[i]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ck_assert_msg(
		    fhir_quantity_parse(cw_str(bad[i]), &q, NULL) == CW_ESYNTAX, "%s", bad[i]);
}
END_TEST

/* A Quantity element; value NULL: none. The nodes are the caller's. */
static const struct fhir_node *
element(struct fhir_node node[6], const char *const text[5])
{
	static const char *const names[] = { "value", "comparator", "unit", "system", "code" };
	const struct fhir_node **link = &node[0].child;

	memset(node, 0, 6 * sizeof(*node));
	node[0].kind = FHIR_OBJECT;
	for (int i = 0; i < 5; i++) {
		if (!text[i])
			continue;
		node[i + 1].name = cw_str(names[i]);
		node[i + 1].lexeme = cw_str(text[i]);
		node[i + 1].kind = i == 0 ? FHIR_NUMBER : FHIR_STRING;
		*link = &node[i + 1];
		link = &node[i + 1].next;
	}
	return node;
}

START_TEST(reads_elements)
{
	static const struct {
		const char *text[5];
		int rc;
		enum fhir_unit_kind kind;
		const char *unit;
		enum fhir_comparator comparator;
	} rows[] = {
		{ { "2.70", NULL, "mmol per litre", "http://unitsofmeasure.org", "mmol/L" }, 0,
		    FHIR_UNIT_UCUM, "mmol/L", FHIR_CMP_NONE },
		{ { "5", "<", NULL, "http://unitsofmeasure.org", "mg" }, 0, FHIR_UNIT_UCUM, "mg",
		    FHIR_CMP_LT },
		{ { "5", ">=", "mg", NULL, NULL }, 0, FHIR_UNIT_TEXT, "mg", FHIR_CMP_GE },
		{ { "5", NULL, "mg", "http://example.org", "x1" }, 0, FHIR_UNIT_TEXT, "mg",
		    FHIR_CMP_NONE },
		{ { "5", NULL, NULL, "http://unitsofmeasure.org", "mcg" }, 0, FHIR_UNIT_TEXT, "mcg",
		    FHIR_CMP_NONE },
		{ { "5", NULL, NULL, NULL, NULL }, 0, FHIR_UNIT_NONE, "", FHIR_CMP_NONE },
		{ { NULL, NULL, NULL, "http://unitsofmeasure.org", "mg" }, 1, FHIR_UNIT_UCUM, "mg",
		    FHIR_CMP_NONE },
		{ { "5", "about", NULL, NULL, NULL }, CW_EVALUE, FHIR_UNIT_NONE, "",
		    FHIR_CMP_NONE },
		{ { "5.", NULL, NULL, NULL, NULL }, CW_ESYNTAX, FHIR_UNIT_NONE, "", FHIR_CMP_NONE },
	};
	struct fhir_node node[6];
	struct fhir_quantity q;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		ck_assert_int_eq(
		    fhir_quantity_read(element(node, rows[i].text), &q, NULL), rows[i].rc);
		ck_assert_int_eq(q.kind, rows[i].kind);
		ck_assert_msg(cw_str_is(q.unit, rows[i].unit) || q.unit.n == 0, "row %zu", i);
		ck_assert_int_eq(q.comparator, rows[i].comparator);
	}
	element(node, rows[0].text);
	node[1].kind = FHIR_STRING;
	ck_assert_int_eq(fhir_quantity_read(node, &q, NULL), CW_ETYPE);
}
END_TEST

#define ROWS(table) (int)(sizeof(table) / sizeof(*(table)))

int
main(void)
{
	TCase *tc = tcase_create("quantity");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, reads_the_grammar, 0, ROWS(codes));
	tcase_add_test(tc, refuses_what_is_too_long);
	tcase_add_loop_test(tc, stands_to_another, 0, ROWS(pairs));
	tcase_add_loop_test(tc, converts, 0, ROWS(conversions));
	tcase_add_loop_test(tc, computes, 0, ROWS(sums));
	tcase_add_test(tc, products_compare);
	tcase_add_loop_test(tc, may_be_a_duration, 0, ROWS(durations));
	tcase_add_test(tc, text_goes_there_and_back);
	tcase_add_test(tc, reads_elements);
	return test_run("quantity", tc);
}
