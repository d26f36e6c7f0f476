/* quantity: units side by side: order, equivalence, conversion. */
#include "fhir/quantity.h"

#include <string.h>

static bool
has_form(const struct fhir_quantity *q)
{
	return q->kind == FHIR_UNIT_UCUM || q->kind == FHIR_UNIT_CALENDAR;
}

static struct fhir_unit
calendar_form(enum fhir_calendar unit)
{
	static const struct {
		uint16_t factor;
		int8_t ten;
		uint8_t dim;
	} form[] = {
		[FHIR_CAL_YEAR] = { 12, 0, FHIR_DIM_MONTH },
		[FHIR_CAL_MONTH] = { 1, 0, FHIR_DIM_MONTH },
		[FHIR_CAL_WEEK] = { 6048, 2, FHIR_DIM_TIME },
		[FHIR_CAL_DAY] = { 864, 2, FHIR_DIM_TIME },
		[FHIR_CAL_HOUR] = { 36, 2, FHIR_DIM_TIME },
		[FHIR_CAL_MINUTE] = { 6, 1, FHIR_DIM_TIME },
		[FHIR_CAL_SECOND] = { 1, 0, FHIR_DIM_TIME },
		[FHIR_CAL_MILLISECOND] = { 1, -3, FHIR_DIM_TIME },
	};
	struct fhir_unit u = fhir_unit_one();

	u.top = form[unit].factor;
	u.ten = form[unit].ten;
	u.dim[form[unit].dim] = 1;
	return u;
}

int
fhir_quantity_ucum(
    struct fhir_decimal value, struct cw_str code, struct fhir_quantity *out, struct cw_err *err)
{
	int rc;

	memset(out, 0, sizeof(*out));
	out->value = value;
	out->unit = code;
	rc = fhir_ucum_parse(code, &out->form, err);
	out->kind = rc == 0 ? FHIR_UNIT_UCUM : FHIR_UNIT_TEXT;
	return rc;
}

struct fhir_quantity
fhir_quantity_calendar(struct fhir_decimal value, enum fhir_calendar unit)
{
	struct fhir_quantity q;

	memset(&q, 0, sizeof(q));
	q.value = value;
	q.form = calendar_form(unit);
	q.unit = cw_str(fhir_calendar_name(unit));
	q.kind = FHIR_UNIT_CALENDAR;
	q.calendar = (uint8_t)unit;
	return q;
}

struct fhir_quantity
fhir_quantity_number(struct fhir_decimal value)
{
	struct fhir_quantity q;

	memset(&q, 0, sizeof(q));
	q.value = value;
	q.form = fhir_unit_one();
	q.unit = CW_STR("1");
	q.kind = FHIR_UNIT_UCUM;
	return q;
}

enum fhir_unit_relation
fhir_quantity_relate(const struct fhir_quantity *a, const struct fhir_quantity *b)
{
	if (has_form(a) && has_form(b))
		return fhir_unit_relate(&a->form, &b->form);
	if (a->kind == b->kind && !has_form(a) && cw_str_eq(a->unit, b->unit))
		return FHIR_UNITS_SAME;
	return FHIR_UNITS_DIFFERENT;
}

static enum fhir_order
compare_values(const struct fhir_quantity *a, const struct fhir_quantity *b)
{
	if (has_form(a) && has_form(b))
		return fhir_unit_compare(&a->value, &a->form, &b->value, &b->form);
	if (fhir_quantity_relate(a, b) == FHIR_UNITS_SAME)
		return fhir_decimal_compare(&a->value, &b->value);
	return FHIR_ANY_ORDER;
}

/* The stretch of values that a comparator allows. */
struct bounds {
	bool from_below, to_above; /* without end there */
	bool above, below;	   /* the given value itself is excluded */
};

static struct bounds
bounds_of(const struct fhir_quantity *q)
{
	struct bounds b = { false, false, false, false };

	b.from_below = q->comparator == FHIR_CMP_LT || q->comparator == FHIR_CMP_LE;
	b.to_above = q->comparator == FHIR_CMP_GT || q->comparator == FHIR_CMP_GE;
	b.below = q->comparator == FHIR_CMP_LT;
	b.above = q->comparator == FHIR_CMP_GT;
	return b;
}

unsigned
fhir_quantity_compare(const struct fhir_quantity *a, const struct fhir_quantity *b)
{
	enum fhir_order o = compare_values(a, b);
	unsigned possible = 0;

	if (o == FHIR_ANY_ORDER || (!a->comparator && !b->comparator))
		return o;
	struct bounds x = bounds_of(a), y = bounds_of(b);
	if (x.from_below || y.to_above || o == FHIR_LESS)
		possible |= FHIR_LESS;
	if (x.to_above || y.from_below || o == FHIR_GREATER)
		possible |= FHIR_GREATER;
	/* Equal unless one stretch ends before the other begins. */
	bool before = !x.to_above && !y.from_below &&
		      (o == FHIR_LESS || (o == FHIR_EQUAL && (x.below || y.above)));
	bool after = !x.from_below && !y.to_above &&
		     (o == FHIR_GREATER || (o == FHIR_EQUAL && (x.above || y.below)));
	if (!before && !after)
		possible |= FHIR_EQUAL;
	return possible;
}

/* Calendar years and months as the UCUM units that they are equivalent to. */
static struct fhir_unit
definite_form(const struct fhir_quantity *q)
{
	struct fhir_unit u = q->form;

	if (q->kind == FHIR_UNIT_CALENDAR && q->calendar <= FHIR_CAL_MONTH) {
		struct fhir_unit month = fhir_unit_one();
		month.top = 26298; /* 365.25 d / 12 = 2629800 s */
		month.ten = 2;
		month.dim[FHIR_DIM_TIME] = 1;
		u = month;
		u.top *= q->calendar == FHIR_CAL_YEAR ? 12 : 1;
	}
	return u;
}

bool
fhir_quantity_equivalent(const struct fhir_quantity *a, const struct fhir_quantity *b)
{
	static const struct fhir_decimal one = { 1, 0, false };
	struct fhir_decimal x = a->value, y = b->value;
	int rc;

	if (a->comparator != b->comparator)
		return false;
	if (!has_form(a) || !has_form(b))
		return fhir_quantity_relate(a, b) == FHIR_UNITS_SAME &&
		       fhir_decimal_equivalent(&x, &y);
	struct fhir_unit ua = definite_form(a), ub = definite_form(b);
	enum fhir_unit_relation relation = fhir_unit_relate(&ua, &ub);
	if (relation != FHIR_UNITS_SAME && relation != FHIR_UNITS_CONVERT)
		return false;
	if (fhir_unit_compare(&one, &ua, &one, &ub) == FHIR_LESS)
		rc = fhir_unit_convert(&x, &ua, &ub, &x);
	else
		rc = fhir_unit_convert(&y, &ub, &ua, &y);
	return rc >= 0 && fhir_decimal_equivalent(&x, &y);
}

int
fhir_quantity_canonical(const struct fhir_quantity *q, struct cw_str code,
    const struct fhir_unit *form, struct fhir_quantity *out)
{
	struct fhir_quantity r = *q;
	int rc;

	if (!has_form(q))
		return CW_EVALUE;
	rc = fhir_unit_convert(&q->value, &q->form, form, &r.value);
	if (rc < 0)
		return rc;
	r.form = *form;
	r.unit = code;
	r.kind = FHIR_UNIT_UCUM;
	r.calendar = 0;
	*out = r;
	return rc;
}
