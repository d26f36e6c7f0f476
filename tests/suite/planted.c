/* A daemon with one planted fault, for the judge of crash.py to catch. The program is the real one,
 * linked anew with one function wrapped (ld --wrap); PLANT names the fault. Never installed. */
#include "daemon/cli.h"
#include "daemon/queue.h"
#include "mappings/order.h"

#include <stdatomic.h>
#include <stdlib.h>

#define ACK_BEFORE_COMMIT 1
#define FORGET_BEFORE_RECEIPT 2
#define NO_DEDUP 3

#if PLANT == ACK_BEFORE_COMMIT
bool __real_queue_submit(struct queue *q, struct job *job);
bool __wrap_queue_submit(struct queue *q, struct job *job);

/* The sender is answered while the bytes are in memory only. */
bool
__wrap_queue_submit(struct queue *q, struct job *job)
{
	if (job->kind == JOB_INTAKE && job->done != NULL) {
		job->done(job->arg, JOB_DONE);
		job->done = NULL;
	}
	return __real_queue_submit(q, job);
}
#endif

#if PLANT == FORGET_BEFORE_RECEIPT
int __real_store_outbox_add(struct store *s, struct store_outbox *row, struct cw_err *err);
int __wrap_store_outbox_add(struct store *s, struct store_outbox *row, struct cw_err *err);

/* The errand lives in memory only. */
int
__wrap_store_outbox_add(struct store *s, struct store_outbox *row, struct cw_err *err)
{
	int rc = __real_store_outbox_add(s, row, err);

	return rc < 0 ? rc : store_outbox_remove(s, row->id, err);
}
#endif

#if PLANT == NO_DEDUP
void __real_map_alert_name(struct map_alert *out, const struct map_decision *d);
void __wrap_map_alert_name(struct map_alert *out, const struct map_decision *d);
int __wrap_store_resource_put(
    struct store *s, const struct store_resource *row, struct cw_err *err);
int __real_store_resource_put(
    struct store *s, const struct store_resource *row, struct cw_err *err);

/* Every alert is a new one, and no request of ours is remembered. */
void
__wrap_map_alert_name(struct map_alert *out, const struct map_decision *d)
{
	static atomic_uint n;
	struct map_decision other = *d;

	other.again = 1 + atomic_fetch_add(&n, 1);
	__real_map_alert_name(out, &other);
}

int
__wrap_store_resource_put(struct store *s, const struct store_resource *row, struct cw_err *err)
{
	return row->own ? CW_OK : __real_store_resource_put(s, row, err);
}
#endif

int
main(int argc, char **argv)
{
	return cli_main(argc, argv);
}
