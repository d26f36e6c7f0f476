/* path_session: compiling, sessions and evaluation: the public face. */
#include <stdlib.h>
#include <string.h>

#include "fhir/path_check.h"

/* Named expressions evaluate each other by recursion: their heights together are bounded. */
enum { COMPILE_MEMORY = 16 << 20, MAX_NAMED_HEIGHT = 1000 };

static int
compile(struct fhir_path *p, const struct fhir_path_options *opt, struct cw_err *err)
{
	int r = path_parse(p, err);

	if (!r)
		r = path_check(p, opt, err);
	if (!r && opt->scope) {
		p->memo_base = opt->scope->memos;
		opt->scope->memos += p->memos;
	}
	return r;
}

int
fhir_path_compile(struct fhir_path **out, struct cw_str expr, const struct fhir_path_options *opt,
    struct cw_err *err)
{
	static const struct fhir_path_options none = { .context = { .kind = FHIR_ITEM_ANY } };
	struct fhir_path *p;
	struct cw_arena *a;
	int r;

	*out = NULL;
	if (!opt)
		opt = &none;
	if (expr.n > PATH_MAX_TEXT)
		return cw_fail(
		    err, CW_ELIMIT, "the expression is longer than %d bytes", PATH_MAX_TEXT);
	a = cw_arena_new(COMPILE_MEMORY);
	p = cw_alloc(a, sizeof(*p));
	p->arena = a;
	p->text = cw_str_dup(a, expr);
	p->scope = opt->scope;
	p->model = opt->model;
	r = compile(p, opt, err);
	if (r) {
		cw_arena_free(a);
		return r;
	}
	*out = p;
	return 0;
}

void
fhir_path_free(struct fhir_path *path)
{
	if (path)
		cw_arena_free(path->arena);
}

struct fhir_path_type
fhir_path_type(const struct fhir_path *path)
{
	return path->root->is;
}

struct cw_str
fhir_path_text(const struct fhir_path *path)
{
	return path->text;
}

/* --- sessions --- */

static size_t
take(struct fhir_item *to, const struct fhir_item *from, const struct fhir_item *or_else)
{
	if (!from)
		from = or_else;
	if (from)
		*to = *from;
	return from != NULL;
}

struct fhir_path_session *
fhir_path_session_new(const struct fhir_path_env *env)
{
	struct fhir_path_session *s = cw_alloc(env->arena, sizeof(*s));

	if (!s)
		return NULL;
	s->env = *env;
	if (env->scope) {
		s->vars = env->scope->vars;
		s->memos = env->scope->memos;
	}
	s->var = cw_alloc(env->arena, (s->vars + s->memos + 1) * sizeof(*s->var));
	if (!s->var)
		return NULL;
	s->memo = s->var + s->vars;
	s->contexts = take(&s->context, env->context, NULL);
	s->resources = take(&s->resource, env->resource, env->context);
	s->root_resources =
	    take(&s->root_resource, env->root_resource, s->resources ? &s->resource : NULL);
	for (size_t i = 0; i < PATH_STD_VARS; i++)
		fhir_coll_init(&s->std[i]);
	s->std[PATH_VAR_CONTEXT].item = &s->context;
	s->std[PATH_VAR_CONTEXT].n = s->std[PATH_VAR_CONTEXT].cap = (uint32_t)s->contexts;
	s->std[PATH_VAR_RESOURCE].item = &s->resource;
	s->std[PATH_VAR_RESOURCE].n = s->std[PATH_VAR_RESOURCE].cap = (uint32_t)s->resources;
	s->std[PATH_VAR_ROOT].item = &s->root_resource;
	s->std[PATH_VAR_ROOT].n = s->std[PATH_VAR_ROOT].cap = (uint32_t)s->root_resources;
	return s;
}

struct fhir_path_session *
fhir_path_session_copy(const struct fhir_path_session *from)
{
	struct fhir_path_session *s = cw_alloc_raw(from->env.arena, sizeof(*s));
	size_t n = from->vars + from->memos + 1;

	if (!s)
		return NULL;
	*s = *from; /* its standard names lead to items of the first, which lives as long */
	s->env.unsure = NULL;
	s->steps = 0;
	s->var = cw_alloc_raw(s->env.arena, n * sizeof(*s->var));
	if (!s->var)
		return NULL;
	memcpy(s->var, from->var, n * sizeof(*s->var));
	s->memo = s->var + s->vars;
	return s;
}

void
fhir_path_set(struct fhir_path_session *s, size_t slot, const struct fhir_item *items, size_t n,
    unsigned unsure)
{
	struct path_memo *m;

	if (slot >= s->vars)
		return;
	m = &s->var[slot];
	fhir_coll_init(&m->value);
	m->value.n = m->value.cap = (uint32_t)n;
	m->value.item = (struct fhir_item *)(uintptr_t)items; /* never written: cap is n */
	m->value.unsure = (uint8_t)unsure;
	m->state = PATH_MEMO_DONE;
}

/* A context for one evaluation; the arrays live in the session's arena. */
static int
begin(struct path_ctx *x, const struct fhir_path *path, struct fhir_path_session *s,
    struct cw_err *err)
{
	*x = (struct path_ctx){ .path = path, .session = s, .arena = s->env.arena, .err = err };
	x->model = s->env.model ? s->env.model : path->model;
	if (path->memos && path->scope && path->scope == s->env.scope &&
	    path->memo_base + path->memos <= s->memos) {
		x->memo = s->memo + path->memo_base;
	} else if (path->memos) {
		x->memo = cw_alloc(x->arena, path->memos * sizeof(*x->memo));
		if (!x->memo)
			return cw_fail(err, CW_ELIMIT, "the evaluation needs too much memory");
	}
	if (path->locals) {
		x->local = cw_alloc(x->arena, path->locals * sizeof(*x->local));
		if (!x->local)
			return cw_fail(err, CW_ELIMIT, "the evaluation needs too much memory");
		for (size_t i = 0; i < path->locals; i++)
			fhir_coll_init(&x->local[i]);
	}
	return 0;
}

/* What compares items one with another stops early when the steps are used up; what it then says is
 * no answer. */
static int
finished(const struct path_ctx *x, int r)
{
	if (r == 0 && x->session->steps > PATH_MAX_STEPS)
		return cw_fail(x->err, CW_ELIMIT, "the evaluation takes too many steps");
	return r;
}

int
fhir_path_eval(const struct fhir_path *path, struct fhir_path_session *s,
    const struct fhir_item *input, size_t n, struct fhir_coll *out, struct cw_err *err)
{
	struct path_frame f = { .item = input, .n = n, .index = -1 };
	struct path_ctx x;
	int r;

	fhir_coll_init(out);
	r = begin(&x, path, s, err);
	return r ? r : finished(&x, path_eval(&x, path->root, &f, out));
}

int
fhir_path_eval_truth(const struct fhir_path *path, struct fhir_path_session *s,
    const struct fhir_item *input, size_t n, enum fhir_truth *out, struct cw_err *err)
{
	struct path_frame f = { .item = input, .n = n, .index = -1 };
	struct path_ctx x;
	struct path_tri t;
	int r = begin(&x, path, s, err);

	*out = FHIR_UNKNOWN;
	if (!r)
		r = finished(&x, path_test(&x, path->root, &f, &t));
	if (r)
		return r;
	if (!t.unsure && t.is != PATH_NONE)
		*out = t.is == PATH_TRUE ? FHIR_TRUE : FHIR_FALSE;
	return 0;
}

static int
define(struct path_ctx *x, const struct path_node *n, const struct fhir_path *path,
    struct path_memo *m)
{
	struct fhir_path_session *s = x->session;
	unsigned height = path->root->height;
	int r;

	if (m->state == PATH_MEMO_BUSY || s->height + height > MAX_NAMED_HEIGHT)
		return path_fail_node(
		    x, n, CW_ELIMIT, "%%%.*s depends on too many others", CW_ARG(n->name));
	m->state = PATH_MEMO_BUSY;
	s->height += height;
	r = fhir_path_eval(path, s, &s->context, s->contexts, &m->value, x->err);
	s->height -= height;
	m->state = r ? PATH_MEMO_NONE : PATH_MEMO_DONE;
	return r;
}

int
path_var_get(struct path_ctx *x, const struct path_node *n, const struct fhir_coll **out)
{
	static const struct fhir_coll nothing;
	struct fhir_path_session *s = x->session;
	struct path_memo *m;

	if (n->slot < PATH_STD_VARS) {
		*out = &s->std[n->slot];
		return 0;
	}
	if (s->env.scope != x->path->scope || n->slot - PATH_STD_VARS >= s->vars) {
		return path_fail_node(
		    x, n, CW_EUSAGE, "the session does not know the name %%%.*s", CW_ARG(n->name));
	}
	m = &s->var[n->slot - PATH_STD_VARS];
	*out = &m->value;
	if (m->state == PATH_MEMO_DONE)
		return 0;
	if (x->path->scope->var[n->slot - PATH_STD_VARS].path)
		return define(x, n, x->path->scope->var[n->slot - PATH_STD_VARS].path, m);
	*out = &nothing;
	return 0;
}

static void
bind_tree(struct path_node *n)
{
	path_bind(n);
	if (n->left)
		bind_tree(n->left);
	if (n->right)
		bind_tree(n->right);
	for (size_t i = 0; i < n->args; i++)
		bind_tree(n->arg[i]);
}

/* The value on some input, if it is one string. */
static int
probe(struct checker *c, const struct fhir_path *path, const struct fhir_item *input,
    struct cw_str *out)
{
	struct fhir_path_env env = { .arena = c->path->arena, .model = c->opt->model };
	struct fhir_path_session *s = fhir_path_session_new(&env);
	struct fhir_coll value;
	struct fhir_item v;
	int r;

	*out = (struct cw_str){ NULL, 0 };
	if (!s)
		return cw_fail(c->err, CW_ELIMIT, "the expression is too large");
	r = fhir_path_eval(path, s, input, 1, &value, c->err);
	if (!r && value.n == 1 && !value.unsure &&
	    fhir_item_value(path->arena, path->model, &value.item[0], &v) &&
	    v.kind == FHIR_ITEM_STRING)
		*out = (struct cw_str){ v.s, v.n };
	return r;
}

int
path_const_string(struct checker *c, struct path_node *n, struct cw_str *out)
{
	struct fhir_path path = { .arena = c->path->arena,
		.text = c->path->text,
		.root = n,
		.model = c->opt->model,
		.locals = c->path->locals };
	struct fhir_item one = fhir_item_boolean(true), other = fhir_item_integer(42);
	struct cw_str again;
	int r;

	if (n->op == PATH_LITERAL && n->item.kind == FHIR_ITEM_STRING) {
		*out = (struct cw_str){ n->item.s, n->item.n };
		return 0;
	}
	bind_tree(n);
	r = probe(c, &path, &one, out);
	if (!r)
		r = probe(c, &path, &other, &again);
	if (!r && (!out->s || !again.s || !cw_str_eq(*out, again)))
		*out = (struct cw_str){ NULL, 0 };
	return r;
}
