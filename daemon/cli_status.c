/* cordwatch status: how the daemon is. */
#include "daemon/cli_desk.h"

#include <string.h>

static const struct cli_option options[] = { CLI_DESK_OPTIONS };

static void
print_members(const struct fhir_node *node)
{
	for (const struct fhir_node *m = node == NULL ? NULL : node->child; m != NULL;
	     m = m->next) {
		if (m->kind != FHIR_OBJECT && m->kind != FHIR_ARRAY)
			cli_print(stdout, "%-15.*s %.*s\n", CW_ARG(m->name), CW_ARG(m->lexeme));
	}
}

static void
print_json(const struct fhir_node *daemon, const struct fhir_node *figures)
{
	fputs("{\"daemon\":", stdout);
	if (daemon == NULL)
		puts("null,");
	else
		cli_desk_json(daemon);
	fputs(daemon == NULL ? "\"database\":" : ",\"database\":", stdout);
	cli_desk_json(figures);
	puts("}");
}

static int
run(const struct cli_args *args)
{
	struct cli_desk desk;
	const struct fhir_node *daemon = NULL, *figures;
	int status = cli_desk_open(&desk, args);

	if (status == EX_OK && ask_running(desk.ask))
		daemon = cli_desk_ask(&desk, "daemon", "", &status);
	figures = status != EX_OK ? NULL : cli_desk_ask(&desk, "figures", "", &status);
	if (status == EX_OK && desk.json) {
		print_json(daemon, figures);
	} else if (status == EX_OK) {
		printf("cordwatch %s\n", daemon == NULL ? "does not run" : "runs");
		print_members(daemon);
		print_members(figures);
	}
	cli_desk_close(&desk);
	return status;
}

const struct cli_command cli_status = {
	.name = "status",
	.operands = "",
	.help = "say whether the daemon runs, and how it is",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.least = 0,
	.most = 0,
	.run = run,
};
