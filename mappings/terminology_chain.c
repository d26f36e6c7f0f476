#include "mappings/terminology_internal.h"

#include <stdlib.h>

enum { LONGEST = 3 }; /* steps from a local code to the one that has a finding */

static bool
same_source(const struct terms_edge *a, const struct terms_edge *b)
{
	return a->system == b->system && cw_str_eq(a->key, b->key);
}

static int
by_source(const void *a, const void *b)
{
	const struct terms_edge *x = a, *y = b;
	int order;

	if (x->system != y->system)
		return x->system->index < y->system->index ? -1 : 1;
	order = cw_str_cmp(x->key, y->key);
	if (order != 0)
		return order;
	return x->node < y->node ? -1 : x->node > y->node;
}

/* The first edge that leaves the code an edge leads to, or NULL. Edges are sorted. */
static struct terms_edge *
onward(struct terms_build *b, const struct terms_edge *e)
{
	struct terms_edge want = { .system = e->to_system, .key = e->to_key, .node = NULL };
	size_t low = 0, high = b->edges;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_source(&b->edge[middle], &want) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < b->edges && same_source(&b->edge[low], &want) ? &b->edge[low] : NULL;
}

/* How many steps the way over this edge has at most. */
static int
measure(struct terms_build *b, struct terms_edge *e, unsigned depth, struct cw_err *err)
{
	struct terms_edge *next = onward(b, e);
	unsigned most = 0;

	if (e->height > 0)
		return 0;
	if (e->open)
		return map_artefact_fail(err, CW_EVALUE, e->artefact, e->node,
		    "the maps lead from %.*s back to it", CW_ARG(e->code));
	if (depth >= LONGEST)
		return map_artefact_fail(err, CW_ELIMIT, e->artefact, e->node,
		    "more than %d maps one after another", LONGEST);
	e->open = true;
	for (struct terms_edge *n = next;
	     n != NULL && n < b->edge + b->edges && same_source(n, next); n++) {
		int rc = measure(b, n, depth + 1, err);

		if (rc < 0)
			return rc;
		most = n->height > most ? n->height : most;
	}
	e->open = false;
	e->height = most + 1;
	if (e->height > LONGEST)
		return map_artefact_fail(err, CW_ELIMIT, e->artefact, e->node,
		    "more than %d maps one after another", LONGEST);
	return 0;
}

/* The targets of the code that e leads to, as targets of the code that it comes from. */
static void
inherit(struct terms_build *b, const struct terms_edge *e)
{
	const struct terms_hit *hit = terms_hit_of(e->to_system, e->to_key);
	struct cw_arena *mem = b->t->mem;

	for (size_t i = 0; hit != NULL && i < hit->n; i++) {
		struct terms_row row = { .system = e->system,
			.key = e->key,
			.inherited = true,
			.target = hit->target[i] };

		row.target.unsure = row.target.unsure || e->unsure;
		if (e->display.n > 0)
			row.target.display = e->display;
		row.target.rule =
		    cw_fmt(mem, "%.*s -> %.*s", CW_ARG(e->code), CW_ARG(hit->target[i].rule));
		row.target.map =
		    cw_fmt(mem, "%.*s, %.*s", CW_ARG(e->map), CW_ARG(hit->target[i].map));
		row.target.file =
		    cw_fmt(mem, "%.*s, %.*s", CW_ARG(e->file), CW_ARG(hit->target[i].file));
		terms_row_add(b, &row);
	}
}

int
terms_chain(struct terms_build *b, struct cw_err *err)
{
	unsigned most = 0;

	if (b->edges == 0)
		return 0;
	qsort(b->edge, b->edges, sizeof(*b->edge), by_source);
	for (size_t i = 0; i < b->edges; i++) {
		int rc = measure(b, &b->edge[i], 0, err);

		if (rc < 0)
			return rc;
		most = b->edge[i].height > most ? b->edge[i].height : most;
	}
	for (unsigned height = 1; height <= most; height++) {
		for (size_t i = 0; i < b->edges; i++) {
			if (b->edge[i].height == height)
				inherit(b, &b->edge[i]);
		}
		terms_tables(b);
	}
	return 0;
}
