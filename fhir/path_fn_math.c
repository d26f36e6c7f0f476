/* path_fn_math: arithmetic functions (FHIRPath N1 5.7). What is no real number, or has no room, is
 * empty. */
#include "fhir/path_fn.h"

static bool
is_whole(const struct fhir_item *v)
{
	return v->kind == FHIR_ITEM_INTEGER || v->kind == FHIR_ITEM_LONG;
}

static int
not_for_quantity(struct path_call *c)
{
	return path_fail(c, CW_ETYPE, "%s() is not defined for a Quantity", c->node->fn->name);
}

static int
run_abs(struct path_call *c)
{
	struct fhir_quantity q;
	struct fhir_decimal d;

	if (c->one->kind == FHIR_ITEM_QUANTITY) {
		q = *c->one->quantity;
		q.value = fhir_decimal_abs(q.value);
		return path_emit_quantity(c, &q);
	}
	if (is_whole(c->one)) {
		if (c->one->i == INT64_MIN)
			return 0;
		return path_emit_integer(c, c->one->i < 0 ? -c->one->i : c->one->i);
	}
	d = fhir_decimal_abs(*c->one->decimal);
	return path_emit_decimal(c, &d);
}

static int
to_whole(struct path_call *c, struct fhir_decimal (*fn)(struct fhir_decimal))
{
	struct fhir_decimal d;
	int64_t i;

	if (c->one->kind == FHIR_ITEM_QUANTITY)
		return not_for_quantity(c);
	if (is_whole(c->one))
		return path_emit(c, c->one);
	d = fn(*c->one->decimal);
	return fhir_decimal_to_int(&d, &i) ? 0 : path_emit_integer(c, i);
}

static int
run_ceiling(struct path_call *c)
{
	return to_whole(c, fhir_decimal_ceiling);
}

static int
run_floor(struct path_call *c)
{
	return to_whole(c, fhir_decimal_floor);
}

static int
run_truncate(struct path_call *c)
{
	return to_whole(c, fhir_decimal_truncate);
}

static int
run_round(struct path_call *c)
{
	int64_t places = c->args ? c->value[0]->i : 0;
	struct fhir_decimal d;

	if (c->one->kind == FHIR_ITEM_QUANTITY)
		return not_for_quantity(c);
	if (places < 0 || places > FHIR_DECIMAL_DIGITS)
		return path_fail(c, CW_EVALUE, "round() takes 0 to %d digits", FHIR_DECIMAL_DIGITS);
	if (is_whole(c->one))
		return path_emit(c, c->one);
	d = fhir_decimal_round(*c->one->decimal, (int)places);
	return path_emit_decimal(c, &d);
}

/* A real function of one number. */
static int
real(struct path_call *c, int (*fn)(const struct fhir_decimal *, struct fhir_decimal *))
{
	struct fhir_decimal d;

	if (c->one->kind == FHIR_ITEM_QUANTITY)
		return not_for_quantity(c);
	d = path_decimal(c->one);
	return fn(&d, &d) ? 0 : path_emit_decimal(c, &d);
}

static int
run_exp(struct path_call *c)
{
	return real(c, fhir_decimal_exp);
}

static int
run_ln(struct path_call *c)
{
	return real(c, fhir_decimal_ln);
}

static int
run_sqrt(struct path_call *c)
{
	return real(c, fhir_decimal_sqrt);
}

static int
run_log(struct path_call *c)
{
	struct fhir_decimal d, base;

	if (c->one->kind == FHIR_ITEM_QUANTITY || c->value[0]->kind == FHIR_ITEM_QUANTITY)
		return not_for_quantity(c);
	d = path_decimal(c->one);
	base = path_decimal(c->value[0]);
	return fhir_decimal_log(&d, &base, &d) ? 0 : path_emit_decimal(c, &d);
}

static int
run_power(struct path_call *c)
{
	struct fhir_decimal d, exponent;
	int64_t i;

	if (c->one->kind == FHIR_ITEM_QUANTITY || c->value[0]->kind == FHIR_ITEM_QUANTITY)
		return not_for_quantity(c);
	d = path_decimal(c->one);
	exponent = path_decimal(c->value[0]);
	if (fhir_decimal_power(&d, &exponent, &d))
		return 0;
	if (is_whole(c->one) && is_whole(c->value[0]) && fhir_decimal_to_int(&d, &i) == 0)
		return path_emit_integer(c, i);
	return path_emit_decimal(c, &d);
}

#define ROW(NAME, RESULT, RUN)                                                                     \
	{                                                                                          \
		.name = NAME, .in = PATH_NUMBER, .result = RESULT, .flags = PATH_FN_ONE,           \
		.run = RUN                                                                         \
	}
#define ROW1(NAME, LEAST, KIND, RESULT, RUN)                                                       \
	{                                                                                          \
		.name = NAME, .least = LEAST, .most = 1, .in = PATH_NUMBER, .arg = { KIND },       \
		.result = RESULT, .flags = PATH_FN_ONE, .run = RUN                                 \
	}

const struct path_fn path_fn_math[] = {
	ROW("abs", FHIR_ITEM_ANY, run_abs),
	ROW("ceiling", FHIR_ITEM_INTEGER, run_ceiling),
	ROW("floor", FHIR_ITEM_INTEGER, run_floor),
	ROW("truncate", FHIR_ITEM_INTEGER, run_truncate),
	ROW("exp", FHIR_ITEM_DECIMAL, run_exp),
	ROW("ln", FHIR_ITEM_DECIMAL, run_ln),
	ROW("sqrt", FHIR_ITEM_DECIMAL, run_sqrt),
	ROW1("round", 0, PATH_INTEGER, FHIR_ITEM_ANY, run_round),
	ROW1("log", 1, PATH_NUMBER, FHIR_ITEM_DECIMAL, run_log),
	ROW1("power", 1, PATH_NUMBER, FHIR_ITEM_ANY, run_power),
	{ .name = NULL },
};
