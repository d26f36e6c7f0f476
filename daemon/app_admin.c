/* app_admin: how the daemon is: for the admin listener, Prometheus and systemd. */
#include "config.h"

#include "daemon/app_internal.h"

#include <string.h>

enum {
	STUCK_MS = 30000, /* jobs wait and no batch has ended for so long */
	HEAD_DEADLINE = 5000,
	DEADLINE = 10000,
	IDLE = 60000,
	CONNECTIONS = 64,
	LARGEST = 1 << 16
};

/* The loop runs, or nobody would ask. Does the engine? */
static bool
is_alive(void *arg)
{
	struct app *app = arg;
	uint64_t batches = engine_counts(app->engine)->batches;
	int64_t now = loop_steady(app->loop);
	size_t jobs, bytes;

	queue_load(app->queue, &jobs, &bytes);
	if (jobs == 0 || batches != app->batches) {
		app->batches = batches;
		app->moved = now;
	}
	return now - app->moved < STUCK_MS;
}

static size_t
check_all(void *arg, struct admin_check *out)
{
	const struct app *app = arg;
	size_t n = 0;

	out[n++] = (struct admin_check){ .component = "database",
		.name = "",
		.good = app->status == 0 && !app->full,
		.needed = true,
		.text = app->full ? "the disk is full" : NULL };
	out[n++] = (struct admin_check){
		.component = "rules", .name = "", .good = app->rules != NULL, .needed = true
	};
	for (size_t i = 0; i < app->feeds && n < ADMIN_CHECKS - 1; i++) {
		struct feed_status s;

		feed_status(app->feed[i], &s);
		out[n++] = (struct admin_check){ .component = "feed",
			.name = feed_name(app->feed[i]),
			.good = feed_conf(app->feed[i])->base == NULL || s.reachable,
			.text = s.fault };
	}
	out[n++] = (struct admin_check){ .component = "targets",
		.name = "",
		.good = outbox_healthy(app->outbox),
		.text = outbox_healthy(app->outbox) ? NULL : "a target does not answer" };
	return n;
}

static void
measure_feeds(struct app *app)
{
	for (size_t i = 0; i < app->feeds; i++) {
		const char *name = feed_name(app->feed[i]);
		struct feed_status s;

		feed_status(app->feed[i], &s);
		if (s.last_event != MAP_VERSION_NEVER)
			metrics_set(
			    app->metrics, METRICS_FEED_LAST_EVENT, METRICS_OF(name), s.last_event);
		if (s.last_contact != MAP_VERSION_NEVER)
			metrics_set(app->metrics, METRICS_FEED_LAST_CONTACT, METRICS_OF(name),
			    s.last_contact);
		metrics_set(app->metrics, METRICS_SUBSCRIPTION, METRICS_OF(name, "active"),
		    (int64_t)s.active);
		metrics_set(app->metrics, METRICS_SUBSCRIPTION, METRICS_OF(name, "inactive"),
		    (int64_t)(s.subscriptions - s.active));
	}
}

static void
measure(void *arg)
{
	struct app *app = arg;
	const struct engine_counts *c = engine_counts(app->engine);
	size_t jobs, bytes;

	queue_load(app->queue, &jobs, &bytes);
	metrics_set(app->metrics, METRICS_QUEUE_JOBS, NULL, (int64_t)jobs);
	metrics_set(app->metrics, METRICS_QUEUE_BYTES, NULL, (int64_t)bytes);
	metrics_set(
	    app->metrics, METRICS_CONNECTIONS, NULL, (int64_t)listen_connections(app->listen));
	metrics_set(app->metrics, METRICS_OUTBOX, METRICS_OF("all"), c->outbox);
	metrics_set(app->metrics, METRICS_OUTBOX_OLDEST, METRICS_OF("all"),
	    c->outbox == 0 ? 0 : c->oldest_errand);
	metrics_set(app->metrics, METRICS_DEAD, METRICS_OF("out"), c->dead);
	metrics_set(app->metrics, METRICS_DATABASE, NULL, c->size);
	app_measure_certificates(app);
	measure_feeds(app);
}

/* Fed only while there is progress. */
static void
on_watchdog(void *arg)
{
	struct app *app = arg;

	if (is_alive(app))
		notify_alive(&app->notify);
	else
		log_say(LOG_WATCHDOG_MISSED, &(struct log_fields){ .word = "engine" });
	loop_timer_set(app->watchdog, app->notify.watchdog / 2);
}

int
app_open_admin(struct app *app, struct cw_err *err)
{
	struct listen_options options = { .address = app->conf->admin,
		.largest = LARGEST,
		.connections = CONNECTIONS,
		.head_deadline = HEAD_DEADLINE,
		.deadline = DEADLINE,
		.idle = IDLE };

	app->moved = loop_steady(app->loop);
	app->admin_world = (struct admin_world){ .metrics = app->metrics,
		.alive = is_alive,
		.ready = check_all,
		.measure = measure,
		.ask = app_ask,
		.page = app_page,
		.arg = app };
	metrics_set(app->metrics, METRICS_BUILD_INFO,
	    METRICS_OF(PACKAGE_VERSION, "", app->rules->sha256, ""), 1);
	app->watchdog = loop_timer_new(app->loop, on_watchdog, app);
	if (app->notify.watchdog > 0)
		loop_timer_set(app->watchdog, app->notify.watchdog / 2);
	if (options.address != NULL &&
	    listen_open(&app->admin, app->loop, &options, admin_handle, &app->admin_world, err) < 0)
		return err->code;
	return app_open_control(app, &options, err);
}

void
app_tell_ready(struct app *app)
{
	log_say(LOG_LISTENING, &(struct log_fields){ .text = app_address(app) });
	log_say(LOG_READY, NULL);
	notify_ready(&app->notify);
}
