/* reference: the text of a FHIR Reference taken apart (R4 2.3.0, 3.1.0.1.4 and 3.1.0.1.5). */
#ifndef FHIR_REFERENCE_H
#define FHIR_REFERENCE_H

#include "fhir/base.h"

enum fhir_reference_kind {
	FHIR_REFERENCE_NONE,	  /* empty */
	FHIR_REFERENCE_CONTAINED, /* "#p1": id; "#" alone is the container, id is empty */
	FHIR_REFERENCE_RELATIVE,  /* "Patient/p1[/_history/3]": type, id, version */
	FHIR_REFERENCE_ABSOLUTE,  /* "https://h/fhir/Patient/p1": base, type, id, version */
	FHIR_REFERENCE_SEARCH,	  /* "[base/]Patient?identifier=s|v": base, type, query */
	FHIR_REFERENCE_URI	  /* urn:uuid:, urn:oid:, or any other URI: only equal to itself */
};

/* Slices of the text; what is not there is absent. */
struct fhir_reference {
	enum fhir_reference_kind kind;
	struct cw_str text;
	struct cw_str base; /* with its scheme, without the last slash */
	struct cw_str type, id, version;
	struct cw_str query; /* after the question mark */
};

/* Take text apart; never fails, for every text is at least a URI. A version and a fragment after an
 * id are not part of what is referred to. */
void fhir_reference_parse(struct fhir_reference *out, struct cw_str text);

enum { FHIR_BASE_NAME = 512 };

/* The base of an absolute URL as bases are compared: without scheme and last slash, for real feeds
 * mix http and https; the host in lower case (RFC 3986, 6.2.2.1). Borrows from base, or lives in
 * room where the host had to be changed; a base longer than room keeps its host as it is. */
struct cw_str fhir_reference_base_name(struct cw_str base, char room[FHIR_BASE_NAME]);

#endif
