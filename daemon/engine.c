#include "daemon/answer.h"
#include "daemon/engine_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	BATCH_JOBS = 1024, /* entered in one transaction */
	BATCH_ROWS = 256,  /* processed in one transaction */
	BATCH_TICKS = 256,
	DAY = 24 * 3600 * 1000,
	FORGET_EVERY = 3600000, /* ms */
	FORGET_ROWS = 1000
};

struct engine *
engine_new(const struct engine_options *options)
{
	struct engine *e = cw_calloc(1, sizeof(*e));

	e->o = *options;
	e->rules = options->rules;
	e->arena = cw_arena_new(0);
	e->metrics_end = &e->metrics;
	return e;
}

void
engine_free(struct engine *e)
{
	if (e == NULL)
		return;
	while (e->jobs != NULL) { /* kept for when there is room */
		struct job *next = e->jobs->next;

		rules_free(e->jobs->rules);
		job_free(e->jobs);
		e->jobs = next;
	}
	rules_free(e->rules);
	cw_arena_free(e->arena);
	free(e->dirty);
	free(e->outcome);
	free(e);
}

const struct engine_counts *
engine_counts(const struct engine *e)
{
	return &e->counts;
}

void
engine_mark(struct engine *e, int64_t patient, int64_t as_of, bool tick)
{
	if (patient == 0)
		return;
	for (size_t i = e->n_dirty; i-- > 0;) {
		struct engine_dirty *d = &e->dirty[i];

		if (d->patient != patient)
			continue;
		d->tick = d->tick && tick;
		d->as_of = as_of > d->as_of ? as_of : d->as_of;
		return;
	}
	if (e->n_dirty == e->cap_dirty) {
		e->cap_dirty = e->cap_dirty * 2 + 16;
		e->dirty = cw_realloc(e->dirty, e->cap_dirty * sizeof(*e->dirty));
	}
	e->dirty[e->n_dirty++] = (struct engine_dirty){ patient, as_of, tick };
}

const char *
engine_feed(const struct engine *e, uint32_t feed)
{
	const char *name = e->o.feed != NULL && feed < e->o.bases ? e->o.feed[feed] : NULL;

	return name == NULL ? "former" : name;
}

void
engine_count(
    struct engine *e, uint32_t feed, struct cw_str type, int64_t at, const char *outcome, int64_t n)
{
	int64_t day = at / DAY;
	size_t i = 0;

	for (; i < e->n_outcomes; i++) {
		struct engine_outcome *o = &e->outcome[i];

		if (o->feed == feed && o->day == day && strcmp(o->outcome, outcome) == 0 &&
		    cw_str_eq(o->type, type)) {
			o->n += n;
			return;
		}
	}
	if (i == e->cap_outcomes) {
		e->cap_outcomes = e->cap_outcomes * 2 + 16;
		e->outcome = cw_realloc(e->outcome, e->cap_outcomes * sizeof(*e->outcome));
	}
	e->outcome[e->n_outcomes++] = (struct engine_outcome){ feed, type, day, at, outcome, n };
}

static int
write_outcomes(struct engine *e, struct cw_err *err)
{
	int rc = CW_OK;

	for (size_t i = 0; rc >= 0 && i < e->n_outcomes; i++) {
		const struct engine_outcome *o = &e->outcome[i];
		char text[48];

		snprintf(text, sizeof(text), "%.*s", CW_ARG(o->type));
		engine_meter(e, metrics_add, METRICS_FEED_EVENTS,
		    METRICS_OF(
			engine_feed(e, o->feed), o->type.n == 0 ? "unknown" : text, o->outcome),
		    o->n);
		rc = store_count_add(e->o.store, o->feed, o->type, o->at, o->outcome, o->n, err);
	}
	return rc;
}

void
engine_meter(struct engine *e, engine_metric_fn *how, enum metrics_id id, const char *const label[],
    int64_t n)
{
	struct engine_metric *m = cw_alloc(e->arena, sizeof(*m));

	*m = (struct engine_metric){ .how = how, .id = id, .n = n };
	for (size_t i = 0; i < METRICS_LABELS && label[i] != NULL; i++)
		m->label[i] = cw_str_dup(e->arena, cw_str(label[i])).s;
	*e->metrics_end = m;
	e->metrics_end = &m->next;
}

/* ---- the parts of a batch ---- */

static int
process_inbox(struct engine *e, size_t *done, struct cw_err *err)
{
	struct store_inbox row[BATCH_ROWS];
	size_t n = BATCH_ROWS;
	int rc = store_inbox_next(e->o.store, 0, row, &n, e->arena, err);

	*done = 0;
	for (size_t i = 0; rc >= 0 && i < n; i++) {
		rc = engine_take(e, &row[i], err);
		if (rc >= 0)
			rc = store_inbox_remove(e->o.store, row[i].id, err);
		*done += rc >= 0;
	}
	return rc < 0 ? rc : CW_OK;
}

static int
process_ticks(struct engine *e, size_t *done, struct cw_err *err)
{
	int64_t patient[BATCH_TICKS], at[BATCH_TICKS], now = loop_now(e->o.loop);
	size_t n = BATCH_TICKS;
	int rc = store_tick_due(e->o.store, now, patient, at, &n, err);

	for (size_t i = 0; rc >= 0 && i < n; i++)
		engine_mark(e, patient[i], now, at[i] != ENGINE_TICK_NOW);
	*done = n;
	return rc < 0 ? rc : CW_OK;
}

static int
set_marks(struct engine *e, const struct job *job, struct cw_err *err)
{
	int rc = CW_OK;

	for (size_t i = 0; rc >= 0 && i < job->marks; i++)
		rc = store_state_set(
		    e->o.store, job->feed, job->mark[i].key, job->mark[i].value, err);
	return rc;
}

/* The new rules may say something else of everybody. They hold from the next batch on. */
static int
change_rules(struct engine *e, const struct job *job, struct cw_err *err)
{
	struct cw_str payload = cw_fmt(
	    e->arena, "{\"before\":\"%s\",\"after\":\"%s\"}", e->rules->sha256, job->rules->sha256);

	if (store_tick_all(e->o.store, ENGINE_TICK_NOW, err) < 0)
		return err->code;
	return store_audit(e->o.store, loop_now(e->o.loop), "rules", payload, err);
}

/* After the commit. */
static void
swap_rules(struct engine *e, struct job *jobs)
{
	for (struct job *job = jobs; job != NULL; job = job->next) {
		struct report *r;

		if (job->kind != JOB_RULES)
			continue;
		r = report_new(REPORT_RULES);
		r->rules = e->rules;
		e->rules = job->rules;
		job->rules = NULL;
		r->next = e->reports;
		e->reports = r;
	}
}

static int
enter_job(struct engine *e, struct job *job, struct cw_err *err)
{
	int rc = CW_OK;

	switch (job->kind) {
	case JOB_INTAKE:
		engine_meter(e, metrics_add, METRICS_FEED_ACKNOWLEDGED,
		    METRICS_OF(engine_feed(e, job->feed)), job->row.units);
		job->row.feed = job->feed;
		rc = store_inbox_add(e->o.store, &job->row, err);
		break;
	case JOB_LOADED:
		job->row = (struct store_inbox){
			.feed = job->feed, .how = STORE_LOADED, .received = job->at
		};
		rc = store_inbox_add(e->o.store, &job->row, err);
		break;
	case JOB_COUNT:
		engine_meter(e, metrics_add, METRICS_FEED_ACKNOWLEDGED,
		    METRICS_OF(engine_feed(e, job->feed)), job->units);
		engine_count(e, job->feed, job->type, job->at, job->outcome, job->units);
		break;
	case JOB_DELIVERED:
		rc = alert_delivered(e, job, err);
		break;
	case JOB_AUDIT:
		rc = store_audit(e->o.store, job->at, job->audit, job->payload, err);
		break;
	case JOB_RULES:
		rc = change_rules(e, job, err);
		break;
	case JOB_ASK:
		rc = engine_answer(e, job, err);
		break;
	case JOB_STATE:
	case JOB_STOP:
		break;
	}
	return rc < 0 ? rc : set_marks(e, job, err);
}

static void
tell(struct engine *e)
{
	struct report *list = NULL;

	/* In the order in which they were made. */
	while (e->reports != NULL) {
		struct report *r = e->reports;

		e->reports = r->next;
		r->next = list;
		list = r;
	}
	while (list != NULL) {
		struct report *next = list->next;

		queue_report(e->o.queue, list);
		list = next;
	}
}

static void
tell_tick(struct engine *e)
{
	int64_t at, due = engine_seal_due(e);
	struct report *r;

	if (store_tick_first(e->o.store, &at, NULL) < 0)
		return;
	at = due < at ? due : at;
	if (at == INT64_MAX)
		return;
	r = report_new(REPORT_TICK);
	r->at = at;
	queue_report(e->o.queue, r);
}

static void
roll_back(struct engine *e)
{
	store_rollback(e->o.store);
	while (e->reports != NULL) {
		struct report *next = e->reports->next;

		cw_arena_free(e->reports->arena);
		e->reports = next;
	}
}

static void
fail(struct engine *e, const struct cw_err *err)
{
	struct report *r = report_new(REPORT_FATAL);

	e->failed = true;
	roll_back(e);
	r->err = *err;
	queue_report(e->o.queue, r);
	queue_done(e->o.queue, e->jobs, JOB_FAILED);
	e->jobs = NULL;
}

/* At most n more jobs, behind those that were kept. */
static void
take_jobs(struct engine *e, size_t n)
{
	struct job **end = &e->jobs;

	while (*end != NULL)
		end = &(*end)->next;
	*end = queue_take(e->o.queue, n);
}

/* Nothing of the batch is there. Who waits for an answer hears of it; the rest is tried again. */
static void
wait_for_room(struct engine *e)
{
	struct job *awaited = NULL, **end = &awaited, **p = &e->jobs;

	roll_back(e);
	e->full = true;
	queue_close(e->o.queue, true);
	take_jobs(e, SIZE_MAX);
	while (*p != NULL) {
		struct job *job = *p;

		if (!job->awaited) {
			p = &job->next;
			continue;
		}
		*p = job->next;
		*end = job;
		end = &job->next;
		*end = NULL;
	}
	queue_done(e->o.queue, awaited, JOB_FAILED);
	queue_report(e->o.queue, report_new(REPORT_FULL));
}

static void
go_on(struct engine *e)
{
	if (!e->full)
		return;
	e->full = false;
	queue_close(e->o.queue, false);
	queue_report(e->o.queue, report_new(REPORT_ROOM));
}

static int
measure(struct engine *e, struct cw_err *err)
{
	int64_t open = 0, pending = 0, dead = 0, oldest = 0;
	int rc = store_alert_count(e->o.store, &open, err);

	if (rc >= 0)
		rc = store_outbox_count(e->o.store, &pending, &dead, &oldest, err);
	e->counts.open_alerts = open;
	e->counts.outbox = pending;
	e->counts.dead = dead;
	e->counts.oldest_errand = oldest;
	return rc;
}

static int
commit(struct engine *e, struct cw_err *err)
{
	int64_t start = loop_steady(e->o.loop);
	int rc = store_commit(e->o.store, err);

	e->counts.commit_ms = (uint_fast64_t)(loop_steady(e->o.loop) - start);
	e->counts.size = store_size(e->o.store);
	metrics_observe(e->o.metrics, METRICS_COMMIT, NULL, (int64_t)e->counts.commit_ms * 1000);
	return rc;
}

/* Once an hour, a little at a time, while more is there. */
static int
forget_old(struct engine *e, struct cw_err *err)
{
	const struct conf *conf = e->rules->conf;
	int64_t now = loop_now(e->o.loop), steady = loop_steady(e->o.loop);
	bool more = false;
	int rc;

	if (e->forgotten != 0 && steady - e->forgotten < FORGET_EVERY)
		return CW_OK;
	rc = store_forget(e->o.store, now - conf->keep_keys, now - conf->keep_quarantine,
	    now - conf->keep_closed, FORGET_ROWS, &more, err);
	if (!more)
		e->forgotten = steady;
	return rc < 0 ? rc : CW_OK;
}

static int
batch(struct engine *e, bool *more, struct cw_err *err)
{
	size_t rows = 0, ticks = 0;
	bool stop = false;
	int rc = store_begin(e->o.store, err);

	if (rc >= 0)
		rc = process_inbox(e, &rows, err);
	if (rc >= 0)
		rc = process_ticks(e, &ticks, err);
	if (rc >= 0)
		rc = engine_judge(e, err);
	/* Now, so that what came meanwhile waits for one commit and not for two. */
	if (rc >= 0)
		take_jobs(e, BATCH_JOBS);
	for (struct job *job = e->jobs; rc >= 0 && job != NULL; job = job->next) {
		*more = *more || job->kind == JOB_INTAKE || job->kind == JOB_LOADED ||
			job->kind == JOB_RULES ||
			(job->kind == JOB_ASK && answer_is_deed(job->ask));
		stop = stop || job->kind == JOB_STOP;
		rc = enter_job(e, job, err);
	}
	if (rc >= 0)
		rc = write_outcomes(e, err);
	if (rc >= 0)
		rc = forget_old(e, err);
	if (rc >= 0)
		rc = engine_seal(e, stop, err);
	if (rc >= 0)
		rc = measure(e, err);
	if (rc >= 0)
		rc = commit(e, err);
	*more = *more || rows == BATCH_ROWS || ticks == BATCH_TICKS;
	e->counts.processed += rows;
	return rc < 0 ? rc : CW_OK;
}

static void
begin_batch(struct engine *e)
{
	e->n_dirty = 0;
	e->metrics = NULL;
	e->metrics_end = &e->metrics;
	e->tally = NULL;
	e->n_tally = e->n_outcomes = 0;
	e->last.known = false;
	cw_arena_reset(e->arena);
}

/* The batch is committed. */
static void
end_batch(struct engine *e)
{
	e->counts.batches++;
	swap_rules(e, e->jobs);
	engine_sealed(e);
	for (const struct engine_metric *m = e->metrics; m != NULL; m = m->next)
		m->how(e->o.metrics, m->id, m->label, m->n);
	go_on(e);
	queue_done(e->o.queue, e->jobs, JOB_DONE);
	e->jobs = NULL;
	tell(e);
}

void
engine_run(void *arg)
{
	struct engine *e = arg;
	bool more = true;

	while (more && !e->failed) {
		struct cw_err err = { 0 };

		more = false;
		begin_batch(e);
		if (e->full && store_try_room(e->o.store, &err) < 0) {
			wait_for_room(e);
			return;
		}
		if (batch(e, &more, &err) < 0) {
			if (store_is_full(e->o.store))
				wait_for_room(e);
			else
				fail(e, &err);
			return;
		}
		end_batch(e);
		/* Without room the log stays as long as it is. */
		if (store_checkpoint(e->o.store, &err) < 0 && !store_is_full(e->o.store))
			fail(e, &err);
	}
	if (!e->failed)
		tell_tick(e);
}

/* ---- the start ---- */

static int
count_tries(struct engine *e, struct cw_err *err)
{
	int64_t after = 0;
	size_t n;

	do {
		struct store_inbox row[BATCH_ROWS];
		int rc;

		n = BATCH_ROWS;
		rc = store_inbox_next(e->o.store, after, row, &n, e->arena, err);
		for (size_t i = 0; rc >= 0 && i < n; i++) {
			after = row[i].id;
			rc = store_inbox_try(e->o.store, row[i].id, err);
		}
		if (rc < 0)
			return rc;
		cw_arena_reset(e->arena);
	} while (n > 0);
	return CW_OK;
}

static int
report_pending(struct engine *e, struct cw_err *err)
{
	struct store_outbox *rows;
	size_t n = SIZE_MAX;
	int rc = store_outbox_pending(e->o.store, &rows, &n, e->arena, err);

	for (size_t i = 0; rc >= 0 && i < n; i++) {
		rows[i].doubtful = true;
		rc = alert_report(e, &rows[i], err);
	}
	return rc < 0 ? rc : CW_OK;
}

int
engine_start(struct engine *e, struct cw_err *err)
{
	int rc = store_begin(e->o.store, err);

	if (rc >= 0)
		rc = count_tries(e, err);
	if (rc >= 0)
		rc = store_is_restored(e->o.store, &e->restored, err);
	if (rc >= 0)
		rc = report_pending(e, err);
	if (rc >= 0)
		rc = engine_seal_start(e, err);
	if (rc < 0) {
		store_rollback(e->o.store);
		return rc;
	}
	rc = store_commit(e->o.store, err);
	if (rc >= 0)
		tell(e);
	return rc < 0 ? rc : CW_OK;
}
