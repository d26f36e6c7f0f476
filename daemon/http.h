/* http: one asynchronous HTTP request, as a client (RFC 9110; libcurl multi on the loop).
 *
 * Redirects are never followed, no cookies, no proxy unless configured, no compression; https is
 * verified against the CA of the origin.  The caller checks origins with http_below before it
 * sends a credential. */
#ifndef DAEMON_HTTP_H
#define DAEMON_HTTP_H

#include "daemon/loop.h"

struct http;
struct http_call;

/* What belongs to one peer; all may be NULL. Read again for each new connection. */
struct http_identity {
	const char *ca_file;		  /* PEM; NULL: the system's */
	const char *cert_file, *key_file; /* client certificate */
};

struct http_header {
	const char *name;
	struct cw_str value;
};

struct http_request {
	const char *method; /* "GET", "POST", "PUT", "DELETE" */
	const char *url;
	const struct http_header *header;
	size_t headers;
	struct cw_str body; /* copied; absent: none */
	const struct http_identity *identity;
	int64_t timeout; /* ms for the whole; 0: 30 s */
	size_t largest;	 /* answer, bytes; 0: 32 MiB */
};

enum http_outcome {
	HTTP_ANSWERED, /* status and body are whole */
	HTTP_UNSENT,   /* surely nothing reached the server: no connection, no name, bad TLS */
	HTTP_LOST,     /* it may have been done: time ran out, the connection broke */
	HTTP_TOO_LARGE /* answered, but body or head passed the limit and was cut off */
};

struct http_response {
	enum http_outcome outcome;
	int status; /* 0 unless a status line came */
	struct cw_str body;
	const char *reason; /* what went wrong, fixed words without URL; NULL when ANSWERED */
	const struct http_header *header; /* names in lower case */
	size_t headers;
};

/* All is borrowed until done returns. */
typedef void http_done(void *arg, const struct http_response *response);

/* A client; largest number of connections to one host. */
CW_CHECK int http_new(struct http **out, struct loop *loop, size_t connections, struct cw_err *err);
/* Calls that still run end without a word. */
void http_free(struct http *http);
/* Start; done comes later, never from within. Scheme other than http and https: HTTP_UNSENT. */
struct http_call *http_start(
    struct http *http, const struct http_request *request, http_done *done, void *arg);
/* Forget a call: done will not come. */
void http_cancel(struct http_call *call);

/* What can be told without a network, in http_origin.c. */

/* First value of an answer's header (lower-case name), or absent. */
struct cw_str http_value(const struct http_response *response, const char *name);
/* Does url have the scheme, host and port of base, and base's path or one below it at a segment
 * boundary?  No userinfo, backslash, encoded slash or dot segment.  RFC 3986 6.2, 6454. */
bool http_below(struct cw_str base, struct cw_str url);
/* Retry-After of an answer (seconds or HTTP-date; or x-ms-retry-after-ms) in ms from now, or -1.
 * RFC 9110 10.2.3. */
int64_t http_retry_after(const struct http_response *response, int64_t now);
/* Append a value to a query, percent-encoded. RFC 3986 2.1. */
void http_escape(struct cw_buf *query, struct cw_str value);

#endif
