/* Take a request back that nobody has acted on: read, then write what was read, revoked. */
#include <string.h>

#include "daemon/outbox_internal.h"

enum { REREADS = 5 };

static const struct cw_str none;

static void read_it(struct errand *e);

static void
revoked(struct errand *e, const struct http_response *response)
{
	int status = response->status;

	if (response->outcome == HTTP_ANSWERED && (status == 200 || status == 201))
		errand_end(e, DELIVERY_DONE, status,
		    answer_version(response, answer_tree(response, e->scratch), e->scratch), none);
	else if (response->outcome == HTTP_ANSWERED && (status == 412 || status == 409) &&
		 ++e->rereads <= REREADS)
		read_it(e); /* somebody was faster: what did they do? */
	else if (status == 412)
		errand_later(e, response, true);
	else
		errand_fail(e, response, true);
}

/* Is it still as it was proposed? */
static bool
untouched(const struct errand *e, const struct fhir_node *request)
{
	struct cw_str intent = fhir_node_text(request, "intent");
	const char *ours = e->target->conf->order_intent;

	return cw_str_is(fhir_node_text(request, "status"), "active") &&
	       cw_str_is(intent, ours == NULL ? "proposal" : ours);
}

static void
write_revoked(struct errand *e, const struct http_response *response,
    const struct fhir_node *request, struct cw_str text)
{
	struct cw_str version = answer_version(response, request, e->scratch);
	struct http_header header = { "If-Match", version };
	struct cw_str path =
	    cw_fmt(e->scratch, "ServiceRequest/%.*s", CW_ARG(fhir_node_text(request, "id")));
	struct cw_buf buf;

	cw_buf_init(&buf, 0);
	if (rewrite_status(&buf, text, "revoked", NULL) < 0)
		errand_later(e, response, false);
	else
		errand_ask(e, "PUT", path, &header, version.s != NULL,
		    (struct cw_str){ buf.s, buf.n }, revoked);
	cw_buf_fini(&buf);
}

static void
judge(struct errand *e, const struct http_response *response, const struct fhir_node *request,
    struct cw_str text)
{
	struct cw_str status = fhir_node_text(request, "status");
	struct cw_str version = answer_version(response, request, e->scratch);

	if (cw_str_is(status, "revoked"))
		errand_end(e, DELIVERY_DONE, 200, version, none);
	else if (!untouched(e, request))
		errand_end(e, DELIVERY_ACTED, 200, version, status);
	else
		write_revoked(e, response, request, text);
}

static void
searched(struct errand *e, const struct http_response *response)
{
	const struct fhir_node *bundle = answer_tree(response, e->scratch), *request;
	struct http_response plain = *response;
	struct cw_buf buf;

	if (response->outcome != HTTP_ANSWERED || response->status != 200) {
		errand_fail(e, response, false);
		return;
	}
	request = answer_match(bundle, "ServiceRequest", 0);
	if (!cw_str_is(fhir_node_resource_type(bundle), "Bundle")) {
		errand_later(e, response, false);
	} else if (request == NULL || !answer_is_ours(request, e->key)) {
		errand_end(e, DELIVERY_GONE, 404, none, none);
	} else {
		plain.headers = 0; /* its ETag would be the search's */
		cw_buf_init(&buf, 0);
		fhir_json_write(&buf, request, false);
		judge(e, &plain, request, (struct cw_str){ buf.s, buf.n });
		cw_buf_fini(&buf);
	}
}

static void
was_read(struct errand *e, const struct http_response *response)
{
	const struct fhir_node *request = answer_tree(response, e->scratch);
	int status = response->status;

	if (response->outcome == HTTP_ANSWERED && status == 200) {
		if (!cw_str_is(fhir_node_resource_type(request), "ServiceRequest"))
			errand_later(e, response, false);
		else if (!answer_is_ours(request, e->key))
			errand_end(
			    e, DELIVERY_DEAD, 200, none, CW_STR("another request has its id"));
		else
			judge(e, response, request, response->body);
	} else if (status == 410) {
		errand_end(e, DELIVERY_GONE, 410, none, none);
	} else if (status == 404 && e->key.s != NULL) {
		/* Where the server chose the id. */
		errand_ask(e, "GET",
		    cw_fmt(e->scratch, "ServiceRequest?identifier=urn:cordwatch:alert%%7C%.*s",
			CW_ARG(e->key)),
		    NULL, 0, none, searched);
	} else if (status == 404) {
		errand_end(e, DELIVERY_GONE, 404, none, none);
	} else {
		errand_fail(e, response, false);
	}
}

static void
read_it(struct errand *e)
{
	errand_ask(e, "GET", cw_fmt(e->scratch, "ServiceRequest/%.*s", CW_ARG(e->row.request)),
	    NULL, 0, none, was_read);
}

void
outbox_revoke(struct errand *e)
{
	read_it(e);
}
