/* bundle: what is in a text: a Bundle of any type, taken entry by entry, or one plain resource.
 *
 * Works on slices of the text, found by one pass of the scanner; no tree is built and memory does
 * not grow with the Bundle.  Every Bundle type of R4, R4B and R5 is walked alike, for all that
 * tells them apart is in the entries: request.method in history, transaction and batch, search.mode
 * in searchset, the first entry in document, message and notifications.  Bundles in Bundles are
 * walked in turn.  FHIR R4 2.36. */
#ifndef FHIR_BUNDLE_H
#define FHIR_BUNDLE_H

#include "fhir/base.h"

enum {
	FHIR_BUNDLE_ENTRIES = 100000, /* most entries of one text, nested ones counted */
	FHIR_BUNDLE_NESTED = 8	      /* Bundles one inside the other */
};

struct fhir_bundle_walk;

/* One entry; all strings are borrowed until the callback returns, and absent where not given. */
struct fhir_entry {
	struct cw_str resource; /* JSON text of the resource; absent: a deletion, a bare response */
	struct cw_str type;	/* its resourceType */
	struct cw_str full_url;
	struct cw_str method, url;     /* request; method as written */
	struct cw_str etag, modified;  /* response */
	struct cw_str mode;	       /* search.mode */
	struct cw_str bundle_type;     /* Bundle.type if it stood before the entries */
	bool modified_meaning;	       /* the entry has a modifierExtension */
	size_t bundle;		       /* which Bundle, from 1 in order of their start; 0: none */
	size_t offset;		       /* of the resource (else of the entry) in the text */
	struct fhir_bundle_walk *walk; /* for the two calls below; NULL: a resource by itself */
};

/* Line of entry->offset in the text, from 1; cheap when asked in the order of the entries. */
size_t fhir_entry_line(const struct fhir_entry *entry);
/* Element path of the resource from the root: "Bundle.entry[2].resource", or the type of a plain
 * resource ("Condition"). Truncated to n bytes with "...". Returns buf. */
char *fhir_entry_path(const struct fhir_entry *entry, char *buf, size_t n);

/* Who hears of what is found; both callbacks must be there. */
struct fhir_bundle_user {
	/* An entry; not 0 ends the walk, which then returns it. */
	int (*entry)(void *arg, const struct fhir_entry *entry, struct cw_err *err);
	/* A fault inside one entry, or among the Bundle's own members; the walk goes on with the
	 * entries that can be told apart by brackets and strings. */
	void (*fault)(void *arg, const struct cw_err *fault);
	void *arg;
};

/* Walk a JSON text. A plain resource is one entry, and its text is not yet checked to the end:
 * whoever reads it does. An entry that is an OperationOutcome of a search comes too, with its mode.
 * mem is scratch (escapes, very wide objects) and may be reset after the walk.
 * 0, what entry() returned, CW_ESYNTAX or CW_ELIMIT at a fault of the JSON text behind which no
 * entry can be told (what stood before it has been given), CW_ETYPE for a text that is no JSON
 * object, CW_ELIMIT past the limits above. */
CW_CHECK int fhir_bundle_walk(struct cw_str text, const struct fhir_bundle_user *user,
    struct cw_arena *mem, struct cw_err *err);

#endif
