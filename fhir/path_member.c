/* path_member: names of elements and types, resolved when an expression is compiled. */
#include <string.h>

#include "fhir/path_check.h"
#include "fhir/types.h"

enum fhir_item_kind
path_primitive_kind(struct cw_str name)
{
	static const struct {
		const char *name;
		enum fhir_item_kind kind;
	} kinds[] = {
		{ "boolean", FHIR_ITEM_BOOLEAN },
		{ "integer", FHIR_ITEM_INTEGER },
		{ "positiveInt", FHIR_ITEM_INTEGER },
		{ "unsignedInt", FHIR_ITEM_INTEGER },
		{ "integer64", FHIR_ITEM_LONG },
		{ "decimal", FHIR_ITEM_DECIMAL },
		{ "date", FHIR_ITEM_DATE },
		{ "dateTime", FHIR_ITEM_DATETIME },
		{ "instant", FHIR_ITEM_DATETIME },
		{ "time", FHIR_ITEM_TIME },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (cw_str_is(name, kinds[i].name))
			return kinds[i].kind;
	}
	return FHIR_ITEM_STRING;
}

enum fhir_item_kind
path_static_kind(const struct fhir_model *model, const struct fhir_path_type *type)
{
	unsigned quantity;

	if (type->kind != FHIR_ITEM_NODE)
		return type->kind == FHIR_ITEM_RECORD ? FHIR_ITEM_NODE : type->kind;
	if (!model || !type->type)
		return FHIR_ITEM_ANY;
	if (fhir_type_is_primitive(model, type->type))
		return path_primitive_kind(fhir_type_name(model, type->type));
	quantity = fhir_type_find(model, CW_STR("Quantity"));
	return fhir_type_is_a(model, type->type, quantity) ? FHIR_ITEM_QUANTITY : FHIR_ITEM_NODE;
}

static const char *const system_names[] = { [FHIR_ITEM_NODE] = "node",
	[FHIR_ITEM_BOOLEAN] = "System.Boolean",
	[FHIR_ITEM_INTEGER] = "System.Integer",
	[FHIR_ITEM_LONG] = "System.Long",
	[FHIR_ITEM_DECIMAL] = "System.Decimal",
	[FHIR_ITEM_STRING] = "System.String",
	[FHIR_ITEM_DATE] = "System.Date",
	[FHIR_ITEM_DATETIME] = "System.DateTime",
	[FHIR_ITEM_TIME] = "System.Time",
	[FHIR_ITEM_QUANTITY] = "System.Quantity",
	[FHIR_ITEM_RECORD] = "record",
	[FHIR_ITEM_TYPE] = "System.ClassInfo",
	[FHIR_ITEM_ANY] = "Any" };

struct cw_str
path_static_name(const struct fhir_model *model, const struct fhir_path_type *type)
{
	if (type->kind == FHIR_ITEM_NODE && model && type->type)
		return fhir_type_name(model, type->type);
	if (type->kind == FHIR_ITEM_RECORD && type->cls)
		return cw_str(type->cls->name);
	return cw_str(system_names[type->kind]);
}

struct fhir_path_type
fhir_path_type_named(const struct fhir_model *model, struct cw_str name)
{
	unsigned type = model ? fhir_type_find(model, name) : 0;

	if (!type)
		return (struct fhir_path_type){ .kind = FHIR_ITEM_ANY };
	return (struct fhir_path_type){ .kind = FHIR_ITEM_NODE, .type = type };
}

struct fhir_path_type
fhir_path_type_class(const struct fhir_class *cls)
{
	return (struct fhir_path_type){ .kind = FHIR_ITEM_RECORD, .cls = cls };
}

/* --- members --- */

static int
no_element(struct checker *c, const struct path_node *n, const struct fhir_path_type *in)
{
	struct cw_str type = path_static_name(c->opt->model, in);

	if (!c->opt->strict && in->kind != FHIR_ITEM_RECORD)
		return 0;
	return path_fail_at(c->err, CW_ETYPE, n->at, "%.*s has no element '%.*s'", CW_ARG(type),
	    n->name.n > 60 ? 60 : (int)n->name.n, n->name.s);
}

static int
record_member(struct checker *c, struct path_node *n, const struct fhir_path_type *in)
{
	const struct fhir_class *cls = in->cls;

	for (size_t i = 0; i < cls->count; i++) {
		const struct fhir_class_element *e = &cls->element[i];

		if (!cw_str_is(n->name, e->name))
			continue;
		n->cls = cls;
		n->slot = i;
		n->is = (struct fhir_path_type){
			.kind = e->kind, .cls = e->cls, .many = in->many || e->many
		};
		n->safe = true;
		return 0;
	}
	return no_element(c, n, in);
}

/* All forms of a choice element of that bare name. */
static int
choice_forms(struct checker *c, struct path_node *n, unsigned type)
{
	const struct fhir_model *m = c->opt->model;
	struct fhir_elem e;
	struct path_form *form;
	unsigned count = 0;

	while (fhir_type_choice(m, type, n->name, count, &e))
		count++;
	if (!count)
		return 0;
	form = cw_alloc(c->path->arena, count * sizeof(*form));
	if (!form)
		return cw_fail(c->err, CW_ELIMIT, "the expression is too large");
	for (unsigned i = 0; i < count; i++) {
		if (!fhir_type_choice(m, type, n->name, i, &e))
			break;
		form[i] = (struct path_form){ e.name, (uint16_t)e.type };
	}
	n->form = form;
	n->forms = count;
	n->own_type = type;
	return 1;
}

/* 1: found and n->is set; 0: there is no such element; negative: error. */
static int
node_member(struct checker *c, struct path_node *n, unsigned type, bool many)
{
	struct fhir_elem e;
	int r;

	n->is = (struct fhir_path_type){ .kind = FHIR_ITEM_ANY, .many = true };
	if (fhir_type_element(c->opt->model, type, n->name, &e)) {
		if (e.choice.n && !c->opt->lenient_choice)
			return 0;
		n->own_type = type;
		n->elem_type = e.type;
		n->holds_resource = e.resource;
		n->is = (struct fhir_path_type){
			.kind = FHIR_ITEM_NODE, .type = e.type, .many = many || e.array
		};
		return 1;
	}
	r = choice_forms(c, n, type);
	if (r > 0)
		n->is = (struct fhir_path_type){ .kind = FHIR_ITEM_ANY,
			.type = type,
			.many = many,
			.choice = true,
			.element = n->name };
	return r;
}

/* A member of a choice element: an element of any of its forms. */
static int
choice_member(struct checker *c, struct path_node *n, const struct fhir_path_type *in)
{
	const struct fhir_model *m = c->opt->model;
	unsigned found = 0, own = 0;
	struct fhir_elem e, x;

	for (unsigned i = 0; fhir_type_choice(m, in->type, in->element, i, &e); i++) {
		if (fhir_type_element(m, e.type, n->name, &x) ||
		    fhir_type_choice(m, e.type, n->name, 0, &x)) {
			own = e.type;
			found++;
		}
	}
	n->is = (struct fhir_path_type){ .kind = FHIR_ITEM_ANY, .many = true };
	if (found == 1) {
		int r = node_member(c, n, own, in->many);

		return r < 0 ? r : 0;
	}
	return found ? 0 : no_element(c, n, in);
}

static bool
is_abstract(const struct fhir_model *m, unsigned type)
{
	struct fhir_type_info info;

	fhir_type_describe(m, type, &info);
	return info.abstract;
}

/* Is this name, at the start of a path, the type of the input? */
static bool
names_type(struct checker *c, struct path_node *n, const struct fhir_path_type *in)
{
	const struct fhir_model *m = c->opt->model;
	unsigned type;

	if (in->kind == FHIR_ITEM_RECORD)
		return cw_str_is(n->name, in->cls->name);
	if (!m || n->name.n == 0 || n->name.s[0] < 'A' || n->name.s[0] > 'Z')
		return false;
	type = fhir_type_find(m, n->name);
	if (!type)
		return false;
	if (in->kind == FHIR_ITEM_ANY) {
		n->own_type = type;
		return false; /* decided by the item: root_type stays */
	}
	return in->kind == FHIR_ITEM_NODE &&
	       (fhir_type_is_a(m, in->type, type) || fhir_type_is_a(m, type, in->type));
}

int
path_check_member(
    struct checker *c, struct path_node *n, const struct fhir_path_type *in, bool at_start)
{
	int r;

	n->is = (struct fhir_path_type){ .kind = FHIR_ITEM_ANY, .many = true };
	n->root_type = at_start;
	if (at_start && names_type(c, n, in)) {
		n->type_only = true;
		n->is = *in;
		if (in->kind == FHIR_ITEM_NODE)
			n->is.type = fhir_type_find(c->opt->model, n->name);
		return 0;
	}
	if (in->kind != FHIR_ITEM_ANY)
		n->root_type = false;
	if (in->kind == FHIR_ITEM_RECORD && in->cls)
		return record_member(c, n, in);
	if (in->kind == FHIR_ITEM_TYPE) {
		n->is.kind = FHIR_ITEM_STRING;
		n->is.many = in->many;
		return 0;
	}
	if (in->kind == FHIR_ITEM_QUANTITY &&
	    (cw_str_is(n->name, "value") || cw_str_is(n->name, "unit"))) {
		n->is.kind = cw_str_is(n->name, "unit") ? FHIR_ITEM_STRING : FHIR_ITEM_DECIMAL;
		n->is.many = in->many;
		return 0;
	}
	if (in->kind == FHIR_ITEM_ANY)
		return in->choice && c->opt->model ? choice_member(c, n, in) : 0;
	if (in->kind != FHIR_ITEM_NODE)
		return no_element(c, n, in);
	if (!in->type || !c->opt->model)
		return 0;
	r = node_member(c, n, in->type, in->many);
	if (r < 0)
		return r;
	if (r == 0 && !is_abstract(c->opt->model, in->type))
		return no_element(c, n, in);
	return 0;
}

/* --- type specifiers --- */

static enum fhir_item_kind
system_kind(struct cw_str name)
{
	for (enum fhir_item_kind k = FHIR_ITEM_BOOLEAN; k <= FHIR_ITEM_QUANTITY; k++) {
		if (cw_str_is(name, system_names[k] + sizeof("System.") - 1))
			return k;
	}
	return FHIR_ITEM_ANY;
}

static bool
class_named(const struct checker *c, struct cw_str name)
{
	const struct fhir_path_scope *s = c->opt->scope;

	if (c->opt->context.cls && cw_str_is(name, c->opt->context.cls->name))
		return true;
	for (size_t i = 0; s && i < s->vars; i++) {
		if (s->var[i].type.cls && cw_str_is(name, s->var[i].type.cls->name))
			return true;
	}
	return false;
}

int
path_check_spec(struct checker *c, struct path_spec *spec, uint32_t at)
{
	bool system = cw_str_is(spec->space, "System"), fhir = cw_str_is(spec->space, "FHIR");

	spec->kind = FHIR_ITEM_ANY;
	if (system || !spec->space.s)
		spec->kind = system_kind(spec->name);
	if ((fhir || !spec->space.s) && c->opt->model) {
		spec->type = fhir_type_find(c->opt->model, spec->name);
		spec->both = spec->kind != FHIR_ITEM_ANY && spec->type;
		if (spec->type && !spec->both)
			spec->kind = FHIR_ITEM_NODE;
	}
	if (spec->kind == FHIR_ITEM_ANY && !spec->space.s && class_named(c, spec->name))
		spec->kind = FHIR_ITEM_RECORD;
	if (spec->kind == FHIR_ITEM_ANY && !system && !c->opt->model)
		spec->kind = FHIR_ITEM_NODE;
	if (spec->kind != FHIR_ITEM_ANY || ((system || fhir) && !c->opt->strict))
		return 0;
	return path_fail_at(c->err, CW_ETYPE, at, "there is no type '%.*s%s%.*s'",
	    CW_ARG(spec->space), spec->space.s ? "." : "",
	    spec->name.n > 60 ? 60 : (int)spec->name.n, spec->name.s);
}

struct fhir_path_type
path_spec_type(const struct path_spec *spec, const struct fhir_path_type *in)
{
	struct fhir_path_type t = { .kind = spec->both ? FHIR_ITEM_ANY : spec->kind,
		.many = in->many };

	if (in->kind == FHIR_ITEM_NODE || in->choice)
		t.kind = spec->type ? FHIR_ITEM_NODE : spec->kind;
	if (t.kind == FHIR_ITEM_NODE)
		t.type = spec->type;
	if (t.kind == FHIR_ITEM_RECORD)
		t.cls = in->cls;
	if (t.kind == FHIR_ITEM_RECORD && !t.cls)
		t.kind = FHIR_ITEM_ANY;
	return t;
}
