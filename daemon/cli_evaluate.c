#include "config.h"

#include "daemon/cli.h"
#include "daemon/dataset.h"
#include "daemon/package_dir.h"
#include "fhir/json.h"
#include "fhir/time.h"
#include "mappings/decide.h"
#include "mappings/explain.h"
#include "mappings/order.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct cli_option options[] = {
	{ "package", "DIR", "lay this package over the base one, or replace it", true },
	{ "set", "NAME=VALUE", "set a parameter of the plan: 3, 28d, 24h or a word", true },
	{ "as-of", "INSTANT", "judge as of then: a FHIR dateTime, or now", false },
	{ "format", "text|ndjson|bundle", "text (the default), a line a patient, or the orders",
	    false },
	{ "explain", NULL, "show every rule with what it saw", false },
};

static const size_t PATIENT_MEMORY = (size_t)1 << 30;

enum format { TEXT, NDJSON, BUNDLE };

struct evaluation {
	const struct cli_args *args;
	enum format format;
	bool explain;
	int64_t as_of; /* MAP_NO_TIME: the newest time in the data */
	const char *why;
	struct map_package *package;
	struct map_terminology *terms;
	struct map_plan *plan;
	struct file_list files;
	struct dataset data;
	struct cw_buf out; /* what is to be printed */
	struct fhir_json_out bundle;
	size_t orders;
	int status;
};

static int64_t
wall_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- before reading ---- */

static int
take_format(struct evaluation *e)
{
	static const char *const names[] = { "text", "ndjson", "bundle" };
	const char *name = cli_value(e->args, "format");

	for (int i = 0; i < 3; i++) {
		if (name == NULL || strcmp(name, names[i]) == 0) {
			e->format = (enum format)i;
			return EX_OK;
		}
	}
	return cli_usage(e->args, "--format is text, ndjson or bundle, not '%s'", name);
}

/* A date stands for its first instant. */
static int
take_as_of(struct evaluation *e, int64_t wall)
{
	const char *text = cli_value(e->args, "as-of");
	struct cw_err err = { 0 };
	struct fhir_time t;

	e->as_of = MAP_NO_TIME;
	e->why = "the newest time in the data";
	if (text == NULL)
		return EX_OK;
	e->why = "as asked";
	e->as_of = wall;
	if (strcmp(text, "now") == 0)
		return EX_OK;
	if (fhir_time_parse(FHIR_TIME_DATETIME, cw_str(text), &t, &err) < 0)
		return cli_usage(e->args, "--as-of %s: %s", text, err.text);
	e->as_of = fhir_time_interval(&t).from;
	return EX_OK;
}

static int
take_files(struct evaluation *e)
{
	for (size_t i = 0; i < e->args->n_operands; i++) {
		struct cw_err err = { 0 };

		if (file_list_add(&e->files, e->args->operands[i], &err) < 0)
			return cli_fault(e->args->operands[i], &err);
	}
	return EX_OK;
}

static int
load_package(struct evaluation *e)
{
	struct cw_err err = { 0 };

	if (package_dir_load(&e->package, e->args, &err) < 0 ||
	    map_terminology_new(&e->terms, e->package, &err) < 0 ||
	    map_plan_new(&e->plan, e->package, e->terms, &err) < 0)
		return package_dir_fault(&err);
	return EX_OK;
}

static int
set_parameters(struct evaluation *e)
{
	const char *text;

	for (size_t i = 0; (text = cli_nth(e->args, "set", i)) != NULL; i++) {
		const char *equals = strchr(text, '=');
		struct cw_err err = { 0 };
		struct cw_str name = { text, equals == NULL ? 0 : (size_t)(equals - text) };

		if (name.n == 0)
			return cli_usage(e->args, "--set %s: expected NAME=VALUE", text);
		if (map_plan_set(e->plan, name, cw_str(equals + 1), &err) < 0)
			return cli_usage(e->args, "--set %s: %s", text, err.text);
	}
	return EX_OK;
}

/* ---- one patient ---- */

/* All orders go into one Bundle; "entry" is begun with the first, for FHIR has no empty array. */
static void
add_orders(struct evaluation *e, const struct map_decision *d)
{
	if (!d->has_order)
		return;
	if (e->orders++ == 0) {
		fhir_json_out_key(&e->bundle, "entry");
		fhir_json_out_array(&e->bundle);
	}
	map_order_entries(&e->bundle, d, e->plan, CW_STR("cordwatch " PACKAGE_VERSION));
}

static void
begin_bundle(struct evaluation *e)
{
	fhir_json_out_init(&e->bundle, &e->out, true);
	fhir_json_out_object(&e->bundle);
	fhir_json_out_member(&e->bundle, "resourceType", CW_STR("Bundle"));
	fhir_json_out_member(&e->bundle, "type", CW_STR("transaction"));
}

static void
end_bundle(struct evaluation *e)
{
	if (e->orders > 0)
		fhir_json_out_array_end(&e->bundle);
	fhir_json_out_object_end(&e->bundle);
	cw_buf_putc(&e->out, '\n');
}

static void
flush_out(struct evaluation *e)
{
	if (e->out.n > 0)
		fwrite(e->out.s, 1, e->out.n, stdout);
	cw_buf_clear(&e->out);
}

/* With --explain the line gets one more member, "trace". */
static void
add_trace(struct evaluation *e, const struct map_decision *d)
{
	struct fhir_json_out out;

	e->out.n--;
	cw_buf_puts(&e->out, ",\"trace\":");
	fhir_json_out_init(&out, &e->out, false);
	map_explain_trace(&out, d, e->plan, false);
	cw_buf_putc(&e->out, '}');
}

static void
print(struct evaluation *e, const struct map_decision *d)
{
	struct map_explain_options options_of_text = {
		.colour = cli_tone(stdout, CLI_BOLD)[0] != '\0', .full = e->explain
	};

	switch (e->format) {
	case TEXT:
		cw_buf_putc(&e->out, '\n');
		map_explain_text(&e->out, d, &options_of_text);
		break;
	case NDJSON:
		map_explain_line(&e->out, d);
		if (e->explain)
			add_trace(e, d);
		cw_buf_putc(&e->out, '\n');
		break;
	case BUNDLE:
		add_orders(e, d);
		return;
	}
	flush_out(e);
}

static void
evaluate_patient(struct evaluation *e, size_t i)
{
	struct cw_arena *arena = cw_arena_new(PATIENT_MEMORY);
	struct map_case c = { 0 };
	struct map_decision d;
	struct cw_err err = { 0 };
	int rc = map_record_patient(&c, e->data.record, i, e->as_of, arena, &err);

	if (rc >= 0)
		rc = map_decide(&d, e->plan, &c, e->as_of, e->explain, arena, &err);
	if (rc >= 0 && d.told)
		print(e, &d);
	if (rc >= 0 && d.limit.code != 0) {
		err = d.limit;
		rc = d.limit.code;
	}
	if (rc < 0) {
		char patient[512];

		snprintf(patient, sizeof(patient), "%.*s", CW_ARG(c.patient));
		e->status = cli_fault(patient, &err);
	}
	cw_arena_free(arena);
}

static void
choose_as_of(struct evaluation *e)
{
	if (e->as_of != MAP_NO_TIME)
		return;
	e->as_of = e->data.newest;
	if (e->as_of == MAP_NO_TIME) {
		e->as_of = e->data.wall;
		e->why = "now, for the data tell no time";
	}
}

static int
evaluate(struct evaluation *e)
{
	char text[FHIR_TIME_TEXT];
	size_t n;

	e->data.want_newest = e->as_of == MAP_NO_TIME;
	dataset_read(&e->data, &e->files);
	choose_as_of(e);
	if (e->format == TEXT)
		printf("As of %.*s (%s)\n", CW_ARG(fhir_time_format_utc(e->as_of, text)), e->why);
	if (e->format == BUNDLE)
		begin_bundle(e);
	n = map_record_patients(e->data.record);
	for (size_t i = 0; i < n; i++)
		evaluate_patient(e, i);
	if (e->format == BUNDLE)
		end_bundle(e);
	flush_out(e);
	if (e->status == EX_OK)
		e->status = e->data.refused;
	return e->status != EX_OK ? e->status : e->data.malformed > 0 ? EX_DATAERR : EX_OK;
}

static void
fini(struct evaluation *e)
{
	cw_buf_fini(&e->out);
	dataset_fini(&e->data);
	file_list_fini(&e->files);
	map_plan_free(e->plan);
	map_terminology_free(e->terms);
	map_package_free(e->package);
}

static int
run(const struct cli_args *args)
{
	struct evaluation e = { .args = args, .explain = cli_has(args, "explain") };
	int64_t wall = wall_clock();
	int status = take_format(&e);

	cw_buf_init(&e.out, 0);
	if (status == EX_OK)
		status = take_as_of(&e, wall);
	if (status == EX_OK)
		status = take_files(&e);
	if (status == EX_OK)
		status = load_package(&e);
	if (status == EX_OK)
		status = set_parameters(&e);
	if (status == EX_OK) {
		dataset_init(&e.data, e.terms, wall);
		status = evaluate(&e);
	}
	fini(&e);
	return status;
}

const struct cli_command cli_evaluate = {
	.name = "evaluate",
	.operands = "PATH...",
	.help = "judge the patients in FHIR files against the criteria",
	.more = "PATH is a file (.json, .ndjson), a folder (all such files below it) or - for "
		"standard\n"
		"input; together they form one data set.",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.least = 1,
	.most = CLI_MANY,
	.run = run,
};
