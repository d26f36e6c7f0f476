#include "tests/unit/feed_case.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static struct loop *loop;
static struct http *http;
struct queue *queue;
static struct loop_worker *worker;
struct feed *feed;
struct server *server;
struct conf_feed conf;
static const struct cw_str types[] = { { "Condition", 9 }, { "Observation", 11 } };

/* What was committed. */
static struct cw_buf taken; /* bodies, one after the other */
size_t jobs, backfills, loadeds, loaded_at;
bool full;
static struct mark {
	char key[64], value[80];
	size_t jobs; /* taken before or with it */
} marks[64];
size_t n_marks;

static void
keep(struct job_mark mark)
{
	size_t i = 0;

	while (i < n_marks && strcmp(marks[i].key, mark.key) != 0)
		i++;
	ck_assert_uint_lt(i, 64);
	n_marks += i == n_marks;
	snprintf(marks[i].key, sizeof(marks[i].key), "%s", mark.key);
	snprintf(marks[i].value, sizeof(marks[i].value), "%.*s", CW_ARG(mark.value));
	marks[i].jobs = jobs;
}

const char *
marked(const char *key)
{
	for (size_t i = 0; i < n_marks; i++) {
		if (strcmp(marks[i].key, key) == 0)
			return marks[i].value;
	}
	return "";
}

static void
engine(void *arg)
{
	struct job *list = queue_take(queue, 1000);

	(void)arg;
	for (const struct job *j = list; j != NULL; j = j->next) {
		ck_assert_uint_eq(j->feed, 7);
		if (j->kind == JOB_INTAKE) {
			ck_assert_int_eq(j->row.how, STORE_PAGE);
			cw_buf_str(&taken, j->row.body);
			cw_buf_putc(&taken, '\n');
			jobs++;
			backfills += j->row.backfill;
		}
		if (j->kind == JOB_LOADED) {
			loadeds++;
			loaded_at = jobs;
		}
		for (size_t i = 0; i < j->marks; i++)
			keep(j->mark[i]);
	}
	if (list != NULL)
		queue_done(queue, list, JOB_DONE);
}

static bool
take(void *arg, struct feed *from, struct job *job)
{
	(void)arg;
	ck_assert_ptr_eq(from, feed);
	return !full && queue_submit(queue, job);
}

static void
no_report(void *arg, const struct report *report)
{
	(void)arg;
	(void)report;
}

void
open_feed(void)
{
	struct feed_world world = { .public = PUBLIC,
		.secret_header = "X-Secret",
		.type = types,
		.types = 2,
		.take = take };

	ck_assert_int_eq(loop_new(&loop, NULL), 0);
	ck_assert_int_eq(http_new(&http, loop, 4, NULL), 0);
	queue = queue_new(loop, 1000, (size_t)1 << 30, no_report, NULL);
	ck_assert_int_eq(loop_worker_new(&worker, loop, "engine", engine, NULL, NULL), 0);
	queue_worker(queue, worker);
	world.loop = loop;
	world.http = http;
	world.queue = queue;
	feed = feed_new(&world, &conf, 7);
	for (size_t i = 0; i < n_marks; i++)
		feed_remember(feed, cw_str(marks[i].key), cw_str(marks[i].value));
	feed_start(feed);
}

void
close_feed(void)
{
	feed_free(feed);
	loop_worker_free(worker);
	queue_free(queue);
	http_free(http);
	loop_free(loop);
}

void
begin(void)
{
	cw_buf_init(&taken, 0);
	cw_buf_puts(&taken, "");
	jobs = backfills = loadeds = n_marks = 0;
	full = false;
	fake_begin(START);
	server = server_new(BASE);
	conf = (struct conf_feed){ .name = "ehr",
		.base = BASE,
		.secret = CW_STR("s3cret"),
		.auth = CW_STR("Bearer t"),
		.poll_interval = 60000,
		.overlap = 15 * 60000 };
}

void
end(void)
{
	close_feed();
	fake_end();
	cw_buf_fini(&taken);
}

void
write_many(const char *type, int from, int to)
{
	char text[200];

	for (int i = from; i < to; i++) {
		snprintf(text, sizeof(text),
		    "{\"resourceType\":\"%s\",\"id\":\"%c%d\",\"code\":{\"text\":\"x\"}}", type,
		    type[0] | 0x20, i);
		server_put_text(server, text);
		fake_advance(10);
	}
}

size_t
times(const char *reference)
{
	char wanted[100];
	size_t n = 0;

	snprintf(wanted, sizeof(wanted), "\"fullUrl\":\"%s/%s\"", BASE, reference);
	for (const char *p = taken.s; p != NULL && (p = strstr(p, wanted)) != NULL; p++)
		n++;
	return n;
}

size_t
times_each(const char *type, int from, int to)
{
	char reference[64];
	size_t most = 0;

	for (int i = from; i < to; i++) {
		size_t n;

		snprintf(reference, sizeof(reference), "%s/%c%d", type, type[0] | 0x20, i);
		n = times(reference);
		if (n == 0)
			return 0;
		most = n > most ? n : most;
	}
	return most;
}

void
fault(struct server_fault f)
{
	server_fault(server, &f);
}

struct feed_status
status(void)
{
	struct feed_status s;

	feed_status(feed, &s);
	return s;
}
