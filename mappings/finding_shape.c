/* Shape and modifiers: may the resource be read at all, and as it stands? */
#include "fhir/types.h"
#include "mappings/finding_internal.h"

static bool
hear(void *ctx, enum fhir_fault fault, const struct fhir_node *at, const char *text)
{
	struct map_reader *r = ctx;

	switch (fault) {
	case FHIR_FAULT_SHAPE:
		r->broken = true;
		map_remark(r, MAP_ISSUE_MALFORMED, at, text, true);
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

/* A resource of the wrong shape is not read: what stands in the wrong place may mean anything. */
void
map_check_shape(struct map_reader *r)
{
	fhir_types_check(r->res, fhir_model_r4(), hear, r);
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
