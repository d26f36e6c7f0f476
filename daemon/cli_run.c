/* cordwatch run: the daemon. */
#include "config.h"

#include "daemon/app.h"
#include "daemon/cli.h"
#include "daemon/log.h"
#include "daemon/package_dir.h"

#include <string.h>
#include <unistd.h>

static const struct cli_option options[] = {
	{ "config", "FILE", "cordwatch.conf; conf.d beside it is read too", false },
	{ "verbose", NULL, "say more", false },
};

/* The embedded target: a request that would be sent, a line each. */
static void
print(void *arg, struct cw_str json)
{
	(void)arg;
	printf("%.*s\n", CW_ARG(json));
	fflush(stdout);
}

/* Whoever starts it without a configuration must see what that means, and what to do next. */
static void
say_embedded(const struct app *app, const struct conf *conf)
{
	const char *feed = conf->feed[0].name;

	fprintf(stderr,
	    "\n"
	    "cordwatch runs without a configuration: for trying out only.\n"
	    "  It listens on this machine alone, asks no secret, watches no server,\n"
	    "  keeps its database in %s\n"
	    "  and prints each ServiceRequest here in place of sending it.\n"
	    "\n"
	    "A person with cancer, and then a new weakness of the legs:\n"
	    "\n"
	    "  curl -X POST %s/fhir/%s -H 'Content-Type: application/fhir+json' \\\n"
	    "    -d '{\"resourceType\":\"Condition\",\"id\":\"c1\",\"subject\":{\"reference\":"
	    "\"Patient/p1\"},\"clinicalStatus\":{\"coding\":[{\"code\":\"active\"}]},\"code\":"
	    "{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"254837009\"}]}}'\n"
	    "  curl -X POST %s/fhir/%s -H 'Content-Type: application/fhir+json' \\\n"
	    "    -d '{\"resourceType\":\"Observation\",\"id\":\"o1\",\"status\":\"final\","
	    "\"subject\":{\"reference\":\"Patient/p1\"},\"code\":{\"coding\":[{\"system\":"
	    "\"http://snomed.info/sct\",\"code\":\"26544005\"}]}}'\n"
	    "\n",
	    conf->state_dir, app_public(app), feed, app_public(app), feed);
}

/* A fault of the configuration, the rules or the certificates is 78; the rest is the machine's. */
static int
status_of(const struct cw_err *err)
{
	switch (err->code) {
	case CW_EIO:
		return EX_IOERR;
	case CW_ELIMIT:
		return EX_CANTCREAT;
	default:
		return EX_CONFIG;
	}
}

static int
fault(const struct cw_err *err)
{
	(void)package_dir_fault(err);
	return status_of(err);
}

static int
serve(const struct app_options *o, struct conf *conf)
{
	const bool embedded = conf->embedded;
	struct app *app;
	struct cw_err err = { 0 };
	int status = EX_OK;

	if (app_new(&app, o, conf, &err) < 0)
		return fault(&err);
	if (embedded)
		say_embedded(app, conf);
	if (app_run(app, &err) < 0)
		status = fault(&err);
	app_free(app);
	return status;
}

static int
run(const struct cli_args *args)
{
	struct log_options log = { .level =
				       cli_has(args, "verbose") ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO,
		.fd = STDERR_FILENO };
	struct app_options o = { .conf_file = cli_value(args, "config"), .print = print };
	struct conf *conf;
	struct cw_err err = { 0 };
	int status;

	if (conf_load(&conf, o.conf_file, &err) < 0) {
		(void)package_dir_fault(&err);
		return EX_CONFIG;
	}
	log_open(&log);
	status = serve(&o, conf);
	log_close();
	return status;
}

const struct cli_command cli_run = {
	.name = "run",
	.help = "watch: the daemon itself",
	.more =
	    "Without --config it is for trying out: on this machine only, requests are printed.\n"
	    "SIGTERM ends it, SIGHUP reads configuration, rules and certificates again.",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.run = run,
};
