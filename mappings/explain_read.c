/* explain_read: a recorded trace -> the case that was decided on. */
#include "mappings/explain.h"

static size_t
count(const struct fhir_node *first)
{
	size_t n = 0;

	for (; first != NULL; first = fhir_node_again(first))
		n += first->kind == FHIR_OBJECT;
	return n;
}

static void
read_patient(struct map_case *out, const struct fhir_node *patient, struct cw_arena *arena)
{
	const struct fhir_node *tag = fhir_node_get(patient, "tag");
	struct map_patient_tag *list = cw_alloc(arena, (count(tag) + 1) * sizeof(*list));

	out->known = cw_str_is(fhir_node_text(patient, "known"), "true");
	out->about.deceased = cw_str_is(fhir_node_text(patient, "deceased"), "true");
	out->about.inactive = cw_str_is(fhir_node_text(patient, "active"), "false");
	out->about.tag = list;
	for (; list != NULL && tag != NULL; tag = fhir_node_again(tag)) {
		if (tag->kind == FHIR_OBJECT)
			list[out->about.tags++] =
			    (struct map_patient_tag){ fhir_node_text(tag, "system"),
				    fhir_node_text(tag, "code") };
	}
}

int
map_explain_read(struct map_case *out, const struct fhir_node *trace,
    const struct map_terminology *terms, struct cw_arena *arena, struct cw_err *err)
{
	const struct fhir_node *patient = fhir_node_get(trace, "patient");
	const struct fhir_node *node = fhir_node_get(trace, "findings");
	size_t n = count(node);
	struct map_finding *finding = cw_alloc(arena, (n + 1) * sizeof(*finding));
	const struct map_finding **list = cw_alloc(arena, (n + 1) * sizeof(*list));

	*out = (struct map_case){ .finding = list };
	if (patient == NULL || node == NULL)
		return cw_fail(err, CW_EVALUE, "the trace has no patient or no findings");
	read_patient(out, patient, arena);
	if (cw_arena_full(arena))
		return cw_fail(err, CW_ELIMIT, "the trace needs too much memory");
	for (; node != NULL; node = fhir_node_again(node)) {
		int rc;

		if (node->kind != FHIR_OBJECT)
			continue;
		rc = map_fact_read(&finding[out->findings], node, terms, arena, err);
		if (rc < 0)
			return rc;
		list[out->findings] = &finding[out->findings];
		out->findings++;
	}
	return 0;
}
