/* Which errand goes when, and what becomes of it. */
#include "daemon/outbox.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/log.h"
#include "daemon/outbox_internal.h"
#include "fhir/reference.h"

enum {
	AWAITED = 8,	   /* tries, some four minutes, until the patient's record must be there */
	AT_ONCE = 8,	   /* errands under way */
	LARGEST = 4 << 20, /* answer, bytes */
	LONGEST = 5 * 60000, /* between tries, ms */
	BELIEVED = 3600000   /* Retry-After, ms */
};

struct outbox {
	struct loop *loop;
	const struct conf *conf;
	struct http *http;
	struct queue *queue;
	void (*print)(void *arg, struct cw_str json);
	void *arg;
	struct outbox_target *target;
	size_t targets;
	struct errand *errands; /* as they were added */
	struct loop_timer *timer;
	int64_t born;
	bool draining;
	struct loop_timer *drain;
	loop_fn *drained;
	void *drained_arg;
};

static void pump(void *arg);
static void give_up_draining(void *arg);

struct outbox *
outbox_new(struct loop *loop, struct http *http, struct queue *queue, const struct conf *conf,
    void (*print)(void *arg, struct cw_str json), void *arg)
{
	struct outbox *box = cw_calloc(1, sizeof(*box));

	*box = (struct outbox){ .loop = loop,
		.http = http,
		.queue = queue,
		.print = print,
		.arg = arg,
		.target = cw_calloc(conf->targets + 1, sizeof(*box->target)),
		.targets = conf->targets,
		.timer = loop_timer_new(loop, pump, box),
		.drain = loop_timer_new(loop, give_up_draining, box),
		.born = loop_now(loop) };
	outbox_use(box, conf);
	return box;
}

void
outbox_use(struct outbox *box, const struct conf *conf)
{
	box->conf = conf;
	for (size_t i = 0; i < box->targets; i++) {
		const struct conf_target *t = &conf->target[i];

		box->target[i].conf = t;
		box->target[i].identity =
		    (struct http_identity){ t->ca_file, t->cert_file, t->key_file };
	}
}

static void
forget(struct errand *e)
{
	struct errand **p = &e->box->errands;

	while (*p != e)
		p = &(*p)->next;
	*p = e->next;
	if (e->call != NULL)
		http_cancel(e->call);
	cw_arena_free(e->scratch);
	cw_arena_free(e->arena);
}

void
outbox_free(struct outbox *box)
{
	if (box == NULL)
		return;
	while (box->errands != NULL)
		forget(box->errands);
	loop_timer_free(box->timer);
	loop_timer_free(box->drain);
	free(box->target);
	free(box);
}

static struct outbox_target *
find_target(struct outbox *box, struct cw_str name)
{
	for (size_t i = 0; i < box->targets; i++) {
		if (cw_str_is(name, box->target[i].conf->name))
			return &box->target[i];
	}
	return NULL;
}

/* The base URL as the feed has it: the store compares bases without their scheme. */
static struct cw_str
source_url(const struct outbox *box, struct cw_str source)
{
	char here[FHIR_BASE_NAME], there[FHIR_BASE_NAME];
	struct cw_str name = fhir_reference_base_name(source, here);

	for (size_t i = 0; source.s != NULL && i < box->conf->feeds; i++) {
		struct cw_str base = cw_str(box->conf->feed[i].base);

		if (cw_str_eq(fhir_reference_base_name(base, there), name))
			return base;
	}
	return source;
}

void
outbox_add(struct outbox *box, const struct report *report)
{
	struct cw_arena *arena = cw_arena_new(0);
	struct errand *e = cw_alloc(arena, sizeof(*e)), **p = &box->errands;
	int64_t wait = report->errand.next - loop_now(box->loop);

	*e = (struct errand){ .box = box,
		.arena = arena,
		.scratch = cw_arena_new(0),
		.row = report->errand,
		.subject = cw_str_dup(arena, report->subject),
		.source = cw_str_dup(arena, source_url(box, report->source)),
		.known = cw_str_dup(arena, report->known),
		.key = cw_str_dup(arena, report->key) };
	e->row.target = cw_str_dup(arena, report->errand.target);
	e->row.request = cw_str_dup(arena, report->errand.request);
	e->row.body = cw_str_dup(arena, report->errand.body);
	e->row.doubtful = e->row.doubtful || e->row.attempts > 0 || e->row.created < box->born;
	e->target = find_target(box, e->row.target);
	e->due = loop_steady(box->loop) + (wait < 0 ? 0 : wait < LONGEST ? wait : LONGEST);
	while (*p != NULL && (*p)->row.id != e->row.id)
		p = &(*p)->next;
	if (*p != NULL) { /* told twice: more may be known of the patient */
		if ((*p)->call == NULL)
			(*p)->known = cw_str_dup((*p)->arena, report->known);
		cw_arena_free(e->scratch);
		cw_arena_free(e->arena);
		return;
	}
	*p = e;
	loop_timer_set(box->timer, 0);
}

/* Must it wait for another? */
static bool
waits(const struct errand *e)
{
	for (const struct errand *o = e->box->errands; o != NULL; o = o->next) {
		if (o != e && (o->row.id == e->row.after ||
				  (o->row.alert == e->row.alert && o->row.id < e->row.id)))
			return true;
	}
	return false;
}

/* The ServiceRequest of the Bundle, on a line of its own. */
static void
print_request(struct errand *e)
{
	const struct fhir_node *bundle;
	struct cw_buf buf;

	if (e->box->print == NULL || e->row.errand != STORE_CREATE ||
	    fhir_json_read(&bundle, e->row.body, e->scratch, NULL, NULL) < 0)
		return;
	cw_buf_init(&buf, 0);
	fhir_json_write(&buf, fhir_node_get(fhir_node_get(bundle, "entry"), "resource"), false);
	e->box->print(e->box->arg, (struct cw_str){ buf.s, buf.n });
	cw_buf_fini(&buf);
}

static void
start(struct errand *e)
{
	const struct cw_str none = { NULL, 0 };

	e->patient = none;
	e->asked = 0;
	e->rereads = 0;
	e->logical = false;
	e->conditional = e->target != NULL && e->target->ids == OUTBOX_IDS_THEIRS;
	if (e->target == NULL) {
		errand_end(e, DELIVERY_DEAD, 0, none, CW_STR("no such target is configured"));
	} else if (e->target->conf->base == NULL) {
		print_request(e);
		errand_end(e, DELIVERY_DONE, 0, none, none);
	} else if (e->row.errand == STORE_CREATE) {
		outbox_create(e);
	} else {
		outbox_revoke(e);
	}
}

/* The first that may go now; *wait: how long until the next may. */
static struct errand *
next_ready(struct outbox *box, int64_t *wait)
{
	int64_t now = loop_steady(box->loop);
	size_t busy = 0;

	*wait = INT64_MAX;
	for (const struct errand *e = box->errands; e != NULL; e = e->next)
		busy += e->call != NULL;
	if (busy >= AT_ONCE || box->draining)
		return NULL;
	for (struct errand *e = box->errands; e != NULL; e = e->next) {
		if (e->call != NULL)
			continue;
		if (e->due > now)
			*wait = e->due - now < *wait ? e->due - now : *wait;
		else if (!waits(e))
			return e;
	}
	return NULL;
}

static bool
is_quiet(const struct outbox *box)
{
	for (const struct errand *e = box->errands; e != NULL; e = e->next) {
		if (e->call != NULL)
			return false;
	}
	return true;
}

static void
pump(void *arg)
{
	struct outbox *box = arg;
	struct errand *e;
	int64_t wait;

	while ((e = next_ready(box, &wait)) != NULL)
		start(e);
	if (wait != INT64_MAX)
		loop_timer_set(box->timer, wait);
	else
		loop_timer_stop(box->timer);
	if (box->draining && box->drained != NULL && is_quiet(box)) {
		loop_fn *drained = box->drained;

		box->drained = NULL;
		loop_timer_stop(box->drain);
		drained(box->drained_arg);
	}
}

/* Does the target do its work? */
static void
note_health(struct outbox_target *target, const struct http_response *response)
{
	int status = response->status;
	bool failing = response->outcome != HTTP_ANSWERED || status >= 500 || status == 401 ||
		       (status >= 300 && status < 400);

	if (failing && !target->failing)
		log_say(LOG_TARGET_LOST, &(struct log_fields){ .target = target->conf->name,
					     .status = status,
					     .reason = response->reason });
	else if (target->failing && !failing)
		log_say(LOG_TARGET_REACHED, &(struct log_fields){ .target = target->conf->name });
	target->failing = failing;
}

static void
answered(void *arg, const struct http_response *response)
{
	struct errand *e = arg;

	e->call = NULL;
	note_health(e->target, response);
	cw_arena_reset(e->scratch);
	e->step(e, response);
}

void
errand_ask(struct errand *e, const char *method, struct cw_str path,
    const struct http_header *header, size_t headers, struct cw_str body, errand_step *step)
{
	const struct conf_target *t = e->target->conf;
	struct http_header all[8] = { { "Accept", CW_STR("application/fhir+json") },
		{ "Cache-Control", CW_STR("no-cache") } };
	struct http_request request = {
		.method = method, .header = all, .headers = 2, .body = body, .largest = LARGEST
	};
	struct cw_arena *arena;

	if (e->box->draining) { /* it stays, and counts as doubtful at the next start */
		loop_timer_set(e->box->timer, 0);
		return;
	}
	arena = cw_arena_new(0);
	request.url = cw_fmt(arena, "%s%s%.*s", t->base, path.n > 0 ? "/" : "", CW_ARG(path)).s;
	request.identity = &e->target->identity;
	if (body.s != NULL)
		all[request.headers++] =
		    (struct http_header){ "Content-Type", CW_STR("application/fhir+json") };
	if (t->auth.s != NULL && http_below(cw_str(t->base), cw_str(request.url)))
		all[request.headers++] = (struct http_header){ "Authorization", t->auth };
	for (size_t i = 0; i < headers; i++)
		all[request.headers++] = header[i];
	e->step = step;
	e->call = http_start(e->box->http, &request, answered, e);
	cw_arena_free(arena);
}

static void
submit(const struct errand *e, enum delivery delivery, int status, struct cw_str version,
    struct cw_str text)
{
	struct job *job = job_new(JOB_DELIVERED);
	bool taken;

	job->errand = e->row.id;
	job->at = loop_now(e->box->loop);
	job->delivery = delivery;
	job->doubtful = e->row.doubtful;
	job->refresh = delivery == DELIVERY_LATER && e->known.n == 0;
	job->status = status;
	job->next_at = e->row.next;
	job->version = cw_str_dup(job->arena, version);
	job->text = cw_str_dup(job->arena, text);
	taken = queue_submit(e->box->queue, job);
	assert(taken);
	(void)taken;
}

/* What was to follow this one must not happen now. */
static struct errand *
follower(struct outbox *box, int64_t id)
{
	struct errand *e = box->errands;

	while (e != NULL && e->row.after != id)
		e = e->next;
	return e;
}

void
errand_end(
    struct errand *e, enum delivery delivery, int status, struct cw_str version, struct cw_str text)
{
	struct outbox *box = e->box;
	int64_t id = e->row.id;
	struct errand *next;

	submit(e, delivery, status, version, text);
	forget(e);
	loop_timer_set(box->timer, 0);
	while (delivery == DELIVERY_DEAD && (next = follower(box, id)) != NULL) {
		next->row.after = 0;
		submit(next, DELIVERY_DEAD, 0, cw_str(NULL),
		    CW_STR("what it was to follow was not delivered"));
		forget(next);
	}
}

static void
put_off(struct errand *e, int64_t retry_after)
{
	int64_t now = loop_now(e->box->loop), wait;
	uint64_t seed[2] = { (uint64_t)e->row.id, (uint64_t)now };

	e->row.attempts++;
	wait = outbox_delay(e->row.attempts, retry_after, cw_hash(seed, sizeof(seed)));
	e->row.next = now + wait;
	e->due = loop_steady(e->box->loop) + wait;
	loop_timer_set(e->box->timer, 0);
}

bool
errand_awaits_patient(struct errand *e)
{
	if (e->known.n > 0 || e->row.attempts >= AWAITED)
		return false;
	put_off(e, 0);
	submit(e, DELIVERY_LATER, 0, cw_str(NULL), CW_STR("no identifier of the patient is known"));
	return true;
}

void
errand_later(struct errand *e, const struct http_response *response, bool sent)
{
	e->row.doubtful = e->row.doubtful ||
			  (sent && response->outcome != HTTP_UNSENT && response->status != 429);
	put_off(e, http_retry_after(response, loop_now(e->box->loop)));
	submit(
	    e, DELIVERY_LATER, response->status, cw_str(NULL), answer_text(response, e->scratch));
}

void
errand_fail(struct errand *e, const struct http_response *response, bool sent)
{
	if (answer_is_passing(response, e->scratch))
		errand_later(e, response, sent);
	else
		errand_end(e, DELIVERY_DEAD, response->status, cw_str(NULL),
		    answer_text(response, e->scratch));
}

int64_t
outbox_delay(uint32_t attempts, int64_t retry_after, uint64_t seed)
{
	int64_t wait = LONGEST;

	if (attempts < 1)
		attempts = 1;
	if (attempts <= 9 && INT64_C(1000) << (attempts - 1) < LONGEST)
		wait = INT64_C(1000) << (attempts - 1);
	wait -= (int64_t)(seed % (uint64_t)(wait / 2 + 1));
	if (retry_after > BELIEVED)
		retry_after = BELIEVED;
	return retry_after > wait ? retry_after : wait;
}

static void
give_up_draining(void *arg)
{
	struct outbox *box = arg;

	for (struct errand *e = box->errands; e != NULL; e = e->next) {
		if (e->call != NULL)
			http_cancel(e->call);
		e->call = NULL;
	}
	pump(box);
}

void
outbox_drain(struct outbox *box, int64_t ms, loop_fn *done, void *arg)
{
	box->draining = true;
	box->drained = done;
	box->drained_arg = arg;
	loop_timer_set(box->drain, ms);
	loop_timer_set(box->timer, 0);
}

size_t
outbox_depth(const struct outbox *box)
{
	size_t n = 0;

	for (const struct errand *e = box->errands; e != NULL; e = e->next)
		n++;
	return n;
}

bool
outbox_healthy(const struct outbox *box)
{
	for (size_t i = 0; i < box->targets; i++) {
		if (box->target[i].failing)
			return false;
	}
	return true;
}
