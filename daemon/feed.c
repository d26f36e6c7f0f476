/* The life of a feed: what it watches, whether its server can be used, what is remembered. */
#include "daemon/feed.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/feed_internal.h"
#include "daemon/log.h"
#include "daemon/outbox.h"

enum { REFUSED_AGAIN = 5 * 60000, FULL_AGAIN = 200, PATIENCE = 3600000 };

static void read_metadata(void *arg);

/* ---- what is watched ---- */

static bool
watches(const struct feed *feed, struct cw_str type)
{
	for (size_t i = 0; i < feed->types; i++) {
		if (cw_str_eq(feed->type[i].name, type))
			return true;
	}
	return false;
}

static void
watch(struct feed *feed, struct cw_str type)
{
	if (type.n == 0 || watches(feed, type))
		return;
	feed->type = cw_realloc(feed->type, (feed->types + 1) * sizeof(*feed->type));
	feed->type[feed->types++] =
	    (struct feed_type){ .name = cw_str_dup(feed->arena, type), .mark = MAP_VERSION_NEVER };
}

static void
watch_words(struct feed *feed, const char *words)
{
	while (*words != '\0') {
		size_t n = strcspn(words, " ,\t");

		watch(feed, (struct cw_str){ words, n });
		words += n + strspn(words + n, " ,\t");
	}
}

struct feed *
feed_new(const struct feed_world *world, const struct conf_feed *conf, uint32_t number)
{
	struct feed *feed = cw_calloc(1, sizeof(*feed));

	*feed = (struct feed){ .world = *world,
		.conf = conf,
		.number = number,
		.identity = { conf->ca_file, conf->cert_file, conf->key_file },
		.arena = cw_arena_new(0),
		.last_contact = MAP_VERSION_NEVER,
		.last_event = MAP_VERSION_NEVER,
		.last_poll = MAP_VERSION_NEVER };
	feed->poll_call.feed = feed->ensure_call.feed = feed;
	if (conf->types != NULL)
		watch_words(feed, conf->types);
	for (size_t i = 0; conf->types == NULL && i < world->types; i++)
		watch(feed, world->type[i]);
	/* Who the patient is, and what became of our requests, concerns every feed. */
	watch(feed, CW_STR("Patient"));
	watch(feed, CW_STR("ServiceRequest"));
	feed->again = loop_timer_new(world->loop, read_metadata, feed);
	feed_poll_init(feed);
	return feed;
}

void
feed_free(struct feed *feed)
{
	if (feed == NULL)
		return;
	feed_stop(feed);
	loop_timer_free(feed->again);
	loop_timer_free(feed->ensure.timer);
	feed_poll_fini(feed);
	cw_arena_free(feed->arena);
	free(feed->type);
	free(feed);
}

static struct feed_type *
find_type(struct feed *feed, struct cw_str key, struct cw_str prefix)
{
	if (!cw_str_starts(key, prefix))
		return NULL;
	key = (struct cw_str){ key.s + prefix.n, key.n - prefix.n };
	for (size_t i = 0; i < feed->types; i++) {
		if (cw_str_eq(feed->type[i].name, key))
			return &feed->type[i];
	}
	return NULL;
}

void
feed_remember(struct feed *feed, struct cw_str key, struct cw_str value)
{
	struct feed_type *type;
	char text[FEED_ID];

	snprintf(text, sizeof(text), "%.*s", CW_ARG(value));
	if ((type = find_type(feed, key, CW_STR("mark."))) != NULL)
		type->mark = strtoll(text, NULL, 10);
	else if ((type = find_type(feed, key, CW_STR("loaded."))) != NULL)
		type->loaded = true;
	else if ((type = find_type(feed, key, CW_STR("subscription."))) != NULL)
		memcpy(type->id, text, sizeof(text));
}

void
feed_keep(struct feed *feed, const char *key, struct cw_str suffix, struct cw_str value)
{
	struct job *job = job_new(JOB_STATE);
	bool taken;

	job->feed = feed->number;
	job->at = loop_now(feed->world.loop);
	job->mark[job->marks++] =
	    (struct job_mark){ cw_fmt(job->arena, "%s%.*s", key, CW_ARG(suffix)).s,
		    cw_str_dup(job->arena, value) };
	taken = queue_submit(feed->world.queue, job);
	assert(taken);
	(void)taken;
}

/* ---- requests ---- */

static void
answered(void *arg, const struct http_response *response)
{
	struct feed_call *call = arg;

	call->call = NULL;
	feed_note_contact(call->feed, response);
	call->step(call->feed, response);
}

void
feed_ask(struct feed *feed, struct feed_call *call, const char *method, struct cw_str url,
    struct cw_str body, feed_step *step)
{
	struct http_header header[4] = { { "Accept", CW_STR("application/fhir+json") },
		/* HAPI gives results of up to a minute ago otherwise. */
		{ "Cache-Control", CW_STR("no-cache") } };
	struct http_request request = { .method = method,
		.header = header,
		.headers = 2,
		.body = body,
		.identity = &feed->identity };
	struct cw_arena *arena = cw_arena_new(0);

	if (feed->stopped) {
		cw_arena_free(arena);
		return;
	}
	assert(call->call == NULL && http_below(cw_str(feed->conf->base), url));
	if (body.s != NULL)
		header[request.headers++] =
		    (struct http_header){ "Content-Type", CW_STR("application/fhir+json") };
	if (feed->conf->auth.s != NULL)
		header[request.headers++] =
		    (struct http_header){ "Authorization", feed->conf->auth };
	request.url = cw_str_dup(arena, url).s;
	call->step = step;
	call->call = http_start(feed->world.http, &request, answered, call);
	cw_arena_free(arena);
}

const char *
feed_reason(const struct http_response *response)
{
	if (response->outcome != HTTP_ANSWERED)
		return response->reason;
	return response->status >= 300 && response->status < 400 ? "redirected" : "refused";
}

void
feed_note_contact(struct feed *feed, const struct http_response *response)
{
	bool reached = response->outcome == HTTP_ANSWERED || response->outcome == HTTP_TOO_LARGE;

	if (reached)
		feed->last_contact = loop_now(feed->world.loop);
	else if (feed->reachable)
		log_say(LOG_FEED_LOST, &(struct log_fields){ .feed = feed->conf->name,
					   .reason = feed_reason(response) });
	if (reached && !feed->reachable)
		log_say(LOG_FEED_REACHED, &(struct log_fields){ .feed = feed->conf->name });
	feed->reachable = reached;
}

/* ---- the server ---- */

/* FHIR 4.0.x, whatever else it says. */
static bool
is_r4(const struct http_response *response, struct cw_arena *arena, bool *statement)
{
	const struct fhir_node *node;

	*statement = fhir_json_read(&node, response->body, arena, NULL, NULL) >= 0 &&
		     cw_str_is(fhir_node_resource_type(node), "CapabilityStatement");
	return *statement && cw_str_starts(fhir_node_text(node, "fhirVersion"), CW_STR("4.0."));
}

static void
refuse(struct feed *feed)
{
	if (!feed->refused)
		log_say(LOG_FEED_REFUSED,
		    &(struct log_fields){ .feed = feed->conf->name, .reason = "not FHIR 4.0" });
	feed->refused = true;
	feed->fault = "its server does not speak FHIR 4.0";
	loop_timer_set(feed->again, REFUSED_AGAIN);
}

static void
metadata_read(struct feed *feed, const struct http_response *response)
{
	struct cw_arena *arena = cw_arena_new(0);
	int64_t now = loop_now(feed->world.loop);
	bool statement = false, good;

	good = response->outcome == HTTP_ANSWERED && response->status == 200 &&
	       is_r4(response, arena, &statement);
	cw_arena_free(arena);
	if (good) {
		feed->refused = false;
		feed->started = true;
		feed->fault = NULL;
		feed_ensure_start(feed);
		feed_poll_start(feed);
	} else if (statement) {
		refuse(feed);
	} else {
		feed->fault = "its metadata cannot be read";
		feed->tries++;
		loop_timer_set(
		    feed->again, outbox_delay(feed->tries, http_retry_after(response, now),
				     cw_hash(&now, sizeof(now))));
	}
}

static void
read_metadata(void *arg)
{
	struct feed *feed = arg;
	struct cw_arena *arena = cw_arena_new(0);
	struct cw_str url = cw_fmt(arena, "%s/metadata", feed->conf->base);

	feed_ask(feed, &feed->poll_call, "GET", url, cw_str(NULL), metadata_read);
	cw_arena_free(arena);
}

void
feed_start(struct feed *feed)
{
	if (feed->conf->base == NULL || feed->stopped)
		return;
	/* Whoever still waits from a load that was cut off hears of its end after the first round.
	 */
	feed->owes = true;
	feed->load_began = feed->released = loop_steady(feed->world.loop);
	if (feed_loading(feed))
		log_say(LOG_FEED_LOADING, &(struct log_fields){ .feed = feed->conf->name });
	read_metadata(feed);
}

void
feed_stop(struct feed *feed)
{
	struct feed_call *calls[] = { &feed->poll_call, &feed->ensure_call };

	feed->stopped = true;
	for (size_t i = 0; i < 2; i++) {
		if (calls[i]->call != NULL)
			http_cancel(calls[i]->call);
		calls[i]->call = NULL;
	}
	loop_timer_stop(feed->again);
	loop_timer_stop(feed->poll.timer);
	loop_timer_stop(feed->poll.retry);
	if (feed->ensure.timer != NULL)
		loop_timer_stop(feed->ensure.timer);
}

/* ---- the initial load ---- */

void
feed_check_loaded(struct feed *feed)
{
	bool loading = feed_loading(feed);
	int64_t now = loop_steady(feed->world.loop);
	struct job *job;

	if (!feed->owes || feed->stopped || (loading && now - feed->released < PATIENCE))
		return;
	feed->released = now;
	job = job_new(JOB_LOADED);
	job->feed = feed->number;
	job->at = loop_now(feed->world.loop);
	if (queue_submit(feed->world.queue, job)) {
		feed->owes = loading;
		if (loading)
			return;
		log_say(
		    LOG_FEED_LOADED, &(struct log_fields){ .feed = feed->conf->name,
					 .ms = loop_steady(feed->world.loop) - feed->load_began });
		return;
	}
	job_free(job);
	if (!feed->poll.running)
		loop_timer_set(feed->poll.retry, FULL_AGAIN);
}

/* ---- what others ask ---- */

void
feed_use(struct feed *feed, const struct conf_feed *conf)
{
	feed->conf = conf;
	feed->identity = (struct http_identity){ conf->ca_file, conf->cert_file, conf->key_file };
	/* Another secret must reach the Subscriptions before the old one is forgotten. */
	for (size_t i = 0; i < feed->types; i++)
		feed->type[i].put_after = 0;
	if (feed->started && !feed->stopped)
		feed_ensure_start(feed);
}

void
feed_heard(struct feed *feed)
{
	feed->last_event = loop_now(feed->world.loop);
}

const char *
feed_name(const struct feed *feed)
{
	return feed->conf->name;
}

uint32_t
feed_number(const struct feed *feed)
{
	return feed->number;
}

const struct conf_feed *
feed_conf(const struct feed *feed)
{
	return feed->conf;
}

bool
feed_holds(const struct feed *feed)
{
	return feed_loading(feed) && feed->reachable &&
	       loop_steady(feed->world.loop) - feed->load_began < PATIENCE;
}

bool
feed_loading(const struct feed *feed)
{
	for (size_t i = 0; feed->conf->base != NULL && i < feed->types; i++) {
		if (!feed->type[i].loaded && !feed->type[i].given_up)
			return true;
	}
	return false;
}

void
feed_status(const struct feed *feed, struct feed_status *out)
{
	*out = (struct feed_status){ .reachable = feed->reachable,
		.refused = feed->refused,
		.last_contact = feed->last_contact,
		.last_event = feed->last_event,
		.last_poll = feed->last_poll,
		.loading = feed_loading(feed),
		.fault = feed->fault };
	for (size_t i = 0; i < feed->types; i++) {
		out->subscriptions += feed->type[i].id[0] != '\0';
		out->active += feed->type[i].active;
		if (out->fault == NULL)
			out->fault = feed->type[i].fault != NULL ? feed->type[i].fault
								 : feed->type[i].sub_fault;
	}
}
