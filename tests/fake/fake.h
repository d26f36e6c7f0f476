/* fake: a world for tests: loop.h, http.h and listen.h with a clock that the test turns and a
 * network that ends in servers of the test's own (server.h).
 *
 * Linked before libdaemon.a in place of loop.c, http.c and listen.c. All runs in one thread:
 * timers, wakes, workers, requests and answers, one after the other, each at its time. The world
 * outlives every loop, so a test may let a daemon die (fake_cut) and start another in it. */
#ifndef TESTS_FAKE_FAKE_H
#define TESTS_FAKE_FAKE_H

#include "daemon/http.h"
#include "daemon/listen.h"

/* ---- time ---- */

/* A new world at that instant (UTC ms), empty. */
void fake_begin(int64_t now);
/* Forget it: servers, requests, logs. After all daemons in it are freed. */
void fake_end(void);
/* Wall clock of the world, UTC ms. */
int64_t fake_now(void);
/* Whatever is due happens, then ms pass in which everything happens at its time. */
void fake_advance(int64_t ms);
/* The same, until that instant. */
void fake_advance_to(int64_t instant);
/* The same, until until(arg) holds, at most ms. Did it come to hold? */
bool fake_advance_until(bool (*until)(void *arg), void *arg, int64_t ms);
/* The one thing that is next, if it is due within ms (the clock moves to it). False: nothing is. */
bool fake_step(int64_t ms);
/* Somebody sets the wall clock; delays are not touched. */
void fake_jump(int64_t ms);
/* What loop_run does from now on: call run(arg). NULL: let time pass until loop_stop is called or
 * nothing can happen any more. */
void fake_on_run(void (*run)(void *arg), void *arg);
/* The engine is busy: no worker runs until it is let go. */
void fake_hold(bool hold);
/* Handlers of that signal are called, as if it had come now. */
void fake_signal(int number);
/* Every daemon of this world dies: nothing of its loops happens any more, its listeners are gone,
 * calls on them do nothing. What it sent before still arrives. Free its objects afterwards. */
void fake_cut(void);

/* ---- what the daemon sends ---- */

/* One request as it arrived at a server, or did not. Lives until fake_end. */
struct fake_request {
	int64_t at; /* of its arrival */
	const char *method, *url;
	const struct http_header *header; /* names as sent */
	size_t headers;
	struct cw_str body;
	int status;		   /* of the answer; 0: none */
	enum http_outcome outcome; /* of the network */
};
size_t fake_requests(void);
const struct fake_request *fake_request_at(size_t i);
/* How many since request `from` have that method ("" any) and that text in their URL. */
size_t fake_count(size_t from, const char *method, const char *in_url);
/* Value of its header, any case; absent when there is none. */
struct cw_str fake_header(const struct fake_request *request, const char *name);

/* ---- what is sent to the daemon ---- */

struct fake_sent;
typedef void fake_sent_done(void *arg, const struct fake_sent *sent);

/* One request to a listener and its answer. Lives until fake_end. */
struct fake_sent {
	int64_t at, answered; /* answered: 0 while it waits */
	const char *method, *target;
	int status; /* -1: refused or cut, nobody answers any more */
	struct cw_str type, body;
	fake_sent_done *done;
	void *arg;
};
/* Send to whoever listens at address (host:port, or the path of a unix socket) in 1 ms. Header
 * names in any case. done may be NULL. Over a unix socket the sender is whoever runs the test. */
const struct fake_sent *fake_send(const char *address, const char *method, const char *target,
    const struct http_header *header, size_t headers, struct cw_str body, fake_sent_done *done,
    void *arg);
/* The same, with a URL in place of address and target. */
const struct fake_sent *fake_send_url(const char *url, const char *method,
    const struct http_header *header, size_t headers, struct cw_str body, fake_sent_done *done,
    void *arg);
/* URLs with that host:port go to the listener at address. */
void fake_route(const char *host_port, const char *address);
size_t fake_sents(void);
const struct fake_sent *fake_sent_at(size_t i);

#endif
