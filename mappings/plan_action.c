/* plan_action: rules and controls of the PlanDefinition, and the ActivityDefinitions they name. */
#include <stdlib.h>
#include <string.h>

#include "mappings/plan_internal.h"

#define TIER "urn:cordwatch:CodeSystem:tier"
#define EFFECT "urn:cordwatch:CodeSystem:control-effect"
#define SNOMED "http://snomed.info/sct"

static const char *const tiers[] = { "none", "watch", "urgent", "emergency" };
static const char *const effects[] = { "discard", "drop", "watch", "answer", "hold", "replace",
	"note" };
static const char *const verdicts[] = { "false", "unknown", "answered", "lowered", "holds" };

const char *
map_tier_name(enum map_tier tier)
{
	return tiers[tier];
}

const char *
map_effect_name(enum map_effect effect)
{
	return effects[effect];
}

const char *
map_verdict_name(enum map_verdict verdict)
{
	return verdicts[verdict];
}

/* The code of that system among the action's codes; absent if none. */
static struct cw_str
code_of(const struct fhir_node *action, const char *system)
{
	const struct fhir_node *concept = fhir_node_get(action, "code");

	for (; concept != NULL; concept = fhir_node_again(concept)) {
		const struct fhir_node *c = fhir_node_get(concept, "coding");

		for (; c != NULL; c = fhir_node_again(c)) {
			if (cw_str_is(fhir_node_text(c, "system"), system))
				return fhir_node_text(c, "code");
		}
	}
	return (struct cw_str){ NULL, 0 };
}

static int
index_of(struct cw_str word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (cw_str_is(word, list[i]))
			return (int)i;
	}
	return -1;
}

static struct cw_str
citation_of(const struct fhir_node *action)
{
	const struct fhir_node *d = fhir_node_get(action, "documentation");

	for (; d != NULL; d = fhir_node_again(d)) {
		struct cw_str text = fhir_node_text(d, "citation");

		if (text.n > 0)
			return text;
	}
	return (struct cw_str){ NULL, 0 };
}

static int
begin_action(struct map_loader *l, const struct fhir_node *node, size_t group, bool control)
{
	struct map_plan *p = l->plan;
	struct map_action *a = control ? &p->control[p->controls++] : &p->rule[p->rules++];
	struct cw_str word = code_of(node, control ? EFFECT : TIER);
	int i = control ? index_of(word, effects, sizeof(effects) / sizeof(effects[0]))
			: index_of(word, tiers, sizeof(tiers) / sizeof(tiers[0]));
	struct cw_str prefix = fhir_node_text(node, "prefix");

	*a = (struct map_action){ .node = node, .group = group, .control = control };
	a->id = fhir_node_text(node, "id");
	a->label = prefix.n > 0 ? prefix : a->id;
	a->title = fhir_node_text(node, "title");
	a->description = fhir_node_text(node, "description");
	a->citation = citation_of(node);
	if (a->id.n == 0 || a->title.n == 0 || a->description.n == 0 || a->citation.n == 0)
		return map_artefact_fail(l->err, CW_EVALUE, l->from, node,
		    "a rule or control needs id, title, description and citation: no %s",
		    a->id.n == 0	    ? "id"
		    : a->title.n == 0	    ? "title"
		    : a->description.n == 0 ? "description"
					    : "citation");
	if (i < (control ? 0 : MAP_TIER_WATCH))
		return map_artefact_fail(l->err, CW_EVALUE, l->from, node, "\"%.*s\" is no %s",
		    CW_ARG(word), control ? "effect" : "tier");
	if (control)
		a->effect = (enum map_effect)i;
	else
		a->tier = (enum map_tier)i;
	return 0;
}

static size_t
count_actions(const struct fhir_node *action)
{
	size_t n = 0;

	for (; action != NULL; action = fhir_node_again(action))
		n += 1 + count_actions(fhir_node_get(action, "action"));
	return n;
}

static int
find_in(struct map_loader *l, const struct fhir_node *action, size_t group)
{
	struct map_plan *p = l->plan;
	int rc = 0;

	for (; action != NULL && rc == 0; action = fhir_node_again(action)) {
		const struct fhir_node *below = fhir_node_get(action, "action");

		if (below != NULL) {
			struct map_group *g = &p->group[p->groups++];

			*g = (struct map_group){ .id = fhir_node_text(action, "id") };
			rc = find_in(l, below, (size_t)(g - p->group));
		} else {
			rc = begin_action(l, action, group, code_of(action, EFFECT).s != NULL);
		}
	}
	return rc;
}

/* %S4 and %U: what a control caught, what the rules of a group took; they grow while the rules are
 * asked one after another. */
static int
declare_names(struct map_loader *l)
{
	struct map_plan *p = l->plan;
	struct fhir_path_type type = fhir_path_type_class(&p->fact_class);
	int rc = 0;

	type.many = true;
	for (size_t i = 0; i < p->controls && rc == 0; i++) {
		struct map_action *c = &p->control[i];

		rc = fhir_path_scope_declare(p->scope, c->id, &type, &c->slot, NULL);
		if (rc < 0)
			return map_artefact_fail(l->err, CW_EVALUE, l->from, c->node,
			    "the id \"%.*s\" is taken", CW_ARG(c->id));
		fhir_path_scope_vary(p->scope, c->slot);
	}
	for (size_t i = 0; i < p->groups && rc == 0; i++) {
		if (p->group[i].id.n == 0)
			continue;
		p->group[i].named = true;
		rc = fhir_path_scope_declare(
		    p->scope, p->group[i].id, &type, &p->group[i].slot, NULL);
		if (rc < 0)
			return map_artefact_fail(l->err, CW_EVALUE, l->from, p->artefact->node,
			    "the group id \"%.*s\" is taken", CW_ARG(p->group[i].id));
		fhir_path_scope_vary(p->scope, p->group[i].slot);
	}
	return rc;
}

/* Insertion sort of indexes by label: table order. */
static size_t *
table_order(struct map_plan *p, const struct map_action *actions, size_t n)
{
	size_t *order = cw_alloc(p->arena, (n + 1) * sizeof(*order));

	for (size_t i = 0; i < n; i++) {
		size_t j = i;

		while (j > 0 && map_label_cmp(actions[i].label, actions[order[j - 1]].label) < 0) {
			order[j] = order[j - 1];
			j--;
		}
		order[j] = i;
	}
	return order;
}

int
map_plan_find_actions(struct map_loader *l)
{
	struct map_plan *p = l->plan;
	const struct fhir_node *actions = fhir_node_get(p->artefact->node, "action");
	struct fhir_path_type when = { .kind = FHIR_ITEM_DATETIME };
	struct fhir_path_type number = { .kind = FHIR_ITEM_INTEGER };
	size_t n = count_actions(actions) + 1;
	int rc;

	p->rule = cw_alloc(p->arena, n * sizeof(*p->rule));
	p->control = cw_alloc(p->arena, n * sizeof(*p->control));
	p->group = cw_alloc(p->arena, n * sizeof(*p->group));
	p->group[p->groups++] = (struct map_group){ .named = false };
	rc = find_in(l, actions, 0);
	if (rc == 0)
		rc = fhir_path_scope_declare(p->scope, CW_STR("due"), &when, &p->due_slot, l->err);
	if (rc == 0)
		rc = fhir_path_scope_declare(
		    p->scope, CW_STR("urgency"), &number, &p->urgency_slot, l->err);
	if (rc < 0)
		return rc;
	fhir_path_scope_vary(p->scope, p->due_slot);
	fhir_path_scope_vary(p->scope, p->urgency_slot);
	p->rule_order = table_order(p, p->rule, p->rules);
	p->control_order = table_order(p, p->control, p->controls);
	return declare_names(l);
}

/* --- expressions --- */

static int
add_expression(struct map_loader *l, struct map_expressions *list, const struct fhir_node *node,
    const struct fhir_path_type *context)
{
	struct map_expression *grown = cw_alloc(l->plan->arena, (list->n + 1) * sizeof(*grown));
	struct map_expression e = { .node = node };
	int rc = map_plan_compile(l, &e.path, node, context);

	if (rc < 0)
		return rc;
	if (list->n > 0)
		memcpy(grown, list->item, list->n * sizeof(*grown));
	grown[list->n] = e;
	list->item = grown;
	list->n++;
	return 0;
}

static int
load_conditions(struct map_loader *l, struct map_action *a, const struct fhir_path_type *context)
{
	const struct fhir_node *c = fhir_node_get(a->node, "condition");
	int rc = 0;

	for (; c != NULL && rc == 0; c = fhir_node_again(c)) {
		if (!cw_str_is(fhir_node_text(c, "kind"), "applicability"))
			return map_artefact_fail(l->err, CW_EUNSUPPORTED, l->from, c,
			    "only conditions of kind applicability are evaluated");
		rc = add_expression(l, &a->condition, fhir_node_get(c, "expression"), context);
	}
	return rc;
}

static int
load_values(struct map_loader *l, struct map_action *a, const struct fhir_path_type *context)
{
	const struct fhir_node *v = fhir_node_get(a->node, "dynamicValue");
	int rc = 0;

	for (; v != NULL && rc == 0; v = fhir_node_again(v)) {
		struct cw_str path = fhir_node_text(v, "path");
		struct map_expressions *list = NULL;

		if (cw_str_is(path, "reasonReference") && !a->control)
			list = &a->trigger;
		else if (cw_str_is(path, "supportingInfo"))
			list = &a->support;
		else if (cw_str_is(path, "note"))
			list = &a->note;
		if (list == NULL)
			return map_artefact_fail(l->err, CW_EVALUE, l->from, v,
			    "dynamicValue sets reasonReference (of a rule), supportingInfo or "
			    "note");
		rc = add_expression(l, list, fhir_node_get(v, "expression"), context);
	}
	return rc;
}

/* relatedAction names a rule or a group of rules that the control acts on. */
static int
load_related(struct map_loader *l, struct map_action *a)
{
	struct map_plan *p = l->plan;
	const struct fhir_node *r = fhir_node_get(a->node, "relatedAction");

	a->acts_on = cw_alloc(p->arena, p->rules + 1);
	for (; r != NULL; r = fhir_node_again(r)) {
		struct cw_str id = fhir_node_text(r, "actionId");
		bool found = false;

		for (size_t i = 0; i < p->rules; i++) {
			if (!cw_str_eq(p->rule[i].id, id) &&
			    !cw_str_eq(p->group[p->rule[i].group].id, id))
				continue;
			a->acts_on[i] = true;
			found = true;
		}
		if (!found)
			return map_artefact_fail(l->err, CW_ENOTFOUND, l->from, r,
			    "no rule or group \"%.*s\"", CW_ARG(id));
	}
	return 0;
}

static int
find_order(struct map_loader *l, struct map_action *a)
{
	struct cw_str canonical = fhir_node_text(a->node, "definitionCanonical");
	const struct map_artefact *def;

	if (canonical.n == 0)
		return 0;
	def = map_package_find(l->plan->package, "ActivityDefinition", canonical);
	for (size_t i = 0; i < l->plan->orders && def != NULL; i++) {
		if (l->plan->order[i].definition == def) {
			a->order = &l->plan->order[i];
			return 0;
		}
	}
	return map_artefact_fail(l->err, CW_ENOTFOUND, l->from,
	    fhir_node_get(a->node, "definitionCanonical"), "no ActivityDefinition %.*s",
	    CW_ARG(canonical));
}

static int
load_action(struct map_loader *l, struct map_action *a)
{
	struct fhir_path_type context = { .kind = FHIR_ITEM_ANY };
	int rc;

	if (a->control)
		context = fhir_path_type_class(&l->plan->fact_class);
	rc = load_conditions(l, a, &context);
	if (rc == 0)
		rc = load_values(l, a, &context);
	if (rc == 0)
		rc = map_plan_load_notices(l, a);
	if (rc == 0)
		rc = find_order(l, a);
	if (rc == 0 && a->control)
		rc = load_related(l, a);
	if (rc < 0)
		return rc;
	if (!a->control && a->trigger.n == 0)
		return map_artefact_fail(l->err, CW_EVALUE, l->from, a->node,
		    "a rule needs a dynamicValue for reasonReference: what triggers it");
	if (!a->control && a->tier > MAP_TIER_WATCH && a->order == NULL)
		return map_artefact_fail(l->err, CW_EVALUE, l->from, a->node,
		    "an urgent or emergency rule needs a definitionCanonical");
	if (a->control && a->condition.n != 1)
		return map_artefact_fail(
		    l->err, CW_EVALUE, l->from, a->node, "a control needs one condition");
	return 0;
}

/* Discarding and dropping come before the inputs are bound: such controls are compiled before the
 * inputs are declared, so that they cannot use them. */
int
map_plan_load_actions(struct map_loader *l, bool early)
{
	struct map_plan *p = l->plan;
	int rc = 0;

	for (size_t i = 0; i < p->controls && rc == 0; i++) {
		if ((p->control[i].effect <= MAP_EFFECT_DROP) == early)
			rc = load_action(l, &p->control[i]);
	}
	for (size_t i = 0; i < p->rules && rc == 0 && !early; i++)
		rc = load_action(l, &p->rule[i]);
	return rc;
}

/* --- ActivityDefinitions --- */

static uint8_t
urgency_of(struct cw_str priority)
{
	static const char *const order[] = { "routine", "urgent", "asap", "stat" };
	int i = index_of(priority, order, 4);

	return (uint8_t)(i < 0 ? 0 : i);
}

/* One value of that type, as far as the types tell. */
static int
check_value(struct map_loader *l, const struct fhir_node *value, const struct fhir_path *path,
    enum fhir_item_kind kind, const char *what)
{
	struct fhir_path_type type = fhir_path_type(path);

	if (type.many || (type.kind != kind && type.kind != FHIR_ITEM_ANY))
		return map_artefact_fail(
		    l->err, CW_ETYPE, l->from, value, "the expression must give one %s", what);
	return 0;
}

static int
load_order(struct map_loader *l, struct map_order *o)
{
	const struct fhir_node *node = o->definition->node;
	const struct fhir_node *v = fhir_node_get(node, "dynamicValue");
	const struct fhir_node *c = fhir_node_get(fhir_node_get(node, "code"), "coding");
	struct fhir_path_type nothing = { .kind = FHIR_ITEM_ANY };
	int rc = 0;

	o->priority = fhir_node_text(node, "priority");
	o->urgency = urgency_of(o->priority);
	o->code = fhir_node_text(c, "code");
	for (; c != NULL; c = fhir_node_again(c)) {
		if (cw_str_is(fhir_node_text(c, "system"), SNOMED)) {
			o->code = fhir_node_text(c, "code");
			break;
		}
	}
	for (; v != NULL && rc == 0; v = fhir_node_again(v)) {
		struct cw_str path = fhir_node_text(v, "path");
		const struct fhir_node *e = fhir_node_get(v, "expression");

		if (cw_str_is(path, "occurrencePeriod.end"))
			rc = map_plan_compile(l, &o->due, e, &nothing);
		else if (cw_str_is(path, "intent"))
			rc = map_plan_compile(l, &o->intent, e, &nothing);
		else if (cw_str_is(path, "note"))
			rc = add_expression(l, &o->note, e, &nothing);
		else
			rc = map_artefact_fail(l->err, CW_EUNSUPPORTED, l->from, v,
			    "dynamicValue sets occurrencePeriod.end, intent or note");
		if (rc == 0 && cw_str_is(path, "occurrencePeriod.end"))
			rc = check_value(l, v, o->due, FHIR_ITEM_DATETIME, "instant");
		if (rc == 0 && cw_str_is(path, "intent"))
			rc = check_value(l, v, o->intent, FHIR_ITEM_STRING, "code");
	}
	if (rc == 0 && (o->priority.n == 0 || o->code.n == 0 || o->due == NULL))
		rc = map_artefact_fail(l->err, CW_EVALUE, l->from, node,
		    "an ActivityDefinition needs code, priority and a dynamicValue for "
		    "occurrencePeriod.end");
	return rc;
}

int
map_plan_load_orders(struct map_loader *l)
{
	struct map_plan *p = l->plan;
	size_t n = map_package_count(p->package);
	int rc = 0;

	p->order = cw_alloc(p->arena, (n + 1) * sizeof(*p->order));
	for (size_t i = 0; i < n && rc == 0; i++) {
		const struct map_artefact *a = map_package_at(p->package, i);

		if (!a->active || !cw_str_is(a->type, "ActivityDefinition"))
			continue;
		p->order[p->orders].definition = a;
		l->from = a;
		rc = load_order(l, &p->order[p->orders++]);
	}
	if (rc == 0)
		l->from = p->artefact;
	return rc;
}
