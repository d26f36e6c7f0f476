/* feed: one source of FHIR data and the ways in which we hear of it: ensure, receive, poll.
 *
 * ensure: its metadata are read, and one classic rest-hook Subscription for each watched type is
 * found or made and kept active.  receive: what the listener gets for this feed.  poll: each type,
 * at the start, at every interval and after a ping; the first is the initial load.  FHIR R4 2.46
 * (Subscription), 3.1.1 (search). */
#ifndef DAEMON_FEED_H
#define DAEMON_FEED_H

#include "daemon/conf.h"
#include "daemon/http.h"
#include "daemon/queue.h"

struct feed;

/* What a feed needs of the daemon; all borrowed for its life. */
struct feed_world {
	struct loop *loop;
	struct http *http;
	struct queue *queue;
	const char *public;	   /* base URL of our listener, without a slash at the end */
	const char *secret_header; /* name of the header that carries the secret */
	const struct cw_str
	    *type; /* watched types of the plan, Patient and ServiceRequest among them
		    */
	size_t types;
	/* Take resources in: the sift, then the queue (intake.h). False: the queue is full; try
	 * again in a moment. done is called once all is committed. */
	bool (*take)(void *arg, struct feed *feed, struct job *job);
	void *arg;
};

/* number: store_feed. state: what store_states told of it (call feed_remember for each, before
 * feed_start). */
struct feed *feed_new(
    const struct feed_world *world, const struct conf_feed *conf, uint32_t number);
void feed_free(struct feed *feed);
void feed_remember(struct feed *feed, struct cw_str key, struct cw_str value);
void feed_start(struct feed *feed);
/* No new requests; those under way are let go. */
void feed_stop(struct feed *feed);
/* Its section of a new configuration, read from now on: secrets, intervals, credentials. */
void feed_use(struct feed *feed, const struct conf_feed *conf);
/* The server said that something is new (an empty POST): poll soon, at most once a second. */
void feed_ping(struct feed *feed);
/* Something came from it. */
void feed_heard(struct feed *feed);

/* Name as configured; borrowed. */
const char *feed_name(const struct feed *feed);
/* Its number in the store. */
uint32_t feed_number(const struct feed *feed);
/* Its section of the configuration; borrowed. */
const struct conf_feed *feed_conf(const struct feed *feed);
/* Is its initial load still going on? */
bool feed_loading(const struct feed *feed);
/* Must what is pushed wait for its end? Not when the server cannot be reached, nor after an hour: a
 * load that does not end must not keep a case from being seen. What was loaded so far is then
 * decided every hour. */
bool feed_holds(const struct feed *feed);

/* For health, metrics and `feeds status`. */
struct feed_status {
	bool reachable, refused; /* metadata read; wrong FHIR version */
	size_t subscriptions, active;
	int64_t last_contact, last_event, last_poll; /* ms, or MAP_VERSION_NEVER */
	bool loading;
	const char *fault; /* fixed words, or NULL */
};
void feed_status(const struct feed *feed, struct feed_status *out);

#endif
