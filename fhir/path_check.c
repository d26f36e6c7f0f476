/* path_check: names, types and cardinality of a parsed expression, from the leaves up. */
#include <string.h>

#include "fhir/path_check.h"

enum { MAX_LEVEL = 60 };

static int check(struct checker *c, struct path_node *n, struct path_view *v);

void
path_lint(struct checker *c, const struct path_node *n, const char *text)
{
	if (c->opt->lint)
		c->opt->lint(c->opt->user, (size_t)n->at + 1, text);
}

static uint64_t
level_bit(const struct path_view *v)
{
	return UINT64_C(1) << v->level;
}

/* A child that sees the same names but keeps its own definitions to itself. */
static int
check_apart(struct checker *c, struct path_node *n, struct path_node *child, struct path_view *v)
{
	struct path_view own = *v;
	int r = check(c, child, &own);

	n->uses |= child->uses;
	n->impure |= child->impure;
	return r;
}

/* The input of a step: its definitions reach what follows. */
static int
check_left(struct checker *c, struct path_node *n, struct path_view *v, struct fhir_path_type *in)
{
	int r;

	if (!n->left) {
		n->uses |= level_bit(v);
		*in = v->self;
		return 0;
	}
	r = check(c, n->left, v);
	n->uses |= n->left->uses;
	n->impure |= n->left->impure;
	*in = n->left->is;
	return r;
}

static int
check_member(struct checker *c, struct path_node *n, struct path_view *v)
{
	struct fhir_path_type in;
	int r = check_left(c, n, v, &in);

	if (!r)
		r = path_check_member(c, n, &in, !n->left);
	if (n->left && n->safe)
		n->safe = n->left->safe;
	n->unordered = n->left && n->left->unordered;
	return r;
}

/* A type argument was read as a path: `Quantity`, `System.String`. */
static int
make_spec(struct checker *c, struct path_node *call, struct path_node *a)
{
	const struct path_node *left = a->left;
	struct path_spec *spec = cw_alloc(c->path->arena, sizeof(*spec));

	if (!spec)
		return cw_fail(c->err, CW_ELIMIT, "the expression is too large");
	if (a->op != PATH_MEMBER || (left && (left->op != PATH_MEMBER || left->left)))
		return path_fail_at(
		    c->err, CW_ETYPE, a->at, "%s() needs the name of a type", call->fn->name);
	spec->name = a->name;
	if (left)
		spec->space = left->name;
	a->spec = spec;
	return path_check_spec(c, spec, a->at);
}

static int
check_lambda(struct checker *c, struct path_node *n, size_t i, const struct fhir_path_type *in,
    const struct path_view *v)
{
	struct path_view body = *v;
	bool whole = n->fn->in_whole & (1u << i); /* $this is the whole input */
	int r;

	if (v->level + 1 >= MAX_LEVEL)
		return path_fail_at(c->err, CW_ELIMIT, n->at, "functions are nested too deep");
	body.self = *in;
	body.self.many = whole && in->many;
	body.level = v->level + 1;
	r = check(c, n->arg[i], &body);
	n->uses |=
	    n->arg[i]->uses & (n->arg[i]->uses == ~UINT64_C(0) ? ~UINT64_C(0) : ~level_bit(&body));
	n->impure |= n->arg[i]->impure;
	return r;
}

/* Does a static type surely not fit a typed argument or input? */
static bool
misfit(enum path_kind kind, enum fhir_item_kind k)
{
	if (k == FHIR_ITEM_ANY)
		return false;
	switch (kind) {
	case PATH_BOOLEAN:
		return k != FHIR_ITEM_BOOLEAN;
	case PATH_INTEGER:
		return k != FHIR_ITEM_INTEGER && k != FHIR_ITEM_LONG;
	case PATH_NUMBER:
		return k != FHIR_ITEM_INTEGER && k != FHIR_ITEM_LONG && k != FHIR_ITEM_DECIMAL &&
		       k != FHIR_ITEM_QUANTITY;
	case PATH_STRING:
		return k != FHIR_ITEM_STRING;
	case PATH_NO:
	case PATH_ANY:
	case PATH_ONE:
	case PATH_LAMBDA:
	case PATH_TYPE:
		break;
	}
	return false;
}

static int
check_kind(struct checker *c, const struct path_node *at, const char *fn, enum path_kind kind,
    const struct fhir_path_type *type)
{
	struct cw_str name;

	if (!c->opt->strict || !misfit(kind, path_static_kind(c->opt->model, type)))
		return 0;
	name = path_static_name(c->opt->model, type);
	return path_fail_at(
	    c->err, CW_ETYPE, at->at, "%s() cannot take a value of type %.*s", fn, CW_ARG(name));
}

static int
check_args(
    struct checker *c, struct path_node *n, const struct fhir_path_type *in, struct path_view *v)
{
	int r = 0;

	for (size_t i = 0; i < n->args && !r; i++) {
		enum path_kind kind = (enum path_kind)n->fn->arg[i];

		if (kind == PATH_TYPE) {
			r = make_spec(c, n, n->arg[i]);
		} else if (kind == PATH_LAMBDA) {
			r = check_lambda(c, n, i, in, v);
		} else {
			r = check_apart(c, n, n->arg[i], v);
			if (!r)
				r = check_kind(c, n->arg[i], n->fn->name, kind, &n->arg[i]->is);
		}
	}
	return r;
}

static void
call_type(struct path_node *n, const struct fhir_path_type *in)
{
	const struct path_fn *fn = n->fn;

	n->is = (struct fhir_path_type){ .kind = fn->result, .many = true };
	if (fn->flags & PATH_FN_SAME)
		n->is = *in;
	if (cw_str_is(n->name, "select"))
		n->is = n->arg[0]->is;
	if (n->args && n->arg[0]->spec && fn->result == FHIR_ITEM_ANY)
		n->is = path_spec_type(n->arg[0]->spec, in);
	if (cw_str_is(n->name, "select"))
		n->is.many |= in->many;
	if (cw_str_is(n->name, "iif") && n->arg[1]->is.kind == n->arg[n->args - 1]->is.kind) {
		n->is = n->arg[1]->is;
		n->is.many |= n->arg[n->args - 1]->is.many;
	}
	if (fn->flags & PATH_FN_ONE)
		n->is.many = false;
	n->unordered = fn->flags & PATH_FN_UNORDERED ? true : n->left && n->left->unordered;
}

/* Functions of the evaluator that cannot fail when what they stand on cannot. */
static void
call_safety(struct path_node *n)
{
	static const char *const names[] = { "exists", "empty", "count", "first", "last", "where",
		"all", "now", "ofType" };
	bool known = false;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		known |= cw_str_is(n->name, names[i]);
	if (cw_str_is(n->name, "not"))
		known = n->left && !n->left->is.many;
	n->safe = known && (!n->left || n->left->safe);
	for (size_t i = 0; i < n->args; i++)
		n->safe &= n->arg[i]->spec || n->arg[i]->safe;
}

static int
find_function(struct checker *c, struct path_node *n)
{
	int shown = n->name.n > 60 ? 60 : (int)n->name.n;

	n->fn = path_fn_find(n->name);
	if (!n->fn)
		return path_fail_at(
		    c->err, CW_ETYPE, n->at, "there is no function '%.*s'", shown, n->name.s);
	if (c->opt->strict && (n->fn->flags & PATH_FN_UNSUPPORTED))
		return path_fail_at(
		    c->err, CW_EUNSUPPORTED, n->at, "%s() cannot be answered here", n->fn->name);
	if (n->args >= n->fn->least && n->args <= n->fn->most)
		return 0;
	if (n->fn->least == n->fn->most)
		return path_fail_at(c->err, CW_ETYPE, n->at, "%s() takes %d argument%s, not %zu",
		    n->fn->name, n->fn->least, n->fn->least == 1 ? "" : "s", n->args);
	return path_fail_at(c->err, CW_ETYPE, n->at, "%s() takes %d to %d arguments, not %zu",
	    n->fn->name, n->fn->least, n->fn->most, n->args);
}

/* iif() and other criteria: strict mode wants a boolean that can be one. */
static int
check_criterion(struct checker *c, const struct path_node *n)
{
	const struct path_node *a = n->args ? n->arg[0] : NULL;
	enum fhir_item_kind k;

	if (!a || !c->opt->strict || !(n->fn->flags & PATH_FN_CRITERION))
		return 0;
	k = path_static_kind(c->opt->model, &a->is);
	if (k == FHIR_ITEM_ANY || k == FHIR_ITEM_BOOLEAN || a->op == PATH_EMPTY)
		return 0;
	return path_fail_at(
	    c->err, CW_ETYPE, a->at, "the criterion of %s() must be a boolean", n->fn->name);
}

static int
check_call(struct checker *c, struct path_node *n, struct path_view *v)
{
	struct fhir_path_type in = { .kind = FHIR_ITEM_ANY };
	int r = find_function(c, n);

	if (r)
		return r;
	if (n->left || n->fn->in != PATH_NO)
		r = check_left(c, n, v, &in);
	if (!r)
		r = check_kind(c, n, n->fn->name, (enum path_kind)n->fn->in, &in);
	if (!r)
		r = check_args(c, n, &in, v);
	if (!r)
		r = check_criterion(c, n);
	if (r)
		return r;
	if (c->opt->check_order && (n->fn->flags & PATH_FN_ORDER) && n->left && n->left->unordered)
		return path_fail_at(
		    c->err, CW_ETYPE, n->at, "%s() needs an ordered collection", n->fn->name);
	n->impure |= (n->fn->flags & PATH_FN_IMPURE) != 0;
	call_type(n, &in);
	call_safety(n);
	if (cw_str_is(n->name, "defineVariable"))
		return path_check_define(c, n, v);
	return 0;
}

static int
check_operator(struct checker *c, struct path_node *n, struct path_view *v)
{
	int r = check_apart(c, n, n->left, v);

	if (!r && n->right)
		r = check_apart(c, n, n->right, v);
	return r ? r : path_check_operator(c, n);
}

static int
check_index(struct checker *c, struct path_node *n, struct path_view *v)
{
	int r = check_left(c, n, v, &n->is);

	if (!r)
		r = check_apart(c, n, n->right, v);
	n->is.many = false;
	n->safe = n->left && n->left->safe && n->right->op == PATH_LITERAL &&
		  n->right->is.kind == FHIR_ITEM_INTEGER;
	if (!r && c->opt->check_order && n->left && n->left->unordered)
		return path_fail_at(
		    c->err, CW_ETYPE, n->at, "an index needs an ordered collection");
	return r;
}

/* What has nothing below it. */
static int
check_leaf(struct path_node *n, const struct path_view *v)
{
	n->is = (struct fhir_path_type){ .kind = FHIR_ITEM_ANY };
	n->safe = true;
	if (n->op == PATH_LITERAL) {
		n->is.kind = (enum fhir_item_kind)n->item.kind;
	} else if (n->op == PATH_THIS) {
		n->is = v->self;
		n->uses = level_bit(v);
	} else if (n->op == PATH_INDEX) {
		n->is.kind = FHIR_ITEM_INTEGER;
		n->uses = ~UINT64_C(0);
	} else if (n->op == PATH_TOTAL) {
		n->is.many = true;
		n->uses = ~UINT64_C(0);
	}
	return 0;
}

static int
check(struct checker *c, struct path_node *n, struct path_view *v)
{
	if (n->op < PATH_VAR)
		return check_leaf(n, v);
	if (n->op == PATH_VAR || n->op == PATH_LOCAL)
		return path_check_var(c, n, v);
	if (n->op == PATH_MEMBER)
		return check_member(c, n, v);
	if (n->op == PATH_CALL)
		return check_call(c, n, v);
	if (n->op == PATH_AT)
		return check_index(c, n, v);
	return check_operator(c, n, v);
}

/* Is it worth keeping the value of this node for the session? */
static bool
worth_keeping(const struct path_node *n)
{
	if (n->uses || n->impure)
		return false;
	if (n->op == PATH_CALL)
		return n->fn->in != PATH_NO || !cw_str_is(n->name, "now");
	return n->op > PATH_MEMBER;
}

/* Mark the largest subexpressions that depend on nothing but the session, where they would be
 * evaluated again and again: in a lambda, or anywhere in an expression that reads its input. */
static int
keep(struct checker *c, struct path_node *n, bool again)
{
	struct path_node *twin;
	int r = 0;

	if (again && worth_keeping(n)) {
		twin = cw_alloc(c->path->arena, sizeof(*twin));
		if (!twin)
			return cw_fail(c->err, CW_ELIMIT, "the expression is too large");
		*twin = *n;
		n->kept = twin;
		n->memo_slot = c->path->memos++;
		path_bind(twin);
		again = false; /* what it stands on is evaluated once, but for its lambdas */
	}
	if (n->left)
		r = keep(c, n->left, again);
	if (!r && n->right)
		r = keep(c, n->right, again);
	for (size_t i = 0; i < n->args && !r; i++) {
		if (!n->fn || n->fn->arg[i] != PATH_TYPE)
			r = keep(c, n->arg[i], again || (n->fn && n->fn->arg[i] == PATH_LAMBDA));
	}
	return r;
}

int
path_check(struct fhir_path *path, const struct fhir_path_options *opt, struct cw_err *err)
{
	struct checker c = { .path = path, .opt = opt, .err = err };
	struct path_view v = { .self = opt->context };
	int r = check(&c, path->root, &v);

	if (!r)
		r = keep(&c, path->root, path->root->uses != 0);
	for (struct path_node *n = path->all; n && !r; n = n->all)
		path_bind(n);
	return r;
}
