/* The clock, what will happen, and the logs. */
#include "tests/fake/world.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct world world;

void
fake_begin(int64_t now)
{
	assert(!world.begun);
	memset(&world, 0, sizeof(world));
	world.begun = true;
	world.wall = now;
	world.steady = 1000;
	world.arena = cw_arena_new(0);
}

void
fake_end(void)
{
	assert(world.begun);
	world_free_servers();
	while (world.events != NULL) {
		struct world_event *event = world.events;

		world.events = event->next;
		if (event->drop != NULL)
			event->drop(event->arg);
		free(event);
	}
	while (world.routes != NULL) {
		struct world_route *route = world.routes;

		world.routes = route->next;
		free(route->from);
		free(route->to);
		free(route);
	}
	free(world.request);
	free(world.sent);
	cw_arena_free(world.arena);
	memset(&world, 0, sizeof(world));
}

int64_t
fake_now(void)
{
	return world.wall;
}

void
fake_jump(int64_t ms)
{
	world.wall += ms;
}

void
fake_on_run(void (*run)(void *arg), void *arg)
{
	world.run = run;
	world.run_arg = arg;
}

void
fake_signal(int number)
{
	world_signal(number);
}

struct world_event *
world_plan(int64_t delay, loop_fn *fn, void *arg, const struct loop *owner)
{
	struct world_event *event = cw_calloc(1, sizeof(*event)), **p = &world.events;

	*event = (struct world_event){
		.at = world.steady + (delay > 0 ? delay : 0), .fn = fn, .arg = arg, .owner = owner
	};
	while (*p != NULL && (*p)->at <= event->at)
		p = &(*p)->next;
	event->next = *p;
	*p = event;
	return event;
}

void
world_unplan(struct world_event *event)
{
	struct world_event **p = &world.events;

	while (*p != NULL && *p != event)
		p = &(*p)->next;
	if (*p != NULL) {
		*p = event->next;
		free(event);
	}
}

bool
fake_step(int64_t ms)
{
	struct world_event *event;

	if (world_loop_step())
		return true;
	event = world.events;
	if (event == NULL || event->at > world.steady + ms)
		return false;
	if (event->at > world.steady) {
		world.wall += event->at - world.steady;
		world.steady = event->at;
	}
	world.events = event->next;
	event->fn(event->arg);
	free(event);
	return true;
}

void
fake_advance(int64_t ms)
{
	int64_t end = world.steady + ms;

	while (fake_step(end - world.steady))
		;
	world.wall += end - world.steady;
	world.steady = end;
}

void
fake_advance_to(int64_t instant)
{
	fake_advance(instant > world.wall ? instant - world.wall : 0);
}

bool
fake_advance_until(bool (*until)(void *arg), void *arg, int64_t ms)
{
	int64_t end = world.steady + ms;

	while (!until(arg)) {
		if (!fake_step(end - world.steady)) {
			fake_advance(end - world.steady);
			return until(arg);
		}
	}
	return true;
}

void
fake_hold(bool hold)
{
	world.held = hold;
}

void
fake_cut(void)
{
	struct world_event **p = &world.events;

	world_kill_loops();
	world_close_listens();
	while (*p != NULL) {
		struct world_event *event = *p;

		if (event->owner == NULL || !world_dead(event->owner)) {
			p = &event->next;
			continue;
		}
		*p = event->next;
		free(event);
	}
}

const char *
world_copy(const char *s)
{
	return s == NULL ? NULL : cw_str_dup(world.arena, cw_str(s)).s;
}

struct cw_str
world_copy_str(struct cw_str s)
{
	return s.s == NULL ? s : cw_str_dup(world.arena, s);
}

const struct http_header *
world_copy_headers(const struct http_header *header, size_t n)
{
	struct http_header *copy = cw_alloc(world.arena, (n + 1) * sizeof(*copy));

	for (size_t i = 0; i < n; i++) {
		copy[i].name = world_copy(header[i].name);
		copy[i].value = world_copy_str(header[i].value);
	}
	return copy;
}

size_t
fake_requests(void)
{
	return world.requests;
}

const struct fake_request *
fake_request_at(size_t i)
{
	assert(i < world.requests);
	return world.request[i];
}

size_t
fake_count(size_t from, const char *method, const char *in_url)
{
	size_t n = 0;

	for (; from < world.requests; from++) {
		const struct fake_request *r = world.request[from];

		if ((*method == '\0' || strcmp(method, r->method) == 0) &&
		    strstr(r->url, in_url) != NULL)
			n++;
	}
	return n;
}

struct cw_str
fake_header(const struct fake_request *request, const char *name)
{
	for (size_t i = 0; i < request->headers; i++) {
		if (strcasecmp(request->header[i].name, name) == 0)
			return request->header[i].value;
	}
	return cw_str(NULL);
}

size_t
fake_sents(void)
{
	return world.sents;
}

const struct fake_sent *
fake_sent_at(size_t i)
{
	assert(i < world.sents);
	return world.sent[i];
}
