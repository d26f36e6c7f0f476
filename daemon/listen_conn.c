#include "config.h"

#include "daemon/listen_guard.h"
#include "daemon/listen_internal.h"
#include "daemon/tls.h"

#include <assert.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How it works.  evhttp gets a bufferevent of ours (listen_conn_new).  A callback on its input
 * buffer (on_input) runs whenever bytes have come and before evhttp sees them: it takes them all
 * into `held`, and gives back to the input only a head that was judged good, then its body, then
 * nothing until the answer has gone out.  A head that is refused is replaced by a request of our
 * own making, which listen.c knows by the state and answers: so answers stay in order and evhttp
 * ends the connection.  A connection's end is told by evhttp's closecb. */

enum {
	PIPELINED = 64 * 1024, /* bytes held while an answer is awaited; then reading stops */
	LINGER = 1000	       /* ms to let the peer read a refusal before the reset */
};

/* ---- deadlines ---- */

/* Most deadlines are put off before they come: so the timer is only set when it would be too late,
 * and looks again when it runs out too early. */
static void
set_timer(struct listen_conn *conn)
{
	int64_t delay = conn->deadline - loop_steady(conn->listen->loop);
	struct timeval t = { .tv_sec = 0 };

	if (delay > 0)
		t = (struct timeval){ .tv_sec = delay / 1000, .tv_usec = delay % 1000 * 1000 };
	conn->timer_at = conn->deadline;
	event_add(conn->timer, &t);
}

static void
due_at(struct listen_conn *conn, int64_t deadline)
{
	conn->deadline = deadline;
	if (conn->timer_at > deadline)
		set_timer(conn);
}

void
listen_conn_deadline(struct listen_conn *conn, int64_t delay)
{
	due_at(conn, loop_steady(conn->listen->loop) + delay);
}

void
listen_conn_cut(struct listen_conn *conn)
{
	shutdown(conn->fd, SHUT_RDWR);
}

/* ---- a connection's end ---- */

void
listen_accept(struct listen *l)
{
	if (l->bound && l->n < l->options.connections && evconnlistener_enable(l->listener) != 0)
		listen_retry(l);
}

void
listen_conn_free(struct listen_conn *conn)
{
	struct listen *l = conn->listen;

	if (conn->before)
		conn->before->next = conn->next;
	else
		l->first = conn->next;
	if (conn->next)
		conn->next->before = conn->before;
	l->n--;
	event_free(conn->timer);
	if (conn->linger) {
		close(event_get_fd(conn->linger));
		event_free(conn->linger);
	}
	evbuffer_free(conn->held);
	tls_names_free(conn->san);
	free(conn);
	listen_accept(l);
}

static void
on_linger(int fd, short what, void *arg)
{
	char bytes[4096];

	(void)what;
	if (recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT) <= 0)
		listen_conn_free(arg);
}

/* A close with bytes unread resets the connection, and the peer may lose the refusal: so a second
 * descriptor holds it open until the peer has read, or for a moment. */
static void
linger(struct listen_conn *conn)
{
	int fd = dup(conn->fd);

	if (fd < 0) {
		listen_conn_free(conn);
		return;
	}
	conn->state = LINGERING;
	conn->linger = event_new(conn->listen->base, fd, EV_READ | EV_PERSIST, on_linger, conn);
	event_add(conn->linger, NULL);
	listen_conn_deadline(conn, LINGER);
}

static void
on_closed(struct evhttp_connection *evcon, void *arg)
{
	struct listen_conn *conn = arg;
	struct listen_exchange *exchange = conn->exchange;

	(void)evcon;
	if (exchange) {
		exchange->conn = NULL;
		/* Unless evhttp has let go of the request, it frees it now. */
		if (evhttp_request_get_connection(exchange->req))
			exchange->req = NULL;
	}
	conn->listen->by_fd[conn->fd] = NULL;
	evbuffer_remove_cb_entry(bufferevent_get_input(conn->bev), conn->watch);
	if (conn->state == REFUSED && conn->listen->bound)
		linger(conn);
	else
		listen_conn_free(conn);
}

/* ---- a connection's begin ---- */

static int
peer_uid(int fd)
{
	struct ucred peer;
	socklen_t n = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) == 0 ? (int)peer.uid : -1;
}

/* evhttp has made its connection: learn of its end, and by which descriptor to find it. */
static void
attach(struct listen_conn *conn)
{
	struct listen *l = conn->listen;
	void *evcon;

	bufferevent_getcb(conn->bev, NULL, NULL, NULL, &evcon);
	evhttp_connection_set_closecb(evcon, on_closed, conn);
	conn->fd = bufferevent_getfd(conn->bev);
	assert(conn->fd >= 0);
	if ((size_t)conn->fd >= l->fds) {
		size_t n = (size_t)conn->fd + 256;

		l->by_fd = cw_realloc(l->by_fd, n * sizeof(*l->by_fd));
		memset(l->by_fd + l->fds, 0, (n - l->fds) * sizeof(*l->by_fd));
		l->fds = n;
	}
	l->by_fd[conn->fd] = conn;
	conn->uid = l->place.path ? peer_uid(conn->fd) : -1;
	/* Without its TLS nothing may be read from it, let alone served. */
	if (l->tls && !conn->secure) {
		conn->state = REFUSED;
		listen_conn_cut(conn);
		return;
	}
	conn->state = HEAD;
	conn->begun = loop_steady(l->loop);
	due_at(conn, conn->begun + l->options.head_deadline);
}

static void
on_time(int fd, short what, void *arg)
{
	struct listen_conn *conn = arg;

	(void)fd;
	(void)what;
	conn->timer_at = INT64_MAX;
	if (conn->state == FRESH)
		attach(conn);
	else if (conn->state == HANDED) /* it takes as long as it takes */
		return;
	else if (loop_steady(conn->listen->loop) < conn->deadline)
		set_timer(conn);
	else if (conn->state == LINGERING)
		listen_conn_free(conn);
	else
		listen_conn_cut(conn);
}

static void on_input(struct evbuffer *input, const struct evbuffer_cb_info *info, void *arg);

struct bufferevent *
listen_conn_new(struct event_base *base, void *arg)
{
	struct listen *l = arg;
	struct listen_conn *conn = cw_calloc(1, sizeof(*conn));
	struct ssl_st *ssl = l->tls ? tls_server_accept(l->tls) : NULL;

	conn->listen = l;
	conn->timer_at = INT64_MAX;
	conn->secure = ssl != NULL;
	conn->bev = ssl ? bufferevent_openssl_socket_new(
			      base, -1, ssl, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE)
			: bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
	conn->held = evbuffer_new();
	conn->timer = event_new(base, -1, 0, on_time, conn);
	if (!conn->bev || !conn->held || !conn->timer)
		abort(); /* for want of memory */
	conn->watch = evbuffer_add_cb(bufferevent_get_input(conn->bev), on_input, conn);
	conn->next = l->first;
	if (conn->next)
		conn->next->before = conn;
	l->first = conn;
	if (++l->n >= l->options.connections)
		evconnlistener_disable(l->listener);
	/* Runs before the loop looks at descriptors again, so before the peer can be gone. */
	event_active(conn->timer, EV_TIMEOUT, 0);
	return conn->bev;
}

/* ---- the guard ---- */

/* Give n held bytes to evhttp. */
static void
pass(struct listen_conn *conn, size_t n)
{
	struct evbuffer *input = bufferevent_get_input(conn->bev);

	if (evbuffer_remove_buffer(conn->held, input, n) != (int)n)
		abort();
}

static void
refuse(struct listen_conn *conn, int status, const char *reason)
{
	static const char request[] = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

	conn->state = REFUSED;
	conn->status = status;
	conn->reason = reason;
	evbuffer_drain(conn->held, evbuffer_get_length(conn->held));
	evbuffer_add(bufferevent_get_input(conn->bev), request, sizeof(request) - 1);
}

/* Judge what is held of a head; pass it on when it is whole and good. */
static void
judge_head(struct listen_conn *conn)
{
	static const char none[] = "Content-Length: 0\r\n\r\n";
	const struct listen_options *o = &conn->listen->options;
	size_t n = evbuffer_get_length(conn->held);
	size_t most = n < GUARD_HEAD ? n : GUARD_HEAD;
	struct cw_str bytes = { (char *)evbuffer_pullup(conn->held, (ev_ssize_t)most), most };
	struct guard_head head;
	int64_t end = guard_end(bytes, &conn->seen);

	if (end == 0 && n >= GUARD_HEAD)
		refuse(conn, 431, "The head is too large");
	else if (end < 0)
		refuse(conn, 400, "A line of the head does not end as it must");
	if (end <= 0)
		return;
	guard_head(&head, (struct cw_str){ bytes.s, (size_t)end }, conn->listen->secret_header);
	if (!head.refuse && head.length > o->largest) {
		head.refuse = 413;
		head.reason = "The body is too large";
	}
	if (head.refuse) {
		refuse(conn, head.refuse, head.reason);
		return;
	}
	conn->seen = 0;
	conn->left = head.length;
	/* Without a length evhttp's guess would depend on other headers. */
	pass(conn, (size_t)end - (head.sized ? 0 : 2));
	if (!head.sized) {
		evbuffer_drain(conn->held, 2);
		evbuffer_add(bufferevent_get_input(conn->bev), none, sizeof(none) - 1);
	}
	conn->state = head.length > 0 ? BODY : HANDED;
}

static void
pass_body(struct listen_conn *conn)
{
	size_t n = evbuffer_get_length(conn->held);

	if (n > conn->left)
		n = (size_t)conn->left;
	pass(conn, n);
	conn->left -= n;
	if (conn->left == 0)
		conn->state = HANDED;
}

/* Do what can be done with the bytes that are held. */
static void
guard(struct listen_conn *conn)
{
	const struct listen_options *o = &conn->listen->options;
	size_t n;

	conn->busy = true;
	if (conn->state == HEAD && evbuffer_get_length(conn->held) > 0) {
		if (conn->begun == 0)
			conn->begun = loop_steady(conn->listen->loop);
		judge_head(conn);
	}
	if (conn->state == BODY)
		pass_body(conn);
	if (conn->begun > 0 && (conn->state == HEAD || conn->state == BODY))
		due_at(conn, conn->begun + (conn->state == HEAD ? o->head_deadline : o->deadline));
	n = evbuffer_get_length(conn->held);
	if (conn->state == REFUSED)
		evbuffer_drain(conn->held, n);
	else if (n > PIPELINED) /* until evhttp begins to read the next request */
		bufferevent_disable(conn->bev, EV_READ);
	conn->busy = false;
}

/* Take what has come from behind what evhttp was given and has not read yet. */
static void
take_new(struct listen_conn *conn, struct evbuffer *input, size_t given)
{
	struct evbuffer *all;

	if (given == 0) {
		evbuffer_add_buffer(conn->held, input);
		return;
	}
	all = evbuffer_new();
	if (!all)
		abort();
	evbuffer_add_buffer(all, input);
	evbuffer_remove_buffer(all, input, given);
	evbuffer_add_buffer(conn->held, all);
	evbuffer_free(all);
}

static void
on_input(struct evbuffer *input, const struct evbuffer_cb_info *info, void *arg)
{
	struct listen_conn *conn = arg;

	if (conn->busy || info->n_added == 0)
		return;
	/* The most of a large body stays where it is. */
	if (conn->state == BODY && info->n_added < conn->left) {
		conn->left -= info->n_added;
		return;
	}
	conn->busy = true;
	take_new(conn, input, info->orig_size);
	guard(conn);
}

void
listen_conn_next(struct listen_conn *conn)
{
	struct evbuffer *input = bufferevent_get_input(conn->bev);

	if (conn->state != ANSWERED)
		return;
	conn->state = HEAD;
	conn->begun = 0;
	listen_conn_deadline(conn, conn->listen->options.idle);
	/* A plain bufferevent freezes the end of its input between reads. */
	evbuffer_unfreeze(input, 0);
	guard(conn);
	if (!conn->secure)
		evbuffer_freeze(input, 0);
}
