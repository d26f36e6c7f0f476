/* cordwatch events: what waits for a person: look at it, try it again, or give it up. */
#include "daemon/cli_desk.h"

#include <string.h>

static const struct cli_option options[] = {
	{ "state", "STATE", "list: errored, quarantined (both without it) or fired", false },
	CLI_DESK_OPTIONS,
};

static const struct cli_column of_quarantine[] = {
	{ "ID", "id" },
	{ "STATE", "state" },
	{ "AT", "at" },
	{ "FEED", "feed" },
	{ "TYPE", "type" },
	{ "NAME", "name" },
	{ "REASON", "reason" },
	{ "PATH", "path" },
};

static const struct cli_column of_errands[] = {
	{ "ID", "id" },
	{ "STATE", "state" },
	{ "AT", "at" },
	{ "ALERT", "alert" },
	{ "TARGET", "target" },
	{ "NAME", "name" },
	{ "REASON", "reason" },
};

static const struct cli_column of_alerts[] = {
	{ "ALERT", "id" },
	{ "STATE", "state" },
	{ "OPENED", "opened" },
	{ "TIER", "tier" },
	{ "PATIENT", "patient" },
};

static bool
wants(const struct cli_args *args, const char *state)
{
	const char *given = cli_value(args, "state");

	return given == NULL ? strcmp(state, "fired") != 0 : strcmp(given, state) == 0;
}

static int
list(struct cli_desk *desk, const struct cli_args *args)
{
	int status = EX_OK;

	if (wants(args, "fired"))
		return cli_desk_list(
		    desk, "alerts", "", of_alerts, sizeof(of_alerts) / sizeof(of_alerts[0]));
	if (wants(args, "errored"))
		status = cli_desk_list(
		    desk, "errored", "", of_errands, sizeof(of_errands) / sizeof(of_errands[0]));
	if (status == EX_OK && wants(args, "quarantined"))
		status = cli_desk_list(desk, "quarantined", "", of_quarantine,
		    sizeof(of_quarantine) / sizeof(of_quarantine[0]));
	return status;
}

static int
one(struct cli_desk *desk, const char *question, const char *id)
{
	int status;
	const struct fhir_node *answer =
	    cli_desk_ask(desk, question, cw_fmt(desk->arena, "id=%s", id).s, &status);

	if (answer == NULL)
		return status;
	if (desk->json) {
		cli_desk_json(answer);
		return EX_OK;
	}
	for (const struct fhir_node *m = answer->child; m != NULL; m = m->next)
		cli_print(stdout, "%-10.*s %.*s\n", CW_ARG(m->name), CW_ARG(m->lexeme));
	return EX_OK;
}

static int
run(const struct cli_args *args)
{
	static const char *const verb[][2] = { { "show", "event" }, { "replay", "replay" },
		{ "discard", "discard" } };
	const char *question = NULL;
	struct cli_desk desk;
	int status;

	for (size_t i = 0; i < sizeof(verb) / sizeof(verb[0]); i++) {
		if (cli_desk_is(args, verb[i][0], 2))
			question = verb[i][1];
	}
	if (question == NULL && !cli_desk_is(args, "list", 1))
		return cli_usage(args, "'list', 'show ID', 'replay ID' or 'discard ID' is wanted");
	if (!wants(args, "fired") && !wants(args, "errored") && !wants(args, "quarantined"))
		return cli_usage(args, "--state is errored, quarantined or fired");
	if (cli_has(args, "format") && question == NULL && !cli_has(args, "state") &&
	    strcmp(cli_value(args, "format"), "json") == 0)
		return cli_usage(args, "--format json lists one --state at a time");
	status = cli_desk_open(&desk, args);
	if (status == EX_OK)
		status =
		    question == NULL ? list(&desk, args) : one(&desk, question, args->operands[1]);
	cli_desk_close(&desk);
	return status;
}

const struct cli_command cli_events = {
	.name = "events",
	.operands = "list | show ID | replay ID | discard ID",
	.help = "list what waits for a person, show it, try it again or give it up",
	.more =
	    "An ID says what it is: q12 is in quarantine, e3 is an errand that was given up, a7\n"
	    "is an alert. Replaying q12 takes it in again as if it came now, e3 asks its target\n"
	    "and sends again if it is not there, a7 decides its patient anew; none of them makes\n"
	    "a second alert of what is there.",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.least = 1,
	.most = 2,
	.run = run,
};
