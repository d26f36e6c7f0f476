/* Any bytes as a FHIRPath expression: compiled, and evaluated on a small patient when it compiles.
 */
#include <stdint.h>
#include <stdlib.h>

#include "fhir/json.h"
#include "fhir/path.h"
#include "fhir/types.h"

static const char patient[] =
    "{\"resourceType\":\"Patient\",\"id\":\"p\",\"active\":true,\"birthDate\":\"1974-12-25\","
    "\"name\":[{\"use\":\"official\",\"family\":\"Chalmers\",\"given\":[\"Peter\",\"James\"]},"
    "{\"use\":\"usual\",\"given\":[\"Jim\"]}],\"multipleBirthInteger\":2,"
    "\"contained\":[{\"resourceType\":\"Observation\",\"valueQuantity\":{\"value\":1.50,"
    "\"unit\":\"mg\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"mg\"}}]}";

static void
evaluate(const struct fhir_path *path)
{
	struct cw_arena *a = cw_arena_new(4 << 20);
	const struct fhir_node *root = NULL;
	struct fhir_path_session *s;
	struct fhir_item item;
	struct fhir_coll out;
	struct cw_err err = { 0 };
	enum fhir_truth truth;

	if (fhir_json_read(&root, CW_STR(patient), a, NULL, &err))
		abort();
	item = fhir_item_resource(fhir_model_r4(), root);
	s = fhir_path_session_new(&(struct fhir_path_env){
	    .arena = a, .context = &item, .model = fhir_model_r4(), .now_ms = 1750064400000 });
	if (s && !fhir_path_eval(path, s, &item, 1, &out, &err)) {
		for (uint32_t i = 0; i < out.n; i++)
			fhir_item_text(a, fhir_model_r4(), &out.item[i]);
		if (fhir_coll_truth(&out, &truth, &err) == 0 && truth > FHIR_UNKNOWN)
			abort();
	}
	cw_arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cw_str text = { (const char *)data, size };

	for (int strict = 0; strict < 2; strict++) {
		struct fhir_path_options opt = { .model = fhir_model_r4(),
			.strict = strict,
			.context = fhir_path_type_named(fhir_model_r4(), CW_STR("Patient")) };
		struct cw_err err = { 0 };
		struct fhir_path *path;
		int r = fhir_path_compile(&path, text, &opt, &err);

		if (r == 0)
			evaluate(path);
		else if (r != err.code || !err.text[0] || path)
			abort();
		fhir_path_free(path);
	}
	return 0;
}
