#include "tests/unit/outbox_case.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static struct loop *loop;
static struct http *http;
struct queue *queue;
static struct loop_worker *worker;
struct outbox *box;
struct server *server;
struct conf_target target;
static struct conf_feed source = { .name = "source", .base = OTHER };
static struct conf conf;

struct told told[2000];
size_t n_told;
char printed[2000];
bool drained;

static void
engine(void *arg)
{
	struct job *jobs = queue_take(queue, 100);

	(void)arg;
	for (const struct job *j = jobs; j != NULL; j = j->next) {
		ck_assert_int_eq(j->kind, JOB_DELIVERED);
		ck_assert_uint_lt(n_told, sizeof(told) / sizeof(*told));
		told[n_told].errand = j->errand;
		told[n_told].delivery = j->delivery;
		told[n_told].doubtful = j->doubtful;
		told[n_told].status = j->status;
		told[n_told].at = fake_now();
		told[n_told].next = j->next_at;
		snprintf(told[n_told].text, sizeof(told->text), "%.*s", CW_ARG(j->text));
		snprintf(told[n_told].version, sizeof(told->version), "%.*s", CW_ARG(j->version));
		n_told++;
	}
	if (jobs != NULL)
		queue_done(queue, jobs, JOB_DONE);
}

static void
report(void *arg, const struct report *r)
{
	(void)arg;
	outbox_add(box, r);
}

static void
print(void *arg, struct cw_str json)
{
	(void)arg;
	snprintf(printed, sizeof(printed), "%.*s", CW_ARG(json));
}

void
set_drained(void *arg)
{
	(void)arg;
	drained = true;
}

void
open_outbox(void)
{
	ck_assert_int_eq(loop_new(&loop, NULL), 0);
	ck_assert_int_eq(http_new(&http, loop, 4, NULL), 0);
	queue = queue_new(loop, 100, 1 << 20, report, NULL);
	ck_assert_int_eq(loop_worker_new(&worker, loop, "engine", engine, NULL, NULL), 0);
	queue_worker(queue, worker);
	box = outbox_new(loop, http, queue, &conf, print, NULL);
}

void
close_outbox(void)
{
	outbox_free(box);
	loop_worker_free(worker);
	queue_free(queue);
	http_free(http);
	loop_free(loop);
}

void
begin(void)
{
	n_told = 0;
	drained = false;
	printed[0] = '\0';
	fake_begin(START);
	server = server_new(BASE);
	target = (struct conf_target){
		.name = "his", .base = BASE, .auth = CW_STR("Bearer t"), .order_intent = "proposal"
	};
	conf = (struct conf){ .target = &target, .targets = 1, .feed = &source, .feeds = 1 };
	server_put_text(server,
	    "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"identifier\":[{\"system\":"
	    "\"urn:mrn\",\"value\":\"4 7\"}]}");
	open_outbox();
}

void
end(void)
{
	close_outbox();
	fake_end();
}

static struct cw_str
bundle(struct cw_arena *arena, int n)
{
	return cw_fmt(arena,
	    "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"fullUrl\":"
	    "\"urn:uuid:" ID "%d\",\"resource\":{\"resourceType\":\"ServiceRequest\",\"id\":\"" ID
	    "%d\",\"identifier\":[{\"system\":\"urn:cordwatch:alert\",\"value\":\"" KEY
	    "%d\"}],\"status\":\"active\",\"intent\":\"proposal\",\"subject\":{\"reference\":"
	    "\"Patient/x\"},\"reasonReference\":[{\"reference\":\"Condition/c1\",\"display\":"
	    "\"d\"}],\"quantityQuantity\":{\"value\":1.00}},\"request\":{\"method\":\"PUT\","
	    "\"url\":\"ServiceRequest/" ID "%d\"}},{\"fullUrl\":\"urn:uuid:f%d\",\"resource\":{"
	    "\"resourceType\":\"Provenance\",\"id\":\"f%d\",\"target\":[{\"reference\":"
	    "\"ServiceRequest/" ID
	    "%d\"}]},\"request\":{\"method\":\"PUT\",\"url\":\"Provenance/f%d\"}}]}",
	    n, n, n, n, n, n, n, n);
}

/* Errand n, of the alert n unless told otherwise. */
struct report *
errand(int n, enum store_errand what)
{
	struct report *r = report_new(REPORT_ERRAND);

	r->errand = (struct store_outbox){ .id = n,
		.alert = n,
		.errand = what,
		.state = STORE_PENDING,
		.target = CW_STR("his"),
		.request = cw_fmt(r->arena, ID "%d", n),
		.created = fake_now(),
		.next = fake_now() };
	if (what == STORE_CREATE)
		r->errand.body = bundle(r->arena, n);
	r->subject = CW_STR("Patient/p1");
	r->source = CW_STR(BASE);
	r->known = CW_STR("urn:mrn|4 7");
	r->key = cw_fmt(r->arena, KEY "%d", n);
	return r;
}

/* Let it be brought for that long; the last outcome. */
enum delivery
bring(struct report *r, int64_t ms)
{
	queue_report(queue, r);
	fake_advance(ms);
	ck_assert_uint_gt(n_told, 0);
	return told[n_told - 1].delivery;
}

const char *
stored(int n)
{
	static char reference[80];
	struct cw_str s;

	snprintf(reference, sizeof(reference), "ServiceRequest/" ID "%d", n);
	s = server_get(server, reference);
	return s.s == NULL ? "" : s.s;
}

void
fault(struct server_fault f)
{
	server_fault(server, &f);
}
