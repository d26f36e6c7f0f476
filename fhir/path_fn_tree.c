/* path_fn_tree: walks over the tree, repeat and aggregate (FHIRPath N1 5.2.3, 5.8, 7). */
#include "fhir/path_fn.h"

/* More items than this from one walk are a mistake or an attack. */
enum { MAX_WALK = 1000000, MAX_REPEAT = 20000 };

static void
step_taint(struct path_call *c, unsigned unsure)
{
	c->out->unsure |= (uint8_t)unsure;
	if (unsure & FHIR_UNSURE_LESS)
		c->out->unsure |= FHIR_UNSURE_MORE;
}

static int
run_children(struct path_call *c)
{
	int r = 0;

	step_taint(c, c->in->unsure);
	for (uint32_t i = 0; i < c->in->n && !r; i++)
		r = path_children(c->x, &c->in->item[i], (struct cw_str){ NULL, 0 }, c->out);
	return r;
}

static int
run_descendants(struct path_call *c)
{
	int r = run_children(c);

	for (uint32_t i = 0; i < c->out->n && !r; i++) {
		struct fhir_item item = c->out->item[i];

		r = path_children(c->x, &item, (struct cw_str){ NULL, 0 }, c->out);
		if (!r && c->out->n > MAX_WALK)
			r = path_fail(
			    c, CW_ELIMIT, "descendants() found more than %d items", MAX_WALK);
	}
	return r;
}

/* The lambda on one item; what is new (or all of it) joins the output. */
static int
repeat_step(struct path_call *c, const struct fhir_item *item, bool once)
{
	struct fhir_coll found;
	int r = path_lambda(c, 0, item, -1, NULL, &found);

	if (r)
		return r;
	step_taint(c, found.unsure);
	r = once ? path_add_distinct(c->x, c->out, &found) : path_add_all(c->x, c->out, &found);
	if (!r && c->out->n > MAX_REPEAT)
		r = path_fail(
		    c, CW_ELIMIT, "%s() found more than %d items", c->node->fn->name, MAX_REPEAT);
	return r;
}

static int
repeat(struct path_call *c, bool once)
{
	int r = 0;

	step_taint(c, c->in->unsure);
	for (uint32_t i = 0; i < c->in->n && !r; i++)
		r = repeat_step(c, &c->in->item[i], once);
	for (uint32_t i = 0; i < c->out->n && !r; i++) {
		struct fhir_item item = c->out->item[i];

		r = repeat_step(c, &item, once);
	}
	return r;
}

static int
run_repeat(struct path_call *c)
{
	return repeat(c, true);
}

static int
run_repeat_all(struct path_call *c)
{
	return repeat(c, false);
}

static int
run_aggregate(struct path_call *c)
{
	struct fhir_coll total, next;
	unsigned unsure = c->in->unsure;
	int r = 0;

	fhir_coll_init(&total);
	if (c->args > 1)
		r = path_add_all(c->x, &total, c->arg[1]);
	for (uint32_t i = 0; i < c->in->n && !r; i++) {
		r = path_lambda(c, 0, &c->in->item[i], i, &total, &next);
		if (r)
			break;
		fhir_coll_init(&total);
		r = path_add_all(c->x, &total, &next);
	}
	if (!r)
		r = path_add_all(c->x, c->out, &total);
	if (unsure)
		c->out->unsure |= FHIR_UNSURE_LESS | FHIR_UNSURE_MORE;
	return r;
}

const struct path_fn path_fn_tree[] = {
	{ .name = "children",
	    .in = PATH_ANY,
	    .result = FHIR_ITEM_ANY,
	    .flags = PATH_FN_TAINT | PATH_FN_UNORDERED,
	    .run = run_children },
	{ .name = "descendants",
	    .in = PATH_ANY,
	    .result = FHIR_ITEM_ANY,
	    .flags = PATH_FN_TAINT | PATH_FN_UNORDERED,
	    .run = run_descendants },
	{ .name = "repeat",
	    .least = 1,
	    .most = 1,
	    .in = PATH_ANY,
	    .arg = { PATH_LAMBDA },
	    .result = FHIR_ITEM_ANY,
	    .flags = PATH_FN_TAINT,
	    .run = run_repeat },
	{ .name = "repeatAll",
	    .least = 1,
	    .most = 1,
	    .in = PATH_ANY,
	    .arg = { PATH_LAMBDA },
	    .result = FHIR_ITEM_ANY,
	    .flags = PATH_FN_TAINT,
	    .run = run_repeat_all },
	{ .name = "aggregate",
	    .least = 1,
	    .most = 2,
	    .in = PATH_ANY,
	    .arg = { PATH_LAMBDA, PATH_ANY },
	    .result = FHIR_ITEM_ANY,
	    .flags = PATH_FN_TAINT,
	    .run = run_aggregate },
	{ .name = NULL },
};
