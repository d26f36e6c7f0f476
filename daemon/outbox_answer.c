/* What the answers of a target say. */
#include <string.h>

#include "daemon/outbox_internal.h"

const struct fhir_node *
answer_tree(const struct http_response *response, struct cw_arena *scratch)
{
	const struct fhir_node *node;

	if (response->body.n == 0 || fhir_json_read(&node, response->body, scratch, NULL, NULL) < 0)
		return NULL;
	return fhir_node_resource_type(node).s == NULL ? NULL : node;
}

static const struct fhir_node *
issues(const struct http_response *response, struct cw_arena *scratch)
{
	const struct fhir_node *node = answer_tree(response, scratch);

	if (node == NULL || !cw_str_is(fhir_node_resource_type(node), "OperationOutcome"))
		return NULL;
	return fhir_node_get(node, "issue");
}

/* Issue types that pass by themselves (R4 value set issue-type, "transient"). */
static bool
issue_is_passing(const struct fhir_node *issue)
{
	static const char *const words[] = { "transient", "lock-error", "no-store", "exception",
		"timeout", "incomplete", "throttled" };
	struct cw_str code = fhir_node_text(issue, "code");

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (cw_str_is(code, words[i]))
			return true;
	}
	return false;
}

bool
answer_is_passing(const struct http_response *response, struct cw_arena *scratch)
{
	int status = response->status;

	if (response->outcome != HTTP_ANSWERED)
		return true;
	/* 3xx: somebody stands between us and the server; 401: a credential that is renewed. */
	if ((status >= 300 && status < 400) || status == 401 || status == 408 || status == 409 ||
	    status == 425 || status == 429)
		return true;
	if (status >= 500)
		return status != 501 && status != 505;
	for (const struct fhir_node *i = issues(response, scratch); i != NULL;
	     i = fhir_node_again(i)) {
		if (issue_is_passing(i))
			return true;
	}
	return false;
}

static void
add_words(struct cw_buf *text, struct cw_str words)
{
	if (words.n == 0)
		return;
	cw_buf_puts(text, ": ");
	cw_buf_add(text, words.s, words.n < 400 ? words.n : 400);
}

struct cw_str
answer_text(const struct http_response *response, struct cw_arena *arena)
{
	struct cw_arena *scratch;
	const struct fhir_node *issue;
	struct cw_str text;
	struct cw_buf buf;

	if (response->outcome != HTTP_ANSWERED)
		return cw_fmt(arena, "%s", response->reason);
	scratch = cw_arena_new(0);
	cw_buf_init(&buf, 1000);
	cw_buf_printf(&buf, "status %d", response->status);
	issue = issues(response, scratch);
	for (int n = 0; issue != NULL && n < 2; issue = fhir_node_again(issue), n++) {
		add_words(&buf, fhir_node_text(issue, "code"));
		add_words(&buf, fhir_node_text(fhir_node_get(issue, "details"), "text"));
		add_words(&buf, fhir_node_text(issue, "diagnostics"));
	}
	text = cw_str_dup(arena, (struct cw_str){ buf.s, buf.n });
	cw_buf_fini(&buf);
	cw_arena_free(scratch);
	return text;
}

struct cw_str
answer_version(
    const struct http_response *response, const struct fhir_node *resource, struct cw_arena *arena)
{
	struct cw_str etag = http_value(response, "etag");

	if (etag.n == 0) {
		etag = fhir_node_text(fhir_node_get(resource, "meta"), "versionId");
		return etag.n == 0 ? cw_str(NULL) : cw_fmt(arena, "W/\"%.*s\"", CW_ARG(etag));
	}
	return cw_str_dup(arena, etag);
}

bool
answer_is_ours(const struct fhir_node *resource, struct cw_str key)
{
	for (const struct fhir_node *i = fhir_node_get(resource, "identifier"); i != NULL;
	     i = fhir_node_again(i)) {
		if (cw_str_is(fhir_node_text(i, "system"), "urn:cordwatch:alert") &&
		    (key.s == NULL || cw_str_eq(fhir_node_text(i, "value"), key)))
			return true;
	}
	return false;
}

const struct fhir_node *
answer_match(const struct fhir_node *bundle, const char *type, size_t i)
{
	for (const struct fhir_node *e = fhir_node_get(bundle, "entry"); e != NULL;
	     e = fhir_node_again(e)) {
		const struct fhir_node *resource = fhir_node_get(e, "resource");
		struct cw_str mode = fhir_node_text(fhir_node_get(e, "search"), "mode");

		if (cw_str_is(fhir_node_resource_type(resource), type) &&
		    (mode.s == NULL || cw_str_is(mode, "match")) && i-- == 0)
			return resource;
	}
	return NULL;
}

bool
answer_has_more(const struct fhir_node *bundle)
{
	for (const struct fhir_node *l = fhir_node_get(bundle, "link"); l != NULL;
	     l = fhir_node_again(l)) {
		if (cw_str_is(fhir_node_text(l, "relation"), "next"))
			return true;
	}
	return false;
}
