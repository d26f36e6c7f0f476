/* receive: what the notification listener does with a request.
 *
 *   GET    /fhir/metadata              CapabilityStatement (R4 2.21)
 *   PUT    /fhir/{feed}/{Type}/{id}    a resource, as rest-hook Subscriptions send it (R4 2.46)
 *   POST   /fhir/{feed}[/{Type}]       a resource or a Bundle; without a body: look for news
 *   DELETE /fhir/{feed}/{Type}/{id}
 *
 * 200 only after the commit; 401 without the feed's secret, 403 with a certificate of another, 404
 * for no such feed, 503 with Retry-After when the queue is full.  Every error carries an
 * OperationOutcome without content. */
#ifndef DAEMON_RECEIVE_H
#define DAEMON_RECEIVE_H

#include "daemon/feed.h"
#include "daemon/intake.h"
#include "daemon/listen.h"
#include "daemon/metrics.h"

struct receive;

struct receive_counts {
	uint64_t requests, accepted, refused, full, pings;
};

/* All borrowed; feed: those that may send; type: those that are watched. */
struct receive *receive_new(struct loop *loop, struct intake *intake, struct feed *const *feed,
    size_t feeds, const struct cw_str *type, size_t types, const char *secret_header,
    struct metrics *metrics);
/* Requests that wait for their commit are let go, without an answer: close the listener first. */
void receive_free(struct receive *r);
/* Answer 503 to everything from now on. */
void receive_stop(struct receive *r);
/* A listen_handler; arg is the struct receive. */
void receive_handle(
    void *receive, struct listen_exchange *exchange, const struct listen_request *request);
const struct receive_counts *receive_counts(const struct receive *r);

/* May a client whose certificate has these names (NULL: it showed none) send to a feed with this
 * allow_san (NULL: everybody may)? */
bool receive_knows(const char *names, const char *const *san);

#endif
