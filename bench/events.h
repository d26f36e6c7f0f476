/* events: resources as an EHR sends them that the shipped package maps, about patients drawn at
 * random: each is kept and decided on. */
#ifndef BENCH_EVENTS_H
#define BENCH_EVENTS_H

#include "bench/bench.h"

/* Add n of about 1.5 kB about that many patients, each with an id of its own from first on. None
 * of these patients has a cancer, so nothing is ordered. */
void bench_events(struct bench_texts *t, size_t n, size_t patients, size_t first);
/* Add n of which every twentieth, Bundles of a cancer and a weakness of the legs, asks for a
 * request for patient i (patient numbers are those of the texts); the others are as above. */
void bench_alarms(struct bench_texts *t, size_t n, size_t first);

#endif
