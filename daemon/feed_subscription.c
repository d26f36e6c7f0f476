/* One rest-hook Subscription for each type: found, made, read back, and kept active. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "daemon/feed_internal.h"
#include "daemon/log.h"
#include "daemon/outbox.h"
#include "fhir/reference.h"

enum {
	SEARCH_PAGES = 50,
	QUIET = 5 * 60000, /* between looks, when all are active */
	SOON = 1000,	   /* after a change; doubled */
	PUT_GAP = 60000	   /* after one was put back; doubled */
};

static void ensure(struct feed *feed);
static void begin_round(void *arg);

static struct feed_type *
current(struct feed *feed)
{
	return &feed->type[feed->ensure.at];
}

static struct cw_str
endpoint_of(const struct feed *feed, struct cw_arena *arena)
{
	return cw_fmt(arena, "%s/fhir/%s", feed->world.public, feed->conf->name);
}

/* "X-Secret: s"; absent when no secret is asked. */
static struct cw_str
header_of(const struct feed *feed, struct cw_arena *arena)
{
	const char *name = feed->world.secret_header;

	if (feed->conf->secret.s == NULL || name == NULL)
		return cw_str(NULL);
	return cw_fmt(arena, "%s: %s%.*s", name,
	    strcasecmp(name, "Authorization") == 0 ? "Bearer " : "", CW_ARG(feed->conf->secret));
}

/* ---- as it should be ---- */

static void
write_channel(struct fhir_json_out *o, const struct feed *feed, struct cw_arena *arena)
{
	struct cw_str header = header_of(feed, arena);

	fhir_json_out_object(o);
	/* Deletions are sent by HAPI only when they are asked for; others do not know this. */
	fhir_json_out_key(o, "extension");
	fhir_json_out_raw(o, CW_STR("[{\"url\":\"http://hapifhir.io/fhir/StructureDefinition/"
				    "subscription-send-delete-messages\",\"valueBoolean\":true}]"));
	fhir_json_out_member(o, "type", CW_STR("rest-hook"));
	fhir_json_out_member(o, "endpoint", endpoint_of(feed, arena));
	fhir_json_out_member(o, "payload", CW_STR("application/fhir+json"));
	if (header.s != NULL) {
		fhir_json_out_key(o, "header");
		fhir_json_out_array(o);
		fhir_json_out_string(o, header);
		fhir_json_out_array_end(o);
	}
	fhir_json_out_object_end(o);
}

static void
write_subscription(struct cw_buf *buf, const struct feed *feed, const struct feed_type *type,
    struct cw_arena *arena)
{
	struct fhir_json_out o;

	fhir_json_out_init(&o, buf, false);
	fhir_json_out_object(&o);
	fhir_json_out_member(&o, "resourceType", CW_STR("Subscription"));
	if (type->id[0] != '\0')
		fhir_json_out_member(&o, "id", cw_str(type->id));
	fhir_json_out_member(&o, "status", CW_STR("requested"));
	fhir_json_out_member(&o, "reason", CW_STR("cordwatch: watch for spinal emergencies"));
	fhir_json_out_member(&o, "criteria", cw_fmt(arena, "%.*s?", CW_ARG(type->name)));
	fhir_json_out_key(&o, "channel");
	write_channel(&o, feed, arena);
	fhir_json_out_object_end(&o);
}

/* "Observation?", or the same without a question mark: everything of the type. */
static bool
same_criteria(const struct fhir_node *node, const struct feed_type *type)
{
	struct cw_str criteria = fhir_node_text(node, "criteria");

	if (criteria.n > 0 && criteria.s[criteria.n - 1] == '?')
		criteria.n--;
	return cw_str_eq(criteria, type->name);
}

static bool
same_endpoint(const struct fhir_node *node, const struct feed *feed, struct cw_arena *arena)
{
	const struct fhir_node *channel = fhir_node_get(node, "channel");

	return cw_str_is(fhir_node_text(channel, "type"), "rest-hook") &&
	       cw_str_eq(fhir_node_text(channel, "endpoint"), endpoint_of(feed, arena));
}

/* Words for how what is stored differs from what was asked; NULL: in nothing that matters. */
static const char *
difference(const struct fhir_node *node, const struct feed *feed, const struct feed_type *type,
    struct cw_arena *arena)
{
	const struct fhir_node *channel = fhir_node_get(node, "channel"), *h;
	struct cw_str header = header_of(feed, arena);

	if (!same_criteria(node, type))
		return "a Subscription has other criteria than asked";
	if (!same_endpoint(node, feed, arena))
		return "a Subscription has another endpoint";
	if (!cw_str_starts(fhir_node_text(channel, "payload"), CW_STR("application/fhir+json")))
		return "a Subscription has another payload";
	for (h = fhir_node_get(channel, "header"); h != NULL; h = fhir_node_again(h)) {
		if (cw_str_eq(h->lexeme, header))
			return NULL;
	}
	return header.s == NULL ? NULL : "a Subscription has another secret";
}

/* ---- step by step ---- */

/* This one is done for the round. */
static void
next_type(struct feed *feed)
{
	feed->ensure.at++;
	ensure(feed);
}

/* The server does not answer, or not so: the rest of the round would fare no better. */
static void
break_off(struct feed *feed, const char *fault)
{
	current(feed)->sub_fault = fault;
	feed->ensure.at = feed->types;
	ensure(feed);
}

static void
failed(struct feed *feed, const struct http_response *response)
{
	if (response->outcome == HTTP_ANSWERED && response->status >= 400 && response->status < 500)
		break_off(feed, "its server takes no Subscriptions");
	else
		break_off(feed, "its Subscriptions cannot be looked after");
}

static bool
is_id(struct cw_str id)
{
	for (size_t i = 0; i < id.n; i++) {
		char c = id.s[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			c == '-' || c == '.'))
			return false;
	}
	return id.n > 0 && id.n < FEED_ID;
}

static void
set_id(struct feed *feed, struct cw_str id, enum log_id message)
{
	struct feed_type *type = current(feed);

	memcpy(type->id, id.s, id.n);
	type->id[id.n] = '\0';
	type->active = false;
	feed_keep(feed, "subscription.", type->name, id);
	log_say(message, &(struct log_fields){ .feed = feed->conf->name, .type = type->name.s });
}

static void
lose(struct feed *feed, const char *why)
{
	struct feed_type *type = current(feed);

	if (type->active || type->sub_fault == NULL)
		log_say(LOG_SUBSCRIPTION_LOST,
		    &(struct log_fields){
			.feed = feed->conf->name, .type = type->name.s, .reason = why });
	type->active = false;
	type->deaf = true;
	type->sub_fault = why;
}

static void
was_put(struct feed *feed, const struct http_response *response)
{
	/* What came of it is seen when it is read, a moment later. */
	if (response->outcome != HTTP_ANSWERED || response->status >= 300)
		failed(feed, response);
	else
		next_type(feed);
}

static void
ask(struct feed *feed, const char *method, struct cw_str url, struct cw_str body, feed_step *step)
{
	feed_ask(feed, &feed->ensure_call, method, url, body, step);
}

/* Ask for it to be as it should be, not more often than makes sense. */
static void
put(struct feed *feed)
{
	struct feed_type *type = current(feed);
	int64_t now = loop_steady(feed->world.loop);
	struct cw_arena *arena;
	struct cw_buf buf;

	if (now < type->put_after) {
		next_type(feed);
		return;
	}
	type->put_after = now + ((int64_t)PUT_GAP << (type->puts < 6 ? type->puts : 6));
	type->puts++;
	arena = cw_arena_new(0);
	cw_buf_init(&buf, 0);
	write_subscription(&buf, feed, type, arena);
	ask(feed, "PUT", cw_fmt(arena, "%s/Subscription/%s", feed->conf->base, type->id),
	    (struct cw_str){ buf.s, buf.n }, was_put);
	cw_buf_fini(&buf);
	cw_arena_free(arena);
}

static void
judge(struct feed *feed, const struct fhir_node *node, struct cw_arena *arena)
{
	struct feed_type *type = current(feed);
	struct cw_str status = fhir_node_text(node, "status");
	const char *differs = difference(node, feed, type, arena);

	if (differs != NULL) {
		lose(feed, differs);
		put(feed);
	} else if (cw_str_is(status, "error") || cw_str_is(status, "off")) {
		lose(feed, "a Subscription was switched off");
		put(feed);
	} else if (cw_str_is(status, "active")) {
		if (!type->active)
			log_say(LOG_SUBSCRIPTION_ACTIVE,
			    &(struct log_fields){ .feed = feed->conf->name, .type = type->name.s });
		feed->ensure.hears = feed->ensure.hears || type->deaf;
		type->active = true;
		type->deaf = false;
		type->sub_fault = NULL;
		type->puts = 0;
		next_type(feed);
	} else {
		type->active = false;
		type->deaf = true;
		next_type(feed);
	}
}

static void
was_read(struct feed *feed, const struct http_response *response)
{
	struct feed_type *type = current(feed);
	struct cw_arena *arena = cw_arena_new(0);
	const struct fhir_node *node = NULL;

	if (response->outcome == HTTP_ANSWERED &&
	    (response->status == 404 || response->status == 410)) {
		lose(feed, "a Subscription is gone");
		type->id[0] = '\0';
		ensure(feed);
	} else if (response->outcome != HTTP_ANSWERED || response->status != 200 ||
		   fhir_json_read(&node, response->body, arena, NULL, NULL) < 0 ||
		   !cw_str_is(fhir_node_resource_type(node), "Subscription")) {
		failed(feed, response);
	} else {
		judge(feed, node, arena);
	}
	cw_arena_free(arena);
}

static void
was_made(struct feed *feed, const struct http_response *response)
{
	struct fhir_reference location;
	struct cw_str id = { NULL, 0 };
	const struct fhir_node *node;
	struct cw_arena *arena = cw_arena_new(0);

	if (response->outcome == HTTP_ANSWERED && response->status == 201) {
		fhir_reference_parse(&location, http_value(response, "location"));
		id = location.id;
		if (id.s == NULL && fhir_json_read(&node, response->body, arena, NULL, NULL) >= 0)
			id = fhir_node_text(node, "id");
	}
	if (is_id(id)) {
		set_id(feed, id, LOG_SUBSCRIPTION_MADE);
		current(feed)->deaf = true;
		next_type(feed);
	} else {
		/* It may be there all the same: the next round searches before it makes one. */
		failed(feed, response);
	}
	cw_arena_free(arena);
}

static void
make(struct feed *feed)
{
	struct cw_arena *arena = cw_arena_new(0);
	struct cw_buf buf;

	cw_buf_init(&buf, 0);
	write_subscription(&buf, feed, current(feed), arena);
	ask(feed, "POST", cw_fmt(arena, "%s/Subscription", feed->conf->base),
	    (struct cw_str){ buf.s, buf.n }, was_made);
	cw_buf_fini(&buf);
	cw_arena_free(arena);
}

static void searched(struct feed *feed, const struct http_response *response);

/* Ours among the matches of a page, or absent. */
static struct cw_str
find_ours(struct feed *feed, const struct fhir_node *bundle, struct cw_arena *arena)
{
	for (const struct fhir_node *e = fhir_node_get(bundle, "entry"); e != NULL;
	     e = fhir_node_again(e)) {
		const struct fhir_node *node = fhir_node_get(e, "resource");

		if (cw_str_is(fhir_node_resource_type(node), "Subscription") &&
		    is_id(fhir_node_text(node, "id")) && same_endpoint(node, feed, arena) &&
		    same_criteria(node, current(feed)))
			return fhir_node_text(node, "id");
	}
	return cw_str(NULL);
}

static struct cw_str
next_of(const struct fhir_node *bundle)
{
	for (const struct fhir_node *l = fhir_node_get(bundle, "link"); l != NULL;
	     l = fhir_node_again(l)) {
		if (cw_str_is(fhir_node_text(l, "relation"), "next"))
			return fhir_node_text(l, "url");
	}
	return cw_str(NULL);
}

static void
look_through(struct feed *feed, const struct fhir_node *bundle, struct cw_arena *arena)
{
	struct cw_str id = find_ours(feed, bundle, arena), next = next_of(bundle);

	if (id.s != NULL) {
		set_id(feed, id, LOG_SUBSCRIPTION_ADOPTED);
		ensure(feed);
	} else if (next.s == NULL) {
		make(feed);
	} else if (!http_below(cw_str(feed->conf->base), next)) {
		break_off(feed, "a next link leads to another server");
	} else if (++feed->ensure.pages >= SEARCH_PAGES) {
		break_off(feed, "its list of Subscriptions does not end");
	} else {
		ask(feed, "GET", next, cw_str(NULL), searched);
	}
}

static void
search(struct feed *feed)
{
	struct cw_arena *arena = cw_arena_new(0);
	struct cw_str endpoint = endpoint_of(feed, arena);
	struct cw_buf url;

	cw_buf_init(&url, 0);
	cw_buf_printf(&url, "%s/Subscription?", feed->conf->base);
	if (!feed->ensure.plain) {
		cw_buf_puts(&url, "url=");
		http_escape(&url, endpoint);
		cw_buf_putc(&url, '&');
	}
	cw_buf_puts(&url, "_count=200");
	ask(feed, "GET", (struct cw_str){ url.s, url.n }, cw_str(NULL), searched);
	cw_buf_fini(&url);
	cw_arena_free(arena);
}

static void
searched(struct feed *feed, const struct http_response *response)
{
	struct cw_arena *arena = cw_arena_new(0);
	const struct fhir_node *bundle;

	if (response->outcome == HTTP_ANSWERED && response->status == 400 && !feed->ensure.plain) {
		feed->ensure.plain = true;
		search(feed);
	} else if (response->outcome != HTTP_ANSWERED || response->status != 200 ||
		   fhir_json_read(&bundle, response->body, arena, NULL, NULL) < 0 ||
		   !cw_str_is(fhir_node_resource_type(bundle), "Bundle")) {
		failed(feed, response);
	} else {
		look_through(feed, bundle, arena);
	}
	cw_arena_free(arena);
}

/* ---- rounds ---- */

static int64_t
wait_of(struct feed *feed)
{
	bool all = true;

	for (size_t i = 0; i < feed->types; i++)
		all = all && feed->type[i].active;
	if (all) {
		feed->ensure.rounds = 0;
		return QUIET;
	}
	if (feed->ensure.rounds < 8)
		feed->ensure.rounds++;
	return (int64_t)SOON << (feed->ensure.rounds - 1);
}

static void
ensure(struct feed *feed)
{
	struct cw_arena *arena;

	if (feed->ensure.at >= feed->types) {
		if (feed->ensure.hears)
			feed_poll_soon(feed);
		feed->ensure.hears = false;
		loop_timer_set(feed->ensure.timer, wait_of(feed));
		return;
	}
	if (current(feed)->id[0] == '\0') {
		feed->ensure.pages = 0;
		search(feed);
		return;
	}
	arena = cw_arena_new(0);
	ask(feed, "GET", cw_fmt(arena, "%s/Subscription/%s", feed->conf->base, current(feed)->id),
	    cw_str(NULL), was_read);
	cw_arena_free(arena);
}

static void
begin_round(void *arg)
{
	struct feed *feed = arg;

	if (feed->stopped || feed->ensure_call.call != NULL)
		return; /* it will be set again at the end of the round */
	feed->ensure.at = 0;
	ensure(feed);
}

void
feed_ensure_start(struct feed *feed)
{
	if (feed->world.public == NULL)
		return;
	if (feed->ensure.timer == NULL)
		feed->ensure.timer = loop_timer_new(feed->world.loop, begin_round, feed);
	loop_timer_set(feed->ensure.timer, 0);
}
