/* References: whom a resource is about, what an Observation looks at, what is contained. */
#include "fhir/reference.h"
#include "mappings/finding_internal.h"

static const struct fhir_node *
find_contained(const struct fhir_node *res, struct cw_str id)
{
	const struct fhir_node *c;

	for (c = map_object(fhir_node_get(res, "contained")); c; c = map_object(fhir_node_again(c)))
		if (cw_str_eq(fhir_node_text(c, "id"), id))
			return c;
	return NULL;
}

/* The resource that a reference or canonical (as a string) leads to, or NULL. */
const struct fhir_node *
map_resolve_text(struct map_reader *r, struct cw_str ref)
{
	if (!ref.n)
		return NULL;
	if (ref.s[0] == '#')
		return find_contained(r->res, (struct cw_str){ ref.s + 1, ref.n - 1 });
	return r->ctx->resolve ? r->ctx->resolve(r->ctx->arg, r->res, ref) : NULL;
}

/* The resource that a Reference leads to, or NULL. */
const struct fhir_node *
map_resolve(struct map_reader *r, const struct fhir_node *reference)
{
	return map_resolve_text(r, fhir_node_text(reference, "reference"));
}

/* The type of what a Reference leads to: as it says, as it is written, as what is found. */
static struct cw_str
target_type(struct map_reader *r, const struct fhir_node *reference)
{
	struct cw_str text = fhir_node_text(reference, "reference");
	struct cw_str type = fhir_node_text(reference, "type");
	struct fhir_reference parts;

	if (!type.n) {
		fhir_reference_parse(&parts, text);
		type = parts.type;
	}
	if (!type.n)
		type = fhir_node_resource_type(map_resolve_text(r, text));
	return type;
}

/* The Reference to the patient; "patient" as DSTU2 had it where subject is missing: feeds still
 * send it. */
static const struct fhir_node *
subject_of(const struct map_type *type, const struct fhir_node *resource)
{
	const struct fhir_node *subject = fhir_node_get(resource, type->subject);

	return subject ? subject : fhir_node_get(resource, "patient");
}

const struct fhir_node *
map_findings_subject(const struct fhir_node *resource)
{
	const struct map_type *type = map_type_find(fhir_node_resource_type(resource));

	return type ? subject_of(type, resource) : NULL;
}

static bool
names_somebody(const struct fhir_node *reference)
{
	return fhir_node_text(reference, "reference").n ||
	       fhir_node_text(fhir_node_get(reference, "identifier"), "value").n;
}

/* True if the resource is about no patient: of a Group, a Location, a Device, or of nobody. */
bool
map_subject_foreign(struct map_reader *r)
{
	const struct fhir_node *subject = subject_of(r->type, r->res);
	struct cw_str type;

	if (!subject || !names_somebody(subject)) {
		map_remark(r, r->type->subject_required ? MAP_ISSUE_MALFORMED : MAP_ISSUE_UNREAD,
		    subject ? subject : r->res, "no subject: nobody knows whose this is", true);
		return true;
	}
	type = target_type(r, subject);
	if (!type.n || cw_str_is(type, "Patient"))
		return false;
	map_remark(r, MAP_ISSUE_SKIPPED, subject, "about something else than a patient", true);
	return true;
}

static bool
is_patient(struct map_reader *r, struct cw_str ref)
{
	const struct fhir_node *subject = subject_of(r->type, r->res);

	if (r->ctx->is_patient)
		return r->ctx->is_patient(r->ctx->arg, r->res, ref);
	return cw_str_eq(ref, fhir_node_text(subject, "reference"));
}

static void
add_target(struct map_reader *r, struct cw_str ref)
{
	struct cw_str as = { 0 };

	if (r->ctx->source_of)
		as = r->ctx->source_of(r->ctx->arg, r->res, ref);
	if (!as.n)
		as = ref;
	if (r->targets == MAP_TARGETS)
		map_remark(r, MAP_ISSUE_UNREAD, r->res, "points at more than is followed", false);
	else
		r->target[r->targets++] = as;
}

void
map_read_targets(struct map_reader *r, const char *element)
{
	const struct fhir_node *node;
	struct cw_str ref;

	for (node = map_object(fhir_node_get(r->res, element)); node;
	     node = map_object(fhir_node_again(node))) {
		ref = fhir_node_text(node, "reference");
		if (ref.n)
			add_target(r, ref);
	}
}

/* Types that a focus may name without being about somebody or something else. */
static bool
part_of_record(struct cw_str type)
{
	static const char *const others[] = { "RelatedPerson", "Practitioner", "PractitionerRole",
		"Person", "Group", "Device", "Location", "Organization", "Substance" };
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (cw_str_is(type, others[i]))
			return false;
	return true;
}

/* Observation.focus: another person or thing makes it somebody else's; a resource of the record is
 * what a lone qualifier speaks of, and so is a panel member. */
void
map_read_focus(struct map_reader *r)
{
	const struct fhir_node *node;
	struct cw_str ref, type;

	for (node = map_object(fhir_node_get(r->res, "focus")); node;
	     node = map_object(fhir_node_again(node))) {
		if (map_strange(r, node))
			continue; /* whose it is, is in doubt */
		ref = fhir_node_text(node, "reference");
		type = target_type(r, node);
		if (ref.n && is_patient(r, ref))
			continue;
		if (!type.n) {
			map_remark(
			    r, MAP_ISSUE_UNREAD, node, "it is not known what this focus is", false);
			r->doubt = true;
		} else if (cw_str_is(type, "Patient") || !part_of_record(type)) {
			r->base.other_subject = true;
		} else if (ref.n) {
			add_target(r, ref);
		}
	}
	map_read_targets(r, "hasMember");
}
