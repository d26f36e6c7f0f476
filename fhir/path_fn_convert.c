/* path_fn_convert: toX() and convertsToX() (FHIRPath N1 5.5). Each conversion is one function: 1
 * converted, 0 not convertible, negative an error; convertsToX() asks the same function. */
#include "fhir/path_fn.h"

#include <string.h>

struct conversion {
	struct fhir_item item;
	union {
		struct fhir_decimal decimal;
		struct fhir_time time;
		struct fhir_quantity quantity;
	};
};
typedef int convert_fn(struct path_call *c, const struct fhir_item *v, struct conversion *to);

static bool
one_of(struct cw_str s, const char *const *words)
{
	for (; *words; words++) {
		size_t n = strlen(*words), i = 0;

		while (i < n && n == s.n &&
		       (s.s[i] >= 'A' && s.s[i] <= 'Z' ? s.s[i] + 32 : s.s[i]) == (*words)[i])
			i++;
		if (i == n && n == s.n)
			return true;
	}
	return false;
}

static bool
is_number(const struct fhir_item *v)
{
	return v->kind == FHIR_ITEM_INTEGER || v->kind == FHIR_ITEM_LONG ||
	       v->kind == FHIR_ITEM_DECIMAL;
}

static int
to_boolean(struct path_call *c, const struct fhir_item *v, struct conversion *to)
{
	static const char *const yes[] = { "true", "t", "yes", "y", "1", "1.0", NULL };
	static const char *const no[] = { "false", "f", "no", "n", "0", "0.0", NULL };
	struct fhir_decimal d, one = fhir_decimal_from_int(1);
	bool truth = v->i != 0;

	(void)c;
	if (v->kind == FHIR_ITEM_STRING) {
		truth = one_of(path_text(v), yes);
		if (!truth && !one_of(path_text(v), no))
			return 0;
	} else if (is_number(v)) {
		d = path_decimal(v);
		truth = fhir_decimal_compare(&d, &one) == FHIR_EQUAL;
		if (!truth && !fhir_decimal_is_zero(&d))
			return 0;
	} else if (v->kind != FHIR_ITEM_BOOLEAN) {
		return 0;
	}
	to->item = fhir_item_boolean(truth);
	return 1;
}

/* [+-]?[0-9]+ within 64 bits. */
static bool
read_integer(struct cw_str s, int64_t *out)
{
	bool minus = s.n && s.s[0] == '-';
	size_t i = minus || (s.n && s.s[0] == '+') ? 1 : 0;
	int64_t v = 0;

	if (i == s.n)
		return false;
	for (; i < s.n; i++) {
		if (s.s[i] < '0' || s.s[i] > '9' || __builtin_mul_overflow(v, 10, &v))
			return false;
		if (__builtin_sub_overflow(v, s.s[i] - '0', &v))
			return false;
	}
	if (!minus && v == INT64_MIN)
		return false;
	*out = minus ? v : -v;
	return true;
}

static int
to_long(struct path_call *c, const struct fhir_item *v, struct conversion *to)
{
	int64_t i = v->i;

	(void)c;
	if (v->kind == FHIR_ITEM_STRING) {
		if (!read_integer(path_text(v), &i))
			return 0;
	} else if (v->kind != FHIR_ITEM_INTEGER && v->kind != FHIR_ITEM_LONG &&
		   v->kind != FHIR_ITEM_BOOLEAN) {
		return 0;
	}
	to->item = fhir_item_integer(i);
	to->item.kind = FHIR_ITEM_LONG;
	return 1;
}

static int
to_integer(struct path_call *c, const struct fhir_item *v, struct conversion *to)
{
	int r = to_long(c, v, to);

	if (r != 1 || to->item.i < INT32_MIN || to->item.i > INT32_MAX)
		return 0;
	to->item.kind = FHIR_ITEM_INTEGER;
	return 1;
}

static int
to_decimal(struct path_call *c, const struct fhir_item *v, struct conversion *to)
{
	(void)c;
	if (v->kind == FHIR_ITEM_STRING) {
		if (fhir_decimal_parse_path(path_text(v), &to->decimal, NULL))
			return 0;
	} else if (is_number(v)) {
		to->decimal = path_decimal(v);
	} else if (v->kind == FHIR_ITEM_BOOLEAN) {
		to->decimal = fhir_decimal_from_int(v->i);
	} else {
		return 0;
	}
	to->item = fhir_item_decimal(&to->decimal);
	return 1;
}

static int
to_string(struct path_call *c, const struct fhir_item *v, struct conversion *to)
{
	struct cw_str s;

	if (v->kind == FHIR_ITEM_NODE || v->kind == FHIR_ITEM_RECORD || v->kind == FHIR_ITEM_TYPE)
		return 0;
	s = fhir_item_text(c->x->arena, c->x->model, v);
	if (!s.s)
		return path_fail(c, CW_ELIMIT, "the result is too large");
	to->item = fhir_item_string(s);
	return 1;
}

static int
to_time(const struct fhir_item *v, enum fhir_item_kind kind, enum fhir_time_kind parse,
    struct conversion *to)
{
	if (v->kind == FHIR_ITEM_STRING) {
		if (fhir_time_parse_path(parse, path_text(v), &to->time, NULL))
			return 0;
	} else if (v->kind == (uint8_t)kind) {
		to->time = path_time(v);
	} else {
		return 0;
	}
	to->item = fhir_item_time(kind, &to->time);
	return 1;
}

static int
to_date(struct path_call *c, const struct fhir_item *v, struct conversion *to)
{
	struct fhir_time t;

	(void)c;
	if (v->kind != FHIR_ITEM_DATETIME)
		return to_time(v, FHIR_ITEM_DATE, FHIR_TIME_DATE, to);
	t = path_time(v);
	to->time = (struct fhir_time){ .kind = FHIR_TIME_DATE,
		.precision = t.precision < FHIR_TO_DAY ? t.precision : FHIR_TO_DAY,
		.year = t.year,
		.month = t.month,
		.day = t.day };
	to->item = fhir_item_time(FHIR_ITEM_DATE, &to->time);
	return 1;
}

static int
to_date_time(struct path_call *c, const struct fhir_item *v, struct conversion *to)
{
	(void)c;
	if (v->kind != FHIR_ITEM_DATE)
		return to_time(v, FHIR_ITEM_DATETIME, FHIR_TIME_DATETIME, to);
	to->time = path_time(v);
	to->time.kind = FHIR_TIME_DATETIME;
	to->item = fhir_item_time(FHIR_ITEM_DATETIME, &to->time);
	return 1;
}

static int
to_time_of_day(struct path_call *c, const struct fhir_item *v, struct conversion *to)
{
	(void)c;
	return to_time(v, FHIR_ITEM_TIME, FHIR_TIME_TIME, to);
}

/* To the unit that the argument names; a calendar word names the UCUM unit it equals. */
static int
to_unit(struct path_call *c, struct conversion *to)
{
	struct fhir_quantity unit, q = to->quantity;
	struct cw_str code = path_text(c->value[0]);
	enum fhir_calendar word;
	int r;

	if (fhir_calendar_find(code, &word))
		unit = fhir_quantity_calendar(fhir_decimal_from_int(1), word);
	else if (fhir_quantity_ucum(fhir_decimal_from_int(1), code, &unit, NULL))
		return 0;
	if (fhir_quantity_relate(&q, &unit) == FHIR_UNITS_SAME) {
		to->quantity = unit;
		to->quantity.value = q.value;
		to->quantity.comparator = q.comparator;
		return 1;
	}
	if (unit.kind != FHIR_UNIT_UCUM)
		return 0;
	r = fhir_quantity_canonical(&q, code, &unit.form, &to->quantity);
	return r >= 0;
}

static int
to_quantity(struct path_call *c, const struct fhir_item *v, struct conversion *to)
{
	if (v->kind == FHIR_ITEM_STRING) {
		if (fhir_quantity_parse(path_text(v), &to->quantity, NULL))
			return 0;
	} else if (v->kind == FHIR_ITEM_QUANTITY) {
		to->quantity = *v->quantity;
	} else if (is_number(v)) {
		to->quantity = fhir_quantity_number(path_decimal(v));
	} else if (v->kind == FHIR_ITEM_BOOLEAN) {
		to->quantity = fhir_quantity_number(fhir_decimal_from_int(v->i));
	} else {
		return 0;
	}
	to->item = fhir_item_quantity(&to->quantity);
	return c->args && c->value[0] ? to_unit(c, to) : 1;
}

static int
convert(struct path_call *c, convert_fn *fn)
{
	struct conversion to;
	int r = fn(c, c->one, &to);

	if (r <= 0)
		return r;
	if (to.item.kind == FHIR_ITEM_DECIMAL)
		return path_emit_decimal(c, &to.decimal);
	if (to.item.kind == FHIR_ITEM_QUANTITY)
		return path_emit_quantity(c, &to.quantity);
	if (to.item.kind == FHIR_ITEM_DATE || to.item.kind == FHIR_ITEM_DATETIME ||
	    to.item.kind == FHIR_ITEM_TIME)
		return path_emit_time(c, (enum fhir_item_kind)to.item.kind, &to.time);
	return path_emit(c, &to.item);
}

static int
converts(struct path_call *c, convert_fn *fn)
{
	struct conversion to;
	int r = fn(c, c->one, &to);

	return r < 0 ? r : path_emit_boolean(c, r == 1);
}

#define PAIR(FN)                                                                                   \
	static int run_##FN(struct path_call *c)                                                   \
	{                                                                                          \
		return convert(c, FN);                                                             \
	}                                                                                          \
	static int run_converts_##FN(struct path_call *c)                                          \
	{                                                                                          \
		return converts(c, FN);                                                            \
	}
PAIR(to_boolean)
PAIR(to_integer)
PAIR(to_long)
PAIR(to_decimal)
PAIR(to_string)
PAIR(to_date)
PAIR(to_date_time)
PAIR(to_time_of_day)
PAIR(to_quantity)

#define ROWS(NAME, FN, RESULT, MOST)                                                               \
	{ .name = "to" NAME,                                                                       \
		.most = MOST,                                                                      \
		.in = PATH_ONE,                                                                    \
		.arg = { PATH_STRING },                                                            \
		.result = RESULT,                                                                  \
		.flags = PATH_FN_ONE,                                                              \
		.run = run_##FN },                                                                 \
	{                                                                                          \
		.name = "convertsTo" NAME, .most = MOST, .in = PATH_ONE, .arg = { PATH_STRING },   \
		.result = FHIR_ITEM_BOOLEAN, .flags = PATH_FN_ONE, .run = run_converts_##FN        \
	}

const struct path_fn path_fn_convert[] = {
	ROWS("Boolean", to_boolean, FHIR_ITEM_BOOLEAN, 0),
	ROWS("Integer", to_integer, FHIR_ITEM_INTEGER, 0),
	ROWS("Long", to_long, FHIR_ITEM_LONG, 0),
	ROWS("Decimal", to_decimal, FHIR_ITEM_DECIMAL, 0),
	ROWS("String", to_string, FHIR_ITEM_STRING, 0),
	ROWS("Date", to_date, FHIR_ITEM_DATE, 0),
	ROWS("DateTime", to_date_time, FHIR_ITEM_DATETIME, 0),
	ROWS("Time", to_time_of_day, FHIR_ITEM_TIME, 0),
	ROWS("Quantity", to_quantity, FHIR_ITEM_QUANTITY, 1),
	{ .name = NULL },
};
