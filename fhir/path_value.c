/* path_value: what an item is worth: nodes to system values, items to text and type names. */
#include <stdio.h>
#include <string.h>

#include "fhir/path_check.h"
#include "fhir/quantity.h"
#include "fhir/types.h"

struct fhir_item
fhir_item_time(enum fhir_item_kind kind, const struct fhir_time *t)
{
	struct fhir_item item = { .kind = (uint8_t)kind, .time = t };

	if (kind == FHIR_ITEM_DATETIME && t->zoned && t->precision >= FHIR_TO_SECOND &&
	    t->fraction_digits <= 3) {
		item.instant = true;
		item.i = fhir_time_interval(t).from;
	}
	return item;
}

static bool
decimal_value(struct cw_arena *a, struct cw_str lexeme, struct fhir_item *out)
{
	struct fhir_decimal *d = cw_alloc_raw(a, sizeof(*d));

	if (!d || fhir_decimal_parse(lexeme, d, NULL))
		return false;
	*out = fhir_item_decimal(d);
	return true;
}

static bool
integer_value(struct cw_arena *a, struct cw_str lexeme, bool is_long, struct fhir_item *out)
{
	struct fhir_decimal d;
	int64_t i;

	if (memchr(lexeme.s, '.', lexeme.n) || fhir_decimal_parse(lexeme, &d, NULL) ||
	    fhir_decimal_to_int(&d, &i))
		return decimal_value(a, lexeme, out);
	*out = fhir_item_integer(i);
	if (is_long)
		out->kind = FHIR_ITEM_LONG;
	return true;
}

static bool
time_value(
    struct cw_arena *a, enum fhir_item_kind kind, struct cw_str lexeme, struct fhir_item *out)
{
	struct fhir_time *t = cw_alloc_raw(a, sizeof(*t));
	enum fhir_time_kind k = kind == FHIR_ITEM_DATE	 ? FHIR_TIME_DATE
				: kind == FHIR_ITEM_TIME ? FHIR_TIME_TIME
							 : FHIR_TIME_DATETIME;

	if (!t || fhir_time_parse(k, lexeme, t, NULL))
		return false;
	*out = fhir_item_time(kind, t);
	return true;
}

static bool
primitive_value(
    struct cw_arena *a, enum fhir_item_kind kind, struct cw_str lexeme, struct fhir_item *out)
{
	switch ((int)kind) {
	case FHIR_ITEM_BOOLEAN:
		*out = fhir_item_boolean(cw_str_is(lexeme, "true"));
		return cw_str_is(lexeme, "true") || cw_str_is(lexeme, "false");
	case FHIR_ITEM_INTEGER:
		return integer_value(a, lexeme, false, out);
	case FHIR_ITEM_LONG:
		return integer_value(a, lexeme, true, out);
	case FHIR_ITEM_DECIMAL:
		return decimal_value(a, lexeme, out);
	case FHIR_ITEM_DATE:
	case FHIR_ITEM_DATETIME:
	case FHIR_ITEM_TIME:
		return time_value(a, kind, lexeme, out);
	default:
		*out = fhir_item_string(lexeme);
		return true;
	}
}

static bool
quantity_value(struct cw_arena *a, const struct fhir_node *node, struct fhir_item *out)
{
	struct fhir_quantity *q = cw_alloc_raw(a, sizeof(*q));

	if (!q || fhir_quantity_read(node, q, NULL))
		return false;
	*out = fhir_item_quantity(q);
	return true;
}

static enum fhir_item_kind
untyped_kind(const struct fhir_node *node)
{
	switch ((enum fhir_node_kind)node->kind) {
	case FHIR_BOOLEAN:
		return FHIR_ITEM_BOOLEAN;
	case FHIR_NUMBER:
		return FHIR_ITEM_INTEGER;
	case FHIR_STRING:
		return FHIR_ITEM_STRING;
	case FHIR_NULL:
	case FHIR_OBJECT:
	case FHIR_ARRAY:
		break;
	}
	return FHIR_ITEM_NODE;
}

static bool
node_value(struct cw_arena *a, const struct fhir_model *model, const struct fhir_item *item,
    struct fhir_item *out)
{
	const struct fhir_node *node = item->node;
	enum fhir_item_kind kind = untyped_kind(node);

	if (kind != FHIR_ITEM_NODE && kind != FHIR_ITEM_BOOLEAN && model && item->type &&
	    fhir_type_is_primitive(model, item->type))
		kind = path_primitive_kind(fhir_type_name(model, item->type));
	if (kind != FHIR_ITEM_NODE) {
		if (!primitive_value(a, kind, node->lexeme, out))
			*out = fhir_item_string(node->lexeme);
		return true;
	}
	if (node->kind == FHIR_OBJECT && model && item->type &&
	    fhir_type_is_a(model, item->type, fhir_type_find(model, CW_STR("Quantity"))))
		return quantity_value(a, node, out);
	return false;
}

bool
fhir_item_value(struct cw_arena *a, const struct fhir_model *model, const struct fhir_item *item,
    struct fhir_item *out)
{
	switch ((enum fhir_item_kind)item->kind) {
	case FHIR_ITEM_NODE:
		if (node_value(a, model, item, out))
			return true;
		*out = *item;
		return false;
	case FHIR_ITEM_RECORD:
		*out = *item;
		return false;
	case FHIR_ITEM_BOOLEAN:
	case FHIR_ITEM_INTEGER:
	case FHIR_ITEM_LONG:
	case FHIR_ITEM_DECIMAL:
	case FHIR_ITEM_STRING:
	case FHIR_ITEM_DATE:
	case FHIR_ITEM_DATETIME:
	case FHIR_ITEM_TIME:
	case FHIR_ITEM_QUANTITY:
	case FHIR_ITEM_TYPE:
	case FHIR_ITEM_ANY:
		break;
	}
	*out = *item;
	return true;
}

bool
path_value(struct path_ctx *x, const struct fhir_item *item, struct fhir_item *out)
{
	if (item->kind != FHIR_ITEM_NODE) {
		*out = *item;
		return item->kind != FHIR_ITEM_RECORD;
	}
	return fhir_item_value(x->arena, x->model, item, out);
}

struct cw_str
fhir_item_type_name(
    struct cw_arena *a, const struct fhir_model *model, const struct fhir_item *item)
{
	struct fhir_path_type t = { .kind = (enum fhir_item_kind)item->kind };
	struct cw_str name;

	if (item->kind == FHIR_ITEM_RECORD)
		return cw_str(item->cls->name);
	if (item->kind != FHIR_ITEM_NODE)
		return path_static_name(model, &t);
	name = model && item->type ? fhir_type_name(model, item->type)
				   : fhir_node_resource_type(item->node);
	if (!name.n)
		return CW_STR("FHIR.Element");
	return cw_fmt(a, "FHIR.%.*s", CW_ARG(name));
}

static struct cw_str
time_text(struct cw_arena *a, const struct fhir_item *item)
{
	char buf[FHIR_TIME_TEXT];

	if (!item->time)
		return cw_str_dup(a, fhir_time_format_utc(item->i, buf));
	return cw_str_dup(a, fhir_time_format(item->time, buf));
}

struct cw_str
fhir_item_text(struct cw_arena *a, const struct fhir_model *model, const struct fhir_item *item)
{
	char buf[FHIR_DECIMAL_TEXT];
	struct fhir_item v;

	switch ((enum fhir_item_kind)item->kind) {
	case FHIR_ITEM_NODE:
		if (item->node->lexeme.s)
			return item->node->lexeme;
		if (fhir_item_value(a, model, item, &v))
			return fhir_item_text(a, model, &v);
		break;
	case FHIR_ITEM_BOOLEAN:
		return item->i ? CW_STR("true") : CW_STR("false");
	case FHIR_ITEM_INTEGER:
	case FHIR_ITEM_LONG:
		return cw_fmt(a, "%lld", (long long)item->i);
	case FHIR_ITEM_DECIMAL:
		return cw_str_dup(a, fhir_decimal_format(item->decimal, buf));
	case FHIR_ITEM_STRING:
	case FHIR_ITEM_TYPE:
		return (struct cw_str){ item->s, item->n };
	case FHIR_ITEM_DATE:
	case FHIR_ITEM_DATETIME:
	case FHIR_ITEM_TIME:
		return time_text(a, item);
	case FHIR_ITEM_QUANTITY:
		return fhir_quantity_format(a, item->quantity);
	case FHIR_ITEM_RECORD:
	case FHIR_ITEM_ANY:
		break;
	}
	return (struct cw_str){ NULL, 0 };
}

/* --- the clock, which is an argument --- */

static int
clock_item(
    struct path_ctx *x, const struct path_node *n, enum fhir_item_kind kind, struct fhir_item *out)
{
	const struct fhir_path_env *env = &x->session->env;
	struct fhir_time *t = cw_alloc(x->arena, sizeof(*t));

	if (!t)
		return path_fail_node(x, n, CW_ELIMIT, "the evaluation needs too much memory");
	if (kind == FHIR_ITEM_DATE) {
		*t = fhir_time_date_from_ms(env->now_ms, env->now_zone);
	} else {
		*t = fhir_time_from_ms(env->now_ms, env->now_zone);
		t->kind = FHIR_TIME_TIME;
		t->year = 0;
		t->month = t->day = 1;
		t->zoned = t->zulu = false;
		t->zone_minutes = 0;
	}
	*out = fhir_item_time(kind, t);
	return 1;
}

int
path_one_today(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_item *out, unsigned *unsure)
{
	(void)f, (void)unsure;
	return clock_item(x, n, FHIR_ITEM_DATE, out);
}

int
path_one_time_of_day(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_item *out, unsigned *unsure)
{
	(void)f, (void)unsure;
	return clock_item(x, n, FHIR_ITEM_TIME, out);
}
