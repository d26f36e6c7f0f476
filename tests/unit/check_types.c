/* Unit tests of fhir/types: the R4 tables and the shape check. */
#include "fhir/json.h"
#include "fhir/types.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static unsigned
type_of(const char *name)
{
	unsigned type = fhir_type_find(fhir_model_r4(), cw_str(name));

	ck_assert_msg(type != 0, "%s", name);
	return type;
}

static struct fhir_elem
elem_of(const char *type, const char *name)
{
	struct fhir_elem e;

	ck_assert_msg(fhir_type_element(fhir_model_r4(), type_of(type), cw_str(name), &e), "%s.%s",
	    type, name);
	return e;
}

/* The package has 662 structures with elements and 20 primitives; 8,207 element rows of the
 * structures once choices are expanded, and id and extension of each primitive but xhtml, whose
 * extension is forbidden. */
START_TEST(counts_are_the_packages)
{
	const struct fhir_model *m = fhir_model_r4();
	unsigned rows = 0, primitive_rows = 0, structures = 0, primitives = 0;

	ck_assert_str_eq(fhir_model_version(m), "4.0.1");
	for (unsigned t = 1; t <= fhir_model_count(m); t++) {
		struct fhir_type_info info;

		fhir_type_describe(m, t, &info);
		if (info.kind == FHIR_TYPE_PRIMITIVE) {
			primitives++;
			primitive_rows += info.count;
		} else {
			structures++;
			rows += info.count;
		}
	}
	ck_assert_uint_eq(structures, 662);
	ck_assert_uint_eq(primitives, 20);
	ck_assert_uint_eq(rows, 8207);
	ck_assert_uint_eq(primitive_rows, 39);
}
END_TEST

/* Every name leads back to its own row, whatever the order of the table. */
START_TEST(every_row_is_found_by_name)
{
	const struct fhir_model *m = fhir_model_r4();

	for (unsigned t = 1; t <= fhir_model_count(m); t++) {
		struct fhir_elem at, found;
		unsigned i;

		ck_assert_uint_eq(fhir_type_find(m, fhir_type_name(m, t)), t);
		for (i = 0; fhir_type_element_at(m, t, i, &at); i++) {
			ck_assert(fhir_type_element(m, t, at.name, &found));
			ck_assert_uint_eq(found.position, i);
			ck_assert_uint_eq(at.position, i);
			ck_assert(at.type >= 1 && at.type <= fhir_model_count(m));
		}
	}
	ck_assert_uint_eq(fhir_type_find(m, CW_STR("Patiens")), 0);
	ck_assert_uint_eq(fhir_type_find(m, CW_STR("")), 0);
	ck_assert_uint_eq(fhir_type_find(m, CW_STR("zz")), 0);
}
END_TEST

START_TEST(elements_keep_the_order_of_the_definition)
{
	static const char *const order[] = { "id", "meta", "implicitRules", "language", "text",
		"contained", "extension", "modifierExtension", "identifier", "active", "name",
		"telecom", "gender", "birthDate", "deceasedBoolean", "deceasedDateTime", "address",
		"maritalStatus", "multipleBirthBoolean", "multipleBirthInteger", "photo", "contact",
		"communication", "generalPractitioner", "managingOrganization", "link" };
	struct fhir_elem e;

	for (unsigned i = 0; i < COUNT(order); i++) {
		ck_assert(fhir_type_element_at(fhir_model_r4(), type_of("Patient"), i, &e));
		ck_assert_msg(cw_str_is(e.name, order[i]), "%u: %.*s", i, CW_ARG(e.name));
	}
	ck_assert(!fhir_type_element_at(fhir_model_r4(), type_of("Patient"), COUNT(order), &e));
}
END_TEST

static const struct {
	const char *owner, *name, *type, *choice;
	bool array, required, modifier, resource, xml_attr, reference;
} elems[] = {
	{ "Patient", "id", "id", "", .array = false },
	{ "Patient", "name", "HumanName", "", .array = true },
	{ "Patient", "active", "boolean", "", .modifier = true },
	{ "Patient", "contact", "Patient.contact", "", .array = true },
	{ "Patient.contact", "name", "HumanName", "", .array = false },
	{ "Patient", "contained", "Resource", "", .array = true, .resource = true },
	{ "Bundle.entry", "resource", "Resource", "", .resource = true },
	{ "Observation", "code", "CodeableConcept", "", .required = true },
	{ "Observation", "status", "code", "", .required = true, .modifier = true },
	{ "Observation", "valueQuantity", "Quantity", "value", .array = false },
	{ "Observation", "effectiveInstant", "instant", "effective", .array = false },
	{ "Observation.component", "referenceRange", "Observation.referenceRange", "",
	    .array = true, .reference = true },
	{ "Questionnaire.item", "item", "Questionnaire.item", "", .array = true,
	    .reference = true },
	{ "Bundle.entry", "link", "Bundle.link", "", .array = true, .reference = true },
	{ "Extension", "url", "uri", "", .required = true, .xml_attr = true },
	{ "HumanName", "id", "string", "", .xml_attr = true },
	{ "Narrative", "div", "xhtml", "", .required = true },
	{ "Quantity", "value", "decimal", "", .array = false },
	{ "Timing", "repeat", "Timing.repeat", "", .array = false },
	{ "Condition", "onsetAge", "Age", "onset", .array = false },
};

START_TEST(elements_are_as_defined)
{
	struct fhir_elem e = elem_of(elems[_i].owner, elems[_i].name);

	ck_assert(cw_str_is(fhir_type_name(fhir_model_r4(), e.type), elems[_i].type));
	ck_assert(cw_str_is(e.choice, elems[_i].choice));
	ck_assert_int_eq(e.array, elems[_i].array);
	ck_assert_int_eq(e.required, elems[_i].required);
	ck_assert_int_eq(e.modifier, elems[_i].modifier);
	ck_assert_int_eq(e.resource, elems[_i].resource);
	ck_assert_int_eq(e.xml_attr, elems[_i].xml_attr);
	ck_assert_int_eq(e.reference, elems[_i].reference);
}
END_TEST

START_TEST(choices_are_expanded_in_order)
{
	static const char *const forms[] = { "valueQuantity", "valueCodeableConcept", "valueString",
		"valueBoolean", "valueInteger", "valueRange", "valueRatio", "valueSampledData",
		"valueTime", "valueDateTime", "valuePeriod" };
	const struct fhir_model *m = fhir_model_r4();
	unsigned observation = type_of("Observation");
	struct fhir_elem e;

	for (unsigned i = 0; i < COUNT(forms); i++) {
		ck_assert(fhir_type_choice(m, observation, CW_STR("value"), i, &e));
		ck_assert_msg(cw_str_is(e.name, forms[i]), "%u: %.*s", i, CW_ARG(e.name));
	}
	ck_assert(!fhir_type_choice(m, observation, CW_STR("value"), COUNT(forms), &e));
	ck_assert(!fhir_type_choice(m, observation, CW_STR("code"), 0, &e));
	ck_assert(!fhir_type_choice(m, observation, CW_STR(""), 0, &e));
	ck_assert(!fhir_type_element(m, observation, CW_STR("value"), &e));
	ck_assert(!fhir_type_element(m, observation, CW_STR("value[x]"), &e));
}
END_TEST

static const struct {
	const char *type, *ancestor;
	bool is;
} kin[] = {
	{ "Patient", "Patient", true },
	{ "Patient", "DomainResource", true },
	{ "Patient", "Resource", true },
	{ "Patient", "Element", false },
	{ "Bundle", "DomainResource", false },
	{ "positiveInt", "integer", true },
	{ "integer", "positiveInt", false },
	{ "code", "string", true },
	{ "id", "string", true },
	{ "canonical", "uri", true },
	{ "Age", "Quantity", true },
	{ "Quantity", "Age", false },
	{ "Patient.contact", "BackboneElement", true },
	{ "Timing.repeat", "Element", true },
	{ "Timing.repeat", "BackboneElement", false },
	{ "instant", "dateTime", false },
};

START_TEST(types_have_their_ancestors)
{
	ck_assert_int_eq(
	    fhir_type_is_a(fhir_model_r4(), type_of(kin[_i].type), type_of(kin[_i].ancestor)),
	    kin[_i].is);
}
END_TEST

START_TEST(types_know_their_kind)
{
	const struct fhir_model *m = fhir_model_r4();
	struct fhir_type_info info;

	fhir_type_describe(m, type_of("DomainResource"), &info);
	ck_assert_int_eq(info.kind, FHIR_TYPE_RESOURCE);
	ck_assert(info.abstract);
	fhir_type_describe(m, type_of("boolean"), &info);
	ck_assert_int_eq(info.json, FHIR_BOOLEAN);
	fhir_type_describe(m, type_of("unsignedInt"), &info);
	ck_assert_int_eq(info.json, FHIR_NUMBER);
	ck_assert(!info.abstract);
	fhir_type_describe(m, type_of("xhtml"), &info);
	ck_assert_int_eq(info.json, FHIR_STRING);
	fhir_type_describe(m, type_of("Patient.contact"), &info);
	ck_assert_int_eq(info.kind, FHIR_TYPE_BACKBONE);
	ck_assert_int_eq(info.json, FHIR_OBJECT);
	ck_assert(!fhir_type_is_a(m, 0, 1) && !fhir_type_is_a(m, 1, 0));
	ck_assert(!fhir_type_is_primitive(m, 0) && !fhir_type_is_resource(m, 0));
}
END_TEST

struct heard {
	char text[600];
	unsigned n, most;
};

static bool
hear(void *ctx, enum fhir_fault fault, const struct fhir_node *at, const char *text)
{
	struct heard *h = ctx;
	char path[200];
	size_t n = strlen(h->text);

	ck_assert_int_ne(text[0], '\0');
	snprintf(h->text + n, sizeof(h->text) - n, "%s%c %s", n ? ", " : "",
	    fault == FHIR_FAULT_SHAPE	? 'S'
	    : fault == FHIR_FAULT_KIND	? 'K'
	    : fault == FHIR_FAULT_VALUE ? 'V'
					: 'U',
	    fhir_node_path(at, path, sizeof(path)));
	return ++h->n != h->most;
}

static const struct {
	const char *json, *faults;
} shapes[] = {
	{ "{\"resourceType\":\"Patient\",\"id\":\"a\",\"active\":true,\"birthDate\":\"1970-03\","
	  "\"name\":[{\"given\":[\"A\",\"B\"]}],\"multipleBirthInteger\":2}",
	    "" },
	{ "{\"resourceType\":\"Patient\",\"name\":[{\"given\":[null,\"B\"],"
	  "\"_given\":[{\"id\":\"x\"},null]}],\"_birthDate\":{\"extension\":"
	  "[{\"url\":\"urn:x\",\"valueCode\":\"unknown\"}]}}",
	    "" },
	{ "{\"resourceType\":\"Patient\",\"active\":\"yes\"}", "K Patient.active" },
	{ "{\"resourceType\":\"Patient\",\"birthDate\":\"1970-13-01\"}", "V Patient.birthDate" },
	{ "{\"resourceType\":\"Patient\",\"birthDate\":{}}", "S Patient.birthDate" },
	{ "{\"resourceType\":\"Patient\",\"name\":{\"family\":\"A\"}}", "S Patient.name" },
	{ "{\"resourceType\":\"Patient\",\"name\":[]}", "S Patient.name" },
	{ "{\"resourceType\":\"Patient\",\"name\":[\"A\"]}", "S Patient.name[0]" },
	{ "{\"resourceType\":\"Patient\",\"gender\":[\"male\"]}", "S Patient.gender[0]" },
	{ "{\"resourceType\":\"Patient\",\"gender\":\" male\"}", "V Patient.gender" },
	{ "{\"resourceType\":\"Patient\",\"gender\":null}", "V Patient.gender" },
	{ "{\"resourceType\":\"Patient\",\"maritalStatus\":{}}", "V Patient.maritalStatus" },
	{ "{\"resourceType\":\"Patient\",\"colour\":\"red\",\"active\":true}", "U Patient.colour" },
	{ "{\"resourceType\":\"Patient\",\"id\":\"a/b\"}", "V Patient.id" },
	{ "{\"resourceType\":\"Patient\",\"multipleBirthInteger\":1.5}",
	    "V Patient.multipleBirthInteger" },
	{ "{\"resourceType\":\"Patient\",\"multipleBirthInteger\":2147483648}",
	    "V Patient.multipleBirthInteger" },
	{ "{\"resourceType\":\"Patient\",\"deceasedBoolean\":true,\"deceasedDateTime\":\"2020\"}",
	    "S Patient.deceasedDateTime" },
	{ "{\"resourceType\":\"Patient\",\"contained\":[{\"resourceType\":\"Observation\","
	  "\"valueInteger\":\"5\"}]}",
	    "K Patient.contained[0].valueInteger" },
	{ "{\"resourceType\":\"Patient\",\"contained\":[{\"id\":\"x\"}]}",
	    "S Patient.contained[0]" },
	{ "{\"resourceType\":\"Patient\",\"contained\":[{\"resourceType\":\"Pation\"}]}",
	    "U Patient.contained[0]" },
	{ "{\"resourceType\":\"Patient\",\"name\":[{\"resourceType\":\"HumanName\"}]}",
	    "U Patient.name[0].resourceType" },
	{ "{\"resourceType\":\"Pation\",\"x\":1}", "U Pation" },
	{ "{\"resourceType\":\"HumanName\"}", "U HumanName" },
	{ "{\"id\":\"a\"}", "S " },
	{ "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{\"resource\":"
	  "{\"resourceType\":\"Patient\",\"active\":5}}]}",
	    "" },
	{ "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":{}}",
	    "S Bundle.entry, V Bundle.entry" },
	{ "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"a\",\"resource\":"
	  "{\"resourceType\":\"Patient\",\"active\":5}}]}",
	    "K Parameters.parameter[0].resource.active" },
	{ "{\"resourceType\":\"Observation\",\"issued\":\"2020-01-01\",\"valueQuantity\":"
	  "{\"value\":\"5\",\"code\":\"mm  Hg\",\"system\":\"a b\"}}",
	    "V Observation.issued, K Observation.valueQuantity.value, "
	    "V Observation.valueQuantity.code, V Observation.valueQuantity.system" },
	{ "{\"resourceType\":\"Observation\",\"valueTime\":\"25:00:00\"}",
	    "V Observation.valueTime" },
	{ "{\"resourceType\":\"Observation\",\"valueString\":\"\"}", "V Observation.valueString" },
	{ "{\"resourceType\":\"Binary\",\"contentType\":\"a/b\",\"data\":\"####\"}",
	    "V Binary.data" },
	{ "{\"resourceType\":\"Basic\",\"extension\":[{\"url\":\"u\",\"valueOid\":\"urn:oid:1\"},"
	  "{\"url\":\"u\",\"valueOid\":\"urn:oid:1.2\"},{\"url\":\"u\",\"valueUuid\":\"1\"},"
	  "{\"url\":\"u\",\"valuePositiveInt\":0},{\"url\":\"u\",\"valueUnsignedInt\":-1}]}",
	    "V Basic.extension[0].valueOid, V Basic.extension[2].valueUuid, "
	    "V Basic.extension[3].valuePositiveInt, V Basic.extension[4].valueUnsignedInt" },
};

static unsigned
check_json(const char *json, struct heard *h)
{
	struct cw_arena *a = cw_arena_new(0);
	const struct fhir_node *root;
	struct cw_err err = { 0 };
	unsigned bad;

	ck_assert_msg(fhir_json_read(&root, cw_str(json), a, NULL, &err) == 0, "%s", err.text);
	bad = fhir_types_check(root, fhir_model_r4(), hear, h);
	ck_assert_uint_eq(bad, h->most ? bad : fhir_types_check(root, fhir_model_r4(), NULL, NULL));
	cw_arena_free(a);
	return bad;
}

START_TEST(faults_are_found_where_they_are)
{
	struct heard h = { 0 };
	unsigned bad = check_json(shapes[_i].json, &h), want = 0;

	ck_assert_str_eq(h.text, shapes[_i].faults);
	for (const char *p = shapes[_i].faults; *p; p++)
		want += p[1] == ' ' && (*p == 'S' || *p == 'K' || *p == 'V');
	ck_assert_uint_eq(bad, want);
}
END_TEST

START_TEST(a_listener_may_stop)
{
	struct heard h = { .most = 2 };

	check_json("{\"resourceType\":\"Patient\",\"a\":1,\"b\":2,\"c\":3}", &h);
	ck_assert_uint_eq(h.n, 2);
}
END_TEST

START_TEST(faults_are_limited)
{
	struct heard h = { 0 };
	struct cw_buf b;

	cw_buf_init(&b, 0);
	cw_buf_puts(&b, "{\"resourceType\":\"Patient\",\"name\":[1");
	for (int i = 0; i < 2000; i++)
		cw_buf_puts(&b, ",1");
	cw_buf_puts(&b, "]}");
	ck_assert_uint_eq(check_json(b.s, &h), 1000);
	cw_buf_fini(&b);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("types");
	TCase *table = tcase_create("table"), *shape = tcase_create("shape");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(table, counts_are_the_packages);
	tcase_add_test(table, every_row_is_found_by_name);
	tcase_add_test(table, elements_keep_the_order_of_the_definition);
	tcase_add_loop_test(table, elements_are_as_defined, 0, COUNT(elems));
	tcase_add_test(table, choices_are_expanded_in_order);
	tcase_add_loop_test(table, types_have_their_ancestors, 0, COUNT(kin));
	tcase_add_test(table, types_know_their_kind);
	tcase_add_loop_test(shape, faults_are_found_where_they_are, 0, COUNT(shapes));
	tcase_add_test(shape, a_listener_may_stop);
	tcase_add_test(shape, faults_are_limited);
	suite_add_tcase(suite, table);
	suite_add_tcase(suite, shape);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed > 0;
}
