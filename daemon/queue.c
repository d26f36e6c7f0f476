#include "daemon/queue.h"

#include "daemon/log.h"

#include <pthread.h>
#include <stdlib.h>

/* Room for what is never refused: outcomes of errands, marks, audit. They are few and small. */
struct queue {
	struct loop *loop;
	struct loop_wake *wake;
	struct loop_worker *worker;
	size_t most_jobs, most_bytes;
	void (*report)(void *arg, const struct report *report);
	void *arg;

	pthread_mutex_t lock;
	struct job *first, **last;
	size_t jobs, bytes;
	bool closed;
	bool full;		       /* told, and not yet half empty again */
	struct job *done, **done_last; /* to be given back */
	struct report *reports, **reports_last;
};

struct job *
job_new(enum job_kind kind)
{
	struct cw_arena *arena = cw_arena_new(0);
	struct job *job = cw_alloc(arena, sizeof(*job));

	job->kind = kind;
	job->arena = arena;
	return job;
}

void
job_free(struct job *job)
{
	if (job != NULL)
		cw_arena_free(job->arena);
}

struct report *
report_new(enum report_kind kind)
{
	struct cw_arena *arena = cw_arena_new(0);
	struct report *report = cw_alloc(arena, sizeof(*report));

	report->kind = kind;
	report->arena = arena;
	return report;
}

static void
free_jobs(struct job *job)
{
	while (job != NULL) {
		struct job *next = job->next;

		job_free(job);
		job = next;
	}
}

static void
free_reports(struct report *report)
{
	while (report != NULL) {
		struct report *next = report->next;

		cw_arena_free(report->arena);
		report = next;
	}
}

/* On the loop: what the engine has given back. Jobs first: who was acknowledged is told before
 * anything is sent on his behalf. */
static void
on_wake(void *arg)
{
	struct queue *q = arg;
	struct job *done;
	struct report *reports;

	pthread_mutex_lock(&q->lock);
	done = q->done;
	reports = q->reports;
	q->done = NULL;
	q->done_last = &q->done;
	q->reports = NULL;
	q->reports_last = &q->reports;
	pthread_mutex_unlock(&q->lock);
	for (const struct job *job = done; job != NULL; job = job->next) {
		if (job->done != NULL)
			job->done(job->arg, job->result);
	}
	free_jobs(done);
	for (const struct report *r = reports; r != NULL; r = r->next)
		q->report(q->arg, r);
	free_reports(reports);
}

struct queue *
queue_new(struct loop *loop, size_t jobs, size_t bytes,
    void (*report)(void *arg, const struct report *report), void *arg)
{
	struct queue *q = cw_calloc(1, sizeof(*q));

	q->loop = loop;
	q->most_jobs = jobs;
	q->most_bytes = bytes;
	q->report = report;
	q->arg = arg;
	q->last = &q->first;
	q->done_last = &q->done;
	q->reports_last = &q->reports;
	pthread_mutex_init(&q->lock, NULL);
	q->wake = loop_wake_new(loop, on_wake, q);
	return q;
}

void
queue_free(struct queue *q)
{
	if (q == NULL)
		return;
	loop_wake_free(q->wake);
	free_jobs(q->first);
	free_jobs(q->done);
	free_reports(q->reports);
	pthread_mutex_destroy(&q->lock);
	free(q);
}

void
queue_worker(struct queue *q, struct loop_worker *worker)
{
	q->worker = worker;
}

static size_t
weight(const struct job *job)
{
	return cw_arena_used(job->arena);
}

static bool
may_be_refused(const struct job *job)
{
	switch (job->kind) {
	case JOB_INTAKE:
	case JOB_COUNT:
	case JOB_LOADED:
	case JOB_ASK:
		return true;
	case JOB_STATE:
	case JOB_DELIVERED:
	case JOB_AUDIT:
	case JOB_RULES:
	case JOB_STOP:
		return false;
	}
	return false;
}

bool
queue_has_room(struct queue *q, size_t bytes)
{
	bool room, news;
	size_t jobs;

	pthread_mutex_lock(&q->lock);
	room = !q->closed && q->jobs < q->most_jobs &&
	       (q->jobs == 0 || q->bytes + bytes <= q->most_bytes);
	/* Said once when it begins; who closes a queue says so himself. */
	news = !room && !q->closed && !q->full;
	q->full = q->full || news;
	jobs = q->jobs;
	pthread_mutex_unlock(&q->lock);
	if (news)
		log_say(LOG_QUEUE_FULL, &(struct log_fields){ .count = (int64_t)jobs });
	return room;
}

void
queue_close(struct queue *q, bool closed)
{
	pthread_mutex_lock(&q->lock);
	q->closed = closed;
	pthread_mutex_unlock(&q->lock);
}

void
queue_load(struct queue *q, size_t *jobs, size_t *bytes)
{
	pthread_mutex_lock(&q->lock);
	*jobs = q->jobs;
	*bytes = q->bytes;
	pthread_mutex_unlock(&q->lock);
}

bool
queue_submit(struct queue *q, struct job *job)
{
	size_t bytes = weight(job);

	if (may_be_refused(job) && !queue_has_room(q, bytes))
		return false;
	pthread_mutex_lock(&q->lock);
	job->next = NULL;
	*q->last = job;
	q->last = &job->next;
	q->jobs++;
	q->bytes += bytes;
	pthread_mutex_unlock(&q->lock);
	if (q->worker != NULL)
		loop_worker_kick(q->worker);
	return true;
}

struct job *
queue_take(struct queue *q, size_t n)
{
	struct job *first, **end;
	bool drained;

	pthread_mutex_lock(&q->lock);
	first = q->first;
	for (end = &q->first; *end != NULL && n > 0; end = &(*end)->next, n--) {
		q->jobs--;
		q->bytes -= weight(*end);
	}
	q->first = *end;
	if (q->first == NULL)
		q->last = &q->first;
	*end = NULL;
	/* Half empty, so that a queue at its bound does not say it with each batch. */
	drained = q->full && q->jobs <= q->most_jobs / 2 && q->bytes <= q->most_bytes / 2;
	q->full = q->full && !drained;
	pthread_mutex_unlock(&q->lock);
	if (drained)
		log_say(LOG_QUEUE_DRAINED, NULL);
	return first;
}

void
queue_done(struct queue *q, struct job *list, enum job_result result)
{
	if (list == NULL)
		return;
	pthread_mutex_lock(&q->lock);
	*q->done_last = list;
	for (; list != NULL; list = list->next) {
		list->result = result;
		q->done_last = &list->next;
	}
	pthread_mutex_unlock(&q->lock);
	loop_wake(q->wake);
}

void
queue_report(struct queue *q, struct report *report)
{
	report->next = NULL;
	pthread_mutex_lock(&q->lock);
	*q->reports_last = report;
	q->reports_last = &report->next;
	pthread_mutex_unlock(&q->lock);
	loop_wake(q->wake);
}
