#include "fhir/bundle.h"
#include "fhir/json.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct fhir_bundle_walk {
	struct cw_str text;
	const struct fhir_bundle_user *user;
	struct cw_arena *mem;
	size_t entries, bundles;
	size_t index[FHIR_BUNDLE_NESTED]; /* of the entry at each level */
	size_t depth;			  /* Bundles open */
	size_t counted, line;		  /* lines begun before text.s + counted */
	bool apart; /* a faulty entry was passed: the scan of the Bundle cannot go on */
};

/* Large Bundles are wanted: their size is limited by entries and by what the caller has read. */
static const struct fhir_json_limits limits = { .bytes = UINT32_MAX, .elements = UINT32_MAX };

static size_t
newlines(const char *p, const char *end)
{
	size_t n = 0;

	while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		n++;
		p++;
	}
	return n;
}

/* Asked for places that follow each other, or nearly: the cost is the distance. */
static size_t
line_of(struct fhir_bundle_walk *w, size_t offset)
{
	const char *s = w->text.s;

	if (offset < w->counted)
		w->line -= newlines(s + offset, s + w->counted);
	else
		w->line += newlines(s + w->counted, s + offset);
	w->counted = offset;
	return w->line;
}

size_t
fhir_entry_line(const struct fhir_entry *entry)
{
	return entry->walk == NULL ? 1 : line_of(entry->walk, entry->offset);
}

static char *
path_of(const struct fhir_bundle_walk *w, const char *last, char *buf, size_t n)
{
	size_t at = 0;
	int m = snprintf(buf, n, "Bundle");

	for (size_t i = 0; i < w->depth && m >= 0 && (size_t)m < n - at; i++) {
		at += (size_t)m;
		m = snprintf(
		    buf + at, n - at, "%s.entry[%zu]", i == 0 ? "" : ".resource", w->index[i]);
	}
	if (m >= 0 && (size_t)m < n - at) {
		at += (size_t)m;
		m = snprintf(buf + at, n - at, "%s", last);
	}
	if (m >= 0 && (size_t)m >= n - at && n >= 4)
		memcpy(buf + n - 4, "...", 4);
	return buf;
}

char *
fhir_entry_path(const struct fhir_entry *entry, char *buf, size_t n)
{
	if (entry->bundle != 0)
		return path_of(entry->walk, ".resource", buf, n);
	if (snprintf(buf, n, "%.*s", CW_ARG(entry->type)) >= (int)n && n >= 4)
		memcpy(buf + n - 4, "...", 4);
	return buf;
}

static size_t
here(const struct fhir_bundle_walk *w, const struct fhir_json_scan *sc)
{
	return (size_t)(sc->p - w->text.s);
}

/* Tell of a wrong shape and go on. */
static void
wrong(struct fhir_bundle_walk *w, size_t offset, const char *where, const char *what)
{
	struct cw_err fault = { 0 };
	char path[sizeof(fault.path)];

	(void)cw_fail_at(&fault, CW_ETYPE, line_of(w, offset), 0,
	    path_of(w, where, path, sizeof(path)), "%s", what);
	w->user->fault(w->user->arg, &fault);
}

static bool
opens(int event)
{
	return event == FHIR_JSON_OBJECT || event == FHIR_JSON_ARRAY;
}

static int
pass(struct fhir_json_scan *sc, int event, struct cw_err *err)
{
	return opens(event) ? fhir_json_skip(sc, err) : CW_OK;
}

static struct cw_str
string_value(const struct fhir_bundle_walk *w, const struct fhir_json_scan *sc)
{
	return sc->escaped ? fhir_json_unescape(sc->value, w->mem) : sc->value;
}

/* The resource that begins here: its slice and its type. */
static int
take_resource(
    struct fhir_bundle_walk *w, struct fhir_json_scan *sc, struct fhir_entry *e, struct cw_err *err)
{
	const char *start = sc->p - 1;
	int rc;

	while ((rc = fhir_json_next(sc, err)) > 0 && rc != FHIR_JSON_OBJECT_END) {
		if (rc == FHIR_JSON_STRING && fhir_json_is(sc->key, "resourceType"))
			e->type = string_value(w, sc);
		rc = pass(sc, rc, err);
		if (rc < 0)
			return rc;
	}
	if (rc < 0)
		return rc;
	e->resource = (struct cw_str){ start, (size_t)(sc->p - start) };
	e->offset = (size_t)(start - w->text.s);
	return CW_OK;
}

/* What is read of request, response and search. */
static struct cw_str *
slot(struct fhir_entry *e, struct cw_str object, struct cw_str key)
{
	if (fhir_json_is(object, "request"))
		return fhir_json_is(key, "method") ? &e->method
		       : fhir_json_is(key, "url")  ? &e->url
						   : NULL;
	if (fhir_json_is(object, "response"))
		return fhir_json_is(key, "etag")	   ? &e->etag
		       : fhir_json_is(key, "lastModified") ? &e->modified
							   : NULL;
	return fhir_json_is(key, "mode") ? &e->mode : NULL;
}

static int
take_part(
    struct fhir_bundle_walk *w, struct fhir_json_scan *sc, struct fhir_entry *e, struct cw_err *err)
{
	struct cw_str object = sc->key;
	int rc;

	while ((rc = fhir_json_next(sc, err)) > 0 && rc != FHIR_JSON_OBJECT_END) {
		struct cw_str *to = slot(e, object, sc->key);

		if (to != NULL && rc == FHIR_JSON_STRING)
			*to = string_value(w, sc);
		else if (to != NULL)
			wrong(w, here(w, sc), "", "a part of the entry has the wrong type");
		rc = pass(sc, rc, err);
		if (rc < 0)
			return rc;
	}
	return rc < 0 ? rc : CW_OK;
}

static int
take_member(struct fhir_bundle_walk *w, struct fhir_json_scan *sc, int event, struct fhir_entry *e,
    struct cw_err *err)
{
	if (fhir_json_is(sc->key, "resource")) {
		if (event == FHIR_JSON_OBJECT)
			return take_resource(w, sc, e, err);
		wrong(w, here(w, sc), ".resource", "a resource must be a JSON object");
	} else if (fhir_json_is(sc->key, "fullUrl")) {
		if (event == FHIR_JSON_STRING)
			e->full_url = string_value(w, sc);
		else
			wrong(w, here(w, sc), ".fullUrl", "a URL must be a string");
	} else if (fhir_json_is(sc->key, "request") || fhir_json_is(sc->key, "response") ||
		   fhir_json_is(sc->key, "search")) {
		if (event == FHIR_JSON_OBJECT)
			return take_part(w, sc, e, err);
		wrong(w, here(w, sc), "", "a part of the entry has the wrong type");
	} else if (fhir_json_is(sc->key, "modifierExtension")) {
		e->modified_meaning = true;
	}
	return pass(sc, event, err);
}

static int walk_bundle(struct fhir_bundle_walk *w, struct cw_str text, struct cw_err *err);

/* The entry is complete: give it to the user, or walk the Bundle that it holds. */
static int
give(struct fhir_bundle_walk *w, const struct fhir_entry *e, struct cw_err *err)
{
	if (!fhir_json_is(e->type, "Bundle"))
		return w->user->entry(w->user->arg, e, err);
	if (w->depth < FHIR_BUNDLE_NESTED)
		return walk_bundle(w, e->resource, err);
	wrong(w, e->offset, ".resource", "Bundles are nested too deeply; this one is not read");
	return CW_OK;
}

/* The members of the entry that sc has just begun. */
static int
scan_entry(
    struct fhir_bundle_walk *w, struct fhir_json_scan *sc, struct fhir_entry *e, struct cw_err *err)
{
	int rc;

	e->offset = here(w, sc) - 1;
	while ((rc = fhir_json_next(sc, err)) > 0 && rc != FHIR_JSON_OBJECT_END) {
		rc = take_member(w, sc, rc, e, err);
		if (rc < 0)
			return rc;
	}
	return rc < 0 ? rc : CW_OK;
}

/* Past a value, by brackets and strings alone; NULL when it has no end. */
static const char *
past_value(const char *p, const char *end)
{
	size_t depth = 0;

	for (; p < end; p++) {
		if (*p == '"') {
			for (p++; p < end && *p != '"'; p++)
				p += *p == '\\';
			if (p >= end)
				return NULL;
		} else if (*p == '{' || *p == '[') {
			depth++;
		} else if (*p == '}' || *p == ']') {
			if (depth == 0)
				return p; /* of what holds the value */
			depth--;
		} else if (depth > 0 || *p != ',') {
			continue;
		} else {
			return p;
		}
		if (depth == 0)
			return p + 1;
	}
	return NULL;
}

static const char *
past_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
		p++;
	return p;
}

static int
count_entry(struct fhir_bundle_walk *w, const char *p, struct cw_err *err)
{
	char path[sizeof(err->path)];

	if (w->entries++ < FHIR_BUNDLE_ENTRIES)
		return CW_OK;
	return cw_fail_at(err, CW_ELIMIT, line_of(w, (size_t)(p - w->text.s)), 0,
	    path_of(w, "", path, sizeof(path)),
	    "more than %d entries; this one and what follows are not read", FHIR_BUNDLE_ENTRIES);
}

/* Tell of a fault in an entry that was scanned by itself: places count from its start. */
static void
tell_entry(struct fhir_bundle_walk *w, const char *start, const struct cw_err *inner)
{
	struct cw_err fault = { 0 };
	char path[sizeof(fault.path)], whole[2 * sizeof(fault.path)];
	size_t line = line_of(w, (size_t)(start - w->text.s));

	snprintf(whole, sizeof(whole), "%s%s%s", path_of(w, "", path, sizeof(path)),
	    inner->path[0] != '\0' ? "." : "", inner->path);
	(void)cw_fail_at(&fault, inner->code, line + (inner->line > 0 ? inner->line - 1 : 0),
	    inner->line > 1 ? inner->column : 0, whole, "%s; this entry is not read", inner->text);
	w->user->fault(w->user->arg, &fault);
}

/* One entry scanned by itself; *p moves past it. */
static int
walk_alone(struct fhir_bundle_walk *w, const char **p, const char *end,
    const struct fhir_entry *bundle, struct cw_err *err)
{
	struct fhir_entry e = *bundle;
	struct cw_err inner = { 0 };
	struct fhir_json_scan sc;
	const char *start = *p;
	int rc;

	if (*start != '{') {
		wrong(w, (size_t)(start - w->text.s), "", "an entry must be a JSON object");
		*p = past_value(start, end);
		return CW_OK;
	}
	fhir_json_scan_init(&sc, (struct cw_str){ start, (size_t)(end - start) }, w->mem, &limits);
	rc = fhir_json_next(&sc, &inner);
	if (rc > 0)
		rc = scan_entry(w, &sc, &e, &inner);
	if (rc == CW_OK) {
		*p = sc.p;
		return give(w, &e, err);
	}
	tell_entry(w, start, &inner);
	*p = past_value(start, end);
	return CW_OK;
}

/* The rest of the array "entry" after a faulty entry (p is behind it), entry by entry, so that a
 * fault in one loses no other. What follows the array is not looked at. */
static int
walk_apart(struct fhir_bundle_walk *w, const char *p, const char *end,
    const struct fhir_entry *bundle, struct cw_err *err)
{
	size_t *index = &w->index[w->depth - 1];
	char path[sizeof(err->path)];
	int rc;

	w->apart = true;
	for (;;) {
		p = p == NULL ? end : past_blanks(p, end);
		if (p < end && *p == ']')
			return CW_OK;
		if (p < end && *p == ',')
			p = past_blanks(p + 1, end);
		++*index;
		if (p == end || *p == '}' || *p == ',' || *p == ']')
			return cw_fail_at(err, CW_ESYNTAX, line_of(w, (size_t)(p - w->text.s)), 0,
			    path_of(w, "", path, sizeof(path)),
			    "no entry can be told from here on");
		rc = count_entry(w, p, err);
		if (rc == CW_OK)
			rc = walk_alone(w, &p, end, bundle, err);
		if (rc != CW_OK)
			return rc;
	}
}

/* The scan of the Bundle ended inside the entry that starts here: go on behind it, or end with the
 * fault when it has no end. */
static int
walk_on(struct fhir_bundle_walk *w, const char *start, const char *end,
    const struct fhir_entry *bundle, const struct cw_err *inner, struct cw_err *err)
{
	const char *p = past_value(start, end);
	struct cw_err fault = { 0 };

	if (p == NULL)
		return cw_fail_at(
		    err, inner->code, inner->line, inner->column, inner->path, "%s", inner->text);
	(void)cw_fail_at(&fault, inner->code, inner->line, inner->column, inner->path,
	    "%s; this entry is not read", inner->text);
	w->user->fault(w->user->arg, &fault);
	return walk_apart(w, p, end, bundle, err);
}

/* The array "entry", begun. */
static int
walk_entries(struct fhir_bundle_walk *w, struct fhir_json_scan *sc, const struct fhir_entry *bundle,
    struct cw_err *err)
{
	size_t *index = &w->index[w->depth - 1];
	int rc;

	for (*index = 0; (rc = fhir_json_next(sc, err)) > 0 && rc != FHIR_JSON_ARRAY_END;
	     ++*index) {
		const char *start = sc->p - 1;
		struct cw_err inner = { 0 };
		int event = rc;

		rc = count_entry(w, sc->p, err);
		if (rc == CW_OK && event == FHIR_JSON_OBJECT) {
			struct fhir_entry e = *bundle;

			rc = scan_entry(w, sc, &e, &inner);
			if (rc < 0)
				return walk_on(w, start, sc->end, bundle, &inner, err);
			rc = give(w, &e, err);
		} else if (rc == CW_OK) {
			wrong(w, here(w, sc), "", "an entry must be a JSON object");
			rc = pass(sc, event, err);
		}
		if (rc != CW_OK)
			return rc;
	}
	return rc < 0 ? rc : CW_OK;
}

/* Entries that stood before the resourceType: their slice, already checked. */
static int
walk_late(struct fhir_bundle_walk *w, struct cw_str array, const struct fhir_entry *bundle,
    struct cw_err *err)
{
	struct fhir_json_scan sc;
	int rc;

	fhir_json_scan_init(&sc, array, w->mem, &limits);
	rc = fhir_json_next(&sc, err);
	return rc < 0 ? rc : walk_entries(w, &sc, bundle, err);
}

/* What is known of a Bundle, or of a root that may be one, while its members go by. */
struct root {
	struct fhir_entry bundle; /* what its entries have in common */
	struct cw_str type;	  /* resourceType */
	struct cw_str entries;	  /* the array, if it came before the type */
	bool begun;		  /* its entries are walked, or have been */
};

/* Positive: the root is a plain resource and the rest is its reader's. */
enum { PLAIN = 1 };

static int
root_member(struct fhir_bundle_walk *w, struct fhir_json_scan *sc, int event, struct root *root,
    struct cw_err *err)
{
	int rc;

	if (event == FHIR_JSON_STRING && fhir_json_is(sc->key, "resourceType")) {
		root->type = string_value(w, sc);
		return fhir_json_is(root->type, "Bundle") ? CW_OK : PLAIN;
	}
	if (event == FHIR_JSON_STRING && fhir_json_is(sc->key, "type"))
		root->bundle.bundle_type = string_value(w, sc);
	if (!fhir_json_is(sc->key, "entry") || !opens(event))
		return pass(sc, event, err);
	if (root->type.s != NULL && event == FHIR_JSON_ARRAY) {
		root->begun = true;
		return walk_entries(w, sc, &root->bundle, err);
	}
	if (event != FHIR_JSON_ARRAY && root->type.s != NULL) {
		w->depth--;
		wrong(w, here(w, sc), w->depth > 0 ? ".resource.entry" : ".entry",
		    "must be an array");
		w->depth++;
	}
	rc = fhir_json_skip(sc, err);
	if (event == FHIR_JSON_ARRAY)
		root->entries = sc->value;
	return rc;
}

static int
root_members(
    struct fhir_bundle_walk *w, struct fhir_json_scan *sc, struct root *root, struct cw_err *err)
{
	int rc;

	while ((rc = fhir_json_next(sc, err)) > 0 && rc != FHIR_JSON_OBJECT_END) {
		rc = root_member(w, sc, rc, root, err);
		if (rc != CW_OK || w->apart)
			return rc;
	}
	if (rc < 0)
		return rc;
	if (root->type.s != NULL && root->entries.s != NULL) {
		root->begun = true;
		rc = walk_late(w, root->entries, &root->bundle, err);
		if (rc != CW_OK || w->apart)
			return rc;
	}
	/* Text after the root is told when all before it has been given. */
	return fhir_json_next(sc, err);
}

/* The member that p is at: its key, and p moves to its value. */
static bool
at_member(const char **p, const char *end, struct cw_str *key)
{
	const char *s = past_blanks(*p, end), *e;

	if (s == end || *s != '"')
		return false;
	e = past_value(s, end);
	if (e == NULL)
		return false;
	*key = (struct cw_str){ s + 1, (size_t)(e - s) - 2 };
	s = past_blanks(e, end);
	if (s == end || *s != ':')
		return false;
	*p = past_blanks(s + 1, end);
	return *p < end;
}

/* The array "entry" of a Bundle whose own members hold a fault (p is behind its brace), found by
 * brackets and strings: where it is begun, or NULL. */
static const char *
find_entries(const char *p, const char *end)
{
	const char *entries = NULL;
	bool bundle = false;
	struct cw_str key;

	while (p != NULL && at_member(&p, end, &key)) {
		if (fhir_json_is(key, "entry") && *p == '[')
			entries = p;
		if (fhir_json_is(key, "resourceType"))
			bundle = end - p > 8 && memcmp(p, "\"Bundle\"", 8) == 0;
		if (entries != NULL && bundle)
			return entries;
		p = past_value(p, end);
		if (p != NULL && (p = past_blanks(p, end)) < end && *p == ',')
			p++;
	}
	return NULL;
}

/* A fault among the members of the root itself loses no entry: tell it and walk them apart. */
static int
walk_past(struct fhir_bundle_walk *w, const char *start, const char *end, struct root *root,
    const struct cw_err *inner, struct cw_err *err)
{
	const char *entries = root->begun ? NULL : find_entries(start, end);
	struct cw_err fault = { 0 };

	if (entries == NULL)
		return cw_fail_at(
		    err, inner->code, inner->line, inner->column, inner->path, "%s", inner->text);
	(void)cw_fail_at(&fault, inner->code, inner->line, inner->column, inner->path,
	    "%s; only the entries of this Bundle are read", inner->text);
	w->user->fault(w->user->arg, &fault);
	root->type = (struct cw_str){ "Bundle", 6 };
	w->index[w->depth - 1] = SIZE_MAX; /* the first is yet to come */
	return walk_apart(w, entries + 1, end, &root->bundle, err);
}

/* A Bundle, or the root of the text, which may be something else. */
static int
walk_bundle(struct fhir_bundle_walk *w, struct cw_str text, struct cw_err *err)
{
	struct root root = { .bundle = { .walk = w, .bundle = ++w->bundles } };
	struct fhir_entry plain = { .resource = text, .walk = w };
	struct cw_err inner = { 0 };
	struct fhir_json_scan sc;
	const char *start;
	int rc;

	fhir_json_scan_init(&sc, text, w->mem, &limits);
	rc = fhir_json_next(&sc, err);
	if (rc < 0)
		return rc;
	if (rc != FHIR_JSON_OBJECT)
		return cw_fail_at(err, CW_ETYPE, line_of(w, here(w, &sc)), 0, NULL,
		    "a FHIR resource must be a JSON object");
	plain.offset = here(w, &sc) - 1;
	start = sc.p;
	w->depth++;
	rc = root_members(w, &sc, &root, &inner);
	if (rc < 0)
		rc = walk_past(w, start, sc.end, &root, &inner, err);
	w->depth--;
	if (rc == CW_OK && root.type.s == NULL)
		return cw_fail_at(err, CW_ETYPE, line_of(w, plain.offset), 0, NULL,
		    "not a FHIR resource: there is no resourceType");
	if (rc != PLAIN || root.type.s == NULL || fhir_json_is(root.type, "Bundle"))
		return rc;
	plain.type = root.type;
	return w->user->entry(w->user->arg, &plain, err);
}

int
fhir_bundle_walk(struct cw_str text, const struct fhir_bundle_user *user, struct cw_arena *mem,
    struct cw_err *err)
{
	struct fhir_bundle_walk w = { .text = text, .user = user, .mem = mem, .line = 1 };

	return walk_bundle(&w, text, err);
}
