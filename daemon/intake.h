/* intake: the sift, on the loop's thread: what is passed to the engine, and what is only counted.
 *
 * A text goes on if anything in it may map, cannot be read, is a deletion, or is a later version of
 * what was ever passed on (a filter of all keys passed, which may only err by passing more).  The
 * rest is counted.  The last versions that were dropped are remembered, so that an older version
 * that comes after a dropped newer one is not taken for current: the engine is told of the newer
 * one first. */
#ifndef DAEMON_INTAKE_H
#define DAEMON_INTAKE_H

#include "daemon/queue.h"
#include "mappings/terminology.h"

struct intake;

enum { INTAKE_REMEMBERED = 65536 /* dropped versions that are remembered at least */ };

/* All borrowed. keys: about how many are in the store. */
struct intake *intake_new(
    struct loop *loop, struct queue *queue, const struct map_terminology *terms, size_t keys);
void intake_free(struct intake *i);
/* A key that the store has ("Condition/c1"). */
void intake_know(struct intake *i, struct cw_str key);
/* From now on sift with these; nothing that was dropped comes back by itself. */
void intake_use(struct intake *i, const struct map_terminology *terms);

enum intake_result {
	INTAKE_TAKEN,	/* job was submitted: done comes after its commit */
	INTAKE_DROPPED, /* concerns nothing: counted; the job (with its marks) is still yours */
	INTAKE_FULL,	/* the queue is full: try again; the job is still yours */
	INTAKE_WRONG /* not the resource that row.type and row.name say; the job is still yours */
};
/* Sift job->row.body and submit the job. row.units is given. row.how DELETE is always passed. */
enum intake_result intake_take(struct intake *i, struct job *job);

/* Counts since the start. */
struct intake_counts {
	uint64_t resources, dropped, passed, refused;
};
const struct intake_counts *intake_counts(const struct intake *i);

#endif
