#include "mappings/sift.h"

#include "fhir/json.h"
#include "mappings/finding_internal.h"

/* One open container: the coding that is being read there, and what may stand in it. */
struct frame {
	struct cw_str system, code;
	bool array;   /* of objects */
	bool codings; /* an array of Codings */
	bool coding;  /* one of them */
	bool part;    /* a backbone element whose code is a CodeableConcept */
	bool empty;   /* nothing was in it */
};

/* A member that was passed before the type was known. */
struct early {
	struct cw_str key;
	int ev;
};

enum { EARLY = 8 };

struct sift {
	struct fhir_json_scan scan;
	const struct map_terminology *terms;
	struct map_sift_result *out;
	const struct map_type *type; /* NULL: not known yet, or not read */
	bool typed;		     /* resourceType was seen */
	bool hit;		     /* something may map, or is not as FHIR writes it */
	struct early early[EARLY];
	unsigned earlies;
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

/* Has the element the form that FHIR gives it? Arrays hold objects: others are passed on. */
static bool
formed(bool many, int ev)
{
	return ev == (many ? FHIR_JSON_ARRAY : FHIR_JSON_OBJECT);
}

/* Is this member of the resource one whose codings the reader looks up? As long as the type is not
 * known, each may be. What stands there in another form, the reader must see. */
static bool
coded(struct sift *s, struct cw_str key, int ev)
{
	const struct map_coded *c;
	size_t i;

	if (!s->typed) {
		if (!map_type_any_coded(key))
			return false;
		if (s->earlies == EARLY)
			s->hit = true;
		else
			s->early[s->earlies++] = (struct early){ key, ev };
		return true;
	}
	for (i = 0; s->type && i < MAP_CODED && s->type->coded[i].name.n; i++) {
		c = &s->type->coded[i];
		if (key.n != c->name.n || memcmp(key.s, c->name.s, key.n) != 0)
			continue;
		if (!formed(c->many, ev))
			s->hit = true;
		return true;
	}
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

/* May this stand here, as far as codings go? */
static bool
expected(const struct frame *in, struct cw_str key, int ev)
{
	if (in->array)
		return ev == FHIR_JSON_OBJECT;
	if (fhir_json_is(key, "code")) {
		if (ev == FHIR_JSON_OBJECT)
			return !in->coding;
		return ev == FHIR_JSON_STRING && !in->part;
	}
	if (fhir_json_is(key, "system"))
		return ev == FHIR_JSON_STRING;
	if (fhir_json_is(key, "coding"))
		return ev == FHIR_JSON_ARRAY;
	if (fhir_json_is(key, "valueCodeableConcept") || fhir_json_is(key, "detail"))
		return ev == FHIR_JSON_OBJECT;
	return key.n == 0 || key.s[0] != '_';
}

static void
begin(struct sift *s, const struct frame *in, int ev, bool part)
{
	const struct fhir_json_scan *sc = &s->scan;

	s->frame[sc->depth] = (struct frame){ .array = ev == FHIR_JSON_ARRAY,
		.codings = ev == FHIR_JSON_ARRAY && !in->array && fhir_json_is(sc->key, "coding"),
		.coding = in->codings,
		.part = part || (!in->array && fhir_json_is(sc->key, "detail")),
		.empty = true };
}

static void
end(struct sift *s, const struct frame *f)
{
	if (!s->hit && (f->empty || (f->code.s && maps(s->terms, f->system, f->code))))
		s->hit = true;
}

/* Walk the container that was just begun, to its end; parts: its items have codes of their own. */
static int
walk_codings(struct sift *s, int ev, bool parts, struct cw_err *err)
{
	struct fhir_json_scan *sc = &s->scan;
	uint32_t outside = sc->depth - 1;
	struct frame *in;

	s->frame[outside] = (struct frame){ 0 };
	begin(s, &s->frame[outside], ev, false);
	while ((ev = fhir_json_next(sc, err)) > FHIR_JSON_END) {
		if (ev == FHIR_JSON_OBJECT_END || ev == FHIR_JSON_ARRAY_END) {
			end(s, &s->frame[sc->depth + 1]);
			if (sc->depth == outside)
				return 0;
			continue;
		}
		in = &s->frame[sc->depth - (ev == FHIR_JSON_OBJECT || ev == FHIR_JSON_ARRAY)];
		in->empty = false;
		if (!expected(in, sc->key, ev))
			s->hit = true;
		if (ev == FHIR_JSON_STRING)
			see_string(s, in);
		else if (ev == FHIR_JSON_OBJECT || ev == FHIR_JSON_ARRAY)
			begin(s, in, ev, parts && sc->depth == outside + 2);
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
		/* a profile in another form than a list of strings */
		if (profile ? ev != FHIR_JSON_STRING && ev != FHIR_JSON_ARRAY_END
			    : ev != FHIR_JSON_ARRAY && fhir_json_is(sc->key, "profile"))
			s->hit = true;
		if (!profile && ev == FHIR_JSON_ARRAY && fhir_json_is(sc->key, "profile")) {
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
	for (unsigned i = 0; s->type && i < s->earlies; i++)
		coded(s, s->early[i].key, s->early[i].ev);
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
	if (ev != FHIR_JSON_NULL && fhir_json_is(key, "meta"))
		s->hit = true;
	if (ev == FHIR_JSON_OBJECT || ev == FHIR_JSON_ARRAY) {
		if (s->hit || !coded(s, key, ev))
			return fhir_json_skip(sc, err);
		if (fhir_json_is(key, "medicationReference"))
			s->hit = true;
		return walk_codings(
		    s, ev, fhir_json_is(key, "component") || fhir_json_is(key, "condition"), err);
	}
	if (ev >= FHIR_JSON_NULL && ev <= FHIR_JSON_STRING)
		coded(s, key, ev);
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
	s.earlies = 0;
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
