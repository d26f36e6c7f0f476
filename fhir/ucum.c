/* ucum: arithmetic on units in canonical form. */
#include "fhir/ucum.h"

#include "fhir/big.h"

#include <string.h>

enum { MOST_TEN = 2000, MOST_POWER = 100, QUOTIENT_DIGITS = 28 };

static const fhir_u128 MOST = ((fhir_u128)1 << 127) - 1;

struct fhir_unit
fhir_unit_one(void)
{
	struct fhir_unit u;

	memset(&u, 0, sizeof(u));
	u.top = u.bottom = 1;
	return u;
}

static fhir_u128
gcd(fhir_u128 a, fhir_u128 b)
{
	while (b != 0) {
		fhir_u128 r = a % b;
		a = b;
		b = r;
	}
	return a;
}

/* *a * b, both not zero; false when past 2^127. */
static bool
times(fhir_u128 *a, fhir_u128 b)
{
	if (*a > MOST / b)
		return false;
	*a *= b;
	return true;
}

/* u times top/bottom, kept coprime and without factors of ten. */
static bool
scale_by(struct fhir_unit *u, fhir_u128 top, fhir_u128 bottom)
{
	fhir_u128 g = gcd(u->top, bottom);

	u->top /= g;
	bottom /= g;
	g = gcd(top, u->bottom);
	top /= g;
	u->bottom /= g;
	if (!times(&u->top, top) || !times(&u->bottom, bottom))
		return false;
	for (; u->top % 10 == 0; u->ten++)
		u->top /= 10;
	for (; u->bottom % 10 == 0; u->ten--)
		u->bottom /= 10;
	return true;
}

/* False: more arbitrary units in one product than there is room for. */
static bool
own_add(struct fhir_unit *u, unsigned unit, int power)
{
	int i = 0;

	while (i < FHIR_UCUM_OWN && u->own[i].unit != 0 && u->own[i].unit < unit)
		i++;
	if (i == FHIR_UCUM_OWN)
		return false;
	if (u->own[i].unit != unit) {
		if (u->own[FHIR_UCUM_OWN - 1].unit != 0)
			return false;
		memmove(&u->own[i + 1], &u->own[i],
		    sizeof(u->own[0]) * (size_t)(FHIR_UCUM_OWN - 1 - i));
		u->own[i].unit = (uint16_t)unit;
		u->own[i].power = 0;
	}
	u->own[i].power = (int16_t)(u->own[i].power + power);
	if (u->own[i].power == 0) {
		memmove(&u->own[i], &u->own[i + 1],
		    sizeof(u->own[0]) * (size_t)(FHIR_UCUM_OWN - 1 - i));
		memset(&u->own[FHIR_UCUM_OWN - 1], 0, sizeof(u->own[0]));
	}
	return true;
}

static bool
in_range(int v)
{
	return v >= -MOST_POWER && v <= MOST_POWER;
}

static bool
is_one(const struct fhir_unit *u)
{
	static const int8_t none[FHIR_DIMENSIONS];

	return u->top == 1 && u->bottom == 1 && u->ten == 0 && u->pi == 0 && u->shift == 0 &&
	       u->own[0].unit == 0 && memcmp(u->dim, none, sizeof(none)) == 0;
}

static int
combine(const struct fhir_unit *a, const struct fhir_unit *b, int sign, struct fhir_unit *out)
{
	struct fhir_unit r = *a;
	int ten = a->ten + sign * b->ten, pi = a->pi + sign * b->pi;

	if (a->shift || b->shift) {
		if (!is_one(b) && (sign < 0 || !is_one(a)))
			return CW_EVALUE;
		*out = is_one(b) ? *a : *b;
		return 0;
	}
	r.ten = ten;
	r.pi = (int8_t)pi;
	if (!in_range(pi) || ten > MOST_TEN || ten < -MOST_TEN ||
	    !(sign > 0 ? scale_by(&r, b->top, b->bottom) : scale_by(&r, b->bottom, b->top)))
		return CW_ELIMIT;
	for (int i = 0; i < FHIR_DIMENSIONS; i++) {
		int dim = a->dim[i] + sign * b->dim[i];
		if (!in_range(dim))
			return CW_ELIMIT;
		r.dim[i] = (int8_t)dim;
	}
	for (int i = 0; i < FHIR_UCUM_OWN && b->own[i].unit; i++)
		if (!own_add(&r, b->own[i].unit, sign * b->own[i].power))
			return CW_ELIMIT;
	*out = r;
	return 0;
}

int
fhir_unit_mul(const struct fhir_unit *a, const struct fhir_unit *b, struct fhir_unit *out)
{
	return combine(a, b, 1, out);
}

int
fhir_unit_div(const struct fhir_unit *a, const struct fhir_unit *b, struct fhir_unit *out)
{
	return combine(a, b, -1, out);
}

/* Multiply by 10^n if that is not negative, and by pi^k (its first 38 digits). */
static bool
widen(struct fhir_big *x, int64_t n, int k)
{
	static const fhir_u128 pi =
	    (fhir_u128)3141592653589793238u * 10000000000000000000u + 4626433832795028842u;

	for (; k > 0; k--)
		if (!fhir_big_mul(x, pi))
			return false;
	return n <= 0 || (n < 450 && fhir_big_mul10(x, (unsigned)n));
}

/* The same when everything is small, which is the rule. False: it is not. */
static bool
compare_small(const struct fhir_decimal *a, const struct fhir_unit *ua,
    const struct fhir_decimal *b, const struct fhir_unit *ub, int64_t ten, int *order)
{
	static const uint32_t pow10[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000,
		100000000, 1000000000 };
	fhir_u128 all = a->digits | b->digits | ua->top | ua->bottom | ub->top | ub->bottom;
	fhir_u128 x, y;

	if (all >> 32 != 0 || ten > 9 || ten < -9 || ua->pi != ub->pi)
		return false;
	x = a->digits * ua->top * ub->bottom * pow10[ten > 0 ? ten : 0];
	y = b->digits * ub->top * ua->bottom * pow10[ten < 0 ? -ten : 0];
	*order = x < y ? -1 : x > y;
	return true;
}

/* Order of a's digits * ua against b's * ub, none zero and no shifts; 2: no room. */
static int
compare_factors(const struct fhir_decimal *a, const struct fhir_unit *ua,
    const struct fhir_decimal *b, const struct fhir_unit *ub)
{
	int pi = ua->pi - ub->pi, order;
	int64_t ten = (int64_t)ua->ten - a->scale - ub->ten + b->scale - 37 * (int64_t)pi;
	struct fhir_big x, y;

	if (compare_small(a, ua, b, ub, ten, &order))
		return order;
	x = fhir_big_from(a->digits);
	y = fhir_big_from(b->digits);
	bool room = fhir_big_mul(&x, ua->top) && fhir_big_mul(&x, ub->bottom) &&
		    fhir_big_mul(&y, ub->top) && fhir_big_mul(&y, ua->bottom) && widen(&x, 0, pi) &&
		    widen(&y, 0, -pi);
	if (!room)
		return 2;
	int64_t lead = fhir_big_digits(&x) + ten - fhir_big_digits(&y);
	if (lead > 1 || lead < -1)
		return lead < 0 ? -1 : 1;
	if (!widen(&x, ten, 0) || !widen(&y, -ten, 0))
		return 2;
	return fhir_big_cmp(&x, &y);
}

static bool
same_factor(const struct fhir_unit *a, const struct fhir_unit *b)
{
	static const struct fhir_decimal one = { 1, 0, false };

	return a->pi == b->pi && a->shift == b->shift && compare_factors(&one, a, &one, b) == 0;
}

enum fhir_unit_relation
fhir_unit_relate(const struct fhir_unit *a, const struct fhir_unit *b)
{
	bool amount = false;

	if (memcmp(a->own, b->own, sizeof(a->own)) != 0)
		return FHIR_UNITS_DIFFERENT;
	for (int i = 0; i < FHIR_DIMENSIONS; i++) {
		if (a->dim[i] == b->dim[i])
			continue;
		if (i != FHIR_DIM_AMOUNT && i != FHIR_DIM_EQUIVALENT && i != FHIR_DIM_OSMOLE)
			return FHIR_UNITS_DIFFERENT;
		amount = true;
	}
	if (amount)
		return FHIR_UNITS_AMOUNT;
	return same_factor(a, b) ? FHIR_UNITS_SAME : FHIR_UNITS_CONVERT;
}

/* Zero of a temperature scale, in K times 1800. */
static struct fhir_decimal
zero_of(const struct fhir_unit *u)
{
	return fhir_decimal_from_int(u->shift == 1 ? 491670 : u->shift == 2 ? 459670 : 0);
}

/* Size of a degree: K times 1800. CW_ELIMIT for fractions that 1800 does not clear. */
static int
degree_of(const struct fhir_unit *u, struct fhir_decimal *out)
{
	if (u->pi != 0 || 1800 % u->bottom != 0 || u->top > 1000000000)
		return CW_ELIMIT;
	*out = (struct fhir_decimal){ u->top * (1800 / u->bottom), -u->ten, false };
	return 0;
}

/* A temperature in K times 1800: exact for every scale known. */
static int
absolute(const struct fhir_decimal *v, const struct fhir_unit *u, struct fhir_decimal *out)
{
	struct fhir_decimal degree, zero = zero_of(u);
	int rc = degree_of(u, &degree);

	if (rc == 0)
		rc = fhir_decimal_mul(v, &degree, out);
	return rc == 0 ? fhir_decimal_add(out, &zero, out) : rc;
}

enum fhir_order
fhir_unit_compare(const struct fhir_decimal *a, const struct fhir_unit *ua,
    const struct fhir_decimal *b, const struct fhir_unit *ub)
{
	enum fhir_unit_relation relation = fhir_unit_relate(ua, ub);
	int sa = fhir_decimal_sign(a), sb = fhir_decimal_sign(b), c;

	if (relation == FHIR_UNITS_SAME)
		return fhir_decimal_compare(a, b);
	if (relation != FHIR_UNITS_CONVERT)
		return FHIR_ANY_ORDER;
	if (ua->shift || ub->shift) {
		struct fhir_decimal x, y;
		if (absolute(a, ua, &x) != 0 || absolute(b, ub, &y) != 0)
			return FHIR_ANY_ORDER;
		return fhir_decimal_compare(&x, &y);
	}
	if (sa != sb)
		return sa < sb ? FHIR_LESS : FHIR_GREATER;
	c = sa == 0 ? 0 : compare_factors(a, ua, b, ub);
	if (c == 0)
		return FHIR_EQUAL;
	if (c == 2)
		return FHIR_ANY_ORDER;
	return (c < 0) == (sa > 0) ? FHIR_LESS : FHIR_GREATER;
}

/* Take factors 2 and 5 out of a divisor into n and a power of ten. */
static bool
clear_divisor(fhir_u128 *divisor, struct fhir_big *n, int64_t *scale)
{
	for (; *divisor % 2 == 0; ++*scale, *divisor /= 2)
		if (!fhir_big_mul(n, 5))
			return false;
	for (; *divisor % 5 == 0; ++*scale, *divisor /= 5)
		if (!fhir_big_mul(n, 2))
			return false;
	return true;
}

/* n / d rounded to 28 significant digits. */
static int
quotient(struct fhir_big *n, const struct fhir_big *d, int64_t scale, bool negative,
    struct fhir_decimal *out)
{
	static const struct fhir_big one = { { 1 }, 1 };
	int64_t k = QUOTIENT_DIGITS - fhir_big_digits(n) + fhir_big_digits(d);
	struct fhir_big q, by, rest;

	for (;; k--) {
		q = *n;
		by = *d;
		if (k >= 0 ? !fhir_big_mul10(&q, (unsigned)k) : !fhir_big_mul10(&by, (unsigned)-k))
			return CW_ELIMIT;
		fhir_big_div(&q, &by, &rest);
		if (fhir_big_digits(&q) <= QUOTIENT_DIGITS)
			break;
	}
	if (!fhir_big_add(&rest, &rest) ||
	    (fhir_big_cmp(&rest, &by) >= 0 && !fhir_big_add(&q, &one)))
		return CW_ELIMIT;
	int rc = fhir_big_decimal(&q, scale + k, negative, out, NULL);
	return rc == 0 ? 1 : rc;
}

/* An exact result: only the digits after the point that it needs. */
static int
exact_result(struct fhir_big *n, int64_t scale, bool negative, struct fhir_decimal *out)
{
	bool rounded = false;
	int rc;

	for (struct fhir_big t = *n; scale > 0; scale--) {
		if (fhir_big_div_small(&t, 10) != 0)
			break;
		*n = t;
	}
	if (scale < 0 && scale > -FHIR_DECIMAL_DIGITS &&
	    fhir_big_digits(n) - scale <= FHIR_DECIMAL_DIGITS) {
		if (!fhir_big_mul10(n, (unsigned)-scale))
			return CW_ELIMIT;
		scale = 0;
	}
	rc = fhir_big_decimal(n, scale, negative, out, &rounded);
	return rc == 0 && rounded ? 1 : rc;
}

static int
convert_factor(const struct fhir_decimal *value, const struct fhir_unit *from,
    const struct fhir_unit *to, struct fhir_decimal *out)
{
	int pi = from->pi - to->pi;
	int64_t scale = (int64_t)value->scale - from->ten + to->ten + 37 * (int64_t)pi;
	fhir_u128 top = from->top, up = to->bottom, down = from->bottom, under = to->top, g;
	fhir_u128 digits = value->digits;
	struct fhir_big n, d;

	g = gcd(top, under), top /= g, under /= g;
	g = gcd(up, down), up /= g, down /= g;
	g = gcd(digits, down), digits /= g, down /= g;
	g = gcd(digits, under), digits /= g, under /= g;
	n = fhir_big_from(digits);
	d = fhir_big_from(1);
	if (!fhir_big_mul(&n, top) || !fhir_big_mul(&n, up) || !clear_divisor(&down, &n, &scale) ||
	    !clear_divisor(&under, &n, &scale) || !widen(&n, 0, pi) || !widen(&d, 0, -pi) ||
	    !fhir_big_mul(&d, down) || !fhir_big_mul(&d, under))
		return CW_ELIMIT;
	if (pi == 0 && down == 1 && under == 1)
		return exact_result(&n, scale, value->negative, out);
	return quotient(&n, &d, scale, value->negative, out);
}

static int
convert_temperature(const struct fhir_decimal *value, const struct fhir_unit *from,
    const struct fhir_unit *to, struct fhir_decimal *out)
{
	struct fhir_decimal k, degree, zero = zero_of(to), back;
	int rc;

	if ((rc = absolute(value, from, &k)) != 0 || (rc = degree_of(to, &degree)) != 0 ||
	    (rc = fhir_decimal_sub(&k, &zero, &k)) != 0 ||
	    (rc = fhir_decimal_div(&k, &degree, out)) != 0 ||
	    (rc = fhir_decimal_mul(out, &degree, &back)) != 0)
		return rc;
	return fhir_decimal_compare(&back, &k) == FHIR_EQUAL ? 0 : 1;
}

int
fhir_unit_convert(const struct fhir_decimal *value, const struct fhir_unit *from,
    const struct fhir_unit *to, struct fhir_decimal *out)
{
	enum fhir_unit_relation relation = fhir_unit_relate(from, to);

	if (relation == FHIR_UNITS_SAME) {
		*out = *value;
		return 0;
	}
	if (relation != FHIR_UNITS_CONVERT)
		return CW_EVALUE;
	if (value->digits == 0 && !from->shift && !to->shift) {
		*out = fhir_decimal_from_int(0);
		return 0;
	}
	if (from->shift || to->shift)
		return convert_temperature(value, from, to, out);
	return convert_factor(value, from, to, out);
}
