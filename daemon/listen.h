/* listen: one HTTP/1.1 listener with strict guards (RFC 9112), plain or TLS, TCP or unix socket.
 *
 * Refuses before any handler runs: what is not HTTP/1.1 or 1.0 by the letter (bare LF, NUL, a name
 * that is no token, two of Content-Length, Host, Authorization or of the secret's header, both
 * Content-Length and Transfer-Encoding, no Host), and Transfer-Encoding (411).  What is refused is
 * told in an OperationOutcome, and the connection ends.  Each connection has absolute deadlines. On
 * a TLS listener nothing is served in clear. */
#ifndef DAEMON_LISTEN_H
#define DAEMON_LISTEN_H

#include "daemon/loop.h"

struct listen;
struct listen_exchange; /* one request that waits for its answer */
struct tls_server;	/* tls.h */

struct listen_options {
	const char *address;	/* "127.0.0.1:8086", "[::1]:8086", or "/path" of a unix socket */
	struct tls_server *tls; /* NULL: plain */
	size_t largest;		/* body, bytes; larger is 413 */
	size_t connections;	/* more wait in the backlog */
	int64_t head_deadline;	/* ms to a whole head: from the connection's start, later from the
				   first byte of the request */
	int64_t deadline;	/* ms to a whole request; also for the peer to take the answer */
	int64_t idle;		/* ms between requests */
	const char *secret_header; /* may stand once only; NULL: none */
};

struct listen_request {
	const char *method;
	struct cw_str path;  /* as sent, without query; begins with / */
	struct cw_str query; /* without ?; absent when there is none */
	struct cw_str body;
	struct cw_str peer; /* address, for log and audit */
	int uid;	    /* of the peer of a unix socket, else -1 */
	const char *const
	    *san; /* names in the verified certificate of the client, as tls_peer_names
		     says them, NULL at the end; NULL: it showed none */
};

struct listen_reply {
	int status;
	const char *type;		/* Content-Type; NULL: no body */
	struct cw_str body;		/* copied */
	const char *name[4], *value[4]; /* more headers */
	bool close;
};

/* Called for each whole request; answer now or later with listen_answer, once. The request and its
 * strings are borrowed until the handler returns. */
typedef void listen_handler(
    void *arg, struct listen_exchange *exchange, const struct listen_request *request);

/* Open; handler runs on the loop. CW_EIO with a reason: the address is taken, not allowed;
 * CW_EVALUE: it is none. Port 0 takes any. A unix socket that nobody listens to any more is
 * replaced. */
CW_CHECK int listen_open(struct listen **out, struct loop *loop,
    const struct listen_options *options, listen_handler *handler, void *arg, struct cw_err *err);
/* Take no more connections and end the idle ones; open exchanges may still be answered. */
void listen_pause(struct listen *listen);
/* Close; an exchange that is still open must be answered all the same, which then only frees it. */
void listen_close(struct listen *listen);
/* Where it listens ("127.0.0.1:43210" after port 0); borrowed. */
const char *listen_address(const struct listen *listen);
/* Connections that are open now, or about to be closed. */
size_t listen_connections(const struct listen *listen);
/* Use these certificates for new connections; the old are freed by their owner. */
void listen_renew(struct listen *listen, struct tls_server *tls);

/* First value of a request's header, or absent. Borrowed until the handler returns. */
struct cw_str listen_header(const struct listen_exchange *exchange, const char *name);
/* Send the answer; frees the exchange. The peer may be gone: then nothing happens. */
void listen_answer(struct listen_exchange *exchange, const struct listen_reply *reply);

#endif
