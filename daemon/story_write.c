/* A drafted resource as FHIR R4 JSON. */
#include "daemon/story_draft.h"
#include "fhir/json.h"

#include <string.h>

#define HL7 "http://terminology.hl7.org/CodeSystem/"
#define LATERALITY "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-laterality-qualifier"

static void
write_coding(struct fhir_json_out *o, const struct story_coding *c)
{
	fhir_json_out_object(o);
	fhir_json_out_member(o, "system", c->system);
	fhir_json_out_member(o, "code", c->code);
	fhir_json_out_member(o, "display", c->display);
	fhir_json_out_object_end(o);
}

static void
write_codings(struct fhir_json_out *o, const struct story_coding *c, size_t n)
{
	fhir_json_out_key(o, "coding");
	fhir_json_out_array(o);
	for (size_t i = 0; i < n; i++)
		write_coding(o, &c[i]);
	fhir_json_out_array_end(o);
}

/* A CodeableConcept as a value. */
static void
write_concept(struct fhir_json_out *o, const struct story_coding *c, size_t n)
{
	fhir_json_out_object(o);
	write_codings(o, c, n);
	fhir_json_out_object_end(o);
}

/* A member with one of FHIR's own codes as CodeableConcept; nothing if code is absent. */
static void
write_own(struct fhir_json_out *o, const char *key, const char *system, struct cw_str code)
{
	struct story_coding c = { .system = cw_str(system), .code = code };

	if (code.s == NULL)
		return;
	fhir_json_out_key(o, key);
	write_concept(o, &c, 1);
}

static void
write_reference(struct fhir_json_out *o, struct cw_str reference)
{
	fhir_json_out_object(o);
	fhir_json_out_member(o, "reference", reference);
	fhir_json_out_object_end(o);
}

static void
write_references(struct fhir_json_out *o, const char *key, const struct cw_str *reference, size_t n)
{
	if (n == 0)
		return;
	fhir_json_out_key(o, key);
	fhir_json_out_array(o);
	for (size_t i = 0; i < n; i++)
		write_reference(o, reference[i]);
	fhir_json_out_array_end(o);
}

static void
write_period(struct fhir_json_out *o, const char *key, struct cw_str from, struct cw_str to)
{
	if (key == NULL || (from.s == NULL && to.s == NULL))
		return;
	fhir_json_out_key(o, key);
	fhir_json_out_object(o);
	fhir_json_out_member(o, "start", from);
	fhir_json_out_member(o, "end", to);
	fhir_json_out_object_end(o);
}

/* ---- values ---- */

static void
write_quantity(struct fhir_json_out *o, struct cw_str value, struct cw_str unit)
{
	fhir_json_out_object(o);
	fhir_json_out_key(o, "value");
	fhir_json_out_raw(o, value);
	if (unit.s != NULL) {
		fhir_json_out_member(o, "unit", unit);
		fhir_json_out_member(o, "system", CW_STR("http://unitsofmeasure.org"));
		fhir_json_out_member(o, "code", unit);
	}
	fhir_json_out_object_end(o);
}

static void
write_value(struct fhir_json_out *o, const struct story_part *p)
{
	switch (p->kind) {
	case STORY_NO_VALUE:
		break;
	case STORY_NUMBER:
		fhir_json_out_key(o, "valueInteger");
		fhir_json_out_raw(o, p->value);
		break;
	case STORY_QUANTITY:
		fhir_json_out_key(o, "valueQuantity");
		write_quantity(o, p->value, p->unit);
		break;
	case STORY_TRUTH:
		fhir_json_out_key(o, "valueBoolean");
		fhir_json_out_raw(o, p->value);
		break;
	case STORY_TEXT:
		fhir_json_out_member(o, "valueString", p->value);
		break;
	case STORY_CODED:
		fhir_json_out_key(o, "valueCodeableConcept");
		write_concept(o, &p->coded, 1);
		break;
	}
}

static void
write_range(struct fhir_json_out *o, const struct story_part *p)
{
	if (p->low.s == NULL && p->high.s == NULL)
		return;
	fhir_json_out_key(o, "referenceRange");
	fhir_json_out_array(o);
	fhir_json_out_object(o);
	if (p->low.s != NULL) {
		fhir_json_out_key(o, "low");
		write_quantity(o, p->low, p->unit);
	}
	if (p->high.s != NULL) {
		fhir_json_out_key(o, "high");
		write_quantity(o, p->high, p->unit);
	}
	fhir_json_out_object_end(o);
	fhir_json_out_array_end(o);
}

static void
write_answer(struct fhir_json_out *o, const struct story_part *p)
{
	struct story_coding c = { .system = CW_STR(HL7 "v3-ObservationInterpretation") };

	write_value(o, p);
	write_own(o, "dataAbsentReason", HL7 "data-absent-reason", p->no_data);
	if (p->interpretation.s != NULL) {
		c.code = p->interpretation;
		fhir_json_out_key(o, "interpretation");
		fhir_json_out_array(o);
		write_concept(o, &c, 1);
		fhir_json_out_array_end(o);
	}
	write_range(o, p);
}

static void
write_components(struct fhir_json_out *o, const struct story_draft *d)
{
	if (d->parts < 2)
		return;
	fhir_json_out_key(o, "component");
	fhir_json_out_array(o);
	for (size_t i = 1; i < d->parts; i++) {
		fhir_json_out_object(o);
		fhir_json_out_key(o, "code");
		write_concept(o, d->part[i].code, d->part[i].codes);
		write_answer(o, &d->part[i]);
		fhir_json_out_object_end(o);
	}
	fhir_json_out_array_end(o);
}

/* ---- sites ---- */

static void
write_side(struct fhir_json_out *o, struct cw_str side)
{
	struct story_coding c = { .system = CW_STR("http://snomed.info/sct"), .display = side };

	c.code = cw_str_is(side, "left")    ? CW_STR("7771000")
		 : cw_str_is(side, "right") ? CW_STR("24028007")
					    : CW_STR("51440002");
	fhir_json_out_key(o, "extension");
	fhir_json_out_array(o);
	fhir_json_out_object(o);
	fhir_json_out_member(o, "url", CW_STR(LATERALITY));
	fhir_json_out_key(o, "valueCodeableConcept");
	write_concept(o, &c, 1);
	fhir_json_out_object_end(o);
	fhir_json_out_array_end(o);
}

/* A side belongs to the site, and without a site to the resource. */
static void
write_sites(struct fhir_json_out *o, const struct story_draft *d)
{
	if (d->sites == 0) {
		if (d->side.s != NULL)
			write_side(o, d->side);
		return;
	}
	fhir_json_out_key(o, d->type->site);
	if (d->type->sites)
		fhir_json_out_array(o);
	for (size_t i = 0; i < d->sites; i++) {
		fhir_json_out_object(o);
		if (d->side.s != NULL)
			write_side(o, d->side);
		write_codings(o, &d->site[i], 1);
		fhir_json_out_object_end(o);
	}
	if (d->type->sites)
		fhir_json_out_array_end(o);
}

/* ---- the resource ---- */

static void
write_meta(struct fhir_json_out *o, const struct story_draft *d, struct cw_arena *mem)
{
	fhir_json_out_key(o, "meta");
	fhir_json_out_object(o);
	fhir_json_out_member(o, "versionId", cw_fmt(mem, "%u", d->version));
	fhir_json_out_member(o, "lastUpdated", d->updated);
	if (d->profile.s != NULL) {
		fhir_json_out_key(o, "profile");
		fhir_json_out_array(o);
		fhir_json_out_string(o, d->profile);
		fhir_json_out_array_end(o);
	}
	fhir_json_out_object_end(o);
	if (!d->modifier)
		return;
	fhir_json_out_key(o, "modifierExtension");
	fhir_json_out_array(o);
	fhir_json_out_object(o);
	fhir_json_out_member(o, "url", CW_STR("urn:cordwatch:test:modifier"));
	fhir_json_out_key(o, "valueBoolean");
	fhir_json_out_bool(o, true);
	fhir_json_out_object_end(o);
	fhir_json_out_array_end(o);
}

static void
write_status(struct fhir_json_out *o, const struct story_draft *d)
{
	static const struct cw_str error = { "entered-in-error", 16 };

	if (strcmp(d->type->name, "Condition") != 0) {
		fhir_json_out_member(o, "status", d->gone ? error : d->status);
		return;
	}
	if (!d->gone)
		write_own(o, "clinicalStatus", HL7 "condition-clinical", d->clinical);
	if (d->gone || !d->unverified)
		write_own(o, "verificationStatus", HL7 "condition-ver-status",
		    d->gone ? error : d->verification);
}

static void
write_code(struct fhir_json_out *o, const struct story_draft *d)
{
	bool relative = strcmp(d->type->name, "FamilyMemberHistory") == 0;

	if (d->part[0].codes == 0)
		return;
	fhir_json_out_key(o, d->type->code);
	if (d->type->codes || relative)
		fhir_json_out_array(o);
	if (relative) {
		fhir_json_out_object(o);
		fhir_json_out_key(o, "code");
	}
	write_concept(o, d->part[0].code, d->part[0].codes);
	if (relative)
		fhir_json_out_object_end(o);
	if (d->type->codes || relative)
		fhir_json_out_array_end(o);
}

/* What a type requires and no story needs to say. */
static void
write_required(struct fhir_json_out *o, const struct story_draft *d)
{
	struct story_coding class = { CW_STR(HL7 "v3-ActCode"), CW_STR("AMB"), { 0 } };

	if (strcmp(d->type->name, "Encounter") == 0) {
		fhir_json_out_key(o, "class");
		write_coding(o, &class);
	}
	if (strcmp(d->type->name, "FamilyMemberHistory") == 0)
		write_own(o, "relationship", HL7 "v3-RoleCode", CW_STR("FAMMEMB"));
	if (d->category.code.s == NULL)
		return;
	fhir_json_out_key(o, "category");
	if (strcmp(d->type->name, "Procedure") != 0)
		fhir_json_out_array(o);
	write_concept(o, &d->category, 1);
	if (strcmp(d->type->name, "Procedure") != 0)
		fhir_json_out_array_end(o);
}

static void
write_times(struct fhir_json_out *o, const struct story_draft *d)
{
	if (d->event.s != NULL)
		fhir_json_out_member(o, d->type->event, d->event);
	write_period(o, d->type->period, d->from, d->to);
	fhir_json_out_member(o, "onsetDateTime", d->onset);
	if (d->onset_age.s != NULL) {
		fhir_json_out_key(o, "onsetAge");
		write_quantity(o, d->onset_age, CW_STR("a"));
	}
	fhir_json_out_member(o, "abatementDateTime", d->abated);
	if (d->record.s != NULL)
		fhir_json_out_member(o, d->type->record, d->record);
	fhir_json_out_member(o, "occurrenceDateTime", d->occurrence);
	write_period(o, "occurrencePeriod", (struct cw_str){ 0 }, d->due);
}

static void
write_rest(struct fhir_json_out *o, const struct story_draft *d)
{
	fhir_json_out_member(o, "intent", d->intent);
	fhir_json_out_member(o, "priority", d->priority);
	if (d->identifier.s != NULL) {
		fhir_json_out_key(o, "identifier");
		fhir_json_out_array(o);
		fhir_json_out_object(o);
		fhir_json_out_member(o, "system", d->identifier_system);
		fhir_json_out_member(o, "value", d->identifier);
		fhir_json_out_object_end(o);
		fhir_json_out_array_end(o);
	}
	write_references(o,
	    strcmp(d->type->name, "ServiceRequest") == 0 ? "reasonReference" : "focus", d->focus,
	    d->focuses);
	write_references(o, "hasMember", d->member, d->members);
	if (d->conclusions > 0) {
		fhir_json_out_key(o, "conclusionCode");
		fhir_json_out_array(o);
		for (size_t i = 0; i < d->conclusions; i++)
			write_concept(o, &d->conclusion[i], 1);
		fhir_json_out_array_end(o);
	}
	write_answer(o, &d->part[0]);
	write_components(o, d);
}

struct cw_str
story_write(const struct story_draft *d, struct cw_arena *mem)
{
	struct fhir_json_out o;
	struct cw_buf b;
	struct cw_str out;

	cw_buf_init(&b, 0);
	fhir_json_out_init(&o, &b, false);
	fhir_json_out_object(&o);
	fhir_json_out_member(&o, "resourceType", cw_str(d->type->name));
	fhir_json_out_member(&o, "id", d->id);
	write_meta(&o, d, mem);
	write_status(&o, d);
	write_required(&o, d);
	write_code(&o, d);
	write_sites(&o, d);
	fhir_json_out_key(&o, d->type->subject);
	write_reference(&o, cw_fmt(mem, "Patient/%.*s", CW_ARG(d->patient)));
	write_times(&o, d);
	write_rest(&o, d);
	fhir_json_out_object_end(&o);
	out = cw_str_dup(mem, (struct cw_str){ b.s, b.n });
	cw_buf_fini(&b);
	return out;
}
