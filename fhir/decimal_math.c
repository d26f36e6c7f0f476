/* decimal_math: sums, products, quotients, powers and the functions that need floating point. */
#include "fhir/decimal.h"

#include "fhir/big.h"

#include <math.h>
#include <stdio.h>

enum { QUOTIENT_DIGITS = 28, QUOTIENT_PLACES = 8 };

static int
count_digits(fhir_u128 v)
{
	int n = 1;

	for (; v >= 10; v /= 10)
		n++;
	return n;
}

static int
abs_int(int i)
{
	return i < 0 ? -i : i;
}

/* Drop n decimal digits, rounding half away from zero. */
static void
round_big(struct fhir_big *b, int64_t n)
{
	static const struct fhir_big one = { { 1 }, 1 };
	uint32_t last = 0;

	if (n > 500)
		*b = fhir_big_from(0);
	for (; n > 0 && b->n > 0; n--)
		last = fhir_big_div_small(b, 10);
	if (n > 0)
		last = 0;
	if (last >= 5 && !fhir_big_add(b, &one))
		*b = one;
}

int
fhir_big_decimal(
    struct fhir_big *b, int64_t scale, bool negative, struct fhir_decimal *out, bool *rounded)
{
	for (;;) {
		int64_t drop = fhir_big_digits(b) - FHIR_DECIMAL_DIGITS;
		if (drop < scale - FHIR_DECIMAL_MAX_SCALE)
			drop = scale - FHIR_DECIMAL_MAX_SCALE;
		if (drop <= 0)
			break;
		if (drop > scale)
			return CW_ELIMIT;
		round_big(b, drop);
		if (rounded)
			*rounded = true;
		scale -= drop;
	}
	if (scale < -FHIR_DECIMAL_MAX_SCALE || !fhir_big_to(b, &out->digits))
		return CW_ELIMIT;
	out->scale = (int32_t)scale;
	out->negative = negative;
	return 0;
}

static int
fit(struct fhir_big *b, int64_t scale, bool negative, struct fhir_decimal *out)
{
	return fhir_big_decimal(b, scale, negative, out, NULL);
}

/* The operands lie so far apart that the smaller is below the last digit kept of the larger. */
static int
add_far(const struct fhir_decimal *large, const struct fhir_decimal *tiny, struct fhir_decimal *out)
{
	struct fhir_big b;
	int more;

	if (tiny->digits == 0 || large->digits == 0) {
		*out = tiny->digits == 0 ? *large : *tiny;
		return 0;
	}
	more = FHIR_DECIMAL_DIGITS - count_digits(large->digits);
	if (large->scale + more < 0)
		return CW_ELIMIT;
	b = fhir_big_from(large->digits);
	if (!fhir_big_mul10(&b, (unsigned)more))
		return CW_ELIMIT;
	return fit(&b, large->scale + more, large->negative, out);
}

/* The common case: both below 2^64 and few digits apart. False: not so. */
static bool
add_near(const struct fhir_decimal *low, const struct fhir_decimal *high, int apart,
    struct fhir_decimal *out)
{
	static const uint64_t pow10[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000,
		100000000 };
	fhir_u128 x, y = high->digits;
	bool xs = low->negative, ys = high->negative;

	if (apart > 8 || low->digits >> 64 || high->digits >> 64)
		return false;
	x = low->digits * pow10[apart];
	out->scale = high->scale;
	out->digits = xs == ys ? x + y : x > y ? x - y : y - x;
	out->negative = out->digits > 0 && (xs == ys || x > y ? xs : ys);
	return true;
}

int
fhir_decimal_add(
    const struct fhir_decimal *a, const struct fhir_decimal *b, struct fhir_decimal *out)
{
	int apart = a->scale - b->scale;
	const struct fhir_decimal *low = apart < 0 ? a : b, *high = apart < 0 ? b : a;

	if (abs_int(apart) > 300)
		return add_far(low, high, out);
	if (add_near(low, high, apart < 0 ? -apart : apart, out))
		return 0;
	struct fhir_big x = fhir_big_from(low->digits), y = fhir_big_from(high->digits);
	bool xs = low->negative, ys = high->negative;
	if (!fhir_big_mul10(&x, (unsigned)abs_int(apart)))
		return CW_ELIMIT;
	if (xs == ys) {
		if (!fhir_big_add(&x, &y))
			return CW_ELIMIT;
	} else if (fhir_big_cmp(&x, &y) >= 0) {
		fhir_big_sub(&x, &y);
	} else {
		fhir_big_sub(&y, &x);
		x = y;
		xs = ys;
	}
	return fit(&x, high->scale, x.n > 0 && xs, out);
}

int
fhir_decimal_sub(
    const struct fhir_decimal *a, const struct fhir_decimal *b, struct fhir_decimal *out)
{
	struct fhir_decimal minus = fhir_decimal_neg(*b);

	return fhir_decimal_add(a, &minus, out);
}

int
fhir_decimal_mul(
    const struct fhir_decimal *a, const struct fhir_decimal *b, struct fhir_decimal *out)
{
	struct fhir_big x;
	bool negative = a->negative != b->negative;

	if (a->digits >> 62 == 0 && b->digits >> 62 == 0 && abs_int(a->scale) < 99 &&
	    abs_int(b->scale) < 99) {
		out->digits = a->digits * b->digits;
		out->scale = a->scale + b->scale;
		out->negative = negative && out->digits > 0;
		return 0;
	}
	x = fhir_big_from(a->digits);
	if (!fhir_big_mul(&x, b->digits))
		return CW_ELIMIT;
	return fit(&x, (int64_t)a->scale + b->scale, x.n > 0 && negative, out);
}

/* a's digits * 10^k over b's: quotient into *q; true if nothing remains. *up: round away. */
static bool
divide(fhir_u128 a, fhir_u128 b, int k, struct fhir_big *q, bool *up)
{
	struct fhir_big by = fhir_big_from(b), rest;
	bool room;

	*q = fhir_big_from(a);
	room = k >= 0 ? fhir_big_mul10(q, (unsigned)k) : fhir_big_mul10(&by, (unsigned)-k);
	(void)room; /* 38 digits and at most 38 + 38 zeros */
	fhir_big_div(q, &by, &rest);
	bool exact = rest.n == 0;
	*up = fhir_big_add(&rest, &rest) && fhir_big_cmp(&rest, &by) >= 0;
	return exact;
}

int
fhir_decimal_div(
    const struct fhir_decimal *a, const struct fhir_decimal *b, struct fhir_decimal *out)
{
	static const struct fhir_big one = { { 1 }, 1 };
	int shift = count_digits(a->digits) - count_digits(b->digits);
	int64_t scale = (int64_t)a->scale - b->scale;
	int64_t want = shift - scale + 1 + QUOTIENT_PLACES; /* digits for 8 places */
	bool negative = a->negative != b->negative && a->digits != 0, up;
	struct fhir_big q;

	if (b->digits == 0)
		return 1;
	if (want < QUOTIENT_DIGITS)
		want = QUOTIENT_DIGITS;
	if (want > FHIR_DECIMAL_DIGITS)
		want = FHIR_DECIMAL_DIGITS;
	int k = (int)want - shift;
	bool exact = divide(a->digits, b->digits, k, &q, &up);
	/* The estimate of the length may be one too many. */
	int length = fhir_big_digits(&q);
	if (length > want || (length > QUOTIENT_DIGITS && scale + k > QUOTIENT_PLACES))
		exact = divide(a->digits, b->digits, --k, &q, &up);
	scale += k;
	if (!exact && scale < 0)
		return CW_ELIMIT;
	if (up && !fhir_big_add(&q, &one))
		return CW_ELIMIT;
	for (struct fhir_big t = q; exact && scale > 0; scale--) {
		if (t.n > 0 && fhir_big_div_small(&t, 10) != 0)
			break;
		q = t;
	}
	return fit(&q, scale, negative, out);
}

/* Integer quotient and remainder (in the larger scale); 0 also when the quotient is plainly 0. */
static int
divide_whole(const struct fhir_decimal *a, const struct fhir_decimal *b, struct fhir_big *q,
    struct fhir_big *rest, int64_t *scale)
{
	int64_t ea = (int64_t)count_digits(a->digits) - a->scale;
	int64_t eb = (int64_t)count_digits(b->digits) - b->scale;
	int64_t apart = (int64_t)a->scale - b->scale;
	struct fhir_big by = fhir_big_from(b->digits);

	*scale = a->scale;
	*rest = fhir_big_from(a->digits);
	*q = fhir_big_from(0);
	if (ea < eb || a->digits == 0)
		return 0;
	if (ea - eb > FHIR_DECIMAL_DIGITS)
		return CW_ELIMIT;
	*q = *rest;
	if (apart < 0 ? !fhir_big_mul10(q, (unsigned)-apart)
		      : !fhir_big_mul10(&by, (unsigned)apart))
		return CW_ELIMIT;
	if (apart < 0)
		*scale = b->scale;
	fhir_big_div(q, &by, rest);
	return 0;
}

int
fhir_decimal_idiv(
    const struct fhir_decimal *a, const struct fhir_decimal *b, struct fhir_decimal *out)
{
	struct fhir_big q, rest;
	int64_t scale;
	bool negative = a->negative != b->negative;
	int rc;

	if (b->digits == 0)
		return 1;
	if ((rc = divide_whole(a, b, &q, &rest, &scale)) != 0)
		return rc;
	return fit(&q, 0, q.n > 0 && negative, out);
}

int
fhir_decimal_mod(
    const struct fhir_decimal *a, const struct fhir_decimal *b, struct fhir_decimal *out)
{
	struct fhir_big q, rest;
	int64_t scale;
	int rc;

	if (b->digits == 0)
		return 1;
	if ((rc = divide_whole(a, b, &q, &rest, &scale)) != 0)
		return rc;
	return fit(&rest, scale, rest.n > 0 && a->negative, out);
}

double
fhir_decimal_to_double(const struct fhir_decimal *d)
{
	double v = (double)(uint64_t)(d->digits >> 64) * 18446744073709551616.0 +
		   (double)(uint64_t)d->digits;

	v = d->scale > 0 && d->scale <= 22 ? v / pow(10, d->scale) : v * pow(10, -d->scale);
	return d->negative ? -v : v;
}

/* The exponent at the end of "%e" text. */
static int
exponent_of(const char *e)
{
	bool minus = e[1] == '-';
	int v = 0;

	for (e += 2; *e >= '0' && *e <= '9'; e++)
		v = v * 10 + (*e - '0');
	return minus ? -v : v;
}

/* Rounded to 15 significant digits, without trailing zeros. 1: not a number. */
static int
from_double(double v, struct fhir_decimal *out)
{
	char text[40], *p = text;
	struct fhir_decimal d = { 0, 14, v < 0 };
	struct fhir_big b;

	if (isnan(v))
		return 1;
	if (isinf(v))
		return CW_ELIMIT;
	(void)snprintf(text, sizeof(text), "%.14e", fabs(v));
	for (; *p != 'e'; p++)
		if (*p >= '0' && *p <= '9') /* not the point, which a locale may change */
			d.digits = d.digits * 10 + (unsigned)(*p - '0');
	d.scale -= exponent_of(p);
	while (d.scale > 0 && d.digits % 10 == 0) {
		d.digits /= 10;
		d.scale--;
	}
	b = fhir_big_from(d.digits);
	if (d.scale < 0) {
		if (d.scale < -FHIR_DECIMAL_DIGITS || !fhir_big_mul10(&b, (unsigned)-d.scale))
			return CW_ELIMIT;
		d.scale = 0;
	}
	return fit(&b, d.scale, d.negative && d.digits > 0, out);
}

static int
power_whole(struct fhir_decimal base, uint64_t n, struct fhir_decimal *out)
{
	struct fhir_decimal r = { 1, 0, false };
	int rc = 0;

	while (n > 0 && rc == 0) {
		if (n & 1)
			rc = fhir_decimal_mul(&r, &base, &r);
		n >>= 1;
		if (n > 0 && rc == 0)
			rc = fhir_decimal_mul(&base, &base, &base);
	}
	*out = r;
	return rc;
}

int
fhir_decimal_power(
    const struct fhir_decimal *base, const struct fhir_decimal *exponent, struct fhir_decimal *out)
{
	static const struct fhir_decimal one = { 1, 0, false };
	struct fhir_decimal r;
	int64_t n;
	int rc;

	if (fhir_decimal_to_int(exponent, &n) != 0)
		return from_double(
		    pow(fhir_decimal_to_double(base), fhir_decimal_to_double(exponent)), out);
	if (n >= 0)
		return power_whole(*base, (uint64_t)n, out);
	if ((rc = power_whole(*base, 0 - (uint64_t)n, &r)) != 0)
		return rc;
	return fhir_decimal_div(&one, &r, out);
}

static uint64_t
root_of(fhir_u128 v)
{
	uint64_t r = 0;

	for (uint64_t bit = (uint64_t)1 << 63; bit > 0; bit >>= 1)
		if ((fhir_u128)(r | bit) * (r | bit) <= v)
			r |= bit;
	return r;
}

int
fhir_decimal_sqrt(const struct fhir_decimal *d, struct fhir_decimal *out)
{
	struct fhir_decimal e = *d;

	if (fhir_decimal_sign(d) < 0)
		return 1;
	if (e.scale % 2 != 0 && count_digits(e.digits) < FHIR_DECIMAL_DIGITS) {
		e.digits *= 10;
		e.scale++;
	}
	uint64_t r = root_of(e.digits);
	if (e.scale % 2 != 0 || (fhir_u128)r * r != e.digits)
		return from_double(sqrt(fhir_decimal_to_double(d)), out);
	*out = (struct fhir_decimal){ r, e.scale / 2, false };
	return 0;
}

int
fhir_decimal_exp(const struct fhir_decimal *d, struct fhir_decimal *out)
{
	return from_double(exp(fhir_decimal_to_double(d)), out);
}

int
fhir_decimal_ln(const struct fhir_decimal *d, struct fhir_decimal *out)
{
	if (fhir_decimal_sign(d) <= 0)
		return 1;
	return from_double(log(fhir_decimal_to_double(d)), out);
}

int
fhir_decimal_log(
    const struct fhir_decimal *d, const struct fhir_decimal *base, struct fhir_decimal *out)
{
	static const struct fhir_decimal one = { 1, 0, false }, two = { 2, 0, false },
					 ten = { 10, 0, false };
	double v;

	if (fhir_decimal_sign(d) <= 0 || fhir_decimal_sign(base) <= 0 ||
	    fhir_decimal_compare(base, &one) == FHIR_EQUAL)
		return 1;
	v = fhir_decimal_to_double(d);
	if (fhir_decimal_compare(base, &ten) == FHIR_EQUAL)
		return from_double(log10(v), out);
	if (fhir_decimal_compare(base, &two) == FHIR_EQUAL)
		return from_double(log2(v), out);
	return from_double(log(v) / log(fhir_decimal_to_double(base)), out);
}
