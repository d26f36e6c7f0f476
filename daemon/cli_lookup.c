#include "daemon/package_dir.h"
#include "fhir/json.h"
#include "mappings/terminology.h"

#include <string.h>

static const char *const role_names[] = {
	[MAP_ROLE_FINDING] = "finding",
	[MAP_ROLE_QUESTION] = "question",
	[MAP_ROLE_CONTEXT] = "context",
	[MAP_ROLE_WEAK] = "weak",
	[MAP_ROLE_QUALIFIER] = "qualifier",
	[MAP_ROLE_SITE] = "site",
	[MAP_ROLE_SIDE] = "side",
};

/* What was asked, and what is known of it. */
struct lookup {
	struct cw_str system, code;
	const struct map_target *target;
	size_t n;
	bool known; /* some map has codes of the system */
	enum map_truth answer;
};

/* ---- for a person ---- */

static void
say(const char *label, struct cw_str value)
{
	if (value.n > 0)
		cli_print(stdout, "    %-11s %.*s\n", label, CW_ARG(value));
}

static void
print_target(const struct map_target *t)
{
	printf("  %s", cli_tone(stdout, CLI_BOLD));
	cli_print(stdout, "%.*s", CW_ARG(t->concept->code));
	printf("%s: ", cli_tone(stdout, CLI_PLAIN));
	cli_print(stdout, "%.*s\n", CW_ARG(t->concept->title));
	say("group", t->concept->group);
	say("role", cw_str(role_names[t->role]));
	if (t->grade > 0)
		printf("    %-11s %u\n", "grade", t->grade);
	say("side", t->side);
	say("site", t->site);
	say("needs site", t->needs_site);
	say("present if", t->present);
	if (t->unsure)
		say("unsure", CW_STR("the map calls the code broader than the finding"));
	say("rule", t->rule);
	say("map", t->map);
	say("file", t->file);
	say("verified", t->verified);
}

static void
print_text(const struct lookup *l)
{
	cli_print(stdout, "%.*s %.*s", CW_ARG(l->system), CW_ARG(l->code));
	if (l->n > 0 && l->target[0].display.n > 0)
		cli_print(stdout, " (%.*s)", CW_ARG(l->target[0].display));
	putchar('\n');
	if (l->answer != MAP_UNKNOWN)
		printf("  as an answer: %s\n", l->answer == MAP_TRUE ? "yes" : "no");
	if (l->n == 0)
		printf("  no finding%s\n", l->known ? "" : ": no map has codes of this system");
	for (size_t i = 0; i < l->n; i++)
		print_target(&l->target[i]);
}

/* ---- for a program ---- */

static void
print_json(const struct lookup *l, const struct map_target *t)
{
	struct fhir_json_out o;
	struct cw_buf line;

	cw_buf_init(&line, 0);
	fhir_json_out_init(&o, &line, false);
	fhir_json_out_object(&o);
	fhir_json_out_member(&o, "system", l->system);
	fhir_json_out_member(&o, "code", l->code);
	if (l->answer != MAP_UNKNOWN) {
		fhir_json_out_key(&o, "answer");
		fhir_json_out_bool(&o, l->answer == MAP_TRUE);
	}
	fhir_json_out_key(&o, "finding");
	fhir_json_out_string(&o, t == NULL ? (struct cw_str){ 0 } : t->concept->code);
	if (t == NULL) {
		fhir_json_out_key(&o, "systemKnown");
		fhir_json_out_bool(&o, l->known);
	} else {
		fhir_json_out_member(&o, "title", t->concept->title);
		fhir_json_out_member(&o, "group", t->concept->group);
		fhir_json_out_member(&o, "role", cw_str(role_names[t->role]));
		fhir_json_out_key(&o, "grade");
		fhir_json_out_int(&o, t->grade);
		fhir_json_out_member(&o, "side", t->side);
		fhir_json_out_member(&o, "site", t->site);
		fhir_json_out_member(&o, "needsSite", t->needs_site);
		fhir_json_out_member(&o, "present", t->present);
		fhir_json_out_key(&o, "unsure");
		fhir_json_out_bool(&o, t->unsure);
		fhir_json_out_member(&o, "display", t->display);
		fhir_json_out_member(&o, "rule", t->rule);
		fhir_json_out_member(&o, "map", t->map);
		fhir_json_out_member(&o, "file", t->file);
		fhir_json_out_member(&o, "verified", t->verified);
	}
	fhir_json_out_object_end(&o);
	puts(line.s);
	cw_buf_fini(&line);
}

static void
print_ndjson(const struct lookup *l)
{
	if (l->n == 0)
		print_json(l, NULL);
	for (size_t i = 0; i < l->n; i++)
		print_json(l, &l->target[i]);
}

/* ---- the command ---- */

static void
look_up(struct lookup *l, const struct map_terminology *terms, const struct cli_args *args)
{
	l->system = map_terminology_system(terms, cw_str(args->operands[0]));
	l->code = cw_str(args->operands[1]);
	l->n = map_terminology_find(terms, l->system, l->code, &l->target);
	l->known = map_terminology_knows(terms, l->system);
	l->answer = map_terminology_answer(terms, l->system, l->code);
}

static int
run(const struct cli_args *args)
{
	const char *format = cli_value(args, "format");
	struct map_terminology *terms = NULL;
	struct map_package *package = NULL;
	struct cw_err err = { 0 };
	struct lookup l = { 0 };
	int status = EX_OK;

	if (format != NULL && strcmp(format, "text") != 0 && strcmp(format, "ndjson") != 0)
		return cli_usage(args, "unknown format '%s'", format);
	if (package_dir_load(&package, args, &err) < 0 ||
	    map_terminology_new(&terms, package, &err) < 0) {
		status = package_dir_fault(&err);
	} else {
		look_up(&l, terms, args);
		if (format != NULL && strcmp(format, "ndjson") == 0)
			print_ndjson(&l);
		else
			print_text(&l);
	}
	map_terminology_free(terms);
	map_package_free(package);
	return status;
}

static const struct cli_option options[] = {
	{ "package", "DIR", "lay a package over the base package", true },
	{ "format", "text|ndjson", "text (the default) or one JSON object per finding", false },
};

const struct cli_command cli_lookup = {
	.name = "lookup",
	.operands = "SYSTEM CODE",
	.help = "show what a code maps to, through which map, verified where",
	.more =
	    "SYSTEM is a URI, its urn:oid form, or a short name: sct, loinc, icd-10-cm, icd-10,\n"
	    "icd-9-cm, icpc-2, rxnorm, hpo, v2-0136. A code that maps to nothing is no error.",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.least = 2,
	.most = 2,
	.run = run,
};
