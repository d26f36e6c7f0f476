/* events: resources as an EHR sends them that the shipped package maps, about patients drawn at
 * random: each is kept and decided on. */
#ifndef BENCH_EVENTS_H
#define BENCH_EVENTS_H

#include "bench/bench.h"

/* Add n of about 1.5 kB about that many patients, each with an id of its own from first on. None
 * of these patients has a cancer, so nothing is ordered. */
void bench_events(struct bench_texts *t, size_t n, size_t patients, size_t first);
/* Add n, each about the patient of its own number; every twentieth, a Bundle of him, a cancer and a
 * weakness, makes a request needed. */
void bench_alarms(struct bench_texts *t, size_t n, size_t first);

#endif
