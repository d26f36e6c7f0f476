/* decide_rules: conditions, triggers and controls of each rule, and the tier they come to. */
#include <string.h>

#include "mappings/decide_world.h"

/* What the rule's order would mean: %urgency and %due for the controls that compare orders. */
static int
set_order(struct world *w, const struct map_action *a, int64_t *due, struct cw_err *err)
{
	struct fhir_item *item = cw_alloc(w->arena, 2 * sizeof(*item));
	struct fhir_coll c;
	int rc;

	*due = MAP_NO_TIME;
	if (item == NULL)
		return map_world_full(err);
	if (a->order == NULL) {
		fhir_path_set(w->session, w->plan->due_slot, NULL, 0, 0);
		fhir_path_set(w->session, w->plan->urgency_slot, NULL, 0, 0);
		return 0;
	}
	rc = fhir_path_eval(a->order->due, w->session, NULL, 0, &c, err);
	if (rc == 0 && (c.n != 1 || c.item[0].kind != FHIR_ITEM_DATETIME || !c.item[0].instant))
		rc = cw_fail(err, CW_ETYPE, "occurrencePeriod.end needs one instant");
	if (rc < 0)
		return rc;
	*due = c.item[0].i;
	item[0] = fhir_item_instant(*due);
	item[1] = fhir_item_integer(a->order->urgency);
	fhir_path_set(w->session, w->plan->due_slot, &item[0], 1, 0);
	fhir_path_set(w->session, w->plan->urgency_slot, &item[1], 1, 0);
	return 0;
}

static int
ask_conditions(struct world *w, const struct map_action *a, struct world_rule *r,
    enum map_truth *all, struct cw_err *err)
{
	static const enum map_truth truths[] = { MAP_FALSE, MAP_TRUE, MAP_UNKNOWN };

	*all = MAP_TRUE;
	r->condition = cw_alloc(w->arena, (a->condition.n + 1) * sizeof(*r->condition));
	if (r->condition == NULL)
		return map_world_full(err);
	for (size_t i = 0; i < a->condition.n; i++) {
		enum fhir_truth t;
		int rc =
		    fhir_path_eval_truth(a->condition.item[i].path, w->session, NULL, 0, &t, err);

		if (rc < 0)
			return rc;
		r->condition[i] = truths[t];
		if (truths[t] < *all)
			*all = truths[t];
		if (*all == MAP_FALSE && !w->explain)
			break;
	}
	return 0;
}

static bool
listed(const struct world_rule *r, const struct map_fact *fact)
{
	for (size_t i = 0; i < r->triggers; i++) {
		if (r->trigger[i].fact == fact)
			return true;
	}
	return false;
}

static int
find_triggers(struct world *w, const struct map_action *a, struct world_rule *r, struct cw_err *err)
{
	for (size_t i = 0; i < a->trigger.n; i++) {
		struct fhir_coll c;
		struct world_trigger *grown;
		int rc = fhir_path_eval(a->trigger.item[i].path, w->session, NULL, 0, &c, err);

		if (rc < 0)
			return rc;
		r->unsure |= c.unsure;
		grown = cw_alloc(w->arena, (r->triggers + c.n + 1) * sizeof(*grown));
		if (grown == NULL)
			return map_world_full(err);
		if (r->triggers > 0)
			memcpy(grown, r->trigger, r->triggers * sizeof(*grown));
		r->trigger = grown;
		for (uint32_t k = 0; k < c.n; k++) {
			if (c.item[k].kind == FHIR_ITEM_RECORD && !listed(r, c.item[k].record))
				r->trigger[r->triggers++].fact = c.item[k].record;
		}
	}
	return 0;
}

/* Truth of a control about a fact. What rests on neither the rule nor other controls is asked once.
 */
static int
ask_control(struct world *w, size_t c, const struct map_fact *fact, enum map_truth *truth,
    struct cw_err *err)
{
	const struct map_action *control = &w->plan->control[c];
	const struct fhir_path *path = control->condition.item[0].path;
	uint8_t *known = &w->known[c * w->facts + (size_t)(fact - w->fact)];

	if (control->steady)
		return map_world_ask_once(w, path, fact, known, truth, err);
	return map_world_ask(w, path, fact, truth, err);
}

/* One control on one trigger. */
static int
control_trigger(
    struct world *w, size_t c, struct world_rule *r, struct world_trigger *t, struct cw_err *err)
{
	const struct map_action *control = &w->plan->control[c];
	enum map_truth truth;
	int rc = ask_control(w, c, t->fact, &truth, err);

	if (rc < 0)
		return map_world_failed(err, rc, control->id);
	if (truth == MAP_FALSE)
		return 0;
	if (w->explain && t->caught == NULL)
		t->caught = cw_alloc(w->arena, w->plan->controls * sizeof(*t->caught));
	if (w->explain && t->caught == NULL)
		return map_world_full(err);
	if (w->explain)
		t->caught[t->n++] =
		    (struct map_trace_catch){ control->label, control->effect, truth };
	if (truth != MAP_TRUE)
		return 0;
	if (control->effect == MAP_EFFECT_WATCH)
		t->lowered = true;
	else if (control->effect == MAP_EFFECT_ANSWER)
		t->answered = true;
	else if (control->effect == MAP_EFFECT_HOLD)
		t->held = true;
	else if (control->effect == MAP_EFFECT_REPLACE)
		r->replace = control;
	else if (control->effect == MAP_EFFECT_NOTE)
		r->note[c] = true;
	return map_world_add(w, &w->caught[c], t->fact) ? 0 : map_world_full(err);
}

static int
control_rule(struct world *w, size_t index, struct world_rule *r, struct cw_err *err)
{
	const struct map_plan *p = w->plan;
	int rc = 0;

	r->note = cw_alloc(w->arena, p->controls + 1);
	if (r->note == NULL)
		return map_world_full(err);
	for (size_t c = 0; c < p->controls && rc == 0; c++) {
		const struct map_action *control = &p->control[c];

		if (control->effect <= MAP_EFFECT_DROP || !control->acts_on[index] ||
		    (w->off != NULL && w->off[c]))
			continue;
		for (size_t i = 0; i < r->triggers && rc == 0; i++) {
			struct world_trigger *t = &r->trigger[i];

			if (t->answered || (t->lowered && control->effect != MAP_EFFECT_ANSWER))
				continue;
			rc = control_trigger(w, c, r, t, err);
		}
		fhir_path_set(w->session, control->slot, w->caught[c].item, w->caught[c].n, 0);
	}
	return rc;
}

/* Sets verdict and lowered. What may be there beside the triggers (MORE) makes no verdict certain
 * but that the rule holds; what was lowered is lowered all the same. */
static void
judge(struct world_rule *r, enum map_truth condition)
{
	size_t survive = 0, lowered = 0;

	for (size_t i = 0; i < r->triggers; i++) {
		survive += !r->trigger[i].answered && !r->trigger[i].lowered;
		lowered += !r->trigger[i].answered && r->trigger[i].lowered;
	}
	r->lowered = condition == MAP_TRUE && survive == 0 && lowered > 0;
	if (condition == MAP_FALSE || (r->triggers == 0 && r->unsure == 0))
		r->verdict = MAP_VERDICT_FALSE;
	else if (condition == MAP_UNKNOWN || r->triggers == 0 ||
		 (r->unsure & (survive > 0 ? FHIR_UNSURE_LESS : FHIR_UNSURE_MORE)))
		r->verdict = MAP_VERDICT_UNKNOWN;
	else if (survive > 0)
		r->verdict = MAP_VERDICT_HOLDS;
	else
		r->verdict = lowered > 0 ? MAP_VERDICT_LOWERED : MAP_VERDICT_ANSWERED;
}

/* What the rules of a group took: their triggers, whatever controls made of them. */
static int
take(struct world *w, const struct map_action *a, const struct world_rule *r, struct cw_err *err)
{
	const struct map_group *g = &w->plan->group[a->group];
	struct world_list *list = &w->took[a->group];

	if (!g->named)
		return 0;
	for (size_t i = 0; i < r->triggers; i++) {
		if (!map_world_add(w, list, r->trigger[i].fact))
			return map_world_full(err);
	}
	fhir_path_set(w->session, g->slot, list->item, list->n, 0);
	return 0;
}

static int
find_support(struct world *w, const struct map_action *a, struct world_rule *r, struct cw_err *err)
{
	int rc = 0;

	fhir_coll_init(&r->support);
	for (size_t i = 0; i < a->support.n && rc == 0; i++) {
		struct fhir_coll c;

		rc = fhir_path_eval(a->support.item[i].path, w->session, NULL, 0, &c, err);
		for (uint32_t k = 0; rc == 0 && k < c.n; k++) {
			if (c.item[k].kind == FHIR_ITEM_RECORD)
				rc = fhir_coll_add(w->arena, &r->support, &c.item[k]);
		}
	}
	return rc;
}

static int
ask_rule(struct world *w, size_t index, struct cw_err *err)
{
	const struct map_action *a = &w->plan->rule[index];
	struct world_rule *r = &w->rule[index];
	enum map_truth condition;
	int64_t due;
	int rc;

	r->looked = true;
	rc = find_triggers(w, a, r, err);
	if (rc < 0 || (r->triggers == 0 && r->unsure == 0 && !w->explain))
		return rc;
	rc = ask_conditions(w, a, r, &condition, err);
	if (rc < 0 || condition == MAP_FALSE)
		return rc;
	rc = set_order(w, a, &due, err);
	if (rc == 0)
		rc = control_rule(w, index, r, err);
	if (rc < 0)
		return rc;
	judge(r, condition);
	if (condition == MAP_TRUE)
		rc = take(w, a, r, err);
	if (rc == 0 && r->verdict >= MAP_VERDICT_LOWERED && !w->brief)
		rc = find_support(w, a, r, err);
	w->lowered |= r->lowered;
	if (r->verdict == MAP_VERDICT_HOLDS && a->tier > w->tier)
		w->tier = a->tier;
	return rc;
}

/* What would be ordered: the first rule of the tier says what and how soon; nothing new is sent
 * when every trigger of every such rule is held. */
static int
settle_order(struct world *w, struct cw_err *err)
{
	const struct map_plan *p = w->plan;
	int rc = 0;

	if (w->tier == MAP_TIER_NONE && w->lowered)
		w->tier = MAP_TIER_WATCH;
	if (w->tier <= MAP_TIER_WATCH)
		return 0;
	w->held = true;
	for (size_t k = 0; k < p->rules && rc == 0; k++) {
		size_t i = p->rule_order[k];
		const struct world_rule *r = &w->rule[i];

		if (r->verdict != MAP_VERDICT_HOLDS || p->rule[i].tier != w->tier)
			continue;
		if (w->order == NULL) {
			w->order = w->urgency = p->rule[i].order;
			rc = set_order(w, &p->rule[i], &w->due, err);
		}
		if (r->replace != NULL && r->replace->order != NULL)
			w->order = r->replace->order;
		for (size_t t = 0; t < r->triggers; t++) {
			const struct world_trigger *x = &r->trigger[t];

			if (!x->answered && !x->lowered && !x->held)
				w->held = false;
		}
	}
	return rc;
}

/* The rules of one word of the bit set that something triggers, or may: the others are passed over.
 */
static uint64_t
to_ask(const struct world *w, size_t word)
{
	const struct map_plan *p = w->plan;
	uint64_t rules = p->unbound[word];

	for (size_t i = 0; i < p->input_words; i++) {
		for (uint64_t left = w->filled[i]; left != 0; left &= left - 1)
			rules |= p->input[i * 64 + (size_t)__builtin_ctzll(left)].rules[word];
	}
	return rules;
}

/* What asks for more steps than there are leaves its rule unknown: the others still speak. */
static int
ask_bounded(struct world *w, size_t i, struct cw_err *err)
{
	struct cw_err why = { 0 };
	int rc = ask_rule(w, i, &why);

	if (rc >= 0)
		return rc;
	rc = map_world_failed(&why, rc, w->plan->rule[i].id);
	if (rc != CW_ELIMIT || cw_arena_full(w->arena))
		return cw_fail(err, rc, "%s", why.text);
	w->rule[i].verdict = MAP_VERDICT_UNKNOWN;
	if (w->limit.code == 0)
		w->limit = why;
	return 0;
}

/* The order is worked out with steps of its own. */
static int
refresh(struct world *w, struct cw_err *err)
{
	if (w->limit.code == 0)
		return 0;
	w->session = fhir_path_session_copy(w->session);
	return w->session == NULL ? map_world_full(err) : 0;
}

int
map_world_rules(struct world *w, struct cw_err *err)
{
	int rc = 0;

	w->tier = MAP_TIER_NONE;
	w->due = MAP_NO_TIME;
	for (size_t word = 0; word < w->plan->rule_words && rc == 0; word++) {
		uint64_t left = to_ask(w, word);

		for (; left != 0 && rc == 0; left &= left - 1) {
			size_t i = word * 64 + (size_t)__builtin_ctzll(left);

			if (w->brief && w->tier > w->plan->rule[i].most)
				break;
			rc = ask_bounded(w, i, err);
		}
	}
	if (rc == 0)
		rc = refresh(w, err);
	return rc < 0 ? rc : settle_order(w, err);
}
