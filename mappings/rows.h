/* rows: what is to be remembered of one text: a row for each resource in it, and the way back.
 *
 * A row is one version of one resource with its name, the patient it is about and the names by
 * which it hangs together with others, so that a store can keep rows instead of a data set.  Rows
 * of one patient and of those he is joined with, given back, make the record that the texts would
 * have made.  A name is a key within a base: "Condition/c1" on "https://h/fhir". */
#ifndef MAPPINGS_ROWS_H
#define MAPPINGS_ROWS_H

#include "mappings/record.h"
#include "mappings/version.h"

/* Base of names that are the same everywhere: urn:uuid, identifiers ("|system|value"). */
#define MAP_BASE_ALL "*"

struct map_name {
	struct cw_str base; /* as compared (fhir_reference_base_name); absent: the text's own */
	struct cw_str key;  /* absent: nobody */
};

enum map_row_kind {
	MAP_ROW_KEPT,	/* text is to be kept */
	MAP_ROW_EMPTY,	/* this version holds nothing; older ones count no more */
	MAP_ROW_DELETED /* the same, by a DELETE */
};

struct map_row {
	enum map_row_kind kind;
	struct map_name name;
	struct cw_str type, version_text;
	struct map_version version;
	unsigned char digest[32]; /* KEPT: of all but meta and narrative */
	struct cw_str text;	  /* KEPT: JSON, cut down to what is read */
	struct cw_str full_url;	  /* unless it follows from the name */
	size_t bundle;		  /* which Bundle of the text, 0: none */
	struct map_name patient;
	const struct map_name *link; /* of a Patient: names of the same person */
	size_t links;
	const struct map_name *need; /* resources of nobody that it refers to */
	size_t needs;
};

/* What could not be read. */
struct map_row_fault {
	struct cw_str text, path;
	size_t line, column;
	struct cw_str type, key; /* of the resource, where known */
};

struct map_rows {
	struct map_row *row; /* one for each resource; of several versions the one that counts */
	size_t n;
	const struct map_row_fault *fault; /* parts of which nothing was taken */
	size_t faults;
	size_t resources; /* resources and deletions met */
	size_t other;	  /* of types that are never read */
	size_t empty;	  /* versions in which nothing maps */
};

/* Read one text: a Bundle or a resource.  Everything in *out lives in arena. Faults of the data are
 * rows of their own kind; nothing fails here but the arena (CW_ELIMIT). */
CW_CHECK int map_rows_read(struct map_rows *out, struct cw_str text,
    const struct map_terminology *terms, struct cw_arena *arena, struct cw_err *err);

/* A row as it comes back from a store. */
struct map_row_back {
	struct map_name name; /* base absent or MAP_BASE_ALL: it has none */
	struct cw_str text, full_url, feed;
	int64_t bundle;	  /* rows with the same number (not 0) stood in one Bundle */
	int64_t received; /* as of struct map_origin */
};

/* Give rows back to a record, in this order; rows of one Bundle stand together.  case_of[i] becomes
 * the index of the patient (map_record_patient) whom row i is about, or SIZE_MAX for nobody's. */
void map_rows_give(struct map_record *r, const struct map_row_back *row, size_t n, size_t *case_of);

#endif
