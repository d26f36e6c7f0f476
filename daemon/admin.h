/* admin: what the admin listener answers: is it alive, is it ready, what was counted.
 *
 * GET /livez    200 while the loop and the engine move on, else 503
 * GET /readyz   200, or 503 when something that is needed fails; every check in the body
 *               (application/health+json: status pass, warn or fail)
 * GET /metrics  Prometheus text
 * GET /         pages for a person (page.h)
 * /ask/...      what commands ask; over a unix socket only (ask.h)
 * /-/healthy and /-/ready are the same as the first two.  Another path: 404, another method: 405.
 * Of a request nothing is logged, and a query is not looked at. */
#ifndef DAEMON_ADMIN_H
#define DAEMON_ADMIN_H

#include "daemon/listen.h"
#include "daemon/metrics.h"

enum { ADMIN_CHECKS = 64 };

/* One thing that was looked at. A target that does not answer is not needed: requests wait for it.
 */
struct admin_check {
	const char *component; /* "database", "feed", "target" */
	const char *name;      /* of the configuration, or "" */
	bool good;
	bool needed;	  /* without it cordwatch is not ready */
	const char *text; /* fixed words, or NULL */
};

/* What it asks; to be filled in by who owns all this, and to be kept until the listener is closed.
 */
struct admin_world {
	struct metrics *metrics;
	bool (*alive)(void *arg);
	/* Fill in at most ADMIN_CHECKS; returns how many. Strings are borrowed until the answer. */
	size_t (*ready)(void *arg, struct admin_check *out);
	/* Bring the gauges up to date; NULL: they are. */
	void (*measure)(void *arg);
	/* Answer what is below /ask/; NULL: nothing is. */
	listen_handler *ask;
	/* Answer a request for a page, or return false; NULL: there are none. */
	bool (*page)(
	    void *arg, struct listen_exchange *exchange, const struct listen_request *request);
	void *arg;
};

/* A listen_handler; arg: struct admin_world. Answers at once. */
void admin_handle(
    void *arg, struct listen_exchange *exchange, const struct listen_request *request);

#endif
