/* In place of mappings/sift and mappings/finding, so that the record can be tested alone: a
 * resource maps if it says "mapped", and gives one finding that tells what its references led to.
 */
#include "fhir/json.h"
#include "mappings/finding.h"
#include "mappings/sift.h"

#include <stdlib.h>
#include <string.h>

static bool
contains(struct cw_str s, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= s.n; i++) {
		if (memcmp(s.s + i, word, n) == 0)
			return true;
	}
	return false;
}

int
map_sift(struct map_sift_result *out, struct cw_str text, const struct map_terminology *terms,
    struct cw_arena *scratch, struct cw_err *err)
{
	struct cw_arena *mem = cw_arena_new(0);
	const struct fhir_node *tree, *meta;
	int rc;

	(void)terms;
	(void)scratch;
	memset(out, 0, sizeof(*out));
	rc = fhir_json_read(&tree, text, mem, NULL, err);
	if (rc < 0 || fhir_node_resource_type(tree).s == NULL) {
		out->verdict = MAP_SIFT_BROKEN;
		if (rc == 0)
			rc = cw_fail(err, CW_ETYPE, "no resource");
		cw_arena_free(mem);
		return 0;
	}
	meta = fhir_node_get(tree, "meta");
	out->type = fhir_node_resource_type(tree);
	out->id = fhir_node_text(tree, "id");
	out->version = fhir_node_text(meta, "versionId");
	out->updated = fhir_node_text(meta, "lastUpdated");
	out->verdict = cw_str_is(out->type, "Claim") ? MAP_SIFT_OTHER
		       : cw_str_is(out->type, "Patient") || contains(text, "mapped")
			   ? MAP_SIFT_PASS
			   : MAP_SIFT_DROP;
	cw_arena_free(mem); /* the strings borrow from text: there are no escapes */
	return 0;
}

void
map_findings_init(struct map_findings *f, struct cw_arena *arena)
{
	*f = (struct map_findings){ .arena = arena };
}

void
map_findings_fini(struct map_findings *f)
{
	free(f->item);
}

/* One finding if the resource says 'mapped'; its path tells what its references led to. */
int
map_findings_read(struct map_findings *out, const struct fhir_node *resource,
    const struct map_read_context *ctx, struct cw_err *err)
{
	struct cw_str focus = fhir_node_text(fhir_node_get(resource, "focus"), "reference");
	struct cw_str drug =
	    fhir_node_text(fhir_node_get(resource, "medicationReference"), "reference");
	const struct fhir_node *target =
	    drug.s == NULL ? NULL : ctx->resolve(ctx->arg, resource, drug);
	struct map_finding *f;

	(void)err;
	if (cw_str_is(fhir_node_resource_type(resource), "Medication") ||
	    cw_str_is(fhir_node_resource_type(resource), "Questionnaire") ||
	    cw_str_is(fhir_node_resource_type(resource), "Patient"))
		return MAP_READ_OTHER;
	if (fhir_node_get(resource, "subject") == NULL &&
	    fhir_node_get(resource, "patient") == NULL) {
		struct map_issue issue = { MAP_ISSUE_UNREAD, resource, "", "no subject", true };

		ctx->issue(ctx->arg, &issue);
		return CW_OK;
	}
	if (cw_str_is(fhir_node_text(resource, "code"), "bad")) {
		struct map_issue issue = { MAP_ISSUE_MALFORMED, fhir_node_get(resource, "code"),
			"Condition.code", "must be an object", true };

		ctx->issue(ctx->arg, &issue);
		return CW_OK;
	}
	out->item = cw_realloc(out->item, (out->n + 1) * sizeof(*out->item));
	f = &out->item[out->n++];
	memset(f, 0, sizeof(*f));
	f->source = cw_str_dup(out->arena, ctx->source);
	f->when = 0;
	f->received = ctx->received;
	f->path = cw_fmt(out->arena, "%s%s%.*s",
	    focus.s == NULL				 ? ""
	    : ctx->is_patient(ctx->arg, resource, focus) ? "(self)"
							 : "(other)",
	    drug.s == NULL   ? ""
	    : target == NULL ? "(lost)"
			     : "->",
	    CW_ARG(fhir_node_text(target, "id")));
	return CW_OK;
}

int
map_patient_read(struct map_patient *out, const struct fhir_node *resource,
    const struct map_read_context *ctx, struct cw_arena *arena, struct cw_err *err)
{
	(void)ctx;
	(void)err;
	*out = (struct map_patient){ .id = cw_str_dup(arena, fhir_node_text(resource, "id")) };
	out->deceased_at = out->updated = MAP_NO_TIME;
	out->inactive = cw_str_is(fhir_node_text(resource, "active"), "false");
	out->deceased = cw_str_is(fhir_node_text(resource, "deceasedBoolean"), "true");
	return CW_OK;
}
