/* Alerts, for a person. */
#include "config.h"

#include "daemon/answer.h"

#include "mappings/decide.h"

#include <stdlib.h>
#include <string.h>

enum { RECORDS = 500, ERRANDS = 50 };

static const char *
state_name(enum store_alert_state state)
{
	switch (state) {
	case STORE_OPEN:
		return "open";
	case STORE_ACCEPTED:
		return "accepted";
	case STORE_REVOKING:
		return "revoking";
	case STORE_CLOSED:
		return "closed";
	}
	return "unknown";
}

static const char *
errand_state_name(enum store_errand_state state)
{
	switch (state) {
	case STORE_PENDING:
		return "pending";
	case STORE_HELD:
		return "held";
	case STORE_DEAD:
		return "dead";
	}
	return "unknown";
}

/* Members that a list and a single alert have in common. */
static int
put_alert(struct answer *a, const struct store_alert *row, struct cw_err *err)
{
	struct cw_str key = { NULL, 0 }, base = { NULL, 0 };
	uint32_t realm = 0;
	int rc = store_patient_key(a->world->store, row->patient, &realm, &key, a->arena, err);

	if (rc >= 0)
		rc = store_realm_name(a->world->store, realm, &base, a->arena, err);
	if (rc < 0)
		return rc;
	answer_integer(a, "id", row->id);
	fhir_json_out_member(&a->o, "tier", cw_str(map_tier_name((enum map_tier)row->tier)));
	fhir_json_out_member(&a->o, "state", cw_str(state_name(row->state)));
	fhir_json_out_member(&a->o, "mode", row->shadow ? CW_STR("shadow") : CW_STR("live"));
	answer_instant(a, "opened", row->opened);
	answer_instant(a, "due", row->due);
	fhir_json_out_key(&a->o, "overdue");
	fhir_json_out_bool(
	    &a->o, row->state == STORE_OPEN && !row->shadow && row->due < a->world->now);
	answer_instant(a, "closed", row->closed);
	if (row->why.n > 0)
		fhir_json_out_member(&a->o, "why", row->why);
	fhir_json_out_member(&a->o, "patient", key);
	fhir_json_out_member(&a->o, "source", base);
	fhir_json_out_member(&a->o, "target", row->target);
	fhir_json_out_member(&a->o, "request", row->request);
	return CW_OK;
}

int
answer_alerts(struct answer *a, struct cw_err *err)
{
	struct store_alert *row = cw_alloc(a->arena, ANSWER_PAGE * sizeof(*row));
	struct cw_str state = answer_argument(a, "state");
	size_t n = ANSWER_PAGE;
	int64_t before;
	int rc;

	if (!answer_number(a, "before", INT64_MAX, &before) ||
	    (state.s != NULL && !cw_str_is(state, "open")))
		return ANSWER_BAD;
	rc = store_alert_page(a->world->store, row, &n, before, state.s != NULL, a->arena, err);
	fhir_json_out_key(&a->o, "alerts");
	fhir_json_out_array(&a->o);
	for (size_t i = 0; rc >= 0 && i < n; i++) {
		fhir_json_out_object(&a->o);
		rc = put_alert(a, &row[i], err);
		fhir_json_out_object_end(&a->o);
	}
	fhir_json_out_array_end(&a->o);
	if (rc >= 0 && n == ANSWER_PAGE)
		answer_integer(a, "next", row[n - 1].id);
	return rc < 0 ? rc : CW_OK;
}

/* ---- one of them ---- */

/* "source|finding|instant", a line each. */
static void
put_evidence(struct answer *a, struct cw_str lines)
{
	fhir_json_out_key(&a->o, "evidence");
	fhir_json_out_array(&a->o);
	while (lines.n > 0) {
		const char *end = memchr(lines.s, '\n', lines.n);
		size_t n = end == NULL ? lines.n : (size_t)(end - lines.s);
		const char *last = memrchr(lines.s, '|', n);
		const char *first =
		    last == NULL ? NULL : memrchr(lines.s, '|', (size_t)(last - lines.s));

		if (first != NULL) {
			fhir_json_out_object(&a->o);
			answer_instant(a, "when", strtoll(last + 1, NULL, 10));
			fhir_json_out_member(&a->o, "finding",
			    (struct cw_str){ first + 1, (size_t)(last - first) - 1 });
			fhir_json_out_member(
			    &a->o, "source", (struct cw_str){ lines.s, (size_t)(first - lines.s) });
			fhir_json_out_object_end(&a->o);
		}
		n += end != NULL;
		lines = (struct cw_str){ lines.s + n, lines.n - n };
	}
	fhir_json_out_array_end(&a->o);
}

/* What was sent, as it was: the request itself out of its Bundle. */
static void
put_request(struct answer *a, struct cw_str body)
{
	const struct fhir_node *node;

	if (body.n == 0 || fhir_json_read(&node, body, a->arena, NULL, NULL) < 0)
		return;
	fhir_json_out_key(&a->o, "resource");
	fhir_json_out_node(&a->o, node);
}

static int
put_errands(struct answer *a, int64_t alert, struct cw_err *err)
{
	struct store_outbox *row = cw_alloc(a->arena, ERRANDS * sizeof(*row));
	size_t n = ERRANDS;
	int rc = store_outbox_page(
	    a->world->store, row, &n, INT64_MAX, alert, STORE_PENDING, a->arena, err);

	fhir_json_out_key(&a->o, "errands");
	fhir_json_out_array(&a->o);
	for (size_t i = 0; rc >= 0 && i < n; i++) {
		fhir_json_out_object(&a->o);
		answer_integer(a, "id", row[i].id);
		fhir_json_out_member(&a->o, "kind",
		    row[i].errand == STORE_CREATE ? CW_STR("create") : CW_STR("revoke"));
		fhir_json_out_member(&a->o, "state", cw_str(errand_state_name(row[i].state)));
		answer_integer(a, "attempts", row[i].attempts);
		answer_instant(a, "next", row[i].next);
		fhir_json_out_member(&a->o, "fault", row[i].fault);
		fhir_json_out_object_end(&a->o);
	}
	fhir_json_out_array_end(&a->o);
	return rc;
}

static void
on_notice(void *arg, const struct store_notice *row)
{
	struct answer *a = arg;

	fhir_json_out_object(&a->o);
	answer_instant(a, "at", row->at);
	fhir_json_out_member(&a->o, "kind", row->kind);
	fhir_json_out_member(&a->o, "text", row->text);
	fhir_json_out_object_end(&a->o);
}

static void
on_record(void *arg, int64_t seq, int64_t at, struct cw_str type, struct cw_str payload)
{
	struct answer *a = arg;

	fhir_json_out_object(&a->o);
	answer_integer(a, "seq", seq);
	answer_instant(a, "at", at);
	fhir_json_out_member(&a->o, "type", type);
	if (payload.s != NULL) {
		fhir_json_out_key(&a->o, "payload");
		fhir_json_out_raw(&a->o, payload);
	}
	fhir_json_out_object_end(&a->o);
}

int
answer_alert(struct answer *a, struct cw_err *err)
{
	struct store_alert row;
	int64_t id;
	int rc;

	if (!answer_number(a, "id", 0, &id) || id == 0)
		return ANSWER_BAD;
	rc = store_alert_get(a->world->store, &row, id, a->arena, err);
	if (rc != CW_OK)
		return rc < 0 ? rc : ANSWER_NONE;
	rc = put_alert(a, &row, err);
	put_evidence(a, row.evidence);
	put_request(a, row.body);
	if (rc >= 0)
		rc = put_errands(a, id, err);
	fhir_json_out_key(&a->o, "notices");
	fhir_json_out_array(&a->o);
	if (rc >= 0)
		rc = store_alert_notices(a->world->store, id, on_notice, a, err);
	fhir_json_out_array_end(&a->o);
	fhir_json_out_key(&a->o, "records");
	fhir_json_out_array(&a->o);
	if (rc >= 0)
		rc = store_alert_records(a->world->store, id, on_record, a, RECORDS, err);
	fhir_json_out_array_end(&a->o);
	return rc < 0 ? rc : CW_OK;
}
