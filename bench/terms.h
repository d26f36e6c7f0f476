/* terms: the shipped package for benchmarks. */
#ifndef BENCH_TERMS_H
#define BENCH_TERMS_H

#include "mappings/terminology.h"

/* The terminology of the package in CORDWATCH_PACKAGE, else of the source tree; yours to free (it
 * borrows from a package that is kept until the end). Ends the program when it cannot be loaded. */
struct map_terminology *bench_terms(void);

#endif
