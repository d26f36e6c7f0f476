/* Create, update, delete, transactions of the fake server. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fake/server_internal.h"

/* What one write is to do: of a request, or of an entry of a transaction. */
struct deed {
	struct cw_str method, type, id, json, if_match, if_none_exist;
	struct resource *there; /* of a conditional create that found it */
};

static void
split(struct deed *d, struct cw_str path)
{
	const char *slash = path.n > 0 ? memchr(path.s, '/', path.n) : NULL;

	d->type = path;
	if (slash != NULL) {
		d->type.n = (size_t)(slash - path.s);
		d->id = (struct cw_str){ slash + 1, path.n - d->type.n - 1 };
	}
}

static bool
good_subject(const struct exchange *x, const struct fhir_node *node)
{
	struct cw_str reference = fhir_node_text(fhir_node_get(node, "subject"), "reference");
	const struct resource *r;

	if (!x->server->options.check_references || reference.s == NULL ||
	    !cw_str_starts(reference, CW_STR("Patient/")))
		return true;
	r = server_find(x->server, reference);
	return r != NULL && !r->deleted;
}

static bool
version_matches(const struct resource *r, struct cw_str if_match)
{
	char etag[32];

	if (r == NULL || if_match.s == NULL)
		return true;
	snprintf(etag, sizeof(etag), "W/\"%u\"", r->version);
	return cw_str_is(if_match, etag);
}

/* Would it be done? False: x is refused. */
static bool
may_put(struct exchange *x, struct deed *d)
{
	const struct server_options *o = &x->server->options;
	const struct resource *r =
	    server_find(x->server, cw_fmt(x->arena, "%.*s/%.*s", CW_ARG(d->type), CW_ARG(d->id)));

	if (r == NULL && !o->update_create && !cw_str_is(d->type, "Subscription")) {
		server_refuse(x, 405, o->id_refusal, "clients may not choose ids");
		return false;
	}
	if (!version_matches(r, d->if_match)) {
		server_refuse(x, o->mismatch, "conflict", "another version is current");
		return false;
	}
	return true;
}

static bool
may_post(struct exchange *x, struct deed *d)
{
	struct resource *found[2];
	size_t n;

	if (d->if_none_exist.s == NULL)
		return true;
	n = server_match(x->server, d->type, d->if_none_exist, found, 2, x->arena);
	if (n > 1) {
		server_refuse(x, 412, "multiple-matches", "several match");
		return false;
	}
	d->there = n == 1 ? found[0] : NULL;
	return true;
}

static bool
may(struct exchange *x, struct deed *d)
{
	const struct fhir_node *node;

	if (cw_str_is(d->method, "DELETE"))
		return true;
	if (fhir_json_read(&node, d->json, x->arena, NULL, NULL) < 0 ||
	    !cw_str_eq(fhir_node_text(node, "resourceType"), d->type)) {
		server_refuse(x, 400, "structure", "not such a resource");
		return false;
	}
	if (cw_str_is(d->method, "PUT") && !cw_str_eq(fhir_node_text(node, "id"), d->id)) {
		server_refuse(x, 400, "invalid", "another id");
		return false;
	}
	if (!good_subject(x, node)) {
		server_refuse(x, 400, "processing", "Resource Patient not found, in path subject");
		return false;
	}
	return cw_str_is(d->method, "PUT") ? may_put(x, d) : may_post(x, d);
}

static const struct resource *
carry_out(struct exchange *x, struct deed *d, int *status)
{
	struct resource *r;
	bool fresh;

	if (d->there != NULL) {
		*status = 200;
		return d->there;
	}
	r = server_find(x->server, cw_fmt(x->arena, "%.*s/%.*s", CW_ARG(d->type), CW_ARG(d->id)));
	if (cw_str_is(d->method, "DELETE")) {
		*status = 204;
		if (r != NULL && !r->deleted)
			server_delete(x->server, r->reference);
		return r;
	}
	fresh = r == NULL || r->deleted;
	*status = fresh ? 201 : 200;
	return server_store(x->server, d->type, d->id, d->json, NULL);
}

static void
write_one(struct exchange *x)
{
	struct deed d = { .method = cw_str(x->request->method), .json = x->request->body };
	const struct resource *r;
	int status;

	split(&d, x->path);
	d.if_match = fake_header(x->request, "If-Match");
	d.if_none_exist = fake_header(x->request, "If-None-Exist");
	if (!may(x, &d))
		return;
	r = carry_out(x, &d, &status);
	if (status == 204)
		x->status = 204;
	else
		server_show(x, r, status);
}

static void
read_deed(struct deed *d, const struct fhir_node *entry, struct cw_arena *arena)
{
	const struct fhir_node *request = fhir_node_get(entry, "request");
	const struct fhir_node *resource = fhir_node_get(entry, "resource");
	struct cw_buf buf;

	*d = (struct deed){ .method = fhir_node_text(request, "method"),
		.if_match = fhir_node_text(request, "ifMatch"),
		.if_none_exist = fhir_node_text(request, "ifNoneExist") };
	split(d, fhir_node_text(request, "url"));
	if (resource == NULL)
		return;
	cw_buf_init(&buf, 0);
	fhir_json_write(&buf, resource, false);
	d->json = cw_str_dup(arena, (struct cw_str){ buf.s, buf.n });
	cw_buf_fini(&buf);
}

/* Put the reference that fullUrl came to in its place. */
static struct cw_str
replace(struct cw_str text, struct cw_str from, struct cw_str to, struct cw_arena *arena)
{
	const char *p = cw_str_dup(arena, text).s, *end = p + text.n, *hit;
	const char *needle = cw_str_dup(arena, from).s;
	struct cw_buf buf;

	if (from.n == 0)
		return text;
	cw_buf_init(&buf, 0);
	while ((hit = strstr(p, needle)) != NULL) {
		cw_buf_add(&buf, p, (size_t)(hit - p));
		cw_buf_str(&buf, to);
		p = hit + from.n;
	}
	cw_buf_add(&buf, p, (size_t)(end - p));
	text = cw_str_dup(arena, (struct cw_str){ buf.s, buf.n });
	cw_buf_fini(&buf);
	return text;
}

static void
respond(struct fhir_json_out *out, const struct resource *r, int status)
{
	char text[32];

	fhir_json_out_object(out);
	fhir_json_out_key(out, "response");
	fhir_json_out_object(out);
	fhir_json_out_member(out, "status", cw_str(status == 201 ? "201 Created" : "200 OK"));
	snprintf(text, sizeof(text), "W/\"%u\"", r->version);
	fhir_json_out_member(out, "etag", cw_str(text));
	fhir_json_out_key(out, "location");
	{
		struct cw_arena *arena = cw_arena_new(0);

		fhir_json_out_string(
		    out, cw_fmt(arena, "%s/_history/%u", r->reference, r->version));
		cw_arena_free(arena);
	}
	fhir_json_out_object_end(out);
	fhir_json_out_object_end(out);
}

static void
transaction(struct exchange *x, const struct fhir_node *bundle)
{
	enum { MOST = 16 };
	struct deed deed[MOST];
	struct cw_str full[MOST];
	struct fhir_json_out out;
	size_t n = 0;

	for (const struct fhir_node *e = fhir_node_get(bundle, "entry"); e != NULL;
	     e = fhir_node_again(e)) {
		assert(n < MOST);
		read_deed(&deed[n], e, x->arena);
		full[n++] = fhir_node_text(e, "fullUrl");
	}
	for (size_t i = 0; i < n; i++) {
		if (!may(x, &deed[i]))
			return;
	}
	x->status = 200;
	fhir_json_out_init(&out, &x->body, false);
	fhir_json_out_object(&out);
	fhir_json_out_member(&out, "resourceType", CW_STR("Bundle"));
	fhir_json_out_member(&out, "type", CW_STR("transaction-response"));
	fhir_json_out_key(&out, "entry");
	fhir_json_out_array(&out);
	for (size_t i = 0; i < n; i++) {
		int status;
		const struct resource *r = carry_out(x, &deed[i], &status);

		respond(&out, r, status);
		for (size_t k = i + 1; k < n; k++)
			deed[k].json =
			    replace(deed[k].json, full[i], cw_str(r->reference), x->arena);
	}
	fhir_json_out_array_end(&out);
	fhir_json_out_object_end(&out);
}

void
server_write(struct exchange *x)
{
	const struct fhir_node *node;

	if (x->path.n > 0) {
		write_one(x);
		return;
	}
	if (strcmp(x->request->method, "POST") != 0 ||
	    fhir_json_read(&node, x->request->body, x->arena, NULL, NULL) < 0 ||
	    !cw_str_is(fhir_node_text(node, "type"), "transaction")) {
		server_refuse(x, 400, "structure", "not a transaction");
		return;
	}
	transaction(x, node);
}
