#include "mappings/order.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "fhir/time.h"
#include "mappings/explain.h"

#define ALERT_SYSTEM CW_STR("urn:cordwatch:alert")

/* UUIDv8 of 16 bytes: version and variant bits set (RFC 9562 5.8). */
static void
uuid(char out[MAP_UUID_SIZE], const unsigned char digest[MAP_DIGEST_SIZE])
{
	unsigned char b[16];

	memcpy(b, digest, sizeof(b));
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x80);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	snprintf(out, MAP_UUID_SIZE,
	    "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
	    b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
	    b[15]);
}

void
map_alert_name(struct map_alert *out, const struct map_decision *d)
{
	unsigned char digest[MAP_DIGEST_SIZE];
	struct cw_buf text;

	assert(d->tier > MAP_TIER_WATCH);
	cw_buf_init(&text, 0);
	cw_buf_printf(&text, "%.*s\n%s\n%lld", CW_ARG(d->known_as.n > 0 ? d->known_as : d->patient),
	    map_tier_name(d->tier), (long long)d->episode);
	if (d->again > 0)
		cw_buf_printf(&text, "\n%u", (unsigned)d->again);
	map_digest(digest, text.s, text.n);
	map_digest_hex(out->key, text.s, text.n);
	uuid(out->request, digest);
	cw_buf_puts(&text, "\nProvenance");
	map_digest(digest, text.s, text.n);
	uuid(out->provenance, digest);
	cw_buf_fini(&text);
}

static void
member_time(struct fhir_json_out *o, const char *key, int64_t ms)
{
	char buf[FHIR_TIME_TEXT];

	fhir_json_out_member(o, key, fhir_time_format_utc(ms, buf));
}

static void
member_node(
    struct fhir_json_out *o, const char *key, const struct fhir_node *from, const char *name)
{
	const struct fhir_node *n = fhir_node_get(from, name);
	bool array = n != NULL && n->in_array;

	if (n == NULL)
		return;
	fhir_json_out_key(o, key);
	if (array)
		fhir_json_out_array(o);
	for (; n != NULL; n = array ? fhir_node_again(n) : NULL)
		fhir_json_out_node(o, n);
	if (array)
		fhir_json_out_array_end(o);
}

/* "Patient/p1", a URL or urn is a reference; "system|value" an identifier. */
static void
subject(struct fhir_json_out *o, struct cw_str patient)
{
	const char *bar = memchr(patient.s, '|', patient.n);

	fhir_json_out_object(o);
	if (bar == NULL) {
		fhir_json_out_member(o, "reference", patient);
	} else {
		size_t n = (size_t)(bar - patient.s);

		fhir_json_out_key(o, "identifier");
		fhir_json_out_object(o);
		if (n > 0)
			fhir_json_out_member(o, "system", (struct cw_str){ patient.s, n });
		fhir_json_out_member(o, "value", (struct cw_str){ bar + 1, patient.n - n - 1 });
		fhir_json_out_object_end(o);
	}
	fhir_json_out_object_end(o);
}

/* What ServiceRequest.reasonReference may point at in R4. */
static bool
may_be_reason(struct cw_str type)
{
	return cw_str_is(type, "Condition") || cw_str_is(type, "Observation") ||
	       cw_str_is(type, "DiagnosticReport") || cw_str_is(type, "DocumentReference");
}

/* Is that resource among the first n? */
static bool
listed(const struct map_facts *facts, size_t n, struct cw_str source)
{
	for (size_t i = 0; i < n; i++) {
		if (cw_str_eq(facts->item[i]->finding->source, source))
			return true;
	}
	return false;
}

static void
reference(struct fhir_json_out *o, const struct map_finding *f)
{
	struct cw_buf words;

	cw_buf_init(&words, 0);
	cw_buf_plain(&words, f->display.n > 0 ? f->display : f->concept->title);
	fhir_json_out_object(o);
	fhir_json_out_member(o, "reference", f->source);
	fhir_json_out_member(o, "display", (struct cw_str){ words.s, words.n });
	fhir_json_out_object_end(o);
	cw_buf_fini(&words);
}

/* Write as key, the first one opening the array, each resource of facts that is a reason, or that
 * is none; or, with but, each that is not in but. */
static void
references(struct fhir_json_out *o, const char *key, const struct map_facts *facts, bool reasons,
    const struct map_facts *but, bool *open)
{
	for (size_t i = 0; i < facts->n; i++) {
		const struct map_finding *f = facts->item[i]->finding;

		if (listed(facts, i, f->source) ||
		    (but != NULL && listed(but, but->n, f->source)) ||
		    (but == NULL && may_be_reason(f->resource) != reasons))
			continue;
		if (!*open) {
			fhir_json_out_key(o, key);
			fhir_json_out_array(o);
		}
		*open = true;
		reference(o, f);
	}
}

static void
evidence(struct fhir_json_out *o, const struct map_proposal *p)
{
	bool open = false;

	references(o, "reasonReference", &p->reason, true, NULL, &open);
	if (open)
		fhir_json_out_array_end(o);
	open = false;
	references(o, "supportingInfo", &p->reason, false, NULL, &open);
	references(o, "supportingInfo", &p->related, false, &p->reason, &open);
	if (open)
		fhir_json_out_array_end(o);
}

static void
note(struct fhir_json_out *o, const struct map_decision *d, struct cw_str text)
{
	fhir_json_out_object(o);
	member_time(o, "time", d->now);
	fhir_json_out_member(o, "text", text);
	fhir_json_out_object_end(o);
}

static void
notes(struct fhir_json_out *o, const struct map_decision *d)
{
	struct cw_buf text;

	cw_buf_init(&text, 0);
	map_explain_sentence(&text, d);
	fhir_json_out_key(o, "note");
	fhir_json_out_array(o);
	note(o, d, (struct cw_str){ text.s, text.n });
	for (size_t i = 0; i < d->proposal.notes.n; i++)
		note(o, d, d->proposal.notes.item[i]);
	fhir_json_out_array_end(o);
	cw_buf_fini(&text);
}

static void
identifier(struct fhir_json_out *o, const struct map_alert *alert)
{
	fhir_json_out_key(o, "identifier");
	fhir_json_out_array(o);
	fhir_json_out_object(o);
	fhir_json_out_member(o, "system", ALERT_SYSTEM);
	fhir_json_out_member(o, "value", cw_str(alert->key));
	fhir_json_out_object_end(o);
	fhir_json_out_array_end(o);
}

/* canonicals of the plan and of what it ordered by. */
static void
canonicals(struct fhir_json_out *o, const struct map_decision *d, const struct map_plan *plan)
{
	const struct map_artefact *a = d->proposal.definition;
	struct cw_buf text;

	cw_buf_init(&text, 0);
	cw_buf_printf(&text, "%.*s|%.*s", CW_ARG(a->url), CW_ARG(a->version));
	fhir_json_out_key(o, "instantiatesCanonical");
	fhir_json_out_array(o);
	fhir_json_out_string(o, map_plan_canonical(plan));
	fhir_json_out_string(o, (struct cw_str){ text.s, text.n });
	fhir_json_out_array_end(o);
	cw_buf_fini(&text);
}

void
map_order_request(struct fhir_json_out *o, const struct map_decision *d,
    const struct map_plan *plan, struct cw_str what)
{
	const struct fhir_node *definition = d->proposal.definition->node;
	struct map_alert alert;

	map_alert_name(&alert, d);
	fhir_json_out_object(o);
	fhir_json_out_member(o, "resourceType", CW_STR("ServiceRequest"));
	fhir_json_out_member(o, "id", cw_str(alert.request));
	identifier(o, &alert);
	canonicals(o, d, plan);
	fhir_json_out_member(o, "status", CW_STR("active"));
	fhir_json_out_member(o, "intent", d->proposal.intent);
	member_node(o, "category", definition, "topic");
	fhir_json_out_member(o, "priority", d->proposal.priority);
	member_node(o, "code", definition, "code");
	fhir_json_out_key(o, "subject");
	subject(o, d->patient);
	fhir_json_out_key(o, "occurrencePeriod");
	fhir_json_out_object(o);
	member_time(o, "start", d->now);
	member_time(o, "end", d->proposal.due);
	fhir_json_out_object_end(o);
	member_time(o, "authoredOn", d->now);
	fhir_json_out_key(o, "requester");
	fhir_json_out_object(o);
	fhir_json_out_member(o, "display", what);
	fhir_json_out_object_end(o);
	evidence(o, &d->proposal);
	member_node(o, "bodySite", definition, "bodySite");
	notes(o, d);
	fhir_json_out_object_end(o);
}

static void
provenance(struct fhir_json_out *o, const struct map_decision *d, const struct map_plan *plan,
    const struct map_alert *alert, struct cw_str what)
{
	char target[sizeof("ServiceRequest/") + MAP_UUID_SIZE];

	snprintf(target, sizeof(target), "ServiceRequest/%s", alert->request);
	fhir_json_out_object(o);
	fhir_json_out_member(o, "resourceType", CW_STR("Provenance"));
	fhir_json_out_member(o, "id", cw_str(alert->provenance));
	fhir_json_out_key(o, "target");
	fhir_json_out_array(o);
	fhir_json_out_object(o);
	fhir_json_out_member(o, "reference", cw_str(target));
	fhir_json_out_object_end(o);
	fhir_json_out_array_end(o);
	member_time(o, "recorded", d->now);
	fhir_json_out_key(o, "policy");
	fhir_json_out_array(o);
	fhir_json_out_string(o, map_plan_canonical(plan));
	fhir_json_out_array_end(o);
	fhir_json_out_key(o, "agent");
	fhir_json_out_array(o);
	fhir_json_out_object(o);
	fhir_json_out_key(o, "who");
	fhir_json_out_object(o);
	fhir_json_out_member(o, "display", what);
	fhir_json_out_object_end(o);
	fhir_json_out_object_end(o);
	fhir_json_out_array_end(o);
	fhir_json_out_key(o, "entity");
	fhir_json_out_array(o);
	for (size_t i = 0; i < d->evidence.n; i++) {
		fhir_json_out_object(o);
		fhir_json_out_member(o, "role", CW_STR("source"));
		fhir_json_out_key(o, "what");
		fhir_json_out_object(o);
		fhir_json_out_member(o, "reference", d->evidence.item[i]);
		fhir_json_out_object_end(o);
		fhir_json_out_object_end(o);
	}
	fhir_json_out_array_end(o);
	fhir_json_out_object_end(o);
}

/* One entry: fullUrl, the resource (already written text), PUT by id. */
static void
entry(struct fhir_json_out *o, const char *type, const char *id, const struct cw_buf *resource)
{
	char url[32 + MAP_UUID_SIZE];

	fhir_json_out_object(o);
	snprintf(url, sizeof(url), "urn:uuid:%s", id);
	fhir_json_out_member(o, "fullUrl", cw_str(url));
	fhir_json_out_key(o, "resource");
	fhir_json_out_raw(o, (struct cw_str){ resource->s, resource->n });
	fhir_json_out_key(o, "request");
	fhir_json_out_object(o);
	fhir_json_out_member(o, "method", CW_STR("PUT"));
	snprintf(url, sizeof(url), "%s/%s", type, id);
	fhir_json_out_member(o, "url", cw_str(url));
	fhir_json_out_object_end(o);
	fhir_json_out_object_end(o);
}

void
map_order_entries(struct fhir_json_out *o, const struct map_decision *d,
    const struct map_plan *plan, struct cw_str what)
{
	struct fhir_json_out inner;
	struct map_alert alert;
	struct cw_buf text;

	if (!d->has_order)
		return;
	map_alert_name(&alert, d);
	cw_buf_init(&text, 0);
	fhir_json_out_init(&inner, &text, false);
	map_order_request(&inner, d, plan, what);
	entry(o, "ServiceRequest", alert.request, &text);
	cw_buf_clear(&text);
	fhir_json_out_init(&inner, &text, false);
	provenance(&inner, d, plan, &alert, what);
	entry(o, "Provenance", alert.provenance, &text);
	cw_buf_fini(&text);
}
