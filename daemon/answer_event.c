/* What waits for a person, and what he does with it: "q12" is row 12 of the quarantine, "e3" errand
 * 3 that was given up, "a7" alert 7, which fired. */
#include "daemon/answer.h"

/* A patient with a tick at this instant is decided as if something had come. */
#define AT_ONCE INT64_C(1)

static void
put_id(struct answer *a, char kind, int64_t id)
{
	fhir_json_out_member(&a->o, "id", cw_fmt(a->arena, "%c%lld", kind, (long long)id));
}

static int
put_quarantined(struct answer *a, const struct store_quarantine *row, struct cw_err *err)
{
	struct cw_str feed = { NULL, 0 };
	int rc = store_feed_name(a->world->store, row->feed, &feed, a->arena, err);

	if (rc < 0)
		return rc;
	put_id(a, 'q', row->id);
	fhir_json_out_member(&a->o, "state", CW_STR("quarantined"));
	answer_instant(a, "at", row->at);
	answer_instant(a, "received", row->received);
	fhir_json_out_member(&a->o, "feed", feed);
	fhir_json_out_member(&a->o, "type", row->type);
	fhir_json_out_member(&a->o, "name", row->name);
	fhir_json_out_member(&a->o, "version", row->version);
	fhir_json_out_member(&a->o, "reason", row->reason);
	fhir_json_out_member(&a->o, "path", row->path);
	if (row->line > 0) {
		answer_integer(a, "line", (int64_t)row->line);
		answer_integer(a, "column", (int64_t)row->column);
	}
	return CW_OK;
}

static void
put_errored(struct answer *a, const struct store_outbox *row)
{
	put_id(a, 'e', row->id);
	fhir_json_out_member(&a->o, "state", CW_STR("errored"));
	answer_instant(a, "at", row->created);
	answer_integer(a, "alert", row->alert);
	fhir_json_out_member(&a->o, "type", CW_STR("ServiceRequest"));
	fhir_json_out_member(&a->o, "name", row->request);
	fhir_json_out_member(&a->o, "target", row->target);
	answer_integer(a, "attempts", row->attempts);
	fhir_json_out_member(&a->o, "reason", row->fault);
}

int
answer_quarantined(struct answer *a, struct cw_err *err)
{
	struct store_quarantine *row = cw_alloc(a->arena, ANSWER_PAGE * sizeof(*row));
	size_t n = ANSWER_PAGE;
	int64_t before;
	int rc;

	if (!answer_number(a, "before", INT64_MAX, &before))
		return ANSWER_BAD;
	rc = store_quarantine_page(a->world->store, row, &n, before, a->arena, err);
	fhir_json_out_key(&a->o, "quarantined");
	fhir_json_out_array(&a->o);
	for (size_t i = 0; rc >= 0 && i < n; i++) {
		fhir_json_out_object(&a->o);
		rc = put_quarantined(a, &row[i], err);
		fhir_json_out_object_end(&a->o);
	}
	fhir_json_out_array_end(&a->o);
	if (rc >= 0 && n == ANSWER_PAGE)
		answer_integer(a, "next", row[n - 1].id);
	return rc < 0 ? rc : CW_OK;
}

int
answer_errored(struct answer *a, struct cw_err *err)
{
	struct store_outbox *row = cw_alloc(a->arena, ANSWER_PAGE * sizeof(*row));
	size_t n = ANSWER_PAGE;
	int64_t before;
	int rc;

	if (!answer_number(a, "before", INT64_MAX, &before))
		return ANSWER_BAD;
	rc = store_outbox_page(a->world->store, row, &n, before, 0, STORE_DEAD, a->arena, err);
	fhir_json_out_key(&a->o, "errored");
	fhir_json_out_array(&a->o);
	for (size_t i = 0; rc >= 0 && i < n; i++) {
		fhir_json_out_object(&a->o);
		put_errored(a, &row[i]);
		fhir_json_out_object_end(&a->o);
	}
	fhir_json_out_array_end(&a->o);
	if (rc >= 0 && n == ANSWER_PAGE)
		answer_integer(a, "next", row[n - 1].id);
	return rc < 0 ? rc : CW_OK;
}

/* ---- one of them ---- */

/* "q12": its letter and number. */
static bool
read_id(const struct answer *a, char *kind, int64_t *id)
{
	enum { DIGITS = 18 };
	struct cw_str s = answer_argument(a, "id");

	*id = 0;
	if (s.n < 2 || s.n > DIGITS)
		return false;
	for (size_t i = 1; i < s.n; i++) {
		if (s.s[i] < '0' || s.s[i] > '9')
			return false;
		*id = *id * 10 + (s.s[i] - '0');
	}
	*kind = s.s[0];
	return *kind == 'q' || *kind == 'e' || *kind == 'a';
}

/* What was sent may be no text at all: what a terminal would not take is shown as "?". */
static void
put_body(struct answer *a, struct cw_str body)
{
	struct cw_buf plain;

	cw_buf_init(&plain, 0);
	cw_buf_plain(&plain, body);
	fhir_json_out_member(
	    &a->o, "body", (struct cw_str){ plain.s == NULL ? "" : plain.s, plain.n });
	cw_buf_fini(&plain);
}

static int
get_errored(struct answer *a, struct store_outbox *out, int64_t id, struct cw_err *err)
{
	int rc = store_outbox_get(a->world->store, out, id, a->arena, err);

	return rc == CW_OK && out->state != STORE_DEAD ? STORE_NONE : rc;
}

int
answer_event(struct answer *a, struct cw_err *err)
{
	struct store_quarantine q;
	struct store_outbox e;
	int64_t id;
	char kind;
	int rc;

	if (!read_id(a, &kind, &id) || kind == 'a')
		return ANSWER_BAD;
	rc = kind == 'q' ? store_quarantine_get(a->world->store, &q, id, a->arena, err)
			 : get_errored(a, &e, id, err);
	if (rc != CW_OK)
		return rc < 0 ? rc : ANSWER_NONE;
	if (kind == 'q') {
		rc = put_quarantined(a, &q, err);
		put_body(a, q.body);
	} else {
		put_errored(a, &e);
		put_body(a, e.body);
	}
	return rc;
}

/* ---- again, or never ---- */

/* Through the inbox, like all that comes; it was counted when it came. */
static int
replay_quarantined(struct answer *a, int64_t id, struct cw_err *err)
{
	struct store_quarantine q;
	struct store_inbox row = { .how = STORE_REPLAY };
	int rc = store_quarantine_get(a->world->store, &q, id, a->arena, err);

	if (rc != CW_OK || q.body.s == NULL)
		return rc < 0 ? rc : ANSWER_NONE;
	row.feed = q.feed;
	row.type = q.type;
	row.name = q.name;
	row.version = q.version;
	row.received = a->world->now;
	row.body = q.body;
	rc = store_inbox_add(a->world->store, &row, err);
	if (rc >= 0)
		rc = store_quarantine_remove(a->world->store, id, err);
	if (rc >= 0)
		rc = store_audit(a->world->store, a->world->now, "replay",
		    cw_fmt(a->arena, "{\"event\":\"q%lld\",\"inbox\":%lld}", (long long)id,
			(long long)row.id),
		    err);
	answer_integer(a, "inbox", row.id);
	return rc;
}

/* It may have been done at last: the target is asked first. */
static int
replay_errored(struct answer *a, int64_t id, struct cw_err *err)
{
	struct store_outbox row;
	int rc = get_errored(a, &row, id, err);

	if (rc != CW_OK)
		return rc < 0 ? rc : ANSWER_NONE;
	row.state = STORE_PENDING;
	row.doubtful = true;
	row.attempts = 0;
	row.next = a->world->now;
	row.fault = cw_str(NULL);
	rc = store_outbox_update(a->world->store, &row, err);
	return rc < 0 ? rc : a->world->bring(a->world->arg, &row, err);
}

/* The patient is decided anew; an alert that is there already is not made again. */
static int
replay_fired(struct answer *a, int64_t id, struct cw_err *err)
{
	struct store_alert row;
	int rc = store_alert_get(a->world->store, &row, id, a->arena, err);

	if (rc != CW_OK)
		return rc < 0 ? rc : ANSWER_NONE;
	return store_tick_set(a->world->store, row.patient, AT_ONCE, err);
}

int
answer_replay(struct answer *a, struct cw_err *err)
{
	int64_t id;
	char kind;
	int rc;

	if (!read_id(a, &kind, &id))
		return ANSWER_BAD;
	rc = kind == 'q'   ? replay_quarantined(a, id, err)
	     : kind == 'e' ? replay_errored(a, id, err)
			   : replay_fired(a, id, err);
	fhir_json_out_member(&a->o, "replayed", answer_argument(a, "id"));
	return rc;
}

/* Nobody brings it any more; an alert whose request never left is closed with it. */
static int
discard_errored(struct answer *a, int64_t id, struct cw_err *err)
{
	struct store_outbox row;
	struct store_alert alert;
	int rc = get_errored(a, &row, id, err);

	if (rc != CW_OK)
		return rc < 0 ? rc : ANSWER_NONE;
	rc = store_outbox_remove(a->world->store, id, err);
	if (rc >= 0)
		rc = store_alert_get(a->world->store, &alert, row.alert, a->arena, err);
	if (rc != CW_OK || alert.state == STORE_CLOSED)
		return rc < 0 ? rc : CW_OK;
	alert.state = STORE_CLOSED;
	alert.why = CW_STR("discarded");
	alert.closed = a->world->now;
	return store_alert_update(a->world->store, &alert, err);
}

int
answer_discard(struct answer *a, struct cw_err *err)
{
	struct store_quarantine q;
	int64_t id;
	char kind;
	int rc;

	if (!read_id(a, &kind, &id) || kind == 'a')
		return ANSWER_BAD;
	if (kind == 'e') {
		rc = discard_errored(a, id, err);
	} else {
		rc = store_quarantine_get(a->world->store, &q, id, a->arena, err);
		if (rc == CW_OK)
			rc = store_quarantine_remove(a->world->store, id, err);
		else if (rc > 0)
			rc = ANSWER_NONE;
	}
	fhir_json_out_member(&a->o, "discarded", answer_argument(a, "id"));
	return rc;
}
