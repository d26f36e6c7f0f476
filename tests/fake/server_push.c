/* Subscriptions of the fake server: they become active, and deliver as HAPI does. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fake/server_internal.h"

enum { TRIES = 21, FIRST_WAIT = 1000 };

/* One notification and its tries. */
struct notice {
	struct server *server;
	struct cw_arena *arena;
	struct cw_str url, body;
	const char *method;
	struct http_header header[8];
	size_t headers;
	int tries;
	int64_t wait;
};

struct wish {
	struct server *server;
	char *reference;
};

static void
notice_free(void *arg)
{
	struct notice *n = arg;

	cw_arena_free(n->arena);
	free(n);
}

static void try_notice(void *arg);

static void
came_out(void *arg, const struct fake_sent *sent)
{
	struct notice *n = arg;

	if (sent->status >= 200 && sent->status < 300) {
		notice_free(n);
	} else if (n->tries >= TRIES || (n->body.s == NULL && sent->status > 0)) {
		n->server->given_up++;
		notice_free(n);
	} else {
		world_plan(n->wait, try_notice, n, NULL)->drop = notice_free;
		n->wait = n->wait * 11 / 10;
	}
}

static void
try_notice(void *arg)
{
	struct notice *n = arg;

	n->tries++;
	fake_send_url(n->url.s, n->method, n->header, n->headers, n->body, came_out, n);
}

static void
add_headers(struct notice *n, const struct fhir_node *channel)
{
	for (const struct fhir_node *h = fhir_node_get(channel, "header"); h != NULL;
	     h = fhir_node_again(h)) {
		struct cw_str text = cw_str_dup(n->arena, h->lexeme);
		char *colon = memchr(text.s, ':', text.n);

		assert(colon != NULL && n->headers < 7);
		*colon = '\0';
		n->header[n->headers++] =
		    (struct http_header){ text.s, cw_str(colon + 1 + (colon[1] == ' ')) };
	}
}

static void
notify(struct server *s, const struct fhir_node *channel, const struct resource *r)
{
	struct notice *n = cw_calloc(1, sizeof(*n));
	struct cw_str endpoint = fhir_node_text(channel, "endpoint");
	bool whole = fhir_node_text(channel, "payload").s != NULL;

	*n = (struct notice){ .server = s, .arena = cw_arena_new(0), .wait = FIRST_WAIT };
	n->url = whole ? cw_fmt(n->arena, "%.*s/%s", CW_ARG(endpoint), r->reference)
		       : cw_str_dup(n->arena, endpoint);
	n->method = whole ? "PUT" : "POST";
	if (whole) {
		n->body = cw_str_dup(n->arena, r->body);
		n->header[n->headers++] = (struct http_header){ "Content-Type",
			CW_STR("application/fhir+json; charset=UTF-8") };
		n->header[n->headers++] =
		    (struct http_header){ "If-Match", cw_fmt(n->arena, "W/\"%u\"", r->version) };
	}
	add_headers(n, channel);
	world_plan(100, try_notice, n, NULL)->drop = notice_free;
}

static bool
wants(const struct fhir_node *subscription, const struct resource *r)
{
	struct cw_str criteria = fhir_node_text(subscription, "criteria");
	size_t n = strlen(r->type);

	return cw_str_is(fhir_node_text(subscription, "status"), "active") && criteria.n >= n &&
	       memcmp(criteria.s, r->type, n) == 0 &&
	       (criteria.n == n || (criteria.n == n + 1 && criteria.s[n] == '?'));
}

static void
wish_free(void *arg)
{
	struct wish *w = arg;

	free(w->reference);
	free(w);
}

static void
activate(void *arg)
{
	struct wish *w = arg;
	const struct resource *r = server_find(w->server, cw_str(w->reference));

	if (r != NULL && !r->deleted && strstr(r->body.s, "\"status\":\"requested\"") != NULL)
		server_status(w->server, w->reference, "active");
	wish_free(w);
}

static void
plan_activation(struct server *s, const struct resource *r)
{
	struct wish *w;

	if (s->options.activation < 0 || strstr(r->body.s, "\"status\":\"requested\"") == NULL)
		return;
	w = cw_calloc(1, sizeof(*w));
	w->server = s;
	w->reference = cw_strdup(r->reference);
	world_plan(s->options.activation, activate, w, NULL)->drop = wish_free;
}

void
server_push(struct server *s, const struct resource *r)
{
	struct cw_arena *arena;

	if (strcmp(r->type, "Subscription") == 0) {
		plan_activation(s, r);
		return;
	}
	arena = cw_arena_new(0);
	for (size_t i = 0; i < s->resources; i++) {
		const struct resource *sub = s->resource[i];
		const struct fhir_node *node;

		if (sub->deleted || strcmp(sub->type, "Subscription") != 0 ||
		    fhir_json_read(&node, sub->body, arena, NULL, NULL) < 0)
			continue;
		if (wants(node, r))
			notify(s, fhir_node_get(node, "channel"), r);
	}
	cw_arena_free(arena);
}
