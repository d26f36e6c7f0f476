#include "mappings/sift.h"

#include "fhir/json.h"
#include "mappings/finding_internal.h"

/* The coding that is being read at one depth. */
struct frame {
	struct cw_str system, code;
};

struct sift {
	struct fhir_json_scan scan;
	const struct map_terminology *terms;
	struct map_sift_result *out;
	const struct map_type *type; /* NULL: not known yet, or not read */
	bool typed;		     /* resourceType was seen */
	bool hit;		     /* something may map */
	struct frame frame[FHIR_JSON_DEPTH + 2];
};

/* Types that other resources lean on; they pass so that these can be read. */
static bool
always_passes(struct cw_str type)
{
	return cw_str_is(type, "Patient") || cw_str_is(type, "QuestionnaireResponse") ||
	       cw_str_is(type, "Medication") || cw_str_is(type, "Questionnaire");
}

/* May a finding come of this code? Sites and sides alone give none. */
static bool
maps(const struct map_terminology *terms, struct cw_str system, struct cw_str code)
{
	const struct map_target *target;
	size_t n = map_terminology_find(terms, system, code, &target), i;

	for (i = 0; i < n; i++)
		if (target[i].role != MAP_ROLE_SITE && target[i].role != MAP_ROLE_SIDE)
			return true;
	return false;
}

/* A string without escapes; else absent. */
static struct cw_str
plain(const struct fhir_json_scan *sc)
{
	return sc->escaped ? (struct cw_str){ 0 } : sc->value;
}

/* Is this member of the resource one whose codings the reader looks up? */
static bool
coded(const struct sift *s, struct cw_str key)
{
	size_t i;

	if (!s->typed)
		return true;
	for (i = 0; i < MAP_CODED && s->type->coded[i].n; i++)
		if (key.n == s->type->coded[i].n && memcmp(key.s, s->type->coded[i].s, key.n) == 0)
			return true;
	return false;
}

/* One string inside an element that is looked at. */
static void
see_string(struct sift *s, struct frame *f)
{
	const struct fhir_json_scan *sc = &s->scan;

	if (fhir_json_is(sc->key, "code"))
		f->code = sc->value;
	else if (fhir_json_is(sc->key, "system"))
		f->system = sc->value;
	else
		return;
	if (sc->escaped)
		s->hit = true;
}

/* Walk the container that was just begun, to its end. */
static int
walk_codings(struct sift *s, struct cw_err *err)
{
	struct fhir_json_scan *sc = &s->scan;
	uint32_t outside = sc->depth - 1;
	struct frame *f;
	int ev;

	s->frame[sc->depth] = (struct frame){ 0 };
	while ((ev = fhir_json_next(sc, err)) > FHIR_JSON_END) {
		f = &s->frame[sc->depth];
		if (ev == FHIR_JSON_STRING) {
			see_string(s, f);
		} else if (ev == FHIR_JSON_OBJECT) {
			*f = (struct frame){ 0 };
		} else if (ev == FHIR_JSON_OBJECT_END) {
			f = &s->frame[sc->depth + 1];
			if (f->code.s && !s->hit && maps(s->terms, f->system, f->code))
				s->hit = true;
		} else if (ev == FHIR_JSON_NUMBER && fhir_json_is(sc->key, "code")) {
			s->hit = true; /* the reader must say that this is wrong */
		}
		if (sc->depth == outside)
			return 0;
	}
	return ev;
}

/* meta: version, time, profiles. */
static int
walk_meta(struct sift *s, struct cw_err *err)
{
	struct fhir_json_scan *sc = &s->scan;
	bool profile = false;
	struct cw_str url;
	const char *bar;
	int ev;

	while ((ev = fhir_json_next(sc, err)) > FHIR_JSON_END) {
		if (ev == FHIR_JSON_OBJECT_END && sc->depth == 1)
			return 0;
		if (ev == FHIR_JSON_ARRAY && fhir_json_is(sc->key, "profile")) {
			profile = true;
		} else if (ev == FHIR_JSON_ARRAY_END) {
			profile = false;
		} else if (ev == FHIR_JSON_OBJECT || ev == FHIR_JSON_ARRAY) {
			ev = fhir_json_skip(sc, err);
			if (ev < 0)
				return ev;
		} else if (ev == FHIR_JSON_STRING && profile) {
			url = sc->value;
			bar = memchr(url.s, '|', url.n);
			if (bar)
				url.n = (size_t)(bar - url.s);
			if (sc->escaped || maps(s->terms, CW_STR(MAP_PROFILE_SYSTEM), url))
				s->hit = true;
		} else if (ev == FHIR_JSON_STRING && fhir_json_is(sc->key, "versionId")) {
			s->out->version = plain(sc);
		} else if (ev == FHIR_JSON_STRING && fhir_json_is(sc->key, "lastUpdated")) {
			s->out->updated = plain(sc);
		}
	}
	return ev;
}

static void
see_type(struct sift *s)
{
	s->typed = true;
	s->out->type = plain(&s->scan);
	s->type = map_type_find(s->out->type);
	if (s->scan.escaped || always_passes(s->out->type))
		s->hit = true;
}

/* One member of the resource. */
static int
see_member(struct sift *s, int ev, struct cw_err *err)
{
	struct fhir_json_scan *sc = &s->scan;
	struct cw_str key = sc->key;

	if (ev == FHIR_JSON_STRING) {
		if (fhir_json_is(key, "resourceType"))
			see_type(s);
		else if (fhir_json_is(key, "id"))
			s->out->id = plain(sc);
	}
	if (ev == FHIR_JSON_OBJECT && fhir_json_is(key, "meta"))
		return walk_meta(s, err);
	if (ev == FHIR_JSON_OBJECT || ev == FHIR_JSON_ARRAY) {
		if (s->hit || (s->typed && !s->type) || !coded(s, key))
			return fhir_json_skip(sc, err);
		if (fhir_json_is(key, "medicationReference"))
			s->hit = true;
		return walk_codings(s, err);
	}
	/* A primitive where codings belong: the reader must say that this is wrong. */
	if (s->type && ev != FHIR_JSON_NULL && coded(s, key))
		s->hit = true;
	return 0;
}

static int
walk(struct sift *s, struct cw_err *err)
{
	int ev = fhir_json_next(&s->scan, err);

	if (ev < 0)
		return ev;
	if (ev != FHIR_JSON_OBJECT)
		return cw_fail(err, CW_ETYPE, "a resource is a JSON object");
	while ((ev = fhir_json_next(&s->scan, err)) > FHIR_JSON_END) {
		if (ev == FHIR_JSON_OBJECT_END)
			continue;
		ev = see_member(s, ev, err);
		if (ev < 0)
			return ev;
	}
	return ev;
}

int
map_sift(struct map_sift_result *out, struct cw_str resource_json,
    const struct map_terminology *terms, struct cw_arena *mem, struct cw_err *err)
{
	struct sift s;
	int rc;

	*out = (struct map_sift_result){ 0 };
	s.terms = terms;
	s.out = out;
	s.type = NULL;
	s.typed = s.hit = false;
	fhir_json_scan_init(&s.scan, resource_json, mem, NULL);
	rc = walk(&s, err);
	if (rc == 0 && !s.typed)
		rc = cw_fail(err, CW_ETYPE, "a resource has a resourceType");
	if (rc < 0)
		out->verdict = MAP_SIFT_BROKEN;
	else if (s.hit)
		out->verdict = MAP_SIFT_PASS;
	else
		out->verdict = s.type ? MAP_SIFT_DROP : MAP_SIFT_OTHER;
	return 0;
}
