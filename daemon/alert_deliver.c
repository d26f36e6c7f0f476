/* alert_deliver: errands: reported to the outbox, and what became of them at the target. */
#include "daemon/alert.h"

#include <string.h>

/* ---- report ---- */

/* "system|value" of each identifier in the Patient resources of the patient, a line each. */
static void
add_identifiers(struct cw_buf *out, struct cw_str text)
{
	struct cw_arena *arena = cw_arena_new(0);
	const struct fhir_node *tree, *n;

	if (fhir_json_read(&tree, text, arena, NULL, NULL) < 0)
		tree = NULL;
	for (n = fhir_node_get(tree, "identifier"); n != NULL; n = fhir_node_again(n)) {
		struct cw_str value = fhir_node_text(n, "value");

		if (value.n > 0)
			cw_buf_printf(
			    out, "%.*s|%.*s\n", CW_ARG(fhir_node_text(n, "system")), CW_ARG(value));
	}
	cw_arena_free(arena);
}

static int
known_of(struct engine *e, int64_t patient, struct cw_arena *arena, struct cw_str *known,
    struct cw_err *err)
{
	struct store_resource *rows;
	struct cw_buf out;
	size_t n = 0;
	int rc = store_resources(e->o.store, patient, &rows, &n, e->arena, err);

	cw_buf_init(&out, 0);
	for (size_t i = 0; rc >= 0 && i < n; i++) {
		if (cw_str_starts(rows[i].key, CW_STR("Patient/")) && rows[i].form == STORE_TEXT)
			add_identifiers(&out, rows[i].body);
	}
	*known = cw_str_dup(arena, (struct cw_str){ out.s == NULL ? "" : out.s, out.n });
	cw_buf_fini(&out);
	return rc < 0 ? rc : CW_OK;
}

/* The reference in the request as it was written. */
static struct cw_str
subject_of(struct cw_str request, struct cw_arena *arena)
{
	const struct fhir_node *tree;
	struct cw_arena *scratch = cw_arena_new(0);
	struct cw_str subject = { NULL, 0 };

	if (fhir_json_read(&tree, request, scratch, NULL, NULL) >= 0)
		subject =
		    cw_str_dup(arena, fhir_node_text(fhir_node_get(tree, "subject"), "reference"));
	cw_arena_free(scratch);
	return subject;
}

static int
fill(struct engine *e, struct report *r, const struct store_outbox *row, struct cw_err *err)
{
	struct store_alert a;
	struct cw_str key, base = { NULL, 0 };
	uint32_t realm;
	int rc = store_alert_get(e->o.store, &a, row->alert, e->arena, err);

	if (rc >= 0)
		rc = store_patient_key(e->o.store, a.patient, &realm, &key, e->arena, err);
	if (rc >= 0)
		rc = store_realm_name(e->o.store, realm, &base, e->arena, err);
	if (rc >= 0)
		rc = known_of(e, a.patient, r->arena, &r->known, err);
	if (rc < 0)
		return rc;
	r->subject = subject_of(a.body, r->arena);
	if (!cw_str_starts(base, CW_STR("feed:")))
		r->source = cw_str_dup(r->arena, base);
	r->key = cw_str_dup(r->arena, a.key);
	r->errand = *row;
	r->errand.target = cw_str_dup(r->arena, row->target);
	r->errand.request = cw_str_dup(r->arena, row->request);
	r->errand.body = cw_str_dup(r->arena, row->body);
	r->errand.fault = cw_str_dup(r->arena, row->fault);
	return CW_OK;
}

int
alert_report(struct engine *e, const struct store_outbox *row, struct cw_err *err)
{
	struct report *r = report_new(REPORT_ERRAND);
	int rc = fill(e, r, row, err);

	if (rc < 0) {
		cw_arena_free(r->arena);
		return rc;
	}
	r->next = e->reports;
	e->reports = r;
	return CW_OK;
}

/* ---- outcomes ---- */

int
alert_close(struct engine *e, struct store_alert *a, const char *why, struct cw_err *err)
{
	int rc;

	a->state = STORE_CLOSED;
	a->closed = loop_now(e->o.loop);
	if (why != NULL)
		a->why = cw_str(why);
	log_say(LOG_ALERT_CLOSED,
	    &(struct log_fields){ .alert = a->id, .request = a->request, .reason = why });
	rc = store_alert_update(e->o.store, a, err);
	return rc < 0 ? rc : alert_audit(e, a, "closed", 0, err);
}

/* Our revoked request is no open proposal any more, whether the feed echoes it or not. */
static int
forget_request(struct engine *e, const struct store_alert *a, struct cw_err *err)
{
	struct store_resource row;
	struct cw_str key = cw_fmt(e->arena, "ServiceRequest/%.*s", CW_ARG(a->request)), name;
	uint32_t realm;
	int rc = store_patient_key(e->o.store, a->patient, &realm, &name, e->arena, err);

	if (rc >= 0)
		rc = store_resource_get(e->o.store, &row, realm, key, e->arena, err);
	if (rc != CW_OK)
		return rc < 0 ? rc : CW_OK;
	row.form = STORE_EMPTY;
	row.body = (struct cw_str){ NULL, 0 };
	return store_resource_put(e->o.store, &row, err);
}

static int
delivered(struct engine *e, const struct job *job, struct store_alert *a,
    const struct store_outbox *o, struct cw_err *err)
{
	int rc;

	if (job->version.n > 0)
		a->version = job->version;
	rc = alert_audit(
	    e, a, o->errand == STORE_CREATE ? "delivered" : "revoked", job->status, err);
	if (rc >= 0 && o->errand == STORE_CREATE)
		rc = store_alert_update(e->o.store, a, err);
	else if (rc >= 0)
		rc = forget_request(e, a, err);
	if (rc >= 0 && o->errand == STORE_REVOKE)
		rc = alert_close(e, a, NULL, err);
	if (rc >= 0 && o->errand == STORE_REVOKE && cw_str_is(a->why, ALERT_EXPIRED))
		rc = notice_add(e, a->patient, a->id, "revoked",
		    CW_STR("the proposal is revoked: overdue, and a newer one was received"), err);
	if (rc >= 0 && o->errand == STORE_REVOKE && cw_str_is(a->why, ALERT_UPGRADED))
		rc = notice_add(e, a->patient, a->id, "revoked",
		    CW_STR("the proposal is revoked: a more urgent one was received"), err);
	return rc < 0 ? rc : store_outbox_remove(e->o.store, o->id, err);
}

/* A person was faster. */
static int
acted(struct engine *e, struct store_alert *a, const struct store_outbox *o, struct cw_err *err)
{
	int rc;

	a->state = STORE_ACCEPTED;
	rc = store_alert_update(e->o.store, a, err);
	if (rc >= 0)
		rc = alert_audit(e, a, "accepted", 0, err);
	if (rc >= 0)
		rc = notice_once(e, a, "withdrawn",
		    CW_STR("the proposal was to be revoked, but a person had acted on it"), err);
	return rc < 0 ? rc : store_outbox_remove(e->o.store, o->id, err);
}

static int
give_up(struct engine *e, const struct job *job, struct store_alert *a, struct store_outbox *o,
    struct cw_err *err)
{
	int rc;

	o->state = STORE_DEAD;
	o->fault = job->text;
	o->attempts++;
	rc = store_outbox_update(e->o.store, o, err);
	if (rc >= 0)
		rc = alert_audit(e, a, "dead-letter", job->status, err);
	return rc < 0 ? rc : notice_add(e, a->patient, a->id, "dead-letter", job->text, err);
}

static int
later(struct engine *e, const struct job *job, struct store_outbox *o, struct cw_err *err)
{
	o->attempts++;
	o->next = job->next_at;
	o->doubtful = o->doubtful || job->doubtful;
	if (store_outbox_update(e->o.store, o, err) < 0)
		return err->code;
	return job->refresh ? alert_report(e, o, err) : CW_OK;
}

static void
count_attempt(struct engine *e, const struct job *job, const struct store_outbox *o,
    const struct store_alert *a)
{
	static const char *const result[] = { [DELIVERY_DONE] = "delivered",
		[DELIVERY_GONE] = "gone",
		[DELIVERY_ACTED] = "acted",
		[DELIVERY_LATER] = "retry",
		[DELIVERY_DEAD] = "dead" };
	const char *target = cw_fmt(e->arena, "%.*s", CW_ARG(o->target)).s;

	engine_meter(
	    e, metrics_add, METRICS_OUTBOX_ATTEMPTS, METRICS_OF(target, result[job->delivery]), 1);
	if (job->delivery == DELIVERY_DONE && o->errand == STORE_CREATE)
		engine_meter(e, metrics_observe, METRICS_DELIVERY, METRICS_OF(target),
		    loop_now(e->o.loop) - a->opened);
}

static void
tell_delivery(struct engine *e, const struct job *job, const struct store_outbox *o,
    const struct store_alert *a)
{
	enum log_id id = job->delivery == DELIVERY_LATER  ? LOG_DELIVERY_LATER
			 : job->delivery == DELIVERY_DEAD ? LOG_DELIVERY_DEAD
							  : LOG_DELIVERED;

	log_say(id, &(struct log_fields){ .alert = a->id,
			.request = o->request,
			.target = cw_fmt(e->arena, "%.*s", CW_ARG(o->target)).s,
			.status = job->status,
			.count = o->attempts + 1 });
}

int
alert_delivered(struct engine *e, const struct job *job, struct cw_err *err)
{
	struct store_outbox o;
	struct store_alert a;
	int rc = store_outbox_get(e->o.store, &o, job->errand, e->arena, err);

	if (rc == CW_OK)
		rc = store_alert_get(e->o.store, &a, o.alert, e->arena, err);
	if (rc != CW_OK)
		return rc < 0 ? rc : CW_OK;
	count_attempt(e, job, &o, &a);
	tell_delivery(e, job, &o, &a);
	switch (job->delivery) {
	case DELIVERY_DONE:
		return delivered(e, job, &a, &o, err);
	case DELIVERY_GONE:
		rc = alert_close(e, &a, "deleted", err);
		if (rc >= 0)
			rc = forget_request(e, &a, err);
		return rc < 0 ? rc : store_outbox_remove(e->o.store, o.id, err);
	case DELIVERY_ACTED:
		return acted(e, &a, &o, err);
	case DELIVERY_LATER:
		return later(e, job, &o, err);
	case DELIVERY_DEAD:
		return give_up(e, job, &a, &o, err);
	}
	return CW_OK;
}

/* ---- echoes ---- */

enum echo { ECHO_OPEN, ECHO_ACCEPTED, ECHO_CLOSED };

static enum echo
read_echo(struct engine *e, const struct map_row *row, const char **why)
{
	const struct fhir_node *tree;
	struct cw_str status, intent;

	*why = "deleted";
	if (row->kind == MAP_ROW_DELETED)
		return ECHO_CLOSED;
	if (row->kind == MAP_ROW_EMPTY ||
	    fhir_json_read(&tree, row->text, e->arena, NULL, NULL) < 0)
		return ECHO_OPEN;
	status = fhir_node_text(tree, "status");
	intent = fhir_node_text(tree, "intent");
	*why = cw_str_is(status, "completed")	       ? "completed"
	       : cw_str_is(status, "revoked")	       ? "revoked"
	       : cw_str_is(status, "entered-in-error") ? "entered-in-error"
						       : NULL;
	if (*why != NULL)
		return ECHO_CLOSED;
	return cw_str_is(status, "on-hold") ||
		       (!cw_str_is(intent, "proposal") && !cw_str_is(intent, ""))
		   ? ECHO_ACCEPTED
		   : ECHO_OPEN;
}

int
alert_echo(struct engine *e, struct store_alert *a, const struct map_row *row, int64_t at,
    struct cw_err *err)
{
	const char *why;
	enum echo echo = read_echo(e, row, &why);
	bool ours = a->state == STORE_REVOKING && echo == ECHO_CLOSED;
	int rc;

	(void)at;
	if (a->state == STORE_CLOSED)
		return CW_OK;
	if (row->version_text.n > 0)
		a->version = row->version_text;
	if (echo == ECHO_CLOSED)
		return alert_close(e, a, ours && a->why.n > 0 ? NULL : why, err);
	if (echo == ECHO_ACCEPTED && a->state == STORE_OPEN) {
		a->state = STORE_ACCEPTED;
		rc = store_alert_update(e->o.store, a, err);
		return rc < 0 ? rc : alert_audit(e, a, "accepted", 0, err);
	}
	return store_alert_update(e->o.store, a, err);
}
