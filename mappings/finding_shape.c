/* Shape and modifiers: what may be read, and as it stands? */
#include "fhir/types.h"
#include "mappings/finding_internal.h"

static bool
hear(void *ctx, enum fhir_fault fault, const struct fhir_node *at, const char *text)
{
	struct map_reader *r = ctx;

	switch (fault) {
	case FHIR_FAULT_SHAPE:
	case FHIR_FAULT_KIND:
		if (r->stranges == MAP_STRANGES)
			r->doubt = true;
		else
			r->strange[r->stranges++] = at;
		map_remark(r, MAP_ISSUE_MALFORMED, at, text, false);
		return true;
	case FHIR_FAULT_VALUE:
		map_remark(r, MAP_ISSUE_MALFORMED, at, text, false);
		return true;
	case FHIR_FAULT_UNKNOWN:
		map_remark(r, MAP_ISSUE_SKIPPED, at, text, false);
		return true;
	}
	return true;
}

static bool
within(const struct fhir_node *node, const struct fhir_node *outer)
{
	while (node && node != outer)
		node = node->parent;
	return node != NULL;
}

/* What stands in the wrong place, or has the wrong kind, may mean anything. */
bool
map_strange(const struct map_reader *r, const struct fhir_node *node)
{
	size_t i;

	for (i = 0; node && i < r->stranges; i++)
		if (within(r->strange[i], node) || within(node, r->strange[i]))
			return true;
	return false;
}

bool
map_strange_member(const struct map_reader *r, const struct fhir_node *node, const char *start)
{
	const struct fhir_node *child;

	for (child = node && r->stranges ? node->child : NULL; child; child = child->next)
		if (cw_str_starts(child->name, cw_str(start)) && map_strange(r, child))
			return true;
	return false;
}

/* Members of a resource that say how all of it is to be taken. Codes, values and components have
 * doubts of their own. */
static bool
speaks_for_all(const struct map_reader *r)
{
	static const char *const members[] = { "status", "clinicalStatus", "verificationStatus",
		"bodySite", "series", "extension", "intent", "priority", "doNotPerform",
		"identifier", "focus", "hasMember", "abatement", "occurrence", "subject" };
	size_t i;

	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (map_strange_member(r, r->res, members[i]))
			return true;
	for (i = 0; i < 2; i++)
		if ((r->type->event[i] && map_strange_member(r, r->res, r->type->event[i])) ||
		    (r->type->record[i] && map_strange_member(r, r->res, r->type->record[i])))
			return true;
	return false;
}

void
map_check_shape(struct map_reader *r)
{
	fhir_types_check(r->res, fhir_model_r4(), hear, r);
	if (r->type && r->stranges && speaks_for_all(r))
		r->doubt = true;
}

/* No modifier extension is known here, so each may turn the meaning round (FHIR R4 2.4.1.1). */
bool
map_modifiers_unknown(struct map_reader *r, const struct fhir_node *node)
{
	const struct fhir_node *ext = fhir_node_get(node, "modifierExtension");

	if (!ext)
		return false;
	map_remark(r, MAP_ISSUE_UNREAD, ext, "a modifierExtension that is not known", false);
	return true;
}

void
map_read_modifiers(struct map_reader *r)
{
	const struct fhir_node *rules = fhir_node_get(r->res, "implicitRules");

	if (map_modifiers_unknown(r, r->res))
		r->doubt = true;
	if (rules) {
		map_remark(
		    r, MAP_ISSUE_UNREAD, rules, "written under rules that are not known", false);
		r->doubt = true;
	}
}
