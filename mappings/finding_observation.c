/* Observation: its code with its value, and each component checked one by one. */
#include "mappings/finding_internal.h"

/* Sites and sides that a component names ("laterality: left"). */
static void
component_sites(struct map_reader *r)
{
	const struct fhir_node *part, *coding;

	for (part = map_object(fhir_node_get(r->res, "component")); part;
	     part = map_object(fhir_node_again(part))) {
		coding = fhir_node_get(fhir_node_get(part, "valueCodeableConcept"), "coding");
		for (; coding; coding = fhir_node_again(coding))
			if (map_site_coding(r, coding))
				r->sites.stated = true;
	}
}

static void
read_unit(struct map_reader *r, struct map_unit *u, const struct fhir_node *node)
{
	*u = (struct map_unit){ .node = node, .other = r->base.other_subject };
	map_hits_concept(r, &u->asked, fhir_node_get(node, "code"));
	map_answer_read(r, &u->answer, node);
	if (r->pending && !u->answer.there && !u->answer.absent)
		u->doubt = true; /* registered: there is no result yet */
}

/* Nothing but "no" in the parts that speak of the code itself (those with a meaning of their own
 * are read on their own): then a finding in the code alone, without a value, proves nothing. */
static bool
all_say_no(struct map_reader *r)
{
	const struct fhir_node *part = fhir_node_get(r->res, "component");
	struct map_unit unit;
	bool any = false;

	for (; part; part = fhir_node_again(part)) {
		read_unit(r, &unit, part);
		if (unit.asked.n)
			continue;
		if (unit.answer.said != MAP_FALSE && !unit.answer.absent && !unit.answer.negative)
			return false;
		any = true;
	}
	return any;
}

void
map_read_observation(struct map_reader *r)
{
	const struct fhir_node *part;
	struct map_unit unit;
	bool family;

	component_sites(r);
	map_read_focus(r);
	read_unit(r, &unit, r->res);
	if (!unit.asked.n)
		map_hits_profile(r, &unit.asked);
	family = unit.asked.family;
	unit.quiet = unit.asked.n && !unit.answer.there &&
		     (map_strange_member(r, r->res, "component") || all_say_no(r));
	map_emit_unit(r, &unit);
	for (part = map_object(fhir_node_get(r->res, "component")); part;
	     part = map_object(fhir_node_again(part))) {
		read_unit(r, &unit, part);
		unit.other |= family;
		unit.doubt |= map_modifiers_unknown(r, part);
		map_emit_unit(r, &unit);
	}
}
