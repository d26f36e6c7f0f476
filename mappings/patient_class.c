/* patient_class: %patient, the class Patient over a struct map_case, for FHIRPath. */
#include "mappings/plan_internal.h"

enum { DECEASED, ACTIVE, KNOWN, TAG };
enum { SYSTEM, CODE };

static const struct fhir_class_element tag_elements[] = {
	[SYSTEM] = { .name = "system", .kind = FHIR_ITEM_STRING },
	[CODE] = { .name = "code", .kind = FHIR_ITEM_STRING },
};

static bool
get_tag(const void *record, size_t element, size_t i, struct fhir_item *out)
{
	const struct map_patient_tag *tag = record;
	struct cw_str s = element == SYSTEM ? tag->system : tag->code;

	if (i > 0 || s.s == NULL)
		return false;
	*out = fhir_item_string(s);
	return true;
}

static const struct fhir_class tag_class = { "Coding", tag_elements, 2, get_tag, NULL };

static const struct fhir_class_element elements[] = {
	[DECEASED] = { .name = "deceased", .kind = FHIR_ITEM_BOOLEAN },
	[ACTIVE] = { .name = "active", .kind = FHIR_ITEM_BOOLEAN },
	[KNOWN] = { .name = "known", .kind = FHIR_ITEM_BOOLEAN },
	[TAG] = { .name = "tag", .kind = FHIR_ITEM_RECORD, .cls = &tag_class, .many = true },
};

static bool
get(const void *record, size_t element, size_t i, struct fhir_item *out)
{
	const struct map_case *c = record;

	if (element == TAG) {
		if (i >= c->about.tags)
			return false;
		*out = fhir_item_record(&tag_class, &c->about.tag[i]);
		return true;
	}
	if (element == DECEASED)
		*out = fhir_item_boolean(c->about.deceased);
	else if (element == ACTIVE)
		*out = fhir_item_boolean(!c->about.inactive);
	else
		*out = fhir_item_boolean(c->known);
	return i == 0;
}

const struct fhir_class map_patient_class = { "Patient", elements, 4, get, NULL };
