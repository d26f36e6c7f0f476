/* Any bytes: the sift agrees with the scanner on what is well-formed, and what it drops gives the
 * reader nothing to find; nothing crashes on any tree. */
#include "fhir/json.h"
#include "mappings/finding.h"
#include "mappings/sift.h"
#include "tests/unit/finding_terms.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
hear(void *arg, const struct map_issue *issue)
{
	(void)arg;
	require(issue->node != NULL && issue->path != NULL && issue->text[0] != '\0');
}

static void
read_all(const struct fhir_node *root, enum map_sift_verdict verdict, struct cw_arena *keep)
{
	struct map_read_context ctx = {
		.terms = test_terms(), .now = 1, .received = 1, .issue = hear
	};
	struct map_patient patient;
	struct map_findings out;

	map_findings_init(&out, keep);
	require(map_findings_read(&out, root, &ctx, NULL) >= 0);
	require(out.n == 0 || verdict == MAP_SIFT_PASS);
	for (size_t i = 0; i < out.n; i++)
		require(out.item[i].concept != NULL && out.item[i].source.s != NULL);
	require(map_patient_read(&patient, root, &ctx, keep, NULL) == 0);
	map_findings_fini(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cw_str text = { (const char *)data, size };
	struct cw_arena *mem = cw_arena_new(0), *keep = cw_arena_new(0);
	const struct fhir_node *root;
	struct map_sift_result sift;
	struct cw_err err = { 0 };
	int rc;

	require(map_sift(&sift, text, test_terms(), mem, &err) == 0);
	require((sift.verdict == MAP_SIFT_BROKEN) == (err.code != 0));
	if (fhir_json_valid(text, mem, NULL, NULL) < 0)
		require(sift.verdict == MAP_SIFT_BROKEN);
	rc = fhir_json_read(&root, text, mem, NULL, NULL);
	if (rc == 0 && sift.verdict != MAP_SIFT_BROKEN)
		read_all(root, sift.verdict, keep);
	cw_arena_free(mem);
	cw_arena_free(keep);
	return 0;
}
