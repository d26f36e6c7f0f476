/* The shipped package, loaded for the benchmarks (folder BENCH_PACKAGE, or CORDWATCH_PACKAGE). */
#ifndef BENCH_TERMS_H
#define BENCH_TERMS_H

#include "mappings/package.h"
#include "mappings/terminology.h"

struct map_plan;

/* Change the text of one file of the package in place. */
typedef void bench_edit(void *arg, const char *name, struct cw_buf *text);

/* Load its files, each changed by edit (NULL: none); end the program if they cannot be. */
struct map_package *bench_package(bench_edit *edit, void *arg);
/* Add one more resource. */
void bench_package_add(struct map_package *p, const char *name, struct cw_str text);
/* The terminology, and the plan, of a package, which must stay. */
struct map_terminology *bench_terms_of(struct map_package *p);
struct map_plan *bench_plan_of(struct map_package *p, const struct map_terminology *terms);

/* Load its terminology. The package stays until the end of the program. */
struct map_terminology *bench_terms(void);

#endif
