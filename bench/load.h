/* load: POSTs over keep-alive connections to a server on this machine, one in flight on each.
 *
 * Closed: each connection sends as soon as it was answered.  Open: each request has its time, and
 * its latency counts from there, also when no connection was free: a server that stalls is not
 * spared the requests that would have come meanwhile. */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include "bench/bench.h"

struct bench_load {
	int port;
	const char *path;
	const struct bench_texts *texts; /* bodies, taken in turn */
	size_t next;			 /* which of them comes next */
	size_t connections;
};

struct bench_run {
	size_t n, bad;	 /* requests; those not answered 2xx */
	double seconds;	 /* from the first to the last answer */
	double *due;	 /* [n]: when it was to be sent, s of CLOCK_MONOTONIC */
	double *latency; /* [n]: from then to its answer, s */
};

/* Send n requests, rate a second (0: closed). Ends the program when the server is not there.
 * bench_run_fini frees. */
void bench_load(struct bench_run *out, struct bench_load *load, size_t n, double rate);
void bench_run_fini(struct bench_run *run);

/* Seconds of CLOCK_MONOTONIC. */
double bench_clock(void);
/* The value of which share (0 to 1) lies below; sorts v. */
double bench_share(double *v, size_t n, double share);

#endif
