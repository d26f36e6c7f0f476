#include "mappings/decide_trace.h"

#include <string.h>

void
map_trace_unsure(void *user, const struct fhir_path *path, size_t at, const char *op,
    const struct fhir_item *left, const struct fhir_item *right)
{
	enum { MOST = 32 };
	struct map_unsure *u = user;
	struct cw_str text = cw_fmt(
	    u->arena, "\"%s\" at position %zu of: %.*s", op, at, CW_ARG(fhir_path_text(path)));
	struct cw_str *grown;

	(void)left;
	(void)right;
	for (size_t i = 0; i < u->texts.n; i++) {
		if (cw_str_eq(u->texts.item[i], text))
			return;
	}
	if (u->texts.n == MOST)
		return;
	grown = cw_alloc_raw(u->arena, (u->texts.n + 1) * sizeof(*grown));
	if (grown == NULL || text.s == NULL)
		return;
	if (u->texts.n > 0)
		memcpy(grown, u->texts.item, u->texts.n * sizeof(*grown));
	grown[u->texts.n++] = text;
	u->texts.item = grown;
}

static struct map_facts
facts_of(const struct fhir_coll *c, struct cw_arena *arena)
{
	const struct map_fact **list = cw_alloc(arena, (c->n + 1) * sizeof(*list));
	size_t n = 0;

	for (uint32_t i = 0; list != NULL && i < c->n; i++) {
		if (c->item[i].kind == FHIR_ITEM_RECORD && c->item[i].cls != &map_patient_class)
			list[n++] = c->item[i].record;
	}
	return (struct map_facts){ list, n };
}

/* The value of one variable: findings, or text. */
static int
fill_name(
    struct map_trace_name *out, struct world *w, const struct map_variable *v, struct cw_err *err)
{
	struct fhir_coll c;
	int rc;

	*out = (struct map_trace_name){ .name = v->name, .value = v->text };
	if (v->parameter)
		return 0;
	rc = fhir_path_eval(v->probe, w->session, NULL, 0, &c, err);
	if (rc < 0)
		return rc;
	out->facts = facts_of(&c, w->arena);
	out->unsure = c.unsure != 0;
	out->value = (struct cw_str){ NULL, 0 };
	if (c.n == 1 && out->facts.n == 0)
		out->value = fhir_item_text(w->arena, NULL, &c.item[0]);
	return 0;
}

static int
fill_names(
    struct map_trace_rule *out, struct world *w, const struct map_action *a, struct cw_err *err)
{
	struct map_trace_name *list = cw_alloc(w->arena, (a->names + 1) * sizeof(*list));
	int rc = list == NULL ? map_world_full(err) : 0;

	for (size_t i = 0; i < a->names && rc == 0; i++)
		rc = fill_name(&list[i], w, &w->plan->variable[a->name[i]], err);
	out->name = list;
	out->names = a->names;
	return rc;
}

static int
fill_rule(struct map_trace_rule *out, struct world *w, size_t index, struct cw_err *err)
{
	const struct map_action *a = &w->plan->rule[index];
	const struct world_rule *r = &w->rule[index];
	struct map_trace_condition *conditions;
	struct map_trace_trigger *triggers;

	*out = (struct map_trace_rule){
		.id = a->id,
		.label = a->label,
		.title = a->title,
		.description = a->description,
		.citation = a->citation,
		.tier = a->tier,
		.verdict = r->verdict,
		.looked = r->looked,
		.conditions = r->condition == NULL ? 0 : a->condition.n,
		.triggers = r->triggers,
		.more = (r->unsure & FHIR_UNSURE_MORE) != 0,
		.fewer = (r->unsure & FHIR_UNSURE_LESS) != 0,
	};
	conditions = cw_alloc(w->arena, (a->condition.n + 1) * sizeof(*conditions));
	triggers = cw_alloc(w->arena, (r->triggers + 1) * sizeof(*triggers));
	if (conditions == NULL || triggers == NULL)
		return map_world_full(err);
	for (size_t i = 0; i < out->conditions; i++) {
		conditions[i].expression = fhir_path_text(a->condition.item[i].path);
		conditions[i].truth = r->condition[i];
	}
	for (size_t i = 0; i < r->triggers; i++) {
		const struct world_trigger *t = &r->trigger[i];

		triggers[i] = (struct map_trace_trigger){ t->fact, t->caught, t->n,
			!t->answered && !t->lowered };
	}
	out->condition = conditions;
	out->trigger = triggers;
	out->support = facts_of(&r->support, w->arena);
	return r->looked ? fill_names(out, w, a, err) : 0;
}

static int
fill_drops(struct map_trace *out, const struct world *w, struct cw_err *err)
{
	struct map_trace_drop *list = cw_alloc(w->arena, (w->facts + 1) * sizeof(*list));

	if (list == NULL)
		return map_world_full(err);
	for (size_t i = 0; i < w->facts; i++) {
		const struct map_action *control;

		if (w->gone[i] == WORLD_LIVE)
			continue;
		control = &w->plan->control[w->gone[i]];
		list[out->drops++] =
		    (struct map_trace_drop){ &w->fact[i], control->label, control->title };
	}
	out->drop = list;
	return 0;
}

int
map_trace_fill(struct map_trace *out, struct world *w, struct cw_err *err)
{
	struct map_trace_rule *rules = cw_alloc(w->arena, (w->plan->rules + 1) * sizeof(*rules));
	int rc = rules == NULL ? map_world_full(err) : 0;

	out->about = w->about;
	out->fact = w->fact;
	out->facts = w->facts;
	out->rule = rules;
	out->rules = w->plan->rules;
	for (size_t k = 0; k < w->plan->rules && rc == 0; k++)
		rc = fill_rule(&rules[k], w, w->plan->rule_order[k], err);
	return rc == 0 ? fill_drops(out, w, err) : rc;
}
