/* path_fn_set: existence, subsets and combinations of collections (FHIRPath N1 5.1, 5.3, 5.4). */
#include "fhir/path_fn.h"

/* Taint of an output made of some of the input's items. */
static void
pass_taint(struct path_call *c, const struct fhir_coll *from)
{
	c->out->unsure |= from->unsure;
	if (from->unsure & FHIR_UNSURE_LESS)
		c->out->unsure |= FHIR_UNSURE_MORE;
}

/* Is there (any), or is every (all), item of that truth? */
static int
truths(struct path_call *c, bool wanted, bool all)
{
	bool found = all;

	for (uint32_t i = 0; i < c->in->n; i++) {
		struct fhir_item v;

		if (!path_value(c->x, &c->in->item[i], &v) || v.kind != FHIR_ITEM_BOOLEAN)
			return path_fail(c, CW_ETYPE, "%s() needs booleans", c->node->fn->name);
		if ((v.i != 0) == wanted && !all)
			found = true;
		if ((v.i != 0) != wanted && all)
			found = false;
	}
	return path_emit_boolean(c, found);
}

static int
run_all_true(struct path_call *c)
{
	return truths(c, true, true);
}

static int
run_any_true(struct path_call *c)
{
	return truths(c, true, false);
}

static int
run_all_false(struct path_call *c)
{
	return truths(c, false, true);
}

static int
run_any_false(struct path_call *c)
{
	return truths(c, false, false);
}

static bool
all_within(struct path_ctx *x, const struct fhir_coll *part, const struct fhir_coll *whole)
{
	for (uint32_t i = 0; i < part->n; i++) {
		if (!path_holds(x, whole, &part->item[i]))
			return false;
	}
	return true;
}

static int
run_subset_of(struct path_call *c)
{
	return path_emit_boolean(c, all_within(c->x, c->in, c->arg[0]));
}

static int
run_superset_of(struct path_call *c)
{
	return path_emit_boolean(c, all_within(c->x, c->arg[0], c->in));
}

static int
run_distinct(struct path_call *c)
{
	pass_taint(c, c->in);
	return path_add_distinct(c->x, c->out, c->in);
}

static int
run_is_distinct(struct path_call *c)
{
	struct fhir_coll once;
	int r;

	fhir_coll_init(&once);
	r = path_add_distinct(c->x, &once, c->in);
	return r ? r : path_emit_boolean(c, once.n == c->in->n);
}

static int
run_single(struct path_call *c)
{
	if (c->in->n > 1)
		return path_fail(c, CW_EVALUE, "single() found %u items", (unsigned)c->in->n);
	return c->in->n ? path_emit(c, &c->in->item[0]) : 0;
}

/* Items from ... to - 1 of the input. */
static int
slice(struct path_call *c, int64_t from, int64_t to)
{
	for (int64_t i = from < 0 ? 0 : from; i < to && i < (int64_t)c->in->n; i++) {
		int r = path_emit(c, &c->in->item[i]);

		if (r)
			return r;
	}
	return 0;
}

static int
run_tail(struct path_call *c)
{
	return slice(c, 1, INT64_MAX);
}

static int
run_skip(struct path_call *c)
{
	return slice(c, c->value[0]->i, INT64_MAX);
}

static int
run_take(struct path_call *c)
{
	return slice(c, 0, c->value[0]->i);
}

static int
run_union(struct path_call *c)
{
	int r = path_add_distinct(c->x, c->out, c->in);

	pass_taint(c, c->in);
	pass_taint(c, c->arg[0]);
	return r ? r : path_add_distinct(c->x, c->out, c->arg[0]);
}

static int
run_combine(struct path_call *c)
{
	int r = path_add_all(c->x, c->out, c->in);

	return r ? r : path_add_all(c->x, c->out, c->arg[0]);
}

/* Items of the input that the argument holds (or does not), each once if distinct. */
static int
pick(struct path_call *c, bool held, bool distinct)
{
	for (uint32_t i = 0; i < c->in->n; i++) {
		const struct fhir_item *item = &c->in->item[i];
		int r;

		if (path_holds(c->x, c->arg[0], item) != held)
			continue;
		if (distinct && path_holds(c->x, c->out, item))
			continue;
		r = path_emit(c, item);
		if (r)
			return r;
	}
	return 0;
}

static int
run_intersect(struct path_call *c)
{
	return pick(c, true, true);
}

static int
run_exclude(struct path_call *c)
{
	return pick(c, false, false);
}

static int
run_coalesce(struct path_call *c)
{
	for (size_t i = 0; i < c->args; i++) {
		pass_taint(c, c->arg[i]);
		if (c->arg[i]->n)
			return path_add_all(c->x, c->out, c->arg[i]);
	}
	return 0;
}

#define TRUTHS(NAME, RUN)                                                                          \
	{                                                                                          \
		.name = NAME, .in = PATH_ANY, .result = FHIR_ITEM_BOOLEAN, .flags = PATH_FN_ONE,   \
		.run = RUN                                                                         \
	}
#define AGAINST(NAME, RESULT, FLAGS, RUN)                                                          \
	{                                                                                          \
		.name = NAME, .least = 1, .most = 1, .in = PATH_ANY, .arg = { PATH_ANY },          \
		.result = RESULT, .flags = FLAGS, .run = RUN                                       \
	}

const struct path_fn path_fn_set[] = {
	TRUTHS("allTrue", run_all_true),
	TRUTHS("anyTrue", run_any_true),
	TRUTHS("allFalse", run_all_false),
	TRUTHS("anyFalse", run_any_false),
	TRUTHS("isDistinct", run_is_distinct),
	AGAINST("subsetOf", FHIR_ITEM_BOOLEAN, PATH_FN_ONE, run_subset_of),
	AGAINST("supersetOf", FHIR_ITEM_BOOLEAN, PATH_FN_ONE, run_superset_of),
	{ .name = "distinct",
	    .in = PATH_ANY,
	    .result = FHIR_ITEM_ANY,
	    .flags = PATH_FN_SAME | PATH_FN_TAINT,
	    .run = run_distinct },
	{ .name = "single",
	    .in = PATH_ANY,
	    .result = FHIR_ITEM_ANY,
	    .flags = PATH_FN_SAME | PATH_FN_ONE,
	    .run = run_single },
	{ .name = "tail",
	    .in = PATH_ANY,
	    .result = FHIR_ITEM_ANY,
	    .flags = PATH_FN_SAME | PATH_FN_ORDER,
	    .run = run_tail },
	{ .name = "skip",
	    .least = 1,
	    .most = 1,
	    .in = PATH_ANY,
	    .arg = { PATH_INTEGER },
	    .result = FHIR_ITEM_ANY,
	    .flags = PATH_FN_SAME | PATH_FN_ORDER,
	    .run = run_skip },
	{ .name = "take",
	    .least = 1,
	    .most = 1,
	    .in = PATH_ANY,
	    .arg = { PATH_INTEGER },
	    .result = FHIR_ITEM_ANY,
	    .flags = PATH_FN_SAME | PATH_FN_ORDER,
	    .run = run_take },
	AGAINST("union", FHIR_ITEM_ANY, PATH_FN_TAINT, run_union),
	{ .name = "combine",
	    .least = 1,
	    .most = 2,
	    .in = PATH_ANY,
	    .arg = { PATH_ANY, PATH_BOOLEAN },
	    .result = FHIR_ITEM_ANY,
	    .flags = PATH_FN_TAINT | PATH_FN_EMPTY_ARG,
	    .run = run_combine },
	AGAINST("intersect", FHIR_ITEM_ANY, 0, run_intersect),
	AGAINST("exclude", FHIR_ITEM_ANY, PATH_FN_SAME, run_exclude),
	{ .name = "coalesce",
	    .least = 1,
	    .most = PATH_MAX_ARGS,
	    .in = PATH_NO,
	    .arg = { PATH_ANY, PATH_ANY, PATH_ANY, PATH_ANY, PATH_ANY, PATH_ANY, PATH_ANY,
		PATH_ANY },
	    .result = FHIR_ITEM_ANY,
	    .flags = PATH_FN_TAINT,
	    .run = run_coalesce },
	{ .name = NULL },
};
