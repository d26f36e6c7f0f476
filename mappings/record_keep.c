#include "fhir/json.h"
#include "fhir/reference.h"
#include "mappings/record_internal.h"

#include <stdlib.h>
#include <string.h>

/* Of one resource; far above what any has, and far below what would hurt. */
const struct fhir_json_limits map_record_limits = { .elements = 1000000 };

/* Nobody reads the rest of a Patient, and there may be very many. */
static bool
wanted_of_patient(struct cw_str key)
{
	static const char *const names[] = { "resourceType", "id", "meta", "implicitRules",
		"active", "_active", "deceasedBoolean", "_deceasedBoolean", "deceasedDateTime",
		"_deceasedDateTime", "identifier", "link", "modifierExtension" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (cw_str_is(key, names[i]))
			return true;
	}
	return false;
}

/* Narrative, documents and pictures make a resource large and are not read. */
static bool
wanted_of_large(struct cw_str key)
{
	return !fhir_json_is(key, "text") && !fhir_json_is(key, "presentedForm") &&
	       !fhir_json_is(key, "photo");
}

enum { LARGE = 1 << 16 };

struct cw_str
map_record_slim(struct cw_str text, bool patient, struct cw_arena *arena)
{
	char *out, *to;
	const char *last;
	struct fhir_json_scan sc;
	int rc;

	out = to = cw_alloc_raw(arena, text.n + 1);
	if (out == NULL)
		return (struct cw_str){ NULL, 0 };
	fhir_json_scan_init(&sc, text, arena, &map_record_limits);
	rc = fhir_json_next(&sc, NULL);
	last = sc.p;
	while (rc >= 0 && (rc = fhir_json_next(&sc, NULL)) > 0 && rc != FHIR_JSON_OBJECT_END) {
		bool wanted = patient ? wanted_of_patient(sc.key) : wanted_of_large(sc.key);

		if (rc == FHIR_JSON_OBJECT || rc == FHIR_JSON_ARRAY)
			rc = fhir_json_skip(&sc, NULL);
		while (last < sc.p && *last != '"')
			last++;
		if (wanted) {
			*to = to == out ? '{' : ',';
			memcpy(to + 1, last, (size_t)(sc.p - last));
			to += 1 + (sc.p - last);
		}
		last = sc.p;
	}
	if (rc < 0 || to == out)
		return (struct cw_str){ NULL, 0 };
	*to++ = '}';
	return (struct cw_str){ out, (size_t)(to - out) };
}

static struct cw_str
put(char **at, struct cw_str s)
{
	char *p = *at;

	if (s.n > 0)
		memcpy(p, s.s, s.n);
	p[s.n] = '\0';
	*at += s.n + 1;
	return (struct cw_str){ p, s.n };
}

/* One allocation for the version and all its strings. */
static struct map_kept *
copy_kept(const struct map_kept *k)
{
	size_t n = sizeof(*k) + k->type.n + k->source.n + k->path.n + k->text.n +
		   k->subject.text.n + k->other.text.n + 6;
	struct map_kept *copy = cw_malloc(n);
	char *at = (char *)(copy + 1);

	*copy = *k;
	copy->type = put(&at, k->type);
	copy->source = put(&at, k->source);
	copy->path = put(&at, k->path);
	copy->text = put(&at, k->text);
	copy->subject.text = put(&at, k->subject.text);
	copy->other.text = put(&at, k->other.text);
	return copy;
}

static struct map_slot *
slot_of(struct map_record *r, struct cw_str key)
{
	struct map_slot *slot = cw_map_get(r->slots, key);

	if (slot != NULL)
		return slot;
	slot = cw_alloc(r->keys, sizeof(*slot));
	slot->key = cw_str_dup(r->keys, key);
	slot->seq = ++r->seq;
	cw_map_put(r->slots, slot->key, slot);
	return slot;
}

/* The version takes its place, or goes because a better one is there. */
static void
enter(struct map_record *r, const struct map_kept *k, struct cw_str key)
{
	struct map_slot *slot = slot_of(r, key);
	struct map_kept **place = k->version.numbered ? &slot->numbered : &slot->unnumbered;
	int c = 1;

	if (*place != NULL) {
		int digest = memcmp(k->digest, (*place)->digest, MAP_DIGEST_SIZE);

		if (digest == 0) {
			r->counts.duplicates++;
			return;
		}
		r->counts.superseded++;
		c = map_version_cmp(&k->version, &(*place)->version);
		slot->tie = c == 0 || (slot->tie && c < 0);
		c = c == 0 ? digest : c;
	} else {
		r->counts.kept++;
	}
	if (c < 0)
		return;
	free(*place);
	*place = copy_kept(k);
	(*place)->slot = slot;
	(*place)->seq = slot->seq;
}

static void
enter_name(struct map_record *r, struct cw_str name, struct cw_str key)
{
	struct map_alias *a = cw_map_get(r->aliases, name);

	if (a != NULL) {
		a->ambiguous = a->ambiguous || !cw_str_eq(a->key, key);
		return;
	}
	a = cw_alloc(r->keys, sizeof(*a));
	a->key = cw_str_dup(r->keys, key);
	cw_map_put(r->aliases, cw_str_dup(r->keys, name), a);
}

/* Under which names it is referred to that do not tell its type and id: full URL, canonical. */
static void
enter_names(struct map_record *r, const struct fhir_entry *e, const struct map_identity *me,
    const struct fhir_node *tree)
{
	struct cw_str url = fhir_node_text(tree, "url");

	if (cw_str_is(me->type, "Questionnaire") && url.n > 0)
		enter_name(r, url, me->key);
	if (e->full_url.n == 0 ||
	    (me->url.kind == FHIR_REFERENCE_ABSOLUTE && cw_str_eq(me->url.id, me->id)))
		return;
	enter_name(r, e->full_url, me->key);
	enter_name(r, cw_fmt(r->scratch, "%.*s\n%zu", CW_ARG(e->full_url), r->bundle + e->bundle),
	    me->key);
}

struct cw_str
map_record_alias(struct map_record *r, size_t bundle, struct cw_str url)
{
	struct cw_str own = cw_fmt(r->settle, "%.*s\n%zu", CW_ARG(url), bundle);
	const struct map_alias *a = cw_map_get(r->aliases, own);

	if (a == NULL)
		a = cw_map_get(r->aliases, url);
	return a == NULL || a->ambiguous ? (struct cw_str){ NULL, 0 } : a->key;
}

/* The end of the year 9999: nothing lies ahead of it. */
#define LATE INT64_C(253402300799999)

struct nobody {
	struct map_record *r;
	const struct map_kept *k;
};

static void
tell_nobody(void *arg, const struct map_issue *issue)
{
	const struct nobody *n = arg;
	const char *rest = strchr(issue->path, '.');
	struct map_kept at = *n->k;

	if (issue->kind != MAP_ISSUE_MALFORMED &&
	    (!issue->whole || issue->kind == MAP_ISSUE_PARKED))
		return;
	at.path = cw_fmt(n->r->scratch, "%.*s%s", CW_ARG(at.path), rest == NULL ? "" : rest);
	map_record_tell(n->r, &at, issue->kind, true, issue->text);
}

/* Nobody is named: the reader knows whether somebody should be, and whether it matters. False if
 * the resource is of a type that is about a patient. */
static bool
may_be_nobody(struct map_record *r, const struct map_kept *k, const struct fhir_node *tree)
{
	struct nobody n = { r, k };
	struct map_read_context ctx = { .terms = r->terms,
		.now = LATE,
		.received = LATE,
		.source = k->source,
		.issue = tell_nobody,
		.arg = &n };
	struct map_findings none;
	int rc;

	map_findings_init(&none, r->scratch);
	rc = map_findings_read(&none, tree, &ctx, NULL);
	map_findings_fini(&none);
	return rc == MAP_READ_OTHER;
}

/* Can it be anybody's? If not, it is said. */
static bool
is_somebody(struct map_record *r, const struct map_kept *k, const struct fhir_node *tree)
{
	switch (k->subject.kind) {
	case WHO_REFERENCE:
	case WHO_IDENTIFIER:
	case WHO_CONTAINED:
		return true;
	case WHO_OTHER:
		map_record_tell(r, k, MAP_ISSUE_SKIPPED, true, "is not about a patient");
		return false;
	case WHO_WRONG:
		map_record_tell(r, k, MAP_ISSUE_UNREAD, true,
		    "the reference to the patient leads to another kind of resource");
		return false;
	case WHO_NOWHERE:
		map_record_tell(r, k, MAP_ISSUE_MALFORMED, true,
		    "the reference to the patient leads nowhere, so it is nobody's");
		return false;
	case WHO_NOBODY:
		return may_be_nobody(r, k, tree);
	}
	return false;
}

/* The bases of patients named by absolute URLs count among those of the data set. */
static void
enter_base(struct map_record *r, const struct fhir_node *reference)
{
	struct fhir_reference ref;

	fhir_reference_parse(&ref, fhir_node_text(reference, "reference"));
	if (ref.kind == FHIR_REFERENCE_ABSOLUTE && cw_str_is(ref.type, "Patient"))
		map_record_base(r, ref.base);
}

static void
enter_bases(struct map_record *r, const struct fhir_node *resource)
{
	const struct fhir_node *n;

	enter_base(r, fhir_node_get(resource, "subject"));
	enter_base(r, fhir_node_get(resource, "patient"));
	for (n = fhir_node_get(resource, "focus"); n != NULL; n = fhir_node_again(n))
		enter_base(r, n);
	for (n = fhir_node_get(resource, "link"); n != NULL; n = fhir_node_again(n))
		enter_base(r, fhir_node_get(n, "other"));
}

static bool
entered_in_error(const struct fhir_node *resource)
{
	const struct fhir_node *c = fhir_node_get(resource, "verificationStatus");

	if (cw_str_is(fhir_node_text(resource, "status"), "entered-in-error"))
		return true;
	for (c = fhir_node_get(c, "coding"); c != NULL; c = fhir_node_again(c)) {
		if (cw_str_is(fhir_node_text(c, "code"), "entered-in-error"))
			return true;
	}
	return false;
}

static struct cw_str
source_of(struct map_record *r, const struct fhir_entry *e, const struct map_identity *me)
{
	if (!me->nameless)
		return cw_fmt(r->scratch, "%.*s/%.*s", CW_ARG(me->type), CW_ARG(me->id));
	if (e->full_url.n > 0)
		return e->full_url;
	return cw_fmt(r->scratch, "%.*s#%02x%02x%02x%02x", CW_ARG(me->type), me->digest[0],
	    me->digest[1], me->digest[2], me->digest[3]);
}

/* The whole resource is refused, and said so: as a version it counts all the same. */
static bool
may_keep(struct map_record *r, const struct fhir_entry *e, const struct map_kept *k,
    const struct fhir_node *tree)
{
	if (e->modified_meaning) {
		map_record_tell(r, k, MAP_ISSUE_UNREAD, true,
		    "its Bundle entry has an unknown modifierExtension");
		return false;
	}
	if (fhir_json_is(e->method, "PATCH")) {
		map_record_tell(r, k, MAP_ISSUE_UNREAD, true, "a PATCH is not applied");
		return false;
	}
	return is_somebody(r, k, tree);
}

/* Servers write meta and narrative anew for each channel. */
void
map_record_digest(unsigned char out[MAP_DIGEST_SIZE], const struct fhir_node *resource)
{
	struct fhir_json_out o;
	struct cw_buf text;

	cw_buf_init(&text, 0);
	fhir_json_out_init(&o, &text, false);
	fhir_json_out_array(&o);
	for (const struct fhir_node *n = resource->child; n != NULL; n = n->next) {
		if (cw_str_is(n->name, "meta") || cw_str_is(n->name, "text"))
			continue;
		fhir_json_out_string(&o, n->name);
		fhir_json_out_node(&o, n);
	}
	fhir_json_out_array_end(&o);
	map_digest(out, text.s, text.n);
	cw_buf_fini(&text);
}

int
map_record_keep(struct map_record *r, const struct fhir_entry *e, struct map_identity *me)
{
	struct map_kept k = { .from = r->from,
		.line = r->from_line + fhir_entry_line(e) - 1,
		.bundle = e->bundle == 0 ? 0 : r->bundle + e->bundle,
		.base = me->base,
		.text = e->resource };
	const struct fhir_node *tree;
	struct cw_err fault = { 0 };
	struct cw_str less = { NULL, 0 };
	char path[512];

	k.path = cw_str(fhir_entry_path(e, path, sizeof(path)));
	if (fhir_json_read(&tree, e->resource, r->scratch, &map_record_limits, &fault) < 0) {
		me->met = MAP_MET_BROKEN;
		map_record_fault(r, &fault, fhir_entry_line(e), path);
		return CW_OK;
	}
	if (me->nameless && fhir_node_text(tree, "id").n > 0) {
		me->id = fhir_node_text(tree, "id");
		me->nameless = false;
		me->key = map_record_key(r, me->type, me->id, me->base, r->scratch);
	}
	me->version.withdrawn = entered_in_error(tree);
	k.nameless = me->nameless;
	k.version = me->version;
	memcpy(k.digest, me->digest, sizeof(k.digest));
	k.type = me->type;
	k.source = source_of(r, e, me);
	map_who_read(&k.subject, &k.other, tree, r->scratch);
	if (cw_str_is(k.type, "Patient") || e->resource.n >= LARGE)
		less = map_record_slim(e->resource, cw_str_is(k.type, "Patient"), r->scratch);
	k.slim = less.s != NULL;
	k.text = k.slim ? less : k.text;
	enter_names(r, e, me, tree);
	enter_bases(r, tree);
	me->met = may_keep(r, e, &k, tree) ? MAP_MET_KEPT : MAP_MET_EMPTY;
	if (me->met == MAP_MET_KEPT)
		enter(r, &k, me->key);
	else
		map_record_forget(r, me);
	return CW_OK;
}
