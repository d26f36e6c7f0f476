/* decide_derive: runs of findings of one group, and episodes, from the plan's gaps. */
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

/* Indexes sorted by group, then record time: insertion sort, records are short and nearly sorted.
 */
static size_t
sort(const struct world *w, size_t *order, const bool *among, bool by_group)
{
	size_t n = 0;

	for (size_t i = 0; i < w->facts; i++) {
		const struct map_finding *f = w->fact[i].finding;
		size_t j = n;

		if (!among[i])
			continue;
		while (j > 0) {
			const struct map_finding *g = w->fact[order[j - 1]].finding;
			int c = by_group ? cw_str_cmp(f->concept->group, g->concept->group) : 0;

			if (c > 0 || (c == 0 && f->recorded_latest >= g->recorded_latest))
				break;
			order[j] = order[j - 1];
			j--;
		}
		order[j] = i;
		n++;
	}
	return n;
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
	int rc;

	if (order == NULL || among == NULL)
		return map_world_full(err);
	for (size_t i = 0; i < w->facts; i++) {
		struct map_fact *f = &w->fact[i];

		f->run_start = f->previous = MAP_NO_TIME;
		f->episode = f->episode_end = f->episode_previous = MAP_NO_TIME;
		among[i] = evidence(w, i);
	}
	rc = derive_runs(w, order, sort(w, order, among, true), err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < w->facts; i++)
		among[i] = evidence(w, i) && member[i];
	derive_episodes(w, order, sort(w, order, among, false));
	return 0;
}
