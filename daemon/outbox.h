/* outbox: brings errands to their targets: once, in order, whatever happens.
 *
 * Create: the patient is looked for on the target (exactly one), then the transaction Bundle goes
 * out with PUT (or, where the server refuses client ids, as a conditional create, one in flight for
 * each alert).  After a doubtful outcome, and before every resend, the id is read: 200 and ours =
 * done, 410 = a person deleted it, stop, 404 = send.  Revoke: read, and only if nobody has acted
 * (status active, intent as sent) PUT with status revoked and If-Match.  FHIR R4 3.1.0.
 *
 * The Bundle names evidence by references of its source; towards another server they become logical
 * ones (type, identifier), for no server takes references that it cannot resolve. */
#ifndef DAEMON_OUTBOX_H
#define DAEMON_OUTBOX_H

#include "daemon/conf.h"
#include "daemon/http.h"
#include "daemon/queue.h"

struct outbox;

/* All borrowed for its life. print: where the target without a base prints (NULL: none). */
struct outbox *outbox_new(struct loop *loop, struct http *http, struct queue *queue,
    const struct conf *conf, void (*print)(void *arg, struct cw_str json), void *arg);
void outbox_free(struct outbox *outbox);
/* A new configuration with the same targets, read from now on: credentials, certificates. */
void outbox_use(struct outbox *outbox, const struct conf *conf);
/* An errand that the engine reported; copied. It is brought when its time has come (next, after),
 * and each outcome is submitted as JOB_DELIVERED. One that was made before this outbox counts as
 * doubtful. Errands of one alert go one after the other. */
void outbox_add(struct outbox *outbox, const struct report *report);
/* No new requests; those under way may end within ms. done is called when none is left. */
void outbox_drain(struct outbox *outbox, int64_t ms, loop_fn *done, void *arg);
/* Errands held in memory, and whether every target answers. */
size_t outbox_depth(const struct outbox *outbox);
bool outbox_healthy(const struct outbox *outbox);

/* When to try again after n attempts (ms): 1 s doubled, at most 5 min, less up to half of it by a
 * jitter from seed; not earlier than Retry-After (ms, or -1), of which an hour is believed. Pure.
 */
int64_t outbox_delay(uint32_t attempts, int64_t retry_after, uint64_t seed);

#endif
