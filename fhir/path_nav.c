/* path_nav: from an item to its elements, by element tables, class tables or names alone. */
#include <string.h>

#include "fhir/path_session.h"
#include "fhir/quantity.h"
#include "fhir/types.h"

/* The only value of an element of a native record: no collection is made. */
int
path_one_record(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_item *out, unsigned *unsure)
{
	struct fhir_item base;
	int r;

	if (n->left) {
		r = path_one(x, n->left, f, &base, unsure);
	} else {
		r = path_one_this(x, n, f, &base, unsure);
	}
	if (r <= 0)
		return r;
	if (base.kind != FHIR_ITEM_RECORD || base.cls != n->cls)
		return path_fail_node(x, n, CW_ETYPE, "the input is not a %s", n->cls->name);
	return n->cls->get(base.record, n->slot, 0, out);
}

static int
record_children(
    struct path_ctx *x, const struct fhir_item *item, size_t element, struct fhir_coll *out)
{
	struct fhir_item child;

	for (size_t i = 0; item->cls->get(item->record, element, i, &child); i++) {
		int r = path_add(x, out, &child);

		if (r)
			return r;
		if (!item->cls->element[element].many)
			break;
	}
	return 0;
}

/* The type of a node that holds a whole resource, else the type of its element. */
static unsigned
child_type(const struct fhir_model *m, const struct fhir_elem *e, const struct fhir_node *node)
{
	if (!e->resource)
		return e->type;
	return fhir_type_find(m, fhir_node_resource_type(node));
}

/* Is `name` the element `bare`, or one of its choice forms in data? *type gets its type. */
static bool
form_matches(const struct path_form *form, size_t forms, struct cw_str name, unsigned *type)
{
	for (size_t i = 0; i < forms; i++) {
		if (cw_str_eq(form[i].name, name)) {
			*type = form[i].type;
			return true;
		}
	}
	return false;
}

static int
add_node(struct path_ctx *x, const struct fhir_node *node, unsigned type, struct fhir_coll *out)
{
	struct fhir_item item = fhir_item_node(node, type);

	return path_add(x, out, &item);
}

/* Children by name alone. */
static int
untyped_children(
    struct path_ctx *x, const struct fhir_node *node, struct cw_str name, struct fhir_coll *out)
{
	int r = 0;

	for (const struct fhir_node *k = node->child; k && !r; k = k->next) {
		unsigned type = 0;

		if (name.s && !cw_str_eq(k->name, name))
			continue;
		if (x->model && k->kind == FHIR_OBJECT)
			type = fhir_type_find(x->model, fhir_node_resource_type(k));
		r = add_node(x, k, type, out);
	}
	return r;
}

/* Does the table give this child under the bare name? */
static bool
elem_named(const struct fhir_model *m, unsigned type, const struct fhir_node *k, struct cw_str name,
    struct fhir_elem *e)
{
	bool plain = cw_str_eq(k->name, name);

	if (!plain && (name.n >= k->name.n || memcmp(k->name.s, name.s, name.n) != 0))
		return false;
	if (!fhir_type_element(m, type, k->name, e))
		return false;
	return plain ? e->choice.n == 0 : cw_str_eq(e->choice, name);
}

static int
typed_children(
    struct path_ctx *x, const struct fhir_item *item, struct cw_str name, struct fhir_coll *out)
{
	struct fhir_elem e;
	int r = 0;

	for (const struct fhir_node *k = item->node->child; k && !r; k = k->next) {
		bool known;

		if (name.s) {
			known = elem_named(x->model, item->type, k, name, &e);
			if (!known)
				continue;
		} else {
			known = fhir_type_element(x->model, item->type, k->name, &e);
			if (!known && cw_str_is(k->name, "resourceType"))
				continue;
		}
		r = add_node(x, k, known ? child_type(x->model, &e, k) : 0, out);
	}
	return r;
}

/* System.Quantity has a value and a unit (FHIRPath N1, Quantity). */
static int
quantity_children(
    struct path_ctx *x, const struct fhir_quantity *q, struct cw_str name, struct fhir_coll *out)
{
	struct fhir_item item;
	int r = 0;

	if (!name.s || cw_str_is(name, "value")) {
		item = fhir_item_decimal(&q->value);
		r = path_add(x, out, &item);
	}
	if (!r && q->unit.s && (!name.s || cw_str_is(name, "unit"))) {
		item = fhir_item_string(q->unit);
		r = path_add(x, out, &item);
	}
	return r;
}

int
path_children(
    struct path_ctx *x, const struct fhir_item *item, struct cw_str name, struct fhir_coll *out)
{
	int r = 0;

	if (item->kind == FHIR_ITEM_NODE) {
		if (x->model && item->type)
			return typed_children(x, item, name, out);
		return untyped_children(x, item->node, name, out);
	}
	if (item->kind == FHIR_ITEM_TYPE) {
		struct fhir_item s = fhir_item_string((struct cw_str){ item->s, item->n });

		if (!name.s || cw_str_is(name, "name"))
			r = path_add(x, out, &s);
		s = fhir_item_string(cw_str(item->space));
		if (!r && (!name.s || cw_str_is(name, "namespace")))
			r = path_add(x, out, &s);
		return r;
	}
	if (item->kind == FHIR_ITEM_QUANTITY)
		return quantity_children(x, item->quantity, name, out);
	if (item->kind != FHIR_ITEM_RECORD)
		return 0;
	for (size_t i = 0; i < item->cls->count && !r; i++) {
		if (!name.s || cw_str_is(name, item->cls->element[i].name))
			r = record_children(x, item, i, out);
	}
	return r;
}

/* The input is of the type that the compiler saw: no table is read. */
static int
known_children(struct path_ctx *x, const struct path_node *n, const struct fhir_item *item,
    struct fhir_coll *out)
{
	const struct fhir_node *k;
	unsigned type = n->elem_type;
	int r = 0;

	for (k = item->node->child; k && !r; k = k->next) {
		if (n->forms ? form_matches(n->form, n->forms, k->name, &type)
			     : cw_str_eq(k->name, n->name))
			r = add_node(x, k, type, out);
	}
	return r;
}

static bool
is_named_type(struct path_ctx *x, const struct path_node *n, const struct fhir_item *item)
{
	if (item->kind == FHIR_ITEM_RECORD)
		return cw_str_is(n->name, item->cls->name);
	if (item->kind != FHIR_ITEM_NODE)
		return false;
	if (x->model && item->type && n->own_type)
		return fhir_type_is_a(x->model, item->type, n->own_type);
	return cw_str_eq(fhir_node_resource_type(item->node), n->name);
}

static int
member_of(struct path_ctx *x, const struct path_node *n, const struct fhir_item *item,
    struct fhir_coll *out)
{
	if (n->type_only || (n->root_type && is_named_type(x, n, item)))
		return path_add(x, out, item);
	if (item->kind == FHIR_ITEM_NODE && item->type && item->type == n->own_type && x->model &&
	    !n->holds_resource)
		return known_children(x, n, item, out);
	if (item->kind == FHIR_ITEM_RECORD && item->cls == n->cls)
		return record_children(x, item, n->slot, out);
	return path_children(x, item, n->name, out);
}

int
path_eval_member(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out)
{
	struct fhir_coll in;
	const struct fhir_item *item = f->item;
	size_t count = f->n;
	unsigned unsure = f->unsure;

	if (n->left) {
		int r = path_eval(x, n->left, f, &in);

		if (r)
			return r;
		item = in.item;
		count = in.n;
		unsure = in.unsure;
	}
	if (unsure & FHIR_UNSURE_LESS)
		unsure |= FHIR_UNSURE_MORE;
	out->unsure |= (uint8_t)unsure;
	for (size_t i = 0; i < count; i++) {
		int r = member_of(x, n, &item[i], out);

		if (r)
			return r;
	}
	return 0;
}

struct fhir_item
fhir_item_resource(const struct fhir_model *model, const struct fhir_node *node)
{
	unsigned type = model ? fhir_type_find(model, fhir_node_resource_type(node)) : 0;

	return fhir_item_node(node, type);
}

/* --- types of items --- */

static bool
node_is(struct path_ctx *x, const struct fhir_item *item, const struct path_spec *spec, bool exact)
{
	if (!x->model || !item->type)
		return spec->name.n && cw_str_eq(fhir_node_resource_type(item->node), spec->name);
	if (!spec->type)
		return false;
	if (exact && fhir_type_is_primitive(x->model, item->type))
		return item->type == spec->type;
	return fhir_type_is_a(x->model, item->type, spec->type);
}

bool
path_item_is(
    struct path_ctx *x, const struct fhir_item *item, const struct path_spec *spec, bool exact)
{
	if (item->kind == FHIR_ITEM_NODE)
		return (spec->kind == FHIR_ITEM_NODE || spec->both) &&
		       node_is(x, item, spec, exact);
	if (item->kind == FHIR_ITEM_RECORD)
		return cw_str_is(spec->name, item->cls->name);
	return spec->kind == (enum fhir_item_kind)item->kind;
}
