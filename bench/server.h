/* server: the programs that load is put on, each a process of its own: the daemon, the bare evhttp
 * that it is held against, a receiving FHIR server, and Node's. */
#ifndef BENCH_SERVER_H
#define BENCH_SERVER_H

#include "bench/bench.h"

#include <sys/types.h>

struct bench_server {
	pid_t pid;
	int port, admin; /* admin: of the daemon, its metrics */
	char folder[64]; /* of the daemon, made for it and taken away with it */
};

/* evhttp and nothing else: takes the body and answers 200. */
void bench_server_bare(struct bench_server *s);

/* A FHIR server that finds every patient "p<N>" by his identifier <N> and takes every transaction
 * with one ServiceRequest; seen[N] becomes the time of bench_clock. */
void bench_server_target(struct bench_server *s, volatile double *seen, size_t patients);

/* A daemon with an empty database, and requests going to target (NULL: printed to nowhere). */
void bench_server_daemon(
    struct bench_server *s, const char *program, const struct bench_server *target);

/* servers.js of the peers; false when it does not start. */
bool bench_server_node(struct bench_server *s, const char *name);

/* CPU time of all its threads since its start, s. */
double bench_server_cpu(const struct bench_server *s);
/* The same once it has been quiet for a moment: all that it was sent is done with. */
double bench_server_settled(const struct bench_server *s);
/* The sum of a metric of the daemon over its series whose line has that text in it (or NULL). */
double bench_server_metric(const struct bench_server *s, const char *name, const char *with);
void bench_server_stop(struct bench_server *s);

#endif
