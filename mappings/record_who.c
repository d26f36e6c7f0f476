#include "fhir/reference.h"
#include "mappings/record_internal.h"

#include <string.h>

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* %7C is a bar: what stands in a query is percent-encoded (RFC 3986 2.1). */
static struct cw_str
percent_decode(struct cw_str s, struct cw_arena *arena)
{
	char *p = cw_alloc_raw(arena, s.n + 1);
	size_t n = 0;

	if (p == NULL)
		return (struct cw_str){ NULL, 0 };
	for (size_t i = 0; i < s.n; i++) {
		int high = s.s[i] == '%' && i + 2 < s.n ? hex_digit(s.s[i + 1]) : -1;
		int low = high < 0 ? -1 : hex_digit(s.s[i + 2]);

		p[n++] = low < 0 ? s.s[i] : (char)(high * 16 + low);
		i += low < 0 ? 0 : 2;
	}
	p[n] = '\0';
	return (struct cw_str){ p, n };
}

/* "system|value" of an Identifier; absent without a value. */
static struct cw_str
identifier_text(const struct fhir_node *identifier, struct cw_arena *arena)
{
	struct cw_str system = fhir_node_text(identifier, "system");
	struct cw_str value = fhir_node_text(identifier, "value");

	if (value.n == 0)
		return (struct cw_str){ NULL, 0 };
	return cw_fmt(arena, "%.*s|%.*s", CW_ARG(system), CW_ARG(value));
}

/* What is about something else than a patient. Flag and QuestionnaireResponse may be about
 * anything; the rest about these (FHIR R4, the subject of each). */
static struct map_who
not_a_patient(const struct fhir_node *resource, struct cw_str type, struct cw_str text)
{
	static const char *const others[] = { "Group", "Device", "Location" };
	struct cw_str of = fhir_node_resource_type(resource);
	bool may = cw_str_is(of, "Flag") || cw_str_is(of, "QuestionnaireResponse");

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		may |= cw_str_is(type, others[i]);
	return (struct map_who){ may ? WHO_OTHER : WHO_WRONG, text };
}

/* "#p1": the contained Patient is known by an identifier, or only in here. */
static struct map_who
contained(const struct fhir_node *resource, struct cw_str text, struct cw_arena *arena)
{
	const struct fhir_node *c = fhir_node_get(resource, "contained");
	struct map_who who = { .kind = WHO_CONTAINED, .text = text };
	const struct fhir_node *id;

	for (; c != NULL; c = fhir_node_again(c)) {
		struct cw_str own = fhir_node_text(c, "id");

		if (own.n + 1 != text.n || memcmp(own.s, text.s + 1, own.n) != 0)
			continue;
		if (!cw_str_is(fhir_node_resource_type(c), "Patient"))
			return not_a_patient(resource, fhir_node_resource_type(c), text);
		for (id = fhir_node_get(c, "identifier"); id != NULL; id = fhir_node_again(id)) {
			struct cw_str known = identifier_text(id, arena);

			if (known.s != NULL)
				return (struct map_who){ WHO_IDENTIFIER, known };
		}
		return who;
	}
	return (struct map_who){ .kind = WHO_NOWHERE, .text = text };
}

static struct map_who
who_is(const struct fhir_node *resource, const struct fhir_node *reference, struct cw_arena *arena)
{
	struct cw_str text = fhir_node_text(reference, "reference");
	struct cw_str type = fhir_node_text(reference, "type");
	struct cw_str known = identifier_text(fhir_node_get(reference, "identifier"), arena);
	struct fhir_reference parts;

	if (type.n > 0 && !cw_str_is(type, "Patient") &&
	    !cw_str_is(type, "http://hl7.org/fhir/StructureDefinition/Patient"))
		return not_a_patient(resource, type, text);
	fhir_reference_parse(&parts, text);
	switch (parts.kind) {
	case FHIR_REFERENCE_NONE:
		return known.s == NULL ? (struct map_who){ .kind = WHO_NOBODY }
				       : (struct map_who){ WHO_IDENTIFIER, known };
	case FHIR_REFERENCE_CONTAINED:
		return contained(resource, text, arena);
	case FHIR_REFERENCE_SEARCH:
		if (cw_str_is(parts.type, "Patient") &&
		    cw_str_starts(parts.query, CW_STR("identifier=")) &&
		    memchr(parts.query.s, '&', parts.query.n) == NULL)
			return (struct map_who){ WHO_IDENTIFIER,
				percent_decode(
				    (struct cw_str){ parts.query.s + 11, parts.query.n - 11 },
				    arena) };
		return (struct map_who){ .kind = WHO_NOWHERE, .text = text };
	case FHIR_REFERENCE_RELATIVE:
	case FHIR_REFERENCE_ABSOLUTE:
		if (!cw_str_is(parts.type, "Patient"))
			return not_a_patient(resource, parts.type, text);
		return (struct map_who){ WHO_REFERENCE, text };
	case FHIR_REFERENCE_URI:
		return (struct map_who){ WHO_REFERENCE, text };
	}
	return (struct map_who){ .kind = WHO_NOBODY };
}

void
map_who_read(struct map_who *subject, struct map_who *other, const struct fhir_node *resource,
    struct cw_arena *arena)
{
	const struct fhir_node *s = fhir_node_get(resource, "subject");
	const struct fhir_node *p = fhir_node_get(resource, "patient");

	*subject = who_is(resource, s == NULL ? p : s, arena);
	*other = s == NULL || p == NULL ? (struct map_who){ .kind = WHO_NOBODY }
					: who_is(resource, p, arena);
}
