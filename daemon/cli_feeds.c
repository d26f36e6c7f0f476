/* cordwatch feeds: where data comes from, and how that goes. */
#include "daemon/cli_desk.h"

#include <string.h>

static const struct cli_option options[] = { CLI_DESK_OPTIONS };

static const struct cli_column of_list[] = {
	{ "NAME", "name" },
	{ "STATE", "state" },
	{ "BASE", "base" },
};

static const struct cli_column of_status[] = {
	{ "NAME", "name" },
	{ "STATE", "state" },
	{ "LAST CONTACT", "lastContact" },
	{ "LAST EVENT", "lastEvent" },
	{ "LAST POLL", "lastPoll" },
	{ "SUBSCRIPTIONS", "subscriptions" },
	{ "ACTIVE", "active" },
	{ "FAULT", "fault" },
};

static const struct cli_column of_counts[] = {
	{ "FEED", "feed" },
	{ "EVALUATED", "evaluated" },
	{ "IRRELEVANT", "irrelevant" },
	{ "DUPLICATE", "duplicate" },
	{ "QUARANTINED", "quarantined" },
};

static int
list(struct cli_desk *desk, const struct cli_column *column, size_t columns)
{
	int status;
	const struct fhir_node *answer = cli_desk_ask(desk, "daemon", "", &status);

	if (answer != NULL)
		cli_desk_table(desk, fhir_node_get(answer, "feeds"), column, columns, "no feeds");
	return status;
}

static int
print_status(struct cli_desk *desk)
{
	int status = list(desk, of_status, sizeof(of_status) / sizeof(of_status[0]));

	if (status != EX_OK || desk->json)
		return status;
	puts("");
	return cli_desk_list(
	    desk, "counts", "", of_counts, sizeof(of_counts) / sizeof(of_counts[0]));
}

static int
run(const struct cli_args *args)
{
	const bool lists = cli_desk_is(args, "list", 1);
	struct cli_desk desk;
	int status;

	if (!lists && !cli_desk_is(args, "status", 1))
		return cli_usage(args, "'list' or 'status' is wanted");
	status = cli_desk_open(&desk, args);
	if (status == EX_OK && lists)
		status = list(&desk, of_list, sizeof(of_list) / sizeof(of_list[0]));
	else if (status == EX_OK)
		status = print_status(&desk);
	cli_desk_close(&desk);
	return status;
}

const struct cli_command cli_feeds = {
	.name = "feeds",
	.operands = "list | status",
	.help = "list the feeds of the running daemon, or say how each of them is",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.least = 1,
	.most = 2,
	.run = run,
};
