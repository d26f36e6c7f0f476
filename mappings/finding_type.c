/* The resource types that are read, and where each keeps what all have. */
#include "mappings/finding_internal.h"

/* Lengths are known at compile time: the sift compares them first. */
#define S(literal)                                                                                 \
	{                                                                                          \
		(literal), sizeof(literal) - 1                                                     \
	}
#define ONE(name)                                                                                  \
	{                                                                                          \
		S(name), false                                                                     \
	}
#define MANY(name)                                                                                 \
	{                                                                                          \
		S(name), true                                                                      \
	}
#define MEDICATION ONE("medicationCodeableConcept"), ONE("medicationReference"), MANY("contained")

static const struct map_type types[] = {
	{ S("CarePlan"), "subject", true, map_status_request, { "period" }, { "created" },
	    { MANY("category"), MANY("activity") }, map_read_care_plan },
	{ S("Condition"), "subject", true, NULL, { "onset" }, { "recordedDate" },
	    { ONE("code"), MANY("contained") }, map_read_condition },
	{ S("DiagnosticReport"), "subject", false, map_status_report, { "effective" }, { "issued" },
	    { ONE("code"), MANY("conclusionCode"), MANY("contained") }, map_read_report },
	{ S("Encounter"), "subject", false, map_status_encounter, { "period" }, { NULL },
	    { MANY("reasonCode"), MANY("contained") }, map_read_encounter },
	{ S("FamilyMemberHistory"), "patient", true, map_status_family, { NULL }, { "date" },
	    { MANY("condition") }, map_read_family },
	{ S("Flag"), "subject", true, map_status_flag, { "period" }, { NULL }, { ONE("code") },
	    map_read_flag },
	{ S("ImagingStudy"), "subject", true, map_status_imaging, { "started" }, { NULL },
	    { MANY("procedureCode") }, map_read_imaging },
	{ S("MedicationAdministration"), "subject", true, map_status_administration,
	    { "effective" }, { NULL }, { MEDICATION }, map_read_medication },
	{ S("MedicationRequest"), "subject", true, map_status_medication_request, { NULL },
	    { "authoredOn" }, { MEDICATION }, map_read_medication_request },
	{ S("MedicationStatement"), "subject", true, map_status_statement, { "effective" },
	    { "dateAsserted" }, { MEDICATION }, map_read_medication },
	{ S("Observation"), "subject", false, map_status_observation, { "effective" }, { "issued" },
	    { ONE("code"), ONE("valueCodeableConcept"), MANY("component"), MANY("contained") },
	    map_read_observation },
	{ S("Procedure"), "subject", true, map_status_event, { "performed" }, { NULL },
	    { ONE("code"), ONE("category"), MANY("contained") }, map_read_procedure },
	{ S("QuestionnaireResponse"), "subject", false, map_status_answers, { NULL },
	    { "authored" }, { MANY("item"), MANY("contained") }, map_read_questionnaire },
	{ S("ServiceRequest"), "subject", true, map_status_request, { NULL }, { "authoredOn" },
	    { ONE("code"), MANY("contained") }, map_read_service_request },
};

struct cw_str
map_findings_type(size_t i)
{
	return i < sizeof(types) / sizeof(types[0]) ? types[i].name : (struct cw_str){ NULL, 0 };
}

static bool
is_coded(const struct map_type *type, struct cw_str name)
{
	size_t i;

	for (i = 0; i < MAP_CODED && type->coded[i].name.n; i++)
		if (cw_str_eq(name, type->coded[i].name))
			return true;
	return false;
}

bool
map_type_any_coded(struct cw_str name)
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (is_coded(&types[i], name))
			return true;
	return false;
}

/* How a type is read, or NULL: not at all. */
const struct map_type *
map_type_find(struct cw_str name)
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (cw_str_eq(name, types[i].name))
			return &types[i];
	return NULL;
}
