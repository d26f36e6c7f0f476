/* listen.h in the world: what fake_send sends arrives here. */
#include "daemon/listen.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "tests/fake/world.h"

struct listen {
	struct listen *next;
	struct loop *loop;
	char *address;
	size_t largest;
	listen_handler *handler;
	void *arg;
	bool paused, gone;
	struct listen_exchange *exchanges;
};

struct letter {
	struct fake_sent *sent;
	const struct http_header *header;
	size_t headers;
	struct cw_str body;
	const char *address;
};

struct listen_exchange {
	struct listen_exchange *next;
	struct listen *listen;
	struct letter *letter;
};

int
listen_open(struct listen **out, struct loop *loop, const struct listen_options *options,
    listen_handler *handler, void *arg, struct cw_err *err)
{
	struct listen *l;
	size_t n = strlen(options->address);

	for (l = world.listens; l != NULL; l = l->next) {
		if (!l->gone && strcmp(l->address, options->address) == 0)
			return cw_fail(err, CW_EIO, "the address is taken");
	}
	l = cw_calloc(1, sizeof(*l));
	*l = (struct listen){ .next = world.listens,
		.loop = loop,
		.address = cw_malloc(n + 8),
		.largest = options->largest,
		.handler = handler,
		.arg = arg };
	if (n > 2 && strcmp(options->address + n - 2, ":0") == 0)
		snprintf(l->address, n + 8, "%.*s43210", (int)n - 1, options->address);
	else
		strcpy(l->address, options->address);
	world.listens = l;
	*out = l;
	return 0;
}

void
listen_pause(struct listen *listen)
{
	listen->paused = true;
}

/* The sender learns that nothing will come. */
static void
settle(struct letter *letter)
{
	struct fake_sent *sent = letter->sent;

	sent->answered = world.wall;
	free(letter);
	if (sent->done != NULL)
		sent->done(sent->arg, sent);
}

static void
cut_off(struct letter *letter)
{
	letter->sent->status = -1;
	settle(letter);
}

static void
drop_exchanges(struct listen *listen)
{
	for (struct listen_exchange *x = listen->exchanges; x != NULL; x = x->next) {
		if (x->letter != NULL)
			cut_off(x->letter);
		x->letter = NULL;
	}
}

void
listen_close(struct listen *listen)
{
	struct listen **p = &world.listens;

	if (listen == NULL)
		return;
	drop_exchanges(listen);
	for (struct listen_exchange *x = listen->exchanges; x != NULL; x = x->next)
		x->listen = NULL; /* its owner answers it still, which frees it */
	while (*p != listen)
		p = &(*p)->next;
	*p = listen->next;
	free(listen->address);
	free(listen);
}

void
world_close_listens(void)
{
	for (struct listen *l = world.listens; l != NULL; l = l->next) {
		if (world_dead(l->loop) && !l->gone) {
			l->gone = true;
			drop_exchanges(l);
		}
	}
}

const char *
listen_address(const struct listen *listen)
{
	return listen->address;
}

size_t
listen_connections(const struct listen *listen)
{
	size_t n = 0;

	for (const struct listen_exchange *x = listen->exchanges; x != NULL; x = x->next)
		n++;
	return n;
}

void
listen_renew(struct listen *listen, struct tls_server *tls)
{
	(void)listen;
	(void)tls;
}

struct cw_str
listen_header(const struct listen_exchange *exchange, const char *name)
{
	const struct letter *letter = exchange->letter;

	for (size_t i = 0; i < letter->headers; i++) {
		if (strcasecmp(letter->header[i].name, name) == 0)
			return letter->header[i].value;
	}
	return cw_str(NULL);
}

void
listen_answer(struct listen_exchange *exchange, const struct listen_reply *reply)
{
	struct letter *letter = exchange->letter;

	if (exchange->listen != NULL) {
		struct listen_exchange **p = &exchange->listen->exchanges;

		while (*p != exchange)
			p = &(*p)->next;
		*p = exchange->next;
	}
	free(exchange);
	if (letter == NULL)
		return;
	letter->sent->status = reply->status;
	letter->sent->type = world_copy_str(cw_str(reply->type));
	letter->sent->body = world_copy_str(reply->body);
	settle(letter);
}

static struct listen *
listener(const char *address)
{
	for (struct world_route *r = world.routes; r != NULL; r = r->next) {
		if (strcmp(r->from, address) == 0)
			address = r->to;
	}
	for (struct listen *l = world.listens; l != NULL; l = l->next) {
		if (!l->gone && !l->paused && strcmp(l->address, address) == 0)
			return l;
	}
	return NULL;
}

static void
deliver(void *arg)
{
	struct letter *letter = arg;
	struct listen *l = listener(letter->address);
	struct listen_exchange *x;
	const char *target = letter->sent->target;
	size_t path = strcspn(target, "?");
	struct listen_request request = { .method = letter->sent->method,
		.path = { target, path },
		.body = letter->body,
		.peer = CW_STR("127.0.0.1"),
		.uid = letter->address[0] == '/' ? (int)geteuid() : -1 };

	if (l == NULL) {
		cut_off(letter);
		return;
	}
	if (target[path] == '?')
		request.query = cw_str(target + path + 1);
	if (letter->body.n > l->largest && l->largest > 0) {
		letter->sent->status = 413;
		settle(letter);
		return;
	}
	x = cw_calloc(1, sizeof(*x));
	*x = (struct listen_exchange){ .next = l->exchanges, .listen = l, .letter = letter };
	l->exchanges = x;
	l->handler(l->arg, x, &request);
}

const struct fake_sent *
fake_send(const char *address, const char *method, const char *target,
    const struct http_header *header, size_t headers, struct cw_str body, fake_sent_done *done,
    void *arg)
{
	struct letter *letter = cw_calloc(1, sizeof(*letter));
	struct fake_sent *sent = cw_alloc(world.arena, sizeof(*sent));

	*sent = (struct fake_sent){ .at = world.wall,
		.method = world_copy(method),
		.target = world_copy(target),
		.done = done,
		.arg = arg };
	*letter = (struct letter){ .sent = sent,
		.header = world_copy_headers(header, headers),
		.headers = headers,
		.body = world_copy_str(body),
		.address = world_copy(address) };
	if ((world.sents & (world.sents + 1)) == 0)
		world.sent =
		    cw_realloc(world.sent, 2 * (world.sents + 1) * sizeof(struct fake_sent *));
	world.sent[world.sents++] = sent;
	world_plan(1, deliver, letter, NULL)->drop = free;
	return sent;
}

const struct fake_sent *
fake_send_url(const char *url, const char *method, const struct http_header *header, size_t headers,
    struct cw_str body, fake_sent_done *done, void *arg)
{
	const char *host = strstr(url, "://"), *path;

	host = host == NULL ? url : host + 3;
	path = host + strcspn(host, "/");
	return fake_send(cw_fmt(world.arena, "%.*s", (int)(path - host), host).s, method,
	    *path == '\0' ? "/" : path, header, headers, body, done, arg);
}

void
fake_route(const char *host_port, const char *address)
{
	struct world_route *route = cw_calloc(1, sizeof(*route));

	*route = (struct world_route){ world.routes, cw_strdup(host_port), cw_strdup(address) };
	world.routes = route;
}
