/* Any bytes as lines of FHIR, judged by the shipped package: each finding is somebody's, and the
 * decisions are the same when the lines come the other way round. */
#include "daemon/package_dir.h"
#include "fhir/json.h"
#include "mappings/decide.h"
#include "mappings/explain.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct map_package *package;
static struct map_terminology *terms;
static struct map_plan *plan;

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
unload(void)
{
	map_plan_free(plan);
	map_terminology_free(terms);
	map_package_free(package);
}

/* The package that CORDWATCH_PACKAGE names; once. */
static void
load(void)
{
	struct cw_err err = { 0 };
	char *dir;

	if (package != NULL)
		return;
	dir = cli_package_dir();
	package = map_package_new();
	if (package_dir_add(package, dir, &err) < 0 ||
	    map_terminology_new(&terms, package, &err) < 0 ||
	    map_plan_new(&plan, package, terms, &err) < 0) {
		package_dir_fault(&err);
		abort();
	}
	free(dir);
	atexit(unload);
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
	struct map_record *r = map_record_new(terms, hear, NULL);
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

static void
check_findings(const struct map_case *c)
{
	require(c->patient.n > 0);
	for (size_t i = 0; i < c->findings; i++) {
		require(c->finding[i]->concept != NULL && c->finding[i]->source.n > 0);
		require(i == 0 || c->finding[i - 1]->when <= c->finding[i]->when);
	}
}

/* A number that changes with any decision, and not with the order of patients. */
static uint64_t
sum(struct map_record *r)
{
	static const int64_t now = INT64_C(1750064400000);
	uint64_t sum = 0;
	size_t n = map_record_patients(r);

	for (size_t i = 0; i < n; i++) {
		struct cw_arena *arena = cw_arena_new((size_t)256 << 20);
		struct map_decision d;
		struct map_case c;
		struct cw_buf line;

		cw_buf_init(&line, 0);
		if (map_record_patient(&c, r, i, now, arena, NULL) == 0) {
			check_findings(&c);
			if (map_decide(&d, plan, &c, now, i % 2 == 0, arena, NULL) == 0)
				map_explain_line(&line, &d);
		}
		sum += cw_hash(line.s, line.n);
		cw_buf_fini(&line);
		cw_arena_free(arena);
	}
	return sum;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cw_str text = { (const char *)data, size };
	struct map_record *there, *back;

	load();
	there = read_lines(text, false);
	back = read_lines(text, true);
	require(sum(there) == sum(back));
	map_record_free(there);
	map_record_free(back);
	return 0;
}
