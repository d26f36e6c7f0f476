/* Poll each type in turn: everything since what was seen last, less an overlap, page by page. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/feed_internal.h"
#include "daemon/log.h"
#include "daemon/outbox.h"
#include "fhir/time.h"

enum {
	PAGE = 200,
	MOST_BARREN = 3,
	PING_GAP = 1000,
	FULL_AGAIN = 200,
	KNOWN = 1 << 16,
	TRIES_REFUSED = 3, /* then the initial load does not wait for that type */
	TRIES_BROKEN = 10
};
#ifndef FEED_MOST_PAGES
#define FEED_MOST_PAGES 10000 /* of one poll of one type */
#endif
#define MOST_BYTES ((uint64_t)8 << 30)

/* What holds once a job is committed; in the job's arena. */
struct ticket {
	struct feed *feed;
	struct feed_type *type;
	int64_t mark;
	bool whole;
};

static void begin_round(void *arg);
static void go_on(void *arg);
static void next_type(struct feed *feed);
static void page_came(struct feed *feed, const struct http_response *response);

void
feed_poll_init(struct feed *feed)
{
	feed->poll.timer = loop_timer_new(feed->world.loop, begin_round, feed);
	feed->poll.retry = loop_timer_new(feed->world.loop, go_on, feed);
	feed->poll.known = cw_calloc(KNOWN, sizeof(*feed->poll.known));
	feed->poll.end_of = &feed->poll.first;
	feed->poll.last_round = loop_steady(feed->world.loop) - PING_GAP;
}

static void
drop_jobs(struct feed_poll *poll)
{
	while (poll->first != NULL) {
		struct job *next = poll->first->next;

		job_free(poll->first);
		poll->first = next;
	}
	poll->end_of = &poll->first;
}

void
feed_poll_fini(struct feed *feed)
{
	drop_jobs(&feed->poll);
	loop_timer_free(feed->poll.timer);
	loop_timer_free(feed->poll.retry);
	free(feed->poll.next);
	free(feed->poll.url);
	free(feed->poll.known);
}

void
feed_poll_start(struct feed *feed)
{
	loop_timer_set(feed->poll.timer, 0);
}

void
feed_poll_soon(struct feed *feed)
{
	int64_t wait = feed->poll.last_round + PING_GAP - loop_steady(feed->world.loop);

	if (!feed->started || feed->stopped)
		return;
	if (feed->poll.running)
		feed->poll.again = true;
	else
		loop_timer_set(feed->poll.timer, wait > 0 ? wait : 0);
}

void
feed_ping(struct feed *feed)
{
	feed_heard(feed);
	feed_poll_soon(feed);
}

/* ---- one type ---- */

static struct feed_type *
current(struct feed *feed)
{
	return &feed->type[feed->poll.at];
}

static void
reset(struct feed_poll *poll, const struct feed_type *type)
{
	free(poll->next);
	poll->next = NULL;
	poll->ending = poll->failed = poll->told = poll->ignored = poll->cut_short = false;
	poll->newest = type->mark;
	poll->last = INT64_MIN;
	poll->sorted = true;
	poll->pages = poll->barren = poll->urls = 0;
	poll->bytes = 0;
}

static struct cw_str
first_url(const struct feed *feed, const struct feed_type *type, struct cw_arena *arena)
{
	char text[FHIR_TIME_TEXT];
	int64_t from = type->mark - (type->resuming ? 0 : feed->conf->overlap);
	const char *since = "";

	if (type->mark != MAP_VERSION_NEVER)
		since = cw_fmt(arena, "_lastUpdated=ge%.*s&",
		    CW_ARG(fhir_time_format_utc(from > 0 ? from : 0, text)))
			    .s;
	return cw_fmt(arena, "%s/%.*s?%s_sort=_lastUpdated&_count=%d", feed->conf->base,
	    CW_ARG(type->name), since, PAGE);
}

static void
ask_page(struct feed *feed, struct cw_str url)
{
	struct feed_poll *poll = &feed->poll;

	if ((poll->urls & (poll->urls + 1)) == 0)
		poll->url = cw_realloc(poll->url, 2 * (poll->urls + 1) * sizeof(*poll->url));
	poll->url[poll->urls++] = cw_hash(url.s, url.n);
	feed_ask(feed, &feed->poll_call, "GET", url, cw_str(NULL), page_came);
}

static void
begin_type(struct feed *feed)
{
	struct cw_arena *arena = cw_arena_new(0);

	reset(&feed->poll, current(feed));
	ask_page(feed, first_url(feed, current(feed), arena));
	cw_arena_free(arena);
}

/* This type is left for now. tries: after how many the initial load goes on without it (0: it
 * waits). */
static void
give_up_type(
    struct feed *feed, const char *reason, const struct http_response *response, unsigned tries)
{
	struct feed_type *type = current(feed);
	int64_t now = loop_now(feed->world.loop);
	uint64_t seed = (uint64_t)now ^ feed->poll.at;

	type->tries++;
	type->given_up = type->given_up || (tries > 0 && type->tries >= tries);
	type->not_before = loop_steady(feed->world.loop) +
			   outbox_delay(type->tries, http_retry_after(response, now), seed);
	type->fault = reason;
	log_say(LOG_POLL_FAILED, &(struct log_fields){ .feed = feed->conf->name,
				     .type = type->name.s,
				     .status = response->status,
				     .reason = reason });
	/* Nobody there: the other types need not knock. */
	for (size_t i = feed->poll.at; response->outcome == HTTP_UNSENT && i < feed->types; i++)
		feed->type[i].not_before = type->not_before;
	/* What came whole is kept: it does no harm, and the mark does not move. */
	feed->poll.ending = feed->poll.failed = true;
	go_on(feed);
}

static void
refused_page(struct feed *feed, const struct http_response *response)
{
	int status = response->status;

	if (response->outcome == HTTP_TOO_LARGE)
		give_up_type(feed, "a page is too large", response, TRIES_REFUSED);
	else if (response->outcome != HTTP_ANSWERED)
		give_up_type(feed, feed_reason(response), response,
		    response->outcome == HTTP_LOST ? TRIES_BROKEN : 0);
	else if (status == 410 && feed->poll.pages > 0)
		give_up_type(feed, "its pages have expired", response, TRIES_BROKEN);
	else if (status == 401 || status == 408 || status == 425 || status == 429 ||
		 (status >= 502 && status <= 504))
		give_up_type(feed, feed_reason(response), response, 0);
	else
		give_up_type(feed, feed_reason(response), response,
		    status >= 500 ? TRIES_BROKEN : TRIES_REFUSED);
}

static bool
was_asked(const struct feed_poll *poll, struct cw_str url)
{
	uint64_t hash = cw_hash(url.s, url.n);

	for (size_t i = 0; i < poll->urls; i++) {
		if (poll->url[i] == hash)
			return true;
	}
	return false;
}

/* Why the next page will not be asked for; NULL: it will. */
static const char *
bad_next(struct feed *feed, struct cw_str next)
{
	struct feed_poll *poll = &feed->poll;

	if (!http_below(cw_str(feed->conf->base), next))
		return "a next link leads to another server";
	if (was_asked(poll, next))
		return "its pages go round in a circle";
	return poll->barren >= MOST_BARREN ? "its pages are empty and do not end" : NULL;
}

static bool
past_bounds(const struct feed_poll *poll)
{
	return poll->pages >= FEED_MOST_PAGES || poll->bytes >= MOST_BYTES;
}

/* A server that forgets a parameter says so in the link that it gives itself. */
static void
compare_self(struct feed *feed, const struct feed_page *page, struct cw_arena *scratch)
{
	const struct feed_type *type = current(feed);

	if (feed->poll.pages == 1 && page->self.s != NULL && type->mark != MAP_VERSION_NEVER)
		feed->poll.ignored =
		    strstr(cw_str_dup(scratch, page->self).s, "_lastUpdated=") == NULL;
}

/* A page was read; what next? */
static void
decide_next(struct feed *feed, const struct feed_page *page, const struct http_response *response)
{
	struct feed_poll *poll = &feed->poll;
	const char *bad;

	if (page->next.s == NULL) {
		poll->ending = true;
		go_on(feed);
		return;
	}
	bad = bad_next(feed, page->next);
	if (bad == NULL && past_bounds(poll)) {
		/* In order, we may start again where we are, without an overlap that could be
		 * longer than a poll; else we would never end. */
		if (poll->sorted &&
		    (poll->newest > current(feed)->mark || !current(feed)->resuming)) {
			poll->ending = poll->cut_short = true;
			go_on(feed);
			return;
		}
		bad = "its pages do not end";
	}
	if (bad != NULL) {
		give_up_type(feed, bad, response, TRIES_REFUSED);
		return;
	}
	free(poll->next);
	poll->next = cw_malloc(page->next.n + 1);
	memcpy(poll->next, page->next.s, page->next.n);
	poll->next[page->next.n] = '\0';
	go_on(feed);
}

static void
page_came(struct feed *feed, const struct http_response *response)
{
	struct feed_poll *poll = &feed->poll;
	struct cw_arena *scratch;
	struct feed_page page;

	if (response->outcome != HTTP_ANSWERED || response->status != 200) {
		refused_page(feed, response);
		return;
	}
	scratch = cw_arena_new(0);
	if (feed_page_read(&page, feed, current(feed), response->body, poll->last, scratch) < 0) {
		give_up_type(feed, "a page is no Bundle", response, TRIES_REFUSED);
		cw_arena_free(scratch);
		return;
	}
	poll->pages++;
	poll->bytes += response->body.n;
	poll->barren = page.entries == 0 ? poll->barren + 1 : 0;
	poll->sorted = poll->sorted && page.sorted;
	if (page.newest > poll->newest)
		poll->newest = page.newest;
	if (page.newest != MAP_VERSION_NEVER)
		poll->last = page.newest;
	compare_self(feed, &page, scratch);
	decide_next(feed, &page, response);
	cw_arena_free(scratch);
}

/* ---- from pages to the inbox ---- */

static void
committed(void *arg, enum job_result result)
{
	struct ticket *ticket = arg;

	if (result != JOB_DONE)
		return;
	ticket->type->mark = ticket->mark;
	if (ticket->whole && !ticket->type->loaded) {
		ticket->type->loaded = true;
		ticket->feed->owes = true;
	}
	if (!ticket->feed->poll.running)
		feed_check_loaded(ticket->feed);
}

/* What is remembered once the last page is in: the mark moves with its rows, in one transaction. */
static void
put_marks(struct feed *feed, struct job *job)
{
	struct feed_type *type = current(feed);
	struct ticket *ticket = cw_alloc(job->arena, sizeof(*ticket));
	int64_t now = loop_now(feed->world.loop), mark = feed->poll.newest;

	/* A server whose clock is ahead must not make us skip what comes. Nothing seen yet: 0, so
	 * that the next poll asks for everything once more, in vain. */
	if (mark == MAP_VERSION_NEVER)
		mark = 0;
	*ticket = (struct ticket){ .feed = feed,
		.type = type,
		.mark = mark < now ? mark : now,
		.whole = !feed->poll.cut_short };
	job->mark[job->marks++] =
	    (struct job_mark){ cw_fmt(job->arena, "mark.%.*s", CW_ARG(type->name)).s,
		    cw_fmt(job->arena, "%lld", (long long)ticket->mark) };
	if (ticket->whole && !type->loaded)
		job->mark[job->marks++] =
		    (struct job_mark){ cw_fmt(job->arena, "loaded.%.*s", CW_ARG(type->name)).s,
			    CW_STR("1") };
	job->done = committed;
	job->arg = ticket;
	feed->poll.told = true;
}

static bool
has_news(const struct feed *feed, const struct feed_type *type)
{
	const struct feed_poll *poll = &feed->poll;

	return poll->ending && !poll->failed && !poll->told &&
	       (poll->newest > type->mark || (!type->loaded && !poll->cut_short));
}

/* The last page is in. */
static void
end_type(struct feed *feed)
{
	struct feed_type *type = current(feed);
	struct job *job;
	bool taken;

	if (!feed->poll.failed) {
		type->tries = 0;
		type->given_up = false;
		type->resuming = feed->poll.cut_short;
		type->fault = feed->poll.ignored ? "its server ignores _lastUpdated" : NULL;
	}
	if (has_news(feed, type)) { /* without rows */
		job = job_new(JOB_STATE);
		job->feed = feed->number;
		job->at = loop_now(feed->world.loop);
		put_marks(feed, job);
		taken = queue_submit(feed->world.queue, job);
		assert(taken);
		(void)taken;
	}
	feed->poll.again = feed->poll.again || (feed->poll.cut_short && !feed->poll.failed);
	next_type(feed);
}

/* Bring in what was read; then the next page, or the next type. */
static void
go_on(void *arg)
{
	struct feed *feed = arg;
	struct feed_poll *poll = &feed->poll;

	if (feed->stopped)
		return;
	if (!poll->running) { /* only the end of the load was waiting */
		feed_check_loaded(feed);
		return;
	}
	while (poll->first != NULL) {
		struct job *job = poll->first, *next = job->next;

		if (next == NULL && has_news(feed, current(feed)))
			put_marks(feed, job);
		if (!feed->world.take(feed->world.arg, feed, job)) {
			job->next = next;
			loop_timer_set(poll->retry, FULL_AGAIN);
			return;
		}
		poll->first = next;
	}
	poll->end_of = &poll->first;
	if (poll->ending)
		end_type(feed);
	else
		ask_page(feed, cw_str(poll->next));
}

/* ---- a round ---- */

/* The first type at or after poll.at whose time has come. */
static void
next_or_end(struct feed *feed)
{
	struct feed_poll *poll = &feed->poll;
	int64_t now = loop_steady(feed->world.loop), wait = feed->conf->poll_interval;

	for (; poll->at < feed->types; poll->at++) {
		if (current(feed)->not_before <= now) {
			begin_type(feed);
			return;
		}
	}
	poll->running = false;
	feed->last_poll = loop_now(feed->world.loop);
	feed_check_loaded(feed);
	for (size_t i = 0; i < feed->types; i++) {
		int64_t left = feed->type[i].not_before - now;

		if (left > 0 && left < wait)
			wait = left;
	}
	if (poll->again && wait > PING_GAP)
		wait = PING_GAP;
	poll->again = false;
	loop_timer_set(poll->timer, wait);
}

static void
next_type(struct feed *feed)
{
	feed->poll.at++;
	next_or_end(feed);
}

static void
begin_round(void *arg)
{
	struct feed *feed = arg;

	if (feed->poll.running || feed->stopped)
		return;
	feed->poll.running = true;
	feed->poll.last_round = loop_steady(feed->world.loop);
	feed->poll.at = 0;
	next_or_end(feed);
}
