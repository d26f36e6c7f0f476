/* The outbox against a server that behaves, refuses, fails, and loses its answers. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/outbox_case.h"

START_TEST(creates)
{
	ck_assert_int_eq(bring(errand(1, STORE_CREATE), 100), DELIVERY_DONE);
	ck_assert_uint_eq(n_told, 1);
	ck_assert_str_eq(told[0].version, "W/\"1\"");
	ck_assert_ptr_nonnull(strstr(stored(1), "\"subject\":{\"reference\":\"Patient/p1\"}"));
	ck_assert_ptr_nonnull(
	    strstr(stored(1), "{\"reference\":\"Condition/c1\",\"display\":\"d\"}"));
	ck_assert_ptr_nonnull(strstr(stored(1), "\"value\":1.00"));
	ck_assert_uint_eq(server_count(server, "Provenance"), 1);
	ck_assert_uint_eq(fake_requests(), 3); /* metadata, Patient, the Bundle */
	for (size_t i = 0; i < 3; i++)
		ck_assert(cw_str_is(fake_header(fake_request_at(i), "authorization"), "Bearer t"));
	ck_assert_uint_eq(outbox_depth(box), 0);
	ck_assert_int_eq(bring(errand(2, STORE_CREATE), 100), DELIVERY_DONE);
	ck_assert_uint_eq(fake_requests(), 5);
	ck_assert(outbox_healthy(box));
}
END_TEST

/* From another server: the patient by identifier, evidence by logical references. */
START_TEST(creates_elsewhere)
{
	struct report *r = errand(1, STORE_CREATE);

	r->source = CW_STR("source.example/fhir"); /* as the store compares bases */
	r->subject = CW_STR("Patient/p9");
	r->known = CW_STR("|nothing\nurn:ssn|1\nurn:mrn|4 7\nurn:mrn|");
	ck_assert_int_eq(bring(r, 100), DELIVERY_DONE);
	ck_assert_uint_eq(fake_count(0, "GET", "Patient?identifier="), 2);
	ck_assert_uint_eq(fake_count(0, "GET", "Patient?identifier=urn%3Amrn%7C4%207"), 1);
	ck_assert_ptr_nonnull(strstr(stored(1), "\"subject\":{\"reference\":\"Patient/p1\"}"));
	ck_assert_ptr_nonnull(strstr(stored(1),
	    "{\"type\":\"Condition\",\"identifier\":{\"system\":\"urn:ietf:rfc:3986\",\"value\":"
	    "\"" OTHER "/Condition/c1\"},\"display\":\"d\"}"));
	ck_assert_ptr_nonnull(strstr(
	    server_get(server, "Provenance/f1").s, "\"reference\":\"ServiceRequest/" ID "1\""));
}
END_TEST

START_TEST(needs_one_patient)
{
	struct report *r = errand(1, STORE_CREATE);

	r->source = CW_STR(OTHER);
	r->known = CW_STR("urn:mrn|8");
	ck_assert_int_eq(bring(r, 100), DELIVERY_DEAD);
	ck_assert_str_eq(told[0].text, "no patient on the target has one of his identifiers");
	server_put_text(server,
	    "{\"resourceType\":\"Patient\",\"id\":\"p2\",\"identifier\":[{\"system\":\"urn:mrn\","
	    "\"value\":\"4 7\"}],\"link\":[{\"type\":\"replaced-by\",\"other\":{\"reference\":"
	    "\"Patient/p1\"}}]}");
	r = errand(2, STORE_CREATE);
	r->source = CW_STR(OTHER);
	ck_assert_int_eq(bring(r, 100), DELIVERY_DONE);
	server_put_text(server,
	    "{\"resourceType\":\"Patient\",\"id\":\"p3\",\"identifier\":[{\"system\":\"urn:mrn\","
	    "\"value\":\"4 7\"}]}");
	r = errand(3, STORE_CREATE);
	r->source = CW_STR(OTHER);
	ck_assert_int_eq(bring(r, 100), DELIVERY_DEAD);
	ck_assert_str_eq(told[2].text, "several patients on the target have his identifiers");
	server_delete(server, "Patient/p1");
	ck_assert_int_eq(bring(errand(4, STORE_CREATE), 100), DELIVERY_DEAD);
	ck_assert_str_eq(told[3].text, "the patient is not on the target");
	ck_assert_uint_eq(server_count(server, "ServiceRequest"), 1);
	ck_assert_uint_eq(fake_count(0, "POST", ""), 1);
}
END_TEST

/* A finding may come before the record of its patient. */
START_TEST(awaits_the_patient)
{
	struct report *r = errand(1, STORE_CREATE);

	r->source = CW_STR(OTHER);
	r->known = CW_STR("");
	ck_assert_int_eq(bring(r, 100), DELIVERY_LATER);
	r = errand(1, STORE_CREATE); /* the engine tells of it once more */
	r->source = CW_STR(OTHER);
	ck_assert_int_eq(bring(r, 3000), DELIVERY_DONE);
	ck_assert_uint_eq(server_count(server, "ServiceRequest"), 1);
	/* Not for ever. */
	r = errand(2, STORE_CREATE);
	r->source = CW_STR(OTHER);
	r->known = CW_STR("");
	ck_assert_int_eq(bring(r, 60000), DELIVERY_LATER);
	fake_advance(240000);
	ck_assert_int_eq(told[n_told - 1].delivery, DELIVERY_DEAD);
	ck_assert_uint_eq(server_count(server, "ServiceRequest"), 1);
}
END_TEST

/* 72 hours without a receiver: tried at growing distances, then brought once. */
START_TEST(outlasts_a_receiver_that_is_down)
{
	fault((struct server_fault){ .down = true, .times = -1 });
	ck_assert_int_eq(bring(errand(1, STORE_CREATE), 72 * 3600000), DELIVERY_LATER);
	ck_assert(!outbox_healthy(box));
	ck_assert_uint_gt(n_told, 8);
	ck_assert_uint_ge(n_told, 72 * 12);
}
END_TEST

START_TEST(waits_longer_and_longer)
{
	fault((struct server_fault){ .down = true, .times = 12 });
	ck_assert_int_eq(bring(errand(1, STORE_CREATE), 3600000), DELIVERY_DONE);
	ck_assert_uint_eq(n_told, 13);
	for (size_t i = 1; i < 13; i++) {
		int64_t gap = told[i].at - told[i - 1].at, most = i < 10 ? 1000 << (i - 1) : 300000;

		most = most > 300000 ? 300000 : most;
		ck_assert_int_ge(gap, most / 2);
		ck_assert_int_le(gap, most + 10);
		ck_assert(!told[i - 1].doubtful);
	}
	ck_assert(outbox_healthy(box));
	ck_assert_uint_eq(fake_count(0, "POST", ""), 1);
}
END_TEST

/* Done, and nobody knew: the id is read, nothing is sent again. */
START_TEST(looks_before_it_sends_again)
{
	fault((struct server_fault){ .method = "POST", .lose = true, .times = 1 });
	ck_assert_int_eq(bring(errand(1, STORE_CREATE), 10000), DELIVERY_DONE);
	ck_assert_uint_eq(n_told, 2);
	ck_assert(told[0].doubtful);
	ck_assert_uint_eq(fake_count(0, "POST", ""), 1);
	ck_assert_uint_eq(server_count(server, "ServiceRequest"), 1);
	ck_assert_str_eq(told[1].version, "W/\"1\"");
	/* An answer that came too late, or as nonsense: the same. */
	fault((struct server_fault){ .method = "POST", .delay = 60000, .times = 1 });
	ck_assert_int_eq(bring(errand(2, STORE_CREATE), 100000), DELIVERY_DONE);
	fault(
	    (struct server_fault){ .method = "POST", .status = 200, .body = "<html>", .times = 1 });
	ck_assert_int_eq(bring(errand(3, STORE_CREATE), 100000), DELIVERY_DONE);
	ck_assert_uint_eq(server_count(server, "ServiceRequest"), 3);
	ck_assert_uint_eq(fake_count(0, "POST", ""), 4); /* the page was nobody's work */
}
END_TEST

/* A person deleted it before we looked: it is not made again. */
START_TEST(leaves_the_deleted)
{
	fault((struct server_fault){ .method = "POST", .lose = true, .times = 1 });
	queue_report(queue, errand(1, STORE_CREATE));
	fake_advance(100);
	server_delete(server, "ServiceRequest/" ID "1");
	fake_advance(10000);
	ck_assert_int_eq(told[1].delivery, DELIVERY_GONE);
	ck_assert_uint_eq(server_count(server, "ServiceRequest"), 0);
	ck_assert_uint_eq(fake_count(0, "POST", ""), 1);
}
END_TEST

/* What was there when the daemon started may have been sent. */
START_TEST(doubts_what_is_older_than_itself)
{
	struct report *r = errand(1, STORE_CREATE);

	r->errand.created -= 1;
	ck_assert_int_eq(bring(r, 100), DELIVERY_DONE);
	ck_assert_uint_eq(fake_count(0, "GET", "ServiceRequest/" ID "1"), 1);
	ck_assert_uint_eq(fake_count(0, "POST", ""), 1);
	ck_assert_int_eq(bring(errand(2, STORE_CREATE), 100), DELIVERY_DONE);
	ck_assert_uint_eq(fake_count(0, "GET", "ServiceRequest/" ID "2"), 0);
}
END_TEST

/* The daemon dies with a request on its way, and starts again. */
START_TEST(survives_its_own_death)
{
	queue_report(queue, errand(1, STORE_CREATE));
	while (fake_count(0, "POST", "") == 0)
		ck_assert(fake_step(1000));
	fake_cut();
	close_outbox();
	fake_advance(1000);
	ck_assert_uint_eq(n_told, 0);
	ck_assert_uint_eq(server_count(server, "ServiceRequest"), 1);
	open_outbox();
	{
		struct report *r = errand(1, STORE_CREATE);

		r->errand.created = START;
		ck_assert_int_eq(bring(r, 1000), DELIVERY_DONE);
	}
	ck_assert_uint_eq(fake_count(0, "POST", ""), 1);
	ck_assert_uint_eq(server_version(server, "ServiceRequest/" ID "1"), 1);
}
END_TEST

static const struct {
	int status;
	bool again, doubtful;
} statuses[] = {
	{ 301, true, true },
	{ 400, false, false },
	{ 401, true, true },
	{ 403, false, false },
	{ 404, false, false },
	{ 408, true, true },
	{ 409, true, true },
	{ 412, false, false },
	{ 413, false, false },
	{ 422, false, false },
	{ 429, true, false },
	{ 500, true, true },
	{ 501, false, false },
	{ 502, true, true },
	{ 503, true, true },
	{ 504, true, true },
};

START_TEST(retries_what_may_pass)
{
	fault((struct server_fault){ .method = "POST", .status = statuses[_i].status, .times = 3 });
	bring(errand(1, STORE_CREATE), 60000);
	ck_assert_int_eq(told[0].status, statuses[_i].status);
	ck_assert_int_eq(told[0].doubtful, statuses[_i].doubtful);
	ck_assert_int_eq(
	    told[n_told - 1].delivery, statuses[_i].again ? DELIVERY_DONE : DELIVERY_DEAD);
	ck_assert_uint_eq(n_told, statuses[_i].again ? 4 : 1);
	ck_assert_uint_eq(server_count(server, "ServiceRequest"), statuses[_i].again);
	ck_assert_ptr_nonnull(strstr(told[0].text, ": processing: told to fail"));
}
END_TEST

START_TEST(heeds_retry_after)
{
	fault((struct server_fault){
	    .method = "POST", .status = 503, .retry_after = "20", .times = 1 });
	ck_assert_int_eq(bring(errand(1, STORE_CREATE), 19000), DELIVERY_LATER);
	ck_assert_int_eq(told[0].next - told[0].at, 20000);
	fake_advance(2000);
	ck_assert_int_eq(told[1].delivery, DELIVERY_DONE);
	/* An issue that says "transient" passes whatever the status. */
	fault((struct server_fault){ .method = "POST",
	    .status = 422,
	    .body = "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"code\":\"transient\"}]}",
	    .times = 1 });
	ck_assert_int_eq(bring(errand(2, STORE_CREATE), 5000), DELIVERY_DONE);
	ck_assert_int_eq(outbox_delay(1, INT64_MAX / 2, 7), 3600000);
	ck_assert_int_eq(outbox_delay(0, -1, 0), 1000);
	ck_assert_int_eq(outbox_delay(UINT32_MAX, -1, 0), 300000);
	ck_assert_int_eq(outbox_delay(4, -1, 4000), 4000);
}
END_TEST

/* Evidence that the target no longer has is named instead. */
START_TEST(drops_dangling_references)
{
	fault((struct server_fault){ .method = "POST", .status = 400, .times = 1 });
	ck_assert_int_eq(bring(errand(1, STORE_CREATE), 1000), DELIVERY_DONE);
	ck_assert_uint_eq(n_told, 1);
	ck_assert_ptr_nonnull(strstr(stored(1), "\"value\":\"" BASE "/Condition/c1\""));
}
END_TEST

/* The server says, or shows, that it will not have our ids. */
START_TEST(creates_conditionally)
{
	const char *reference;

	server_options(server)->update_create = false;
	if (_i == 1) /* it says otherwise */
		fault((struct server_fault){ .in_url = "metadata",
		    .status = 200,
		    .body = "{\"resourceType\":\"CapabilityStatement\"}",
		    .times = -1 });
	if (_i == 2) /* its metadata are for others only */
		fault((struct server_fault){ .in_url = "metadata", .status = 403, .times = -1 });
	ck_assert_int_eq(bring(errand(1, STORE_CREATE), 1000), DELIVERY_DONE);
	ck_assert_uint_eq(server_count(server, "ServiceRequest"), 1);
	reference = server_nth(server, "ServiceRequest", 0);
	ck_assert_ptr_null(strstr(reference, ID));
	ck_assert_ptr_nonnull(
	    strstr(server_get(server, server_nth(server, "Provenance", 0)).s, reference));
	/* lost, looked for by its identifier, found */
	fault((struct server_fault){ .method = "POST", .lose = true, .times = 1 });
	ck_assert_int_eq(bring(errand(2, STORE_CREATE), 10000), DELIVERY_DONE);
	ck_assert_uint_eq(server_count(server, "ServiceRequest"), 2);
	ck_assert_str_eq(told[n_told - 1].version, "W/\"1\"");
	/* and revoked under the id that the server gave it */
	ck_assert_int_eq(bring(errand(1, STORE_REVOKE), 1000), DELIVERY_DONE);
	ck_assert_ptr_nonnull(strstr(server_get(server, reference).s, "\"status\":\"revoked\""));
}
END_TEST

START_TEST(revokes)
{
	struct report *r;

	bring(errand(1, STORE_CREATE), 100);
	r = errand(1, STORE_REVOKE);
	r->errand.id = 11;
	ck_assert_int_eq(bring(r, 100), DELIVERY_DONE);
	ck_assert_str_eq(told[1].version, "W/\"2\"");
	ck_assert_ptr_nonnull(strstr(stored(1), "\"status\":\"revoked\""));
	ck_assert_ptr_nonnull(strstr(stored(1), "\"value\":1.00"));
	ck_assert(
	    cw_str_is(fake_header(fake_request_at(fake_requests() - 1), "if-match"), "W/\"1\""));
	/* once more, after a loss: nothing is written */
	r = errand(1, STORE_REVOKE);
	r->errand.id = 12;
	ck_assert_int_eq(bring(r, 100), DELIVERY_DONE);
	ck_assert_uint_eq(server_version(server, "ServiceRequest/" ID "1"), 2);
	ck_assert_int_eq(bring(errand(2, STORE_REVOKE), 100), DELIVERY_GONE);
	server_delete(server, "ServiceRequest/" ID "1");
	ck_assert_int_eq(bring(errand(1, STORE_REVOKE), 100), DELIVERY_GONE);
}
END_TEST

/* Where the site's policy is that requests are orders. */
START_TEST(orders)
{
	target.order_intent = "order";
	bring(errand(1, STORE_CREATE), 100);
	ck_assert_ptr_nonnull(strstr(stored(1), "\"intent\":\"order\""));
	ck_assert_int_eq(bring(errand(1, STORE_REVOKE), 100), DELIVERY_DONE);
	target.order_intent = "proposal";
	bring(errand(2, STORE_CREATE), 100);
	ck_assert_ptr_nonnull(strstr(stored(2), "\"intent\":\"proposal\""));
}
END_TEST

/* A person acted: between two looks, or long before. */
START_TEST(leaves_what_a_person_touched)
{
	struct report *r = errand(1, STORE_REVOKE);

	bring(errand(1, STORE_CREATE), 100);
	r->errand.id = 11;
	if (_i == 0) {
		server_status(server, "ServiceRequest/" ID "1", "completed");
	} else {
		server_options(server)->mismatch = _i == 1 ? 412 : 409;
		queue_report(queue, r);
		while (fake_count(0, "GET", "ServiceRequest/" ID "1") == 0)
			ck_assert(fake_step(1000));
		fake_advance(1); /* it is read */
		server_status(server, "ServiceRequest/" ID "1", "completed");
		r = NULL;
	}
	if (r != NULL)
		queue_report(queue, r);
	fake_advance(1000);
	ck_assert_uint_eq(n_told, 2);
	ck_assert_int_eq(told[1].delivery, DELIVERY_ACTED);
	ck_assert_int_eq(told[1].errand, 11);
	ck_assert_str_eq(told[1].text, "completed");
	ck_assert_uint_eq(server_version(server, "ServiceRequest/" ID "1"), 2);
}
END_TEST

/* The lower proposal goes only after the higher has arrived; never when that was given up. */
START_TEST(keeps_the_order)
{
	struct report *r = errand(1, STORE_REVOKE);

	bring(errand(1, STORE_CREATE), 100);
	fault((struct server_fault){ .method = "POST", .status = 503, .times = 1 });
	queue_report(queue, errand(2, STORE_CREATE));
	r->errand.id = 3;
	r->errand.after = 2;
	bring(r, 10000);
	ck_assert_uint_eq(n_told, 4);
	ck_assert_int_eq(told[2].errand, 2);
	ck_assert_int_eq(told[2].delivery, DELIVERY_DONE);
	ck_assert_int_eq(told[3].errand, 3);
	ck_assert_int_eq(told[3].delivery, DELIVERY_DONE);
	fault((struct server_fault){ .method = "POST", .status = 403, .times = 1 });
	queue_report(queue, errand(4, STORE_CREATE));
	r = errand(2, STORE_REVOKE);
	r->errand.id = 5;
	r->errand.after = 4;
	ck_assert_int_eq(bring(r, 10000), DELIVERY_DEAD);
	ck_assert_int_eq(told[5].errand, 5);
	ck_assert_ptr_nonnull(strstr(stored(2), "\"status\":\"active\""));
	ck_assert_uint_eq(outbox_depth(box), 0);
}
END_TEST

/* Create and revoke of one alert never overlap. */
START_TEST(one_at_a_time_for_an_alert)
{
	struct report *r = errand(1, STORE_REVOKE);

	queue_report(queue, errand(1, STORE_CREATE));
	r->errand.id = 2;
	r->errand.alert = 1;
	ck_assert_int_eq(bring(r, 1000), DELIVERY_DONE);
	ck_assert_int_eq(told[0].errand, 1);
	ck_assert_ptr_nonnull(strstr(stored(1), "\"status\":\"revoked\""));
}
END_TEST

START_TEST(drains)
{
	fault((struct server_fault){ .method = "POST", .delay = 500, .times = 1 });
	queue_report(queue, errand(1, STORE_CREATE));
	queue_report(queue, errand(2, STORE_CREATE));
	while (fake_count(0, "POST", "") == 0)
		ck_assert(fake_step(1000));
	outbox_drain(box, _i == 0 ? 2000 : 100, set_drained, NULL);
	fake_advance(_i == 0 ? 800 : 150);
	ck_assert(drained);
	if (_i == 0)
		ck_assert_int_eq(told[0].delivery, DELIVERY_DONE);
	else
		ck_assert_uint_eq(n_told, 0);
	fake_advance(600000);
	ck_assert_uint_eq(n_told, _i == 0);
}
END_TEST

START_TEST(prints)
{
	struct report *r = errand(1, STORE_CREATE);

	target.base = NULL;
	ck_assert_int_eq(bring(r, 10), DELIVERY_DONE);
	ck_assert_uint_eq(fake_requests(), 0);
	ck_assert_int_eq(strncmp(printed, "{\"resourceType\":\"ServiceRequest\"", 32), 0);
	r = errand(2, STORE_CREATE);
	r->errand.target = CW_STR("nobody");
	ck_assert_int_eq(bring(r, 10), DELIVERY_DEAD);
}
END_TEST

/* Five hundred wait for a server that comes back: each arrives once. */
START_TEST(brings_many)
{
	size_t done = 0;

	fault((struct server_fault){ .down = true, .times = 300 });
	for (int i = 10; i < 60; i++)
		queue_report(queue, errand(i, STORE_CREATE));
	fake_advance(3600000);
	for (size_t i = 0; i < n_told; i++)
		done += told[i].delivery == DELIVERY_DONE;
	ck_assert_uint_eq(done, 50);
	ck_assert_uint_eq(server_count(server, "ServiceRequest"), 50);
	ck_assert_uint_eq(fake_count(0, "POST", ""), 50);
}
END_TEST

static TCase *
cases(void)
{
	TCase *tc = tcase_create("outbox");

	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, creates);
	tcase_add_test(tc, creates_elsewhere);
	tcase_add_test(tc, needs_one_patient);
	tcase_add_test(tc, awaits_the_patient);
	tcase_add_test(tc, outlasts_a_receiver_that_is_down);
	tcase_add_test(tc, waits_longer_and_longer);
	tcase_add_test(tc, looks_before_it_sends_again);
	tcase_add_test(tc, leaves_the_deleted);
	tcase_add_test(tc, doubts_what_is_older_than_itself);
	tcase_add_test(tc, survives_its_own_death);
	tcase_add_loop_test(
	    tc, retries_what_may_pass, 0, (int)(sizeof(statuses) / sizeof(*statuses)));
	tcase_add_test(tc, heeds_retry_after);
	tcase_add_test(tc, drops_dangling_references);
	tcase_add_loop_test(tc, creates_conditionally, 0, 3);
	tcase_add_test(tc, revokes);
	tcase_add_test(tc, orders);
	tcase_add_loop_test(tc, leaves_what_a_person_touched, 0, 3);
	tcase_add_test(tc, keeps_the_order);
	tcase_add_test(tc, one_at_a_time_for_an_alert);
	tcase_add_loop_test(tc, drains, 0, 2);
	tcase_add_test(tc, prints);
	tcase_add_test(tc, brings_many);
	return tc;
}

int
main(void)
{
	Suite *suite = suite_create("outbox");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, cases());
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
