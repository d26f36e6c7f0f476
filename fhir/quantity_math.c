/* quantity_math: sums, products with combined units, durations. */
#include "fhir/quantity.h"

#include <string.h>

static int
sum(const struct fhir_quantity *a, const struct fhir_quantity *b, bool minus,
    struct fhir_quantity *out)
{
	static const struct fhir_decimal one = { 1, 0, false };
	enum fhir_unit_relation relation = fhir_quantity_relate(a, b);
	struct fhir_decimal x = a->value, y = b->value;
	const struct fhir_quantity *unit = a;
	int rc = 0;

	if (a->comparator || b->comparator)
		return 1;
	if (relation == FHIR_UNITS_CONVERT) {
		if (fhir_unit_compare(&one, &a->form, &one, &b->form) == FHIR_GREATER) {
			unit = b;
			rc = fhir_unit_convert(&x, &a->form, &b->form, &x);
		} else {
			rc = fhir_unit_convert(&y, &b->form, &a->form, &y);
		}
	} else if (relation != FHIR_UNITS_SAME) {
		return 1;
	}
	if (rc < 0)
		return rc;
	struct fhir_quantity r = *unit;
	rc = minus ? fhir_decimal_sub(&x, &y, &r.value) : fhir_decimal_add(&x, &y, &r.value);
	if (rc == 0)
		*out = r;
	return rc;
}

int
fhir_quantity_add(
    const struct fhir_quantity *a, const struct fhir_quantity *b, struct fhir_quantity *out)
{
	return sum(a, b, false, out);
}

int
fhir_quantity_sub(
    const struct fhir_quantity *a, const struct fhir_quantity *b, struct fhir_quantity *out)
{
	return sum(a, b, true, out);
}

/* The UCUM code of a unit, or the absent string for calendar years and months. */
static struct cw_str
code_of(const struct fhir_quantity *q)
{
	static const char *const code[] = { NULL, NULL, "wk", "d", "h", "min", "s", "ms" };

	return q->kind == FHIR_UNIT_CALENDAR ? cw_str(code[q->calendar]) : q->unit;
}

static bool
is_one(const struct fhir_quantity *q)
{
	return q->kind == FHIR_UNIT_UCUM && cw_str_is(q->unit, "1");
}

/* Must it stand in parentheses as a factor? */
static bool
is_term(struct cw_str code)
{
	return memchr(code.s, '.', code.n) || memchr(code.s, '/', code.n);
}

/* Text and form of a combined unit. 0, 1 or CW_ELIMIT. */
static int
combine(struct cw_arena *arena, const struct fhir_quantity *a, const struct fhir_quantity *b,
    bool over, struct fhir_quantity *out)
{
	struct fhir_unit one = fhir_unit_one();
	struct cw_str x = code_of(a), y = code_of(b);
	bool paren = is_term(y);
	int rc;

	rc = over ? fhir_unit_div(&a->form, &b->form, &out->form)
		  : fhir_unit_mul(&a->form, &b->form, &out->form);
	if (rc != 0)
		return rc == CW_EVALUE ? 1 : rc;
	out->kind = FHIR_UNIT_UCUM;
	if (fhir_unit_relate(&out->form, &one) == FHIR_UNITS_SAME)
		out->unit = CW_STR("1");
	else
		out->unit = cw_fmt(arena, "%.*s%c%s%.*s%s", CW_ARG(x), over ? '/' : '.',
		    paren ? "(" : "", CW_ARG(y), paren ? ")" : "");
	return out->unit.s && out->unit.n <= 255 ? 0 : CW_ELIMIT;
}

static int
product(struct cw_arena *arena, const struct fhir_quantity *a, const struct fhir_quantity *b,
    bool over, struct fhir_quantity *out)
{
	struct fhir_quantity r;
	struct fhir_decimal value;
	int rc;

	if (a->kind == FHIR_UNIT_NONE || a->kind == FHIR_UNIT_TEXT || b->kind == FHIR_UNIT_NONE ||
	    b->kind == FHIR_UNIT_TEXT || a->comparator || b->comparator)
		return 1;
	rc = over ? fhir_decimal_div(&a->value, &b->value, &value)
		  : fhir_decimal_mul(&a->value, &b->value, &value);
	if (rc != 0)
		return rc;
	if (is_one(b)) {
		r = *a;
	} else if (is_one(a) && !over) {
		r = *b;
	} else if (!code_of(a).s || !code_of(b).s) {
		if (!over || fhir_quantity_relate(a, b) != FHIR_UNITS_SAME)
			return 1;
		r = fhir_quantity_number(value);
	} else {
		memset(&r, 0, sizeof(r));
		if ((rc = combine(arena, a, b, over, &r)) != 0)
			return rc;
	}
	r.value = value;
	*out = r;
	return 0;
}

int
fhir_quantity_mul(struct cw_arena *arena, const struct fhir_quantity *a,
    const struct fhir_quantity *b, struct fhir_quantity *out)
{
	return product(arena, a, b, false, out);
}

int
fhir_quantity_div(struct cw_arena *arena, const struct fhir_quantity *a,
    const struct fhir_quantity *b, struct fhir_quantity *out)
{
	return product(arena, a, b, true, out);
}

/* False: not a duration that a date can be moved by. */
static bool
duration_unit(const struct fhir_quantity *q, enum fhir_calendar *unit)
{
	static const struct {
		const char *code;
		enum fhir_calendar unit;
	} codes[] = { { "wk", FHIR_CAL_WEEK }, { "d", FHIR_CAL_DAY }, { "h", FHIR_CAL_HOUR },
		{ "min", FHIR_CAL_MINUTE }, { "s", FHIR_CAL_SECOND },
		{ "ms", FHIR_CAL_MILLISECOND } };

	if (q->kind == FHIR_UNIT_CALENDAR) {
		*unit = (enum fhir_calendar)q->calendar;
		return true;
	}
	if (q->kind == FHIR_UNIT_TEXT)
		return fhir_calendar_find(q->unit, unit);
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (q->kind == FHIR_UNIT_UCUM && cw_str_is(q->unit, codes[i].code)) {
			*unit = codes[i].unit;
			return true;
		}
	return false;
}

int
fhir_quantity_duration(const struct fhir_quantity *q, int64_t *n, enum fhir_calendar *unit)
{
	static const struct fhir_decimal thousand = { 1000, 0, false };
	struct fhir_decimal v;
	int rc;

	if (q->comparator || !duration_unit(q, unit))
		return CW_ETYPE;
	v = fhir_decimal_truncate(q->value);
	if (*unit == FHIR_CAL_SECOND && fhir_decimal_compare(&v, &q->value) != FHIR_EQUAL) {
		if ((rc = fhir_decimal_mul(&q->value, &thousand, &v)) != 0)
			return rc;
		v = fhir_decimal_truncate(v);
		*unit = FHIR_CAL_MILLISECOND;
	}
	return fhir_decimal_to_int(&v, n) == 0 ? 0 : CW_ELIMIT;
}
