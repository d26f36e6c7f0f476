/* bench: what every micro-benchmark needs. Baseline and subject take turns in one run, and the
 * result is the median of the pairwise ratios of CPU time, never an absolute time. One line a goal:
 *
 *     NAME what measured bar ok
 *
 * The last word is ok, short (the bar was missed) or busy (the pairs differ too much to judge). */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "fhir/base.h"

/* CPU time of this process in seconds. */
double bench_cpu(void);

/* Keep the compiler from dropping work whose result is in p. */
void bench_use(const void *p);

/* One side of a comparison: do the work once over everything in ctx. */
typedef void bench_fn(void *ctx);

/* How often fn must run to take about seconds of CPU time (at least 1). */
size_t bench_rounds(bench_fn *fn, void *ctx, double seconds);

struct bench_ratio {
	double median;		  /* of baseline time / subject time: times faster */
	double low, high;	  /* quartiles of the pairs */
	double baseline, subject; /* median seconds of one call, for information */
};

/* Let baseline and subject take turns (A B A B ...), pairs times (at least 7), each turn about 50
 * ms of CPU, and compare. */
struct bench_ratio bench_compare(
    bench_fn *baseline, void *baseline_ctx, bench_fn *subject, void *subject_ctx, int pairs);

/* The same of n (at most 99) pairs of times taken elsewhere; both arrays are sorted. */
struct bench_ratio bench_ratio_of(double *baseline, double *subject, size_t n);

/* Print the line of a goal: ok when the median is at least bar (at_most false) or at most bar. With
 * quartiles further apart than a third of the median and the bar between them: busy. Returns false
 * when it is short. */
bool bench_line(const char *name, const char *what, struct bench_ratio r, double bar, bool at_most);

/* A set of texts to work on. */
struct bench_texts {
	struct cw_str *v;
	size_t n;
	size_t bytes; /* of all */
};

/* Add a copy of text. */
void bench_texts_add(struct bench_texts *t, struct cw_str text);
void bench_texts_free(struct bench_texts *t);

/* Add n generated Observations of about 2 kB, minified, as an EHR sends them (narrative, profile,
 * two codings, reference range); seed makes them differ. */
void bench_observations(struct bench_texts *t, size_t n, unsigned seed);

/* Add the resources of up to files Bundles in the folder synthea/ of the outside suites (variable
 * CORDWATCH_SUITES, default ../shared/suites from the source tree), minified, one text a resource.
 * False when they are not there. */
bool bench_synthea(struct bench_texts *t, size_t files);

#endif
