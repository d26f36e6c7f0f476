/* path_compare: equality, equivalence and order of items (FHIRPath N1, 6.1 and 6.2). */
#include <string.h>

#include "fhir/path_session.h"
#include "fhir/quantity.h"

static bool
is_number(const struct fhir_item *v)
{
	return v->kind == FHIR_ITEM_INTEGER || v->kind == FHIR_ITEM_LONG ||
	       v->kind == FHIR_ITEM_DECIMAL;
}

static bool
is_time(const struct fhir_item *v)
{
	return v->kind == FHIR_ITEM_DATE || v->kind == FHIR_ITEM_DATETIME ||
	       v->kind == FHIR_ITEM_TIME;
}

static struct fhir_decimal
decimal_of(const struct fhir_item *v)
{
	return v->kind == FHIR_ITEM_DECIMAL ? *v->decimal : fhir_decimal_from_int(v->i);
}

static struct fhir_time
time_of(const struct fhir_item *v)
{
	return v->time ? *v->time : fhir_time_from_ms(v->i, 0);
}

/* A quantity, or a number as one without unit. */
static bool
quantity_of(const struct fhir_item *v, struct fhir_quantity *out)
{
	if (v->kind == FHIR_ITEM_QUANTITY)
		*out = *v->quantity;
	else if (is_number(v))
		*out = fhir_quantity_number(decimal_of(v));
	else
		return false;
	return true;
}

static unsigned
sign_order(int64_t sign)
{
	return sign < 0 ? FHIR_LESS : sign > 0 ? FHIR_GREATER : FHIR_EQUAL;
}

static unsigned
number_order(const struct fhir_item *a, const struct fhir_item *b)
{
	struct fhir_decimal da, db;

	if (a->kind != FHIR_ITEM_DECIMAL && b->kind != FHIR_ITEM_DECIMAL)
		return sign_order((a->i > b->i) - (a->i < b->i));
	da = decimal_of(a);
	db = decimal_of(b);
	return fhir_decimal_compare(&da, &db);
}

static unsigned
time_order(const struct fhir_item *a, const struct fhir_item *b)
{
	struct fhir_time ta, tb;

	if (a->instant && b->instant)
		return sign_order((a->i > b->i) - (a->i < b->i));
	ta = time_of(a);
	tb = time_of(b);
	return fhir_time_compare(&ta, &tb);
}

static struct cw_str
string_of(const struct fhir_item *v)
{
	return (struct cw_str){ v->s, v->n };
}

/* The order of two system values; CW_ETYPE when their types have none. */
static int
value_order(const struct fhir_item *a, const struct fhir_item *b, unsigned *order)
{
	struct fhir_quantity qa, qb;

	if (is_number(a) && is_number(b)) {
		*order = number_order(a, b);
	} else if (a->kind == FHIR_ITEM_STRING && b->kind == FHIR_ITEM_STRING) {
		*order = sign_order(cw_str_cmp(string_of(a), string_of(b)));
	} else if (is_time(a) && is_time(b)) {
		if ((a->kind == FHIR_ITEM_TIME) != (b->kind == FHIR_ITEM_TIME))
			return CW_ETYPE;
		*order = time_order(a, b);
	} else if (quantity_of(a, &qa) && quantity_of(b, &qb)) {
		*order = fhir_quantity_compare(&qa, &qb);
	} else {
		return CW_ETYPE;
	}
	return 0;
}

int
path_order(
    struct path_ctx *x, const struct fhir_item *a, const struct fhir_item *b, unsigned *order)
{
	struct fhir_item va, vb;

	if (!path_value(x, a, &va) || !path_value(x, b, &vb))
		return CW_ETYPE;
	return value_order(&va, &vb, order);
}

int
path_compare(struct path_ctx *x, const struct fhir_item *a, const struct fhir_item *b, int *sign)
{
	unsigned order;
	int r = path_order(x, a, b, &order);

	if (r)
		return r;
	if (order != FHIR_LESS && order != FHIR_EQUAL && order != FHIR_GREATER)
		return 1;
	*sign = order == FHIR_LESS ? -1 : order == FHIR_GREATER;
	return 0;
}

/* --- nodes --- */

static bool
number_lexemes_equal(struct cw_str a, struct cw_str b)
{
	struct fhir_decimal da, db;

	if (cw_str_eq(a, b))
		return true;
	return !fhir_decimal_parse(a, &da, NULL) && !fhir_decimal_parse(b, &db, NULL) &&
	       fhir_decimal_compare(&da, &db) == FHIR_EQUAL;
}

static bool
lexemes_equal(const struct fhir_node *a, const struct fhir_node *b)
{
	if (a->kind == FHIR_NUMBER)
		return number_lexemes_equal(a->lexeme, b->lexeme);
	return cw_str_eq(a->lexeme, b->lexeme);
}

/* Deep equality: the same elements in the same order. Trees are at most 64 deep. */
static bool
nodes_equal(const struct fhir_node *a, const struct fhir_node *b)
{
	const struct fhir_node *k, *l;

	if (a == b)
		return true;
	if (a->kind != b->kind || !lexemes_equal(a, b))
		return false;
	for (k = a->child, l = b->child; k && l; k = k->next, l = l->next) {
		if (!cw_str_eq(k->name, l->name) || !nodes_equal(k, l))
			return false;
	}
	return !k && !l;
}

static enum path_bool
bool_of(bool b)
{
	return b ? PATH_TRUE : PATH_FALSE;
}

static enum path_bool
values_equal(const struct fhir_item *a, const struct fhir_item *b)
{
	unsigned order;
	int is;

	if (a->kind == FHIR_ITEM_BOOLEAN || b->kind == FHIR_ITEM_BOOLEAN)
		return bool_of(a->kind == b->kind && a->i == b->i);
	if (a->kind == FHIR_ITEM_STRING && b->kind == FHIR_ITEM_STRING)
		return bool_of(cw_str_eq(string_of(a), string_of(b)));
	if (a->kind == FHIR_ITEM_TYPE || b->kind == FHIR_ITEM_TYPE)
		return bool_of(a->kind == b->kind && cw_str_eq(string_of(a), string_of(b)) &&
			       strcmp(a->space, b->space) == 0);
	if (value_order(a, b, &order))
		return PATH_FALSE;
	is = fhir_order_is(order, FHIR_EQUAL);
	return is < 0 ? PATH_NONE : bool_of(is);
}

enum path_bool
path_equal(struct path_ctx *x, const struct fhir_item *a, const struct fhir_item *b)
{
	struct fhir_item va, vb;
	bool ka, kb;

	if (a->kind == FHIR_ITEM_NODE && b->kind == FHIR_ITEM_NODE && a->node == b->node)
		return PATH_TRUE;
	ka = path_value(x, a, &va);
	kb = path_value(x, b, &vb);
	if (ka && kb)
		return values_equal(&va, &vb);
	if (va.kind == FHIR_ITEM_NODE && vb.kind == FHIR_ITEM_NODE)
		return bool_of(nodes_equal(va.node, vb.node));
	if (va.kind == FHIR_ITEM_RECORD && vb.kind == FHIR_ITEM_RECORD && va.cls == vb.cls)
		return bool_of(
		    va.record == vb.record || (va.cls->same && va.cls->same(va.record, vb.record)));
	return PATH_FALSE;
}

/* --- equivalence --- */

static int
fold(const char *s, size_t n, size_t *i)
{
	unsigned char c = (unsigned char)s[(*i)++];

	if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
		while (*i < n && (s[*i] == ' ' || s[*i] == '\t' || s[*i] == '\n' || s[*i] == '\r'))
			(*i)++;
		return ' ';
	}
	return c >= 'A' && c <= 'Z' ? c | 32 : c;
}

/* Strings without regard to case (of ASCII) and to the kind and length of white space. */
static bool
strings_equivalent(struct cw_str a, struct cw_str b)
{
	size_t i = 0, j = 0;

	while (i < a.n && j < b.n) {
		if (fold(a.s, a.n, &i) != fold(b.s, b.n, &j))
			return false;
	}
	return i == a.n && j == b.n;
}

static bool
values_equivalent(const struct fhir_item *a, const struct fhir_item *b)
{
	struct fhir_quantity qa, qb;
	struct fhir_decimal da, db;
	struct fhir_time ta, tb;

	if (a->kind == FHIR_ITEM_STRING && b->kind == FHIR_ITEM_STRING)
		return strings_equivalent(string_of(a), string_of(b));
	if (is_number(a) && is_number(b)) {
		da = decimal_of(a);
		db = decimal_of(b);
		return fhir_decimal_equivalent(&da, &db);
	}
	if (is_time(a) && is_time(b)) {
		ta = time_of(a);
		tb = time_of(b);
		return fhir_time_equivalent(&ta, &tb);
	}
	if (quantity_of(a, &qa) && quantity_of(b, &qb))
		return fhir_quantity_equivalent(&qa, &qb);
	return values_equal(a, b) == PATH_TRUE;
}

static size_t
children_count(const struct fhir_node *n)
{
	size_t count = 0;

	for (const struct fhir_node *k = n->child; k; k = k->next)
		count++;
	return count;
}

/* Deep equivalence: repeats of an element in any order, values by equivalence, ids left out. */
static bool
nodes_equivalent(struct path_ctx *x, const struct fhir_node *a, const struct fhir_node *b)
{
	if (a == b)
		return true;
	if (++x->session->steps > PATH_MAX_STEPS || a->kind != b->kind)
		return false;
	if (a->lexeme.s && a->kind == FHIR_STRING) {
		if (!strings_equivalent(a->lexeme, b->lexeme))
			return false;
	} else if (!lexemes_equal(a, b)) {
		return false;
	}
	if (children_count(a) != children_count(b))
		return false;
	for (const struct fhir_node *k = a->child; k; k = k->next) {
		const struct fhir_node *l = b->child;

		while (l && (!cw_str_eq(k->name, l->name) || !nodes_equivalent(x, k, l)))
			l = l->next;
		if (!l)
			return false;
	}
	return true;
}

bool
path_equivalent(struct path_ctx *x, const struct fhir_item *a, const struct fhir_item *b)
{
	struct fhir_item va, vb;
	bool ka = path_value(x, a, &va), kb = path_value(x, b, &vb);

	if (ka && kb)
		return values_equivalent(&va, &vb);
	if (va.kind == FHIR_ITEM_NODE && vb.kind == FHIR_ITEM_NODE)
		return nodes_equivalent(x, va.node, vb.node);
	return path_equal(x, a, b) == PATH_TRUE;
}

/* --- sets --- */

bool
path_holds(struct path_ctx *x, const struct fhir_coll *c, const struct fhir_item *item)
{
	x->session->steps += c->n;
	for (uint32_t i = 0; i < c->n && x->session->steps <= PATH_MAX_STEPS; i++) {
		if (path_equal(x, &c->item[i], item) == PATH_TRUE)
			return true;
	}
	return false;
}

/* The records of a collection by address, for those of a class whose records are equal only when
 * they are one: a look spares comparing each with each. */
struct addresses {
	const struct fhir_class *cls;
	const void **slot;
	size_t mask;
};

enum { FEW = 16 };

static bool
by_address(const struct addresses *t, const struct fhir_item *item)
{
	return t->slot && item->kind == FHIR_ITEM_RECORD && item->cls == t->cls;
}

/* False: it is there already. */
static bool
enter(struct addresses *t, const struct fhir_item *item)
{
	size_t i = (size_t)((uint64_t)(uintptr_t)item->record * 0x9e3779b97f4a7c15u >> 32);

	for (i &= t->mask; t->slot[i]; i = (i + 1) & t->mask) {
		if (t->slot[i] == item->record)
			return false;
	}
	t->slot[i] = item->record;
	return true;
}

/* Without slots where it does not pay, or the arena is full: then items are compared. */
static struct addresses
addresses_of(struct path_ctx *x, const struct fhir_coll *to, const struct fhir_coll *from)
{
	struct addresses t = { .slot = NULL };
	const struct fhir_item *first = from->n > 0 ? &from->item[0] : NULL;

	if (!first || from->n + to->n <= FEW || first->kind != FHIR_ITEM_RECORD || first->cls->same)
		return t;
	t.cls = first->cls;
	t.mask = 2 * FEW;
	while (t.mask < 2 * ((size_t)from->n + to->n))
		t.mask *= 2;
	t.slot = cw_alloc(x->arena, t.mask-- * sizeof(*t.slot));
	x->session->steps += to->n;
	for (uint32_t i = 0; i < to->n; i++) {
		if (by_address(&t, &to->item[i]))
			(void)enter(&t, &to->item[i]);
	}
	return t;
}

int
path_add_distinct(struct path_ctx *x, struct fhir_coll *to, const struct fhir_coll *from)
{
	struct addresses known = addresses_of(x, to, from);
	int r = 0;

	to->unsure |= from->unsure;
	for (uint32_t i = 0; i < from->n && !r; i++) {
		const struct fhir_item *item = &from->item[i];

		x->session->steps++;
		if (by_address(&known, item) ? enter(&known, item) : !path_holds(x, to, item))
			r = path_add(x, to, item);
		if (x->session->steps > PATH_MAX_STEPS)
			r = cw_fail(x->err, CW_ELIMIT, "the evaluation takes too many steps");
	}
	return r;
}
