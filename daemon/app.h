/* app: the daemon: every long-lived object, started in order, stopped in the reverse.
 *
 * app_new opens the database, loads the rules, tells the engine what was left over and opens the
 * listeners; app_run lives until a signal or a failure.  No clean stop is needed: what was
 * acknowledged is in the database. */
#ifndef DAEMON_APP_H
#define DAEMON_APP_H

#include "daemon/conf.h"
#include "daemon/loop.h"

struct app;

struct app_options {
	const char
	    *conf_file; /* NULL: none, the embedded defaults; read again by SIGHUP; borrowed */
	/* Where the target without a base prints; NULL: nowhere. */
	void (*print)(void *arg, struct cw_str json);
	void *arg;
};

/* conf is the app's from now on, also on failure. Errors: of rules_load and of the configuration
 * (exit 78: CW_EVALUE, CW_ENOTFOUND ...), of the database and the listeners (CW_EIO). */
CW_CHECK int app_new(
    struct app **out, const struct app_options *options, struct conf *conf, struct cw_err *err);
/* Until SIGTERM or SIGINT (0), or a failure of the disk (CW_EIO, CW_ELIMIT, with err). */
CW_CHECK int app_run(struct app *app, struct cw_err *err);
/* Everything, without waiting; NULL allowed. */
void app_free(struct app *app);

/* Where the notification and the admin listener are; borrowed. NULL: there is none. */
const char *app_address(const struct app *app);
const char *app_admin_address(const struct app *app);
/* Base URL by which servers reach the listener. */
const char *app_public(const struct app *app);

#endif
