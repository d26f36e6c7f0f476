/* listen_internal: shared by the files of the listener; see listen.h. */
#ifndef DAEMON_LISTEN_INTERNAL_H
#define DAEMON_LISTEN_INTERNAL_H

#include "daemon/listen.h"

struct bufferevent;
struct evbuffer_cb_entry;
struct event_base;
struct evhttp_request;

struct listen_place {
	char *name; /* "127.0.0.1:43210" or the path */
	char *path; /* of a unix socket, removed at the end; else NULL */
};

/* A socket that listens on the address, in *fd. CW_EVALUE: it is no address; CW_EIO. */
CW_CHECK int listen_place(
    struct listen_place *out, int *fd, const char *address, struct cw_err *err);
void listen_place_free(struct listen_place *place);

enum listen_state {
	FRESH,	  /* evhttp has not told us of its connection */
	HEAD,	  /* waiting for a request, or in its head */
	BODY,	  /* in the body */
	HANDED,	  /* with the handler */
	ANSWERED, /* the answer is going out */
	REFUSED,  /* whatever comes is thrown away */
	LINGERING /* evhttp is done with it */
};

struct listen {
	struct loop *loop;
	struct event_base *base;
	struct evhttp *http;
	struct evhttp_bound_socket *bound; /* NULL once paused */
	struct evconnlistener *listener;
	struct event *retry;
	struct listen_options options; /* without strings */
	char *secret_header;
	struct tls_server *tls;
	listen_handler *handler;
	void *arg;
	struct listen_conn *first;
	size_t n;
	struct listen_conn **by_fd; /* those that evhttp knows */
	size_t fds;
	struct listen_place place;
	struct listen *next_open;
};

struct listen_conn {
	struct listen *listen;
	struct listen_conn *next, *before;
	struct bufferevent *bev;
	struct evbuffer_cb_entry *watch;
	struct evbuffer *held;
	struct event *timer;
	int64_t deadline, timer_at; /* steady ms; what is due, and when the timer looks */
	struct listen_exchange *exchange;
	char **san;
	enum listen_state state;
	int fd, uid, status;
	const char *reason; /* why refused */
	int64_t begun;	    /* when the request began, steady ms; 0 between requests */
	size_t seen;	    /* of the head */
	uint64_t left;	    /* of the body */
	bool secure, busy, named;
	struct event *linger;
};

struct listen_exchange {
	struct listen *listen;
	struct listen_conn *conn;   /* NULL: the peer is gone */
	struct evhttp_request *req; /* NULL: gone with it */
};

/* For evhttp, when a connection was accepted: its bufferevent. Never NULL: evhttp would then serve
 * in clear. */
struct bufferevent *listen_conn_new(struct event_base *base, void *listen);
/* End it; evhttp sees it as the peer's doing and frees it. */
void listen_conn_cut(struct listen_conn *conn);
/* Free one that evhttp does not know any more. */
void listen_conn_free(struct listen_conn *conn);
/* Cut it in delay ms. */
void listen_conn_deadline(struct listen_conn *conn, int64_t delay);
/* The answer is out: go on to the next request, which may have come already. */
void listen_conn_next(struct listen_conn *conn);
/* Take connections again if there is room. */
void listen_accept(struct listen *listen);
/* Try that once more in a moment. */
void listen_retry(struct listen *listen);

#endif
