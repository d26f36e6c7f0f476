/* Unit tests of daemon/receive: who may send. What a listener and its headers say is of this file.
 */
#include "daemon/receive.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define SECRET "0123456789abcdef0123456789abcdef"

struct listen_exchange {
	const char *secret;
	int status;
};

struct cw_str
listen_header(const struct listen_exchange *exchange, const char *name)
{
	return strcmp(name, "X-Secret") == 0 ? cw_str(exchange->secret) : (struct cw_str){ 0 };
}

void
listen_answer(struct listen_exchange *exchange, const struct listen_reply *reply)
{
	ck_assert_int_eq(exchange->status, 0);
	exchange->status = reply->status;
}

static const char *const none[] = { NULL };
static const char *const lab[] = { "DNS:lab.example", NULL };
static const char *const two[] = { "DNS:x.example", "URI:urn:lab", NULL };
static const char *const big[] = { "DNS:LAB.Example", "URI:urn:Lab", NULL };

static const struct {
	const char *names;
	const char *const *san;
	bool known;
} names[] = {
	{ NULL, NULL, true },
	{ NULL, lab, true },
	{ "DNS:lab.example", NULL, false },
	{ "DNS:lab.example", none, false },
	{ "DNS:lab.example", lab, true },
	{ "DNS:lab.example", big, true },
	{ "DNS:lab.exampl", lab, false },
	{ "DNS:lab.example.", lab, false },
	{ "DNS:*.example", lab, false },
	{ "URI:lab.example", lab, false },
	{ "URI:urn:lab", two, true },
	{ "URI:urn:lab", big, false },
	{ "DNS:a.example  DNS:lab.example", lab, true },
	{ "DNS:a.example\tURI:urn:lab ", two, true },
	{ "DNS:a.example DNS:b.example", two, false },
};

START_TEST(knows_its_senders)
{
	ck_assert(receive_knows(names[_i].names, names[_i].san) == names[_i].known);
}
END_TEST

/* Who passes gets to the method, which is none that a feed takes. */
static const struct {
	const char *secret, *allow_san, *given;
	const char *const *san;
	int status;
} senders[] = {
	{ NULL, NULL, NULL, NULL, 405 },
	{ SECRET, NULL, SECRET, NULL, 405 },
	{ SECRET, NULL, "Bearer " SECRET, NULL, 405 },
	{ SECRET, NULL, NULL, NULL, 401 },
	{ SECRET, NULL, SECRET "0", NULL, 401 },
	{ NULL, "DNS:lab.example", NULL, lab, 405 },
	{ NULL, "DNS:lab.example", NULL, two, 403 },
	{ NULL, "DNS:lab.example", NULL, NULL, 403 },
	{ SECRET, "DNS:lab.example", SECRET, lab, 405 },
	{ SECRET, "DNS:lab.example", NULL, lab, 401 },
	{ SECRET, "DNS:lab.example", SECRET, two, 403 },
};

START_TEST(asks_for_certificate_and_secret)
{
	struct conf_feed conf = { .name = "lab",
		.secret = cw_str(senders[_i].secret),
		.allow_san = senders[_i].allow_san,
		.poll_interval = 60000 };
	struct listen_exchange exchange = { senders[_i].given, 0 };
	struct listen_request request = { .method = "GET",
		.path = CW_STR("/fhir/lab/Condition/c1"),
		.uid = -1,
		.san = senders[_i].san };
	struct feed_world world = { 0 };
	struct cw_err err = { 0 };
	struct receive *r;
	struct feed *feed;

	ck_assert_int_eq(loop_new(&world.loop, &err), CW_OK);
	feed = feed_new(&world, &conf, 1);
	r = receive_new(world.loop, NULL, &feed, 1, NULL, 0, "X-Secret", NULL);
	receive_handle(r, &exchange, &request);
	ck_assert_int_eq(exchange.status, senders[_i].status);
	receive_free(r);
	feed_free(feed);
	loop_free(world.loop);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("receive");
	TCase *t = tcase_create("receive");
	SRunner *r;
	int failed;

	tcase_add_loop_test(t, knows_its_senders, 0, (int)(sizeof(names) / sizeof(names[0])));
	tcase_add_loop_test(
	    t, asks_for_certificate_and_secret, 0, (int)(sizeof(senders) / sizeof(senders[0])));
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed > 0;
}
