/* decimal: text, order, rounding and boundaries; decimal_math.c has the arithmetic. */
#include "fhir/decimal.h"

#include "fhir/big.h"

#include <string.h>

static fhir_u128
pow10_u128(unsigned n)
{
	fhir_u128 p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

static int
count_digits(fhir_u128 v)
{
	int n = 1;

	for (; v >= 10; v /= 10)
		n++;
	return n;
}

struct scan {
	const char *p, *end;
	struct fhir_decimal d;
	int digits; /* without leading zeros */
	int zeros;  /* leading zeros of the integer part, the first one too */
	int seen;
};

static bool
is_digit(const struct scan *s)
{
	return s->p < s->end && *s->p >= '0' && *s->p <= '9';
}

static void
take_digits(struct scan *s, bool after_point)
{
	s->seen = 0;
	for (; is_digit(s); s->p++, s->seen++) {
		if (*s->p != '0' || s->digits > 0)
			s->digits++;
		else if (!after_point)
			s->zeros++;
		if (s->digits <= FHIR_DECIMAL_DIGITS)
			s->d.digits = s->d.digits * 10 + (unsigned)(*s->p - '0');
		if (after_point && s->d.scale < INT32_MAX / 4)
			s->d.scale++;
	}
}

/* False: not of the form. */
static bool
take_exponent(struct scan *s)
{
	bool minus = false;
	int32_t e = 0;

	s->p++;
	if (s->p < s->end && (*s->p == '-' || *s->p == '+'))
		minus = *s->p++ == '-';
	if (!is_digit(s))
		return false;
	for (; is_digit(s); s->p++)
		if (e < INT32_MAX / 40)
			e = e * 10 + (*s->p - '0');
	s->d.scale += minus ? e : -e;
	return true;
}

static int
scan_number(struct cw_str text, bool path, struct fhir_decimal *out, struct cw_err *err)
{
	struct scan s = { text.s, text.n ? text.s + text.n : text.s, { 0, 0, false }, 0, 0, 0 };
	bool ok = text.n > 0;

	if (ok && (*s.p == '-' || (path && *s.p == '+')))
		s.d.negative = *s.p++ == '-';
	take_digits(&s, false);
	ok = ok && s.seen > 0 && (path || s.zeros == 0 || s.seen == 1);
	if (ok && s.p < s.end && *s.p == '.') {
		s.p++;
		take_digits(&s, true);
		ok = s.seen > 0;
	}
	if (ok && !path && s.p < s.end && (*s.p == 'e' || *s.p == 'E'))
		ok = take_exponent(&s);
	memset(out, 0, sizeof(*out));
	if (!ok || s.p != s.end)
		return cw_fail(err, CW_ESYNTAX, "not a decimal number");
	if (s.digits > FHIR_DECIMAL_DIGITS)
		return cw_fail(err, CW_ELIMIT, "a number of more than 38 digits");
	if (s.d.scale > FHIR_DECIMAL_MAX_SCALE || s.d.scale < -FHIR_DECIMAL_MAX_SCALE)
		return cw_fail(err, CW_ELIMIT, "a number with too large an exponent");
	*out = s.d;
	return 0;
}

int
fhir_decimal_parse(struct cw_str lexeme, struct fhir_decimal *out, struct cw_err *err)
{
	return scan_number(lexeme, false, out, err);
}

int
fhir_decimal_parse_path(struct cw_str text, struct fhir_decimal *out, struct cw_err *err)
{
	return scan_number(text, true, out, err);
}

struct fhir_decimal
fhir_decimal_from_int(int64_t i)
{
	struct fhir_decimal d = { 0, 0, i < 0 };

	d.digits = i < 0 ? (fhir_u128)0 - (fhir_u128)i : (fhir_u128)i;
	d.digits = (uint64_t)d.digits;
	return d;
}

/* The digits of v at the end of a buffer; returns how many. */
static int
spell(fhir_u128 v, char *end)
{
	int n = 0;

	do {
		*--end = (char)('0' + (int)(v % 10));
		v /= 10;
		n++;
	} while (v > 0);
	return n;
}

static size_t
put_exponent(char *p, int e)
{
	char text[16], *end = text + sizeof(text);
	int n = spell((fhir_u128)(e < 0 ? -e : e), end);
	size_t at = 0;

	p[at++] = 'E';
	if (e < 0)
		p[at++] = '-';
	memcpy(p + at, end - n, (size_t)n);
	return at + (size_t)n;
}

static size_t
put_plain(char *p, const char *digits, int n, int scale)
{
	int zeros = scale >= n ? scale - n + 1 : 0; /* before the first digit */
	int point = scale > 0 ? n + zeros - scale : -1;
	size_t at = 0;

	for (int i = 0; i < n + zeros; i++) {
		if (i == point)
			p[at++] = '.';
		p[at++] = i < zeros ? '0' : digits[i - zeros];
	}
	for (; scale < 0; scale++)
		p[at++] = '0';
	return at;
}

struct cw_str
fhir_decimal_format(const struct fhir_decimal *d, char *buf)
{
	char text[40], *end = text + sizeof(text);
	int n = spell(d->digits, end);
	const char *digits = end - n;
	size_t at = 0;

	if (d->negative)
		buf[at++] = '-';
	if (d->digits == 0 && d->scale < 0) {
		buf[at++] = '0';
	} else if (d->scale <= 50 && n - d->scale <= FHIR_DECIMAL_DIGITS) {
		at += put_plain(buf + at, digits, n, d->scale);
	} else {
		at += put_plain(buf + at, digits, n, n - 1);
		at += put_exponent(buf + at, n - 1 - d->scale);
	}
	buf[at] = '\0';
	return (struct cw_str){ buf, at };
}

/* Without trailing zeros, in any scale. */
static struct fhir_decimal
strip(struct fhir_decimal d)
{
	if (d.digits == 0)
		return (struct fhir_decimal){ 0, 0, false };
	while (d.digits % 10 == 0) {
		d.digits /= 10;
		d.scale--;
	}
	return d;
}

int
fhir_decimal_to_int(const struct fhir_decimal *d, int64_t *out)
{
	struct fhir_decimal s = strip(*d);

	if (s.scale > 0 || s.scale < -19)
		return 1;
	if (s.digits > (uint64_t)INT64_MAX + 1)
		return 1;
	fhir_u128 v = s.digits * pow10_u128((unsigned)-s.scale);
	if (v > (uint64_t)INT64_MAX + (unsigned)s.negative)
		return 1;
	*out = s.negative ? (int64_t)(0 - (uint64_t)v) : (int64_t)v;
	return 0;
}

bool
fhir_decimal_is_zero(const struct fhir_decimal *d)
{
	return d->digits == 0;
}

int
fhir_decimal_sign(const struct fhir_decimal *d)
{
	return d->digits == 0 ? 0 : d->negative ? -1 : 1;
}

/* Order of magnitudes, neither zero. */
static int
compare_digits(const struct fhir_decimal *a, const struct fhir_decimal *b)
{
	int ea, eb;

	int apart = a->scale - b->scale;

	if (apart >= -18 && apart <= 18 && a->digits >> 64 == 0 && b->digits >> 64 == 0) {
		fhir_u128 p = a->digits * (uint64_t)pow10_u128(apart < 0 ? (unsigned)-apart : 0);
		fhir_u128 q = b->digits * (uint64_t)pow10_u128(apart > 0 ? (unsigned)apart : 0);
		return p < q ? -1 : p > q;
	}
	ea = count_digits(a->digits) - a->scale;
	eb = count_digits(b->digits) - b->scale;
	if (ea != eb)
		return ea < eb ? -1 : 1;
	/* As many digits before the point: the scales differ by less than 38. */
	struct fhir_big x = fhir_big_from(a->digits), y = fhir_big_from(b->digits);
	bool room = a->scale < b->scale ? fhir_big_mul10(&x, (unsigned)(b->scale - a->scale))
					: fhir_big_mul10(&y, (unsigned)(a->scale - b->scale));
	return room ? fhir_big_cmp(&x, &y) : 0;
}

enum fhir_order
fhir_decimal_compare(const struct fhir_decimal *a, const struct fhir_decimal *b)
{
	int sa = fhir_decimal_sign(a), sb = fhir_decimal_sign(b), c;

	if (sa != sb)
		return sa < sb ? FHIR_LESS : FHIR_GREATER;
	if (sa == 0)
		return FHIR_EQUAL;
	c = compare_digits(a, b);
	if (c == 0)
		return FHIR_EQUAL;
	return (c < 0) == (sa > 0) ? FHIR_LESS : FHIR_GREATER;
}

bool
fhir_decimal_equivalent(const struct fhir_decimal *a, const struct fhir_decimal *b)
{
	struct fhir_decimal x = strip(*a), y = strip(*b);
	int n = x.scale < y.scale ? x.scale : y.scale;

	if (n < 0)
		n = 0;
	x = fhir_decimal_round(*a, n);
	y = fhir_decimal_round(*b, n);
	return fhir_decimal_compare(&x, &y) == FHIR_EQUAL;
}

uint64_t
fhir_decimal_hash(const struct fhir_decimal *d)
{
	struct fhir_decimal s = strip(*d);
	struct {
		uint64_t low, high;
		int64_t scale;
	} key = { (uint64_t)s.digits, (uint64_t)(s.digits >> 64),
		s.negative ? ~(int64_t)s.scale : s.scale };

	return cw_hash(&key, sizeof(key));
}

struct fhir_decimal
fhir_decimal_neg(struct fhir_decimal d)
{
	d.negative = !d.negative;
	return d;
}

struct fhir_decimal
fhir_decimal_abs(struct fhir_decimal d)
{
	d.negative = false;
	return d;
}

/* Drop n digits; true in *half when what went is at least a half, in *rest when it was anything. */
static fhir_u128
drop_digits(fhir_u128 v, int n, bool *half, bool *rest)
{
	*half = false;
	*rest = v != 0;
	if (n > FHIR_DECIMAL_DIGITS)
		return 0;
	fhir_u128 unit = pow10_u128((unsigned)n);
	*half = v % unit >= unit - unit / 2;
	*rest = v % unit != 0;
	return v / unit;
}

struct fhir_decimal
fhir_decimal_round(struct fhir_decimal d, int n)
{
	bool half, rest;

	if (d.scale <= n)
		return d;
	d.digits = drop_digits(d.digits, d.scale - n, &half, &rest);
	d.digits += half;
	d.scale = n;
	return d;
}

struct fhir_decimal
fhir_decimal_truncate(struct fhir_decimal d)
{
	bool half, rest;

	if (d.scale <= 0)
		return d;
	d.digits = drop_digits(d.digits, d.scale, &half, &rest);
	d.scale = 0;
	return d;
}

/* Truncated, and one farther from zero when something was cut and the sign is the one given. */
static struct fhir_decimal
outward(struct fhir_decimal d, bool negative)
{
	bool half, rest = false;

	if (d.scale <= 0)
		return d;
	d.digits = drop_digits(d.digits, d.scale, &half, &rest);
	d.digits += rest && d.negative == negative;
	d.scale = 0;
	return d;
}

struct fhir_decimal
fhir_decimal_floor(struct fhir_decimal d)
{
	return outward(d, true);
}

struct fhir_decimal
fhir_decimal_ceiling(struct fhir_decimal d)
{
	return outward(d, false);
}

int
fhir_decimal_precision(const struct fhir_decimal *d)
{
	return d->scale > 0 ? d->scale : 0;
}

static int
boundary(const struct fhir_decimal *d, int n, bool high, struct fhir_decimal *out)
{
	struct fhir_decimal r = *d;
	bool widen = r.digits == 0 || r.negative != high, half, rest;

	if (n == -1)
		n = 8;
	if (n < 0 || n > 31 || r.scale < 0 || count_digits(r.digits) >= FHIR_DECIMAL_DIGITS)
		return 1;
	if (r.digits == 0)
		r.negative = !high;
	r.digits = widen ? r.digits * 10 + 5 : r.digits * 10 - 5;
	r.scale++;
	if (r.scale > n) {
		r.digits = drop_digits(r.digits, r.scale - n, &half, &rest);
		r.digits += widen && half;
	} else {
		int more = n - r.scale;
		if (count_digits(r.digits) + more > FHIR_DECIMAL_DIGITS)
			return 1;
		r.digits *= pow10_u128((unsigned)more);
	}
	r.scale = n;
	*out = r;
	return 0;
}

int
fhir_decimal_low(const struct fhir_decimal *d, int n, struct fhir_decimal *out)
{
	return boundary(d, n, false, out);
}

int
fhir_decimal_high(const struct fhir_decimal *d, int n, struct fhir_decimal *out)
{
	return boundary(d, n, true, out);
}
