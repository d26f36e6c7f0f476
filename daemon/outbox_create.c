/* Bring a new request: is it there already, who is the patient there, then send. */
#include <string.h>

#include "daemon/outbox_internal.h"
#include "fhir/reference.h"

static const struct cw_str none;

static void find_patient(struct errand *e);
static void look(struct errand *e);
static void send_bundle(struct errand *e);

/* ---- may we choose the id? ---- */

static void
metadata_read(struct errand *e, const struct http_response *response)
{
	const struct fhir_node *node = answer_tree(response, e->scratch);
	bool good = response->outcome == HTTP_ANSWERED && response->status == 200;

	if (good ? node == NULL : answer_is_passing(response, e->scratch)) {
		errand_later(e, response, false);
		return;
	}
	e->target->asked = true;
	node = fhir_node_get(good ? node : NULL, "rest");
	for (const struct fhir_node *r = fhir_node_get(node, "resource"); r != NULL;
	     r = fhir_node_again(r)) {
		struct cw_str may = fhir_node_text(r, "updateCreate");

		if (cw_str_is(fhir_node_text(r, "type"), "ServiceRequest") && may.s != NULL)
			e->target->ids =
			    cw_str_is(may, "true") ? OUTBOX_IDS_OURS : OUTBOX_IDS_THEIRS;
	}
	e->conditional = e->target->ids == OUTBOX_IDS_THEIRS;
	look(e);
}

/* Its identifier as the Bundle has it, where the report had none. */
static struct cw_str
key_of(struct errand *e)
{
	const struct fhir_node *bundle, *resource;

	if (fhir_json_read(&bundle, e->row.body, e->arena, NULL, NULL) < 0)
		return none;
	resource = fhir_node_get(fhir_node_get(bundle, "entry"), "resource");
	return fhir_node_text(fhir_node_get(resource, "identifier"), "value");
}

void
outbox_create(struct errand *e)
{
	if (e->key.s == NULL)
		e->key = key_of(e);
	if (e->key.s == NULL)
		errand_end(e, DELIVERY_DEAD, 0, none, CW_STR("its Bundle is damaged"));
	else if (e->target->asked)
		look(e);
	else
		errand_ask(e, "GET", CW_STR("metadata"), NULL, 0, none, metadata_read);
}

/* ---- is it there already? ---- */

static void
id_read(struct errand *e, const struct http_response *response)
{
	const struct fhir_node *node = answer_tree(response, e->scratch);

	if (response->outcome != HTTP_ANSWERED)
		errand_later(e, response, false);
	else if (response->status == 404)
		find_patient(e);
	else if (response->status == 410)
		errand_end(e, DELIVERY_GONE, 410, none, none);
	else if (response->status == 200 && answer_is_ours(node, e->key))
		errand_end(e, DELIVERY_DONE, 200, answer_version(response, node, e->scratch), none);
	else if (response->status == 200 &&
		 cw_str_is(fhir_node_resource_type(node), "ServiceRequest"))
		errand_end(e, DELIVERY_DEAD, 200, none, CW_STR("another request has its id"));
	else if (response->status == 200)
		errand_later(e, response, false); /* a portal's page, or half an answer */
	else
		errand_fail(e, response, false);
}

static void
identifier_searched(struct errand *e, const struct http_response *response)
{
	const struct fhir_node *bundle = answer_tree(response, e->scratch), *first, *second;

	if (response->outcome != HTTP_ANSWERED || response->status != 200 ||
	    !cw_str_is(fhir_node_resource_type(bundle), "Bundle")) {
		if (response->status == 200)
			errand_later(e, response, false);
		else
			errand_fail(e, response, false);
		return;
	}
	first = answer_match(bundle, "ServiceRequest", 0);
	second = answer_match(bundle, "ServiceRequest", 1);
	if (first == NULL || !answer_is_ours(first, e->key))
		find_patient(e);
	else
		errand_end(e, DELIVERY_DONE, 200,
		    cw_fmt(e->scratch, "W/\"%.*s\"",
			CW_ARG(fhir_node_text(fhir_node_get(first, "meta"), "versionId"))),
		    second == NULL ? none : CW_STR("it is there more than once"));
}

/* Only what may have been sent can be there. */
static void
look(struct errand *e)
{
	if (!e->row.doubtful)
		find_patient(e);
	else if (e->conditional)
		errand_ask(e, "GET",
		    cw_fmt(e->scratch, "ServiceRequest?identifier=urn:cordwatch:alert%%7C%.*s",
			CW_ARG(e->key)),
		    NULL, 0, none, identifier_searched);
	else
		errand_ask(e, "GET",
		    cw_fmt(e->scratch, "ServiceRequest/%.*s", CW_ARG(e->row.request)), NULL, 0,
		    none, id_read);
}

/* ---- who is the patient, there? ---- */

static bool
same_server(const struct errand *e)
{
	char here[FHIR_BASE_NAME], there[FHIR_BASE_NAME];

	return e->source.s != NULL &&
	       cw_str_eq(fhir_reference_base_name(e->source, here),
		   fhir_reference_base_name(cw_str(e->target->conf->base), there));
}

/* Merged into another record? Then that one counts. */
static bool
is_replaced(const struct fhir_node *patient)
{
	for (const struct fhir_node *l = fhir_node_get(patient, "link"); l != NULL;
	     l = fhir_node_again(l)) {
		if (cw_str_is(fhir_node_text(l, "type"), "replaced-by"))
			return true;
	}
	return false;
}

static void
patient_unknown(struct errand *e, int status, const char *why)
{
	errand_end(e, DELIVERY_DEAD, status, none, cw_str(why));
}

static void
patient_read(struct errand *e, const struct http_response *response)
{
	const struct fhir_node *node = answer_tree(response, e->scratch);

	if (response->outcome == HTTP_ANSWERED && response->status == 200) {
		if (!cw_str_is(fhir_node_resource_type(node), "Patient")) {
			errand_later(e, response, false);
			return;
		}
		e->patient = e->subject;
		send_bundle(e);
	} else if (response->status == 404 || response->status == 410) {
		patient_unknown(e, response->status, "the patient is not on the target");
	} else {
		errand_fail(e, response, false);
	}
}

static void ask_identifier(struct errand *e);

static void
patients_found(struct errand *e, const struct http_response *response)
{
	const struct fhir_node *bundle = answer_tree(response, e->scratch), *p;

	if (response->outcome != HTTP_ANSWERED || response->status != 200) {
		errand_fail(e, response, false);
		return;
	}
	if (!cw_str_is(fhir_node_resource_type(bundle), "Bundle")) {
		errand_later(e, response, false);
		return;
	}
	for (size_t i = 0; (p = answer_match(bundle, "Patient", i)) != NULL; i++) {
		struct cw_str id =
		    cw_fmt(e->scratch, "Patient/%.*s", CW_ARG(fhir_node_text(p, "id")));

		if (is_replaced(p) || cw_str_eq(id, e->patient))
			continue;
		if (e->patient.s != NULL) {
			patient_unknown(
			    e, 200, "several patients on the target have his identifiers");
			return;
		}
		e->patient = cw_str_dup(e->arena, id);
	}
	if (answer_has_more(bundle))
		patient_unknown(e, 200, "many patients on the target have his identifier");
	else
		ask_identifier(e);
}

/* Ask for the next identifier; after the last there must be one patient. */
static void
ask_identifier(struct errand *e)
{
	while (e->asked < e->known.n) {
		const char *line = e->known.s + e->asked;
		size_t left = e->known.n - e->asked;
		const char *end = memchr(line, '\n', left);
		size_t n = end == NULL ? left : (size_t)(end - line);
		struct cw_buf query;

		e->asked += n + (end != NULL);
		/* A value without a system says nothing. */
		if (n < 3 || line[0] == '|' || line[n - 1] == '|' || memchr(line, '|', n) == NULL)
			continue;
		cw_buf_init(&query, 0);
		cw_buf_puts(&query, "Patient?identifier=");
		http_escape(&query, (struct cw_str){ line, n });
		errand_ask(
		    e, "GET", (struct cw_str){ query.s, query.n }, NULL, 0, none, patients_found);
		cw_buf_fini(&query);
		return;
	}
	if (e->patient.s == NULL && errand_awaits_patient(e))
		return;
	if (e->patient.s == NULL)
		patient_unknown(e, 0, "no patient on the target has one of his identifiers");
	else
		send_bundle(e);
}

static void
find_patient(struct errand *e)
{
	if (same_server(e) && cw_str_starts(e->subject, CW_STR("Patient/")))
		errand_ask(e, "GET", e->subject, NULL, 0, none, patient_read);
	else
		ask_identifier(e);
}

/* ---- send ---- */

/* Did the first entry, the request, arrive? Its version. */
static bool
entry_done(struct cw_str *version, const struct fhir_node *bundle)
{
	const struct fhir_node *response =
	    fhir_node_get(fhir_node_get(bundle, "entry"), "response");

	*version = fhir_node_text(response, "etag");
	return cw_str_is(fhir_node_text(bundle, "type"), "transaction-response") &&
	       cw_str_starts(fhir_node_text(response, "status"), CW_STR("20"));
}

/* Does this look like a server that will not have our id? */
static bool
refuses_ids(const struct errand *e, int status)
{
	if (e->conditional)
		return false;
	return status == 405 || (e->target->ids == OUTBOX_IDS_UNKNOWN &&
				    (status == 400 || status == 404 || status == 422));
}

static void
bundle_sent(struct errand *e, const struct http_response *response)
{
	int status = response->status;
	struct cw_str version = none;

	if (response->outcome != HTTP_ANSWERED) {
		errand_later(e, response, true);
	} else if (status == 200 || status == 201) {
		if (!entry_done(&version, answer_tree(response, e->scratch))) {
			errand_later(e, response, true);
			return;
		}
		if (e->conditional)
			e->target->ids = OUTBOX_IDS_THEIRS;
		errand_end(e, DELIVERY_DONE, status, version, none);
	} else if (status > 201 && status < 300) {
		errand_later(e, response, true);
	} else if (answer_is_passing(response, e->scratch)) {
		errand_later(e, response, true);
	} else if (!e->logical && same_server(e) && (status == 400 || status == 422)) {
		/* Evidence that is gone from the server must not hold back the request. */
		e->logical = true;
		send_bundle(e);
	} else if (refuses_ids(e, status)) {
		e->conditional = true;
		e->logical = false;
		e->row.doubtful = true;
		e->patient = none;
		e->asked = 0;
		look(e);
	} else if (status == 412 && e->conditional && !e->row.doubtful) {
		e->row.doubtful = true; /* several are there: find them */
		look(e);
	} else {
		errand_end(e, DELIVERY_DEAD, status, none, answer_text(response, e->scratch));
	}
}

static void
send_bundle(struct errand *e)
{
	struct rewrite_rule rule = { .request = e->row.request,
		.key = e->key,
		.patient = e->patient,
		.source = e->source,
		.same = same_server(e) && !e->logical,
		.conditional = e->conditional };
	const char *intent = e->target->conf->order_intent;
	struct cw_buf buf;

	/* A proposal unless the site's policy, or its package, says that it is an order. */
	if (intent != NULL && strcmp(intent, "proposal") != 0)
		rule.intent = intent;
	cw_buf_init(&buf, 0);
	if (rewrite_bundle(&buf, e->row.body, &rule, NULL) < 0)
		errand_end(e, DELIVERY_DEAD, 0, none, CW_STR("its Bundle is damaged"));
	else
		errand_ask(e, "POST", none, NULL, 0, (struct cw_str){ buf.s, buf.n }, bundle_sent);
	cw_buf_fini(&buf);
}
