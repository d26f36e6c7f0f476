#include "config.h"

#include "daemon/app_internal.h"
#include "daemon/file.h"
#include "fhir/reference.h"
#include "mappings/finding.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum {
	QUEUE_JOBS = 10000,
	QUEUE_BYTES = 256 << 20,
	CONNECTIONS_PER_HOST = 8,
	DRAIN_MS = 5000,
	FULL_AGAIN = 2000, /* ms between tries on a full disk */
	HEAD_DEADLINE = 10000,
	DEADLINE = 60000,
	IDLE = 75000,
	LARGEST_KEY = 1 << 16
};

/* ---- what the engine tells ---- */

static void
on_tick(void *arg)
{
	struct app *app = arg;

	loop_worker_kick(app->worker);
}

static void
set_tick(struct app *app, int64_t at)
{
	int64_t delay = at - loop_now(app->loop);

	/* A clock that was set shows within the hour. */
	delay = delay < 0 ? 0 : delay > 3600000 ? 3600000 : delay;
	loop_timer_set(app->tick, delay);
}

static void
on_report(void *arg, const struct report *r)
{
	struct app *app = arg;

	switch (r->kind) {
	case REPORT_ERRAND:
		outbox_add(app->outbox, r);
		break;
	case REPORT_TICK:
		set_tick(app, r->at);
		break;
	case REPORT_RULES:
		rules_free(r->rules);
		conf_free(app->old_conf);
		app->old_conf = NULL;
		app->reloading = false;
		break;
	case REPORT_FULL:
		if (!app->full)
			log_say(LOG_DISK_FULL, NULL);
		app->full = true;
		set_tick(app, loop_now(app->loop) + FULL_AGAIN);
		break;
	case REPORT_ROOM:
		log_say(LOG_DISK_FREED, NULL);
		app->full = false;
		break;
	case REPORT_FATAL:
		app->status = r->err.code;
		app->err = r->err;
		log_say(LOG_FAILED, &(struct log_fields){ .err = &r->err });
		loop_stop(app->loop);
		break;
	}
}

/* ---- what feeds bring ---- */

static bool
on_take(void *arg, struct feed *feed, struct job *job)
{
	struct app *app = arg;

	(void)feed;
	switch (intake_take(app->intake, job)) {
	case INTAKE_TAKEN:
		return true;
	case INTAKE_DROPPED:
	case INTAKE_WRONG:
		/* Its marks must be kept all the same. */
		job->kind = JOB_STATE;
		return queue_submit(app->queue, job);
	case INTAKE_FULL:
		break;
	}
	return false;
}

/* ---- the start, step by step ---- */

static void
list_types(struct app *app)
{
	static const struct cw_str more[] = { { "Patient", 7 }, { "Medication", 10 } };
	size_t n = 0;

	while (map_findings_type(n).s != NULL)
		n++;
	app->type = cw_alloc(app->arena, (n + 2) * sizeof(*app->type));
	for (size_t i = 0; i < n; i++)
		app->type[i] = map_findings_type(i);
	app->type[n] = more[0];
	app->type[n + 1] = more[1];
	app->types = n + 2;
}

static int
number_feeds(struct app *app, struct cw_err *err)
{
	uint32_t most = 0;
	int rc = store_begin(app->store, err);

	app->feeds = app->conf->feeds;
	app->feed = cw_calloc(app->feeds + 1, sizeof(*app->feed));
	app->number = cw_alloc(app->arena, (app->feeds + 1) * sizeof(*app->number));
	for (size_t i = 0; rc >= 0 && i < app->feeds; i++) {
		rc = store_feed(app->store, &app->number[i], cw_str(app->conf->feed[i].name), err);
		most = app->number[i] > most ? app->number[i] : most;
	}
	if (rc < 0) {
		store_rollback(app->store);
		return rc;
	}
	app->bases = most + 1;
	app->base = cw_alloc(app->arena, app->bases * sizeof(*app->base));
	app->name = cw_alloc(app->arena, app->bases * sizeof(*app->name));
	for (size_t i = 0; i < app->feeds; i++) {
		struct cw_str base = cw_str(app->conf->feed[i].base);
		char room[FHIR_BASE_NAME];

		app->name[app->number[i]] =
		    cw_str_dup(app->arena, cw_str(app->conf->feed[i].name)).s;

		app->base[app->number[i]] =
		    cw_str_dup(app->arena, fhir_reference_base_name(base, room));
	}
	rc = store_commit(app->store, err);
	return rc < 0 ? rc : CW_OK;
}

static int
start_engine(struct app *app, struct cw_err *err)
{
	struct engine_options options = { .store = app->store,
		.queue = app->queue,
		.loop = app->loop,
		.rules = app->rules,
		.base = app->base,
		.bases = app->bases,
		.feed = app->name,
		.metrics = app->metrics,
		.version = CW_STR("cordwatch " PACKAGE_VERSION),
		.key = app->key };

	app->engine = engine_new(&options);
	return engine_start(app->engine, err);
}

struct remembering {
	struct feed *feed;
};

static void
on_state(void *arg, struct cw_str key, struct cw_str value)
{
	struct remembering *r = arg;

	feed_remember(r->feed, key, value);
}

static void
on_key(void *arg, uint32_t realm, struct cw_str key)
{
	(void)realm;
	intake_know(arg, key);
}

static int
make_feeds(struct app *app, struct cw_err *err)
{
	struct feed_world world = { .loop = app->loop,
		.http = app->http,
		.queue = app->queue,
		.public = app->public,
		.secret_header = app->secret_header,
		.type = app->type,
		.types = app->types,
		.take = on_take,
		.arg = app };
	int rc = CW_OK;

	for (size_t i = 0; rc >= 0 && i < app->feeds; i++) {
		struct remembering r;

		app->feed[i] = feed_new(&world, &app->conf->feed[i], app->number[i]);
		r.feed = app->feed[i];
		rc = store_states(app->store, app->number[i], on_state, &r, err);
	}
	return rc < 0 ? rc : CW_OK;
}

static int
make_intake(struct app *app, struct cw_err *err)
{
	int64_t keys = 0;
	int rc = store_resource_count(app->store, &keys, err);

	if (rc < 0)
		return rc;
	app->intake = intake_new(app->loop, app->queue, app->rules->terms, (size_t)keys);
	rc = store_resource_keys(app->store, on_key, app->intake, err);
	return rc < 0 ? rc : CW_OK;
}

static int
open_tls(struct app *app, struct cw_err *err)
{
	struct tls_files files = { .cert = app->conf->tls_cert,
		.key = app->conf->tls_key,
		.client_ca = app->conf->client_ca };

	return files.cert == NULL ? CW_OK : tls_server_new(&app->tls, &files, err);
}

static void
name_public(struct app *app)
{
	const char *address = app->conf->listen;

	if (app->listen != NULL)
		address = listen_address(app->listen);
	if (app->conf->public != NULL)
		app->public = cw_str_dup(app->arena, cw_str(app->conf->public)).s;
	else
		app->public =
		    cw_fmt(app->arena, "%s://%s", app->tls != NULL ? "https" : "http", address).s;
}

/* The handler must exist before the listener, and the feeds need its address: so requests go to
 * the app until all is there. */
static void
on_request(void *arg, struct listen_exchange *exchange, const struct listen_request *request)
{
	struct app *app = arg;

	receive_handle(app->receive, exchange, request);
}

static int
open_listener(struct app *app, struct cw_err *err)
{
	struct listen_options options = { .address = app->conf->listen,
		.tls = app->tls,
		.largest = (size_t)app->conf->largest_body,
		.connections = (size_t)app->conf->connections,
		.head_deadline = HEAD_DEADLINE,
		.deadline = DEADLINE,
		.idle = IDLE,
		.secret_header = app->secret_header };

	return listen_open(&app->listen, app->loop, &options, on_request, app, err);
}

static int
read_key(struct app *app, struct cw_err *err)
{
	const char *path = app->conf->key_file;
	struct cw_err why = { 0 };
	struct cw_buf pem;
	int rc;

	if (path == NULL) {
		log_say(LOG_NOT_SIGNED, NULL);
		return CW_OK;
	}
	cw_buf_init(&pem, LARGEST_KEY);
	rc = file_read(&pem, path, &why);
	if (rc >= 0)
		rc = seal_key_read(&app->key, (struct cw_str){ pem.s, pem.n }, &why);
	if (rc >= 0 && !seal_key_signs(app->key))
		rc = cw_fail(&why, CW_EVALUE, "is a public key: it cannot sign");
	if (pem.s != NULL)
		explicit_bzero(pem.s, pem.n);
	cw_buf_fini(&pem);
	return rc < 0 ? conf_fault(err, app->conf, "audit", "", "key_file", &why) : CW_OK;
}

static int
start_world(struct app *app, struct cw_err *err)
{
	int rc = loop_new(&app->loop, err);

	if (rc >= 0) {
		log_clock(app->loop);
		log_say(LOG_STARTED, &(struct log_fields){ .text = PACKAGE_VERSION });
		if (app->conf->embedded)
			log_say(LOG_EMBEDDED, NULL);
		app_remark(app->conf);
		app->started = loop_now(app->loop);
		app->metrics = metrics_new(app->started);
		rc = notify_open(&app->notify, err);
	}
	if (rc >= 0)
		rc = http_new(&app->http, app->loop, CONNECTIONS_PER_HOST, err);
	if (rc >= 0)
		rc = open_tls(app, err);
	if (rc >= 0)
		rc = rules_load(&app->rules, app->conf, err);
	if (rc >= 0)
		log_say(
		    LOG_RULES_LOADED, &(struct log_fields){ .digest = cw_str(app->rules->sha256) });
	if (rc >= 0)
		rc = read_key(app, err);
	if (rc >= 0)
		rc = store_open(&app->store, app->conf->state_dir, err);
	if (rc >= 0)
		rc = number_feeds(app, err);
	return rc < 0 ? rc : CW_OK;
}

static int
start_engine_and_friends(struct app *app, struct cw_err *err)
{
	int rc;

	app->queue = queue_new(app->loop, QUEUE_JOBS, QUEUE_BYTES, on_report, app);
	app->tick = loop_timer_new(app->loop, on_tick, app);
	app->outbox =
	    outbox_new(app->loop, app->http, app->queue, app->conf, app->o.print, app->o.arg);
	rc = make_intake(app, err);
	if (rc >= 0)
		rc = start_engine(app, err);
	return rc;
}

static int
start_listening(struct app *app, struct cw_err *err)
{
	int rc = open_listener(app, err);

	if (rc < 0)
		return rc;
	name_public(app);
	rc = make_feeds(app, err);
	if (rc >= 0)
		app->receive = receive_new(app->loop, app->intake, app->feed, app->feeds, app->type,
		    app->types, app->secret_header, app->metrics);
	return rc;
}

static void on_stop(void *arg);

static int
take_signals(struct app *app, struct cw_err *err)
{
	int rc = loop_signal(app->loop, SIGTERM, on_stop, app, err);

	if (rc >= 0)
		rc = loop_signal(app->loop, SIGINT, on_stop, app, err);
	if (rc >= 0)
		rc = loop_signal(app->loop, SIGHUP, app_reload, app, err);
	return rc;
}

/* From here on the store is the engine's alone. */
static int
start_worker(struct app *app, struct cw_err *err)
{
	int rc = loop_worker_new(&app->worker, app->loop, "engine", engine_run, app->engine, err);

	if (rc < 0)
		return rc;
	queue_worker(app->queue, app->worker);
	app_watch(app);
	loop_worker_kick(app->worker);
	for (size_t i = 0; i < app->feeds; i++)
		feed_start(app->feed[i]);
	return CW_OK;
}

int
app_new(struct app **out, const struct app_options *options, struct conf *conf, struct cw_err *err)
{
	struct app *app = cw_calloc(1, sizeof(*app));
	int rc;

	app->o = *options;
	app->conf = conf;
	app->notify.fd = -1;
	app->arena = cw_arena_new(0);
	list_types(app);
	if (conf->secret_header != NULL)
		app->secret_header = cw_str_dup(app->arena, cw_str(conf->secret_header)).s;
	rc = start_world(app, err);
	if (rc >= 0)
		rc = start_engine_and_friends(app, err);
	if (rc >= 0)
		rc = start_listening(app, err);
	if (rc >= 0)
		rc = take_signals(app, err);
	if (rc >= 0)
		rc = app_open_admin(app, err);
	if (rc >= 0)
		rc = start_worker(app, err);
	if (rc < 0) {
		app_free(app);
		return rc;
	}
	*out = app;
	return CW_OK;
}

/* ---- the end ---- */

static void
on_last_batch(void *arg, enum job_result result)
{
	struct app *app = arg;

	(void)result;
	loop_stop(app->loop);
}

static void
on_drained(void *arg)
{
	struct app *app = arg;
	struct job *stop = job_new(JOB_STOP);

	stop->done = on_last_batch;
	stop->awaited = true;
	stop->arg = app;
	if (!queue_submit(app->queue, stop))
		loop_stop(app->loop);
}

/* What is under way may end; a second signal ends at once. */
static void
on_stop(void *arg)
{
	struct app *app = arg;

	if (app->stopping) {
		loop_stop(app->loop);
		return;
	}
	app->stopping = true;
	log_say(LOG_STOPPING, NULL);
	notify_stopping(&app->notify);
	receive_stop(app->receive);
	listen_pause(app->listen);
	for (size_t i = 0; i < app->feeds; i++)
		feed_stop(app->feed[i]);
	outbox_drain(app->outbox, DRAIN_MS, on_drained, app);
}

int
app_run(struct app *app, struct cw_err *err)
{
	app_tell_ready(app);
	loop_run(app->loop);
	log_say(LOG_STOPPED, NULL);
	if (app->status < 0)
		*err = app->err;
	return app->status;
}

void
app_free(struct app *app)
{
	if (app == NULL)
		return;
	loop_worker_free(app->worker);
	app_ask_end(app);
	listen_close(app->control);
	listen_close(app->admin);
	listen_close(app->listen);
	receive_free(app->receive);
	for (size_t i = 0; i < app->feeds; i++)
		feed_free(app->feed[i]);
	free(app->feed);
	outbox_free(app->outbox);
	intake_free(app->intake);
	queue_free(app->queue);
	if (app->engine == NULL)
		rules_free(app->rules);
	engine_free(app->engine);
	loop_timer_free(app->tick);
	loop_timer_free(app->watchdog);
	app_watch_end(app);
	store_close(app->store);
	seal_key_free(app->key);
	tls_server_free(app->tls);
	http_free(app->http);
	log_clock(NULL);
	loop_free(app->loop);
	conf_free(app->conf);
	conf_free(app->old_conf);
	metrics_free(app->metrics);
	notify_close(&app->notify);
	cw_arena_free(app->arena);
	free(app);
}

const char *
app_address(const struct app *app)
{
	return app->listen == NULL ? NULL : listen_address(app->listen);
}

const char *
app_admin_address(const struct app *app)
{
	return app->admin == NULL ? NULL : listen_address(app->admin);
}

const char *
app_public(const struct app *app)
{
	return app->public;
}
