/* Searches of the fake server: a few parameters, pages, and a cache. */
#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fhir/time.h"
#include "mappings/version.h"
#include "tests/fake/server_internal.h"

/* The value of a parameter, decoded; absent when it is not there. */
static struct cw_str
param(struct cw_str query, const char *name, struct cw_arena *arena)
{
	size_t n = strlen(name), i = 0, end;

	for (; i < query.n; i = end + 1) {
		const char *amp = memchr(query.s + i, '&', query.n - i);
		struct cw_buf buf;
		struct cw_str value;

		end = amp == NULL ? query.n : (size_t)(amp - query.s);
		if (end - i < n + 1 || memcmp(query.s + i, name, n) != 0 || query.s[i + n] != '=')
			continue;
		cw_buf_init(&buf, 0);
		for (size_t k = i + n + 1; k < end; k++) {
			char hex[3] = { 0 };

			if (query.s[k] == '%' && k + 2 < end + 0) {
				memcpy(hex, query.s + k + 1, 2);
				cw_buf_putc(&buf, (char)strtol(hex, NULL, 16));
				k += 2;
			} else {
				cw_buf_putc(&buf, query.s[k]);
			}
		}
		value = cw_str_dup(arena, (struct cw_str){ buf.n > 0 ? buf.s : "", buf.n });
		cw_buf_fini(&buf);
		return value;
	}
	return cw_str(NULL);
}

static bool
has_identifier(const struct fhir_node *node, struct cw_str token)
{
	for (const struct fhir_node *i = fhir_node_get(node, "identifier"); i != NULL;
	     i = fhir_node_again(i)) {
		struct cw_str system = fhir_node_text(i, "system"),
			      value = fhir_node_text(i, "value");

		if (token.n == system.n + 1 + value.n &&
		    memcmp(token.s, system.s == NULL ? "" : system.s, system.n) == 0 &&
		    token.s[system.n] == '|' &&
		    memcmp(token.s + system.n + 1, value.s == NULL ? "" : value.s, value.n) == 0)
			return true;
	}
	return false;
}

static bool
matches(const struct resource *r, struct cw_str query, struct cw_arena *arena)
{
	struct cw_str identifier = param(query, "identifier", arena);
	struct cw_str url = param(query, "url", arena), id = param(query, "_id", arena);
	const struct fhir_node *node;

	if (id.s != NULL && !cw_str_is(id, r->id))
		return false;
	if (identifier.s == NULL && url.s == NULL)
		return true;
	if (fhir_json_read(&node, r->body, arena, NULL, NULL) < 0)
		return false;
	if (identifier.s != NULL && !has_identifier(node, identifier))
		return false;
	return url.s == NULL ||
	       cw_str_eq(fhir_node_text(fhir_node_get(node, "channel"), "endpoint"), url);
}

size_t
server_match(const struct server *s, struct cw_str type, struct cw_str query,
    struct resource **found, size_t n, struct cw_arena *arena)
{
	size_t k = 0;

	for (size_t i = 0; i < s->resources && k < n; i++) {
		struct resource *r = s->resource[i];

		if (!r->deleted && cw_str_is(type, r->type) && matches(r, query, arena))
			found[k++] = r;
	}
	return k;
}

static int
by_time(const void *a, const void *b)
{
	const struct resource *x = *(struct resource *const *)a, *y = *(struct resource *const *)b;

	return x->updated < y->updated ? -1 : x->updated > y->updated;
}

static void
link_to(struct fhir_json_out *out, const char *relation, struct cw_str url)
{
	fhir_json_out_object(out);
	fhir_json_out_member(out, "relation", cw_str(relation));
	fhir_json_out_member(out, "url", url);
	fhir_json_out_object_end(out);
}

static struct cw_str
without_since(struct cw_str query, struct cw_arena *arena)
{
	struct cw_buf buf;

	cw_buf_init(&buf, 0);
	for (size_t i = 0; i < query.n;) {
		const char *amp = memchr(query.s + i, '&', query.n - i);
		size_t end = amp == NULL ? query.n : (size_t)(amp - query.s);

		if (strncmp(query.s + i, "_lastUpdated", 12) != 0) {
			if (buf.n > 0)
				cw_buf_putc(&buf, '&');
			cw_buf_add(&buf, query.s + i, end - i);
		}
		i = end + 1;
	}
	query = cw_str_dup(arena, (struct cw_str){ buf.n > 0 ? buf.s : "", buf.n });
	cw_buf_fini(&buf);
	return query;
}

static struct paging *
page_of(struct exchange *x, struct cw_str query, struct cw_str type)
{
	struct cw_str token = param(query, "_getpages", x->arena);
	struct server *s = x->server;
	struct paging *p;

	for (p = s->pagings; token.s != NULL && p != NULL; p = p->next) {
		if (p->id == strtoul(token.s, NULL, 10))
			return p;
	}
	if (token.s != NULL)
		return NULL;
	p = cw_calloc(1, sizeof(*p));
	p->id = ++s->last_paging;
	p->query = cw_strdup(cw_fmt(x->arena, "%.*s?%.*s", CW_ARG(type), CW_ARG(query)).s);
	p->next = s->pagings;
	s->pagings = p;
	return p;
}

static void
links(struct exchange *x, struct fhir_json_out *out, const struct paging *p, size_t next)
{
	const struct server_options *o = &x->server->options;
	struct cw_str self = cw_str(x->request->url);

	fhir_json_out_key(out, "link");
	fhir_json_out_array(out);
	if (o->ignore_since)
		self = cw_fmt(x->arena, "%s/%.*s?%.*s", x->server->base, CW_ARG(x->path),
		    CW_ARG(without_since(x->query, x->arena)));
	if (!o->no_self)
		link_to(out, "self", self);
	if (next > 0)
		link_to(out, "next",
		    cw_fmt(x->arena, "%s?_getpages=%u&_getpagesoffset=%zu%s",
			o->foreign_next != NULL ? o->foreign_next : x->server->base, p->id,
			o->circle ? 0 : next,
			o->endless ? cw_fmt(x->arena, "&x=%zu", world.requests).s : ""));
	fhir_json_out_array_end(out);
}

static void
bundle(struct exchange *x, struct resource **found, size_t n, const struct paging *p, size_t from,
    size_t count)
{
	bool endless = x->server->options.endless || x->server->options.circle;
	struct fhir_json_out out;

	if (endless)
		from = 0;
	fhir_json_out_init(&out, &x->body, false);
	fhir_json_out_object(&out);
	fhir_json_out_member(&out, "resourceType", CW_STR("Bundle"));
	fhir_json_out_member(&out, "type", CW_STR("searchset"));
	links(x, &out, p, from + count < n || endless ? from + count : 0);
	if (from < n) {
		fhir_json_out_key(&out, "entry");
		fhir_json_out_array(&out);
	}
	for (size_t i = from; i < n && i < from + count; i++) {
		fhir_json_out_object(&out);
		fhir_json_out_member(&out, "fullUrl",
		    cw_fmt(x->arena, "%s/%s", x->server->base, found[i]->reference));
		fhir_json_out_key(&out, "resource");
		fhir_json_out_raw(&out, found[i]->body);
		fhir_json_out_key(&out, "search");
		fhir_json_out_raw(&out, CW_STR("{\"mode\":\"match\"}"));
		fhir_json_out_object_end(&out);
	}
	if (from < n)
		fhir_json_out_array_end(&out);
	fhir_json_out_object_end(&out);
	x->status = 200;
}

static void
find_all(struct exchange *x)
{
	struct paging *p = page_of(x, x->query, x->path);
	struct resource **found = cw_malloc((x->server->resources + 1) * sizeof(*found));
	struct cw_str type, query, since, count, offset;
	size_t n, kept = 0, page = x->server->options.page;

	if (p == NULL) {
		server_refuse(x, 410, "not-found", "Search ID does not exist");
		free(found);
		return;
	}
	type = (struct cw_str){ p->query, strcspn(p->query, "?") };
	query = cw_str(p->query + type.n + 1);
	since = param(query, "_lastUpdated", x->arena);
	count = param(query, "_count", x->arena);
	offset = param(x->query, "_getpagesoffset", x->arena);
	n = server_match(x->server, type, query, found, x->server->resources, x->arena);
	for (size_t i = 0; i < n; i++) {
		if (since.s == NULL || x->server->options.ignore_since ||
		    found[i]->updated >=
			map_version_instant((struct cw_str){ since.s + 2, since.n - 2 }))
			found[kept++] = found[i];
	}
	if (cw_str_is(param(query, "_sort", x->arena), "_lastUpdated"))
		qsort(found, kept, sizeof(*found), by_time);
	if (count.s != NULL && strtoul(count.s, NULL, 10) < page)
		page = strtoul(count.s, NULL, 10);
	bundle(x, found, kept, p, offset.s == NULL ? 0 : strtoul(offset.s, NULL, 10), page);
	free(found);
}

void
server_search(struct exchange *x)
{
	struct search *c;
	struct cw_str control = fake_header(x->request, "Cache-Control");

	for (c = x->server->cache; c != NULL; c = c->next) {
		if (strcmp(c->url, x->request->url) == 0)
			break;
	}
	if (c != NULL && !cw_str_is(control, "no-cache") &&
	    world.wall - c->at < x->server->options.cache) {
		x->status = 200;
		cw_buf_add(&x->body, c->body, c->n);
		return;
	}
	find_all(x);
	if (x->status != 200 || cw_str_is(control, "no-cache"))
		return;
	if (c == NULL) {
		c = cw_calloc(1, sizeof(*c));
		c->url = cw_strdup(x->request->url);
		c->next = x->server->cache;
		x->server->cache = c;
	}
	free(c->body);
	c->at = world.wall;
	c->n = x->body.n;
	c->body = cw_malloc(c->n + 1);
	memcpy(c->body, x->body.s, c->n);
}
