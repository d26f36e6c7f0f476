/* explain_trace: the trace as JSON, for auditors' programs. */
#include "mappings/explain.h"

#include "fhir/time.h"
#include "mappings/plan_internal.h"

#include <string.h>

/* As FHIR writes it: with its comparator, and so that it is read back as the same unit. */
static void
put_quantity(struct fhir_json_out *o, const struct fhir_quantity *q)
{
	static const char *const comparator[] = { NULL, "<", "<=", ">=", ">" };
	char buf[FHIR_DECIMAL_TEXT];

	fhir_json_out_object(o);
	fhir_json_out_key(o, "value");
	fhir_json_out_raw(o, fhir_decimal_format(&q->value, buf));
	fhir_json_out_member(o, "comparator", cw_str(comparator[q->comparator]));
	if (q->kind == FHIR_UNIT_UCUM) {
		fhir_json_out_member(o, "system", CW_STR("http://unitsofmeasure.org"));
		fhir_json_out_member(o, "code", q->unit);
	} else if (q->kind == FHIR_UNIT_TEXT) {
		fhir_json_out_member(o, "unit", q->unit);
	}
	fhir_json_out_object_end(o);
}

static void
put_item(struct fhir_json_out *o, struct cw_arena *arena, const struct fhir_item *item)
{
	char buf[FHIR_TIME_TEXT];

	if (item->kind == FHIR_ITEM_BOOLEAN)
		fhir_json_out_bool(o, item->i != 0);
	else if (item->kind == FHIR_ITEM_INTEGER)
		fhir_json_out_int(o, item->i);
	else if (item->kind == FHIR_ITEM_QUANTITY)
		put_quantity(o, item->quantity);
	else if (item->kind == FHIR_ITEM_DATETIME && item->instant)
		fhir_json_out_string(o, fhir_time_format_utc(item->i, buf));
	else
		fhir_json_out_string(o, fhir_item_text(arena, NULL, item));
}

/* Of a brief trace: the display, and what is not so; but of these two, absent is unknown. */
static bool
left_out(const char *element, const struct fhir_item *item)
{
	if (strcmp(element, "present") == 0 || strcmp(element, "high") == 0)
		return false;
	return strcmp(element, "text") == 0 || (item->kind == FHIR_ITEM_BOOLEAN && item->i == 0);
}

/* Every element of a fact that has a value; brief: and is not left out. */
static void
put_fact(struct fhir_json_out *o, struct cw_arena *arena, const struct fhir_class *cls,
    const struct map_fact *fact, bool brief)
{
	struct fhir_item item;

	fhir_json_out_object(o);
	for (size_t e = 0; e < cls->count; e++) {
		bool many = cls->element[e].many;

		for (size_t i = 0; cls->get(fact, e, i, &item); i++) {
			if (brief && !many && left_out(cls->element[e].name, &item))
				break;
			if (i == 0) {
				fhir_json_out_key(o, cls->element[e].name);
				if (many)
					fhir_json_out_array(o);
			}
			put_item(o, arena, &item);
			if (!many)
				break;
		}
		if (many && cls->get(fact, e, 0, &item))
			fhir_json_out_array_end(o);
	}
	fhir_json_out_member(o, "system", fact->finding->system);
	fhir_json_out_member(o, "sourceCode", fact->finding->code);
	fhir_json_out_member(o, "element", fact->finding->path);
	fhir_json_out_member(o, "version", fact->finding->version);
	fhir_json_out_object_end(o);
}

/* A fact as its number in "findings". */
static void
put_number(struct fhir_json_out *o, const struct map_trace *t, const struct map_fact *fact)
{
	fhir_json_out_int(o, fact - t->fact);
}

static void
put_numbers(struct fhir_json_out *o, const struct map_trace *t, const char *key,
    const struct map_facts *facts)
{
	fhir_json_out_key(o, key);
	fhir_json_out_array(o);
	for (size_t i = 0; i < facts->n; i++)
		put_number(o, t, facts->item[i]);
	fhir_json_out_array_end(o);
}

static struct cw_str
truth_word(enum map_truth truth)
{
	static const char *const words[] = { "false", "unknown", "true" };

	return cw_str(words[truth]);
}

static void
put_conditions(struct fhir_json_out *o, const struct map_trace_rule *r)
{
	fhir_json_out_key(o, "conditions");
	fhir_json_out_array(o);
	for (size_t i = 0; i < r->conditions; i++) {
		fhir_json_out_object(o);
		fhir_json_out_member(o, "expression", r->condition[i].expression);
		fhir_json_out_member(o, "result", truth_word(r->condition[i].truth));
		fhir_json_out_object_end(o);
	}
	fhir_json_out_array_end(o);
}

static void
put_triggers(struct fhir_json_out *o, const struct map_trace *t, const struct map_trace_rule *r)
{
	fhir_json_out_key(o, "triggers");
	fhir_json_out_array(o);
	for (size_t i = 0; i < r->triggers; i++) {
		const struct map_trace_trigger *x = &r->trigger[i];

		fhir_json_out_object(o);
		fhir_json_out_key(o, "finding");
		put_number(o, t, x->fact);
		fhir_json_out_key(o, "controls");
		fhir_json_out_array(o);
		for (size_t k = 0; k < x->n; k++) {
			fhir_json_out_object(o);
			fhir_json_out_member(o, "id", x->caught[k].control);
			fhir_json_out_member(
			    o, "effect", cw_str(map_effect_name(x->caught[k].effect)));
			fhir_json_out_member(o, "result", truth_word(x->caught[k].truth));
			fhir_json_out_object_end(o);
		}
		fhir_json_out_array_end(o);
		fhir_json_out_object_end(o);
	}
	fhir_json_out_array_end(o);
	if (r->more)
		fhir_json_out_member(o, "moreTriggers", CW_STR("unknown"));
	if (r->fewer)
		fhir_json_out_member(o, "fewerTriggers", CW_STR("unknown"));
}

static void
put_names(
    struct fhir_json_out *o, const struct map_trace *t, const struct map_trace_rule *r, bool brief)
{
	fhir_json_out_key(o, "values");
	fhir_json_out_object(o);
	for (size_t i = 0; i < r->names; i++) {
		const struct map_trace_name *n = &r->name[i];

		if (brief && n->value.s == NULL && n->facts.n == 0 && !n->unsure)
			continue;
		fhir_json_out_key_str(o, n->name);
		fhir_json_out_object(o);
		if (n->value.s != NULL)
			fhir_json_out_member(o, "value", n->value);
		else
			put_numbers(o, t, "findings", &n->facts);
		if (n->unsure) {
			fhir_json_out_key(o, "unsure");
			fhir_json_out_bool(o, true);
		}
		fhir_json_out_object_end(o);
	}
	fhir_json_out_object_end(o);
}

static void
put_rule(struct fhir_json_out *o, const struct map_trace *t, const struct map_trace_rule *r)
{
	fhir_json_out_object(o);
	fhir_json_out_member(o, "action", r->id);
	fhir_json_out_member(o, "id", r->label);
	fhir_json_out_member(o, "tier", cw_str(map_tier_name(r->tier)));
	fhir_json_out_member(o, "verdict", cw_str(map_verdict_name(r->verdict)));
	fhir_json_out_member(o, "title", r->title);
	fhir_json_out_member(o, "citation", r->citation);
	fhir_json_out_key(o, "looked");
	fhir_json_out_bool(o, r->looked);
	if (r->looked) {
		put_conditions(o, r);
		put_triggers(o, t, r);
		put_numbers(o, t, "support", &r->support);
		put_names(o, t, r, false);
	}
	fhir_json_out_object_end(o);
}

static void
put_rule_briefly(struct fhir_json_out *o, const struct map_trace *t, const struct map_trace_rule *r)
{
	if (!r->looked)
		return;
	fhir_json_out_object(o);
	fhir_json_out_member(o, "id", r->label);
	fhir_json_out_member(o, "verdict", cw_str(map_verdict_name(r->verdict)));
	fhir_json_out_key(o, "results");
	fhir_json_out_array(o);
	for (size_t i = 0; i < r->conditions; i++)
		fhir_json_out_string(o, truth_word(r->condition[i].truth));
	fhir_json_out_array_end(o);
	if (r->triggers > 0 || r->more || r->fewer)
		put_triggers(o, t, r);
	if (r->support.n > 0)
		put_numbers(o, t, "support", &r->support);
	put_names(o, t, r, true);
	fhir_json_out_object_end(o);
}

static void
put_parameters(struct fhir_json_out *o, const struct map_plan *plan)
{
	struct cw_str name, value;

	fhir_json_out_key(o, "parameters");
	fhir_json_out_object(o);
	for (size_t i = 0; map_plan_parameter(plan, i, &name, &value); i++) {
		fhir_json_out_key_str(o, name);
		fhir_json_out_string(o, value);
	}
	fhir_json_out_object_end(o);
}

/* What the plan may ask of the patient himself. */
static void
put_patient(struct fhir_json_out *o, const struct map_case *c)
{
	fhir_json_out_key(o, "patient");
	fhir_json_out_object(o);
	fhir_json_out_key(o, "known");
	fhir_json_out_bool(o, c->known);
	fhir_json_out_key(o, "deceased");
	fhir_json_out_bool(o, c->about.deceased);
	fhir_json_out_key(o, "active");
	fhir_json_out_bool(o, !c->about.inactive);
	fhir_json_out_key(o, "tag");
	fhir_json_out_array(o);
	for (size_t i = 0; i < c->about.tags; i++) {
		fhir_json_out_object(o);
		fhir_json_out_member(o, "system", c->about.tag[i].system);
		fhir_json_out_member(o, "code", c->about.tag[i].code);
		fhir_json_out_object_end(o);
	}
	fhir_json_out_array_end(o);
	fhir_json_out_object_end(o);
}

static void
put_drops(struct fhir_json_out *o, const struct map_trace *t)
{
	fhir_json_out_key(o, "dropped");
	fhir_json_out_array(o);
	for (size_t i = 0; i < t->drops; i++) {
		fhir_json_out_object(o);
		fhir_json_out_key(o, "finding");
		put_number(o, t, t->drop[i].fact);
		fhir_json_out_member(o, "control", t->drop[i].control);
		fhir_json_out_member(o, "reason", t->drop[i].title);
		fhir_json_out_object_end(o);
	}
	fhir_json_out_array_end(o);
}

void
map_explain_trace(
    struct fhir_json_out *o, const struct map_decision *d, const struct map_plan *plan, bool brief)
{
	const struct map_trace *t = &d->trace;
	struct cw_arena *scratch = cw_arena_new(0);

	fhir_json_out_object(o);
	if (!brief) {
		fhir_json_out_member(o, "plan", map_plan_canonical(plan));
		put_parameters(o, plan);
	}
	put_patient(o, t->about);
	fhir_json_out_key(o, "findings");
	fhir_json_out_array(o);
	for (size_t i = 0; i < t->facts; i++)
		put_fact(o, scratch, &plan->fact_class, &t->fact[i], brief);
	fhir_json_out_array_end(o);
	put_drops(o, t);
	fhir_json_out_key(o, "rules");
	fhir_json_out_array(o);
	for (size_t i = 0; i < t->rules; i++)
		(brief ? put_rule_briefly : put_rule)(o, t, &t->rule[i]);
	fhir_json_out_array_end(o);
	fhir_json_out_key(o, "unsure");
	fhir_json_out_array(o);
	for (size_t i = 0; i < t->unsure.n; i++)
		fhir_json_out_string(o, t->unsure.item[i]);
	fhir_json_out_array_end(o);
	fhir_json_out_object_end(o);
	cw_arena_free(scratch);
}
