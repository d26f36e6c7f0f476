/* alert_audit: what the chain keeps of decisions and of alerts: references, codes, verdicts and
 * values, no names. */
#include "daemon/alert.h"

#include "fhir/time.h"
#include "mappings/explain.h"

static void
member_time(struct fhir_json_out *o, const char *key, int64_t ms)
{
	char text[FHIR_TIME_TEXT];

	if (ms != MAP_NO_TIME && ms != 0)
		fhir_json_out_member(o, key, fhir_time_format_utc(ms, text));
}

static void
member_int(struct fhir_json_out *o, const char *key, int64_t n)
{
	fhir_json_out_key(o, key);
	fhir_json_out_int(o, n);
}

static void
member_texts(struct fhir_json_out *o, const char *key, const struct map_texts *texts)
{
	fhir_json_out_key(o, key);
	fhir_json_out_array(o);
	for (size_t i = 0; i < texts->n; i++)
		fhir_json_out_string(o, texts->item[i]);
	fhir_json_out_array_end(o);
}

static void
member_notes(struct fhir_json_out *o, const struct map_case *c)
{
	fhir_json_out_key(o, "notes");
	fhir_json_out_array(o);
	for (size_t i = 0; i < c->notes; i++) {
		fhir_json_out_object(o);
		fhir_json_out_member(o, "source", c->note[i].source);
		fhir_json_out_member(o, "path", c->note[i].path);
		fhir_json_out_member(o, "text", c->note[i].text);
		fhir_json_out_object_end(o);
	}
	fhir_json_out_array_end(o);
}

/* What each record begins with; the caller ends the object. */
static void
begin(struct fhir_json_out *o, struct cw_buf *text)
{
	cw_buf_init(text, 0);
	fhir_json_out_init(o, text, false);
	fhir_json_out_object(o);
}

static int
end(struct engine *e, struct fhir_json_out *o, struct cw_buf *text, const char *type,
    struct cw_err *err)
{
	int rc;

	fhir_json_out_object_end(o);
	rc = store_audit(
	    e->o.store, loop_now(e->o.loop), type, (struct cw_str){ text->s, text->n }, err);
	cw_buf_fini(text);
	return rc;
}

/* Something would be sent, was held back, could not be told, or is not as it was: then it is told
 * how. What is only watched was told when it began to hold. */
static bool
says_something(const struct engine_case *j)
{
	const struct map_decision *d = j->d;

	return d->tier > MAP_TIER_WATCH || d->unknown.n > 0 || d->controls.n > 0 ||
	       d->lowered.n > 0 || j->changed || j->alerted;
}

int
alert_audit_decision(struct engine *e, const struct engine_case *j, struct cw_err *err)
{
	const struct map_decision *d = j->d;
	struct fhir_json_out o;
	struct cw_buf text;
	int rc;

	begin(&o, &text);
	fhir_json_out_member(&o, "result", cw_str(map_tier_name(d->tier)));
	member_int(&o, "patient", j->patient[0]);
	fhir_json_out_member(&o, "subject", d->patient);
	member_time(&o, "as_of", j->now);
	fhir_json_out_member(&o, "cause", j->tick ? CW_STR("time") : CW_STR("event"));
	fhir_json_out_member(&o, "ruleset", cw_str(e->rules->sha256));
	fhir_json_out_member(&o, "plan", map_plan_canonical(e->rules->plan));
	member_texts(&o, "rules", &d->rules);
	member_texts(&o, "controls", &d->controls);
	member_texts(&o, "unknown", &d->unknown);
	member_texts(&o, "lowered", &d->lowered);
	member_texts(&o, "evidence", &d->evidence);
	fhir_json_out_key(&o, "order");
	fhir_json_out_bool(&o, d->has_order);
	if (d->tier > MAP_TIER_WATCH)
		member_time(&o, "due", d->proposal.due);
	member_notes(&o, j->c);
	if (d->trace.rules > 0 && says_something(j)) {
		fhir_json_out_key(&o, "trace");
		/* What the plan says for itself is known by the digest of the ruleset. */
		map_explain_trace(&o, d, e->rules->plan, true);
	}
	rc = end(e, &o, &text, "decision", err);
	e->decision = store_audit_last(e->o.store);
	return rc;
}

int
alert_audit(struct engine *e, const struct store_alert *a, const char *what, int64_t number,
    struct cw_err *err)
{
	struct fhir_json_out o;
	struct cw_buf text;
	int rc;

	begin(&o, &text);
	member_int(&o, "alert", a->id);
	fhir_json_out_member(&o, "what", cw_str(what));
	member_int(&o, "patient", a->patient);
	fhir_json_out_member(&o, "identifier", a->key);
	fhir_json_out_member(&o, "request", a->request);
	fhir_json_out_member(&o, "target", a->target);
	fhir_json_out_member(&o, "tier", cw_str(map_tier_name((enum map_tier)a->tier)));
	fhir_json_out_member(&o, "mode", a->shadow ? CW_STR("shadow") : CW_STR("live"));
	member_time(&o, "due", a->due);
	if (a->version.n > 0)
		fhir_json_out_member(&o, "version", a->version);
	if (number != 0)
		member_int(&o, "number", number);
	rc = end(e, &o, &text, "alert", err);
	if (rc >= 0)
		rc = store_alert_record(e->o.store, a->id, store_audit_last(e->o.store), err);
	if (rc >= 0 && e->decision != 0)
		rc = store_alert_record(e->o.store, a->id, e->decision, err);
	return rc;
}
