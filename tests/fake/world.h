/* world: what the parts of tests/fake share: the queue of what will happen, loops, listeners,
 * servers. */
#ifndef TESTS_FAKE_WORLD_H
#define TESTS_FAKE_WORLD_H

#include "tests/fake/fake.h"

struct server;

/* Something that will happen; owner: whose death takes it along (NULL: nobody's). */
struct world_event {
	struct world_event *next;
	int64_t at; /* steady ms */
	loop_fn *fn;
	void *arg;
	const struct loop *owner;
	loop_fn *drop; /* frees arg when the world ends first; NULL: nothing to free */
};

struct world_route {
	struct world_route *next;
	char *from, *to;
};

struct world {
	int64_t wall, steady;
	bool begun, held;
	struct world_event *events;
	struct loop *loops;
	struct listen *listens;
	struct server *servers;
	struct world_route *routes;
	struct fake_request **request;
	size_t requests;
	struct fake_sent **sent;
	size_t sents;
	void (*run)(void *arg);
	void *run_arg;
	struct cw_arena *arena; /* of both logs */
};
extern struct world world;

/* Call fn(arg) in delay ms, after what is due at that time already. */
struct world_event *world_plan(int64_t delay, loop_fn *fn, void *arg, const struct loop *owner);
/* Forget it before it happens. */
void world_unplan(struct world_event *event);
/* Strings of the logs. */
const char *world_copy(const char *s);
struct cw_str world_copy_str(struct cw_str s);
/* A copy of headers. */
const struct http_header *world_copy_headers(const struct http_header *header, size_t n);

/* loop.c: let a kicked worker or a wake run. False: none was. */
bool world_loop_step(void);
bool world_dead(const struct loop *loop);
void world_kill_loops(void);
void world_signal(int number);
/* listen.c: the listeners of dead loops are gone. */
void world_close_listens(void);
/* server.c */
void world_free_servers(void);

/* An answer on its way; all malloc'd. */
struct world_answer {
	enum http_outcome outcome;
	int64_t delay;
	int status;
	char *body;
	size_t n;
	struct http_header header[8];
	char *value[8];
	size_t headers;
};
/* server.c: the server that url belongs to does what is asked, now. False: there is none. */
bool world_serve(struct world_answer *out, const struct fake_request *request);

#endif
