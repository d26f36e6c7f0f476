/* app_reload: SIGHUP. */
#include "daemon/app_internal.h"

static void
refuse(struct app *app, struct conf *conf, const struct cw_err *err)
{
	log_say(LOG_RELOAD_REFUSED, &(struct log_fields){ .err = err });
	metrics_set(app->metrics, METRICS_CONFIG_GOOD, NULL, 0);
	notify_ready(&app->notify);
	conf_free(conf);
}

/* New certificates for new connections; what is bad leaves the old in place. */
static int
reload_tls(struct app *app, const struct conf *conf, struct cw_err *err)
{
	struct tls_files files = {
		.cert = conf->tls_cert, .key = conf->tls_key, .client_ca = conf->client_ca
	};
	struct tls_server *new = NULL;
	int rc = files.cert == NULL ? CW_OK : tls_server_new(&new, &files, err);

	if (rc < 0 || new == NULL)
		return rc;
	listen_renew(app->listen, new);
	tls_server_free(app->tls);
	app->tls = new;
	return CW_OK;
}

void
app_remark(const struct conf *conf)
{
	for (size_t i = 0; i < conf->remarks; i++)
		log_say(LOG_CONF_REMARK, &(struct log_fields){ .err = &conf->remark[i] });
}

static void
swap(struct app *app, struct conf *conf, struct rules *rules)
{
	struct job *job = job_new(JOB_RULES);

	job->rules = rules;
	app->old_conf = app->conf;
	app->conf = conf;
	app->rules = rules;
	app->reloading = true;
	intake_use(app->intake, rules->terms);
	outbox_use(app->outbox, conf);
	for (size_t i = 0; i < app->feeds; i++)
		feed_use(app->feed[i], &conf->feed[i]);
	if (!queue_submit(app->queue, job))
		job_free(job); /* never: this kind is not refused */
	metrics_set(app->metrics, METRICS_CONFIG_GOOD, NULL, 1);
	metrics_set(app->metrics, METRICS_CONFIG_TIME, NULL, loop_now(app->loop));
	notify_ready(&app->notify);
	app_remark(conf);
	app_watch_certificates(app);
	log_say(LOG_RELOADED, &(struct log_fields){ .digest = cw_str(rules->sha256) });
}

void
app_reload(void *arg)
{
	struct app *app = arg;
	struct conf *conf = NULL;
	struct rules *rules = NULL;
	struct cw_err err = { 0 };
	const char *key;

	if (app->stopping || app->reloading)
		return;
	notify_reloading(&app->notify);
	if (conf_load(&conf, app->o.conf_file, &err) < 0) {
		refuse(app, NULL, &err);
		return;
	}
	key = conf_needs_restart(app->conf, conf);
	if (key != NULL) {
		log_say(LOG_RELOAD_RESTART, &(struct log_fields){ .word = key });
		cw_fail(&err, CW_EVALUE, "%s is taken over at a start only", key);
		refuse(app, conf, &err);
		return;
	}
	if (rules_load(&rules, conf, &err) < 0 || reload_tls(app, conf, &err) < 0) {
		rules_free(rules);
		refuse(app, conf, &err);
		return;
	}
	swap(app, conf, rules);
}
