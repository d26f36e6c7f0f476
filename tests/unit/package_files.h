/* The packages of tests/data/package, read for tests of the pure layers. */
#ifndef TESTS_PACKAGE_FILES_H
#define TESTS_PACKAGE_FILES_H

#include "mappings/package.h"

/* All of a file below tests/data/package, NUL-terminated; free it. Exits when there is none. */
char *test_package_text(const char *path);
/* Open tests/data/package/DIR and add its resources, in byte order of their names. */
void test_package_add(struct map_package *p, const char *dir);

#endif
