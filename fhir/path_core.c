/* path_core: the functions that steer evaluation (FHIRPath N1, 5.1 and 5.2), with their taint.
 *
 * exists(), first() over where() and the boolean operators stop early, but only when what is left
 * out cannot fail (path_node.safe) and cannot change the answer or its doubt: an item that surely
 * matches settles exists(). Comparisons left out this way are not reported. */
#include <string.h>

#include "fhir/path_session.h"

/* A collection without a copy where one is kept already; tmp holds it otherwise. */
static int
view(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *tmp, const struct fhir_coll **out)
{
	*out = tmp;
	if (n && n->op == PATH_VAR && !n->kept)
		return path_var_get(x, n, out);
	if (n && n->op == PATH_LOCAL) {
		*out = &x->local[n->slot];
		return 0;
	}
	return path_eval_any(x, n, f, tmp);
}

static struct path_frame
item_frame(const struct fhir_coll *in, uint32_t i, const struct path_frame *outer)
{
	return (struct path_frame){ .item = &in->item[i], .n = 1, .index = i, .outer = outer };
}

static unsigned
spread(unsigned unsure)
{
	return unsure & FHIR_UNSURE_LESS ? FHIR_UNSURE_LESS | FHIR_UNSURE_MORE : unsure;
}

static int
eval_where(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out)
{
	struct fhir_coll tmp;
	const struct fhir_coll *in;
	int r = view(x, n->left, f, &tmp, &in);

	if (r)
		return r;
	out->unsure |= (uint8_t)spread(in->unsure);
	for (uint32_t i = 0; i < in->n; i++) {
		struct path_frame g = item_frame(in, i, f);
		struct path_tri t;

		r = path_test(x, n->arg[0], &g, &t);
		if (!r && t.is == PATH_TRUE)
			r = path_add(x, out, &in->item[i]);
		if (r)
			return r;
		if (t.unsure)
			out->unsure |= t.is == PATH_TRUE ? FHIR_UNSURE_LESS : FHIR_UNSURE_MORE;
	}
	return 0;
}

static int
eval_select(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out)
{
	struct fhir_coll tmp, c;
	const struct fhir_coll *in;
	int r = view(x, n->left, f, &tmp, &in);

	if (r)
		return r;
	out->unsure |= (uint8_t)spread(in->unsure);
	for (uint32_t i = 0; i < in->n; i++) {
		struct path_frame g = item_frame(in, i, f);

		r = path_eval(x, n->arg[0], &g, &c);
		if (!r)
			r = path_add_all(x, out, &c);
		if (r)
			return r;
	}
	return 0;
}

/* Is there an item that fits crit (NULL: any item)? */
static int
search(struct path_ctx *x, const struct fhir_coll *in, const struct path_node *crit,
    const struct path_frame *f, struct path_tri *out)
{
	bool sure = false, maybe = false, doubt = in->unsure != 0;

	if (!crit) {
		out->is = in->n ? PATH_TRUE : PATH_FALSE;
		out->unsure = in->n ? (in->unsure & FHIR_UNSURE_LESS) != 0 : doubt;
		return 0;
	}
	for (uint32_t i = 0; i < in->n; i++) {
		struct path_frame g = item_frame(in, i, f);
		struct path_tri t;
		int r = path_test(x, crit, &g, &t);

		if (r)
			return r;
		if (t.is == PATH_TRUE) {
			maybe = true;
			sure |= !t.unsure && !(in->unsure & FHIR_UNSURE_LESS);
			if (sure && crit->safe)
				break;
		}
		doubt |= t.unsure;
	}
	out->is = maybe ? PATH_TRUE : PATH_FALSE;
	out->unsure = !sure && (maybe || doubt);
	return 0;
}

/* exists(), exists(criterion), and where(criterion) before exists() or empty(), without making the
 * collection. */
static int
test_exists(
    struct path_ctx *x, const struct path_node *n, const struct path_frame *f, struct path_tri *out)
{
	const struct path_node *from = n->left, *crit = n->args ? n->arg[0] : NULL;
	struct fhir_coll tmp;
	const struct fhir_coll *in;
	int r;

	if (!crit && from && from->fn && from->fn->eval == eval_where && !from->kept) {
		crit = from->arg[0];
		from = from->left;
	}
	r = view(x, from, f, &tmp, &in);
	return r ? r : search(x, in, crit, f, out);
}

static int
test_empty(
    struct path_ctx *x, const struct path_node *n, const struct path_frame *f, struct path_tri *out)
{
	int r = test_exists(x, n, f, out);

	out->is = out->is == PATH_TRUE ? PATH_FALSE : PATH_TRUE;
	return r;
}

static int
test_all(
    struct path_ctx *x, const struct path_node *n, const struct path_frame *f, struct path_tri *out)
{
	const struct path_node *crit = n->arg[0];
	struct fhir_coll tmp;
	const struct fhir_coll *in;
	bool sure = false;
	int r = view(x, n->left, f, &tmp, &in);

	if (r)
		return r;
	*out = (struct path_tri){ PATH_TRUE, in->unsure != 0 };
	for (uint32_t i = 0; i < in->n && !(sure && crit->safe); i++) {
		struct path_frame g = item_frame(in, i, f);
		struct path_tri t;

		r = path_test(x, crit, &g, &t);
		if (r)
			return r;
		if (t.is != PATH_TRUE) {
			out->is = PATH_FALSE;
			sure |= !t.unsure && !(in->unsure & FHIR_UNSURE_LESS);
		}
		out->unsure |= t.unsure;
	}
	out->unsure &= !sure;
	return 0;
}

static int
test_not(
    struct path_ctx *x, const struct path_node *n, const struct path_frame *f, struct path_tri *out)
{
	struct fhir_coll c;
	int r;

	if (n->left) {
		r = path_test(x, n->left, f, out);
	} else {
		fhir_coll_init(&c);
		r = path_eval_this(x, n, f, &c);
		if (!r)
			r = path_coll_test(x, n, &c, out);
	}
	if (!r && out->is != PATH_NONE)
		out->is = out->is == PATH_TRUE ? PATH_FALSE : PATH_TRUE;
	return r;
}

static int
one_count(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_item *out, unsigned *unsure)
{
	struct fhir_coll tmp;
	const struct fhir_coll *in;
	int r = view(x, n->left, f, &tmp, &in);

	if (r)
		return r;
	*unsure |= in->unsure ? FHIR_UNSURE_LESS : 0;
	*out = fhir_item_integer(in->n);
	return 1;
}

static int
one_of(struct path_ctx *x, const struct path_node *n, const struct path_frame *f, bool last,
    struct fhir_item *out, unsigned *unsure)
{
	struct fhir_coll tmp;
	const struct fhir_coll *in;
	int r = view(x, n->left, f, &tmp, &in);

	if (r)
		return r;
	*unsure |= in->unsure ? FHIR_UNSURE_LESS | FHIR_UNSURE_MORE : 0;
	if (in->n == 0)
		return 0;
	*out = in->item[last ? in->n - 1 : 0];
	return 1;
}

/* where(criterion).first() stops at the first match. */
static int
one_first(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_item *out, unsigned *unsure)
{
	const struct path_node *w = n->left;
	struct fhir_coll tmp;
	const struct fhir_coll *in;
	int r;

	if (!w || !w->fn || w->fn->eval != eval_where || w->kept || !w->arg[0]->safe)
		return one_of(x, n, f, false, out, unsure);
	r = view(x, w->left, f, &tmp, &in);
	if (r)
		return r;
	*unsure |= in->unsure ? FHIR_UNSURE_LESS | FHIR_UNSURE_MORE : 0;
	for (uint32_t i = 0; i < in->n; i++) {
		struct path_frame g = item_frame(in, i, f);
		struct path_tri t;

		r = path_test(x, w->arg[0], &g, &t);
		if (r)
			return r;
		*unsure |= t.unsure ? FHIR_UNSURE_LESS | FHIR_UNSURE_MORE : 0;
		if (t.is == PATH_TRUE) {
			*out = in->item[i];
			return 1;
		}
	}
	return 0;
}

static int
one_last(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_item *out, unsigned *unsure)
{
	return one_of(x, n, f, true, out, unsure);
}

static int
eval_iif(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out)
{
	struct fhir_coll in;
	struct path_frame g = *f;
	struct path_tri t;
	size_t pick;
	int r;

	if (n->left) {
		r = path_eval(x, n->left, f, &in);
		if (r)
			return r;
		if (in.n > 1)
			return path_fail_node(x, n, CW_EVALUE,
			    "the input of iif() must be a single item, not %u", (unsigned)in.n);
		g = (struct path_frame){ .item = in.item,
			.n = in.n,
			.unsure = in.unsure,
			.index = f->index,
			.outer = f };
	}
	r = path_test(x, n->arg[0], &g, &t);
	if (r)
		return r;
	out->unsure |= t.unsure ? FHIR_UNSURE_LESS | FHIR_UNSURE_MORE : 0;
	pick = t.is == PATH_TRUE ? 1 : 2;
	if (pick >= n->args)
		return 0;
	r = path_eval(x, n->arg[pick], &g, &in);
	return r ? r : path_add_all(x, out, &in);
}

static int
eval_of_type(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out)
{
	struct fhir_coll tmp;
	const struct fhir_coll *in;
	int r = view(x, n->left, f, &tmp, &in);

	if (r)
		return r;
	out->unsure |= in->unsure;
	for (uint32_t i = 0; i < in->n && !r; i++) {
		if (path_item_is(x, &in->item[i], n->arg[0]->spec, true))
			r = path_add(x, out, &in->item[i]);
	}
	return r;
}

static int
run_as(struct path_call *c)
{
	if (c->in->n > 1)
		return path_fail(
		    c, CW_EVALUE, "as() needs a single item, not %u", (unsigned)c->in->n);
	if (c->in->n && path_item_is(c->x, &c->in->item[0], c->spec[0], true))
		return path_emit(c, &c->in->item[0]);
	return 0;
}

static int
run_is(struct path_call *c)
{
	if (c->in->n > 1)
		return path_fail(
		    c, CW_EVALUE, "is() needs a single item, not %u", (unsigned)c->in->n);
	if (c->in->n == 0)
		return 0;
	return path_emit_boolean(c, path_item_is(c->x, &c->in->item[0], c->spec[0], false));
}

static int
one_now(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_item *out, unsigned *unsure)
{
	(void)n, (void)f, (void)unsure;
	*out = fhir_item_instant(x->session->env.now_ms);
	return 1;
}

static int
eval_define(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out)
{
	struct fhir_coll *local = &x->local[n->slot];
	struct path_frame g;
	struct fhir_coll in;
	int r = path_eval_any(x, n->left, f, &in);

	if (r)
		return r;
	g = (struct path_frame){
		.item = in.item, .n = in.n, .unsure = in.unsure, .index = f->index, .outer = f
	};
	if (n->args > 1) {
		r = path_eval(x, n->arg[1], &g, local);
	} else {
		fhir_coll_init(local);
		r = path_add_all(x, local, &in);
	}
	return r ? r : path_add_all(x, out, &in);
}

static int
run_trace(struct path_call *c)
{
	const struct fhir_path_env *env = &c->x->session->env;
	struct fhir_coll all, part;
	const struct fhir_coll *seen = c->in;
	int r;

	c->out->unsure |= c->in->unsure;
	if (c->args > 1) {
		fhir_coll_init(&all);
		seen = &all;
		for (uint32_t i = 0; i < c->in->n; i++) {
			r = path_lambda(c, 1, &c->in->item[i], i, NULL, &part);
			if (!r)
				r = path_add_all(c->x, &all, &part);
			if (r)
				return r;
		}
	}
	if (env->trace)
		env->trace(env->user, (struct cw_str){ c->value[0]->s, c->value[0]->n }, seen->item,
		    seen->n);
	return path_add_all(c->x, c->out, c->in);
}

const struct path_fn path_fn_core[] = {
	{ .name = "where",
	    .least = 1,
	    .most = 1,
	    .in = PATH_ANY,
	    .arg = { PATH_LAMBDA },
	    .result = FHIR_ITEM_ANY,
	    .flags = PATH_FN_SAME | PATH_FN_CRITERION,
	    .eval = eval_where },
	{ .name = "select",
	    .least = 1,
	    .most = 1,
	    .in = PATH_ANY,
	    .arg = { PATH_LAMBDA },
	    .result = FHIR_ITEM_ANY,
	    .eval = eval_select },
	{ .name = "exists",
	    .least = 0,
	    .most = 1,
	    .in = PATH_ANY,
	    .arg = { PATH_LAMBDA },
	    .result = FHIR_ITEM_BOOLEAN,
	    .flags = PATH_FN_ONE | PATH_FN_CRITERION,
	    .test = test_exists },
	{ .name = "empty",
	    .in = PATH_ANY,
	    .result = FHIR_ITEM_BOOLEAN,
	    .flags = PATH_FN_ONE,
	    .test = test_empty },
	{ .name = "all",
	    .least = 1,
	    .most = 1,
	    .in = PATH_ANY,
	    .arg = { PATH_LAMBDA },
	    .result = FHIR_ITEM_BOOLEAN,
	    .flags = PATH_FN_ONE | PATH_FN_CRITERION,
	    .test = test_all },
	{ .name = "not",
	    .in = PATH_ANY,
	    .result = FHIR_ITEM_BOOLEAN,
	    .flags = PATH_FN_ONE,
	    .test = test_not },
	{ .name = "count",
	    .in = PATH_ANY,
	    .result = FHIR_ITEM_INTEGER,
	    .flags = PATH_FN_ONE,
	    .one = one_count },
	{ .name = "first",
	    .in = PATH_ANY,
	    .result = FHIR_ITEM_ANY,
	    .flags = PATH_FN_ONE | PATH_FN_SAME | PATH_FN_ORDER,
	    .one = one_first },
	{ .name = "last",
	    .in = PATH_ANY,
	    .result = FHIR_ITEM_ANY,
	    .flags = PATH_FN_ONE | PATH_FN_SAME | PATH_FN_ORDER,
	    .one = one_last },
	{ .name = "iif",
	    .least = 2,
	    .most = 3,
	    .in = PATH_ANY,
	    .arg = { PATH_LAMBDA, PATH_LAMBDA, PATH_LAMBDA },
	    .result = FHIR_ITEM_ANY,
	    .flags = PATH_FN_CRITERION,
	    .in_whole = 7,
	    .eval = eval_iif },
	{ .name = "is",
	    .least = 1,
	    .most = 1,
	    .in = PATH_ANY,
	    .arg = { PATH_TYPE },
	    .result = FHIR_ITEM_BOOLEAN,
	    .flags = PATH_FN_ONE,
	    .run = run_is },
	{ .name = "as",
	    .least = 1,
	    .most = 1,
	    .in = PATH_ANY,
	    .arg = { PATH_TYPE },
	    .result = FHIR_ITEM_ANY,
	    .flags = PATH_FN_ONE,
	    .run = run_as },
	{ .name = "ofType",
	    .least = 1,
	    .most = 1,
	    .in = PATH_ANY,
	    .arg = { PATH_TYPE },
	    .result = FHIR_ITEM_ANY,
	    .eval = eval_of_type },
	{ .name = "now",
	    .in = PATH_NO,
	    .result = FHIR_ITEM_DATETIME,
	    .flags = PATH_FN_ONE,
	    .one = one_now },
	{ .name = "today",
	    .in = PATH_NO,
	    .result = FHIR_ITEM_DATE,
	    .flags = PATH_FN_ONE,
	    .one = path_one_today },
	{ .name = "timeOfDay",
	    .in = PATH_NO,
	    .result = FHIR_ITEM_TIME,
	    .flags = PATH_FN_ONE,
	    .one = path_one_time_of_day },
	{ .name = "defineVariable",
	    .least = 1,
	    .most = 2,
	    .in = PATH_ANY,
	    .arg = { PATH_STRING, PATH_LAMBDA },
	    .result = FHIR_ITEM_ANY,
	    .flags = PATH_FN_SAME | PATH_FN_IMPURE,
	    .in_whole = 2,
	    .eval = eval_define },
	{ .name = "trace",
	    .least = 1,
	    .most = 2,
	    .in = PATH_ANY,
	    .arg = { PATH_STRING, PATH_LAMBDA },
	    .result = FHIR_ITEM_ANY,
	    .flags = PATH_FN_SAME | PATH_FN_IMPURE | PATH_FN_TAINT,
	    .run = run_trace },
	{ .name = NULL },
};
