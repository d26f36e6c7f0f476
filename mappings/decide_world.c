#include "mappings/decide_world.h"

#include "fhir/time.h"

#include <string.h>

int
map_world_full(struct cw_err *err)
{
	return cw_fail(err, CW_ELIMIT, "the patient's record needs too much memory");
}

int
map_world_failed(struct cw_err *err, int rc, struct cw_str id)
{
	struct cw_err why;

	if (err == NULL)
		return rc;
	why = *err;
	*err = (struct cw_err){ 0 };
	return cw_fail(err, rc, "%.*s: %s", CW_ARG(id), why.text);
}

bool
map_world_add(struct world *w, struct world_list *list, const struct map_fact *fact)
{
	if (list->n == list->cap) {
		size_t cap = list->cap == 0 ? 4 : list->cap * 2;
		struct fhir_item *grown = cw_alloc_raw(w->arena, cap * sizeof(*grown));

		if (grown == NULL)
			return false;
		if (list->n > 0)
			memcpy(grown, list->item, list->n * sizeof(*grown));
		list->item = grown;
		list->cap = cap;
	}
	list->item[list->n++] = fhir_item_record(&w->plan->fact_class, fact);
	return true;
}

int
map_world_ask(struct world *w, const struct fhir_path *path, const struct map_fact *fact,
    enum map_truth *out, struct cw_err *err)
{
	static const enum map_truth truths[] = { MAP_FALSE, MAP_TRUE, MAP_UNKNOWN };
	struct fhir_item *item = cw_alloc_raw(w->arena, sizeof(*item));
	enum fhir_truth t;
	int rc;

	if (item == NULL)
		return map_world_full(err);
	*item = fhir_item_record(&w->plan->fact_class, fact);
	fhir_path_set(w->session, w->plan->finding_slot, item, 1, 0);
	rc = fhir_path_eval_truth(path, w->session, item, 1, &t, err);
	*out = truths[t];
	return rc;
}

int
map_world_ask_once(struct world *w, const struct fhir_path *path, const struct map_fact *fact,
    uint8_t *answer, enum map_truth *out, struct cw_err *err)
{
	int rc;

	if (*answer != 0) {
		*out = (enum map_truth)(*answer - 1);
		return 0;
	}
	rc = map_world_ask(w, path, fact, out, err);
	if (rc == 0)
		*answer = (uint8_t)(*out + 1);
	return rc;
}

static int
begin(struct world *w, struct cw_err *err)
{
	const struct map_plan *p = w->plan;
	struct fhir_path_env env = {
		.arena = w->arena,
		.scope = p->scope,
		.now_ms = w->now,
		.unsure = w->unsure,
		.user = w->user,
	};
	struct fhir_item *patient = cw_alloc_raw(w->arena, sizeof(*patient));
	int rc;

	w->session = fhir_path_session_new(&env);
	w->gone = cw_alloc_raw(w->arena, (w->facts + 1) * sizeof(*w->gone));
	w->bound = cw_alloc(w->arena, (p->inputs + 1) * sizeof(*w->bound));
	w->caught = cw_alloc(w->arena, (p->controls + 1) * sizeof(*w->caught));
	w->took = cw_alloc(w->arena, (p->groups + 1) * sizeof(*w->took));
	w->filled = cw_alloc(w->arena, (p->input_words + 1) * sizeof(*w->filled));
	if (w->early == NULL)
		w->early = cw_alloc(w->arena, (p->controls + 2) * w->facts + 1);
	w->known = cw_alloc(w->arena, p->controls * w->facts + 1);
	w->rule = cw_alloc(w->arena, (p->rules + 1) * sizeof(*w->rule));
	if (w->session == NULL || cw_arena_full(w->arena))
		return map_world_full(err);
	*patient = fhir_item_record(&map_patient_class, w->about);
	fhir_path_set(w->session, p->patient_slot, patient, 1, 0);
	map_plan_bind_parameters(p, w->session);
	for (size_t i = 0; i < w->facts; i++)
		w->gone[i] = WORLD_LIVE;
	rc = map_plan_gap(p->run_gap_path, w->session, &w->run_gap, err);
	return rc < 0 ? rc : map_plan_gap(p->episode_gap_path, w->session, &w->episode_gap, err);
}

/* Ask every control of one effect of every fact that is still there. */
static int
take_away(struct world *w, enum map_effect effect, struct cw_err *err)
{
	const struct map_plan *p = w->plan;
	enum map_truth t;
	int rc = 0;

	for (size_t c = 0; c < p->controls && rc == 0; c++) {
		const struct map_action *control = &p->control[c];
		const struct fhir_path *path = control->condition.item[0].path;

		if (control->effect != effect || (w->off != NULL && w->off[c]))
			continue;
		for (size_t i = 0; i < w->facts && rc == 0; i++) {
			if (w->gone[i] != WORLD_LIVE)
				continue;
			rc = effect == MAP_EFFECT_DISCARD && control->steady
				 ? map_world_ask_once(
				       w, path, &w->fact[i], &w->early[c * w->facts + i], &t, err)
				 : map_world_ask(w, path, &w->fact[i], &t, err);
			if (rc == 0 && t == MAP_TRUE) {
				w->gone[i] = c;
				if (!map_world_add(w, &w->caught[c], &w->fact[i]))
					return map_world_full(err);
			}
		}
		fhir_path_set(w->session, control->slot, w->caught[c].item, w->caught[c].n, 0);
		if (rc < 0)
			return map_world_failed(err, rc, control->id);
	}
	return 0;
}

/* The elements that the plan adds to Finding. */
static int
work_out_elements(struct world *w, struct cw_err *err)
{
	const struct map_plan *p = w->plan;

	for (size_t i = 0; i < w->facts && p->elements > 0; i++) {
		struct fhir_item self = fhir_item_record(&p->fact_class, &w->fact[i]);
		struct fhir_item *values;

		if (w->fact[i].plan_values != NULL)
			continue; /* by the first world: they rest on the finding alone */
		values = cw_alloc(w->arena, p->elements * sizeof(*values));
		if (values == NULL)
			return map_world_full(err);
		w->fact[i].plan_values = values;
		for (size_t e = 0; e < p->elements; e++) {
			struct fhir_coll *c = cw_alloc_raw(w->arena, sizeof(*c));
			int rc = c == NULL ? map_world_full(err)
					   : fhir_path_eval(
						 p->element[e].path, w->session, &self, 1, c, err);

			if (rc < 0)
				return map_world_failed(err, rc, p->element[e].name);
			values[e].kind = FHIR_ITEM_ANY;
			if (c->n == 1 && c->unsure == 0)
				values[e] = c->item[0];
		}
	}
	return 0;
}

/* Whether a fact may stand for evidence in this world. */
static bool
counts(const struct world *w, const struct map_finding *f)
{
	return f->present == MAP_TRUE || (w->suppose && f->present == MAP_UNKNOWN) ||
	       f->present == MAP_FALSE;
}

static int
derive(struct world *w, struct cw_err *err)
{
	bool *member = cw_alloc(w->arena, w->facts + 1);
	enum map_truth t;
	int rc = 0;

	if (member == NULL)
		return map_world_full(err);
	for (size_t i = 0; i < w->facts && rc == 0 && w->plan->member != NULL; i++) {
		if (w->gone[i] != WORLD_LIVE || !counts(w, w->fact[i].finding))
			continue;
		rc = map_world_ask_once(w, w->plan->member, &w->fact[i],
		    &w->early[(w->plan->controls + 1) * w->facts + i], &t, err);
		member[i] = t == MAP_TRUE;
	}
	if (rc < 0)
		return map_world_failed(err, rc, CW_STR("episode"));
	return map_world_derive(w, member, err);
}

/* An input that asks for absent findings too gets those that were discarded for nothing but being
 * said to be absent. */
static bool
binds(const struct world *w, size_t i, const struct map_input *in)
{
	const struct map_finding *f = w->fact[i].finding;

	if ((in->roles & (1u << f->role)) == 0 || !in->concept[f->concept->index])
		return false;
	if (w->gone[i] == WORLD_LIVE)
		return counts(w, f);
	return in->negated && f->present == MAP_FALSE && !f->data_absent && !f->withdrawn &&
	       !f->other_subject && w->plan->control[w->gone[i]].effect == MAP_EFFECT_DISCARD &&
	       !w->about->about.deceased && !w->about->about.inactive;
}

static int
bind(struct world *w, struct cw_err *err)
{
	const struct map_plan *p = w->plan;

	for (size_t i = 0; i < w->facts; i++) {
		const uint64_t *sees =
		    &p->sees[w->fact[i].finding->concept->index * p->input_words];

		for (size_t word = 0; word < p->input_words; word++) {
			for (uint64_t left = sees[word]; left != 0; left &= left - 1) {
				size_t in = word * 64 + (size_t)__builtin_ctzll(left);

				if (!binds(w, i, &p->input[in]))
					continue;
				if (!map_world_add(w, &w->bound[in], &w->fact[i]))
					return map_world_full(err);
				w->filled[word] |= left & (~left + 1);
			}
		}
	}
	for (size_t word = 0; word < p->input_words; word++) {
		for (uint64_t left = w->filled[word]; left != 0; left &= left - 1) {
			size_t in = word * 64 + (size_t)__builtin_ctzll(left);

			fhir_path_set(
			    w->session, p->input[in].slot, w->bound[in].item, w->bound[in].n, 0);
		}
	}
	return 0;
}

int
map_world_run(struct world *w, struct cw_err *err)
{
	int rc = begin(w, err);

	if (rc == 0)
		rc = work_out_elements(w, err);
	if (rc == 0)
		rc = take_away(w, MAP_EFFECT_DISCARD, err);
	if (rc == 0)
		rc = derive(w, err);
	if (rc == 0)
		rc = take_away(w, MAP_EFFECT_DROP, err);
	if (rc == 0)
		rc = bind(w, err);
	if (rc == 0)
		rc = map_world_rules(w, err);
	return rc;
}

int
map_world_again(struct world *w, const struct world *first, struct cw_err *err)
{
	const struct map_plan *p = first->plan;
	const bool *off = w->off;

	*w = *first;
	w->off = off;
	w->explain = false;
	w->brief = true;
	w->lowered = w->held = false;
	w->limit = (struct cw_err){ 0 };
	w->order = w->urgency = NULL;
	w->session = fhir_path_session_copy(first->session);
	w->caught = cw_alloc(w->arena, (p->controls + 1) * sizeof(*w->caught));
	w->took = cw_alloc(w->arena, (p->groups + 1) * sizeof(*w->took));
	w->rule = cw_alloc(w->arena, (p->rules + 1) * sizeof(*w->rule));
	if (w->session == NULL || cw_arena_full(w->arena))
		return map_world_full(err);
	for (size_t c = 0; c < p->controls; c++) {
		if (p->control[c].effect <= MAP_EFFECT_DROP)
			w->caught[c] = first->caught[c];
		else
			fhir_path_set(w->session, p->control[c].slot, NULL, 0, 0);
	}
	for (size_t g = 0; g < p->groups; g++) {
		if (p->group[g].named)
			fhir_path_set(w->session, p->group[g].slot, NULL, 0, 0);
	}
	return map_world_rules(w, err);
}

bool
map_world_same(const struct world *a, const struct world *b)
{
	if (a->tier != b->tier || a->held != b->held || a->order != b->order)
		return false;
	return a->order == NULL || (a->urgency == b->urgency && a->due == b->due);
}
