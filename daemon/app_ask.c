/* app_ask: what commands and pages ask of the running daemon: of its loop at once, of its database
 * through the engine. */
#include "config.h"

#include "daemon/answer.h"
#include "daemon/app_internal.h"
#include "daemon/ask.h"
#include "fhir/json.h"
#include "fhir/time.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define JSON "application/json"
#define PREFIX "/ask/"

/* A question on its way through the engine. */
struct app_asking {
	struct app_asking *next;
	struct app *app;
	struct listen_exchange *exchange;
	const struct job *job; /* until it is done */
	int page;	       /* enum page_kind, or APP_JSON */
};

static void
reply(struct listen_exchange *exchange, int status, struct cw_str body)
{
	listen_answer(exchange, &(struct listen_reply){ .status = status,
				    .type = JSON,
				    .body = body,
				    .name = { "Cache-Control" },
				    .value = { "no-store" } });
}

static void
refuse(struct listen_exchange *exchange, int page, int status, const char *why)
{
	struct cw_buf body;

	if (page != APP_JSON) {
		app_page_reply(exchange, status, page, CW_STR(""));
		return;
	}
	cw_buf_init(&body, 0);
	cw_buf_printf(&body, "{\"error\":\"%s\"}\n", why);
	reply(exchange, status, (struct cw_str){ body.s, body.n });
	cw_buf_fini(&body);
}

static void
show(struct listen_exchange *exchange, int page, struct cw_str answer)
{
	if (page == APP_JSON)
		reply(exchange, 200, answer);
	else
		app_page_reply(exchange, 200, page, answer);
}

/* ---- what the loop knows ---- */

static void
member_instant(struct fhir_json_out *o, const char *key, int64_t ms)
{
	char text[FHIR_TIME_TEXT];

	if (ms != MAP_VERSION_NEVER && ms != 0)
		fhir_json_out_member(o, key, fhir_time_format_utc(ms, text));
}

static void
member_integer(struct fhir_json_out *o, const char *key, size_t n)
{
	fhir_json_out_key(o, key);
	fhir_json_out_int(o, (int64_t)n);
}

static void
put_feed(struct fhir_json_out *o, const struct feed *feed)
{
	const struct conf_feed *conf = feed_conf(feed);
	struct feed_status s;

	feed_status(feed, &s);
	fhir_json_out_object(o);
	fhir_json_out_member(o, "name", cw_str(conf->name));
	fhir_json_out_member(o, "base", cw_str(conf->base));
	fhir_json_out_member(o, "state",
	    cw_str(conf->base == NULL ? "push only"
		   : s.refused	      ? "refused"
		   : !s.reachable     ? "unreachable"
		   : s.loading	      ? "loading"
				      : "live"));
	member_instant(o, "lastContact", s.last_contact);
	member_instant(o, "lastEvent", s.last_event);
	member_instant(o, "lastPoll", s.last_poll);
	member_integer(o, "subscriptions", s.subscriptions);
	member_integer(o, "active", s.active);
	fhir_json_out_member(o, "fault", cw_str(s.fault));
	fhir_json_out_object_end(o);
}

static void
put_daemon(struct fhir_json_out *o, const struct app *app)
{
	size_t jobs, bytes;

	queue_load(app->queue, &jobs, &bytes);
	fhir_json_out_member(o, "version", CW_STR(PACKAGE_VERSION));
	fhir_json_out_key(o, "pid");
	fhir_json_out_int(o, getpid());
	member_instant(o, "started", app->started);
	fhir_json_out_member(
	    o, "mode", app->conf->mode == CONF_LIVE ? CW_STR("live") : CW_STR("shadow"));
	fhir_json_out_member(o, "rules", cw_str(app->rules->sha256));
	fhir_json_out_member(o, "configuration", cw_str(app->conf->sha256));
	fhir_json_out_member(o, "listen", cw_str(app_address(app)));
	fhir_json_out_member(o, "targets",
	    outbox_healthy(app->outbox) ? CW_STR("all answer") : CW_STR("one does not answer"));
	member_integer(o, "queue", jobs);
	member_integer(o, "connections", listen_connections(app->listen));
	fhir_json_out_key(o, "feeds");
	fhir_json_out_array(o);
	for (size_t i = 0; i < app->feeds; i++)
		put_feed(o, app->feed[i]);
	fhir_json_out_array_end(o);
}

void
app_answer_daemon(const struct app *app, struct listen_exchange *exchange, int page)
{
	struct fhir_json_out o;
	struct cw_buf body;

	cw_buf_init(&body, 0);
	fhir_json_out_init(&o, &body, false);
	fhir_json_out_object(&o);
	put_daemon(&o, app);
	fhir_json_out_object_end(&o);
	show(exchange, page, (struct cw_str){ body.s, body.n });
	cw_buf_fini(&body);
}

/* ---- what the engine knows ---- */

/* By the machine's own list: a directory on the network might not answer, and the loop waits for
 * nothing. */
static void
put_name(struct fhir_json_out *o, int uid)
{
	FILE *f = fopen("/etc/passwd", "re");
	const struct passwd *p;

	while (f != NULL && (p = fgetpwent(f)) != NULL) {
		if ((int)p->pw_uid != uid)
			continue;
		fhir_json_out_member(o, "name", cw_str(p->pw_name));
		break;
	}
	if (f != NULL)
		fclose(f);
}

static struct cw_str
who_of(struct cw_arena *arena, const struct listen_request *request)
{
	struct fhir_json_out o;
	struct cw_buf text;
	struct cw_str who;

	cw_buf_init(&text, 0);
	fhir_json_out_init(&o, &text, false);
	fhir_json_out_object(&o);
	if (request->uid >= 0) {
		fhir_json_out_key(&o, "uid");
		fhir_json_out_int(&o, request->uid);
		put_name(&o, request->uid);
	} else {
		fhir_json_out_member(&o, "address", request->peer);
	}
	fhir_json_out_object_end(&o);
	who = cw_str_dup(arena, (struct cw_str){ text.s, text.n });
	cw_buf_fini(&text);
	return who;
}

static void
forget(struct app_asking *asking)
{
	struct app_asking **p = &asking->app->asking;

	while (*p != asking)
		p = &(*p)->next;
	*p = asking->next;
	free(asking);
}

static void
on_answer(void *arg, enum job_result result)
{
	struct app_asking *asking = arg;
	const struct job *job = asking->job;

	if (result != JOB_DONE)
		refuse(asking->exchange, asking->page, 503, "the database cannot be used");
	else if (job->answered == ANSWER_UNKNOWN)
		refuse(asking->exchange, asking->page, 404, "there is no such question");
	else if (job->answered == ANSWER_NONE)
		refuse(asking->exchange, asking->page, 404, "there is none");
	else if (job->answered == ANSWER_BAD)
		refuse(asking->exchange, asking->page, 400, "an argument is missing or malformed");
	else
		show(asking->exchange, asking->page, job->answer);
	forget(asking);
}

void
app_ask_engine(struct app *app, struct listen_exchange *exchange,
    const struct listen_request *request, struct cw_str question, bool open_only, int page)
{
	struct app_asking *asking = cw_calloc(1, sizeof(*asking));
	struct job *job = job_new(JOB_ASK);

	*asking = (struct app_asking){ app->asking, app, exchange, job, page };
	app->asking = asking;
	job->ask = cw_str_dup(job->arena, question);
	job->arguments = cw_fmt(job->arena, "%.*s%s%s", CW_ARG(request->query),
	    open_only && request->query.n > 0 ? "&" : "", open_only ? "state=open" : "");
	job->who = who_of(job->arena, request);
	job->awaited = true;
	job->done = on_answer;
	job->arg = asking;
	if (queue_submit(app->queue, job))
		return;
	job_free(job);
	refuse(exchange, page, 503, "too much waits already; ask again in a moment");
	forget(asking);
}

/* ---- requests ---- */

static bool
may_all(const struct listen_request *request)
{
	return request->uid == 0 || request->uid == (int)geteuid();
}

void
app_ask(void *arg, struct listen_exchange *exchange, const struct listen_request *request)
{
	struct app *app = arg;
	struct cw_str question = { request->path.s + strlen(PREFIX),
		request->path.n - strlen(PREFIX) };
	const bool deed = answer_is_deed(question);

	if (request->uid < 0)
		refuse(exchange, APP_JSON, 404, "only over the unix socket");
	else if (strcmp(request->method, deed ? "POST" : "GET") != 0)
		refuse(exchange, APP_JSON, 405, deed ? "only POST" : "only GET");
	else if (deed && !may_all(request))
		refuse(exchange, APP_JSON, 403, "only root and the user of the daemon may do this");
	else if (cw_str_is(question, "daemon"))
		app_answer_daemon(app, exchange, APP_JSON);
	else
		app_ask_engine(app, exchange, request, question, false, APP_JSON);
}

/* What is not answered now never will be. */
void
app_ask_end(struct app *app)
{
	while (app->asking != NULL) {
		refuse(app->asking->exchange, app->asking->page, 503, "the daemon stops");
		forget(app->asking);
	}
}

int
app_open_control(struct app *app, const struct listen_options *options, struct cw_err *err)
{
	struct listen_options o = *options;
	char *path;
	int rc;

	if (app->conf->admin != NULL && app->conf->admin[0] == '/')
		return CW_OK; /* the admin listener is the one */
	path = ask_socket(app->conf);
	o.address = path;
	rc = listen_open(&app->control, app->loop, &o, admin_handle, &app->admin_world, err);
	free(path);
	return rc;
}
