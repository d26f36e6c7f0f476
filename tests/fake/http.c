/* http.h in the world: a request reaches its server after a millisecond, done or not. */
#include "daemon/http.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fake/world.h"

enum { TRAVEL = 1 /* ms, each way */ };

struct http {
	struct loop *loop;
	struct http_call *calls;
};

/* Lives from http_start to the end of done; the packet may live longer. */
struct http_call {
	struct http_call *next;
	struct http *http;
	struct packet *packet; /* NULL once it is answered */
	struct world_event *timeout;
	http_done *done;
	void *arg;
	size_t largest;
};

/* The request, then its answer, on their way. Belongs to the network. */
struct packet {
	struct http_call *call; /* NULL: nobody waits for it any more */
	struct fake_request *request;
	struct world_answer answer;
};

int
http_new(struct http **out, struct loop *loop, size_t connections, struct cw_err *err)
{
	(void)connections;
	(void)err;
	*out = cw_calloc(1, sizeof(**out));
	(*out)->loop = loop;
	return 0;
}

void
http_free(struct http *http)
{
	if (http == NULL)
		return;
	while (http->calls != NULL)
		http_cancel(http->calls);
	free(http);
}

void
http_cancel(struct http_call *call)
{
	struct http_call **p = &call->http->calls;

	while (*p != call)
		p = &(*p)->next;
	*p = call->next;
	if (call->packet != NULL)
		call->packet->call = NULL;
	if (call->timeout != NULL && !world_dead(call->http->loop))
		world_unplan(call->timeout);
	free(call);
}

/* Hand over what came, and end the call. */
static void
finish(struct http_call *call, const struct http_response *response)
{
	http_done *done = call->done;
	void *arg = call->arg;
	bool dead = world_dead(call->http->loop);

	http_cancel(call);
	if (!dead)
		done(arg, response);
}

static void
packet_free(void *arg)
{
	struct packet *p = arg;

	free(p->answer.body);
	for (size_t i = 0; i < p->answer.headers; i++)
		free(p->answer.value[i]);
	free(p);
}

static void
arrive_back(void *arg)
{
	struct packet *p = arg;
	struct http_call *call = p->call;
	struct http_response response = { .outcome = p->answer.outcome };

	if (call != NULL) {
		call->packet = NULL;
		if (response.outcome == HTTP_ANSWERED && p->answer.n > call->largest)
			response.outcome = HTTP_TOO_LARGE;
		if (response.outcome == HTTP_ANSWERED)
			response.body =
			    (struct cw_str){ p->answer.n > 0 ? p->answer.body : "", p->answer.n };
		else
			response.reason = response.outcome == HTTP_UNSENT ? "no connection"
					  : response.outcome == HTTP_LOST ? "connection broke"
									  : "answer too large";
		response.status = p->answer.status;
		response.header = p->answer.header;
		response.headers = p->answer.headers;
		finish(call, &response);
	}
	packet_free(p);
}

static void
arrive(void *arg)
{
	struct packet *p = arg;

	p->request->at = world.wall;
	if (!world_serve(&p->answer, p->request))
		p->answer.outcome = HTTP_UNSENT;
	p->request->status = p->answer.status;
	p->request->outcome = p->answer.outcome;
	world_plan(p->answer.delay + TRAVEL, arrive_back, p, NULL)->drop = packet_free;
}

static void
time_out(void *arg)
{
	struct http_call *call = arg;
	struct http_response response = { .outcome = HTTP_LOST, .reason = "time ran out" };

	call->timeout = NULL;
	finish(call, &response);
}

static struct fake_request *
note(const struct http_request *request)
{
	struct fake_request *r = cw_alloc(world.arena, sizeof(*r));

	*r = (struct fake_request){ .at = world.wall,
		.method = world_copy(request->method),
		.url = world_copy(request->url),
		.header = world_copy_headers(request->header, request->headers),
		.headers = request->headers,
		.body = world_copy_str(request->body),
		.outcome = HTTP_LOST };
	if ((world.requests & (world.requests + 1)) == 0)
		world.request = cw_realloc(
		    world.request, 2 * (world.requests + 1) * sizeof(struct fake_request *));
	world.request[world.requests++] = r;
	return r;
}

struct http_call *
http_start(struct http *http, const struct http_request *request, http_done *done, void *arg)
{
	struct http_call *call = cw_calloc(1, sizeof(*call));
	struct packet *p;

	*call = (struct http_call){ .next = http->calls,
		.http = http,
		.done = done,
		.arg = arg,
		.largest = request->largest > 0 ? request->largest : (size_t)32 << 20 };
	http->calls = call;
	if (world_dead(http->loop))
		return call;
	p = cw_calloc(1, sizeof(*p));
	p->call = call;
	p->request = note(request);
	call->packet = p;
	call->timeout =
	    world_plan(request->timeout > 0 ? request->timeout : 30000, time_out, call, http->loop);
	world_plan(TRAVEL, arrive, p, NULL)->drop = packet_free;
	return call;
}
