/* engine: the thread that owns the database and every decision.
 *
 * A batch is whatever waits: in one transaction the inbox rows of the batch before are processed
 * (read, put in place, decided, errands and audit written) and the new ones are entered; after its
 * commit the senders are acknowledged and the errands reported.  There is no second path: pushed
 * and polled resources, the passing of time (ticks), outcomes of errands and new rules all come
 * this way. */
#ifndef DAEMON_ENGINE_H
#define DAEMON_ENGINE_H

#include "daemon/metrics.h"
#include "daemon/queue.h"
#include "daemon/rules.h"

#include <stdatomic.h>

struct engine;

/* What the engine counted since its start; written by it, read by any thread. */
struct engine_counts {
	atomic_uint_fast64_t batches, processed, decisions, undecided, proposed, appended, revoked,
	    quarantined, notices;
	atomic_uint_fast64_t commit_ms; /* of the last batch */
	atomic_int_fast64_t open_alerts, outbox, dead, oldest_errand, size;
};

struct engine_options {
	struct store *store;	   /* open; borrowed */
	struct queue *queue;	   /* borrowed */
	const struct loop *loop;   /* for its clock; borrowed */
	struct rules *rules;	   /* the engine's from now on */
	const struct cw_str *base; /* [feed number]: base URL of a feed or absent; borrowed */
	size_t bases;
	const char *const *feed;    /* [feed number]: its name; borrowed */
	struct metrics *metrics;    /* or NULL; borrowed */
	struct cw_str version;	    /* "cordwatch 0.1.0" */
	const struct seal_key *key; /* signs checkpoints, or NULL; borrowed */
};

/* options are copied, what they point at is not. */
struct engine *engine_new(const struct engine_options *options);
/* Rules too; NULL allowed. The store and the queue stay. */
void engine_free(struct engine *e);
/* Before the first batch: count the tries of what was left over, put away what brought the daemon
 * down thrice, report the errands that are pending (each may have been done). */
CW_CHECK int engine_start(struct engine *e, struct cw_err *err);
/* One batch; the run function of a loop_worker. After a failure of the disk it reports
 * REPORT_FATAL once and does nothing more. When there is no room on it, the batch is rolled back,
 * jobs that are awaited fail, the queue is closed, and REPORT_FULL asks for a kick; the first batch
 * that succeeds opens the queue and says REPORT_ROOM. */
void engine_run(void *engine);
const struct engine_counts *engine_counts(const struct engine *e);

#endif
