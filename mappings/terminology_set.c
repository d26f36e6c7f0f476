#include "mappings/terminology_internal.h"

#include <string.h>

const struct terms_set *
terms_set_find(const struct map_terminology *t, struct cw_str canonical)
{
	return canonical.n == 0 ? NULL : cw_map_get(t->sets, canonical);
}

/* ---- asking ---- */

static bool
listed(const struct terms_part *p, struct cw_str key)
{
	if (p->whole || (p->code != NULL && cw_map_get(p->code, key) != NULL))
		return true;
	for (size_t i = 0; i < p->prefixes; i++) {
		if (cw_str_starts(key, p->prefix[i].key))
			return true;
	}
	return false;
}

static bool
part_has(const struct terms_part *p, const struct terms_system *s, struct cw_str key)
{
	if (p->system != NULL && (p->system != s || !listed(p, key)))
		return false;
	for (size_t i = 0; i < p->sets; i++) {
		if (!terms_set_has(p->set[i], s, key))
			return false;
	}
	return true;
}

static bool
any_has(const struct terms_part *p, size_t n, const struct terms_system *s, struct cw_str key)
{
	for (size_t i = 0; i < n; i++) {
		if (part_has(&p[i], s, key))
			return true;
	}
	return false;
}

bool
terms_set_has(const struct terms_set *set, const struct terms_system *s, struct cw_str key)
{
	return any_has(set->include, set->includes, s, key) &&
	       !any_has(set->exclude, set->excludes, s, key);
}

/* ---- reading ---- */

static size_t
repeats(const struct fhir_node *node)
{
	size_t n = 0;

	for (; node != NULL; node = fhir_node_again(node))
		n++;
	return n;
}

static int
add_code(struct terms_build *b, const struct map_artefact *a, struct terms_part *p,
    const struct fhir_node *code, const struct fhir_node *at, struct cw_err *err)
{
	struct cw_str key;
	int rc = terms_key_checked(b->t, p->system, a, code == NULL ? at : code, &key, err);

	if (rc < 0)
		return rc;
	if (p->code == NULL)
		p->code = terms_map(b->t);
	cw_map_put(p->code, key, (void *)(uintptr_t)(code == NULL ? at : code));
	return 0;
}

/* The plain text at the front of a regular expression: letters, digits and dots. Returns how much
 * of it was taken; *dots says whether all dots may be left out. */
static size_t
literal(struct cw_str regex, char *out, size_t *n, bool icd)
{
	size_t i = 0;

	*n = 0;
	while (i < regex.n && *n < TERMS_KEY) {
		char c = regex.s[i];
		bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
			     (c >= '0' && c <= '9') || c == '-' || c == '_';
		size_t step = 1;

		if (c == '\\' && i + 1 < regex.n && regex.s[i + 1] == '.') {
			step = 2;
			c = '.';
			plain = true;
		}
		if (!plain)
			break;
		if (i + step < regex.n && strchr("?*+{", regex.s[i + step]) != NULL) {
			if (c != '.' || !icd || regex.s[i + step] != '?')
				break;
			step++;
		}
		out[(*n)++] = c;
		i += step;
	}
	return i;
}

/* "C79\.?5.*" is a prefix, "C79\.5" one code; all else would need the list of all codes. */
static int
add_regex(struct terms_build *b, const struct map_artefact *a, struct terms_part *p,
    const struct fhir_node *value, struct cw_err *err)
{
	char text[TERMS_KEY], room[TERMS_KEY];
	struct cw_str regex = value->lexeme, rest, key;
	size_t n, used = literal(regex, text, &n, p->system->kind == TERMS_ICD);

	rest = (struct cw_str){ regex.s + used, regex.n - used };
	if (n == 0 || p->system->kind == TERMS_WORDS || !(rest.n == 0 || cw_str_is(rest, ".*")))
		return map_artefact_fail(err, CW_EUNSUPPORTED, a, value,
		    "only a prefix (as C79\\.?5.*) can be decided without a terminology server");
	key = cw_str_dup(b->t->mem, terms_key(p->system, (struct cw_str){ text, n }, room));
	if (key.n == 0)
		return map_artefact_fail(err, CW_EVALUE, a, value, "an empty prefix");
	if (rest.n == 0) {
		if (p->code == NULL)
			p->code = terms_map(b->t);
		cw_map_put(p->code, key, (void *)(uintptr_t)value);
		return 0;
	}
	p->rule[p->prefixes] = cw_fmt(b->t->mem, "%.*s*", (int)n, text);
	p->prefix[p->prefixes++].key = key;
	return 0;
}

static int
add_list(struct terms_build *b, const struct map_artefact *a, struct terms_part *p,
    const struct fhir_node *value, struct cw_err *err)
{
	const char *s = value->lexeme.s, *end = s + value->lexeme.n;

	while (s <= end) {
		const char *comma = memchr(s, ',', (size_t)(end - s));
		struct fhir_node *one = cw_alloc(b->t->mem, sizeof(*one));
		int rc;

		*one = *value;
		one->lexeme = (struct cw_str){ s, (size_t)((comma == NULL ? end : comma) - s) };
		rc = add_code(b, a, p, one, value, err);
		if (rc < 0 || comma == NULL)
			return rc;
		s = comma + 1;
	}
	return 0;
}

static int
add_filter(struct terms_build *b, const struct map_artefact *a, struct terms_part *p,
    const struct fhir_node *filter, struct cw_err *err)
{
	struct cw_str property = fhir_node_text(filter, "property");
	struct cw_str op = fhir_node_text(filter, "op");
	const struct fhir_node *value = fhir_node_get(filter, "value");

	if (value == NULL || value->lexeme.n == 0)
		return map_artefact_fail(err, CW_EVALUE, a, filter, "a filter without a value");
	if (fhir_node_again(filter) != NULL)
		return map_artefact_fail(err, CW_EUNSUPPORTED, a, filter,
		    "several filters at once cannot be decided without a terminology server");
	if (cw_str_is(property, "code") || cw_str_is(property, "concept")) {
		if (cw_str_is(op, "="))
			return add_code(b, a, p, value, value, err);
		if (cw_str_is(op, "in"))
			return add_list(b, a, p, value, err);
		if (cw_str_is(op, "regex"))
			return add_regex(b, a, p, value, err);
	}
	return map_artefact_fail(err, CW_EUNSUPPORTED, a, filter,
	    "the filter %.*s %.*s cannot be decided without a terminology server", CW_ARG(property),
	    CW_ARG(op));
}

static int read_set(struct terms_build *b, struct terms_set *set, struct cw_err *err);

static int
add_sets(struct terms_build *b, const struct map_artefact *a, struct terms_part *p,
    const struct fhir_node *ref, struct cw_err *err)
{
	p->set = cw_alloc(b->t->mem, repeats(ref) * sizeof(struct terms_set *));
	for (; ref != NULL; ref = fhir_node_again(ref)) {
		struct terms_set *other = cw_map_get(b->t->sets, ref->lexeme);
		int rc;

		if (other == NULL)
			return map_artefact_fail(err, CW_ENOTFOUND, a, ref,
			    "no value set %.*s in the packages", CW_ARG(ref->lexeme));
		if (other->state == TERMS_SET_OPEN)
			return map_artefact_fail(
			    err, CW_EVALUE, a, ref, "the value set includes itself");
		rc = read_set(b, other, err);
		if (rc < 0)
			return rc;
		p->set[p->sets++] = other;
	}
	return 0;
}

/* One include or exclude. */
static int
read_part(struct terms_build *b, const struct map_artefact *a, struct terms_part *p,
    const struct fhir_node *node, struct cw_err *err)
{
	const struct fhir_node *concept = fhir_node_get(node, "concept");
	const struct fhir_node *filter = fhir_node_get(node, "filter");
	struct cw_str system = fhir_node_text(node, "system");
	int rc = 0;

	if (system.n > 0)
		p->system = terms_system_of(b->t, system);
	else if (concept != NULL || filter != NULL || fhir_node_get(node, "valueSet") == NULL)
		return map_artefact_fail(err, CW_EVALUE, a, node, "codes without a system");
	p->whole = p->system != NULL && concept == NULL && filter == NULL;
	p->prefix = cw_alloc(b->t->mem, sizeof(*p->prefix));
	p->rule = cw_alloc(b->t->mem, sizeof(*p->rule));
	for (; rc == 0 && concept != NULL; concept = fhir_node_again(concept))
		rc = add_code(b, a, p, fhir_node_get(concept, "code"), concept, err);
	if (rc == 0 && filter != NULL)
		rc = add_filter(b, a, p, filter, err);
	if (rc == 0 && fhir_node_get(node, "valueSet") != NULL)
		rc = add_sets(b, a, p, fhir_node_get(node, "valueSet"), err);
	return rc;
}

static int
read_parts(struct terms_build *b, const struct map_artefact *a, const struct fhir_node *node,
    struct terms_part **out, size_t *n, struct cw_err *err)
{
	*n = 0;
	*out = cw_alloc(b->t->mem, repeats(node) * sizeof(**out));
	for (; node != NULL; node = fhir_node_again(node)) {
		int rc = read_part(b, a, &(*out)[(*n)++], node, err);

		if (rc < 0)
			return rc;
	}
	return 0;
}

/* ---- expansions ---- */

static size_t
count_contains(const struct fhir_node *node)
{
	size_t n = 0;

	for (; node != NULL; node = fhir_node_again(node))
		n += 1 + count_contains(fhir_node_get(node, "contains"));
	return n;
}

static struct terms_part *
part_of(struct terms_set *set, const struct terms_system *s)
{
	for (size_t i = 0; i < set->includes; i++) {
		if (set->include[i].system == s)
			return &set->include[i];
	}
	set->include[set->includes].system = s;
	return &set->include[set->includes++];
}

static int
read_contains(
    struct terms_build *b, struct terms_set *set, const struct fhir_node *node, struct cw_err *err)
{
	for (; node != NULL; node = fhir_node_again(node)) {
		const struct fhir_node *code = fhir_node_get(node, "code");
		struct cw_str system = fhir_node_text(node, "system");
		int rc = 0;

		if (code != NULL && system.n == 0)
			return map_artefact_fail(
			    err, CW_EVALUE, set->artefact, node, "a code without a system");
		if (code != NULL && !cw_str_is(fhir_node_text(node, "abstract"), "true"))
			rc = add_code(b, set->artefact, part_of(set, terms_system_of(b->t, system)),
			    code, node, err);
		if (rc == 0)
			rc = read_contains(b, set, fhir_node_get(node, "contains"), err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* An expansion is what a terminology server made of compose, so it stands for it. */
static int
read_set(struct terms_build *b, struct terms_set *set, struct cw_err *err)
{
	const struct map_artefact *a = set->artefact;
	const struct fhir_node *expansion = fhir_node_get(a->node, "expansion");
	const struct fhir_node *compose = fhir_node_get(a->node, "compose");
	int rc;

	if (set->state == TERMS_SET_DONE)
		return 0;
	set->state = TERMS_SET_OPEN;
	if (expansion != NULL) {
		const struct fhir_node *contains = fhir_node_get(expansion, "contains");

		set->include =
		    cw_alloc(b->t->mem, count_contains(contains) * sizeof(*set->include));
		rc = read_contains(b, set, contains, err);
	} else {
		rc = read_parts(
		    b, a, fhir_node_get(compose, "include"), &set->include, &set->includes, err);
		if (rc == 0)
			rc = read_parts(b, a, fhir_node_get(compose, "exclude"), &set->exclude,
			    &set->excludes, err);
	}
	set->state = TERMS_SET_DONE;
	return rc;
}

static void
find_concepts(struct map_terminology *t, struct terms_set *set)
{
	set->concept = cw_alloc(t->mem, (t->concepts + 1) * sizeof(struct map_concept *));
	for (size_t i = 0; i < t->concepts; i++) {
		if (terms_set_has(set, t->finding, t->concept[i].code))
		set->concept[set->concepts++] = &t->concept[i];
	}
}

int
terms_sets_read(struct terms_build *b, struct cw_err *err)
{
	struct map_terminology *t = b->t;
	int rc;

	for (size_t i = 0; i < map_package_count(b->package); i++) {
		const struct map_artefact *a = map_package_at(b->package, i);
		struct terms_set *set;

		if (!a->active || !cw_str_is(a->type, "ValueSet") || a->url.n == 0)
			continue;
		set = cw_alloc(t->mem, sizeof(*set));
		set->artefact = a;
		cw_map_put(t->sets, a->url, set);
		if (a->version.n > 0)
			cw_map_put(t->sets,
			    cw_fmt(t->mem, "%.*s|%.*s", CW_ARG(a->url), CW_ARG(a->version)), set);
	}
	for (size_t i = 0; i < cw_map_count(t->sets); i++) {
		struct cw_str url;
		struct terms_set *set = cw_map_at(t->sets, i, &url);

		rc = read_set(b, set, err);
		if (rc < 0)
			return rc;
		if (set->concept == NULL)
			find_concepts(t, set);
	}
	return 0;
}
