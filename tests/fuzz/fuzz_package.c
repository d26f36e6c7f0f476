/* Any bytes as resources of a package: what is loaded can be asked, what is not has a reason. The
 * input is NDJSON: each line is a file; the first, a CodeSystem of findings or not, comes before.
 */
#include "fhir/json.h"
#include "mappings/terminology.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static const char findings[] =
    "{\"resourceType\":\"CodeSystem\",\"url\":\"urn:cordwatch:CodeSystem:finding\","
    "\"concept\":[{\"code\":\"a\",\"property\":[{\"code\":\"group\",\"valueCode\":\"g\"}]},"
    "{\"code\":\"b\"}]}";

/* All codes that the maps and sets name are asked for in all their systems. */
static void
ask(const struct map_terminology *t, const struct fhir_node *node, struct cw_str system)
{
	const struct map_target *target;
	struct cw_str source = fhir_node_text(node, "source"), own = fhir_node_text(node, "system");
	size_t n;

	system = source.n > 0 ? source : own.n > 0 ? own : system;
	if (node->lexeme.s != NULL) {
		n = map_terminology_find(t, system, node->lexeme, &target);
		for (size_t i = 0; i < n; i++)
			require(map_terminology_concept(t, target[i].concept->code) ==
				target[i].concept);
		(void)map_terminology_answer(t, system, node->lexeme);
		(void)map_terminology_answer_text(t, node->lexeme);
		(void)map_terminology_system(t, node->lexeme);
		(void)map_terminology_member(t, node->lexeme, system, node->lexeme);
	}
	for (const struct fhir_node *c = node->child; c != NULL; c = c->next)
		ask(t, c, system);
}

static void
build(const struct map_package *p)
{
	struct map_terminology *t;
	struct cw_err err = { 0 };
	int rc = map_terminology_new(&t, p, &err);

	require((rc == 0) == (t != NULL) && (rc == 0) == (err.code == 0));
	require(rc == 0 || err.text[0] != '\0');
	for (size_t i = 0; t != NULL && i < map_package_count(p); i++)
		ask(t, map_package_at(p, i)->node, (struct cw_str){ 0 });
	map_terminology_free(t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct map_package *p = map_package_new();
	struct fhir_json_lines lines;
	struct cw_str line;

	fhir_json_lines_init(&lines, (struct cw_str){ (const char *)data, size });
	require(map_package_open(
		    p, CW_STR("d"), CW_STR("{\"name\":\"n\",\"version\":\"1\"}"), NULL) == 0);
	require(map_package_add(p, CW_STR("f"), CW_STR(findings), NULL) == 0);
	while (fhir_json_lines_next(&lines, &line)) {
		struct cw_err err = { 0 };
		int rc = map_package_open(p, CW_STR("d"), line, &err);

		if (rc < 0) {
			err = (struct cw_err){ 0 };
			rc = map_package_add(p, CW_STR("x"), line, &err);
		}
		require((rc == 0) == (err.code == 0));
		require(rc == 0 || err.path[0] == 'd');
	}
	build(p);
	map_package_free(p);
	return 0;
}
