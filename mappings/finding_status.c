/* What FHIR R4 says of the status codes of the resource types that are read. */
#include "mappings/finding_internal.h"

/* Observation (R4 observation-status). */
const struct map_status map_status_observation[] = {
	{ .code = "registered", .pending = true },
	{ .code = "preliminary", .done = true },
	{ .code = "final", .done = true },
	{ .code = "amended", .done = true },
	{ .code = "corrected", .done = true },
	{ .code = "cancelled", .withdrawn = true },
	{ .code = "entered-in-error", .withdrawn = true },
	{ .code = "unknown" },
	{ .code = NULL },
};

/* Procedure, MedicationAdministration (event-status). What is prepared has not begun. */
const struct map_status map_status_event[] = {
	{ .code = "preparation", .denied = true },
	{ .code = "in-progress" },
	{ .code = "not-done", .withdrawn = true, .denied = true },
	{ .code = "on-hold" },
	{ .code = "stopped" },
	{ .code = "completed", .done = true },
	{ .code = "entered-in-error", .withdrawn = true },
	{ .code = "unknown" },
	{ .code = NULL },
};

/* MedicationAdministration: a dose that was begun has an effect, whole or not. */
const struct map_status map_status_administration[] = {
	{ .code = "in-progress", .done = true },
	{ .code = "not-done", .withdrawn = true, .denied = true },
	{ .code = "on-hold", .done = true },
	{ .code = "completed", .done = true },
	{ .code = "entered-in-error", .withdrawn = true },
	{ .code = "stopped", .done = true },
	{ .code = "unknown" },
	{ .code = NULL },
};

const struct map_status map_status_statement[] = {
	{ .code = "active", .done = true },
	{ .code = "completed", .done = true },
	{ .code = "entered-in-error", .withdrawn = true },
	{ .code = "intended", .denied = true },
	{ .code = "stopped", .done = true },
	{ .code = "on-hold", .done = true },
	{ .code = "unknown" },
	{ .code = "not-taken", .withdrawn = true, .denied = true },
	{ .code = NULL },
};

const struct map_status map_status_medication_request[] = {
	{ .code = "active", .done = true },
	{ .code = "on-hold", .done = true },
	{ .code = "cancelled", .withdrawn = true },
	{ .code = "completed", .done = true },
	{ .code = "entered-in-error", .withdrawn = true },
	{ .code = "stopped", .done = true },
	{ .code = "draft" },
	{ .code = "unknown" },
	{ .code = NULL },
};

/* ServiceRequest, CarePlan (request-status). */
const struct map_status map_status_request[] = {
	{ .code = "draft" },
	{ .code = "active" },
	{ .code = "on-hold" },
	{ .code = "revoked", .withdrawn = true },
	{ .code = "completed" },
	{ .code = "entered-in-error", .withdrawn = true },
	{ .code = "unknown" },
	{ .code = NULL },
};

const struct map_status map_status_imaging[] = {
	{ .code = "registered" },
	{ .code = "available", .done = true },
	{ .code = "cancelled", .withdrawn = true },
	{ .code = "entered-in-error", .withdrawn = true },
	{ .code = "unknown" },
	{ .code = NULL },
};

/* A preliminary report is done once it says when the study was: see map_read_report. */
const struct map_status map_status_report[] = {
	{ .code = "registered" },
	{ .code = "partial" },
	{ .code = "preliminary", .timely = true },
	{ .code = "final", .done = true },
	{ .code = "amended", .done = true },
	{ .code = "corrected", .done = true },
	{ .code = "appended", .done = true },
	{ .code = "cancelled", .withdrawn = true },
	{ .code = "entered-in-error", .withdrawn = true },
	{ .code = "unknown" },
	{ .code = NULL },
};

const struct map_status map_status_encounter[] = {
	{ .code = "planned" },
	{ .code = "arrived", .done = true },
	{ .code = "triaged", .done = true },
	{ .code = "in-progress", .done = true },
	{ .code = "onleave", .done = true },
	{ .code = "finished", .done = true },
	{ .code = "cancelled", .withdrawn = true },
	{ .code = "entered-in-error", .withdrawn = true },
	{ .code = "unknown" },
	{ .code = NULL },
};

const struct map_status map_status_family[] = {
	{ .code = "partial" },
	{ .code = "completed" },
	{ .code = "entered-in-error", .withdrawn = true },
	{ .code = "health-unknown" },
	{ .code = NULL },
};

const struct map_status map_status_flag[] = {
	{ .code = "active" },
	{ .code = "inactive", .resolved = true },
	{ .code = "entered-in-error", .withdrawn = true },
	{ .code = NULL },
};

const struct map_status map_status_answers[] = {
	{ .code = "in-progress" },
	{ .code = "completed", .done = true },
	{ .code = "amended", .done = true },
	{ .code = "entered-in-error", .withdrawn = true },
	{ .code = "stopped" },
	{ .code = NULL },
};

/* CarePlan.activity.detail.status. */
const struct map_status map_status_activity[] = {
	{ .code = "not-started" },
	{ .code = "scheduled" },
	{ .code = "in-progress" },
	{ .code = "on-hold" },
	{ .code = "completed", .done = true },
	{ .code = "cancelled", .withdrawn = true },
	{ .code = "stopped" },
	{ .code = "unknown" },
	{ .code = "entered-in-error", .withdrawn = true },
	{ .code = NULL },
};

/* Condition.clinicalStatus. */
const struct map_status map_status_clinical[] = {
	{ .code = "active" },
	{ .code = "recurrence" },
	{ .code = "relapse" },
	{ .code = "inactive", .resolved = true },
	{ .code = "remission", .resolved = true },
	{ .code = "resolved", .resolved = true },
	{ .code = NULL },
};

/* Condition.verificationStatus. */
const struct map_status map_status_verification[] = {
	{ .code = "unconfirmed" },
	{ .code = "provisional" },
	{ .code = "differential" },
	{ .code = "confirmed" },
	{ .code = "refuted", .withdrawn = true },
	{ .code = "entered-in-error", .withdrawn = true },
	{ .code = NULL },
};

const struct map_status *
map_status_find(const struct map_status *row, struct cw_str code)
{
	for (; row->code; row++)
		if (cw_str_is(code, row->code))
			return row;
	return NULL;
}

/* Let a status speak for the whole resource. */
static void
apply(struct map_reader *r, const struct map_status *row)
{
	r->base.withdrawn |= row->withdrawn;
	r->base.resolved |= row->resolved;
	r->base.done |= row->done;
	r->denied |= row->denied;
	r->pending |= row->pending;
	r->timely |= row->timely;
}

void
map_read_status(struct map_reader *r)
{
	const struct fhir_node *node = fhir_node_get(r->res, "status");
	const struct map_status *row;

	if (!r->type->status)
		return;
	if (!node || node->kind == FHIR_NULL) {
		map_remark(r, MAP_ISSUE_MALFORMED, r->res, "the required status is missing", false);
		return;
	}
	row = map_strange(r, node) ? NULL : map_status_find(r->type->status, node->lexeme);
	if (!row) {
		map_remark(
		    r, MAP_ISSUE_MALFORMED, node, "not a status of this resource type", false);
		r->doubt = true;
		return;
	}
	r->base.status = cw_str(row->code);
	apply(r, row);
}

/* The code of a CodeableConcept that must hold one of FHIR's own; unknown codes cast doubt. */
static struct cw_str
concept_status(struct map_reader *r, const char *element, const struct map_status *rows)
{
	const struct fhir_node *node = fhir_node_get(r->res, element), *coding;
	const struct map_status *row;
	bool strange = false;

	for (coding = map_object(fhir_node_get(node, "coding")); coding;
	     coding = map_object(fhir_node_again(coding))) {
		row = map_strange(r, coding)
			  ? NULL
			  : map_status_find(rows, fhir_node_text(coding, "code"));
		if (row) {
			apply(r, row);
			return cw_str(row->code);
		}
		strange = true;
	}
	if (strange) {
		map_remark(
		    r, MAP_ISSUE_MALFORMED, node, "not a status that FHIR knows here", false);
		r->doubt = true;
	}
	return (struct cw_str){ 0 };
}

void
map_read_condition_status(struct map_reader *r)
{
	r->base.status = concept_status(r, "clinicalStatus", map_status_clinical);
	r->base.verification = concept_status(r, "verificationStatus", map_status_verification);
}

/* Priorities of requests, in the order of their urgency. */
static const char *const priorities[] = { "routine", "urgent", "asap", "stat" };

void
map_read_request(struct map_reader *r)
{
	const struct fhir_node *node = fhir_node_get(r->res, "priority");
	struct cw_str never = fhir_node_text(r->res, "doNotPerform");
	unsigned i;

	r->base.intent = fhir_node_text(r->res, "intent");
	if (cw_str_is(never, "true"))
		r->denied = true;
	if (!node)
		return;
	for (i = 0; i < sizeof(priorities) / sizeof(priorities[0]); i++)
		if (cw_str_is(node->lexeme, priorities[i])) {
			r->base.priority = cw_str(priorities[i]);
			r->base.urgency = (uint8_t)i;
			return;
		}
	map_remark(r, MAP_ISSUE_MALFORMED, node, "not a priority of a request", false);
}
