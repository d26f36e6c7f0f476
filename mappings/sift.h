/* sift: the first look at a resource, one pass over its bytes, no tree, no allocation.
 *
 * It drops only what is well-formed and surely maps to nothing: map_findings_read would give no
 * finding, and have nothing to say of the shape of codes that it looks up (property tests say so).
 * Everything in doubt passes. */
#ifndef MAPPINGS_SIFT_H
#define MAPPINGS_SIFT_H

#include "fhir/base.h"

struct map_terminology;

/* What is to be done with a resource. */
enum map_sift_verdict {
	MAP_SIFT_PASS,	/* something may map, or the type always passes (Patient, and Medication,
			    Questionnaire, QuestionnaireResponse) */
	MAP_SIFT_DROP,	/* of a type that is read, and no coding maps */
	MAP_SIFT_OTHER, /* of a type that is never read */
	MAP_SIFT_BROKEN /* not well-formed JSON, or no resource: the reader must say what is wrong
			 */
};

/* Slices of the bytes that were given, unescaped only if they hold no escape; else absent. */
struct map_sift_result {
	enum map_sift_verdict verdict;
	struct cw_str type, id, version,
	    updated; /* resourceType, id, meta.versionId, .lastUpdated */
};

/* Sift the JSON text of one resource. mem is scratch that is used only for keys with escapes and
 * for objects with very many members. 0 with *out filled; for MAP_SIFT_BROKEN, err says why. */
CW_CHECK int map_sift(struct map_sift_result *out, struct cw_str resource_json,
    const struct map_terminology *terms, struct cw_arena *mem, struct cw_err *err);

#endif
