#include "mappings/terminology_internal.h"

#include <stdlib.h>

/* ---- asking ---- */

size_t
map_terminology_find(const struct map_terminology *t, struct cw_str system, struct cw_str code,
    const struct map_target **out)
{
	const struct terms_system *s;
	const struct terms_hit *hit;
	char room[TERMS_KEY];

	*out = NULL;
	if (system.n == 0 || code.n == 0)
		return 0;
	s = terms_index_get(t->names_of, system);
	if (s == NULL)
		return 0;
	code = terms_key(s, code, room);
	hit = code.n == 0 ? NULL : terms_hit_of(s, code);
	if (hit == NULL)
		return 0;
	*out = hit->target;
	return hit->n;
}

/* 1, 0 or -1 as map_terminology_member. */
static int
member(const struct map_terminology *t, const struct terms_set *set, struct cw_str system,
    struct cw_str code)
{
	const struct terms_system *s;
	char room[TERMS_KEY];

	if (set == NULL)
		return -1;
	s = system.n == 0 || code.n == 0 ? NULL : terms_index_get(t->names_of, system);
	if (s == NULL)
		return 0;
	code = terms_key(s, code, room);
	return code.n > 0 && terms_set_has(set, s, code) ? 1 : 0;
}

int
map_terminology_member(const struct map_terminology *t, struct cw_str value_set,
    struct cw_str system, struct cw_str code)
{
	return member(t, terms_set_find(t, value_set), system, code);
}

enum map_truth
map_terminology_answer(const struct map_terminology *t, struct cw_str system, struct cw_str code)
{
	bool no = member(t, t->no, system, code) == 1, yes = member(t, t->yes, system, code) == 1;

	if (no == yes)
		return MAP_UNKNOWN;
	return yes ? MAP_TRUE : MAP_FALSE;
}

enum map_truth
map_terminology_answer_text(const struct map_terminology *t, struct cw_str text)
{
	return map_terminology_answer(t, t->words->uri, text);
}

ptrdiff_t
map_terminology_value_set(
    const struct map_terminology *t, struct cw_str value_set, const struct map_concept *const **out)
{
	const struct terms_set *set = terms_set_find(t, value_set);

	*out = NULL;
	if (set == NULL)
		return -1;
	*out = set->concept;
	return (ptrdiff_t)set->concepts;
}

const struct map_concept *
map_terminology_concept(const struct map_terminology *t, struct cw_str code)
{
	return code.n == 0 ? NULL : cw_map_get(t->by_code, code);
}

size_t
map_terminology_concepts(const struct map_terminology *t)
{
	return t->concepts;
}

bool
map_terminology_knows(const struct map_terminology *t, struct cw_str system)
{
	const struct terms_system *s = system.n == 0 ? NULL : cw_map_get(t->names, system);

	return s != NULL && (s->exact != NULL || s->prefixes > 0);
}

struct cw_str
map_terminology_system(const struct map_terminology *t, struct cw_str name)
{
	const struct terms_system *s;

	if (name.n == 0)
		return name;
	s = cw_map_get(t->names, name);
	if (s == NULL)
		s = cw_map_get(t->short_names, name);
	return s == NULL ? name : s->uri;
}

/* ---- building ---- */

static const struct fhir_node *
property(const struct fhir_node *concept, const char *code)
{
	const struct fhir_node *p = fhir_node_get(concept, "property");

	while (p != NULL && !cw_str_is(fhir_node_text(p, "code"), code))
		p = fhir_node_again(p);
	return p;
}

static size_t
count_concepts(const struct fhir_node *c)
{
	size_t n = 0;

	for (; c != NULL; c = fhir_node_again(c))
		n += 1 + count_concepts(fhir_node_get(c, "concept"));
	return n;
}

static int
add_concepts(struct map_terminology *t, const struct map_artefact *a, const struct fhir_node *c,
    struct cw_err *err)
{
	for (; c != NULL; c = fhir_node_again(c)) {
		struct map_concept *concept = &t->concept[t->concepts];
		int rc;

		concept->code = fhir_node_text(c, "code");
		concept->title = fhir_node_text(c, "display");
		concept->group = fhir_node_text(property(c, "group"), "valueCode");
		if (concept->code.n == 0)
			return map_artefact_fail(err, CW_EVALUE, a, c, "a concept without a code");
		if (concept->title.n == 0)
		concept->title = concept->code;
		if (concept->group.n == 0)
		concept->group = concept->code;
		concept->index = t->concepts++;
		if (cw_map_put(t->by_code, concept->code, concept) != NULL)
			return map_artefact_fail(err, CW_EVALUE, a, c,
			    "the concept %.*s is there twice", CW_ARG(concept->code));
		rc = add_concepts(t, a, fhir_node_get(c, "concept"), err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int
read_concepts(struct map_terminology *t, const struct map_package *package, struct cw_err *err)
{
	const struct map_artefact *a =
	    map_package_find(package, "CodeSystem", CW_STR(TERMS_FINDING));
	const struct fhir_node *first;

	if (a == NULL)
		return cw_fail(
		    err, CW_ENOTFOUND, "no CodeSystem " TERMS_FINDING " in the packages");
	first = fhir_node_get(a->node, "concept");
	t->concept = cw_alloc(t->mem, (count_concepts(first) + 1) * sizeof(*t->concept));
	return add_concepts(t, a, first, err);
}

static int
for_each(struct terms_build *b, const char *type,
    int (*read)(struct terms_build *, const struct map_artefact *, struct cw_err *),
    struct cw_err *err)
{
	for (size_t i = 0; i < map_package_count(b->package); i++) {
		const struct map_artefact *a = map_package_at(b->package, i);
		int rc = a->active && cw_str_is(a->type, type) ? read(b, a, err) : 0;

		if (rc < 0)
			return rc;
	}
	return 0;
}

static int
read_alias(struct terms_build *b, const struct map_artefact *a, struct cw_err *err)
{
	return terms_system_alias(b->t, a, err);
}

static int
build(struct terms_build *b, struct cw_err *err)
{
	int rc = read_concepts(b->t, b->package, err);

	if (rc == 0)
		rc = for_each(b, "NamingSystem", read_alias, err);
	if (rc == 0)
		rc = terms_sets_read(b, err);
	if (rc == 0)
		rc = for_each(b, "ConceptMap", terms_map_read, err);
	if (rc < 0)
		return rc;
	terms_tables(b);
	return terms_chain(b, err);
}

int
map_terminology_new(
    struct map_terminology **out, const struct map_package *package, struct cw_err *err)
{
	struct map_terminology *t = cw_calloc(1, sizeof(*t));
	struct terms_build b = { .t = t, .package = package };
	int rc;

	t->mem = cw_arena_new(0);
	t->by_code = terms_map(t);
	t->names = terms_map(t);
	t->short_names = terms_map(t);
	t->sets = terms_map(t);
	terms_system_init(t);
	rc = build(&b, err);
	t->names_of = terms_index_make(t->mem, t->names);
	t->no = terms_set_find(t, CW_STR(TERMS_NO));
	t->yes = terms_set_find(t, CW_STR(TERMS_YES));
	free(b.row);
	free(b.edge);
	if (rc < 0) {
		map_terminology_free(t);
		t = NULL;
	}
	*out = t;
	return rc;
}

void
map_terminology_free(struct map_terminology *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->maps; i++)
		cw_map_free(t->map[i]);
	free(t->map);
	free(t->system);
	cw_arena_free(t->mem);
	free(t);
}
