/* peer: a Node program that does the same work in turn with us, one line of input and one of output
 * a turn. */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include "fhir/base.h"

#include <stdio.h>
#include <sys/types.h>

struct bench_peer {
	FILE *to, *from;
	pid_t pid;
};

/* Start node with a script and one argument (or NULL). Whether it is there shows when it answers.
 * The script finds its packages by NODE_PATH or CORDWATCH_PEERS, which is set when it is not. */
void bench_peer_start(struct bench_peer *p, const char *script, const char *arg);

/* Read its next line, without the line end, into b. False: it is gone. */
bool bench_peer_line(struct bench_peer *p, struct cw_buf *b);

/* End its input and wait for it. */
void bench_peer_stop(struct bench_peer *p);

#endif
