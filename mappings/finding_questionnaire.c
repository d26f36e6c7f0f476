/* QuestionnaireResponse: an item that carries a code is a question, its answer the value. */
#include "mappings/finding_internal.h"

/* The item of a Questionnaire with that linkId, at any depth, or NULL. */
static const struct fhir_node *
find_item(const struct fhir_node *parent, struct cw_str link, unsigned depth)
{
	const struct fhir_node *item, *found;

	if (depth > MAP_DEPTH)
		return NULL;
	for (item = map_object(fhir_node_get(parent, "item")); item;
	     item = map_object(fhir_node_again(item))) {
		if (cw_str_eq(fhir_node_text(item, "linkId"), link))
			return item;
		found = find_item(item, link, depth + 1);
		if (found)
			return found;
	}
	return NULL;
}

/* Codes of an item: in extensions of the answer's own item, or in the Questionnaire's. */
static void
item_codes(struct map_reader *r, struct map_hits *hits, const struct fhir_node *form,
    const struct fhir_node *item)
{
	struct cw_str link = fhir_node_text(item, "linkId");
	const struct fhir_node *ext, *node;

	for (ext = map_object(fhir_node_get(item, "extension")); ext;
	     ext = map_object(fhir_node_again(ext))) {
		node = fhir_node_get(ext, "valueCoding");
		if (node)
			map_hits_add(r, hits, node);
		map_hits_concept(r, hits, fhir_node_get(ext, "valueCodeableConcept"));
	}
	if (!form || !link.n)
		return;
	node = fhir_node_get(find_item(form, link, 0), "code");
	for (; node; node = fhir_node_again(node))
		map_hits_add(r, hits, node);
}

static void read_items(struct map_reader *r, const struct fhir_node *form,
    const struct fhir_node *parent, bool doubt, unsigned depth);

static void
read_item(struct map_reader *r, const struct fhir_node *form, const struct fhir_node *item,
    bool doubt, unsigned depth)
{
	const struct fhir_node *answer;
	struct map_hits codes = { 0 };
	struct map_unit unit;

	doubt |= map_modifiers_unknown(r, item);
	item_codes(r, &codes, form, item);
	for (answer = map_object(fhir_node_get(item, "answer")); answer;
	     answer = map_object(fhir_node_again(answer))) {
		unit = (struct map_unit){
			.node = answer, .asked = codes, .other = r->base.other_subject
		};
		unit.doubt = map_modifiers_unknown(r, answer) || doubt;
		map_answer_read(r, &unit.answer, answer);
		map_emit_unit(r, &unit);
		read_items(r, form, answer, unit.doubt, depth + 1);
	}
	read_items(r, form, item, doubt, depth + 1);
}

static void
read_items(struct map_reader *r, const struct fhir_node *form, const struct fhir_node *parent,
    bool doubt, unsigned depth)
{
	const struct fhir_node *item = fhir_node_get(parent, "item");

	if (item && depth > MAP_DEPTH) {
		map_remark(r, MAP_ISSUE_UNREAD, item, "items nested deeper than is read", false);
		return;
	}
	for (; item; item = fhir_node_again(item))
		read_item(r, form, item, doubt, depth);
}

void
map_read_questionnaire(struct map_reader *r)
{
	const struct fhir_node *form = map_resolve_text(r, fhir_node_text(r->res, "questionnaire"));

	if (!cw_str_is(fhir_node_resource_type(form), "Questionnaire"))
		form = NULL;
	read_items(r, form, r->res, false, 0);
}
