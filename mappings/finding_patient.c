/* Patient: alive, active, tagged as a test, the same person as another. */
#include "mappings/finding_internal.h"

static size_t
count(const struct fhir_node *node, const char *element)
{
	const struct fhir_node *n = fhir_node_get(node, element);
	size_t k = 0;

	for (; n; n = fhir_node_again(n))
		k++;
	return k;
}

static void
read_links(struct map_patient *out, const struct fhir_node *res, struct cw_arena *arena)
{
	const struct fhir_node *node = fhir_node_get(res, "link");
	struct map_patient_link *link;
	struct cw_str ref;

	link = cw_alloc(arena, (count(res, "link") + 1) * sizeof(*link));
	if (!link)
		return;
	out->link = link;
	for (; node; node = fhir_node_again(node)) {
		ref = fhir_node_text(fhir_node_get(node, "other"), "reference");
		if (!ref.n)
			continue;
		link[out->links].type = cw_str_dup(arena, fhir_node_text(node, "type"));
		link[out->links++].reference = cw_str_dup(arena, ref);
	}
}

static size_t
read_tags(struct map_patient_tag *tag, const struct fhir_node *meta, const char *element,
    struct cw_arena *a)
{
	const struct fhir_node *node = fhir_node_get(meta, element);
	size_t n = 0;

	for (; node; node = fhir_node_again(node)) {
		tag[n].system = cw_str_dup(a, fhir_node_text(node, "system"));
		tag[n++].code = cw_str_dup(a, fhir_node_text(node, "code"));
	}
	return n;
}

static void
read_deceased(struct map_patient *out, struct map_reader *r)
{
	const struct fhir_node *flag = fhir_node_get(r->res, "deceasedBoolean");
	const struct fhir_node *date = fhir_node_get(r->res, "deceasedDateTime");
	const struct fhir_node *active = fhir_node_get(r->res, "active");
	int64_t latest;

	out->uncertain |= map_strange(r, flag) || map_strange(r, date) || map_strange(r, active);
	out->inactive = active && !map_strange(r, active) && cw_str_is(active->lexeme, "false");
	out->deceased = flag && !map_strange(r, flag) && cw_str_is(flag->lexeme, "true");
	if (!date || !date->lexeme.n || map_strange(r, date))
		return;
	out->deceased = true;
	if (!map_instant(r, date, &out->deceased_at, &latest, NULL)) {
		out->deceased_at = MAP_NO_TIME;
		out->uncertain = true;
	}
}

int
map_patient_read(struct map_patient *out, const struct fhir_node *resource,
    const struct map_read_context *ctx, struct cw_arena *arena, struct cw_err *err)
{
	const struct fhir_node *meta = fhir_node_get(resource, "meta"), *updated;
	struct map_reader r = { .ctx = ctx, .res = resource };
	struct map_patient_tag *tag;
	int64_t latest;

	*out = (struct map_patient){ .updated = MAP_NO_TIME, .deceased_at = MAP_NO_TIME };
	map_check_shape(&r);
	out->id = cw_str_dup(arena, fhir_node_text(resource, "id"));
	out->version = cw_str_dup(arena, fhir_node_text(meta, "versionId"));
	updated = fhir_node_get(meta, "lastUpdated");
	if (!updated || !map_instant(&r, updated, &out->updated, &latest, NULL))
		out->updated = MAP_NO_TIME;
	read_deceased(out, &r);
	if (map_modifiers_unknown(&r, resource))
		out->uncertain = true;
	read_links(out, resource, arena);
	tag = cw_alloc(arena, (count(meta, "tag") + count(meta, "security") + 1) * sizeof(*tag));
	if (tag) {
		out->tag = tag;
		out->tags = read_tags(tag, meta, "tag", arena);
		out->tags += read_tags(tag + out->tags, meta, "security", arena);
	}
	map_tell_waiting(&r);
	return cw_arena_full(arena) ? cw_fail(err, CW_ELIMIT, "too many patients to keep") : 0;
}
