/* xhtml: is a narrative the harmless XHTML that FHIR allows (R4 Narrative, txt-1 and txt-2)? */
#ifndef FHIR_XHTML_H
#define FHIR_XHTML_H

#include "fhir/base.h"

/* True if the text is well-formed (one or more elements, text between them; no doctype, CDATA or
 * processing instruction), has only the elements and attributes that txt-1 lists, no link with a
 * script scheme, and some text that is not white space, or an image. Nested more than 64 deep:
 * false. */
bool fhir_xhtml_ok(struct cw_str text);

#endif
