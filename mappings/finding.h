/* finding: one flat fact about one patient, read from one version of one FHIR resource.
 *
 * The logical model is urn:cordwatch:StructureDefinition:Finding.  C says here what FHIR says (status,
 * negation, components, dataAbsentReason, interpretation, reference ranges, times); what a fact means
 * for the patient is the plan's business.  Instants are UTC milliseconds since 1970. */
#ifndef MAPPINGS_FINDING_H
#define MAPPINGS_FINDING_H

#include "fhir/base.h"
#include "fhir/quantity.h"

enum map_truth { MAP_FALSE, MAP_UNKNOWN, MAP_TRUE };

enum map_role {
	MAP_ROLE_FINDING,   /* evidence */
	MAP_ROLE_QUESTION,  /* evidence once its value said so */
	MAP_ROLE_CONTEXT,   /* informs rules, never fires */
	MAP_ROLE_WEAK,      /* supports, never fires */
	MAP_ROLE_QUALIFIER, /* speaks of the findings beside it */
	MAP_ROLE_SITE,
	MAP_ROLE_SIDE
};

/* No instant: unknown. */
#define MAP_NO_TIME INT64_MIN

enum { MAP_QUALIFIERS = 4, MAP_CONCLUSIONS = 8, MAP_TARGETS = 8 };

/* Why a resource, or a part of it, was not taken for evidence as it stands; words for the trace. */
struct map_finding {
	/* what */
	const struct map_concept *concept; /* of terminology.h: code, group, title; never NULL */
	enum map_role role;
	uint8_t grade;
	enum map_truth present;
	enum map_truth high; /* raised, by interpretation or range; UNKNOWN if neither is there */
	bool data_absent;    /* present is false because of a dataAbsentReason */
	bool has_value;
	struct fhir_quantity value;
	struct cw_str side, site; /* tokens of codes.csv, or absent */
	const struct map_concept *qualifiers[MAP_QUALIFIERS];
	/* status */
	struct cw_str status, verification, intent, priority; /* codes as FHIR writes them, or absent */
	uint8_t urgency;                                      /* 0 routine .. 3 stat */
	bool withdrawn, resolved, done, other_subject, own, concluded;
	const struct map_concept *conclusions[MAP_CONCLUSIONS];
	/* when */
	int64_t when, when_latest, ends, abated, recorded, recorded_latest, received, due;
	bool dated, imprecise;
	/* whence */
	struct cw_str resource; /* "Observation" */
	struct cw_str source;   /* "Observation/o1", unversioned, as printed */
	struct cw_str version;  /* meta.versionId or absent */
	struct cw_str feed;
	struct cw_str path; /* element that gave it: "Observation.component[1]" */
	struct cw_str system, code, display; /* the coding that matched */
	struct cw_str targets[MAP_TARGETS];  /* of a lone qualifier: focus and hasMember references */
};

#endif
