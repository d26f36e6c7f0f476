/* path_fn_fhir: what FHIR adds to FHIRPath (R4 fhirpath.html 2.9.1.5): extension, hasValue,
 * getValue, resolve, memberOf, conformsTo, checkModifiers, htmlChecks, type. What would need
 * profiles, a terminology server or CDA is refused by name, never answered wrongly. */
#include "fhir/path_fn.h"
#include "fhir/types.h"
#include "fhir/xhtml.h"

#include <string.h>

static void
step_taint(struct path_call *c)
{
	c->out->unsure |= c->in->unsure;
	if (c->in->unsure & FHIR_UNSURE_LESS)
		c->out->unsure |= FHIR_UNSURE_MORE;
}

static int
run_extension(struct path_call *c)
{
	struct fhir_coll all;
	int r = 0;

	step_taint(c);
	fhir_coll_init(&all);
	for (uint32_t i = 0; i < c->in->n && !r; i++)
		r = path_children(c->x, &c->in->item[i], CW_STR("extension"), &all);
	for (uint32_t i = 0; i < all.n && !r; i++) {
		const struct fhir_item *e = &all.item[i];

		if (e->kind == FHIR_ITEM_NODE &&
		    cw_str_eq(fhir_node_text(e->node, "url"), path_text(c->value[0])))
			r = path_emit(c, e);
	}
	return r;
}

static bool
has_value(const struct fhir_item *item)
{
	if (item->kind != FHIR_ITEM_NODE)
		return item->kind != FHIR_ITEM_RECORD;
	return item->node->lexeme.s != NULL;
}

static int
run_has_value(struct path_call *c)
{
	return path_emit_boolean(c, c->in->n == 1 && has_value(&c->in->item[0]));
}

static int
run_get_value(struct path_call *c)
{
	struct fhir_item v;

	if (c->in->n != 1 || !has_value(&c->in->item[0]))
		return 0;
	path_value(c->x, &c->in->item[0], &v);
	return path_emit(c, &v);
}

/* The contained resource of that id in a resource, or NULL. */
static const struct fhir_node *
contained(const struct fhir_node *resource, struct cw_str id)
{
	const struct fhir_node *k = fhir_node_get(resource, "contained");

	for (; k; k = fhir_node_again(k)) {
		if (cw_str_eq(fhir_node_text(k, "id"), id))
			return k;
	}
	return NULL;
}

/* "#id": look in the resources around the item, then in %rootResource; "#" is the container. */
static const struct fhir_node *
local_target(struct path_call *c, const struct fhir_item *item, struct cw_str id)
{
	const struct fhir_path_session *s = c->x->session;
	const struct fhir_node *n = item->kind == FHIR_ITEM_NODE ? item->node : NULL;

	for (; n; n = n->parent) {
		const struct fhir_node *found = contained(n, id);

		if (found)
			return found;
		if (id.n == 0 && !n->parent)
			return n;
	}
	if (s->root_resources == 0 || s->root_resource.kind != FHIR_ITEM_NODE)
		return NULL;
	return id.n ? contained(s->root_resource.node, id) : s->root_resource.node;
}

static int
resolve_one(struct path_call *c, const struct fhir_item *item)
{
	const struct fhir_path_env *env = &c->x->session->env;
	struct cw_str ref = { NULL, 0 };
	struct fhir_item v;

	if (path_value(c->x, item, &v) && v.kind == FHIR_ITEM_STRING)
		ref = path_text(&v);
	else if (item->kind == FHIR_ITEM_NODE)
		ref = fhir_node_text(item->node, "reference");
	if (!ref.n)
		return 0;
	if (ref.s[0] == '#') {
		struct cw_str id = { ref.s + 1, ref.n - 1 };
		const struct fhir_node *n = local_target(c, item, id);

		if (!n)
			return 0;
		v = fhir_item_resource(c->x->model, n);
		return path_emit(c, &v);
	}
	if (env->resolve && env->resolve(env->user, ref, &v))
		return path_emit(c, &v);
	return 0;
}

static int
run_resolve(struct path_call *c)
{
	int r = 0;

	step_taint(c);
	for (uint32_t i = 0; i < c->in->n && !r; i++)
		r = resolve_one(c, &c->in->item[i]);
	return r;
}

static int
run_member_of(struct path_call *c)
{
	const struct fhir_path_env *env = &c->x->session->env;
	int r;

	c->out->unsure |= c->in->unsure;
	if (c->in->n == 0)
		return 0;
	if (c->in->n > 1)
		return path_fail(c, CW_EVALUE, "memberOf() needs a single coded value");
	if (!env->member)
		return path_fail(c, CW_EUNSUPPORTED, "memberOf() has no value sets here");
	r = env->member(env->user, &c->in->item[0], path_text(c->value[0]));
	if (r >= 0)
		return path_emit_boolean(c, r == 1);
	c->out->unsure |= FHIR_UNSURE_MORE;
	return 0;
}

/* Only the base definitions are known here: a resource conforms to the one of its own type. */
static int
run_conforms_to(struct path_call *c)
{
	static const char base[] = "http://hl7.org/fhir/StructureDefinition/";
	struct cw_str url = path_text(c->value[0]);
	unsigned type = 0;

	if (c->in->n == 0)
		return 0;
	if (c->in->n > 1)
		return path_fail(c, CW_EVALUE, "conformsTo() needs a single item");
	if (c->x->model && url.n > sizeof(base) - 1 && cw_str_starts(url, CW_STR(base)))
		type = fhir_type_find(c->x->model,
		    (struct cw_str){ url.s + sizeof(base) - 1, url.n - (sizeof(base) - 1) });
	if (type == 0)
		return path_fail(
		    c, CW_EUNSUPPORTED, "conformsTo() knows the types of FHIR only, no profiles");
	return path_emit_boolean(c, c->in->item[0].kind == FHIR_ITEM_NODE &&
					fhir_type_is_a(c->x->model, c->in->item[0].type, type));
}

/* Of one xhtml element or string; anything else gives empty. */
static int
run_html_checks(struct path_call *c)
{
	struct fhir_item v;

	if (c->in->n != 1 || !path_value(c->x, &c->in->item[0], &v) || v.kind != FHIR_ITEM_STRING)
		return 0;
	return path_emit_boolean(c, fhir_xhtml_ok(path_text(&v)));
}

static bool
understood(const struct path_call *c, struct cw_str url)
{
	for (size_t i = 0; i < c->args; i++) {
		if (c->value[i] && cw_str_eq(path_text(c->value[i]), url))
			return true;
	}
	return false;
}

static int
run_check_modifiers(struct path_call *c)
{
	for (uint32_t i = 0; i < c->in->n; i++) {
		const struct fhir_node *k = NULL;

		if (c->in->item[i].kind == FHIR_ITEM_NODE)
			k = fhir_node_get(c->in->item[i].node, "modifierExtension");
		for (; k; k = fhir_node_again(k)) {
			if (!understood(c, fhir_node_text(k, "url")))
				return path_fail(c, CW_EVALUE, "a modifier extension is unknown");
		}
	}
	return path_add_all(c->x, c->out, c->in);
}

static struct fhir_item
type_item(struct path_call *c, const struct fhir_item *item)
{
	struct fhir_item out = { .kind = FHIR_ITEM_TYPE };
	struct cw_str name = fhir_item_type_name(c->x->arena, c->x->model, item);

	out.space = "";
	if (cw_str_starts(name, CW_STR("System."))) {
		out.space = "System";
		name = (struct cw_str){ name.s + 7, name.n - 7 };
	} else if (cw_str_starts(name, CW_STR("FHIR."))) {
		out.space = "FHIR";
		name = (struct cw_str){ name.s + 5, name.n - 5 };
		if (memchr(name.s, '.', name.n))
			name = fhir_type_name(c->x->model, fhir_type_base(c->x->model, item->type));
	}
	out.s = name.s;
	out.n = (uint32_t)name.n;
	return out;
}

static int
run_type(struct path_call *c)
{
	int r = 0;

	step_taint(c);
	for (uint32_t i = 0; i < c->in->n && !r; i++) {
		struct fhir_item type = type_item(c, &c->in->item[i]);

		r = path_emit(c, &type);
	}
	return r;
}

static int
run_unsupported(struct path_call *c)
{
	return path_fail(c, CW_EUNSUPPORTED, "%s() cannot be answered here", c->node->fn->name);
}

#define ANY_ARGS                                                                                   \
	{                                                                                          \
		PATH_LAMBDA, PATH_LAMBDA, PATH_LAMBDA, PATH_LAMBDA, PATH_LAMBDA, PATH_LAMBDA,      \
		    PATH_LAMBDA, PATH_LAMBDA                                                       \
	}
#define UNSUPPORTED(NAME)                                                                          \
	{                                                                                          \
		.name = NAME, .most = PATH_MAX_ARGS, .in = PATH_ANY, .arg = ANY_ARGS,              \
		.result = FHIR_ITEM_ANY, .flags = PATH_FN_IMPURE | PATH_FN_UNSUPPORTED,            \
		.run = run_unsupported                                                             \
	}
#define WITH_TEXT(NAME, RESULT, FLAGS, RUN)                                                        \
	{                                                                                          \
		.name = NAME, .least = 1, .most = 1, .in = PATH_ANY, .arg = { PATH_STRING },       \
		.result = RESULT, .flags = FLAGS, .run = RUN                                       \
	}
#define PLAIN(NAME, RESULT, FLAGS, RUN)                                                            \
	{                                                                                          \
		.name = NAME, .in = PATH_ANY, .result = RESULT, .flags = FLAGS, .run = RUN         \
	}

const struct path_fn path_fn_fhir[] = {
	WITH_TEXT("extension", FHIR_ITEM_ANY, PATH_FN_TAINT, run_extension),
	PLAIN("hasValue", FHIR_ITEM_BOOLEAN, PATH_FN_ONE, run_has_value),
	PLAIN("getValue", FHIR_ITEM_ANY, PATH_FN_ONE, run_get_value),
	PLAIN("resolve", FHIR_ITEM_ANY, PATH_FN_TAINT | PATH_FN_IMPURE, run_resolve),
	WITH_TEXT("memberOf", FHIR_ITEM_BOOLEAN, PATH_FN_ONE | PATH_FN_TAINT | PATH_FN_IMPURE,
	    run_member_of),
	WITH_TEXT("conformsTo", FHIR_ITEM_BOOLEAN, PATH_FN_ONE, run_conforms_to),
	PLAIN("htmlChecks", FHIR_ITEM_BOOLEAN, PATH_FN_ONE, run_html_checks),
	{ .name = "checkModifiers",
	    .most = PATH_MAX_ARGS,
	    .in = PATH_ANY,
	    .arg = { PATH_STRING, PATH_STRING, PATH_STRING, PATH_STRING, PATH_STRING, PATH_STRING,
		PATH_STRING, PATH_STRING },
	    .result = FHIR_ITEM_ANY,
	    .flags = PATH_FN_SAME,
	    .run = run_check_modifiers },
	PLAIN("type", FHIR_ITEM_ANY, PATH_FN_TAINT, run_type),
	UNSUPPORTED("elementDefinition"),
	UNSUPPORTED("slice"),
	UNSUPPORTED("hasTemplateIdOf"),
	UNSUPPORTED("subsumes"),
	UNSUPPORTED("subsumedBy"),
	UNSUPPORTED("expand"),
	UNSUPPORTED("lookup"),
	UNSUPPORTED("validateVS"),
	UNSUPPORTED("validateCS"),
	UNSUPPORTED("translate"),
	UNSUPPORTED("ordinal"),
	UNSUPPORTED("weight"),
	{ .name = NULL },
};
