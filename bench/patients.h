/* Made-up patients with 30 findings each, for what a decision costs. */
#ifndef BENCH_PATIENTS_H
#define BENCH_PATIENTS_H

#include "mappings/plan.h"
#include "mappings/record.h"

#define BENCH_NOW INT64_C(1750064400000) /* 2025-06-16T09:00:00Z */

enum { BENCH_PATIENTS = 5 };

/* "emergency", "urgent", ...: what is said about patient i. */
const char *bench_patient_name(size_t i);
/* Read patient i; everything lives in arena. Ends the program when it cannot be read, or has not
 * about 30 findings. */
void bench_patient(
    struct map_case *out, const struct map_terminology *terms, size_t i, struct cw_arena *arena);

#endif
