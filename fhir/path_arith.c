/* path_arith: + - * / div mod & and polarity (FHIRPath N1, 6.6). Overflow and division by zero are
 * empty, and in doubt; operands of types that do not fit are an error. */
#include <string.h>

#include "fhir/path_session.h"
#include "fhir/quantity.h"

static int
bad_operands(struct path_ctx *x, const struct path_node *n, const struct fhir_item *a,
    const struct fhir_item *b)
{
	struct cw_str ta = fhir_item_type_name(x->arena, x->model, a);
	struct cw_str tb = fhir_item_type_name(x->arena, x->model, b);

	return path_fail_node(x, n, CW_ETYPE, "'%.*s' cannot take %.*s and %.*s", CW_ARG(n->name),
	    CW_ARG(ta), CW_ARG(tb));
}

static int
no_memory(struct path_ctx *x, const struct path_node *n)
{
	return path_fail_node(x, n, CW_ELIMIT, "the evaluation needs too much memory");
}

static bool
is_integer(const struct fhir_item *v)
{
	return v->kind == FHIR_ITEM_INTEGER || v->kind == FHIR_ITEM_LONG;
}

static bool
is_number(const struct fhir_item *v)
{
	return is_integer(v) || v->kind == FHIR_ITEM_DECIMAL;
}

/* Results of fhir_ functions: 0 a value, 1 and CW_ELIMIT empty. */
static int
some(int r)
{
	return r == 0 ? 1 : 0;
}

static bool
integer_result(enum path_op op, int64_t a, int64_t b, int64_t *out)
{
	switch ((int)op) {
	case PATH_ADD:
		return !__builtin_add_overflow(a, b, out);
	case PATH_SUB:
		return !__builtin_sub_overflow(a, b, out);
	case PATH_MUL:
		return !__builtin_mul_overflow(a, b, out);
	default:
		if (b == 0 || (a == INT64_MIN && b == -1))
			return false;
		*out = op == PATH_DIV ? a / b : a % b;
		return true;
	}
}

static int
integers(const struct path_node *n, const struct fhir_item *a, const struct fhir_item *b,
    struct fhir_item *out)
{
	bool is_long = a->kind == FHIR_ITEM_LONG || b->kind == FHIR_ITEM_LONG;
	int64_t i;

	if (!integer_result(n->op, a->i, b->i, &i))
		return 0;
	*out = fhir_item_integer(i);
	if (!is_long && out->kind == FHIR_ITEM_LONG)
		return 0;
	if (is_long)
		out->kind = FHIR_ITEM_LONG;
	return 1;
}

static struct fhir_decimal
decimal_of(const struct fhir_item *v)
{
	return v->kind == FHIR_ITEM_DECIMAL ? *v->decimal : fhir_decimal_from_int(v->i);
}

static int
decimals(struct path_ctx *x, const struct path_node *n, const struct fhir_item *a,
    const struct fhir_item *b, struct fhir_item *out)
{
	struct fhir_decimal da = decimal_of(a), db = decimal_of(b);
	struct fhir_decimal *d = cw_alloc(x->arena, sizeof(*d));
	int64_t i;
	int r;

	if (!d)
		return no_memory(x, n);
	*out = fhir_item_decimal(d);
	switch ((int)n->op) {
	case PATH_ADD:
		return some(fhir_decimal_add(&da, &db, d));
	case PATH_SUB:
		return some(fhir_decimal_sub(&da, &db, d));
	case PATH_MUL:
		return some(fhir_decimal_mul(&da, &db, d));
	case PATH_DIVIDE:
		return some(fhir_decimal_div(&da, &db, d));
	case PATH_MOD:
		return some(fhir_decimal_mod(&da, &db, d));
	default:
		r = fhir_decimal_idiv(&da, &db, d);
		if (!r && !fhir_decimal_to_int(d, &i))
			*out = fhir_item_integer(i);
		return some(r);
	}
}

static struct fhir_quantity
quantity_of(const struct fhir_item *v)
{
	return v->kind == FHIR_ITEM_QUANTITY ? *v->quantity : fhir_quantity_number(decimal_of(v));
}

static int
quantities(struct path_ctx *x, const struct path_node *n, const struct fhir_item *a,
    const struct fhir_item *b, struct fhir_item *out)
{
	struct fhir_quantity qa = quantity_of(a), qb = quantity_of(b);
	struct fhir_quantity *q = cw_alloc(x->arena, sizeof(*q));

	if (!q)
		return no_memory(x, n);
	*out = fhir_item_quantity(q);
	switch ((int)n->op) {
	case PATH_ADD:
		return some(fhir_quantity_add(&qa, &qb, q));
	case PATH_SUB:
		return some(fhir_quantity_sub(&qa, &qb, q));
	case PATH_MUL:
		return some(fhir_quantity_mul(x->arena, &qa, &qb, q));
	case PATH_DIVIDE:
		return some(fhir_quantity_div(x->arena, &qa, &qb, q));
	default:
		return bad_operands(x, n, a, b);
	}
}

/* Milliseconds in a calendar unit of fixed length, or 0. */
static int64_t
fixed_ms(enum fhir_calendar unit)
{
	switch (unit) {
	case FHIR_CAL_WEEK:
		return INT64_C(7) * 86400000;
	case FHIR_CAL_DAY:
		return 86400000;
	case FHIR_CAL_HOUR:
		return 3600000;
	case FHIR_CAL_MINUTE:
		return 60000;
	case FHIR_CAL_SECOND:
		return 1000;
	case FHIR_CAL_MILLISECOND:
		return 1;
	case FHIR_CAL_YEAR:
	case FHIR_CAL_MONTH:
		break;
	}
	return 0;
}

enum { MAX_INSTANT_DAYS = 2932896 /* 9999-12-31 */ };

/* A bare instant plus a duration of fixed length: one addition. -1: not this case. */
static int
instant_plus(const struct fhir_item *a, int64_t n, enum fhir_calendar unit, struct fhir_item *out)
{
	int64_t ms = fixed_ms(unit), sum;

	if (!a->instant || a->time || !ms || __builtin_mul_overflow(n, ms, &ms) ||
	    __builtin_add_overflow(a->i, ms, &sum))
		return -1;
	if (sum > INT64_C(86400000) * MAX_INSTANT_DAYS || sum < INT64_C(-62135596800000))
		return 0;
	*out = fhir_item_instant(sum);
	return 1;
}

/* A date, dateTime or time plus or minus a duration. */
static int
times(struct path_ctx *x, const struct path_node *n, const struct fhir_item *a,
    const struct fhir_item *b, struct fhir_item *out)
{
	struct fhir_time t, *sum;
	enum fhir_calendar unit;
	int64_t count;
	int r;

	if (b->kind != FHIR_ITEM_QUANTITY || (n->op != PATH_ADD && n->op != PATH_SUB))
		return bad_operands(x, n, a, b);
	r = fhir_quantity_duration(b->quantity, &count, &unit);
	if (r == CW_ETYPE)
		return path_fail_node(x, n, CW_ETYPE, "a time needs a duration in calendar units");
	if (r || count == INT64_MIN)
		return 0;
	if (n->op == PATH_SUB)
		count = -count;
	r = instant_plus(a, count, unit, out);
	if (r >= 0)
		return r;
	sum = cw_alloc(x->arena, sizeof(*sum));
	if (!sum)
		return no_memory(x, n);
	t = a->time ? *a->time : fhir_time_from_ms(a->i, 0);
	if (fhir_time_add(&t, count, unit, sum))
		return 0;
	*out = fhir_item_time((enum fhir_item_kind)a->kind, sum);
	return 1;
}

static int
strings(struct path_ctx *x, const struct path_node *n, const struct fhir_item *a,
    const struct fhir_item *b, struct fhir_item *out)
{
	size_t size = (size_t)a->n + b->n;
	char *s = cw_alloc_raw(x->arena, size + 1);

	if (!s || size > UINT32_MAX)
		return no_memory(x, n);
	if (a->n)
		memcpy(s, a->s, a->n);
	if (b->n)
		memcpy(s + a->n, b->s, b->n);
	s[size] = '\0';
	*out = fhir_item_string((struct cw_str){ s, size });
	return 1;
}

static int
compute(struct path_ctx *x, const struct path_node *n, const struct fhir_item *a,
    const struct fhir_item *b, struct fhir_item *out)
{
	if (is_integer(a) && is_integer(b) && n->op != PATH_DIVIDE)
		return integers(n, a, b, out);
	if (is_number(a) && is_number(b))
		return decimals(x, n, a, b, out);
	if (a->kind == FHIR_ITEM_DATE || a->kind == FHIR_ITEM_DATETIME || a->kind == FHIR_ITEM_TIME)
		return times(x, n, a, b, out);
	if (a->kind == FHIR_ITEM_STRING && b->kind == FHIR_ITEM_STRING && n->op == PATH_ADD)
		return strings(x, n, a, b, out);
	if ((a->kind == FHIR_ITEM_QUANTITY || is_number(a)) &&
	    (b->kind == FHIR_ITEM_QUANTITY || is_number(b)))
		return quantities(x, n, a, b, out);
	return bad_operands(x, n, a, b);
}

static const char *
op_text(enum path_op op)
{
	switch ((int)op) {
	case PATH_ADD:
		return "+";
	case PATH_SUB:
		return "-";
	case PATH_MUL:
		return "*";
	case PATH_DIVIDE:
		return "/";
	case PATH_DIV:
		return "div";
	default:
		return "mod";
	}
}

/* Two operands without a result are not silence: what rests on it cannot be told. */
int
path_one_arith(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_item *out, unsigned *unsure)
{
	struct fhir_item a, b, va, vb;
	unsigned ua = 0, ub = 0;
	int na = path_one(x, n->left, f, &a, &ua);
	int nb = na < 0 ? na : path_one(x, n->right, f, &b, &ub);
	int r;

	if (nb < 0)
		return nb;
	if ((ua || ub) && (na || ua) && (nb || ub))
		*unsure |= FHIR_UNSURE_LESS | FHIR_UNSURE_MORE;
	if (!na || !nb)
		return 0;
	path_value(x, &a, &va);
	path_value(x, &b, &vb);
	r = compute(x, n, &va, &vb, out);
	if (r == 0) {
		*unsure |= FHIR_UNSURE_LESS | FHIR_UNSURE_MORE;
		path_report(x, n->at, op_text(n->op), &va, &vb);
	}
	return r;
}

int
path_one_negate(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_item *out, unsigned *unsure)
{
	struct path_node zero = { .op = PATH_SUB, .at = n->at, .name = CW_STR("-") };
	struct fhir_item a, v, none = fhir_item_integer(0);
	struct fhir_decimal *d;
	struct fhir_quantity *q;
	int r = path_one(x, n->left, f, &a, unsure);

	if (r <= 0)
		return r;
	path_value(x, &a, &v);
	*out = v;
	if (!is_number(&v) && v.kind != FHIR_ITEM_QUANTITY)
		return path_fail_node(x, n, CW_ETYPE, "a sign needs a number");
	if (n->op == PATH_PLUS_SIGN)
		return 1;
	if (is_integer(&v)) {
		r = integers(&zero, &none, &v, out);
		if (r > 0 && out->i == INT32_MIN)
			out->kind = FHIR_ITEM_INTEGER; /* 2147483648 alone is a Long */
		return r;
	}
	if (v.kind == FHIR_ITEM_DECIMAL) {
		d = cw_alloc(x->arena, sizeof(*d));
		if (!d)
			return no_memory(x, n);
		*d = fhir_decimal_neg(*v.decimal);
		if (fhir_decimal_is_zero(d))
			d->negative = false;
		*out = fhir_item_decimal(d);
		return 1;
	}
	q = cw_alloc(x->arena, sizeof(*q));
	if (!q)
		return no_memory(x, n);
	*q = *v.quantity;
	q->value = fhir_decimal_neg(q->value);
	*out = fhir_item_quantity(q);
	return 1;
}

/* &: an empty operand counts as ''. */
int
path_one_concat(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_item *out, unsigned *unsure)
{
	struct fhir_item a, b, va = fhir_item_string(CW_STR("")), vb = va;
	int na = path_one(x, n->left, f, &a, unsure);
	int nb = na < 0 ? na : path_one(x, n->right, f, &b, unsure);

	if (nb < 0)
		return nb;
	if (na)
		path_value(x, &a, &va);
	if (nb)
		path_value(x, &b, &vb);
	if (*unsure)
		*unsure |= FHIR_UNSURE_LESS;
	if (va.kind != FHIR_ITEM_STRING || vb.kind != FHIR_ITEM_STRING)
		return bad_operands(x, n, &va, &vb);
	return strings(x, n, &va, &vb, out);
}
