/* The fake world keeps its promises: time, order, deaths, the server's answers and its faults. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fake/server.h"

#define BASE "http://fhir.example/r4"
#define START INT64_C(1780000000000)

static struct loop *loop;
static struct http *http;
static struct server *server;
static char trace[64];
static char a_[] = "a", b_[] = "b", c_[] = "c", e_[] = "e", w_[] = "w", p_[] = "P";

/* The last answer. */
static struct {
	size_t n;
	enum http_outcome outcome;
	int status;
	char body[4096], etag[32];
	int64_t at, retry_after;
} got;

static void
begin(void)
{
	memset(&got, 0, sizeof(got));
	trace[0] = '\0';
	fake_begin(START);
	server = server_new(BASE);
	ck_assert_int_eq(loop_new(&loop, NULL), 0);
	ck_assert_int_eq(http_new(&http, loop, 2, NULL), 0);
}

static void
end(void)
{
	http_free(http);
	loop_free(loop);
	fake_end();
}

static void
take(void *arg, const struct http_response *response)
{
	size_t n =
	    response->body.n < sizeof(got.body) - 1 ? response->body.n : sizeof(got.body) - 1;

	(void)arg;
	got.n++;
	got.outcome = response->outcome;
	got.status = response->status;
	if (n > 0)
		memcpy(got.body, response->body.s, n);
	got.body[n] = '\0';
	snprintf(got.etag, sizeof(got.etag), "%.*s", CW_ARG(http_value(response, "etag")));
	got.retry_after = http_retry_after(response, fake_now());
	got.at = fake_now();
}

static void
ask(const char *method, const char *url, const char *header, const char *value, const char *body)
{
	struct http_header headers[] = { { header, cw_str(value) } };
	struct http_request request = { .method = method,
		.url = url,
		.header = headers,
		.headers = header != NULL,
		.body = cw_str(body),
		.largest = 100000 };
	size_t before = got.n;

	http_start(http, &request, take, NULL);
	ck_assert_uint_eq(got.n, before);
	fake_advance(100000);
	ck_assert_uint_eq(got.n, before + 1);
}

static void
mark(void *arg)
{
	strncat(trace, arg, sizeof(trace) - strlen(trace) - 1);
}

START_TEST(timers_in_order)
{
	struct loop_timer *a = loop_timer_new(loop, mark, a_), *b = loop_timer_new(loop, mark, b_);
	struct loop_timer *c = loop_timer_new(loop, mark, c_);

	loop_timer_set(a, 300);
	loop_timer_set(b, 100);
	loop_timer_set(c, 100);
	fake_advance(99);
	ck_assert_str_eq(trace, "");
	fake_advance(1);
	ck_assert_str_eq(trace, "bc");
	loop_timer_set(a, 5);
	loop_timer_set(b, 6);
	loop_timer_stop(b);
	fake_advance(1000);
	ck_assert_str_eq(trace, "bca");
	ck_assert_int_eq(loop_now(loop), START + 1100);
	fake_jump(-50000);
	ck_assert_int_eq(loop_now(loop), START - 48900);
	loop_timer_free(a);
	loop_timer_free(b);
	loop_timer_free(c);
}
END_TEST

START_TEST(workers_and_wakes)
{
	struct loop_wake *wake = loop_wake_new(loop, mark, w_);
	struct loop_worker *worker;

	ck_assert_int_eq(loop_worker_new(&worker, loop, "engine", mark, e_, NULL), 0);
	loop_wake(wake);
	loop_worker_kick(worker);
	loop_worker_kick(worker);
	ck_assert_str_eq(trace, "");
	fake_advance(0);
	ck_assert_str_eq(trace, "ew");
	ck_assert(!fake_step(1000));
	loop_wake_free(wake);
	loop_worker_free(worker);
}
END_TEST

START_TEST(a_dead_loop_does_nothing)
{
	struct loop_timer *a = loop_timer_new(loop, mark, a_);
	struct http_request request = { .method = "PUT",
		.url = BASE "/Patient/p1",
		.body = CW_STR("{\"resourceType\":\"Patient\",\"id\":\"p1\"}") };

	loop_timer_set(a, 10);
	http_start(http, &request, take, NULL);
	fake_cut();
	fake_advance(1000);
	ck_assert_str_eq(trace, "");
	ck_assert_uint_eq(got.n, 0);
	ck_assert_uint_eq(server_version(server, "Patient/p1"), 1);
	loop_timer_free(a);
}
END_TEST

#define P1                                                                                         \
	"{\"resourceType\":\"Patient\",\"id\":\"p1\",\"identifier\":[{\"system\":\"s\",\"value\":" \
	"\"v 1\"}]}"

START_TEST(reads_and_writes)
{
	ask("GET", BASE "/Patient/p1", NULL, NULL, NULL);
	ck_assert_int_eq(got.status, 404);
	ask("PUT", BASE "/Patient/p1", NULL, NULL, P1);
	ck_assert_int_eq(got.status, 201);
	ck_assert_str_eq(got.etag, "W/\"1\"");
	ask("PUT", BASE "/Patient/p1", "If-Match", "W/\"3\"", P1);
	ck_assert_int_eq(got.status, 412);
	ask("PUT", BASE "/Patient/p1", "If-Match", "W/\"1\"", P1);
	ck_assert_int_eq(got.status, 200);
	ck_assert_str_eq(got.etag, "W/\"2\"");
	ask("GET", BASE "/Patient?identifier=s%7Cv%201", NULL, NULL, NULL);
	ck_assert_ptr_nonnull(strstr(got.body, "\"versionId\":\"2\",\"lastUpdated\":\"2026-05-2"));
	ask("GET", BASE "/Patient?identifier=s%7Cv", NULL, NULL, NULL);
	ck_assert_ptr_null(strstr(got.body, "versionId"));
	ask("DELETE", BASE "/Patient/p1", NULL, NULL, NULL);
	ask("GET", BASE "/Patient/p1", NULL, NULL, NULL);
	ck_assert_int_eq(got.status, 410);
	ask("POST", BASE "/Patient", "If-None-Exist", "identifier=s%7Cv%201", P1);
	ck_assert_int_eq(got.status, 201);
	ask("POST", BASE "/Patient", "If-None-Exist", "identifier=s%7Cv%201", P1);
	ck_assert_int_eq(got.status, 200);
	ck_assert_uint_eq(server_count(server, "Patient"), 1);
	ck_assert_uint_eq(fake_count(0, "POST", "/Patient"), 2);
}
END_TEST

#define TRANSACTION                                                                                \
	"{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"fullUrl\":"           \
	"\"urn:uuid:a\",\"resource\":{\"resourceType\":\"ServiceRequest\",\"id\":\"a\","           \
	"\"subject\""                                                                              \
	":{\"reference\":\"Patient/p1\"}},\"request\":{\"method\":\"PUT\",\"url\":"                \
	"\"ServiceRequest/a\"}},{\"resource\":{\"resourceType\":\"Provenance\",\"target\":[{"      \
	"\"reference\":\"urn:uuid:a\"}]},\"request\":{\"method\":\"POST\",\"url\":\"Provenance\"}" \
	"}]}"

START_TEST(transactions)
{
	ask("POST", BASE, NULL, NULL, TRANSACTION);
	ck_assert_int_eq(got.status, 400);
	ck_assert_uint_eq(server_count(server, "Provenance"), 0);
	server_put_text(server, P1);
	ask("POST", BASE, NULL, NULL, TRANSACTION);
	ck_assert_int_eq(got.status, 200);
	ck_assert_ptr_nonnull(strstr(got.body, "\"etag\":\"W/\\\"1\\\"\""));
	ck_assert_ptr_nonnull(
	    strstr(server_get(server, server_nth(server, "Provenance", 0)).s, "ServiceRequest/a"));
	server_options(server)->update_create = false;
	server_delete(server, "Patient/p1");
	ask("PUT", BASE "/Patient/p9", NULL, NULL, "{\"resourceType\":\"Patient\",\"id\":\"p9\"}");
	ck_assert_int_eq(got.status, 405);
}
END_TEST

static void
put_many(int n)
{
	char text[100];

	for (int i = 0; i < n; i++) {
		snprintf(text, sizeof(text),
		    "{\"resourceType\":\"Condition\",\"id\":\"c%d\",\"code\":{\"text\":\"x\"}}", i);
		server_put_text(server, text);
		fake_advance(1000);
	}
}

START_TEST(pages_and_cache)
{
	char url[200], *next;

	put_many(7);
	server_options(server)->page = 3;
	ask("GET", BASE "/Condition?_sort=_lastUpdated&_count=200", NULL, NULL, NULL);
	ck_assert_ptr_nonnull(strstr(got.body, "Condition/c2"));
	ck_assert_ptr_null(strstr(got.body, "Condition/c3"));
	for (int i = 0; i < 2; i++) {
		next = strstr(got.body, "\"next\"");
		ck_assert_ptr_nonnull(next);
		next = strstr(next, BASE);
		ck_assert_ptr_nonnull(next);
		snprintf(url, sizeof(url), "%.*s", (int)strcspn(next, "\""), next);
		ask("GET", url, NULL, NULL, NULL);
	}
	ck_assert_ptr_null(strstr(got.body, "Condition/c5"));
	ck_assert_ptr_nonnull(strstr(got.body, "Condition/c6"));
	ck_assert_ptr_null(strstr(got.body, "next"));
	ask("GET", BASE "/Condition?_lastUpdated=ge2026-05-28T20:26:45Z&_sort=_lastUpdated",
	    "Cache-Control", "no-cache", NULL);
	ck_assert_ptr_null(strstr(got.body, "Condition/c4"));
	ck_assert_ptr_nonnull(strstr(got.body, "Condition/c5"));
	server_options(server)->cache = 1000000;
	ask("GET", BASE "/Condition", NULL, NULL, NULL);
	server_put_text(server, "{\"resourceType\":\"Condition\",\"id\":\"z\"}");
	server_options(server)->page = 50;
	ask("GET", BASE "/Condition", NULL, NULL, NULL);
	ck_assert_ptr_null(strstr(got.body, "Condition/z"));
	ask("GET", BASE "/Condition", "Cache-Control", "no-cache", NULL);
	ck_assert_ptr_nonnull(strstr(got.body, "Condition/z"));
}
END_TEST

START_TEST(faults)
{
	int64_t t = fake_now();

	server_fault(
	    server, &(struct server_fault){ .status = 503, .times = 1, .retry_after = "7" });
	ask("GET", BASE "/metadata", NULL, NULL, NULL);
	ck_assert_int_eq(got.status, 503);
	ck_assert_int_eq(got.retry_after, 7000);
	ck_assert_int_eq(got.at, t + 2);
	ask("GET", BASE "/metadata", NULL, NULL, NULL);
	ck_assert_int_eq(got.status, 200);
	server_fault(server, &(struct server_fault){ .method = "PUT", .lose = true, .times = -1 });
	ask("PUT", BASE "/Patient/p1", NULL, NULL, P1);
	ck_assert_int_eq(got.outcome, HTTP_LOST);
	ck_assert_uint_eq(server_count(server, "Patient"), 1);
	server_well(server);
	server_fault(server, &(struct server_fault){ .down = true, .times = -1 });
	ask("GET", BASE "/metadata", NULL, NULL, NULL);
	ck_assert_int_eq(got.outcome, HTTP_UNSENT);
	server_well(server);
	server_fault(server, &(struct server_fault){ .delay = 40000, .times = 1 });
	t = fake_now();
	ask("GET", BASE "/metadata", NULL, NULL, NULL);
	ck_assert_int_eq(got.outcome, HTTP_LOST);
	ck_assert_int_eq(got.at, t + 30000);
	server_fault(server, &(struct server_fault){ .status = 200, .bytes = 200000, .times = 1 });
	ask("GET", BASE "/metadata", NULL, NULL, NULL);
	ck_assert_int_eq(got.outcome, HTTP_TOO_LARGE);
	ask("GET", "http://other.example/r4/metadata", NULL, NULL, NULL);
	ck_assert_int_eq(got.outcome, HTTP_UNSENT);
}
END_TEST

static int answer_status;

static void
hear(void *arg, struct listen_exchange *exchange, const struct listen_request *request)
{
	struct listen_reply reply = { .status = answer_status };

	(void)arg;
	ck_assert_str_eq(request->method, "PUT");
	mark(p_);
	ck_assert(cw_str_is(listen_header(exchange, "x-secret"), "open sesame"));
	ck_assert(cw_str_is(request->path, "/fhir/epic/Condition/c0"));
	ck_assert(cw_str_is(listen_header(exchange, "If-Match"), "W/\"1\""));
	listen_answer(exchange, &reply);
}

START_TEST(subscriptions_deliver)
{
	struct listen_options options = { .address = "127.0.0.1:8086" };
	struct listen *listen;

	ck_assert_int_eq(listen_open(&listen, loop, &options, hear, NULL, NULL), 0);
	ck_assert_int_eq(listen_open(&listen, loop, &options, hear, NULL, NULL), CW_EIO);
	fake_route("watch.example", "127.0.0.1:8086");
	server_put_text(server,
	    "{\"resourceType\":\"Subscription\",\"id\":\"s\",\"status\":\"requested\","
	    "\"criteria\":\"Condition?\",\"channel\":{\"type\":\"rest-hook\",\"endpoint\":"
	    "\"https://watch.example/fhir/epic\",\"payload\":\"application/fhir+json\",\"header\":"
	    "[\"X-Secret: open sesame\"]}}");
	fake_advance(1000);
	ck_assert_ptr_nonnull(strstr(server_get(server, "Subscription/s").s, "\"active\""));
	answer_status = 503;
	put_many(1);
	ck_assert_str_eq(trace, "P");
	answer_status = 204;
	fake_advance(10000);
	ck_assert_str_eq(trace, "PP");
	ck_assert_int_eq(fake_sent_at(1)->status, 204);
	fake_cut();
	put_many(1);
	fake_advance(100000);
	ck_assert_uint_eq(fake_sents(), 2 + 21);
	ck_assert_int_eq(fake_sent_at(22)->status, -1);
	ck_assert_uint_eq(server_given_up(server), 1);
	listen_close(listen);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("fake");
	TCase *tc = tcase_create("fake");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, timers_in_order);
	tcase_add_test(tc, workers_and_wakes);
	tcase_add_test(tc, a_dead_loop_does_nothing);
	tcase_add_test(tc, reads_and_writes);
	tcase_add_test(tc, transactions);
	tcase_add_test(tc, pages_and_cache);
	tcase_add_test(tc, faults);
	tcase_add_test(tc, subscriptions_deliver);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
