/* app_watch: what only the passing of time shows: certificates that end, a clock that was set. */
#include "daemon/app_internal.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	LOOK_EVERY = 300000, /* ms */
	LEAST_JUMP = 2000,   /* ms; less is how clocks drift */
	DAY_MS = 86400000
};

struct app_certificate {
	char role[48]; /* for the metric */
	const char *file;
	int64_t expires; /* UTC ms */
	int told;	 /* for so many days to go it was said */
};

/* ---- certificates ---- */

/* Days to go at which it is said; more is no matter. */
static int
mark_of(int64_t left)
{
	static const int mark[] = { 0, 1, 7, 30 };

	for (size_t i = 0; i < sizeof(mark) / sizeof(mark[0]); i++) {
		if (left <= mark[i] * (int64_t)DAY_MS)
			return mark[i];
	}
	return 31;
}

static void
add_certificate(struct app *app, const char *kind, const char *name, const char *file)
{
	struct app_certificate *c = &app->certificate[app->certificates];
	struct cw_err err = { 0 };

	if (file == NULL)
		return;
	*c = (struct app_certificate){ .file = file, .told = 31 };
	snprintf(c->role, sizeof(c->role), "%s%s%s", kind, name[0] == '\0' ? "" : ":", name);
	/* One that cannot be read is told of by those who use it. */
	if (tls_file_expires(&c->expires, file, &err) == CW_OK)
		app->certificates++;
}

static void
look_at_certificates(struct app *app)
{
	int64_t now = loop_now(app->loop);

	for (size_t i = 0; i < app->certificates; i++) {
		struct app_certificate *c = &app->certificate[i];
		int64_t left = c->expires - now;
		int mark = mark_of(left);

		if (mark < c->told)
			log_say(LOG_CERTIFICATE_EXPIRES,
			    &(struct log_fields){ .text = c->file,
				.word = c->role,
				.count = left > 0 ? (left + DAY_MS - 1) / DAY_MS : 0,
				.reason = left > 0 ? NULL : "it has expired" });
		c->told = mark;
	}
}

void
app_watch_certificates(struct app *app)
{
	const struct conf *conf = app->conf;

	free(app->certificate);
	app->certificates = 0;
	app->certificate = cw_calloc(1 + conf->feeds + conf->targets, sizeof(*app->certificate));
	add_certificate(app, "server", "", conf->tls_cert);
	for (size_t i = 0; i < conf->feeds; i++)
		add_certificate(app, "feed", conf->feed[i].name, conf->feed[i].cert_file);
	for (size_t i = 0; i < conf->targets; i++)
		add_certificate(app, "target", conf->target[i].name, conf->target[i].cert_file);
	look_at_certificates(app);
}

void
app_measure_certificates(const struct app *app)
{
	for (size_t i = 0; i < app->certificates; i++)
		metrics_set(app->metrics, METRICS_CERTIFICATE, METRICS_OF(app->certificate[i].role),
		    app->certificate[i].expires);
}

/* ---- the clock ---- */

/* What was due by the old clock, or is by the new one, is looked at anew. */
static void
look_at_clock(struct app *app)
{
	int64_t ahead = loop_now(app->loop) - loop_steady(app->loop);
	int64_t jump = ahead - app->ahead;

	if (jump >= -LEAST_JUMP && jump <= LEAST_JUMP)
		jump = 0;
	app->ahead = ahead;
	if (jump == 0)
		return;
	log_say(LOG_CLOCK_JUMPED, &(struct log_fields){ .ms = jump });
	loop_worker_kick(app->worker);
}

static void
on_look(void *arg)
{
	struct app *app = arg;

	look_at_clock(app);
	look_at_certificates(app);
	loop_timer_set(app->look, LOOK_EVERY);
}

void
app_watch(struct app *app)
{
	app->ahead = loop_now(app->loop) - loop_steady(app->loop);
	app->look = loop_timer_new(app->loop, on_look, app);
	loop_timer_set(app->look, LOOK_EVERY);
	app_watch_certificates(app);
}

void
app_watch_end(struct app *app)
{
	loop_timer_free(app->look);
	free(app->certificate);
}
