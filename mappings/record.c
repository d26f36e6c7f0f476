#include "config.h"

#include "fhir/json.h"
#include "fhir/reference.h"
#include "mappings/record_internal.h"
#include "mappings/sift.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct map_record *
map_record_new(const struct map_terminology *terms,
    void (*note)(void *arg, const struct map_note *note), void *arg)
{
	struct map_record *r = cw_calloc(1, sizeof(*r));

	r->terms = terms;
	r->note = note;
	r->arg = arg;
	r->keys = cw_arena_new(0);
	r->scratch = cw_arena_new(0);
	r->walk = cw_arena_new(0);
	r->settle = cw_arena_new(0);
	r->slots = cw_map_new();
	r->aliases = cw_map_new();
	r->base_of = cw_map_new();
	r->people = cw_map_new();
	r->seen = map_seen_new();
	return r;
}

void
map_record_free(struct map_record *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < cw_map_count(r->slots); i++) {
		struct map_slot *slot = cw_map_at(r->slots, i, NULL);

		free(slot->numbered);
		free(slot->unnumbered);
	}
	cw_map_free(r->slots);
	cw_map_free(r->aliases);
	cw_map_free(r->base_of);
	cw_map_free(r->people);
	map_seen_free(r->seen);
	cw_arena_free(r->keys);
	cw_arena_free(r->scratch);
	cw_arena_free(r->walk);
	cw_arena_free(r->settle);
	free(r->base);
	free(r);
}

const struct map_record_counts *
map_record_counts(const struct map_record *r)
{
	return &r->counts;
}

/* Of the ways in which one base was written the last in byte order is printed: https before http,
 * whichever came first. */
static void
enter_text(struct map_record *r, struct map_base *b, struct cw_str base)
{
	while (base.n > 0 && base.s[base.n - 1] == '/')
		base.n--;
	if (b->text.s == NULL || cw_str_cmp(base, b->text) > 0)
		b->text = cw_str_dup(r->keys, base);
}

uint32_t
map_record_base(struct map_record *r, struct cw_str base)
{
	char room[FHIR_BASE_NAME];
	struct cw_str name = fhir_reference_base_name(base, room);
	uintptr_t known;

	if (name.s == NULL)
		return 0;
	if (r->last_base > 0 && cw_str_eq(r->base[r->last_base - 1].text, base))
		return r->last_base;
	known = (uintptr_t)cw_map_get(r->base_of, name);
	if (known == 0) {
		r->base = cw_realloc(r->base, (r->bases + 1) * sizeof(*r->base));
		r->base[r->bases] = (struct map_base){ .name = cw_str_dup(r->keys, name) };
		known = ++r->bases;
		cw_map_put(r->base_of, r->base[known - 1].name, (void *)known);
	}
	enter_text(r, &r->base[known - 1], base);
	r->last_base = (uint32_t)known;
	return r->last_base;
}

uint32_t
map_record_base_known(const struct map_record *r, struct cw_str base)
{
	char room[FHIR_BASE_NAME];
	struct cw_str name = fhir_reference_base_name(base, room);
	uintptr_t known = name.s == NULL ? 0 : (uintptr_t)cw_map_get(r->base_of, name);

	return name.s != NULL && known == 0 ? MAP_BASE_UNKNOWN : (uint32_t)known;
}

struct cw_str
map_record_key(const struct map_record *r, struct cw_str type, struct cw_str id, uint32_t base,
    struct cw_arena *arena)
{
	struct cw_str name = base == 0 ? CW_STR("") : r->base[base - 1].name;

	return cw_fmt(arena, "%.*s/%.*s%s%.*s", CW_ARG(type), CW_ARG(id), base == 0 ? "" : "\n",
	    CW_ARG(name));
}

bool
map_record_global(struct cw_str url)
{
	static const struct cw_str uuid = { "urn:uuid:", 9 };

	if (!cw_str_starts(url, CW_STR("urn:")))
		return memchr(url.s, ':', url.n) != NULL;
	if (!cw_str_starts(url, uuid))
		return true;
	if (url.n != uuid.n + 36)
		return false;
	for (size_t i = 0; i < 36; i++) {
		char c = url.s[uuid.n + i];
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? c != '-'
			 : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
			       (c >= 'A' && c <= 'F')))
			return false;
	}
	return true;
}

/* ---- what was read where ---- */

static void
note(struct map_record *r, const struct map_note *n)
{
	if (r->note != NULL)
		r->note(r->arg, n);
}

void
map_record_tell(struct map_record *r, const struct map_kept *k, enum map_issue_kind kind,
    bool whole, const char *text)
{
	struct map_note n = { .kind = kind,
		.file = k->from->file,
		.line = k->line,
		.path = k->path,
		.source = k->source,
		.text = cw_str(text),
		.whole = whole };

	note(r, &n);
}

/* A fault in the text being read; its line counts from `line` of the text. */
void
map_record_fault(struct map_record *r, const struct cw_err *fault, size_t line, const char *prefix)
{
	const char *rest = strchr(fault->path, '.');
	char path[512];
	struct map_note n = { .kind = MAP_ISSUE_MALFORMED,
		.file = r->from->file,
		.line = r->from_line + line - 1 + (fault->line > 0 ? fault->line - 1 : 0),
		.column = fault->column,
		.text = cw_str(fault->text),
		.whole = true };

	if (prefix == NULL)
		n.path = cw_str(fault->path);
	else if (snprintf(path, sizeof(path), "%s%s", prefix, rest == NULL ? "" : rest) > 0)
		n.path = cw_str(path);
	note(r, &n);
}

/* Something about an entry as a whole. */
static void
tell_entry(
    struct map_record *r, const struct fhir_entry *e, enum map_issue_kind kind, const char *text)
{
	char path[512];
	struct map_note n = { .kind = kind,
		.file = r->from->file,
		.line = r->from_line + fhir_entry_line(e) - 1,
		.path = cw_str(fhir_entry_path(e, path, sizeof(path))),
		.text = cw_str(text),
		.whole = true };

	note(r, &n);
}

/* ---- one entry ---- */

static struct cw_str
nameless_key(struct map_record *r, const struct fhir_entry *e, const struct map_identity *me)
{
	char hex[2 * MAP_DIGEST_SIZE + 1];

	if (e->full_url.n > 0 && map_record_global(e->full_url))
		return cw_fmt(r->scratch, "%.*s\n%.*s", CW_ARG(me->type), CW_ARG(e->full_url));
	/* Two that say the same are two where they are called differently. */
	if (e->full_url.n > 0)
		return cw_fmt(r->scratch, "%.*s#%.*s\n%zu", CW_ARG(me->type), CW_ARG(e->full_url),
		    r->bundle + e->bundle);
	map_digest_hex(hex, e->resource.s, e->resource.n);
	return cw_fmt(r->scratch, "%.*s#%s\n%zu", CW_ARG(me->type), hex, r->bundle + e->bundle);
}

static void
identify(struct map_record *r, struct map_identity *me, const struct fhir_entry *e,
    const struct map_sift_result *s)
{
	bool whole_url = me->url.kind == FHIR_REFERENCE_ABSOLUTE;

	me->type = s->type.s != NULL ? s->type : e->type;
	me->id = s->id;
	me->base = whole_url ? map_record_base(r, me->url.base) : 0;
	if (me->id.s == NULL && whole_url && cw_str_eq(me->url.type, me->type))
		me->id = me->url.id;
	me->nameless = me->id.s == NULL;
	me->version_text = s->version;
	me->key = me->nameless ? nameless_key(r, e, me)
			       : map_record_key(r, me->type, me->id, me->base, r->scratch);
	map_digest(me->digest, e->resource.s, e->resource.n);
	me->version.digest = (uint16_t)(me->digest[0] << 8 | me->digest[1]);
	me->version.numbered = map_version_number(&me->version.number, s->version);
	me->version.updated = map_version_instant(s->updated);
}

void
map_record_forget(struct map_record *r, const struct map_identity *me)
{
	map_seen_add(r->seen, cw_hash(me->key.s, me->key.n), &me->version);
}

static void
on_delete(struct map_record *r, const struct fhir_entry *e, struct map_identity *me)
{
	struct fhir_reference url;

	fhir_reference_parse(&url, e->url);
	if (url.kind != FHIR_REFERENCE_RELATIVE && url.kind != FHIR_REFERENCE_ABSOLUTE)
		url = me->url;
	if (url.kind != FHIR_REFERENCE_RELATIVE && url.kind != FHIR_REFERENCE_ABSOLUTE) {
		tell_entry(r, e, MAP_ISSUE_UNREAD, "a deletion that names no single resource");
		return;
	}
	r->counts.deletions++;
	me->met = MAP_MET_DELETED;
	me->type = url.type;
	me->id = url.id;
	me->version_text = e->etag;
	if (url.base.s == NULL && me->url.kind == FHIR_REFERENCE_ABSOLUTE)
		url.base = me->url.base;
	me->key = map_record_key(r, url.type, url.id, map_record_base(r, url.base), r->scratch);
	me->version.withdrawn = true;
	me->version.numbered = map_version_number(&me->version.number, e->etag);
	me->version.updated = map_version_instant(e->modified);
	if (me->version.updated == MAP_VERSION_NEVER)
		me->version.updated = MAP_VERSION_ALWAYS;
	map_record_forget(r, me);
}

static bool
has_word(struct cw_str text, struct cw_str word)
{
	return memmem(text.s, text.n, word.s, word.n) != NULL;
}

static int
on_resource(struct map_record *r, const struct fhir_entry *e, struct map_identity *me)
{
	static const struct cw_str error = { "\"entered-in-error\"", 18 };
	struct map_sift_result s;
	struct cw_err fault = { 0 };
	char path[512];

	r->counts.resources++;
	if (map_sift(&s, e->resource, r->terms, r->scratch, &fault) < 0 ||
	    s.verdict == MAP_SIFT_BROKEN) {
		me->met = MAP_MET_BROKEN;
		map_record_fault(
		    r, &fault, fhir_entry_line(e), fhir_entry_path(e, path, sizeof(path)));
		return CW_OK;
	}
	if (s.verdict == MAP_SIFT_OTHER) {
		me->met = MAP_MET_OTHER;
		me->type = s.type;
		r->counts.other++;
		return CW_OK;
	}
	identify(r, me, e, &s);
	/* An id with escapes is not seen by the sift; the tree will tell it. */
	if (s.verdict == MAP_SIFT_PASS || (s.id.s == NULL && has_word(e->resource, CW_STR("\\"))))
		return map_record_keep(r, e, me);
	r->counts.dropped++;
	me->met = MAP_MET_EMPTY;
	me->version.withdrawn = has_word(e->resource, error);
	if (!me->nameless)
		map_record_forget(r, me);
	return CW_OK;
}

static int
on_entry(void *arg, const struct fhir_entry *e, struct cw_err *err)
{
	struct map_record *r = arg;
	struct map_identity me = { 0 };

	(void)err;
	cw_arena_reset(r->scratch);
	fhir_reference_parse(&me.url, e->full_url);
	if (fhir_json_is(e->method, "DELETE")) {
		me.met = MAP_MET_BROKEN;
		on_delete(r, e, &me);
	} else if (e->resource.s != NULL && on_resource(r, e, &me) < 0) {
		return CW_ELIMIT;
	}
	if (r->met != NULL)
		r->met(r->met_arg, e, &me);
	return CW_OK;
}

/* ---- one text ---- */

static void
on_fault(void *arg, const struct cw_err *fault)
{
	map_record_fault(arg, fault, 1, NULL);
}

/* The origin without its line, kept once for all texts of one file. */
static const struct map_origin *
intern(struct map_record *r, const struct map_origin *from)
{
	struct map_origin *copy;

	if (r->from != NULL && cw_str_eq(r->from->file, from->file) &&
	    cw_str_eq(r->from->feed, from->feed) && r->from->received == from->received)
		return r->from;
	copy = cw_alloc(r->keys, sizeof(*copy));
	*copy = *from;
	copy->file = cw_str_dup(r->keys, from->file);
	copy->feed = cw_str_dup(r->keys, from->feed);
	return copy;
}

void
map_record_entry(struct map_record *r, const struct fhir_entry *e, const struct map_origin *from)
{
	r->from = intern(r, from);
	r->from_line = 1;
	(void)on_entry(r, e, NULL); /* fails only where a walk would go on */
	r->bundle += FHIR_BUNDLE_ENTRIES + 1;
	r->settled = false;
}

void
map_record_add(struct map_record *r, struct cw_str text, const struct map_origin *from)
{
	struct fhir_bundle_user user = { .entry = on_entry, .fault = on_fault, .arg = r };
	struct cw_err fault = { 0 };

	r->from = intern(r, from);
	r->from_line = from->line == 0 ? 1 : from->line;
	cw_arena_reset(r->walk);
	if (fhir_bundle_walk(text, &user, r->walk, &fault) < 0) {
		size_t n = strlen(fault.text);

		if (strncmp(fault.path, "Bundle.entry", 12) == 0)
			snprintf(fault.text + n, sizeof(fault.text) - n,
			    "; what stands before it was read");
		map_record_fault(r, &fault, 1, NULL);
	}
	r->bundle += FHIR_BUNDLE_ENTRIES + 1;
	r->settled = false;
}
