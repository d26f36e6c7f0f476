/* A small terminology for tests of the reader and the sift, under systems of its own. */
#ifndef TESTS_FINDING_TERMS_H
#define TESTS_FINDING_TERMS_H

#include "mappings/terminology.h"

/* Made once, kept until the process ends. Codes are of system "urn:test". */
const struct map_terminology *test_terms(void);

#endif
