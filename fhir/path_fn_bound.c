/* path_fn_bound: lowBoundary, highBoundary, precision, comparable (FHIRPath 2.0, 5.7 and 6). */
#include "fhir/path_fn.h"

typedef int decimal_bound(const struct fhir_decimal *d, int n, struct fhir_decimal *out);
typedef int time_bound(const struct fhir_time *t, int digits, struct fhir_time *out);

static bool
is_time(const struct fhir_item *v)
{
	return v->kind == FHIR_ITEM_DATE || v->kind == FHIR_ITEM_DATETIME ||
	       v->kind == FHIR_ITEM_TIME;
}

static bool
is_number(const struct fhir_item *v)
{
	return v->kind == FHIR_ITEM_INTEGER || v->kind == FHIR_ITEM_LONG ||
	       v->kind == FHIR_ITEM_DECIMAL || v->kind == FHIR_ITEM_QUANTITY;
}

static int
no_such_type(struct path_call *c)
{
	return path_fail(
	    c, CW_ETYPE, "%s() needs a number, a quantity, a date or a time", c->node->fn->name);
}

static int
bound(struct path_call *c, decimal_bound *number, time_bound *when)
{
	int64_t digits = c->args ? c->value[0]->i : -1;
	struct fhir_quantity q;
	struct fhir_decimal d;
	struct fhir_time t;

	if (c->args && (digits < 0 || digits > FHIR_DECIMAL_DIGITS))
		return 0;
	if (is_time(c->one)) {
		t = path_time(c->one);
		if (when(&t, c->args ? (int)digits : 0, &t) || (c->args && digits == 0))
			return 0;
		return path_emit_time(c, (enum fhir_item_kind)c->one->kind, &t);
	}
	if (!is_number(c->one))
		return no_such_type(c);
	d = path_decimal(c->one);
	if (number(&d, (int)digits, &d))
		return 0;
	if (c->one->kind != FHIR_ITEM_QUANTITY)
		return path_emit_decimal(c, &d);
	q = *c->one->quantity;
	q.value = d;
	return path_emit_quantity(c, &q);
}

static int
run_low(struct path_call *c)
{
	return bound(c, fhir_decimal_low, fhir_time_low);
}

static int
run_high(struct path_call *c)
{
	return bound(c, fhir_decimal_high, fhir_time_high);
}

static int
run_precision(struct path_call *c)
{
	struct fhir_decimal d;
	struct fhir_time t;

	if (is_time(c->one)) {
		t = path_time(c->one);
		return path_emit_integer(c, fhir_time_precision(&t));
	}
	if (!is_number(c->one))
		return no_such_type(c);
	d = path_decimal(c->one);
	return path_emit_integer(c, fhir_decimal_precision(&d));
}

static int
run_comparable(struct path_call *c)
{
	struct fhir_quantity a, b;
	enum fhir_unit_relation relation;

	if (!is_number(c->one) || !is_number(c->value[0]))
		return path_fail(c, CW_ETYPE, "comparable() needs quantities");
	a = c->one->kind == FHIR_ITEM_QUANTITY ? *c->one->quantity
					       : fhir_quantity_number(path_decimal(c->one));
	b = c->value[0]->kind == FHIR_ITEM_QUANTITY
		? *c->value[0]->quantity
		: fhir_quantity_number(path_decimal(c->value[0]));
	relation = fhir_quantity_relate(&a, &b);
	return path_emit_boolean(c, relation == FHIR_UNITS_SAME || relation == FHIR_UNITS_CONVERT);
}

const struct path_fn path_fn_bound[] = {
	{ .name = "lowBoundary",
	    .most = 1,
	    .in = PATH_ONE,
	    .arg = { PATH_INTEGER },
	    .result = FHIR_ITEM_ANY,
	    .flags = PATH_FN_ONE,
	    .run = run_low },
	{ .name = "highBoundary",
	    .most = 1,
	    .in = PATH_ONE,
	    .arg = { PATH_INTEGER },
	    .result = FHIR_ITEM_ANY,
	    .flags = PATH_FN_ONE,
	    .run = run_high },
	{ .name = "precision",
	    .in = PATH_ONE,
	    .result = FHIR_ITEM_INTEGER,
	    .flags = PATH_FN_ONE,
	    .run = run_precision },
	{ .name = "comparable",
	    .least = 1,
	    .most = 1,
	    .in = PATH_ONE,
	    .arg = { PATH_ONE },
	    .result = FHIR_ITEM_BOOLEAN,
	    .flags = PATH_FN_ONE,
	    .run = run_comparable },
	{ .name = NULL },
};
