/* newest: the latest time at which something in a text happened or was recorded. */
#ifndef FHIR_NEWEST_H
#define FHIR_NEWEST_H

#include "fhir/base.h"

/* Raise *newest (UTC ms) to the latest time in a JSON text that is not after limit. Counted are the
 * starts of events (effectiveDateTime, performedDateTime, onsetDateTime, started, the start of a
 * Period, ...) and times of record (meta.lastUpdated, issued, recordedDate, authoredOn, ...) of any
 * resource; not what is planned (occurrence, the end of a Period, due and expiry dates). A date or
 * a month counts from its start. The text need not be well-formed. Returns whether one was found.
 */
bool fhir_newest(struct cw_str text, int64_t limit, int64_t *newest);

#endif
