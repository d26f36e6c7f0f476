#include "mappings/terminology_internal.h"

#include <stdlib.h>
#include <string.h>

/* Criteria 11 (42). OIDs as in HL7's registry; ICD-9-CM is that of the diagnoses. */
static const struct {
	const char *uri, *oid, *name;
} known[] = {
	{ "http://snomed.info/sct", "2.16.840.1.113883.6.96", "sct" },
	{ "http://loinc.org", "2.16.840.1.113883.6.1", "loinc" },
	{ "http://hl7.org/fhir/sid/icd-10-cm", "2.16.840.1.113883.6.90", "icd-10-cm" },
	{ "http://hl7.org/fhir/sid/icd-10", "2.16.840.1.113883.6.3", "icd-10" },
	{ "http://hl7.org/fhir/sid/icd-9-cm", "2.16.840.1.113883.6.103", "icd-9-cm" },
	{ "http://www.nlm.nih.gov/research/umls/rxnorm", "2.16.840.1.113883.6.88", "rxnorm" },
	{ "http://hl7.org/fhir/sid/icpc-2", "2.16.840.1.113883.6.139", "icpc-2" },
	{ "http://terminology.hl7.org/CodeSystem/v2-0136", "2.16.840.1.113883.12.136", "v2-0136" },
	{ "http://human-phenotype-ontology.org", "2.16.840.1.113883.6.339", "hpo" },
	{ "http://read.info/ctv3", NULL, "ctv3" },
	{ "http://read.info/readv2", NULL, "readv2" },
	{ "urn:ietf:rfc:3986", NULL, "profile" },
	{ TERMS_FINDING, NULL, "finding" },
	{ TERMS_TEXT, NULL, "text" },
};
enum { KNOWN = sizeof(known) / sizeof(known[0]) };

struct cw_map *
terms_map(struct map_terminology *t)
{
	if (t->maps == t->map_cap) {
		t->map_cap = t->map_cap == 0 ? 16 : 2 * t->map_cap;
		t->map = cw_realloc(t->map, t->map_cap * sizeof(struct cw_map *));
	}
	return t->map[t->maps++] = cw_map_new();
}

static enum terms_kind
kind_of(struct cw_str uri)
{
	if (cw_str_is(uri, TERMS_TEXT))
		return TERMS_WORDS;
	for (size_t i = 0; i + 7 <= uri.n; i++) {
		if (memcmp(uri.s + i, "/icd-10", 7) == 0)
			return TERMS_ICD;
		if (memcmp(uri.s + i, "/icd-9", 6) == 0)
			return TERMS_ICD;
	}
	return TERMS_PLAIN;
}

struct terms_system *
terms_system_of(struct map_terminology *t, struct cw_str uri)
{
	struct terms_system *s = cw_map_get(t->names, uri);

	if (s != NULL)
		return s;
	if (t->systems == t->system_cap) {
		t->system_cap = t->system_cap == 0 ? 32 : 2 * t->system_cap;
		t->system = cw_realloc(t->system, t->system_cap * sizeof(struct terms_system *));
	}
	s = cw_alloc(t->mem, sizeof(*s));
	s->uri = cw_str_dup(t->mem, uri);
	s->kind = kind_of(uri);
	s->index = t->systems;
	t->system[t->systems++] = s;
	cw_map_put(t->names, s->uri, s);
	return s;
}

void
terms_system_init(struct map_terminology *t)
{
	for (size_t i = 0; i < KNOWN; i++) {
		struct terms_system *s = terms_system_of(t, cw_str(known[i].uri));

		cw_map_put(t->short_names, cw_str(known[i].name), s);
		if (known[i].oid != NULL)
			cw_map_put(t->names, cw_fmt(t->mem, "urn:oid:%s", known[i].oid), s);
	}
	t->finding = terms_system_of(t, CW_STR(TERMS_FINDING));
	t->words = terms_system_of(t, CW_STR(TERMS_TEXT));
}

/* ---- NamingSystem ---- */

/* The identifier as it stands in Coding.system, or absent: of another kind. */
static struct cw_str
unique(struct map_terminology *t, const struct fhir_node *id)
{
	struct cw_str type = fhir_node_text(id, "type"), value = fhir_node_text(id, "value");

	if (value.n == 0)
		return (struct cw_str){ 0 };
	if (cw_str_is(type, "uri"))
		return value;
	if (!cw_str_is(type, "oid"))
		return (struct cw_str){ 0 };
	if (cw_str_starts(value, CW_STR("urn:oid:")))
		return value;
	return cw_fmt(t->mem, "urn:oid:%.*s", CW_ARG(value));
}

/* The system that all identifiers mean: one already known, else the preferred or first URI. */
static int
meant(struct map_terminology *t, const struct map_artefact *a, struct terms_system **out,
    struct cw_err *err)
{
	struct cw_str first = { 0 };
	bool preferred = false;

	*out = NULL;
	for (const struct fhir_node *id = fhir_node_get(a->node, "uniqueId"); id != NULL;
	     id = fhir_node_again(id)) {
		struct cw_str value = unique(t, id);
		struct terms_system *s = value.n == 0 ? NULL : cw_map_get(t->names, value);

		if (s != NULL && *out != NULL && s != *out)
			return map_artefact_fail(err, CW_EVALUE, a, id,
			    "would make one system of %.*s and %.*s", CW_ARG((*out)->uri),
			    CW_ARG(s->uri));
		if (s != NULL)
			*out = s;
		if (value.n > 0 && cw_str_is(fhir_node_text(id, "type"), "uri") &&
		    (first.n == 0 ||
			(!preferred && cw_str_is(fhir_node_text(id, "preferred"), "true")))) {
			first = value;
			preferred = cw_str_is(fhir_node_text(id, "preferred"), "true");
		}
	}
	if (*out == NULL && first.n > 0)
		*out = terms_system_of(t, first);
	return 0;
}

int
terms_system_alias(struct map_terminology *t, const struct map_artefact *a, struct cw_err *err)
{
	struct terms_system *s;
	int rc;

	if (!cw_str_is(fhir_node_text(a->node, "kind"), "codesystem"))
		return 0;
	rc = meant(t, a, &s, err);
	if (rc < 0 || s == NULL)
		return rc;
	for (const struct fhir_node *id = fhir_node_get(a->node, "uniqueId"); id != NULL;
	     id = fhir_node_again(id)) {
		struct cw_str value = unique(t, id);

		if (value.n > 0)
			cw_map_put(t->names, value, s);
	}
	return 0;
}

/* ---- codes ---- */

static char
upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool
blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct cw_str
terms_key(const struct terms_system *s, struct cw_str code, char room[TERMS_KEY])
{
	size_t n = 0;

	if (s->kind == TERMS_PLAIN)
		return code;
	if (s->kind == TERMS_WORDS) {
		for (; code.n > 0 && blank(code.s[0]); code.s++, code.n--)
			continue;
		for (; code.n > 0 && blank(code.s[code.n - 1]); code.n--)
			continue;
	}
	for (size_t i = 0; i < code.n; i++) {
		if (s->kind == TERMS_ICD && code.s[i] == '.')
			continue;
		if (n == TERMS_KEY)
			return (struct cw_str){ 0 };
		room[n++] = upper(code.s[i]);
	}
	return (struct cw_str){ room, n };
}

int
terms_key_checked(struct map_terminology *t, const struct terms_system *s,
    const struct map_artefact *a, const struct fhir_node *node, struct cw_str *key,
    struct cw_err *err)
{
	char room[TERMS_KEY];
	struct cw_str code = node == NULL ? (struct cw_str){ 0 } : node->lexeme;
	const char *fault;

	*key = code.n == 0 ? code : terms_key(s, code, room);
	if (key->n == 0)
		return map_artefact_fail(err, CW_EVALUE, a, node, "a code is empty or too long");
	fault = terms_digit_fault(s->uri, code);
	if (fault != NULL)
		return map_artefact_fail(err, CW_EVALUE, a, node, "%.*s: %s",
		    code.n > 40 ? 40 : (int)code.n, code.s, fault);
	*key = cw_str_dup(t->mem, *key);
	return 0;
}
