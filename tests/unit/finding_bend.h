/* finding_bend: JSON whose values are written otherwise than FHIR wants. */
#ifndef TESTS_UNIT_FINDING_BEND_H
#define TESTS_UNIT_FINDING_BEND_H

#include "fhir/base.h"

enum { JSON_BENDS = 6 };

/* One past the JSON value that starts at s, of well-formed text without blanks before it. */
const char *json_value_end(const char *s);
/* The text with the value at [from, to) written otherwise: 0 as a word, 1 a number, 2 true, 3 in an
 * array, 4 in an object, 5 taken out of its array. False: this value has no such form. */
bool json_bend(struct cw_buf *out, const char *text, const char *from, const char *to, int how);

#endif
