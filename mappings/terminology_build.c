#include "mappings/terminology_internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- looking up ---- */

/* The longest prefix of key: all entries between it and the place where key would stand begin with
 * it, so it is the last entry before that place, or one of that entry's parents. */
static const struct terms_prefix *
longest(const struct terms_system *s, struct cw_str key)
{
	unsigned char first = (unsigned char)key.s[0];
	size_t low = s->first[first], high = s->first[first + 1];
	ptrdiff_t i;

	if (low == high)
		return NULL;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (cw_str_cmp(s->prefix[middle].key, key) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (i = (ptrdiff_t)low - 1; i >= 0; i = s->prefix[i].parent) {
		if (cw_str_starts(key, s->prefix[i].key))
			return &s->prefix[i];
	}
	return NULL;
}

const struct terms_hit *
terms_hit_of(const struct terms_system *s, struct cw_str key)
{
	const struct terms_hit *hit =
	    s->index_of == NULL ? NULL : terms_index_get(s->index_of, key);
	const struct terms_prefix *prefix;

	if (hit != NULL || s->prefixes == 0)
		return hit;
	prefix = longest(s, key);
	return prefix == NULL ? NULL : &prefix->hit;
}

/* ---- making the tables ---- */

/* Prefixes before codes, then by key; of one key what others pass on before its own, then in the
 * order of arrival: whoever comes later prevails. */
static int
by_key(const void *a, const void *b)
{
	const struct terms_row *x = a, *y = b;
	int order;

	if (x->system != y->system)
		return x->system->index < y->system->index ? -1 : 1;
	if (x->prefix != y->prefix)
		return x->prefix ? -1 : 1;
	order = cw_str_cmp(x->key, y->key);
	if (order != 0)
		return order;
	if (x->inherited != y->inherited)
		return x->inherited ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* The targets being put together for one key. */
struct union_of {
	struct map_target *item;
	size_t n, cap;
};

static void
apply(struct union_of *u, const struct terms_row *row)
{
	size_t i = 0;

	if (row->remove && row->target.concept == NULL) {
		u->n = 0;
		return;
	}
	while (i < u->n && u->item[i].concept->index < row->target.concept->index)
		i++;
	if (i < u->n && u->item[i].concept == row->target.concept) {
		if (!row->remove) {
			u->item[i] = row->target;
			return;
		}
		u->n--;
		memmove(&u->item[i], &u->item[i + 1], (u->n - i) * sizeof(*u->item));
		return;
	}
	if (row->remove)
		return;
	if (u->n == u->cap) {
		u->cap = u->cap == 0 ? 8 : 2 * u->cap;
		u->item = cw_realloc(u->item, u->cap * sizeof(*u->item));
	}
	memmove(&u->item[i + 1], &u->item[i], (u->n - i) * sizeof(*u->item));
	u->item[i] = row->target;
	u->n++;
}

static void
start_from(struct union_of *u, const struct terms_hit *hit)
{
	u->n = 0;
	for (size_t i = 0; hit != NULL && i < hit->n; i++)
		apply(u, &(struct terms_row){ .target = hit->target[i] });
}

static struct terms_hit
keep(struct map_terminology *t, const struct union_of *u)
{
	struct map_target *copy = cw_alloc(t->mem, u->n * sizeof(*copy));

	if (u->n > 0)
		memcpy(copy, u->item, u->n * sizeof(*copy));
	return (struct terms_hit){ copy, u->n };
}

/* The rows of one prefix, on top of those of its parent. */
static void
make_prefix(struct map_terminology *t, struct terms_system *s, const struct terms_row *row,
    size_t n, struct union_of *u)
{
	struct terms_prefix *p = &s->prefix[s->prefixes];
	ptrdiff_t parent = (ptrdiff_t)s->prefixes - 1;

	while (parent >= 0 && !cw_str_starts(row->key, s->prefix[parent].key))
		parent = s->prefix[parent].parent;
	p->key = row->key;
	p->parent = parent;
	start_from(u, parent < 0 ? NULL : &s->prefix[parent].hit);
	for (size_t i = 0; i < n; i++)
		apply(u, &row[i]);
	p->hit = keep(t, u);
	s->prefixes++;
	for (size_t c = (unsigned char)row->key.s[0]; c < 256; c++)
		s->first[c + 1] = (uint32_t)s->prefixes;
}

static void
make_exact(struct map_terminology *t, struct terms_system *s, const struct terms_row *row, size_t n,
    struct union_of *u)
{
	const struct terms_prefix *prefix = s->prefixes == 0 ? NULL : longest(s, row->key);
	struct terms_hit *hit = cw_alloc(t->mem, sizeof(*hit));

	start_from(u, prefix == NULL ? NULL : &prefix->hit);
	for (size_t i = 0; i < n; i++)
		apply(u, &row[i]);
	*hit = keep(t, u);
	if (s->exact == NULL)
		s->exact = terms_map(t);
	cw_map_put(s->exact, row->key, hit);
}

static void
clear(struct terms_build *b)
{
	for (size_t i = 0; i < b->t->systems; i++) {
		struct terms_system *s = b->t->system[i];

		s->exact = NULL;
		s->index_of = NULL;
		s->prefixes = 0;
		s->prefix = NULL;
	}
	for (size_t i = 0; i < b->rows; i++)
		b->row[i].system->prefixes += b->row[i].prefix;
	for (size_t i = 0; i < b->t->systems; i++) {
		struct terms_system *s = b->t->system[i];

		if (s->prefixes > 0)
			s->first = cw_alloc(b->t->mem, 257 * sizeof(*s->first));
		s->prefix = cw_alloc(b->t->mem, s->prefixes * sizeof(*s->prefix));
		s->prefixes = 0;
	}
}

void
terms_tables(struct terms_build *b)
{
	struct union_of u = { 0 };
	size_t n;

	clear(b);
	if (b->rows > 0)
		qsort(b->row, b->rows, sizeof(*b->row), by_key);
	for (size_t i = 0; i < b->rows; i += n) {
		struct terms_row *row = &b->row[i];

		for (n = 1; i + n < b->rows && row[n].system == row->system &&
			    row[n].prefix == row->prefix && cw_str_eq(row[n].key, row->key);
		     n++)
			continue;
		if (row->prefix)
			make_prefix(b->t, row->system, row, n, &u);
		else
			make_exact(b->t, row->system, row, n, &u);
	}
	for (size_t i = 0; i < b->t->systems; i++) {
		struct terms_system *s = b->t->system[i];

		if (s->exact != NULL)
			s->index_of = terms_index_make(b->t->mem, s->exact);
	}
	free(u.item);
}
