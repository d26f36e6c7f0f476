/* terminology: what a code means, by the ConceptMaps and ValueSets of the packages.
 *
 * Built once, immutable, shared.  One hash look-up per (system, code); ICD prefix rules are a
 * sorted table; ICD codes compare without their dot.  urn:oid forms of the listed systems are the
 * same systems (criteria 11 (42)). */
#ifndef MAPPINGS_TERMINOLOGY_H
#define MAPPINGS_TERMINOLOGY_H

#include "mappings/finding.h"
#include "mappings/package.h"

/* A concept of urn:cordwatch:CodeSystem:finding; one object per code, so pointers compare. */
struct map_concept {
	struct cw_str code, title, group;
	size_t index; /* dense, from 0: for bit sets */
};

/* One row of a ConceptMap: what a source code says. */
struct map_target {
	const struct map_concept *concept;
	enum map_role role;
	uint8_t grade;
	struct cw_str side, site; /* tokens, or absent */
	struct cw_str needs_site; /* tokens separated by "|"; absent: none */
	struct cw_str present;	  /* how a number decides, "<5" or ">2.60 mmol/L;>10.4 mg/dL" */
	struct cw_str display;	  /* of the source code */
	struct cw_str verified;	  /* where the code was verified */
	struct cw_str map;	  /* "url|version" of the ConceptMap */
	struct cw_str file;	  /* its file */
	struct cw_str rule;	  /* the code or prefix ("C79.5*") that matched */
	bool unsure;		  /* the map calls the source broader than the target */
};

struct map_terminology;

/* Build from the active artefacts. Refused with file and element path: a target without a concept,
 * a filter that cannot be decided offline, a failed check digit, a code without a source, a
 * circle of maps. Borrows from package, which must outlive it. */
CW_CHECK int map_terminology_new(
    struct map_terminology **out, const struct map_package *package, struct cw_err *err);
void map_terminology_free(struct map_terminology *t);

/* All targets of a code, best row per concept: *out is borrowed; returns how many (0: unmapped). */
size_t map_terminology_find(const struct map_terminology *t, struct cw_str system,
    struct cw_str code, const struct map_target **out);
/* As an answer to a question: TRUE yes, FALSE no (criteria 11 (26)), else UNKNOWN. */
enum map_truth map_terminology_answer(
    const struct map_terminology *t, struct cw_str system, struct cw_str code);
/* The same for a whole answer given as text ("denies"), case and outer blanks ignored. */
enum map_truth map_terminology_answer_text(const struct map_terminology *t, struct cw_str text);
/* Is the code in the value set (url or url|version)? 1 yes, 0 no, -1 no such value set. */
int map_terminology_member(const struct map_terminology *t, struct cw_str value_set,
    struct cw_str system, struct cw_str code);
/* The concepts of a value set over the finding system; -1 if there is none of that url. */
ptrdiff_t map_terminology_value_set(const struct map_terminology *t, struct cw_str value_set,
    const struct map_concept *const **out);
/* A concept by its code, or NULL; how many there are. */
const struct map_concept *map_terminology_concept(
    const struct map_terminology *t, struct cw_str code);
size_t map_terminology_concepts(const struct map_terminology *t);
/* Has any map a code of that system (URI or alias)? */
bool map_terminology_knows(const struct map_terminology *t, struct cw_str system);
/* The full URI of a system given as URI, urn:oid form or short name (sct, loinc, icd-10-cm ...);
 * as given when it is none of these. */
struct cw_str map_terminology_system(const struct map_terminology *t, struct cw_str name);

/* Does the concept have that code? */
static inline bool
map_concept_is(const struct map_concept *c, const char *code)
{
	return cw_str_is(c->code, code);
}

#endif
