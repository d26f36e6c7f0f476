#include "mappings/decide.h"

#include <string.h>

#include "mappings/decide_trace.h"
#include "mappings/decide_world.h"

/* --- the facts --- */

/* A finding that only qualifies others (an Observation "condition worsened" whose focus is a pain)
 * is attached to those it points at. */
static int
attach(struct map_fact *facts, size_t n, const struct map_finding *lone, struct cw_arena *arena)
{
	for (size_t i = 0; i < n; i++) {
		struct map_finding *copy;
		size_t q = 0;
		bool hit = false;

		for (size_t t = 0; t < lone->targets; t++)
			hit |= cw_str_eq(lone->target[t], facts[i].finding->source);
		if (!hit || facts[i].finding == lone)
			continue;
		copy = cw_alloc_raw(arena, sizeof(*copy));
		if (copy == NULL)
			return CW_ELIMIT;
		*copy = *facts[i].finding;
		while (q < MAP_QUALIFIERS && copy->qualifiers[q] != NULL &&
		       copy->qualifiers[q] != lone->concept)
			q++;
		if (q < MAP_QUALIFIERS)
		copy->qualifiers[q] = lone->concept;
		facts[i].finding = copy;
	}
	return 0;
}

static struct map_fact *
make_facts(const struct map_case *c, struct cw_arena *arena)
{
	struct map_fact *facts = cw_alloc(arena, (c->findings + 1) * sizeof(*facts));

	for (size_t i = 0; facts != NULL && i < c->findings; i++)
		facts[i].finding = c->finding[i];
	for (size_t i = 0; facts != NULL && i < c->findings; i++) {
		const struct map_finding *f = c->finding[i];

		if (f->role == MAP_ROLE_QUALIFIER && f->present == MAP_TRUE && !f->withdrawn &&
		    attach(facts, c->findings, f, arena) < 0)
			return NULL;
	}
	return facts;
}

/* --- what the controls changed --- */

/* A world like the first, with other assumptions. */
static int
run_other(
    struct world *w, const struct world *first, const bool *off, bool suppose, struct cw_err *err)
{
	bool again = !suppose;

	for (size_t c = 0; c < first->plan->controls && again; c++)
		again = !off[c] || first->plan->control[c].effect > MAP_EFFECT_DROP ||
			first->caught[c].n == 0;
	if (again) {
		w->off = off;
		return map_world_again(w, first, err);
	}
	*w = (struct world){
		.plan = first->plan,
		.about = first->about,
		.now = first->now,
		.arena = first->arena,
		.off = off,
		.suppose = suppose,
		.brief = !suppose,
		.early = first->early,
		.facts = first->facts,
	};
	w->fact = cw_alloc(w->arena, (w->facts + 1) * sizeof(*w->fact));
	if (w->fact == NULL)
		return map_world_full(err);
	for (size_t i = 0; i < w->facts; i++)
		w->fact[i] = (struct map_fact){ .finding = first->fact[i].finding,
			.plan_values = first->fact[i].plan_values };
	return map_world_run(w, err);
}

/* More triggers could change nothing: there is no higher tier, and all of its rules order the same.
 */
static bool
at_top(const struct world *w)
{
	if (w->tier != MAP_TIER_EMERGENCY || w->held)
		return false;
	for (size_t i = 0; i < w->plan->rules; i++) {
		if (w->plan->rule[i].tier == w->tier && w->plan->rule[i].order != w->urgency)
			return false;
	}
	return true;
}

/* Could leaving this control out change tier or order at all? */
static bool
may_matter(const struct world *w, size_t c)
{
	const struct map_action *a = &w->plan->control[c];

	if (w->caught[c].n == 0 || a->effect == MAP_EFFECT_NOTE)
		return false;
	if (a->effect != MAP_EFFECT_REPLACE && at_top(w))
		return false;
	if (a->effect > MAP_EFFECT_DROP)
		return true;
	for (size_t i = 0; i < w->caught[c].n; i++) {
		const struct map_fact *f = w->caught[c].item[i].record;
		const uint64_t *sees =
		    &w->plan->sees[f->finding->concept->index * w->plan->input_words];

		for (size_t word = 0; word < w->plan->input_words; word++) {
			if (sees[word] != 0)
				return true;
		}
	}
	return false;
}

static void
switch_label(const struct map_plan *p, bool *off, struct cw_str label, bool value)
{
	for (size_t i = 0; i < p->controls; i++) {
		if (cw_str_eq(p->control[i].label, label))
			off[i] = value;
	}
}

/* Where each of several controls alone would have done, none changes anything by itself: leave them
 * out together, with those that then step in, until something changes; named are those that acted.
 * known: other is the world without all already. */
static int
find_joint(const struct world *w, struct world *other, bool known, bool *changed, bool *all,
    struct cw_err *err)
{
	const struct map_plan *p = w->plan;

	for (bool grown = true; grown; known = false) {
		int rc = known ? 0 : run_other(other, w, all, false, err);

		if (rc < 0)
			return rc;
		if (other->limit.code != 0)
			return 0;
		if (!map_world_same(w, other)) {
			for (size_t i = 0; i < p->controls; i++)
				changed[i] = all[i] && may_matter(w, i);
			return 0;
		}
		grown = false;
		for (size_t i = 0; i < p->controls; i++) {
			if (all[i] || !may_matter(other, i))
				continue;
			switch_label(p, all, p->control[i].label, true);
			grown = true;
		}
	}
	return 0;
}

/* Mark the controls without which tier or order would differ. */
static int
find_changers(const struct world *w, bool *changed, struct cw_err *err)
{
	const struct map_plan *p = w->plan;
	bool *off = cw_alloc(w->arena, p->controls + 1);
	bool *all = cw_alloc(w->arena, p->controls + 1);
	size_t caught = 0, found = 0;
	struct world other;
	int rc;

	if (off == NULL || all == NULL)
		return map_world_full(err);
	for (size_t i = 0; i < p->controls; i++) {
		if (!may_matter(w, i) || all[i])
			continue;
		switch_label(p, all, p->control[i].label, true);
		switch_label(p, off, p->control[i].label, true);
		rc = run_other(&other, w, off, false, err);
		if (rc < 0)
			return rc;
		switch_label(p, off, p->control[i].label, false);
		caught++;
		if (other.limit.code != 0 || map_world_same(w, &other))
			continue;
		switch_label(p, changed, p->control[i].label, true);
		found++;
	}
	if (caught == 0 || found > 0)
		return 0;
	return find_joint(w, &other, caught == 1, changed, all, err);
}

/* --- unknown --- */

static bool
any_unknown(const struct world *w)
{
	for (size_t i = 0; i < w->facts; i++) {
		if (w->gone[i] == WORLD_LIVE && w->fact[i].finding->present == MAP_UNKNOWN)
			return true;
	}
	return false;
}

static int
find_unknown(const struct world *w, bool *unknown, struct cw_err *err)
{
	struct world other;
	int rc;

	for (size_t i = 0; i < w->plan->rules; i++)
		unknown[i] = w->rule[i].verdict == MAP_VERDICT_UNKNOWN;
	if (!any_unknown(w))
		return 0;
	rc = run_other(&other, w, NULL, true, err);
	for (size_t i = 0; i < w->plan->rules && rc == 0; i++) {
		bool may = other.rule[i].verdict == MAP_VERDICT_HOLDS ||
			   (other.limit.code != 0 && other.rule[i].verdict == MAP_VERDICT_UNKNOWN);

		if (may && w->rule[i].verdict != MAP_VERDICT_HOLDS)
			unknown[i] = true;
	}
	return rc;
}

/* --- the decision --- */

/* Labels of marked actions in table order, each once. */
static int
labels(struct map_texts *out, const struct map_action *actions, const size_t *order, size_t n,
    const bool *marked, struct cw_arena *arena)
{
	struct cw_str *list = cw_alloc_raw(arena, (n + 1) * sizeof(*list));

	*out = (struct map_texts){ list, 0 };
	if (list == NULL)
		return CW_ELIMIT;
	for (size_t k = 0; k < n; k++) {
		size_t i = order[k];

		if (!marked[i])
			continue;
		if (out->n == 0 || !cw_str_eq(list[out->n - 1], actions[i].label))
			list[out->n++] = actions[i].label;
	}
	return 0;
}

/* Titles that go with labels(): of several actions with one label, that of the first which caught
 * something (controls), else of the first. */
static int
titles(struct map_texts *out, const struct map_action *actions, const size_t *order, size_t n,
    const bool *marked, const struct world_list *caught, struct cw_arena *arena)
{
	struct cw_str *list = cw_alloc_raw(arena, (n + 1) * sizeof(*list));
	struct cw_str last = { NULL, 0 };
	bool spoke = false;

	*out = (struct map_texts){ list, 0 };
	if (list == NULL)
		return CW_ELIMIT;
	for (size_t k = 0; k < n; k++) {
		const struct map_action *a = &actions[order[k]];
		bool speaks = caught != NULL && caught[order[k]].n > 0;

		if (!marked[order[k]])
			continue;
		if (out->n == 0 || !cw_str_eq(last, a->label)) {
			list[out->n++] = a->title;
			spoke = speaks;
		} else if (speaks && !spoke) {
			list[out->n - 1] = a->title;
			spoke = true;
		}
		last = a->label;
	}
	return 0;
}

static int
settle_rules(struct map_decision *out, const struct world *w, struct cw_err *err)
{
	const struct map_plan *p = w->plan;
	bool *holds = cw_alloc(w->arena, p->rules + 1);
	bool *lowered = cw_alloc(w->arena, p->rules + 1);
	bool *unknown = cw_alloc(w->arena, p->rules + 1);
	bool *changed = cw_alloc(w->arena, p->controls + 1);
	int rc;

	if (cw_arena_full(w->arena))
		return map_world_full(err);
	for (size_t i = 0; i < p->rules; i++) {
		holds[i] = w->rule[i].verdict == MAP_VERDICT_HOLDS && p->rule[i].tier == w->tier;
		lowered[i] = w->rule[i].lowered;
	}
	rc = find_unknown(w, unknown, err);
	if (rc == 0)
		rc = find_changers(w, changed, err);
	if (rc < 0)
		return rc;
	if (labels(&out->rules, p->rule, p->rule_order, p->rules, holds, w->arena) < 0 ||
	    titles(&out->titles, p->rule, p->rule_order, p->rules, holds, NULL, w->arena) < 0 ||
	    titles(&out->lowered_titles, p->rule, p->rule_order, p->rules, lowered, NULL,
		w->arena) < 0 ||
	    titles(&out->control_titles, p->control, p->control_order, p->controls, changed,
		w->caught, w->arena) < 0 ||
	    labels(&out->lowered, p->rule, p->rule_order, p->rules, lowered, w->arena) < 0 ||
	    labels(&out->unknown, p->rule, p->rule_order, p->rules, unknown, w->arena) < 0 ||
	    labels(&out->controls, p->control, p->control_order, p->controls, changed, w->arena) <
		0)
		return map_world_full(err);
	return map_world_holding(out, w, holds, changed, err);
}

/* Insert by event time, then reference; one entry a fact. */
static void
insert(const struct map_fact **list, size_t *n, const struct map_fact *fact)
{
	size_t i = *n;

	for (size_t k = 0; k < *n; k++) {
		if (list[k] == fact)
			return;
	}
	while (i > 0) {
		const struct map_finding *f = fact->finding, *g = list[i - 1]->finding;

		if (f->when > g->when ||
		    (f->when == g->when && cw_str_cmp(f->source, g->source) >= 0))
			break;
		list[i] = list[i - 1];
		i--;
	}
	list[i] = fact;
	(*n)++;
}

static bool
top_rule(const struct world *w, size_t i)
{
	return w->rule[i].verdict == MAP_VERDICT_HOLDS && w->plan->rule[i].tier == w->tier;
}

/* What fired the rules that were lowered to watch. */
static int
settle_lowered(struct map_decision *out, const struct world *w, struct cw_err *err)
{
	const struct map_fact **list = cw_alloc(w->arena, (w->facts + 1) * sizeof(*list));
	size_t n = 0;

	if (list == NULL)
		return map_world_full(err);
	for (size_t i = 0; i < w->plan->rules; i++) {
		const struct world_rule *r = &w->rule[i];

		for (size_t t = 0; r->lowered && t < r->triggers; t++) {
			if (!r->trigger[t].answered)
				insert(list, &n, r->trigger[t].fact);
		}
	}
	out->lowered_facts = (struct map_facts){ list, n };
	return 0;
}

static int
settle_evidence(struct map_decision *out, const struct world *w, struct cw_err *err)
{
	const struct map_fact **list = cw_alloc(w->arena, (w->facts + 1) * sizeof(*list));
	struct cw_str *sources = cw_alloc(w->arena, (w->facts + 1) * sizeof(*sources));
	size_t n = 0, s = 0;

	if (list == NULL || sources == NULL)
		return map_world_full(err);
	out->episode = MAP_NO_TIME;
	for (size_t i = 0; i < w->plan->rules; i++) {
		const struct world_rule *r = &w->rule[i];

		for (size_t t = 0; top_rule(w, i) && t < r->triggers; t++) {
			const struct map_fact *f = r->trigger[t].fact;

			if (r->trigger[t].answered || r->trigger[t].lowered)
				continue;
			insert(list, &n, f);
			if (out->episode == MAP_NO_TIME || f->finding->when < out->episode)
				out->episode = f->finding->when;
		}
		for (uint32_t k = 0; top_rule(w, i) && k < r->support.n; k++)
			insert(list, &n, r->support.item[k].record);
	}
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < s && !cw_str_eq(sources[k], list[i]->finding->source))
			k++;
		if (k == s)
			sources[s++] = list[i]->finding->source;
	}
	out->evidence_facts = (struct map_facts){ list, n };
	out->evidence = (struct map_texts){ sources, s };
	return 0;
}

/* Add the strings, or facts, that expressions of an action or definition give. */
static int
add_values(struct world *w, const struct map_expressions *list, struct cw_str whose,
    struct map_texts *texts, const struct map_fact **facts, size_t *n, struct cw_err *err)
{
	struct cw_str *grown;

	for (size_t i = 0; i < list->n; i++) {
		struct fhir_coll c;
		int rc = fhir_path_eval(list->item[i].path, w->session, NULL, 0, &c, err);

		if (rc < 0)
			return map_world_failed(err, rc, whose);
		for (uint32_t k = 0; k < c.n; k++) {
			const struct fhir_item *item = &c.item[k];

			if (item->kind == FHIR_ITEM_RECORD && *n < w->facts)
				insert(facts, n, item->record);
			if (item->kind != FHIR_ITEM_STRING)
				continue;
			grown = cw_alloc_raw(w->arena, (texts->n + 1) * sizeof(*grown));
			if (grown == NULL)
				return map_world_full(err);
			if (texts->n > 0)
				memcpy(grown, texts->item, texts->n * sizeof(*grown));
			grown[texts->n++] = (struct cw_str){ item->s, item->n };
			texts->item = grown;
		}
	}
	return 0;
}

/* request-intent: by expression, else the definition's own, else a proposal. */
static int
settle_intent(struct map_proposal *q, const struct world *w, struct cw_err *err)
{
	struct fhir_coll c;
	int rc;

	q->intent = fhir_node_text(w->order->definition->node, "intent");
	if (q->intent.n == 0)
		q->intent = CW_STR("proposal");
	if (w->order->intent == NULL)
		return 0;
	rc = fhir_path_eval(w->order->intent, w->session, NULL, 0, &c, err);
	if (rc == 0 && c.n == 1 && c.item[0].kind == FHIR_ITEM_STRING)
		q->intent = (struct cw_str){ c.item[0].s, c.item[0].n };
	return rc < 0 ? map_world_failed(err, rc, q->definition->url) : rc;
}

static int
settle_proposal(struct map_decision *out, struct world *w, struct cw_err *err)
{
	const struct map_plan *p = w->plan;
	struct map_proposal *q = &out->proposal;
	const struct map_fact **related = cw_alloc(w->arena, (w->facts + 1) * sizeof(*related));
	bool *noted = cw_alloc(w->arena, p->controls + 1);
	size_t n = 0;
	int rc;

	if (w->order == NULL)
		return 0;
	if (related == NULL || noted == NULL)
		return map_world_full(err);
	out->has_order = !w->held;
	q->definition = w->order->definition;
	q->code = w->order->code;
	q->priority = w->urgency->priority;
	q->due = w->due;
	q->reason = out->evidence_facts;
	rc = settle_intent(q, w, err);
	if (rc == 0)
		rc =
		    add_values(w, &w->order->note, q->definition->url, &q->notes, related, &n, err);
	for (size_t k = 0; k < p->rules && rc == 0; k++) {
		size_t i = p->rule_order[k];

		if (!top_rule(w, i))
			continue;
		rc = add_values(w, &p->rule[i].note, p->rule[i].id, &q->notes, related, &n, err);
		for (size_t c = 0; c < p->controls; c++)
			noted[c] |= w->rule[i].note[c] || (w->rule[i].replace == &p->control[c]);
	}
	for (size_t c = 0; c < p->controls && rc == 0; c++) {
		const struct map_action *a = &p->control[c];

		if (!noted[c])
			continue;
		rc = add_values(w, &a->note, a->id, &q->notes, related, &n, err);
		if (rc == 0)
			rc = add_values(w, &a->support, a->id, &q->notes, related, &n, err);
	}
	q->related = (struct map_facts){ related, n };
	return rc;
}

/* Something is left of the patient's findings, or something lowered waits to be looked at. */
static bool
is_told(const struct world *w)
{
	if (w->tier != MAP_TIER_NONE)
		return true;
	for (size_t i = 0; i < w->facts; i++) {
		if (w->gone[i] == WORLD_LIVE && w->fact[i].finding->role < MAP_ROLE_QUALIFIER)
			return true;
	}
	return false;
}

int
map_decide(struct map_decision *out, const struct map_plan *plan, const struct map_case *c,
    int64_t now, bool explain, struct cw_arena *arena, struct cw_err *err)
{
	struct map_unsure unsure = { .arena = arena, .plan = plan };
	struct world w = {
		.plan = plan,
		.about = c,
		.now = now,
		.arena = arena,
		.explain = explain,
		.facts = c->findings,
		.fact = make_facts(c, arena),
		.unsure = map_trace_unsure,
		.user = &unsure,
	};
	int rc;

	*out = (struct map_decision){ .now = now, .patient = c->patient };
	if (w.fact == NULL)
		return map_world_full(err);
	rc = map_world_run(&w, err);
	if (rc < 0)
		return rc;
	out->tier = w.tier;
	out->limit = w.limit;
	out->told = is_told(&w);
	rc = settle_rules(out, &w, err);
	if (rc == 0)
		rc = settle_evidence(out, &w, err);
	if (rc == 0)
		rc = settle_lowered(out, &w, err);
	if (rc == 0)
		rc = settle_proposal(out, &w, err);
	if (rc == 0 && explain)
		rc = map_trace_fill(&out->trace, &w, err);
	if (rc == 0)
		out->trace.unsure = unsure.texts;
	return rc;
}
