/* plan_lint: remarks on a plan that loads, but may not say what was meant; and ids. */
#include <string.h>

#include "mappings/fact.h"
#include "mappings/plan_internal.h"

enum { LONGEST = 400 }; /* bytes of an expression that a reviewer can still take in */

/* "%name" of a probe is not a use. */
static bool
is_probe(const struct map_plan *p, const struct fhir_path *path)
{
	for (size_t i = 0; i < p->variables; i++) {
		if (p->variable[i].probe == path)
			return true;
	}
	return false;
}

/* Does any expression of the plan, or of what it orders, use the name? */
static bool
is_used(const struct map_plan *p, struct cw_str name)
{
	struct cw_str used;

	for (size_t i = 0; i < p->owneds; i++) {
		size_t at = 0;

		if (is_probe(p, p->owned[i]))
			continue;
		while (map_plan_next_name(fhir_path_text(p->owned[i]), &at, &used)) {
			if (cw_str_eq(used, name))
				return true;
		}
	}
	return false;
}

static void
lint_names(struct map_loader *l)
{
	struct map_plan *p = l->plan;

	for (size_t i = 0; i < p->variables; i++) {
		if (!is_used(p, p->variable[i].name))
			map_plan_remark_add(l, p->variable[i].node, "nothing uses %%%.*s",
			    CW_ARG(p->variable[i].name));
	}
	for (size_t i = 0; i < p->inputs; i++) {
		if (!is_used(p, p->input[i].id))
			map_plan_remark_add(l, p->artefact->node, "nothing uses the input %%%.*s",
			    CW_ARG(p->input[i].id));
	}
}

static void
lint_controls(struct map_loader *l)
{
	struct map_plan *p = l->plan;

	for (size_t i = 0; i < p->controls; i++) {
		const struct map_action *c = &p->control[i];

		if (c->effect > MAP_EFFECT_DROP && fhir_node_get(c->node, "relatedAction") == NULL)
			map_plan_remark_add(
			    l, c->node, "control %.*s acts on no rule", CW_ARG(c->id));
		if (c->effect == MAP_EFFECT_REPLACE && c->order == NULL)
			map_plan_remark_add(
			    l, c->node, "control %.*s replaces an order by nothing", CW_ARG(c->id));
	}
}

static bool
letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* An expression with a unit of equivalents: "5 'meq/L'". FHIRPath never compares it with moles. */
static bool
has_equivalents(struct cw_str s)
{
	for (size_t i = 0; i + 2 <= s.n; i++) {
		size_t quote = i;

		if (s.s[i] != 'e' || s.s[i + 1] != 'q' || (i + 2 < s.n && letter(s.s[i + 2])))
			continue;
		while (quote > 0 && letter(s.s[quote - 1]))
			quote--;
		if (i - quote > 1 || quote < 3 || s.s[quote - 1] != '\'' || s.s[quote - 2] != ' ')
			continue;
		if (s.s[quote - 3] >= '0' && s.s[quote - 3] <= '9')
			return true;
	}
	return false;
}

/* Every expression below node. */
static void
lint_expressions(struct map_loader *l, const struct fhir_node *node)
{
	struct cw_str text = fhir_node_text(node, "expression");

	if (text.n > LONGEST)
		map_plan_remark_add(
		    l, node, "an expression of %zu bytes is hard to review", text.n);
	if (text.n > 0 && has_equivalents(text))
		map_plan_remark_add(l, node,
		    "equivalents (eq) are never compared with moles: what is recorded in mmol "
		    "makes this unknown");
	for (const struct fhir_node *c = node->child; c != NULL; c = c->next)
		lint_expressions(l, c);
}

void
map_plan_lint(struct map_loader *l)
{
	lint_names(l);
	lint_controls(l);
	lint_expressions(l, l->plan->artefact->node);
}

int
map_plan_check_derived(struct map_loader *l, const struct fhir_node *expression)
{
	struct cw_str text = fhir_node_text(expression, "expression"), word;
	size_t at = 0;

	while (map_plan_next_word(text, &at, &word)) {
		if (map_fact_derived(word))
			return map_artefact_fail(l->err, CW_EVALUE, l->from,
			    fhir_node_get(expression, "expression"),
			    "%.*s is worked out only later, from what is not discarded",
			    CW_ARG(word));
	}
	return 0;
}

/* Is %name bound only after the control of that index was asked: by rules, or by controls that come
 * after it? Those that discard come before those that drop. */
static bool
comes_later(const struct map_plan *p, size_t control, struct cw_str name)
{
	if (cw_str_is(name, "due") || cw_str_is(name, "urgency"))
		return true;
	for (size_t i = 0; i < p->groups; i++) {
		if (p->group[i].named && cw_str_eq(p->group[i].id, name))
			return true;
	}
	for (size_t i = 0; i < p->controls; i++) {
		enum map_effect mine = p->control[control].effect, its = p->control[i].effect;

		if (cw_str_eq(p->control[i].id, name) &&
		    (its > mine || (its == mine && i >= control)))
			return true;
	}
	return false;
}

static int
check_early(struct map_loader *l, size_t control)
{
	const struct map_action *a = &l->plan->control[control];
	const struct fhir_node *node = a->condition.item[0].node;
	struct cw_str name;
	size_t at = 0;

	while (map_plan_next_name(fhir_node_text(node, "expression"), &at, &name)) {
		if (comes_later(l->plan, control, name))
			return map_artefact_fail(l->err, CW_EVALUE, l->from,
			    fhir_node_get(node, "expression"),
			    "%%%.*s is known only after what this control takes away is gone",
			    CW_ARG(name));
	}
	return a->effect == MAP_EFFECT_DISCARD ? map_plan_check_derived(l, node) : 0;
}

int
map_plan_check_early(struct map_loader *l)
{
	struct map_plan *p = l->plan;
	int rc = 0;

	for (size_t i = 0; i < p->controls && rc == 0; i++) {
		if (p->control[i].effect <= MAP_EFFECT_DROP)
			rc = check_early(l, i);
	}
	return rc;
}

int
map_plan_check_ids(struct map_loader *l)
{
	struct map_plan *p = l->plan;
	struct cw_map *ids = cw_map_new();
	int rc = 0;

	for (size_t i = 0; i < p->groups; i++) {
		if (p->group[i].id.n > 0)
			cw_map_put(ids, p->group[i].id, p->group);
	}
	for (size_t i = 0; i < p->rules && rc == 0; i++) {
		struct map_action *a = &p->rule[i];

		if (cw_map_get(ids, a->id) != NULL)
			rc = map_artefact_fail(l->err, CW_EVALUE, l->from, a->node,
			    "the id \"%.*s\" is taken", CW_ARG(a->id));
		else
			cw_map_put(ids, a->id, a);
	}
	cw_map_free(ids);
	return rc;
}
