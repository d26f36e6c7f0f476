/* Types whose codes need no answer: what is coded is so, as far as the status says. */
#include "mappings/finding_internal.h"

/* The codings of one element (CodeableConcept, repeating or not), each repeat on its own path. */
static void
emit_element(struct map_reader *r, const struct fhir_node *node, const char *element)
{
	const struct fhir_node *concept;
	struct map_hits hits;

	for (concept = map_object(fhir_node_get(node, element)); concept;
	     concept = map_object(fhir_node_again(concept))) {
		hits = (struct map_hits){ 0 };
		map_hits_concept(r, &hits, concept);
		map_emit_hits(r, &hits, concept);
	}
}

void
map_read_condition(struct map_reader *r)
{
	map_read_condition_status(r);
	map_read_abatement(r);
	emit_element(r, r->res, "code");
}

void
map_read_procedure(struct map_reader *r)
{
	emit_element(r, r->res, "code");
	emit_element(r, r->res, "category");
}

void
map_read_imaging(struct map_reader *r)
{
	emit_element(r, r->res, "procedureCode");
}

void
map_read_encounter(struct map_reader *r)
{
	emit_element(r, r->res, "reasonCode");
}

void
map_read_flag(struct map_reader *r)
{
	emit_element(r, r->res, "code");
}

void
map_read_family(struct map_reader *r)
{
	const struct fhir_node *part;
	size_t start, i;

	r->base.other_subject = true;
	for (part = map_object(fhir_node_get(r->res, "condition")); part;
	     part = map_object(fhir_node_again(part))) {
		start = r->out->n;
		emit_element(r, part, "code");
		if (map_modifiers_unknown(r, part))
			for (i = start; i < r->out->n; i++)
				r->out->item[i].present = MAP_UNKNOWN;
	}
}

/* A report: what was done (code), and what was found (conclusionCode: findings of their own, and
 * kept with what was done). */
void
map_read_report(struct map_reader *r)
{
	size_t start = r->out->n, middle, i, k, n = 0;
	const struct map_concept *found[MAP_CONCLUSIONS] = { NULL };
	struct map_finding *f;

	if (r->timely && r->base.dated)
		r->base.done = true;
	/* A conclusion that cannot be read is none: what it says may be grave. */
	r->base.concluded = fhir_node_get(r->res, "conclusionCode") != NULL &&
			    !map_strange_member(r, r->res, "conclusionCode");
	emit_element(r, r->res, "code");
	middle = r->out->n;
	emit_element(r, r->res, "conclusionCode");
	for (i = middle; i < r->out->n; i++) {
		if (n < MAP_CONCLUSIONS)
		found[n++] = r->out->item[i].concept;
		else map_remark(
		    r, MAP_ISSUE_UNREAD, r->res, "more conclusions than are read", false);
	}
	for (i = start; i < middle; i++) {
		f = &r->out->item[i];
		for (k = 0; k < n; k++)
			f->conclusions[k] = found[k];
	}
}

void
map_read_service_request(struct map_reader *r)
{
	struct cw_str own =
	    r->ctx->own_system.n ? r->ctx->own_system : CW_STR("urn:cordwatch:alert");
	const struct fhir_node *id;

	map_read_request(r);
	map_read_due(r);
	for (id = map_object(fhir_node_get(r->res, "identifier")); id;
	     id = map_object(fhir_node_again(id)))
		if (cw_str_eq(fhir_node_text(id, "system"), own))
			r->base.own = true;
	if (r->base.own) {
		map_read_targets(r, "reasonReference");
		map_read_targets(r, "supportingInfo");
	}
	emit_element(r, r->res, "code");
}

/* ---- medicines ---- */

static void
read_medication(struct map_reader *r)
{
	const struct fhir_node *ref = fhir_node_get(r->res, "medicationReference"), *medication;
	size_t start = r->out->n, i;

	emit_element(r, r->res, "medicationCodeableConcept");
	if (!ref)
		return;
	medication = map_resolve(r, ref);
	if (!medication) {
		map_say(r, MAP_ISSUE_UNREAD, ref, "the medication it refers to is not there", true);
		return;
	}
	emit_element(r, medication, "code");
	if (map_modifiers_unknown(r, medication))
		for (i = start; i < r->out->n; i++)
			r->out->item[i].present = MAP_UNKNOWN;
}

void
map_read_medication(struct map_reader *r)
{
	read_medication(r);
}

/* A prescription: what is only proposed or planned has not begun. */
void
map_read_medication_request(struct map_reader *r)
{
	struct cw_str intent;

	map_read_request(r);
	intent = r->base.intent;
	if (cw_str_is(intent, "proposal") || cw_str_is(intent, "plan") ||
	    cw_str_is(intent, "option"))
		r->base.done = false;
	read_medication(r);
}

/* ---- care plan ---- */

/* One activity, with its own status beside the plan's. */
static void
read_activity(struct map_reader *r, const struct fhir_node *activity)
{
	const struct fhir_node *detail = map_object(fhir_node_get(activity, "detail"));
	const struct fhir_node *status = fhir_node_get(detail, "status");
	const struct map_status *row = status && !map_strange(r, status)
					   ? map_status_find(map_status_activity, status->lexeme)
					   : NULL;
	bool doubt = map_modifiers_unknown(r, activity) ||
		     (detail && map_modifiers_unknown(r, detail)) ||
		     map_strange_member(r, detail, "doNotPerform");
	bool never = cw_str_is(fhir_node_text(detail, "doNotPerform"), "true");
	size_t start = r->out->n, i;
	struct map_finding *f;

	emit_element(r, detail, "code");
	if (status && !row && r->out->n > start) {
		map_remark(r, MAP_ISSUE_MALFORMED, status, "not a status of an activity", false);
		doubt = true;
	}
	for (i = start; i < r->out->n; i++) {
		f = &r->out->item[i];
		f->withdrawn |= row && row->withdrawn;
		f->done = row && row->done;
		if (never)
			f->present = MAP_FALSE;
		if (doubt)
			f->present = MAP_UNKNOWN;
	}
}

void
map_read_care_plan(struct map_reader *r)
{
	const struct fhir_node *activity;

	r->base.intent = fhir_node_text(r->res, "intent");
	emit_element(r, r->res, "category");
	for (activity = map_object(fhir_node_get(r->res, "activity")); activity;
	     activity = map_object(fhir_node_again(activity)))
		read_activity(r, activity);
}
