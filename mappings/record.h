/* record: a data set, sorted by patient.
 *
 * Takes texts in any order, keeps of each resource the version that counts (criteria 11 (53)) and
 * only if something in it may map, finds out whom each is about, and gives each patient's findings
 * as of an instant.  What was superseded, deleted or entered in error by a later version that maps
 * to nothing is gone, whichever came first.  Memory: the kept resources, some 25 bytes for each
 * resource that was dropped, and the largest text. */
#ifndef MAPPINGS_RECORD_H
#define MAPPINGS_RECORD_H

#include "fhir/base.h"
#include "mappings/finding.h"

struct map_terminology;
struct map_record;

/* Something to be said about one place of the data. */
struct map_note {
	enum map_issue_kind kind;
	struct cw_str file;   /* as given; absent for none */
	size_t line;	      /* from 1; 0 unknown */
	size_t column;	      /* from 1; 0 unknown */
	struct cw_str path;   /* element path from the root: "Bundle.entry[2].resource.code" */
	struct cw_str source; /* "Observation/o1", or absent */
	struct cw_str text;   /* one sentence without clinical content, no full stop */
	bool whole;	      /* nothing of the resource was taken */
};

struct map_record_counts {
	size_t resources;  /* read, in all */
	size_t other;	   /* of types that are never read */
	size_t dropped;	   /* nothing in them maps */
	size_t kept;	   /* may map, the last version of each */
	size_t duplicates; /* the same bytes again */
	size_t superseded; /* older versions */
	size_t deletions;
};

/* One patient: the whole of what is known. */
struct map_case {
	struct cw_str patient;	  /* as printed: "Patient/p1", URL, urn, or "system|value" */
	bool known;		  /* a Patient resource was there; else about is all zero */
	struct map_patient about; /* merged over links; id, version, link of the first */
	const struct map_finding *const *finding; /* by event time, source, path, concept */
	size_t findings;
	const struct map_note *note; /* what is unread, parked, malformed or skipped of it */
	size_t notes;
};

/* Start an empty data set. terms must outlive it. note hears of each fault when it is found, and
 * may be NULL; faults of resources that count for a patient are told when the patient is read. */
struct map_record *map_record_new(const struct map_terminology *terms,
    void (*note)(void *arg, const struct map_note *note), void *arg);
/* Free it; NULL is allowed. */
void map_record_free(struct map_record *r);

/* Where a text comes from. */
struct map_origin {
	struct cw_str file; /* for notes; borrowed as long as the record lives */
	size_t line;	    /* of the text in the file, from 1 (NDJSON); 0 is 1 */
	struct cw_str feed;
	int64_t received; /* MAP_NO_TIME: when the patient is read (criteria 11 (3)) */
};

/* Take one JSON text: a Bundle or a resource; the text may go at once. Faults are told to note. */
void map_record_add(struct map_record *r, struct cw_str text, const struct map_origin *from);

/* Patients with at least one kept resource or a Patient resource, in order of first appearance
 * (links merged). More may be added afterwards. */
size_t map_record_patients(struct map_record *r);
/* Read patient i as of now; everything in *out lives in arena. CW_ELIMIT: the arena is full. */
CW_CHECK int map_record_patient(struct map_case *out, struct map_record *r, size_t i, int64_t now,
    struct cw_arena *arena, struct cw_err *err);

/* What was read so far; borrowed. */
const struct map_record_counts *map_record_counts(const struct map_record *r);

#endif
