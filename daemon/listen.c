#include "config.h"

#include "daemon/listen.h"
#include "daemon/listen_guard.h"
#include "daemon/listen_internal.h"
#include "daemon/loop_event.h"
#include "daemon/tls.h"

#include <assert.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum {
	SPARE_FDS = 64,	    /* descriptors left for everything else */
	RETRY_ACCEPT = 100, /* ms, when accept() fails */
	LARGEST_DEFAULT = 16 * 1024 * 1024
};

/* ---- requests and answers ---- */

static void
on_complete(struct evhttp_request *req, void *arg)
{
	(void)req;
	listen_conn_next(arg);
}

static void
send_reply(struct listen_conn *conn, struct evhttp_request *req, const struct listen_reply *reply)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(req);
	struct evbuffer *body = evbuffer_new();

	if (!body)
		abort();
	if (reply->type)
		evhttp_add_header(headers, "Content-Type", reply->type);
	for (size_t i = 0; i < sizeof(reply->name) / sizeof(reply->name[0]); i++)
		if (reply->name[i])
			evhttp_add_header(headers, reply->name[i], reply->value[i]);
	if (reply->close || !conn->listen->bound)
		evhttp_add_header(headers, "Connection", "close");
	if (reply->type)
		evbuffer_add(body, reply->body.s, reply->body.n);
	if (conn->state != REFUSED)
		conn->state = ANSWERED;
	listen_conn_deadline(conn, conn->listen->options.deadline);
	evhttp_request_set_on_complete_cb(req, on_complete, conn);
	/* May end in on_closed at once: the connection is not to be touched after it. */
	evhttp_send_reply(req, reply->status, NULL, body);
	evbuffer_free(body);
}

static void
send_refusal(struct listen_conn *conn, struct evhttp_request *req)
{
	struct listen_reply reply = {
		.status = conn->status, .type = "application/fhir+json", .close = true
	};
	struct cw_buf text;

	cw_buf_init(&text, 0);
	cw_buf_printf(&text,
	    "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\","
	    "\"code\":\"%s\",\"diagnostics\":\"%s\"}]}",
	    conn->status == 413	 ? "too-long"
	    : conn->status > 500 ? "not-supported"
				 : "invalid",
	    conn->reason);
	reply.body = (struct cw_str){ text.s, text.n };
	send_reply(conn, req, &reply);
	cw_buf_fini(&text);
}

static void
hand_over(struct listen_conn *conn, struct evhttp_request *req)
{
	struct listen *l = conn->listen;
	struct evbuffer *body = evhttp_request_get_input_buffer(req);
	struct listen_exchange *exchange = cw_malloc(sizeof(*exchange));
	struct cw_str uri = cw_str(evhttp_request_get_uri(req));
	const char *query = memchr(uri.s, '?', uri.n);
	enum evhttp_cmd_type method = evhttp_request_get_command(req);
	struct listen_request request = { .path = uri, .uid = conn->uid };
	char *peer = NULL;
	ev_uint16_t port;

	if (query) {
		request.path.n = (size_t)(query - uri.s);
		request.query = (struct cw_str){ query + 1, uri.n - request.path.n - 1 };
	}
	request.method = method == EVHTTP_REQ_GET    ? "GET"
			 : method == EVHTTP_REQ_PUT  ? "PUT"
			 : method == EVHTTP_REQ_POST ? "POST"
						     : "DELETE";
	request.body =
	    (struct cw_str){ (char *)evbuffer_pullup(body, -1), evbuffer_get_length(body) };
	if (!request.body.s)
		request.body = CW_STR("");
	evhttp_connection_get_peer(evhttp_request_get_connection(req), &peer, &port);
	request.peer = cw_str(l->place.path ? "unix" : peer);
	if (conn->secure && !conn->named) {
		conn->san = tls_peer_names(bufferevent_openssl_get_ssl(conn->bev));
		conn->named = true;
	}
	request.san = (const char *const *)conn->san;
	*exchange = (struct listen_exchange){ .listen = l, .conn = conn, .req = req };
	conn->exchange = exchange;
	l->handler(l->arg, exchange, &request);
}

/* evhttp has a whole request. */
static void
on_request(struct evhttp_request *req, void *arg)
{
	struct listen *l = arg;
	struct bufferevent *bev =
	    evhttp_connection_get_bufferevent(evhttp_request_get_connection(req));
	struct listen_conn *conn = l->by_fd[bufferevent_getfd(bev)];

	assert(conn && conn->bev == bev);
	assert(!l->tls || bufferevent_openssl_get_ssl(bev));
	if (conn->state == REFUSED)
		send_refusal(conn, req);
	else
		hand_over(conn, req);
}

struct cw_str
listen_header(const struct listen_exchange *exchange, const char *name)
{
	return cw_str(evhttp_find_header(evhttp_request_get_input_headers(exchange->req), name));
}

void
listen_answer(struct listen_exchange *exchange, const struct listen_reply *reply)
{
	if (exchange->conn) {
		exchange->conn->exchange = NULL;
		send_reply(exchange->conn, exchange->req, reply);
	} else if (exchange->req) {
		evhttp_request_free(exchange->req);
	}
	free(exchange);
}

/* ---- the listener ---- */

void
listen_retry(struct listen *l)
{
	struct timeval t = { .tv_usec = RETRY_ACCEPT * 1000 };

	event_add(l->retry, &t);
}

/* Those that are open: evhttp takes the listener's argument for itself, and tells only that. */
static struct listen *all_open;

/* No descriptor left, say: without a pause the loop would do nothing else. */
static void
on_accept_error(struct evconnlistener *listener, void *http)
{
	struct listen *l = all_open;

	while (l->http != http)
		l = l->next_open;
	evconnlistener_disable(listener);
	listen_retry(l);
}

static void
on_retry(int fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	listen_accept(arg);
}

/* As many connections as there are descriptors for. */
static void
fit_descriptors(struct listen *l)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	if (limit.rlim_cur < l->options.connections + SPARE_FDS &&
	    limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = l->options.connections + SPARE_FDS;
		if (limit.rlim_cur > limit.rlim_max)
			limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
		getrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur < l->options.connections + SPARE_FDS)
		l->options.connections =
		    limit.rlim_cur > 2 * SPARE_FDS ? limit.rlim_cur - SPARE_FDS : SPARE_FDS;
}

static void
start_http(struct listen *l, int fd)
{
	const struct timeval day = { .tv_sec = 24 * 3600 };

	l->http = evhttp_new(l->base);
	l->retry = event_new(l->base, -1, 0, on_retry, l);
	l->listener = evconnlistener_new(
	    l->base, NULL, NULL, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
	if (!l->http || !l->retry || !l->listener)
		abort(); /* for want of memory */
	/* Longer than the guard lets pass, and our own deadlines: evhttp's are for each read. */
	evhttp_set_max_headers_size(l->http, 2 * GUARD_HEAD);
	evhttp_set_max_body_size(l->http, (ev_ssize_t)l->options.largest);
	evhttp_set_timeout_tv(l->http, &day);
	evhttp_set_allowed_methods(
	    l->http, EVHTTP_REQ_GET | EVHTTP_REQ_PUT | EVHTTP_REQ_POST | EVHTTP_REQ_DELETE);
	evhttp_set_default_content_type(l->http, NULL);
	evhttp_set_bevcb(l->http, listen_conn_new, l);
	evhttp_set_gencb(l->http, on_request, l);
	l->bound = evhttp_bind_listener(l->http, l->listener);
	evconnlistener_set_error_cb(l->listener, on_accept_error);
}

int
listen_open(struct listen **out, struct loop *loop, const struct listen_options *options,
    listen_handler *handler, void *arg, struct cw_err *err)
{
	struct listen *l = cw_calloc(1, sizeof(*l));
	int fd = -1, code = listen_place(&l->place, &fd, options->address, err);

	if (code != CW_OK) {
		free(l);
		return code;
	}
	l->loop = loop;
	l->base = loop_base(loop);
	l->options = *options;
	l->options.address = l->options.secret_header = NULL;
	if (l->options.largest == 0)
		l->options.largest = LARGEST_DEFAULT;
	if (options->secret_header)
		l->secret_header = cw_strdup(options->secret_header);
	l->tls = options->tls;
	l->handler = handler;
	l->arg = arg;
	fit_descriptors(l);
	start_http(l, fd);
	l->next_open = all_open;
	all_open = l;
	listen_accept(l); /* evhttp has tried, and does not say whether it could */
	*out = l;
	return CW_OK;
}

void
listen_pause(struct listen *l)
{
	if (!l->bound)
		return;
	evhttp_del_accept_socket(l->http, l->bound);
	l->bound = NULL;
	for (struct listen_conn *conn = l->first; conn; conn = conn->next)
		if (conn->state == HEAD && conn->begun == 0)
			listen_conn_cut(conn);
}

void
listen_close(struct listen *l)
{
	struct listen **p = &all_open;

	if (!l)
		return;
	listen_pause(l);
	while (*p != l)
		p = &(*p)->next_open;
	*p = l->next_open;
	evhttp_free(l->http);
	while (l->first) /* those that linger */
		listen_conn_free(l->first);
	event_free(l->retry);
	listen_place_free(&l->place);
	free(l->secret_header);
	free(l->by_fd);
	free(l);
}

const char *
listen_address(const struct listen *l)
{
	return l->place.name;
}

size_t
listen_connections(const struct listen *l)
{
	return l->n;
}

void
listen_renew(struct listen *l, struct tls_server *tls)
{
	assert(!l->tls == !tls);
	l->tls = tls;
}
