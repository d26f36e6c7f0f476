#include "daemon/cli_check.h"

#include "daemon/package_dir.h"
#include "mappings/plan.h"
#include "mappings/terminology.h"

#include <string.h>

void
cli_check_heading(const char *text)
{
	printf("%s%s%s\n", cli_tone(stdout, CLI_BOLD), text, cli_tone(stdout, CLI_PLAIN));
}

static void
print_packages(const struct map_package *p)
{
	struct cw_str dir, name, version;
	bool replaced;

	cli_check_heading("Packages");
	for (size_t i = 0; map_package_entry(p, i, &dir, &name, &version, &replaced); i++)
		cli_print(stdout, "  %.*s %.*s (%.*s)%s\n", CW_ARG(name), CW_ARG(version),
		    CW_ARG(dir), replaced ? ", replaced by a later one" : "");
}

static void
print_artefacts(const struct map_package *p)
{
	cli_check_heading("Artefacts");
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
print_counts(const struct map_package *package, const struct map_terminology *terms,
    const struct map_plan *plan)
{
	size_t maps = 0, codes = 0;

	for (size_t i = 0; i < map_package_count(package); i++) {
		const struct map_artefact *a = map_package_at(package, i);

		if (!a->active || !cw_str_is(a->type, "ConceptMap"))
			continue;
		maps++;
		codes += count_codes(a->node);
	}
	cli_check_heading("Contents");
	cli_print(stdout, "  plan      %.*s\n", CW_ARG(map_plan_canonical(plan)));
	printf("  findings  %zu\n", map_terminology_concepts(terms));
	printf("  codes     %zu in %zu maps\n", codes, maps);
	printf("  rules     %zu\n", map_plan_rules(plan));
	printf("  controls  %zu\n", map_plan_controls(plan));
}

static void
print_parameters(const struct map_plan *plan)
{
	struct cw_str name, value;
	int width = 0;

	for (size_t i = 0; map_plan_parameter(plan, i, &name, &value); i++)
		width = (int)name.n > width ? (int)name.n : width;
	cli_check_heading("Parameters");
	for (size_t i = 0; map_plan_parameter(plan, i, &name, &value); i++)
		cli_print(stdout, "  %.*s%*s  %.*s\n", CW_ARG(name), width - (int)name.n, "",
		    CW_ARG(value));
}

static bool
print_remarks(const struct map_plan *plan)
{
	struct cw_str text;
	size_t i;

	for (i = 0; map_plan_remark(plan, i, &text); i++) {
		if (i == 0)
			cli_check_heading("Remarks");
		cli_print(stdout, "  %.*s\n", CW_ARG(text));
	}
	return i > 0;
}

bool
cli_check_print(const struct map_package *package, const struct map_terminology *terms,
    const struct map_plan *plan)
{
	print_packages(package);
	print_artefacts(package);
	print_counts(package, terms, plan);
	print_parameters(plan);
	return print_remarks(plan);
}

static int
check_packages(const struct cli_args *args)
{
	struct cw_err err = { 0 };
	struct map_package *package = NULL;
	struct map_terminology *terms = NULL;
	struct map_plan *plan = NULL;
	int status = EX_OK;

	if (package_dir_load(&package, args, &err) < 0 ||
	    map_terminology_new(&terms, package, &err) < 0 ||
	    map_plan_new(&plan, package, terms, &err) < 0)
		status = package_dir_fault(&err);
	else
		(void)cli_check_print(package, terms, plan);
	map_plan_free(plan);
	map_terminology_free(terms);
	map_package_free(package);
	return status;
}

static int
run(const struct cli_args *args)
{
	if (args->n_given > 1 && (cli_has(args, "config") || cli_has(args, "sample")))
		return cli_usage(args, "--config and --sample go with no other option");
	if (cli_has(args, "sample")) {
		conf_print_sample(stdout);
		return EX_OK;
	}
	if (cli_has(args, "config"))
		return cli_check_conf(cli_value(args, "config"));
	return check_packages(args);
}

static const struct cli_option options[] = {
	{ "config", "FILE", "check this configuration and all that it names", false },
	{ "package", "DIR", "lay this package over the base one, or replace it", true },
	{ "sample", NULL, "print a configuration with every key and its explanation", false },
};

const struct cli_command cli_check = {
	.name = "check",
	.operands = "",
	.help = "load packages or a configuration, say what they hold and what is doubtful",
	.more = "A fault ends with status 78 and one line on standard error. Remarks do not.",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.least = 0,
	.most = 0,
	.run = run,
};
