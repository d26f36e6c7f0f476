/* path_eval: the evaluator's common parts: ways between the three kinds of evaluation, focus,
 * names, indexers, memoised subexpressions.
 *
 * Every node can be evaluated as a collection (eval), as at most one item (one) and as a criterion
 * (test).  The binder chooses the direct one for each; the others go through it. */
#include <stdio.h>
#include <string.h>

#include "fhir/path_session.h"

int
path_fail_node(struct path_ctx *x, const struct path_node *n, int code, const char *fmt, ...)
{
	char text[sizeof(((struct cw_err *)0)->text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return cw_fail_at(x->err, code, 1, (size_t)n->at + 1, NULL, "%s", text);
}

static int
too_long(struct path_ctx *x, const struct path_node *n)
{
	return path_fail_node(x, n, CW_ELIMIT, "the evaluation takes too many steps");
}

int
path_eval(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out)
{
	fhir_coll_init(out);
	if (++x->session->steps > PATH_MAX_STEPS)
		return too_long(x, n);
	return n->eval(x, n, f, out);
}

int
path_one(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_item *out, unsigned *unsure)
{
	if (++x->session->steps > PATH_MAX_STEPS)
		return too_long(x, n);
	return n->one(x, n, f, out, unsure);
}

int
path_test(
    struct path_ctx *x, const struct path_node *n, const struct path_frame *f, struct path_tri *out)
{
	if (++x->session->steps > PATH_MAX_STEPS)
		return too_long(x, n);
	return n->test(x, n, f, out);
}

int
path_eval_any(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out)
{
	if (n)
		return path_eval(x, n, f, out);
	fhir_coll_init(out);
	return path_eval_this(x, n, f, out);
}

/* --- from one kind of evaluation to another --- */

int
path_eval_by_one(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out)
{
	struct fhir_item item;
	unsigned unsure = 0;
	int r = n->one(x, n, f, &item, &unsure);

	out->unsure |= (uint8_t)unsure;
	return r <= 0 ? r : path_add(x, out, &item);
}

int
path_eval_by_test(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out)
{
	struct path_tri t;
	int r = n->test(x, n, f, &t);

	return r ? r : path_put_tri(x, &t, out);
}

int
path_one_by_eval(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_item *out, unsigned *unsure)
{
	struct fhir_coll c;
	int r;

	fhir_coll_init(&c);
	r = n->eval(x, n, f, &c);
	if (r)
		return r;
	*unsure |= c.unsure;
	if (c.n > 1)
		return path_fail_node(
		    x, n, CW_EVALUE, "a single value is needed here, not %u items", (unsigned)c.n);
	if (c.n)
		*out = c.item[0];
	return (int)c.n;
}

int
path_one_by_test(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_item *out, unsigned *unsure)
{
	struct path_tri t;
	int r = n->test(x, n, f, &t);

	if (r)
		return r;
	if (t.is == PATH_NONE) {
		*unsure |= t.unsure ? FHIR_UNSURE_MORE : 0;
		return 0;
	}
	*unsure |= t.unsure ? FHIR_UNSURE_LESS : 0;
	*out = fhir_item_boolean(t.is == PATH_TRUE);
	return 1;
}

int
path_test_by_eval(
    struct path_ctx *x, const struct path_node *n, const struct path_frame *f, struct path_tri *out)
{
	struct fhir_coll c;
	int r;

	fhir_coll_init(&c);
	r = n->eval(x, n, f, &c);
	return r ? r : path_coll_test(x, n, &c, out);
}

int
path_test_by_one(
    struct path_ctx *x, const struct path_node *n, const struct path_frame *f, struct path_tri *out)
{
	struct fhir_item item, v;
	unsigned unsure = 0;
	int r = n->one(x, n, f, &item, &unsure);

	if (r < 0)
		return r;
	out->unsure = unsure != 0;
	out->is = r ? PATH_TRUE : PATH_NONE;
	if (r && path_value(x, &item, &v) && v.kind == FHIR_ITEM_BOOLEAN && !v.i)
		out->is = PATH_FALSE;
	return 0;
}

/* --- leaves --- */

int
path_eval_literal(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out)
{
	(void)f;
	return path_add(x, out, &n->item);
}

int
path_one_literal(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_item *out, unsigned *unsure)
{
	(void)x, (void)f, (void)unsure;
	*out = n->item;
	return 1;
}

int
path_eval_empty(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out)
{
	(void)x, (void)n, (void)f, (void)out;
	return 0;
}

int
path_eval_this(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out)
{
	(void)n;
	out->unsure |= (uint8_t)f->unsure;
	for (size_t i = 0; i < f->n; i++) {
		int r = path_add(x, out, &f->item[i]);

		if (r)
			return r;
	}
	return 0;
}

int
path_one_this(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_item *out, unsigned *unsure)
{
	*unsure |= f->unsure;
	if (f->n > 1)
		return path_fail_node(
		    x, n, CW_EVALUE, "a single value is needed here, not %zu items", f->n);
	if (f->n)
		*out = f->item[0];
	return (int)f->n;
}

int
path_one_index(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_item *out, unsigned *unsure)
{
	(void)x, (void)n;
	*unsure |= f->unsure;
	if (f->index < 0)
		return 0;
	*out = fhir_item_integer(f->index);
	return 1;
}

int
path_eval_total(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out)
{
	(void)n;
	while (f && !f->total)
		f = f->outer;
	return f ? path_add_all(x, out, f->total) : 0;
}

int
path_eval_var(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out)
{
	const struct fhir_coll *value;
	int r = path_var_get(x, n, &value);

	(void)f;
	return r ? r : path_add_all(x, out, value);
}

int
path_one_var(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_item *out, unsigned *unsure)
{
	const struct fhir_coll *value;
	int r = path_var_get(x, n, &value);

	(void)f;
	if (r)
		return r;
	*unsure |= value->unsure;
	if (value->n > 1)
		return path_fail_node(x, n, CW_EVALUE,
		    "a single value is needed here, but %%%.*s holds %u items", CW_ARG(n->name),
		    (unsigned)value->n);
	if (value->n)
		*out = value->item[0];
	return (int)value->n;
}

int
path_eval_local(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out)
{
	(void)f;
	return path_add_all(x, out, &x->local[n->slot]);
}

/* --- steps --- */

int
path_eval_at(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out)
{
	struct fhir_coll in;
	struct fhir_item at, v;
	unsigned unsure = 0;
	int r = path_eval_any(x, n->left, f, &in);

	if (r)
		return r;
	r = path_one(x, n->right, f, &at, &unsure);
	if (r < 0)
		return r;
	if (in.unsure || unsure)
		out->unsure = FHIR_UNSURE_LESS | FHIR_UNSURE_MORE;
	if (r == 0)
		return 0;
	if (!path_value(x, &at, &v) || (v.kind != FHIR_ITEM_INTEGER && v.kind != FHIR_ITEM_LONG))
		return path_fail_node(x, n->right, CW_ETYPE, "an index must be an integer");
	if (v.i < 0 || (uint64_t)v.i >= in.n)
		return 0;
	return path_add(x, out, &in.item[v.i]);
}

int
path_eval_union(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out)
{
	struct fhir_coll c;
	int r = path_eval_any(x, n->left, f, &c);

	if (!r)
		r = path_add_distinct(x, out, &c);
	if (!r)
		r = path_eval(x, n->right, f, &c);
	return r ? r : path_add_distinct(x, out, &c);
}

int
path_eval_as(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out)
{
	struct fhir_coll in;
	int r = path_eval_any(x, n->left, f, &in);

	if (r)
		return r;
	out->unsure = in.unsure;
	if (in.n > 1)
		return path_fail_node(
		    x, n, CW_EVALUE, "'as' needs a single item, not %u", (unsigned)in.n);
	if (in.n && path_item_is(x, &in.item[0], n->spec, true))
		return path_add(x, out, &in.item[0]);
	return 0;
}

int
path_test_is(
    struct path_ctx *x, const struct path_node *n, const struct path_frame *f, struct path_tri *out)
{
	struct fhir_coll in;
	int r = path_eval_any(x, n->left, f, &in);

	if (r)
		return r;
	out->unsure = in.unsure != 0;
	if (in.n > 1)
		return path_fail_node(
		    x, n, CW_EVALUE, "'is' needs a single item, not %u", (unsigned)in.n);
	out->is = PATH_NONE;
	if (in.n)
		out->is = path_item_is(x, &in.item[0], n->spec, false) ? PATH_TRUE : PATH_FALSE;
	return 0;
}

/* --- subexpressions kept for the session --- */

/* The inner evaluator of a memoised node stands in its twin, n->kept. */
static int
memo_value(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    const struct fhir_coll **out)
{
	struct path_memo *m = &x->memo[n->memo_slot];
	int r;

	*out = &m->value;
	if (m->state == PATH_MEMO_DONE)
		return 0;
	fhir_coll_init(&m->value);
	r = n->kept->eval(x, n->kept, f, &m->value);
	if (!r)
		m->state = PATH_MEMO_DONE;
	return r;
}

int
path_eval_memo(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out)
{
	const struct fhir_coll *value;
	int r = memo_value(x, n, f, &value);

	return r ? r : path_add_all(x, out, value);
}

int
path_one_memo(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_item *out, unsigned *unsure)
{
	const struct fhir_coll *value;
	int r = memo_value(x, n, f, &value);

	if (r)
		return r;
	*unsure |= value->unsure;
	if (value->n > 1)
		return path_fail_node(x, n, CW_EVALUE,
		    "a single value is needed here, not %u items", (unsigned)value->n);
	if (value->n)
		*out = value->item[0];
	return (int)value->n;
}

int
path_test_memo(
    struct path_ctx *x, const struct path_node *n, const struct path_frame *f, struct path_tri *out)
{
	const struct fhir_coll *value;
	int r = memo_value(x, n, f, &value);

	return r ? r : path_coll_test(x, n, value, out);
}
