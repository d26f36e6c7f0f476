/* The store of the fake server, reads, and faults. */
#include "tests/fake/server.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fhir/time.h"
#include "tests/fake/server_internal.h"

struct server *
server_new(const char *base)
{
	struct server *s = cw_calloc(1, sizeof(*s));

	s->base = cw_strdup(base);
	s->index = cw_map_new();
	s->options = (struct server_options){ .fhir_version = "4.0.1",
		.update_create = true,
		.id_refusal = "not-supported",
		.check_references = true,
		.page = 50,
		.mismatch = 412,
		.cache = 60000,
		.activation = 200 };
	s->next = world.servers;
	world.servers = s;
	return s;
}

void
server_free(struct server *s)
{
	struct server **p = &world.servers;

	while (*p != s)
		p = &(*p)->next;
	*p = s->next;
	for (size_t i = 0; i < s->resources; i++) {
		free(s->resource[i]->reference);
		free(s->resource[i]->type);
		free((char *)s->resource[i]->body.s);
		free(s->resource[i]);
	}
	while (s->cache != NULL) {
		struct search *c = s->cache;

		s->cache = c->next;
		free(c->url);
		free(c->body);
		free(c);
	}
	while (s->pagings != NULL) {
		struct paging *p2 = s->pagings;

		s->pagings = p2->next;
		free(p2->query);
		free(p2);
	}
	cw_map_free(s->index);
	free(s->resource);
	free(s->base);
	free(s);
}

void
world_free_servers(void)
{
	while (world.servers != NULL)
		server_free(world.servers);
}

struct server_options *
server_options(struct server *s)
{
	return &s->options;
}

void
server_fault(struct server *s, const struct server_fault *fault)
{
	assert(s->faults < sizeof(s->fault) / sizeof(*s->fault));
	s->fault[s->faults++] = *fault;
}

void
server_well(struct server *s)
{
	s->faults = 0;
}

struct resource *
server_find(const struct server *s, struct cw_str reference)
{
	return cw_map_get(s->index, reference);
}

/* One member of an object as it stood. */
static void
copy_member(struct fhir_json_out *out, const struct fhir_json_scan *sc, int event)
{
	fhir_json_out_key_str(out, sc->key);
	if (event != FHIR_JSON_STRING) {
		fhir_json_out_raw(out, sc->value);
		return;
	}
	fhir_json_out_raw(out, (struct cw_str){ sc->value.s - 1, sc->value.n + 2 });
}

/* updated: UTC ms, or what the writer gave is kept. */
static void
write_meta(struct fhir_json_out *out, struct cw_str given, uint32_t version, const int64_t *updated,
    struct cw_arena *arena)
{
	struct fhir_time t = fhir_time_from_ms(updated == NULL ? 0 : *updated, 0);
	char text[FHIR_TIME_TEXT], number[16];
	struct fhir_json_scan sc;
	int event;

	snprintf(number, sizeof(number), "%u", version);
	fhir_json_out_key(out, "meta");
	fhir_json_out_object(out);
	fhir_json_out_member(out, "versionId", cw_str(number));
	t.kind = FHIR_TIME_INSTANT;
	if (updated != NULL)
		fhir_json_out_member(out, "lastUpdated", fhir_time_format(&t, text));
	if (given.s != NULL) {
		fhir_json_scan_init(&sc, given, arena, NULL);
		event = fhir_json_next(&sc, NULL);
		while ((event = fhir_json_next(&sc, NULL)) > FHIR_JSON_END) {
			if (event == FHIR_JSON_OBJECT_END)
				break;
			if ((event == FHIR_JSON_OBJECT || event == FHIR_JSON_ARRAY) &&
			    fhir_json_skip(&sc, NULL) < 0)
				break;
			if (!fhir_json_is(sc.key, "versionId") &&
			    (updated == NULL || !fhir_json_is(sc.key, "lastUpdated")))
				copy_member(out, &sc, event);
		}
	}
	fhir_json_out_object_end(out);
}

/* The text of a version: id and meta are the server's, status state if that is given. */
static bool
restate(struct cw_buf *buf, const struct resource *r, struct cw_str json, const char *state,
    const struct server_options *o, struct cw_arena *arena)
{
	struct fhir_json_scan sc;
	struct fhir_json_out out;
	struct cw_str meta = { NULL, 0 };
	int event;

	fhir_json_out_init(&out, buf, false);
	fhir_json_scan_init(&sc, json, arena, NULL);
	if (fhir_json_next(&sc, NULL) != FHIR_JSON_OBJECT)
		return false;
	fhir_json_out_object(&out);
	fhir_json_out_member(&out, "resourceType", cw_str(r->type));
	fhir_json_out_member(&out, "id", cw_str(r->id));
	while ((event = fhir_json_next(&sc, NULL)) > FHIR_JSON_END) {
		if (event == FHIR_JSON_OBJECT_END)
			break;
		if ((event == FHIR_JSON_OBJECT || event == FHIR_JSON_ARRAY) &&
		    fhir_json_skip(&sc, NULL) < 0)
			return false;
		if (fhir_json_is(sc.key, "meta"))
			meta = sc.value;
		else if (fhir_json_is(sc.key, "status") && state != NULL)
			fhir_json_out_member(&out, "status", cw_str(state));
		else if (fhir_json_is(sc.key, "criteria") && o->criteria != NULL &&
			 strcmp(r->type, "Subscription") == 0)
			fhir_json_out_member(&out, "criteria", cw_str(o->criteria));
		else if (!fhir_json_is(sc.key, "id") && !fhir_json_is(sc.key, "resourceType"))
			copy_member(&out, &sc, event);
	}
	write_meta(&out, meta, r->version, o->silent ? NULL : &r->updated, arena);
	fhir_json_out_object_end(&out);
	return event == FHIR_JSON_OBJECT_END;
}

static struct resource *
make(struct server *s, struct cw_str type, struct cw_str id)
{
	struct resource *r = cw_calloc(1, sizeof(*r));

	r->type = cw_malloc(type.n + id.n + 2);
	memcpy(r->type, type.s, type.n);
	r->type[type.n] = '\0';
	r->id = r->type + type.n + 1;
	memcpy(r->id, id.s, id.n);
	r->id[id.n] = '\0';
	r->reference = cw_malloc(type.n + id.n + 2);
	snprintf(r->reference, type.n + id.n + 2, "%s/%s", r->type, r->id);
	s->resource = cw_realloc(s->resource, (s->resources + 1) * sizeof(struct resource *));
	s->resource[s->resources++] = r;
	cw_map_put(s->index, cw_str(r->reference), r);
	return r;
}

struct resource *
server_store(
    struct server *s, struct cw_str type, struct cw_str id, struct cw_str json, const char *state)
{
	struct cw_arena *arena = cw_arena_new(0);
	struct resource *r;
	struct cw_buf buf;
	bool good;

	if (id.s == NULL)
		id = cw_fmt(arena, "%u", 1000 + ++s->last_id);
	r = server_find(s, cw_fmt(arena, "%.*s/%.*s", CW_ARG(type), CW_ARG(id)));
	if (r == NULL)
		r = make(s, type, id);
	r->version++;
	r->updated = world.wall;
	r->deleted = false;
	cw_buf_init(&buf, 0);
	good = restate(&buf, r, json, state, &s->options, arena);
	assert(good);
	free((char *)r->body.s);
	r->body = (struct cw_str){ buf.s, buf.n };
	cw_arena_free(arena);
	server_push(s, r);
	return r;
}

const char *
server_put(struct server *s, struct cw_str json)
{
	struct cw_arena *arena = cw_arena_new(0);
	const struct fhir_node *node;
	int rc = fhir_json_read(&node, json, arena, NULL, NULL);
	const char *reference;

	assert(rc == 0);
	(void)rc;
	reference = server_store(
	    s, fhir_node_text(node, "resourceType"), fhir_node_text(node, "id"), json, NULL)
			->reference;
	cw_arena_free(arena);
	return reference;
}

const char *
server_put_text(struct server *s, const char *json)
{
	return server_put(s, cw_str(json));
}

void
server_delete(struct server *s, const char *reference)
{
	struct resource *r = server_find(s, cw_str(reference));

	assert(r != NULL);
	r->version++;
	r->updated = world.wall;
	r->deleted = true;
}

void
server_status(struct server *s, const char *reference, const char *status)
{
	struct resource *r = server_find(s, cw_str(reference));
	char *json;

	assert(r != NULL);
	json = cw_strdup(r->body.s);
	server_store(s, cw_str(r->type), cw_str(r->id), cw_str(json), status);
	free(json);
}

struct cw_str
server_get(const struct server *s, const char *reference)
{
	const struct resource *r = server_find(s, cw_str(reference));

	return r == NULL || r->deleted ? cw_str(NULL) : r->body;
}

uint32_t
server_version(const struct server *s, const char *reference)
{
	const struct resource *r = server_find(s, cw_str(reference));

	return r == NULL ? 0 : r->version;
}

size_t
server_count(const struct server *s, const char *type)
{
	size_t n = 0;

	while (server_nth(s, type, n) != NULL)
		n++;
	return n;
}

const char *
server_nth(const struct server *s, const char *type, size_t i)
{
	for (size_t k = 0; k < s->resources; k++) {
		const struct resource *r = s->resource[k];

		if (!r->deleted && strcmp(r->type, type) == 0 && i-- == 0)
			return r->reference;
	}
	return NULL;
}

size_t
server_given_up(const struct server *s)
{
	return s->given_up;
}

void
server_refuse(struct exchange *x, int status, const char *code, const char *diagnostics)
{
	x->status = status;
	cw_buf_clear(&x->body);
	cw_buf_printf(&x->body,
	    "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":"
	    "\"%s\",\"diagnostics\":\"%s\"}]}",
	    code, diagnostics);
}

void
server_show(struct exchange *x, const struct resource *r, int status)
{
	x->status = status;
	cw_buf_str(&x->body, r->body);
	snprintf(x->etag, sizeof(x->etag), "W/\"%u\"", r->version);
	if (status == 201)
		x->location = cw_fmt(
		    x->arena, "%s/%s/_history/%u", x->server->base, r->reference, r->version);
}

static void
show_metadata(struct exchange *x)
{
	const struct server_options *o = &x->server->options;

	x->status = 200;
	cw_buf_printf(&x->body,
	    "{\"resourceType\":\"CapabilityStatement\",\"status\":\"active\",\"date\":\"2026-01-"
	    "01\",\"kind\":\"instance\",\"fhirVersion\":\"%s\",\"format\":[\"json\"],\"rest\":[{"
	    "\"mode\":\"server\",\"resource\":[{\"type\":\"ServiceRequest\",\"updateCreate\":%s,"
	    "\"conditionalCreate\":true},{\"type\":\"Provenance\",\"updateCreate\":%s}]}]}",
	    o->fhir_version, o->update_create ? "true" : "false",
	    o->update_create ? "true" : "false");
}

static void
read_one(struct exchange *x)
{
	const struct resource *r = server_find(x->server, x->path);

	if (r == NULL)
		server_refuse(x, 404, "not-found", "no such resource");
	else if (r->deleted)
		server_refuse(x, 410, "deleted", "it was deleted");
	else
		server_show(x, r, 200);
}

static void
serve(struct exchange *x)
{
	if (strcmp(x->request->method, "GET") != 0)
		server_write(x);
	else if (cw_str_is(x->path, "metadata"))
		show_metadata(x);
	else if (memchr(x->path.s, '/', x->path.n) != NULL)
		read_one(x);
	else
		server_search(x);
}

static struct server_fault *
fault_of(struct server *s, const struct fake_request *r)
{
	for (size_t i = 0; i < s->faults; i++) {
		struct server_fault *f = &s->fault[i];

		if (f->times != 0 && (f->method == NULL || strcmp(f->method, r->method) == 0) &&
		    (f->in_url == NULL || strstr(r->url, f->in_url) != NULL)) {
			f->times -= f->times > 0;
			return f;
		}
	}
	return NULL;
}

static void
fail(struct exchange *x, const struct server_fault *f)
{
	x->retry_after = f->retry_after;
	x->given_location = f->location;
	x->type = f->type;
	if (f->body != NULL) {
		x->status = f->status;
		cw_buf_puts(&x->body, f->body);
	} else if (f->bytes > 0) {
		x->status = f->status;
		cw_buf_puts(
		    &x->body, "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"x\":\"");
		while (x->body.n < f->bytes)
			cw_buf_puts(&x->body, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
		cw_buf_puts(&x->body, "\"}");
	} else {
		server_refuse(x, f->status, "processing", "told to fail");
	}
}

static void
add_header(struct world_answer *out, const char *name, struct cw_str value)
{
	char *copy;

	if (value.s == NULL || value.n == 0)
		return;
	copy = cw_malloc(value.n + 1);
	memcpy(copy, value.s, value.n);
	copy[value.n] = '\0';
	out->value[out->headers] = copy;
	out->header[out->headers++] = (struct http_header){ name, { copy, value.n } };
}

static void
answer(struct world_answer *out, struct exchange *x)
{
	out->outcome = HTTP_ANSWERED;
	out->status = x->status;
	out->body = x->body.s;
	out->n = x->body.n;
	add_header(out, "content-type",
	    cw_str(x->type != NULL ? x->type : "application/fhir+json;charset=utf-8"));
	add_header(out, "etag", cw_str(x->etag));
	add_header(
	    out, "location", x->given_location != NULL ? cw_str(x->given_location) : x->location);
	add_header(out, "retry-after", cw_str(x->retry_after));
}

static struct server *
server_of(const char *url)
{
	for (struct server *s = world.servers; s != NULL; s = s->next) {
		size_t n = strlen(s->base);

		if (strncmp(url, s->base, n) == 0 &&
		    (url[n] == '/' || url[n] == '?' || url[n] == '\0'))
			return s;
	}
	return NULL;
}

static void
take_apart(struct exchange *x)
{
	const char *rest = x->request->url + strlen(x->server->base);
	size_t n = strcspn(rest, "?");

	x->path = (struct cw_str){ rest + (*rest == '/'), n - (*rest == '/') };
	x->query = rest[n] == '?' ? cw_str(rest + n + 1) : cw_str("");
}

bool
world_serve(struct world_answer *out, const struct fake_request *request)
{
	struct exchange x = { .server = server_of(request->url), .request = request };
	struct server_fault *f;

	if (x.server == NULL)
		return false;
	f = fault_of(x.server, request);
	if (f != NULL && f->down)
		return false;
	x.arena = cw_arena_new(0);
	cw_buf_init(&x.body, 0);
	take_apart(&x);
	if (f != NULL && f->status != 0)
		fail(&x, f);
	else
		serve(&x);
	answer(out, &x);
	cw_arena_free(x.arena);
	if (f != NULL) {
		out->delay = f->delay;
		if (f->lose)
			out->outcome = HTTP_LOST;
	}
	return true;
}
