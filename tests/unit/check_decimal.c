/* Unit tests of fhir/decimal: text, tables from FHIRPath, and random sums, products and quotients
 * against schoolbook arithmetic on digits. */
#include "fhir/decimal.h"
#include "tests/unit/run.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 i128;

static struct fhir_decimal
number(const char *text)
{
	struct fhir_decimal d;

	ck_assert_msg(fhir_decimal_parse(cw_str(text), &d, NULL) == 0, "%s: refused", text);
	return d;
}

static const struct {
	const char *text;
	int rc;
	const char *back; /* NULL: as written */
} parses[] = {
	{ "0", 0, NULL },
	{ "1.00", 0, NULL },
	{ "-0.0", 0, NULL },
	{ "0.10", 0, NULL },
	{ "-12345678901234567890.123456789012345678", 0, NULL },
	{ "99999999999999999999999999999999999999", 0, NULL },
	{ "0.00000000000000000000000000000000000001", 0, NULL },
	{ "1E-245", 0, NULL },
	{ "1.00000000000000000E-245", 0, NULL },
	{ "-1.00000000000000000E+245", 0, "-1.00000000000000000E245" },
	{ "1e-22", 0, "0.0000000000000000000001" },
	{ "1E5", 0, "100000" },
	{ "1.5E1", 0, "15" },
	{ "0E3", 0, "0" },
	{ "0e-2", 0, "0.00" },
	{ "999999999999999999999999999999999999999", CW_ELIMIT, NULL },
	{ "1.00000000000000000000000000000000000000", CW_ELIMIT, NULL },
	{ "1E-10000", CW_ELIMIT, NULL },
	{ "1E99999999999999999999", CW_ELIMIT, NULL },
	{ "", CW_ESYNTAX, NULL },
	{ "-", CW_ESYNTAX, NULL },
	{ "+1", CW_ESYNTAX, NULL },
	{ "01", CW_ESYNTAX, NULL },
	{ "00", CW_ESYNTAX, NULL },
	{ ".5", CW_ESYNTAX, NULL },
	{ "1.", CW_ESYNTAX, NULL },
	{ "1.e5", CW_ESYNTAX, NULL },
	{ "1E", CW_ESYNTAX, NULL },
	{ "1E+", CW_ESYNTAX, NULL },
	{ "1 ", CW_ESYNTAX, NULL },
	{ " 1", CW_ESYNTAX, NULL },
	{ "1,5", CW_ESYNTAX, NULL },
	{ "NaN", CW_ESYNTAX, NULL },
	{ "0x10", CW_ESYNTAX, NULL },
};

START_TEST(parses_or_refuses)
{
	struct fhir_decimal d, again;
	char buf[FHIR_DECIMAL_TEXT];
	int rc = fhir_decimal_parse(cw_str(parses[_i].text), &d, NULL);

	ck_assert_msg(rc == parses[_i].rc, "%s: %d", parses[_i].text, rc);
	if (rc != 0)
		return;
	struct cw_str s = fhir_decimal_format(&d, buf);
	ck_assert_str_eq(s.s, parses[_i].back ? parses[_i].back : parses[_i].text);
	ck_assert_uint_eq(s.n, strlen(s.s));
	ck_assert_int_eq(fhir_decimal_parse(s, &again, NULL), 0);
	ck_assert_int_eq(fhir_decimal_compare(&d, &again), FHIR_EQUAL);
	ck_assert_uint_eq(fhir_decimal_hash(&d), fhir_decimal_hash(&again));
}
END_TEST

START_TEST(strings_are_read_more_kindly)
{
	struct fhir_decimal d;
	char buf[FHIR_DECIMAL_TEXT];

	ck_assert_int_eq(fhir_decimal_parse_path(CW_STR("+007.50"), &d, NULL), 0);
	ck_assert_str_eq(fhir_decimal_format(&d, buf).s, "7.50");
	ck_assert_int_eq(fhir_decimal_parse_path(CW_STR("1E5"), &d, NULL), CW_ESYNTAX);
	ck_assert_int_eq(fhir_decimal_parse_path(CW_STR("1.a"), &d, NULL), CW_ESYNTAX);
}
END_TEST

typedef int binary_fn(
    const struct fhir_decimal *, const struct fhir_decimal *, struct fhir_decimal *);

static const struct {
	binary_fn *fn;
	const char *a, *b;
	int rc;
	const char *result;
} sums[] = {
	{ fhir_decimal_add, "1.2", "1.8", 0, "3.0" },
	{ fhir_decimal_add, "1", "1E-245", 0, "1.0000000000000000000000000000000000000" },
	{ fhir_decimal_add, "1", "1E-500", 0, "1.0000000000000000000000000000000000000" },
	{ fhir_decimal_add, "0", "1E-500", 0, "1E-500" },
	{ fhir_decimal_add, "1E400", "1", CW_ELIMIT, NULL },
	{ fhir_decimal_add, "99999999999999999999999999999999999999", "1", CW_ELIMIT, NULL },
	{ fhir_decimal_sub, "1.8", "1.2", 0, "0.6" },
	{ fhir_decimal_sub, "1.0", "1.00", 0, "0.00" },
	{ fhir_decimal_mul, "1.2", "1.8", 0, "2.16" },
	{ fhir_decimal_mul, "-2", "0", 0, "0" },
	{ fhir_decimal_mul, "1E30", "1E30", 0, "1E60" },
	{ fhir_decimal_mul, "12345678901234567890", "98765432109876543210", CW_ELIMIT, NULL },
	{ fhir_decimal_div, "1.2", "1.8", 0, "0.6666666666666666666666666667" },
	{ fhir_decimal_div, "4.0", "2.0", 0, "2" },
	{ fhir_decimal_div, "1", "2", 0, "0.5" },
	{ fhir_decimal_div, "1", "0", 1, NULL },
	{ fhir_decimal_div, "1", "0.00", 1, NULL },
	{ fhir_decimal_div, "1E50", "3", CW_ELIMIT, NULL },
	{ fhir_decimal_div, "12345678901234567890123456", "7", 0,
	    "1763668414462081127160493.71428571" },
	{ fhir_decimal_idiv, "2.2", "1.8", 0, "1" },
	{ fhir_decimal_idiv, "-5.5", "2", 0, "-2" },
	{ fhir_decimal_idiv, "5", "0", 1, NULL },
	{ fhir_decimal_idiv, "1E300", "1E-300", CW_ELIMIT, NULL },
	{ fhir_decimal_mod, "-5.5", "2", 0, "-1.5" },
	{ fhir_decimal_mod, "2.2", "1.8", 0, "0.4" },
	{ fhir_decimal_mod, "1E-300", "1E300", 0, "1E-300" },
	{ fhir_decimal_mod, "5", "0", 1, NULL },
	{ fhir_decimal_power, "2", "3", 0, "8" },
	{ fhir_decimal_power, "2.5", "2", 0, "6.25" },
	{ fhir_decimal_power, "2", "-2", 0, "0.25" },
	{ fhir_decimal_power, "-2", "3.0", 0, "-8" },
	{ fhir_decimal_power, "0", "0", 0, "1" },
	{ fhir_decimal_power, "0", "-1", 1, NULL },
	{ fhir_decimal_power, "-1", "0.5", 1, NULL },
	{ fhir_decimal_power, "2", "0.5", 0, "1.4142135623731" },
	{ fhir_decimal_power, "2", "126", 0, "85070591730234615865843651857942052864" },
	{ fhir_decimal_power, "2", "127", CW_ELIMIT, NULL },
	{ fhir_decimal_log, "16", "2", 0, "4" },
	{ fhir_decimal_log, "100.0", "10.0", 0, "2" },
	{ fhir_decimal_log, "27", "3", 0, "3" },
	{ fhir_decimal_log, "0", "10", 1, NULL },
	{ fhir_decimal_log, "10", "1", 1, NULL },
};

START_TEST(computes)
{
	struct fhir_decimal a = number(sums[_i].a), b = number(sums[_i].b), r;
	char buf[FHIR_DECIMAL_TEXT];
	int rc = sums[_i].fn(&a, &b, &r);

	ck_assert_msg(rc == sums[_i].rc, "%s, %s: %d", sums[_i].a, sums[_i].b, rc);
	if (rc == 0)
		ck_assert_str_eq(fhir_decimal_format(&r, buf).s, sums[_i].result);
	if (rc == 0 && sums[_i].fn(&a, &b, &a) == 0) /* the result may alias an operand */
		ck_assert_str_eq(fhir_decimal_format(&a, buf).s, sums[_i].result);
}
END_TEST

START_TEST(functions_of_one_number)
{
	static const struct {
		int (*fn)(const struct fhir_decimal *, struct fhir_decimal *);
		const char *d, *result;
	} rows[] = { { fhir_decimal_sqrt, "81", "9" }, { fhir_decimal_sqrt, "0.81", "0.9" },
		{ fhir_decimal_sqrt, "8.1", "2.84604989415154" }, { fhir_decimal_sqrt, "0", "0" },
		{ fhir_decimal_sqrt, "-1", NULL }, { fhir_decimal_exp, "0", "1" },
		{ fhir_decimal_exp, "-0.0", "1" }, { fhir_decimal_exp, "1", "2.71828182845905" },
		{ fhir_decimal_ln, "1.0", "0" }, { fhir_decimal_ln, "0", NULL } };
	char buf[FHIR_DECIMAL_TEXT];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fhir_decimal d = number(rows[i].d), r;
		ck_assert_int_eq(rows[i].fn(&d, &r), rows[i].result ? 0 : 1);
		if (rows[i].result)
			ck_assert_str_eq(fhir_decimal_format(&r, buf).s, rows[i].result);
	}
}
END_TEST

START_TEST(rounds)
{
	static const struct {
		const char *d, *round1, *truncated, *floor, *ceiling;
	} rows[] = { { "3.14159", "3.1", "3", "3", "4" }, { "-1.56", "-1.6", "-1", "-2", "-1" },
		{ "0.25", "0.3", "0", "0", "1" }, { "-0.25", "-0.3", "-0", "-1", "-0" },
		{ "0.05", "0.1", "0", "0", "1" }, { "0.04", "0.0", "0", "0", "1" },
		{ "7", "7", "7", "7", "7" }, { "2.00", "2.0", "2", "2", "2" },
		{ "1E-200", "0.0", "0", "0", "1" } };
	char buf[FHIR_DECIMAL_TEXT];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fhir_decimal d = number(rows[i].d), r;
		r = fhir_decimal_round(d, 1);
		ck_assert_str_eq(fhir_decimal_format(&r, buf).s, rows[i].round1);
		r = fhir_decimal_truncate(d);
		ck_assert_str_eq(fhir_decimal_format(&r, buf).s, rows[i].truncated);
		r = fhir_decimal_floor(d);
		ck_assert_str_eq(fhir_decimal_format(&r, buf).s, rows[i].floor);
		r = fhir_decimal_ceiling(d);
		ck_assert_str_eq(fhir_decimal_format(&r, buf).s, rows[i].ceiling);
	}
}
END_TEST

START_TEST(compares)
{
	static const struct {
		const char *a, *b;
		enum fhir_order order;
		bool equivalent;
	} rows[] = { { "1.10", "1.1", FHIR_EQUAL, true }, { "1.1", "1.2", FHIR_LESS, false },
		{ "0.0", "-0", FHIR_EQUAL, true }, { "-1", "1", FHIR_LESS, false },
		{ "-2", "-1", FHIR_LESS, false }, { "0.6666667", "0.67", FHIR_LESS, true },
		{ "1E-245", "1E-244", FHIR_LESS, false }, { "1E30", "1E31", FHIR_LESS, false },
		{ "10E30", "1.0E31", FHIR_EQUAL, true }, { "4.04", "4", FHIR_GREATER, true },
		{ "4.04", "4.00", FHIR_GREATER, true }, { "1E-9000", "1E9000", FHIR_LESS, false },
		{ "0.1", "0.09999999999999999999999999999999999999", FHIR_GREATER, true } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fhir_decimal a = number(rows[i].a), b = number(rows[i].b);
		ck_assert_msg(fhir_decimal_compare(&a, &b) == rows[i].order, "%s", rows[i].a);
		ck_assert_uint_eq(fhir_decimal_compare(&b, &a), fhir_order_turn(rows[i].order));
		ck_assert_msg(fhir_decimal_equivalent(&a, &b) == rows[i].equivalent, "%s ~ %s",
		    rows[i].a, rows[i].b);
		ck_assert_int_eq(fhir_decimal_equivalent(&b, &a), rows[i].equivalent);
	}
}
END_TEST

static const struct {
	const char *d;
	int n;
	const char *low, *high; /* NULL: empty */
} bounds[] = {
	{ "1.587", -1, "1.58650000", "1.58750000" },
	{ "1.587", 6, "1.586500", "1.587500" },
	{ "1.587", 2, "1.58", "1.59" },
	{ "1.587", 0, "1", "2" },
	{ "1.587", 32, NULL, NULL },
	{ "1.587", -2, NULL, NULL },
	{ "-1.587", -1, "-1.58750000", "-1.58650000" },
	{ "-1.587", 2, "-1.59", "-1.58" },
	{ "-1.587", 0, "-2", "-1" },
	{ "1", 0, "0", "2" },
	{ "1", 5, "0.50000", "1.50000" },
	{ "12.587", 2, "12.58", "12.59" },
	{ "12.500", 4, "12.4995", "12.5005" },
	{ "120", 2, "119.50", "120.50" },
	{ "-120", 2, "-120.50", "-119.50" },
	{ "0.0034", 1, "0.0", "0.0" },
	{ "-0.0034", 1, "-0.0", "-0.0" },
	{ "0", 1, "-0.5", "0.5" },
};

START_TEST(has_boundaries)
{
	struct fhir_decimal d = number(bounds[_i].d), r;
	char buf[FHIR_DECIMAL_TEXT];

	ck_assert_int_eq(fhir_decimal_low(&d, bounds[_i].n, &r), bounds[_i].low ? 0 : 1);
	if (bounds[_i].low)
		ck_assert_str_eq(fhir_decimal_format(&r, buf).s, bounds[_i].low);
	ck_assert_int_eq(fhir_decimal_high(&d, bounds[_i].n, &r), bounds[_i].high ? 0 : 1);
	if (bounds[_i].high)
		ck_assert_str_eq(fhir_decimal_format(&r, buf).s, bounds[_i].high);
}
END_TEST

START_TEST(integers_go_there_and_back)
{
	static const int64_t values[] = { 0, 1, -1, INT64_MAX, INT64_MIN, 1000000007 };
	static const char *const others[] = { "1.5", "9223372036854775808", "-9223372036854775809",
		"1E30", "1E-1" };
	struct fhir_decimal d;
	int64_t i64;

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		d = fhir_decimal_from_int(values[i]);
		ck_assert_int_eq(fhir_decimal_to_int(&d, &i64), 0);
		ck_assert_int_eq(i64, values[i]);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		d = number(others[i]);
		ck_assert_int_eq(fhir_decimal_to_int(&d, &i64), 1);
	}
	d = number("12E2");
	ck_assert_int_eq(fhir_decimal_to_int(&d, &i64), 0);
	ck_assert_int_eq(i64, 1200);
	d = number("3.00");
	ck_assert_int_eq(fhir_decimal_to_int(&d, &i64), 0);
	ck_assert_int_eq(i64, 3);
}
END_TEST

static uint64_t
random_next(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static i128
pow10_i128(int n)
{
	i128 p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

/* A random decimal and the same as an integer of its own scale. */
static struct fhir_decimal
random_number(uint64_t *seed, int64_t *v)
{
	int digits = (int)(random_next(seed) % 18) + 1;
	struct fhir_decimal d = { 0, 0, false };

	d.digits = random_next(seed) % (uint64_t)pow10_i128(digits);
	d.scale = (int32_t)(random_next(seed) % 10);
	d.negative = d.digits != 0 && random_next(seed) % 2;
	*v = d.negative ? -(int64_t)d.digits : (int64_t)d.digits;
	return d;
}

static bool
is_value(const struct fhir_decimal *d, i128 v, int scale)
{
	return (d->negative ? -(i128)d->digits : (i128)d->digits) == v && d->scale == scale;
}

START_TEST(random_sums_and_products)
{
	uint64_t seed = 42;
	int64_t x, y;

	for (int i = 0; i < 200000; i++) {
		struct fhir_decimal a = random_number(&seed, &x), b = random_number(&seed, &y), r;
		int scale = a.scale > b.scale ? a.scale : b.scale;
		i128 p = x * pow10_i128(scale - a.scale), q = y * pow10_i128(scale - b.scale);
		enum fhir_order o = p < q ? FHIR_LESS : p > q ? FHIR_GREATER : FHIR_EQUAL;
		bool ok = fhir_decimal_add(&a, &b, &r) == 0 && is_value(&r, p + q, scale) &&
			  fhir_decimal_sub(&a, &b, &r) == 0 && is_value(&r, p - q, scale) &&
			  fhir_decimal_mul(&a, &b, &r) == 0 &&
			  is_value(&r, (i128)x * y, a.scale + b.scale) &&
			  fhir_decimal_compare(&a, &b) == o;
		if (ok && q != 0)
			ok = fhir_decimal_idiv(&a, &b, &r) == 0 && is_value(&r, p / q, 0) &&
			     fhir_decimal_mod(&a, &b, &r) == 0 &&
			     (r.negative ? -(i128)r.digits : (i128)r.digits) *
				     pow10_i128(scale - r.scale) ==
				 p % q;
		ck_assert_msg(
		    ok, "%lld e-%d, %lld e-%d", (long long)x, a.scale, (long long)y, b.scale);
	}
}
END_TEST

/* a / b by long division to as many digits after the point as r has; true if r is it, rounded. */
static bool
is_quotient(i128 a, i128 b, const struct fhir_decimal *r)
{
	bool negative = (a < 0) != (b < 0) && a != 0;
	i128 p = a < 0 ? -a : a, q = b < 0 ? -b : b;
	fhir_u128 digits = (fhir_u128)(p / q);
	i128 rest = p % q;

	for (int i = 0; i < r->scale; i++) {
		rest *= 10;
		digits = digits * 10 + (fhir_u128)(rest / q);
		rest %= q;
	}
	bool exact = rest == 0;
	digits += rest * 2 >= q;
	if (r->digits != digits || r->negative != negative)
		return false;
	if (exact) /* no digit that is not needed */
		return r->scale == 0 || r->digits % 10 != 0 || r->digits == 0;
	fhir_u128 least = (fhir_u128)pow10_i128(27);
	return r->scale >= 8 && r->digits >= least && (r->digits <= least * 10 || r->scale == 8);
}

START_TEST(random_quotients)
{
	uint64_t seed = 4711;
	int64_t x, y;

	for (int i = 0; i < 100000; i++) {
		struct fhir_decimal a = random_number(&seed, &x), b = random_number(&seed, &y), r;
		if (y == 0)
			continue;
		i128 p = x * pow10_i128(b.scale), q = y * pow10_i128(a.scale);
		ck_assert_msg(fhir_decimal_div(&a, &b, &r) == 0 && is_quotient(p, q, &r),
		    "%lld e-%d / %lld e-%d", (long long)x, a.scale, (long long)y, b.scale);
	}
}
END_TEST

/* Schoolbook product of digit strings, rounded half up to n digits; *dropped: how many went. */
static void
product_text(const char *a, const char *b, int n, char *out, int *dropped)
{
	int digit[80] = { 0 }, na = (int)strlen(a), nb = (int)strlen(b), len = na + nb, from = 0;

	for (int i = na - 1; i >= 0; i--)
		for (int j = nb - 1; j >= 0; j--)
			digit[i + j + 1] += (a[i] - '0') * (b[j] - '0');
	for (int i = len - 1; i > 0; i--) {
		digit[i - 1] += digit[i] / 10;
		digit[i] %= 10;
	}
	while (from < len - 1 && digit[from] == 0)
		from++;
	*dropped = len - from > n ? len - from - n : 0;
	int end = len - *dropped;
	bool up = *dropped > 0 && digit[end] >= 5;
	for (int i = end - 1; up && i >= from; i--) {
		up = digit[i] == 9;
		digit[i] = up ? 0 : digit[i] + 1;
	}
	ck_assert(!up);
	for (int i = from; i < end; i++)
		*out++ = (char)('0' + digit[i]);
	*out = '\0';
}

START_TEST(long_products_are_rounded_once)
{
	uint64_t seed = 99;
	char a[40], b[40], digits[80], buf[FHIR_DECIMAL_TEXT];
	int dropped;

	for (int i = 0; i < 20000; i++) {
		int na = 1 + (int)(random_next(&seed) % 38),
		    nb = 1 + (int)(random_next(&seed) % 38);
		for (int k = 0; k < na; k++)
			a[k] = (char)('1' + (int)(random_next(&seed) % 8));
		for (int k = 0; k < nb; k++)
			b[k] = (char)('1' + (int)(random_next(&seed) % 8));
		a[na] = b[nb] = '\0';
		struct fhir_decimal x = number(a), y = number(b), r;
		x.scale = y.scale = 38;
		product_text(a, b, FHIR_DECIMAL_DIGITS, digits, &dropped);
		ck_assert_int_eq(fhir_decimal_mul(&x, &y, &r), 0);
		ck_assert_int_eq(r.scale, 76 - dropped);
		r.scale = 0;
		ck_assert_str_eq(fhir_decimal_format(&r, buf).s, digits);
	}
}
END_TEST

#define ROWS(table) (int)(sizeof(table) / sizeof(*(table)))

int
main(void)
{
	TCase *tc = tcase_create("decimal");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, parses_or_refuses, 0, ROWS(parses));
	tcase_add_test(tc, strings_are_read_more_kindly);
	tcase_add_loop_test(tc, computes, 0, ROWS(sums));
	tcase_add_test(tc, functions_of_one_number);
	tcase_add_test(tc, rounds);
	tcase_add_test(tc, compares);
	tcase_add_loop_test(tc, has_boundaries, 0, ROWS(bounds));
	tcase_add_test(tc, integers_go_there_and_back);
	tcase_add_test(tc, random_sums_and_products);
	tcase_add_test(tc, random_quotients);
	tcase_add_test(tc, long_products_are_rounded_once);
	return test_run("decimal", tc);
}
