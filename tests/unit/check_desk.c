/* What commands ask of the daemon, in a world of the test's own: its answers over the unix socket,
 * who may, and that it is on record. */
#include "daemon/app.h"
#include "daemon/ask.h"
#include "daemon/store.h"
#include "fhir/json.h"
#include "tests/fake/fake.h"
#include "tests/unit/run.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define START INT64_C(1750064400000) /* 2025-06-16T09:00Z */

static char folder[64], conf_path[128];
static char *control;
static struct app *app;
static struct cw_arena *arena;

static void
start(void)
{
	struct app_options o = { .conf_file = conf_path };
	struct conf *conf;
	struct cw_err err = { 0 };

	ck_assert_msg(conf_load(&conf, conf_path, &err) == 0, "%s", err.text);
	ck_assert_msg(app_new(&app, &o, conf, &err) == 0, "%s: %s", err.path, err.text);
	free(control);
	control = ask_socket(conf);
	fake_advance(10);
}

static void
begin(void)
{
	FILE *f;

	strcpy(folder, "check_desk.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(conf_path, sizeof(conf_path), "%s/cordwatch.conf", folder);
	f = fopen(conf_path, "w");
	ck_assert_ptr_nonnull(f);
	fputs("[server]\nstate_dir = state\n[feed lab]\n[target print]\n", f);
	fclose(f);
	arena = cw_arena_new(0);
	fake_begin(START);
	start();
}

static void
end(void)
{
	char command[128];

	app_free(app);
	fake_end();
	free(control);
	control = NULL;
	cw_arena_free(arena);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

static const struct fake_sent *
ask(const char *address, const char *method, const char *target)
{
	const struct fake_sent *sent =
	    fake_send(address, method, target, NULL, 0, CW_STR(""), NULL, NULL);

	fake_advance(50);
	return sent;
}

/* The answer to a question that is answered. */
static const struct fhir_node *
tell(const char *target)
{
	const struct fake_sent *sent = ask(control, "GET", target);
	const struct fhir_node *node;
	struct cw_err err = { 0 };

	ck_assert_msg(sent->status == 200, "%s: %d %.*s", target, sent->status, CW_ARG(sent->body));
	ck_assert_str_eq(sent->type.s, "application/json");
	ck_assert_msg(fhir_json_read(&node, sent->body, arena, NULL, &err) == 0, "%s", err.text);
	return node;
}

static int
post(const char *body)
{
	const struct fake_sent *sent =
	    fake_send(app_address(app), "POST", "/fhir/lab", NULL, 0, cw_str(body), NULL, NULL);

	fake_advance(50);
	return sent->status;
}

#define CANCER                                                                                     \
	"{\"resourceType\":\"Condition\",\"id\":\"c1\",\"subject\":{\"reference\":\"Patient/"      \
	"p1\"},"                                                                                   \
	"\"clinicalStatus\":{\"coding\":[{\"code\":\"active\"}]},"                                 \
	"\"code\":{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"254837009\"}]}}"
#define WEAKNESS                                                                                   \
	"{\"resourceType\":\"Observation\",\"id\":\"o1\",\"status\":\"final\","                    \
	"\"subject\":{\"reference\":\"Patient/p1\"},\"effectiveDateTime\":\"2025-06-15\","         \
	"\"code\":{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"26544005\"}]}}"

static void
make_alert(void)
{
	ck_assert_int_eq(post(CANCER), 200);
	ck_assert_int_eq(post(WEAKNESS), 200);
	fake_advance(1000);
}

static size_t
count(const struct fhir_node *node, const char *name)
{
	size_t n = 0;

	for (node = fhir_node_get(node, name); node != NULL; node = fhir_node_again(node))
		n += node->kind == FHIR_OBJECT;
	return n;
}

static void
is(const struct fhir_node *node, const char *name, const char *text)
{
	struct cw_str got = fhir_node_text(node, name);

	ck_assert_msg(cw_str_is(got, text), "%s is %.*s, not %s", name, CW_ARG(got), text);
}

/* ---- tests ---- */

static const struct {
	const char *method, *target;
	int status;
} asked[] = {
	{ "GET", "/ask/daemon", 200 },
	{ "GET", "/ask/figures", 200 },
	{ "GET", "/ask/counts", 200 },
	{ "GET", "/ask/alerts", 200 },
	{ "GET", "/ask/alerts?state=open", 200 },
	{ "GET", "/ask/alerts?state=shut", 400 },
	{ "GET", "/ask/alerts?before=1", 200 },
	{ "GET", "/ask/alerts?before=-1", 400 },
	{ "GET", "/ask/alerts?before=", 400 },
	{ "GET", "/ask/alerts?before=9999999999999999999", 400 },
	{ "GET", "/ask/alert?id=1", 404 },
	{ "GET", "/ask/alert?id=0", 400 },
	{ "GET", "/ask/alert?id=%31", 404 },
	{ "GET", "/ask/alert?id=1%20", 400 },
	{ "GET", "/ask/alert", 400 },
	{ "GET", "/ask/", 404 },
	{ "GET", "/ask/alerts/", 404 },
	{ "GET", "/ask/nothing", 404 },
	{ "POST", "/ask/alerts", 405 },
	{ "DELETE", "/ask/daemon", 405 },
};

START_TEST(answers_each_question)
{
	const struct fake_sent *sent = ask(control, asked[_i].method, asked[_i].target);

	ck_assert_int_eq(sent->status, asked[_i].status);
	/* Over TCP nobody knows who asks. */
	sent = ask(app_admin_address(app), asked[_i].method, asked[_i].target);
	ck_assert_int_eq(sent->status, 404);
}
END_TEST

START_TEST(shows_an_alert_with_its_story)
{
	const struct fhir_node *list, *alert;

	make_alert();
	list = tell("/ask/alerts?state=open");
	ck_assert_uint_eq(count(list, "alerts"), 1);
	is(fhir_node_get(list, "alerts"), "id", "1");
	is(fhir_node_get(list, "alerts"), "state", "open");
	is(fhir_node_get(list, "alerts"), "overdue", "false");
	alert = tell("/ask/alert?id=1");
	is(alert, "tier", "emergency");
	is(alert, "patient", "Patient/p1");
	ck_assert_uint_eq(count(alert, "evidence"), 2);
	is(fhir_node_get(alert, "evidence"), "source", "Observation/o1");
	/* A decision, the proposal, its receipt; nothing of the first decision. */
	ck_assert_uint_eq(count(alert, "records"), 3);
	is(fhir_node_get(fhir_node_get(alert, "resource"), "id")->parent, "resourceType",
	    "ServiceRequest");
	is(tell("/ask/figures"), "openAlerts", "1");
	fake_advance(INT64_C(25) * 3600 * 1000);
	is(fhir_node_get(tell("/ask/alerts"), "alerts"), "overdue", "true");
}
END_TEST

static int
on_record(void *arg, const struct seal_record *record, struct cw_str payload)
{
	struct cw_buf *out = arg;

	if (cw_str_is(record->type, "access")) {
		cw_buf_str(out, payload);
		cw_buf_putc(out, '\n');
	}
	return 0;
}

START_TEST(puts_on_record_who_looked)
{
	struct store *store;
	struct cw_buf text;
	struct cw_err err = { 0 };
	char who[64];
	char dir[128];

	make_alert();
	(void)tell("/ask/figures");
	(void)tell("/ask/daemon");
	(void)tell("/ask/alerts");
	(void)tell("/ask/alert?id=1");
	ck_assert_int_eq(ask(control, "GET", "/ask/alert?id=2")->status, 404);
	app_free(app);
	snprintf(dir, sizeof(dir), "%s/state", folder);
	ck_assert_int_eq(store_open_read(&store, dir, &err), 0);
	cw_buf_init(&text, 0);
	ck_assert_int_eq(store_audit_each(store, 1, on_record, &text, &err), 0);
	store_close(store);
	start();
	snprintf(who, sizeof(who), "\"who\":{\"uid\":%d,\"name\":\"", (int)geteuid());
	ck_assert_ptr_nonnull(strstr(text.s, who));
	ck_assert(strncmp(text.s, "{\"what\":\"alerts\",\"who\":", 23) == 0);
	ck_assert_ptr_nonnull(
	    strstr(text.s, "{\"what\":\"alert\",\"arguments\":\"id=1\",\"who\":"));
	ck_assert_ptr_null(strstr(text.s, "figures"));
	ck_assert_ptr_null(strstr(text.s, "id=2"));
	cw_buf_fini(&text);
}
END_TEST

START_TEST(lists_more_than_a_page)
{
	const struct fhir_node *page;
	char body[1024];

	for (int i = 0; i < 130; i++) {
		snprintf(body, sizeof(body),
		    "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{\"resource\":"
		    "{\"resourceType\":\"Condition\",\"id\":\"c%d\",\"subject\":{\"reference\":"
		    "\"Patient/p%d\"},\"clinicalStatus\":{\"coding\":[{\"code\":\"active\"}]},"
		    "\"code\":{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":"
		    "\"254837009\"}]}}},{\"resource\":{\"resourceType\":\"Observation\",\"id\":"
		    "\"o%d\",\"status\":\"final\",\"subject\":{\"reference\":\"Patient/p%d\"},"
		    "\"effectiveDateTime\":\"2025-06-15\",\"code\":{\"coding\":[{\"system\":"
		    "\"http://snomed.info/sct\",\"code\":\"26544005\"}]}}}]}",
		    i, i, i, i);
		ck_assert_int_eq(post(body), 200);
	}
	fake_advance(1000);
	page = tell("/ask/alerts");
	ck_assert_uint_eq(count(page, "alerts"), 100);
	is(page, "next", "31");
	page = tell("/ask/alerts?before=31");
	ck_assert_uint_eq(count(page, "alerts"), 30);
	is(fhir_node_get(page, "alerts"), "id", "30");
	ck_assert_ptr_null(fhir_node_get(page, "next"));
}
END_TEST

START_TEST(ends_with_a_question_on_its_way)
{
	const struct fake_sent *sent;

	fake_hold(true);
	sent = ask(control, "GET", "/ask/alerts");
	ck_assert_int_eq(sent->status, 0);
	app_free(app);
	fake_hold(false);
	start();
}
END_TEST

START_TEST(knows_sockets_of_any_path)
{
	char path[300] = "";
	struct sockaddr_un address;
	struct cw_err err = { 0 };
	int dir;

	ck_assert_int_eq(ask_address(&address, &dir, "/run/x.sock", &err), 0);
	ck_assert_str_eq(address.sun_path, "/run/x.sock");
	ck_assert_int_eq(dir, -1);
	while (strlen(path) < 200)
		strcat(path, "./");
	strcat(path, "x.sock");
	ck_assert_int_eq(ask_address(&address, &dir, path, &err), 0);
	ck_assert_int_ge(dir, 0);
	ck_assert_ptr_nonnull(strstr(address.sun_path, "/x.sock"));
	close(dir);
	strcat(path, "/not-there/x.sock");
	ck_assert_int_eq(ask_address(&address, &dir, path, &err), CW_EIO);
}
END_TEST

int
main(void)
{
	TCase *tc = tcase_create("desk");

	tcase_add_checked_fixture(tc, begin, end);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, answers_each_question, 0, (int)(sizeof(asked) / sizeof(asked[0])));
	tcase_add_test(tc, shows_an_alert_with_its_story);
	tcase_add_test(tc, puts_on_record_who_looked);
	tcase_add_test(tc, lists_more_than_a_page);
	tcase_add_test(tc, ends_with_a_question_on_its_way);
	tcase_add_test(tc, knows_sockets_of_any_path);
	return test_run("desk", tc);
}
