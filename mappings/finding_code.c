/* Codings to concepts: what a CodeableConcept, a body site or a profile maps to. */
#include "mappings/finding_internal.h"

#include <string.h>

/* Thoracic is a part of the spine. Tokens are those of the site column of the code table. */
static bool
site_is(struct cw_str site, struct cw_str wanted)
{
	return cw_str_eq(site, wanted) ||
	       (cw_str_is(site, "thoracic") && cw_str_is(wanted, "spine"));
}

/* Is this site one of those that a mapping needs ("spine|limb")? */
bool
map_site_among(struct cw_str site, struct cw_str needs)
{
	size_t i = 0, start;

	while (i < needs.n) {
		start = i;
		while (i < needs.n && needs.s[i] != '|' && needs.s[i] != ' ')
			i++;
		if (i > start && site_is(site, (struct cw_str){ needs.s + start, i - start }))
			return true;
		i++;
	}
	return false;
}

/* Does the mapping hold at the sites that the resource, or the code itself, names? */
static bool
holds_here(const struct map_target *t, const struct map_sites *sites)
{
	size_t i;

	if (!t->needs_site.n)
		return true;
	if (t->site.n && map_site_among(t->site, t->needs_site))
		return true;
	for (i = 0; i < sites->n; i++)
		if (map_site_among(sites->site[i], t->needs_site))
			return true;
	return !sites->stated && map_site_among(CW_STR("none"), t->needs_site);
}

/* Which role wins when two codings of one element give the same concept: what asks a question
 * leaves it to the value, what is evidence is more than what supports. */
static int
weight(enum map_role role)
{
	switch (role) {
	case MAP_ROLE_QUESTION:
		return 4;
	case MAP_ROLE_FINDING:
		return 3;
	case MAP_ROLE_WEAK:
		return 2;
	case MAP_ROLE_CONTEXT:
		return 1;
	case MAP_ROLE_QUALIFIER:
	case MAP_ROLE_SITE:
	case MAP_ROLE_SIDE:
		return 0;
	}
	return 0;
}

static void
merge_hit(struct map_hit *old, const struct map_hit *new)
{
	uint8_t grade = old->grade > new->grade ? old->grade : new->grade;
	struct map_hit other = *new;

	if (weight(new->role) > weight(old->role)) {
		other = *old;
		*old = *new;
	}
	old->grade = grade;
	old->unsure &= other.unsure;
	old->strange &= other.strange;
	if (!other.needs_site.n)
		old->needs_site = other.needs_site;
	if (!old->side.n)
		old->side = other.side;
	if (!old->site.n)
		old->site = other.site;
	if (!old->present.n)
		old->present = other.present;
}

static void
add_hit(struct map_reader *r, struct map_hits *hits, const struct map_hit *hit)
{
	size_t i;

	bool family = map_concept_is(hit->concept, MAP_CONCEPT_FAMILY);
	bool negated = map_concept_is(hit->concept, MAP_CONCEPT_NEGATED);

	hits->family |= family && !hit->strange;
	hits->negated |= negated && !hit->strange;
	hits->doubt |= (family || negated) && hit->strange;
	for (i = 0; i < hits->n; i++)
		if (hits->item[i].concept == hit->concept) {
			merge_hit(&hits->item[i], hit);
			return;
		}
	if (hits->n == MAP_HITS) {
		map_remark(r, MAP_ISSUE_UNREAD, hit->coding ? hit->coding : r->res,
		    "more meanings in one element than are read", false);
		return;
	}
	hits->item[hits->n++] = *hit;
}

static struct map_hit
hit_of(const struct map_target *t)
{
	return (struct map_hit){ .concept = t->concept,
		.role = t->role,
		.grade = t->grade,
		.side = t->side,
		.site = t->site,
		.present = t->present,
		.needs_site = t->needs_site,
		.unsure = t->unsure };
}

/* Is a coding written otherwise than with a system and a code that are strings, where a coding
 * belongs? It may be of another resource, whose shape nobody has looked at. */
static bool
strange_coding(const struct map_reader *r, const struct fhir_node *coding)
{
	const struct fhir_node *system = fhir_node_get(coding, "system");
	const struct fhir_node *code = fhir_node_get(coding, "code");

	return (system && system->kind != FHIR_STRING) || (code && code->kind != FHIR_STRING) ||
	       map_strange(r, system) || map_strange(r, code);
}

/* Look one coding up. */
void
map_hits_add(struct map_reader *r, struct map_hits *hits, const struct fhir_node *coding)
{
	struct cw_str system = fhir_node_text(coding, "system");
	struct cw_str code = fhir_node_text(coding, "code");
	const struct map_target *target;
	struct map_hit hit;
	size_t n, i;

	if (!coding || coding->kind != FHIR_OBJECT)
		return;
	n = map_terminology_find(r->ctx->terms, system, code, &target);
	for (i = 0; i < n; i++) {
		if (!holds_here(&target[i], &r->sites))
			continue;
		hit = hit_of(&target[i]);
		hit.coding = coding;
		hit.strange = strange_coding(r, coding);
		hit.system = system;
		hit.code = code;
		add_hit(r, hits, &hit);
	}
}

/* All codings of a CodeableConcept. */
void
map_hits_concept(struct map_reader *r, struct map_hits *hits, const struct fhir_node *concept)
{
	const struct fhir_node *coding;

	if (!concept || concept->kind != FHIR_OBJECT)
		return;
	for (coding = map_object(fhir_node_get(concept, "coding")); coding;
	     coding = map_object(fhir_node_again(coding)))
		map_hits_add(r, hits, coding);
}

/* Codes that cannot be read might say something else than the profile. */
static bool
codes_strange(const struct map_reader *r)
{
	size_t i;

	for (i = 0; i < MAP_CODED && r->type->coded[i].name.n; i++)
		if (map_strange_member(r, r->res, r->type->coded[i].name.s))
			return true;
	return false;
}

/* meta.profile: canonicals without their version, looked up as URIs. */
void
map_hits_profile(struct map_reader *r, struct map_hits *hits)
{
	const struct fhir_node *profile =
	    fhir_node_get(map_object(fhir_node_get(r->res, "meta")), "profile");
	const struct map_target *target;
	struct map_hit hit;
	struct cw_str url;
	const char *bar;
	size_t n, i;

	for (; profile; profile = fhir_node_again(profile)) {
		url = profile->lexeme;
		bar = url.n ? memchr(url.s, '|', url.n) : NULL;
		if (bar)
			url.n = (size_t)(bar - url.s);
		n = map_terminology_find(r->ctx->terms, CW_STR(MAP_PROFILE_SYSTEM), url, &target);
		for (i = 0; i < n; i++) {
			hit = hit_of(&target[i]);
			hit.system = CW_STR(MAP_PROFILE_SYSTEM);
			hit.code = url;
			hit.strange = map_strange(r, profile) || codes_strange(r);
			add_hit(r, hits, &hit);
		}
	}
}

/* A profile speaks only for a resource whose own codes say nothing, for these are more exact. */
void
map_read_profile(struct map_reader *r)
{
	struct map_hits hits = { 0 };

	if (r->out->n > r->first)
		return;
	map_hits_profile(r, &hits);
	map_emit_hits(r, &hits, r->res);
}

/* ---- sites and sides ---- */

static void
add_side(struct map_sites *s, struct cw_str side)
{
	s->left |= cw_str_is(side, "left");
	s->right |= cw_str_is(side, "right");
	s->both |= cw_str_is(side, "bilateral");
	s->one |= cw_str_is(side, "unilateral");
}

static void
add_site(struct map_reader *r, struct cw_str site, const struct fhir_node *node)
{
	struct map_sites *s = &r->sites;
	size_t i;

	for (i = 0; i < s->n; i++)
		if (cw_str_eq(s->site[i], site))
			return;
	if (s->n == MAP_SITES)
		map_remark(r, MAP_ISSUE_UNREAD, node, "more body sites than are read", false);
	else
		s->site[s->n++] = site;
}

/* A coding that may name a site or a side. False: it names neither. */
bool
map_site_coding(struct map_reader *r, const struct fhir_node *coding)
{
	const struct map_target *target;
	size_t n, i;
	bool any = false;

	n = map_terminology_find(r->ctx->terms, fhir_node_text(coding, "system"),
	    fhir_node_text(coding, "code"), &target);
	for (i = 0; i < n; i++) {
		if (target[i].role != MAP_ROLE_SITE && target[i].role != MAP_ROLE_SIDE)
			continue;
		any = true;
		if (strange_coding(r, coding)) {
			r->doubt = true;
			break;
		}
		if (target[i].side.n)
			add_side(&r->sites, target[i].side);
		if (target[i].site.n)
			add_site(r, target[i].site, coding);
	}
	return any;
}

/* Codings in the extensions of an element: laterality and other qualifiers of the site. */
static void
site_extensions(struct map_reader *r, const struct fhir_node *node)
{
	const struct fhir_node *ext, *coding;

	for (ext = map_object(fhir_node_get(node, "extension")); ext;
	     ext = map_object(fhir_node_again(ext))) {
		coding = fhir_node_get(ext, "valueCoding");
		if (!coding)
			coding =
			    fhir_node_get(fhir_node_get(ext, "valueCodeableConcept"), "coding");
		for (; coding; coding = fhir_node_again(coding))
			map_site_coding(r, coding);
	}
}

/* A body site: CodeableConcept or Coding, with its qualifiers. */
static void
map_site_concept(struct map_reader *r, const struct fhir_node *site)
{
	const struct fhir_node *coding;

	r->sites.stated = true;
	if (fhir_node_get(site, "code"))
		map_site_coding(r, site);
	for (coding = map_object(fhir_node_get(site, "coding")); coding;
	     coding = map_object(fhir_node_again(coding))) {
		map_site_coding(r, coding);
		site_extensions(r, coding);
	}
	site_extensions(r, site);
}

/* Sides that component values and extensions of the resource name, and ImagingStudy's series. */
void
map_read_sites(struct map_reader *r)
{
	const struct fhir_node *site, *series;

	for (site = map_object(fhir_node_get(r->res, "bodySite")); site;
	     site = map_object(fhir_node_again(site)))
		map_site_concept(r, site);
	for (series = map_object(fhir_node_get(r->res, "series")); series;
	     series = map_object(fhir_node_again(series))) {
		site = fhir_node_get(series, "bodySite");
		if (site)
			map_site_concept(r, site);
		site = fhir_node_get(series, "laterality");
		if (site)
			map_site_coding(r, site);
	}
	site_extensions(r, r->res);
}

/* The side that was named; two sides are both. */
struct cw_str
map_side(const struct map_sites *s)
{
	if (s->both || (s->left && s->right))
		return CW_STR("bilateral");
	if (s->left)
		return CW_STR("left");
	if (s->right)
		return CW_STR("right");
	return s->one ? CW_STR("unilateral") : (struct cw_str){ 0 };
}
