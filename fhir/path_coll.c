/* path_coll: items and collections. */
#include <string.h>

#include "fhir/path_session.h"

void
fhir_coll_init(struct fhir_coll *c)
{
	c->item = c->few;
	c->n = 0;
	c->cap = sizeof(c->few) / sizeof(c->few[0]);
	c->unsure = 0;
}

static int
grow(struct cw_arena *a, struct fhir_coll *c)
{
	struct fhir_item *item;

	if (c->cap > UINT32_MAX / 4)
		return CW_ELIMIT;
	item = cw_alloc_raw(a, (size_t)c->cap * 4 * sizeof(*item));
	if (!item)
		return CW_ELIMIT;
	memcpy(item, c->item, c->n * sizeof(*item));
	c->item = item;
	c->cap *= 4;
	return 0;
}

int
fhir_coll_add(struct cw_arena *a, struct fhir_coll *c, const struct fhir_item *item)
{
	if (c->n == c->cap) {
		struct fhir_item kept = *item; /* it may stand in the array that moves */
		int r = grow(a, c);

		if (r)
			return r;
		c->item[c->n++] = kept;
		return 0;
	}
	c->item[c->n++] = *item;
	return 0;
}

int
path_add(struct path_ctx *x, struct fhir_coll *to, const struct fhir_item *item)
{
	if (to->n < to->cap) {
		to->item[to->n++] = *item;
		return 0;
	}
	if (fhir_coll_add(x->arena, to, item))
		return cw_fail(x->err, CW_ELIMIT, "the result is too large");
	return 0;
}

int
path_add_all(struct path_ctx *x, struct fhir_coll *to, const struct fhir_coll *from)
{
	to->unsure |= from->unsure;
	for (uint32_t i = 0; i < from->n; i++) {
		int r = path_add(x, to, &from->item[i]);

		if (r)
			return r;
	}
	return 0;
}

struct fhir_item
fhir_item_boolean(bool b)
{
	return (struct fhir_item){ .kind = FHIR_ITEM_BOOLEAN, .i = b };
}

struct fhir_item
fhir_item_integer(int64_t i)
{
	return (struct fhir_item){
		.kind = i < INT32_MIN || i > INT32_MAX ? FHIR_ITEM_LONG : FHIR_ITEM_INTEGER, .i = i
	};
}

struct fhir_item
fhir_item_string(struct cw_str s)
{
	if (s.n > UINT32_MAX)
		s.n = UINT32_MAX;
	return (struct fhir_item){ .kind = FHIR_ITEM_STRING, .n = (uint32_t)s.n, .s = s.s };
}

struct fhir_item
fhir_item_decimal(const struct fhir_decimal *d)
{
	return (struct fhir_item){ .kind = FHIR_ITEM_DECIMAL, .decimal = d };
}

struct fhir_item
fhir_item_quantity(const struct fhir_quantity *q)
{
	return (struct fhir_item){ .kind = FHIR_ITEM_QUANTITY, .quantity = q };
}

struct fhir_item
fhir_item_instant(int64_t utc_ms)
{
	return (struct fhir_item){ .kind = FHIR_ITEM_DATETIME, .instant = true, .i = utc_ms };
}

struct fhir_item
fhir_item_record(const struct fhir_class *cls, const void *record)
{
	return (struct fhir_item){ .kind = FHIR_ITEM_RECORD, .record = record, .cls = cls };
}

struct fhir_item
fhir_item_node(const struct fhir_node *node, unsigned type)
{
	return (struct fhir_item){ .kind = FHIR_ITEM_NODE, .type = (uint16_t)type, .node = node };
}

int
path_put_tri(struct path_ctx *x, const struct path_tri *t, struct fhir_coll *out)
{
	struct fhir_item item;

	if (t->is == PATH_NONE) {
		out->unsure |= t->unsure ? FHIR_UNSURE_MORE : 0;
		return 0;
	}
	out->unsure |= t->unsure ? FHIR_UNSURE_LESS : 0;
	item = fhir_item_boolean(t->is == PATH_TRUE);
	return path_add(x, out, &item);
}

int
path_coll_test(
    struct path_ctx *x, const struct path_node *n, const struct fhir_coll *c, struct path_tri *out)
{
	struct fhir_item v;

	out->unsure = c->unsure != 0;
	if (c->n == 0) {
		out->is = PATH_NONE;
		return 0;
	}
	if (c->n > 1)
		return path_fail_node(
		    x, n, CW_EVALUE, "a single value is needed here, not %u items", (unsigned)c->n);
	out->is = PATH_TRUE;
	if (path_value(x, &c->item[0], &v) && v.kind == FHIR_ITEM_BOOLEAN && !v.i)
		out->is = PATH_FALSE;
	return 0;
}

int
fhir_coll_truth(const struct fhir_coll *c, enum fhir_truth *out, struct cw_err *err)
{
	struct path_ctx x = { .err = err };
	struct path_node n = { .at = 0 };
	struct path_tri t;
	int r = path_coll_test(&x, &n, c, &t);

	if (r)
		return r;
	*out = t.unsure || t.is == PATH_NONE ? FHIR_UNKNOWN
	       : t.is == PATH_TRUE	     ? FHIR_TRUE
					     : FHIR_FALSE;
	return 0;
}
