/* path_fn: the tables of functions, finding one by name, and helpers of the library. */
#include "fhir/path_fn.h"

static const struct path_fn *const tables[] = {
	path_fn_core,
	path_fn_set,
	path_fn_tree,
	path_fn_sort,
	path_fn_string,
	path_fn_code,
	path_fn_regex,
	path_fn_convert,
	path_fn_math,
	path_fn_bound,
	path_fn_fhir,
};

const struct path_fn *
path_fn_find(struct cw_str name)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		for (const struct path_fn *fn = tables[i]; fn->name; fn++) {
			if (cw_str_is(name, fn->name))
				return fn;
		}
	}
	return NULL;
}

int
path_emit_decimal(struct path_call *c, const struct fhir_decimal *d)
{
	struct fhir_decimal *copy = cw_alloc_raw(c->x->arena, sizeof(*copy));
	struct fhir_item item;

	if (!copy)
		return path_fail(c, CW_ELIMIT, "the result is too large");
	*copy = *d;
	item = fhir_item_decimal(copy);
	return path_emit(c, &item);
}

int
path_emit_time(struct path_call *c, enum fhir_item_kind kind, const struct fhir_time *t)
{
	struct fhir_time *copy = cw_alloc_raw(c->x->arena, sizeof(*copy));
	struct fhir_item item;

	if (!copy)
		return path_fail(c, CW_ELIMIT, "the result is too large");
	*copy = *t;
	item = fhir_item_time(kind, copy);
	return path_emit(c, &item);
}

int
path_emit_quantity(struct path_call *c, const struct fhir_quantity *q)
{
	struct fhir_quantity *copy = cw_alloc_raw(c->x->arena, sizeof(*copy));
	struct fhir_item item;

	if (!copy)
		return path_fail(c, CW_ELIMIT, "the result is too large");
	*copy = *q;
	item = fhir_item_quantity(copy);
	return path_emit(c, &item);
}

struct fhir_decimal
path_decimal(const struct fhir_item *v)
{
	if (v->kind == FHIR_ITEM_DECIMAL)
		return *v->decimal;
	if (v->kind == FHIR_ITEM_QUANTITY)
		return v->quantity->value;
	return fhir_decimal_from_int(v->i);
}

struct fhir_time
path_time(const struct fhir_item *v)
{
	return v->time ? *v->time : fhir_time_from_ms(v->i, 0);
}

int
path_emit_buf(struct path_call *c, struct cw_buf *b)
{
	struct cw_str s = { NULL, 0 };

	if (!b->over)
		s = cw_str_dup(c->x->arena, (struct cw_str){ b->s ? b->s : "", b->n });
	cw_buf_fini(b);
	return path_emit_string(c, s);
}

size_t
path_utf8_len(const char *s, size_t n)
{
	unsigned char first = (unsigned char)s[0];
	size_t want = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

	return want < n ? want : n;
}

size_t
path_utf8_count(struct cw_str s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.n; i += path_utf8_len(s.s + i, s.n - i))
		count++;
	return count;
}

size_t
path_utf8_offset(struct cw_str s, size_t i)
{
	size_t at = 0;

	while (i-- > 0 && at < s.n)
		at += path_utf8_len(s.s + at, s.n - at);
	return at;
}
