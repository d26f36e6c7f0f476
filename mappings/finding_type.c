/* The resource types that are read, and where each keeps what all have. */
#include "mappings/finding_internal.h"

#define MEDICATION "medicationCodeableConcept", "medicationReference", "contained"

static const struct map_type types[] = {
	{ "CarePlan", "subject", true, map_status_request, { "period" }, { "created" },
	    { "category", "activity" }, map_read_care_plan },
	{ "Condition", "subject", true, NULL, { "onset" }, { "recordedDate" }, { "code" },
	    map_read_condition },
	{ "DiagnosticReport", "subject", false, map_status_report, { "effective" }, { "issued" },
	    { "code", "conclusionCode" }, map_read_report },
	{ "Encounter", "subject", false, map_status_encounter, { "period" }, { NULL },
	    { "reasonCode" }, map_read_encounter },
	{ "FamilyMemberHistory", "patient", true, map_status_family, { NULL }, { "date" },
	    { "condition" }, map_read_family },
	{ "Flag", "subject", true, map_status_flag, { "period" }, { NULL }, { "code" },
	    map_read_flag },
	{ "ImagingStudy", "subject", true, map_status_imaging, { "started" }, { NULL },
	    { "procedureCode" }, map_read_imaging },
	{ "MedicationAdministration", "subject", true, map_status_administration, { "effective" },
	    { NULL }, { MEDICATION }, map_read_medication },
	{ "MedicationRequest", "subject", true, map_status_medication_request, { NULL },
	    { "authoredOn" }, { MEDICATION }, map_read_medication_request },
	{ "MedicationStatement", "subject", true, map_status_statement, { "effective" },
	    { "dateAsserted" }, { MEDICATION }, map_read_medication },
	{ "Observation", "subject", false, map_status_observation, { "effective" }, { "issued" },
	    { "code", "valueCodeableConcept", "component" }, map_read_observation },
	{ "Procedure", "subject", true, map_status_event, { "performed" }, { NULL },
	    { "code", "category" }, map_read_procedure },
	{ "QuestionnaireResponse", "subject", false, map_status_answers, { NULL }, { "authored" },
	    { "item", "contained" }, map_read_questionnaire },
	{ "ServiceRequest", "subject", true, map_status_request, { NULL }, { "authoredOn" },
	    { "code" }, map_read_service_request },
};

/* How a type is read, or NULL: not at all. */
const struct map_type *
map_type_find(struct cw_str name)
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (cw_str_is(name, types[i].name))
			return &types[i];
	return NULL;
}
