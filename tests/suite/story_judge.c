#include "config.h"

#include "tests/suite/story_judge.h"

#include "daemon/store.h"
#include "daemon/story_play.h"
#include "fhir/json.h"
#include "fhir/time.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { CLOSE = 60000 /* ms by which a due time may differ from that of the story */ };

/* ---- what was recorded ---- */

/* "Patient/p", whatever server it is on. */
static bool
same_patient(struct cw_str subject, struct cw_str patient)
{
	return cw_str_eq(subject, patient) || cw_str_is(subject, "Patient/q") ||
	       (subject.n > patient.n && subject.s[subject.n - patient.n - 1] == '/' &&
		   memcmp(subject.s + subject.n - patient.n, patient.s, patient.n) == 0);
}

static const struct fhir_node *
read_json(const struct judge *j, struct cw_str text)
{
	const struct fhir_node *node;
	int rc = fhir_json_read(&node, text, j->stage->mem, NULL, NULL);

	assert(rc == 0);
	(void)rc;
	return node;
}

static int
on_record(void *arg, const struct seal_record *record, struct cw_str payload)
{
	struct judge *j = arg;
	struct cw_str subject;
	size_t i = 0;

	j->audit = record->seq + 1;
	if (!cw_str_is(record->type, "decision"))
		return 0;
	payload = cw_str_dup(j->stage->mem, payload);
	subject = fhir_node_text(read_json(j, payload), "subject");
	while (i < j->patients &&
	       !cw_str_eq(fhir_node_text(read_json(j, j->last[i]), "subject"), subject))
		i++;
	assert(i < sizeof(j->last) / sizeof(*j->last));
	j->patients += i == j->patients;
	j->last[i] = payload;
	j->fresh = true;
	return 0;
}

void
judge_read(struct judge *j)
{
	struct cw_err err = { 0 };

	if (j->stage->app != NULL &&
	    store_audit_each(j->stage->app->store, j->audit, on_record, j, &err) < 0)
		j->stage->fault = "the audit cannot be read";
}

static const struct fhir_node *
last_of(const struct judge *j, struct cw_str patient)
{
	for (size_t i = 0; i < j->patients; i++) {
		const struct fhir_node *record = read_json(j, j->last[i]);

		if (same_patient(fhir_node_text(record, "subject"), patient))
			return record;
	}
	return NULL;
}

static struct map_texts
texts(const struct judge *j, const struct fhir_node *node, const char *name)
{
	const struct fhir_node *n = fhir_node_get(node, name);
	struct cw_str *item = cw_alloc(j->stage->mem, 64 * sizeof(*item));
	struct map_texts t = { item, 0 };

	for (; n != NULL && t.n < 64; n = fhir_node_again(n)) {
		if (n->lexeme.n > 0) /* an empty array is a node too */
			item[t.n++] = n->lexeme;
	}
	return t;
}

static enum map_tier
tier_of(struct cw_str word)
{
	enum map_tier tier = MAP_TIER_EMERGENCY;

	while (tier > MAP_TIER_NONE && !cw_str_is(word, map_tier_name(tier)))
		tier--;
	return tier;
}

static int64_t
instant_of(struct cw_str text)
{
	struct fhir_time t;

	if (text.n == 0 || fhir_time_parse(FHIR_TIME_DATETIME, text, &t, NULL) < 0)
		return MAP_NO_TIME;
	return fhir_time_interval(&t).from;
}

/* ---- what arrived ---- */

static void
add_references(
    const struct judge *j, const struct fhir_node *request, const char *name, struct map_facts *out)
{
	const struct map_fact **list = cw_alloc(j->stage->mem, 256 * sizeof(*list));

	out->item = list;
	for (const struct fhir_node *n = fhir_node_get(request, name); n != NULL && out->n < 256;
	     n = fhir_node_again(n)) {
		struct map_finding *f = cw_alloc(j->stage->mem, sizeof(*f));
		struct map_fact *fact = cw_alloc(j->stage->mem, sizeof(*fact));

		f->source = fhir_node_text(n, "reference");
		fact->finding = f;
		list[out->n++] = fact;
	}
}

static void
read_order(const struct judge *j, struct map_proposal *p, const char *reference)
{
	const struct fhir_node *request = read_json(j, server_get(j->stage->server, reference));
	const struct fhir_node *n = fhir_node_get(fhir_node_get(request, "code"), "coding");
	struct cw_str *item = cw_alloc(j->stage->mem, 64 * sizeof(*item));

	p->priority = fhir_node_text(request, "priority");
	p->due = instant_of(fhir_node_text(fhir_node_get(request, "occurrencePeriod"), "end"));
	for (; n != NULL; n = fhir_node_again(n)) {
		if (cw_str_is(fhir_node_text(n, "system"), "http://snomed.info/sct"))
			p->code = fhir_node_text(n, "code");
	}
	p->notes.item = item;
	for (n = fhir_node_get(request, "note"); n != NULL && p->notes.n < 64;
	     n = fhir_node_again(n))
		item[p->notes.n++] = fhir_node_text(n, "text");
	add_references(j, request, "reasonReference", &p->reason);
	add_references(j, request, "supportingInfo", &p->related);
}

/* How many are new since the last look; they get their names. */
static size_t
new_orders(struct judge *j)
{
	size_t n = j->orders;
	const char *reference;

	while (j->orders < JUDGE_ORDERS && (reference = stage_order(j->stage, j->orders)) != NULL)
		j->order[j->orders++] = cw_str(reference);
	return j->orders - n;
}

/* ---- expectations ---- */

static void
fill(struct judge *j, struct map_decision *d, const struct fhir_node *record, size_t orders)
{
	d->tier = tier_of(fhir_node_text(record, "result"));
	d->rules = texts(j, record, "rules");
	d->controls = texts(j, record, "controls");
	d->unknown = texts(j, record, "unknown");
	d->lowered = texts(j, record, "lowered");
	d->evidence = texts(j, record, "evidence");
	d->proposal.due = instant_of(fhir_node_text(record, "due"));
	d->has_order = orders > 0;
	if (orders > 0)
		read_order(j, &d->proposal, j->order[j->orders - 1].s);
}

/* Of what was decided piece by piece only what holds is the same in the end: what was ordered, and
 * what is held since, depends on when it came. */
static void
loosen(struct story_expect *e, struct map_decision *d)
{
	d->controls = (struct map_texts){ e->controls.item, e->controls.n };
	d->has_order = e->order;
	d->proposal.priority = e->priority;
	e->code.s = NULL;
	e->due = MAP_NO_TIME;
	e->notes.n = e->refers.n = 0;
	e->evidence.stated = e->lowered.stated = false;
}

size_t
judge_expect(struct judge *j, const struct story_expect *expect, bool data)
{
	struct story_expect e = *expect;
	const struct fhir_node *record = last_of(j, e.patient);
	struct map_decision d = { .proposal.due = MAP_NO_TIME };
	struct cw_buf report;
	size_t differences = 0, orders = new_orders(j);

	/* What came and was nothing is not recorded, unless something ended with it. */
	if (data && !j->fresh && record != NULL &&
	    cw_str_is(fhir_node_text(record, "result"), "none"))
		record = NULL;
	j->fresh = false;
	cw_buf_init(&report, 0);
	fill(j, &d, record, orders);
	if (orders > 1 && !j->loose) {
		cw_buf_printf(&report, "    order     expected one, got %zu\n", orders);
		differences++;
	}
	e.line = e.no_line = false; /* of evaluate */
	if (j->loose)
		loosen(&e, &d);
	if (e.due != MAP_NO_TIME && d.proposal.due >= e.due - CLOSE &&
	    d.proposal.due <= e.due + CLOSE)
		e.due = d.proposal.due;
	differences += story_compare(&report, &e, &d, j->order, j->orders);
	cw_buf_str(j->report, (struct cw_str){ report.s == NULL ? "" : report.s, report.n });
	cw_buf_fini(&report);
	return differences;
}

/* ---- notices ---- */

struct looking {
	struct judge *j;
	struct cw_str words;
	bool found;
};

/* Every word is in the text, or begins it, in any order. */
static bool
has_words(const struct store_notice *n, struct cw_str words)
{
	for (size_t i = 0; i < words.n;) {
		size_t k = i;
		struct cw_str word;

		while (k < words.n && words.s[k] != ' ' && words.s[k] != ',')
			k++;
		word = (struct cw_str){ words.s + i, k - i };
		i = k + 1;
		if (word.n > 0 &&
		    (n->text.n == 0 || memmem(n->text.s, n->text.n, word.s, word.n) == NULL) &&
		    (n->kind.n == 0 || memmem(n->kind.s, n->kind.n, word.s, word.n) == NULL))
			return false;
	}
	return true;
}

static void
on_notice(void *arg, const struct store_notice *n)
{
	struct looking *l = arg;

	l->j->notice = n->id + 1;
	if (has_words(n, l->words)) {
		l->found = true;
		return;
	}
	cw_buf_printf(
	    l->j->report, "    notice    got %.*s: %.*s\n", CW_ARG(n->kind), CW_ARG(n->text));
}

static void
pass_notice(void *arg, const struct store_notice *n)
{
	struct judge *j = arg;

	j->notice = n->id + 1;
}

void
judge_pass(struct judge *j)
{
	struct cw_err err = { 0 };

	if (store_notices(j->stage->app->store, j->notice, pass_notice, j, &err) < 0)
		j->stage->fault = "the notices cannot be read";
}

bool
judge_notice(struct judge *j, struct cw_str words)
{
	struct looking l = { j, words, false };
	struct cw_buf *report = j->report, got;
	struct cw_err err = { 0 };

	cw_buf_init(&got, 0);
	j->report = &got;
	if (store_notices(j->stage->app->store, j->notice, on_notice, &l, &err) < 0)
		j->stage->fault = "the notices cannot be read";
	j->report = report;
	if (!l.found) {
		cw_buf_printf(report, "    notice    expected %.*s\n", CW_ARG(words));
		cw_buf_str(report, (struct cw_str){ got.s == NULL ? "" : got.s, got.n });
	}
	cw_buf_fini(&got);
	return l.found;
}

/* ---- the end ---- */

/* How often was that request sent, and done? */
static size_t
sent(const char *reference)
{
	char url[128];
	size_t n = 0;

	snprintf(url, sizeof(url), "\"url\":\"%s\"", reference);
	for (size_t i = 0; i < fake_requests(); i++) {
		const struct fake_request *r = fake_request_at(i);

		n += strcmp(r->method, "POST") == 0 && r->status >= 200 && r->status < 300 &&
		     r->body.n > 0 && memmem(r->body.s, r->body.n, url, strlen(url)) != NULL;
	}
	return n;
}

size_t
judge_end(struct judge *j)
{
	struct cw_err err = { 0 };
	size_t differences = 0;
	const char *reference;
	int64_t records, pending, dead, oldest;

	for (size_t i = 0; (reference = stage_order(j->stage, i)) != NULL; i++) {
		if (!j->stage->habits.own_ids && sent(reference) != 1) {
			cw_buf_printf(
			    j->report, "    %s was sent %zu times\n", reference, sent(reference));
			differences++;
		}
	}
	if (j->stage->app == NULL ||
	    store_outbox_count(j->stage->app->store, &pending, &dead, &oldest, &err) < 0 ||
	    store_audit_verify(j->stage->app->store, &records, &err) < 0) {
		cw_buf_printf(j->report, "    the store: %s\n", err.text);
		return differences + 1;
	}
	if (pending + dead > 0) {
		cw_buf_printf(j->report, "    errands left: %lld pending, %lld given up\n",
		    (long long)pending, (long long)dead);
		differences++;
	}
	return differences;
}
