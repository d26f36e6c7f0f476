/* cordwatch alerts: what was proposed, and what became of it. */
#include "daemon/cli_desk.h"

#include <string.h>

static const struct cli_option options[] = {
	{ "all", NULL, "list: closed alerts too", false },
	CLI_DESK_OPTIONS,
};

static const struct cli_column columns[] = {
	{ "ID", "id" },
	{ "TIER", "tier" },
	{ "STATE", "state" },
	{ "MODE", "mode" },
	{ "OPENED", "opened" },
	{ "DUE", "due" },
	{ "PATIENT", "patient" },
	{ "REQUEST", "request" },
};

static void
print_member(const struct fhir_node *node, const char *label, const char *key)
{
	struct cw_str s = fhir_node_text(node, key);

	if (s.s != NULL)
		cli_print(stdout, "%-10s %.*s\n", label, CW_ARG(s));
}

static void
print_evidence(const struct fhir_node *alert)
{
	const struct fhir_node *e = fhir_node_get(alert, "evidence");

	puts("\nEvidence");
	for (; e != NULL; e = fhir_node_again(e)) {
		struct cw_str when = fhir_node_text(e, "when");

		cli_print(stdout, "  %-24.*s %.*s  %.*s\n", CW_ARG(when),
		    CW_ARG(fhir_node_text(e, "finding")), CW_ARG(fhir_node_text(e, "source")));
	}
}

static void
print_explanation(const struct fhir_node *alert)
{
	const struct fhir_node *note = fhir_node_get(fhir_node_get(alert, "resource"), "note");

	if (note == NULL)
		return;
	puts("\nExplanation");
	for (; note != NULL; note = fhir_node_again(note))
		cli_print(stdout, "  %.*s\n", CW_ARG(fhir_node_text(note, "text")));
}

static void
print_records(const struct fhir_node *alert)
{
	const struct fhir_node *r = fhir_node_get(alert, "records");

	puts("\nWhat happened");
	for (; r != NULL; r = fhir_node_again(r)) {
		const struct fhir_node *p = fhir_node_get(r, "payload");
		struct cw_str what = fhir_node_text(p, "what");

		if (what.s == NULL)
			what = fhir_node_text(p, "result");
		if (r->kind == FHIR_OBJECT)
			cli_print(stdout, "  %-24.*s %-9.*s %.*s  (record %.*s)\n",
			    CW_ARG(fhir_node_text(r, "at")), CW_ARG(fhir_node_text(r, "type")),
			    CW_ARG(what), CW_ARG(fhir_node_text(r, "seq")));
	}
	for (r = fhir_node_get(alert, "notices"); r != NULL; r = fhir_node_again(r)) {
		if (r->kind == FHIR_OBJECT)
			cli_print(stdout, "  %-24.*s notice    %.*s: %.*s\n",
			    CW_ARG(fhir_node_text(r, "at")), CW_ARG(fhir_node_text(r, "kind")),
			    CW_ARG(fhir_node_text(r, "text")));
	}
}

static void
print_errands(const struct fhir_node *alert)
{
	const struct fhir_node *e = fhir_node_get(alert, "errands");

	for (; e != NULL; e = fhir_node_again(e)) {
		if (e->kind == FHIR_OBJECT)
			cli_print(stdout, "\nTo do: %.*s, %.*s, attempts %.*s %.*s\n",
			    CW_ARG(fhir_node_text(e, "kind")), CW_ARG(fhir_node_text(e, "state")),
			    CW_ARG(fhir_node_text(e, "attempts")),
			    CW_ARG(fhir_node_text(e, "fault")));
	}
}

static void
print_alert(const struct fhir_node *alert)
{
	static const char *const member[][2] = {
		{ "Alert", "id" },
		{ "Tier", "tier" },
		{ "State", "state" },
		{ "Why", "why" },
		{ "Mode", "mode" },
		{ "Opened", "opened" },
		{ "Due", "due" },
		{ "Overdue", "overdue" },
		{ "Closed", "closed" },
		{ "Patient", "patient" },
		{ "Source", "source" },
		{ "Target", "target" },
		{ "Request", "request" },
	};

	for (size_t i = 0; i < sizeof(member) / sizeof(member[0]); i++)
		print_member(alert, member[i][0], member[i][1]);
	print_explanation(alert);
	print_evidence(alert);
	print_records(alert);
	print_errands(alert);
}

static int
show(struct cli_desk *desk, const char *id)
{
	int status;
	const struct fhir_node *alert =
	    cli_desk_ask(desk, "alert", cw_fmt(desk->arena, "id=%s", id).s, &status);

	if (alert == NULL)
		return status;
	if (desk->json)
		cli_desk_json(alert);
	else
		print_alert(alert);
	return EX_OK;
}

static int
run(const struct cli_args *args)
{
	struct cli_desk desk;
	int status;

	if (!cli_desk_is(args, "list", 1) && !cli_desk_is(args, "show", 2))
		return cli_usage(args, "'list' or 'show ID' is wanted");
	status = cli_desk_open(&desk, args);
	if (status == EX_OK && args->n_operands == 1)
		status = cli_desk_list(&desk, "alerts", cli_has(args, "all") ? "" : "state=open",
		    columns, sizeof(columns) / sizeof(columns[0]));
	else if (status == EX_OK)
		status = show(&desk, args->operands[1]);
	cli_desk_close(&desk);
	return status;
}

const struct cli_command cli_alerts = {
	.name = "alerts",
	.operands = "list | show ID",
	.help = "list the alerts, or show one: its evidence, what was sent, what became of it",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.least = 1,
	.most = 2,
	.run = run,
};
