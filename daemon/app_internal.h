/* app_internal: what the parts of the app share. Not for others. */
#ifndef DAEMON_APP_INTERNAL_H
#define DAEMON_APP_INTERNAL_H

#include "daemon/admin.h"
#include "daemon/app.h"
#include "daemon/engine.h"
#include "daemon/feed.h"
#include "daemon/http.h"
#include "daemon/intake.h"
#include "daemon/listen.h"
#include "daemon/log.h"
#include "daemon/metrics.h"
#include "daemon/notify.h"
#include "daemon/outbox.h"
#include "daemon/receive.h"
#include "daemon/tls.h"

struct app_certificate;

struct app {
	struct app_options o;
	struct conf *conf;
	struct metrics *metrics;
	struct admin_world admin_world;
	struct notify notify;
	struct loop_timer *watchdog;
	uint64_t batches;      /* of the engine at the last look */
	int64_t moved;	       /* when it had moved on (loop_steady) */
	struct conf *old_conf; /* until the engine has let go of it */
	struct loop *loop;
	struct http *http;
	struct store *store;
	struct queue *queue;
	struct rules *rules; /* those the sift uses; the engine owns them, or will */
	struct engine *engine;
	struct loop_worker *worker;
	struct loop_timer *tick;
	struct loop_timer *look;
	int64_t ahead; /* of the wall clock before the steady one */
	struct app_certificate *certificate;
	size_t certificates;
	struct intake *intake;
	struct feed **feed;
	uint32_t *number; /* [feed] */
	size_t feeds;
	struct cw_str *base; /* [store_feed number] */
	const char **name;   /* [store_feed number] */
	size_t bases;
	struct cw_str *type;
	size_t types;
	struct outbox *outbox;
	struct receive *receive;
	struct tls_server *tls;
	struct listen *listen, *admin, *control;
	struct app_asking *asking; /* questions whose answer is to come */
	int64_t started;
	struct seal_key *key;	/* of the audit chain, or NULL */
	struct cw_arena *arena; /* names, for as long as the app */
	const char *public, *secret_header;
	bool stopping, reloading, full;
	int status;
	struct cw_err err;
};

/* Metrics, the admin listener, what systemd is told. */
CW_CHECK int app_open_admin(struct app *app, struct cw_err *err);
/* The start has come to its end. */
void app_tell_ready(struct app *app);

/* A listen_handler for what commands ask (answer.h, and "daemon": how the loop is). */
void app_ask(void *app, struct listen_exchange *exchange, const struct listen_request *request);
enum { APP_JSON = -1 /* in place of a page */ };
/* Ask the engine; open_only: of alerts only those that are open. The answer goes out as that page
 * (page.h) or as JSON. */
void app_ask_engine(struct app *app, struct listen_exchange *exchange,
    const struct listen_request *request, struct cw_str question, bool open_only, int page);
/* How the loop is, in the same way. */
void app_answer_daemon(const struct app *app, struct listen_exchange *exchange, int page);
/* Answer with a page; answer: JSON when status is 200. */
void app_page_reply(struct listen_exchange *exchange, int status, int page, struct cw_str answer);
/* Answer a request for a page; false: it is for none. */
bool app_page(void *app, struct listen_exchange *exchange, const struct listen_request *request);
/* Open the socket for commands, where the admin listener is not one. */
CW_CHECK int app_open_control(
    struct app *app, const struct listen_options *options, struct cw_err *err);
/* Nothing more will be answered; before the listeners are closed. */
void app_ask_end(struct app *app);

/* Begin to watch the clock and the certificates; the worker must be there. */
void app_watch(struct app *app);
/* The configuration, or what its files hold, is another. */
void app_watch_certificates(struct app *app);
/* For the metrics: when each ends. */
void app_measure_certificates(const struct app *app);
void app_watch_end(struct app *app);

/* SIGHUP: check, then swap; what is bad is refused and the old stays. */
void app_reload(void *app);
/* Log what is doubtful in a configuration. */
void app_remark(const struct conf *conf);

#endif
