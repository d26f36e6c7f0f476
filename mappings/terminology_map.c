#include "mappings/terminology_internal.h"

#include <stdlib.h>
#include <string.h>

#define PROPERTY "urn:cordwatch:property:"
#define SOURCE_SET                                                                                 \
	"http://hl7.org/fhir/5.0/StructureDefinition/extension-ConceptMap.group.element.valueSet"

/* Where in which map the reader is. */
struct place {
	struct terms_build *b;
	const struct map_artefact *artefact;
	const struct fhir_node *group, *element;
	struct terms_system *source, *target;
	struct cw_str map;
};

void
terms_row_add(struct terms_build *b, const struct terms_row *row)
{
	if (b->rows == b->row_cap) {
		b->row_cap = b->row_cap == 0 ? 256 : 2 * b->row_cap;
		b->row = cw_realloc(b->row, b->row_cap * sizeof(*b->row));
	}
	b->row[b->rows] = *row;
	b->row[b->rows].order = b->rows;
	b->rows++;
}

/* ---- one target ---- */

/* What a map says of the relation, R4 (equivalence) and R5 (relationship) words: both tell how the
 * target lies to the source. */
static const struct {
	const char *word;
	bool unsure, remove;
} relations[] = {
	{ "equivalent", false, false },
	{ "equal", false, false },
	{ "wider", false, false },
	{ "subsumes", false, false },
	{ "relatedto", false, false },
	{ "narrower", true, false },
	{ "specializes", true, false },
	{ "inexact", true, false },
	{ "unmatched", false, true },
	{ "disjoint", false, true },
	{ "related-to", false, false },
	{ "source-is-narrower-than-target", false, false },
	{ "source-is-broader-than-target", true, false },
	{ "not-related-to", false, true },
};

static int
relation(const struct place *p, const struct fhir_node *target, bool *unsure, bool *remove,
    struct cw_err *err)
{
	struct cw_str word = fhir_node_text(target, "equivalence");

	if (word.n == 0)
		word = fhir_node_text(target, "relationship");
	for (size_t i = 0; i < sizeof(relations) / sizeof(relations[0]); i++) {
		if (cw_str_is(word, relations[i].word)) {
			*unsure = relations[i].unsure;
			*remove = relations[i].remove;
			return 0;
		}
	}
	return map_artefact_fail(err, CW_EVALUE, p->artefact, target,
	    word.n == 0 ? "a target without equivalence" : "an unknown equivalence");
}

static const struct {
	const char *word;
	enum map_role role;
} roles[] = {
	{ "finding", MAP_ROLE_FINDING },
	{ "question", MAP_ROLE_QUESTION },
	{ "context", MAP_ROLE_CONTEXT },
	{ "weak", MAP_ROLE_WEAK },
	{ "qualifier", MAP_ROLE_QUALIFIER },
	{ "site", MAP_ROLE_SITE },
	{ "side", MAP_ROLE_SIDE },
};

static bool
read_role(struct map_target *t, struct cw_str value)
{
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		if (cw_str_is(value, roles[i].word)) {
			t->role = roles[i].role;
			return true;
		}
	}
	return false;
}

static bool
read_grade(struct map_target *t, struct cw_str value)
{
	unsigned grade = 0;

	for (size_t i = 0; i < value.n; i++) {
		if (value.s[i] < '0' || value.s[i] > '9' || value.n > 2)
			return false;
		grade = 10 * grade + (unsigned)(value.s[i] - '0');
	}
	t->grade = (uint8_t)grade;
	return value.n > 0;
}

static bool
read_side(struct map_target *t, struct cw_str value)
{
	t->side = value;
	return cw_str_is(value, "left") || cw_str_is(value, "right") ||
	       cw_str_is(value, "bilateral") || cw_str_is(value, "unilateral");
}

static bool
property(struct map_target *t, struct cw_str name, struct cw_str value)
{
	if (value.n == 0)
		return false;
	if (cw_str_is(name, PROPERTY "role"))
		return read_role(t, value);
	if (cw_str_is(name, PROPERTY "grade"))
		return read_grade(t, value);
	if (cw_str_is(name, PROPERTY "side"))
		return read_side(t, value);
	if (cw_str_is(name, PROPERTY "site"))
		t->site = value;
	else if (cw_str_is(name, PROPERTY "needs-site"))
		t->needs_site = value;
	else if (cw_str_is(name, PROPERTY "present"))
		t->present = value;
	else
		return false;
	return true;
}

static bool
contains(struct cw_str text, struct cw_str word)
{
	for (; text.n >= word.n; text.s++, text.n--) {
		if (cw_str_starts(text, word))
			return true;
	}
	return false;
}

/* The source of a row is part of it: without one nobody can check it again. */
static int
verified(
    const struct place *p, const struct fhir_node *target, struct map_target *t, struct cw_err *err)
{
	const struct fhir_node *comment = fhir_node_get(target, "comment");

	t->verified = comment == NULL ? (struct cw_str){ 0 } : comment->lexeme;
	if (t->verified.n == 0)
		return map_artefact_fail(err, CW_EVALUE, p->artefact, target,
		    "no comment that says where the code was verified");
	if (p->artefact->package == 0 && contains(t->verified, CW_STR("UNVERIFIED")))
		return map_artefact_fail(
		    err, CW_EVALUE, p->artefact, comment, "an unverified code");
	return 0;
}

static int
concept_of(const struct place *p, const struct fhir_node *target, struct terms_row *row,
    struct cw_err *err)
{
	const struct fhir_node *code = fhir_node_get(target, "code");

	if (code == NULL && row->remove)
		return 0;
	if (code == NULL)
		return map_artefact_fail(
		    err, CW_EVALUE, p->artefact, target, "a target without a code");
	row->target.concept = map_terminology_concept(p->b->t, code->lexeme);
	if (row->target.concept == NULL)
		return map_artefact_fail(err, CW_EVALUE, p->artefact, code,
		    "no concept %.*s in " TERMS_FINDING, CW_ARG(code->lexeme));
	return 0;
}

static int
read_target(const struct place *p, const struct fhir_node *target, struct terms_row *row,
    struct cw_err *err)
{
	int rc = relation(p, target, &row->target.unsure, &row->remove, err);

	row->target.map = p->map;
	row->target.file = p->artefact->file;
	if (rc == 0)
		rc = concept_of(p, target, row, err);
	if (rc == 0 && fhir_node_get(target, "dependsOn") != NULL)
		return map_artefact_fail(err, CW_EUNSUPPORTED, p->artefact,
		    fhir_node_get(target, "dependsOn"),
		    "targets that depend on others are not read");
	if (rc == 0 && !row->remove)
		rc = verified(p, target, &row->target, err);
	for (const struct fhir_node *product = fhir_node_get(target, "product");
	     rc == 0 && product != NULL; product = fhir_node_again(product)) {
		if (!property(&row->target, fhir_node_text(product, "property"),
			fhir_node_text(product, "value")))
			rc = map_artefact_fail(err, CW_EVALUE, p->artefact, product,
			    "an unknown property, or an impossible value of it");
	}
	return rc;
}

/* ---- what it is said of ---- */

/* The same row for each code and prefix of a value set. */
static int
spread(
    const struct place *p, const struct terms_set *set, struct terms_row *row, struct cw_err *err)
{
	if (set->excludes > 0)
		return map_artefact_fail(err, CW_EUNSUPPORTED, p->artefact, p->element,
		    "a source value set with exclude is not read");
	for (size_t i = 0; i < set->includes; i++) {
		const struct terms_part *part = &set->include[i];
		size_t codes = part->code == NULL ? 0 : cw_map_count(part->code);

		if (part->system == NULL && part->sets == 1) {
			int rc = spread(p, part->set[0], row, err);

			if (rc < 0)
				return rc;
			continue;
		}
		if (part->system != p->source || part->whole || part->sets > 0)
			return map_artefact_fail(err, CW_EUNSUPPORTED, p->artefact, p->element,
			    "the source value set must list codes or prefixes of the group's "
			    "source");
		for (size_t k = 0; k < codes; k++) {
			const struct fhir_node *at = cw_map_at(part->code, k, &row->key);

			row->prefix = false;
			row->target.rule = at->lexeme;
			row->target.display = fhir_node_text(at->parent, "display");
			terms_row_add(p->b, row);
		}
		row->target.display = fhir_node_text(p->element, "display");
		for (size_t k = 0; k < part->prefixes; k++) {
			row->prefix = true;
			row->key = part->prefix[k].key;
			row->target.rule = part->rule[k];
			terms_row_add(p->b, row);
		}
	}
	return 0;
}

/* The value set that an element has in place of a code, or NULL. */
static int
source_set(const struct place *p, const struct terms_set **out, struct cw_err *err)
{
	struct cw_str url = fhir_node_text(p->element, "valueSet");

	*out = NULL;
	for (const struct fhir_node *e = fhir_node_get(p->element, "extension"); e != NULL;
	     e = fhir_node_again(e)) {
		if (cw_str_is(fhir_node_text(e, "url"), SOURCE_SET))
			url = fhir_node_text(e, "valueCanonical");
	}
	if (url.n == 0)
		return 0;
	*out = terms_set_find(p->b->t, url);
	if (*out == NULL)
		return map_artefact_fail(err, CW_ENOTFOUND, p->artefact, p->element,
		    "no value set %.*s in the packages", CW_ARG(url));
	return 0;
}

static int
emit(const struct place *p, struct terms_row *row, struct cw_err *err)
{
	const struct fhir_node *code = fhir_node_get(p->element, "code");
	const struct terms_set *set;
	int rc = source_set(p, &set, err);

	row->system = p->source;
	if (rc < 0)
		return rc;
	if (set != NULL)
		return spread(p, set, row, err);
	rc = terms_key_checked(
	    p->b->t, p->source, p->artefact, code == NULL ? p->element : code, &row->key, err);
	if (rc < 0)
		return rc;
	row->target.rule = code->lexeme;
	row->target.display = fhir_node_text(p->element, "display");
	terms_row_add(p->b, row);
	return 0;
}

static int
read_edge(const struct place *p, const struct fhir_node *target, struct cw_err *err)
{
	struct terms_build *b = p->b;
	struct terms_edge e = { .system = p->source,
		.to_system = p->target,
		.map = p->map,
		.file = p->artefact->file,
		.artefact = p->artefact,
		.node = target,
		.display = fhir_node_text(p->element, "display"),
		.code = fhir_node_text(p->element, "code"),
		.to_code = fhir_node_text(target, "code") };
	bool remove;
	int rc = relation(p, target, &e.unsure, &remove, err);

	if (rc < 0 || remove)
		return rc;
	rc = terms_key_checked(
	    b->t, e.system, p->artefact, fhir_node_get(p->element, "code"), &e.key, err);
	if (rc == 0)
		rc = terms_key_checked(
		    b->t, e.to_system, p->artefact, fhir_node_get(target, "code"), &e.to_key, err);
	if (rc < 0)
		return rc;
	if (b->edges == b->edge_cap) {
		b->edge_cap = b->edge_cap == 0 ? 64 : 2 * b->edge_cap;
		b->edge = cw_realloc(b->edge, b->edge_cap * sizeof(*b->edge));
	}
	b->edge[b->edges++] = e;
	return 0;
}

/* ---- the map ---- */

static int
read_element(const struct place *p, struct cw_err *err)
{
	const struct fhir_node *target = fhir_node_get(p->element, "target");
	bool local = p->target != p->b->t->finding;

	if (cw_str_is(fhir_node_text(p->element, "noMap"), "true") && !local) {
		struct terms_row row = { .remove = true };

		return emit(p, &row, err);
	}
	for (; target != NULL; target = fhir_node_again(target)) {
		struct terms_row row = { .target.role = MAP_ROLE_FINDING };
		int rc = local ? read_edge(p, target, err) : read_target(p, target, &row, err);

		if (rc == 0 && !local)
			rc = emit(p, &row, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int
read_group(struct place *p, struct cw_err *err)
{
	struct cw_str source = fhir_node_text(p->group, "source");
	struct cw_str target = fhir_node_text(p->group, "target");

	if (source.n == 0 || target.n == 0)
		return map_artefact_fail(err, CW_EVALUE, p->artefact, p->group,
		    "a group needs the systems source and target");
	if (fhir_node_get(p->group, "unmapped") != NULL)
		return map_artefact_fail(err, CW_EUNSUPPORTED, p->artefact,
		    fhir_node_get(p->group, "unmapped"), "rules for unmapped codes are not read");
	p->source = terms_system_of(p->b->t, source);
	p->target = terms_system_of(p->b->t, target);
	for (p->element = fhir_node_get(p->group, "element"); p->element != NULL;
	     p->element = fhir_node_again(p->element)) {
		int rc = read_element(p, err);

		if (rc < 0)
			return rc;
	}
	return 0;
}

int
terms_map_read(struct terms_build *b, const struct map_artefact *a, struct cw_err *err)
{
	struct place p = { .b = b, .artefact = a };
	struct cw_str id = a->url.n > 0 ? a->url : a->id;

	p.map =
	    a->version.n == 0 ? id : cw_fmt(b->t->mem, "%.*s|%.*s", CW_ARG(id), CW_ARG(a->version));
	for (p.group = fhir_node_get(a->node, "group"); p.group != NULL;
	     p.group = fhir_node_again(p.group)) {
		int rc = read_group(&p, err);

		if (rc < 0)
			return rc;
	}
	return 0;
}
