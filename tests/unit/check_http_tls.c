/* Unit tests of daemon/http against daemon/listen over TLS, on one loop: who is believed. */
#include "daemon/http.h"
#include "daemon/listen.h"
#include "daemon/tls.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64];

static void
make(void)
{
	const char *top = getenv("top_srcdir");
	char command[1024];

	snprintf(folder, sizeof(folder), "%s/check_http.XXXXXX", P_tmpdir);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(command, sizeof(command), "'%s/certs/make-test-certs.sh' '%s'", top ? top : ".",
	    folder);
	ck_assert_int_eq(system(command), 0);
}

static void
unmake(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

static struct loop *loop;
static struct listen *server;
static struct tls_server *tls;
static struct http *http;
static struct loop_timer *watchdog;
static struct {
	int outcome, status, handled;
	char san[128], body[64];
} seen;

static void
too_long(void *arg)
{
	(void)arg;
	ck_abort_msg("the call did not end");
}

static void
handle(void *arg, struct listen_exchange *exchange, const struct listen_request *r)
{
	struct listen_reply reply = { .status = 200, .type = "text/plain", .body = r->body };

	(void)arg;
	seen.handled++;
	snprintf(seen.san, sizeof(seen.san), "%s", r->san && r->san[0] ? r->san[0] : "none");
	listen_answer(exchange, &reply);
}

static void
done(void *arg, const struct http_response *response)
{
	(void)arg;
	seen.outcome = (int)response->outcome;
	seen.status = response->status;
	snprintf(seen.body, sizeof(seen.body), "%.*s", CW_ARG(response->body));
	loop_stop(loop);
}

static char *
path_of(const char *name, const char *ending)
{
	static char paths[8][128];
	static unsigned next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s%s", folder, name, ending);
	return path;
}

static struct tls_server *
certificate(const char *name, const char *client_ca)
{
	struct tls_server *out = NULL;
	struct tls_files files = { path_of(name, ".pem"), path_of(name, ".key"),
		client_ca ? path_of(client_ca, ".pem") : NULL };

	ck_assert_int_eq(tls_server_new(&out, &files, NULL), CW_OK);
	return out;
}

/* A server with one certificate, to which a client of one identity calls. */
static void
call(const char *host, const char *ca, const char *client)
{
	struct http_identity identity = { .ca_file = path_of(ca, ".pem") };
	struct http_request request = {
		.method = "PUT", .body = CW_STR("{}"), .identity = &identity, .timeout = 3000
	};
	char url[64];

	if (client) {
		identity.cert_file = path_of(client, ".pem");
		identity.key_file = path_of(client, ".key");
	}
	snprintf(url, sizeof(url), "https://%s%s/x", host, strrchr(listen_address(server), ':'));
	request.url = url;
	memset(&seen, 0, sizeof(seen));
	http_start(http, &request, done, NULL);
	loop_run(loop);
}

static void
open_server(const char *name, const char *client_ca)
{
	struct listen_options options = { .address = "127.0.0.1:0",
		.connections = 10,
		.head_deadline = 2000,
		.deadline = 2000,
		.idle = 2000 };

	tls = certificate(name, client_ca);
	options.tls = tls;
	ck_assert_int_eq(loop_new(&loop, NULL), CW_OK);
	ck_assert_int_eq(listen_open(&server, loop, &options, handle, NULL, NULL), CW_OK);
	ck_assert_int_eq(http_new(&http, loop, 2, NULL), CW_OK);
	watchdog = loop_timer_new(loop, too_long, NULL);
	loop_timer_set(watchdog, 5000);
}

static void
close_server(void)
{
	loop_timer_free(watchdog);
	http_free(http);
	listen_close(server);
	tls_server_free(tls);
	loop_free(loop);
}

/* Whom the client believes: what it does not, it sends nothing. */
static const struct {
	const char *server, *host, *ca;
	int outcome;
} servers[] = {
	{ "server", "localhost", "ca", HTTP_ANSWERED },
	{ "server", "127.0.0.1", "ca", HTTP_ANSWERED },
	{ "server", "127.0.0.1", "other-ca", HTTP_UNSENT },
	{ "server", "127.0.0.1", "none", HTTP_UNSENT },
	{ "server", "127.1", "ca", HTTP_ANSWERED },   /* the same address by another name */
	{ "client", "127.0.0.1", "ca", HTTP_UNSENT }, /* neither its name nor its purpose */
	{ "expired", "127.0.0.1", "ca", HTTP_UNSENT },
	{ "future", "127.0.0.1", "ca", HTTP_UNSENT },
};

START_TEST(whom_the_client_believes)
{
	open_server(servers[_i].server, NULL);
	call(servers[_i].host, servers[_i].ca, NULL);
	ck_assert_int_eq(seen.outcome, servers[_i].outcome);
	ck_assert_int_eq(seen.handled, servers[_i].outcome == HTTP_ANSWERED);
	if (seen.handled) {
		ck_assert_int_eq(seen.status, 200);
		ck_assert_str_eq(seen.body, "{}");
		ck_assert_str_eq(seen.san, "none");
	}
	close_server();
}
END_TEST

/* Whom the server believes: nobody else comes to the handler. */
static const struct {
	const char *client;
	bool served;
} clients[] = { { "client", true }, { NULL, false }, { "other-client", false },
	{ "expired-client", false }, { "server-only", false } };

START_TEST(whom_the_server_believes)
{
	open_server("server", "ca");
	call("localhost", "ca", clients[_i].client);
	ck_assert_int_eq(seen.outcome == HTTP_ANSWERED, clients[_i].served);
	ck_assert_int_eq(seen.handled, clients[_i].served);
	if (clients[_i].served)
		ck_assert_str_eq(seen.san, "DNS:client.example");
	close_server();
}
END_TEST

START_TEST(renewed_certificates_serve_new_connections)
{
	struct tls_server *old, *bad = NULL;
	struct tls_files none = { path_of("none", ".pem"), path_of("none", ".key"), NULL };

	open_server("server", NULL);
	call("localhost", "ca", NULL);
	ck_assert_int_eq(seen.outcome, HTTP_ANSWERED);
	/* What cannot be read leaves the old in use. */
	ck_assert_int_lt(tls_server_new(&bad, &none, NULL), 0);
	ck_assert_ptr_null(bad);
	old = tls;
	tls = certificate("expired", NULL);
	listen_renew(server, tls);
	tls_server_free(old);
	call("localhost", "ca", NULL);
	ck_assert_int_eq(seen.outcome, HTTP_UNSENT);
	old = tls;
	tls = certificate("server", "ca");
	listen_renew(server, tls);
	tls_server_free(old);
	call("localhost", "ca", "client");
	ck_assert_int_eq(seen.outcome, HTTP_ANSWERED);
	ck_assert_str_eq(seen.san, "DNS:client.example");
	close_server();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("http over TLS");
	TCase *cases = tcase_create("tls");
	SRunner *runner;
	int failed;

	tcase_add_unchecked_fixture(cases, make, unmake);
	tcase_add_loop_test(
	    cases, whom_the_client_believes, 0, sizeof(servers) / sizeof(servers[0]));
	tcase_add_loop_test(
	    cases, whom_the_server_believes, 0, sizeof(clients) / sizeof(clients[0]));
	tcase_add_test(cases, renewed_certificates_serve_new_connections);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
