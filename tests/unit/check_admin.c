/* Unit tests of daemon/admin: requests and what is answered. listen_answer is that of this file. */
#include "daemon/admin.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct listen_exchange {
	int answers, status;
	char type[64], body[1 << 16], allow[16], cache[16];
};

void
listen_answer(struct listen_exchange *exchange, const struct listen_reply *reply)
{
	exchange->answers++;
	exchange->status = reply->status;
	snprintf(exchange->type, sizeof(exchange->type), "%s", reply->type);
	snprintf(exchange->body, sizeof(exchange->body), "%.*s", CW_ARG(reply->body));
	for (size_t i = 0; i < 4 && reply->name[i] != NULL; i++) {
		if (strcmp(reply->name[i], "Allow") == 0)
			snprintf(exchange->allow, sizeof(exchange->allow), "%s", reply->value[i]);
		if (strcmp(reply->name[i], "Cache-Control") == 0)
			snprintf(exchange->cache, sizeof(exchange->cache), "%s", reply->value[i]);
	}
}

/* ---- a daemon ---- */

static struct daemon {
	bool alive;
	struct admin_check check[ADMIN_CHECKS];
	size_t checks, measured;
	struct admin_world world;
} it;
static struct listen_exchange got;

static bool
alive(void *arg)
{
	return ((struct daemon *)arg)->alive;
}

static size_t
ready(void *arg, struct admin_check *out)
{
	const struct daemon *d = arg;

	memcpy(out, d->check, d->checks * sizeof(*out));
	return d->checks;
}

static void
measure(void *arg)
{
	struct daemon *d = arg;

	d->measured++;
	metrics_set(d->world.metrics, METRICS_QUEUE_JOBS, NULL, (int64_t)d->measured * 10);
}

static void
enter(void)
{
	it = (struct daemon){ .alive = true,
		.world = { metrics_new(0), alive, ready, measure, NULL, NULL, &it } };
}

static void
leave(void)
{
	metrics_free(it.world.metrics);
}

static void
ask(const char *method, const char *path)
{
	struct listen_request request = { .method = method, .path = cw_str(path), .uid = -1 };

	got = (struct listen_exchange){ 0 };
	admin_handle(&it.world, &got, &request);
	ck_assert_int_eq(got.answers, 1);
	ck_assert_str_eq(got.cache, "no-store");
}

static void
add(const char *component, const char *name, bool good, bool needed, const char *text)
{
	it.check[it.checks++] = (struct admin_check){ component, name, good, needed, text };
}

/* ---- tests ---- */

START_TEST(tells_that_it_lives)
{
	static const char *const path[] = { "/livez", "/-/healthy" };

	for (int i = 0; i < 2; i++) {
		it.alive = true;
		ask("GET", path[i]);
		ck_assert_int_eq(got.status, 200);
		it.alive = false;
		ask("GET", path[i]);
		ck_assert_int_eq(got.status, 503);
	}
	/* A target that is away and a disk that is full are no reason to be killed. */
	it.alive = true;
	add("database", "", false, true, "full");
	ask("GET", "/livez");
	ck_assert_int_eq(got.status, 200);
}
END_TEST

START_TEST(tells_whether_it_is_ready)
{
	ask("GET", "/readyz");
	ck_assert_int_eq(got.status, 200);
	ck_assert_str_eq(got.type, "application/health+json");
	ck_assert_str_eq(got.body, "{\"status\":\"pass\",\"checks\":{}}\n");
	add("database", "", true, true, NULL);
	add("feed", "ehr", true, true, NULL);
	add("target", "orders", false, false, "does not answer");
	add("feed", "lab", true, true, NULL);
	ask("GET", "/readyz");
	ck_assert_int_eq(got.status, 200);
	ck_assert_str_eq(got.body, "{\"status\":\"warn\",\"checks\":{\"database\":[{"
				   "\"componentId\":\"\",\"status\":\"pass\"}],"
				   "\"feed\":[{\"componentId\":\"ehr\",\"status\":\"pass\"},{"
				   "\"componentId\":\"lab\",\"status\":"
				   "\"pass\"}],\"target\":[{\"componentId\":\"orders\",\"status\":"
				   "\"warn\",\"output\":\"does not "
				   "answer\"}]}}\n");
	it.check[3] = (struct admin_check){ "feed", "lab", false, true, "silent" };
	ask("GET", "/-/ready");
	ck_assert_int_eq(got.status, 503);
	ck_assert_ptr_nonnull(strstr(got.body, "{\"status\":\"fail\",\"checks\":{"));
	ck_assert_ptr_nonnull(strstr(
	    got.body, "{\"componentId\":\"lab\",\"status\":\"fail\",\"output\":\"silent\"}"));
	it.check[2].needed = true; /* whichever comes first */
	it.check[3].needed = false;
	ask("GET", "/readyz");
	ck_assert_int_eq(got.status, 503);
}
END_TEST

START_TEST(answers_with_all_checks_it_has_room_for)
{
	for (int i = 0; i < ADMIN_CHECKS; i++)
		add("feed", "ehr", true, true, "a \"word\"\n");
	ask("GET", "/readyz");
	ck_assert_int_eq(got.status, 200);
	ck_assert_ptr_nonnull(strstr(got.body, "\"output\":\"a \\\"word\\\"\\n\"}]}}\n"));
}
END_TEST

START_TEST(gives_the_metrics_of_now)
{
	ask("GET", "/metrics");
	ck_assert_int_eq(got.status, 200);
	ck_assert_str_eq(got.type, "text/plain; version=0.0.4; charset=utf-8");
	ck_assert_ptr_nonnull(strstr(got.body, "\ncordwatch_queue_jobs 10\n"));
	ask("GET", "/metrics");
	ck_assert_ptr_nonnull(strstr(got.body, "\ncordwatch_queue_jobs 20\n"));
	it.world.measure = NULL;
	ask("GET", "/metrics");
	ck_assert_ptr_nonnull(strstr(got.body, "\ncordwatch_queue_jobs 20\n"));
}
END_TEST

START_TEST(refuses_the_rest)
{
	static const char *const path[] = { "/", "", "/livez/", "/Livez", "/metricsx", "/metric",
		"/../metrics", "/fhir/metadata", "/%6divez", "*" };
	static const char *const method[] = { "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "get" };
	static const char *const known[] = { "/livez", "/readyz", "/metrics", "/-/healthy",
		"/-/ready" };

	for (size_t i = 0; i < sizeof(path) / sizeof(path[0]); i++) {
		ask("GET", path[i]);
		ck_assert_int_eq(got.status, 404);
		ck_assert_str_eq(got.body, "not found\n");
		ck_assert_str_eq(got.allow, "");
		ask("POST", path[i]);
		ck_assert_int_eq(got.status, 404);
	}
	for (size_t i = 0; i < sizeof(method) / sizeof(method[0]); i++) {
		for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++) {
			ask(method[i], known[k]);
			ck_assert_int_eq(got.status, 405);
			ck_assert_str_eq(got.allow, "GET");
		}
	}
	ck_assert_uint_eq(it.measured, 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("admin");
	TCase *t = tcase_create("admin");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, enter, leave);
	tcase_add_test(t, tells_that_it_lives);
	tcase_add_test(t, tells_whether_it_is_ready);
	tcase_add_test(t, answers_with_all_checks_it_has_room_for);
	tcase_add_test(t, gives_the_metrics_of_now);
	tcase_add_test(t, refuses_the_rest);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed > 0;
}
