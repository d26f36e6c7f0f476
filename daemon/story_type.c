/* The types of resources that a story can describe in words, and FHIR R4's codes for them. */
#include "daemon/story_draft.h"

static const char *const observation[] = { "registered", "preliminary", "final", "amended",
	"corrected", "cancelled", "entered-in-error", NULL };
static const char *const event[] = { "preparation", "in-progress", "not-done", "on-hold", "stopped",
	"completed", "entered-in-error", NULL };
static const char *const report[] = { "registered", "partial", "preliminary", "final", "amended",
	"corrected", "appended", "cancelled", "entered-in-error", NULL };
static const char *const imaging[] = { "registered", "available", "cancelled", "entered-in-error",
	NULL };
static const char *const request[] = { "draft", "active", "on-hold", "revoked", "completed",
	"entered-in-error", NULL };
static const char *const prescription[] = { "active", "on-hold", "cancelled", "completed",
	"entered-in-error", "stopped", "draft", NULL };
static const char *const statement[] = { "active", "completed", "entered-in-error", "intended",
	"stopped", "on-hold", "not-taken", NULL };
static const char *const encounter[] = { "planned", "arrived", "triaged", "in-progress", "onleave",
	"finished", "cancelled", "entered-in-error", NULL };
static const char *const family[] = { "partial", "completed", "entered-in-error", "health-unknown",
	NULL };
static const char *const flag[] = { "active", "inactive", "entered-in-error", NULL };

const char *const story_clinical[] = { "active", "recurrence", "relapse", "inactive", "remission",
	"resolved", NULL };
const char *const story_verification[] = { "unconfirmed", "provisional", "differential",
	"confirmed", "refuted", "entered-in-error", NULL };
const char *const story_priorities[] = { "routine", "urgent", "asap", "stat", NULL };
const char *const story_intents[] = { "proposal", "plan", "directive", "order", "original-order",
	"reflex-order", "filler-order", "instance-order", "option", NULL };

static const struct story_type types[] = {
	{ "Condition", "subject", "code", false, NULL, NULL, "onsetPeriod", "recorded",
	    "recordedDate", "bodySite", true, NULL },
	{ "Observation", "subject", "code", false, "final", "effectiveDateTime", "effectivePeriod",
	    "issued", "issued", "bodySite", false, observation },
	{ "Procedure", "subject", "code", false, "completed", "performedDateTime",
	    "performedPeriod", NULL, NULL, "bodySite", true, event },
	{ "DiagnosticReport", "subject", "code", false, "final", "effectiveDateTime",
	    "effectivePeriod", "issued", "issued", NULL, false, report },
	{ "ImagingStudy", "subject", "procedureCode", true, "available", "started", NULL, NULL,
	    NULL, NULL, false, imaging },
	{ "ServiceRequest", "subject", "code", false, "active", NULL, NULL, "authored",
	    "authoredOn", "bodySite", true, request },
	{ "MedicationAdministration", "subject", "medicationCodeableConcept", false, "completed",
	    "effectiveDateTime", "effectivePeriod", NULL, NULL, NULL, false, event },
	{ "MedicationStatement", "subject", "medicationCodeableConcept", false, "active",
	    "effectiveDateTime", "effectivePeriod", "asserted", "dateAsserted", NULL, false,
	    statement },
	{ "MedicationRequest", "subject", "medicationCodeableConcept", false, "active", NULL, NULL,
	    "authored", "authoredOn", NULL, false, prescription },
	{ "Encounter", "subject", "reasonCode", true, "finished", NULL, "period", NULL, NULL, NULL,
	    false, encounter },
	{ "FamilyMemberHistory", "patient", "condition", false, "completed", "date", NULL, NULL,
	    NULL, NULL, false, family },
	{ "Flag", "subject", "code", false, "active", NULL, "period", NULL, NULL, NULL, false,
	    flag },
	{ "CarePlan", "subject", "category", true, "active", NULL, "period", "created", "created",
	    NULL, false, request },
};

const struct story_type *
story_type_find(struct cw_str name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (cw_str_is(name, types[i].name))
			return &types[i];
	}
	return NULL;
}

bool
story_word_in(struct cw_str word, const char *const *list)
{
	for (; list != NULL && *list != NULL; list++) {
		if (cw_str_is(word, *list))
			return true;
	}
	return false;
}
