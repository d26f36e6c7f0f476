/* ucum_parse: UCUM's grammar, case sensitive, straight to canonical form. */
#include "fhir/ucum_internal.h"

#include <string.h>

enum { MAX_TEXT = 255, MAX_DEPTH = 8, MAX_POWER = 100 };

struct parser {
	const char *p, *end;
	int depth;
	struct cw_err *err;
};

static int term(struct parser *c, struct fhir_unit *out);

static int
syntax(struct parser *c, const char *what)
{
	return cw_fail(c->err, CW_ESYNTAX, "%s", what);
}

static bool
at(const struct parser *c, char wanted)
{
	return c->p < c->end && *c->p == wanted;
}

static bool
at_digit(const struct parser *c)
{
	return c->p < c->end && *c->p >= '0' && *c->p <= '9';
}

static const struct ucum_row *
find_row(const char *s, size_t n)
{
	size_t low = 0, high = ucum_row_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = cw_str_cmp((struct cw_str){ s, n }, cw_str(ucum_rows[mid].code));
		if (c == 0)
			return &ucum_rows[mid];
		if (c < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

static struct fhir_unit
unit_of(const struct ucum_row *row)
{
	struct fhir_unit u = fhir_unit_one();

	u.top = row->top;
	u.bottom = row->bottom;
	u.ten = row->ten;
	u.pi = row->pi;
	u.shift = row->shift;
	memcpy(u.dim, row->dim, sizeof(row->dim));
	if (row->own) {
		u.own[0].unit = row->own;
		u.own[0].power = 1;
	}
	return u;
}

/* A unit symbol of n bytes, with or without prefix. */
static int
find_unit(struct parser *c, const char *s, size_t n, struct fhir_unit *out)
{
	const struct ucum_row *row = find_row(s, n);

	if (row) {
		*out = unit_of(row);
		return 0;
	}
	for (size_t i = 0; i < ucum_prefix_count; i++) {
		const struct ucum_prefix *prefix = &ucum_prefixes[i];
		size_t m = strlen(prefix->code);
		if (m >= n || memcmp(s, prefix->code, m) != 0)
			continue;
		row = find_row(s + m, n - m);
		if (!row || !row->metric)
			continue;
		*out = unit_of(row);
		out->top *= prefix->factor;
		out->ten += prefix->ten;
		return 0;
	}
	return syntax(c, "not a UCUM unit");
}

static int
exponent(struct parser *c, int *power)
{
	bool minus = at(c, '-');
	int v = 0;

	*power = 1;
	if (at(c, '-') || at(c, '+'))
		c->p++;
	else if (!at_digit(c))
		return 0;
	if (!at_digit(c))
		return syntax(c, "an exponent without digits in a UCUM unit");
	for (; at_digit(c); c->p++) {
		v = v * 10 + (*c->p - '0');
		if (v > MAX_POWER)
			return cw_fail(c->err, CW_ELIMIT, "too large an exponent in a UCUM unit");
	}
	*power = minus ? -v : v;
	return 0;
}

static int
raise_to(struct parser *c, const struct fhir_unit *u, int power, struct fhir_unit *out)
{
	int rc = 0;

	if (power == 1) {
		*out = *u;
		return 0;
	}
	*out = fhir_unit_one();
	for (int i = 0; i < (power < 0 ? -power : power) && rc == 0; i++)
		rc = power < 0 ? fhir_unit_div(out, u, out) : fhir_unit_mul(out, u, out);
	if (rc == 0 && u->shift)
		rc = CW_EVALUE;
	return rc < 0 ? cw_fail(c->err, rc, "a UCUM unit that cannot have this exponent") : rc;
}

/* An integer, or 10* and 10^ with their exponent. */
static int
number(struct parser *c, struct fhir_unit *out)
{
	const char *start = c->p;
	uint64_t v = 0;
	int power, rc;

	*out = fhir_unit_one();
	for (; at_digit(c); c->p++) {
		if (v > UINT64_MAX / 10 - 1)
			return cw_fail(c->err, CW_ELIMIT, "too large a number in a UCUM unit");
		v = v * 10 + (uint64_t)(*c->p - '0');
	}
	if (c->p - start == 2 && v == 10 && (at(c, '*') || at(c, '^'))) {
		c->p++;
		if ((rc = exponent(c, &power)) == 0)
			out->ten = power;
		return rc;
	}
	if (v == 0)
		return syntax(c, "zero as a factor of a UCUM unit");
	out->top = v;
	return 0;
}

/* The end of a symbol: brackets whole, whatever they hold. NULL: an open bracket. */
static const char *
symbol_end(const struct parser *c)
{
	const char *p = c->p;

	while (p < c->end && !memchr("./(){}+-0123456789", *p, 18)) {
		if (*p == '[') {
			p = memchr(p, ']', (size_t)(c->end - p));
			if (!p)
				return NULL;
		}
		p++;
	}
	return p;
}

static int
annotation(struct parser *c)
{
	for (c->p++; c->p < c->end; c->p++) {
		if (*c->p == '}') {
			c->p++;
			return 0;
		}
		if (*c->p < '!' || *c->p > '~' || *c->p == '{')
			break;
	}
	return syntax(c, "an annotation that does not end in a UCUM unit");
}

static int
symbol(struct parser *c, struct fhir_unit *out)
{
	const char *end = symbol_end(c);
	struct fhir_unit u;
	int power, rc;

	if (!end || end == c->p)
		return syntax(c, "not a UCUM unit");
	if ((rc = find_unit(c, c->p, (size_t)(end - c->p), &u)) != 0)
		return rc;
	c->p = end;
	if ((rc = exponent(c, &power)) != 0)
		return rc;
	return raise_to(c, &u, power, out);
}

static int
component(struct parser *c, struct fhir_unit *out)
{
	int rc;

	*out = fhir_unit_one();
	if (at(c, '{'))
		return annotation(c);
	if (at(c, '(')) {
		if (++c->depth > MAX_DEPTH)
			return cw_fail(c->err, CW_ELIMIT, "a UCUM unit nested too deeply");
		c->p++;
		if ((rc = term(c, out)) != 0)
			return rc;
		if (!at(c, ')'))
			return syntax(c, "an open parenthesis in a UCUM unit");
		c->p++;
		c->depth--;
	} else if ((rc = at_digit(c) ? number(c, out) : symbol(c, out)) != 0) {
		return rc;
	}
	return at(c, '{') ? annotation(c) : 0;
}

static int
term(struct parser *c, struct fhir_unit *out)
{
	struct fhir_unit u;
	bool over = at(c, '/');
	int rc;

	*out = fhir_unit_one();
	if (over)
		c->p++;
	for (;;) {
		if ((rc = component(c, &u)) != 0)
			return rc;
		rc = over ? fhir_unit_div(out, &u, out) : fhir_unit_mul(out, &u, out);
		if (rc == CW_EVALUE)
			return cw_fail(c->err, rc, "a temperature scale within a UCUM product");
		if (rc != 0)
			return cw_fail(c->err, rc, "too large a factor in a UCUM unit");
		over = at(c, '/');
		if (!over && !at(c, '.'))
			return 0;
		c->p++;
	}
}

int
fhir_ucum_parse(struct cw_str code, struct fhir_unit *out, struct cw_err *err)
{
	struct parser c = { code.s, NULL, 0, err };
	int rc;

	*out = fhir_unit_one();
	if (code.n == 0)
		return syntax(&c, "an empty UCUM unit");
	c.end = code.s + code.n;
	if (code.n > MAX_TEXT)
		return cw_fail(err, CW_ELIMIT, "a UCUM unit of more than 255 bytes");
	rc = term(&c, out);
	if (rc == 0 && c.p != c.end)
		rc = syntax(&c, "not a UCUM unit");
	if (rc != 0)
		*out = fhir_unit_one();
	return rc;
}
