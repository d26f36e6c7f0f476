/* The engine with a real database and the real package, on a clock of the test's own. */
#include "daemon/conf.h"
#include "daemon/engine.h"
#include "tests/fake/fake.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define START INT64_C(1750064400000) /* 2025-06-16T09:00Z */

struct bench {
	char dir[64];
	struct conf conf;
	struct conf_target target;
	struct loop *loop;
	struct store *store;
	struct queue *queue;
	struct engine *engine;
	struct loop_worker *worker;
	struct cw_str base[2];
	struct metrics *metrics;
	size_t done, failed, errands, fatal, full, room;
	struct store_outbox errand[16];
	struct cw_str text[16], subject[16];
	struct cw_arena *keep;
};

static void
on_report(void *arg, const struct report *r)
{
	struct bench *b = arg;

	if (r->kind == REPORT_FATAL)
		b->fatal++;
	b->full += r->kind == REPORT_FULL;
	b->room += r->kind == REPORT_ROOM;
	if (r->kind != REPORT_ERRAND || b->errands == 16)
		return;
	b->errand[b->errands] = r->errand;
	b->text[b->errands] = cw_str_dup(b->keep, r->errand.body);
	b->errand[b->errands].request = cw_str_dup(b->keep, r->errand.request);
	b->subject[b->errands++] = cw_str_dup(b->keep, r->subject);
}

static void
on_done(void *arg, enum job_result result)
{
	struct bench *b = arg;

	b->done += result == JOB_DONE;
	b->failed += result == JOB_FAILED;
}

static void
open_bench(struct bench *b)
{
	struct engine_options o = { .version = CW_STR("cordwatch test") };
	struct cw_err err = { 0 };
	struct rules *rules;

	ck_assert_msg(rules_load(&rules, &b->conf, &err) == 0, "%s: %s", err.path, err.text);
	ck_assert_int_eq(loop_new(&b->loop, &err), 0);
	ck_assert_msg(store_open(&b->store, b->dir, &err) == 0, "%s", err.text);
	b->queue = queue_new(b->loop, 1000, 1 << 24, on_report, b);
	o.store = b->store;
	o.queue = b->queue;
	o.loop = b->loop;
	o.rules = rules;
	o.base = b->base;
	o.bases = 2;
	o.metrics = b->metrics = metrics_new(START);
	b->engine = engine_new(&o);
	ck_assert_msg(engine_start(b->engine, &err) == 0, "%s", err.text);
	ck_assert_int_eq(
	    loop_worker_new(&b->worker, b->loop, "engine", engine_run, b->engine, &err), 0);
	queue_worker(b->queue, b->worker);
}

static void
close_bench(struct bench *b)
{
	loop_worker_free(b->worker);
	queue_free(b->queue);
	engine_free(b->engine);
	store_close(b->store);
	metrics_free(b->metrics);
	loop_free(b->loop);
}

static struct bench *
begin(void)
{
	struct bench *b = calloc(1, sizeof(*b));
	const char *package = getenv("CORDWATCH_PACKAGE");

	snprintf(b->dir, sizeof(b->dir), "%s/engine.XXXXXX", P_tmpdir);
	ck_assert_ptr_nonnull(mkdtemp(b->dir));
	b->keep = cw_arena_new(0);
	b->target.name = "ehr";
	b->target.base = "http://ehr.example/fhir";
	b->conf.target = &b->target;
	b->conf.targets = 1;
	b->conf.package_dir = package == NULL ? PACKAGE_DIR : package;
	b->conf.keep_keys = b->conf.keep_quarantine = b->conf.keep_closed = INT64_C(7) * 86400000;
	fake_begin(START);
	open_bench(b);
	return b;
}

static void
end(struct bench *b)
{
	char command[128];

	close_bench(b);
	fake_end();
	snprintf(command, sizeof(command), "rm -rf '%s'", b->dir);
	ck_assert_int_eq(system(command), 0);
	cw_arena_free(b->keep);
	free(b);
}

static struct job *
job_of(struct bench *b, const char *text)
{
	struct job *job = job_new(JOB_INTAKE);

	job->feed = 1;
	job->row.how = STORE_PUT;
	job->row.received = fake_now();
	job->row.units = 1;
	job->row.body = cw_str_dup(job->arena, cw_str(text));
	job->done = on_done;
	job->arg = b;
	return job;
}

/* Submit one text, as of the clock, and let everything happen. */
static void
give(struct bench *b, const char *text)
{
	ck_assert(queue_submit(b->queue, job_of(b, text)));
	fake_advance(10);
}

static void
give_delete(struct bench *b, const char *type, const char *id)
{
	struct job *job = job_new(JOB_INTAKE);

	job->feed = 1;
	job->row.how = STORE_DELETE;
	job->row.type = cw_str(type);
	job->row.name = cw_str(id);
	job->row.received = fake_now();
	job->row.units = 1;
	job->row.body = CW_STR("");
	ck_assert(queue_submit(b->queue, job));
	fake_advance(10);
}

static void
deliver(struct bench *b, size_t errand, enum delivery how)
{
	struct job *job = job_new(JOB_DELIVERED);

	job->errand = b->errand[errand].id;
	job->delivery = how;
	job->version = CW_STR("1");
	job->status = 201;
	job->at = fake_now();
	ck_assert(queue_submit(b->queue, job));
	fake_advance(10);
}

#define CANCER                                                                                     \
	"{\"resourceType\":\"Condition\",\"id\":\"c1\",\"meta\":{\"versionId\":\"1\"},"            \
	"\"subject\":{\"reference\":\"Patient/p1\"},\"recordedDate\":\"2025-01-10\","              \
	"\"clinicalStatus\":{\"coding\":[{\"code\":\"active\"}]},"                                 \
	"\"code\":{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"254837009\"}]}}"
#define WEAKNESS(id, version, status)                                                              \
	"{\"resourceType\":\"Observation\",\"id\":\"" id "\",\"meta\":{\"versionId\":\"" version   \
	"\"},\"status\":\"" status "\",\"subject\":{\"reference\":\"Patient/p1\"},"                \
	"\"effectiveDateTime\":\"2025-06-15\","                                                    \
	"\"code\":{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"26544005\"}]}}"

static int64_t
open_alerts(struct bench *b)
{
	return engine_counts(b->engine)->open_alerts;
}

START_TEST(one_alert)
{
	struct bench *b = begin();

	give(b, CANCER);
	ck_assert_uint_eq(b->done, 1);
	ck_assert_uint_eq(b->errands, 0);
	give(b, WEAKNESS("o1", "1", "final"));
	ck_assert_uint_eq(b->done, 2);
	ck_assert_uint_eq(b->errands, 1);
	ck_assert_int_eq(b->errand[0].errand, STORE_CREATE);
	ck_assert(cw_str_is(b->subject[0], "Patient/p1"));
	ck_assert_ptr_nonnull(strstr(b->text[0].s, "\"transaction\""));
	ck_assert_int_eq(open_alerts(b), 1);
	end(b);
}
END_TEST

START_TEST(order_of_arrival)
{
	struct bench *b = begin();

	give(b, WEAKNESS("o1", "1", "final"));
	give(b, CANCER);
	ck_assert_uint_eq(b->errands, 1);
	end(b);
}
END_TEST

START_TEST(duplicates)
{
	struct bench *b = begin();

	give(b, CANCER);
	for (int i = 0; i < 3; i++)
		give(b, WEAKNESS("o1", "1", "final"));
	give(b, CANCER);
	ck_assert_uint_eq(b->errands, 1);
	ck_assert_int_eq(open_alerts(b), 1);
	end(b);
}
END_TEST

START_TEST(more_evidence_is_no_second_alert)
{
	struct bench *b = begin();

	give(b, CANCER);
	give(b, WEAKNESS("o1", "1", "final"));
	fake_advance(3600000);
	give(b, WEAKNESS("o2", "1", "final"));
	ck_assert_uint_eq(b->errands, 1);
	ck_assert_uint_eq(engine_counts(b->engine)->appended, 1);
	end(b);
}
END_TEST

START_TEST(withdrawn_evidence)
{
	struct bench *b = begin();

	give(b, CANCER);
	give(b, WEAKNESS("o1", "1", "final"));
	deliver(b, 0, DELIVERY_DONE);
	give(b, WEAKNESS("o1", "2", "entered-in-error"));
	ck_assert_uint_eq(b->errands, 2);
	ck_assert_int_eq(b->errand[1].errand, STORE_REVOKE);
	deliver(b, 1, DELIVERY_DONE);
	ck_assert_int_eq(open_alerts(b), 0);
	/* It was a mistake to withdraw it: another alert, with another id. */
	give(b, WEAKNESS("o1", "3", "final"));
	ck_assert_uint_eq(b->errands, 3);
	ck_assert_int_eq(b->errand[2].errand, STORE_CREATE);
	ck_assert(!cw_str_eq(b->errand[2].request, b->errand[0].request));
	end(b);
}
END_TEST

START_TEST(deleted_evidence)
{
	struct bench *b = begin();

	give(b, CANCER);
	give(b, WEAKNESS("o1", "1", "final"));
	deliver(b, 0, DELIVERY_DONE);
	give_delete(b, "Observation", "o1");
	ck_assert_uint_eq(b->errands, 2);
	ck_assert_int_eq(b->errand[1].errand, STORE_REVOKE);
	end(b);
}
END_TEST

/* A correction to a code that means nothing, then the older version comes late. */
START_TEST(corrected_away)
{
	struct bench *b = begin();
	static const char other[] =
	    "{\"resourceType\":\"Observation\",\"id\":\"o1\",\"meta\":{\"versionId\":\"2\"},"
	    "\"status\":\"final\",\"subject\":{\"reference\":\"Patient/p1\"},"
	    "\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"8302-2\"}]}}";

	give(b, CANCER);
	give(b, other);
	give(b, WEAKNESS("o1", "1", "final"));
	ck_assert_uint_eq(b->errands, 0);
	end(b);
}
END_TEST

START_TEST(same_version_other_bytes)
{
	struct bench *b = begin();

	give(b, CANCER);
	give(b, WEAKNESS("o1", "1", "final"));
	give(b, WEAKNESS("o1", "1", "entered-in-error"));
	ck_assert_uint_eq(engine_counts(b->engine)->quarantined, 1);
	ck_assert_uint_eq(b->errands, 1);
	end(b);
}
END_TEST

START_TEST(broken_bytes)
{
	struct bench *b = begin();

	give(b, "{\"resourceType\":\"Observation\",");
	ck_assert_uint_eq(b->done, 1);
	ck_assert_uint_eq(engine_counts(b->engine)->quarantined, 1);
	give(b, CANCER);
	give(b, WEAKNESS("o1", "1", "final"));
	ck_assert_uint_eq(b->errands, 1);
	end(b);
}
END_TEST

START_TEST(restart)
{
	struct bench *b = begin();

	give(b, CANCER);
	give(b, WEAKNESS("o1", "1", "final"));
	fake_cut();
	close_bench(b);
	open_bench(b);
	fake_advance(10);
	/* Not delivered yet: told again, and it may have been done. */
	ck_assert_uint_eq(b->errands, 2);
	ck_assert_int_eq(b->errand[1].id, b->errand[0].id);
	ck_assert(b->errand[1].doubtful);
	deliver(b, 1, DELIVERY_DONE);
	give(b, WEAKNESS("o1", "1", "final"));
	ck_assert_uint_eq(b->errands, 2);
	end(b);
}
END_TEST

START_TEST(echo)
{
	struct bench *b = begin();
	char text[4096];
	const char *from, *to;

	give(b, CANCER);
	give(b, WEAKNESS("o1", "1", "final"));
	deliver(b, 0, DELIVERY_DONE);
	from = strstr(b->text[0].s, "{\"resourceType\":\"ServiceRequest\"");
	ck_assert_ptr_nonnull(from);
	to = strstr(from, ",\"request\":{\"method\":\"PUT\"");
	ck_assert_ptr_nonnull(to);
	snprintf(text, sizeof(text), "{\"meta\":{\"versionId\":\"1\"},%.*s", (int)(to - from) - 1,
	    from + 1);
	give(b, text);
	ck_assert_int_eq(open_alerts(b), 1);
	ck_assert_uint_eq(b->errands, 1);
	text[strlen("{\"meta\":{\"versionId\":\"")] = '2';
	memcpy(strstr(text, "\"status\":\"active\""), "\"status\":\"revoked", 17);
	memmove(strstr(text, "\"status\":\"revoked") + 18,
	    strstr(text, "\"status\":\"revoked") + 17,
	    strlen(strstr(text, "\"status\":\"revoked") + 17) + 1);
	*(strstr(text, "\"status\":\"revoked") + 17) = '"';
	give(b, text);
	ck_assert_int_eq(open_alerts(b), 0);
	ck_assert_uint_eq(b->errands, 1);
	end(b);
}
END_TEST

#define TWIN(id)                                                                                   \
	"{\"resourceType\":\"Patient\",\"id\":\"" id "\",\"identifier\":[{\"system\":\"urn:mrn\"," \
	"\"value\":\"0000\"}]}"
#define CANCER_OF(id, who)                                                                         \
	"{\"resourceType\":\"Condition\",\"id\":\"" id "\",\"meta\":{\"versionId\":\"1\"},"        \
	"\"subject\":{\"reference\":\"Patient/" who "\"},\"recordedDate\":\"2025-01-10\","         \
	"\"clinicalStatus\":{\"coding\":[{\"code\":\"active\"}]},"                                 \
	"\"code\":{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"254837009\"}]}}"

/* Three who share a worthless identifier are three; of one of them nothing is left in the end. */
START_TEST(shared_identifier)
{
	struct bench *b = begin();

	give(b, TWIN("p1"));
	give(b, TWIN("p2"));
	give(b, TWIN("p3"));
	give(b, CANCER);
	give(b, CANCER_OF("c2", "p2"));
	give(b, CANCER_OF("c3", "p3"));
	ck_assert_uint_eq(b->errands, 0);
	give(b, WEAKNESS("o1", "1", "final"));
	ck_assert_uint_eq(b->errands, 1);
	ck_assert(cw_str_is(b->subject[0], "Patient/p1"));
	deliver(b, 0, DELIVERY_DONE);
	give(b, "{\"resourceType\":\"Bundle\",\"type\":\"history\",\"entry\":["
		"{\"request\":{\"method\":\"DELETE\",\"url\":\"Condition/c1\"}},"
		"{\"request\":{\"method\":\"DELETE\",\"url\":\"Observation/o1\"}}]}");
	ck_assert_uint_eq(b->errands, 2);
	ck_assert_int_eq(b->errand[1].errand, STORE_REVOKE);
	end(b);
}
END_TEST

START_TEST(shadow)
{
	struct bench *b = begin();

	b->conf.mode = CONF_SHADOW;
	give(b, CANCER);
	give(b, WEAKNESS("o1", "1", "final"));
	ck_assert_uint_eq(b->errands, 0);
	ck_assert_int_eq(open_alerts(b), 1);
	give(b, WEAKNESS("o2", "1", "final"));
	ck_assert_int_eq(open_alerts(b), 1);
	end(b);
}
END_TEST

START_TEST(chain_holds)
{
	struct bench *b = begin();
	int64_t records = 0;
	struct cw_err err = { 0 };

	give(b, CANCER);
	give(b, WEAKNESS("o1", "1", "final"));
	deliver(b, 0, DELIVERY_DONE);
	ck_assert_int_eq(store_audit_verify(b->store, &records, &err), 0);
	ck_assert_int_ge(records, 4);
	end(b);
}
END_TEST

/* A limit on the size of files stands for a disk without room: the log may grow no more. */
static void
limit_files(struct bench *b, bool on)
{
	struct rlimit limit;
	struct stat st;
	char path[128];

	snprintf(path, sizeof(path), "%s/cordwatch.db-wal", b->dir);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = on ? (rlim_t)st.st_size : limit.rlim_max;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static int64_t
acknowledged(struct bench *b)
{
	return metrics_get(b->metrics, METRICS_FEED_ACKNOWLEDGED, METRICS_OF("former"));
}

static void
submit_state(struct bench *b)
{
	struct job *job = job_new(JOB_STATE);

	job->feed = 1;
	job->mark[job->marks++] = (struct job_mark){ "mark.Condition", CW_STR("7") };
	job->done = on_done;
	job->arg = b;
	ck_assert(queue_submit(b->queue, job));
}

static void
on_mark(void *arg, struct cw_str key, struct cw_str value)
{
	*(bool *)arg = cw_str_is(key, "mark.Condition") && cw_str_is(value, "7");
}

/* Who waits is refused at once, what nobody waits for is kept, and goes in once there is room. */
START_TEST(disk_full)
{
	struct bench *b = begin();
	struct job *awaited = job_of(b, WEAKNESS("o2", "1", "final"));
	struct cw_err err = { 0 };
	bool marked = false;

	signal(SIGXFSZ, SIG_IGN);
	give(b, CANCER);
	limit_files(b, true);
	awaited->awaited = true;
	ck_assert(queue_submit(b->queue, job_of(b, WEAKNESS("o1", "1", "final"))));
	ck_assert(queue_submit(b->queue, awaited));
	fake_advance(10);
	submit_state(b);
	fake_advance(10);
	ck_assert_uint_eq(b->failed, 1);
	ck_assert_uint_eq(b->done, 1);
	ck_assert_uint_ge(b->full, 2);
	ck_assert_uint_eq(b->fatal, 0);
	ck_assert_int_eq(acknowledged(b), 1);
	ck_assert(!queue_has_room(b->queue, 0));

	limit_files(b, false);
	loop_worker_kick(b->worker);
	fake_advance(10);
	ck_assert_uint_eq(b->failed, 1);
	ck_assert_uint_eq(b->done, 3);
	ck_assert_uint_eq(b->room, 1);
	ck_assert_uint_eq(b->errands, 1);
	ck_assert_int_eq(acknowledged(b), 2);
	ck_assert(queue_has_room(b->queue, 0));
	ck_assert_int_eq(store_states(b->store, 1, on_mark, &marked, &err), 0);
	ck_assert(marked);
	ck_assert_int_eq(store_audit_verify(b->store, &(int64_t){ 0 }, &err), 0);
	end(b);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("engine");
	TCase *tc = tcase_create("engine");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, one_alert);
	tcase_add_test(tc, order_of_arrival);
	tcase_add_test(tc, duplicates);
	tcase_add_test(tc, more_evidence_is_no_second_alert);
	tcase_add_test(tc, withdrawn_evidence);
	tcase_add_test(tc, deleted_evidence);
	tcase_add_test(tc, corrected_away);
	tcase_add_test(tc, same_version_other_bytes);
	tcase_add_test(tc, broken_bytes);
	tcase_add_test(tc, restart);
	tcase_add_test(tc, echo);
	tcase_add_test(tc, shared_identifier);
	tcase_add_test(tc, shadow);
	tcase_add_test(tc, chain_holds);
	tcase_add_test(tc, disk_full);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
