/* Times: when it was, when it was written down. What cannot be read is told and leaves doubt. */
#include "mappings/finding_internal.h"

#include "fhir/time.h"

#include <string.h>

static const int64_t day_ms = INT64_C(86400000);

/* An interval on the way to becoming a finding's time. */
struct span {
	int64_t earliest, latest; /* of the start */
	int64_t end;		  /* latest of the end; MAP_NO_TIME: none stated */
	bool coarse;		  /* coarser than a day */
	bool open;		  /* only the end is known */
	bool ongoing;		  /* a Period without an end (R4 2.24.0.11) */
};

/* A date, dateTime or instant as a closed interval of UTC milliseconds. False: it cannot be one,
 * and that has been told. coarse (may be NULL): a month or a year only. */
bool
map_instant(struct map_reader *r, const struct fhir_node *node, int64_t *earliest, int64_t *latest,
    bool *coarse)
{
	struct fhir_interval interval;
	struct fhir_time t;

	if (node->kind != FHIR_STRING ||
	    fhir_time_parse(FHIR_TIME_DATETIME, node->lexeme, &t, NULL) < 0) {
		map_remark(r, MAP_ISSUE_MALFORMED, node, "a time that cannot be", false);
		return false;
	}
	interval = fhir_time_interval(&t);
	*earliest = interval.from;
	*latest = interval.to;
	if (coarse)
		*coarse = t.precision < FHIR_TO_DAY;
	return true;
}

/* As above; a primitive without a value (only extensions) is no time and no fault. Doubt stays on
 * the resource when a clinical time is broken. */
static bool
read_instant(struct map_reader *r, const struct fhir_node *node, struct span *s)
{
	if (!node || node->kind == FHIR_NULL)
		return false;
	s->end = MAP_NO_TIME;
	s->open = s->ongoing = false;
	if (map_instant(r, node, &s->earliest, &s->latest, &s->coarse))
		return true;
	r->doubt = true;
	return false;
}

/* A Period: the start is when it began, the end when it ended. */
static bool
read_period(struct map_reader *r, const struct fhir_node *period, struct span *s)
{
	struct span end;
	bool has_start = read_instant(r, fhir_node_get(period, "start"), s);
	bool has_end = read_instant(r, fhir_node_get(period, "end"), &end);

	if (!has_end) {
		s->ongoing = has_start;
		return has_start;
	}
	if (!has_start) {
		*s = end;
		s->coarse = s->open = true;
	}
	if (has_start && end.latest < s->earliest) {
		map_remark(
		    r, MAP_ISSUE_MALFORMED, period, "a period that ends before it starts", false);
		r->doubt = true;
		return false;
	}
	s->end = end.latest;
	return true;
}

/* A Timing: its events, else the bounds of its repetition. */
static bool
read_timing(struct map_reader *r, const struct fhir_node *timing, struct span *s)
{
	const struct fhir_node *event = fhir_node_get(timing, "event");
	struct span one;
	bool any = false;

	if (!event)
		return read_period(
		    r, fhir_node_get(fhir_node_get(timing, "repeat"), "boundsPeriod"), s);
	for (; event; event = fhir_node_again(event)) {
		if (!read_instant(r, event, &one))
			continue;
		if (!any) {
			*s = one;
			s->end = one.latest;
		}
		if (one.earliest < s->earliest) {
			s->earliest = one.earliest;
			s->latest = one.latest;
			s->coarse = one.coarse;
		}
		if (one.latest > s->end)
			s->end = one.latest;
		any = true;
	}
	return any;
}

/* The form of a choice element that stands ("onsetDateTime" for "onset"), or NULL. */
static const struct fhir_node *
choice(const struct fhir_node *node, const char *name)
{
	const struct fhir_node *child;
	size_t n = strlen(name);

	for (child = node ? node->child : NULL; child; child = child->next)
		if (child->name.n >= n && memcmp(child->name.s, name, n) == 0 &&
		    (child->name.n == n || (child->name.s[n] >= 'A' && child->name.s[n] <= 'Z')))
			return child;
	return NULL;
}

static bool
ends_with(struct cw_str s, const char *tail)
{
	size_t n = strlen(tail);

	return s.n >= n && memcmp(s.s + s.n - n, tail, n) == 0;
}

/* A time in any form; Age, Range and string are no time (criteria 11 (6)). */
static bool
read_span(struct map_reader *r, const char *name, struct span *s)
{
	const struct fhir_node *node = choice(r->res, name);

	if (!node)
		return false;
	if (ends_with(node->name, "Period") || ends_with(node->name, "period"))
		return read_period(r, node, s);
	if (ends_with(node->name, "Timing"))
		return read_timing(r, node, s);
	if (ends_with(node->name, "Age") || ends_with(node->name, "Range") ||
	    ends_with(node->name, "String"))
		return false;
	return read_instant(r, node, s);
}

/* Up to 24 hours ahead is a clock that runs fast: taken as now. More is another day's business. */
static int64_t
clamp(const struct map_reader *r, int64_t t)
{
	return t > r->ctx->now ? r->ctx->now : t;
}

static bool
ahead(const struct map_reader *r, int64_t t)
{
	return t > r->ctx->now && t - r->ctx->now > day_ms;
}

static void
set_event(struct map_reader *r, const struct span *s, bool dated)
{
	struct map_finding *b = &r->base;

	if (ahead(r, s->earliest) && !(s->open && dated))
		r->parked = true;
	b->when = clamp(r, s->earliest);
	b->when_latest = clamp(r, s->latest);
	b->ends = s->end == MAP_NO_TIME ? b->when_latest : s->end;
	b->dated = dated;
	b->imprecise = s->coarse;
}

static void
set_recorded(struct map_reader *r, const struct span *s)
{
	if (ahead(r, s->earliest))
		r->parked = true;
	r->base.recorded = clamp(r, s->earliest);
	r->base.recorded_latest = clamp(r, s->latest);
}

static bool
first_span(struct map_reader *r, const char *const *names, size_t n, struct span *s)
{
	size_t i;

	for (i = 0; i < n && names[i]; i++)
		if (read_span(r, names[i], s))
			return true;
	return false;
}

/* meta.lastUpdated: told when broken, but not a clinical time. */
static bool
read_updated(struct map_reader *r, struct span *s)
{
	const struct fhir_node *node = fhir_node_get(fhir_node_get(r->res, "meta"), "lastUpdated");

	*s = (struct span){ .end = MAP_NO_TIME };
	return node && node->kind != FHIR_NULL &&
	       map_instant(r, node, &s->earliest, &s->latest, &s->coarse);
}

/* Event: what the resource calls its time; else the record's; else the server's; else the receipt.
 * Record: when it was written; else the server's time; else the event; else the receipt. */
void
map_read_times(struct map_reader *r)
{
	struct span event, record, updated,
	    receipt = { r->ctx->received, r->ctx->received, MAP_NO_TIME, false, false, false };
	bool dated, written, served;

	r->base.received = r->ctx->received;
	r->base.abated = r->base.due = MAP_NO_TIME;
	/* A booked visit says when it will be, not since when there is a reason for it. */
	dated = !cw_str_is(r->base.status, "planned") && first_span(r, r->type->event, 2, &event);
	written = first_span(r, r->type->record, 2, &record);
	served = read_updated(r, &updated);
	if (!written)
		record = served ? updated : dated ? event : receipt;
	if (!dated)
		event = written ? record : served ? updated : receipt;
	set_event(r, &event, dated);
	set_recorded(r, &record);
	/* What goes on has lasted at least until it was written down. */
	if (dated && event.ongoing && r->base.recorded_latest > r->base.ends)
		r->base.ends = r->base.recorded_latest;
}

/* Condition.abatement[x]: a time that has come, or anything else that says that it is over. */
void
map_read_abatement(struct map_reader *r)
{
	const struct fhir_node *node = choice(r->res, "abatement");
	struct span s;

	if (!node || map_strange(r, node))
		return;
	if (ends_with(node->name, "Boolean")) {
		/* of FHIR before R4: no table knows its kind */
		r->doubt |= node->kind != FHIR_BOOLEAN;
		r->base.resolved |= node->kind == FHIR_BOOLEAN && cw_str_is(node->lexeme, "true");
		return;
	}
	if (!read_span(r, "abatement", &s)) {
		r->base.resolved |= node->kind != FHIR_NULL && !ends_with(node->name, "Period") &&
				    !ends_with(node->name, "DateTime");
		return;
	}
	r->base.abated = s.end == MAP_NO_TIME ? s.latest : s.end;
	r->base.resolved |= r->base.abated <= r->ctx->now;
	if (r->base.abated > r->base.ends)
		r->base.ends = r->base.abated;
}

/* ServiceRequest.occurrence[x]: by when; and, once it has come, when. */
void
map_read_due(struct map_reader *r)
{
	struct span s;

	if (!read_span(r, "occurrence", &s))
		return;
	r->base.due = s.end == MAP_NO_TIME ? s.latest : s.end;
	if (s.earliest <= r->ctx->now) {
		r->parked = false;
		set_event(r, &s, true);
	}
}
