/* Any bytes as lines of FHIR: what is read of them is somebody's, each finding once, and the same
 * when the lines come the other way round. */
#include "fhir/json.h"
#include "mappings/record.h"
#include "tests/unit/finding_terms.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
hear(void *arg, const struct map_note *note)
{
	(void)arg;
	require(note->text.n > 0 && cw_str_is(note->file, "f") && note->line > 0);
}

/* All lines, first to last or last to first. */
static struct map_record *
read_lines(struct cw_str text, bool backwards)
{
	struct map_record *r = map_record_new(test_terms(), hear, NULL);
	struct map_origin from = { .file = CW_STR("f"), .received = MAP_NO_TIME };
	struct fhir_json_lines lines;
	struct cw_str line[256];
	size_t n = 0;

	fhir_json_lines_init(&lines, text);
	while (n < 256 && fhir_json_lines_next(&lines, &line[n]))
		n++;
	for (size_t i = 0; i < n; i++) {
		from.line = backwards ? n - i : i + 1;
		map_record_add(r, line[from.line - 1], &from);
	}
	return r;
}

/* A number that changes with any finding, and not with the order of patients. */
static uint64_t
sum(struct map_record *r)
{
	uint64_t sum = 0;
	size_t n = map_record_patients(r);

	for (size_t i = 0; i < n; i++) {
		struct cw_arena *arena = cw_arena_new((size_t)256 << 20);
		struct map_case c;

		if (map_record_patient(&c, r, i, INT64_C(1750064400000), arena, NULL) == 0) {
			require(c.patient.n > 0);
			for (size_t j = 0; j < c.findings; j++) {
				const struct map_finding *f = c.finding[j];
				uint64_t h = cw_hash(f->source.s, f->source.n) ^
					     cw_hash(f->path.s, f->path.n) * 3 ^
					     cw_hash(c.patient.s, c.patient.n) * 5;

				require(f->concept != NULL && f->source.n > 0);
				require(j == 0 || c.finding[j - 1]->when <= f->when);
				sum += h ^ (uint64_t)f->when;
			}
		}
		cw_arena_free(arena);
	}
	return sum;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cw_str text = { (const char *)data, size };
	struct map_record *there = read_lines(text, false), *back = read_lines(text, true);

	require(sum(there) == sum(back));
	map_record_free(there);
	map_record_free(back);
	return 0;
}
