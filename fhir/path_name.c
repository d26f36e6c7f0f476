/* path_name: %names: standard ones, those of the scope, those of defineVariable. */
#include <stdlib.h>
#include <string.h>

#include "fhir/path_check.h"

static const struct {
	const char *name, *value; /* value NULL: a slot */
	size_t slot;
} standard[] = {
	{ "context", NULL, PATH_VAR_CONTEXT },
	{ "resource", NULL, PATH_VAR_RESOURCE },
	{ "rootResource", NULL, PATH_VAR_ROOT },
	{ "ucum", "http://unitsofmeasure.org", 0 },
	{ "sct", "http://snomed.info/sct", 0 },
	{ "loinc", "http://loinc.org", 0 },
};

static ptrdiff_t
find_standard(struct cw_str name)
{
	for (size_t i = 0; i < sizeof(standard) / sizeof(standard[0]); i++) {
		if (cw_str_is(name, standard[i].name))
			return (ptrdiff_t)i;
	}
	return -1;
}

/* --- scope --- */

struct fhir_path_scope *
fhir_path_scope_new(void)
{
	struct fhir_path_scope *s = cw_calloc(1, sizeof(*s));

	s->index = cw_map_new();
	return s;
}

void
fhir_path_scope_free(struct fhir_path_scope *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->vars; i++)
		free(s->var[i].owned);
	free(s->var);
	cw_map_free(s->index);
	free(s);
}

ptrdiff_t
fhir_path_scope_find(const struct fhir_path_scope *s, struct cw_str name)
{
	uintptr_t slot = (uintptr_t)cw_map_get(s->index, name);

	return slot ? (ptrdiff_t)slot - 1 : -1;
}

static int
add_var(struct fhir_path_scope *s, struct cw_str name, const struct path_var *var, size_t *slot,
    struct cw_err *err)
{
	struct path_var *v;

	if (name.n == 0)
		return cw_fail(err, CW_EVALUE, "a name must not be empty");
	if (find_standard(name) >= 0 || fhir_path_scope_find(s, name) >= 0)
		return cw_fail(err, CW_EVALUE, "the name %%%.*s is taken",
		    name.n > 60 ? 60 : (int)name.n, name.s);
	if (s->vars == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 16;
		s->var = cw_realloc(s->var, s->cap * sizeof(*s->var));
	}
	v = &s->var[s->vars];
	*v = *var;
	v->owned = cw_malloc(name.n + 1);
	memcpy(v->owned, name.s, name.n);
	v->owned[name.n] = '\0';
	v->name = (struct cw_str){ v->owned, name.n };
	s->vars++;
	cw_map_put(s->index, v->name, (void *)(uintptr_t)s->vars);
	*slot = s->vars - 1;
	return 0;
}

int
fhir_path_scope_declare(struct fhir_path_scope *s, struct cw_str name,
    const struct fhir_path_type *type, size_t *slot, struct cw_err *err)
{
	struct path_var var = { .type = *type };

	return add_var(s, name, &var, slot, err);
}

void
fhir_path_scope_vary(struct fhir_path_scope *s, size_t slot)
{
	s->var[slot].varies = true;
}

int
fhir_path_scope_define(struct fhir_path_scope *s, struct cw_str name, const struct fhir_path *path,
    size_t *slot, struct cw_err *err)
{
	struct path_var var = { .type = path->root->is, .path = path };

	if (path->scope != s)
		return cw_fail(err, CW_EUSAGE, "an expression of another scope cannot be named");
	if (path->varies)
		return cw_fail(err, CW_EUSAGE, "a named expression cannot use a name that varies");
	return add_var(s, name, &var, slot, err);
}

/* --- use --- */

static int
make_literal(struct checker *c, struct path_node *n, struct cw_str value)
{
	n->op = PATH_LITERAL;
	if (!value.s)
		return cw_fail(c->err, CW_ELIMIT, "the expression is too large");
	n->item = fhir_item_string(value);
	n->is = (struct fhir_path_type){ .kind = FHIR_ITEM_STRING };
	n->safe = true;
	return 0;
}

static int
use_standard(struct checker *c, struct path_node *n, size_t i)
{
	if (standard[i].value)
		return make_literal(c, n, cw_str(standard[i].value));
	n->slot = standard[i].slot;
	n->is = (struct fhir_path_type){ .kind = FHIR_ITEM_ANY };
	if (n->slot == PATH_VAR_CONTEXT)
		n->is = c->opt->context;
	return 0;
}

/* %vs-name and %ext-name are the URLs of FHIR's own value sets and extensions. */
static int
use_prefix(struct checker *c, struct path_node *n)
{
	struct cw_arena *a = c->path->arena;

	if (n->name.n > 3 && cw_str_starts(n->name, CW_STR("vs-")))
		return make_literal(c, n,
		    cw_fmt(
			a, "http://hl7.org/fhir/ValueSet/%.*s", (int)n->name.n - 3, n->name.s + 3));
	if (n->name.n > 4 && cw_str_starts(n->name, CW_STR("ext-")))
		return make_literal(c, n,
		    cw_fmt(a, "http://hl7.org/fhir/StructureDefinition/%.*s", (int)n->name.n - 4,
			n->name.s + 4));
	if (c->opt->dynamic_names) {
		n->op = PATH_EMPTY;
		n->safe = true;
		n->is = (struct fhir_path_type){ .kind = FHIR_ITEM_ANY };
		return 0;
	}
	return path_fail_at(c->err, CW_ETYPE, n->at, "the name %%%.*s is not defined",
	    n->name.n > 60 ? 60 : (int)n->name.n, n->name.s);
}

int
path_check_var(struct checker *c, struct path_node *n, const struct path_view *v)
{
	const struct path_local *l;
	ptrdiff_t i;

	for (l = v->locals; l; l = l->next) {
		if (!cw_str_eq(l->name, n->name))
			continue;
		n->op = PATH_LOCAL;
		n->slot = l->slot;
		n->is = l->type;
		n->uses = ~UINT64_C(0);
		n->safe = true;
		return 0;
	}
	i = find_standard(n->name);
	if (i >= 0)
		return use_standard(c, n, (size_t)i);
	i = c->opt->scope ? fhir_path_scope_find(c->opt->scope, n->name) : -1;
	if (i < 0)
		return use_prefix(c, n);
	n->slot = (size_t)i + PATH_STD_VARS;
	n->is = c->opt->scope->var[i].type;
	n->safe = !c->opt->scope->var[i].path;
	n->impure = c->opt->scope->var[i].varies;
	c->path->varies |= n->impure;
	return 0;
}

/* defineVariable(name [, value]): the name must be a constant, so that it is known here. */
int
path_check_define(struct checker *c, struct path_node *n, struct path_view *v)
{
	struct path_local *l = cw_alloc(c->path->arena, sizeof(*l));
	const struct path_local *o;
	int r;

	if (!l)
		return cw_fail(c->err, CW_ELIMIT, "the expression is too large");
	r = path_const_string(c, n->arg[0], &l->name);
	if (r)
		return r;
	if (!l->name.n)
		return path_fail_at(c->err, CW_ETYPE, n->arg[0]->at,
		    "the name of a variable must be a constant string");
	for (o = v->locals; o && !cw_str_eq(o->name, l->name); o = o->next)
		;
	if (o || find_standard(l->name) >= 0 ||
	    (c->opt->scope && fhir_path_scope_find(c->opt->scope, l->name) >= 0))
		return path_fail_at(c->err, CW_ETYPE, n->at, "the name %%%.*s is already defined",
		    l->name.n > 60 ? 60 : (int)l->name.n, l->name.s);
	l->slot = n->slot = c->path->locals++;
	l->type = n->args > 1 ? n->arg[1]->is : n->is;
	l->next = v->locals;
	v->locals = l;
	return 0;
}
