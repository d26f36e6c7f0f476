#include "config.h"

#include "daemon/http.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_HEADERS = 128, HEADER_BYTES = 256 * 1024 };

struct http {
	struct loop *loop;
	CURLM *multi;
	struct loop_timer *timer; /* when libcurl wants to be called */
	struct http_call *first;
};

struct http_call {
	struct http *http;
	struct http_call *next, *before;
	CURL *easy;
	struct curl_slist *lines;   /* of the request's head */
	struct loop_timer *refused; /* the request cannot be made: say so, but not from within */
	struct cw_arena *arena;	    /* the answer's headers */
	struct http_header header[MOST_HEADERS];
	size_t headers, head; /* how many; bytes of all heads that came */
	struct cw_buf body;
	bool unfit; /* libcurl refused a setting */
	http_done *done;
	void *arg;
};

/* ---- libcurl and the loop ---- */

static void finish_calls(struct http *http);

static void
on_socket(void *arg, int fd, int ready)
{
	struct http *http = arg;
	int running;

	curl_multi_socket_action(http->multi, fd,
	    (ready & LOOP_READ ? CURL_CSELECT_IN : 0) | (ready & LOOP_WRITE ? CURL_CSELECT_OUT : 0),
	    &running);
	finish_calls(http);
}

static void
on_timer(void *arg)
{
	struct http *http = arg;
	int running;

	curl_multi_socket_action(http->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	finish_calls(http);
}

static int
want_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *watched)
{
	struct http *http = arg;
	struct loop_fd *watch = watched;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		loop_fd_free(watch);
		curl_multi_assign(http->multi, fd, NULL);
		return 0;
	}
	if (!watch) {
		watch = loop_fd_new(http->loop, fd, on_socket, http);
		curl_multi_assign(http->multi, fd, watch);
	}
	loop_fd_want(
	    watch, (what & CURL_POLL_IN ? LOOP_READ : 0) | (what & CURL_POLL_OUT ? LOOP_WRITE : 0));
	return 0;
}

static int
want_timer(CURLM *multi, long delay, void *arg)
{
	struct http *http = arg;

	(void)multi;
	if (delay < 0)
		loop_timer_stop(http->timer);
	else
		loop_timer_set(http->timer, delay);
	return 0;
}

int
http_new(struct http **out, struct loop *loop, size_t connections, struct cw_err *err)
{
	struct http *http = cw_calloc(1, sizeof(*http));

	if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, cw_malloc, free, cw_realloc, cw_strdup,
		cw_calloc) != CURLE_OK ||
	    !(http->multi = curl_multi_init())) {
		free(http);
		return cw_fail(err, CW_EIO, "libcurl cannot be started");
	}
	http->loop = loop;
	http->timer = loop_timer_new(loop, on_timer, http);
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, want_socket);
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, want_timer);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
	curl_multi_setopt(http->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
	curl_multi_setopt(http->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)connections);
	*out = http;
	return CW_OK;
}

void
http_free(struct http *http)
{
	if (!http)
		return;
	while (http->first)
		http_cancel(http->first);
	curl_multi_cleanup(http->multi);
	loop_timer_free(http->timer);
	free(http);
	curl_global_cleanup();
}

/* ---- what comes back ---- */

static size_t
on_body(char *bytes, size_t size, size_t n, void *arg)
{
	struct http_call *call = arg;

	cw_buf_add(&call->body, bytes, size * n);
	return call->body.over ? 0 : size * n;
}

static struct cw_str
trim(struct cw_str s)
{
	while (s.n > 0 && strchr(" \t\r\n", s.s[s.n - 1]))
		s.n--;
	while (s.n > 0 && strchr(" \t", s.s[0])) {
		s.s++;
		s.n--;
	}
	return s;
}

static size_t
on_header(char *bytes, size_t size, size_t n, void *arg)
{
	struct http_call *call = arg;
	const char *colon = memchr(bytes, ':', size * n);
	struct cw_str name, value;
	char *lower;

	call->head += size * n;
	if (call->head > HEADER_BYTES)
		return 0;
	/* A status line: of the answer, or of another after "100 Continue". */
	if (size * n > 5 && memcmp(bytes, "HTTP/", 5) == 0) {
		cw_arena_reset(call->arena);
		call->headers = 0;
		return size * n;
	}
	/* What comes after the body is a trailer, and no header. */
	if (!colon || call->headers == MOST_HEADERS || call->body.n > 0)
		return size * n;
	name = cw_str_dup(call->arena, (struct cw_str){ bytes, (size_t)(colon - bytes) });
	value = trim((struct cw_str){ colon + 1, size * n - (size_t)(colon + 1 - bytes) });
	value = cw_str_dup(call->arena, value);
	lower = (char *)(uintptr_t)name.s;
	for (size_t i = 0; i < name.n; i++)
		if (lower[i] >= 'A' && lower[i] <= 'Z')
			lower[i] = (char)(lower[i] - 'A' + 'a');
	call->header[call->headers++] = (struct http_header){ lower, value };
	return size * n;
}

/* ---- the life of a call ---- */

/* Out of the list and of libcurl's hands. */
static void
detach(struct http_call *call)
{
	if (call->before)
		call->before->next = call->next;
	else
		call->http->first = call->next;
	if (call->next)
		call->next->before = call->before;
	if (!call->refused)
		curl_multi_remove_handle(call->http->multi, call->easy);
}

static void
release(struct http_call *call)
{
	curl_easy_cleanup(call->easy);
	curl_slist_free_all(call->lines);
	loop_timer_free(call->refused);
	cw_arena_free(call->arena);
	cw_buf_fini(&call->body);
	free(call);
}

void
http_cancel(struct http_call *call)
{
	detach(call);
	release(call);
}

/* Nothing of the request left if libcurl counts no byte of it, whatever went wrong. */
static enum http_outcome
outcome(const struct http_call *call, CURLcode code)
{
	long sent = 0;

	if (code == CURLE_OK)
		return HTTP_ANSWERED;
	if (call->body.over || call->head > HEADER_BYTES)
		return HTTP_TOO_LARGE;
	curl_easy_getinfo(call->easy, CURLINFO_REQUEST_SIZE, &sent);
	return sent == 0 ? HTTP_UNSENT : HTTP_LOST;
}

static void
finish(struct http_call *call, CURLcode code)
{
	struct http_response response = {
		.outcome = outcome(call, code),
		.reason = curl_easy_strerror(code),
		.header = call->header,
		.headers = call->headers,
		.body = { call->body.s ? call->body.s : "", call->body.n },
	};
	long status = 0;

	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	response.status = (int)status;
	if (response.outcome == HTTP_ANSWERED)
		response.reason = NULL;
	else if (response.outcome == HTTP_TOO_LARGE)
		response.reason = "The answer is too large";
	detach(call);
	call->done(call->arg, &response);
	release(call);
}

static void
finish_calls(struct http *http)
{
	const CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(http->multi, &left))) {
		CURLcode code = message->data.result;
		char *call;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
		finish((struct http_call *)(void *)call, code);
	}
}

static void
refuse(void *arg)
{
	struct http_call *call = arg;
	struct http_response response = {
		.outcome = HTTP_UNSENT,
		.reason = "The request cannot be made",
		.body = CW_STR(""),
	};

	detach(call);
	call->done(call->arg, &response);
	release(call);
}

/* ---- how a call is made ---- */

/* A setting that does not hold must not be missed: then the call is not made. */
#define set(call, option, value)                                                                   \
	((call)->unfit |= curl_easy_setopt((call)->easy, option, value) != CURLE_OK)

/* A header's line; false when it would not be one line. */
static bool
add_line(struct http_call *call, const struct http_header *header)
{
	struct cw_buf line;
	bool good = header->value.n == 0 || (!memchr(header->value.s, '\n', header->value.n) &&
						!memchr(header->value.s, '\r', header->value.n) &&
						!memchr(header->value.s, '\0', header->value.n));

	cw_buf_init(&line, 0);
	cw_buf_puts(&line, header->name);
	/* libcurl's way to say that the value is empty is a semicolon. */
	cw_buf_puts(&line, header->value.n > 0 ? ": " : ";");
	cw_buf_str(&line, header->value);
	if (good)
		call->lines = curl_slist_append(call->lines, line.s);
	cw_buf_fini(&line);
	return good;
}

static void
set_head(struct http_call *call, const struct http_request *request)
{
	bool typed = false;

	for (size_t i = 0; i < request->headers; i++) {
		call->unfit |= !add_line(call, &request->header[i]);
		typed = typed || curl_strequal(request->header[i].name, "Content-Type");
	}
	/* What libcurl would add: a type that is wrong, and a pause before a large body. */
	if (!typed)
		call->lines = curl_slist_append(call->lines, "Content-Type:");
	call->lines = curl_slist_append(call->lines, "Expect:");
}

static void
set_message(struct http_call *call, const struct http_request *request)
{
	bool get = strcmp(request->method, "GET") == 0;

	set(call, CURLOPT_URL, request->url);
	set(call, CURLOPT_HTTPHEADER, call->lines);
	set(call, CURLOPT_USERAGENT, "cordwatch/" PACKAGE_VERSION);
	if (request->body.s) {
		set(call, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.n);
		set(call, CURLOPT_COPYPOSTFIELDS, request->body.s);
	}
	if (!get || request->body.s)
		set(call, CURLOPT_CUSTOMREQUEST, request->method);
	/* A kept connection that breaks makes libcurl send once more, which is not for it to
	 * decide. */
	set(call, CURLOPT_FRESH_CONNECT, get ? 0L : 1L);
	set(call, CURLOPT_FORBID_REUSE, get ? 0L : 1L);
}

/* Nothing but what was asked: no other place, no other protocol, no stored secret. */
static void
set_limits(struct http_call *call, const struct http_request *request)
{
	long timeout = request->timeout > 0 ? (long)request->timeout : 30000;

	set(call, CURLOPT_PROTOCOLS_STR, "http,https");
	set(call, CURLOPT_REDIR_PROTOCOLS_STR, "https");
	set(call, CURLOPT_FOLLOWLOCATION, 0L);
	set(call, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	set(call, CURLOPT_PROXY, "");
	set(call, CURLOPT_NOPROXY, "*");
	set(call, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	set(call, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	set(call, CURLOPT_PATH_AS_IS, 1L);
	set(call, CURLOPT_NOSIGNAL, 1L);
	set(call, CURLOPT_TIMEOUT_MS, timeout);
	set(call, CURLOPT_CONNECTTIMEOUT_MS, timeout < 10000 ? timeout : 10000L);
	set(call, CURLOPT_LOW_SPEED_LIMIT, 1L);
	set(call, CURLOPT_LOW_SPEED_TIME, 30L);
}

static void
set_tls(struct http_call *call, const struct http_identity *identity)
{
	set(call, CURLOPT_SSL_VERIFYPEER, 1L);
	set(call, CURLOPT_SSL_VERIFYHOST, 2L);
	set(call, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	set(call, CURLOPT_SSL_SESSIONID_CACHE, 0L);
	set(call, CURLOPT_CA_CACHE_TIMEOUT, 0L);
	if (identity && identity->ca_file) {
		/* The folder of the system's authorities would count besides. */
		set(call, CURLOPT_CAINFO, identity->ca_file);
		set(call, CURLOPT_CAPATH, NULL);
	}
	if (identity && identity->cert_file) {
		set(call, CURLOPT_SSLCERT, identity->cert_file);
		set(call, CURLOPT_SSLKEY,
		    identity->key_file ? identity->key_file : identity->cert_file);
	}
}

static void
set_answer(struct http_call *call)
{
	set(call, CURLOPT_PRIVATE, (void *)call);
	set(call, CURLOPT_WRITEFUNCTION, on_body);
	set(call, CURLOPT_WRITEDATA, (void *)call);
	set(call, CURLOPT_HEADERFUNCTION, on_header);
	set(call, CURLOPT_HEADERDATA, (void *)call);
}

struct http_call *
http_start(struct http *http, const struct http_request *request, http_done *done, void *arg)
{
	struct http_call *call = cw_calloc(1, sizeof(*call));

	call->http = http;
	call->done = done;
	call->arg = arg;
	call->arena = cw_arena_new(0);
	cw_buf_init(&call->body, request->largest > 0 ? request->largest : 32 * 1024 * 1024);
	call->easy = curl_easy_init();
	if (!call->easy)
		abort();
	call->next = http->first;
	if (call->next)
		call->next->before = call;
	http->first = call;
	set_head(call, request);
	set_message(call, request);
	set_limits(call, request);
	set_tls(call, request->identity);
	set_answer(call);
	if (call->unfit || curl_multi_add_handle(http->multi, call->easy) != CURLM_OK) {
		call->refused = loop_timer_new(http->loop, refuse, call);
		loop_timer_set(call->refused, 0);
	}
	return call;
}
