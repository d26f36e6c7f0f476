/* A feed against a server that behaves, changes its mind, fails, lies, and never ends. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/feed_case.h"

START_TEST(loads_then_polls)
{
	write_many("Condition", 0, 130);
	write_many("Observation", 0, 3);
	open_feed();
	ck_assert(feed_loading(feed));
	fake_advance(5000);
	ck_assert(!feed_loading(feed));
	ck_assert_uint_eq(times_each("Condition", 0, 130), 1);
	ck_assert_uint_eq(times_each("Observation", 0, 3), 1);
	ck_assert_uint_eq(backfills, jobs);
	ck_assert_uint_gt(jobs, 5); /* pages are split */
	ck_assert_uint_eq(loadeds, 1);
	ck_assert_uint_eq(loaded_at, jobs);
	ck_assert_str_eq(marked("mark.Condition"), "1780000001290");
	ck_assert_str_eq(marked("mark.Patient"), "0");
	write_many("Condition", 200, 202);
	fake_advance(61000);
	ck_assert_uint_eq(times_each("Condition", 200, 202), 1);
	ck_assert_uint_eq(times_each("Condition", 0, 130), 1); /* the overlap is not taken twice */
	ck_assert_uint_lt(backfills, jobs);
	ck_assert_uint_gt(fake_count(0, "GET",
			      "/Condition?_lastUpdated=ge2026-05-28T20:11:41.290Z"
			      "&_sort=_lastUpdated&_count=200"),
	    0);
	for (size_t i = 0; i < fake_requests(); i++) {
		const struct fake_request *r = fake_request_at(i);

		ck_assert_uint_eq(strcspn(r->url, "\" {}<>"), strlen(r->url));
		ck_assert(cw_str_is(fake_header(r, "Cache-Control"), "no-cache"));
		ck_assert(cw_str_is(fake_header(r, "Authorization"), "Bearer t"));
	}
	ck_assert_ptr_null(status().fault);
	ck_assert(status().reachable);
}
END_TEST

/* What is written after the load and before the Subscriptions are active nobody tells of. */
START_TEST(polls_once_they_are_active)
{
	size_t before;

	server_options(server)->activation = 10000;
	open_feed();
	fake_advance(5000);
	ck_assert(!feed_loading(feed));
	ck_assert_uint_eq(status().active, 0);
	write_many("Condition", 0, 5);
	fake_advance(20000);
	ck_assert_uint_eq(status().active, 4);
	ck_assert_uint_eq(times_each("Condition", 0, 5), 1);
	/* Once is enough. */
	before = fake_requests();
	fake_advance(30000);
	ck_assert_uint_eq(fake_count(before, "GET", "/Condition?"), 0);
}
END_TEST

/* After a restart: from the mark, and nothing is lost that was written meanwhile. */
START_TEST(goes_on_after_a_restart)
{
	size_t before;

	write_many("Condition", 0, 10);
	open_feed();
	fake_advance(5000);
	fake_cut();
	close_feed();
	before = jobs;
	write_many("Condition", 10, 60);
	fake_advance(90000);
	open_feed();
	ck_assert(!feed_loading(feed));
	fake_advance(5000);
	ck_assert_uint_ge(times_each("Condition", 10, 60), 1);
	ck_assert_uint_lt(backfills, jobs);
	ck_assert_uint_gt(jobs, before);
	ck_assert_uint_eq(loadeds, 2); /* whoever may have waited hears of it again */
	ck_assert_uint_eq(server_count(server, "Subscription"), 4);
}
END_TEST

/* Killed at every step of the load: all is taken in, and its end is told. */
START_TEST(survives_death_anywhere)
{
	write_many("Condition", 0, 60);
	open_feed();
	for (int i = 0; i < _i; i++)
		fake_step(1000);
	fake_cut();
	close_feed();
	open_feed();
	fake_advance(10000);
	ck_assert_uint_ge(times_each("Condition", 0, 60), 1);
	ck_assert_uint_ge(loadeds, 1);
	ck_assert_uint_eq(server_count(server, "Subscription"), 4);
	ck_assert_uint_eq(status().active, 4);
}
END_TEST

START_TEST(pings_poll_once_a_second)
{
	size_t before;

	open_feed();
	fake_advance(5000);
	write_many("Condition", 0, 1);
	feed_ping(feed);
	fake_advance(100);
	ck_assert_uint_eq(times("Condition/c0"), 1);
	ck_assert_int_eq(status().last_event, fake_now() - 100);
	before = fake_requests();
	for (int i = 0; i < 100; i++) {
		feed_ping(feed);
		fake_advance(20);
	}
	ck_assert_uint_le(fake_count(before, "GET", "/Condition?"), 3);
	ck_assert_uint_ge(fake_count(before, "GET", "/Condition?"), 1);
}
END_TEST

/* A full queue: nothing is asked for that cannot be taken, and nothing is lost. */
START_TEST(waits_for_room)
{
	write_many("Condition", 0, 130);
	full = true;
	open_feed();
	fake_advance(120000);
	ck_assert_uint_eq(jobs, 0);
	ck_assert_uint_eq(fake_count(0, "GET", "/Condition?"), 1);
	ck_assert_uint_eq(fake_count(0, "GET", "_getpages"), 0);
	ck_assert_str_eq(marked("mark.Condition"), "");
	full = false;
	fake_advance(3000);
	ck_assert_uint_eq(times_each("Condition", 0, 130), 1);
}
END_TEST

START_TEST(makes_subscriptions_once)
{
	struct cw_str s;

	server_put_text(server,
	    "{\"resourceType\":\"Subscription\",\"id\":\"other\",\"status\":\"active\","
	    "\"criteria\":\"Condition?\",\"channel\":{\"type\":\"rest-hook\",\"endpoint\":"
	    "\"" PUBLIC "/fhir/another\"}}");
	open_feed();
	fake_advance(5000);
	ck_assert_uint_eq(server_count(server, "Subscription"), 5);
	ck_assert_uint_eq(status().subscriptions, 4);
	ck_assert_uint_eq(status().active, 4);
	s = server_get(server, server_nth(server, "Subscription", 1));
	ck_assert_ptr_nonnull(strstr(s.s, "\"status\":\"active\""));
	ck_assert_ptr_nonnull(strstr(s.s, "\"criteria\":\"Condition?\""));
	ck_assert_ptr_nonnull(strstr(s.s, "\"endpoint\":\"" PUBLIC "/fhir/ehr\""));
	ck_assert_ptr_nonnull(strstr(s.s, "\"header\":[\"X-Secret: s3cret\"]"));
	ck_assert_ptr_nonnull(strstr(s.s, "\"payload\":\"application/fhir+json\""));
	for (int i = 0; i < 3; i++) {
		fake_cut();
		close_feed();
		if (i == 2)
			n_marks = 0; /* the database is new: they are found and adopted */
		open_feed();
		fake_advance(5000);
		ck_assert_uint_eq(server_count(server, "Subscription"), 5);
		ck_assert_uint_eq(status().active, 4);
	}
	ck_assert_uint_eq(fake_count(0, "POST", "Subscription"), 4);
	ck_assert_uint_eq(fake_count(0, "PUT", "Subscription"), 0);
}
END_TEST

START_TEST(keeps_subscriptions_active)
{
	const char *mine;

	open_feed();
	fake_advance(5000);
	mine = server_nth(server, "Subscription", 0);
	server_status(server, mine, _i == 0 ? "error" : "off");
	fake_advance(6 * 60000);
	ck_assert_ptr_nonnull(strstr(server_get(server, mine).s, "\"active\""));
	ck_assert_uint_eq(fake_count(0, "PUT", "Subscription"), 1);
	server_delete(server, mine);
	fake_advance(6 * 60000);
	ck_assert_uint_eq(server_count(server, "Subscription"), 4);
	ck_assert_uint_eq(fake_count(0, "POST", "Subscription"), 5);
	ck_assert_uint_eq(status().active, 4);
	/* One that cannot be kept active is not asked for all the time. */
	server_options(server)->activation = -1;
	server_status(server, server_nth(server, "Subscription", 0), "off");
	fake_advance(600000);
	server_status(server, server_nth(server, "Subscription", 0), "error");
	{
		size_t before = fake_requests();

		fake_advance(3600000);
		ck_assert_uint_le(fake_count(before, "PUT", "Subscription"), 1);
	}
}
END_TEST

/* A lost answer to a creation, and a server that stores other than what was asked. */
START_TEST(compares_subscriptions)
{
	fault((struct server_fault){
	    .method = "POST", .in_url = "Subscription", .lose = true, .times = 2 });
	open_feed();
	fake_advance(20000);
	ck_assert_uint_eq(server_count(server, "Subscription"), 4);
	ck_assert_uint_eq(status().active, 4);
	conf.secret = CW_STR("rotated");
	feed_use(feed, &conf);
	fake_advance(30000);
	for (size_t i = 0; i < 4; i++)
		ck_assert_ptr_nonnull(
		    strstr(server_get(server, server_nth(server, "Subscription", i)).s,
			"X-Secret: rotated"));
	ck_assert_uint_eq(status().active, 4);
	server_options(server)->criteria = "Condition?category=x";
	server_status(server, server_nth(server, "Subscription", 0), "active");
	fake_advance(400000);
	ck_assert_str_eq(status().fault, "a Subscription has other criteria than asked");
	ck_assert_uint_eq(status().active, 3);
	ck_assert_uint_eq(server_count(server, "Subscription"), 4);
}
END_TEST

/* Push is a help, polling is the promise: a server without Subscriptions still feeds us. */
START_TEST(does_without_subscriptions)
{
	fault((struct server_fault){ .in_url = "Subscription", .status = 404, .times = -1 });
	write_many("Condition", 0, 3);
	open_feed();
	fake_advance(60000);
	ck_assert_uint_eq(times_each("Condition", 0, 3), 1);
	ck_assert_str_eq(status().fault, "its server takes no Subscriptions");
	ck_assert_uint_eq(fake_count(0, "POST", "Subscription"), 0);
}
END_TEST

START_TEST(refuses_other_versions)
{
	server_options(server)->fhir_version = "5.0.0";
	open_feed();
	fake_advance(60000);
	ck_assert_uint_eq(fake_requests(), 1);
	ck_assert(status().refused);
	server_options(server)->fhir_version = "4.0.1";
	fake_advance(600000);
	ck_assert(!status().refused);
	ck_assert_uint_eq(status().active, 4);
}
END_TEST

/* Down at the start, and again later; what was written meanwhile comes. */
START_TEST(outlasts_a_server_that_is_down)
{
	fault((struct server_fault){ .down = true, .times = -1 });
	open_feed();
	fake_advance(3600000);
	ck_assert(!status().reachable);
	ck_assert(feed_loading(feed));
	ck_assert_uint_eq(loadeds, 0);
	ck_assert_uint_le(fake_requests(), 40);
	server_well(server);
	write_many("Condition", 0, 3);
	fake_advance(400000);
	ck_assert_uint_eq(times_each("Condition", 0, 3), 1);
	ck_assert_uint_ge(loadeds, 1);
	fault((struct server_fault){ .down = true, .times = -1 });
	write_many("Condition", 3, 6);
	fake_advance(72 * 3600000);
	server_well(server);
	fake_advance(400000);
	ck_assert_uint_eq(times_each("Condition", 3, 6), 1);
	ck_assert(status().reachable);
	ck_assert_ptr_null(status().fault);
}
END_TEST

/* Each hostile answer: survived, said, the mark stays, the other types go on, and once the server
 * is well all comes. */
static const struct {
	struct server_fault fault;
	const char *says;
} hostile[] = {
	{ { .in_url = "/Condition?",
	      .status = 302,
	      .location = "http://evil.example/",
	      .times = -1 },
	    "redirected" },
	{ { .in_url = "/Condition?", .status = 200, .body = "<html>hello</html>", .times = -1 },
	    "a page is no Bundle" },
	{ { .in_url = "/Condition?", .status = 200, .body = "", .times = -1 },
	    "a page is no Bundle" },
	{ { .in_url = "/Condition?", .status = 200, .body = "[]", .times = -1 },
	    "a page is no Bundle" },
	{ { .in_url = "/Condition?",
	      .status = 200,
	      .body = "{\"resourceType\":\"Patient\",\"id\":\"x\"}",
	      .times = -1 },
	    "a page is no Bundle" },
	{ { .in_url = "/Condition?", .status = 200, .bytes = 100000000, .times = -1 },
	    "a page is too large" },
	{ { .in_url = "/Condition?", .status = 403, .times = -1 }, "refused" },
	{ { .in_url = "/Condition?", .status = 500, .times = -1 }, "refused" },
	{ { .in_url = "/Condition?", .lose = true, .times = -1 }, "connection broke" },
	{ { .in_url = "/Condition?", .delay = 100000, .times = -1 }, "time ran out" },
	{ { .in_url = "/Condition?",
	      .status = 200,
	      .body = "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"link\":[{\"relation\":"
		      "\"next\",\"url\":\"http://evil.example/fhir/Condition\"}]}",
	      .times = -1 },
	    "a next link leads to another server" },
	{ { .in_url = "/Condition?",
	      .status = 200,
	      .body = "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"link\":[{\"relation\":"
		      "\"next\",\"url\":\"" BASE "/../admin\"}]}",
	      .times = -1 },
	    "a next link leads to another server" },
};

START_TEST(survives_hostile_answers)
{
	write_many("Condition", 0, 3);
	write_many("Observation", 0, 3);
	fault(hostile[_i].fault);
	open_feed();
	fake_advance(3600000);
	ck_assert_str_eq(status().fault, hostile[_i].says);
	ck_assert_str_eq(marked("mark.Condition"), "");
	ck_assert_uint_eq(times_each("Observation", 0, 3), 1);
	ck_assert_uint_eq(loadeds, 1); /* nobody waits for it for ever */
	ck_assert_uint_eq(fake_count(0, "", "evil"), 0);
	ck_assert_uint_eq(fake_count(0, "", "admin"), 0);
	server_well(server);
	fake_advance(400000);
	ck_assert_uint_eq(times_each("Condition", 0, 3), 1);
	ck_assert_ptr_null(status().fault);
	ck_assert_uint_eq(loadeds, 2);
}
END_TEST

START_TEST(survives_pages_without_end)
{
	size_t asked;

	write_many("Condition", 0, 3);
	write_many("Observation", 0, 3);
	if (_i == 0)
		server_options(server)->endless = true;
	else if (_i == 1)
		server_options(server)->circle = true;
	else
		server_options(server)->foreign_next = "http://evil.example/fhir";
	server_options(server)->page = 2;
	open_feed();
	fake_advance(300000);
	ck_assert_uint_eq(times("Condition/c0"), 1);
	ck_assert_uint_eq(times("Observation/o0"), 1);
	ck_assert_uint_eq(fake_count(0, "", "evil"), 0);
	ck_assert_ptr_nonnull(status().fault);
	ck_assert_str_eq(marked("mark.Condition"), "");
	server_options(server)->endless = server_options(server)->circle = false;
	server_options(server)->foreign_next = NULL;
	fake_advance(900000);
	ck_assert_uint_eq(times_each("Condition", 0, 3), 1);
	asked = fake_requests();
	fake_advance(60000);
	ck_assert_uint_le(fake_requests() - asked, 20);
}
END_TEST

/* More pages than one poll may have: it goes on where it was cut off, and ends; also when it dies
 * meanwhile, and when all is younger than the overlap. (Here a poll has at most 40 pages.) */
START_TEST(loads_more_than_a_poll_may_hold)
{
	server_options(server)->page = 2;
	write_many("Condition", 0, 250);
	open_feed();
	fake_advance(_i == 0 ? 10 : 1200);
	if (_i > 0) {
		ck_assert(feed_loading(feed));
		ck_assert_uint_eq(loadeds, 0);
		fake_cut();
		close_feed();
		open_feed();
	}
	fake_advance(20000);
	ck_assert_uint_ge(times_each("Condition", 0, 250), 1);
	ck_assert_uint_eq(loadeds, 1);
	ck_assert_uint_eq(backfills, jobs);
	ck_assert_ptr_null(status().fault);
	ck_assert_str_eq(marked("mark.Condition"), "1780000002490");
}
END_TEST

START_TEST(says_what_is_ignored)
{
	server_options(server)->ignore_since = true;
	write_many("Condition", 0, 3);
	open_feed();
	fake_advance(130000);
	ck_assert_str_eq(status().fault, "its server ignores _lastUpdated");
	write_many("Condition", 3, 6);
	fake_advance(61000);
	ck_assert_uint_eq(times_each("Condition", 0, 6), 1);
}
END_TEST

/* Its clock is ahead: the mark stays with ours, and nothing is skipped. */
START_TEST(believes_no_clock_from_the_future)
{
	fake_jump(86400000);
	write_many("Condition", 0, 3);
	fake_jump(-86400000);
	open_feed();
	fake_advance(5000);
	ck_assert_uint_eq(times_each("Condition", 0, 3), 1);
	write_many("Condition", 3, 6);
	fake_advance(61000);
	ck_assert_uint_eq(times_each("Condition", 3, 6), 1);
}
END_TEST

START_TEST(watches_what_it_is_told)
{
	conf.types = "Observation, Patient";
	open_feed();
	fake_advance(5000);
	ck_assert_uint_eq(status().subscriptions, 3); /* and ServiceRequest */
	ck_assert_uint_eq(fake_count(0, "GET", "/Condition?"), 0);
}
END_TEST

START_TEST(push_only)
{
	conf.base = NULL;
	open_feed();
	fake_advance(100000);
	feed_ping(feed);
	fake_advance(100000);
	ck_assert_uint_eq(fake_requests(), 0);
	ck_assert(!feed_loading(feed));
}
END_TEST

static TCase *
cases(void)
{
	TCase *tc = tcase_create("feed");

	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, loads_then_polls);
	tcase_add_test(tc, polls_once_they_are_active);
	tcase_add_test(tc, goes_on_after_a_restart);
	tcase_add_loop_test(tc, survives_death_anywhere, 0, 60);
	tcase_add_test(tc, pings_poll_once_a_second);
	tcase_add_test(tc, waits_for_room);
	tcase_add_test(tc, makes_subscriptions_once);
	tcase_add_loop_test(tc, keeps_subscriptions_active, 0, 2);
	tcase_add_test(tc, compares_subscriptions);
	tcase_add_test(tc, does_without_subscriptions);
	tcase_add_test(tc, refuses_other_versions);
	tcase_add_test(tc, outlasts_a_server_that_is_down);
	tcase_add_loop_test(
	    tc, survives_hostile_answers, 0, (int)(sizeof(hostile) / sizeof(*hostile)));
	tcase_add_loop_test(tc, survives_pages_without_end, 0, 3);
	tcase_add_loop_test(tc, loads_more_than_a_poll_may_hold, 0, 2);
	tcase_add_test(tc, says_what_is_ignored);
	tcase_add_test(tc, believes_no_clock_from_the_future);
	tcase_add_test(tc, watches_what_it_is_told);
	tcase_add_test(tc, push_only);
	tcase_set_timeout(tc, 60);
	return tc;
}

int
main(void)
{
	Suite *suite = suite_create("feed");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, cases());
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
