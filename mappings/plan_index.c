/* plan_index: what rules and controls rest on, worked out once, so that a decision asks few of
 * them. */
#include "mappings/plan_internal.h"

struct reach {
	struct map_plan *plan;
	uint64_t *bits;
	bool caught;
	bool *seen; /* variables already followed */
};

static void
reach_text(struct reach *r, struct cw_str expression)
{
	struct map_plan *p = r->plan;
	struct cw_str name;
	size_t at = 0;

	while (map_plan_next_name(expression, &at, &name)) {
		for (size_t i = 0; i < p->inputs; i++) {
			if (cw_str_eq(p->input[i].id, name))
				r->bits[i / 64] |= UINT64_C(1) << (i % 64);
		}
		for (size_t i = 0; i < p->controls; i++)
			r->caught |= cw_str_eq(p->control[i].id, name);
		for (size_t i = 0; i < p->groups; i++)
			r->caught |= p->group[i].named && cw_str_eq(p->group[i].id, name);
		for (size_t i = 0; i < p->variables; i++) {
			if (!cw_str_eq(p->variable[i].name, name) || r->seen[i])
				continue;
			r->seen[i] = true;
			if (!p->variable[i].parameter)
				reach_text(r, fhir_path_text(p->variable[i].path));
		}
	}
}

/* With nothing bound a rule's triggers must come out empty, for the rule to be passed over when
 * none of its inputs holds anything. */
static int
rests_on_inputs(struct map_plan *p, const struct map_action *a, bool *yes, struct cw_err *err)
{
	struct cw_arena *scratch = cw_arena_new(1 << 20);
	struct fhir_path_env env = { .arena = scratch, .scope = p->scope };
	struct fhir_path_session *s = fhir_path_session_new(&env);
	int rc = 0;

	map_plan_bind_parameters(p, s);
	*yes = true;
	for (size_t i = 0; i < a->trigger.n && rc == 0; i++) {
		struct fhir_coll c;

		rc = fhir_path_eval(a->trigger.item[i].path, s, NULL, 0, &c, err);
		*yes = *yes && rc == 0 && c.n == 0 && c.unsure == 0;
	}
	cw_arena_free(scratch);
	return rc;
}

static int
index_rule(struct map_loader *l, size_t index)
{
	struct map_plan *p = l->plan;
	const struct map_action *a = &p->rule[index];
	uint64_t bit = UINT64_C(1) << (index % 64);
	struct reach r = { .plan = p };
	struct cw_err why = { 0 };
	bool rests;
	int rc;

	r.bits = cw_alloc(p->arena, p->input_words * sizeof(uint64_t));
	r.seen = cw_alloc(p->arena, p->variables + 1);
	for (size_t i = 0; i < a->trigger.n; i++)
		reach_text(&r, fhir_path_text(a->trigger.item[i].path));
	rc = rests_on_inputs(p, a, &rests, &why);
	if (rc < 0)
		return map_artefact_fail(l->err, rc, l->from, a->node, "%s", why.text);
	if (r.caught || !rests)
		p->unbound[index / 64] |= bit;
	for (size_t i = 0; i < p->inputs; i++) {
		if ((r.bits[i / 64] >> (i % 64) & 1) != 0)
			p->input[i].rules[index / 64] |= bit;
	}
	return 0;
}

/* The names that conditions, triggers and support use, for the trace. */
static void
list_names(struct map_plan *p, struct map_action *a)
{
	const struct map_expressions *lists[] = { &a->condition, &a->trigger, &a->support };
	struct cw_str name;

	a->name = cw_alloc(p->arena, (p->variables + 1) * sizeof(*a->name));
	for (size_t v = 0; v < p->variables; v++) {
		bool used = false;

		for (size_t i = 0; i < 3; i++) {
			for (size_t j = 0; j < lists[i]->n; j++) {
				struct cw_str text = fhir_path_text(lists[i]->item[j].path);
				size_t at = 0;

				while (map_plan_next_name(text, &at, &name))
					used |= cw_str_eq(name, p->variable[v].name);
			}
		}
		if (used)
			a->name[a->names++] = v;
	}
}

/* Does an expression use no name that the rules bind: %due, %urgency, controls, groups? */
static bool
is_steady(struct map_plan *p, struct cw_str expression)
{
	struct reach r = { .plan = p };
	struct cw_str name;
	bool yes = true;
	size_t at = 0;

	r.bits = cw_alloc(p->arena, p->input_words * sizeof(uint64_t));
	r.seen = cw_alloc(p->arena, p->variables + 1);
	reach_text(&r, expression);
	while (map_plan_next_name(expression, &at, &name))
		yes = yes && !cw_str_is(name, "due") && !cw_str_is(name, "urgency");
	return yes && !r.caught;
}

int
map_plan_index(struct map_loader *l)
{
	struct map_plan *p = l->plan;
	size_t concepts = map_terminology_concepts(p->terms);
	int rc = 0;

	p->input_words = (p->inputs + 63) / 64;
	p->sees = cw_alloc(p->arena, (concepts * p->input_words + 1) * sizeof(uint64_t));
	p->rule_words = (p->rules + 63) / 64;
	p->unbound = cw_alloc(p->arena, (p->rule_words + 1) * sizeof(uint64_t));
	for (size_t i = 0; i < p->inputs; i++) {
		p->input[i].rules = cw_alloc(p->arena, (p->rule_words + 1) * sizeof(uint64_t));
		for (size_t c = 0; c < concepts; c++) {
			if (p->input[i].concept[c])
				p->sees[c * p->input_words + i / 64] |= UINT64_C(1) << (i % 64);
		}
	}
	for (size_t i = 0; i < p->rules && rc == 0; i++) {
		rc = index_rule(l, i);
		list_names(p, &p->rule[i]);
	}
	for (size_t i = p->rules; i-- > 0;) {
		struct map_action *a = &p->rule[i];

		a->most = i + 1 < p->rules && a[1].most > a->tier ? a[1].most : a->tier;
	}
	for (size_t i = 0; i < p->controls; i++)
		p->control[i].steady =
		    is_steady(p, fhir_path_text(p->control[i].condition.item[0].path));
	return rc;
}
