/* The whole daemon on a clock and a network of the test's own: what its listener answers, that it
 * stops and starts again, and that its log and metrics say nothing of patients. */
#include "daemon/app.h"
#include "daemon/log.h"
#include "daemon/tls.h"
#include "tests/fake/fake.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define START INT64_C(1750064400000) /* 2025-06-16T09:00Z */
#define SECRET "kept-in-a-file-of-its-own-and-long"

static char folder[64];
static struct app *app;
static struct cw_buf printed;

static void
print(void *arg, struct cw_str json)
{
	(void)arg;
	cw_buf_str(&printed, json);
	cw_buf_putc(&printed, '\n');
}

static void
write_file(const char *name, mode_t mode, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
	ck_assert_int_eq(chmod(path, mode), 0);
}

static void
start(void)
{
	static char path[128];
	struct app_options o = { .conf_file = path, .print = print };
	struct conf *conf;
	struct cw_err err = { 0 };

	snprintf(path, sizeof(path), "%s/cordwatch.conf", folder);
	ck_assert_msg(
	    conf_load(&conf, path, &err) == 0, "%s:%zu: %s", err.path, err.line, err.text);
	ck_assert_msg(app_new(&app, &o, conf, &err) == 0, "%s: %s", err.path, err.text);
	fake_advance(10);
}

static void
begin(void)
{
	strcpy(folder, "check_app.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	write_file("secret", 0600, SECRET "\n");
	write_file("cordwatch.conf", 0644,
	    "[server]\nstate_dir = state\nlisten = 127.0.0.1:8086\n"
	    "[feed lab]\nsecret_file = secret\n[feed open]\n[target print]\n");
	cw_buf_init(&printed, 0);
	fake_begin(START);
	start();
}

static void
end(void)
{
	char command[128];

	app_free(app);
	fake_end();
	cw_buf_fini(&printed);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

static const struct fake_sent *
ask(const char *method, const char *target, const char *secret, const char *body)
{
	struct http_header header = { "x-cordwatch-secret", cw_str(secret) };
	const struct fake_sent *sent = fake_send(app_address(app), method, target, &header,
	    secret == NULL ? 0 : 1, cw_str(body), NULL, NULL);

	fake_advance(50);
	return sent;
}

#define CANCER                                                                                     \
	"{\"resourceType\":\"Condition\",\"id\":\"c1\",\"subject\":{\"reference\":\"Patient/"      \
	"p1\"},"                                                                                   \
	"\"clinicalStatus\":{\"coding\":[{\"code\":\"active\"}]},"                                 \
	"\"code\":{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"254837009\"}]}}"
#define WEAKNESS                                                                                   \
	"{\"resourceType\":\"Observation\",\"id\":\"o1\",\"status\":\"final\","                    \
	"\"subject\":{\"reference\":\"Patient/p1\"},\"effectiveDateTime\":\"2025-06-15\","         \
	"\"code\":{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"26544005\","      \
	"\"display\":\"Muscle weakness\"}]}}"

static const struct {
	const char *method, *target, *secret, *body;
	int status;
} asked[] = {
	{ "GET", "/fhir/metadata", NULL, "", 200 },
	{ "POST", "/fhir/metadata", NULL, "{}", 405 },
	{ "PUT", "/fhir/lab/Condition/c1", SECRET, CANCER, 200 },
	{ "PUT", "/fhir/lab/Condition/c1", "Bearer " SECRET, CANCER, 200 },
	{ "PUT", "/fhir/lab/Condition/c1", NULL, CANCER, 401 },
	{ "PUT", "/fhir/lab/Condition/c1", "", CANCER, 401 },
	{ "PUT", "/fhir/lab/Condition/c1", SECRET "x", CANCER, 401 },
	{ "PUT", "/fhir/open/Condition/c1", NULL, CANCER, 200 },
	{ "PUT", "/fhir/none/Condition/c1", SECRET, CANCER, 404 },
	{ "PUT", "/fhir/lab/Condition/c2", SECRET, CANCER, 400 },
	{ "PUT", "/fhir/lab/Observation/c1", SECRET, CANCER, 400 },
	{ "PUT", "/fhir/lab/Condition/c1", SECRET, "", 400 },
	{ "PUT", "/fhir/lab/Condition", SECRET, CANCER, 400 },
	{ "PUT", "/fhir/lab/Condition/c1/_history/2", SECRET, CANCER, 404 },
	{ "PUT", "/fhir/lab/Condition/c_1", SECRET, CANCER, 404 },
	{ "PUT", "/fhir/lab/condition/c1", SECRET, CANCER, 404 },
	{ "PUT", "/other/lab/Condition/c1", SECRET, CANCER, 404 },
	{ "POST", "/fhir/lab", SECRET, CANCER, 200 },
	{ "POST", "/fhir/lab/Condition", SECRET, CANCER, 200 },
	{ "POST", "/fhir/lab/Condition/c1", SECRET, CANCER, 405 },
	{ "POST", "/fhir/lab", SECRET, "", 200 },
	{ "POST", "/fhir/lab/", SECRET, " \r\n", 200 },
	{ "POST", "/fhir/lab", SECRET, "{\"resourceType\":", 200 }, /* to the quarantine */
	{ "POST", "/fhir/lab", SECRET, "{\"resourceType\":\"Location\",\"id\":\"l\"}", 200 },
	{ "DELETE", "/fhir/lab/Condition/c1", SECRET, "", 200 },
	{ "DELETE", "/fhir/lab/Condition", SECRET, "", 400 },
	{ "GET", "/fhir/lab/Condition/c1", SECRET, "", 405 },
	{ "GET", "/fhir/lab/Condition/c1", NULL, "", 401 },
	{ "GET", "/", NULL, "", 404 },
	{ "GET", "/livez", NULL, "", 404 },
};

START_TEST(answers)
{
	const struct fake_sent *sent =
	    ask(asked[_i].method, asked[_i].target, asked[_i].secret, asked[_i].body);

	ck_assert_msg(sent->status == asked[_i].status, "%s %s: %d", asked[_i].method,
	    asked[_i].target, sent->status);
	if (sent->status >= 400) {
		ck_assert_ptr_nonnull(strstr(sent->body.s, "OperationOutcome"));
		ck_assert_ptr_null(strstr(sent->body.s, "254837009"));
		ck_assert_ptr_null(strstr(sent->body.s, SECRET));
	}
}
END_TEST

START_TEST(one_request)
{
	ck_assert_int_eq(ask("PUT", "/fhir/lab/Condition/c1", SECRET, CANCER)->status, 200);
	ck_assert_uint_eq(printed.n, 0);
	ck_assert_int_eq(ask("PUT", "/fhir/lab/Observation/o1", SECRET, WEAKNESS)->status, 200);
	fake_advance(1000);
	ck_assert_ptr_nonnull(strstr(printed.s, "\"ServiceRequest\""));
	ck_assert_ptr_nonnull(strstr(printed.s, "\"Patient/p1\""));
	cw_buf_clear(&printed);
	ck_assert_int_eq(ask("PUT", "/fhir/lab/Observation/o1", SECRET, WEAKNESS)->status, 200);
	fake_advance(60000);
	ck_assert_uint_eq(printed.n, 0);
}
END_TEST

START_TEST(killed_and_started)
{
	ask("PUT", "/fhir/lab/Condition/c1", SECRET, CANCER);
	fake_cut();
	app_free(app);
	start();
	ask("PUT", "/fhir/lab/Observation/o1", SECRET, WEAKNESS);
	fake_advance(1000);
	ck_assert_ptr_nonnull(strstr(printed.s, "\"ServiceRequest\""));
	cw_buf_clear(&printed);
	fake_cut();
	app_free(app);
	start();
	fake_advance(60000);
	ck_assert_uint_eq(printed.n, 0);
}
END_TEST

START_TEST(stopped)
{
	struct cw_err err = { 0 };

	ask("PUT", "/fhir/lab/Condition/c1", SECRET, CANCER);
	fake_signal(SIGTERM);
	ck_assert_int_eq(app_run(app, &err), 0);
}
END_TEST

/* A rotated secret: both are good, then the new one alone. */
START_TEST(reloaded)
{
	write_file("new", 0600, "another-secret-that-is-long-enough\n");
	write_file("cordwatch.conf", 0644,
	    "[server]\nstate_dir = state\nlisten = 127.0.0.1:8086\n"
	    "[feed lab]\nsecret_file = new\nprevious_secret_file = secret\n[feed open]\n"
	    "[target print]\n");
	fake_signal(SIGHUP);
	fake_advance(1000);
	ck_assert_int_eq(ask("POST", "/fhir/lab", SECRET, CANCER)->status, 200);
	ck_assert_int_eq(
	    ask("POST", "/fhir/lab", "another-secret-that-is-long-enough", CANCER)->status, 200);
	write_file("cordwatch.conf", 0644, "[server]\nno_such_key = 1\n");
	fake_signal(SIGHUP);
	fake_advance(1000);
	ck_assert_int_eq(
	    ask("POST", "/fhir/lab", "another-secret-that-is-long-enough", CANCER)->status, 200);
	write_file("cordwatch.conf", 0644,
	    "[server]\nstate_dir = state\nlisten = 127.0.0.1:8086\n"
	    "[feed lab]\nsecret_file = new\n[feed open]\n[target print]\n");
	fake_signal(SIGHUP);
	fake_advance(1000);
	ck_assert_int_eq(ask("POST", "/fhir/lab", SECRET, CANCER)->status, 401);
	ck_assert_int_eq(
	    ask("POST", "/fhir/lab", "another-secret-that-is-long-enough", CANCER)->status, 200);
}
END_TEST

/* Rules are read again, everybody is decided again, and nobody gets a second request. */
START_TEST(decided_again)
{
	ask("PUT", "/fhir/lab/Condition/c1", SECRET, CANCER);
	ask("PUT", "/fhir/lab/Observation/o1", SECRET, WEAKNESS);
	fake_advance(1000);
	cw_buf_clear(&printed);
	for (int i = 0; i < 3; i++) {
		fake_signal(SIGHUP);
		fake_advance(10000);
	}
	ck_assert_uint_eq(printed.n, 0);
}
END_TEST

START_TEST(says_nothing_of_patients)
{
	static const char *const clinical[] = { "Patient/p1", "p1", "c1", "o1", "254837009",
		"26544005", "weakness", SECRET };
	const struct fake_sent *metrics;
	char text[1 << 16];
	FILE *log = tmpfile();
	struct log_options o = { .level = LOG_LEVEL_DEBUG, .fd = fileno(log) };
	size_t n;

	log_open(&o);
	ask("PUT", "/fhir/lab/Condition/c1?who=p1", SECRET, CANCER);
	ask("PUT", "/fhir/lab/Observation/o1", SECRET, WEAKNESS);
	ask("POST", "/fhir/lab", SECRET, "{\"resourceType\":\"Observation\",\"id\":\"o1\",");
	ask("PUT", "/fhir/lab/Condition/p1", "wrong", CANCER);
	fake_advance(1000);
	log_close();
	rewind(log);
	n = fread(text, 1, sizeof(text) - 1, log);
	text[n] = '\0';
	ck_assert_uint_gt(n, 0);
	for (size_t i = 0; i < sizeof(clinical) / sizeof(clinical[0]); i++) {
		const char *at = strstr(text, clinical[i]);

		/* Two letters may stand in an id of ours. */
		if (at != NULL && strlen(clinical[i]) > 2)
			ck_abort_msg("the log says %s", clinical[i]);
	}
	metrics = fake_send(app_admin_address(app), "GET", "/metrics", NULL, 0,
	    (struct cw_str){ "", 0 }, NULL, NULL);
	fake_advance(50);
	ck_assert_int_eq(metrics->status, 200);
	for (size_t i = 0; i < sizeof(clinical) / sizeof(clinical[0]); i++)
		ck_assert_msg(
		    strlen(clinical[i]) <= 2 || strstr(metrics->body.s, clinical[i]) == NULL,
		    "the metrics say %s", clinical[i]);
	fclose(log);
}
END_TEST

static char *
read_log(FILE *log)
{
	static char text[1 << 16];
	size_t n;

	log_close();
	rewind(log);
	n = fread(text, 1, sizeof(text) - 1, log);
	text[n] = '\0';
	fclose(log);
	return text;
}

static size_t
times(const char *text, const char *word)
{
	size_t n = 0;

	for (; (text = strstr(text, word)) != NULL; text++)
		n++;
	return n;
}

/* What an administrator reads of a start, and of a clock that is set. */
START_TEST(says_what_happens)
{
	FILE *log = tmpfile();
	struct log_options o = { .level = LOG_LEVEL_INFO, .fd = fileno(log) };
	const char *text;

	app_free(app);
	log_open(&o);
	start();
	fake_advance(600000);
	fake_jump(3600000);
	fake_advance(600000);
	fake_jump(-1500); /* as clocks drift */
	fake_advance(600000);
	text = read_log(log);
	ck_assert_uint_eq(times(text, "msg=\"cordwatch starts\" text="), 1);
	ck_assert_uint_eq(times(text, "msg=\"criteria in use\" digest="), 1);
	ck_assert_uint_eq(times(text, "msg=\"the clock was set\" ms=3600000"), 1);
	ck_assert_uint_eq(times(text, "the clock was set"), 1);
	ck_assert_uint_eq(times(text, "a certificate expires"), 0);
}
END_TEST

/* At 30, 7 and 1 days and once it has ended; each once, and what is in use is measured. */
START_TEST(says_when_a_certificate_ends)
{
	FILE *log = tmpfile();
	struct log_options o = { .level = LOG_LEVEL_INFO, .fd = fileno(log) };
	const struct fake_sent *metrics;
	char command[256], path[128];
	const char *text;
	int64_t end_of = 0, day = 86400000;
	struct cw_err err = { 0 };

	app_free(app);
	snprintf(command, sizeof(command),
	    "cd '%s' && umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 "
	    "-nodes -subj /CN=x -days 60 -keyout x.key -out x.pem 2>x.log",
	    folder);
	ck_assert_int_eq(system(command), 0);
	write_file("cordwatch.conf", 0644,
	    "[server]\nstate_dir = state\nlisten = 127.0.0.1:8086\n"
	    "tls_cert = x.pem\ntls_key = x.key\n[feed lab]\n[target print]\n");
	snprintf(path, sizeof(path), "%s/x.pem", folder);
	ck_assert_int_eq(tls_file_expires(&end_of, path, &err), 0);
	fake_jump(end_of - 31 * day - START);
	log_open(&o);
	start();
	for (int i = 0; i < 33 * 4; i++)
		fake_advance(day / 4);
	metrics = fake_send(app_admin_address(app), "GET", "/metrics", NULL, 0,
	    (struct cw_str){ "", 0 }, NULL, NULL);
	fake_advance(50);
	text = read_log(log);
	ck_assert_uint_eq(times(text, "a certificate expires\" word=server count=30 text="), 1);
	ck_assert_uint_eq(times(text, "a certificate expires\" word=server count=7 text="), 1);
	ck_assert_uint_eq(times(text, "a certificate expires\" word=server count=1 text="), 1);
	ck_assert_uint_eq(
	    times(text, "a certificate expires\" word=server reason=\"it has expired\""), 1);
	ck_assert_uint_eq(times(text, "a certificate expires"), 4);
	ck_assert_ptr_nonnull(strstr(metrics->body.s,
	    "cordwatch_tls_certificate_not_after_timestamp_seconds{role=\"server\"} "));
}
END_TEST

#define DATED                                                                                      \
	"{\"resourceType\":\"Condition\",\"id\":\"c1\",\"meta\":{\"versionId\":\"1\","             \
	"\"lastUpdated\":\"2025-06-16T08:59:00Z\"},\"subject\":{\"reference\":\"Patient/p1\"},"    \
	"\"code\":{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"254837009\"}]}}"

/* What a sender sent, and how late it was decided. */
START_TEST(counts)
{
	static const char *const line[] = {
		"cordwatch_feed_notifications_total{feed=\"lab\",type=\"event\"} 2\n",
		"cordwatch_feed_notifications_total{feed=\"lab\",type=\"ping\"} 1\n",
		"cordwatch_feed_notifications_total{feed=\"lab\",type=\"rejected\"} 1\n",
		"cordwatch_event_lag_seconds_bucket{feed=\"lab\",le=\"15\"} 0\n",
		"cordwatch_event_lag_seconds_bucket{feed=\"lab\",le=\"300\"} 1\n",
		"cordwatch_event_lag_seconds_count{feed=\"lab\"} 1\n",
	};
	const struct fake_sent *metrics;

	ask("PUT", "/fhir/lab/Condition/c1", SECRET, DATED);
	ask("PUT", "/fhir/lab/Condition/c1", SECRET, DATED); /* a duplicate is not late */
	ask("PUT", "/fhir/lab/Condition/c1", "wrong", DATED);
	ask("POST", "/fhir/lab", SECRET, "");
	fake_advance(1000);
	metrics = fake_send(app_admin_address(app), "GET", "/metrics", NULL, 0,
	    (struct cw_str){ "", 0 }, NULL, NULL);
	fake_advance(50);
	for (size_t i = 0; i < sizeof(line) / sizeof(line[0]); i++)
		ck_assert_msg(strstr(metrics->body.s, line[i]) != NULL, "no %s", line[i]);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("app");
	TCase *tc = tcase_create("app");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_loop_test(tc, answers, 0, sizeof(asked) / sizeof(asked[0]));
	tcase_add_test(tc, one_request);
	tcase_add_test(tc, killed_and_started);
	tcase_add_test(tc, stopped);
	tcase_add_test(tc, reloaded);
	tcase_add_test(tc, decided_again);
	tcase_add_test(tc, says_nothing_of_patients);
	tcase_add_test(tc, counts);
	tcase_add_test(tc, says_what_happens);
	tcase_add_test(tc, says_when_a_certificate_ends);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
