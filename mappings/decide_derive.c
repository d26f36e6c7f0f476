/* decide_derive: runs of findings of one group, and episodes, from the plan's gaps. */
#include <stdlib.h>
#include <string.h>

#include "mappings/decide_world.h"

static bool
evidence(const struct world *w, size_t i)
{
	const struct map_finding *f = w->fact[i].finding;

	return w->gone[i] == WORLD_LIVE && f->role <= MAP_ROLE_QUESTION &&
	       (f->present == MAP_TRUE || (w->suppose && f->present == MAP_UNKNOWN) ||
		   f->present == MAP_FALSE) &&
	       f->recorded_latest != MAP_NO_TIME;
}

/* What facts are sorted by. */
struct place {
	struct cw_str group;
	int64_t recorded;
	size_t index;
};

static int
by_place(const void *a, const void *b)
{
	const struct place *p = a, *q = b;
	int c = p->group.s == q->group.s ? 0 : cw_str_cmp(p->group, q->group);

	if (c == 0)
		c = (p->recorded > q->recorded) - (p->recorded < q->recorded);
	return c != 0 ? c : (p->index > q->index) - (p->index < q->index);
}

/* Indexes sorted by record time, those of a group together if by_group. False: the arena is full.
 */
static bool
sort(const struct world *w, size_t *order, size_t *n, const bool *among, bool by_group)
{
	struct place *places = cw_alloc_raw(w->arena, (w->facts + 1) * sizeof(*places));

	*n = 0;
	if (places == NULL)
		return false;
	for (size_t i = 0; i < w->facts; i++) {
		const struct map_finding *f = w->fact[i].finding;

		if (among[i])
			places[(*n)++] = (struct place){ by_group ? f->concept->group
								  : (struct cw_str){ NULL, 0 },
				f->recorded_latest, i };
	}
	if (*n > 1)
		qsort(places, *n, sizeof(*places), by_place);
	for (size_t i = 0; i < *n; i++)
		order[i] = places[i].index;
	return true;
}

/* Does this record start a run by itself: coded worse, come back? */
static int
restarts(struct world *w, size_t i, bool *out, struct cw_err *err)
{
	enum map_truth t = MAP_FALSE;
	int rc = 0;

	if (w->plan->restart != NULL)
		rc = map_world_ask_once(w, w->plan->restart, &w->fact[i],
		    &w->early[w->plan->controls * w->facts + i], &t, err);
	*out = t == MAP_TRUE;
	return rc < 0 ? map_world_failed(err, rc, CW_STR("run")) : rc;
}

/* The run of one record: the first record, no further back than the run reaches, at this grade or
 * a graver one; and the last record of the group before the run. */
static void
run_of(struct world *w, const size_t *order, size_t first, size_t at)
{
	struct map_fact *fact = &w->fact[order[at]];

	fact->run_start = fact->finding->recorded_latest;
	fact->previous = MAP_NO_TIME;
	for (size_t k = first; k < at; k++) {
		const struct map_finding *g = w->fact[order[k]].finding;

		if (g->grade >= fact->finding->grade) {
			fact->run_start = g->recorded_latest;
			break;
		}
	}
}

static int
derive_runs(struct world *w, size_t *order, size_t n, struct cw_err *err)
{
	size_t first = 0; /* of the current run */
	int64_t before = MAP_NO_TIME;

	for (size_t i = 0; i < n; i++) {
		struct map_fact *fact = &w->fact[order[i]];
		const struct map_finding *f = fact->finding;
		const struct map_finding *last = i > 0 ? w->fact[order[i - 1]].finding : NULL;
		bool anew;
		int rc = restarts(w, order[i], &anew, err);

		if (rc < 0)
			return rc;
		if (last == NULL || !cw_str_eq(last->concept->group, f->concept->group)) {
			first = i;
			before = MAP_NO_TIME;
		} else if (f->recorded - last->recorded_latest > w->run_gap || anew) {
			first = i;
			before = last->recorded_latest;
		}
		run_of(w, order, first, i);
		fact->previous = before;
	}
	return 0;
}

static void
derive_episodes(struct world *w, const size_t *order, size_t n)
{
	int64_t before = MAP_NO_TIME;
	size_t i = 0;

	while (i < n) {
		size_t end = i + 1;
		int64_t latest = w->fact[order[i]].finding->recorded_latest;

		while (
		    end < n && w->fact[order[end]].finding->recorded - latest <= w->episode_gap) {
			latest = w->fact[order[end]].finding->recorded_latest;
			end++;
		}
		for (size_t k = i; k < end; k++) {
			w->fact[order[k]].episode = w->fact[order[i]].finding->recorded_latest;
			w->fact[order[k]].episode_end = latest;
			w->fact[order[k]].episode_previous = before;
		}
		before = latest;
		i = end;
	}
}

int
map_world_derive(struct world *w, const bool *member, struct cw_err *err)
{
	size_t *order = cw_alloc_raw(w->arena, (w->facts + 1) * sizeof(*order));
	bool *among = cw_alloc(w->arena, w->facts + 1);
	size_t n;
	int rc;

	if (order == NULL || among == NULL)
		return map_world_full(err);
	for (size_t i = 0; i < w->facts; i++) {
		struct map_fact *f = &w->fact[i];

		f->run_start = f->previous = MAP_NO_TIME;
		f->episode = f->episode_end = f->episode_previous = MAP_NO_TIME;
		among[i] = evidence(w, i);
	}
	if (!sort(w, order, &n, among, true))
		return map_world_full(err);
	rc = derive_runs(w, order, n, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < w->facts; i++)
		among[i] = evidence(w, i) && member[i];
	if (!sort(w, order, &n, among, false))
		return map_world_full(err);
	derive_episodes(w, order, n);
	return 0;
}
