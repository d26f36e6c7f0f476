/* Unit tests of daemon/http against a small server on loopback, whose manners the path names. */
#include "config.h"

#include "daemon/http.h"

#include <arpa/inet.h>
#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- the server: one thread, one connection at a time ---- */

static struct server {
	pthread_t thread;
	int fd;
	unsigned port;
	atomic_int connections, requests;
	char last[8192]; /* the last request, head and body; read when the call is done */
} server;

/* Read one request; false at the end of the connection. */
static bool
read_request(int fd)
{
	char text[sizeof(server.last)] = "";
	size_t n = 0;

	for (;;) {
		ssize_t got = read(fd, text + n, sizeof(text) - 1 - n);
		const char *end, *length;

		if (got <= 0)
			return false;
		n += (size_t)got;
		text[n] = '\0';
		end = strstr(text, "\r\n\r\n");
		length = strcasestr(text, "\r\nContent-Length:");
		if (!end)
			continue;
		end += 4;
		if (n >= (size_t)(end - text) +
			     (length && length < end ? strtoul(length + 17, NULL, 10) : 0))
			break;
	}
	memcpy(server.last, text, sizeof(text));
	return true;
}

static void
say(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		return;
}

static void
say_many(int fd, size_t n)
{
	char block[4096];

	memset(block, 'x', sizeof(block));
	for (; n > 0; n -= sizeof(block))
		if (write(fd, block, sizeof(block)) < 0)
			return;
}

/* Begin, and go on until the client has had enough. */
static void
say_again(int fd, const char *begin, const char *more, useconds_t pause)
{
	say(fd, begin);
	while (write(fd, more, strlen(more)) > 0)
		if (pause > 0)
			usleep(pause);
}

/* Answer by the path; false to close. */
static bool
answer(int fd)
{
	const char *path = strchr(server.last, ' ') + 1;

	if (strncmp(path, "/ok", 3) == 0) {
		say(fd, "HTTP/1.1 201 Created\r\nContent-Length: 5\r\nETag:  W/\"3\" \r\n"
			"Retry-After: 7\r\nETag: second\r\nX-Empty:\r\n\r\nhello");
		return true;
	}
	if (strncmp(path, "/chunked", 8) == 0) {
		say(fd, "HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n"
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
			"3\r\nabc\r\n2\r\nde\r\n0\r\nX-Late: 1\r\n\r\n");
		return true;
	}
	if (strncmp(path, "/redirect", 9) == 0) {
		say(fd, "HTTP/1.1 307 Elsewhere\r\nLocation: "
			"http://127.0.0.1:1/x\r\nContent-Length: 0\r\n\r\n");
		return true;
	}
	if (strncmp(path, "/big", 4) == 0) {
		say(fd, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
		say_many(fd, 1 << 20);
		return false;
	}
	if (strncmp(path, "/head", 5) == 0)
		say_again(fd, "HTTP/1.1 200 OK\r\n", "X-Header: a value of some length\r\n", 0);
	if (strncmp(path, "/continue", 9) == 0)
		say_again(fd, "", "HTTP/1.1 100 Continue\r\nX-Header: a value\r\n\r\n", 0);
	if (strncmp(path, "/drip", 5) == 0)
		say_again(fd, "HTTP/1.1 200 OK\r\n\r\n", "x", 20000);
	if (strncmp(path, "/cut", 4) == 0)
		say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
	if (strncmp(path, "/silent", 7) == 0)
		usleep(400000);
	return false;
}

static void *
serve(void *arg)
{
	int fd;

	while ((fd = accept(server.fd, NULL, NULL)) >= 0) {
		server.connections++;
		while (read_request(fd)) {
			server.requests++;
			if (!answer(fd))
				break;
		}
		close(fd);
	}
	return arg;
}

static int
listening(unsigned *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, n), 0);
	ck_assert_int_eq(listen(fd, 16), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	*port = ntohs(a.sin_port);
	return fd;
}

/* ---- the client ---- */

static struct loop *loop;
static struct http *http;
static struct loop_timer *watchdog;
static int awaited;

static struct {
	int outcome, status;
	char body[256], etag[32], reason[128];
	size_t size;
	int64_t retry;
	bool late, early;
	int calls;
} seen;

static void
too_long(void *arg)
{
	(void)arg;
	ck_abort_msg("the call did not end");
}

static void
enter(void)
{
	memset(&server, 0, sizeof(server));
	memset(&seen, 0, sizeof(seen));
	server.fd = listening(&server.port);
	ck_assert_int_eq(pthread_create(&server.thread, NULL, serve, NULL), 0);
	ck_assert_int_eq(loop_new(&loop, NULL), CW_OK);
	ck_assert_int_eq(http_new(&http, loop, 4, NULL), CW_OK);
	watchdog = loop_timer_new(loop, too_long, NULL);
	loop_timer_set(watchdog, 5000);
}

static void
leave(void)
{
	http_free(http);
	loop_timer_free(watchdog);
	loop_free(loop);
	shutdown(server.fd, SHUT_RDWR);
	pthread_join(server.thread, NULL);
	close(server.fd);
}

static void
done(void *arg, const struct http_response *r)
{
	struct cw_str etag = http_value(r, "etag");

	(void)arg;
	seen.outcome = (int)r->outcome;
	seen.status = r->status;
	seen.size = r->body.n;
	snprintf(seen.body, sizeof(seen.body), "%.*s", CW_ARG(r->body));
	snprintf(seen.etag, sizeof(seen.etag), "%.*s", CW_ARG(etag));
	snprintf(seen.reason, sizeof(seen.reason), "%s", r->reason ? r->reason : "");
	seen.retry = http_retry_after(r, 0);
	seen.late = http_value(r, "x-late").s != NULL;
	seen.early = http_value(r, "x-early").s != NULL;
	seen.calls++;
	if (--awaited == 0)
		loop_stop(loop);
}

static struct http_request
request(const char *method, const char *path)
{
	static char url[128];

	snprintf(url, sizeof(url), "http://127.0.0.1:%u%s", server.port, path);
	return (struct http_request){ .method = method, .url = url, .timeout = 3000 };
}

static void
call(const struct http_request *r)
{
	awaited = 1;
	http_start(http, r, done, NULL);
	loop_run(loop);
}

START_TEST(an_answer_with_headers)
{
	struct http_header header[] = { { "X-Secret", CW_STR("s3") }, { "X-Nothing", CW_STR("") } };
	struct http_request r = request("GET", "/ok/../x?a=b");

	r.header = header;
	r.headers = 2;
	call(&r);
	ck_assert_int_eq(seen.outcome, HTTP_ANSWERED);
	ck_assert_int_eq(seen.status, 201);
	ck_assert_str_eq(seen.body, "hello");
	ck_assert_str_eq(seen.etag, "W/\"3\"");
	ck_assert_int_eq(seen.retry, 7000);
	ck_assert_str_eq(seen.reason, "");
	/* The path as it was checked, and no more headers than were asked for. */
	ck_assert_ptr_nonnull(strstr(server.last, "GET /ok/../x?a=b HTTP/1.1\r\n"));
	ck_assert_ptr_nonnull(strstr(server.last, "\r\nX-Secret: s3\r\n"));
	ck_assert_ptr_nonnull(strstr(server.last, "\r\nX-Nothing:"));
	ck_assert_ptr_null(strcasestr(server.last, "accept-encoding"));
	ck_assert_ptr_null(strcasestr(server.last, "content-type"));
}
END_TEST

START_TEST(methods_with_a_body)
{
	static const char *const methods[] = { "POST", "PUT", "DELETE" };

	for (size_t i = 0; i < 3; i++) {
		struct http_header type = { "Content-Type", CW_STR("application/fhir+json") };
		struct http_request r = request(methods[i], "/ok");
		char line[64];

		r.header = &type;
		r.headers = 1;
		r.body = CW_STR("{\"a\": 1}");
		call(&r);
		ck_assert_int_eq(seen.status, 201);
		snprintf(line, sizeof(line), "%s /ok HTTP/1.1\r\n", methods[i]);
		ck_assert_int_eq(strncmp(server.last, line, strlen(line)), 0);
		ck_assert_ptr_nonnull(strstr(server.last, "\r\nContent-Length: 8\r\n"));
		ck_assert_ptr_nonnull(
		    strstr(server.last, "\r\nContent-Type: application/fhir+json\r\n"));
		ck_assert_ptr_nonnull(strstr(server.last, "\r\n\r\n{\"a\": 1}"));
		ck_assert_ptr_null(strcasestr(server.last, "Expect:"));
	}
	/* Each on a connection of its own: no blind second sending. */
	ck_assert_int_eq(server.connections, 3);
}
END_TEST

START_TEST(empty_bodies)
{
	struct http_request r = request("DELETE", "/ok");

	call(&r);
	ck_assert_int_eq(strncmp(server.last, "DELETE /ok ", 11), 0);
	ck_assert_ptr_null(strcasestr(server.last, "content-length"));
	r = request("POST", "/ok");
	r.body = CW_STR("");
	call(&r);
	ck_assert_int_eq(strncmp(server.last, "POST /ok ", 9), 0);
	ck_assert_ptr_nonnull(strstr(server.last, "\r\nContent-Length: 0\r\n"));
}
END_TEST

START_TEST(gets_share_a_connection)
{
	struct http_request r = request("GET", "/ok");

	for (int i = 0; i < 3; i++)
		call(&r);
	ck_assert_int_eq(server.requests, 3);
	ck_assert_int_eq(server.connections, 1);
}
END_TEST

START_TEST(a_chunked_answer)
{
	struct http_request r = request("GET", "/chunked");

	call(&r);
	ck_assert_int_eq(seen.outcome, HTTP_ANSWERED);
	ck_assert_int_eq(seen.status, 200);
	ck_assert_str_eq(seen.body, "abcde");
	ck_assert(!seen.late);
	ck_assert(!seen.early);
}
END_TEST

START_TEST(a_redirect_is_an_answer)
{
	struct http_request r = request("GET", "/redirect");

	call(&r);
	ck_assert_int_eq(seen.outcome, HTTP_ANSWERED);
	ck_assert_int_eq(seen.status, 307);
	ck_assert_int_eq(server.requests, 1);
}
END_TEST

START_TEST(too_large)
{
	struct http_request r = request("GET", "/big");

	r.largest = 100000;
	call(&r);
	ck_assert_int_eq(seen.outcome, HTTP_TOO_LARGE);
	ck_assert_int_eq(seen.status, 200);
	ck_assert_uint_le(seen.size, 100000);
	ck_assert_str_ne(seen.reason, "");
}
END_TEST

/* What surely was not sent, and what may have been done. */
static const struct {
	const char *url; /* %u: the server's port */
	int outcome;
	int64_t timeout;
} failures[] = {
	{ "http://127.0.0.1:1/", HTTP_UNSENT, 3000 },
	{ "http://no-such-host.invalid/", HTTP_UNSENT, 3000 },
	{ "ftp://127.0.0.1:%u/ok", HTTP_UNSENT, 3000 },
	{ "file:///etc/hostname", HTTP_UNSENT, 3000 },
	{ "no url", HTTP_UNSENT, 3000 },
	{ "http://user:word@127.0.0.1:%u/ok", HTTP_UNSENT, 3000 },
	{ "https://127.0.0.1:%u/ok", HTTP_UNSENT, 300 }, /* it speaks no TLS */
	{ "http://127.0.0.1:%u/silent", HTTP_LOST, 300 },
	{ "http://127.0.0.1:%u/closes", HTTP_LOST, 3000 },
	{ "http://127.0.0.1:%u/cut", HTTP_LOST, 3000 },
	{ "http://127.0.0.1:%u/drip", HTTP_LOST, 300 },
	{ "http://127.0.0.1:%u/head", HTTP_TOO_LARGE, 3000 },
	{ "http://127.0.0.1:%u/continue", HTTP_TOO_LARGE, 3000 },
};

START_TEST(outcomes_of_failures)
{
	static const char *const methods[] = { "GET", "POST" };

	for (size_t m = 0; m < 2; m++) {
		struct http_request r = request(methods[m], "/");
		const char *form = failures[_i].url, *port = strstr(form, "%u");
		char url[128];

		if (port)
			snprintf(url, sizeof(url), "%.*s%u%s", (int)(port - form), form,
			    server.port, port + 2);
		else
			snprintf(url, sizeof(url), "%s", form);
		r.url = url;
		r.timeout = failures[_i].timeout;
		if (m == 1)
			r.body = CW_STR("{}");
		call(&r);
		ck_assert_msg(seen.outcome == failures[_i].outcome, "%s %s: outcome %d (%s)",
		    methods[m], url, seen.outcome, seen.reason);
		ck_assert_str_ne(seen.reason, "");
		ck_assert_ptr_null(strstr(seen.reason, "127.0.0.1"));
	}
}
END_TEST

START_TEST(a_header_of_two_lines_is_refused)
{
	struct http_header header = { "X-Secret", CW_STR("a\r\nX-Other: b") };
	struct http_request r = request("GET", "/ok");

	r.header = &header;
	r.headers = 1;
	awaited = 1;
	http_start(http, &r, done, NULL);
	ck_assert_int_eq(seen.calls, 0); /* never from within */
	loop_run(loop);
	ck_assert_int_eq(seen.outcome, HTTP_UNSENT);
	ck_assert_int_eq(server.connections, 0);
}
END_TEST

static void
stop(void *arg)
{
	(void)arg;
	loop_stop(loop);
}

START_TEST(a_cancelled_call_is_silent)
{
	struct loop_timer *rest = loop_timer_new(loop, stop, NULL);
	struct http_request r = request("GET", "/ok");
	struct http_call *running = http_start(http, &r, done, NULL);

	http_cancel(running);
	r = request("GET", "/silent");
	running = http_start(http, &r, done, NULL);
	loop_timer_set(rest, 100);
	loop_run(loop);
	http_cancel(running);
	http_start(http, &r, done, NULL); /* http_free ends this one */
	loop_timer_set(rest, 100);
	loop_run(loop);
	ck_assert_int_eq(seen.calls, 0);
	loop_timer_free(rest);
}
END_TEST

START_TEST(many_at_once)
{
	struct http_request r = request("GET", "/ok");

	/* The server takes one connection at a time. */
	http_free(http);
	ck_assert_int_eq(http_new(&http, loop, 1, NULL), CW_OK);
	awaited = 50;
	for (int i = 0; i < 50; i++)
		http_start(http, &r, done, NULL);
	loop_run(loop);
	ck_assert_int_eq(seen.calls, 50);
	ck_assert_int_eq(server.connections, 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("http");
	TCase *cases = tcase_create("http");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(cases, enter, leave);
	tcase_add_test(cases, an_answer_with_headers);
	tcase_add_test(cases, methods_with_a_body);
	tcase_add_test(cases, empty_bodies);
	tcase_add_test(cases, gets_share_a_connection);
	tcase_add_test(cases, a_chunked_answer);
	tcase_add_test(cases, a_redirect_is_an_answer);
	tcase_add_test(cases, too_large);
	tcase_add_loop_test(cases, outcomes_of_failures, 0, sizeof(failures) / sizeof(failures[0]));
	tcase_add_test(cases, a_header_of_two_lines_is_refused);
	tcase_add_test(cases, a_cancelled_call_is_silent);
	tcase_add_test(cases, many_at_once);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
