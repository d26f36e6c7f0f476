/* Values: what value[x], dataAbsentReason and the codings of an answer say (FHIR R4 Observation;
 * criteria S2, 11 (26)). */
#include "mappings/finding_internal.h"

#include "mappings/finding_number.h"

#include <string.h>

static const char absent_url[] = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
static const char ordinal_url[] = "http://hl7.org/fhir/StructureDefinition/ordinalValue";

static const struct fhir_node *
extension(const struct fhir_node *node, const char *url)
{
	const struct fhir_node *ext;

	for (ext = map_object(fhir_node_get(node, "extension")); ext;
	     ext = map_object(fhir_node_again(ext)))
		if (cw_str_is(fhir_node_text(ext, "url"), url))
			return ext;
	return NULL;
}

/* Codes that say why there is nothing to say. */
static bool
says_absent(struct cw_str system)
{
	return cw_str_is(system, "http://terminology.hl7.org/CodeSystem/data-absent-reason") ||
	       cw_str_is(system, "http://terminology.hl7.org/CodeSystem/v3-NullFlavor");
}

/* Two answers in one value must agree to count. */
static void
say(struct map_answer *a, enum map_truth what, bool *spoken)
{
	if (what == MAP_UNKNOWN)
		return;
	a->said = *spoken && a->said != what ? MAP_UNKNOWN : what;
	*spoken = true;
}

static void
read_coding(
    struct map_reader *r, struct map_answer *a, const struct fhir_node *coding, bool *spoken)
{
	struct cw_str system = fhir_node_text(coding, "system");
	const struct fhir_node *ordinal;

	if (says_absent(system)) {
		a->absent = true;
		return;
	}
	a->there = true;
	say(a, map_terminology_answer(r->ctx->terms, system, fhir_node_text(coding, "code")),
	    spoken);
	map_hits_add(r, &a->hits, coding);
	ordinal = fhir_node_get(extension(coding, ordinal_url), "valueDecimal");
	if (ordinal)
		map_number_read(r, a, ordinal);
}

static void
read_concept(struct map_reader *r, struct map_answer *a, const struct fhir_node *concept)
{
	const struct fhir_node *coding = fhir_node_get(concept, "coding");
	struct cw_str text = fhir_node_text(concept, "text");
	bool spoken = false;

	for (; coding; coding = fhir_node_again(coding))
		read_coding(r, a, coding, &spoken);
	if (text.n) {
		a->there |= !a->absent;
		say(a, map_terminology_answer_text(r->ctx->terms, text), &spoken);
	}
}

/* The value[x] of node that has a form, or NULL. */
static const struct fhir_node *
find_value(const struct fhir_node *node)
{
	const struct fhir_node *child;

	for (child = node->child; child; child = child->next)
		if (child->name.n > 5 && memcmp(child->name.s, "value", 5) == 0 &&
		    child->name.s[5] >= 'A' && child->name.s[5] <= 'Z')
			return child;
	return NULL;
}

static void
read_value(struct map_reader *r, struct map_answer *a, const struct fhir_node *value)
{
	struct cw_str form = { value->name.s + 5, value->name.n - 5 };
	bool spoken = false;

	if (extension(value, absent_url)) {
		a->absent = true;
		return;
	}
	if (cw_str_is(form, "CodeableConcept")) {
		read_concept(r, a, value);
	} else if (cw_str_is(form, "Coding")) {
		read_coding(r, a, value, &spoken);
	} else if (cw_str_is(form, "Quantity")) {
		a->absent = extension(fhir_node_get(value, "value"), absent_url) != NULL;
		a->there = !a->absent;
		map_number_quantity(r, a, value);
	} else if (cw_str_is(form, "Range")) {
		a->there = true;
		map_number_range(r, a, value);
	} else {
		a->there = true;
		if (cw_str_is(form, "Integer") || cw_str_is(form, "Decimal"))
			map_number_read(r, a, value);
		else if (cw_str_is(form, "Boolean"))
			a->said = cw_str_is(value->lexeme, "true")    ? MAP_TRUE
				  : cw_str_is(value->lexeme, "false") ? MAP_FALSE
								      : MAP_UNKNOWN;
		else if (cw_str_is(form, "String"))
			a->said = map_terminology_answer_text(r->ctx->terms, value->lexeme);
	}
}

/* ---- interpretation ---- */

/* The code systems of interpretations, through FHIR's versions; none at all is taken as these. */
static bool
is_interpretation(struct cw_str system)
{
	static const char *const systems[] = {
		"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
		"http://hl7.org/fhir/v3/ObservationInterpretation",
		"http://hl7.org/fhir/v2/0078",
		"http://terminology.hl7.org/CodeSystem/v2-0078",
		"urn:oid:2.16.840.1.113883.5.83",
	};
	size_t i;

	for (i = 0; i < sizeof(systems) / sizeof(systems[0]); i++)
		if (cw_str_is(system, systems[i]))
			return true;
	return !system.n;
}

static bool
among(struct cw_str code, const char *const *list)
{
	for (; *list; list++)
		if (cw_str_is(code, *list))
			return true;
	return false;
}

static void
read_interpretation(struct map_answer *a, struct cw_str code)
{
	static const char *const raised[] = { "H", "HH", "HU", "HX", "H>", ">", NULL };
	static const char *const lowered[] = { "L", "LL", "LU", "LX", "L<", "<", NULL };
	static const char *const negative[] = { "NEG", "ND", "NR", NULL };
	static const char *const positive[] = { "POS", "DET", "RR", "WR", NULL };
	static const char *const abnormal[] = { "A", "AA", NULL };

	a->raised |= among(code, raised);
	a->lowered |= among(code, lowered);
	a->normal |= cw_str_is(code, "N");
	a->negative |= among(code, negative);
	a->positive |= among(code, positive);
	a->abnormal |= among(code, abnormal);
}

static void
read_interpretations(struct map_answer *a, const struct fhir_node *node)
{
	const struct fhir_node *one = fhir_node_get(node, "interpretation"), *coding;

	for (; one; one = fhir_node_again(one))
		for (coding = map_object(fhir_node_get(one, "coding")); coding;
		     coding = map_object(fhir_node_again(coding)))
			if (is_interpretation(fhir_node_text(coding, "system")))
				read_interpretation(a, fhir_node_text(coding, "code"));
}

void
map_answer_read(struct map_reader *r, struct map_answer *a, const struct fhir_node *node)
{
	const struct fhir_node *value = find_value(node);

	*a = (struct map_answer){ .said = MAP_UNKNOWN };
	if (value)
		read_value(r, a, value);
	if (!a->there && fhir_node_get(node, "dataAbsentReason"))
		a->absent = true;
	read_interpretations(a, node);
	a->range = fhir_node_get(node, "referenceRange");
	a->strange = map_strange_member(r, node, "value") ||
		     map_strange_member(r, node, "interpretation") ||
		     map_strange_member(r, node, "dataAbsentReason") ||
		     map_strange_member(r, node, "referenceRange");
}

/* Does the value name a finding, a site or a side: something that is there? */
bool
map_answer_evident(const struct map_answer *a)
{
	size_t i;

	for (i = 0; i < a->hits.n; i++)
		if (a->hits.item[i].role != MAP_ROLE_QUESTION)
			return true;
	return false;
}
