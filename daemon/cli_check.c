#include "daemon/package_dir.h"
#include "mappings/plan.h"
#include "mappings/terminology.h"

#include <string.h>

struct check {
	struct map_package *package;
	struct map_terminology *terms;
	struct map_plan *plan;
};

static void
heading(const char *text)
{
	printf("%s%s%s\n", cli_tone(stdout, CLI_BOLD), text, cli_tone(stdout, CLI_PLAIN));
}

static void
print_packages(const struct map_package *p)
{
	struct cw_str dir, name, version;
	bool replaced;

	heading("Packages");
	for (size_t i = 0; map_package_entry(p, i, &dir, &name, &version, &replaced); i++)
		cli_print(stdout, "  %.*s %.*s (%.*s)%s\n", CW_ARG(name), CW_ARG(version),
		    CW_ARG(dir), replaced ? ", replaced by a later one" : "");
}

static void
print_artefacts(const struct map_package *p)
{
	heading("Artefacts");
	for (size_t i = 0; i < map_package_count(p); i++) {
		const struct map_artefact *a = map_package_at(p, i);

		cli_print(stdout, "  %s  %.*s|%.*s  %.*s%s\n", a->sha256,
		    CW_ARG(a->url.n > 0 ? a->url : a->id), CW_ARG(a->version), CW_ARG(a->file),
		    a->active ? "" : "  (replaced)");
	}
}

/* Codes and prefix rules that a ConceptMap has a target for. */
static size_t
count_codes(const struct fhir_node *map)
{
	const struct fhir_node *g = fhir_node_get(map, "group");
	size_t n = 0;

	for (; g != NULL; g = fhir_node_again(g)) {
		const struct fhir_node *e = fhir_node_get(g, "element");

		for (; e != NULL; e = fhir_node_again(e))
			n += fhir_node_get(e, "target") != NULL;
	}
	return n;
}

static void
print_counts(const struct check *c)
{
	size_t maps = 0, codes = 0;

	for (size_t i = 0; i < map_package_count(c->package); i++) {
		const struct map_artefact *a = map_package_at(c->package, i);

		if (!a->active || !cw_str_is(a->type, "ConceptMap"))
			continue;
		maps++;
		codes += count_codes(a->node);
	}
	heading("Contents");
	cli_print(stdout, "  plan      %.*s\n", CW_ARG(map_plan_canonical(c->plan)));
	printf("  findings  %zu\n", map_terminology_concepts(c->terms));
	printf("  codes     %zu in %zu maps\n", codes, maps);
	printf("  rules     %zu\n", map_plan_rules(c->plan));
	printf("  controls  %zu\n", map_plan_controls(c->plan));
}

static void
print_parameters(const struct map_plan *plan)
{
	struct cw_str name, value;
	int width = 0;

	for (size_t i = 0; map_plan_parameter(plan, i, &name, &value); i++)
		width = (int)name.n > width ? (int)name.n : width;
	heading("Parameters");
	for (size_t i = 0; map_plan_parameter(plan, i, &name, &value); i++)
		cli_print(stdout, "  %.*s%*s  %.*s\n", CW_ARG(name), width - (int)name.n, "",
		    CW_ARG(value));
}

static void
print_remarks(const struct map_plan *plan)
{
	struct cw_str text;

	for (size_t i = 0; map_plan_remark(plan, i, &text); i++) {
		if (i == 0)
			heading("Remarks");
		cli_print(stdout, "  %.*s\n", CW_ARG(text));
	}
}

static int
run(const struct cli_args *args)
{
	struct cw_err err = { 0 };
	struct check c = { 0 };
	int status = EX_OK;

	if (package_dir_load(&c.package, args, &err) < 0 ||
	    map_terminology_new(&c.terms, c.package, &err) < 0 ||
	    map_plan_new(&c.plan, c.package, c.terms, &err) < 0) {
		status = package_dir_fault(&err);
	} else {
		print_packages(c.package);
		print_artefacts(c.package);
		print_counts(&c);
		print_parameters(c.plan);
		print_remarks(c.plan);
	}
	map_plan_free(c.plan);
	map_terminology_free(c.terms);
	map_package_free(c.package);
	return status;
}

static const struct cli_option options[] = {
	{ "package", "DIR", "lay this package over the base one, or replace it", true },
};

const struct cli_command cli_check = {
	.name = "check",
	.operands = "",
	.help = "load the packages, say what they hold and what is doubtful in them",
	.more = "A fault ends with status 78 and one line on standard error. Remarks do not.",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.least = 0,
	.most = 0,
	.run = run,
};
