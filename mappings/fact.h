/* fact: a finding as the plan sees it, with what only the whole record of the patient can tell.
 *
 * The derived instants (UTC ms, or MAP_NO_TIME) are worked out before the criteria are evaluated;
 * FHIRPath reads a fact as one record of class Finding. */
#ifndef MAPPINGS_FACT_H
#define MAPPINGS_FACT_H

#include "fhir/path.h"
#include "mappings/finding.h"

struct map_fact {
	const struct map_finding *finding;
	int64_t run_start;	  /* first record of the current run of its group */
	int64_t previous;	  /* last record of its group before that run */
	int64_t episode;	  /* start of its episode */
	int64_t episode_end;	  /* last record of its episode */
	int64_t episode_previous; /* end of the episode before it */
	void *plan_values;	  /* elements that the plan defines; not read here */
};

/* Class Finding: the elements of urn:cordwatch:StructureDefinition:Finding over a struct map_fact.
 * Instants come as dateTimes of full precision; an element that is not known gives nothing. */
extern const struct fhir_class map_fact_class;

/* A finding from an object with the elements of the class, as map_explain_trace writes it: what it
 * gives to a plan is the same. What is derived is not read. Strings are borrowed from the object.
 * CW_EVALUE: a concept that terms does not have, or a value of another kind. */
CW_CHECK int map_fact_read(struct map_finding *out, const struct fhir_node *object,
    const struct map_terminology *terms, struct cw_arena *arena, struct cw_err *err);

/* Is the element of that name one of the derived instants? */
bool map_fact_derived(struct cw_str element);

/* "finding", "question", ...: as the role is written in the code table. */
struct cw_str map_role_name(enum map_role role);

#endif
