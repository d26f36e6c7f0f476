#include "daemon/intake.h"

#include "fhir/bundle.h"
#include "fhir/json.h"
#include "fhir/time.h"
#include "mappings/sift.h"
#include "mappings/version.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	BITS_PER_KEY = 16, /* with four probes: one in 400 passes that need not */
	PROBES = 4,
	LEAST_KEYS = 1 << 18,
	FLUSH_MS = 1000,
	TALLIES = 128
};

/* Irrelevant resources of one type, not yet written down. */
struct tally {
	uint32_t feed;
	char type[48];
	int64_t n;
};

struct intake {
	struct loop *loop;
	struct queue *queue;
	const struct map_terminology *terms;
	struct cw_arena *scratch, *walk;
	uint64_t *filter;
	uint64_t mask;				   /* bits of the filter - 1 */
	struct map_seen *dropped, *dropped_before; /* two generations */
	size_t n_dropped;
	struct loop_timer *flush;
	bool flushing;
	struct tally tally[TALLIES];
	size_t tallies;
	struct intake_counts counts;
};

/* ---- the filter of keys (B. H. Bloom, 1970) ---- */

static void
filter_add(struct intake *i, struct cw_str key)
{
	uint64_t h = cw_hash(key.s, key.n), step = (h >> 32) | 1;

	for (int k = 0; k < PROBES; k++, h += step)
		i->filter[(h & i->mask) / 64] |= UINT64_C(1) << (h & i->mask) % 64;
}

static bool
filter_has(const struct intake *i, struct cw_str key)
{
	uint64_t h = cw_hash(key.s, key.n), step = (h >> 32) | 1;

	for (int k = 0; k < PROBES; k++, h += step) {
		if ((i->filter[(h & i->mask) / 64] >> (h & i->mask) % 64 & 1) == 0)
			return false;
	}
	return true;
}

/* ---- counts of what was dropped ---- */

static void
flush(void *arg)
{
	struct intake *i = arg;

	i->flushing = false;
	while (i->tallies > 0) {
		const struct tally *t = &i->tally[i->tallies - 1];
		struct job *job = job_new(JOB_COUNT);

		job->feed = t->feed;
		job->type = cw_str_dup(job->arena, cw_str(t->type));
		job->outcome = "irrelevant";
		job->units = t->n;
		job->at = loop_now(i->loop);
		if (!queue_submit(i->queue, job)) {
			job_free(job);
			break;
		}
		i->tallies--;
	}
	if (i->tallies > 0) {
		i->flushing = true;
		loop_timer_set(i->flush, FLUSH_MS);
	}
}

static void
add_tally(struct intake *i, uint32_t feed, struct cw_str type)
{
	struct tally *t = i->tally;

	while (t < i->tally + i->tallies && (t->feed != feed || !cw_str_is(type, t->type)))
		t++;
	if (t == i->tally + TALLIES)
		t--; /* more types than FHIR has: counted under another's name */
	if (t == i->tally + i->tallies) {
		size_t n = type.n < sizeof(t->type) ? type.n : sizeof(t->type) - 1;

		*t = (struct tally){ .feed = feed };
		if (n > 0)
			memcpy(t->type, type.s, n);
		i->tallies++;
	}
	t->n++;
	if (!i->flushing) {
		i->flushing = true;
		loop_timer_set(i->flush, FLUSH_MS);
	}
}

/* ---- versions that were dropped ---- */

static void
remember(struct intake *i, struct cw_str key, const struct map_version *v)
{
	if (i->n_dropped == INTAKE_REMEMBERED) {
		map_seen_free(i->dropped_before);
		i->dropped_before = i->dropped;
		i->dropped = map_seen_new();
		i->n_dropped = 0;
	}
	map_seen_add(i->dropped, cw_hash(key.s, key.n), v);
	i->n_dropped++;
}

/* The newest dropped version that counts more than v. */
static bool
newer_dropped(
    const struct intake *i, struct cw_str key, const struct map_version *v, struct map_version *out)
{
	const struct map_seen *generation[] = { i->dropped, i->dropped_before };
	bool found = false;

	for (int g = 0; g < 4; g++) {
		struct map_version d;
		const struct map_version *than = found ? out : v;
		int c;

		if (!map_seen_get(&d, generation[g / 2], cw_hash(key.s, key.n), g % 2 == 0))
			continue;
		c = d.numbered == than->numbered ? map_version_cmp(&d, than)
						 : map_version_cmp_mixed(&d, than);
		if (c <= 0)
			continue;
		*out = d;
		found = true;
	}
	return found;
}

/* ---- one text ---- */

struct look {
	struct intake *i;
	struct job *job;
	bool pass;
	bool wrong; /* not what the path names */
	size_t units;
	struct job *newer, **newer_last; /* versions to be told of first */
};

/* A resource that holds nothing but its version. */
static void
tell_newer(struct look *l, const struct map_sift_result *s, const struct map_version *v)
{
	struct job *job = job_new(JOB_INTAKE);
	char version[32] = "", updated[FHIR_TIME_TEXT];
	struct cw_str at = { "", 0 };

	if (v->numbered)
		snprintf(version, sizeof(version), "\"versionId\":\"%llu\"",
		    (unsigned long long)v->number);
	if (v->updated != MAP_VERSION_NEVER && v->updated != MAP_VERSION_ALWAYS)
		at = fhir_time_format_utc(v->updated, updated);
	job->feed = l->job->feed;
	job->row = l->job->row;
	job->row.how = STORE_PUT;
	job->row.units = 0;
	job->row.type = cw_str_dup(job->arena, s->type);
	job->row.name = cw_str_dup(job->arena, s->id);
	job->row.version = (struct cw_str){ NULL, 0 };
	job->row.body = cw_fmt(job->arena,
	    "{\"resourceType\":\"%.*s\",\"id\":\"%.*s\",\"meta\":{%s%s%s%.*s%s}}", CW_ARG(s->type),
	    CW_ARG(s->id), version, version[0] != '\0' && at.n > 0 ? "," : "",
	    at.n > 0 ? "\"lastUpdated\":\"" : "", CW_ARG(at), at.n > 0 ? "\"" : "");
	*l->newer_last = job;
	l->newer_last = &job->next;
}

static void
look_at(struct look *l, const struct map_sift_result *s, struct cw_str resource)
{
	struct map_version v = { 0 }, newer;
	struct cw_str key;
	bool known;

	if (s->verdict == MAP_SIFT_OTHER)
		return;
	if (s->verdict == MAP_SIFT_BROKEN || s->id.s == NULL) {
		l->pass = l->pass || s->verdict != MAP_SIFT_DROP ||
			  memchr(resource.s, '\\', resource.n) != NULL;
		return;
	}
	key = cw_fmt(l->i->scratch, "%.*s/%.*s", CW_ARG(s->type), CW_ARG(s->id));
	v.numbered = map_version_number(&v.number, s->version);
	v.updated = map_version_instant(s->updated);
	known = filter_has(l->i, key);
	if (s->verdict == MAP_SIFT_DROP && !known) {
		remember(l->i, key, &v);
		return;
	}
	l->pass = true;
	filter_add(l->i, key);
	if (newer_dropped(l->i, key, &v, &newer))
		tell_newer(l, s, &newer);
}

/* Surely another resource than the row names? */
static bool
is_other(const struct store_inbox *row, const struct map_sift_result *s)
{
	return s->verdict != MAP_SIFT_BROKEN &&
	       ((row->type.n > 0 && s->type.n > 0 && !cw_str_eq(row->type, s->type)) ||
		   (row->name.n > 0 && s->id.n > 0 && !cw_str_eq(row->name, s->id)));
}

static int
on_entry(void *arg, const struct fhir_entry *e, struct cw_err *err)
{
	struct look *l = arg;
	struct map_sift_result s;
	struct cw_err fault = { 0 };

	(void)err;
	if (fhir_json_is(e->method, "DELETE")) {
		l->units++;
		l->pass = true;
	} else if (e->resource.s != NULL) {
		l->units++;
		cw_arena_reset(l->i->scratch);
		if (map_sift(&s, e->resource, l->i->terms, l->i->scratch, &fault) < 0)
			s.verdict = MAP_SIFT_BROKEN;
		l->wrong = l->wrong || (e->bundle == 0 && is_other(&l->job->row, &s));
		look_at(l, &s, e->resource);
	}
	return CW_OK;
}

static void
on_fault(void *arg, const struct cw_err *fault)
{
	struct look *l = arg;

	(void)fault;
	l->units++;
	l->pass = true;
}

/* Again, for the count alone. */
static int
on_dropped(void *arg, const struct fhir_entry *e, struct cw_err *err)
{
	struct look *l = arg;

	(void)err;
	if (e->resource.s != NULL)
		add_tally(l->i, l->job->feed, e->type);
	return CW_OK;
}

static void
no_fault(void *arg, const struct cw_err *fault)
{
	(void)arg;
	(void)fault;
}

static void
sift(struct look *l)
{
	struct fhir_bundle_user user = { .entry = on_entry, .fault = on_fault, .arg = l };
	struct cw_err err = { 0 };

	cw_arena_reset(l->i->walk);
	if (fhir_bundle_walk(l->job->row.body, &user, l->i->walk, &err) < 0)
		on_fault(l, &err);
	if (l->units == 0)
		l->units = 1;
}

static void
count_dropped(struct look *l)
{
	struct fhir_bundle_user user = { .entry = on_dropped, .fault = no_fault, .arg = l };

	cw_arena_reset(l->i->walk);
	if (fhir_bundle_walk(l->job->row.body, &user, l->i->walk, NULL) < 0)
		return; /* never: it was walked without a fault before */
	l->i->counts.dropped += l->units;
}

static void
forget_newer(struct look *l)
{
	while (l->newer != NULL) {
		struct job *next = l->newer->next;

		job_free(l->newer);
		l->newer = next;
	}
}

/* The newer versions first. If one is refused all are: what was told twice does no harm. */
static bool
submit(struct look *l)
{
	while (l->newer != NULL) {
		struct job *next = l->newer->next;

		if (!queue_submit(l->i->queue, l->newer))
			return false;
		l->newer = next;
	}
	return queue_submit(l->i->queue, l->job);
}

enum intake_result
intake_take(struct intake *i, struct job *job)
{
	struct look l = { .i = i, .job = job };

	l.newer_last = &l.newer;
	if (!queue_has_room(i->queue, cw_arena_used(job->arena))) {
		i->counts.refused++;
		return INTAKE_FULL;
	}
	if (job->row.how == STORE_DELETE) {
		l.units = 1;
		l.pass = true;
	} else {
		sift(&l);
	}
	job->row.units = (int64_t)l.units;
	if (l.wrong) {
		forget_newer(&l);
		return INTAKE_WRONG;
	}
	i->counts.resources += l.units;
	if (!l.pass) {
		count_dropped(&l);
		return INTAKE_DROPPED;
	}
	if (submit(&l)) {
		i->counts.passed += l.units;
		return INTAKE_TAKEN;
	}
	forget_newer(&l);
	i->counts.refused++;
	return INTAKE_FULL;
}

/* ---- life ---- */

struct intake *
intake_new(struct loop *loop, struct queue *queue, const struct map_terminology *terms, size_t keys)
{
	struct intake *i = cw_calloc(1, sizeof(*i));
	uint64_t bits = 1024;

	while (bits < 2 * (uint64_t)BITS_PER_KEY * (keys < LEAST_KEYS ? LEAST_KEYS : keys))
		bits *= 2;
	i->loop = loop;
	i->queue = queue;
	i->terms = terms;
	i->filter = cw_calloc(bits / 64, sizeof(*i->filter));
	i->mask = bits - 1;
	i->scratch = cw_arena_new(0);
	i->walk = cw_arena_new(0);
	i->dropped = map_seen_new();
	i->dropped_before = map_seen_new();
	i->flush = loop_timer_new(loop, flush, i);
	return i;
}

void
intake_free(struct intake *i)
{
	if (i == NULL)
		return;
	loop_timer_free(i->flush);
	map_seen_free(i->dropped);
	map_seen_free(i->dropped_before);
	cw_arena_free(i->scratch);
	cw_arena_free(i->walk);
	free(i->filter);
	free(i);
}

void
intake_know(struct intake *i, struct cw_str key)
{
	filter_add(i, key);
}

void
intake_use(struct intake *i, const struct map_terminology *terms)
{
	i->terms = terms;
}

const struct intake_counts *
intake_counts(const struct intake *i)
{
	return &i->counts;
}
