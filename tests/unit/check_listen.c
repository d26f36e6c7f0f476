/* Unit tests of daemon/listen: exchanges over loopback. */
#include "config.h"

#include "daemon/listen.h"
#include "daemon/tls.h"

#include <arpa/inet.h>
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* In place of tls.c: an OpenSSL that fails at the worst moment. */
struct ssl_st *
tls_server_accept(struct tls_server *tls)
{
	(void)tls;
	return NULL;
}

char **
tls_peer_names(const struct ssl_st *connection)
{
	(void)connection;
	return NULL;
}

void
tls_names_free(char **names)
{
	ck_assert_ptr_null(names);
}

static struct loop *loop;
static struct listen *server;
static struct loop_timer *watchdog, *later;
static struct loop_wake *wake;
static struct listen_options options;

/* What the handler does. */
static enum { AT_ONCE, LATER, NEVER } manner;
static struct listen_exchange *waiting;
static struct cw_buf asked; /* what the handler saw */

/* A client in a thread of its own: it sends, and reads up to the end of the connection. */
static struct client {
	const char *send[4]; /* with 30 ms between the parts */
	char got[8192];
	size_t n;
	bool leaves; /* closes after sending */
} client;

static void
too_long(void *arg)
{
	(void)arg;
	ck_abort_msg("the exchange did not end");
}

static void
answer(void *arg)
{
	struct listen_reply reply = { .status = 202, .type = "text/plain", .body = CW_STR("fine") };
	struct listen_exchange *exchange = waiting;

	(void)arg;
	waiting = NULL;
	listen_answer(exchange, &reply);
}

static void
handle(void *arg, struct listen_exchange *exchange, const struct listen_request *r)
{
	struct cw_str secret = listen_header(exchange, "x-secret");

	ck_assert_ptr_eq(arg, &options);
	cw_buf_printf(&asked, "%s %.*s?%.*s %.*s %.*s uid=%d;", r->method, CW_ARG(r->path),
	    CW_ARG(r->query), CW_ARG(r->body), CW_ARG(secret), r->uid);
	ck_assert_ptr_null(waiting);
	ck_assert_ptr_null(r->san);
	waiting = exchange;
	if (manner == AT_ONCE)
		answer(NULL);
	else if (manner == LATER)
		loop_timer_set(later, 50);
}

static int
dial(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct sockaddr_un u = { .sun_family = AF_UNIX };
	const char *address = listen_address(server);
	int fd;

	if (address[0] == '/') {
		snprintf(u.sun_path, sizeof(u.sun_path), "%s", address);
		fd = socket(AF_UNIX, SOCK_STREAM, 0);
		ck_assert_int_eq(connect(fd, (struct sockaddr *)&u, sizeof(u)), 0);
		return fd;
	}
	a.sin_port = htons((uint16_t)strtoul(strrchr(address, ':') + 1, NULL, 10));
	fd = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static void *
talk(void *arg)
{
	int fd = dial();
	ssize_t n;

	(void)arg;
	for (size_t i = 0; i < 4 && client.send[i]; i++) {
		if (i > 0)
			usleep(30000);
		if (send(fd, client.send[i], strlen(client.send[i]), MSG_NOSIGNAL) < 0)
			break;
	}
	while (!client.leaves &&
	       (n = read(fd, client.got + client.n, sizeof(client.got) - 1 - client.n)) > 0)
		client.n += (size_t)n;
	close(fd);
	loop_wake(wake);
	return NULL;
}

static void
stop(void *arg)
{
	(void)arg;
	loop_stop(loop);
}

static void
open_server(const char *address)
{
	struct cw_err err = { 0 };

	options.address = address;
	ck_assert_msg(
	    listen_open(&server, loop, &options, handle, &options, &err) == CW_OK, "%s", err.text);
}

static void
enter(void)
{
	manner = AT_ONCE;
	waiting = NULL;
	memset(&client, 0, sizeof(client));
	cw_buf_init(&asked, 0);
	options = (struct listen_options){ .largest = 1000,
		.connections = 10,
		.head_deadline = 300,
		.deadline = 600,
		.idle = 200,
		.secret_header = "X-Secret" };
	ck_assert_int_eq(loop_new(&loop, NULL), CW_OK);
	watchdog = loop_timer_new(loop, too_long, NULL);
	loop_timer_set(watchdog, 4000);
	later = loop_timer_new(loop, answer, NULL);
	wake = loop_wake_new(loop, stop, NULL);
	open_server("127.0.0.1:0");
}

static void
leave(void)
{
	listen_close(server);
	loop_wake_free(wake);
	loop_timer_free(later);
	loop_timer_free(watchdog);
	loop_free(loop);
	cw_buf_fini(&asked);
}

/* Play the client to its end; returns the ms it took. */
static int64_t
play(void)
{
	int64_t before = loop_steady(loop);
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, talk, NULL), 0);
	loop_run(loop);
	pthread_join(thread, NULL);
	return loop_steady(loop) - before;
}

static size_t
times(const char *word)
{
	size_t n = 0;

	for (const char *at = client.got; (at = strstr(at, word)); at++)
		n++;
	return n;
}

#define CLOSE "Connection: close\r\n\r\n"

START_TEST(a_request_in_parts)
{
	client.send[0] = "PUT /fhir/a/Patient/1?b=c HTTP/1.1\r\nHo";
	client.send[1] = "st: a\r\nX-Secret: s3\r\nContent-Length: 5\r\n" CLOSE "he";
	client.send[2] = "llo";
	play();
	ck_assert_str_eq(asked.s, "PUT /fhir/a/Patient/1?b=c hello s3 uid=-1;");
	ck_assert_ptr_nonnull(strstr(client.got, "HTTP/1.1 202 "));
	ck_assert_ptr_nonnull(strstr(client.got, "\r\n\r\nfine"));
}
END_TEST

START_TEST(requests_in_one_piece_stay_in_order)
{
	manner = LATER;
	client.send[0] = "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab"
			 "POST /2 HTTP/1.1\r\nHost: a\r\n\r\n"
			 "GET /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
			 "DELETE /4 HTTP/1.1\r\nHost: a\r\n" CLOSE;
	play();
	ck_assert_str_eq(
	    asked.s, "POST /1? ab  uid=-1;POST /2?   uid=-1;GET /3?   uid=-1;DELETE /4?   uid=-1;");
	ck_assert_uint_eq(times("HTTP/1.1 202"), 4);
}
END_TEST

START_TEST(a_refusal_comes_after_the_answers)
{
	manner = LATER;
	client.send[0] = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
			 "GET /2 HTTP/1.1\r\nHost : a\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n";
	play();
	ck_assert_str_eq(asked.s, "GET /1?   uid=-1;");
	ck_assert_uint_eq(times("HTTP/1.1 202"), 1);
	ck_assert_uint_eq(times("HTTP/1.1 400"), 1);
	ck_assert(strstr(client.got, "400") > strstr(client.got, "202"));
	ck_assert_uint_eq(times("\"resourceType\":\"OperationOutcome\""), 1);
}
END_TEST

START_TEST(too_large_is_413_without_the_body)
{
	client.send[0] = "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\nabc";
	play();
	ck_assert_ptr_null(asked.s);
	ck_assert_uint_eq(times("HTTP/1.1 413"), 1);
}
END_TEST

START_TEST(the_largest_body_is_taken)
{
	char text[1200];

	snprintf(text, sizeof(text),
	    "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n" CLOSE "%01000d", 7);
	client.send[0] = text;
	play();
	ck_assert_uint_eq(times("HTTP/1.1 202"), 1);
	ck_assert_uint_gt(asked.n, 1000);
}
END_TEST

START_TEST(heads_have_a_deadline)
{
	int64_t took;

	client.send[0] = "GET / HTTP/1.1\r\n";
	client.send[1] = "Host: a\r\n";
	took = play();
	ck_assert_int_ge(took, 280);
	ck_assert_int_lt(took, 2000);
	ck_assert_uint_eq(client.n, 0);
}
END_TEST

START_TEST(requests_have_a_deadline)
{
	int64_t took;

	client.send[0] = "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc";
	took = play();
	ck_assert_int_ge(took, 580);
	ck_assert_int_lt(took, 2000);
	ck_assert_uint_eq(client.n, 0);
}
END_TEST

START_TEST(idle_connections_end)
{
	int64_t took;

	client.send[0] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
	took = play();
	ck_assert_int_ge(took, 180);
	ck_assert_int_lt(took, 2000);
	ck_assert_uint_eq(times("HTTP/1.1 202"), 1);
}
END_TEST

START_TEST(the_handler_may_take_longer)
{
	options.deadline = options.head_deadline = options.idle = 20;
	listen_close(server);
	open_server("127.0.0.1:0");
	manner = LATER;
	client.send[0] = "GET / HTTP/1.1\r\nHost: a\r\n" CLOSE;
	play();
	ck_assert_uint_eq(times("HTTP/1.1 202"), 1);
}
END_TEST

START_TEST(a_peer_that_is_gone)
{
	struct loop_timer *rest = loop_timer_new(loop, stop, NULL);

	manner = NEVER;
	client.leaves = true;
	client.send[0] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
	play();
	loop_timer_set(rest, 50);
	loop_run(loop);
	ck_assert_ptr_nonnull(waiting);
	answer(NULL);
	loop_timer_set(rest, 50);
	loop_run(loop);
	ck_assert_uint_eq(listen_connections(server), 0);
	loop_timer_free(rest);
}
END_TEST

START_TEST(closed_before_the_answer)
{
	struct loop_timer *rest = loop_timer_new(loop, stop, NULL);
	pthread_t thread;

	manner = NEVER;
	client.send[0] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
	ck_assert_int_eq(pthread_create(&thread, NULL, talk, NULL), 0);
	loop_timer_set(rest, 100);
	loop_run(loop);
	ck_assert_ptr_nonnull(waiting);
	listen_close(server);
	server = NULL;
	answer(NULL);
	loop_run(loop); /* the client says that its connection has ended */
	pthread_join(thread, NULL);
	ck_assert_uint_eq(client.n, 0);
	loop_timer_free(rest);
}
END_TEST

START_TEST(a_pause_lets_answers_out)
{
	struct loop_timer *rest = loop_timer_new(loop, stop, NULL);
	pthread_t thread;
	int idle = dial();
	char byte;

	manner = NEVER;
	ck_assert_int_gt(write(idle, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 27), 0);
	loop_timer_set(rest, 100);
	loop_run(loop);
	answer(NULL); /* it waits for its next request now */
	client.send[0] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
	ck_assert_int_eq(pthread_create(&thread, NULL, talk, NULL), 0);
	loop_timer_set(rest, 100);
	loop_run(loop);
	listen_pause(server);
	answer(NULL);
	loop_run(loop);
	pthread_join(thread, NULL);
	ck_assert_uint_eq(times("HTTP/1.1 202"), 1);
	ck_assert_uint_eq(times("Connection: close"), 1);
	while (read(idle, &byte, 1) > 0)
		;
	close(idle);
	loop_timer_free(rest);
}
END_TEST

START_TEST(a_unix_socket_knows_its_peer)
{
	char path[64], kept[80], expected[64];
	struct stat st;

	snprintf(path, sizeof(path), "%s/check_listen.%d", P_tmpdir, (int)getpid());
	snprintf(kept, sizeof(kept), "%s.kept", path);
	listen_close(server);
	open_server(path);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0660);
	client.send[0] = "GET /livez HTTP/1.1\r\nHost: a\r\n" CLOSE;
	play();
	snprintf(expected, sizeof(expected), "GET /livez?   uid=%d;", (int)getuid());
	ck_assert_str_eq(asked.s, expected);
	listen_close(server);
	ck_assert_int_ne(stat(path, &st), 0);
	/* What a killed process left behind is replaced, what is in use is not. */
	open_server(path);
	ck_assert_int_eq(link(path, kept), 0);
	listen_close(server);
	ck_assert_int_eq(rename(kept, path), 0);
	open_server(path);
	ck_assert_int_eq(
	    listen_open(&(struct listen *){ NULL }, loop, &options, handle, NULL, NULL), CW_EIO);
}
END_TEST

START_TEST(without_its_tls_nothing_is_served)
{
	int there;

	listen_close(server);
	options.tls = (struct tls_server *)(void *)&there;
	open_server("127.0.0.1:0");
	client.send[0] = "GET / HTTP/1.1\r\nHost: a\r\n" CLOSE;
	play();
	ck_assert_uint_eq(client.n, 0);
	ck_assert_ptr_null(asked.s);
}
END_TEST

START_TEST(addresses)
{
	static const struct {
		const char *address;
		int code;
	} bad[] = { { "localhost:80", CW_EVALUE }, { "127.0.0.1", CW_EVALUE },
		{ "127.0.0.1:", CW_EVALUE }, { "127.0.0.1:65536", CW_EVALUE },
		{ "127.0.0.1:8x", CW_EVALUE }, { "::1:80", CW_EVALUE }, { "", CW_EVALUE },
		{ "192.0.2.1:0", CW_EIO }, { "/no/such/folder/socket", CW_EIO } };
	struct listen *other = NULL;
	struct cw_err err = { 0 };
	char taken[64];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		options.address = bad[i].address;
		memset(&err, 0, sizeof(err));
		ck_assert_int_eq(
		    listen_open(&other, loop, &options, handle, NULL, &err), bad[i].code);
		ck_assert_str_ne(err.text, "");
	}
	snprintf(taken, sizeof(taken), "%s", listen_address(server));
	options.address = taken;
	ck_assert_int_eq(listen_open(&other, loop, &options, handle, NULL, &err), CW_EIO);
	options.address = "[::1]:0";
	if (listen_open(&other, loop, &options, handle, NULL, NULL) == CW_OK) {
		ck_assert_int_eq(strncmp(listen_address(other), "[::1]:", 6), 0);
		listen_close(other);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("listen");
	TCase *cases = tcase_create("exchanges");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(cases, enter, leave);
	tcase_add_test(cases, a_request_in_parts);
	tcase_add_test(cases, requests_in_one_piece_stay_in_order);
	tcase_add_test(cases, a_refusal_comes_after_the_answers);
	tcase_add_test(cases, too_large_is_413_without_the_body);
	tcase_add_test(cases, the_largest_body_is_taken);
	tcase_add_test(cases, heads_have_a_deadline);
	tcase_add_test(cases, requests_have_a_deadline);
	tcase_add_test(cases, idle_connections_end);
	tcase_add_test(cases, the_handler_may_take_longer);
	tcase_add_test(cases, a_peer_that_is_gone);
	tcase_add_test(cases, closed_before_the_answer);
	tcase_add_test(cases, a_pause_lets_answers_out);
	tcase_add_test(cases, a_unix_socket_knows_its_peer);
	tcase_add_test(cases, without_its_tls_nothing_is_served);
	tcase_add_test(cases, addresses);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
