/* json_merge: primitive extensions, "_name" into "name" (FHIR R4 2.6.2.3). Private to fhir/json*.c.
 */
#ifndef FHIR_JSON_MERGE_H
#define FHIR_JSON_MERGE_H

#include "fhir/json_core.h"

/* Is it the name of a primitive's id and extension: "_" and more, but not "__"? */
HOT bool
is_twin(struct cw_str name)
{
	return unlikely(name.n > 1 && name.s[0] == '_' && name.s[1] != '_');
}

/* Merge all "_name" children of an object that was just read into their twins, pairing arrays by
 * position. 0 or CW_ESYNTAX with the path of a "_name" that cannot be merged. */
int fhir_json_merge(
    const struct fhir_json_scan *sc, struct fhir_node *object, struct cw_err *err) CW_CHECK;

#endif
