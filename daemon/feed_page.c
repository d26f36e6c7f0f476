/* A page of a search: its links, its times, and jobs made of its entries. */
#include <string.h>

#include "daemon/feed_internal.h"

enum {
	CHUNK_ENTRIES = 25,	  /* of one job: what is irrelevant is dropped in whole jobs */
	CHUNK_BYTES = 256 * 1024, /* the entry that passes it is the last */
	KNOWN = 1 << 16
};

struct reading {
	struct feed_page *page;
	struct feed *feed;
	const struct feed_type *type;
	struct cw_arena *scratch, *small; /* small: of one entry */
	int64_t after;
	struct cw_buf chunk;
	size_t in_chunk;
};

static void
flush(struct reading *r)
{
	struct feed_poll *poll = &r->feed->poll;
	struct job *job;

	if (r->in_chunk == 0)
		return;
	cw_buf_puts(&r->chunk, "]}");
	job = job_new(JOB_INTAKE);
	job->feed = r->feed->number;
	job->at = loop_now(r->feed->world.loop);
	job->row = (struct store_inbox){ .feed = r->feed->number,
		.how = STORE_PAGE,
		.received = job->at,
		.units = (int64_t)r->in_chunk,
		.backfill = !r->type->loaded,
		.body = cw_str_dup(job->arena, (struct cw_str){ r->chunk.s, r->chunk.n }) };
	*poll->end_of = job;
	poll->end_of = &job->next;
	r->in_chunk = 0;
}

/* The same bytes were taken in before: the overlap of polls is mostly that. */
static bool
is_known(struct feed *feed, struct cw_str entry)
{
	uint64_t hash = cw_hash(entry.s, entry.n);
	uint64_t *place = &feed->poll.known[hash % KNOWN];

	if (*place == hash)
		return true;
	*place = hash;
	return false;
}

static void
take_time(struct reading *r, const struct fhir_node *resource)
{
	int64_t at;

	if (!cw_str_eq(fhir_node_resource_type(resource), r->type->name))
		return;
	at = map_version_instant(fhir_node_text(fhir_node_get(resource, "meta"), "lastUpdated"));
	if (at == MAP_VERSION_NEVER || at < r->after)
		r->page->sorted = false;
	r->after = at;
	if (at > r->page->newest)
		r->page->newest = at;
}

static void
take_entry(struct reading *r, struct cw_str text)
{
	const struct fhir_node *entry;
	struct cw_str mode;

	r->page->entries++;
	cw_arena_reset(r->small);
	if (fhir_json_read(&entry, text, r->small, NULL, NULL) < 0)
		return; /* never: the scan has checked it */
	mode = fhir_node_text(fhir_node_get(entry, "search"), "mode");
	if (cw_str_is(mode, "outcome"))
		return;
	take_time(r, fhir_node_get(entry, "resource"));
	if (is_known(r->feed, text))
		return;
	if (r->in_chunk == 0) {
		cw_buf_clear(&r->chunk);
		cw_buf_puts(
		    &r->chunk, "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[");
	} else {
		cw_buf_putc(&r->chunk, ',');
	}
	cw_buf_str(&r->chunk, text);
	if (++r->in_chunk >= CHUNK_ENTRIES || r->chunk.n > CHUNK_BYTES)
		flush(r);
}

static int
take_entries(struct reading *r, struct fhir_json_scan *sc)
{
	int event;

	while ((event = fhir_json_next(sc, NULL)) != FHIR_JSON_ARRAY_END) {
		if (event < 0)
			return event;
		if (event == FHIR_JSON_ARRAY || event == FHIR_JSON_OBJECT) {
			int rc = fhir_json_skip(sc, NULL);

			if (rc < 0)
				return rc;
		}
		if (event == FHIR_JSON_OBJECT)
			take_entry(r, sc->value);
	}
	return CW_OK;
}

static void
take_links(struct reading *r, struct cw_str text)
{
	const struct fhir_node *list;

	if (fhir_json_read(&list, text, r->scratch, NULL, NULL) < 0)
		return;
	for (const struct fhir_node *l = list->child; l != NULL; l = l->next) {
		struct cw_str relation = fhir_node_text(l, "relation");

		if (cw_str_is(relation, "self"))
			r->page->self = fhir_node_text(l, "url");
		else if (cw_str_is(relation, "next"))
			r->page->next = fhir_node_text(l, "url");
	}
}

static int
take_member(struct reading *r, struct fhir_json_scan *sc, int event, bool *bundle)
{
	int rc = CW_OK;

	if (event == FHIR_JSON_STRING && fhir_json_is(sc->key, "resourceType"))
		*bundle = fhir_json_is(sc->value, "Bundle");
	if (event == FHIR_JSON_ARRAY && fhir_json_is(sc->key, "entry"))
		return take_entries(r, sc);
	if (event == FHIR_JSON_ARRAY || event == FHIR_JSON_OBJECT)
		rc = fhir_json_skip(sc, NULL);
	if (rc == CW_OK && event == FHIR_JSON_ARRAY && fhir_json_is(sc->key, "link"))
		take_links(r, sc->value);
	return rc;
}

static int
read_all(struct reading *r, struct cw_str text)
{
	struct fhir_json_scan sc;
	bool bundle = false;
	int event, rc = CW_OK;

	fhir_json_scan_init(&sc, text, r->scratch, NULL);
	event = fhir_json_next(&sc, NULL);
	if (event != FHIR_JSON_OBJECT)
		return event < 0 ? event : CW_ETYPE;
	while (rc == CW_OK && (event = fhir_json_next(&sc, NULL)) != FHIR_JSON_END) {
		if (event < 0)
			return event;
		if (event != FHIR_JSON_OBJECT_END)
			rc = take_member(r, &sc, event, &bundle);
	}
	return rc < 0 ? rc : bundle ? CW_OK : CW_ETYPE;
}

/* A page that breaks off may have given jobs already: they stay, for what was read is whole. */
int
feed_page_read(struct feed_page *page, struct feed *feed, const struct feed_type *type,
    struct cw_str text, int64_t after, struct cw_arena *scratch)
{
	struct reading r = { .page = page,
		.feed = feed,
		.type = type,
		.scratch = scratch,
		.small = cw_arena_new(0),
		.after = after };
	int rc;

	*page = (struct feed_page){ .newest = MAP_VERSION_NEVER, .sorted = true };
	cw_buf_init(&r.chunk, 0);
	rc = read_all(&r, text);
	flush(&r);
	cw_buf_fini(&r.chunk);
	cw_arena_free(r.small);
	return rc;
}
