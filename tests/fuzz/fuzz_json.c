/* Any bytes: reading and scanning agree, and what was read is written and read again unchanged. */
#include "fhir/json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cw_str text = { (const char *)data, size };
	struct cw_arena *mem = cw_arena_new((size_t)256 << 20);
	const struct fhir_node *root, *again;
	struct cw_buf first, second;
	struct cw_err err = { 0 };
	int rc = fhir_json_read(&root, text, mem, NULL, &err);

	cw_buf_init(&first, 0);
	cw_buf_init(&second, 0);
	require((rc < 0) == (err.code != 0));
	if (rc == 0) {
		require(fhir_json_valid(text, mem, NULL, NULL) == 0);
		fhir_json_write(&first, root, size % 2 == 0);
		rc = fhir_json_read(&again, (struct cw_str){ first.s, first.n }, mem, NULL, NULL);
		require(rc == 0);
		fhir_json_write(&second, again, size % 2 == 0);
		require(first.n == second.n && memcmp(first.s, second.s, first.n) == 0);
	}
	cw_buf_fini(&first);
	cw_buf_fini(&second);
	cw_arena_free(mem);
	return 0;
}
