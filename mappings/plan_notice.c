/* plan_notice: what an action tells a person beside orders. */
#include "mappings/plan_internal.h"

#define NOTICE "urn:cordwatch:StructureDefinition:notice"

enum { MOST = 32 /* of one action: a bit each for who remembers which were given */ };

static int
refuse(struct map_loader *l, const struct fhir_node *e, const char *why)
{
	return map_artefact_fail(l->err, CW_EVALUE, l->from, e, "a notice %s", why);
}

static bool
is_kind(struct cw_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] != '-' && !(s.s[i] >= 'a' && s.s[i] <= 'z'))
			return false;
	}
	return s.n > 0 && s.n <= 32;
}

static int
check_parts(struct map_loader *l, const struct fhir_node *e)
{
	const struct fhir_node *part = fhir_node_get(e, "extension");

	for (; part != NULL; part = fhir_node_again(part)) {
		struct cw_str url = fhir_node_text(part, "url");

		if (!cw_str_is(url, "kind") && !cw_str_is(url, "text") &&
		    !cw_str_is(url, "after") && !cw_str_is(url, "condition"))
			return refuse(l, part, "has kind, text, after and condition");
	}
	return 0;
}

static int
load_after(struct map_loader *l, struct map_notice *n, const struct fhir_node *after)
{
	struct fhir_quantity q;

	if (after == NULL)
		return 0;
	if (fhir_quantity_read(fhir_node_get(after, "valueDuration"), &q, NULL) != 0 ||
	    map_plan_duration(&q, &n->after) < 0)
		return refuse(l, after, "is given after a Duration of weeks or shorter");
	return 0;
}

static int
load_notice(struct map_loader *l, struct map_notice *n, const struct fhir_node *e)
{
	const struct fhir_node *condition = map_plan_extension(e, "condition");
	struct fhir_path_type nothing = { .kind = FHIR_ITEM_ANY };
	int rc = check_parts(l, e);

	*n =
	    (struct map_notice){ .kind = fhir_node_text(map_plan_extension(e, "kind"), "valueCode"),
		    .text = fhir_node_text(map_plan_extension(e, "text"), "valueString") };
	if (rc == 0 && !is_kind(n->kind))
		rc = refuse(l, e, "needs a kind of small letters");
	if (rc == 0 && n->text.n == 0)
		rc = refuse(l, e, "needs a text");
	if (rc == 0)
		rc = load_after(l, n, map_plan_extension(e, "after"));
	if (rc == 0 && condition != NULL)
		rc = map_plan_compile(
		    l, &n->condition, fhir_node_get(condition, "valueExpression"), &nothing);
	return rc;
}

int
map_plan_load_notices(struct map_loader *l, struct map_action *a)
{
	const struct fhir_node *e = map_plan_extension(a->node, NOTICE);
	int rc = 0;

	if (e != NULL)
		a->notice = cw_alloc(l->plan->arena, MOST * sizeof(*a->notice));
	for (; e != NULL && rc == 0; e = map_plan_extension_next(fhir_node_again(e), NOTICE)) {
		if (a->notices == MOST)
			return refuse(l, e, "too many for one action");
		rc = load_notice(l, &a->notice[a->notices++], e);
	}
	return rc;
}
